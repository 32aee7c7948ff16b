/* The line editor and the table of commands. */
#include "config.h"

#include "tui/keymap.h"
#include "tui/prompt.h"
#include "tui/recall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct typing {
	struct prompt *prompt;
	enum prompt_answer last;
};

static void type_key(void *data, const struct keydec_event *event)
{
	struct typing *t = data;
	if (event->kind == KEYDEC_KEY) {
		t->last = prompt_key(t->prompt, event->key);
	}
}

static enum prompt_answer type(struct prompt *p, const char *keys)
{
	struct keydec dec = { 0 };
	struct typing t = { p, PROMPT_GOES_ON };
	keydec_feed(&dec, span_of(keys), type_key, &t);
	keydec_finish(&dec);
	return t.last;
}

struct row {
	const char *keys, *text;
	size_t caret;
};

static const struct row rows[] = {
	{ "use make", "use make", 8 },
	{ "abc\033[D\033[DX", "aXbc", 2 },
	{ "abc\001X", "Xabc", 1 },
	{ "abc\001\005X", "abcX", 4 },
	{ "abc\x7f", "ab", 2 },
	{ "\303\251\303\251\x7f", "\303\251", 2 },
	{ "\303\251x\033[D\033[D\033[3~", "x", 0 },
	{ "one two  \027", "one ", 4 },
	{ "abcd\033[D\033[D\013", "ab", 2 },
	{ "abcd\033[D\033[D\025", "cd", 0 },
	{ "ab\033[5~\033[A", "ab", 2 },
	{ "one two\033b\033bX", "Xone two", 1 },
	{ "one two\001\033fX", "oneX two", 4 },
	{ "src/a.c now\033b\033b\033bX", "src/Xa.c now", 5 },
	{ "one two\001\033d", " two", 0 },
	{ "one two\027\001\031", "twoone ", 3 },
	{ "one two\033b\013\031\031", "one twotwo", 10 },
	{ "one two\025\031!", "one two!", 8 },
	{ "\303\251t\303\251 x\033b\033b\033d", " x", 0 },
	{ "ab\031\033x", "ab", 2 },
};

static void edits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct prompt p = { 0 };
		prompt_start(&p, SPAN(""));
		assert_int_equal(type(&p, rows[i].keys), PROMPT_GOES_ON);
		assert_string_equal(buf_cstr(&p.text), rows[i].text);
		assert_int_equal(p.caret, rows[i].caret);
		prompt_finish(&p);
	}
}

static void ends(void **state)
{
	(void)state;
	struct prompt p = { 0 };
	prompt_start(&p, SPAN("before"));
	assert_string_equal(buf_cstr(&p.text), "before");
	assert_int_equal(type(&p, "\r"), PROMPT_DONE);
	assert_int_equal(type(&p, "\003"), PROMPT_CANCELLED);
	assert_int_equal(prompt_key(&p, K_ESC), PROMPT_CANCELLED);
	prompt_start(&p, SPAN("a"));
	assert_int_equal(type(&p, "\x7f"), PROMPT_GOES_ON);
	assert_int_equal(type(&p, "\x7f"), PROMPT_CANCELLED);
	prompt_finish(&p);
}

static void a_paste_never_submits(void **state)
{
	(void)state;
	struct prompt p = { 0 };
	prompt_start(&p, SPAN(""));
	assert_int_equal(prompt_paste(&p, SPAN("two\nlines\033[Aand\003 \033]2;x\007more\x9b")),
		PROMPT_GOES_ON);
	assert_string_equal(buf_cstr(&p.text), "two linesand more");
	prompt_finish(&p);
}

/* ^Y of what is too long leaves the text as it was. */
static void a_yank_is_bounded(void **state)
{
	(void)state;
	struct prompt p = { 0 };
	prompt_start(&p, SPAN(""));
	for (int i = 0; i < 300; i++) {
		prompt_key(&p, 'x');
	}
	type(&p, "\025\031");
	assert_int_equal(p.text.len, 300);
	assert_int_equal(type(&p, "\031"), PROMPT_FULL);
	assert_int_equal(p.text.len, 300);
	assert_false(p.pasted);
	prompt_paste(&p, SPAN("y"));
	assert_true(p.pasted);
	prompt_finish(&p);
}

