/*
 * Calls of an agent's own tools, carried to the broker and back: a gate whose both ends are ours.
 * One a process; it is never taken apart, the end of the process does that.
 */
#ifndef BASCULE_IPC_CARRY_H
#define BASCULE_IPC_CARRY_H

#include "core/caller.h"
#include "core/hook.h"
#include "ipc/config.h"
#include "ipc/paths.h"

#include <uv.h>

enum { CARRY_NEVER_S = 604800 }; /* longer than any limit of ours */

struct carry;

/* Whoever asks. `number` is the call's, as it was given to carry_call. */
struct carry_calls {
	/* It may run, with these arguments: raw JSON, what was asked for byte for byte unless a
	 * person changed it. Before `over`, at most once. False: it does not run after all, the
	 * agent could not be told; so it is recorded. */
	bool (*allowed)(void *data, int64_t number, struct span arguments);
	/* The last that is heard of a call, unless it is withdrawn: `words` say why it did not run;
	 * they mean nothing after `allowed`. */
	void (*over)(void *data, int64_t number, struct span words);
	/* Why the agent could not be given these arguments in the place of its own; NULL: it can.
	 * May be NULL itself: it always can. */
	const char *(*edit_trouble)(void *data, int64_t number, struct span arguments);
};

struct carry_setup {
	const struct paths *paths;
	const struct config *config; /* of carry_load */
	const struct hook_form *form; /* whose tools they are */
	const char *socket, *session; /* may be NULL */
	/* The MCP server that all the calls are for, by the agent's name of it; NULL: they are of
	 * the agent's own tools */
	const char *server;
	enum hook_event event; /* which all the calls are */
	const char *beside; /* as in struct hook_call */
	char **scope;
	size_t scope_count;
};

struct carried {
	const char *tool; /* as the agent's profile names it */
	struct span arguments; /* strict JSON in one line, borrowed */
	struct span plain; /* the same for the gate that the call stands for; absent: no other */
	struct caller caller;
};

struct carry_places {
	const char *root, *who; /* in the log */
	bool debug;
};

/* Places, settings and log, as every carry has them. */
bool carry_load(struct paths *paths, struct config *config, const struct carry_places *places,
	struct err *err);
/* Everything that *setup points to is borrowed for good. NULL: *err says why. */
struct carry *carry_create(uv_loop_t *loop, const struct carry_setup *setup,
	const struct carry_calls *calls, void *data, struct err *err);

/* `number` is positive and new. False: too many kinds of tools, and nothing was asked. */
bool carry_call(struct carry *c, int64_t number, const struct carried *call);
/* The only call of this process, and what the agent said of it, borrowed for good: one of an MCP
 * server's tool is asked as that server's own, if a broker knows it (ipc/hook_stand.h). */
void carry_only(
	struct carry *c, int64_t number, const struct carried *call, const struct hook_call *said);
/* Nobody wants the answer any more: nothing is heard of the call again, unless `allowed` is. */
void carry_cancel(struct carry *c, int64_t number);
/* The same of all, at once and for good; `why` is for the broker. */
void carry_withdraw_all(struct carry *c, const char *why);
/* The last words to the broker; stops the loop. */
void carry_end(struct carry *c);

#endif
