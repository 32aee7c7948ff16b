/*
 * Rule files: policy.rules, one rule a line; the manual page is bascule-policy(5).
 *
 *   version 1                              first
 *   scope DIR...                           user only; relative globs are anchored here as well
 *   protect branch PATTERN...              the user's list replaces the built-in one
 *   secret path GLOB...                    adds to a set; so does `control path`
 *   dev database NAME...                   user only
 *   default hold                           nothing else is possible
 *   allow|hold|deny SUBJECT WHAT... [even SET...] [except WHAT...]
 *     ok  EXAMPLE                          indented: belongs to the rule above, run when read
 *     not EXAMPLE
 *
 * SUBJECT is the name of an effect's kind, or push-protected. WHATs of one sort are alternatives,
 * all sorts together must hold:
 *   read write delete  in-scope out-of-scope | secret control self task build | tracked untracked |
 *                      own | new | ignored | list tree file replace edit mkdir away mode link |
 * GLOB exec               readonly local | argv W... (... at the end: any further words that do not
 *                      lead out of the directory); argv fits tasks too
 *   task               check | committed accepted | argv W... | NAME
 *   install            MANAGER | PACKAGE | lockfile | when lockfile-unchanged | no-scripts |
 *                      global source fetch-run remove
 *   push               protected unprotected | BRANCH | to REMOTE | force delete tags all
 *   branch             create switch commit move delete | protected unprotected | BRANCH
 *   net                local remote | HOST      sql  read write | on dev
 *   tool               SERVER TOOL... or SERVER read write      cloud  read write | PROGRAM
 *   others             nothing
 * GLOB: absolute, below ~, from the scope ("src/x"), a bare "*.md" anywhere in it, "./NAME"; only
 * "**" crosses a slash. "contained" is reserved.
 *
 * The strictest match wins: deny > hold > allow; order never matters. What an allow rule says must
 * be proven, what a hold or deny rule says need only be possible; with exceptions it is the other
 * way round. An allow rule never covers secret, control or self unless it says so by "even".
 * Unknown words, rules that can never match, and rules another one makes useless are errors with
 * FILE:LINE and the nearest known name.
 *
 * Levels: built-in; the system's in /etc/bascule (only hold and deny); user; project (only hold and
 * deny, in its own scope, 64 KiB, 200 rules). Each is one struct rules; rules_join makes the policy
 * in force of them.
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

/* Every rule of one file, in its order: what it is called by, and its words. */
typedef void rules_each_fn(void *data, const char *rule, const char *text);
void rules_each(const struct rules *rules, rules_each_fn *each, void *data);
/* The same as elements of a JSON array that is open: {rule, level, line, verdict, text, comment,
 * examples: [{ok, text}]}, and what more(data, rule, w) adds. */
struct jsonw;
typedef void rules_more_fn(void *data, const char *rule, struct jsonw *w);
void rules_write(const struct rules *rules, struct jsonw *w, rules_more_fn *more, void *data);

size_t rules_count(const struct rules *rules);
struct span rules_hash(const struct rules *rules); /* 64 hex digits; for "policy changed" */
/* Canonical form of a file's text, comments kept; idempotent. False: does not parse. */
bool rules_format(struct span text, struct buf *out, struct err *err);

/* The user has said that this database, by host or name, is for development. */
bool rules_database_is_dev(const struct rules *rules, struct span name);

/* Branch protection in force: the user's list replaces the built-in one. `origin_head` is what
 * origin/HEAD points to, NULL or "" if not known. An empty name is protected. */
bool rules_protects(const struct rules *rules, struct span branch, const char *origin_head);

#endif
