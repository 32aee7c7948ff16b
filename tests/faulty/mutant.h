/*
 * Promises that are no check at one place, but a function that everybody calls: the linker puts
 * these in front of it
 * (--wrap), and they do it wrong when told to. So the product's own sources know nothing of them.
 */
#ifndef BASCULE_TESTS_FAULTY_MUTANT_H
#define BASCULE_TESTS_FAULTY_MUTANT_H

#include "core/base.h"

/* BASCULE_TEST_GUARD_OFF is this name. */
bool mutant(const char *name);

#endif
