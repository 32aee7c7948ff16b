/*
 * What every gate is, whoever stands at its two ends: lines in order, the clock, the beginning and
 * the end. Called by gate_main.c (a client and its server), by hook_main.c (one call of an agent's
 * own tools) and, for the output, by every gate_*.c.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/safe_text.h"
#include "ipc/log.h"
#include "ipc/profile_files.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum { PIPE_BYTES = 1 << 20 };

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

/* ---- the beginning ---- */

static void on_client_end(void *data)
{
	struct gate *g = data;
	if (!g->client_ended) {
		g->client_ended = true;
		g->host->client_left(g);
	}
}

static void on_server_end(void *data)
{
	struct gate *g = data;
	g->server_ended = true;
	g->host->server_left(g);
}

static bool open_streams(struct gate *g, const struct gate_ends *ends, struct err *err)
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
	g->client_in = stream_create(
		&g->turn, g->loop, ends->client_in, &from_client, &client, g, err);
	g->client_out = g->client_in
		? stream_create(&g->turn, g->loop, ends->client_out, &none, &sink, g, err)
		: NULL;
	g->server_in = g->client_out
		? stream_create(&g->turn, g->loop, ends->server_in, &none, &sink, g, err)
		: NULL;
	g->server_out = g->server_in
		? stream_create(&g->turn, g->loop, ends->server_out, &from_server, &server, g, err)
		: NULL;
	if (!g->server_out) {
		return false;
	}
	/* Long results leave with fewer switches where the client gave a pipe; a refusal does not
	 * matter. */
	fcntl(ends->client_out, F_SETPIPE_SZ, PIPE_BYTES);
	stream_start(g->client_in);
	stream_start(g->server_out);
	return true;
}

bool gate_begin(struct gate *g, const struct gate_setup *a, struct err *err)
{
	unsigned char random[8];
	gate_random(random, sizeof(random));
	for (int i = 0; i < 8; i++) {
		snprintf(g->instance + 2 * i, 3, "%02x", random[i]);
	}
	if (!facts_init(&g->facts, a->scope, a->scope_count, g->paths->home, err)) {
		return false;
	}
	struct buf users = { 0 };
	g->profiles = profile_files_of(g->paths, &users);
	g->profiles_hash = hash_of(buf_view(&users));
	buf_finish(&users);
	if (!claim_init(&g->claim, g->profiles, a->name, a->profile, a->argv, &g->facts, err)) {
		return false;
	}
	g->claim.contained = a->contained;
	g->socket = a->socket;
	g->session = a->session;
	g->event = a->event;
	g->beside = a->beside;
	g->deadline = deadline_for(span_of(""));
	uv_timer_init(g->loop, &g->clock);
	g->clock.data = g;
	turn_init(&g->turn, g->loop, NULL, NULL);
	g->lane = lane_create(g);
	g->tools = tools_create(g);
	g->wire = wire_create(g);
	g->host = a->host;
	signal(SIGPIPE, SIG_IGN);
	return open_streams(g, &a->ends, err);
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

void gate_finish(struct gate *g)
{
	while (g->first_call) {
		call_destroy(g->first_call);
	}
	uv_timer_stop(&g->clock); /* the loop runs on below, without what the clock looks at */
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
	map_finish(&g->calls);
	json_finish(&g->scan);
	buf_finish(&g->held_output);
	facts_finish(&g->facts);
	free(g->as_name);
	free(g->as_profile);
	free(g->client_name);
	free(g->client_version);
	gate_forget_server(g);
	claim_finish(&g->claim);
	profiles_destroy(g->profiles);
}
