/*
 * What a call would do: a list of effects, each with the facts that the machine gave about its
 * target.
 *
 * The extractor (core/effects/extract.h) is pure and runs twice: in the gate, which adds the facts,
 * and in the broker, which compares. What nobody accounts for is an effect of kind unknown.
 *
 * `given`, `how` and `word` mean something else for each kind; the table says what. Policy looks at
 * nothing else.
 */
#ifndef BASCULE_CORE_EFFECTS_EFFECT_H
#define BASCULE_CORE_EFFECTS_EFFECT_H

#include "core/hash.h"
#include "core/json.h"
#include "core/jsonw.h"

/* id, name on the wire and in rules, verb for people; given / how / word */
#define EFFECT_KINDS(X) \
	/* path / "" | "list" | "tree" (what lies below is searched for content) | "run" (a \
	 * program that must be there) / "" */ \
	X(READ, "read", "reads") \
	/* path / enum write_how's name / for "link": where the new link would point */ \
	X(WRITE, "write", "writes") \
	/* path / "file" | "tree" / "" */ \
	X(DELETE, "delete", "deletes") \
	/* argv, quoted for sh / enum exec_how's name / the name of the program */ \
	X(EXEC, "exec", "runs") \
	/* argv, quoted for sh / the runner ("npm", "make", "cargo") / the task ("test") */ \
	X(TASK, "task", "runs the project's task") \
	/* package as given, "" for what a lockfile or manifest says / the manager ("npm") / \
	 * install_how's name */ \
	X(INSTALL, "install", "installs") \
	/* branch or pattern on the remote, "" for what git's configuration says / the remote / \
	 * "" | "force" | "delete" | "tags" | "all" */ \
	X(PUSH, "push", "pushes to") \
	/* branch, "" for the current one / "create" | "switch" | "commit" | "move" | "delete" / \
	 * "" or the new name of "move" */ \
	X(BRANCH, "branch", "changes the branch") \
	/* what is published / the tool that does it / "" */ \
	X(PUBLISH, "publish", "publishes") \
	/* the words, quoted for sh / the tool ("kubectl") / "read" | "write" */ \
	X(CLOUD, "cloud", "acts on") \
	/* what is lost, in words / the program / "" */ \
	X(DESTRUCTIVE, "destructive", "destroys") \
	/* the URL or host as given / "local" | "remote" | "odd" / the host in lower case, "" if \
	 * there is none */ \
	X(NET, "net", "connects to") \
	/* the statement / "read" | "write" | "odd" / "dev" | "" (which database is not known) */ \
	X(SQL, "sql", "queries") \
	/* the tool / "read" | "write" | "unknown" / the profile's or server's name */ \
	X(REMOTE, "tool", "uses") \
	/* the words / "kill" | "input" | "" / "" */ \
	X(PROCESS, "process", "acts on a process") \
	/* what bascule's own is touched, in words / "" / "" */ \
	X(SELF, "self", "touches bascule") \
	/* the finding's name, masked / the rule of the scanner / "" */ \
	X(SECRET, "secret", "carries a secret") \
	/* which character, in words / "" / "" */ \
	X(HIDDEN, "hidden", "carries hidden characters") \
	/* which pin, in words / "tool" | "server" | "schema" / "" */ \
	X(PIN, "pin", "is not what was accepted") \
	X(NOTHING, "nothing", "touches nothing") /* known to have no effect at all */ \
	/* what is not known, in words / the word in question or "" / "" */ \
	X(UNKNOWN, "unknown", "does what is not known")

enum effect_kind {
#define X(id, name, verb) EFFECT_##id,
	EFFECT_KINDS(X)
#undef X
		EFFECT_KIND_COUNT
};

/* id, name. What becomes of the old content is the difference that policy looks at. */
#define WRITE_HOWS(X) \
	X(REPLACE, "replace") /* the whole content, or a new file */ \
	X(EDIT, "edit") /* part of the content, or something is appended */ \
	X(MKDIR, "mkdir") \
	X(AWAY, "away") /* moved to another place: the name goes, the content stays */ \
	X(MODE, "mode") /* permissions, owner or times alone */ \
	X(LINK, "link") /* a new link, symbolic or hard */ \
	X(TREE, "tree") /* anything below this directory */

enum write_how {
#define X(id, name) WRITE_##id,
	WRITE_HOWS(X)
#undef X
		WRITE_HOW_COUNT
};

#define EXEC_HOWS(X) \
	X(READONLY, "readonly") /* in the table, with options and operands that it accounts for */ \
	X(LOCAL, "local") /* in the table: changes only what its other effects say */ \
	X(UNPROVEN, "unproven") /* what it does is not known; may be granted by its form */ \
	X(WIDE, "wide") /* runs anything it is given: interpreters, wrappers; never granted */

enum exec_how {
#define X(id, name) EXEC_##id,
	EXEC_HOWS(X)
#undef X
		EXEC_HOW_COUNT
};

