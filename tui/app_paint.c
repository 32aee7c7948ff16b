/*
 * The frame around the views: trouble, status or prompt, hints (the header is app_header.c's); and
 * the card of the selected call, which two views share. After a frame is out it says to the guard
 * what was on it.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/card.h"

enum { MORE_FROM_COLS = 50, DETAIL_ROWS_TO_DECIDE = 3, HINT_GAP = 2 };

/* --- trouble --- */

static const char *trouble_of(const struct app *app)
{
	return !app->connected && app->model.count ? app->down_why : app->model.trouble;
}

/* The master switch is as loud as trouble. */
static void say_master(const struct app *app, struct doc *doc)
{
	const struct model *m = &app->model;
	char since[8] = "";
	time_t seconds = (time_t)(m->master_since / 1000);
	struct tm tm;
	if (m->master == MASTER_POLICY) {
		return;
	}
	if (localtime_r(&seconds, &tm)) {
		strftime(since, sizeof(since), "%H:%M", &tm);
	}
	struct safe_text by = paint_foreign(
		&app->paint, span_of(m->master_by ? m->master_by : "?"), SAFE_ONE_LINE);
	doc_add(doc, ROLE_TROUBLE, 0, "",
		safe_printf("%s (%s, since %s): P goes back to the rules",
			m->master == MASTER_HOLD ? "HOLDING EVERYTHING" : "DENYING EVERYTHING",
			safe_cstr(&by), since));
	doc->lines[doc->count - 1].prose = true;
	safe_finish(&by);
}

/* In front of which file and line it is. */
static void say_rules(const struct app *app, struct doc *doc)
{
	const struct model *m = &app->model;
	if (m->policy_held || m->policy_broken) {
		doc_say(doc, ROLE_TROUBLE, 0,
			m->policy_held
				? "HOLDING EVERYTHING: the rules cannot be read "
				  "(bascule policy check)"
				: "The last good rules stay in force (bascule policy check)");
		doc->lines[doc->count - 1].prose = true;
	}
}

/* As many rows as the sentences need, within a quarter of the screen. */
static int trouble_rows(const struct app *app, struct doc *doc)
{
	const char *why = trouble_of(app);
	int most = app->paint.rows / 4 > 1 ? app->paint.rows / 4 : 1;
	doc_init(doc, &app->paint);
	say_master(app, doc);
	say_rules(app, doc);
	if (why) {
		doc_add(doc, ROLE_TROUBLE, 0, "",
			paint_foreign(&app->paint, span_of(why), SAFE_ONE_LINE));
		doc->lines[doc->count - 1].prose = true;
	}
	doc_wrap(doc, app->paint.cols - 2);
	return (int)doc->row_count < most ? (int)doc->row_count : most;
}

static void paint_trouble(struct app *app, const struct doc *doc)
{
	struct rect r = app->layout.trouble;
	if (r.rows) {
		paint_fill(&app->paint, r, ROLE_TROUBLE);
		doc_paint(doc, &app->paint, (struct rect){ r.y, r.x + 1, r.rows, r.cols - 2 }, 0);
	}
}

/* --- the last rows --- */

static bool hinted(const struct app *app, int id)
{
	const struct command_spec *spec = &command_specs[id];
	bool idle = app->view->idle && app->view->idle(app, (enum command)id);
	bool decides = spec->class == CLASS_APPROVE || spec->class == CLASS_DENY;
	return (spec->contexts & app->view->context) && spec->hint[0] && app->keys.keys[id][0] &&
		!idle && !(app->read_only && decides);
}

/* Where it is tight, the last word has to do. */
static const char *hint_words(int id, bool tight)
{
	const char *words = command_specs[id].hint, *last = strrchr(words, ' ');
	return tight && last ? last + 1 : words;
}

static int hint_cols(const struct app *app, int id, bool tight)
{
	const char *keys = app->keys.keys[id];
	return (int)(command_next_key(&keys).len + 1 + strlen(hint_words(id, tight)));
}

/* What nobody can do without comes first in the table, up to the way out: it is said shorter, and
 * closer together, rather than left out. */
static bool hints_are_tight(const struct app *app, int cols)
{
	int wide = -HINT_GAP;
	for (int id = 1; id <= COMMAND_BACK; id++) {
		wide += hinted(app, id) ? hint_cols(app, id, false) + HINT_GAP : 0;
	}
	return wide > cols;
}

static void paint_hint(struct app *app)
{
	struct rect r = app->layout.hint;
	int x = r.x + 1, end = r.x + r.cols;
	bool tight = hints_are_tight(app, r.cols - 1);
	for (int id = 1; id < COMMAND_COUNT; id++) {
		const char *keys = app->keys.keys[id];
		struct span key = command_next_key(&keys);
		if (hinted(app, id) && x + hint_cols(app, id, tight) <= end) {
			x += paint_own(&app->paint, r.y, x, end - x, ROLE_KEY,
				safe_make(key, SAFE_ONE_LINE));
			x += paint_own(&app->paint, r.y, x, end - x, ROLE_HINT,
				safe_printf(
					" %s%*s", hint_words(id, tight), tight ? 1 : HINT_GAP, ""));
		}
	}
}

