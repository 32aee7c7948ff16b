/*
 * The keys that decide. A decision carries the call and the revision that the last written frame
 * showed, never what the selection has become since; the guard is asked with the time at which the
 * key may have been pressed at the earliest. Called by app.c; sends by feed.
 */
#include "config.h"

#include "tui/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void decide_eaten(struct app *app, const char *why)
{
	app->eaten++;
	if (app->eaten == 1) {
		app_say(app, safe_printf("ignored: %s", why));
	} else {
		app_say(app, safe_printf("%u keys ignored: %s", app->eaten, why));
	}
}

const char *decide_cannot(const struct app *app)
{
	return app->read_only     ? "this console only looks (--read-only)"
		: !app->connected ? "no broker is connected"
				  : NULL;
}

/* The item that the last frame showed, if it may still be decided; else NULL, and it has been said
 * why. */
static struct model_item *decidable(struct app *app)
{
	struct model_item *item = model_find(&app->model, app->shown.call);
	const char *why = decide_cannot(app);
	if (why) {
		decide_eaten(app, why);
		return NULL;
	}
	if (!app->shown.call) {
		why = "no call is shown";
	} else if (!item || item->ended) {
		why = "it does not wait any more";
	} else if (item != app_item(app) || item->revision != app->shown.revision ||
		app_stamp(app) != app->shown.stamp) {
		why = "it changed just now: look again";
	} else if (item->sent != SENT_NONE) {
		why = "already decided, waiting for the broker";
	}
	if (why) {
		decide_eaten(app, why);
	}
	return why ? NULL : item;
}

static bool allowed_by_state(struct app *app, const struct model_item *item, enum life_event event)
{
	if (life_next(item->state, event).effect != LIFE_REFUSED) {
		return true;
	}
	app_say(app, safe_printf("nothing to decide: it is %s", life_state_name(item->state)));
	return false;
}

static struct model_item *approvable(struct app *app)
{
	struct model_item *item = decidable(app);
	if (!item || !allowed_by_state(app, item, LIFE_EV_APPROVE)) {
		return NULL;
	}
	if (item->denied_at) {
		decide_eaten(app, "it is being denied: u takes that back");
		return NULL;
	}
	if (item->approved_at) {
		decide_eaten(app, "it is being approved: u takes that back");
		return NULL;
	}
	if (item->kind == MODEL_CALL && item->show != SHOW_HERE) {
		bool failed = item->show == SHOW_FAILED;
		decide_eaten(app,
			failed ? "there is no preview (R asks again)"
			       : "the preview is not here yet");
		return NULL;
	}
	return item;
}

static bool guarded(struct app *app, enum guard_answer answer)
{
	if (answer != GUARD_OK) {
		decide_eaten(app, guard_words(answer));
		return false;
	}
	app->eaten = 0;
	return true;
}

/* The prompt that is opened belongs to what the last frame showed. */
static void ask_about_shown(
	struct app *app, const struct prompt_use *use, const char *label, struct span text)
{
	app_ask(app, use, label, text);
	app->prompt.call = xstrdup(app->shown.call);
	app->prompt.revision = app->shown.revision;
	app->prompt.stamp = app->shown.stamp;
}

/* For how long the call that a key decides on has been on the screen as it is. */
static int64_t shown_ms(const struct app *app)
{
	return app->now - app->guard.frame_since;
}

static void send_approval(struct app *app, struct model_item *item)
{
	item->sent = SENT_APPROVE;
	feed_decide(app->feed, app->shown.call, app->shown.revision,
		&(struct feed_decision){ .approve = true,
			.delay_ms = app->settings.approve_delay_ms,
			.shown_ms = shown_ms(app) });
}

/* What was on the screen when the word was asked for is still there, unchanged. */
static void word_typed(struct app *app, struct span text)
{
	const struct app_prompt *p = &app->prompt;
	struct model_item *item = approvable(app);
	if (!item) {
		return;
	}
	if (strcmp(p->call, app->shown.call) != 0 || p->stamp != app->shown.stamp) {
		decide_eaten(app, "it changed just now: look again");
	} else if (!span_is(text, p->word)) {
		app_say(app, safe_printf("not approved: the word is %s", p->word));
	} else {
		send_approval(app, item);
	}
}

