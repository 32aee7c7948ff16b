/* The queue line by line: what is printed, which line decides, and which does not. */
#include "config.h"

#include "core/json.h"
#include "tests/unit/play.h"
#include "tui/linear.h"
#include "tui/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct reader {
	struct linear l;
	int64_t now;
	uint32_t bits;
	struct buf heard; /* the last print */
};

static uint32_t draw(void *data)
{
	struct reader *r = data;
	return r->bits++ * 7919U;
}

/* Written out, and read. */
static void hear(struct reader *r)
{
	buf_clear(&r->heard);
	buf_span(&r->heard, buf_view(&r->l.out));
	linear_printed(&r->l);
}

static bool heard(struct reader *r, const char *text)
{
	return r->heard.len && strstr(buf_cstr(&r->heard), text);
}

static void tell(
	struct reader *r, enum feed_kind kind, const char *call, int revision, const char *json)
{
	struct json_scan scan = { 0 };
	struct feed_note note = { .kind = kind,
		.json = json ? span_of(json) : (struct span){ NULL, 0 },
		.call = call,
		.revision = revision,
		.text = "no such thing" };
	if (json) {
		assert_true(json_validate(&scan, note.json, JSON_LOOSE));
		json_finish(&scan);
	}
	linear_time(&r->l, r->now, r->now);
	linear_note(&r->l, &note);
	hear(r);
}

static void item(struct reader *r, int number, int revision, const char *risk, const char *more)
{
	char json[2000];
	snprintf(json, sizeof(json),
		"{\"call\":\"c-%d\",\"number\":%d,\"revision\":%d,\"kind\":\"call\","
		"\"state\":\"held\",\"method\":\"tools/call\",\"tool\":\"write_file\","
		"\"server\":\"files\",\"risk\":\"%s\",\"reason\":\"because\",\"rule\":\"r:1\"%s}",
		number, number, revision, risk, more);
	tell(r, FEED_ITEM, NULL, 0, json);
}

static void shown(struct reader *r, int number, int revision, const char *arguments)
{
	char call[16], json[9000];
	snprintf(call, sizeof(call), "c-%d", number);
	snprintf(json, sizeof(json), "{\"revision\":%d,\"params\":{\"arguments\":%s},\"files\":[]}",
		revision, arguments);
	tell(r, FEED_SHOWN, call, revision, json);
}

static void start(struct reader *r, const char *looks)
{
	*r = (struct reader){ .now = 100000 };
	struct app_settings settings;
	settings_built_in(&settings);
	linear_init(&r->l,
		&(struct linear_options){ .looks = looks,
			.deny_delay_ms = settings.deny_delay_ms,
			.guard = settings.guard,
			.width = 80,
			.draw = draw,
			.data = r },
		r->now, r->now);
	tell(r, FEED_UP, NULL, 0, NULL);
}

/* One call of the risk, printed and read. */
static void start_with(struct reader *r, const char *risk)
{
	start(r, NULL);
	item(r, 3, 4, risk, "");
	play_asked("show c-3 4\n");
	shown(r, 3, 4, "{\"path\":\"a.c\"}");
	r->now += 2000;
}

static void stop(struct reader *r)
{
	linear_finish(&r->l);
	buf_finish(&r->heard);
}

static void type(struct reader *r, const char *line)
{
	linear_time(&r->l, r->now, r->now);
	linear_line(&r->l, span_of(line));
	hear(r);
}

/* "a 3 kf" with the code that was printed last for it. */
static const char *yes(struct reader *r, char out[32])
{
	const char *at = strstr(buf_cstr(&r->heard), "To approve: a ");
	assert_non_null(at);
	snprintf(out, 32, "%.6s", at + strlen("To approve: "));
	return out;
}

