/*
 * bascule-gate: stands beside one MCP server. It starts the server (through a guardian), owns its
 * pipes, passes what needs no decision and asks the broker about the rest. This file is its life:
 * options, loop, shutdown, exit code.
 *
 * Promises: the client's stdio semantics are kept (end of input, signals, exit code); nobody of
 * ours holds the client's stdout after the end; no process of the server's stays behind.
 */
#include "config.h"

#include "core/diag.h"
#include "core/refusal.h"
#include "core/safe_text.h"
#include "ipc/gate.h"
#include "ipc/log.h"
#include "ipc/profile_files.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	EXIT_USAGE = 2,
	EXIT_CANNOT_RUN = 126,
	EXIT_NOT_FOUND = 127,
	GRACE_END_MS = 1500, /* from the end of the client's input to SIGTERM */
	GRACE_TERM_MS = 400, /* from SIGTERM to SIGKILL: clients allow two seconds in all */
	GRACE_SIGNAL_MS = 1500, /* from a signal passed on to SIGKILL */
	PIPE_BYTES = 1 << 20,
	/* for output that the client is slow to take, after the server's end */
	LAST_WORDS_MS = 200,
};

void gate_say(const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct safe_text safe = safe_make(span_of(text), SAFE_ONE_LINE);
	fprintf(stderr, "bascule: %s\n", safe_cstr(&safe));
	safe_finish(&safe);
	log_line("%s", text);
}

void gate_random(unsigned char *out, size_t n)
{
	if (getrandom(out, n, 0) != (ssize_t)n) {
		abort(); /* a guessable id would be worse than none */
	}
}

/* ---- output ---- */

static void pause_or_start(struct stream *source, const struct stream *sink, bool *paused)
{
	bool full = stream_queued(sink) > GATE_HIGH_MARK;
	if (full && !*paused) {
		stream_pause(source);
	} else if (!full && *paused) {
		stream_start(source);
	}
	*paused = full;
}

void gate_pressure(struct gate *g)
{
	if (!g->server_ended) {
		pause_or_start(g->server_out, g->client_out, &g->server_paused);
	}
	if (!g->client_ended) {
		pause_or_start(g->client_in, g->server_in, &g->client_paused);
	}
}

static void on_room(void *data)
{
	gate_pressure(data);
}

void gate_pass(struct gate *g, enum gate_side from, struct span line)
{
	struct stream *in = from == SIDE_CLIENT ? g->client_in : g->server_out;
	struct stream *out = from == SIDE_CLIENT ? g->server_in : g->client_out;
	struct buf whole = { 0 };
	size_t at = 0;
	if (stream_take_line(in, &whole, &at)) {
		buf_drop(&whole, at);
		stream_write_buf(out, &whole);
	} else {
		stream_write(out, (struct span){ line.at, line.len + 1 });
	}
	if (stream_queued(out) > GATE_HIGH_MARK) {
		gate_pressure(g);
	}
}

void gate_to_client(struct gate *g, struct buf *line)
{
	if (g->streaming) {
		buf_span(&g->held_output, buf_view(line));
		buf_finish(line);
	} else {
		stream_write_buf(g->client_out, line);
	}
}

void gate_to_server(struct gate *g, struct buf *line)
{
	stream_write_buf(g->server_in, line);
	gate_pressure(g);
	g->spoken = true;
}

void gate_to_side(struct gate *g, enum gate_side to, struct buf *line)
{
	if (to == SIDE_CLIENT) {
		gate_to_client(g, line);
	} else {
		gate_to_server(g, line);
	}
}

/* ---- the clock ---- */

static void on_clock(uv_timer_t *timer)
{
	struct gate *g = timer->data;
	uint64_t now = uv_now(g->loop);
	g->clock_due = 0;
	call_due(g, now);
	tools_due(g->tools, now);
	lane_due(g->lane, now);
	wire_due(g->wire, now);
}

void gate_tick(struct gate *g, uint64_t due_ms)
{
	uint64_t now = uv_now(g->loop);
	if (g->ending || (g->clock_due && g->clock_due <= due_ms)) {
		return;
	}
	g->clock_due = due_ms > now ? due_ms : now;
	uv_timer_start(&g->clock, on_clock, g->clock_due - now, 0);
}

