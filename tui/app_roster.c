/*
 * The servers' tab: what is asked of the broker and when. Like the rules, the list is asked for
 * when the tab is opened and, while it is, when something happened, at most once in so long. Called
 * by app.c; view_servers.c paints.
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

enum { AGAIN_MS = 2000 };

static bool is_open(const struct app *app)
{
	return app->view == &view_servers || app->view == &view_server;
}

void app_ask_roster(struct app *app)
{
	struct roster *roster = &app->roster;
	if (app->connected && !roster->asked) {
		roster->asked = true;
		roster->stale = false;
		roster->asked_at = app->now;
		feed_servers(app->feed);
	}
}

void app_open_roster(struct app *app)
{
	app_view(app, &view_servers);
	app_ask_roster(app);
}

void app_roster_stale(struct app *app)
{
	app->roster.stale = true;
	app_check_roster(app);
}

void app_check_roster(struct app *app)
{
	const struct roster *roster = &app->roster;
	if (is_open(app) && roster->stale && app->now - roster->asked_at >= AGAIN_MS) {
		app_ask_roster(app);
	}
}

bool app_roster_ages(const struct app *app)
{
	return is_open(app) && app->connected && app->roster.stale;
}

void app_filter_roster(struct app *app)
{
	const struct app_filter *f = &app->roster_filter;
	roster_filter(&app->roster, f->text && !f->off ? &f->query : NULL);
	app->roster.stamp = ++app->model.last_stamp;
}

void app_roster_back(struct app *app)
{
	if (app->view == &view_server) {
		app_view(app, &view_servers);
	} else if (app->roster_filter.text) {
		app_drop_filter(app, &app->roster_filter);
		app_filter_roster(app);
	} else {
		app_view(app, &view_queue);
	}
}

bool app_note_roster(struct app *app, const struct feed_note *note)
{
	struct roster *roster = &app->roster;
	if (note->kind != FEED_SERVERS && note->kind != FEED_SERVERS_FAILED) {
		return false;
	}
	char *before = roster->selected ? xstrdup(roster->selected) : NULL;
	roster->asked = false;
	if (note->kind == FEED_SERVERS) {
		roster_read(roster, note->json);
		app_filter_roster(app);
	} else {
		free(roster->why);
		roster->why = xstrdup(note->text);
	}
	if (app->view == &view_server && before &&
		(!roster->selected || strcmp(before, roster->selected) != 0)) {
		app_say(app, safe_printf("that server has gone"));
		app_view(app, &view_servers);
	}
	free(before);
	roster->stamp = ++app->model.last_stamp;
	return true;
}

void app_roster_finish(struct app *app)
{
	roster_finish(&app->roster);
	app_filter_finish(&app->roster_filter);
	page_finish(&app->roster_page);
}
