/*
 * One rule as it was read: for judgement, explain, checks and the writer alone.
 *
 * A rule's words are terms. Terms of one sort are alternatives, all sorts together must hold, and
 * no exception may. What an allow rule says must be proven of an effect; what a hold or deny rule
 * says needs only be possible; with exceptions it is the other way round.
 */
#ifndef BASCULE_CORE_POLICY_RULE_H
#define BASCULE_CORE_POLICY_RULE_H

#include "core/policy/policy.h"
#include "core/policy/rules.h"
#include "core/policy/sets.h"

enum {
	SET_SELF = 16, /* bascule's own, beside enum path_set */
	RULES_MAX = 4096, /* lines that are rules, of one file */
	RULE_LINE_MAX = 4096,
	RULE_PROJECT_BYTES = 64 * 1024, /* of a project's file, which the agent can write */
	RULE_PROJECT_MAX = 200,
	RULE_WORDS_MAX = 128, /* of a line */
};

enum term_sort {
	TERM_PLACE, /* in-scope, out-of-scope */
	TERM_SET, /* secret, control, self, task, build */
	TERM_VCS, /* tracked, untracked, own, new, ignored: each a sort of its own */
	TERM_OWN,
	TERM_NEW,
	TERM_IGNORED,
	TERM_HOW,
	TERM_GLOB, /* of paths */
	TERM_ARGV,
	TERM_CHECK,
	TERM_TEXT, /* committed, accepted */
	TERM_NAME, /* glob over a task, package, branch, host, tool */
	TERM_MANAGER,
	TERM_LOCKFILE,
	TERM_UNCHANGED,
	TERM_NO_SCRIPTS,
	TERM_PROTECT, /* protected, unprotected */
	TERM_TO,
	TERM_ON,
	TERM_SERVER,
	TERM_SORT_COUNT
};

/* Where a path's glob is anchored; its text keeps the slash. */
enum term_anchor { ANCHOR_ROOT, ANCHOR_HOME, ANCHOR_SCOPE, ANCHOR_NONE };

struct term {
	enum term_sort sort;
	unsigned bits; /* of sets; which of two, for PLACE, VCS, PROTECT */
	enum term_anchor anchor;
	char *text; /* glob, name, how; NULL where the bits say it */
	char *folded; /* GLOB: the same for comparing with what is held */
	char **argv; /* ARGV */
	size_t argc;
	bool open; /* ARGV: "..." at its end */
};

struct rule_example {
	bool ok;
	unsigned line;
	char *text;
};

struct rule {
	enum verdict verdict;
	enum rule_level level;
	uint32_t kinds; /* 1 << enum effect_kind */
	struct term *terms; /* what it says, then its exceptions */
	size_t count, excepts;
	bool excepting; /* while it is read: "except" was */
	uint64_t needs; /* bits without which none of its globs or argvs fits: see glob_needs */
	unsigned even; /* sets that an allow rule of paths covers all the same */
	unsigned line;
	char *id; /* FILE:LINE */
	char *text; /* its words, one space between */
	char *comment; /* the lines above it, and behind it; NULL: there is none */
	struct rule_example *examples;
	size_t example_count;
};

struct rules {
	enum rule_level level;
	char *file;
	struct rule *list;
	size_t count, cap;
	struct texts {
		char **list;
		size_t count, cap;
	} protect, scopes, secret, control, databases;
	struct rule_index {
		const struct rule **list;
		size_t count, cap;
	} index[EFFECT_KIND_COUNT]; /* of this file, or of all levels that were joined */
	bool joined; /* the texts are borrowed from the levels */
	char *project_scope;
	bool protect_origin; /* what origin/HEAD points to is protected */
	char *hold_all; /* why everything is held; NULL: it is not */
	char hash[65];
};

/* What the rules look at, made once for an effect. */
enum { TARGET_PATH_MAX = 4352, TARGET_SPELLINGS = 3, TARGET_ARGV_MAX = 64 };

struct target {
	const struct policy_call *call;
	const struct effect *effect;
	const struct rules *rules;
	const char *how; /* the effect's, or "tree" for what replaces a directory */
	const char *branch; /* PUSH, BRANCH: without refs/heads/; NULL: not known */
	unsigned sets; /* in any spelling */
	size_t spellings;
	char spelling[TARGET_SPELLINGS][TARGET_PATH_MAX]; /* folded; loosely */
	bool unfolded; /* a spelling could not be folded: it may be anything */
	struct span argv[TARGET_ARGV_MAX]; /* into `words` */
	size_t argc;
	char *words;
	uint64_t parts; /* glob_parts of all spellings and the path, or of the words */
};

void target_init(struct target *target, const struct policy_call *call, const struct effect *effect,
	const struct rules *rules);
void target_finish(struct target *target);
/* Whether the rule speaks of this effect. `why`, if not NULL, says what did not fit. */
bool rule_fits(const struct rule *rule, const struct target *target, char *why, size_t size);
/* Why no rule can allow this effect as its facts are; NULL: one may. Static words. */
const char *target_doubt(const struct target *target);

/* Reads the words of one rule. False: err, without FILE:LINE. */
bool rule_read(struct rule *rule, enum rule_level level, const struct span *words, size_t count,
	struct err *err);
void rule_finish(struct rule *rule);

/* The checks of a whole file: each finding goes to `found` with the line. */
typedef void rule_finding(void *data, const struct rule *rule, const char *words);
void rules_check(const struct rules *rules, rule_finding *found, void *data);
bool rule_covers(const struct rule *strict, const struct rule *allow);
void rules_examples(const struct rules *rules, rule_finding *found, void *data);

/* Cuts a line into words: at spaces and tabs, "…" is one, # at the start of one begins a comment.
 * False: err. */
bool rule_words(
	struct span line, struct span *words, size_t *count, struct span *comment, struct err *err);
/* The same as rules_parse, without checks and examples. */
struct rules *rules_read(const char *file, enum rule_level level, struct span text,
	struct buf *more, struct err *err);
void rules_index(struct rules *rules, const struct rules *of);
void texts_add(struct texts *texts, struct span text);

/* Task names that say of themselves that they only check or build. */
bool task_is_check(struct span name);

#endif
