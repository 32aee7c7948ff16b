/*
 * What the console costs a person: start, keys, Esc, frames while calls pour in, wake-ups at rest;
 * with 1,000 held calls of a broker that is played, then with a real broker and 100,000 rows of
 * history. `bench_console [TIMES]` prints a row each, and runs in a build folder;
 * tests/tui/test_speed.c has the bounds that must hold on any machine.
 */
#include "config.h"

#include "core/history.h"
#include "tests/tui/items.h"
#include "tests/tui/speed.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 100000, IDLE_MS = 10000, CONSOLES = 8 };

static const char empty[] = "Nothing waits";

static const struct vt_options wide = { .rows = 50, .cols = 200 };

static const struct wire_show shows[] = {
	{ "*", SHOW_WRITE(1, "a.c", "one\\ntwo\\nthree\\n", "one\\nfour\\n") }, { NULL, NULL }
};

static void row(const char *what, struct speed s)
{
	printf("%-52s %6.1f %6.1f %6.1f ms\n", what, s.median, s.p95, s.worst);
}

static void wakes(const char *what, struct vt *vt)
{
	printf("%-52s %6lld\n", what, (long long)speed_wakes(vt, vt->pid, IDLE_MS));
}

static void bench_held(size_t times)
{
	static const char *const keys[] = { "j", "j", "\r", "q", "k", "G", "g", "?", "q" };
	static const char *const esc[] = { "?", "\033" };
	char *snapshot = speed_snapshot(1000);
	double took = 0;
	row("start to the first full frame, 1,000 held",
		speed_start(&(struct speed_start){ &wide, snapshot, "1000 waiting", NULL, NULL },
			times));
	struct vt *vt = vt_start(&wide, snapshot, shows);
	vt_wait(vt, "+2 -1", VT_MS);
	row("key to the last byte, 1,000 held", speed_keys(vt, keys, COUNT_OF(keys), times));
	row("the same, help and a lone Esc in turn", speed_keys(vt, esc, COUNT_OF(esc), times));
	size_t frames = speed_frames(vt, 1000, 2, &took);
	printf("%-52s %6zu in %.0f ms\n", "frames while 1,000 calls come in", frames, took);
	wakes("wake-ups in 10 s, 2,000 held", vt);
	vt_stop(vt);
	free(snapshot);
	snapshot = speed_snapshot(0);
	vt = vt_start(&wide, snapshot, NULL);
	vt_wait(vt, "Nothing waits", VT_MS);
	wakes("wake-ups in 10 s, nothing held", vt);
	vt_stop(vt);
	free(snapshot);
}

/* ---- with a real broker ---- */

struct real {
	char root[40];
	struct vt_options options;
	int ours[CONSOLES]; /* ends of decision sockets; each console takes one */
	size_t used;
	pid_t broker; /* 0: none runs */
};

static void stop_broker(struct real *real)
{
	while (real->used < CONSOLES && real->broker) {
		close(real->ours[real->used++]);
	}
	if (real->broker) {
		kill(real->broker, SIGTERM);
		waitpid(real->broker, NULL, 0);
	}
	real->broker = 0;
}

static void start_broker(struct real *real)
{
	int theirs[CONSOLES];
	const char *argv[5 + 2 * CONSOLES] = { "bascule-broker", "broker", "--root", real->root };
	char numbers[CONSOLES][16];
	for (size_t i = 0; i < CONSOLES; i++) {
		int pair[2];
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
			abort();
		}
		fcntl(pair[0], F_SETFD, FD_CLOEXEC);
		real->ours[i] = pair[0];
		theirs[i] = pair[1];
		snprintf(numbers[i], sizeof(numbers[i]), "%d", pair[1]);
		argv[4 + 2 * i] = "--decide-fd";
		argv[5 + 2 * i] = numbers[i];
	}
	real->used = 0;
	real->broker = fork();
	if (real->broker == 0) {
		execv("./bascule-broker", (char *const *)argv);
		_exit(127);
	}
	for (size_t i = 0; i < CONSOLES; i++) {
		close(theirs[i]);
	}
}

/* The broker starts when the console does. */
static void take_cold(void *data)
{
	struct real *real = data;
	stop_broker(real);
	start_broker(real);
	real->options.decide_fd = real->ours[real->used++];
}

static void take_socket(void *data)
{
	struct real *real = data;
	if (!real->broker || real->used == CONSOLES) {
		take_cold(real);
		struct vt *vt = vt_start(&real->options, NULL, NULL); /* it is up then */
		vt_wait(vt, empty, VT_MS);
		vt_stop(vt);
	}
	real->options.decide_fd = real->ours[real->used++];
}

static void must(bool ok, const struct err *err)
{
	if (!ok) {
		fprintf(stderr, "bench_console: %s\n", err->text);
		exit(1);
	}
}

static void add_rows(struct history *h, int64_t session)
{
	struct err err;
	for (size_t i = 0; i < ROWS; i++) {
		char id[64];
		snprintf(id, sizeof(id), "bench-%zu", i);
		struct history_call call = {
			.call = span_of(id),
			.session = session,
			.state = LIFE_DONE,
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
		must(history_add(h, &call, &err), &err);
	}
}

static void fill_history(const char *root)
{
	static const unsigned char key[32] = { 1 };
	char *path = xasprintf("%s/state/log.db", root);
	struct err err;
	struct history_session s = { .instance = SPAN("bench"),
		.client = SPAN("bench"),
		.server = SPAN("fs"),
		.boot = SPAN("b"),
		.started_us = 1,
		.agent_pid = 1 };
	int64_t session = 0;
	struct history *h = history_open(path, key, false, 0, NULL, &err);
	must(h != NULL, &err);
	must(history_begin(h, &err) && history_session(h, &s, &session, &err), &err);
	add_rows(h, session);
	must(history_commit(h, &err), &err);
	history_close(h);
	free(path);
}

static void bench_history(struct real *real, size_t times)
{
	static const char *const keys[] = { "j", "G", "k", "g" };
	take_socket(real);
	struct vt *vt = vt_start(&real->options, NULL, NULL);
	vt_wait(vt, empty, VT_MS);
	vt_send(vt, "2");
	vt_wait(vt, "read_text_file", VT_MS);
	row("key to the last byte, 100,000 rows of history",
		speed_keys(vt, keys, COUNT_OF(keys), times));
	vt_stop(vt);
}

static void bench_real(size_t times)
{
	struct real real = { .root = "/tmp/bascule-bench-XXXXXX" };
	if (!mkdtemp(real.root)) {
		abort();
	}
	real.options = (struct vt_options){ .rows = 50, .cols = 200, .root = real.root };
	struct speed_start start = { &real.options, NULL, empty, take_cold, &real };
	row("start to the first full frame, with the broker's", speed_start(&start, times / 4 + 1));
	stop_broker(&real);
	fill_history(real.root);
	start.before = take_socket;
	row("the same, with a broker that runs", speed_start(&start, times));
	bench_history(&real, times);
	stop_broker(&real);
	vt_remove(real.root);
}

int main(int argc, char **argv)
{
	size_t times = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	times = times ? times : 200;
	printf("%-52s %6s %6s %6s\n", "the console, through the pty", "median", "p95", "worst");
	bench_held(times);
	bench_real(times);
	return 0;
}