static bool step(struct recall *r, bool older, const char *line, const char *other)
{
	struct span got = SPAN("");
	bool there = recall_step(r, older, span_of(line), &got);
	return there == (other != NULL) && (!there || span_is(got, other));
}

static void earlier_lines_come_back(void **state)
{
	(void)state;
	struct recall r = { 0 };
	recall_begin(&r);
	assert_true(step(&r, true, "x", NULL) && step(&r, false, "x", NULL));
	recall_add(&r, SPAN("one"));
	recall_add(&r, SPAN("two"));
	recall_add(&r, SPAN(""));
	recall_add(&r, SPAN("one"));
	recall_begin(&r);
	assert_true(step(&r, true, "mine", "one"));
	assert_true(step(&r, true, "one", "two"));
	assert_true(step(&r, true, "two", NULL));
	assert_true(step(&r, false, "two", "one"));
	assert_true(step(&r, false, "one", "mine"));
	assert_true(step(&r, false, "mine", NULL));
	for (int i = 0; i < 2 * RECALL_MOST; i++) {
		char line[16];
		snprintf(line, sizeof(line), "%d", i);
		recall_add(&r, span_of(line));
	}
	recall_begin(&r);
	assert_true(step(&r, true, "", "99"));
	recall_finish(&r);
}

static void length_is_bounded(void **state)
{
	(void)state;
	struct prompt p = { 0 };
	prompt_start(&p, SPAN(""));
	for (int i = 0; i < PROMPT_MAX; i++) {
		assert_int_equal(prompt_key(&p, 'x'), PROMPT_GOES_ON);
	}
	assert_int_equal(prompt_key(&p, 'x'), PROMPT_FULL);
	assert_int_equal(prompt_key(&p, K_ENTER), PROMPT_DONE);
	prompt_finish(&p);
}

/* Every key name is known, and no key has two meanings in one context. */
static void a_key_has_one_meaning(void **state)
{
	struct keymap map;
	(void)state;
	keymap_init(&map);
	for (unsigned context = 1; context & CTX_ALL; context <<= 1) {
		uint32_t seen[128];
		size_t count = 0;
		for (int id = 1; id < COMMAND_COUNT; id++) {
			const char *keys = command_specs[id].contexts & context
				? command_specs[id].keys
				: "";
			for (struct span name; (name = command_next_key(&keys)).at;) {
				uint32_t key = keydec_key(name);
				assert_int_not_equal(key, 0);
				for (size_t i = 0; i < count; i++) {
					assert_int_not_equal(seen[i], key);
				}
				seen[count++] = key;
				assert_int_equal(keymap_find(&map, (enum context)context, key), id);
			}
		}
	}
	keymap_finish(&map);
}

static void harmless_keys_decide_nothing(void **state)
{
	static const uint32_t keys[] = { K_ENTER, ' ', K_ESC, 'q', K_TAB, 'y', 'A', K_CTRL('c'),
		K_ALT_BIT | 'a', K_CTRL('a') };
	struct keymap map;
	(void)state;
	keymap_init(&map);
	for (unsigned context = 1; context & CTX_ALL; context <<= 1) {
		for (size_t i = 0; i < COUNT_OF(keys); i++) {
			enum command_class class =
				command_specs[keymap_find(&map, (enum context)context, keys[i])]
					.class;
			assert_true(class == CLASS_LOOK || class == CLASS_LEAVE);
		}
	}
	assert_int_equal(keymap_find(&map, CTX_HELP, 'a'), COMMAND_NONE);
	assert_int_equal(command_specs[keymap_find(&map, CTX_QUEUE, 'a')].class, CLASS_APPROVE);
	keymap_finish(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits),
		cmocka_unit_test(ends),
		cmocka_unit_test(a_paste_never_submits),
		cmocka_unit_test(length_is_bounded),
		cmocka_unit_test(a_yank_is_bounded),
		cmocka_unit_test(earlier_lines_come_back),
		cmocka_unit_test(a_key_has_one_meaning),
		cmocka_unit_test(harmless_keys_decide_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
