/*
 * Which call of a gate, or permission question, is the one that was asked at a hook. Promises:
 * whatever `_meta` says, a call of another process, server, tool or arguments never fits. Pure;
 * called by ipc/broker_grant.c.
 */
#include "config.h"

#include "core/policy/once.h"

#include "core/json.h"

#include <string.h>

/* Where agents put their id of a call for a server to see: Claude Code 2.1, Codex 0.169. */
static const char *const id_members[] = { "claudecode/toolUseId", "callId" };

bool once_ids_agree(struct span params, const char *id)
{
	struct span meta, value;
	size_t said = 0;
	if (!json_member(params, "_meta", &meta) || json_type(meta) != JSON_OBJECT) {
		return !id;
	}
	for (size_t i = 0; i < COUNT_OF(id_members); i++) {
		if (!json_member(meta, id_members[i], &value)) {
			continue;
		}
		if (!id || !json_is(value, id)) {
			return false;
		}
		said++;
	}
	return said || !id;
}

struct hash once_facts(const struct effects *effects, struct span branch)
{
	struct effects seen;
	effects_copy(&seen, effects);
	for (size_t i = 0; i < seen.count; i++) {
		seen.list[i].fact.marks &= ~(unsigned)(MARK_OWN | MARK_ACCEPTED);
	}
	struct hash hash = effects_hash(&seen, branch);
	effects_finish(&seen);
	return hash;
}

static bool ids_fit(const struct once *once, const struct once_call *call)
{
	return call->permission ? !once->id || !call->id || strcmp(once->id, call->id) == 0
				: once_ids_agree(call->params, once->id);
}

static bool forms_fit(const struct once *once, const struct once_call *call)
{
	return hash_same(&once->same, &call->same) ||
		(call->permission && hash_same(&once->same, &call->plain));
}

enum once_fit once_fits(const struct once *once, const struct once_call *call)
{
	if (once->pid != call->pid || once->start != call->start ||
		once->permission != call->permission || !hash_same(&once->tuple, &call->tuple) ||
		!forms_fit(once, call) || !ids_fit(once, call)) {
		return ONCE_OTHER;
	}
	return hash_same(&once->facts, &call->facts) ? ONCE_FITS : ONCE_CHANGED;
}
