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
	CTX_GRANT = 8, /* what a yes to one call may leave behind */
	CTX_RULES = 16, /* the rules and grants in force */
	CTX_BATCH = 32, /* the marked calls, listed, before all of them are decided */
	CTX_HISTORY = 64,
	CTX_EVENT = 128, /* one call of the history at full height */
	CTX_RULE = 256, /* one of them at full height */
	CTX_SERVERS = 512, /* what runs behind the gates */
	CTX_SERVER = 1024, /* one of them at full height */
	CTX_ALL = 2047,
	CTX_TABS = CTX_QUEUE | CTX_HISTORY | CTX_RULES | CTX_SERVERS,
	CTX_CALLS = CTX_QUEUE | CTX_OPEN | CTX_HISTORY | CTX_EVENT, /* a call is looked at */
	/* one text to be scrolled */
	CTX_PAGE = CTX_OPEN | CTX_HELP | CTX_GRANT | CTX_BATCH | CTX_EVENT | CTX_RULE | CTX_SERVER,
	CTX_INNER = CTX_PAGE | CTX_HISTORY | CTX_RULES | CTX_SERVERS, /* "back" leads out of it */
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
		"approve the call that is shown, once; with marked calls: list them first") \
	X(DENY, CTX_QUEUE | CTX_OPEN, "d", DENY, "deny", \
		"deny it a little later; u takes it back until then") \
	X(BATCH_APPROVE, CTX_BATCH, "a", APPROVE, "approve", "approve all that are listed, once") \
	X(BATCH_DENY, CTX_BATCH, "d", DENY, "deny", "deny all that are listed, at once") \
	X(BATCH_DENY_WHY, CTX_BATCH, "D", DENY, "deny +why", \
		"deny all that are listed, with a reason that the agents get") \
	X(DENY_WHY, CTX_QUEUE | CTX_OPEN, "D", DENY, "deny +why", \
		"deny it at once, with a reason that the agent gets") \
	X(UNDO, CTX_QUEUE | CTX_OPEN, "u", LOOK, "", \
		"take back what was done last: a decision under way, marks, a grant, a rule, m") \
	X(STEP_1, CTX_GRANT, "1", APPROVE, "grant", \
		"approve the call, and leave the first grant behind") \
	X(STEP_2, CTX_GRANT, "2", APPROVE, "", "the same with the second, which is wider") \
	X(STEP_3, CTX_GRANT, "3", APPROVE, "", "the same with the third") \
	X(BOUND, CTX_GRANT, "t", LOOK, "bound", \
		"the grant's bound: this session, 30 minutes, 10 times") \
	X(SAVE_RULE, CTX_GRANT, "W", APPROVE, "rule", \
		"add the rule with + to policy.rules; approves nothing") \
	X(REVOKE, CTX_RULES | CTX_RULE, "x", DENY, "revoke", "take the selected grant back") \
	X(HELP, CTX_ALL & ~CTX_HELP, "? F1", LOOK, "help", "the keys") \
	X(QUIT, CTX_QUEUE, "q ^C", LEAVE, "quit", "leave; what waits goes on waiting") \
	X(BACK, CTX_INNER, "q Esc h Left ^C", LOOK, "back", "back") \
	X(DETAIL_DOWN, CTX_TABS, "J", LOOK, "scroll", "scroll what is shown down a line") \
	X(DETAIL_UP, CTX_TABS, "K", LOOK, "", "scroll it up a line") \
	X(LINE_DOWN, CTX_PAGE, "j Down J", LOOK, "scroll", "down a line") \
	X(LINE_UP, CTX_PAGE, "k Up K", LOOK, "", "up a line") \
	X(RULE_NEXT, CTX_GRANT, "Tab", LOOK, "wider", \
		"move the + to the next rule, which is wider; from the last to the first") \
	X(OFFERS, CTX_QUEUE | CTX_OPEN, "s", LOOK, "grant", \
		"what a yes to the shown call may leave behind") \
	X(HOLD_ALL, CTX_TABS, "P", DENY, "", \
		"hold everything, whatever the rules say; again: back to the rules") \
	X(DENY_ALL, CTX_TABS, "X", DENY, "", "deny whatever comes from now on; P goes back") \
	X(MUTE, CTX_TABS, "m", LOOK, "", \
		"no bell and no notification for half an hour; again: rings") \
	X(OPEN, CTX_TABS, "Enter l Right", LOOK, "open", \
		"what is selected at full height (never approves)") \
	X(NEXT, CTX_TABS, "j Down", LOOK, "", "next one") \
	X(PREVIOUS, CTX_TABS, "k Up", LOOK, "", "previous one") \
	X(FIRST, CTX_TABS, "g Home", LOOK, "", "first one") \
	X(LAST, CTX_TABS, "G End", LOOK, "", "last one") \
	X(TAB_QUEUE, CTX_TABS, "1", LOOK, "", "the queue") \
	X(TAB_HISTORY, CTX_TABS, "2", LOOK, "history", \
		"the history: what passed, what was decided") \
	X(TAB_RULES, CTX_TABS, "3", LOOK, "rules", \
		"the rules in force and the grants that live, and how often each decided") \
	X(TAB_SERVERS, CTX_TABS, "4", LOOK, "servers", \
		"the servers behind the gates, their tools, and which of these have changed") \
	X(TO_RULE, CTX_CALLS, "o", LOOK, "", "to the rule that judged the call") \
	X(TO_CALLS, CTX_RULES | CTX_RULE, "o", LOOK, "calls", \
		"to the calls that it judged, in the history") \
	X(TO_SESSION, CTX_HISTORY | CTX_EVENT, "s", LOOK, "", \
		"list the calls before and after it in the same session") \
	X(TO_FILE, CTX_HISTORY | CTX_EVENT, "f", LOOK, "", \
		"list the calls that act on the same file or command") \
	X(TO_PANE, CTX_QUEUE | CTX_OPEN, "O", LOOK, "", \
		"show the tmux pane that the call's agent sits in") \
	X(FILTER, CTX_QUEUE | CTX_RULES | CTX_SERVERS, "/", LOOK, "", \
		"list only some: words, or field:word") \
	X(FILTER_OFF, CTX_QUEUE | CTX_RULES | CTX_SERVERS, "\\", LOOK, "", \
		"list all for now, and again only some") \
	X(FILTER_END, CTX_QUEUE, "Esc", LOOK, "", "list all again; nothing else") \
	X(NEXT_RISK, CTX_QUEUE, "!", LOOK, "", "to the next call of high risk") \
	X(NEXT_DEADLINE, CTX_QUEUE, "'", LOOK, "", "to the call whose client gives up first") \
	X(SEARCH, CTX_HISTORY, "/", LOOK, "search", "search the history") \
	X(MARK, CTX_QUEUE, "Space", LOOK, "", \
		"mark the call for a batch, or unmark it; on to the next") \
	X(MARK_RANGE, CTX_QUEUE, "v", LOOK, "", "mark from the last marked one to here") \
	X(MARK_SHOWN, CTX_QUEUE, "*", LOOK, "", \
		"mark the rows on screen, never the highest class") \
	X(MARK_PASSING, CTX_QUEUE, "&", LOOK, "", "mark those that the rules would allow now") \
	X(UNMARK, CTX_QUEUE, "U", LOOK, "", "unmark all") \
	X(FOCUS_NEXT, CTX_TABS, "Tab", LOOK, "", \
		"to the other pane: the list, or the shown call; keys that move, move there") \
	X(FOCUS_PREVIOUS, CTX_TABS, "S-Tab", LOOK, "", "the same backwards") \
	X(FOCUS_LIST, CTX_QUEUE, "h Left", LOOK, "", "back to the list") \
	X(ZOOM, CTX_TABS, "+", LOOK, "", "all the room for the pane of the moving keys") \
	X(ZOOM_OUT, CTX_TABS, "_", LOOK, "", "both panes again") \
	X(TOP, CTX_PAGE, "g Home", LOOK, "", "to the top") \
	X(BOTTOM, CTX_PAGE, "G End", LOOK, "", "to the end") \
	X(PAGE_DOWN, CTX_TABS | CTX_PAGE, "PgDn ^F", LOOK, "", "down a page") \
	X(PAGE_UP, CTX_TABS | CTX_PAGE, "PgUp ^B", LOOK, "", "up a page") \
	X(HALF_DOWN, CTX_TABS | CTX_PAGE, "^D", LOOK, "", "down half a page") \
	X(HALF_UP, CTX_TABS | CTX_PAGE, "^U", LOOK, "", "up half a page") \
	X(EDIT, CTX_QUEUE | CTX_OPEN, "E", LOOK, "", \
		"change the arguments in your editor; what comes back is judged and shown anew") \
	X(READ, CTX_QUEUE | CTX_OPEN, "e", LOOK, "", \
		"open a copy of the call in your editor, to be read") \
	X(COPY, CTX_QUEUE | CTX_OPEN | CTX_HISTORY | CTX_EVENT, "y", LOOK, "", \
		"copy what the call acts on to the terminal's clipboard") \
	X(COPY_ALL, CTX_QUEUE | CTX_OPEN, "Y", LOOK, "", "copy its arguments, as JSON") \
	X(CONTEXT_MORE, CTX_QUEUE | CTX_OPEN, "]", LOOK, "", \
		"more unchanged lines around a change") \
	X(CONTEXT_LESS, CTX_QUEUE | CTX_OPEN, "[", LOOK, "", "fewer of them") \
	X(HUNK_NEXT, CTX_QUEUE | CTX_OPEN, "}", LOOK, "", "to the next change of a diff") \
	X(HUNK_PREVIOUS, CTX_QUEUE | CTX_OPEN, "{", LOOK, "", "to the one before") \
	X(WRAP, CTX_QUEUE | CTX_OPEN, "w", LOOK, "", \
		"long lines of a preview: wrapped, or cut (then nothing that is cut is approved)") \
	X(HALVES, CTX_QUEUE | CTX_OPEN, "|", LOOK, "", \
		"diffs side by side: by room, always, never") \
	X(VIEW_ALL, CTX_QUEUE | CTX_OPEN, "V", LOOK, "", "all of a large preview") \
	X(RAW, CTX_QUEUE | CTX_OPEN, "i", LOOK, "", \
		"its parameters as they came, byte by byte; again: for reading") \
	X(FOLLOW, CTX_QUEUE | CTX_HISTORY, "F", LOOK, "", \
		"to the newest, and stay there; again: what is shown of the past stands still") \
	X(REFRESH, CTX_TABS | CTX_OPEN | CTX_RULE | CTX_SERVER, "R", LOOK, "", \
		"read settings, theme, keys and rules again, and what is shown") \
	X(FIND, CTX_PAGE, "/", LOOK, "", "search in this text") \
	X(FIND_NEXT, CTX_PAGE, "n", LOOK, "", "to the next place that it was found at") \
	X(FIND_BACK, CTX_PAGE, "N", LOOK, "", "to the one before") \
	X(PALETTE, CTX_ALL, ":", LOOK, "", \
		"any of these by its name, and the settings; Tab completes") \
	X(REDRAW, CTX_ALL, "^L", LOOK, "", "draw the screen anew") \
	X(SUSPEND, CTX_ALL, "^Z", LOOK, "", "back to the shell; decides nothing")

enum command {
	COMMAND_NONE,
#define X(id, contexts, keys, class, hint, help) COMMAND_##id,
	CONSOLE_COMMANDS(X)
#undef X
		COMMAND_COUNT
};

struct command_spec {
	unsigned contexts;
	const char *keys; /* as built in: names separated by one space */
	enum command_class class;
	const char *hint, *help;
};

extern const struct command_spec command_specs[COMMAND_COUNT];

/* Walks "j Down": the next name and where to go on; absent at the end. */
struct span command_next_key(const char **keys);

#endif
