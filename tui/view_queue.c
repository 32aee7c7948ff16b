/*
 * The queue: what waits, in arrival order, and the selected call beside or below it. Also what
 * stands there when nothing waits or no broker is reached.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <string.h>

#include "tui/ago.h"
#include "tui/card.h"
#include "tui/roll.h"

enum { WIDE_ROW = 76, CLIENT_COLS = 10, TOOL_COLS = 16, NAME_COLS = 28 };

/* Foreign text in a column of fixed width; returns where the next one begins. */
static int cell(
	struct app *app, int y, int x, int cols, enum role role, const char *foreign, bool middle)
{
	struct safe_text text = paint_foreign(
		&app->paint, span_of(foreign ? foreign : ""), SAFE_ONE_LINE);
	struct safe_text cut = middle ? safe_middle(&text, (unsigned)cols)
				      : safe_clip(&text, (unsigned)cols);
	paint_text(&app->paint, y, x, cols, role, &cut);
	safe_finish(&text);
	safe_finish(&cut);
	return x + cols + 1;
}

static int columns_of_text(struct app *app, const char *foreign)
{
	struct safe_text text = paint_foreign(
		&app->paint, span_of(foreign ? foreign : ""), SAFE_ONE_LINE);
	int columns = (int)text.columns;
	safe_finish(&text);
	return columns;
}

static int paint_names(
	struct app *app, const struct model_item *item, int y, int x, int cols, enum role role)
{
	const char *name = item->tool && item->tool[0] ? item->tool : item->method;
	name = item->kind == MODEL_SERVER ? item->server : name;
	if (cols < WIDE_ROW) {
		int width = columns_of_text(app, name);
		return cell(app, y, x, width < TOOL_COLS ? width : TOOL_COLS, role, name, false);
	}
	x = cell(app, y, x, CLIENT_COLS, role, item->client, false);
	char both[256];
	snprintf(both, sizeof(both), "%s%s%s",
		item->server && item->kind == MODEL_CALL ? item->server : "",
		item->kind == MODEL_CALL ? "/" : "", name ? name : "");
	return cell(app, y, x, NAME_COLS, role, both, false);
}

/* Selection, risk, whether the rules would let it pass by now, mark; returns where the name begins.
 */
static int paint_signs(
	struct app *app, const struct model_item *item, struct rect r, enum role role)
{
	bool selected = role == ROLE_SELECTED, wide = item->risk == RISK_HIGHEST;
	paint_own(&app->paint, r.y, r.x, 1, role, safe_printf("%s", selected ? ">" : " "));
	paint_own(&app->paint, r.y, r.x + 1, 3, selected ? role : card_risk_role(item->risk),
		safe_printf("%s", card_sigil(item->risk)));
	if (!wide && model_would_pass(item)) {
		wide = true;
		paint_own(&app->paint, r.y, r.x + 3, 1, selected ? role : ROLE_STRONG,
			safe_printf("+"));
	}
	int x = r.x + 4 + wide;
	if (item->marked) {
		x += paint_own(
			&app->paint, r.y, x, 4, selected ? role : ROLE_STRONG, safe_printf("[x] "));
	}
	return x;
}

/* Our own words between the name and what it acts on; returns where that begins. */
static int paint_words(
	struct app *app, const struct model_item *item, int y, int x, int end, enum role role)
{
	const char *words[] = { item->kind == MODEL_SERVER ? "new server" : "",
		card_state_words(item), item->edited_by ? "edited:" : "", model_verb(item) };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (words[i][0] && x < end) {
			x += paint_own(
				&app->paint, y, x, end - x, role, safe_printf("%s ", words[i]));
		}
	}
	return x;
}

static void paint_item(struct app *app, const struct model_item *item, struct rect r)
{
	bool selected = item == app_item(app);
	enum role role = selected ? ROLE_SELECTED : ROLE_TEXT;
	struct safe_text age = item->arrived ? ago_clock(app->wall - item->arrived)
					     : safe_printf(" ");
	int end = r.x + r.cols - (int)age.columns - 1;
	paint_fill(&app->paint, r, role);
	int x = paint_signs(app, item, r, role);
	x = paint_names(app, item, r.y, x, r.cols, role);
	x = paint_words(app, item, r.y, x, end, role);
	if (x < end - 1) {
		cell(app, r.y, x, end - x, role, model_target(item).at, true);
	}
	paint_text(&app->paint, r.y, r.x + r.cols - (int)age.columns, (int)age.columns, role, &age);
	safe_finish(&age);
	if (selected) {
		app->cursor_y = r.y;
		app->cursor_x = r.x;
	}
}

static void paint_list(struct app *app)
{
	struct rect r = app->layout.list;
	const struct app_rows *rows = &app->rows;
	app->list_top = roll_top(app->list_top, app_row_at(app), rows->count, r.rows);
	for (int i = 0; i < r.rows && app->list_top + (size_t)i < rows->count; i++) {
		paint_item(app, rows->list[app->list_top + (size_t)i],
			(struct rect){ r.y + i, r.x, 1, r.cols });
	}
	if (app->layout.shape == LAYOUT_COLUMNS) {
		paint_rule(&app->paint,
			(struct rect){ r.y, r.x + r.cols, r.rows + (r.rows == 1), 1 }, ROLE_RULE);
	}
}

static const char words_final[] =
	"This console was handed its connection and cannot find another: q leaves.";
static const char words_trying[] =
	"Trying again. In another terminal `bascule broker` runs one and shows what is "
	"wrong.";

