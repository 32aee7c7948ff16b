/* What a submission says: the call, what it would do, and what is doubtful about it. */
#include "config.h"

#include "ipc/gate.h"

#include "core/jsonw.h"
#include "ipc/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_client(struct jsonw *j, const struct gate *g)
{
	jw_key(j, "client");
	jw_open(j, '{');
	jw_kv_text(j, "name", g->client_name);
	jw_kv_text(j, "version", g->client_version);
	jw_close(j, '}');
}

static void write_deadline(struct jsonw *j, const struct call *call)
{
	uint64_t now = uv_now(call->gate->loop);
	jw_key(j, "deadline");
	if (call->deadline_ms > now) {
		jw_int(j, clock_wall_ms() + (int64_t)(call->deadline_ms - now));
	} else {
		jw_span(j, (struct span){ 0 });
	}
}

/* Notes leave before whatever is sent next, in their order. */

void gate_write_submission(struct jsonw *j, const struct call *call, const char *branch)
{
	const struct gate *g = call->gate;
	char hex[HASH_HEX + 1];
	jw_kv_text(j, "call", call->id);
	jw_kv_bool(j, "again", call->submitted);
	if (call->state == LIFE_PARKED || call->state == LIFE_ARMED) {
		jw_kv_bool(j, "parked", true);
	}
	jw_kv_text(j, "method", call->message.method_name);
	jw_kv_text(j, "tool", call->tool);
	jw_kv_text(j, "toward", call->from == SIDE_CLIENT ? "server" : "client");
	jw_kv_text(j, "era", call->message.modern ? "modern" : "legacy");
	write_client(j, g);
	jw_key(j, "pin");
	const struct listed_tool *listed = tools_listed(g->tools, span_of(call->tool));
	if (listed) {
		hash_hex(&listed->pin, hex);
		jw_text(j, hex);
	} else {
		jw_span(j, (struct span){ 0 });
	}
	gate_write_doubt(j, call);
	jw_key(j, "effects");
	effects_write(&call->effects, j);
	jw_kv_text(j, "branch", branch);
	write_deadline(j, call);
	if (call->edit_trouble) {
		jw_kv_text(j, "edit_trouble", call->edit_trouble);
	}
	if (call->proposed.data) {
		jw_kv_text(j, "edited_by", call->edited_by);
		jw_kv_raw(j, "proposed", call->proposed_message.params);
	}
	jw_kv_raw(j, "params", call->message.params.at ? call->message.params : SPAN("{}"));
}
