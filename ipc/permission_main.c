/*
 * bascule permission-server: an MCP server with one tool, which Claude Code calls in the place of
 * its dialog (--permission-prompt-tool). Each call is one of the agent's own, and goes the way of
 * its hook: facts, rules, queue and history.
 *
 * Promises: a call that nobody took back is answered once, and by a no that is said in words on any
 * failure; who takes one back, closes our input or ends us leaves nothing waiting. Nothing is shown
 * or recorded before the first call: clients start servers only to look at them.
 */
#include "config.h"

#include "ipc/permission_main.h"

#include "core/diag.h"
#include "core/hook.h"
#include "core/refusal.h"
#include "core/rewrite.h"
#include "ipc/carry.h"
#include "ipc/log.h"
#include "ipc/stdio_server.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_CAP = 20 << 20,
	ASKED_MAX = 32, /* at once */
	WAYS_MAX = 32, /* MCP servers whose tools one client asks for */
	MARGIN_S = 5, /* our no comes so long before the client's end */
	SIGNS_S = 100000, /* how long the client waits if it sees signs of life */
};

/* How calls of one MCP server's tools reach the broker, or those of the agent's own. */
struct way {
	struct way *next;
	char *server; /* NULL: the agent's own */
	struct carry *carry;
};

/* A call that waits for its answer. */
struct asked {
	struct asked *next;
	struct way *way;
	int64_t number;
	char key[MESSAGE_KEY];
	char *id, *token; /* raw; token NULL: the client wants no progress */
	char *text; /* what hook_call points into */
	struct hook_call call;
	struct buf arguments; /* in one line */
	uint64_t due_ms, sign_ms;
	unsigned signs;
};

struct server {
	struct stdio_server io;
	struct way *ways;
	size_t way_count; /* 0: nothing was asked yet */
	struct paths paths;
	struct config config;
	struct asked *asked;
	int64_t count;
	const char *root, *socket;
	char **scope;
	size_t scope_count;
	uint64_t limit_s; /* 0: the client's own */
	bool debug, ended;
};

static const struct hook_form *const form = &hook_form_permission;

// clang-format off
static const char tools[] =
	"[{\"name\":\"ask\",\"title\":\"Ask for approval\","
	"\"description\":\"Asks in bascule's queue whether a tool may run. For Claude Code's "
	"--permission-prompt-tool; it runs nothing itself.\","
	"\"inputSchema\":{\"type\":\"object\",\"properties\":{\"tool_name\":{\"type\":\"string\"},"
	"\"input\":{\"type\":\"object\"},\"tool_use_id\":{\"type\":\"string\"}},"
	"\"required\":[\"tool_name\",\"input\"]},"
	"\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":false}}]";
// clang-format on

/* ---- answers ---- */

/* The text of the answer is one line of JSON. True: it is on its way. */
static bool send_text(struct server *s, struct span id, struct buf *text)
{
	struct buf line = { 0 };
	if (text->len && text->data[text->len - 1] == '\n') {
		text->len--;
	}
	serve_text(&line, id, buf_view(text));
	buf_finish(text);
	stdio_server_send(&s->io, &line);
	stream_flush(s->io.out);
	return !stream_broken(s->io.out);
}

static bool say(struct server *s, struct span id, const struct hook_call *call,
	const struct hook_answer *answer)
{
	struct buf out = { 0 }, err = { 0 };
	hook_say(form, call, answer, &out, &err);
	buf_finish(&err);
	return send_text(s, id, &out);
}

static void fail_with(struct server *s, struct span id, const char *reason)
{
	struct buf out = { 0 }, err = { 0 };
	hook_failed(form, NULL, reason, &out, &err);
	buf_finish(&err);
	send_text(s, id, &out);
}

/* ---- what waits ---- */

static struct asked **find_number(struct server *s, int64_t number)
{
	struct asked **at = &s->asked;
	while (*at && (*at)->number != number) {
		at = &(*at)->next;
	}
	return at;
}

static struct asked **find_key(struct server *s, const char *key)
{
	struct asked **at = &s->asked;
	while (*at && strcmp((*at)->key, key) != 0) {
		at = &(*at)->next;
	}
	return at;
}

static void forget(struct asked **at)
{
	struct asked *a = *at;
	*at = a->next;
	hook_call_finish(&a->call);
	buf_finish(&a->arguments);
	free(a->text);
	free(a->id);
	free(a->token);
	free(a);
}

static void deny(struct server *s, struct asked **at, struct span reason)
{
	say(s, span_of((*at)->id), &(*at)->call,
		&(struct hook_answer){ .kind = HOOK_DENY, .reason = reason });
	forget(at);
}