static void a_call_is_printed_with_a_code_that_approves_it(void **state)
{
	struct reader r;
	char line[32];
	(void)state;
	start_with(&r, "medium");
	assert_true(heard(&r, "Call 3, medium risk\n"));
	assert_true(heard(&r, "files / write_file"));
	assert_true(heard(&r, "because [r:1]"));
	assert_true(heard(&r, "path: \"a.c\""));
	type(&r, yes(&r, line));
	play_asked("approve c-3 4\n");
	r.now += 2000;
	type(&r, line);
	play_asked("");
	assert_true(heard(&r, "does not wait for a decision"));
	stop(&r);
}

static void no_other_line_approves(void **state)
{
	static const char *const lines[] = { "a", "a 3", "a 3 ", "a 3 aa", "a 4 aa", "A 3 aa", "y",
		"", " ", "3", "a 3 \033[A", "approve 3" };
	struct reader r;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		start_with(&r, "medium");
		type(&r, lines[i]);
		play_asked("");
		stop(&r);
	}
}

static void a_wrong_code_is_the_end_of_the_right_one(void **state)
{
	struct reader r;
	char line[32], next[32];
	(void)state;
	start_with(&r, "medium");
	yes(&r, line);
	type(&r, "a 3 aa");
	assert_true(heard(&r, "wrong code"));
	r.now += 2000;
	type(&r, line);
	assert_true(heard(&r, "no code holds"));
	play_asked("");
	r.now += 2000;
	type(&r, "show 3");
	play_asked("show c-3 4 whole\n");
	shown(&r, 3, 4, "{\"path\":\"a.c\"}");
	assert_string_not_equal(line, yes(&r, next));
	r.now += 2000;
	type(&r, next);
	play_asked("approve c-3 4\n");
	stop(&r);
}

static void a_changed_call_has_another_code(void **state)
{
	struct reader r;
	char line[32], next[32];
	(void)state;
	start_with(&r, "medium");
	yes(&r, line);
	item(&r, 3, 5, "medium", ",\"said\":\"changed\"");
	type(&r, line);
	play_asked("show c-3 5\n");
	shown(&r, 3, 5, "{\"path\":\"b.c\"}");
	assert_true(heard(&r, "Call 3 has CHANGED"));
	r.now += 2000;
	assert_string_not_equal(line, yes(&r, next));
	type(&r, line);
	play_asked("");
	stop(&r);
}

static void what_comes_too_soon_approves_nothing(void **state)
{
	struct reader r;
	char line[32];
	(void)state;
	start_with(&r, "high");
	yes(&r, line);
	r.now -= 2000 - 900;
	type(&r, line);
	assert_true(heard(&r, "too soon"));
	play_asked("");
	r.now += 1000;
	type(&r, line); /* the code still holds */
	play_asked("approve c-3 4\n");
	stop(&r);
}

/* Not written out yet: what is typed cannot be meant for it. */
static void type_ahead_approves_nothing(void **state)
{
	struct reader r;
	char line[32];
	(void)state;
	start(&r, NULL);
	r.now += 5000;
	type(&r, "a 3 bf");
	item(&r, 3, 4, "medium", "");
	play_asked("show c-3 4\n");
	r.bits = 0;
	const char json[] = "{\"revision\":4,\"params\":{\"arguments\":{}},\"files\":[]}";
	struct feed_note note = {
		.kind = FEED_SHOWN, .json = span_of(json), .call = "c-3", .revision = 4
	};
	linear_note(&r.l, &note);
	assert_true(r.l.fresh);
	snprintf(line, sizeof(line), "a 3 %s", r.l.list[0].code);
	r.now += 5000;
	linear_time(&r.l, r.now, r.now);
	linear_line(&r.l, span_of(line));
	hear(&r);
	play_asked("");
	assert_true(heard(&r, "too soon after it was printed"));
	stop(&r);
}

/* Of a paste of several lines the first is judged, the others decide nothing. */
static void of_several_lines_the_first_counts(void **state)
{
	struct reader r;
	char line[32];
	(void)state;
	start_with(&r, "medium");
	yes(&r, line);
	type(&r, "list");
	type(&r, line);
	assert_true(heard(&r, "too fast after another line"));
	type(&r, "d 3");
	type(&r, "hold");
	play_asked("");
	r.now += 400;
	type(&r, line);
	play_asked("approve c-3 4\n");
	stop(&r);
}

