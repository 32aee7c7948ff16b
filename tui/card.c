/*
 * The order is fixed so that the eye learns it. Words of ours stand left, foreign ones behind them
 * and through the sanitiser. Called by app.c when the shown content has changed.
 */
#include "config.h"

#include "tui/card.h"

#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "tui/ago.h"
#include "tui/effects_doc.h"
#include "tui/preview_doc.h"
#include "tui/undo_words.h"

struct risk_spec {
	const char *word, *sigil;
	enum role role;
};

static const struct risk_spec risks[RISK_COUNT] = {
	[RISK_LOW] = { "low", ". ", ROLE_RISK_LOW },
	[RISK_MEDIUM] = { "medium", "! ", ROLE_RISK_MEDIUM },
	[RISK_HIGH] = { "high", "!!", ROLE_RISK_HIGH },
	[RISK_HIGHEST] = { "highest", "!!!", ROLE_RISK_HIGH },
};

struct state_spec {
	const char *row; /* in the list; "" for a call that simply waits */
	const char *sentence;
};

static const struct state_spec states[LIFE_STATE_COUNT] = {
	[LIFE_HELD] = { "", "waits for you" },
	[LIFE_APPROVED] = { "approved, waiting for the gate", "approved, waiting for the gate" },
	[LIFE_RELEASED] = { "released", "released: the gate may forward it" },
	[LIFE_FORWARDED] = { "running", "the server has it" },
	[LIFE_PARKED] = { "parked",
		"parked: the agent was told it did not run; approve, and its next identical call "
		"passes, once" },
	[LIFE_ARMED] = { "armed", "approved: its next identical call passes, once" },
	[LIFE_DONE] = { "done", "done" },
	[LIFE_DENIED] = { "denied", "denied" },
	[LIFE_WITHDRAWN] = { "withdrawn",
		"withdrawn: the client took it back or left; it can never run" },
	[LIFE_EXPIRED] = { "expired", "expired: nobody came back for it; it can never run" },
	[LIFE_UNKNOWN] = { "outcome unknown",
		"the gate ended without saying how it went; it is never run again" },
};

const char *card_risk(enum model_risk risk)
{
	return risks[risk].word;
}

const char *card_sigil(enum model_risk risk)
{
	return risks[risk].sigil;
}

enum role card_risk_role(enum model_risk risk)
{
	return risks[risk].role;
}

const char *card_state_words(const struct model_item *item)
{
	if (item->sent != SENT_NONE && model_waits(item)) {
		return item->sent == SENT_APPROVE ? "approving" : "denying";
	}
	if (item->denied_at) {
		return "denying (u: undo)";
	}
	if (item->approved_at) {
		return "approving (u: undo)";
	}
	return states[item->state].row;
}

/* ---- what ages ---- */

enum { SOON_S = 15 };

static void put_age(
	struct doc *doc, size_t line, const char *label, enum role role, struct safe_text value)
{
	if (line) {
		doc_relabel(doc, line - 1, label, role, value);
	} else {
		safe_finish(&value);
	}
}

/* What it is now, and for how long it has waited. */
static struct safe_text head_of(const struct model_item *item, int64_t wall)
{
	const char *sentence = item->denied_at ? "is being denied: u takes it back"
		: item->approved_at            ? "is being approved: u takes it back"
					       : states[item->state].sentence;
	int64_t waits = wall - item->arrived;
	bool ages = item->arrived && wall && waits >= 0 && model_waits(item);
	struct safe_text age = ages ? ago_clock(waits) : (struct safe_text){ 0 };
	char unseen[64] = "";
	if (item->invisible) {
		snprintf(unseen, sizeof(unseen), " · %zu invisible character%s", item->invisible,
			item->invisible == 1 ? "" : "s");
	}
	struct safe_text head = safe_printf("%s risk · %s%s%s%s", card_risk(item->risk), sentence,
		!ages                              ? ""
			: item->state == LIFE_HELD ? " "
						   : " · ",
		safe_cstr(&age), unseen);
	safe_finish(&age);
	return head;
}

static struct safe_text like_of(const struct doc *doc, const struct model_like *like, int64_t wall)
{
	struct safe_text except = doc_safe(doc, like->except);
	struct safe_text decision = doc_safe(doc, like->decision);
	struct safe_text ago = like->at > 0 && wall > 0 ? ago_words(wall - like->at)
							: (struct safe_text){ 0 };
	struct safe_text all = safe_printf(
		"same as #%lld%s%s, which was %s · of such approved %lld, denied %lld%s%s",
		(long long)like->number, except.bytes ? " except " : "", safe_cstr(&except),
		safe_cstr(&decision), (long long)like->approved, (long long)like->denied,
		ago.bytes ? ", last " : "", safe_cstr(&ago));
	safe_finish(&except);
	safe_finish(&decision);
	safe_finish(&ago);
	return all;
}

