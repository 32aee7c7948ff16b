/* What is on the screen, at every size and on every kind of terminal. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char queue[] = SNAPSHOT(
	ITEM(1, 1, "medium", WRITES("src/a.c")) "," ITEM(2, 1, "high", WRITES("b.sh")));

static const struct wire_show shows[] = {
	{ "c-1",
		SHOW_WRITE(1, "src/a.c", "one\\ntwo and more\\nthree\\n", "one\\ntwo\\nthree\\n") },
	{ "c-2",
		SHOW_ARGS(1,
			"{\"command\":\"rm\",\"args\":[\"-rf\",\"my "
			"dir\"],\"n\":12345678901234567890}") },
	{ NULL, NULL },
};

static struct vt *start(struct vt_options options)
{
	return vt_start(&options, queue, shows);
}

static void stop_clean(struct vt *vt)
{
	char why[128] = "";
	bool clean = vt_clean(vt, why);
	vt_stop(vt);
	if (!clean) {
		fail_msg("%s", why);
	}
}

struct size {
	int rows, cols;
};

static void first_screen_at_every_size(void **state)
{
	static const struct size sizes[] = { { 20, 40 }, { 24, 80 }, { 40, 120 }, { 50, 200 } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct vt *vt = start(
			(struct vt_options){ .rows = sizes[i].rows, .cols = sizes[i].cols });
		assert_true(vt_wait_row(vt, 0, "2 waiting", VT_MS));
		assert_true(vt_wait_row(vt, 1, ">!  ", VT_MS));
		assert_true(vt_wait_row(vt, 2, " !! ", VT_MS));
		assert_true(vt_wait(vt, "medium risk", VT_MS));
		assert_true(vt_wait(vt, "overwrites src/a.c", VT_MS));
		assert_true(vt_wait_row(vt, sizes[i].rows - 1, "? help", VT_MS));
		assert_true(vt_wait(vt, "+1 -1", VT_MS));
		stop_clean(vt);
	}
}

static void badge_when_there_is_no_room(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 3, .cols = 20 });
	vt_resize(vt, 1, 6);
	assert_true(vt_wait_row(vt, 0, "2  !!1", VT_MS));
	vt_resize(vt, 3, 20);
	assert_true(vt_wait_row(vt, 0, "2 waiting  !! 1 high", VT_MS));
	vt_pump(vt, 700);
	vt_send(vt, "a");
	/* the key was seen, at this size */
	assert_true(vt_wait_count(vt, &vt->wire.active_count, 1, VT_MS));
	assert_true(vt_wait_row(vt, 1, "ignored: no call is", VT_MS));
	vt_resize(vt, 24, 80);
	assert_true(vt_wait(vt, "ignored: no call is shown", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	stop_clean(vt);
}

/* In one row, what is typed and what is said stand in the badge's place; and keys work. */
static void a_badge_takes_keys(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 1, .cols = 80 });
	assert_true(vt_wait_row(vt, 0, "2 waiting  !! 1 high  oldest", VT_MS));
	vt_resize(vt, 1, 25);
	assert_true(vt_wait_row(vt, 0, "2 waiting  !!1  oldest", VT_MS));
	vt_send(vt, "/");
	assert_true(vt_wait_row(vt, 0, "filter", VT_MS));
	vt_send(vt, "b.sh");
	assert_true(vt_wait_row(vt, 0, "b.sh", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait_row(vt, 0, "2 waiting", VT_MS));
	vt_resize(vt, 24, 80);
	assert_true(vt_wait_row(vt, 0, "1 of 2", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	stop_clean(vt);
}

static void a_write_shows_its_diff(void **state)
{
	int row = 0, col = 0;
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 30, .cols = 80 });
	assert_true(vt_wait(vt, "changes the file  +1 -1", VT_MS));
	assert_true(vt_wait(vt, "@@ -1,3 +1,3 @@", VT_MS));
	assert_true(vt_wait(vt, "- two", VT_MS));
	assert_true(vt_wait(vt, "2 + two and more", VT_MS));
	assert_true(vt_find(vt, "+ two and more", &row, &col));
	VTermScreenCell cell = vt_cell(vt, row, col + 2);
	assert_true(VTERM_COLOR_IS_INDEXED(&cell.fg));
	assert_int_equal(cell.fg.indexed.idx, 2);
	assert_true(vt_wait(vt, "path: \"src/a.c\"", VT_MS));
	stop_clean(vt);
}

