/*
 * What the broker said, as plain records: the queue in arrival order, which call is selected, the
 * counters. Pure: JSON in, records out. The selection is a call's id; an arrival never moves it.
 */
#ifndef BASCULE_TUI_MODEL_H
#define BASCULE_TUI_MODEL_H

#include "core/base.h"
#include "core/life.h"

enum model_risk { RISK_LOW, RISK_MEDIUM, RISK_HIGH, RISK_HIGHEST, RISK_COUNT };
enum model_kind { MODEL_CALL, MODEL_SERVER };

/* member of an item and of the record */
#define MODEL_TEXTS(X) \
	X(method) \
	X(tool) \
	X(target) \
	X(server) \
	X(profile) \
	X(toward) \
	X(rule) \
	X(reason) \
	X(cwd) \
	X(branch) \
	X(bytes) \
	X(said) \
	X(decider) \
	X(edited_by) \
	X(denied_by) \
	X(approved_by) \
	X(program)

/* member of an item's client, or of `who` of a recorded call, and of the record: what the agent
 * says of itself and where it sits */
#define MODEL_WHO(X) \
	X(session) \
	X(turn) \
	X(call_id) \
	X(agent_id) \
	X(agent_type) \
	X(model) \
	X(permission_mode) \
	X(sandbox_mode) \
	X(tmux) \
	X(pane) \
	X(editor)

struct model_who {
#define X(name) char *name; /* NULL: not said */
	MODEL_WHO(X)
#undef X
	char *above; /* names of the processes above the agent, nearest first */
};

enum { MODEL_EFFECTS_MAX = 256, MODEL_PASSED_MAX = 8 };

struct model_effect {
	/* as in core/effects/effect.h; NULL: not said */
	char *kind, *arg, *given, *how, *word, *path, *state, *text;
	bool inside, late;
	unsigned part, marks;
	int64_t links;
};

struct model_behind {
	int64_t number;
	char *tool, *target, *would;
};

/* The latest call that was much like it. */
struct model_like {
	bool here; /* the answer is in */
	int64_t number, at; /* number 0: there is none; at: Unix ms */
	int64_t approved, denied; /* how many such */
	char *decision, *except;
};

/* The same form was denied before in its session. */
struct model_denied {
	int64_t count, number, at; /* count 0: it was not; number: of the latest; at: Unix ms */
	char *reason;
};

enum model_show { SHOW_NONE, SHOW_ASKED, SHOW_HERE, SHOW_FAILED };
enum model_sent { SENT_NONE, SENT_APPROVE, SENT_DENY };

struct model_item {
	char *call;
	int64_t number, revision;
	enum model_kind kind;
	enum life_state state;
	enum model_risk risk;
#define X(name) char *name;
	MODEL_TEXTS(X)
#undef X
	char *client, *client_version;
	char *client_program; /* as the kernel names it */
	struct model_who who;
	int64_t client_pid;
	int64_t arrived, deadline; /* Unix ms; deadline 0: none */
	int64_t expires; /* the same of a parked or armed one: nobody waits for it any more */
	/* Unix ms: a decision is delivered then, and can be taken back; 0: none */
	int64_t denied_at, approved_at;
	struct model_effect *effects;
	size_t effect_count, effects_more; /* more: not kept */
	char **argv, **scope;
	size_t argc, scope_count;
	struct model_denied denied;
	struct model_behind *behind;
	size_t behind_count;
	int64_t behind_all; /* how many there are; the broker names the first of them */

	/* new whenever anything a person decides on is; never 0, never used twice */
	uint64_t stamp;
	/* the item as it came, but for what only ages: compared to tell whether it changed */
	char *raw;
	enum model_sent sent; /* decided here, the answer is not in yet */
	bool marked; /* for a batch */
	bool hidden; /* by the filter */
	bool seen; /* as it is now, all of it has been on screen */
	bool ended; /* not in the queue any more; shown until the selection leaves it */
	char *ended_by;
	struct model_like like;
	enum model_show show;
	char *show_text; /* SHOW_HERE: the result as it came, JSON; SHOW_FAILED: why */
	size_t show_len;
	char *mark; /* of its files as they were last shown; NULL: not said */
	int64_t changed_at; /* when they were seen to be others, by the console's clock; 0: never */
	bool whole; /* the person wants all of it, however large */
	size_t invisible; /* characters of its params, as they were shown, that nobody would see */
	bool looking; /* asked whether they are still the same */
};