static void say_connection(struct app *app, struct doc *doc)
{
	if (app->down_why) {
		doc_say(doc, ROLE_TROUBLE, 0, "Broker unreachable");
		doc_foreign(doc, ROLE_TEXT, 0, "", span_of(app->down_why));
		doc_say(doc, ROLE_TEXT, 0, app->final ? words_final : words_trying);
	} else {
		doc_say(doc, ROLE_DIM, 0, "Connecting to the broker …");
	}
}

/* Has anything ever come by here, as far as is known? */
static bool is_used(const struct app *app)
{
	const struct model *m = &app->model;
	return m->passed_count || app->past.count ||
		m->allowed + m->approved + m->denied + m->withdrawn > 0;
}

static void say_never_used(struct doc *doc)
{
	doc_say(doc, ROLE_STRONG, 0,
		"Nothing waits. Calls that policy cannot prove safe wait here until you decide.");
	doc_say(doc, ROLE_TEXT, 0, "See it work:    bascule demo");
	doc_say(doc, ROLE_TEXT, 0,
		"Wrap a server:  bascule run -- COMMAND [ARG...]  (in the client's configuration)");
}

static void say_passed(struct doc *doc, int64_t number, const char *const words[3])
{
	struct safe_text text[3];
	for (size_t i = 0; i < COUNT_OF(text); i++) {
		text[i] = paint_foreign(
			doc->paint, span_of(words[i] ? words[i] : ""), SAFE_ONE_LINE);
	}
	doc_add(doc, ROLE_DIM, 2, "",
		safe_printf("#%lld %s %s  %s", (long long)number, safe_cstr(&text[0]),
			safe_cstr(&text[1]), safe_cstr(&text[2])));
	for (size_t i = 0; i < COUNT_OF(text); i++) {
		safe_finish(&text[i]);
	}
}

/* It passed by a rule, not by a person. */
static bool is_automatic(const struct past_row *row)
{
	return row->state == LIFE_DONE && !row->decision;
}

/* What the history says of the time before this console, then what it has seen itself. */
static void say_tail(const struct app *app, struct doc *doc)
{
	const struct model *m = &app->model;
	const struct past *past = &app->past;
	size_t older = 0, room = MODEL_PASSED_MAX - m->passed_count;
	int64_t before = m->passed_count ? m->passed[0].number : INT64_MAX;
	const struct past_row *rows[MODEL_PASSED_MAX];
	for (size_t i = 0; !past->text && i < past->count && older < room; i++) {
		const struct past_row *row = &past->list[i];
		if (row->number < before && is_automatic(row)) {
			rows[older++] = row;
		}
	}
	if (older + m->passed_count) {
		doc_blank(doc);
		doc_say(doc, ROLE_LABEL, 0,
			app->paused ? "passed lately; paused, F goes on" : "passed lately");
	}
	while (older) {
		const struct past_row *row = rows[--older];
		say_passed(doc, row->number,
			(const char *const[]){ row->tool, row->target, row->rule });
	}
	for (size_t i = 0; i < m->passed_count; i++) {
		const struct model_passed *p = &m->passed[i];
		say_passed(doc, p->number, (const char *const[]){ p->tool, p->target, p->rule });
	}
}

static void say_empty(struct app *app, struct doc *doc)
{
	if (!is_used(app)) {
		say_never_used(doc);
		return;
	}
	doc_say(doc, ROLE_STRONG, 0, "Nothing waits.");
	if (!app->model.gates) {
		doc_say(doc, ROLE_DIM, 0, "No client has a server open behind bascule now.");
	}
	say_tail(app, doc);
}

static void say_hidden(const struct app *app, struct doc *doc)
{
	doc_add(doc, ROLE_STRONG, 0, "",
		safe_printf("None of the %zu calls fits the filter.", app->model.count));
	doc_say(doc, ROLE_TEXT, 0, "Esc lists all again, / changes it.");
}

static void paint_nothing(struct app *app)
{
	struct rect r = app->layout.list;
	r.rows = app->layout.detail.y + app->layout.detail.rows - r.y;
	r.cols = app->paint.cols - 2;
	r.x = 1;
	struct doc doc;
	doc_init(&doc, &app->paint);
	if (app->model.count) {
		say_hidden(app, &doc);
	} else if (app->connected) {
		say_empty(app, &doc);
	} else {
		say_connection(app, &doc);
	}
	doc_wrap(&doc, r.cols);
	doc_paint(&doc, &app->paint, r, 0);
	doc_finish(&doc);
}

static void paint_queue(struct app *app)
{
	app_rows(app);
	if (!app->rows.count) {
		paint_nothing(app);
		return;
	}
	paint_list(app);
	app_paint_detail(app);
}

static bool queue_command(struct app *app, enum command command)
{
	const struct model_item *item = app_item(app);
	app_rows(app);
	size_t at = app_row_at(app);
	if (command == COMMAND_OPEN) {
		if (item) {
			app_view(app, &view_open);
		}
		return true;
	}
	if (roll_move(command, &at, app->rows.count)) {
		if (app->rows.count) {
			model_select(&app->model, app->rows.list[at]);
		}
		return true;
	}
	return app_mark(app, command) || app_scroll_card(app, command);
}

static void queue_click(struct app *app, int row)
{
	app_rows(app);
	size_t at = app->list_top + (size_t)row;
	if (at < app->rows.count) {
		model_select(&app->model, app->rows.list[at]);
	}
}

const struct view_ops view_queue = {
	.context = CTX_QUEUE,
	.paint = paint_queue,
	.command = queue_command,
	.click = queue_click,
	.sight = app_card_sight,
};