static bool on_allowed(void *data, int64_t number, struct span arguments)
{
	struct server *s = data;
	struct asked **at = find_number(s, number);
	if (!*at) {
		return false; /* taken back meanwhile */
	}
	bool edited = !span_same(arguments, buf_view(&(*at)->arguments));
	struct hook_answer allow = { .kind = HOOK_ALLOW,
		.edited = edited ? arguments : (struct span){ 0 } };
	bool said = say(s, span_of((*at)->id), &(*at)->call, &allow);
	forget(at);
	return said;
}

static void on_over(void *data, int64_t number, struct span words)
{
	struct server *s = data;
	struct asked **at = find_number(s, number);
	if (*at) {
		deny(s, at, words);
	}
}

static const char *on_edit(void *data, int64_t number, struct span arguments)
{
	struct asked **at = find_number(data, number);
	return *at ? hook_edit_trouble(form, &(*at)->call, arguments) : NULL;
}

/* ---- the end ---- */

static void end(struct server *s, const char *why)
{
	if (s->ended) {
		return;
	}
	s->ended = true;
	for (struct way *way = s->ways; way; way = way->next) {
		carry_withdraw_all(way->carry, why);
	}
	while (s->asked) {
		deny(s, &s->asked, SPAN("NOT executed: the permission server was ended"));
	}
	for (struct way *way = s->ways; way; way = way->next) {
		carry_end(way->carry);
	}
	turn_flush(&s->io.turn);
	uv_stop(&s->io.loop);
}

static void on_end(void *data)
{
	end(data, "client_left");
}

static void on_signal(void *data, int number)
{
	log_line("signal %d: what waits is withdrawn", number);
	end(data, "client_left");
}

/* ---- time ---- */

static void tick(struct server *s);

static void send_sign(struct server *s, struct asked *a)
{
	struct buf line = { 0 };
	refusal_progress(&line, span_of(a->token), ++a->signs, "waiting for approval in bascule");
	stdio_server_send(&s->io, &line);
	a->sign_ms += (uint64_t)s->config.number[OPTION_GATE_PROGRESS];
}

static void on_clock(uv_timer_t *timer)
{
	struct server *s = timer->data;
	uint64_t now = uv_now(&s->io.loop);
	struct asked **at = &s->asked;
	while (*at) {
		struct asked *a = *at;
		if (now >= a->due_ms) {
			carry_cancel(a->way->carry, a->number);
			deny(s, at,
				SPAN("NOT executed: nobody answered before the time limit. It "
				     "waited in bascule's queue; open a terminal and run: bascule. "
				     "Then call again."));
			continue;
		}
		if (a->token && now >= a->sign_ms) {
			send_sign(s, a);
		}
		at = &a->next;
	}
	tick(s);
}

static void tick(struct server *s)
{
	uint64_t now = uv_now(&s->io.loop), next = UINT64_MAX;
	for (struct asked *a = s->asked; a; a = a->next) {
		uint64_t due = a->token && a->sign_ms < a->due_ms ? a->sign_ms : a->due_ms;
		next = due < next ? due : next;
	}
	if (s->asked && !s->ended) {
		uv_timer_start(&s->io.clock, on_clock, next > now ? next - now : 0, 0);
	}
}

/* ---- calls ---- */

static struct way *open_way(struct server *s, const char *server, struct err *err)
{
	static const struct carry_calls calls = {
		.allowed = on_allowed, .over = on_over, .edit_trouble = on_edit
	};
	const struct carry_setup setup = { .paths = &s->paths,
		.config = &s->config,
		.form = form,
		.socket = s->socket,
		.server = server,
		.event = HOOK_PERMISSION,
		.scope = s->scope,
		.scope_count = s->scope_count };
	struct carry *carry = carry_create(&s->io.loop, &setup, &calls, s, err);
	if (!carry) {
		return NULL;
	}
	struct way *way = xcalloc(1, sizeof(*way));
	*way = (struct way){ s->ways, server ? xstrdup(server) : NULL, carry };
	s->ways = way;
	s->way_count++;
	return way;
}

static struct way *way_to(struct server *s, const char *server, struct err *err)
{
	const struct carry_places places = { s->root, "permission", s->debug };
	for (struct way *way = s->ways; way; way = way->next) {
		if (server && way->server ? strcmp(server, way->server) == 0
					  : server == way->server) {
			return way;
		}
	}
	if (s->way_count >= WAYS_MAX) {
		fail(err, DIAG_NONE, "NOT executed: tools of too many servers were asked for");
		return NULL;
	}
	return s->way_count || carry_load(&s->paths, &s->config, &places, err)
		? open_way(s, server, err)
		: NULL;
}

static void set_times(struct server *s, struct asked *a)
{
	uint64_t limit = s->limit_s ? s->limit_s : a->token ? SIGNS_S : form->limit_ms / 1000;
	uint64_t now = uv_now(&s->io.loop);
	a->due_ms = now + (limit - MARGIN_S) * 1000;
	a->sign_ms = now + (uint64_t)s->config.number[OPTION_GATE_PROGRESS];
}