static void high_risk_needs_all_of_it_printed(void **state)
{
	struct reader r;
	char many[6000] = "{\"a\":[", line[32];
	(void)state;
	for (int i = 0; i < 60; i++) {
		size_t n = strlen(many);
		snprintf(many + n, sizeof(many) - n, "%s\"row %d\"", i ? "," : "", i);
	}
	strncat(many, "]}", 3);
	start(&r, NULL);
	item(&r, 3, 4, "high", "");
	shown(&r, 3, 4, many);
	assert_true(heard(&r, "lines more: show 3"));
	assert_false(heard(&r, "To approve"));
	assert_false(heard(&r, "row 59"));
	play_asked("show c-3 4\n");
	r.now += 2000;
	type(&r, "show 3");
	play_asked("show c-3 4 whole\n");
	shown(&r, 3, 4, many);
	assert_true(heard(&r, "row 59"));
	r.now += 2000;
	type(&r, yes(&r, line));
	play_asked("approve c-3 4\n");
	stop(&r);
}

static void without_a_preview_there_is_no_code(void **state)
{
	struct reader r;
	(void)state;
	start(&r, NULL);
	item(&r, 3, 4, "medium", "");
	play_asked("show c-3 4\n");
	tell(&r, FEED_SHOW_FAILED, "c-3", 4, NULL);
	assert_true(heard(&r, "Nothing is approved unseen"));
	assert_false(heard(&r, "To approve"));
	stop(&r);
}

static void the_highest_class_asks_for_the_word(void **state)
{
	static const char *const wrong[] = { "a 3 bf", "yes", "", "write_files", "d 3" };
	struct reader r;
	char line[32];
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		start_with(&r, "highest");
		type(&r, yes(&r, line));
		assert_true(heard(&r, "type the word write_file"));
		r.now += 2000;
		type(&r, wrong[i]);
		play_asked("");
		r.now += 2000;
		type(&r, "write_file");
		play_asked("");
		stop(&r);
	}
	start_with(&r, "highest");
	type(&r, yes(&r, line));
	r.now += 200;
	type(&r, "write_file");
	play_asked("");
	stop(&r);
	start_with(&r, "highest");
	type(&r, yes(&r, line));
	r.now += 2000;
	type(&r, "write_file");
	play_asked("approve c-3 4\n");
	stop(&r);
}

static void denying_and_the_switch(void **state)
{
	struct reader r;
	(void)state;
	start_with(&r, "medium");
	type(&r, "deny-all 3");
	type(&r, "deny");
	play_asked("");
	r.now += 1000;
	type(&r, "deny 3 not \033[31mthis");
	play_asked("deny c-3 4 in 1500 ms\n");
	r.now += 1000;
	tell(&r, FEED_DECIDED, "c-3", 4, "{\"state\":\"held\",\"denied_at\":99}");
	assert_true(heard(&r, "is being denied: u takes it back"));
	type(&r, "u");
	play_asked("undo c-3\n");
	r.now += 1000;
	type(&r, "hold");
	r.now += 1000;
	type(&r, "policy");
	r.now += 1000;
	type(&r, "deny-all");
	play_asked("master hold\nmaster policy\nmaster deny\n");
	stop(&r);
}

static void who_only_looks_decides_nothing(void **state)
{
	static const char *const lines[] = { "a 3 bf", "d 3", "u", "hold", "deny-all", "policy" };
	struct reader r;
	(void)state;
	start(&r, "This console only looks.");
	item(&r, 3, 4, "medium", "");
	shown(&r, 3, 4, "{}");
	play_asked("show c-3 4\n");
	assert_false(heard(&r, "To approve"));
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		r.now += 2000;
		type(&r, lines[i]);
		assert_true(heard(&r, "only looks"));
	}
	play_asked("");
	stop(&r);
}

