/* Recorded calls, made ready to be judged again. Reads the history, and nothing else. */
#include "config.h"

#include "ipc/recorded.h"

#include <stdlib.h>
#include <string.h>

static void read_scope(struct recorded *r, struct span json)
{
	struct json_scan scan = { 0 };
	struct span key, item;
	size_t n = 0;
	if (!json.at || !json_validate(&scan, json, JSON_STRICT) || scan.type != JSON_ARRAY) {
		json_finish(&scan);
		return;
	}
	struct json_walk walk = json_walk_of(scan.value);
	while (n < RECORDED_SCOPE_MAX && json_next(&walk, &key, &item)) {
		char *dir = json_type(item) == JSON_STRING ? json_strdup(item) : NULL;
		if (dir) {
			r->scope[n++] = dir;
		}
	}
	json_finish(&scan);
}

bool recorded_read(struct recorded *out, struct history *history, const struct history_call *row,
	const struct history_session *session)
{
	struct buf json = { 0 };
	struct err err;
	struct hash same;
	*out = (struct recorded){ 0 };
	struct json_scan scan = { 0 };
	bool kept = history_effects(history, row->number, &json, &err) && json.len &&
		json_validate(&scan, buf_view(&json), JSON_STRICT) &&
		effects_read(&out->effects, scan.value, &err);
	json_finish(&scan);
	buf_finish(&json);
	if (!kept) {
		recorded_finish(out);
		return false;
	}
	/* As stored it is keyed, which is as good a name for the same call again. */
	memcpy(same.byte, row->same, sizeof(same.byte));
	hash_hex(&same, out->same);
	read_scope(out, session->scope_json);
	out->call = (struct policy_call){ .method = row->method,
		.tool = row->tool,
		.profile = session->profile,
		.server = session->server,
		.same = { out->same, HASH_HEX },
		.effects = &out->effects,
		.scope = (const char *const *)out->scope,
		.agreed = true,
		.listed = true };
	return true;
}

void recorded_finish(struct recorded *recorded)
{
	for (char **dir = recorded->scope; *dir; dir++) {
		free(*dir);
	}
	effects_finish(&recorded->effects);
	*recorded = (struct recorded){ 0 };
}

bool recorded_denied(const struct history_call *row)
{
	return row->decision.at && span_is(row->decision, "denied");
}
