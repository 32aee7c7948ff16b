/*
 * What a person types to find calls: words and `field:word`, all of which must fit; "-" in front
 * turns one round, "…" keeps spaces. `tool:write_file -client:cursor branch:feat* "two words"`.
 *
 * A word fits if it stands anywhere in the value, whatever the case; with * or ? in it, it has to
 * fit the whole value (`*` crosses slashes). Without a field it may fit any. Pure: the values come
 * from the caller. What the fields from `verdict` on are compared with is the history's business
 * (core/history_filter.h).
 */
#ifndef BASCULE_CORE_QUERY_H
#define BASCULE_CORE_QUERY_H

#include "core/base.h"

/* id, name, what it is compared with */
#define QUERY_FIELDS(X) \
	X(TOOL, "tool", "the tool's name") \
	X(PATH, "path", "what the call acts on: a path, a command, a branch") \
	X(SERVER, "server", "the server's name") \
	X(CLIENT, "client", "who asks") \
	X(BRANCH, "branch", "the branch that is checked out") \
	X(RULE, "rule", "the rule that decided, FILE:LINE") \
	X(REASON, "reason", "why it waits") \
	X(RISK, "risk", "low, medium, high, highest") \
	X(STATE, "state", "held, parked, armed, …") \
	X(VERDICT, "verdict", "what the rules said: allowed, held, denied") \
	X(DECISION, "decision", "what a person said: approved, denied, none") \
	X(BY, "by", "who decided: me, rule, grant, or part of a name") \
	X(OUTCOME, "outcome", "how it ended: result, tool_error, error, cancelled, server_gone") \
	X(REPO, "repo", "the directory that it came from") \
	X(ID, "id", "the call's number") \
	X(SESSION, "session", "the session's number") \
	X(SINCE, "since", "not before: 2d, yesterday, 2026-11-01") \
	X(BEFORE, "before", "earlier than: the same") \
	X(TOOK, "took", "how long it ran: >2s, <100ms")

enum query_field {
#define X(id, name, meaning) QUERY_##id,
	QUERY_FIELDS(X)
#undef X
		QUERY_FIELD_COUNT,
	QUERY_ANY = QUERY_FIELD_COUNT
};

enum { QUERY_TERMS_MAX = 16 };

struct query_term {
	enum query_field field;
	bool negated;
	char *text; /* folded to lower case */
	size_t at; /* the first character of the term, counted from 1 */
};

struct query {
	struct query_term terms[QUERY_TERMS_MAX];
	size_t count; /* 0: everything fits */
};

/* False: err says what is wrong and at which character; *query is empty then. */
bool query_parse(struct query *query, struct span text, struct err *err);
void query_finish(struct query *query); /* zero-initialised is ready */

/* The value of a field, NULL if there is none. */
typedef const char *query_value(const void *record, enum query_field field);
bool query_fits(const struct query *query, query_value *value, const void *record);

const char *query_field_name(enum query_field field);

#endif
