/*
 * The members of `_meta` by which clients name their sessions and turns, as seen on the wire: Codex
 * 0.169 and Claude Code 2.1. A table; the first member that is there counts. Pure; called by the
 * broker for each submission.
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

#define SESSION offsetof(struct caller, session)
#define TURN offsetof(struct caller, turn)

static const struct place places[] = {
	{ SESSION, "x-codex-turn-metadata", "session_id" },
	{ SESSION, NULL, "threadId" },
	{ TURN, "x-codex-turn-metadata", "turn_id" },
	{ TURN, NULL, "claudecode/toolUseId" },
	{ TURN, NULL, "callId" },
};

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
		char **to = (char **)(void *)((char *)caller + places[i].to);
		if (!*to) {
			*to = label_at(meta, &places[i]);
		}
	}
}

void caller_finish(struct caller *caller)
{
	free(caller->session);
	free(caller->turn);
	*caller = (struct caller){ 0 };
}
