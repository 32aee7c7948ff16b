/*
 * What a yes to one call may leave behind: the steps in the broker's words, each with its bound,
 * and the rules that could be written, of which one is selected. Nothing is given by Enter or
 * Space; when the call changes or leaves, app_offers.c closes this.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <string.h>

#include "tui/args_doc.h"
#include "tui/card.h"

static void call_doc(struct doc *doc, const struct model_item *item)
{
	struct safe_text server = paint_foreign(
		doc->paint, span_of(item->server ? item->server : ""), SAFE_ONE_LINE);
	const char *name = item->tool && item->tool[0] ? item->tool : item->method;
	struct safe_text tool = paint_foreign(doc->paint, span_of(name ? name : ""), SAFE_ONE_LINE);
	struct safe_text target = paint_foreign(doc->paint, model_target(item), SAFE_ONE_LINE);
	const char *verb = model_verb(item);
	doc_labelled(doc, card_sigil(item->risk), card_risk_role(item->risk),
		safe_printf("%s risk", card_risk(item->risk)));
	doc_labelled(doc, "call", ROLE_STRONG,
		safe_printf("%s / %s", safe_cstr(&server), safe_cstr(&tool)));
	doc_labelled(doc, "on", ROLE_STRONG,
		safe_printf("%s%s%s", verb, verb[0] ? " " : "", safe_cstr(&target)));
	doc_blank(doc);
	safe_finish(&server);
	safe_finish(&tool);
	safe_finish(&target);
}

static void steps_doc(struct doc *doc, const struct offers *offers)
{
	doc_say(doc, ROLE_LABEL, 0, "a number approves this call, and lets pass from then on:");
	for (size_t i = 0; i < offers->count; i++) {
		struct safe_text words = paint_foreign(
			doc->paint, span_of(offers->steps[i].words), SAFE_ONE_LINE);
		char key[4];
		snprintf(key, sizeof(key), "%u", (unsigned)i + 1);
		doc_labelled(doc, key, ROLE_STRONG,
			safe_printf(
				"%s · %s", safe_cstr(&words), offers_bound_words(offers->bound)));
		safe_finish(&words);
	}
	doc_say(doc, ROLE_DIM, 0,
		"in this agent's session and scope. t: how long; 3 in the queue: takes it back");
}

static void trial_doc(struct doc *doc, const struct offers *offers, const struct offers_rule *rule)
{
	switch (rule->trial) {
	case OFFERS_NONE:
	case OFFERS_ASKED:
		doc_say(doc, ROLE_DIM, 2, "trying it on your last calls …");
		break;
	case OFFERS_FAILED:
		doc_field(doc, "", ROLE_WARNING, span_of(offers->why));
		break;
	case OFFERS_HERE:
		doc_add(doc, rule->denied ? ROLE_WARNING : ROLE_TEXT, 2, "",
			safe_printf("would have allowed %lld of your last %lld calls, of which you "
				    "denied %lld",
				(long long)rule->allowed, (long long)rule->tried,
				(long long)rule->denied));
		doc->lines[doc->count - 1].prose = true;
		break;
	}
}

static void rule_doc(struct doc *doc, const struct offers *offers)
{
	doc_blank(doc);
	if (!offers->rule_count) {
		doc_say(doc, ROLE_LABEL, 0, "no rule is offered:");
		doc_field(doc, "", ROLE_TEXT, span_of(offers->no_rule));
		return;
	}
	if (offers->save == OFFERS_HERE) {
		doc_say(doc, ROLE_STRONG, 0, "saved: policy.rules");
	} else {
		doc_say(doc, ROLE_LABEL, 0,
			"or a rule for all sessions; W adds it to policy.rules and approves "
			"nothing:");
		if (offers->rule_count > 1) {
			doc_say(doc, ROLE_DIM, 0,
				"the one with +; Tab goes to the next, which is wider");
		}
	}
	for (size_t i = 0; i < offers->rule_count; i++) {
		const struct offers_rule *rule = &offers->rules[i];
		bool own = i == offers->rule;
		args_doc_lines(
			doc, own ? ROLE_ADDED : ROLE_TEXT, 2, own ? "+" : " ", span_of(rule->text));
		trial_doc(doc, offers, rule);
	}
}

static void offers_doc(struct doc *doc, const struct offers *offers, const struct model_item *item)
{
	call_doc(doc, item);
	switch (offers->stage) {
	case OFFERS_NONE:
	case OFFERS_ASKED:
		doc_say(doc, ROLE_DIM, 0, "asking the broker what a yes may leave behind …");
		break;
	case OFFERS_FAILED:
		doc_field(doc, "", ROLE_WARNING, span_of(offers->why));
		break;
	case OFFERS_HERE:
		if (offers->count) {
			steps_doc(doc, offers);
		} else {
			doc_say(doc, ROLE_STRONG, 0, "This call can only be approved once.");
		}
		doc->facts = doc->count;
		if (item->risk != RISK_HIGHEST) {
			rule_doc(doc, offers);
		}
		break;
	}
	doc->facts = doc->facts ? doc->facts : doc->count;
}

static void paint_title(struct app *app, const struct model_item *item)
{
	struct rect r = app->layout.rule;
	bool more = page_more(&app->offers_page, app->layout.detail.rows);
	paint_rule(&app->paint, r, ROLE_RULE);
	paint_own(&app->paint, r.y, 1, r.rows ? r.cols - 2 : 0, ROLE_RULE,
		safe_printf(" #%lld · what a yes may leave%s ", (long long)item->number,
			more ? " · more" : ""));
}

static void paint_grant(struct app *app)
{
	const struct model_item *item = app_item(app);
	struct rect r = app->layout.detail;
	struct page *page = &app->offers_page;
	if (!item || !app->offers.call) {
		return;
	}
	if (app->offers_page_stamp != app->offers.stamp) {
		page_clear(page);
		offers_doc(&page->doc, &app->offers, item);
		page->doc.partial = page->doc.partial || page->doc.dropped;
		app->offers_page_stamp = app->offers.stamp;
	}
	page_paint(page, &app->paint, r);
	paint_title(app, item);
	app->cursor_y = r.y;
}

static bool grant_command(struct app *app, enum command command)
{
	struct offers *o = &app->offers;
	if (command == COMMAND_BOUND) {
		o->bound = (enum offers_bound)((o->bound + 1) % BOUND_COUNT);
	} else if (command == COMMAND_RULE_NEXT && o->rule_count && o->save == OFFERS_NONE) {
		o->rule = (o->rule + 1) % o->rule_count;
	} else if (command != COMMAND_RULE_NEXT) {
		return page_scroll(&app->offers_page, command, app->layout.detail.rows);
	}
	o->stamp = ++app->model.last_stamp;
	return true;
}

static bool grant_idle(const struct app *app, enum command command)
{
	const struct offers *o = &app->offers;
	return command == COMMAND_SAVE_RULE    ? !o->rule_count || o->save != OFFERS_NONE
		: command == COMMAND_RULE_NEXT ? o->rule_count < 2 || o->save != OFFERS_NONE
		: command == COMMAND_STEP_1 || command == COMMAND_BOUND ? !o->count
									: false;
}

static struct app_sight grant_sight(const struct app *app)
{
	return (struct app_sight){
		.stamp = app->offers.stamp,
		.page = &app->offers_page,
		.partial = app->offers_page.doc.partial,
	};
}

static struct page *grant_page_of(struct app *app)
{
	return &app->offers_page;
}

const struct view_ops view_grant = {
	.context = CTX_GRANT,
	.open = true,
	.paint = paint_grant,
	.page = grant_page_of,
	.command = grant_command,
	.back = app_close_offers,
	.idle = grant_idle,
	.sight = grant_sight,
};
