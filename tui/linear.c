/*
 * Which calls are printed, and when. A call is printed as soon as its preview is here; previews are
 * asked for one at a time, and once printed they are let go. When several calls lie there
 * undecided, further ones get a line each, so that nobody has to listen to a hundred.
 */
#include "config.h"

#include "tui/linear.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/card.h"
#include "tui/model_read.h"

enum { OPEN_MAX = 8 }; /* calls with a code beyond which further ones get a line */

void linear_init(struct linear *l, const struct linear_options *options, int64_t now, int64_t wall)
{
	*l = (struct linear){ .options = *options, .now = now, .wall = wall, .line_at = now };
	l->paint.ascii = options->ascii;
}

static void forget_entry(struct linear *l, size_t at)
{
	free(l->list[at].call);
	l->list[at] = l->list[--l->count];
}

void linear_finish(struct linear *l)
{
	while (l->count) {
		forget_entry(l, 0);
	}
	free(l->list);
	free(l->word_call);
	free(l->trouble);
	free(l->down_why);
	model_finish(&l->model);
	buf_finish(&l->out);
}

void linear_time(struct linear *l, int64_t now, int64_t wall)
{
	l->now = now;
	l->wall = wall;
}

void linear_printed(struct linear *l)
{
	for (size_t i = 0; i < l->count; i++) {
		if (l->list[i].code[0] && !l->list[i].out_at) {
			l->list[i].out_at = l->now;
		}
	}
	l->word_at = l->word_call && !l->word_at ? l->now : l->word_at;
	l->fresh = false;
	buf_clear(&l->out);
}

void linear_gap(struct linear *l)
{
	for (size_t i = 0; i < l->count; i++) {
		l->list[i].out_at = l->list[i].out_at ? l->now : 0;
	}
	l->word_at = l->word_at ? l->now : 0;
	l->line_at = l->now;
}

void linear_leave(struct linear *l)
{
	size_t by_risk[RISK_COUNT];
	size_t waiting = model_waiting(&l->model, by_risk);
	if (waiting) {
		linear_say(l,
			safe_printf("%zu %s still waiting; nothing was decided by leaving.",
				waiting, waiting == 1 ? "call is" : "calls are"));
	}
	l->quit = true;
}

/* ---- entries ---- */

struct linear_entry *linear_entry_of(struct linear *l, const struct model_item *item)
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->list[i].call, item->call) == 0) {
			return &l->list[i];
		}
	}
	l->list = xgrow(l->list, &l->cap, l->count + 1, sizeof(*l->list));
	struct linear_entry *entry = &l->list[l->count++];
	*entry = (struct linear_entry){ .call = xstrdup(item->call), .said = LIFE_HELD };
	if (item->number > 0) {
		snprintf(entry->name, sizeof(entry->name), "%lld", (long long)item->number);
	} else {
		snprintf(entry->name, sizeof(entry->name), "s%u", ++l->servers);
	}
	return entry;
}

static void forget_gone(struct linear *l)
{
	for (size_t i = l->count; i-- > 0;) {
		if (!model_find(&l->model, l->list[i].call)) {
			forget_entry(l, i);
		}
	}
}

bool linear_undecided(const struct model_item *item)
{
	return model_waits(item) && item->sent == SENT_NONE && !model_pending(item);
}

/* ---- what is printed ---- */

static size_t open_calls(const struct linear *l)
{
	size_t n = 0;
	for (size_t i = 0; i < l->count; i++) {
		n += l->list[i].code[0] != '\0';
	}
	return n;
}

/* A code is for what was printed. */
static void check_code(struct linear_entry *entry, const struct model_item *item)
{
	if (entry->stamp != item->stamp || !linear_undecided(item)) {
		entry->code[0] = '\0';
	}
}

static void say_state(struct linear *l, struct linear_entry *entry, const struct model_item *item)
{
	if (entry->said != item->state && !model_waits(item)) {
		linear_say(l, safe_printf("Call %s: %s.", entry->name, card_state_words(item)));
	}
	entry->said = item->state;
}