/* The very same call, asked again after a no. */
static struct safe_text before_of(
	const struct doc *doc, const struct model_denied *denied, int64_t wall)
{
	struct safe_text reason = doc_safe(doc, denied->reason);
	struct safe_text ago = denied->at > 0 && wall > 0 ? ago_words(wall - denied->at)
							  : (struct safe_text){ 0 };
	struct safe_text all = safe_printf("denied %lld time%s before%s%s (#%lld)%s%s",
		(long long)denied->count, denied->count == 1 ? "" : "s", ago.bytes ? ", last " : "",
		safe_cstr(&ago), (long long)denied->number, reason.bytes ? ": " : "",
		safe_cstr(&reason));
	safe_finish(&reason);
	safe_finish(&ago);
	return all;
}

static bool expires(const struct model_item *item)
{
	return item->expires && (item->state == LIFE_PARKED || item->state == LIFE_ARMED);
}

void card_age(struct doc *doc, const struct model_item *item, const struct card_ages *ages,
	int64_t now, int64_t wall)
{
	bool told = expires(item); /* its agent has an answer */
	int64_t end = told ? item->expires : item->deadline;
	int64_t ago = (now - item->changed_at) / 1000, left = (end - wall) / 1000;
	left = left > 0 ? left : 0;
	struct safe_text until = ago_clock(left * 1000);
	put_age(doc, ages->head, card_sigil(item->risk), card_risk_role(item->risk),
		head_of(item, wall));
	put_age(doc, ages->changed, "!", ROLE_TROUBLE,
		safe_printf("changed %lld s ago, look again", (long long)(ago > 0 ? ago : 0)));
	if (ages->before) {
		put_age(doc, ages->before, "again", ROLE_WARNING,
			before_of(doc, &item->denied, wall));
	}
	put_age(doc, ages->until, "until", left < SOON_S ? ROLE_WARNING : ROLE_TEXT,
		safe_printf("%s: then %s%s", safe_cstr(&until),
			told ? "it expires" : "the client gives up",
			left < SOON_S ? ", soon" : ""));
	if (ages->like) {
		put_age(doc, ages->like, "like", ROLE_TEXT, like_of(doc, &item->like, wall));
	}
	safe_finish(&until);
}

/* A line whose words come before each frame. */
static size_t aged_line(struct doc *doc)
{
	doc_labelled(doc, "", ROLE_TEXT, safe_printf(" "));
	return doc->count;
}

static void changed_doc(struct doc *doc, const struct model_item *item, struct card_ages *ages)
{
	if (item->changed_at && model_waits(item)) {
		ages->changed = aged_line(doc);
	}
}

static void until_doc(struct doc *doc, const struct model_item *item, struct card_ages *ages)
{
	if (expires(item) || (item->deadline > 0 && model_waits(item))) {
		ages->until = aged_line(doc);
	}
}

/* ---- the head ---- */

/* What stands in place of a rule where none fits. */
static const char no_rule[] = "built-in:default";

void card_why(struct doc *doc, const char *why, const char *fitting)
{
	bool fits = fitting && strcmp(fitting, no_rule) != 0;
	struct safe_text reason = doc_safe(doc, why);
	struct safe_text rule = paint_foreign(
		doc->paint, span_of(fits ? fitting : "no rule fits"), SAFE_ONE_LINE);
	doc_labelled(doc, "why", ROLE_STRONG,
		safe_printf(
			"%s%s[%s]", safe_cstr(&reason), reason.bytes ? " " : "", safe_cstr(&rule)));
	safe_finish(&reason);
	safe_finish(&rule);
}

static void edited_doc(struct doc *doc, const struct model_item *item)
{
	if (item->edited_by) {
		struct safe_text by = paint_foreign(
			doc->paint, span_of(item->edited_by), SAFE_ONE_LINE);
		doc_labelled(doc, "edited", ROLE_WARNING,
			safe_printf(" by %s: these are not the arguments that the agent sent",
				safe_cstr(&by)));
		safe_finish(&by);
	}
}

