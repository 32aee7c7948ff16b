/* The decoder: keys are keys, and nothing else ever becomes one, however the bytes are cut. */
#include "config.h"

#include "tui/keydec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct log {
	char text[512];
};

static void note(void *data, const struct keydec_event *e)
{
	struct log *log = data;
	size_t n = strlen(log->text);
	char *at = log->text + n;
	size_t room = sizeof(log->text) - n;
	switch (e->kind) {
	case KEYDEC_KEY:
		if (keydec_name(e->key)) {
			snprintf(at, room, "%s ", keydec_name(e->key));
		} else if (e->key & K_CTRL_BIT) {
			snprintf(at, room, "^%c ", (char)(e->key & 0x7f));
		} else if (e->key & K_ALT_BIT) {
			snprintf(at, room, "M-%c ", (char)(e->key & 0x7f));
		} else {
			snprintf(at, room, e->key < 0x80 ? "%c " : "u%x ", (int)e->key);
		}
		break;
	case KEYDEC_PASTE:
		snprintf(at, room, "<%.*s> ", (int)e->text.len, e->text.at ? e->text.at : "");
		break;
	case KEYDEC_FOCUS_IN:
	case KEYDEC_FOCUS_OUT:
		snprintf(at, room, e->kind == KEYDEC_FOCUS_IN ? "in " : "out ");
		break;
	case KEYDEC_CLICK:
		snprintf(at, room, "click %d,%d ", e->y, e->x);
		break;
	case KEYDEC_WHEEL:
		snprintf(at, room, "wheel-%s %d,%d ", keydec_name(e->key), e->y, e->x);
		break;
	case KEYDEC_REPLY:
		snprintf(at, room, "=%.*s ", (int)e->text.len, e->text.at);
		break;
	case KEYDEC_NOISE:
		snprintf(at, room, "- ");
		break;
	}
}

struct row {
	const char *bytes, *events;
};

static const struct row rows[] = {
	{ "jk", "j k " },
	{ "\r\n\t", "Enter Enter Tab " },
	{ "\x7f\b", "Backspace Backspace " },
	{ "\x01\x1a", "^a ^z " },
	{ "\033[A\033[B\033OA", "Up Down Up " },
	{ "\033[5~\033[6~", "PgUp PgDn " },
	{ "\033[<0;5;4M\033[<0;5;4m", "click 3,4 - " },
	{ "\033[<64;1;1M\033[<65;80;24M", "wheel-Up 0,0 wheel-Down 23,79 " },
	{ "\033[<2;1;1M\033[<0;0;1M\033[<0;1M\033[<0;1;1;1M\033[<99999999;1;1M", "- - - - - " },
	{ "\033[Z", "S-Tab " },
	{ "\033OP\033[11~", "F1 F1 " },
	{ "\303\251", "ue9 " },
	{ "\xf0\x9f\x98\x80", "u1f600 " },
	{ "\302\233a", "- a " }, /* C1 CSI as UTF-8 is no sequence and no key */
	{ "\xc0\xaf", "- - " }, /* overlong */
	{ "\xed\xa0\x80", "- " }, /* a surrogate */
	{ "\xe2\x82j", "- j " },
	{ "\033a", "M-a " },
	{ "\033\033[A", "Esc Up " },
	{ "\033[I\033[O", "in out " },
	{ "\033[99~a", "- a " },
	{ "\033[1;5Da", "- a " },
	{ "\033[?62;4;9ca", "=?62;4;9c a " },
	{ "\033[?997;2na", "=?997;2n a " },
	{ "\033[?1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1ca",
		"- a " }, /* longer than any that is asked for */
	{ "\033[?111111111111111111111111111111ca", "- a " },
	{ "\033[Maaa", "- " }, /* X10 mouse: three bytes that are no keys */
	{ "\033[<0;10;10Ma", "click 9,9 a " },
	{ "\033[[A", "- " }, /* F1 of the Linux console */
	{ "\033]11;rgb:aaaa/dddd/aaaa\033\\j", "=11;rgb:aaaa/dddd/aaaa j " },
	{ "\033]11;rgb:aaaa/dddd/aaaa\007j", "=11;rgb:aaaa/dddd/aaaa j " },
	{ "\033]11;rgb:aaaa/dddd/aaaaaaaaaaaaaaaaaa\007j", "- j " },
	{ "\033]11;rgb:aaaa/dddd/aaaa\rj", "- j " },
	{ "\033P1$r0m;aaaa\033\\j", "- j " },
	{ "\033_aaa\033\\\033^aaa\033\\\033Xaaa\033\\j", "- - - j " },
	{ "\033]aaaa\rj", "- j " }, /* a stray Alt-] does not lock the keyboard */
	{ "\033]aaa\033[Aj", "- Up j " },
	{ "\033[200~aaaa\033[201~j", "<aaaa> j " },
	{ "\033[200~a\033[20\033[201~", "<a\033[20> " },
	{ "\033[200~\033]11;a\033[201~a", "<\033]11;a> a " },
	{ "\033[200~\033[201~", "<> " },
	{ "\033[\033[A", "- Up " },
};