static const struct prompt_use word_prompt = {
	.hint = "Enter approve  Esc cancel",
	.keys_only = true,
	.cancelled = "not approved; the call still waits",
	.done = word_typed,
};

void decide_approve(struct app *app, int64_t at)
{
	struct model_item *item = approvable(app);
	if (!item || !guarded(app, guard_may_approve(&app->guard, at))) {
		return;
	}
	if (item->risk != RISK_HIGHEST) {
		send_approval(app, item);
		return;
	}
	char label[96], word[TYPED_WORD_MAX + 1];
	typed_word(item, word);
	snprintf(label, sizeof(label), "to approve type %s", word);
	ask_about_shown(app, &word_prompt, label, SPAN(""));
	memcpy(app->prompt.word, word, sizeof(word));
}

static struct model_item *deniable(struct app *app, int64_t at)
{
	struct model_item *item = decidable(app);
	bool may = item && allowed_by_state(app, item, LIFE_EV_DENY) &&
		guarded(app, guard_may_deny(&app->guard, at));
	return may ? item : NULL;
}

void decide_deny(struct app *app, int64_t at)
{
	struct model_item *item = deniable(app, at);
	if (item) {
		item->sent = SENT_DENY;
		feed_decide(app->feed, app->shown.call, app->shown.revision,
			&(struct feed_decision){ .delay_ms = app->settings.deny_delay_ms,
				.shown_ms = shown_ms(app) });
	}
}

/* It is for the call that was shown when it was asked for, whatever is selected by now. */
static void reason_typed(struct app *app, struct span reason)
{
	struct app_prompt *p = &app->prompt;
	struct model_item *item = model_find(&app->model, p->call);
	if (!item || item->ended) {
		app_say(app, safe_printf("not sent: the call does not wait any more"));
		return;
	}
	item->sent = SENT_DENY;
	buf_clear(&p->draft);
	buf_span(&p->draft, reason);
	feed_decide(app->feed, p->call, p->revision,
		&(struct feed_decision){ .reason = reason.len ? reason : (struct span){ 0 } });
}

static const struct prompt_use reason_prompt = {
	.recall = RECALL_REASON,
	.hint = "Enter deny with it  Esc cancel",
	.cancelled = "nothing sent; the call still waits",
	.done = reason_typed,
};

void decide_deny_why(struct app *app, int64_t at)
{
	if (deniable(app, at)) {
		ask_about_shown(app, &reason_prompt, "reason", buf_view(&app->prompt.draft));
	}
}

/* ---- all that are listed ---- */

static void send_batch(struct app *app, bool approve, struct span reason)
{
	const struct feed_decision decision = { .approve = approve, .reason = reason };
	size_t sent = 0;
	for (size_t i = 0; i < app->batch.count; i++) {
		const struct batch_entry *entry = &app->batch.list[i];
		struct model_item *item = model_find(&app->model, entry->call);
		if (item && !entry->left_out && !(approve && entry->not_approved)) {
			item->sent = approve ? SENT_APPROVE : SENT_DENY;
			item->marked = false;
			feed_decide(app->feed, entry->call, entry->revision, &decision);
			sent++;
		}
	}
	app_say(app, safe_printf("%zu %s", sent, approve ? "approved" : "denied"));
	app_close_batch(app);
}

/* The last frame listed what is decided now. */
static bool batch_shown(struct app *app, bool approve)
{
	const char *why = decide_cannot(app);
	if (!why && app->shown.stamp != app->batch.stamp) {
		why = "the list changed just now: look again";
	} else if (!why && !batch_size(&app->batch, approve)) {
		why = "none of them can be decided here";
	}
	if (why) {
		decide_eaten(app, why);
	}
	return !why;
}

void decide_batch(struct app *app, bool approve, int64_t at)
{
	if (batch_shown(app, approve) &&
		guarded(app,
			approve ? guard_may_approve(&app->guard, at)
				: guard_may_deny(&app->guard, at))) {
		send_batch(app, approve, (struct span){ 0 });
	}
}

