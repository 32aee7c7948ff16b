/*
 * What a typed line means. A line that decides counts only if it came by itself: of several at once
 * (a paste) the first alone is judged, and what comes too soon after the call was printed was not
 * typed for it. Called by linear_run.c.
 */
#include "config.h"

#include "tui/linear.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/guard.h"
#include "tui/prompt.h"

enum { NUMBER_MAX = 6, MUTE_MINUTES = 30, HISTORY_ROWS = 20 };

typedef void line_fn(struct linear *l, struct span rest);

static struct span take_word(struct span *rest)
{
	struct span text = span_trim(*rest);
	size_t n = 0;
	while (n < text.len && text.at[n] != ' ') {
		n++;
	}
	*rest = span_trim((struct span){ text.at + n, text.len - n });
	return (struct span){ text.at, n };
}

static void say(struct linear *l, const char *literal)
{
	linear_say(l, safe_printf("%s", literal));
}

/* The call that a line names; NULL, and it has been said that there is none. */
static struct model_item *named(struct linear *l, struct span *rest)
{
	struct span name = take_word(rest);
	for (size_t i = 0; i < l->model.count; i++) {
		struct model_item *item = l->model.items[i];
		if (name.len && span_is(name, linear_entry_of(l, item)->name)) {
			return item;
		}
	}
	say(l,
		name.len ? "No call of that number waits: list prints them."
			 : "Which one? list prints the numbers.");
	return NULL;
}

/* ---- decisions ---- */

static void approve_now(struct linear *l, struct model_item *item)
{
	item->sent = SENT_APPROVE;
	feed_decide(
		l->feed, item->call, item->revision, &(struct feed_decision){ .approve = true });
}

static void ask_word(struct linear *l, const struct model_item *item)
{
	typed_word(item, l->word);
	l->word_call = xstrdup(item->call);
	l->word_stamp = item->stamp;
	l->word_at = 0;
	l->fresh = true;
	linear_say(l,
		safe_printf("This is the highest class. To approve, type the word %s; any "
			    "other line leaves it.",
			l->word));
}

/* The answer to ask_word, whatever it is. */
static void word_line(struct linear *l, struct span line)
{
	struct model_item *item = model_find(&l->model, l->word_call);
	free(l->word_call);
	l->word_call = NULL;
	if (!item || item->stamp != l->word_stamp || !linear_undecided(item)) {
		say(l, "Not approved: it changed, or does not wait any more.");
	} else if (!l->word_at || l->now - l->word_at < l->options.guard.shown_ms) {
		say(l, "Not approved: too soon after the word was asked for.");
	} else if (!span_is(span_trim(line), l->word)) {
		say(l, "Not approved: that is not the word. The call still waits; show prints it.");
	} else {
		approve_now(l, item);
	}
}

static void approve(struct linear *l, struct span rest)
{
	struct model_item *item = named(l, &rest);
	if (!item) {
		return;
	}
	struct linear_entry *entry = linear_entry_of(l, item);
	const struct guard_times *t = &l->options.guard;
	const char *name = entry->name;
	if (!linear_undecided(item)) {
		say(l, "Not approved: it does not wait for a decision.");
	} else if (!entry->code[0]) {
		linear_say(l,
			safe_printf(
				"Not approved: no code holds for it; show %s prints one.", name));
	} else if (!entry->out_at ||
		l->now - entry->out_at < (entry->careful ? t->shown_high_ms : t->shown_ms)) {
		say(l, "Not approved: too soon after it was printed. Type it again.");
	} else if (!span_is(rest, entry->code)) {
		entry->code[0] = '\0';
		linear_say(l,
			safe_printf("Not approved: wrong code, and it holds no more; show %s "
				    "prints the call and a new one.",
				name));
	} else {
		entry->code[0] = '\0';
		if (item->risk == RISK_HIGHEST) {
			ask_word(l, item);
		} else {
			approve_now(l, item);
		}
	}
}

static void deny(struct linear *l, struct span rest)
{
	struct model_item *item = named(l, &rest);
	struct prompt reason = { 0 };
	if (!item) {
		return;
	}
	if (!linear_undecided(item)) {
		say(l, "It does not wait for a decision.");
		return;
	}
	prompt_start(&reason, rest); /* printable characters alone */
	struct span text = buf_view(&reason.text);
	item->sent = SENT_DENY;
	feed_decide(l->feed, item->call, item->revision,
		&(struct feed_decision){ .reason = text.len ? text : (struct span){ 0 },
			.delay_ms = l->options.deny_delay_ms });
	prompt_finish(&reason);
}

static void undo(struct linear *l, struct span rest)
{
	const struct model_item *item = model_undoable(&l->model);
	(void)rest;
	if (l->options.looks) {
		linear_say(l, safe_printf("%s", l->options.looks));
	} else if (!item) {
		say(l, "There is no decision that could be taken back.");
	} else {
		feed_undo(l->feed, item->call);
	}
}

