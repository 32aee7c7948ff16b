/* Rule files: what is read, what is refused and with which words, examples, levels, form. */
#include "config.h"

#include "core/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define V "version 1\n"

static const struct {
	enum rule_level level;
	const char *text;
	const char *error; /* part of it; NULL: good */
} files[] = {
	{ LEVEL_USER, V, NULL },
	{ LEVEL_USER, "", "f:1: no version" },
	{ LEVEL_USER, "allow read in-scope\n", "f:1: no version" },
	{ LEVEL_USER, "version 2\n", "f:1: a version that is not known" },
	{ LEVEL_USER, V V, "f:2: version: said before" },
	{ LEVEL_USER, "# first\n\n" V "\nallow read in-scope # why\n", NULL },
	{ LEVEL_USER, V "allow read in-scope except secret control\n", NULL },
	{ LEVEL_USER, V "allow read ~/notes/** /usr/share/doc/**\n", NULL },
	{ LEVEL_USER, V "alow read in-scope\n", "f:2: alow: expected allow, hold, deny or" },
	{ LEVEL_USER, V "alow read in-scope\n", "did you mean allow?" },
	{ LEVEL_USER, V "allow raed in-scope\n", "did you mean read?" },
	{ LEVEL_USER, V "allow read in-scop\n", "did you mean in-scope?" },
	{ LEVEL_USER, V "allow write Makefile\n", "a file is written ./NAME" },
	{ LEVEL_USER, V "allow write ./Makefile\n", NULL },
	{ LEVEL_USER, V "allow write ../x/**\n", "a path with .." },
	{ LEVEL_USER, V "allow write ~root/x\n", "another's ~" },
	{ LEVEL_USER, V "allow read in-scope out-of-scope\n", "never fits" },
	{ LEVEL_USER, V "allow write tracked untracked\n", "never fits" },
	{ LEVEL_USER, V "allow write tracked new\n", "never fits" },
	{ LEVEL_USER, V "hold write in-scope except in-scope\n", "never fits" },
	{ LEVEL_USER, V "allow write secret\n", "allow leaves out secret" },
	{ LEVEL_USER, V "allow write secret even secret\n", NULL },
	{ LEVEL_USER, V "allow write .github/** even control\n", NULL },
	{ LEVEL_USER, V "allow write .github/** even\n", "even without a set" },
	{ LEVEL_USER, V "allow write .github/** even self\n", "expected even secret" },
	{ LEVEL_USER, V "hold write x.* even control\n", "only allow rules" },
	{ LEVEL_USER, V "allow unknown\n", "never allowed" },
	{ LEVEL_USER, V "allow pin\n", "never allowed" },
	{ LEVEL_USER, V "allow self\n", "never allowed" },
	{ LEVEL_USER, V "deny self\n", NULL },
	{ LEVEL_USER, V "allow exec\n", "allow exec anything" },
	{ LEVEL_USER, V "allow exec unproven\n", "never allowed as a whole" },
	{ LEVEL_USER, V "allow exec wide\n", "never allowed as a whole" },
	{ LEVEL_USER, V "hold exec wide\n", NULL },
	{ LEVEL_USER, V "allow exec argv npm run gen ...\n", NULL },
	{ LEVEL_USER, V "allow exec argv\n", "argv without words" },
	{ LEVEL_USER, V "allow exec argv ... x\n", "in the middle" },
	{ LEVEL_USER, V "allow exec argv bash ...\n", "runs anything" },
	{ LEVEL_USER, V "allow exec argv git ...\n", "runs anything" },
	{ LEVEL_USER, V "allow exec argv * x\n", "a pattern for a program" },
	{ LEVEL_USER, V "hold install publish push-protected cloud destructive\n", NULL },
	{ LEVEL_USER, V "allow install npm left-pad\n", NULL },
	{ LEVEL_USER, V "allow install lockfile when lockfile-unchanged no-scripts\n", NULL },
	{ LEVEL_USER, V "allow install when moon\n", "expected when lockfile-unchanged" },
	{ LEVEL_USER, V "allow publish everything\n", "no word of this subject, which has none" },
	{ LEVEL_USER, V "allow push unprotected to origin\n", NULL },
	{ LEVEL_USER, V "allow branch delete feature/*\n", NULL },
	{ LEVEL_USER, V "allow net docs.example.com *.example.org\n", NULL },
	{ LEVEL_USER, V "allow sql write on dev\n", NULL },
	{ LEVEL_USER, V "allow sql write on prod\n", "expected on dev" },
	{ LEVEL_USER, V "allow tool github get_* list_*\n", NULL },
	{ LEVEL_USER, V "allow tool github read\n", NULL },
	{ LEVEL_USER, V "allow tool * get_*\n", "without a server" },
	{ LEVEL_USER, V "allow tool read\n", "without a server" },
	{ LEVEL_USER, V "allow tool github\n", "without tools" },
	{ LEVEL_USER, V "hold tool * delete_*\n", NULL },
	{ LEVEL_USER, V "contained exec\n", "not available yet" },
	{ LEVEL_USER, V "allow exec contained\n", "not available yet" },
	{ LEVEL_USER, V "default allow\n", "expected default hold" },
	{ LEVEL_USER, V "default hold\n", NULL },
	{ LEVEL_USER, V "scope /a /b\nscope c\n", "expected an absolute directory" },
	{ LEVEL_PROJECT, V "scope /a\n", "only the user's own file" },
	{ LEVEL_PROJECT, V "dev database x\n", "only the user's own file" },
	{ LEVEL_USER, V "protect main\n", "expected protect branch" },
	{ LEVEL_USER, V "secret path conf/*.yaml\ncontrol path tools/**\n", NULL },
	{ LEVEL_USER, V "secret conf\n", "expected \"path\" and globs" },
	{ LEVEL_PROJECT, V "allow read in-scope\n", "a project file may only hold" },
	{ LEVEL_SYSTEM, V "allow read in-scope\n", "a system file may only hold" },
	{ LEVEL_PROJECT, V "hold write docs/**\n", NULL },
	{ LEVEL_USER, V "hold publish\nhold  publish\n", "f:3: the same as line 2" },
	{ LEVEL_USER, V "hold publish\nallow publish\n", "f:3: never allows anything: line 2" },
	{ LEVEL_USER, V "allow write docs/**\ndeny write docs/**\n", "f:2: never allows" },
	{ LEVEL_USER, V "allow write docs/**\ndeny write docs/** except docs/a\n", NULL },
	{ LEVEL_USER, V "allow write docs/** new\ndeny write new\n", "f:2: never allows" },
	{ LEVEL_USER, V "hold exec argv a ...\nallow exec argv a b\n", "f:3: never allows" },
	{ LEVEL_USER, V "hold write except\n", "except without" },
	{ LEVEL_USER, V "hold write \"a b/**\"\n", NULL },
	{ LEVEL_USER, V "hold write \"a b\n", "a quote that is not closed" },
	{ LEVEL_USER, V "hold write \"\"\n", "not empty" },
	{ LEVEL_USER, V "hold\x01publish\n", "f:2: a control character" },
	{ LEVEL_USER, V "hold \xff\n", "f:2: a control character or bytes" },
	{ LEVEL_USER, V "  ok x\n", "an example without a rule" },
	{ LEVEL_USER,
		V "allow exec argv npm run gen ...\n  ok npm run gen -- --watch=false\n"
		  "  not npm run gen ; sh x.sh\n  not npm run gen --prefix /tmp/x\n",
		NULL },
	{ LEVEL_USER, V "allow exec argv npm run gen\n  ok npm run gen -- x\n",
		"f:2: its example in line 3" },
	{ LEVEL_USER,
		V "allow exec argv cargo nextest run ...\n  ok cargo nextest run -p core\n"
		  "  not cargo nextest run -p ../x\n  not cargo nextest\n",
		NULL },
	{ LEVEL_USER,
		V "allow write .github/** even control\n  ok .github/a.yml\n  not .git/x\n"
		  "  not ../.github/a.yml\n",
		NULL },
	{ LEVEL_USER, V "allow write .github/**\n  ok .github/a.yml\n", "the rule does not fit" },
	{ LEVEL_USER, V "deny write docs/**\n  ok docs/a.md\n  not src/a.md\n", NULL },
	{ LEVEL_USER, V "deny write docs/**\n  not docs/a.md\n", "the rule fits" },
	{ LEVEL_USER, V "allow tool github get_*\n  ok get_issue\n  not create_issue\n", NULL },
	{ LEVEL_USER, V "allow push unprotected to origin\n  ok feature/x\n  not main\n", NULL },
	{ LEVEL_USER, V "allow push feature/*\n  ok feature/x\n  not feature/x/y\n  not bug\n",
		NULL },
	{ LEVEL_USER,
		V "allow net *.example.org\n  ok a.example.org\n  not example.org\n"
		  "  not a.example.org.evil.net\n  not evilexample.org\n",
		NULL },
	{ LEVEL_USER, V "allow install npm @types/*\n", NULL },
};

