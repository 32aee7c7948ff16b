/* Called by view_history.c when what is shown has changed. */
#include "config.h"

#include "tui/past_doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/card.h"
#include "tui/effects_doc.h"
#include "tui/model_read.h"

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

const char *past_word(const struct past_row *row)
{
	if (row->state == LIFE_DENIED) {
		return row->decision ? "denied" : "refused";
	}
	if (row->state != LIFE_DONE) {
		return life_state_name(row->state);
	}
	return is(row->decision, "approved") ? "approved" : "passed";
}

enum role past_role(const struct past_row *row)
{
	switch (row->state) {
	case LIFE_DONE:
		return row->decision ? ROLE_STRONG : ROLE_TEXT;
	case LIFE_DENIED:
	case LIFE_UNKNOWN:
		return ROLE_WARNING;
	default:
		return ROLE_DIM;
	}
}

static void head_doc(struct doc *doc, const struct past_row *row)
{
	struct safe_text by = doc_safe(doc, row->decider), outcome = doc_safe(doc, row->outcome);
	doc_labelled(doc, "", past_role(row),
		safe_printf("%s%s%s%s%s", past_word(row), by.bytes ? " · by " : "", safe_cstr(&by),
			outcome.bytes ? " · " : "", safe_cstr(&outcome)));
	doc_field(doc, "said", ROLE_TEXT, span_of(row->decision_reason));
	card_why(doc, row->reason, row->rule);
	safe_finish(&by);
	safe_finish(&outcome);
}

static void who_doc(struct doc *doc, const struct past_row *row, const struct model_item *event)
{
	static const struct model_who unknown;
	const struct model_who *who = event ? &event->who : &unknown;
	struct safe_text cwd = doc_safe(doc, row->cwd), branch = doc_safe(doc, row->branch);
	card_said(doc, who, row->client ? row->client : "a client", row->client_version,
		safe_printf(" (process %lld)", (long long)row->agent_pid));
	card_from(doc, who);
	doc_labelled(doc, "in", ROLE_TEXT,
		safe_printf("%s%s%s", safe_cstr(&cwd), branch.bytes ? " · branch " : "",
			safe_cstr(&branch)));
	safe_finish(&cwd);
	safe_finish(&branch);
}

static void time_doc(struct doc *doc, const char *label, const char *words, int64_t ms)
{
	char text[32] = "";
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	if (ms > 0 && localtime_r(&seconds, &tm)) {
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
		doc_labelled(doc, label, ROLE_TEXT, safe_printf("%s %s", words, text));
	}
}

static void end_doc(struct doc *doc, const struct past_row *row)
{
	if (row->took_us >= 0) {
		doc_labelled(doc, "took", ROLE_TEXT,
			safe_printf("%lld.%03lld s · answer of %lld bytes",
				(long long)row->took_us / 1000000,
				(long long)row->took_us / 1000 % 1000,
				(long long)(row->size > 0 ? row->size : 0)));
	}
}

void past_doc(struct doc *doc, const struct past_row *row, const struct model_item *event)
{
	struct safe_text server = doc_safe(doc, row->server),
			 what = doc_safe(doc, row->tool && row->tool[0] ? row->tool : row->method);
	head_doc(doc, row);
	doc_labelled(doc, "call", ROLE_STRONG,
		safe_printf("%s %s %s", safe_cstr(&server),
			is(row->toward, "client") ? "asked the client:" : "/", safe_cstr(&what)));
	safe_finish(&server);
	safe_finish(&what);
	if (event && event->effect_count) {
		effects_doc(doc, event);
	} else {
		doc_field(doc, "on", ROLE_STRONG, span_of(row->target));
	}
	who_doc(doc, row, event);
	time_doc(doc, "when", "came", row->arrived);
	time_doc(doc, "", "decided", row->decided);
	time_doc(doc, "", "ended", row->finished);
	end_doc(doc, row);
}

void past_edit_doc(struct doc *doc, struct span edit, const struct diff_form *form)
{
	struct span proposed = model_read_member(edit, "proposed");
	char *name = json_strdup(model_read_member(edit, "by"));
	if (!edit.at) {
		return;
	}
	struct safe_text by = doc_safe(doc, name);
	doc_blank(doc);
	doc_labelled(doc, "edited", ROLE_WARNING, safe_printf(" by %s", safe_cstr(&by)));
	if (json_type(proposed) == JSON_OBJECT) {
		edit_doc(doc, proposed, model_read_member(edit, "effective"), form);
	} else {
		doc_say(doc, ROLE_TEXT, 0, "the arguments are not kept: a secret stood in them");
	}
	safe_finish(&by);
	free(name);
}