static void paint_status(struct app *app, struct rect r)
{
	paint_text(&app->paint, r.y, r.x + 1, r.cols - 1, ROLE_STATUS, &app->status);
}

/* A filter is never applied and not shown. */
static void paint_filter(struct app *app, struct rect r)
{
	const struct app_filter *f = app_filter_here(app);
	bool queue = app->view == &view_queue, rules = app->view == &view_rules;
	size_t all = queue ? app->model.count : rules ? app->book.count : app->roster.count;
	size_t listed = queue ? app->rows.count
		: rules       ? book_shown(&app->book)
			      : roster_shown(&app->roster);
	if (!f || !f->text) {
		return;
	}
	const char *end = queue ? "Esc" : "q";
	struct safe_text text = paint_foreign(&app->paint, span_of(f->text), SAFE_ONE_LINE);
	struct safe_text line = f->off
		? safe_printf(
			  "filter %s is off: \\ sets it again, %s ends it", safe_cstr(&text), end)
		: safe_printf("%zu of %zu: filter %s; \\ suspends it, %s ends it", listed, all,
			  safe_cstr(&text), end);
	paint_text(&app->paint, r.y, r.x + 1, r.cols - 1, ROLE_WARNING, &line);
	safe_finish(&text);
	safe_finish(&line);
}

/* What is said goes above the hints; while a line is typed there, in their place. */
static void paint_foot(struct app *app)
{
	struct rect hint = app->layout.hint;
	bool two = app->layout.status.rows > 0, typing = app->prompt.use, said = app->status.bytes;
	struct rect first = two ? app->layout.status : hint;
	if (typing) {
		app_paint_prompt(app, first);
	} else if (said) {
		paint_status(app, first);
	} else if (two && !app_paint_found(app, first)) {
		paint_filter(app, first);
	}
	if (!two && (typing || said)) {
		return;
	}
	if (typing && said) {
		paint_status(app, hint);
	} else if (typing) {
		paint_own(&app->paint, hint.y, hint.x + 1, hint.cols - 1, ROLE_HINT,
			safe_printf("%s", app->prompt.use->hint));
	} else {
		paint_hint(app);
	}
}

/* In the badge what is typed or said stands below, or in its place where there is one row. */
static void paint_badge_foot(struct app *app)
{
	struct rect r = app->layout.status.rows ? app->layout.status : app->layout.header;
	if (app->prompt.use || app->status.bytes) {
		paint_fill(&app->paint, r, ROLE_TEXT);
	}
	if (app->prompt.use) {
		app_paint_prompt(app, r);
	} else if (app->status.bytes) {
		paint_status(app, r);
	}
}

/* --- the card --- */

static void make_card(struct app *app, const struct model_item *item, int width)
{
	struct diff_form form = app->form, *made = &app->card_form;
	form.width = width;
	if (app->card_stamp != item->stamp || made->width != width || made->halves != form.halves ||
		made->half_least != form.half_least || made->context != form.context ||
		made->cut_lines != form.cut_lines || made->raw != form.raw) {
		page_clear(&app->card);
		card_doc(&app->card.doc, item, &form, &app->card_ages);
		app->card.doc.cut_lines = form.cut_lines;
		app->card_partial = app->card.doc.dropped > 0 || app->card.doc.partial;
		app->card_stamp = item->stamp;
		app->card_form = form;
	}
	card_age(&app->card.doc, item, &app->card_ages, app->now, app->wall);
}

static void paint_card_rule(struct app *app, const struct model_item *item, size_t shown_to)
{
	struct rect r = app->layout.rule;
	if (!r.rows) {
		return;
	}
	char left[48] = "", name[32] = "server";
	int64_t ms = item->deadline - app->wall;
	if (model_pending(item)) {
		int64_t rest = model_pending(item) - app->wall;
		snprintf(left, sizeof(left), " · %s in %lld s",
			item->denied_at ? "denied" : "approved",
			rest > 0 ? (long long)(rest + 999) / 1000 : 0);
	} else if (item->deadline > 0 && model_waits(item)) {
		int64_t s = ms > 0 ? ms / 1000 : 0;
		snprintf(left, sizeof(left), " · %lld:%02lld left", (long long)s / 60,
			(long long)s % 60);
	}
	const char *keys = app->keys
				   .keys[app->view->open ? COMMAND_LINE_DOWN : COMMAND_DETAIL_DOWN];
	struct safe_text key = safe_make(command_next_key(&keys), SAFE_ONE_LINE);
	bool more = shown_to < app->card.doc.row_count;
	paint_rule(&app->paint, r, ROLE_RULE);
	if (item->number > 0) {
		snprintf(name, sizeof(name), "#%lld", (long long)item->number);
	}
	paint_own(&app->paint, r.y, r.x + 1, r.cols - 2, ROLE_RULE,
		safe_printf(" %s%s%s · %zu-%zu of %zu%s%s%s ", app_pane_mark(app), name, left,
			app->card.top + 1, shown_to, app->card.doc.row_count, more ? " · " : "",
			more ? safe_cstr(&key) : "",
			!more                              ? ""
				: r.cols >= MORE_FROM_COLS ? ": more below"
							   : ": more"));
	safe_finish(&key);
}