#define FACT_STATES(X) \
	X(UNKNOWN, "unknown") /* not looked up, or the look-up failed or took too long */ \
	X(FILE, "file") \
	X(DIRECTORY, "directory") \
	X(ABSENT, "absent") /* the nearest directory above that exists is known */ \
	/* device, pipe, socket, reached through /proc and the like, or, of a directory that is \
	 * listed as ".", a repository by what lies in it */ \
	X(SPECIAL, "special")

enum fact_state {
#define X(id, name) FACT_##id,
	FACT_STATES(X)
#undef X
		FACT_STATE_COUNT
};

/* id, bit, name on the wire */
#define FACT_MARKS(X) \
	X(TRACKED, 0, "tracked") /* in the index of the repository around it */ \
	X(IGNORED, 1, "ignored") /* by the repository's own rules, and nothing below is tracked */ \
	X(CHANGED, 2, "changed") /* tracked, and not what the index says */ \
	X(COMMITTED, 3, "committed") /* of a task: what defines it is what HEAD holds; of an \
					install by a lockfile: that, and what goes with it */ \
	X(DEFINED, 4, "defined") /* of a task: a definition of this task was found */ \
	X(OWN, 5, "own") /* this session's own recorded call wrote its present content */ \
	X(REPO, 6, "repo") /* lies in a git repository whose work tree is inside the scope */ \
	X(ACCEPTED, 7, "accepted") /* of a task: a person accepted this very text */ \
	X(ASSUMED, 8, "assumed") /* nothing was looked up: taken as a log says */

enum fact_mark {
#define X(id, bit, name) MARK_##id = 1 << (bit),
	FACT_MARKS(X)
#undef X
};

struct fact {
	char *path; /* resolved by the kernel (of a task: the file that defines it); NULL: could
		       not be */
	bool inside; /* proven to lie in the scope */
	enum fact_state state;
	unsigned marks; /* enum fact_mark */
	int64_t links, size, mtime_us, dev, ino;
	char *text; /* PUSH, BRANCH: the current branch, "" if detached or unreadable, and of a push
		       without a branch if more or other could be moved; TASK: hash of runner, task
		       and the texts that define it; NULL: not known */
	char *more; /* PUSH, BRANCH: the branch that origin/HEAD points to; TASK: the text, at most
		       1 KiB; WRITE of a link: where it would point, "" if that is not inside; NULL:
		       not known */
};

struct effect {
	enum effect_kind kind;
	char *arg; /* which argument it comes from; "" for the call as a whole */
	char *given; /* decoded; see the table of kinds */
	char *how, *word; /* never NULL */
	char *base; /* of a relative path, a repository or a task: the directory it is seen from,
		       not collapsed; "" if it is not known; "scope:" for a server that resolves
		       against its scope */
	unsigned part; /* which simple command of a compound line, from 1; 0: not of a line */
	bool late; /* an earlier part of the same call may change what its facts rest on */
	struct fact fact;
};

struct effects {
	struct effect *list;
	size_t count, cap;
};

enum { EFFECTS_MAX = 256 };

/* Adds one and returns it, to be filled further; past EFFECTS_MAX the last one becomes unknown
 * ("more effects than are judged in one call") and is returned. All texts are copied; `how` and
 * `word` may be NULL for "". */
struct effect *effects_add(struct effects *out, enum effect_kind kind, const char *arg,
	const char *given, const char *how, const char *word);
void effects_finish(struct effects *effects);
void effects_copy(struct effects *to, const struct effects *from); /* facts included */

/* As on the wire: [{kind, arg, given, how, word, base, part, late, path, inside, state, marks,
 * links, size, mtime_us, dev, ino, text, more}]; what is empty is left out. */
void effects_write(const struct effects *effects, struct jsonw *w);
bool effects_read(struct effects *effects, struct span json, struct err *err);

/* all but the facts */
bool effects_same(const struct effects *a, const struct effects *b);
/* Over everything a judgement rests on, facts and branch included: what must still hold at release.
 */
struct hash effects_hash(const struct effects *effects, struct span branch);
/* what a row shows: the first command, else the first target as given; "" if none */
const char *effects_target(const struct effects *effects);

bool effect_has_path(enum effect_kind kind); /* READ, WRITE, DELETE: `given` is a path */
bool effect_has_repo(
	enum effect_kind kind); /* PUSH, BRANCH: facts about the repository at `base` */

const char *effect_kind_name(enum effect_kind kind);
bool effect_kind_parse(struct span name, enum effect_kind *kind);
const char *effect_kind_verb(enum effect_kind kind);
const char *write_how_name(enum write_how how);
const char *exec_how_name(enum exec_how how);
const char *fact_state_name(enum fact_state state);
const char *fact_mark_name(unsigned bit); /* of 1 << bit; NULL past the last */

#endif
