/*
 * The gate's part in policy: the user's profiles as the broker hands them out, the project's own
 * rules as they lie in the scope, and what is doubtful about a call's arguments by the server's own
 * list of tools. Nothing is decided here.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/effects/extract.h"
#include "core/effects/schema.h"
#include "core/rpc.h"
#include "ipc/log.h"
#include "ipc/own_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PROJECT_FILE_MAX = 64 << 10 };

/* ---- profiles ---- */

static bool add_profile(struct profiles *profiles, struct span entry)
{
	struct err err;
	char *file = NULL, *text = NULL;
	if (json_type(entry) == JSON_OBJECT) {
		file = json_member_text(entry, "file");
		text = json_member_text(entry, "text");
	}
	bool ok = file && text && profiles_add(profiles, file, span_of(text), &err);
	if (file && text && !ok) {
		log_line("%s", err.text);
	}
	free(file);
	free(text);
	return ok;
}

/* Calls that were read by other profiles and that nobody has judged yet are read again. One that is
 * with a broker already is held by it if that made a difference. */
static void read_again(struct gate *g)
{
	for (struct call *call = g->first_call; call; call = call->next) {
		if (call_undecided(call)) {
			effects_finish(&call->effects);
			call_extract(call);
			if (call->stage == CALL_ASKED) {
				facts_gather(&g->facts, &call->effects);
			}
		}
	}
}

void gate_take_policy(struct gate *g, struct span policy)
{
	struct span list, key, entry;
	if (!policy.at || json_type(policy) != JSON_OBJECT ||
		!json_member(policy, "profiles", &list) || json_type(list) != JSON_ARRAY) {
		return;
	}
	struct hash now = hash_of(list);
	if (hash_same(&now, &g->profiles_hash)) {
		return;
	}
	struct profiles *profiles = profiles_create();
	struct json_walk walk = json_walk_of(list);
	while (json_next(&walk, &key, &entry)) {
		add_profile(profiles, entry);
	}
	profiles_destroy(g->profiles);
	g->profiles = profiles;
	g->profiles_hash = now;
	read_again(g);
}

/* ---- the project's rules ---- */

void gate_send_project(struct gate *g)
{
	struct stat st;
	struct buf text = { 0 }, line = { 0 };
	struct err err = { 0 };
	bool missing = false;
	if (!g->facts.count) {
		return;
	}
	char *path = xasprintf("%s/.bascule/policy.rules", g->facts.dirs[0].path);
	int64_t stamp = lstat(path, &st) == 0
		? st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec + (int64_t)st.st_ino
		: 0;
	if (stamp != g->project_stamp) {
		g->project_stamp = stamp;
		bool ok = stamp && own_file_read(path, PROJECT_FILE_MAX, &text, &missing, &err);
		struct jsonw j = rpc_open(&line, (struct span){ 0 }, "project");
		jw_kv_text(&j, "path", path);
		jw_kv_span(&j, "text", ok ? buf_view(&text) : (struct span){ 0 });
		jw_kv_text(&j, "trouble", stamp && !ok && !missing ? err.text : NULL);
		rpc_close(&j);
		wire_tell(g->wire, &line);
	}
	buf_finish(&text);
	free(path);
}

void gate_forget_project(struct gate *g)
{
	g->project_stamp = 0;
}

/* ---- doubts ---- */

static bool only_reads(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		if (e->kind != EFFECT_READ && e->kind != EFFECT_NOTHING &&
			(e->kind != EFFECT_REMOTE || strcmp(e->how, "read") != 0)) {
			return false;
		}
	}
	return effects->count > 0;
}

void gate_write_doubt(struct jsonw *j, const struct call *call)
{
	const struct listed_tool *listed = tools_listed(call->gate->tools, span_of(call->tool));
	char why[160];
	bool understood;
	if (!listed) {
		return;
	}
	if (listed->schema &&
		!schema_check(span_of(listed->schema), call->message.arguments, &understood, why)) {
		jw_kv_text(j, "doubt", why);
	} else if (listed->destructive && only_reads(&call->effects)) {
		jw_kv_text(j, "doubt", "the server says that this tool is destructive");
	}
}

/* ---- order ---- */

static bool may_change(const struct effect *e)
{
	return e->kind == EFFECT_BRANCH || e->kind == EFFECT_WRITE || e->kind == EFFECT_TASK ||
		(e->kind == EFFECT_EXEC && strcmp(e->how, exec_how_name(EXEC_READONLY)) != 0);
}

static bool rests_on_order(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (effect_has_repo(effects->list[i].kind) ||
			effects->list[i].kind == EFFECT_TASK ||
			effects->list[i].kind == EFFECT_INSTALL) {
			return true;
		}
	}
	return false;
}

static bool changes_something(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (may_change(&effects->list[i])) {
			return true;
		}
	}
	return false;
}

bool gate_waits_behind(const struct call *call)
{
	const struct gate *g = call->gate;
	uint64_t now = uv_now(g->loop);
	bool earlier = true;
	if (!rests_on_order(&call->effects) || now >= call->arrived_ms + GATE_BEHIND_MS) {
		return false;
	}
	for (const struct call *other = g->first_call; other; other = other->next) {
		bool runs = other->state == LIFE_RELEASED || other->state == LIFE_FORWARDED;
		earlier &= other != call;
		if ((runs || (earlier && call_undecided(other))) &&
			changes_something(&other->effects)) {
			return true;
		}
	}
	return false;
}
