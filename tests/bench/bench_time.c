/* Times and what to make of them. */
#include "config.h"

#include "tests/bench/bench.h"

#include <stdlib.h>
#include <time.h>

double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

void sample_add(struct sample *s, double us)
{
	s->us = xgrow(s->us, &s->cap, s->count + 1, sizeof *s->us);
	s->us[s->count++] = us;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double sample_at(struct sample *s, double part)
{
	if (!s->count) {
		return 0;
	}
	qsort(s->us, s->count, sizeof *s->us, by_size);
	return s->us[(size_t)((double)(s->count - 1) * part)];
}

void sample_finish(struct sample *s)
{
	free(s->us);
	*s = (struct sample){ 0 };
}
