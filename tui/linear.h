/*
 * The queue line by line: for screen readers, and terminals that cannot move their cursor. Pure:
 * the broker's notes and the person's lines come in with the time, text goes out; linear_run.c owns
 * descriptors and clock.
 *
 * Each call that waits is printed once, and again when anything that is decided on has changed. It
 * ends with a code of two letters, drawn anew each time; an approval has to name it, so that what
 * was typed before the call was printed, or for what it was before it changed, approves nothing. A
 * code holds for one try.
 */
#ifndef BASCULE_TUI_LINEAR_H
#define BASCULE_TUI_LINEAR_H

#include "core/buf.h"
#include "tui/feed.h"
#include "tui/guard.h"
#include "tui/model.h"
#include "tui/paint.h"
#include "tui/typed_word.h"

/* word, the same at length, what follows it, may it decide?, help */
#define LINEAR_COMMANDS(X) \
	X(APPROVE, "a", "approve", "N CODE", true, \
		"approve call N once; CODE is printed with the call") \
	X(DENY, "d", "deny", "N [REASON]", true, \
		"deny it a little later; the agent gets the reason") \
	X(UNDO, "u", "undo", "", false, "take back the decision that is not delivered yet") \
	X(SHOW, "show", "s", "N", false, "print all of call N, with a new code") \
	X(WHY, "why", "w", "N", false, "what it does, who asks, the rule and its reason") \
	X(LIST, "list", "l", "", false, "what waits, a line each") \
	X(HISTORY, "history", "", "[TEXT]", false, "the latest calls, or those with TEXT in them") \
	X(HOLD, "hold", "", "", true, "hold everything, whatever the rules say") \
	X(POLICY, "policy", "", "", true, "back to the rules") \
	X(REFUSE, "deny-all", "", "", true, "deny whatever comes from now on") \
	X(MUTE, "mute", "", "[MINUTES]", false, "no notification for half an hour; mute 0: again") \
	X(HELP, "help", "?", "", false, "these words") \
	X(QUIT, "quit", "q", "", false, "leave; what waits goes on waiting")

enum linear_command {
#define X(id, word, other, rest, decides, help) LINEAR_##id,
	LINEAR_COMMANDS(X)
#undef X
		LINEAR_COMMAND_COUNT
};

struct linear_options {
	const char *looks; /* why nothing can be decided here, in our own words; NULL: it can */
	int deny_delay_ms;
	struct guard_times guard;
	int width; /* columns of the terminal */
	bool ascii;
	uint32_t (*draw)(void *data); /* random bits, for the codes */
	void *data;
};

/* What is known of a call beside the model's record. */
struct linear_entry {
	char *call;
	char name[24]; /* as it is typed: "3", or "s1" for a server's question */
	uint64_t stamp; /* of what was printed; 0: nothing yet */
	bool wanted; /* a person asked for all of it */
	char code[3], last[3]; /* "": none holds */
	bool careful; /* the long delay */
	int64_t out_at; /* when the code was written out; 0: not yet */
	enum life_state said;
};

struct linear {
	struct linear_options options;
	struct paint paint; /* only what it says of the terminal */
	struct model model;
	struct feed *feed; /* borrowed */
	struct linear_entry *list;
	size_t count, cap;
	unsigned servers; /* that were given a name */
	char *word_call; /* the highest class: a word is asked for; NULL: none */
	uint64_t word_stamp;
	int64_t word_at; /* written out; 0: not yet */
	char word[TYPED_WORD_MAX + 1];
	enum model_master master; /* as last said */
	char *trouble, *down_why; /* likewise */
	bool connected, quit;
	int64_t now, wall, line_at;
	struct buf out; /* to be written */
	bool fresh; /* it holds a code: what was typed before it is thrown away */
};

void linear_init(struct linear *l, const struct linear_options *options, int64_t now, int64_t wall);
void linear_finish(struct linear *l);
void linear_time(struct linear *l, int64_t now, int64_t wall);
void linear_note(struct linear *l, const struct feed_note *note);
/* A line that was typed, without its end. */
void linear_line(struct linear *l, struct span line);
void linear_printed(struct linear *l); /* `out` is written; empties it */
void linear_gap(struct linear *l); /* all delays anew */
void linear_leave(struct linear *l); /* says how many wait */

/* linear_say.c */
void linear_say(struct linear *l, struct safe_text line); /* takes it; adds the line end */
void linear_say_foreign(struct linear *l, const char *words);
void linear_say_call(
	struct linear *l, struct linear_entry *entry, const struct model_item *item, bool changed);
void linear_say_why(struct linear *l, const struct model_item *item);
void linear_say_row(
	struct linear *l, const struct linear_entry *entry, const struct model_item *item);
void linear_say_history(struct linear *l, struct span json);
void linear_say_help(struct linear *l);

/* for linear_line.c */
struct linear_entry *linear_entry_of(struct linear *l, const struct model_item *item);
bool linear_undecided(const struct model_item *item);
void linear_next(struct linear *l); /* prints and asks for what is to be printed */

#endif