/* ---- the end ---- */

static void on_end_timer(uv_timer_t *timer);

static void end_in(struct gate *g, int step, uint64_t ms)
{
	g->end_step = step;
	uv_timer_start(&g->end_timer, on_end_timer, ms, 0);
}

static void on_end_timer(uv_timer_t *timer)
{
	struct gate *g = timer->data;
	switch (g->end_step) {
	case 0:
		guardian_signal(&g->guardian, SIGTERM);
		end_in(g, 1, GRACE_TERM_MS);
		break;
	case 1:
		guardian_signal(&g->guardian, SIGKILL);
		end_in(g, 2, GRACE_TERM_MS);
		break;
	default:
		uv_stop(g->loop);
		break;
	}
}

void gate_client_left(struct gate *g)
{
	if (!g->client_ended) {
		g->client_ended = true;
		call_withdraw_all(g, "client_left", NULL);
		stream_end_output(g->server_in);
		if (!g->server_reported) {
			end_in(g, 0, GRACE_END_MS);
		}
	}
}

static void on_client_end(void *data)
{
	gate_client_left(data);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct gate *g = handle->data;
	log_line("signal %d: passed on to the server", number);
	call_withdraw_all(g, "client_left", NULL);
	guardian_signal(&g->guardian, number);
	end_in(g, 1, GRACE_SIGNAL_MS);
}

/* The server is gone and has said its last: nothing more comes, so nothing more is waited for. */
static void finish_if_done(struct gate *g)
{
	if (!g->server_reported || !g->server_ended || g->ending) {
		return;
	}
	if (!g->client_ended) {
		gate_server_gone(g, g->gone_words);
	}
	wire_goodbye(g->wire);
	g->ending = true;
	turn_flush(&g->turn);
	if (stream_queued(g->client_out) && !stream_broken(g->client_out)) {
		end_in(g, 2, LAST_WORDS_MS);
	} else {
		uv_stop(g->loop);
	}
}

static void on_server_end(void *data)
{
	struct gate *g = data;
	g->server_ended = true;
	finish_if_done(g);
}

static void server_failed(struct gate *g, int code)
{
	g->exit_code = code == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
	snprintf(g->gone_words, sizeof(g->gone_words), "the MCP server cannot be started: %s: %s",
		g->argv[0], strerror(code));
	gate_say("%s", g->gone_words);
}

static void server_exited(struct gate *g, int status)
{
	if (WIFSIGNALED(status)) {
		g->exit_code = 128 + WTERMSIG(status);
		snprintf(g->gone_words, sizeof(g->gone_words),
			"the MCP server was ended by signal %d", WTERMSIG(status));
	} else {
		g->exit_code = WEXITSTATUS(status);
		snprintf(g->gone_words, sizeof(g->gone_words),
			"the MCP server ended with exit code %d", g->exit_code);
	}
	if (!g->client_ended) {
		gate_say("%s", g->gone_words);
	}
}

