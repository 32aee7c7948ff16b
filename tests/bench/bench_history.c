/*
 * What a recorded call costs: history_add and history_finish, by rows in a transaction. Prints
 * microseconds a row. `bench_history DIR [ROWS]` makes DIR/bench.db; run it on the disk that
 * matters.
 */
#include "config.h"

#include "core/history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CHECKPOINT_ROWS = 8000 };

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void must(bool ok, const struct err *err)
{
	if (!ok) {
		fprintf(stderr, "bench_history: %s\n", err->text);
		exit(1);
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static struct history_call sample(int64_t session, const char *id, size_t i)
{
	struct history_call c = {
		.call = span_of(id),
		.session = session,
		.state = LIFE_RELEASED,
		.method = SPAN("tools/call"),
		.tool = SPAN("read_text_file"),
		.era = SPAN("legacy"),
		.toward = SPAN("server"),
		.target = SPAN("/home/dev/work/service/src/handlers/payment_intent.ts"),
		.verdict = SPAN("allow"),
		.rule = SPAN("built-in:reads-in-scope"),
		.reason = SPAN("reads inside the scope"),
		.branch = SPAN("main"),
		.arrived_us = 1767000000000000 + (int64_t)i * 40,
		.size = -1,
		.took_us = -1,
	};
	memset(c.bytes, (int)(i % 255) + 1, sizeof(c.bytes));
	memset(c.same, (int)(i % 253) + 1, sizeof(c.same));
	memset(c.facts, (int)(i % 251) + 1, sizeof(c.facts));
	return c;
}

enum mode { RECORD, RECORD_AND_FINISH, RECORD_THEN_FINISH, MODE_COUNT };

static const char *const mode_names[MODE_COUNT] = {
	[RECORD] = "recorded",
	[RECORD_AND_FINISH] = "recorded, and the ones before finished, in one transaction",
	[RECORD_THEN_FINISH] = "recorded, then finished in a transaction of its own",
};

struct run {
	struct history *h;
	const char *path;
	int64_t session;
	size_t next; /* N of the next call */
	int64_t *numbers; /* of the turn before */
};

static void finish_all(struct run *r, size_t group)
{
	struct err err;
	for (size_t i = 0; i < group && r->numbers[i]; i++) {
		must(history_finish(r->h, r->numbers[i], LIFE_DONE, SPAN("result"), 1234, 800,
			     1767000000000900, &err),
			&err);
	}
}

/* One turn of the broker's loop with `group` calls. */
static void turn(struct run *r, enum mode mode, size_t group)
{
	struct err err;
	must(history_begin(r->h, &err), &err);
	if (mode == RECORD_AND_FINISH) {
		finish_all(r, group);
	}
	for (size_t i = 0; i < group; i++) {
		char id[64];
		snprintf(id, sizeof(id), "0123456789abcdef-%zu", r->next);
		struct history_call c = sample(r->session, id, r->next++);
		must(history_add(r->h, &c, &err), &err);
		r->numbers[i] = c.number;
	}
	must(history_commit(r->h, &err), &err);
	if (mode == RECORD_THEN_FINISH) {
		must(history_begin(r->h, &err), &err);
		finish_all(r, group);
		must(history_commit(r->h, &err), &err);
	}
}

static double checkpoint(const struct run *r)
{
	struct err err;
	double start = now_us();
	must(history_checkpoint_file(r->path, &err), &err);
	return now_us() - start;
}

static void measure(struct run *r, enum mode mode, size_t rows, size_t group)
{
	size_t turns = rows / group, since = 0;
	double *took = xcalloc(turns, sizeof(*took)), sum = 0, longest = 0;
	r->numbers = xcalloc(group, sizeof(*r->numbers));
	for (size_t i = 0; i < turns; i++) {
		double start = now_us();
		turn(r, mode, group);
		took[i] = (now_us() - start) / (double)group;
		sum += took[i];
		since += group;
		if (since >= CHECKPOINT_ROWS) {
			double spent = checkpoint(r);
			longest = spent > longest ? spent : longest;
			since = 0;
		}
	}
	qsort(took, turns, sizeof(*took), by_value);
	printf("  %3zu a turn: %6.2f us a row p50, %6.2f p99, %6.2f mean; longest checkpoint %.1f "
	       "ms\n",
		group, took[turns / 2], took[turns * 99 / 100], sum / (double)turns, longest / 1e3);
	free(took);
	free(r->numbers);
}

int main(int argc, char **argv)
{
	static const unsigned char key[32] = { 1, 2, 3 };
	static const size_t groups[] = { 1, 16, 100 };
	size_t rows = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
	struct history_session s = { .instance = SPAN("0123456789abcdef"),
		.client = SPAN("bench"),
		.server = SPAN("fs"),
		.boot = SPAN("b"),
		.started_us = 1,
		.agent_pid = 1 };
	struct run r = { .next = 1 };
	struct err err;
	struct stat st;
	if (argc < 2) {
		fprintf(stderr, "usage: bench_history DIR [ROWS]\n");
		return 2;
	}
	char *path = xasprintf("%s/bench.db", argv[1]);
	unlink(path);
	r.path = path;
	r.h = history_open(path, key, false, 0, NULL, &err);
	must(r.h != NULL, &err);
	must(history_begin(r.h, &err) && history_session(r.h, &s, &r.session, &err) &&
			history_commit(r.h, &err),
		&err);
	for (enum mode mode = RECORD; mode < MODE_COUNT; mode++) {
		printf("%s:\n", mode_names[mode]);
		for (size_t i = 0; i < COUNT_OF(groups); i++) {
			measure(&r, mode, rows, groups[i]);
		}
	}
	history_close(r.h);
	if (stat(path, &st) == 0) {
		printf("%" PRIu64 " bytes a row on the disk\n",
			(uint64_t)st.st_size / (r.next - 1));
	}
	unlink(path);
	free(path);
	return 0;
}