static void head_doc(struct doc *doc, const struct model_item *item, struct card_ages *ages)
{
	if (item->kind == MODEL_SERVER) {
		doc_add(doc, ROLE_STRONG, 0, "",
			safe_printf("Accept this server? It has not run for you before."));
	}
	doc_labelled(doc, card_sigil(item->risk), card_risk_role(item->risk), head_of(item, 0));
	ages->head = doc->count; /* of the line before: 0 is none */
	if (item->ended) {
		doc_field(doc, "by", ROLE_WARNING, span_of(item->ended_by));
	}
	if (item->denied_at) {
		doc_field(doc, "by", ROLE_WARNING, span_of(item->denied_by));
	}
	if (item->approved_at) {
		doc_field(doc, "by", ROLE_WARNING, span_of(item->approved_by));
	}
	if (item->decider && !model_waits(item)) {
		doc_field(doc, "by", ROLE_TEXT, span_of(item->decider));
	}
	edited_doc(doc, item);
	doc_field(doc, "note", ROLE_WARNING, span_of(item->said));
	changed_doc(doc, item, ages);
	if (item->denied.count) {
		doc_labelled(doc, "again", ROLE_WARNING, before_of(doc, &item->denied, 0));
		ages->before = doc->count;
	}
	card_why(doc, item->reason, item->rule);
	until_doc(doc, item, ages);
}

/* The kernel's words of the process stand in brackets; the rest is what the client says of itself.
 */
static struct safe_text process_of(const struct doc *doc, const struct model_item *item)
{
	if (item->client_pid <= 0) {
		return (struct safe_text){ 0 };
	}
	struct safe_text program = paint_foreign(doc->paint,
		span_of(item->client_program ? item->client_program : ""), SAFE_ONE_LINE);
	struct safe_text all = safe_printf(" (process %lld%s%s)", (long long)item->client_pid,
		program.bytes ? ": " : "", safe_cstr(&program));
	safe_finish(&program);
	return all;
}

/* A row of several foreign texts, each behind a word of ours; those that were not said are left
 * out. */
struct told {
	const char *before, *text;
};

static struct safe_text joined(const struct doc *doc, const struct told *told, size_t count)
{
	struct buf line = { 0 };
	for (size_t i = 0; i < count; i++) {
		struct safe_text text = doc_safe(doc, told[i].text);
		if (text.bytes) {
			buf_printf(&line, "%s%s", told[i].before, safe_cstr(&text));
		}
		safe_finish(&text);
	}
	struct safe_text all = safe_printf("%s", line.len ? buf_cstr(&line) : "");
	buf_finish(&line);
	return all;
}

void card_said(struct doc *doc, const struct model_who *who, const char *name, const char *version,
	struct safe_text process)
{
	const struct told told[] = { { " · sub-agent ", who->agent_type },
		{ who->agent_type ? " " : " · sub-agent ", who->agent_id },
		{ " · model ", who->model }, { " · mode ", who->permission_mode },
		{ " · sandbox ", who->sandbox_mode }, { " · session ", who->session },
		{ " · turn ", who->turn }, { " · call ", who->call_id } };
	struct safe_text client = doc_safe(doc, name), number = doc_safe(doc, version);
	struct safe_text rest = joined(doc, told, COUNT_OF(told));
	doc_labelled(doc, "by", ROLE_TEXT,
		safe_printf("%s%s%s%s%s", safe_cstr(&client), number.bytes ? " " : "",
			safe_cstr(&number), safe_cstr(&process), safe_cstr(&rest)));
	safe_finish(&client);
	safe_finish(&number);
	safe_finish(&rest);
	safe_finish(&process);
}

void card_from(struct doc *doc, const struct model_who *who)
{
	bool pane = who->pane != NULL, editor = who->editor != NULL;
	const struct told told[] = { { "tmux pane ", who->pane },
		{ pane ? " · in " : "in ", who->editor },
		{ pane || editor ? " · under " : "under ", who->above } };
	if (pane || editor || who->above) {
		doc_labelled(doc, "from", ROLE_TEXT, joined(doc, told, COUNT_OF(told)));
	}
}

static void client_doc(struct doc *doc, const struct model_item *item)
{
	if (item->client || item->client_pid > 0) {
		card_said(doc, &item->who, item->client ? item->client : "a client",
			item->client_version, process_of(doc, item));
		card_from(doc, &item->who);
	}
}

static void like_doc(struct doc *doc, const struct model_item *item, struct card_ages *ages)
{
	bool said = item->denied.count && item->denied.number == item->like.number;
	if (item->like.number && !said) {
		doc_labelled(doc, "like", ROLE_TEXT, like_of(doc, &item->like, 0));
		ages->like = doc->count;
	}
}

static bool names_a_path(const struct model_item *item)
{
	for (size_t i = 0; i < item->effect_count; i++) {
		if (item->effects[i].path || item->effects[i].given) {
			return true;
		}
	}
	return false;
}

static void place_doc(struct doc *doc, const struct model_item *item)
{
	struct safe_text cwd = paint_foreign(
		doc->paint, span_of(item->cwd ? item->cwd : "?"), SAFE_ONE_LINE);
	struct safe_text branch = doc_safe(doc, item->branch);
	doc_labelled(doc, "in", ROLE_TEXT,
		safe_printf("%s%s%s", safe_cstr(&cwd), branch.bytes ? " · branch " : "",
			safe_cstr(&branch)));
	safe_finish(&cwd);
	safe_finish(&branch);
}

