/* Private to core/seal*.c: reading what is sealed, in the one form that is hashed. */
#ifndef BASCULE_CORE_SEAL_IMPL_H
#define BASCULE_CORE_SEAL_IMPL_H

#include "core/seal.h"

/* id, name in the chain */
#define SEAL_KINDS(X) \
	X(CALL, "call") \
	X(OPENED, "opened") \
	X(EVENT, "event") \
	X(CUT, "cut")

enum seal_kind {
#define X(id, name) SEAL_##id,
	SEAL_KINDS(X)
#undef X
		SEAL_LATE, /* "late-" and the part */
	SEAL_ODD, /* none of ours */
};

/* The kind of this name; *part is set for SEAL_LATE. */
enum seal_kind seal_kind_of(struct span name, enum store_part *part);
/* The hash of a seal behind that of the one before. */
struct hash seal_link(const struct hash *before, const struct store_seal *seal);

/* The columns of log.db's `call` that a seal of kind "call" covers, in the order that is hashed;
 * never changed. A column that the table gains later needs a new kind of seal, beside this one. */
#define SEAL_CALL_COLUMNS \
	"number,session,n,state,method,tool,target,era,toward,verdict,rule,reason,decision," \
	"decider,decision_reason,arrived_us,decided_us,finished_us,bytes,same,facts,branch," \
	"outcome,size,took_us"
#define SEAL_SESSION_COLUMNS \
	"id,instance,server,profile,program,argv_json,scope_json,cwd,tuple,agent_pid," \
	"agent_start,boot,started_us"

/* Reads records by number. Asked in rising order it walks the tables; any order works. What cannot
 * be read is said once, at the end: until then answers are "not there". */
struct seal_reader;
struct seal_reader *seal_reader_open(struct history *log, struct store *detail);
bool seal_reader_close(struct seal_reader *r, struct err *err); /* false: a read failed */
bool seal_reader_failed(const struct seal_reader *r);

struct seal_call {
	bool there, ended;
	int64_t arrived_us, ended_us;
};
struct seal_call seal_read_call(struct seal_reader *r, int64_t number);
/* The first call behind that number. */
bool seal_next_call(struct seal_reader *r, int64_t number, int64_t *next);

/* Of a call that is there. `without`: a bit for each part that is left out; `nameless`: as it was
 * before its session's client was known. */
struct hash seal_call_digest(
	struct seal_reader *r, int64_t number, unsigned without, bool nameless);
struct hash seal_opened_digest(struct seal_reader *r, int64_t number);
/* False: there is no such record. */
bool seal_event_digest(struct seal_reader *r, int64_t id, struct hash *digest);
bool seal_part_digest(
	struct seal_reader *r, int64_t number, enum store_part part, struct hash *digest);

#endif