static void batch_reason_typed(struct app *app, struct span reason)
{
	if (app->prompt.stamp != app->batch.stamp) {
		decide_eaten(app, "the list changed just now: look again");
	} else {
		send_batch(app, false, reason.len ? reason : (struct span){ 0 });
	}
}

static const struct prompt_use batch_reason_prompt = {
	.recall = RECALL_REASON,
	.hint = "Enter deny all with it  Esc cancel",
	.cancelled = "nothing sent; the calls still wait",
	.done = batch_reason_typed,
};

void decide_batch_why(struct app *app, int64_t at)
{
	if (batch_shown(app, false) && guarded(app, guard_may_deny(&app->guard, at))) {
		app_ask(app, &batch_reason_prompt, "reason for all", SPAN(""));
		app->prompt.stamp = app->batch.stamp;
	}
}

/* ---- all of them ---- */

void decide_master(struct app *app, bool deny, int64_t at)
{
	const char *why = decide_cannot(app);
	if (why) {
		decide_eaten(app, why);
	} else if (guarded(app, guard_may_deny(&app->guard, at))) {
		feed_master(app->feed,
			deny                                         ? "deny"
				: app->model.master == MASTER_POLICY ? "hold"
								     : "policy");
	}
}

/* ---- what a yes leaves behind ---- */

/* As for an approval; and the call itself was looked at before the offer was. */
static struct model_item *offered(struct app *app)
{
	const struct offers *o = &app->offers;
	struct model_item *item = approvable(app);
	const char *why = !item ? NULL
		: !o->call || strcmp(o->call, item->call) != 0 || o->item_stamp != item->stamp
		? "it changed just now: look again"
		: !o->seen ? "look at the call first: not all of it was shown"
			   : NULL;
	if (why) {
		decide_eaten(app, why);
	}
	return why ? NULL : item;
}

void decide_step(struct app *app, size_t step, int64_t at)
{
	const struct offers *o = &app->offers;
	struct model_item *item = offered(app);
	if (!item) {
		return;
	}
	if (o->stage != OFFERS_HERE || step >= o->count) {
		decide_eaten(app,
			o->stage == OFFERS_ASKED ? "the offer is not here yet"
						 : "no such grant is offered");
		return;
	}
	if (guarded(app, guard_may_approve(&app->guard, at))) {
		struct feed_grant grant = { o->steps[step].width, offers_bound_minutes(o->bound),
			offers_bound_uses(o->bound) };
		item->sent = SENT_APPROVE;
		feed_decide(app->feed, app->shown.call, app->shown.revision,
			&(struct feed_decision){
				.approve = true, .grant = &grant, .shown_ms = shown_ms(app) });
		app_close_offers(app);
	}
}

void decide_save(struct app *app, int64_t at)
{
	struct offers *o = &app->offers;
	const struct offers_rule *rule = &o->rules[o->rule];
	if (!offered(app)) {
		return;
	}
	if (o->save == OFFERS_ASKED || o->save == OFFERS_HERE) {
		decide_eaten(app, "it was saved already");
	} else if (!o->rule_count) {
		decide_eaten(app, "no rule is offered");
	} else if (rule->trial != OFFERS_HERE) {
		decide_eaten(app, "what the rule would have done is not known yet");
	} else if (guarded(app, guard_may_approve(&app->guard, at))) {
		if (!app->guard.frame.end) {
			decide_eaten(app, guard_words(GUARD_UNSEEN));
			return;
		}
		o->save = OFFERS_ASKED;
		feed_save_rule(app->feed, app->shown.call, app->shown.revision, rule->text);
	}
}

void decide_revoke(struct app *app, int64_t at)
{
	int64_t grant = app_book_grant(app);
	const char *why = decide_cannot(app);
	if (!why && (!grant || grant != app->book.painted)) {
		why = grant ? "the list changed just now: look again" : "that is no grant";
	}
	if (why) {
		decide_eaten(app, why);
	} else if (guarded(app, guard_may_deny(&app->guard, at))) {
		feed_revoke(app->feed, grant);
	}
}
