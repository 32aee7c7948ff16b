/*
 * Two panes, the list and the shown call: in which of them the moving keys move, and whether it has
 * all the room. A call that is not on the screen cannot be approved, as at any other size. Called
 * by app_act.c and by what paints.
 */
#include "config.h"

#include "tui/app.h"

bool app_has_panes(const struct app *app)
{
	return (app->view->context & CTX_TABS) != 0;
}

void app_pane(struct app *app, enum command command)
{
	struct app_panes *panes = &app->panes;
	switch (command) {
	case COMMAND_FOCUS_NEXT:
	case COMMAND_FOCUS_PREVIOUS:
		panes->detail = !panes->detail;
		break;
	case COMMAND_FOCUS_LIST:
		*panes = (struct app_panes){ 0 };
		break;
	case COMMAND_ZOOM:
		panes->zoomed = true;
		break;
	default:
		panes->zoomed = false;
	}
	app->dirty |= APP_DIRTY_HAND;
}

enum command app_pane_command(const struct app *app, enum command command)
{
	if (!app_has_panes(app) || !app->panes.detail) {
		return command;
	}
	switch (command) {
	case COMMAND_NEXT:
		return COMMAND_LINE_DOWN;
	case COMMAND_PREVIOUS:
		return COMMAND_LINE_UP;
	case COMMAND_FIRST:
		return COMMAND_TOP;
	case COMMAND_LAST:
		return COMMAND_BOTTOM;
	default:
		return command;
	}
}

enum layout_zoom app_zoom(const struct app *app)
{
	const struct app_panes *panes = &app->panes;
	return !app_has_panes(app) || !panes->zoomed ? LAYOUT_BOTH
		: panes->detail                      ? LAYOUT_DETAIL
						     : LAYOUT_LIST;
}

const char *app_pane_mark(const struct app *app)
{
	return app_has_panes(app) && app->panes.detail ? "> " : "";
}
