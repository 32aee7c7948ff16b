/* The line behind `:`: what it lists, how Tab completes it, and that the guard stands before it. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void type(struct play *p, const char *line)
{
	for (; *line; line++) {
		p->now += 20;
		play_key(p,
			*line == '\r'             ? K_ENTER
				: *line == '\t'   ? K_TAB
				: *line == '\003' ? K_CTRL('c')
						  : (uint32_t)*line);
	}
}

static void paste(struct play *p, const char *text)
{
	struct keydec_event event = { .kind = KEYDEC_PASTE, .text = span_of(text) };
	app_time(&p->app, p->now, 0);
	app_input(&p->app, &event, p->now);
	play_pass(p, 0);
}

/* ---- the list ---- */

static void every_command_is_listed_by_name(void **state)
{
	struct keymap keys;
	(void)state;
	keymap_init(&keys);
	for (unsigned context = 1; context & CTX_ALL; context <<= 1) {
		struct palette p;
		size_t count = 1; /* set */
		palette_make(&p, &keys, (enum context)context, SPAN(""));
		for (int id = 1; id < COMMAND_COUNT; id++) {
			bool listed = id != COMMAND_PALETTE &&
				(command_specs[id].contexts & context);
			char name[32];
			struct palette_line line;
			struct err err;
			command_name((enum command)id, name);
			assert_true(palette_parse(&line, span_of(name), &err));
			assert_int_equal(line.command, id);
			assert_true(!listed || strcmp(p.rows[count - 1].name, name) == 0);
			count += listed;
		}
		assert_int_equal(p.count, count);
	}
	keymap_finish(&keys);
}

static void it_narrows_and_completes(void **state)
{
	static const struct {
		const char *typed, *tabs[4];
	} rows[] = {
		{ "deny", { "deny", "deny-why", "deny-all", "deny" } },
		{ "next-", { "next-risk", "next-deadline", "next-risk", "next-deadline" } },
		{ "approv", { "approve", "approve", "approve", "approve" } },
		{ "-why", { "deny-why", "deny-why", "deny-why", "deny-why" } },
		{ "set console.th",
			{ "set console.theme", "set console.theme", "set console.theme_dark",
				"set console.theme_light" } },
		{ "xyz", { NULL, NULL, NULL, NULL } },
	};
	struct keymap keys;
	(void)state;
	keymap_init(&keys);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct palette p;
		char line[64];
		snprintf(line, sizeof(line), "%s", rows[i].typed);
		palette_make(&p, &keys, CTX_QUEUE, span_of(line));
		for (int tab = 0; tab < 4; tab++) {
			struct span next = palette_complete(&p, span_of(line), false);
			const char *want = rows[i].tabs[tab];
			assert_true(want ? span_is(next, want) : !next.at);
			snprintf(line, sizeof(line), "%.*s", (int)next.len, next.at ? next.at : "");
		}
	}
	keymap_finish(&keys);
}

static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
		{ "aprove", "no command is called aprove; the nearest is approve" },
		{ "q", "no command is called q" },
		{ "APPROVE", "no command is called APPROVE" },
		{ "set console.thme x", "the nearest is console.theme" },
		{ "set queue.pending_max 3", "not the console's" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct palette_line line;
		struct err err = { 0 };
		assert_false(palette_parse(&line, span_of(rows[i].line), &err));
		assert_non_null(strstr(err.text, rows[i].words));
	}
}

/* ---- in the console ---- */

