/*
 * Files as they were before a call: what a gate says of them goes to the writer, but for what may
 * hold secrets and for files of another machine. And what a person restores, which is recorded
 * before it is done.
 */
#include "config.h"

#include "ipc/broker_before.h"

#include "core/match.h"
#include "core/policy/rule.h"
#include "core/policy/sets.h"
#include "core/rpc.h"
#include "ipc/before.h"
#include "ipc/broker_event.h"
#include "ipc/wire.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- from the gate ---- */

static bool may_hold_secrets(struct conn *c, struct span path)
{
	struct policy_call call = { 0 };
	bool secret = (path_sets(path) & SET_SECRET) != 0;
	policy_fill(c->broker, c, &c->claims, &call);
	for (size_t i = 0; i < call.rules->secret.count && !secret; i++) {
		secret = glob_match(span_of(call.rules->secret.list[i]), path);
	}
	return secret;
}

static struct before_keep *keep_of(int64_t number, struct span file)
{
	char *path = json_type(file) == JSON_OBJECT ? json_member_text(file, "path") : NULL;
	if (!path || path[0] != '/' || strlen(path) >= PATH_MAX) {
		free(path);
		return NULL;
	}
	struct before_keep *keep = xcalloc(1, sizeof(*keep));
	keep->number = number;
	keep->path = path;
	return keep;
}

/* What the gate says of why is one of its own words, and another process's: ours are stored. */
static const char *why_of(struct span file)
{
	static const char *const words[] = { "it was no regular file", "it was larger than 1 MiB",
		"the call writes too much at once", "its file system may be slow" };
	struct span value;
	if (!json_member(file, "why", &value)) {
		return NULL;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (json_is(value, words[i])) {
			return words[i];
		}
	}
	return "it could not be read";
}

static void take_file(struct conn *c, int64_t number, struct span file, bool here)
{
	struct before_keep *keep = keep_of(number, file);
	struct buf content = { 0 };
	struct span value;
	if (!keep) {
		return;
	}
	keep->why = why_of(file);
	keep->absent = json_member(file, "state", &value) && json_is(value, "absent");
	if (json_member(file, "mode", &value)) {
		json_int(value, &keep->mode);
	}
	if (!here) {
		keep->why = "it lies on another machine";
	} else if (may_hold_secrets(c, span_of(keep->path))) {
		keep->why = "it may hold secrets";
	} else if (!keep->why && !keep->absent) {
		if (json_member(file, "content", &value) && json_type(value) == JSON_STRING &&
			value.len < 2 * BEFORE_BYTES) {
			json_decode(value, &content);
		} else {
			keep->why = "it could not be read";
		}
	}
	writer_before(c->broker->writer, keep, &content);
}

void before_note(struct conn *c, int64_t number, struct span params)
{
	struct span files, file, host;
	char here[BEFORE_HOST];
	if (number <= 0 || !json_member(params, "files", &files) ||
		json_type(files) != JSON_ARRAY) {
		return;
	}
	bool same = json_member(params, "host", &host) && json_is(host, before_host(here));
	struct json_walk walk = json_walk_of(files);
	for (int n = 0; n < BEFORE_FILES && json_next(&walk, NULL, &file); n++) {
		take_file(c, number, file, same);
	}
}

void before_after(struct broker *b, int64_t number, struct span params)
{
	struct span files, file, value;
	if (number <= 0 || !json_member(params, "after", &files) ||
		json_type(files) != JSON_ARRAY) {
		return;
	}
	struct json_walk walk = json_walk_of(files);
	for (int n = 0; n < BEFORE_FILES && json_next(&walk, NULL, &file); n++) {
		struct before_keep *keep = keep_of(number, file);
		struct buf none = { 0 };
		if (!keep) {
			continue;
		}
		keep->why = "what it held was not kept";
		if (json_member(file, "hash", &value) && value.len == HASH_HEX + 2) {
			hash_from_hex((struct span){ value.at + 1, HASH_HEX }, &keep->after);
		}
		writer_before(b->writer, keep, &none);
	}
}

/* ---- from the person ---- */

void before_restored(struct conn *c, const struct message *m)
{
	static const char *const states[] = { "begins", "done", "failed" };
	struct broker *b = c->broker;
	struct span value;
	int64_t number = 0;
	char trouble[WRITER_TROUBLE] = "the details of calls cannot be kept";
	const char *state = NULL;
	char *path = m->params.at ? json_member_text(m->params, "path") : NULL;
	for (size_t i = 0; path && i < COUNT_OF(states); i++) {
		bool is = json_member(m->params, "state", &value) && json_is(value, states[i]);
		state = is ? states[i] : state;
	}
	if (path && json_member(m->params, "number", &value)) {
		json_int(value, &number);
	}
	if (b->writer) {
		writer_trouble(b->writer, trouble);
	}
	if (!path || !state || number <= 0) {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "it lacks number, path or state");
	} else if (trouble[0]) {
		wire_error(c, m->id, WIRE_NOT_RECORDED, trouble);
	} else {
		struct buf line = { 0 };
		event_restore(c, number, path, state, m->params);
		struct jsonw w = rpc_answer(&line, m->id, "result");
		rpc_close(&w);
		conn_send(c, &line);
	}
	free(path);
}
