/*
 * Hostile text in everything that the broker says, in every view: nothing reaches the terminal but
 * text and our own sequences, and nothing leaves the cells that it was given. The rows and columns
 * that are ours (the last row, the rule between list and detail) are where they are without it.
 */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SETTLE_MS = 40, RULE = 0x2502, LONG_LINE = 1 << 20 };

/* As bytes of a JSON string. The number is in no sequence of ours. */
/* CSI, OSC 0 and 52, DCS, APC; C1 as an escape, as UTF-8 and as a byte */
#define SEQUENCES \
	"\\u001b[31337m\\u001b]0;31337\\u0007\\u001b]52;c;MzEzMzc=\\u001b\\\\\\u009b31337m" \
	"\xc2\x9b" \
	"31337m\xc2\x9d" \
	"31337\xc2\x9c\x9b" \
	"31337m\\u001bP31337\\u001b\\\\\\u001b_31337\\u001b\\\\\\u009d31337\\u009c"
/* what reorders, hides, or is hidden */
#define HIDDEN \
	"\\u202e\\u2066drow\\u2069\\u202c\\u200b\\u200d\\ufeff\\u2060\\udb40\\udc41\\udb40\\udc42"
/* marks without end */
#define MARKS \
	"a\\u0300\\u0301\\u0302\\u0303\\u0304\\u0305\\u0306\\u0307\\u0308\\u0309\\u030a\\u0336"
/* wide, blank, or as wide as somebody says */
#define WIDE \
	"\\u4e2d\\u6587\\uff21\\uff22\\u3164\\u115f\\u2800\\u2764\\ufe0f\\ud83d\\udc68\\u200d" \
	"\\ud83d\\udc69\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587"
/* no text, and no row of its own */
#define BROKEN \
	"\\u0000\\ud800\\udfff\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82\\t\\n\\r\\b\\f" \
	"\\u000b\\u007f\\u0085\\u2028\\u2029"

static const char *const poisons[] = { SEQUENCES HIDDEN, WIDE MARKS BROKEN HIDDEN };

/* Not all of such a call is on the screen: the guard lets no word be typed for it. */
static const char guarded[] = "typed-word";

/* A sequence of somebody else's, though it may have the form of ours. */
static bool spoken(struct vt *vt)
{
	const char *at = buf_cstr(&vt->raw), *end = at + vt->raw.len;
	while ((at = memchr(at, '\033', (size_t)(end - at)))) {
		size_t n = at[1] == '[' ? strspn(at + 2, "0123456789;?")
			: at[1] == ']'  ? strcspn(at + 2, "\033\a")
					: 0;
		if (memmem(at + 2, n, "31337", 5) || memmem(at + 2, n, "MzEz", 4)) {
			return true;
		}
		at++;
	}
	return false;
}

static void check_bytes(struct vt *vt, const char *name, size_t poison)
{
	char why[128] = "";
	if (!vt_clean(vt, why) || spoken(vt)) {
		fail_msg("%s, poison %zu: %s", name, poison, why);
	}
}

static bool is_rule(struct vt *vt, int row, int col)
{
	return vt_cell(vt, row, col).chars[0] == RULE;
}

/* Foreign text stays between the list's left edge and the rule, which begins in row 1; and the last
 * row says what it said. */
static void check_place(struct vt *plain, struct vt *vt, const char *name, size_t poison)
{
	char *want = vt_row(plain, plain->rows - 1), *now = vt_row(vt, vt->rows - 1);
	for (int i = 0; i < 20 && strcmp(want, now) != 0; i++) {
		vt_pump(vt, SETTLE_MS);
		free(now);
		now = vt_row(vt, vt->rows - 1);
	}
	if (strcmp(want, now) != 0) {
		fail_msg("%s, poison %zu: last row\n%s\n%s", name, poison, want, now);
	}
	for (int row = 1; row < vt->rows; row++) {
		for (int col = 0; col < vt->cols; col++) {
			if (is_rule(plain, 1, col) && is_rule(plain, row, col) &&
				!is_rule(vt, row, col)) {
				vt_dump(vt);
				fail_msg("%s, poison %zu: the rule at %d:%d is gone", name, poison,
					row, col);
			}
		}
	}
	free(want);
	free(now);
}

static void every_view(void **state)
{
	static const int sizes[][2] = { { 20, 40 }, { 40, 120 } };
	for (size_t i = 0; i < scene_count; i++) {
		struct vt *plain = scene_play(&scenes[i], 24, 80, *state);
		assert_non_null(plain);
		vt_resize(plain, 40, 120);
		vt_pump(plain, SETTLE_MS);
		for (size_t n = 0; n < COUNT_OF(poisons); n++) {
			struct vt *vt = scene_poison(&scenes[i], 24, 80, *state, poisons[n]);
			if (!vt) {
				fail_msg("%s, poison %zu", scenes[i].name, n);
			}
			for (size_t s = 0; s < COUNT_OF(sizes); s++) {
				vt_resize(vt, sizes[s][0], sizes[s][1]);
				vt_pump(vt, SETTLE_MS);
			}
			check_bytes(vt, scenes[i].name, n);
			if (strcmp(scenes[i].name, guarded) != 0) {
				check_place(plain, vt, scenes[i].name, n);
			}
			vt_stop(vt);
		}
		vt_stop(plain);
	}
}

static int set_up(void **state)
{
	char *root = xstrdup("/tmp/bascule-hostile-XXXXXX");
	setenv("TZ", "UTC", 1);
	*state = mkdtemp(root);
	return 0;
}

static int tear_down(void **state)
{
	vt_remove(*state);
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
