/*
 * What a call would do: a list of effects, each with the facts that the machine gave about its
 * target.
 *
 * The extractor is pure and runs twice: in the gate, which adds the facts, and in the broker, which
 * compares. An argument nobody accounts for is an effect of kind unknown.
 */
#ifndef BASCULE_CORE_EFFECT_H
#define BASCULE_CORE_EFFECT_H

#include "core/hash.h"
#include "core/json.h"
#include "core/jsonw.h"

/* id, name on the wire, verb for people */
#define EFFECT_KINDS(X) \
	X(READ, "read", "reads") \
	X(WRITE, "write", "writes") \
	X(NOTHING, "nothing", "touches nothing") /* known to have no effect at all */ \
	X(UNKNOWN, "unknown", "does what is not known")

enum effect_kind {
#define X(id, name, verb) EFFECT_##id,
	EFFECT_KINDS(X)
#undef X
		EFFECT_KIND_COUNT
};

#define FACT_STATES(X) \
	X(UNKNOWN, "unknown") /* not looked up, or the look-up failed or took too long */ \
	X(FILE, "file") \
	X(DIRECTORY, "directory") \
	X(ABSENT, "absent") /* the directory it would be in exists */ \
	X(SPECIAL, "special") /* device, pipe, socket, or reached through /proc and the like */

enum fact_state {
#define X(id, name) FACT_##id,
	FACT_STATES(X)
#undef X
		FACT_STATE_COUNT
};

struct fact {
	char *path; /* resolved by the kernel; NULL: could not be */
	bool inside; /* proven to lie in the scope */
	enum fact_state state;
	int64_t links, size, mtime_us, dev, ino;
};

struct effect {
	enum effect_kind kind;
	char *arg; /* which argument it comes from; "" for the call as a whole */
	char *given; /* the argument's decoded text; for unknown: what is not known, in words */
	struct fact fact;
};

struct effects {
	struct effect *list;
	size_t count, cap;
};

enum { EFFECTS_MAX = 64 };

/* `arguments` is the validated params.arguments, absent if the call has none. At most EFFECTS_MAX,
 * the last one then unknown ("too many"). */
void effects_extract(struct effects *out, struct span profile, struct span method, struct span tool,
	struct span arguments);
void effects_finish(struct effects *effects);
void effects_copy(struct effects *to, const struct effects *from); /* facts included */

/* As on the wire: [{kind, arg, given, path, inside, state, links, size, mtime_us, dev, ino}]. */
void effects_write(const struct effects *effects, struct jsonw *w);
bool effects_read(struct effects *effects, struct span json, struct err *err);

/* kinds, arguments and given; not facts */
bool effects_same(const struct effects *a, const struct effects *b);
/* Over everything a judgement rests on, facts and branch included: what must still hold at release.
 */
struct hash effects_hash(const struct effects *effects, struct span branch);
/* what a row shows: the first path as given, "" if none */
const char *effects_target(const struct effects *effects);

const char *effect_kind_name(enum effect_kind kind);
const char *effect_kind_verb(enum effect_kind kind);
const char *fact_state_name(enum fact_state state);

#endif
