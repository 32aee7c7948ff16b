/*
 * The demo's broker and the conversation with it, over a socket that the broker inherits: the demo
 * decides as the program that started this broker, not by going round a check. One question at a
 * time; what the broker tells by itself is noted beside the calls of the script.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"
#include "core/rpc.h"
#include "ipc/claim.h"
#include "ipc/paths.h"
#include "ipc/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- starting ---- */

static bool start(struct demo *d, int ours, int console, struct err *err)
{
	char command[] = "broker", root[] = "--root", decide[] = "--decide-fd", debug[] = "-v",
	     fds[2][16];
	char *argv[12] = { paths_program("bascule-broker"), command, root, d->scratch.root, decide,
		fds[0] };
	size_t n = 6;
	snprintf(fds[0], sizeof(fds[0]), "%d", ours);
	snprintf(fds[1], sizeof(fds[1]), "%d", console);
	if (console >= 0) {
		argv[n++] = decide;
		argv[n++] = fds[1];
	}
	if (d->verbose) {
		argv[n++] = debug;
	}
	struct demo_spawn how = {
		.argv = argv, .in = -1, .out = d->noise, .err = d->noise, .keep = { ours, console }
	};
	bool ok = demo_spawn(&d->broker, &how, err);
	free(argv[0]);
	return ok;
}

#define HELLO(role) \
	SPAN("{\"protocol\":\"" WIRE_PROTOCOL "\",\"role\":\"" role \
	     "\",\"version\":\"" PACKAGE_VERSION "\"}")

bool demo_broker_start(struct demo *d, struct err *err)
{
	int wire[2] = { -1, -1 }, console[2] = { -1, -1 };
	bool ok = demo_pair(wire, true, err) && (d->check || demo_pair(console, true, err)) &&
		start(d, wire[1], console[1], err);
	demo_close(&wire[1]);
	demo_close(&console[1]);
	d->wire.from.fd = wire[0];
	d->console_socket = console[0];
	return ok && demo_ask(d, "hello", d->check ? HELLO("console") : HELLO("tool"), err);
}

char **demo_server_argv(const struct demo *d, const struct demo_server *server)
{
	char **argv = xcalloc(5, sizeof(*argv));
	argv[0] = paths_program("bascule-demo");
	argv[1] = xstrdup("server");
	argv[2] = xstrdup(server->name);
	argv[3] = xstrdup(d->scratch.dir);
	return argv;
}

void demo_argv_free(char **argv)
{
	for (char **word = argv; *word; word++) {
		free(*word);
	}
	free(argv);
}

bool demo_trust(struct demo *d, const struct demo_server *server, struct err *err)
{
	struct facts facts = { 0 };
	struct claim claim = { 0 };
	struct buf params = { 0 };
	char *scope[] = { d->scratch.workspace };
	char **argv = demo_server_argv(d, server);
	bool ok = facts_init(&facts, scope, 1, NULL, err) &&
		claim_init(&claim, d->profiles, server->name, server->profile, argv, &facts, err);
	if (ok) {
		struct jsonw w = jw_start(&params);
		jw_open(&w, '{');
		jw_key(&w, "server");
		claim_write(&claim, &w);
		jw_close(&w, '}');
		ok = demo_ask(d, "trust", buf_view(&params), err);
	}
	buf_finish(&params);
	claim_finish(&claim);
	facts_finish(&facts);
	demo_argv_free(argv);
	return ok;
}

/* ---- what the broker says ---- */

static bool is_text(struct span object, const char *name, const char *text)
{
	struct span value;
	return json_member(object, name, &value) && json_type(value) == JSON_STRING &&
		json_is(value, text);
}

static void note_item(struct demo *d, struct span item)
{
	struct span value;
	for (size_t i = 0; i < demo_call_count; i++) {
		struct demo_deed *deed = &d->deeds[i];
		const struct demo_call *call = &demo_calls[i];
		if (is_text(item, "kind", "call") && is_text(item, "server", call->server) &&
			is_text(item, "tool", call->tool) &&
			is_text(item, "target", deed->target)) {
			deed->held = true;
			free(deed->id);
			deed->id = json_member_text(item, "call");
			if (json_member(item, "revision", &value)) {
				json_int(value, &deed->revision);
			}
		}
	}
}

