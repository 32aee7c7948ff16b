/* One call at full height. When it leaves the queue, the next one stands there; when none is left,
 * the queue does. */
#include "config.h"

#include "tui/app.h"

static void paint_open(struct app *app)
{
	if (!app_item(app)) {
		app->view = &view_queue;
		app->view->paint(app);
		return;
	}
	app_paint_detail(app);
	app->cursor_y = app->layout.detail.y;
}

static bool open_command(struct app *app, enum command command)
{
	return app_scroll_card(app, command);
}

static struct page *open_page_of(struct app *app)
{
	return &app->card;
}

const struct view_ops view_open = {
	.context = CTX_OPEN,
	.open = true,
	.paint = paint_open,
	.page = open_page_of,
	.command = open_command,
	.sight = app_card_sight,
};
