/*
 * May this deciding key act? Pure: every time is an argument (monotonic milliseconds), so that
 * tests own the clock.
 *
 * An approving key acts only on what has been shown, for long enough, and was meant for this
 * window. What "shown" means is one number: the stamp of the content that a person decides on. It
 * is new whenever id, risk, effects, rule, facts, preview or arguments are; age, countdown and
 * counters do not touch it.
 */
#ifndef BASCULE_TUI_GUARD_H
#define BASCULE_TUI_GUARD_H

#include "core/base.h"

struct guard_times {
	int quiet_ms; /* no other input before the key */
	int shown_ms, shown_high_ms; /* painted unchanged */
	int focus_ms; /* since the terminal got the focus, where it says so */
	int place_ms; /* since the detail moved or was resized */
};

/* What a written frame showed of the call that a key would decide. */
struct guard_frame {
	uint64_t stamp; /* 0: no call was visible */
	uint64_t place; /* where: changes when the detail's rectangle does */
	bool high; /* the careful delays and the end of the preview are asked for */
	bool facts; /* what the call is and does was on screen to its last row */
	bool end; /* so was the preview */
};

struct guard {
	struct guard_times times;
	struct guard_frame frame; /* `facts` and `end` are sticky while the stamp stays */
	int64_t frame_since, place_since, focus_since;
	int64_t input_at; /* the last input of any kind */
	bool unfocused;
};

/* value, what the person is told */
#define GUARD_ANSWERS(X) \
	X(OK, "") \
	X(QUIET, "too fast after another key: press it again") \
	X(NOTHING, "no call is shown") \
	X(FRESH, "just appeared: look, then press it again") \
	X(MOVED, "the screen just moved: press it again") \
	X(UNFOCUSED, "this window has only just got, or has not, the focus") \
	X(UNSEEN, "not all of it was shown: scroll to the end first (J or PgDn)")

enum guard_answer {
#define X(id, words) GUARD_##id,
	GUARD_ANSWERS(X)
#undef X
};

void guard_init(struct guard *guard, const struct guard_times *times, int64_t now);

/* A frame was written out completely at `now`. */
void guard_painted(struct guard *guard, const struct guard_frame *frame, int64_t now);
/* any input: key, paste, noise; after it was judged */
void guard_input(struct guard *guard, int64_t at);
void guard_focus(struct guard *guard, bool in, int64_t now);
/* the program did not run, or could not write: all delays anew */
void guard_gap(struct guard *guard, int64_t now);

/* `at` is when the key may have been pressed at the earliest. */
enum guard_answer guard_may_approve(const struct guard *guard, int64_t at);
enum guard_answer guard_may_deny(const struct guard *guard, int64_t at);
/* All of what `stamp` stands for has been on screen, for as long as high risk asks for. */
bool guard_read(const struct guard *guard, uint64_t stamp, int64_t now);
/* The frame that showed `stamp` showed all that has to be seen of it. */
bool guard_seen(const struct guard *guard, uint64_t stamp);
const char *guard_words(enum guard_answer answer);

#endif
