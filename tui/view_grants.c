/* The grants that are in force, two rows each: what passes, and how long yet. Gives nothing. */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>

#include "tui/roll.h"

enum { ROWS_EACH = 2, INDENT = 2 };

static void say_bound(const struct live_grant *grant, char words[80])
{
	char uses[40] = "";
	if (grant->uses_left >= 0) {
		snprintf(uses, sizeof(uses), "%lld more, ", (long long)grant->uses_left);
	}
	if (grant->seconds_left >= 0) {
		snprintf(words, 80, "%s%lld min left", uses,
			(long long)(grant->seconds_left + 59) / 60);
	} else {
		snprintf(words, 80, "%sthis session", uses);
	}
}

static void say_used(int64_t used, char words[40])
{
	if (used > 1) {
		snprintf(words, 40, "used %lld times", (long long)used);
	} else {
		snprintf(words, 40, "%s", used == 1 ? "used once" : "not used yet");
	}
}

static struct safe_text text_of(const struct app *app, const char *foreign)
{
	return paint_foreign(&app->paint, span_of(foreign ? foreign : ""), SAFE_ONE_LINE);
}

static void paint_one(struct app *app, const struct live_grant *grant, struct rect r)
{
	bool selected = grant->id == app->live.selected;
	enum role role = selected ? ROLE_SELECTED : ROLE_TEXT;
	struct safe_text words = text_of(app, grant->words), server = text_of(app, grant->server),
			 by = text_of(app, grant->by);
	struct safe_text cut = safe_middle(&words, r.cols > INDENT ? (unsigned)r.cols - INDENT : 1);
	char bound[80], used[40];
	say_bound(grant, bound);
	say_used(grant->used, used);
	paint_fill(&app->paint, r, role);
	paint_own(&app->paint, r.y, r.x, 1, role, safe_printf("%s", selected ? ">" : " "));
	paint_text(&app->paint, r.y, r.x + INDENT, r.cols - INDENT, role, &cut);
	if (r.rows > 1) {
		paint_own(&app->paint, r.y + 1, r.x + INDENT, r.cols - INDENT,
			selected ? role : ROLE_DIM,
			safe_printf("%s · %s · %s · with #%lld by %s", used, bound,
				safe_cstr(&server), (long long)grant->number, safe_cstr(&by)));
	}
	if (selected) {
		app->cursor_y = r.y;
		app->cursor_x = r.x;
	}
	safe_finish(&words);
	safe_finish(&server);
	safe_finish(&by);
	safe_finish(&cut);
}

static void paint_list(struct app *app, struct rect r)
{
	struct live *live = &app->live;
	size_t page = r.rows / ROWS_EACH > 0 ? (size_t)(r.rows / ROWS_EACH) : 1;
	live->top = roll_top(live->top, live_index(live), live->count, (int)page);
	for (size_t i = 0; i < page && live->top + i < live->count; i++) {
		int y = r.y + (int)i * ROWS_EACH;
		int left = r.y + r.rows - y;
		paint_one(app, &live->list[live->top + i],
			(struct rect){ y, r.x, left < ROWS_EACH ? left : ROWS_EACH, r.cols });
	}
}

static void paint_nothing(struct app *app, struct rect r)
{
	struct doc doc;
	doc_init(&doc, &app->paint);
	if (app->live.why) {
		doc_foreign(&doc, ROLE_WARNING, 1, "", span_of(app->live.why));
	} else if (app->live.asked) {
		doc_say(&doc, ROLE_DIM, 1, "asking the broker …");
	} else {
		doc_say(&doc, ROLE_TEXT, 1,
			"No grants: every question is asked anew. s in the queue shows what a yes "
			"may leave behind.");
	}
	doc_wrap(&doc, r.cols);
	doc_paint(&doc, &app->paint, r, 0);
	doc_finish(&doc);
}

static void paint_grants(struct app *app)
{
	struct rect r = app->layout.detail;
	paint_rule(&app->paint, app->layout.rule, ROLE_RULE);
	paint_own(&app->paint, app->layout.rule.y, 1, app->layout.rule.rows ? r.cols - 2 : 0,
		ROLE_RULE, safe_printf(" grants · %zu ", app->live.count));
	if (app->live.count) {
		paint_list(app, r);
	} else {
		paint_nothing(app, r);
	}
}

static bool grants_command(struct app *app, enum command command)
{
	struct live *live = &app->live;
	size_t at = live_index(live);
	bool moved = roll_move(command, &at, live->count);
	if (moved && live->count) {
		live->selected = live->list[at].id;
	}
	return moved;
}

static bool grants_idle(const struct app *app, enum command command)
{
	return command == COMMAND_REVOKE && !app->live.count;
}

const struct view_ops view_grants = {
	.context = CTX_GRANTS,
	.open = true,
	.paint = paint_grants,
	.command = grants_command,
	.refresh = app_ask_grants,
	.idle = grants_idle,
};
