/*
 * make bench: what bascule costs. Client and server are in C, and every figure is taken directly
 * and through the gate in turn, in the same run. Nothing here passes or fails by a figure: machines
 * differ, so the ratios and the wanted values are printed beside them. BENCH_SHORT=1 measures a
 * tenth.
 */
#include "config.h"

#include "tests/bench/bench.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BIG_MIB = 9, BLOCKS = 10 };

struct pair {
	struct client *direct, *gate;
};

static size_t scaled(size_t n)
{
	const char *text = getenv("BENCH_SHORT");
	return text && *text && *text != '0' ? (n + 9) / 10 : n;
}

static void pin(struct world *w, bool pinned)
{
	cpu_set_t set;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	CPU_ZERO(&set);
	for (long i = 0; i < cpus; i++) {
		if (!pinned || i == cpus - 1) {
			CPU_SET((size_t)i, &set);
		}
	}
	CHECK(w, sched_setaffinity(0, sizeof set, &set) == 0);
}

static struct pair open_pair(struct world *w)
{
	const char *const command[] = { world_path(w, "tests/bench/bench_server"),
		xasprintf("%d", BIG_MIB), NULL };
	struct launch launch = { .command = command, .pipes = true };
	struct pair pair;
	world_broker(w);
	pair.gate = client_open(w, &launch);
	launch.direct = true;
	pair.direct = client_open(w, &launch);
	bench_own(pair.gate);
	bench_own(pair.direct);
	return pair;
}

/* What follows the id in a call that policy allows. */
static char *call_tail(struct world *w, const char *file)
{
	char *path = world_file(w->work, file);
	char *tail = xasprintf(
		"\"method\":\"tools/call\",\"params\":{\"name\":\"read_text_file\",\"arguments\":"
		"{\"path\":\"%s\"}}}\n",
		path);
	world_put(path, "text");
	free(path);
	return tail;
}

static char *call_line(struct world *w, const char *file)
{
	char *tail = call_tail(w, file);
	char *line = xasprintf("{\"jsonrpc\":\"2.0\",\"id\":1,%s", tail);
	free(tail);
	return line;
}

