/*
 * Words into l->out. What is foreign comes through the sanitiser, and never stands at the beginning
 * of a line, so that it cannot pass for a line of ours. Called by linear.c and linear_line.c.
 */
#include "config.h"

#include "tui/linear.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tui/card.h"
#include "tui/doc_text.h"
#include "tui/past_doc.h"

enum { PREVIEW_ROWS = 20, SHOW_ROWS = 3000, CODE_TRIES = 1000, HISTORY_COLS = 60 };

void linear_say(struct linear *l, struct safe_text line)
{
	doc_text_safe(&l->paint, &line, &l->out);
	buf_char(&l->out, '\n');
	safe_finish(&line);
}

void linear_say_foreign(struct linear *l, const char *words)
{
	struct doc doc;
	doc_init(&doc, &l->paint);
	doc_add(&doc, ROLE_TEXT, 0, "", paint_foreign(&l->paint, span_of(words), SAFE_ONE_LINE));
	if (doc.count) {
		doc.lines[0].prose = true;
	}
	doc_text(&doc, 0, doc.count, SHOW_ROWS, l->options.width, &l->out);
	doc_finish(&doc);
}

/* ---- codes ---- */

/* Letters that neither look alike nor are vowels: no words. */
static const char letters[] = "bfhjkmqrstwxyz";

static bool is_taken(const struct linear *l, const char code[3])
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->list[i].code, code) == 0 || strcmp(l->list[i].last, code) == 0) {
			return true;
		}
	}
	return false;
}

/* Another one than the call had before, and than any that holds. */
static void draw_code(struct linear *l, struct linear_entry *entry)
{
	char code[3] = "";
	uint32_t count = sizeof(letters) - 1;
	for (int i = 0; i < CODE_TRIES; i++) {
		uint32_t bits = l->options.draw(l->options.data);
		code[0] = letters[bits % count];
		code[1] = letters[bits / count % count];
		if (code[0] != code[1] && !is_taken(l, code)) {
			break;
		}
	}
	memcpy(entry->code, code, sizeof(code));
	memcpy(entry->last, code, sizeof(code));
	entry->out_at = 0;
	l->fresh = true;
}

/* ---- calls ---- */

static void write_card(struct linear *l, const struct model_item *item, struct doc *doc)
{
	const struct diff_form form = {
		.width = l->options.width, .halves = HALVES_NEVER, .context = 3
	};
	doc_init(doc, &l->paint);
	struct card_ages ages;
	card_doc(doc, item, &form, &ages);
	card_age(doc, item, &ages, l->now, l->wall);
}

/* What can be done with it, and the code if all is there that a yes needs. */
static void say_end(
	struct linear *l, struct linear_entry *entry, const struct model_item *item, size_t left)
{
	const char *name = entry->name;
	bool seen = item->kind == MODEL_SERVER || item->show == SHOW_HERE;
	if (left) {
		linear_say(l, safe_printf("%zu lines more: show %s", left, name));
	}
	if (l->options.looks) {
		return;
	}
	if (!seen) {
		linear_say(l,
			safe_printf("Nothing is approved unseen: show %s asks again. To deny: "
				    "d %s",
				name, name));
	} else if (left && entry->careful) {
		linear_say(l,
			safe_printf("It can be approved once all of it was shown. To deny: d %s",
				name));
	} else {
		draw_code(l, entry);
		linear_say(l,
			safe_printf("To approve: a %s %s  To deny: d %s, or d %s and a reason",
				name, entry->code, name, name));
	}
}

static void say_begin(struct linear *l, const struct linear_entry *entry,
	const struct model_item *item, bool changed)
{
	linear_say(l,
		safe_printf("%s %s%s, %s risk", item->kind == MODEL_SERVER ? "Server" : "Call",
			entry->name, changed ? " has CHANGED" : "", card_risk(item->risk)));
}

void linear_say_call(
	struct linear *l, struct linear_entry *entry, const struct model_item *item, bool changed)
{
	struct doc doc;
	write_card(l, item, &doc);
	say_begin(l, entry, item, changed);
	doc_text(&doc, 0, doc.facts, SHOW_ROWS, l->options.width, &l->out);
	size_t left = doc_text(&doc, doc.facts, doc.count, entry->wanted ? SHOW_ROWS : PREVIEW_ROWS,
		l->options.width, &l->out);
	entry->careful = item->risk >= RISK_HIGH || doc.partial || doc.dropped;
	entry->code[0] = '\0';
	say_end(l, entry, item, left);
	doc_finish(&doc);
}

void linear_say_why(struct linear *l, const struct model_item *item)
{
	struct doc doc;
	write_card(l, item, &doc);
	doc_text(&doc, 0, doc.facts, SHOW_ROWS, l->options.width, &l->out);
	doc_finish(&doc);
}

void linear_say_row(
	struct linear *l, const struct linear_entry *entry, const struct model_item *item)
{
	const char *tool = item->kind == MODEL_SERVER ? "accept this server?" : item->tool;
	struct safe_text what = paint_foreign(&l->paint, span_of(tool ? tool : ""), SAFE_ONE_LINE);
	struct safe_text target = paint_foreign(&l->paint, model_target(item), SAFE_ONE_LINE);
	struct safe_text cut = safe_middle(&target, HISTORY_COLS);
	const char *state = card_state_words(item);
	linear_say(l,
		safe_printf("%s: %s risk, %s%s%s %s", entry->name, card_risk(item->risk), state,
			state[0] ? ", " : "", safe_cstr(&what), safe_cstr(&cut)));
	safe_finish(&what);
	safe_finish(&target);
	safe_finish(&cut);
}

/* ---- the rest ---- */

static void say_past(struct linear *l, const struct past_row *row)
{
	char when[24] = "";
	time_t seconds = (time_t)(row->arrived / 1000);
	struct tm tm;
	if (localtime_r(&seconds, &tm)) {
		strftime(when, sizeof(when), "%m-%d %H:%M", &tm);
	}
	const char *name = row->tool && row->tool[0] ? row->tool : row->method;
	struct safe_text what = paint_foreign(&l->paint, span_of(name ? name : ""), SAFE_ONE_LINE);
	struct safe_text target = paint_foreign(
		&l->paint, span_of(row->target ? row->target : ""), SAFE_ONE_LINE);
	struct safe_text cut = safe_middle(&target, HISTORY_COLS);
	linear_say(l,
		safe_printf("%lld: %s %s, %s %s", (long long)row->number, when, past_word(row),
			safe_cstr(&what), safe_cstr(&cut)));
	safe_finish(&what);
	safe_finish(&target);
	safe_finish(&cut);
}

void linear_say_history(struct linear *l, struct span json)
{
	struct past past = { 0 };
	past_read(&past, json);
	for (size_t i = past.count; i-- > 0;) {
		say_past(l, &past.list[i]);
	}
	if (!past.count) {
		linear_say(l, safe_printf("Nothing is recorded of that."));
	}
	past_finish(&past);
}

void linear_say_help(struct linear *l)
{
	static const struct {
		const char *word, *other, *rest, *help;
	} rows[] = {
#define X(id, word, other, rest, decides, help) { word, other, rest, help },
		LINEAR_COMMANDS(X)
#undef X
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		linear_say(l,
			safe_printf("%s%s%s%s%s: %s", rows[i].word, rows[i].other[0] ? " or " : "",
				rows[i].other, rows[i].rest[0] ? " " : "", rows[i].rest,
				rows[i].help));
	}
}
