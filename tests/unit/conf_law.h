/* The law of configuration edits: what was added can be taken out, and then no byte differs. Aborts
 * where it is broken. Used by the unit test and the fuzz target. */
#ifndef BASCULE_TESTS_UNIT_CONF_LAW_H
#define BASCULE_TESTS_UNIT_CONF_LAW_H

#include "core/conf.h"

/* Tries each container of the text (at most `most` of them), with this value; returns how many
 * additions were made, and in *refused (may be NULL) how many were refused. False from the parser
 * counts as no container. */
size_t conf_law(
	enum conf_format format, struct span text, struct span raw, size_t most, size_t *refused);

#endif
