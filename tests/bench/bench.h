/* The measuring part of `make bench`: exchanges over a client's descriptors, and what to make of
 * the times. */
#ifndef BASCULE_TESTS_BENCH_H
#define BASCULE_TESTS_BENCH_H

#include "tests/e2e/client.h"

struct sample {
	double *us;
	size_t count, cap;
};

void sample_add(struct sample *s, double us);
double sample_at(struct sample *s, double part); /* 0.5: the median; sorts */
void sample_finish(struct sample *s);

double now_us(void);

/* Takes the descriptors out of the harness's hands: from here on they block. */
void bench_own(struct client *c);
/* `count` exchanges one after the other; adds each time to `s` if that is not NULL. `line` has its
 * newline. */
void bench_exchange(struct client *c, const char *line, size_t count, struct sample *s);
/* `count` exchanges with `window` of them on the way at any time; seconds. `tail` is what follows
 * the id in a line. */
double bench_flood(struct client *c, const char *tail, size_t count, int window);

/* bench_hook.c: start to answer of an agent's hook, `count` times. */
void bench_hook(struct world *w, size_t count);

#endif
