/* A program that a person could type at: what it shows is read, what is written is typed. */
#ifndef BASCULE_TESTS_E2E_TERMINAL_H
#define BASCULE_TESTS_E2E_TERMINAL_H

#include "tests/e2e/world.h"

struct terminal {
	int fd; /* our end */
	pid_t pid;
	struct buf seen;
};

struct terminal terminal_start(struct world *w, const char *const *argv);
/* Until the text is seen, or the end if it is NULL. */
void terminal_read(struct world *w, struct terminal *t, const char *part);
/* Reads to its end; the exit code. */
int terminal_end(struct world *w, struct terminal *t);

#endif