static void other_arguments_are_shown_a_word_a_row(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 30, .cols = 80 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "j");
	assert_true(vt_wait(vt, "command: \"rm\"", VT_MS));
	assert_true(vt_wait(vt, "- \"-rf\"", VT_MS));
	assert_true(vt_wait(vt, "- \"my dir\"", VT_MS));
	assert_true(vt_wait(vt, "n: 12345678901234567890", VT_MS));
	stop_clean(vt);
}

static void open_and_back(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ 0 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait_row(vt, 2, "medium risk", VT_MS));
	vt_send(vt, "q");
	assert_true(vt_wait_row(vt, 2, "!!", VT_MS));
	vt_send(vt, "?");
	assert_true(vt_wait(vt, "approve the call that is shown, once", VT_MS));
	vt_send(vt, "\033");
	assert_true(vt_wait_row(vt, 2, "!!", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	stop_clean(vt);
}

static void scrolling(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 16, .cols = 60 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_true(vt_wait(vt, "more below", VT_MS));
	vt_send(vt, "\004\004\004\004");
	assert_true(vt_wait(vt, "content: (23 bytes; see the diff)", VT_MS));
	assert_true(vt_wait_gone(vt, "more below", VT_MS));
	vt_send(vt, "K");
	assert_true(vt_wait(vt, "more below", VT_MS));
	stop_clean(vt);
}

static void resizing(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ 0 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_resize(vt, 40, 120);
	assert_true(vt_wait_row(vt, 39, "a approve", VT_MS));
	assert_true(vt_wait_row(vt, 1, "│", VT_MS));
	vt_resize(vt, 20, 40);
	assert_true(vt_wait_row(vt, 19, "a approve", VT_MS));
	vt_resize(vt, 2, 10);
	assert_true(vt_wait_row(vt, 0, "2 waiting", VT_MS));
	vt_resize(vt, 24, 80);
	assert_true(vt_wait_row(vt, 23, "a approve", VT_MS));
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	stop_clean(vt);
}

/* A parameter of an SGR sequence that is a colour: 30-49, 90-107. */
static bool any_colour(const struct vt *vt)
{
	for (size_t i = 0; i + 2 < vt->raw.len; i++) {
		const char *at = vt->raw.data + i;
		size_t n = strspn(at + 2, "0123456789;");
		for (const char *p = at + 2;
			at[0] == '\033' && at[1] == '[' && at[2 + n] == 'm' && p < at + 2 + n;) {
			char *end;
			long value = strtol(p, &end, 10);
			if ((value >= 30 && value <= 49) || value >= 90) {
				return true;
			}
			p = end + 1;
		}
	}
	return false;
}

static void no_colour_without_colour(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ 0 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_true(any_colour(vt));
	stop_clean(vt);
	vt = start((struct vt_options){ .no_color = true });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "j");
	assert_true(vt_wait(vt, "high risk", VT_MS));
	assert_false(any_colour(vt));
	int row = 0, col = 0;
	assert_true(vt_find(vt, ">!!", &row, &col));
	assert_true(vt_cell(vt, row, col).attrs.reverse);
	stop_clean(vt);
}

static void a_plain_vt100(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ .term = "vt100" });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_true(vt_wait_row(vt, 23, "a approve", VT_MS));
	assert_null(memmem(vt->raw.data, vt->raw.len, "2004", 4));
	stop_clean(vt);
}

/* No UTF-8: not one byte over 0x7f, and foreign characters stay recognisable. */
static void ascii_only(void **state)
{
	static const char snapshot[] = SNAPSHOT(ITEM(1, 1, "medium", WRITES("caf\303\251.c")));
	(void)state;
	struct vt *vt = vt_start(
		&(struct vt_options){ .lc_all = "C", .cols = 120, .rows = 30 }, snapshot, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_true(vt_wait(vt, "caf<U+00E9>.c", VT_MS));
	for (size_t i = 0; i < vt->raw.len; i++) {
		assert_true((unsigned char)vt->raw.data[i] < 0x80);
	}
	stop_clean(vt);
}

static void wide_characters_keep_their_places(void **state)
{
	static const char snapshot[] = SNAPSHOT(
		ITEM(1, 1, "medium", WRITES("\346\227\245\346\234\254\350\252\236.c")));
	int row = 0, col = 0;
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .cols = 40, .rows = 20 }, snapshot, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_true(vt_find(vt, "\346\227\245\346\234\254\350\252\236.c", &row, &col));
	assert_int_equal(row, 1);
	assert_int_equal(vt_cell(vt, row, col).width, 2);
	stop_clean(vt);
}