static bool is_asking(const struct linear *l)
{
	for (size_t i = 0; i < l->model.count; i++) {
		if (l->model.items[i]->show == SHOW_ASKED) {
			return true;
		}
	}
	return false;
}

static void ask_show(struct linear *l, struct model_item *item)
{
	if (l->connected && !is_asking(l)) {
		item->show = SHOW_ASKED;
		if (!item->like.here) {
			feed_like(l->feed, item->call, item->revision);
		}
		feed_show(l->feed, item->call, item->revision,
			&(struct feed_wish){ NULL, item->whole });
	}
}

static void print_one(struct linear *l, struct linear_entry *entry, struct model_item *item)
{
	bool changed = entry->stamp && !entry->wanted;
	if (!entry->wanted && !entry->stamp && open_calls(l) >= OPEN_MAX) {
		linear_say_row(l, entry, item);
	} else if (item->kind == MODEL_CALL && item->show != SHOW_HERE &&
		item->show != SHOW_FAILED) {
		ask_show(l, item);
		return;
	} else {
		linear_say_call(l, entry, item, changed);
	}
	entry->stamp = item->stamp;
	entry->wanted = false;
}

void linear_next(struct linear *l)
{
	forget_gone(l);
	for (size_t i = 0; i < l->model.count; i++) {
		struct model_item *item = l->model.items[i];
		struct linear_entry *entry = linear_entry_of(l, item);
		check_code(entry, item);
		say_state(l, entry, item);
		if (l->connected && linear_undecided(item) &&
			(entry->wanted || entry->stamp != item->stamp)) {
			print_one(l, entry, item);
		}
	}
	model_select(&l->model, NULL); /* there is no selection: whatever was printed is let go */
	model_forget_shows(&l->model);
}

/* ---- what the broker says ---- */

static void went_down(struct linear *l, const struct feed_note *note)
{
	const char *why = note->text ? note->text : "it went away";
	bool news = l->connected || !l->down_why || strcmp(why, l->down_why) != 0;
	l->connected = false;
	if (model_ask_anew(&l->model)) {
		linear_say(l,
			safe_printf("The connection went before the answer: see whether it still "
				    "waits."));
	}
	if (news) {
		linear_say(l, safe_printf("No broker is connected:"));
		linear_say_foreign(l, why);
	}
	free(l->down_why);
	l->down_why = xstrdup(why);
	free(l->word_call);
	l->word_call = NULL;
}

static void was_shown(struct linear *l, const struct feed_note *note)
{
	struct model_item *item = model_find(&l->model, note->call);
	if (!item || item->show != SHOW_ASKED) {
		return;
	}
	if (note->kind == FEED_SHOW_FAILED) {
		model_show_failed(&l->model, item, note->text);
	} else if (!model_shown(&l->model, item, note->json, l->now) &&
		note->revision == item->revision) {
		model_show_failed(&l->model, item, "the call has just changed");
	}
}

/* What comes after the call was printed would make it look changed. */
static void was_liked(struct linear *l, const struct feed_note *note)
{
	struct model_item *item = model_find(&l->model, note->call);
	if (item && item->show == SHOW_ASKED && note->revision == item->revision) {
		model_liked(&l->model, item, note->json);
	}
}

static void was_decided(struct linear *l, const struct feed_note *note)
{
	struct model_item *item = model_find(&l->model, note->call);
	if (!item) {
		return;
	}
	struct linear_entry *entry = linear_entry_of(l, item);
	model_decided(&l->model, item, note->revision, note->json);
	if (model_pending(item)) {
		linear_say(l,
			safe_printf("Call %s is being %s: u takes it back.", entry->name,
				item->denied_at ? "denied" : "approved"));
	} else if (note->approve) {
		linear_say(l, safe_printf("Call %s is approved.", entry->name));
	} else {
		linear_say(l, safe_printf("Call %s is denied.", entry->name));
	}
}