static void files_test(void **state)
{
	unsigned wrong = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct err err = { 0 };
		struct buf more = { 0 };
		struct rules *rules = rules_parse(
			"f", files[i].level, span_of(files[i].text), &more, &err);
		bool good = files[i].error ? !rules && strstr(err.text, files[i].error) : !!rules;
		if (!good) {
			print_error("%s-> %s\n", files[i].text, rules ? "(good)" : err.text);
			wrong++;
		}
		rules_destroy(rules);
		buf_finish(&more);
	}
	assert_int_equal(wrong, 0);
}

static void every_error_test(void **state)
{
	static const char text[] = V "alow read in-scope\nhold publish\nhold publis\n  ok x\n";
	struct err err;
	struct buf more = { 0 };
	(void)state;
	assert_null(rules_parse("f", LEVEL_USER, span_of(text), &more, &err));
	assert_non_null(strstr(err.text, "f:2:"));
	assert_string_equal(buf_cstr(&more),
		"f:4: publis: no subject of a rule, expected read, write, exec, "
		"\xe2\x80\xa6: did you mean publish?\n");
	buf_finish(&more);
}

/* The caps of a file that an agent can write. */
static void caps_test(void **state)
{
	struct buf text = { 0 };
	struct err err;
	(void)state;
	buf_text(&text, V);
	for (int i = 0; i <= 200; i++) {
		buf_printf(&text, "hold write a%d/**\n", i);
	}
	assert_null(rules_parse("f", LEVEL_PROJECT, buf_view(&text), NULL, &err));
	assert_non_null(strstr(err.text, "f:202: more than 200 rules"));
	struct rules *rules = rules_parse("f", LEVEL_USER, buf_view(&text), NULL, &err);
	assert_int_equal(rules_count(rules), 201);
	rules_destroy(rules);
	buf_clear(&text);
	buf_text(&text, V "#");
	while (text.len < 70000) {
		buf_text(&text, "0123456789\n#");
	}
	assert_null(rules_parse("f", LEVEL_PROJECT, buf_view(&text), NULL, &err));
	assert_non_null(strstr(err.text, "more than 64 KiB"));
	buf_clear(&text);
	buf_text(&text, V "# ");
	while (text.len < 5000) {
		buf_text(&text, "0123456789");
	}
	assert_null(rules_parse("f", LEVEL_USER, buf_view(&text), NULL, &err));
	assert_non_null(strstr(err.text, "f:2: a line of more than 4096 bytes"));
	buf_finish(&text);
}

