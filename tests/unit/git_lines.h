/*
 * Lines of git and their effects, written short, for the tests of git's commands.
 *
 * EXEC is its how alone ("readonly", "local", "unproven", "wide"); the READ of the directory in
 * which git works is checked for every line and left out, and so are the reasons. Others are
 * "KIND GIVEN HOW WORD", with "@BASE" behind if that is not /ws, and "!" if the effect is late.
 */
#ifndef BASCULE_TESTS_GIT_LINES_H
#define BASCULE_TESTS_GIT_LINES_H

#include "core/effects/command.h"

struct git_line {
	const char *text, *effects;
};

/* Fails the test at the first line that has other effects. */
void git_lines_check(const struct git_line *lines, size_t count);

#endif