static void note_items(struct demo *d, struct span snapshot)
{
	struct span items, key, item;
	if (json_member(snapshot, "items", &items) && json_type(items) == JSON_ARRAY) {
		struct json_walk walk = json_walk_of(items);
		while (json_next(&walk, &key, &item)) {
			note_item(d, item);
		}
	}
}

static void note_gone(struct demo *d, struct span params)
{
	for (size_t i = 0; i < demo_call_count; i++) {
		struct demo_deed *deed = &d->deeds[i];
		if (deed->id && is_text(params, "call", deed->id)) {
			char *state = json_member_text(params, "state");
			deed->gone = true;
			snprintf(deed->state, sizeof(deed->state), "%s", state ? state : "");
			free(state);
		}
	}
}

static void take_answer(struct demo *d, struct span message, int64_t id)
{
	struct demo_wire *w = &d->wire;
	struct span value, member;
	int64_t code = -1;
	if (id != w->asked) {
		return; /* too late for somebody who waited */
	}
	w->answered = id;
	w->code = 0;
	buf_clear(&w->result);
	if (json_member(message, "result", &value)) {
		buf_span(&w->result, value);
	} else if (json_member(message, "error", &value) && json_type(value) == JSON_OBJECT) {
		if (json_member(value, "code", &member)) {
			json_int(member, &code);
		}
		if (json_member(value, "message", &member) && json_type(member) == JSON_STRING) {
			json_decode(member, &w->result);
		}
		w->code = (int)code;
	}
}

void demo_wire_line(struct demo *d, void *unused, struct span line)
{
	struct json_scan *scan = &d->wire.from.scan;
	struct span id, params;
	int64_t number;
	(void)unused;
	if (!json_validate(scan, line, JSON_STRICT) || scan->type != JSON_OBJECT) {
		return;
	}
	if (json_member(scan->value, "id", &id) && json_type(id) == JSON_NUMBER &&
		json_int(id, &number)) {
		take_answer(d, scan->value, number);
	} else if (json_member(scan->value, "params", &params) &&
		json_type(params) == JSON_OBJECT) {
		if (is_text(scan->value, "method", "item")) {
			note_item(d, params);
		} else if (is_text(scan->value, "method", "gone")) {
			note_gone(d, params);
		} else if (is_text(scan->value, "method", "snapshot")) {
			note_items(d, params);
		}
	}
}

/* ---- asking ---- */

static bool is_answered(const struct demo *d, const void *unused)
{
	(void)unused;
	return d->wire.answered == d->wire.asked || d->wire.from.fd < 0;
}

bool demo_ask(struct demo *d, const char *method, struct span params, struct err *err)
{
	struct demo_wire *wire = &d->wire;
	struct buf line = { 0 };
	char id[24];
	snprintf(id, sizeof(id), "%" PRId64, (int64_t)++wire->asked);
	rpc_line(&line, span_of(id), method, params);
	bool sent = demo_write(wire->from.fd, buf_view(&line));
	buf_finish(&line);
	wire->code = 0;
	if (!sent || !demo_until(d, is_answered, NULL, DEMO_STEP_MS) ||
		wire->answered != wire->asked) {
		return fail(err, DIAG_NO_BROKER, "the demo's broker does not answer (%s)", method);
	}
	return !wire->code || fail(err, DIAG_NONE, "%s: %s", method, buf_cstr(&wire->result));
}

bool demo_watch(struct demo *d, struct err *err)
{
	return demo_ask(d, "watch", SPAN("{}"), err);
}

bool demo_decide(struct demo *d, size_t which, bool approve, const char *reason, struct err *err)
{
	const struct demo_deed *deed = &d->deeds[which];
	struct buf params = { 0 };
	bool ok;
	for (unsigned round = 0;; round++) {
		struct jsonw w = jw_start(&params);
		jw_open(&w, '{');
		jw_kv_text(&w, "call", deed->id);
		jw_kv_int(&w, "revision", deed->revision);
		jw_kv_text(&w, "decision", approve ? "approve" : "deny");
		if (reason) {
			jw_kv_text(&w, "reason", reason);
		}
		jw_close(&w, '}');
		ok = demo_ask(d, "decide", buf_view(&params), err);
		buf_clear(&params);
		if (ok || d->wire.code != WIRE_CHANGED || round == 2) {
			break; /* else its news came with the answer: look again */
		}
	}
	buf_finish(&params);
	return ok;
}