#define EVIL \
	"\\u001b]0;pwn\\u0007\\u001b[31m\\u202eevil\\u200b\\u009b5n\\r\\n\xf3\xa0\x81\x81 " \
	"\\u0000\\u001b[2J"

/* Whatever a member holds, the terminal gets text and our own sequences only. */
static const struct wire_show evil_shows[] = {
	{ "c-1",
		"{\"revision\":1,\"params\":{\"" EVIL "\":\"" EVIL "\",\"b\":[{\"" EVIL "\":\"" EVIL
		"\"}]},\"files\":[{\"path\":\"" EVIL
		"\",\"state\":\"binary\",\"size\":3,\"hash\":\"" EVIL "\",\"bytes\":\"" EVIL "\"},"
		"{\"path\":\"" EVIL "\",\"given\":\"" EVIL "\",\"state\":\"link\",\"link\":\"" EVIL
		"\"},"
		"{\"given\":\"" EVIL "\",\"kind\":\"delete\",\"state\":\"file\",\"text\":\"" EVIL
		"\"},"
		"{\"given\":\"d\",\"kind\":\"delete\",\"state\":\"directory\",\"tree\":{"
		"\"files\":1,\"names\":[\"" EVIL "\"]}}]}" },
	{ NULL, NULL }
};

static void hostile_text_everywhere(void **state)
{
	static const char snapshot[] = "{\"items\":[{\"call\":\"c-1\",\"number\":1,\"revision\":1,"
				       "\"kind\":\"call\",\"state\":"
				       "\"held\","
				       "\"method\":\"" EVIL "\",\"tool\":\"" EVIL
				       "\",\"server\":\"" EVIL "\",\"profile\":\"" EVIL
				       "\",\"toward\":\"" EVIL "\","
				       "\"client\":{\"name\":\"" EVIL "\",\"version\":\"" EVIL
				       "\",\"pid\":3,\"program\":\"" EVIL "\",\"session\":\"" EVIL
				       "\",\"turn\":\"" EVIL "\"},\"risk\":\"" EVIL
				       "\",\"rule\":\"" EVIL "\","
				       "\"reason\":\"" EVIL "\",\"cwd\":\"" EVIL
				       "\",\"branch\":\"" EVIL "\",\"said\":\"" EVIL
				       "\",\"effects\":[{\"kind\":\"write\","
				       "\"given\":\"" EVIL "\",\"path\":\"" EVIL
				       "\",\"state\":\"" EVIL "\",\"inside\":true}]},"
				       "{\"call\":\"" EVIL
				       "\",\"number\":2,\"revision\":1,\"kind\":\"server\","
				       "\"state\":\"held\",\"server\":\"" EVIL "\","
				       "\"program\":\"" EVIL "\",\"argv\":[\"" EVIL
				       "\",\"\"],\"scope\":[\"" EVIL "\"],\"risk\":\"low\","
				       "\"behind\":[{\"number\":3,\"tool\":\"" EVIL
				       "\",\"target\":\"" EVIL "\",\"would\":\"" EVIL "\"}]}],"
				       "\"counters\":{},\"broker\":{\"trouble\":\"" EVIL
				       "\",\"root\":\"" EVIL "\"}}";
	(void)state;
	struct vt *vt = vt_start(
		&(struct vt_options){ .rows = 60, .cols = 200 }, snapshot, evil_shows);
	assert_true(vt_wait(vt, " invisible characters", VT_MS));
	assert_true(vt_wait(vt, "parameters", VT_MS));
	assert_true(vt_wait(vt, "\342\237\250U+001B\342\237\251", VT_MS));
	assert_true(vt_wait(vt, "\342\237\250U+202E\342\237\251", VT_MS));
	vt_send(vt, "j");
	assert_true(vt_wait(vt, "Accept this server?", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait_row(vt, 3, "Accept this server?", VT_MS));
	vt_send(vt, "q");
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"" EVIL "\",\"state\":\"withdrawn\",\"by\":\"" EVIL "\"}");
	assert_true(vt_wait(vt, "withdrawn: the client", VT_MS));
	wire_tell(
		&vt->wire, "gone", "{\"call\":\"c-1\",\"state\":\"" EVIL "\",\"by\":\"" EVIL "\"}");
	assert_true(vt_wait_row(vt, 0, "0 waiting", VT_MS));
	vt_send(vt, "k");
	wire_tell(&vt->wire, "snapshot", "{\"items\":[]}");
	wire_tell(&vt->wire, "passed",
		"{\"number\":1,\"tool\":\"" EVIL "\",\"target\":\"" EVIL "\",\"rule\":\"" EVIL
		"\"}");
	assert_true(vt_wait(vt, "passed lately", VT_MS));
	stop_clean(vt);
}

