/*
 * The one table of what a person can do: the dispatcher, the hint bar and `?` are made from it. A
 * key stands once in a context (tested). The class says which guard a key has to pass.
 */
#ifndef BASCULE_TUI_COMMAND_H
#define BASCULE_TUI_COMMAND_H

#include "tui/keydec.h"

enum context {
	CTX_QUEUE = 1,
	CTX_OPEN = 2, /* one call at full height */
	CTX_HELP = 4,
};

enum command_class {
	CLASS_LOOK, /* moves, scrolls, opens: harmless */
	CLASS_LEAVE,
	CLASS_APPROVE, /* every rule of the guard */
	CLASS_DENY, /* only "meant for this window" */
};

/* id, contexts, keys (any of them), class, word in the hint bar or "", help. The hint bar and help
 * keep this order. */
#define CONSOLE_COMMANDS(X) \
	X(APPROVE, CTX_QUEUE | CTX_OPEN, "a", APPROVE, "approve", \
		"approve the call that is shown, once") \
	X(DENY, CTX_QUEUE | CTX_OPEN, "d", DENY, "deny", "deny it") \
	X(DENY_WHY, CTX_QUEUE | CTX_OPEN, "D", DENY, "why", \
		"deny it with a reason that the agent gets") \
	X(HELP, CTX_QUEUE | CTX_OPEN, "? F1", LOOK, "help", "the keys") \
	X(OPEN, CTX_QUEUE, "Enter l Right", LOOK, "open", \
		"the call at full height (never approves)") \
	X(NEXT, CTX_QUEUE, "j Down", LOOK, "", "next call") \
	X(PREVIOUS, CTX_QUEUE, "k Up", LOOK, "", "previous call") \
	X(FIRST, CTX_QUEUE, "g Home", LOOK, "", "first call") \
	X(LAST, CTX_QUEUE, "G End", LOOK, "", "last call") \
	X(DETAIL_DOWN, CTX_QUEUE, "J", LOOK, "scroll", "scroll the shown call down a line") \
	X(DETAIL_UP, CTX_QUEUE, "K", LOOK, "", "scroll it up a line") \
	X(LINE_DOWN, CTX_OPEN | CTX_HELP, "j Down J", LOOK, "scroll", "down a line") \
	X(LINE_UP, CTX_OPEN | CTX_HELP, "k Up K", LOOK, "", "up a line") \
	X(TOP, CTX_OPEN | CTX_HELP, "g Home", LOOK, "", "to the top") \
	X(BOTTOM, CTX_OPEN | CTX_HELP, "G End", LOOK, "", "to the end") \
	X(PAGE_DOWN, CTX_QUEUE | CTX_OPEN | CTX_HELP, "PgDn ^F", LOOK, "", "down a page") \
	X(PAGE_UP, CTX_QUEUE | CTX_OPEN | CTX_HELP, "PgUp ^B", LOOK, "", "up a page") \
	X(HALF_DOWN, CTX_QUEUE | CTX_OPEN | CTX_HELP, "^D", LOOK, "", "down half a page") \
	X(HALF_UP, CTX_QUEUE | CTX_OPEN | CTX_HELP, "^U", LOOK, "", "up half a page") \
	X(REFRESH, CTX_QUEUE | CTX_OPEN, "R", LOOK, "", "ask for the preview again") \
	X(BACK, CTX_OPEN | CTX_HELP, "q Esc h Left ^C", LOOK, "back", "back") \
	X(REDRAW, CTX_QUEUE | CTX_OPEN | CTX_HELP, "^L", LOOK, "", "draw the screen anew") \
	X(SUSPEND, CTX_QUEUE | CTX_OPEN | CTX_HELP, "^Z", LOOK, "", \
		"back to the shell; decides nothing") \
	X(QUIT, CTX_QUEUE, "q ^C", LEAVE, "quit", "leave; what waits goes on waiting")

enum command {
	COMMAND_NONE,
#define X(id, contexts, keys, class, hint, help) COMMAND_##id,
	CONSOLE_COMMANDS(X)
#undef X
		COMMAND_COUNT
};

struct command_spec {
	unsigned contexts;
	const char *keys; /* names separated by one space */
	enum command_class class;
	const char *hint, *help;
};

extern const struct command_spec command_specs[COMMAND_COUNT];

enum command command_find(enum context context, uint32_t key); /* COMMAND_NONE: not bound here */
/* Walks "j Down": the next name and where to go on; absent at the end. */
struct span command_next_key(const char **keys);

#endif