/* "deny-all 3" means one call, and must not mean all of them. */
static void set_master(struct linear *l, struct span rest, const char *mode)
{
	if (rest.len) {
		linear_say(l,
			safe_printf("Nothing was done: nothing may stand behind this word. d N "
				    "denies one call."));
	} else {
		feed_master(l->feed, mode);
	}
}

static void hold(struct linear *l, struct span rest)
{
	set_master(l, rest, "hold");
}

static void policy(struct linear *l, struct span rest)
{
	set_master(l, rest, "policy");
}

static void refuse(struct linear *l, struct span rest)
{
	set_master(l, rest, "deny");
}

/* ---- looking ---- */

static void show(struct linear *l, struct span rest)
{
	struct model_item *item = named(l, &rest);
	if (!item) {
		return;
	}
	struct linear_entry *entry = linear_entry_of(l, item);
	if (linear_undecided(item)) {
		entry->wanted = true;
		item->whole = true;
		entry->code[0] = '\0';
	} else {
		linear_say_why(l, item);
	}
}

static void why(struct linear *l, struct span rest)
{
	const struct model_item *item = named(l, &rest);
	if (item) {
		linear_say_why(l, item);
	}
}

static void list(struct linear *l, struct span rest)
{
	(void)rest;
	for (size_t i = 0; i < l->model.count; i++) {
		const struct model_item *item = l->model.items[i];
		linear_say_row(l, linear_entry_of(l, item), item);
	}
	if (!l->model.count) {
		say(l, "Nothing waits.");
	}
}

static void history(struct linear *l, struct span rest)
{
	struct prompt text = { 0 };
	prompt_start(&text, rest);
	feed_history(l->feed,
		&(struct feed_page){ .text = text.text.len ? buf_cstr(&text.text) : NULL,
			.limit = HISTORY_ROWS });
	prompt_finish(&text);
}

static void mute(struct linear *l, struct span rest)
{
	int minutes = MUTE_MINUTES;
	if (span_digits(rest) && rest.len < NUMBER_MAX) {
		minutes = 0;
		for (size_t i = 0; i < rest.len; i++) {
			minutes = minutes * 10 + (rest.at[i] - '0');
		}
	}
	feed_mute(l->feed, minutes);
}

static void help(struct linear *l, struct span rest)
{
	(void)rest;
	linear_say_help(l);
}

static void quit(struct linear *l, struct span rest)
{
	(void)rest;
	linear_leave(l);
}

/* ---- which one ---- */

static const struct {
	const char *word, *other;
	bool decides;
} commands[LINEAR_COMMAND_COUNT] = {
#define X(id, word, other, rest, decides, help) { word, other, decides },
	LINEAR_COMMANDS(X)
#undef X
};

static line_fn *const runs[LINEAR_COMMAND_COUNT] = {
	[LINEAR_APPROVE] = approve,
	[LINEAR_DENY] = deny,
	[LINEAR_UNDO] = undo,
	[LINEAR_SHOW] = show,
	[LINEAR_WHY] = why,
	[LINEAR_LIST] = list,
	[LINEAR_HISTORY] = history,
	[LINEAR_HOLD] = hold,
	[LINEAR_POLICY] = policy,
	[LINEAR_REFUSE] = refuse,
	[LINEAR_MUTE] = mute,
	[LINEAR_HELP] = help,
	[LINEAR_QUIT] = quit,
};

/* Why a deciding line counts for nothing; NULL: it may. */
static const char *idle_words(const struct linear *l, int64_t since)
{
	return l->options.looks ? l->options.looks
		: !l->connected ? "No broker is connected."
		: since < l->options.guard.quiet_ms
		? "Ignored: too fast after another line. Of several lines at once only the first "
		  "counts."
		: NULL;
}

static void run(struct linear *l, struct span line, int64_t since)
{
	struct span word = take_word(&line);
	for (size_t i = 0; i < LINEAR_COMMAND_COUNT; i++) {
		if (span_is(word, commands[i].word) ||
			(commands[i].other[0] && span_is(word, commands[i].other))) {
			const char *idle = commands[i].decides ? idle_words(l, since) : NULL;
			if (idle) {
				say(l, idle);
			} else {
				runs[i](l, line);
			}
			return;
		}
	}
	if (word.len) {
		say(l, "Not understood, nothing was done: help lists what can be typed.");
	}
}

void linear_line(struct linear *l, struct span line)
{
	int64_t since = l->now - l->line_at;
	l->line_at = l->now;
	if (l->connected) {
		feed_active(l->feed);
	}
	if (l->word_call) {
		const char *idle = idle_words(l, since);
		if (idle) {
			free(l->word_call);
			l->word_call = NULL;
			say(l, idle);
		} else {
			word_line(l, line);
		}
	} else {
		run(l, line, since);
	}
	linear_next(l);
}