/* So do what the broker offers, and what it lists. */
static void hostile_offers_and_rules(void **state)
{
	static const struct wire_answer answers[] = {
		{ "offers",
			"{\"revision\":1,\"grants\":[{\"width\":\"exact\",\"words\":\"" EVIL
			"\"}],\"rule\":\"" EVIL "\"}" },
		{ "try_rule", "{\"rule\":\"" EVIL "\",\"tried\":3,\"allowed\":2,\"denied\":1}" },
		{ "history", "{\"calls\":[]}" },
		{ "rules",
			"{\"grants\":[{\"grant\":1,\"number\":2,\"words\":\"" EVIL
			"\",\"server\":\"" EVIL "\",\"by\":\"" EVIL
			"\",\"used\":0}],\"rules\":[{\"rule\":\"" EVIL "\",\"level\":\"" EVIL
			"\",\"verdict\":\"" EVIL "\",\"text\":\"" EVIL "\",\"comment\":\"" EVIL
			"\",\"examples\":[{\"ok\":true,\"text\":\"" EVIL "\"}]}],\"hits\":["
			"{\"rule\":\"" EVIL "\",\"count\":3,\"calls\":[{\"number\":3,\"state\":"
			"\"" EVIL "\",\"tool\":\"" EVIL "\",\"target\":\"" EVIL
			"\",\"server\":\"" EVIL "\"}]}],\"broken\":[\"" EVIL "\"]}" },
		{ NULL, NULL },
	};
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 40, .cols = 120 });
	vt->wire.answers = answers;
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "s");
	assert_true(vt_wait(vt, "would have allowed 2 of your last 3 calls", VT_MS));
	assert_true(vt_wait(vt, "\342\237\250U+202E\342\237\251", VT_MS));
	vt_send(vt, "q");
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "3");
	assert_true(vt_wait(vt, ">broken", VT_MS));
	assert_true(vt_wait(vt, "\342\237\250U+202E\342\237\251", VT_MS));
	vt_send(vt, "j");
	assert_true(vt_wait(vt, "not used yet", VT_MS));
	vt_send(vt, "j\r");
	assert_true(vt_wait(vt, "3 of the latest", VT_MS));
	assert_true(vt_wait(vt, "\342\237\250U+202E\342\237\251", VT_MS));
	vt_send(vt, "o");
	assert_true(vt_wait(vt, "It has decided no call yet", VT_MS));
	stop_clean(vt);
}

/* So does what a server says of itself and of its tools. */
static void hostile_servers(void **state)
{
	static const struct wire_answer answers[] = {
		{ "servers",
			"{\"servers_all\":1,\"servers\":[{\"gate\":\"" EVIL "\",\"name\":\"" EVIL
			"\",\"profile\":\"" EVIL "\",\"program\":\"" EVIL "\",\"cwd\":\"" EVIL
			"\",\"argv\":[\"" EVIL "\",\"" EVIL "\"],\"scope\":[\"" EVIL
			"\"],\"accepted\":\"" EVIL "\",\"protocol\":\"" EVIL "\",\"broken\":\"" EVIL
			"\",\"client\":{\"name\":\"" EVIL "\",\"version\":\"" EVIL
			"\"},\"says\":{\"name\":\"" EVIL "\",\"version\":\"" EVIL
			"\"},\"tools_all\":1,\"tools\":[{\"name\":\"" EVIL "\",\"title\":\"" EVIL
			"\",\"says\":[\"" EVIL "\"],\"pin\":\"changed\",\"changed\":[\"" EVIL
			"\"]}]}]}" },
		{ NULL, NULL },
	};
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 50, .cols = 120 });
	vt->wire.answers = answers;
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "4");
	assert_true(vt_wait(vt, "changed: ", VT_MS));
	assert_true(vt_wait(vt, "\342\237\250U+202E\342\237\251", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait(vt, "not called yet", 50) || vt_wait(vt, "guessed", VT_MS));
	stop_clean(vt);
}

