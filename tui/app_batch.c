/* Marking calls, and the listing that comes before all of them are decided. Called by app.c. */
#include "config.h"

#include "tui/app.h"

#include <string.h>

/* ---- marks ---- */

static void mark(struct app *app, struct model_item *item)
{
	const char *why = model_unmarkable(item);
	if (item->marked) {
		item->marked = false;
	} else if (why) {
		app_say(app, safe_printf("not marked: %s", why));
	} else {
		item->marked = true;
	}
}

/* From the nearest marked row above, else the nearest below, to the selected one. */
static void mark_range(struct app *app)
{
	const struct app_rows *rows = &app->rows;
	size_t here = app_row_at(app), from = here;
	for (size_t i = here; i-- > 0 && from == here;) {
		from = rows->list[i]->marked ? i : from;
	}
	for (size_t i = here + 1; i < rows->count && from == here; i++) {
		from = rows->list[i]->marked ? i : from;
	}
	size_t low = from < here ? from : here, high = from < here ? here : from;
	for (size_t i = low; i <= high && i < rows->count; i++) {
		rows->list[i]->marked = rows->list[i]->marked || !model_unmarkable(rows->list[i]);
	}
}

/* `passing`: those alone that the rules would let pass by now. */
static void mark_many(struct app *app, size_t from, size_t count, bool passing)
{
	const struct app_rows *rows = &app->rows;
	for (size_t i = from; i < from + count && i < rows->count; i++) {
		struct model_item *item = rows->list[i];
		if (!model_unmarkable(item) && (!passing || model_would_pass(item))) {
			item->marked = true;
		}
	}
}

static void unmark(struct app *app)
{
	for (size_t i = 0; i < app->model.count; i++) {
		app->model.items[i]->marked = false;
	}
}

bool app_mark(struct app *app, enum command command)
{
	struct model_item *item = app_item(app);
	app_rows(app);
	if (item && command >= COMMAND_MARK && command <= COMMAND_UNMARK) {
		app_will_mark(app);
	}
	switch (item ? command : COMMAND_NONE) {
	case COMMAND_MARK:
		mark(app, item);
		app_command(app, COMMAND_NEXT);
		return true;
	case COMMAND_MARK_RANGE:
		mark_range(app);
		break;
	case COMMAND_MARK_SHOWN:
		mark_many(app, app->list_top, (size_t)app->layout.list.rows, false);
		break;
	case COMMAND_MARK_PASSING:
		mark_many(app, 0, app->rows.count, true);
		break;
	case COMMAND_UNMARK:
		unmark(app);
		break;
	default:
		return false;
	}
	app_say(app, safe_printf("%zu marked", model_marked(&app->model)));
	return true;
}

/* ---- the listing ---- */

bool app_open_batch(struct app *app)
{
	if (app->view != &view_queue || !model_marked(&app->model)) {
		return false;
	}
	page_finish(&app->batch_page);
	batch_make(&app->batch, &app->model);
	app_view(app, &view_batch);
	return true;
}

void app_close_batch(struct app *app)
{
	if (app->view == &view_batch) {
		app_view(app, &view_queue);
	}
	if (app->help_from == &view_batch) {
		app->help_from = &view_queue;
	}
	batch_finish(&app->batch);
	page_finish(&app->batch_page);
	app->batch_page_stamp = 0;
}

void app_check_batch(struct app *app)
{
	if (app->batch.stamp) {
		batch_check(&app->batch, &app->model);
	}
}
