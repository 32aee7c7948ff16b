/* `bascule doctor` run by a test, and its findings looked at. */
#ifndef BASCULE_TESTS_E2E_EXAMINE_H
#define BASCULE_TESTS_E2E_EXAMINE_H

#include "tests/e2e/pick.h"
#include "tests/e2e/world.h"

struct examined {
	struct world *w;
	const char *program; /* another bascule-setup than the build's, or NULL */
	const char *path; /* PATH; NULL: one that leads to nothing */
	int fd; /* it inherits this decision socket; -1: none */
	int code; /* what it ended with */
	cJSON *found;
	char *text; /* all that it printed */
};

/* The agents' home of a world; made at the first question. Borrowed. */
const char *examine_home(struct world *w);
/* Runs it with --json; fails the case unless one document was printed whose exit is the code. */
void examine(struct examined *e);
/* Fails the case unless there is, or is not, such a finding: `part` stands in where, what or fix.
 */
void examine_has(struct examined *e, const char *check, const char *level, const char *part);
void examine_lacks(struct examined *e, const char *check, const char *level, const char *part);

#endif
