/* Searching the text that a view shows. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void type(struct play *p, const char *line)
{
	for (; *line; line++) {
		play_key(p, *line == '\r' ? K_ENTER : *line == '\033' ? K_ESC : (uint32_t)*line);
	}
}

/* ---- in a doc ---- */

static const char *const lines[] = { "one Two", "twotwo", "", "x \302\267 TWO and two" };

static void make(struct doc *doc, const struct paint *paint)
{
	doc_init(doc, paint);
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		doc_foreign(doc, ROLE_TEXT, 0, "", span_of(lines[i]));
	}
	doc_wrap(doc, 5);
}

static void places_are_found(void **state)
{
	static const struct {
		const char *text;
		size_t count, line, from;
	} rows[] = { { "two", 5, 0, 4 }, { "Two", 1, 0, 4 }, { "TWO", 1, 3, 5 }, { "wot", 1, 1, 1 },
		{ "\302\267", 1, 3, 2 }, { "three", 0, 0, 0 },
		{ "x \302\267 TWO and two!", 0, 0, 0 } };
	const struct paint paint = { .rows = 24, .cols = 80 };
	struct doc doc;
	(void)state;
	make(&doc, &paint);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct find find = { 0 };
		find_set(&find, &doc, span_of(rows[i].text));
		assert_int_equal(find.count, rows[i].count);
		if (find.count) {
			assert_int_equal(find.list[0].line, rows[i].line);
			assert_int_equal(find.list[0].from, rows[i].from);
		}
		find_finish(&find);
	}
	doc_finish(&doc);
}

static void it_goes_round(void **state)
{
	const struct paint paint = { .rows = 24, .cols = 80 };
	struct find find = { 0 };
	struct doc doc;
	(void)state;
	make(&doc, &paint);
	find_set(&find, &doc, SPAN("two"));
	assert_int_equal(doc_row_of(&doc, &find.list[0]), 0); /* broken after "one T" */
	assert_int_equal(doc_row_of(&doc, &find.list[1]), 2);
	find_from(&find, &doc, 3);
	assert_int_equal(find.at, 3);
	find_from(&find, &doc, 99);
	assert_int_equal(find.at, 0);
	find_next(&find, true);
	assert_int_equal(find.at, 4);
	find_next(&find, false);
	assert_int_equal(find.at, 0);
	doc_finish(&doc); /* another text stands there now */
	doc_say(&doc, ROLE_TEXT, 0, "two");
	find.at = 4;
	find_check(&find, &doc);
	assert_int_equal(find.count, 1);
	assert_int_equal(find.at, 0);
	doc_finish(&doc);
	find_check(&find, &doc);
	find_next(&find, false);
	assert_int_equal(find.count, 0);
	find_finish(&find);
}

/* ---- in the console ---- */

static void the_help_is_searched_as_one_types(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	type(&p, "?");
	assert_false(play_sees("gives up first"));
	type(&p, "/gives up");
	assert_true(play_sees("search (1 of 1): gives up"));
	assert_true(play_sees("gives up first"));
	type(&p, "\r");
	assert_true(play_sees("1 of 1: gives up; n next"));
	type(&p, "\033");
	assert_false(play_sees("1 of 1"));
	assert_ptr_equal(p.app.view, &view_help);
	type(&p, "/the ");
	size_t at = p.app.find.at, count = p.app.find.count;
	assert_true(count > 3);
	type(&p, "\rnN");
	assert_int_equal(p.app.find.at, at);
	type(&p, "n");
	assert_int_equal(p.app.find.at, (at + 1) % count);
	type(&p, "/frobnicate\r");
	assert_true(play_sees("not found: frobnicate"));
	type(&p, "nq");
	assert_ptr_equal(p.app.view, &view_help); /* out of the search first */
	type(&p, "q");
	assert_ptr_equal(p.app.view, &view_queue);
	play_stop(&p);
}

/* The help is made of the keys in force, and begins with those of the place one came from. */
static void the_help_is_about_here(void **state)
{
	static const char *const ways[][2] = { { "", "In the queue (1)" },
		{ "2", "In the history (2)" }, { "\r", "With one call open" } };
	struct play p;
	struct err err;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		play_start(&p, false);
		assert_true(keymap_read(
			&p.app.keys, "keys.ini", SPAN("[keys]\nfind-next = ^G\n"), &err));
		play_show(&p, "medium");
		type(&p, ways[i][0]);
		type(&p, "?");
		assert_string_equal(safe_cstr(&p.app.help.doc.lines[0].text), ways[i][1]);
		type(&p, "/next place\r");
		assert_true(play_sees("^G  "));
		for (size_t line = 1; line < p.app.help.doc.count; line++) {
			assert_string_not_equal(
				safe_cstr(&p.app.help.doc.lines[line].text), ways[i][1]);
		}
		play_stop(&p);
	}
}

/* Esc while it is typed goes back to where one was. */
static void a_search_that_is_dropped_moves_nothing(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	type(&p, "?jj");
	assert_int_equal(p.app.help.top, 2);
	type(&p, "/paste never");
	assert_true(p.app.help.top > 2);
	type(&p, "\033");
	assert_int_equal(p.app.help.top, 2);
	type(&p, "n");
	assert_true(play_sees("nothing is searched for"));
	play_stop(&p);
}

/* What was found is marked, and nothing of the guard is weaker for it. */
static void an_open_call_is_searched(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	type(&p, "\r");
	assert_ptr_equal(p.app.view, &view_open);
	type(&p, "/read_f\r");
	assert_true(play_sees("1 of "));
	play_key(&p, 'a');
	play_asked("");
	play_pass(&p, SHOWN);
	play_key(&p, 'a');
	play_asked("approve c-1 4\n");
	type(&p, "q");
	play_tell(&p, FEED_GONE, "{\"call\":\"c-1\",\"number\":1,\"state\":\"withdrawn\"}", NULL);
	play_pass(&p, SHOWN);
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_found),
		cmocka_unit_test(it_goes_round),
		cmocka_unit_test(the_help_is_searched_as_one_types),
		cmocka_unit_test(the_help_is_about_here),
		cmocka_unit_test(a_search_that_is_dropped_moves_nothing),
		cmocka_unit_test(an_open_call_is_searched),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