static void format_test(void **state)
{
	static const char messy[] = "# head\nversion   1\n\nallow  read in-scope   # why\n"
				    "hold\tinstall publish\n  allow exec   argv npm run gen ...\n"
				    " ok   npm run gen  \n\tnot npm run x\n\n\ndeny self\n";
	static const char neat[] = "# head\nversion 1\n\nallow read in-scope  # why\n"
				   "hold  install publish\nallow exec argv npm run gen ...\n"
				   "  ok   npm run gen\n  not  npm run x\n\n\ndeny  self\n";
	struct buf out = { 0 }, again = { 0 };
	struct err err;
	(void)state;
	assert_true(rules_format(span_of(messy), &out, &err));
	assert_true(rules_format(buf_view(&out), &again, &err));
	assert_string_equal(buf_cstr(&again), buf_cstr(&out));
	/* the subjects of a block are one column */
	assert_non_null(strstr(buf_cstr(&out), "allow read    in-scope  # why\n"));
	assert_non_null(strstr(buf_cstr(&out), "hold  install publish\n"));
	assert_non_null(strstr(buf_cstr(&out), "allow exec    argv npm run gen ...\n"));
	assert_non_null(strstr(buf_cstr(&out), "  ok   npm run gen\n  not  npm run x\n"));
	buf_clear(&again);
	assert_false(rules_format(SPAN("version 1\nalow x\n"), &again, &err));
	assert_true(rules_format(span_of(neat), &again, &err));
	buf_finish(&out);
	buf_finish(&again);
}

