/*
 * What a person is shown of a waiting call: its params as they came, and the files that it would
 * change as they are now. A console asks again and again for the call that is looked at and names
 * what it has; as long as the files are the same, a stat of each is all the work.
 *
 * Where they are not the same any more, the facts are gathered anew, so that what the broker judged
 * by is what the person sees. Called by gate_wire.c.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/rpc.h"

#include <stdlib.h>
#include <string.h>

enum {
	PREVIEW_FILES = 8,
	PREVIEW_BYTES = 1 << 20, /* of the params, and of each file */
	PREVIEW_HARD = 8 << 20, /* the same if a person asks for all of it */
	PREVIEW_HEAD = 64 << 10, /* of params that are larger */
};

static bool is_shown(const struct effect *effect)
{
	return effect->kind == EFFECT_WRITE || effect->kind == EFFECT_DELETE;
}

static struct hash mark_of(const struct call *call)
{
	struct hash_run run;
	hash_begin(&run);
	if (call->proposed.data) {
		hash_part(&run, call->message.arguments);
	}
	for (size_t i = 0, shown = 0; i < call->effects.count && shown < PREVIEW_FILES; i++) {
		if (is_shown(&call->effects.list[i])) {
			facts_preview_mark(&call->effects.list[i], &run);
			shown++;
		}
	}
	return hash_end(&run);
}

static void write_files(struct jsonw *w, const struct call *call, size_t most)
{
	size_t shown = 0, left = 0;
	jw_key(w, "files");
	jw_open(w, '[');
	for (size_t i = 0; i < call->effects.count; i++) {
		const struct effect *effect = &call->effects.list[i];
		if (is_shown(effect) && shown < PREVIEW_FILES) {
			facts_preview(effect, most, w);
			shown++;
		} else {
			left += is_shown(effect);
		}
	}
	jw_close(w, ']');
	jw_kv_int(w, "files_left", (int64_t)left);
}

/* ---- the facts, again ---- */

struct look {
	struct gate *gate;
	char id[40];
};

static void looked(struct call *call, struct effects *effects)
{
	bool waits = call->state == LIFE_HELD && !call_undecided(call);
	if (waits && effects_same(&call->effects, effects)) {
		effects_finish(&call->effects);
		call->effects = *effects;
		*effects = (struct effects){ 0 };
		wire_facts(call->gate->wire, "facts", call, &call->effects);
	}
	effects_finish(effects);
}

static void on_looked(void *data, struct effects *effects)
{
	struct look *look = data;
	struct call *call = call_find(look->gate, span_of(look->id));
	if (call) {
		looked(call, effects);
	} else {
		effects_finish(effects);
	}
	free(look);
}

static void look_again(struct call *call)
{
	struct gate *g = call->gate;
	struct effects copy = { 0 };
	effects_copy(&copy, &call->effects);
	if (facts_gather(&g->facts, &copy)) {
		looked(call, &copy);
		return;
	}
	struct look *look = xcalloc(1, sizeof(*look));
	look->gate = g;
	memcpy(look->id, call->id, sizeof(look->id));
	facts_work(g->loop, &g->facts, &copy, on_looked, look);
}

/* ---- the answer ---- */

static void write_whole(struct jsonw *w, const struct call *call, size_t most)
{
	struct span params = call->message.params;
	bool cut = params.len > most;
	jw_kv_raw(w, "params", cut ? (struct span){ 0 } : params);
	jw_kv_bool(w, "cut", cut);
	if (cut) {
		jw_kv_span(w, "head", (struct span){ params.at, PREVIEW_HEAD });
		jw_kv_int(w, "size", (int64_t)params.len);
	}
	if (call->proposed.data) {
		jw_kv_raw(w, "proposed", call->proposed_message.arguments);
	}
	write_files(w, call, most);
}

void call_preview(struct call *call, struct span rpc_id, struct span params)
{
	struct hash mark = mark_of(call); /* before the content: a change meanwhile is seen later */
	struct span known = { 0 }, value;
	struct buf line = { 0 };
	char hex[HASH_HEX + 1];
	bool whole = false;
	hash_hex(&mark, hex);
	bool same = json_member(params, "known", &known) && json_is(known, hex);
	if (json_member(params, "whole", &value)) {
		json_bool(value, &whole);
	}
	struct jsonw w = rpc_answer(&line, rpc_id, "result");
	jw_kv_text(&w, "mark", hex);
	jw_kv_bool(&w, "same", same);
	if (!same) {
		write_whole(&w, call, whole ? PREVIEW_HARD : PREVIEW_BYTES);
	}
	rpc_close(&w);
	wire_tell(call->gate->wire, &line);
	if (!hash_same(&mark, &call->looked)) {
		call->looked = mark;
		look_again(call);
	}
}
