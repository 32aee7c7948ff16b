/*
 * The members of `_meta` by which clients name their sessions, turns and calls, as seen on the
 * wire: Codex 0.169 and Claude Code 2.1; and those in which our own hooks say what an agent told
 * them. A table; the first member that is there counts. Pure; called by the broker for each
 * submission, and by the hook, which writes them.
 */
#include "config.h"

#include "core/caller.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

enum { LABEL_BYTES = 80 /* what is longer is no label */ };

struct place {
	size_t to; /* in struct caller */
	const char *outer, *inner; /* outer NULL: in _meta itself */
};

#define AT(label) offsetof(struct caller, label)

static const struct place places[] = {
#define X(label) { AT(label), CALLER_OWN, #label },
	CALLER_LABELS(X)
#undef X
		{ AT(session), "x-codex-turn-metadata", "session_id" },
	{ AT(session), NULL, "threadId" },
	{ AT(turn), "x-codex-turn-metadata", "turn_id" },
	{ AT(call_id), NULL, "claudecode/toolUseId" },
	{ AT(call_id), NULL, "callId" },
	{ AT(model), "x-codex-turn-metadata", "model" },
	{ AT(sandbox_mode), "x-codex-turn-metadata", "sandbox" },
};

static char **label_of(const struct caller *caller, size_t at)
{
	return (char **)(void *)((char *)(uintptr_t)caller + at);
}

static char *label_at(struct span meta, const struct place *place)
{
	struct span object = meta, value;
	if (place->outer && !json_member(meta, place->outer, &object)) {
		return NULL;
	}
	if (json_type(object) != JSON_OBJECT || !json_member(object, place->inner, &value) ||
		json_type(value) != JSON_STRING || value.len > LABEL_BYTES) {
		return NULL;
	}
	char *label = json_strdup(value);
	if (label && !label[0]) {
		free(label);
		label = NULL;
	}
	return label;
}

void caller_read(struct caller *caller, struct span params)
{
	struct span meta;
	*caller = (struct caller){ 0 };
	if (!json_member(params, "_meta", &meta) || json_type(meta) != JSON_OBJECT) {
		return;
	}
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		char **to = label_of(caller, places[i].to);
		if (!*to) {
			*to = label_at(meta, &places[i]);
		}
	}
}

/* The labels, in the order of the list. */
static const struct {
	const char *name;
	size_t at;
} labels[] = {
#define X(label) { #label, AT(label) },
	CALLER_LABELS(X)
#undef X
};

void caller_finish(struct caller *caller)
{
	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		free(*label_of(caller, labels[i].at));
	}
	*caller = (struct caller){ 0 };
}

bool caller_is_empty(const struct caller *caller)
{
	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		if (*label_of(caller, labels[i].at)) {
			return false;
		}
	}
	return true;
}

void caller_write(const struct caller *caller, struct jsonw *w)
{
	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		const char *text = *label_of(caller, labels[i].at);
		if (text) {
			jw_kv_text(w, labels[i].name, text);
		}
	}
}