struct model_passed {
	int64_t number;
	char *tool, *target, *server, *rule;
};

enum model_master { MASTER_POLICY, MASTER_HOLD, MASTER_DENY };

struct model {
	struct model_item **items;
	size_t count, cap;
	char *selected; /* call id, or NULL */
	int64_t allowed, approved, denied, withdrawn, gates;
	char *trouble, *root;
	char *policy; /* the files whose rules are in force; NULL: not said */
	bool policy_held; /* they cannot be read, and never could: everything is held */
	bool policy_broken; /* a file of them cannot be read now */
	enum model_master master; /* the switch over the policy */
	char *master_by;
	int64_t master_since; /* Unix ms */
	int64_t muted_until; /* Unix ms; 0: not muted */
	struct model_passed passed[MODEL_PASSED_MAX]; /* newest last */
	size_t passed_count;
	uint64_t last_stamp;
};

void model_finish(struct model *model); /* zero-initialised is ready */

/* Each takes a validated JSON object (the params of the notification, the result of the request).
 */
void model_snapshot(struct model *model, struct span json);
void model_item(struct model *model, struct span json);
void model_counters(struct model *model, struct span json);
void model_passed(struct model *model, struct span json);
void model_forget_passed(struct model *model);
void model_master(struct model *model, struct span json); /* {mode, by, since} */
void model_trouble(struct model *model, struct span text); /* a JSON string or null */
void model_policy(struct model *model, struct span json); /* {files, held, broken} */
/* Returns the item if it was there, already removed unless it is the selected one and its end is
 * worth seeing (withdrawn, expired, unknown); `words` gets what happened, for the status line; the
 * caller frees it. */
void model_gone(struct model *model, struct span json, char **words);

/* The preview of a call: the result of `show`, or why there is none. False: not for this revision,
 * ask again. `now`: the console's clock. */
bool model_shown(struct model *model, struct model_item *item, struct span json, int64_t now);
void model_show_failed(struct model *model, struct model_item *item, const char *why);
void model_liked(struct model *model, struct model_item *item, struct span json);
/* The answer to a decision; if the item has changed since, its present state came with that. */
void model_decided(
	struct model *model, struct model_item *item, int64_t revision, struct span json);
/* all but the selected one's: they may be megabytes */
void model_forget_shows(struct model *model);
/* The connection is gone: nothing is sent, nothing shown. True if a decision was under way. */
bool model_ask_anew(struct model *model);

struct model_item *model_find(const struct model *model, const char *call); /* NULL too */
struct model_item *model_selected(const struct model *model);
size_t model_index(const struct model *model, const struct model_item *item);
/* drops an ended one that it leaves */
void model_select(struct model *model, const struct model_item *item);
void model_move(struct model *model, long by); /* stops at the ends */
/* When what was decided of it is delivered, Unix ms; 0: nothing is under way. */
int64_t model_pending(const struct model_item *item);
/* The decision under way that is to be taken back: the selected call's, else the latest; or NULL.
 */
struct model_item *model_undoable(const struct model *model);
/* the next one that waits, else the one before, else stays */
void model_next_undecided(struct model *model);

/* As they are shown: raw JSON, absent while there is no preview or it is not whole. */
struct span model_params(const struct model_item *item);
struct span model_arguments(const struct model_item *item);
bool model_waits(const struct model_item *item); /* a person can still say yes */
/* Why it cannot be part of a batch, in our own words; NULL: it can. */
const char *model_unmarkable(const struct model_item *item);
size_t model_marked(const struct model *model); /* how many are */
/* it waits although the rules, which have changed since, would let it pass */
bool model_would_pass(const struct model_item *item);
size_t model_waiting(const struct model *model, size_t by_risk[RISK_COUNT]); /* all of them */
/* what the call acts on, for a row; may be absent */
struct span model_target(const struct model_item *item);
/* our own words in front of it, where it does not speak for itself ("installs"); else "" */
const char *model_verb(const struct model_item *item);

#endif
