/*
 * What the chain of seals costs: `bench_seal DIR [CALLS]` makes DIR/log.db and DIR/detail.db with
 * that many made-up calls, each with effects, arguments and a result, seals them and verifies them.
 * Prints whether the target is kept: 200,000 calls a second verified.
 */
#include "config.h"

#include "core/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 1000, TARGET = 200000, ROUNDS = 3 };

#define BEGAN_US 1767000000000000

struct files {
	char *log, *detail;
	struct history *h;
	struct store *s;
	int64_t session;
};

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(bool ok, const struct err *err)
{
	if (!ok) {
		fprintf(stderr, "bench_seal: %s\n", err->text);
		exit(1);
	}
}

static void add_call(struct files *f, int64_t n)
{
	char id[64], target[80];
	struct err err;
	snprintf(id, sizeof(id), "0123456789abcdef-%lld", (long long)n);
	snprintf(target, sizeof(target), "/home/dev/work/service/src/payments/parser_%lld.ts",
		(long long)n % 3000);
	struct history_call c = { .call = span_of(id),
		.session = f->session,
		.state = LIFE_RELEASED,
		.method = SPAN("tools/call"),
		.tool = SPAN("write_file"),
		.target = span_of(target),
		.era = SPAN("legacy"),
		.toward = SPAN("server"),
		.verdict = SPAN("allow"),
		.rule = SPAN("policy.rules:12"),
		.reason = SPAN("writes inside the scope"),
		.branch = SPAN("main"),
		.arrived_us = BEGAN_US + n * 40000,
		.size = -1,
		.took_us = -1 };
	memset(c.bytes, (int)(n % 255) + 1, sizeof(c.bytes));
	memset(c.same, (int)(n % 254) + 1, sizeof(c.same));
	memset(c.facts, (int)(n % 253) + 1, sizeof(c.facts));
	must(history_add(f->h, &c, &err), &err);
	must(history_effects_add(f->h, c.number,
		     SPAN("[{\"kind\":\"write\",\"path\":\"/home/dev/work/service/src/payments/"
			  "parser.ts\",\"scope\":true,\"tracked\":true}]"),
		     &err),
		&err);
	must(history_finish(f->h, c.number, LIFE_DONE, SPAN("result"), 200, 900,
		     c.arrived_us + 1000, &err),
		&err);
}

static void add_parts(struct files *f, int64_t n)
{
	static const char text[] =
		"{\"path\":\"/home/dev/work/service/src/payments/parser.ts\",\"content\":\"the "
		"value "
		"of error return test function call file path server client build failed passed\"}";
	struct store_body body = { .text = { text, sizeof(text) - 1 }, .size = sizeof(text) - 1 };
	struct err err;
	memset(body.hash.byte, (int)(n % 251) + 1, sizeof(body.hash.byte));
	must(store_put(f->s, n, STORE_ARGUMENTS, &body, &err), &err);
	must(store_put(f->s, n, STORE_RESULT, &body, &err), &err);
}

static void fill(struct files *f, int64_t calls)
{
	struct err err;
	for (int64_t n = 1; n <= calls;) {
		int64_t from = n, to = n + BATCH > calls + 1 ? calls + 1 : n + BATCH;
		must(history_begin(f->h, &err), &err);
		for (; n < to; n++) {
			add_call(f, n);
		}
		must(history_commit(f->h, &err), &err);
		must(history_checkpoint_file(f->log, &err), &err);
		must(store_begin(f->s, &err), &err);
		for (n = from; n < to; n++) {
			add_parts(f, n);
		}
		must(store_commit(f->s, &err), &err);
	}
}

static struct seal_pass seal_all(struct files *f, int64_t calls)
{
	struct seal_pass pass = { .more = true };
	struct err err;
	double start = now_s();
	while (pass.more) {
		int64_t now_us = BEGAN_US + (calls + 1000) * 40000;
		must(store_begin(f->s, &err), &err);
		must(seal_catch_up(f->h, f->s, now_us, now_us, BATCH, &pass, &err), &err);
		must(store_commit(f->s, &err), &err);
	}
	printf("sealing: %.1f us a call\n", (now_s() - start) * 1e6 / (double)calls);
	return pass;
}

static bool verify(struct files *f, const struct seal_pass *pass, int64_t calls)
{
	struct head head = { pass->head.seq, pass->head.at_us, pass->head.hash };
	const struct heads heads = { &head, 1, 1 };
	struct seal_report *r = xcalloc(1, sizeof(*r));
	struct err err;
	double best = 1e9;
	for (int i = 0; i < ROUNDS; i++) {
		double start = now_s();
		must(seal_verify(f->h, f->s, &heads, NULL, r, &err), &err);
		double took = now_s() - start;
		best = took < best ? took : best;
	}
	double rate = (double)calls / best;
	bool kept = !r->break_total && r->calls == calls && rate >= TARGET;
	printf("verify     %lld calls in %.2f s, %.0f a second (over %d): %s\n", (long long)calls,
		best, rate, TARGET, kept ? "kept" : "MISSED");
	free(r);
	return kept;
}

static void begin(struct files *f, const char *dir)
{
	static const unsigned char key[32] = { 1, 2, 3 };
	const struct history_session s = { .instance = SPAN("0123456789abcdef"),
		.client = SPAN("bench"),
		.server = SPAN("fs"),
		.boot = SPAN("b"),
		.started_us = 1,
		.agent_pid = 1 };
	struct err err;
	f->log = xasprintf("%s/log.db", dir);
	f->detail = xasprintf("%s/detail.db", dir);
	unlink(f->log);
	unlink(f->detail);
	must((f->h = history_open(f->log, key, false, 0, NULL, &err)) != NULL, &err);
	must((f->s = store_open(f->detail, false, 0, NULL, &err)) != NULL, &err);
	must(history_begin(f->h, &err) && history_session(f->h, &s, &f->session, &err) &&
			history_commit(f->h, &err),
		&err);
}

int main(int argc, char **argv)
{
	int64_t calls = argc > 2 ? strtoll(argv[2], NULL, 10) : 50000;
	struct files f = { 0 };
	if (argc < 2 || calls < 1) {
		fprintf(stderr, "bench_seal DIR [CALLS]\n");
		return 2;
	}
	begin(&f, argv[1]);
	fill(&f, calls);
	struct seal_pass pass = seal_all(&f, calls);
	bool kept = verify(&f, &pass, calls);
	store_close(f.s);
	history_close(f.h);
	free(f.log);
	free(f.detail);
	return kept ? 0 : 1;
}
