/*
 * Rule files: policy.rules, one rule a line; see bascule-policy(5).
 *
 *   version 1
 *   protect branch main prod-?
 *   allow write in-scope except control secret
 *   allow exec  argv npm run gen ...
 *     ok  npm run gen -- --watch=false
 *     not npm run gen ; sh x.sh
 *   hold  install
 *   deny  self
 *
 * The strictest match wins: deny > hold > allow; order never matters. An exception is "except" on
 * the rule that it weakens. Unknown words, rules that can never match, and rules another one makes
 * useless are errors with FILE:LINE and the nearest known name.
 *
 * Levels: built-in; system (/etc/bascule, only hold and deny); user; project (only hold and deny,
 * in its own scope). Each is one struct rules; rules_join makes the policy in force of them.
 */
#ifndef BASCULE_CORE_POLICY_RULES_H
#define BASCULE_CORE_POLICY_RULES_H

#include "core/base.h"
#include "core/buf.h"

enum rule_level { LEVEL_BUILTIN, LEVEL_SYSTEM, LEVEL_USER, LEVEL_PROJECT };

struct rule; /* core/policy/rule.h: for judge, explain and the writer alone */
struct rules;

/* Parses, and runs every `ok` and `not` example. On false `err` has "FILE:LINE: what is wrong, what
 * was expected" of the first; `more`, if not NULL, gets every further one, a line each. `file` is
 * kept as the name rules are called by. */
struct rules *rules_parse(const char *file, enum rule_level level, struct span text,
	struct buf *more, struct err *err);
void rules_destroy(struct rules *rules);
/* The built-in policy alone. */
struct rules *rules_builtin(void);
/* One policy of several levels, which stay the caller's and must outlive it; NULLs are skipped.
 * `project_scope`: what the project's rules apply to. Also reports allow rules that a stricter one
 * makes useless; in `more`, as above. */
struct rules *rules_join(const struct rules *const *levels, size_t count, const char *project_scope,
	struct buf *more);
/* Holds everything: what is in force when there is no good file at first start. */
struct rules *rules_hold_all(const char *reason);

size_t rules_count(const struct rules *rules);
struct span rules_hash(const struct rules *rules); /* 64 hex digits; for "policy changed" */
/* Canonical form of a file's text, comments kept; idempotent. False: does not parse. */
bool rules_format(struct span text, struct buf *out, struct err *err);

/* Branch protection in force: the user's list replaces the built-in one. `origin_head` is what
 * origin/HEAD points to, NULL or "" if not known. An empty name is protected. */
bool rules_protects(const struct rules *rules, struct span branch, const char *origin_head);

#endif
