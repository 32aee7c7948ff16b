/* Patches: every file that one names, and what makes it one that nobody understands. */
#include "config.h"

#include "core/effects/patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define B "*** Begin Patch\n"
#define E "*** End Patch"

static const struct {
	const char *text, *effects;
} rows[] = {
	{ B "*** Add File: a/b\n+x\n+\n" E, "write replace a/b" },
	{ B "*** Add File: a b\n+x\n" E "\n", "write replace a b" },
	{ B "*** Add File: a\n" E, "write replace a" },
	{ B "*** Delete File: a\n" E, "delete file a" },
	{ B "*** Update File: a\n@@\n-x\n+y\n z\n\n@@ f()\n+w\n*** End of File\n" E,
		"write edit a" },
	{ B "*** Update File: a\n-x\n+y\n" E, "write edit a" },
	{ B "*** Update File: a\n*** Move to: b\n@@\n-x\n+y\n" E, "write away a; write replace b" },
	{ B "*** Update File: a\n@@\n+x\n*** Delete File: b\n*** Add File: /c\n+x\n" E,
		"write edit a; delete file b; write replace /c" },
	{ B "*** Update File: a\n@@\n+*** Delete File: b\n *** Delete File: c\n" E,
		"write edit a" },
	{ B "*** Add File: \xe8\xa8\xad\n" E, "write replace \xe8\xa8\xad" },
	/* not understood */
	{ "", "unknown a patch without its end" },
	{ B, "unknown a patch without its end" },
	{ B E, "unknown a patch without files" },
	{ B "*** Delete File: a\n", "delete file a; unknown a patch without its end" },
	{ B "*** Update File: a\n", "write edit a; unknown a patch without its end" },
	{ "*** Delete File: a\n" E, "unknown a patch without its beginning" },
	{ "\n" B "*** Delete File: a\n" E,
		"delete file a; unknown a line of a patch that is not known" },
	{ " " B "*** Delete File: a\n" E, "delete file a; unknown a patch without its beginning" },
	{ B "*** Delete File: a\n" E "\n*** Delete File: b",
		"delete file a; unknown something behind the end of a patch" },
	{ B "*** Delete File: a\n" E "\n" B "*** Delete File: b\n" E,
		"delete file a; unknown something behind the end of a patch" },
	{ B "*** Delete File: a\n\n" E,
		"delete file a; unknown a line of a patch that is not known" },
	{ B "*** Add File: a\n+x\n *** Delete File: b\n" E,
		"write replace a; unknown a line of a patch that is not known" },
	{ B "*** Add File: a\n*** Move to: b\n" E,
		"write replace a; unknown a line of a patch that is not known" },
	{ B "*** Update File: a\n@@\n*** Move to: b\n" E,
		"write edit a; unknown a line of a patch that is not known" },
	{ B "*** Rename File: a\n" E, "unknown a line of a patch that is not known" },
	{ B "*** delete File: a\n" E, "unknown a line of a patch that is not known" },
	{ B "***  Delete File: a\n" E, "unknown a line of a patch that is not known" },
	{ B "*** Update File: a\n@@\n\t*** Delete File: b\n" E,
		"write edit a; unknown a line of a patch that is not known" },
	{ B "*** Update File: a\n@@x\n" E,
		"write edit a; unknown a line of a patch that is not known" },
	{ B "*** Delete File: a\r\n" E, "delete file a\r; unknown a file whose name is not plain" },
	{ B "*** Delete File:  a\n" E, "delete file  a; unknown a file whose name is not plain" },
	{ B "*** Delete File: a \n" E, "delete file a ; unknown a file whose name is not plain" },
	{ B "*** Delete File: a\xc2\xa0\n" E,
		"delete file a\xc2\xa0; unknown a file whose name is not plain" },
	{ B "*** Delete File: \n" E, "delete file ; unknown a file whose name is not plain" },
	{ B "*** Delete File:\n" E, "unknown a line of a patch that is not known" },
	{ "<<'EOF'\n" B "*** Delete File: a\n" E "\nEOF",
		"delete file a; unknown something behind the end of a patch" },
};

static void describe(const struct effects *effects, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		buf_printf(out, "%s%s %s%s%s", i ? "; " : "", effect_kind_name(e->kind), e->how,
			e->how[0] ? " " : "", e->given);
	}
	buf_cstr(out);
}

static void patch_test(void **state)
{
	struct buf text = { 0 };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects out = { 0 };
		patch_effects(&out, "input", span_of(rows[i].text), "/w");
		describe(&out, &text);
		assert_string_equal(text.data, rows[i].effects);
		for (size_t k = 0; k < out.count; k++) {
			bool path = effect_has_path(out.list[k].kind);
			assert_string_equal(out.list[k].base, path ? "/w" : "");
			assert_string_equal(out.list[k].arg, "input");
		}
		effects_finish(&out);
	}
	buf_finish(&text);
}

/* A patch of very many files is not judged by its first ones. */
static void many_test(void **state)
{
	struct buf text = { 0 };
	struct effects out = { 0 };
	(void)state;
	buf_text(&text, B);
	for (int i = 0; i < 2 * EFFECTS_MAX; i++) {
		buf_printf(&text, "*** Delete File: f%d\n", i);
	}
	buf_text(&text, E);
	patch_effects(&out, "input", buf_view(&text), "/w");
	assert_int_equal(out.count, EFFECTS_MAX);
	assert_int_equal(out.list[out.count - 1].kind, EFFECT_UNKNOWN);
	effects_finish(&out);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patch_test),
		cmocka_unit_test(many_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