static void on_report(uv_poll_t *poll, int poll_status, int events)
{
	struct gate *g = poll->data;
	struct guardian_report report;
	(void)poll_status;
	(void)events;
	ssize_t n = read(g->guardian.report, &report, sizeof(report));
	if (n == (ssize_t)sizeof(report) && report.kind == 's') {
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	uv_poll_stop(poll);
	g->server_reported = true;
	if (n == (ssize_t)sizeof(report) && report.kind == 'f') {
		server_failed(g, report.value);
	} else if (n == (ssize_t)sizeof(report)) {
		server_exited(g, report.value);
	} else {
		g->exit_code = 1;
		snprintf(g->gone_words, sizeof(g->gone_words), "the MCP server's guardian is gone");
	}
	finish_if_done(g);
}

/* ---- the beginning ---- */

struct arguments {
	const char *root, *name, *profile, *socket, *hold_max;
	char **scope;
	size_t scope_count;
	char *const *argv;
	bool debug;
};

static bool parse_arguments(struct arguments *a, int argc, char **argv)
{
	enum { NAME = 1, PROFILE, SCOPE, SOCKET, ROOT, HOLD_MAX };
	static const struct option options[] = {
		{ "name", required_argument, NULL, NAME },
		{ "profile", required_argument, NULL, PROFILE },
		{ "scope", required_argument, NULL, SCOPE },
		{ "socket", required_argument, NULL, SOCKET },
		{ "root", required_argument, NULL, ROOT },
		{ "hold-max", required_argument, NULL, HOLD_MAX },
		{ NULL, 0, NULL, 0 },
	};
	int c;
	while ((c = getopt_long(argc, argv, "+v", options, NULL)) != -1) {
		switch (c) {
		case NAME:
			a->name = optarg;
			break;
		case PROFILE:
			a->profile = optarg;
			break;
		case SCOPE:
			a->scope = xrealloc(a->scope, (a->scope_count + 1) * sizeof(*a->scope));
			a->scope[a->scope_count++] = optarg;
			break;
		case SOCKET:
			a->socket = optarg;
			break;
		case ROOT:
			a->root = optarg;
			break;
		case HOLD_MAX:
			a->hold_max = optarg;
			break;
		case 'v':
			a->debug = true;
			break;
		default:
			return false;
		}
	}
	a->argv = argv + optind;
	return optind < argc;
}

static bool open_streams(struct gate *g, struct err *err)
{
	static const struct stream_calls client = {
		.on_line = gate_client_line, .on_end = on_client_end, .on_over = gate_client_over
	};
	static const struct stream_calls server = { .on_line = gate_server_line,
		.on_end = on_server_end,
		.on_over = gate_server_over,
		.on_piece = gate_server_piece };
	static const struct stream_calls sink = { .on_room = on_room };
	static const struct stream_options from_client = { GATE_CLIENT_CAP, STREAM_SKIP };
	static const struct stream_options from_server = { GATE_SERVER_CAP, STREAM_PASS };
	static const struct stream_options none = { 0, STREAM_SKIP };
	g->client_in = stream_create(&g->turn, g->loop, 0, &from_client, &client, g, err);
	g->client_out = g->client_in ? stream_create(&g->turn, g->loop, 1, &none, &sink, g, err)
				     : NULL;
	g->server_in = g->client_out
		? stream_create(&g->turn, g->loop, g->guardian.server_in, &none, &sink, g, err)
		: NULL;
	g->server_out = g->server_in ? stream_create(&g->turn, g->loop, g->guardian.server_out,
					       &from_server, &server, g, err)
				     : NULL;
	if (!g->server_out) {
		return false;
	}
	/* Long results leave with fewer switches where the client gave a pipe; a refusal does not
	 * matter. */
	fcntl(1, F_SETPIPE_SZ, PIPE_BYTES);
	stream_start(g->client_in);
	stream_start(g->server_out);
	return true;
}

static void watch_signals(struct gate *g)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		uv_signal_init(g->loop, &g->signals[i]);
		g->signals[i].data = g;
		uv_signal_start(&g->signals[i], on_signal, numbers[i]);
	}
}

static bool init_gate(struct gate *g, const struct arguments *a, struct err *err)
{
	unsigned char random[8];
	gate_random(random, sizeof(random));
	for (int i = 0; i < 8; i++) {
		snprintf(g->instance + 2 * i, 3, "%02x", random[i]);
	}
	if (!facts_init(&g->facts, a->scope, a->scope_count, g->paths->home, err)) {
		return false;
	}
	g->argv = a->argv;
	struct buf users = { 0 };
	g->profiles = profile_files_of(g->paths, &users);
	g->profiles_hash = hash_of(buf_view(&users));
	buf_finish(&users);
	if (!claim_init(&g->claim, g->profiles, a->name, a->profile, a->argv, &g->facts, err)) {
		return false;
	}
	g->socket = a->socket;
	g->deadline = deadline_for(span_of(""));
	uv_timer_init(g->loop, &g->clock);
	uv_timer_init(g->loop, &g->end_timer);
	uv_poll_init(g->loop, &g->report, g->guardian.report);
	g->clock.data = g->end_timer.data = g->report.data = g;
	uv_poll_start(&g->report, UV_READABLE, on_report);
	turn_init(&g->turn, g->loop, NULL, NULL);
	g->lane = lane_create(g);
	g->tools = tools_create(g);
	g->wire = wire_create(g);
	watch_signals(g);
	return open_streams(g, err);
}