static void back_doc(struct doc *doc, const struct model_item *item)
{
	enum undo worst;
	const char *words = undo_words(item, &worst);
	if (words[0]) {
		doc_labelled(doc, "undo", worst == UNDO_NEVER ? ROLE_WARNING : ROLE_TEXT,
			safe_printf("%s", words));
	}
}

static void call_doc(struct doc *doc, const struct model_item *item, struct card_ages *ages)
{
	bool tool = item->tool && item->tool[0];
	struct safe_text server = doc_safe(doc, item->server);
	struct safe_text what = paint_foreign(doc->paint,
		span_of(tool                   ? item->tool
				: item->method ? item->method
					       : ""),
		SAFE_ONE_LINE);
	bool back = item->toward && strcmp(item->toward, "client") == 0;
	doc_labelled(doc, "call", ROLE_STRONG,
		safe_printf("%s %s %s", safe_cstr(&server), back ? "asks the client:" : "/",
			safe_cstr(&what)));
	safe_finish(&server);
	safe_finish(&what);
	if (!names_a_path(item)) {
		doc_field(doc, "on", ROLE_STRONG, span_of(item->target));
	}
	effects_doc(doc, item);
	back_doc(doc, item);
	client_doc(doc, item);
	place_doc(doc, item);
	like_doc(doc, item, ages);
}

static void words_doc(struct doc *doc, const char *label, char *const *words, size_t count)
{
	doc_say(doc, ROLE_LABEL, 0, label);
	for (size_t i = 0; i < count; i++) {
		struct safe_text word = paint_foreign(doc->paint, span_of(words[i]), SAFE_ONE_LINE);
		doc_add(doc, ROLE_TEXT, 2, "",
			safe_printf("%s", word.bytes ? safe_cstr(&word) : "\"\""));
		safe_finish(&word);
	}
	if (!count) {
		doc_say(doc, ROLE_DIM, 2, "none");
	}
}

static void behind_doc(struct doc *doc, const struct model_item *item)
{
	doc_say(doc, ROLE_LABEL, 0, "calls that wait for it");
	for (size_t i = 0; i < item->behind_count; i++) {
		const struct model_behind *b = &item->behind[i];
		bool passes = b->would && strcmp(b->would, "allow") == 0;
		struct safe_text tool = doc_safe(doc, b->tool);
		struct safe_text target = doc_safe(doc, b->target);
		doc_add(doc, ROLE_TEXT, 2, "",
			safe_printf("#%lld %s %s: %s", (long long)b->number, safe_cstr(&tool),
				safe_cstr(&target),
				passes ? "would pass at once" : "would wait in the queue"));
		safe_finish(&tool);
		safe_finish(&target);
	}
	if (item->behind_all > (int64_t)item->behind_count) {
		doc_add(doc, ROLE_TEXT, 2, "",
			safe_printf("and %lld more",
				(long long)(item->behind_all - (int64_t)item->behind_count)));
	} else if (!item->behind_count) {
		doc_say(doc, ROLE_DIM, 2, "none");
	}
}

static void server_doc(struct doc *doc, const struct model_item *item)
{
	doc_field(doc, "name", ROLE_STRONG, span_of(item->server));
	doc_field(doc, "as", ROLE_TEXT, span_of(item->profile));
	doc_field(doc, "runs", ROLE_STRONG, span_of(item->program));
	client_doc(doc, item);
	place_doc(doc, item);
	words_doc(doc, "command, a word a row", item->argv, item->argc);
	words_doc(doc, "may touch, unasked", item->scope, item->scope_count);
	behind_doc(doc, item);
}

static void show_doc(struct doc *doc, const struct model_item *item, const struct diff_form *form)
{
	doc_blank(doc);
	switch (item->show) {
	case SHOW_NONE:
	case SHOW_ASKED:
		doc_say(doc, ROLE_DIM, 0, "asking the gate for the preview …");
		break;
	case SHOW_FAILED:
		doc_field(doc, "", ROLE_WARNING, (struct span){ item->show_text, item->show_len });
		doc_say(doc, ROLE_WARNING, 0, "Nothing is approved unseen: R asks again.");
		break;
	case SHOW_HERE:
		preview_doc(doc, item, form);
		break;
	}
}

void card_doc(struct doc *doc, const struct model_item *item, const struct diff_form *form,
	struct card_ages *ages)
{
	*ages = (struct card_ages){ 0 };
	head_doc(doc, item, ages);
	if (item->kind == MODEL_SERVER) {
		server_doc(doc, item);
		doc->facts = doc->count;
	} else {
		call_doc(doc, item, ages);
		doc->facts = doc->count;
		show_doc(doc, item, form);
	}
}
