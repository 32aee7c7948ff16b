/*
 * The one list of columns of a call and its session: statements, what is written, what is read back
 * and what `bascule history --json` prints are made from it.
 */
#ifndef BASCULE_CORE_HISTORY_COLUMNS_H
#define BASCULE_CORE_HISTORY_COLUMNS_H

#include "core/history.h"

/* How a member of struct history_call or history_session is kept. */
enum history_kind {
	KIND_TEXT, /* struct span; absent is NULL; cut at 4 KiB */
	KIND_JSON, /* struct span; absent, or longer than 64 KiB, is NULL */
	KIND_INT, /* int64_t */
	KIND_MOMENT, /* int64_t, a time that is always there */
	KIND_TIME, /* int64_t; 0 is NULL */
	KIND_SIZE, /* int64_t; negative is NULL */
	KIND_HASH, /* HISTORY_HASH bytes, keyed when stored; all zero is NULL */
	KIND_STATE, /* enum life_state, as its name */
};

/* member = column, kind */
#define CALL_COLUMNS(X) \
	X(session, INT) \
	X(state, STATE) \
	X(method, TEXT) \
	X(tool, TEXT) \
	X(target, TEXT) \
	X(era, TEXT) \
	X(toward, TEXT) \
	X(verdict, TEXT) \
	X(rule, TEXT) \
	X(reason, TEXT) \
	X(decision, TEXT) \
	X(decider, TEXT) \
	X(decision_reason, TEXT) \
	X(arrived_us, MOMENT) \
	X(decided_us, TIME) \
	X(finished_us, TIME) \
	X(bytes, HASH) \
	X(same, HASH) \
	X(facts, HASH) \
	X(branch, TEXT) \
	X(outcome, TEXT) \
	X(size, SIZE) \
	X(took_us, SIZE)

#define SESSION_COLUMNS(X) \
	X(instance, TEXT) \
	X(client, TEXT) \
	X(client_version, TEXT) \
	X(server, TEXT) \
	X(profile, TEXT) \
	X(program, TEXT) \
	X(argv_json, JSON) \
	X(scope_json, JSON) \
	X(cwd, TEXT) \
	X(tuple, HASH) \
	X(agent_pid, INT) \
	X(agent_start, INT) \
	X(boot, TEXT) \
	X(started_us, MOMENT)

#endif
