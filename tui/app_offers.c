/*
 * What the console asks of the broker about the grants and rules of one call, and when it is over:
 * an offer is about one call as it was shown, and ends with it. Called by app.c; view_grant.c
 * paints.
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "tui/model_read.h"

/* ---- for one call ---- */

static const char *cannot_open(const struct app *app, const struct model_item *item)
{
	return !item || !model_waits(item)   ? "no call that waits is shown"
		: item->kind == MODEL_SERVER ? "a server is accepted, and leaves nothing behind"
		: !app->connected            ? "no broker is connected"
		: item->sent != SENT_NONE    ? "already decided, waiting for the broker"
		: item->show == SHOW_FAILED  ? "there is no preview (R asks again)"
		: item->show != SHOW_HERE    ? "the preview is not here yet"
					     : NULL;
}

static void changed(struct app *app)
{
	app->offers.stamp = ++app->model.last_stamp;
}

void app_open_offers(struct app *app)
{
	const struct model_item *item = app_item(app);
	const char *why = cannot_open(app, item);
	if (why) {
		app_say(app, safe_printf("%s", why));
		return;
	}
	offers_finish(&app->offers);
	app->offers = (struct offers){ .call = xstrdup(item->call),
		.revision = item->revision,
		.item_stamp = item->stamp,
		.seen = guard_seen(&app->guard, item->stamp) };
	changed(app);
	if (item->risk == RISK_HIGHEST) {
		app->offers.stage = OFFERS_HERE; /* it has none, whoever offers one */
	} else {
		app->offers.stage = OFFERS_ASKED;
		feed_offers(app->feed, item->call, item->revision);
	}
	app->offers_from = app->view;
	page_finish(&app->offers_page);
	app_view(app, &view_grant);
}

void app_close_offers(struct app *app)
{
	if (!app->offers.call) {
		return;
	}
	offers_finish(&app->offers);
	page_finish(&app->offers_page);
	app->offers_page_stamp = 0;
	if (app->view == &view_grant) {
		app_view(app, app->offers_from);
	}
	if (app->help_from == &view_grant) {
		app->help_from = app->offers_from;
	}
}

void app_check_offers(struct app *app)
{
	const struct offers *o = &app->offers;
	const struct model_item *item = o->call ? model_find(&app->model, o->call) : NULL;
	bool saved = o->save == OFFERS_HERE;
	if (!o->call || (item && !item->ended && item->stamp == o->item_stamp)) {
		return;
	}
	app_close_offers(app);
	const char *why = !app->connected ? "no broker is connected"
		: !item || item->ended    ? "the call does not wait any more; it left no grant"
		: saved && model_would_pass(item) ? "look again, then a"
						  : "the call changed: look at it again";
	app_say(app, safe_printf("%s%s", saved ? "saved: policy.rules; " : "", why));
}

static bool about_offers(const struct app *app, const struct feed_note *note)
{
	const struct offers *o = &app->offers;
	return o->call && note->call && strcmp(o->call, note->call) == 0 &&
		o->revision == note->revision;
}

static void failed(struct app *app, enum offers_stage *stage, const char *why)
{
	*stage = OFFERS_FAILED;
	free(app->offers.why);
	app->offers.why = xstrdup(why);
}

/* One after the other: each reads the latest calls. */
static void try_next(struct app *app)
{
	struct offers *o = &app->offers;
	struct offers_rule *rule = offers_rule(o, OFFERS_NONE);
	if (rule) {
		rule->trial = OFFERS_ASKED;
		feed_try_rule(app->feed, o->call, o->revision, rule->text);
	}
}

static void were_offered(struct app *app, const struct feed_note *note)
{
	struct offers *o = &app->offers;
	if (o->stage != OFFERS_ASKED) {
		return;
	}
	if (note->kind == FEED_OFFERS_FAILED) {
		failed(app, &o->stage, note->text);
	} else if (!offers_read(o, note->json)) {
		failed(app, &o->stage, "the call has just changed");
	} else {
		try_next(app);
	}
	changed(app);
}

static void was_tried(struct app *app, const struct feed_note *note)
{
	struct offers *o = &app->offers;
	struct offers_rule *asked = offers_rule(o, OFFERS_ASKED);
	if (!asked) {
		return;
	}
	if (note->kind == FEED_TRY_FAILED) {
		failed(app, &asked->trial, note->text);
	} else if (!offers_tried(o, note->json)) {
		failed(app, &asked->trial, "the broker tried another rule");
	}
	try_next(app);
	changed(app);
}

static void was_saved(struct app *app, const struct feed_note *note)
{
	struct offers *o = &app->offers;
	if (note->kind == FEED_SAVE_FAILED) {
		app_warn(app, note->text);
		o->save = OFFERS_NONE;
	} else {
		app_say(app, safe_printf("saved: policy.rules; u takes it out again"));
		o->save = OFFERS_HERE;
	}
	changed(app);
}

bool app_note_offers(struct app *app, const struct feed_note *note)
{
	switch (note->kind) {
	case FEED_OFFERS:
	case FEED_OFFERS_FAILED:
		if (about_offers(app, note)) {
			were_offered(app, note);
		}
		return true;
	case FEED_TRIED:
	case FEED_TRY_FAILED:
		if (about_offers(app, note)) {
			was_tried(app, note);
		}
		return true;
	case FEED_DROPPED:
		app_say(app, safe_printf("taken back: the rule is out of policy.rules again"));
		return true;
	case FEED_DROP_FAILED:
		app_warn(app, note->text);
		return true;
	case FEED_SAVED:
	case FEED_SAVE_FAILED:
		if (note->kind == FEED_SAVED) {
			app_did(app, DEED_RULE);
			app->deed.rule = json_strdup(model_read_member(note->json, "rule"));
		}
		if (about_offers(app, note)) {
			was_saved(app, note);
		} else {
			app_warn(
				app, note->kind == FEED_SAVED ? "saved: policy.rules" : note->text);
		}
		return true;
	default:
		return false;
	}
}
