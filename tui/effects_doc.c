/*
 * Effects as rows: verb, what it acts on as given, where that really is if it is another place, and
 * what the machine says of it. Words come from effect_words.c; everything foreign goes through the
 * sanitiser. Called by card.c.
 */
#include "config.h"

#include "tui/effects_doc.h"

#include <stdio.h>
#include <string.h>

#include "core/effects/effect.h"
#include "tui/effect_words.h"

enum { ROWS_MAX = 8, RISKY_ROWS_MAX = 24 };

/* ---- one effect ---- */

/* What stands for an empty `given`. */
static const char *const nothing_given[][2] = {
	{ "install", "what its files say" },
	{ "push", "what git's configuration says" },
	{ "branch", "that is current" },
	{ "unknown", "what it does" },
};

enum aside_of { OF_HOW, OF_WORD, OF_TEXT };

struct aside {
	const char *kind, *how; /* NULL: any */
	enum aside_of of;
	const char *before, *after;
};

/* What else is said behind the target, if there is any: the first row that fits. */
static const struct aside asides[] = {
	{ "install", NULL, OF_HOW, " (", ")" },
	{ "push", NULL, OF_HOW, " to ", "" },
	{ "branch", "move", OF_WORD, " to ", "" },
	{ "branch", NULL, OF_TEXT, " (now on ", ")" },
	{ "publish", NULL, OF_HOW, " (", ")" },
	{ "destructive", NULL, OF_HOW, " (", ")" },
	{ "tool", NULL, OF_WORD, " (", ")" },
	{ "write", "link", OF_WORD, " to ", "" },
};

static struct safe_text foreign(const struct doc *doc, const char *text)
{
	return paint_foreign(doc->paint, span_of(text ? text : ""), SAFE_ONE_LINE);
}

static bool is_empty(const char *text)
{
	return !text || !text[0];
}

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* A path below the call's own directory is shown from there; the directory is a line of its own. */
static const char *path_from(const char *path, const char *dir)
{
	size_t n = dir ? strlen(dir) : 0;
	return n > 1 && strncmp(path, dir, n) == 0 && path[n] == '/' && path[n + 1] ? path + n + 1
										    : path;
}

/* The place has another name than the one that was given. */
static bool leads_elsewhere(const struct model_effect *effect)
{
	const char *given = effect->given, *path = effect->path;
	if (is_empty(given) || is_empty(path)) {
		return false;
	}
	while (strncmp(given, "./", 2) == 0) {
		given += 2;
	}
	size_t n = strlen(path), m = strlen(given);
	m -= m > 1 && given[m - 1] == '/';
	bool below = given[0] != '/' && n > m && path[n - m - 1] == '/';
	return !((n == m || below) && strncmp(path + n - m, given, m) == 0) && !same(given, ".");
}

static const char *subject_of(const struct model_item *item, const struct model_effect *effect)
{
	if (effect_has_place(effect) && !is_empty(effect->path) && !leads_elsewhere(effect)) {
		return path_from(effect->path, item->cwd);
	}
	if (!is_empty(effect->given)) {
		return effect->given;
	}
	for (size_t i = 0; i < COUNT_OF(nothing_given); i++) {
		if (effect_is(effect, nothing_given[i][0])) {
			return nothing_given[i][1];
		}
	}
	return effect->path ? effect->path : "";
}

static struct safe_text aside_of(const struct doc *doc, const struct model_effect *effect)
{
	for (size_t i = 0; i < COUNT_OF(asides); i++) {
		const struct aside *a = &asides[i];
		const char *text = a->of == OF_HOW ? effect->how
			: a->of == OF_WORD         ? effect->word
						   : effect->text;
		if (effect_is(effect, a->kind) && (!a->how || same(a->how, effect->how)) &&
			!is_empty(text)) {
			struct safe_text safe = foreign(doc, text);
			struct safe_text out = safe_printf(
				"%s%s%s", a->before, safe_cstr(&safe), a->after);
			safe_finish(&safe);
			return out;
		}
	}
	return safe_printf("%s", "");
}

static void add_fact(char facts[80], const char *fact)
{
	size_t len = strlen(facts);
	snprintf(facts + len, 80 - len, "%s%s", len ? ", " : " (", fact);
}

/* " (tracked, changed)", or nothing. */
static void facts_of(const struct model_effect *effect, char facts[80])
{
	bool kept = effect_is(effect, "write") || effect_is(effect, "delete");
	bool there = kept && effect->inside && !same(effect->state, "absent");
	bool task = effect_is(effect, "task");
	const struct {
		bool applies;
		const char *words;
	} all[] = {
		{ there && effect->marks & MARK_TRACKED, "tracked" },
		{ there && effect->marks & MARK_CHANGED, "changed" },
		{ there && effect->marks & MARK_OWN, "written by this session" },
		{ there && effect->marks & MARK_IGNORED, "ignored" },
		{ there && !(effect->marks & (MARK_TRACKED | MARK_IGNORED | MARK_OWN)),
			"not tracked" },
		{ task && effect->marks & MARK_ACCEPTED, "accepted before" },
		{ task && effect->marks & MARK_COMMITTED, "committed" },
		{ task && !(effect->marks & (MARK_COMMITTED | MARK_ACCEPTED)), "not committed" },
	};
	facts[0] = 0;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (all[i].applies) {
			add_fact(facts, all[i].words);
		}
	}
	if (facts[0]) {
		size_t len = strlen(facts);
		snprintf(facts + len, 80 - len, ")");
	}
}