/* Takes its place among what waits; asked of nobody yet. NULL: it was answered. */
static struct asked *take(struct server *s, const struct message *m)
{
	struct err err = { 0 };
	struct asked *a = xcalloc(1, sizeof(*a));
	a->id = span_dup(m->id);
	a->text = span_dup(m->arguments.at ? m->arguments : SPAN(""));
	memcpy(a->key, m->key, sizeof(a->key));
	a->token = m->progress_token.at ? span_dup(m->progress_token) : NULL;
	a->number = ++s->count;
	a->next = s->asked;
	s->asked = a;
	if (!hook_read(form, &a->call, span_of(a->text), &err) ||
		!(a->way = way_to(s, a->call.server, &err))) {
		fail_with(s, m->id, err.text);
		forget(&s->asked);
		return NULL;
	}
	rewrite_close(a->call.arguments, &a->arguments);
	return a;
}

static void ask(struct server *s, const struct message *m)
{
	struct asked *a = take(s, m);
	if (!a) {
		return;
	}
	const struct carried carried = { .tool = a->call.tool,
		.arguments = buf_view(&a->arguments),
		.caller = { .call_id = a->call.call_id } };
	set_times(s, a);
	if (!carry_call(a->way->carry, a->number, &carried)) {
		deny(s, &s->asked, SPAN("NOT executed: too many kinds of tools were asked for"));
	}
	tick(s);
}

static void call(void *data, const struct message *m)
{
	struct server *s = data;
	size_t waiting = 0;
	for (struct asked *a = s->asked; a; a = a->next) {
		waiting++;
	}
	if (!json_is(m->name, "ask")) {
		stdio_server_fail(&s->io, m->id, RPC_PARAMS, "Unknown tool");
	} else if (*find_key(s, m->key)) {
		stdio_server_fail(&s->io, (struct span){ 0 }, RPC_INVALID,
			"a request with this id is still waiting for its answer");
	} else if (waiting >= ASKED_MAX) {
		fail_with(s, m->id, "NOT executed: too many calls wait for approval already");
	} else {
		ask(s, m);
	}
}

static void cancel(void *data, const struct message *m)
{
	struct server *s = data;
	char key[MESSAGE_KEY];
	struct asked **at = message_key(m->request_id, key) ? find_key(s, key) : NULL;
	if (at && *at) {
		carry_cancel((*at)->way->carry, (*at)->number);
		forget(at);
	}
}

/* ---- the program ---- */

static bool parse_limit(struct server *s, const char *text)
{
	char *stop = NULL;
	long seconds = strtol(text, &stop, 10);
	s->limit_s = seconds > MARGIN_S && seconds <= CARRY_NEVER_S ? (uint64_t)seconds : 0;
	return s->limit_s && stop != text && !*stop;
}

static bool parse_arguments(struct server *s, int argc, char **argv)
{
	enum { SCOPE = 1, SOCKET, ROOT, LIMIT };
	static const struct option options[] = {
		{ "scope", required_argument, NULL, SCOPE },
		{ "socket", required_argument, NULL, SOCKET },
		{ "root", required_argument, NULL, ROOT },
		{ "limit", required_argument, NULL, LIMIT },
		{ NULL, 0, NULL, 0 },
	};
	bool good = true;
	int c;
	while ((c = getopt_long(argc, argv, "v", options, NULL)) != -1) {
		switch (c) {
		case SCOPE:
			s->scope = xrealloc(s->scope, (s->scope_count + 1) * sizeof(*s->scope));
			s->scope[s->scope_count++] = optarg;
			break;
		case SOCKET:
			s->socket = optarg;
			break;
		case ROOT:
			s->root = optarg;
			break;
		case LIMIT:
			good = good && parse_limit(s, optarg);
			break;
		case 'v':
			s->debug = true;
			break;
		default:
			good = false;
		}
	}
	return good && optind == argc;
}

int permission_main(int argc, char **argv)
{
	static const struct stdio_server_calls calls = { .offer = { "bascule",
								 { tools, sizeof(tools) - 1 } },
		.line_cap = LINE_CAP,
		.call = call,
		.cancel = cancel,
		.ended = on_end,
		.left = on_end,
		.signalled = on_signal };
	struct server server = { 0 };
	struct err err = { 0 };
	signal(SIGPIPE, SIG_IGN);
	if (!parse_arguments(&server, argc, argv)) {
		fprintf(stderr,
			"usage: bascule permission-server [--limit SECONDS] [--scope "
			"DIR]...\n");
		return 2;
	}
	if (!stdio_server_open(&server.io, &calls, &server, &err)) {
		fprintf(stderr, "bascule: %s\n", err.text);
		return 1;
	}
	uv_run(&server.io.loop, UV_RUN_DEFAULT);
	/* nothing is freed on purpose: what was to be said is said */
	return 0;
}