static void protects_test(void **state)
{
	static const struct {
		const char *branch, *origin;
		bool builtin, user;
	} rows[] = {
		{ "main", "", true, false },
		{ "Main", "", true, false },
		{ "master", NULL, true, false },
		{ "refs/heads/main", NULL, true, false },
		{ "refs/tags/x", NULL, true, true },
		{ "release/1.2", NULL, true, true },
		{ "release/1/2", NULL, true, true },
		{ "releases/1", NULL, false, false },
		{ "x/release/1", NULL, false, false },
		{ "release", NULL, false, false },
		{ "prod-eu", NULL, true, false },
		{ "production", NULL, true, false },
		{ "feature/main", NULL, false, false },
		{ "feature/x", NULL, false, false },
		{ "stable", "stable", true, false },
		{ "stable", "origin/stable", true, false },
		{ "feature/x", "feature/x", true, false },
		{ "", NULL, true, true },
		{ "live", NULL, false, true },
	};
	struct err err;
	struct rules *builtin = rules_builtin();
	struct rules *user = rules_parse(
		"u", LEVEL_USER, SPAN(V "protect branch live release/*\n"), NULL, &err);
	const struct rules *const levels[] = { builtin, NULL, user };
	struct rules *joined = rules_join(levels, 3, NULL, NULL);
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct span branch = span_of(rows[i].branch);
		assert_int_equal(rules_protects(builtin, branch, rows[i].origin), rows[i].builtin);
		assert_int_equal(rules_protects(joined, branch, rows[i].origin), rows[i].user);
	}
	rules_destroy(joined);
	rules_destroy(user);
	rules_destroy(builtin);
}

static void join_test(void **state)
{
	struct err err;
	struct buf more = { 0 };
	struct rules *builtin = rules_builtin();
	struct rules *user = rules_parse("u", LEVEL_USER, SPAN(V "allow publish\n"), NULL, &err);
	struct rules *system = rules_parse("s", LEVEL_SYSTEM, SPAN(V "hold publish\n"), NULL, &err);
	const struct rules *const levels[] = { builtin, system, user };
	struct rules *joined = rules_join(levels, 3, "/w", &more);
	(void)state;
	assert_string_equal(buf_cstr(&more), "u:2: never allows anything: s:2 is stricter\n");
	assert_int_equal(rules_count(joined), rules_count(builtin) + 2);
	assert_int_equal(rules_hash(joined).len, 64);
	assert_false(span_same(rules_hash(joined), rules_hash(builtin)));
	buf_finish(&more);
	rules_destroy(joined);
	rules_destroy(system);
	rules_destroy(user);
	rules_destroy(builtin);
	rules_destroy(NULL);
}

static void databases_test(void **state)
{
	struct err err;
	struct rules *user = rules_parse(
		"u", LEVEL_USER, SPAN(V "dev database localhost app_dev\n"), NULL, &err);
	const struct rules *const levels[] = { user };
	struct rules *joined = rules_join(levels, 1, NULL, NULL);
	(void)state;
	assert_true(rules_database_is_dev(user, SPAN("localhost")));
	assert_true(rules_database_is_dev(joined, SPAN("app_dev")));
	assert_false(rules_database_is_dev(joined, SPAN("app")));
	rules_destroy(joined);
	rules_destroy(user);
}

/* The built-in text passes what every file must pass. */
static void builtin_test(void **state)
{
	struct rules *rules = rules_builtin();
	(void)state;
	assert_non_null(rules);
	assert_true(rules_count(rules) > 20);
	rules_destroy(rules);
}

/* 1,000 rules with 2,000 examples, 50 ms where nothing else runs; generous for a loaded one. */
static void speed_test(void **state)
{
	struct buf text = { 0 };
	struct err err = { 0 };
	(void)state;
	buf_text(&text, V);
	for (int i = 0; i < 1000; i++) {
		buf_printf(&text,
			"allow exec argv tool%d run ...\n  ok   tool%d run x\n  not  tool%d go\n",
			i, i, i);
	}
	clock_t start = clock();
	struct rules *rules = rules_parse("f", LEVEL_USER, buf_view(&text), NULL, &err);
	double ms = (double)(clock() - start) / CLOCKS_PER_SEC * 1e3;
	if (!rules) {
		fail_msg("%s", err.text);
	}
	print_message("%.1f ms\n", ms);
	assert_true(ms < 1000);
	rules_destroy(rules);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_test),
		cmocka_unit_test(every_error_test),
		cmocka_unit_test(caps_test),
		cmocka_unit_test(format_test),
		cmocka_unit_test(protects_test),
		cmocka_unit_test(join_test),
		cmocka_unit_test(builtin_test),
		cmocka_unit_test(databases_test),
		cmocka_unit_test(speed_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