static void notes_of(
	const struct model_effect *effect, const struct effect_words *words, char notes[200])
{
	char links[48];
	bool outside = effect_has_place(effect) && !effect->inside;
	bool names = effect_has_place(effect) && !effect_is(effect, "read") && effect->links > 1;
	snprintf(links, sizeof(links), " · the file has %lld names", (long long)effect->links);
	snprintf(notes, 200, "%s%s%s%s%s", words->note[0] ? " · " : "", words->note,
		outside ? " · outside the scope" : "", names ? links : "",
		effect->late ? " · what comes before it may change that" : "");
}

static void effect_row(struct doc *doc, const char *label, const struct model_item *item,
	const struct model_effect *effect)
{
	const struct effect_words *words = effect_words_of(effect);
	bool elsewhere = effect_has_place(effect) && leads_elsewhere(effect);
	struct safe_text subject = foreign(doc, subject_of(item, effect));
	struct safe_text path = foreign(doc, elsewhere ? effect->path : "");
	struct safe_text aside = aside_of(doc, effect);
	char facts[80], notes[200];
	size_t before = doc->count;
	facts_of(effect, facts);
	notes_of(effect, words, notes);
	doc_labelled(doc, label,
		effect_weight_of(effect) == WEIGHT_RISKY ? ROLE_WARNING : ROLE_TEXT,
		safe_printf("%-*s %s%s%s%s%s%s%s", EFFECT_VERB_COLS, words->verb, words->before,
			safe_cstr(&subject), elsewhere ? " → " : "", safe_cstr(&path),
			safe_cstr(&aside), facts, notes));
	if (doc->count > before) {
		doc->lines[before].hang = DOC_LABEL + EFFECT_VERB_COLS + 1;
	}
	safe_finish(&subject);
	safe_finish(&path);
	safe_finish(&aside);
}

/* ---- all of them ---- */

struct rows {
	struct doc *doc;
	const struct model_item *item;
	size_t shown, left, left_risky;
};

static bool is_head(const struct model_effect *effect)
{
	return effect_is(effect, "exec") || effect_is(effect, "task");
}

static bool in_group(const struct model_effect *effect, const struct model_effect *first)
{
	return effect == first || (first->part && effect->part == first->part);
}

static bool begins_group(const struct model_item *item, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (in_group(&item->effects[at], &item->effects[i])) {
			return false;
		}
	}
	return true;
}

static enum effect_weight group_weight(const struct model_item *item, size_t first, bool *head)
{
	enum effect_weight most = WEIGHT_CALM;
	*head = false;
	for (size_t i = first; i < item->effect_count; i++) {
		const struct model_effect *e = &item->effects[i];
		if (in_group(e, &item->effects[first])) {
			enum effect_weight weight = effect_weight_of(e);
			most = weight > most ? weight : most;
			*head = *head || is_head(e);
		}
	}
	return most;
}

static void add_row(struct rows *rows, const struct model_effect *effect)
{
	bool risky = effect_weight_of(effect) == WEIGHT_RISKY;
	if (rows->shown >= (risky ? RISKY_ROWS_MAX : ROWS_MAX)) {
		rows->left++;
		rows->left_risky += risky;
		return;
	}
	effect_row(rows->doc, rows->shown ? "" : "does", rows->item, effect);
	rows->shown++;
}

/* The words of the command first; then what they do not say by themselves. */
static void add_group(struct rows *rows, size_t first, bool head)
{
	const struct model_item *item = rows->item;
	for (int heads = 1; heads >= 0; heads--) {
		for (size_t i = first; i < item->effect_count; i++) {
			const struct model_effect *e = &item->effects[i];
			bool said = head && !is_head(e) && effect_weight_of(e) == WEIGHT_CALM;
			if (in_group(e, &item->effects[first]) && is_head(e) == (heads == 1) &&
				!said) {
				add_row(rows, e);
			}
		}
	}
}

void effects_doc(struct doc *doc, const struct model_item *item)
{
	struct rows rows = { .doc = doc, .item = item };
	for (int weight = WEIGHT_RISKY; weight >= WEIGHT_CALM; weight--) {
		for (size_t i = 0; i < item->effect_count; i++) {
			bool head = false;
			if (begins_group(item, i) &&
				group_weight(item, i, &head) == (enum effect_weight)weight) {
				add_group(&rows, i, head);
			}
		}
	}
	size_t left = rows.left + item->effects_more;
	if (left) {
		bool matters = rows.left_risky || item->effects_more;
		doc->partial = doc->partial || matters;
		doc_labelled(doc, "", matters ? ROLE_WARNING : ROLE_DIM,
			safe_printf("and %zu more", left));
	}
}