static void it_runs_commands(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	type(&p, ":tab-h");
	assert_true(play_sees("command: tab-h"));
	assert_true(play_sees(" tab-history"));
	type(&p, "\t\r");
	assert_ptr_equal(p.app.view, &view_history);
	type(&p, ":search two words\r");
	play_asked("history - before 0, 200\nhistory two words before 0, 200\n");
	type(&p, ":tab-queue\r:mute 5\r");
	play_asked("mute 5\n");
	type(&p, ":mute soon\r");
	assert_true(play_sees("expected minutes"));
	assert_true(play_sees("command: mute soon")); /* to be mended */
	type(&p, "\003:back\r");
	assert_true(play_sees("does nothing here"));
	type(&p, "\003:frobnicate\r");
	assert_true(play_sees("no command is called frobnicate"));
	type(&p, "\003:help\r");
	assert_ptr_equal(p.app.view, &view_help);
	type(&p, ":back\r:quit\r");
	assert_int_equal(p.app.wish, APP_QUIT);
	play_asked("");
	play_stop(&p);
}

static void settings_are_checked(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	type(&p, ":set console.undo_ms 99999\r");
	assert_int_equal(p.app.wish, APP_GOES_ON);
	assert_true(play_sees("console.undo_ms: expected 0 to 10000"));
	type(&p, "\003:set console.undo_ms 3000\r");
	assert_int_equal(p.app.wish, APP_SET);
	assert_int_equal(p.app.set_option, OPTION_CONSOLE_UNDO);
	assert_string_equal(p.app.set_value, "3000");
	play_stop(&p);
}

static void an_approval_passes_the_whole_guard(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	type(&p, ":approve\r"); /* Enter right behind the letters */
	play_asked("");
	assert_true(play_sees("too fast"));
	assert_true(play_sees("command: approve"));
	for (int i = 0; i < 30; i++) { /* a held Enter */
		p.now += 33;
		play_key(&p, K_ENTER);
	}
	play_asked("");
	play_pass(&p, SHOWN);
	play_key(&p, K_ENTER);
	play_asked("approve c-1 4\n");
	play_key(&p, ':');
	play_key(&p, K_UP); /* is not kept */
	assert_false(play_sees("command: approve"));
	play_stop(&p);
}

static void what_is_pasted_or_changes_decides_nothing(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	type(&p, ":");
	paste(&p, "approve");
	play_pass(&p, SHOWN);
	play_key(&p, K_ENTER);
	assert_true(play_sees("typed, not pasted"));
	type(&p, "\003:");
	paste(&p, "deny\r");
	play_pass(&p, SHOWN);
	play_key(&p, K_ENTER);
	play_asked("");
	type(&p, "\003:approve");
	play_pass(&p, SHOWN);
	play_item(&p, "medium", 5, "\"changed\"");
	play_key(&p, K_ENTER);
	play_asked("show c-1 5\n");
	play_stop(&p);
}

/* The list takes rows from the call: what has to be seen has to be seen all the same. */
static void the_highest_class_asks_for_its_word(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "highest");
	play_pass(&p, SHOWN_HIGH);
	type(&p, ":approve");
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, K_ENTER);
	play_asked("");
	assert_true(play_sees("to approve type read_file"));
	type(&p, "read_file\r");
	play_asked("approve c-1 4\n");
	play_stop(&p);
}

static void a_reason_takes_one_enter_more(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	type(&p, ":deny-why use make");
	play_pass(&p, SHOWN);
	play_key(&p, K_ENTER);
	play_asked("");
	assert_true(play_sees("reason: use make"));
	play_key(&p, K_ENTER);
	play_asked("deny c-1 4\n");
	play_stop(&p);
}

static void who_only_looks_cannot_by_name_either(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, true);
	play_show(&p, "medium");
	type(&p, ":approve");
	play_pass(&p, SHOWN);
	play_key(&p, K_ENTER);
	assert_true(play_sees("only looks"));
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_listed_by_name),
		cmocka_unit_test(it_narrows_and_completes),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(it_runs_commands),
		cmocka_unit_test(settings_are_checked),
		cmocka_unit_test(an_approval_passes_the_whole_guard),
		cmocka_unit_test(what_is_pasted_or_changes_decides_nothing),
		cmocka_unit_test(the_highest_class_asks_for_its_word),
		cmocka_unit_test(a_reason_takes_one_enter_more),
		cmocka_unit_test(who_only_looks_cannot_by_name_either),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
