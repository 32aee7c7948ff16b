/*
 * The servers behind the connected gates, as the broker listed them last, and the one that is
 * looked at. Pure: JSON in, records out. The selection is a gate's name for itself.
 */
#ifndef BASCULE_TUI_ROSTER_H
#define BASCULE_TUI_ROSTER_H

#include "core/query.h"
#include "tui/model.h"

enum { ROSTER_ARGV = 64, ROSTER_HINTS = 4, ROSTER_PARTS = 3 };

enum roster_pin { PIN_NEW, PIN_SAME, PIN_CHANGED };

struct roster_tool {
	char *name, *title;
	bool known; /* a profile names it; else what it would do is guessed */
	char *says[ROSTER_HINTS]; /* hints that it gives of itself */
	size_t says_count;
	enum roster_pin pin;
	char *changed[ROSTER_PARTS]; /* of its definition */
	size_t changed_count;
	int64_t seen_at, accepted_at; /* Unix ms; 0: not known */
};

/* member of a server and of the record */
#define ROSTER_TEXTS(X) \
	X(gate) \
	X(name) \
	X(profile) \
	X(program) \
	X(cwd) \
	X(accepted) \
	X(protocol) \
	X(broken)

struct roster_server {
#define X(name) char *name;
	ROSTER_TEXTS(X)
#undef X
	char *client, *client_version, *says, *says_version;
	char *argv[ROSTER_ARGV], *scope[ROSTER_ARGV];
	size_t argc, scope_count;
	int64_t pid, client_pid, since, calls, waiting, tools_all;
	bool listed; /* its list of tools is whole and fresh */
	struct roster_tool *tools; /* changed ones first, then by name */
	size_t tool_count, changed;
	bool hidden; /* by the filter */
};

struct roster {
	struct roster_server *list;
	size_t count, cap;
	int64_t all; /* there are so many */
	char *selected; /* gate; NULL: none */
	size_t top; /* of the window */
	bool asked, here; /* an answer is not in yet; one came */
	bool stale; /* something happened since it was asked for */
	int64_t asked_at; /* monotonic ms */
	char *why; /* why there is no list, in the broker's words */
	uint64_t stamp; /* new whenever what is shown of the selected one is */
};

void roster_finish(struct roster *roster); /* zero-initialised is ready */
/* The result of `servers`. The selection stays on its server; when that is gone, near its place. */
void roster_read(struct roster *roster, struct span json);
/* Hides what does not fit; NULL: nothing. */
void roster_filter(struct roster *roster, const struct query *query);

struct roster_server *roster_selected(const struct roster *roster); /* NULL: none is listed */
void roster_select(struct roster *roster, const struct roster_server *server);
/* By place among those that are listed. */
size_t roster_shown(const struct roster *roster);
size_t roster_place(const struct roster *roster); /* of the selected one; 0 if there is none */
struct roster_server *roster_at(const struct roster *roster, size_t place); /* NULL: behind them */

#endif
