/*
 * The marked calls in full, before one key decides all of them: each with its risk, its tool and
 * what it would do. What is not decided with the others stands there too, with the reason.
 */
#include "config.h"

#include "tui/app.h"

#include "tui/card.h"
#include "tui/effects_doc.h"

static void entry_doc(
	struct doc *doc, const struct batch_entry *entry, const struct model_item *item)
{
	const char *out = entry->left_out ? entry->left_out : entry->not_approved;
	if (!item) {
		doc_labelled(doc, "", ROLE_WARNING, safe_printf("left out: %s", out));
		return;
	}
	struct safe_text server = paint_foreign(
		doc->paint, span_of(item->server ? item->server : ""), SAFE_ONE_LINE);
	const char *name = item->tool && item->tool[0] ? item->tool : item->method;
	struct safe_text tool = paint_foreign(doc->paint, span_of(name ? name : ""), SAFE_ONE_LINE);
	doc_labelled(doc, card_sigil(item->risk), card_risk_role(item->risk),
		safe_printf("#%lld %s / %s · %s risk", (long long)item->number, safe_cstr(&server),
			safe_cstr(&tool), card_risk(item->risk)));
	safe_finish(&server);
	safe_finish(&tool);
	if (out) {
		doc_labelled(doc, "", ROLE_WARNING,
			safe_printf(
				"%s: %s", entry->left_out ? "left out" : "not approved here", out));
	}
	effects_doc(doc, item);
	doc_field(doc, "in", ROLE_DIM, span_of(item->cwd));
}

static void batch_doc(struct doc *doc, const struct batch *batch, const struct model *model)
{
	size_t approve = batch_size(batch, true), deny = batch_size(batch, false);
	doc_add(doc, ROLE_STRONG, 0, "",
		safe_printf("a approves %zu, d denies %zu of the %zu marked calls; q goes back.",
			approve, deny, batch->count));
	doc->lines[0].prose = true;
	for (size_t i = 0; i < batch->count; i++) {
		doc_blank(doc);
		entry_doc(doc, &batch->list[i], model_find(model, batch->list[i].call));
	}
	doc->facts = doc->count;
}

static void paint_batch(struct app *app)
{
	struct rect r = app->layout.detail, rule = app->layout.rule;
	struct page *page = &app->batch_page;
	if (app->batch_page_stamp != app->batch.stamp) {
		page_clear(page);
		batch_doc(&page->doc, &app->batch, &app->model);
		page->doc.partial = page->doc.partial || page->doc.dropped;
		app->batch_page_stamp = app->batch.stamp;
	}
	page_paint(page, &app->paint, r);
	paint_rule(&app->paint, rule, ROLE_RULE);
	paint_own(&app->paint, rule.y, 1, rule.rows ? rule.cols - 2 : 0, ROLE_RULE,
		safe_printf(" %zu marked%s ", app->batch.count,
			page_more(page, r.rows) ? " · more below" : ""));
	app->cursor_y = r.y;
}

static bool batch_command(struct app *app, enum command command)
{
	return page_scroll(&app->batch_page, command, app->layout.detail.rows);
}

static struct app_sight batch_sight(const struct app *app)
{
	return (struct app_sight){
		.stamp = app->batch.stamp,
		.page = &app->batch_page,
		.partial = true, /* the careful delays, and all of it */
	};
}

static struct page *batch_page_of(struct app *app)
{
	return &app->batch_page;
}

const struct view_ops view_batch = {
	.context = CTX_BATCH,
	.open = true,
	.paint = paint_batch,
	.page = batch_page_of,
	.command = batch_command,
	.back = app_close_batch,
	.sight = batch_sight,
};
