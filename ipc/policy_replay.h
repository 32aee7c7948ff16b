/* What the files of `bascule policy replay` share: questions counted, sessions and their grants. */
#ifndef BASCULE_IPC_POLICY_REPLAY_H
#define BASCULE_IPC_POLICY_REPLAY_H

#include "ipc/policy_cmd.h"

#include "core/map.h"
#include "core/policy/grant.h"

enum { REPLAY_GRANTS_MAX = 512 };

enum replay_grants { GRANTS_NONE, GRANTS_SESSION, GRANTS_PROJECT };

/* Whose grants: a session, or a project over all its sessions. */
struct replay_owner {
	struct replay_owner *next;
	char *name;
	struct grant *grants[REPLAY_GRANTS_MAX];
	size_t count;
};

struct replay_session {
	struct replay_session *next;
	char *name;
	struct replay_owner *owner;
	unsigned asks;
};

struct replay_tally {
	char *words;
	unsigned count;
};

enum replay_tallies { TALLY_REASONS, TALLY_RULES, TALLY_COUNT };

/* id, name in JSON, title. What became of a recorded call's verdict. The first is the one that a
 * person must see: it is printed in full, before everything else. */
#define REPLAY_CHANGES(X) \
	X(REFUSED, "denied_before", "a person denied it, and it would pass now") \
	X(ALLOWED, "newly_allowed", "held or denied then, would pass now") \
	X(HELD, "newly_held", "passed then, would be asked now") \
	X(DENIED, "newly_denied", "passed or was asked then, would be denied now") \
	X(ASKED, "still_asked", "asked then, would be asked now") \
	X(GRANTED, "granted_before", "passed by a grant then, no rule allows it now")

enum replay_change {
#define X(id, name, title) CHANGE_##id,
	REPLAY_CHANGES(X)
#undef X
		CHANGE_COUNT,
	CHANGE_NONE = CHANGE_COUNT
};

struct replay_changed {
	int64_t number;
	char *words; /* foreign parts not yet safe */
};

struct replay {
	struct policy_places places;
	enum replay_grants kind;
	bool json, list, history; /* history: recorded calls, not a log's */
	const char *inject;
	struct replay_owner *owners;
	struct replay_session *sessions;
	size_t session_count;
	struct map by_name; /* "s:NAME" -> session, "o:NAME" -> owner */

	struct replay_tally *all[TALLY_COUNT];
	size_t all_count[TALLY_COUNT], all_cap[TALLY_COUNT];
	size_t calls, asks, denied, granted, faults, injected, unsafe;

	/* of the history */
	size_t not_kept;
	struct replay_changed *changed[CHANGE_COUNT]; /* REFUSED; the others with --list */
	size_t changed_kept[CHANGE_COUNT], changed_cap[CHANGE_COUNT];
	size_t changes[CHANGE_COUNT]; /* how many, kept or not */
};

/* One judged call, in its order. */
struct replay_call {
	const char *id, *session, *owner; /* owner: whose grants may cover it */
	struct span tool;
	const struct policy_call *call; /* without effects: its arguments are refused */
	const struct judgement *judgement;
	bool refused; /* a person said no: that leaves nothing behind */
};
void replay_take(struct replay *r, const struct replay_call *c);

/* Recorded calls that arrived since then, by the rules of now. */
bool replay_history(struct replay *r, int64_t since_us, struct err *err);
/* "2d", "12h", "30m", or a day of the calendar as it begins here; in microseconds. */
bool replay_since(const char *text, int64_t *since_us, struct err *err);

void replay_print(struct replay *r);

#endif
