/*
 * The rules' tab: the grants that live, then the rules in force, each with how often it decided;
 * the selected one in full beside or below, or alone. Takes grants back, gives none.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <string.h>

#include "tui/book_doc.h"
#include "tui/cell.h"
#include "tui/roll.h"

enum { WORD_COLS = 6, COUNT_COLS = 5, WIDE_ROW = 76, NAME_COLS = 26 };

static const char *base_name(const char *rule)
{
	const char *slash = strrchr(rule, '/');
	return slash ? slash + 1 : rule;
}

/* "1234", "12k" */
static void short_count(int64_t count, char out[24])
{
	if (count >= 10000) {
		snprintf(out, 24, "%lldk", (long long)count / 1000);
	} else {
		snprintf(out, 24, "%lld", (long long)count);
	}
}

static void paint_row(struct app *app, const struct book_row *row, struct rect r)
{
	struct paint *paint = &app->paint;
	bool selected = row == book_selected(&app->book), wide = r.cols >= WIDE_ROW;
	enum role role = selected ? ROLE_SELECTED : ROLE_TEXT;
	char count[24], bound[80];
	int end = r.x + r.cols, x = r.x + 1;
	short_count(row->count, count);
	paint_fill(paint, r, role);
	paint_own(paint, r.y, r.x, 1, role, safe_printf("%s", selected ? ">" : " "));
	paint_own(paint, r.y, x, WORD_COLS, selected ? role : book_role(row),
		safe_printf("%s", book_word(row)));
	x += WORD_COLS + 1;
	if (row->kind != BOOK_BROKEN) {
		paint_own(paint, r.y, x, COUNT_COLS,
			selected                 ? role
				: row->count > 0 ? ROLE_STRONG
						 : ROLE_DIM,
			safe_printf("%*s", COUNT_COLS, count));
	}
	x += COUNT_COLS + 1;
	if (wide) {
		end -= NAME_COLS + 1;
		book_bound(row, app->now, bound);
		cell_put(paint, r.y, end + 1, NAME_COLS, selected ? role : ROLE_DIM,
			row->kind == BOOK_GRANT          ? bound
				: row->kind == BOOK_RULE ? base_name(row->rule)
							 : "");
	}
	cell_put(paint, r.y, x, end - x, role, book_text(row));
	if (selected) {
		app->cursor_y = r.y;
		app->cursor_x = r.x;
	}
}

static void paint_list(struct app *app)
{
	struct rect r = app->layout.list;
	struct book *book = &app->book;
	book->top = roll_top(book->top, book_place(book), book_shown(book), r.rows);
	for (int i = 0; i < r.rows; i++) {
		const struct book_row *row = book_at(book, book->top + (size_t)i);
		if (row) {
			paint_row(app, row, (struct rect){ r.y + i, r.x, 1, r.cols });
		}
	}
	if (app->layout.shape == LAYOUT_COLUMNS) {
		paint_rule(&app->paint, (struct rect){ r.y, r.x + r.cols, r.rows, 1 }, ROLE_RULE);
	}
}

static void paint_title(struct app *app)
{
	struct rect r = app->layout.rule;
	const struct book *book = &app->book;
	char grants[48] = "";
	if (book->grants) {
		snprintf(grants, sizeof(grants), " · %zu grant%s", book->grants,
			book->grants == 1 ? "" : "s");
	}
	paint_rule(&app->paint, r, ROLE_RULE);
	paint_own(&app->paint, r.y, r.x + 1, r.rows ? r.cols - 2 : 0, ROLE_RULE,
		safe_printf(" %s%zu of %zu%s%s ", app_pane_mark(app), book_place(book) + 1,
			book_shown(book), grants,
			page_more(&app->book_page, app->layout.detail.rows) ? " · more below"
									    : ""));
}

static void paint_detail(struct app *app)
{
	const struct book *book = &app->book;
	const struct book_row *row = book_selected(book);
	struct app_made *made = &app->book_made;
	int64_t minute = row && row->until >= 0 ? (row->until - app->now + 59999) / 60000 : 0;
	if (made->stamp != book->stamp || made->minute != minute) {
		page_clear(&app->book_page);
		book_doc(&app->book_page.doc, book, row, app->now);
		*made = (struct app_made){ book->stamp, minute };
	}
	page_paint(&app->book_page, &app->paint, app->layout.detail);
	paint_title(app);
}

static void paint_nothing(struct app *app)
{
	const struct book *book = &app->book;
	struct rect r = app->layout.list;
	struct doc doc;
	r.rows = app->layout.detail.y + app->layout.detail.rows - r.y;
	r.cols = app->paint.cols - 2;
	r.x = 1;
	doc_init(&doc, &app->paint);
	if (book->why) {
		doc_foreign(&doc, ROLE_WARNING, 0, "", span_of(book->why));
	} else if (book->here && book->count) {
		doc_add(&doc, ROLE_STRONG, 0, "",
			safe_printf("None of the %zu rules fits the filter.", book->count));
		doc_say(&doc, ROLE_TEXT, 0, "q lists all again, / changes it.");
	} else {
		doc_say(&doc, ROLE_DIM, 0,
			app->connected ? "asking the broker …" : "no broker is connected");
	}
	doc_wrap(&doc, r.cols);
	doc_paint(&doc, &app->paint, r, 0);
	doc_finish(&doc);
}

static void paint_rules(struct app *app)
{
	if (!book_selected(&app->book) || app->book.why) {
		paint_nothing(app);
		return;
	}
	paint_list(app);
	paint_detail(app);
}

static void paint_one(struct app *app)
{
	if (book_selected(&app->book)) {
		paint_detail(app);
		app->cursor_y = app->layout.detail.y;
	}
}

static void go(struct app *app, size_t place)
{
	const struct book_row *row = book_at(&app->book, place);
	if (row) {
		book_select(&app->book, row);
		app->book.stamp = ++app->model.last_stamp;
		app->book_page.top = 0;
	}
}

static bool rules_command(struct app *app, enum command command)
{
	struct book *book = &app->book;
	size_t at = book_place(book);
	if (roll_move(command, &at, book_shown(book))) {
		go(app, at);
		return true;
	}
	if (command == COMMAND_OPEN) {
		if (book_selected(book)) {
			app_view(app, &view_rule);
		}
		return true;
	}
	return page_scroll(&app->book_page, command, app->layout.detail.rows);
}

static void rules_click(struct app *app, int row)
{
	go(app, app->book.top + (size_t)row);
}

static size_t rules_rows(const struct app *app)
{
	return book_shown(&app->book);
}

static bool rules_idle(const struct app *app, enum command command)
{
	const struct book_row *row = book_selected(&app->book);
	return command == COMMAND_TAB_RULES ||
		(command == COMMAND_REVOKE && (!row || row->kind != BOOK_GRANT));
}

static struct page *rule_page_of(struct app *app)
{
	return &app->book_page;
}

const struct view_ops view_rules = {
	.context = CTX_RULES,
	.name = "rules",
	.paint = paint_rules,
	.command = rules_command,
	.click = rules_click,
	.back = app_book_back,
	.refresh = app_ask_book,
	.rows = rules_rows,
	.idle = rules_idle,
};

const struct view_ops view_rule = {
	.context = CTX_RULE,
	.name = "rules",
	.open = true,
	.paint = paint_one,
	.page = rule_page_of,
	.back = app_book_back,
	.refresh = app_ask_book,
	.idle = rules_idle,
};
