/*
 * The scripted agent: an MCP client in front of each gate, as a coding agent would be. It knows
 * nothing of bascule: it sends its calls when they are due and keeps what it is told.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/rpc.h"
#include "core/message.h"
#include "ipc/paths.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_INITIALIZE = 1, ID_LIST = 2, ID_CALLS = 100 };

#define CLIENT \
	"{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}," \
	"\"clientInfo\":{\"name\":\"demo-agent\",\"version\":\"" PACKAGE_VERSION "\"}}"

/* `id` 0: a notification. `params` absent: none. */
static void send_line(
	const struct demo_gate *gate, int64_t id, const char *method, struct span params)
{
	struct buf line = { 0 };
	char number[24];
	snprintf(number, sizeof(number), "%" PRId64, id);
	rpc_line(&line, id ? span_of(number) : (struct span){ 0 }, method, params);
	demo_write(gate->to, buf_view(&line));
	buf_finish(&line);
}

/* A person may look at the console for as long as they like. */
#define HOLD_MAX "86400"

bool demo_client_start(
	struct demo *d, struct demo_gate *gate, const struct demo_server *server, struct err *err)
{
	char *program = paths_program("bascule-gate"), **behind = demo_server_argv(d, server);
	char *argv[24] = { program };
	size_t n = 1;
	const char *const words[] = { "run", "--root", d->scratch.root, "--name", server->name,
		"--scope", d->scratch.workspace, "--hold-max", HOLD_MAX,
		server->profile ? "--profile" : NULL, server->profile };
	for (size_t i = 0; i < COUNT_OF(words) && words[i]; i++) {
		argv[n++] = xstrdup(words[i]);
	}
	if (d->verbose) {
		argv[n++] = xstrdup("-v");
	}
	argv[n++] = xstrdup("--");
	for (char **word = behind; *word; word++) {
		argv[n++] = xstrdup(*word);
	}
	int to[2] = { -1, -1 }, from[2] = { -1, -1 };
	bool ok = demo_pair(to, false, err) && demo_pair(from, false, err);
	struct demo_spawn how = {
		.argv = argv, .in = to[0], .out = from[1], .err = d->noise, .keep = { -1, -1 }
	};
	ok = ok && demo_spawn(&gate->child, &how, err);
	demo_close(&to[0]);
	demo_close(&from[1]);
	gate->server = server;
	gate->to = to[1];
	gate->from.fd = from[0];
	if (ok) {
		send_line(gate, ID_INITIALIZE, "initialize", SPAN(CLIENT));
	}
	demo_argv_free(behind);
	while (n) {
		free(argv[--n]);
	}
	return ok;
}

static void take_answer(struct demo_deed *deed, struct span message)
{
	struct span value, words;
	if (deed->answered) {
		deed->is_error = true; /* twice is never right */
		return;
	}
	deed->answered = true;
	if (json_member(message, "result", &value)) {
		demo_text_of(value, &deed->answer, &deed->is_error);
		return;
	}
	deed->is_error = true;
	if (json_member(message, "error", &value) && json_type(value) == JSON_OBJECT &&
		json_member(value, "message", &words) && json_type(words) == JSON_STRING) {
		json_decode(words, &deed->answer);
	}
}

void demo_client_line(struct demo *d, void *data, struct span line)
{
	struct demo_gate *gate = data;
	struct span value;
	int64_t id;
	if (!json_validate(&gate->from.scan, line, JSON_LOOSE) ||
		gate->from.scan.type != JSON_OBJECT ||
		!json_member(gate->from.scan.value, "id", &value) ||
		json_type(value) != JSON_NUMBER || !json_int(value, &id)) {
		return; /* progress and the like */
	}
	if (id == ID_INITIALIZE) {
		send_line(gate, 0, "notifications/initialized", (struct span){ 0 });
		send_line(gate, ID_LIST, "tools/list", SPAN("{}"));
		gate->stage = DEMO_LISTING;
	} else if (id == ID_LIST) {
		gate->stage = DEMO_READY;
	} else if (id >= ID_CALLS && (size_t)(id - ID_CALLS) < demo_call_count) {
		take_answer(&d->deeds[id - ID_CALLS], gate->from.scan.value);
	}
}

static void send_call(struct demo *d, size_t which)
{
	const struct demo_call *call = &demo_calls[which];
	struct buf params = { 0 };
	struct jsonw w = jw_start(&params);
	jw_open(&w, '{');
	jw_kv_text(&w, "name", call->tool);
	jw_key(&w, "arguments");
	struct buf arguments = { 0 };
	demo_arguments(call, d->scratch.dir, &arguments);
	jw_raw(&w, buf_view(&arguments));
	jw_close(&w, '}');
	send_line(&d->gates[demo_server_of(call)], ID_CALLS + (int64_t)which, "tools/call",
		buf_view(&params));
	d->deeds[which].sent = true;
	buf_finish(&arguments);
	buf_finish(&params);
}

int64_t demo_client_due(struct demo *d)
{
	int64_t now = demo_now(), next = 0;
	for (size_t i = 0; d->began_ms && i < demo_call_count; i++) {
		const struct demo_gate *gate = &d->gates[demo_server_of(&demo_calls[i])];
		int64_t at = d->began_ms + (d->check ? 0 : demo_calls[i].at_ms);
		if (d->deeds[i].sent || gate->stage != DEMO_READY || d->ending) {
			continue;
		}
		if (at <= now) {
			send_call(d, i);
		} else if (!next || at < next) {
			next = at;
		}
	}
	return next;
}

void demo_client_cancel(struct demo *d, size_t which)
{
	struct buf params = { 0 };
	buf_printf(&params, "{\"requestId\":%zu,\"reason\":\"the agent changed its mind\"}",
		ID_CALLS + which);
	send_line(&d->gates[demo_server_of(&demo_calls[which])], 0, "notifications/cancelled",
		buf_view(&params));
	buf_finish(&params);
}