/* A megabyte of name in every place is cut, and said to be. */
static void names_of_a_megabyte(void **state)
{
	struct buf name = { 0 };
	(void)state;
	for (int i = 0; i < 1 << 18; i++) {
		buf_text(&name, "\303\266\\u202e");
	}
	const char *long_name = buf_cstr(&name);
	char *servers = xasprintf(
		"{\"servers\":[{\"gate\":\"a\",\"name\":\"%s\",\"argv\":[\"%s\"],"
		"\"tools_all\":1,\"tools\":[{\"name\":\"%s\",\"title\":\"%s\"}]}]}",
		long_name, long_name, long_name, long_name);
	char *rules = xasprintf(
		"{\"rules\":[{\"rule\":\"a:1\",\"verdict\":\"allow\",\"text\":\"%s\","
		"\"comment\":\"%s\"}],\"grants\":[{\"grant\":1,\"words\":\"%s\","
		"\"server\":\"%s\"}]}",
		long_name, long_name, long_name, long_name);
	const struct wire_answer answers[] = { { "servers", servers }, { "rules", rules },
		{ NULL, NULL } };
	struct vt *vt = start((struct vt_options){ .rows = 24, .cols = 80 });
	vt->wire.answers = answers;
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_true(vt_press(vt, "4", "not accepted", VT_MS));
	assert_true(vt_press(vt, "\rG", "bytes more)", VT_MS));
	assert_true(vt_press(vt, "q3", ">grant", VT_MS));
	assert_true(vt_press(vt, "\rG", "not used yet", VT_MS));
	vt_send(vt, "1");
	stop_clean(vt);
	free(rules);
	free(servers);
	buf_finish(&name);
}

static void the_offer_at_every_size(void **state)
{
	static const struct size sizes[] = { { 20, 40 }, { 24, 80 }, { 40, 120 }, { 50, 200 } };
	static const struct wire_answer answers[] = {
		{ "offers",
			"{\"revision\":1,\"grants\":[{\"width\":\"exact\",\"words\":\"writes "
			"/w/demo/src/a.c\"},{\"width\":\"form\",\"words\":\"write in "
			"/w/demo/src\"}],\"rule\":null,\"no_rule\":\"not this\"}" },
		{ NULL, NULL },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct vt *vt = start(
			(struct vt_options){ .rows = sizes[i].rows, .cols = sizes[i].cols });
		vt->wire.answers = answers;
		assert_true(vt_wait(vt, "+1 -1", VT_MS));
		vt_send(vt, "s");
		assert_true(vt_wait(vt, "1     writes /w/demo/src/a.c", VT_MS));
		assert_true(vt_wait(vt, "2     write in /w/demo/src", VT_MS));
		assert_true(vt_wait(vt, "· this", VT_MS));
		vt_send(vt, "tt");
		assert_true(vt_wait(vt, "10 times", VT_MS));
		assert_true(vt_wait_row(vt, sizes[i].rows - 1, "1 grant  t bound  ? help", VT_MS));
		assert_int_equal(vt->wire.decide_count, 0);
		stop_clean(vt);
	}
}

static void an_empty_queue_says_what_to_do(void **state)
{
	(void)state;
	struct vt *vt = vt_start(
		&(struct vt_options){ .cols = 40, .rows = 20 }, "{\"items\":[]}", NULL);
	assert_true(vt_wait(vt, "Nothing waits", VT_MS));
	assert_true(vt_wait(vt, "bascule demo", VT_MS));
	assert_true(vt_wait(vt, "bascule run", VT_MS));
	stop_clean(vt);
}