/* Nothing foreign is more than text behind two spaces or words of ours. */
static void hostile_texts_stay_texts(void **state)
{
	struct reader r;
	(void)state;
	start(&r, NULL);
	item(&r, 3, 4, "medium",
		",\"cwd\":\"/w\\u001b[2J\\u009b\\u202eX\\nTo approve: a 3 "
		"zz\",\"branch\":\"\\u2502\","
		"\"client\":{\"name\":\"\\u0007\\r\\nCall 9, low "
		"risk\",\"version\":\"\",\"pid\":1}");
	shown(&r, 3, 4,
		"{\"content\":\"x\\nTo approve: a 3 zz\\n\\u001b]52;c;AAAA\\u0007\\r\\tend\"}");
	const unsigned char *at = (const unsigned char *)r.heard.data;
	for (size_t i = 0; i < r.heard.len; i++) {
		assert_true(at[i] == '\n' || at[i] >= 0x20);
		assert_false(at[i] == 0x7f || (at[i] == 0xc2 && at[i + 1] < 0xa0));
		bool begins = !i || at[i - 1] == '\n';
		assert_false(begins && memcmp(at + i, "Call 9", 6) == 0);
		assert_false(begins && memcmp(at + i, "To approve: a 3 zz", 18) == 0);
	}
	assert_false(heard(&r, "\xe2\x80\xae")); /* U+202E */
	assert_false(heard(&r, "\xe2\x94\x82")); /* no box drawing */
	play_asked("show c-3 4\n");
	stop(&r);
}

/* A hundred arrivals are not a hundred cards. */
static void many_are_a_line_each(void **state)
{
	struct reader r;
	(void)state;
	start(&r, NULL);
	for (int i = 1; i <= 8; i++) {
		item(&r, i, 1, "low", "");
		shown(&r, i, 1, "{}");
		assert_true(heard(&r, "To approve"));
	}
	item(&r, 9, 1, "low", "");
	assert_true(heard(&r, "9: low risk") && !heard(&r, "To approve"));
	r.now += 1000;
	type(&r, "list");
	assert_true(heard(&r, "9: low risk, write_file"));
	r.now += 1000;
	type(&r, "why 9");
	assert_true(heard(&r, "because [r:1]"));
	stop(&r);
	play_asked("show c-1 1\nshow c-2 1\nshow c-3 1\nshow c-4 1\nshow c-5 1\nshow c-6 1\n"
		   "show c-7 1\nshow c-8 1\n");
}

static void what_leaves_is_said(void **state)
{
	struct reader r;
	char line[32];
	(void)state;
	start_with(&r, "medium");
	yes(&r, line);
	tell(&r, FEED_GONE, NULL, 0,
		"{\"call\":\"c-3\",\"number\":3,\"state\":\"withdrawn\",\"by\":null}");
	assert_true(heard(&r, "#3 write_file: withdrawn"));
	type(&r, line);
	assert_true(heard(&r, "No call of that number"));
	tell(&r, FEED_DOWN, NULL, 0, NULL);
	assert_true(heard(&r, "No broker is connected"));
	play_asked("");
	linear_leave(&r.l);
	assert_true(r.l.quit);
	stop(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_printed_with_a_code_that_approves_it),
		cmocka_unit_test(no_other_line_approves),
		cmocka_unit_test(a_wrong_code_is_the_end_of_the_right_one),
		cmocka_unit_test(a_changed_call_has_another_code),
		cmocka_unit_test(what_comes_too_soon_approves_nothing),
		cmocka_unit_test(type_ahead_approves_nothing),
		cmocka_unit_test(of_several_lines_the_first_counts),
		cmocka_unit_test(high_risk_needs_all_of_it_printed),
		cmocka_unit_test(without_a_preview_there_is_no_code),
		cmocka_unit_test(the_highest_class_asks_for_the_word),
		cmocka_unit_test(denying_and_the_switch),
		cmocka_unit_test(who_only_looks_decides_nothing),
		cmocka_unit_test(hostile_texts_stay_texts),
		cmocka_unit_test(many_are_a_line_each),
		cmocka_unit_test(what_leaves_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
