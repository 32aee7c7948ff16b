/*
 * Which calls of the queue are listed, and jumps among them; the filters of all lists are set here.
 * What the filter hides still waits, is
 * counted in the header, and is never decided by a key.
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>

#include "tui/card.h"

static const char *item_value(const void *record, enum query_field field)
{
	const struct model_item *item = record;
	switch (field) {
	case QUERY_TOOL:
		return item->kind == MODEL_SERVER ? "server" : item->tool;
	case QUERY_PATH:
		return model_target(item).at;
	case QUERY_SERVER:
		return item->server;
	case QUERY_CLIENT:
		return item->client;
	case QUERY_BRANCH:
		return item->branch;
	case QUERY_RULE:
		return item->rule;
	case QUERY_REASON:
		return item->reason;
	case QUERY_RISK:
		return card_risk(item->risk);
	case QUERY_STATE:
		return life_state_name(item->state);
	default:
		return NULL;
	}
}

/* ---- what is listed ---- */

void app_rows(struct app *app)
{
	struct app_rows *rows = &app->rows;
	rows->count = 0;
	for (size_t i = 0; i < app->model.count; i++) {
		if (!app->model.items[i]->hidden) {
			rows->list = xgrow(
				rows->list, &rows->cap, rows->count + 1, sizeof(*rows->list));
			rows->list[rows->count++] = app->model.items[i];
		}
	}
}

size_t app_row_at(const struct app *app)
{
	const struct model_item *item = model_selected(&app->model);
	for (size_t i = 0; i < app->rows.count; i++) {
		if (app->rows.list[i] == item) {
			return i;
		}
	}
	return 0;
}

/* A selection that the filter hides goes to the nearest call that is listed. */
static void leave_hidden(struct app *app)
{
	struct model *m = &app->model;
	const struct model_item *item = model_selected(m);
	if (!item || !item->hidden) {
		return;
	}
	size_t at = model_index(m, item);
	for (size_t by = 1; by < m->count; by++) {
		if (at + by < m->count && !m->items[at + by]->hidden) {
			model_select(m, m->items[at + by]);
			return;
		}
		if (by <= at && !m->items[at - by]->hidden) {
			model_select(m, m->items[at - by]);
			return;
		}
	}
}

/* `looked_at` stays listed whatever it has become: news never move the selection. */
static void hide(struct app *app, const struct model_item *looked_at)
{
	const struct app_filter *f = &app->filter;
	for (size_t i = 0; i < app->model.count; i++) {
		struct model_item *item = app->model.items[i];
		item->hidden = f->text && !f->off && item != looked_at &&
			!query_fits(&f->query, item_value, item);
		item->marked = item->marked && !item->hidden;
	}
	leave_hidden(app);
	app_rows(app);
}

void app_check_filter(struct app *app)
{
	const struct model_item *item = model_selected(&app->model);
	hide(app, item && !item->hidden ? item : NULL);
}

/* ---- setting it ---- */

struct app_filter *app_filter_here(struct app *app)
{
	return app->view == &view_queue      ? &app->filter
		: app->view == &view_rules   ? &app->book_filter
		: app->view == &view_servers ? &app->roster_filter
					     : NULL;
}

static void refilter(struct app *app)
{
	if (app->view == &view_rules) {
		app_filter_book(app);
	} else if (app->view == &view_servers) {
		app_filter_roster(app);
	} else {
		hide(app, NULL);
	}
}

void app_filter_by(struct app *app, struct span text)
{
	struct app_filter *f = app_filter_here(app);
	struct query query;
	struct err err;
	if (!f) {
		return;
	}
	if (!query_parse(&query, text, &err)) {
		app_warn(app, err.text);
		return;
	}
	app_say(app, (struct safe_text){ 0 }); /* what half a field was told */
	query_finish(&f->query);
	free(f->text);
	f->query = query;
	f->text = query.count ? span_dup(text) : NULL;
	f->off = false;
	refilter(app);
}

static const struct prompt_use filter_prompt = {
	.recall = RECALL_FILTER,
	.hint = "words or field:word (tool path server client branch rule reason risk state)",
	.changed = app_filter_by,
	.done = app_filter_by,
};

static const struct prompt_use rules_prompt = {
	.recall = RECALL_RULES,
	.hint = "words or field:word (rule path reason server; state: allow hold deny grant)",
	.changed = app_filter_by,
	.done = app_filter_by,
};

static const struct prompt_use servers_prompt = {
	.recall = RECALL_SERVERS,
	.hint = "words or field:word (server client path; tool: program; state: yes no changed)",
	.changed = app_filter_by,
	.done = app_filter_by,
};

void app_ask_filter(struct app *app)
{
	const struct app_filter *f = app_filter_here(app);
	if (f) {
		app_ask(app,
			app->view == &view_rules             ? &rules_prompt
				: app->view == &view_servers ? &servers_prompt
							     : &filter_prompt,
			"filter", span_of(f->text ? f->text : ""));
	}
}

void app_end_filter(struct app *app)
{
	app_filter_by(app, SPAN(""));
}

void app_toggle_filter(struct app *app)
{
	struct app_filter *f = app_filter_here(app);
	if (f && f->text) {
		f->off = !f->off;
		refilter(app);
	} else {
		app_say(app, safe_printf("there is no filter: / sets one"));
	}
}

void app_drop_filter(struct app *app, struct app_filter *filter)
{
	app_filter_finish(filter);
	app->dirty |= APP_DIRTY_HAND;
}

void app_filter_finish(struct app_filter *filter)
{
	query_finish(&filter->query);
	free(filter->text);
	*filter = (struct app_filter){ 0 };
}

/* ---- jumps ---- */

static bool is_risky(const struct model_item *item)
{
	return item->risk >= RISK_HIGH && model_waits(item);
}

static void next_risk(struct app *app)
{
	size_t here = app_row_at(app), count = app->rows.count;
	for (size_t by = 1; by <= count; by++) {
		const struct model_item *item = app->rows.list[(here + by) % count];
		if (is_risky(item)) {
			model_select(&app->model, item);
			return;
		}
	}
	app_say(app, safe_printf("no call of high risk waits"));
}

static void next_deadline(struct app *app)
{
	const struct model_item *nearest = NULL;
	for (size_t i = 0; i < app->rows.count; i++) {
		const struct model_item *item = app->rows.list[i];
		if (item->deadline && model_waits(item) &&
			(!nearest || item->deadline < nearest->deadline)) {
			nearest = item;
		}
	}
	if (nearest) {
		model_select(&app->model, nearest);
	} else {
		app_say(app, safe_printf("no client gives up by itself"));
	}
}

void app_jump(struct app *app, enum command command)
{
	app_rows(app);
	if (command == COMMAND_NEXT_RISK) {
		next_risk(app);
	} else {
		next_deadline(app);
	}
}
