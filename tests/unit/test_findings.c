/* Which writes of a package manager's manifest may add what it runs at an install. */
#include "config.h"

#include "core/policy/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct write {
	const char *given, *how, *path;
};

static const struct {
	const char *arguments;
	struct write writes[2];
	enum effect_kind beside; /* EFFECT_WRITE: nothing */
	bool found;
} rows[] = {
	{ "{\"new\":\"\\\"version\\\": \\\"2\\\"\"}", { { "/w/package.json", "edit", NULL } },
		EFFECT_WRITE, false },
	{ "{\"new\":\"\\\"postinstall\\\"\"}", { { "/w/package.json", "edit", NULL } },
		EFFECT_WRITE, true },
	{ "{\"new\":\"\\\"prepare\\\"\"}", { { "Package.JSON", "edit", NULL } }, EFFECT_WRITE,
		true },
	{ "{\"new\":\"\\\"postinstall\\\"\"}", { { "/w/a", "edit", "/w/package.json" } },
		EFFECT_WRITE, true },
	{ "{\"new\":\"\\\"postinstall\\\"\"}", { { "/w/a", "edit", "/w/b" } }, EFFECT_WRITE,
		false },
	/* escapes of the call, and of the file */
	{ "{\"new\":\"postinst\\u0061ll\"}", { { "/w/package.json", "edit", NULL } }, EFFECT_WRITE,
		true },
	{ "{\"new\":\"postinst\\\\u0061ll\"}", { { "/w/package.json", "edit", NULL } },
		EFFECT_WRITE, true },
	/* content from elsewhere */
	{ "{}", { { "/w/a", "away", NULL }, { "/w/package.json", "replace", NULL } }, EFFECT_WRITE,
		true },
	{ "{}", { { "/w/package.json", "replace", NULL } }, EFFECT_REMOTE, true },
	{ "{}", { { "/w/package.json", "replace", NULL } }, EFFECT_NET, true },
	{ "{}", { { "/w/a.json", "replace", NULL } }, EFFECT_REMOTE, false },
};

static bool says_script(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		if (e->kind == EFFECT_UNKNOWN && strstr(e->given, "may add a script")) {
			return true;
		}
	}
	return false;
}

static void manifests_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = { 0 };
		for (size_t k = 0; k < 2 && rows[i].writes[k].given; k++) {
			const struct write *w = &rows[i].writes[k];
			struct effect *e = effects_add(
				&effects, EFFECT_WRITE, "path", w->given, w->how, NULL);
			e->fact.path = w->path ? xstrdup(w->path) : NULL;
		}
		if (rows[i].beside != EFFECT_WRITE) {
			effects_add(&effects, rows[i].beside, "", "x", "read", "y");
		}
		findings_add(
			&effects, &(struct findings_in){ .arguments = span_of(rows[i].arguments) });
		if (says_script(&effects) != rows[i].found) {
			fail_msg("row %zu: %s", i, rows[i].arguments);
		}
		effects_finish(&effects);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(manifests_test) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