static void was_refused(struct linear *l, const struct feed_note *note)
{
	struct model_item *item = model_find(&l->model, note->call);
	if (item && note->kind == FEED_REFUSED) {
		item->sent = SENT_NONE;
	}
	linear_say(l, safe_printf("The broker refused:"));
	linear_say_foreign(l, note->text);
}

static void say_master(struct linear *l)
{
	static const char *const words[] = { "The rules decide again.",
		"HOLDING EVERYTHING, whatever the rules say: policy goes back to the rules.",
		"DENYING EVERYTHING that comes: policy goes back to the rules." };
	if (l->model.master != l->master) {
		l->master = l->model.master;
		linear_say(l, safe_printf("%s", words[l->master]));
	}
}

static void say_trouble(struct linear *l)
{
	const char *now = l->model.trouble ? l->model.trouble : "";
	if (strcmp(now, l->trouble ? l->trouble : "") != 0) {
		linear_say(l, safe_printf("%s", now[0] ? "Trouble:" : "The trouble is over."));
		if (now[0]) {
			linear_say_foreign(l, now);
		}
		free(l->trouble);
		l->trouble = xstrdup(now);
	}
}

static void came_snapshot(struct linear *l, const struct feed_note *note)
{
	size_t by_risk[RISK_COUNT];
	model_snapshot(&l->model, note->json);
	size_t waiting = model_waiting(&l->model, by_risk);
	linear_say(l,
		safe_printf("%zu waiting%s. help lists what can be typed.", waiting,
			by_risk[RISK_HIGH] + by_risk[RISK_HIGHEST] ? ", high risk among them"
								   : ""));
}

static void went(struct linear *l, const struct feed_note *note)
{
	char *words = NULL;
	model_gone(&l->model, note->json, &words);
	if (words) {
		linear_say_foreign(l, words);
	}
	free(words);
}

static void came(struct linear *l, const struct feed_note *note)
{
	switch (note->kind) {
	case FEED_UP:
		l->connected = true;
		break;
	case FEED_SNAPSHOT:
		came_snapshot(l, note);
		break;
	case FEED_ITEM:
		model_item(&l->model, note->json);
		break;
	case FEED_COUNTERS:
		model_counters(&l->model, note->json);
		break;
	case FEED_TROUBLE:
		model_trouble(&l->model, note->json);
		break;
	case FEED_MASTER:
		model_master(&l->model, note->json);
		break;
	case FEED_SWITCHED:
		model_master(&l->model, model_read_member(note->json, "master"));
		break;
	case FEED_MUTED_NOW:
		linear_say(l,
			safe_printf("%s",
				model_read_int(note->json, "muted_until", 0)
					? "Muted: nothing rings."
					: "It rings again."));
		break;
	case FEED_UNDONE:
		linear_say(l, safe_printf("Taken back: it waits again."));
		break;
	case FEED_HISTORY:
		linear_say_history(l, note->json);
		break;
	default:
		break;
	}
}

void linear_note(struct linear *l, const struct feed_note *note)
{
	switch (note->kind) {
	case FEED_DOWN:
		went_down(l, note);
		break;
	case FEED_GONE:
		went(l, note);
		break;
	case FEED_SHOWN:
	case FEED_SHOW_FAILED:
		was_shown(l, note);
		break;
	case FEED_LIKE:
		was_liked(l, note);
		break;
	case FEED_DECIDED:
		was_decided(l, note);
		break;
	case FEED_REFUSED:
	case FEED_UNDO_FAILED:
	case FEED_SWITCH_FAILED:
	case FEED_MUTE_FAILED:
	case FEED_HISTORY_FAILED:
		was_refused(l, note);
		break;
	default:
		came(l, note);
	}
	say_master(l);
	say_trouble(l);
	linear_next(l);
}