static void drop_pending(void *data, struct span key, void *value)
{
	(void)data;
	(void)key;
	pending_destroy(value);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle)) {
		uv_close(handle, NULL);
	}
}

static void finish_gate(struct gate *g)
{
	close(g->guardian.control); /* whatever is left of the server ends now */
	while (g->first_call) {
		call_destroy(g->first_call);
	}
	uv_timer_stop(&g->clock); /* the loop runs on below, without what the clock looks at */
	uv_timer_stop(&g->end_timer);
	for (int side = 0; side < 2; side++) {
		map_each(&g->pending[side], drop_pending, NULL);
		map_finish(&g->pending[side]);
	}
	wire_destroy(g->wire);
	tools_destroy(g->tools);
	lane_destroy(g->lane);
	stream_destroy(g->client_in);
	stream_destroy(g->client_out);
	stream_destroy(g->server_in);
	stream_destroy(g->server_out);
	turn_close(&g->turn);
	uv_run(g->loop, UV_RUN_NOWAIT);
	uv_walk(g->loop, close_handle, NULL);
	uv_run(g->loop, UV_RUN_DEFAULT);
	close(g->guardian.report);
	map_finish(&g->calls);
	json_finish(&g->scan);
	buf_finish(&g->held_output);
	facts_finish(&g->facts);
	free(g->client_name);
	free(g->client_version);
	gate_forget_server(g);
	claim_finish(&g->claim);
	profiles_destroy(g->profiles);
	while (waitpid(g->guardian.pid, NULL, 0) < 0 && errno == EINTR) {
	}
}

static bool load(
	struct paths *paths, struct config *config, const struct arguments *a, struct err *err)
{
	if (!paths_init(paths, a->root, err)) {
		return false;
	}
	if (!config_load(config, paths, err)) {
		/* the values in force are usable all the same */
		fprintf(stderr, "bascule: %s\n", err->text);
	}
	if (a->hold_max && !config_set(config, OPTION_GATE_HOLD_MAX, a->hold_max, err)) {
		return false;
	}
	struct err ignored;
	paths_prepare(paths, &ignored);
	log_open(paths->log, "gate",
		a->debug || strcmp(config->text[OPTION_LOG_LEVEL], "debug") == 0);
	return true;
}

int main(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct paths paths = { 0 };
	struct config config = { 0 };
	struct gate gate = { .paths = &paths, .config = &config };
	struct err err = { 0 };
	int code = 1;
	uv_loop_t loop;
	/* argv[1] is the command's name: "run". */
	if (argc < 2 || !parse_arguments(&a, argc - 1, argv + 1)) {
		fprintf(stderr,
			"usage: bascule run [--name NAME] [--profile P] [--scope DIR]... -- "
			"COMMAND [ARG...]\n");
		return EXIT_USAGE;
	}
	/* The guardian is forked first: it must inherit nothing but its pipes. */
	if (!guardian_start(&gate.guardian, a.argv, &err)) {
		fprintf(stderr, "bascule: %s\n", err.text);
		return EXIT_CANNOT_RUN;
	}
	uv_loop_init(&loop);
	gate.loop = &loop;
	if (load(&paths, &config, &a, &err) && init_gate(&gate, &a, &err)) {
		uv_run(&loop, UV_RUN_DEFAULT);
		code = gate.exit_code;
		finish_gate(&gate);
		uv_loop_close(&loop);
	} else {
		fprintf(stderr, "bascule: %s\n", err.text);
		code = EXIT_USAGE;
	}
	free(a.scope);
	config_finish(&config);
	paths_finish(&paths);
	log_close();
	return code;
}
