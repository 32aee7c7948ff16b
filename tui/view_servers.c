/*
 * The servers' tab: what runs behind the connected gates, and the selected one in full beside or
 * below, or alone. Decides nothing.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <string.h>

#include "tui/cell.h"
#include "tui/roll.h"
#include "tui/roster_doc.h"

enum { NAME_COLS = 16, CALLS_COLS = 6, WIDE_ROW = 76, CLIENT_COLS = 14 };

/* The one thing to know of it first. */
static const char *state_of(const struct roster_server *s, enum role *role)
{
	bool yes = s->accepted && strcmp(s->accepted, "yes") == 0;
	bool no = s->accepted && strcmp(s->accepted, "denied") == 0;
	*role = yes && !s->changed && !s->broken ? ROLE_DIM : ROLE_WARNING;
	return no                             ? "denied"
		: !yes                        ? "not accepted"
		: s->changed                  ? "tools changed"
		: s->broken                   ? "rules broken"
		: s->profile && s->profile[0] ? s->profile
					      : "no profile";
}

static void paint_row(struct app *app, const struct roster_server *s, struct rect r)
{
	struct paint *paint = &app->paint;
	bool selected = s == roster_selected(&app->roster);
	enum role role = selected ? ROLE_SELECTED : ROLE_TEXT, state_role;
	const char *state = state_of(s, &state_role);
	int end = r.x + r.cols, x = r.x + 1;
	paint_fill(paint, r, role);
	paint_own(paint, r.y, r.x, 1, role, safe_printf("%s", selected ? ">" : " "));
	cell_put(paint, r.y, x, NAME_COLS, role, s->name);
	x += NAME_COLS + 1;
	paint_own(paint, r.y, x, CALLS_COLS, role,
		safe_printf("%*lld", CALLS_COLS, (long long)s->calls));
	x += CALLS_COLS + 1;
	if (r.cols >= WIDE_ROW) {
		cell_put(paint, r.y, x, CLIENT_COLS, role, s->client);
		x += CLIENT_COLS + 1;
	}
	x = cell_put(paint, r.y, x, end - x, selected ? role : state_role, state);
	if (r.cols >= WIDE_ROW) {
		cell_put(paint, r.y, x, end - x, role, s->cwd);
	}
	if (selected) {
		app->cursor_y = r.y;
		app->cursor_x = r.x;
	}
}

static void paint_list(struct app *app)
{
	struct rect r = app->layout.list;
	struct roster *roster = &app->roster;
	roster->top = roll_top(roster->top, roster_place(roster), roster_shown(roster), r.rows);
	for (int i = 0; i < r.rows; i++) {
		const struct roster_server *server = roster_at(roster, roster->top + (size_t)i);
		if (server) {
			paint_row(app, server, (struct rect){ r.y + i, r.x, 1, r.cols });
		}
	}
	if (app->layout.shape == LAYOUT_COLUMNS) {
		paint_rule(&app->paint, (struct rect){ r.y, r.x + r.cols, r.rows, 1 }, ROLE_RULE);
	}
}

static void paint_detail(struct app *app)
{
	struct rect r = app->layout.rule;
	const struct roster *roster = &app->roster;
	char more[48] = "";
	if (app->roster_made != roster->stamp) {
		page_clear(&app->roster_page);
		roster_doc(&app->roster_page.doc, roster_selected(roster));
		app->roster_made = roster->stamp;
	}
	page_paint(&app->roster_page, &app->paint, app->layout.detail);
	if (roster->all > (int64_t)roster->count) {
		snprintf(more, sizeof(more), " · %lld not listed",
			(long long)(roster->all - (int64_t)roster->count));
	}
	paint_rule(&app->paint, r, ROLE_RULE);
	paint_own(&app->paint, r.y, r.x + 1, r.rows ? r.cols - 2 : 0, ROLE_RULE,
		safe_printf(" %s%zu of %zu%s%s ", app_pane_mark(app), roster_place(roster) + 1,
			roster_shown(roster), more,
			page_more(&app->roster_page, app->layout.detail.rows) ? " · more below"
									      : ""));
}

static void paint_nothing(struct app *app)
{
	const struct roster *roster = &app->roster;
	struct rect r = app->layout.list;
	struct doc doc;
	r.rows = app->layout.detail.y + app->layout.detail.rows - r.y;
	r.cols = app->paint.cols - 2;
	r.x = 1;
	doc_init(&doc, &app->paint);
	if (roster->why) {
		doc_foreign(&doc, ROLE_WARNING, 0, "", span_of(roster->why));
	} else if (roster->here && roster->count) {
		doc_add(&doc, ROLE_STRONG, 0, "",
			safe_printf("None of the %zu servers fits the filter.", roster->count));
		doc_say(&doc, ROLE_TEXT, 0, "q lists all again, / changes it.");
	} else if (roster->here) {
		doc_say(&doc, ROLE_STRONG, 0, "No server runs behind a gate.");
		doc_say(&doc, ROLE_TEXT, 0,
			"Wrap one:  bascule run -- COMMAND [ARG...]  (in the client's "
			"configuration)");
	} else {
		doc_say(&doc, ROLE_DIM, 0,
			app->connected ? "asking the broker …" : "no broker is connected");
	}
	doc_wrap(&doc, r.cols);
	doc_paint(&doc, &app->paint, r, 0);
	doc_finish(&doc);
}

static void paint_servers(struct app *app)
{
	if (!roster_selected(&app->roster) || app->roster.why) {
		paint_nothing(app);
		return;
	}
	paint_list(app);
	paint_detail(app);
}

static void paint_one(struct app *app)
{
	if (roster_selected(&app->roster)) {
		paint_detail(app);
		app->cursor_y = app->layout.detail.y;
	}
}

static void go(struct app *app, size_t place)
{
	const struct roster_server *server = roster_at(&app->roster, place);
	if (server) {
		roster_select(&app->roster, server);
		app->roster.stamp = ++app->model.last_stamp;
		app->roster_page.top = 0;
	}
}

static bool servers_command(struct app *app, enum command command)
{
	struct roster *roster = &app->roster;
	size_t at = roster_place(roster);
	if (roll_move(command, &at, roster_shown(roster))) {
		go(app, at);
		return true;
	}
	if (command == COMMAND_OPEN) {
		if (roster_selected(roster)) {
			app_view(app, &view_server);
		}
		return true;
	}
	return page_scroll(&app->roster_page, command, app->layout.detail.rows);
}

static void servers_click(struct app *app, int row)
{
	go(app, app->roster.top + (size_t)row);
}

static size_t servers_rows(const struct app *app)
{
	return roster_shown(&app->roster);
}

static bool servers_idle(const struct app *app, enum command command)
{
	(void)app;
	return command == COMMAND_TAB_SERVERS;
}

static struct page *server_page_of(struct app *app)
{
	return &app->roster_page;
}

const struct view_ops view_servers = {
	.context = CTX_SERVERS,
	.name = "servers",
	.paint = paint_servers,
	.command = servers_command,
	.click = servers_click,
	.back = app_roster_back,
	.refresh = app_ask_roster,
	.rows = servers_rows,
	.idle = servers_idle,
};

const struct view_ops view_server = {
	.context = CTX_SERVER,
	.name = "servers",
	.open = true,
	.page = server_page_of,
	.paint = paint_one,
	.back = app_roster_back,
	.refresh = app_ask_roster,
};