static const char ping_line[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";

static void head(const char *what)
{
	printf("\n%-34s %12s %12s %12s  %s\n", what, "direct", "gate", "", "wanted");
}

static void added(const char *what, double direct, double gate, const char *wanted)
{
	printf("%-34s %9.1f us %9.1f us  +%8.1f us  %s (x%.1f)\n", what, direct, gate,
		gate - direct, wanted, gate / direct);
}

/* Blocks of both kinds in turn, so that a change of the machine's mood hits both. */
static void exchange_both(
	struct pair *p, const char *line, size_t count, struct sample *direct, struct sample *gate)
{
	bench_exchange(p->direct, line, count / BLOCKS, NULL);
	bench_exchange(p->gate, line, count / BLOCKS, NULL);
	for (int i = 0; i < BLOCKS; i++) {
		bench_exchange(p->direct, line, count / BLOCKS, direct);
		bench_exchange(p->gate, line, count / BLOCKS, gate);
	}
}

static void latency(struct world *w, const char *where)
{
	struct pair p = open_pair(w);
	struct sample direct = { 0 }, gate = { 0 };
	char *line = call_line(w, "a.txt");
	head(where);
	exchange_both(&p, line, scaled(20000), &direct, &gate);
	added("allowed, recorded call, p50", sample_at(&direct, 0.5), sample_at(&gate, 0.5),
		"under 80, then 60");
	added("allowed, recorded call, p99", sample_at(&direct, 0.99), sample_at(&gate, 0.99),
		"under 500");
	sample_finish(&direct);
	sample_finish(&gate);
	exchange_both(&p, ping_line, scaled(50000), &direct, &gate);
	added("ungated message, p50", sample_at(&direct, 0.5), sample_at(&gate, 0.5), "under 25");
	added("ungated message, p99", sample_at(&direct, 0.99), sample_at(&gate, 0.99), "");
	sample_finish(&direct);
	sample_finish(&gate);
	free(line);
}

static void latency_pinned(struct world *w)
{
	pin(w, true);
	latency(w, "one CPU");
}

static void latency_free(struct world *w)
{
	pin(w, false);
	latency(w, "all CPUs");
}

static void throughput(struct world *w)
{
	size_t count = scaled(200000);
	struct pair p = open_pair(w);
	char *tail = call_tail(w, "a.txt");
	double direct = 0, gate = 0;
	bench_flood(p.gate, tail, count / BLOCKS, 16);
	for (int i = 0; i < BLOCKS; i++) {
		direct += bench_flood(p.direct, tail, count / BLOCKS, 16);
		gate += bench_flood(p.gate, tail, count / BLOCKS, 16);
	}
	head("all CPUs, 16 in flight");
	printf("%-34s %10.0f/s %10.0f/s %11.2f x  over 40000/s\n", "allowed, recorded calls",
		(double)count / direct, (double)count / gate, direct / gate);
	free(tail);
}

static void rate_row(const char *what, double direct, double gate)
{
	printf("%-34s %7.0f MB/s %7.0f MB/s %11.2f x  0.80 x or more\n", what,
		(double)(BIG_MIB << 20) / direct, (double)(BIG_MIB << 20) / gate, direct / gate);
}

/* A result crosses whole before its first byte leaves again, so one at a time it pays two hops one
 * after the other; several at a time overlap. */
static void big_results(struct world *w)
{
	size_t count = scaled(100);
	struct pair p = open_pair(w);
	struct sample direct = { 0 }, gate = { 0 };
	char *line = call_line(w, "big"), *tail = call_tail(w, "big");
	exchange_both(&p, line, count, &direct, &gate);
	head("all CPUs, 9 MiB results");
	rate_row("one at a time, median", sample_at(&direct, 0.5), sample_at(&gate, 0.5));
	double d = bench_flood(p.direct, tail, count, 4), g = bench_flood(p.gate, tail, count, 4);
	rate_row("four at a time", d * 1e6 / (double)count, g * 1e6 / (double)count);
	free(tail);
	free(line);
}

static double start_one(struct world *w, const struct launch *launch)
{
	double began = now_us();
	struct client *c = client_start(w, launch);
	client_initialize(c, "bench");
	double took = now_us() - began;
	client_end(c);
	return took;
}

static void start(struct world *w)
{
	const char *const command[] = { world_path(w, "tests/bench/bench_server"), NULL };
	struct launch gate = { .command = command, .untrusted = true, .pipes = true };
	struct launch direct = gate;
	struct sample d = { 0 }, g = { 0 };
	direct.direct = true;
	world_broker(w);
	for (size_t i = 0; i < scaled(200); i++) {
		sample_add(&d, start_one(w, &direct));
		sample_add(&g, start_one(w, &gate));
	}
	head("start to the answer of initialize");
	added("median", sample_at(&d, 0.5), sample_at(&g, 0.5), "under 8000");
	added("p99", sample_at(&d, 0.99), sample_at(&g, 0.99), "");
}

static void hook(struct world *w)
{
	bench_hook(w, scaled(400));
}

/* Anonymous memory: what a process has made or changed itself. */
static int64_t own_kib(pid_t pid)
{
	return proc_figure(pid, "smaps_rollup", "Pss_Anon");
}

/* Pages that a gate shares with its guardian, which was forked from it, are counted once. */
static int64_t gate_kib(pid_t gate)
{
	pid_t guardian;
	return own_kib(gate) + (proc_children(gate, &guardian, 1) ? own_kib(guardian) : 0);
}

static int64_t switches(pid_t pid)
{
	return proc_figure(pid, "status", "voluntary_ctxt_switches");
}

static void size_row(const char *what, int64_t kib, const char *wanted)
{
	printf("%-34s %12s %9.2f MiB %12s  %s\n", what, "", (double)kib / 1024, "", wanted);
}

/* After work, and while nothing happens. */
static void gate_at_rest(struct world *w)
{
	struct pair p = open_pair(w);
	char *line = call_line(w, "a.txt");
	bench_exchange(p.gate, line, 1000, NULL);
	poll(NULL, 0, 6000); /* what follows an exchange (counts, check-points) is not idling */
	int64_t gate = switches(p.gate->pid), broker = switches(w->broker);
	size_t seconds = scaled(20);
	poll(NULL, 0, (int)seconds * 1000);
	head("at rest");
	size_row("gate and its guardian, own memory", gate_kib(p.gate->pid), "under 3 MiB");
	printf("%-34s %12s %12lld %12s  0, in %zu s\n", "gate, wake-ups", "",
		(long long)(switches(p.gate->pid) - gate), "", seconds);
	printf("%-34s %12s %12lld %12s  0, in %zu s\n", "broker, wake-ups", "",
		(long long)(switches(w->broker) - broker), "", seconds);
	free(line);
}

/* ---- a thousand held calls, by gates that are only their half of the socket ---- */

enum { GATES = 32, HELD = 1024 };

static int calls_socket(struct world *w)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char *lock = world_file(w->root, "state/lock");
	struct buf dir = { 0 };
	world_get(lock, &dir);
	free(lock);
	char *text = buf_cstr(&dir);
	text[strcspn(text, "\n")] = '\0';
	snprintf(address.sun_path, sizeof address.sun_path, "%s/calls.sock", text);
	buf_finish(&dir);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(w, connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
	return fd;
}

/* What the gates say of their server. */
static char *claims(struct world *w)
{
	return xasprintf(
		"\"server\":{\"name\":\"files\",\"profile\":\"filesystem\",\"scope\":[\"%s\"],"
		"\"argv\":[\"server\"],\"program\":\"/usr/bin/"
		"server\",\"cwd\":\"%s\",\"here\":\"\"}",
		w->work, w->work);
}

static void hold_calls(struct world *w, struct peer *p, int gate)
{
	char *server = claims(w);
	peer_open(p, w, "gate", calls_socket(w), -1);
	p->out = p->in;
	peer_send(p,
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"hello\",\"params\":{\"protocol\":"
		"\"1.0\",\"role\":\"gate\",\"version\":\"bench\",\"instance\":\"%016x\",%s}}",
		gate + 1, server);
	free(server);
	CHECK_TEXT(w, pick_text(peer_reply(p, "0")->json, "result.accepted"), "yes");
	for (int i = 1; i <= HELD / GATES; i++) {
		char id[16];
		snprintf(id, sizeof id, "%d", i);
		peer_send(p,
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"submit\",\"params\":{\"call\":"
			"\"%016x-%d\","
			"\"method\":\"tools/"
			"call\",\"tool\":\"write_file\",\"toward\":\"server\",\"era\":\"legacy\","
			"\"client\":{\"name\":\"bench\",\"version\":\"1\"},"
			"\"pin\":null,\"effects\":[],\"branch\":\"main\","
			"\"deadline\":null,\"params\":{\"name\":\"write_file\",\"arguments\":{"
			"\"path\":\"%s/f%d\","
			"\"content\":\"%01500d\"}}}}",
			id, gate + 1, i, w->outside, i, i);
		CHECK_TEXT(w, pick_text(peer_reply(p, id)->json, "result.verdict"), "hold");
	}
}

static void thousand_held(struct world *w)
{
	static struct peer gates[GATES];
	world_broker(w);
	char *server = claims(w), *params = xasprintf("{%s}", server);
	CHECK(w, pick(person_ask(w->person, "trust", params), "result") != NULL);
	int64_t empty = own_kib(w->broker);
	for (int i = 0; i < GATES; i++) {
		hold_calls(w, &gates[i], i);
	}
	CHECK(w, person_waiting(w->person) >= 1000);
	head("broker");
	size_row("own memory, no call held", empty, "");
	size_row("own memory, 1024 calls held", own_kib(w->broker), "under 12 MiB");
	for (int i = 0; i < GATES; i++) {
		peer_close(&gates[i]);
	}
	free(params);
	free(server);
}

static const struct e2e_case cases[] = {
	{ "latency_pinned", latency_pinned, LONG_RUN },
	{ "latency_free", latency_free, LONG_RUN },
	{ "throughput", throughput, LONG_RUN },
	{ "big_results", big_results, LONG_RUN },
	{ "start", start, LONG_RUN },
	{ "hook", hook, LONG_RUN },
	{ "thousand_held", thousand_held, LONG_RUN },
	{ "gate_at_rest", gate_at_rest, LONG_RUN },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