void app_paint_detail(struct app *app)
{
	struct rect r = app->layout.detail;
	const struct model_item *item = app_item(app);
	if (!item || r.rows < 1) {
		return;
	}
	make_card(app, item, r.cols);
	page_paint(&app->card, &app->paint, r);
	size_t shown_to = app->card.top + (size_t)r.rows;
	shown_to = shown_to < app->card.doc.row_count ? shown_to : app->card.doc.row_count;
	paint_card_rule(app, item, shown_to);
}

bool app_scroll_card(struct app *app, enum command command)
{
	return page_scroll(&app->card, command, app->layout.detail.rows);
}

/* --- the frame --- */

/* Scroll position and list height belong to one call; another one starts anew. */
static void look_at(struct app *app, const struct model_item *item)
{
	if (!item || !app->looked_at || strcmp(app->looked_at, item->call) != 0) {
		free(app->looked_at);
		app->looked_at = item ? xstrdup(item->call) : NULL;
		app->card.top = 0;
		app->list_rows = 0;
	}
	if ((int)app->model.count > app->list_rows) {
		app->list_rows = (int)app->model.count;
	}
}

/* The cursor stands where the keys move: screen readers follow it. */
static void point_at_detail(struct app *app)
{
	const struct rect *r = &app->layout.detail;
	if (app_has_panes(app) && app->panes.detail && r->rows) {
		app->cursor_y = r->y;
		app->cursor_x = r->x;
	}
}

void app_paint(struct app *app)
{
	struct doc trouble;
	look_at(app, app_item(app));
	struct layout_want want = {
		.sizes = &app->settings.layout,
		.rows = app->paint.rows,
		.cols = app->paint.cols,
		.items = app->view->rows ? (int)app->view->rows(app) : app->list_rows,
		.trouble = trouble_rows(app, &trouble),
		.open = app->view->open,
		.zoom = app_zoom(app),
		.palette = app_palette_rows(app),
	};
	app->layout = layout_make(&want);
	app->cursor_y = app->layout.hint.y;
	app->cursor_x = 0;
	if (app->layout.shape == LAYOUT_BADGE) {
		app_paint_badge(app);
		paint_badge_foot(app);
	} else {
		app_paint_header(app);
		paint_trouble(app, &trouble);
		app->view->paint(app);
		point_at_detail(app);
		app_paint_find(app);
		app_paint_palette(app);
		paint_foot(app);
	}
	doc_finish(&trouble);
}

struct app_sight app_card_sight(const struct app *app)
{
	const struct model_item *item = model_selected(&app->model);
	return (struct app_sight){
		.stamp = item && !item->hidden ? item->stamp : 0,
		.page = &app->card,
		.partial = app->card_partial,
	};
}

uint64_t app_stamp(const struct app *app)
{
	return app->view->sight ? app->view->sight(app).stamp : 0;
}

/* The row behind the last one that is on screen shows how far the person has come. */
static bool facts_shown(const struct app_sight *sight, int rows)
{
	size_t next = sight->page->top + (size_t)rows;
	return next >= sight->page->doc.row_count ||
		sight->page->doc.rows[next].line >= sight->page->doc.facts;
}

void app_painted(struct app *app)
{
	struct model_item *item = app_item(app);
	struct rect r = app->layout.detail;
	struct guard_frame frame = { 0 };
	bool visible = app->layout.shape != LAYOUT_BADGE;
	free(app->shown.call);
	app->shown = (struct app_shown){ 0 };
	app->book.painted = visible ? app_book_grant(app) : 0;
	if (item && app->view->sight && visible && r.rows >= DETAIL_ROWS_TO_DECIDE) {
		struct app_sight sight = app->view->sight(app);
		app->shown = (struct app_shown){ xstrdup(item->call), item->revision, sight.stamp };
		frame = (struct guard_frame){
			.stamp = sight.stamp,
			.place = (uint64_t)r.y << 48 | (uint64_t)r.x << 32 |
				(uint64_t)r.rows << 16 | (uint64_t)r.cols,
			.high = item->risk >= RISK_HIGH || sight.partial || sight.page->doc.cut,
			.facts = facts_shown(&sight, r.rows),
			.end = !sight.page->doc.cut &&
				sight.page->top + (size_t)r.rows >= sight.page->doc.row_count,
		};
	}
	guard_painted(&app->guard, &frame, app->now);
}
