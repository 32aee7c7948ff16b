/*
 * Calls of the history, newest first, as the broker listed them, and the one that is looked at.
 * Pure: JSON in, records out. The selection is a call's number.
 */
#ifndef BASCULE_TUI_PAST_H
#define BASCULE_TUI_PAST_H

#include "core/base.h"
#include "tui/model.h"

enum { PAST_PAGE = 200 }; /* calls asked for at a time */

/* member of a row and of the record */
#define PAST_TEXTS(X) \
	X(method) \
	X(tool) \
	X(target) \
	X(server) \
	X(client) \
	X(client_version) \
	X(toward) \
	X(verdict) \
	X(rule) \
	X(reason) \
	X(decision) \
	X(decider) \
	X(decision_reason) \
	X(outcome) \
	X(branch) \
	X(cwd)

struct past_row {
	int64_t number;
	int64_t session; /* 0: not said */
	enum life_state state;
	int64_t arrived, decided, finished; /* Unix ms; 0: not yet */
	int64_t took_us, size; /* -1: not said */
	int64_t agent_pid;
#define X(name) char *name;
	PAST_TEXTS(X)
#undef X
};

struct past {
	struct past_row *list;
	size_t count, cap;
	int64_t selected; /* number; 0: none */
	int64_t wanted; /* to be selected when the list comes; 0: the first */
	size_t top; /* of the window */
	bool asked; /* an answer is not in yet */
	bool older; /* it is what comes behind the list, not the list anew */
	bool whole; /* nothing is older than the last row */
	char *text; /* what is searched for; NULL: everything */
	char *rule; /* only calls that it decided; NULL: any */
	int64_t since, behind; /* and of them those from then on, Unix ms; with higher numbers */
	char *why; /* why there is no list, in the broker's words */
	/* what the selected call would have done, as an item that can be shown; NULL: not here yet
	 */
	struct model_item *event;
	char *edit; /* what a person changed in it, JSON; NULL: nothing */
	int64_t event_number, event_asked; /* of it; 0: none */
	uint64_t stamp; /* new whenever what is shown of the selected one is */
};

void past_finish(struct past *past); /* zero-initialised is ready */
/* The result of `history`: anew, or what is older. The selection stays on its call. */
void past_read(struct past *past, struct span json);
/* The result of `event`. */
void past_event(struct past *past, struct span json);
size_t past_index(const struct past *past); /* of the selected one; 0 if there is none */
const struct past_row *past_selected(const struct past *past);

#endif
