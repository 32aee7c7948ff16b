/*
 * The delays behind "never approve by accident". The numbers come from what other prompts shipped
 * and what people reported of them; they are settings with a floor.
 *
 * Owns no terminal and no clock; main.c says what was painted, app.c asks before it decides.
 */
#include "config.h"

#include "tui/guard.h"

void guard_init(struct guard *guard, const struct guard_times *times, int64_t now)
{
	*guard = (struct guard){ .times = *times };
	guard_gap(guard, now);
}

void guard_painted(struct guard *guard, const struct guard_frame *frame, int64_t now)
{
	bool same = frame->stamp == guard->frame.stamp;
	bool facts = frame->facts || (same && guard->frame.facts);
	bool end = frame->end || (same && guard->frame.end);
	if (!same) {
		guard->frame_since = now;
	}
	if (frame->place != guard->frame.place) {
		guard->place_since = now;
	}
	guard->frame = *frame;
	guard->frame.facts = facts;
	guard->frame.end = end;
}

void guard_input(struct guard *guard, int64_t at)
{
	if (at > guard->input_at) {
		guard->input_at = at;
	}
}

void guard_focus(struct guard *guard, bool in, int64_t now)
{
	guard->unfocused = !in;
	guard->focus_since = now;
}

void guard_gap(struct guard *guard, int64_t now)
{
	guard->frame_since = now;
	guard->place_since = now;
	guard->focus_since = guard->unfocused ? guard->focus_since : now;
	guard->input_at = now;
}

enum guard_answer guard_may_deny(const struct guard *guard, int64_t at)
{
	return at - guard->input_at < guard->times.quiet_ms ? GUARD_QUIET : GUARD_OK;
}

bool guard_seen(const struct guard *guard, uint64_t stamp)
{
	const struct guard_frame *f = &guard->frame;
	return stamp && f->stamp == stamp && f->facts && (!f->high || f->end);
}

bool guard_read(const struct guard *guard, uint64_t stamp, int64_t now)
{
	const struct guard_frame *f = &guard->frame;
	return stamp && f->stamp == stamp && f->facts && f->end && !guard->unfocused &&
		now - guard->frame_since >= guard->times.shown_high_ms;
}

enum guard_answer guard_may_approve(const struct guard *guard, int64_t at)
{
	const struct guard_times *t = &guard->times;
	const struct guard_frame *f = &guard->frame;
	if (guard_may_deny(guard, at) != GUARD_OK) {
		return GUARD_QUIET;
	}
	if (!f->stamp) {
		return GUARD_NOTHING;
	}
	if (guard->unfocused || at - guard->focus_since < t->focus_ms) {
		return GUARD_UNFOCUSED;
	}
	if (at - guard->frame_since < (f->high ? t->shown_high_ms : t->shown_ms)) {
		return GUARD_FRESH;
	}
	if (at - guard->place_since < t->place_ms) {
		return GUARD_MOVED;
	}
	return guard_seen(guard, f->stamp) ? GUARD_OK : GUARD_UNSEEN;
}

const char *guard_words(enum guard_answer answer)
{
	static const char *const words[] = {
#define X(id, text) text,
		GUARD_ANSWERS(X)
#undef X
	};
	return words[answer];
}