static void check_row(const struct row *row, size_t step)
{
	struct keydec dec = { 0 };
	struct log log = { "" };
	size_t len = strlen(row->bytes);
	for (size_t i = 0; i < len; i += step) {
		size_t n = len - i < step ? len - i : step;
		keydec_feed(&dec, (struct span){ row->bytes + i, n }, note, &log);
	}
	assert_int_equal(keydec_wait_ms(&dec), 0);
	assert_string_equal(log.text, row->events);
	keydec_finish(&dec);
}

static void any_split_gives_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (size_t step = 1; step <= 7; step++) {
			check_row(&rows[i], step);
		}
		check_row(&rows[i], 1000);
	}
}

static void lone_escape_is_a_key_after_a_while(void **state)
{
	(void)state;
	struct keydec dec = { 0 };
	struct log log = { "" };
	keydec_feed(&dec, SPAN("\033"), note, &log);
	assert_string_equal(log.text, "");
	assert_int_equal(keydec_wait_ms(&dec), KEYDEC_ESC_MS);
	keydec_flush(&dec, note, &log);
	assert_string_equal(log.text, "Esc ");
	keydec_feed(&dec, SPAN("[A"), note, &log);
	assert_string_equal(log.text, "Esc [ A ");
	keydec_finish(&dec);
}

/* A reply that breaks off and goes on later: neither part may act. */
static void what_follows_a_broken_sequence_is_dropped(void **state)
{
	static const char *const begun[] = { "\033]11;rgb:aa", "\033[200~aa", "\033[", "\033O",
		"\033P" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(begun); i++) {
		struct keydec dec = { 0 };
		struct log log = { "" };
		keydec_feed(&dec, span_of(begun[i]), note, &log);
		assert_int_equal(keydec_wait_ms(&dec), KEYDEC_STUCK_MS);
		keydec_flush(&dec, note, &log);
		keydec_feed(&dec, SPAN("aa/aaaa"), note, &log);
		assert_null(strchr(log.text, 'a'));
		keydec_feed(&dec, SPAN("j"), note, &log);
		assert_non_null(strchr(log.text, 'j'));
		keydec_finish(&dec);
	}
}

static void long_things_are_bounded(void **state)
{
	(void)state;
	struct keydec dec = { 0 };
	struct log log = { "" };
	keydec_feed(&dec, SPAN("\033["), note, &log);
	for (int i = 0; i < 1000; i++) {
		keydec_feed(&dec, SPAN("1;"), note, &log);
	}
	keydec_feed(&dec, SPAN("~j"), note, &log);
	assert_string_equal(log.text, "- j ");
	keydec_feed(&dec, SPAN("\033[200~"), note, &log);
	for (int i = 0; i < 3000; i++) {
		keydec_feed(&dec, SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), note, &log);
	}
	assert_int_equal(dec.paste.len, KEYDEC_PASTE_MAX);
	keydec_feed(&dec, SPAN("\033[201~"), note, &log);
	assert_int_equal(keydec_wait_ms(&dec), 0);
	keydec_finish(&dec);
}

static void names_are_found(void **state)
{
	(void)state;
	assert_int_equal(keydec_key(SPAN("j")), 'j');
	assert_int_equal(keydec_key(SPAN("^L")), K_CTRL('l'));
	assert_int_equal(keydec_key(SPAN("PgDn")), K_PGDN);
	assert_int_equal(keydec_key(SPAN("Space")), ' ');
	assert_int_equal(keydec_key(SPAN("pgdn")), 0);
	assert_int_equal(keydec_key(SPAN("")), 0);
	assert_string_equal(keydec_name(K_ESC), "Esc");
	assert_null(keydec_name('j'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_split_gives_the_same),
		cmocka_unit_test(lone_escape_is_a_key_after_a_while),
		cmocka_unit_test(what_follows_a_broken_sequence_is_dropped),
		cmocka_unit_test(long_things_are_bounded),
		cmocka_unit_test(names_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
