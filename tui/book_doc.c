/* Called by view_rules.c when what is shown has changed. */
#include "config.h"

#include "tui/book_doc.h"

#include <stdio.h>
#include <string.h>

#include "tui/cell.h"

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

/* What decides without being a rule. */
static const struct {
	const char *rule, *words;
} others[] = {
	{ "built-in:default", "no rule fits: it waits for you" },
	{ "built-in:unlisted", "the server does not list the tool" },
	{ "built-in:disagree", "broker and gate read the call differently" },
	{ "built-in:server", "the server is not accepted yet" },
	{ "built-in:history", "the call could not be recorded" },
	{ "built-in:json", "the arguments are no JSON that is read in one way only" },
	{ "built-in:hold-all", "everything is held, whatever the rules say" },
	{ "built-in:deny-all", "everything is denied, whatever the rules say" },
};

static const char *other_words(const char *rule)
{
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (strcmp(rule, others[i].rule) == 0) {
			return others[i].words;
		}
	}
	return "a built-in rule that is not in force any more";
}

const char *book_word(const struct book_row *row)
{
	switch (row->kind) {
	case BOOK_BROKEN:
		return "broken";
	case BOOK_GRANT:
		return "grant";
	case BOOK_OTHER:
		return "-";
	default:
		return is(row->verdict, "allow")   ? "allow"
			: is(row->verdict, "hold") ? "hold"
			: is(row->verdict, "deny") ? "deny"
						   : "?";
	}
}

enum role book_role(const struct book_row *row)
{
	return row->kind == BOOK_BROKEN                                ? ROLE_WARNING
		: row->kind == BOOK_GRANT || is(row->verdict, "allow") ? ROLE_RISK_LOW
		: is(row->verdict, "deny")                             ? ROLE_RISK_HIGH
		: is(row->verdict, "hold")                             ? ROLE_RISK_MEDIUM
								       : ROLE_DIM;
}

const char *book_text(const struct book_row *row)
{
	const char *text = row->kind == BOOK_GRANT ? row->words
		: row->kind == BOOK_OTHER          ? other_words(row->rule)
						   : row->text;
	size_t len = row->verdict ? strlen(row->verdict) : 0;
	if (text && len && row->kind == BOOK_RULE && strncmp(text, row->verdict, len) == 0 &&
		text[len] == ' ') {
		text += len + 1;
	}
	return text ? text : "";
}

void book_bound(const struct book_row *row, int64_t now, char words[80])
{
	char uses[40] = "";
	int64_t left = row->until - now;
	if (row->uses_left >= 0) {
		snprintf(uses, sizeof(uses), "%lld more, ", (long long)row->uses_left);
	}
	if (row->until >= 0) {
		snprintf(words, 80, "%s%lld min left", uses,
			left > 0 ? (long long)(left + 59999) / 60000 : 0);
	} else {
		snprintf(words, 80, "%sthis session", uses);
	}
}

/* ---- how often ---- */

static void call_doc(struct doc *doc, const struct book_call *call)
{
	char time[32];
	struct safe_text state = doc_safe(doc, call->state), tool = doc_safe(doc, call->tool),
			 target = doc_safe(doc, call->target), server = doc_safe(doc, call->server);
	cell_time(call->at, time);
	doc_labelled(doc, "", ROLE_TEXT,
		safe_printf("#%lld %s %s · %s/%s %s", (long long)call->number, time,
			safe_cstr(&state), safe_cstr(&server), safe_cstr(&tool),
			safe_cstr(&target)));
	safe_finish(&state);
	safe_finish(&tool);
	safe_finish(&target);
	safe_finish(&server);
}

static void count_doc(struct doc *doc, const struct book *book, const struct book_row *row)
{
	char since[32], from[32];
	cell_time(row->since, since);
	cell_time(book->from, from);
	if (book->no_hits) {
		struct safe_text why = doc_safe(doc, book->no_hits);
		doc_labelled(
			doc, "hits", ROLE_WARNING, safe_printf("not counted: %s", safe_cstr(&why)));
		safe_finish(&why);
		return;
	}
	doc_labelled(doc, "hits", row->count ? ROLE_STRONG : ROLE_DIM,
		safe_printf("%lld of the latest %lld calls%s%s", (long long)row->count,
			(long long)book->looked, from[0] ? ", the first at " : "", from));
	if (since[0]) {
		doc_labelled(doc, "", ROLE_DIM, safe_printf("the line says this since %s", since));
	}
}

static void calls_doc(struct doc *doc, const struct book_row *row)
{
	for (size_t i = 0; i < row->call_count; i++) {
		if (i == 0) {
			doc_blank(doc);
			doc_say(doc, ROLE_LABEL, 0, "Latest calls");
		}
		call_doc(doc, &row->calls[i]);
	}
}

/* ---- what ---- */

static void rule_doc(struct doc *doc, const struct book *book, const struct book_row *row)
{
	struct safe_text level = doc_safe(doc, row->level);
	doc_labelled(doc, "", book_role(row),
		safe_printf("%s · %s rule", book_word(row), safe_cstr(&level)));
	safe_finish(&level);
	doc_field(doc, "rule", ROLE_STRONG, span_of(row->text));
	doc_field(doc, "at", ROLE_TEXT, span_of(row->rule));
	doc_field(doc, "note", ROLE_TEXT, span_of(row->comment));
	count_doc(doc, book, row);
	for (size_t i = 0; i < row->example_count; i++) {
		doc_field(doc, row->examples[i].ok ? "ok" : "not", ROLE_DIM,
			span_of(row->examples[i].text));
	}
}

static void grant_doc(struct doc *doc, const struct book_row *row, int64_t now)
{
	char bound[80];
	struct safe_text server = doc_safe(doc, row->server), by = doc_safe(doc, row->by);
	book_bound(row, now, bound);
	doc_labelled(doc, "", book_role(row), safe_printf("grant · %s", bound));
	doc_field(doc, "lets", ROLE_STRONG, span_of(row->words));
	doc_labelled(doc, "of", ROLE_TEXT,
		safe_printf("server %s, asked by process %lld", safe_cstr(&server),
			(long long)row->agent));
	doc_labelled(doc, "by", ROLE_TEXT,
		safe_printf("%s, with #%lld", safe_cstr(&by), (long long)row->number));
	doc_labelled(doc, "hits", row->count ? ROLE_STRONG : ROLE_DIM,
		row->count == 1      ? safe_printf("used once")
			: row->count ? safe_printf("used %lld times", (long long)row->count)
				     : safe_printf("not used yet"));
	safe_finish(&server);
	safe_finish(&by);
}

void book_doc(struct doc *doc, const struct book *book, const struct book_row *row, int64_t now)
{
	switch (row->kind) {
	case BOOK_BROKEN:
		doc_labelled(doc, "", ROLE_WARNING,
			safe_printf("a file that cannot be read: what is about it is held"));
		doc_field(doc, "why", ROLE_STRONG, span_of(row->text));
		return;
	case BOOK_GRANT:
		grant_doc(doc, row, now);
		break;
	case BOOK_RULE:
		rule_doc(doc, book, row);
		break;
	case BOOK_OTHER:
		doc_labelled(doc, "", ROLE_STRONG, safe_printf("%s", other_words(row->rule)));
		doc_field(doc, "at", ROLE_TEXT, span_of(row->rule));
		count_doc(doc, book, row);
		break;
	}
	calls_doc(doc, row);
}