static void trouble_is_loud(void **state)
{
	int row = 0, col = 0;
	(void)state;
	struct vt *vt = start((struct vt_options){ 0 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	wire_tell(&vt->wire, "trouble", "{\"text\":\"history cannot be written: disk full\"}");
	assert_true(vt_wait_row(vt, 1, "disk full", VT_MS));
	assert_true(vt_find(vt, "disk full", &row, &col));
	assert_int_equal(vt_cell(vt, row, col).bg.indexed.idx, 1);
	wire_tell(&vt->wire, "trouble", "{\"text\":null}");
	assert_true(vt_wait_gone(vt, "disk full", VT_MS));
	stop_clean(vt);
}

/* A sentence that is wider than the pane is broken, not cut. */
static void trouble_is_read_at_forty_columns(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ .rows = 20, .cols = 40 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	wire_tell(&vt->wire, "trouble",
		"{\"text\":\"/home/me/.config/bascule/policy.rules:12: unknown effect "
		"\\\"raed\\\", "
		"expected read: everything is held\"}");
	assert_true(vt_wait_row(vt, 1, "policy.rules:", VT_MS));
	assert_true(vt_wait_row(vt, 3, "everything is held", VT_MS));
	assert_true(vt_wait_row(vt, 4, ">!", VT_MS));
	stop_clean(vt);
}

static void a_broker_that_goes_is_said(void **state)
{
	(void)state;
	struct vt *vt = start((struct vt_options){ 0 });
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	wire_hang_up(&vt->wire);
	assert_true(vt_wait_row(vt, 0, "no broker", VT_MS));
	assert_true(vt_wait_row(vt, 1, "closed the connection", VT_MS));
	vt_send(vt, "d");
	assert_true(vt_wait(vt, "ignored: no broker is connected", VT_MS));
	stop_clean(vt);
}

static void parked_armed_and_withdrawn_are_named(void **state)
{
	static const char snapshot[] = SNAPSHOT("{\"call\":\"c-1\",\"number\":1,\"revision\":1,"
						"\"kind\":\"call\",\"state\":\"parked\",\"tool\":"
						"\"t\",\"risk\":\"low\"},"
						"{\"call\":\"c-2\",\"number\":2,\"revision\":1,"
						"\"kind\":\"call\",\"state\":\"armed\",\"tool\":"
						"\"t\",\"risk\":\"low\"},"
						"{\"call\":\"c-3\",\"number\":3,\"revision\":1,"
						"\"kind\":\"call\",\"state\":\"approved\","
						"\"tool\":\"t\",\"risk\":\"low\"}");
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, snapshot, NULL);
	assert_true(vt_wait_row(vt, 0, "1 waiting", VT_MS));
	assert_true(vt_wait_row(vt, 1, "parked", VT_MS));
	assert_true(vt_wait(vt, "the agent was told it did not run; approve, and its", VT_MS));
	assert_true(vt_wait_row(vt, 3, "approved, waiting for the gate", VT_MS));
	vt_send(vt, "j");
	assert_true(vt_wait(vt, "its next identical call passes, once", VT_MS));
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"c-2\",\"number\":2,\"state\":\"withdrawn\",\"by\":\"client left\"}");
	assert_true(vt_wait(vt, "it can never run", VT_MS));
	vt_pump(vt, 400);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "it does not wait any more", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	stop_clean(vt);
}

static void what_cannot_be_shown_is_said(void **state)
{
	static const struct wire_show cut[] = {
		{ "c-1",
			"{\"revision\":1,\"params\":null,\"cut\":true,\"head\":"
			"\"{\\\"name\\\":\\\"x\",\"files\":[]}" },
		{ NULL, NULL }
	};
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 40 }, queue, cut);
	assert_true(vt_wait(vt, "Not all can be shown", VT_MS));
	assert_true(vt_wait(vt, "The rest is not shown.", VT_MS));
	vt_send(vt, "j");
	assert_true(vt_wait(vt, "the gate did not answer in time", VT_MS));
	assert_true(vt_wait(vt, "Nothing is approved unseen", VT_MS));
	stop_clean(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_screen_at_every_size),
		cmocka_unit_test(badge_when_there_is_no_room),
		cmocka_unit_test(a_badge_takes_keys),
		cmocka_unit_test(a_write_shows_its_diff),
		cmocka_unit_test(other_arguments_are_shown_a_word_a_row),
		cmocka_unit_test(open_and_back),
		cmocka_unit_test(scrolling),
		cmocka_unit_test(resizing),
		cmocka_unit_test(no_colour_without_colour),
		cmocka_unit_test(a_plain_vt100),
		cmocka_unit_test(ascii_only),
		cmocka_unit_test(wide_characters_keep_their_places),
		cmocka_unit_test(hostile_text_everywhere),
		cmocka_unit_test(hostile_offers_and_rules),
		cmocka_unit_test(hostile_servers),
		cmocka_unit_test(names_of_a_megabyte),
		cmocka_unit_test(the_offer_at_every_size),
		cmocka_unit_test(an_empty_queue_says_what_to_do),
		cmocka_unit_test(trouble_is_loud),
		cmocka_unit_test(trouble_is_read_at_forty_columns),
		cmocka_unit_test(a_broker_that_goes_is_said),
		cmocka_unit_test(parked_armed_and_withdrawn_are_named),
		cmocka_unit_test(what_cannot_be_shown_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
