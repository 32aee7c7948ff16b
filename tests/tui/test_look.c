/* What the console wears, by what its terminal says of itself; and that a reply decides nothing. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char queue[] = SNAPSHOT(ITEM(1, 1, "medium", WRITES("src/a.c")));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(1, "src/a.c", "one\\ntwo and more\\n", "one\\ntwo\\n") },
	{ NULL, NULL },
};

static const char white[] = "\033]11;rgb:ffff/ffff/ffff\033\\\033[?62;4c";

static bool wrote(const struct vt *vt, const char *bytes)
{
	return memmem(vt->raw.data, vt->raw.len, bytes, strlen(bytes)) != NULL;
}

/* The colour of an added line: the terminal's own green where it is dark. */
static unsigned green(struct vt *vt)
{
	int row = 0, col = 0;
	assert_true(vt_wait(vt, "+ two and more", VT_MS));
	assert_true(vt_find(vt, "+ two and more", &row, &col));
	VTermScreenCell cell = vt_cell(vt, row, col);
	assert_true(VTERM_COLOR_IS_INDEXED(&cell.fg));
	return cell.fg.indexed.idx;
}

static bool wait_green(struct vt *vt, unsigned wanted)
{
	for (int i = 0; i < 200 && green(vt) != wanted; i++) {
		vt_pump(vt, 10);
	}
	return green(vt) == wanted;
}

enum { GREEN = 2, GREEN_ON_WHITE = 29 };

static void stop(struct vt *vt)
{
	char why[128] = "";
	bool clean = vt_clean(vt, why);
	int status = vt_stop(vt);
	(void)status;
	if (!clean) {
		fail_msg("%s", why);
	}
}

/* The first frame does not wait for the answer, and is painted anew when that says otherwise. */
static void a_light_terminal(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, queue, shows);
	assert_int_equal(green(vt), GREEN);
	assert_true(wrote(vt, "\033]11;?\033\\\033[c"));
	vt_send(vt, white);
	assert_true(wait_green(vt, GREEN_ON_WHITE));
	vt_send(vt, "\033[?997;1n"); /* it went dark */
	assert_true(wait_green(vt, GREEN));
	vt_send(vt, "\033[?997;2n");
	assert_true(wait_green(vt, GREEN_ON_WHITE));
	vt_send(vt, "q");
	assert_true(vt_wait_end(vt, VT_MS));
	assert_true(wrote(vt, "\033[?2031l"));
	stop(vt);
}

/* An answer behind that which ends the answers is nobody's. */
static void a_terminal_that_knows_no_background(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, queue, shows);
	assert_int_equal(green(vt), GREEN);
	vt_send(vt, "\033[?1;2c");
	vt_send(vt, white);
	vt_send(vt, "%");
	assert_true(vt_wait(vt, "does nothing here", VT_MS)); /* all of it was read */
	assert_int_equal(green(vt), GREEN);
	stop(vt);
}

static void what_the_environment_says(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .colorfgbg = "0;15" }, queue, shows);
	assert_int_equal(green(vt), GREEN_ON_WHITE);
	stop(vt);
}

/* Who has chosen is not asked; nor is a terminal that would not know what is meant. */
static void nothing_is_asked_in_vain(void **state)
{
	static const struct vt_options options[] = { { .theme = "gruvbox-light" },
		{ .no_color = true }, { .color = "never" }, { .term = "vt100" } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		struct vt *vt = vt_start(&options[i], queue, shows);
		assert_true(vt_wait(vt, "+ two and more", VT_MS));
		assert_false(wrote(vt, "]11;?"));
		assert_false(wrote(vt, "2031h"));
		stop(vt);
	}
}

static void the_flag_beats_no_color(void **state)
{
	(void)state;
	struct vt *vt = vt_start(
		&(struct vt_options){ .no_color = true, .color = "always" }, queue, shows);
	assert_int_equal(green(vt), GREEN);
	stop(vt);
}

/* Long enough on the screen for an `a` to approve: those inside a reply do not, however it is cut.
 */
static void a_reply_approves_nothing(void **state)
{
	static const char reply[] = "\033]11;rgb:aaaa/dddd/aaaa\033\\";
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, queue, shows);
	assert_true(vt_wait(vt, "+ two and more", VT_MS));
	vt_pump(vt, 700);
	for (size_t cut = 1; cut < sizeof(reply) - 1; cut++) {
		char part[64];
		memcpy(part, reply, cut);
		part[cut] = '\0';
		vt_send(vt, part);
		vt_pump(vt, 5);
		vt_send(vt, reply + cut);
		vt_pump(vt, cut % 8 ? 5 : 400);
	}
	vt_send(vt, "%");
	assert_true(vt_wait(vt, "does nothing here", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_pump(vt, 700);
	vt_send(vt, "a"); /* a key does */
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	stop(vt);
}

/* What only looks like an answer changes nothing, and none of its letters is a key. */
static void hostile_replies(void **state)
{
	static const char *const replies[] = {
		"\033]11;aaaa\033\\",
		"\033]11;rgb:aaaa/dddd\007",
		"\033]11;rgb:ffff/ffff/ffffa\007",
		"\033]11;rgb:gggg/dddd/aaaa\033\\",
		"\033]12;rgb:ffff/ffff/ffff\033\\",
		"\033P11;rgb:ffff/ffff/ffff\033\\",
		"\033]11;rgb:ffff/ffff/ffff\033aaaa",
		"\033]11;rgb:ffff/ffff/ffff\n",
		"\033[?997;3n\033[?997;2a\033[997;2n",
		"\033[?61;4;aa;dc",
	};
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, queue, shows);
	assert_int_equal(green(vt), GREEN);
	for (size_t i = 0; i < COUNT_OF(replies); i++) {
		vt_pump(vt, 400); /* else the guard would eat what should not have been a key */
		vt_send(vt, replies[i]);
	}
	struct buf flood = { 0 };
	buf_text(&flood, "\033]11;rgb:");
	for (int i = 0; i < 4000; i++) {
		buf_text(&flood, "aaaa/dddd/");
	}
	buf_text(&flood, "\033\\%");
	vt_pump(vt, 400);
	vt_send(vt, buf_cstr(&flood));
	buf_finish(&flood);
	assert_true(vt_wait(vt, "does nothing here", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	assert_int_equal(green(vt), GREEN);
	stop(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_light_terminal),
		cmocka_unit_test(a_terminal_that_knows_no_background),
		cmocka_unit_test(what_the_environment_says),
		cmocka_unit_test(nothing_is_asked_in_vain),
		cmocka_unit_test(the_flag_beats_no_color),
		cmocka_unit_test(a_reply_approves_nothing),
		cmocka_unit_test(hostile_replies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
