/* The first policy's judgement, cell by cell. */
#include "config.h"

#include "core/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOWHERE NULL

struct given {
	enum effect_kind kind;
	enum fact_state state;
	bool inside;
	const char *path;
	const char *text;
};

static struct judgement judge(const struct given *given, size_t count, bool agreed, bool listed)
{
	struct effect list[8];
	char texts[8][1024], paths[8][64], arg[] = "path";
	for (size_t i = 0; i < count; i++) {
		snprintf(texts[i], sizeof(texts[i]), "%s", given[i].text ? given[i].text : "/w/f");
		snprintf(paths[i], sizeof(paths[i]), "%s", given[i].path ? given[i].path : "");
		list[i] = (struct effect){ .kind = given[i].kind,
			.arg = arg,
			.given = texts[i],
			.fact = { .path = given[i].path ? paths[i] : NULL,
				.inside = given[i].inside,
				.state = given[i].state } };
	}
	struct effects effects = { .list = list, .count = count };
	struct policy_call call = { .method = SPAN("tools/call"),
		.tool = SPAN("t"),
		.profile = SPAN("filesystem"),
		.effects = &effects,
		.agreed = agreed,
		.listed = listed };
	struct judgement out;
	policy_judge(&call, &out);
	return out;
}

#define READ EFFECT_READ
#define WRITE EFFECT_WRITE

static const struct {
	struct given effect;
	enum verdict verdict;
	enum risk risk;
} single[] = {
	{ { READ, FACT_FILE, true, "/w/f", NULL }, VERDICT_ALLOW, RISK_LOW },
	{ { READ, FACT_DIRECTORY, true, "/w", NULL }, VERDICT_ALLOW, RISK_LOW },
	{ { READ, FACT_ABSENT, true, "/w/n", NULL }, VERDICT_ALLOW, RISK_LOW },
	{ { READ, FACT_FILE, true, "/w/\u00e9", "/w/\u00e9" }, VERDICT_ALLOW, RISK_LOW },
	/* may be there in another spelling */
	{ { READ, FACT_ABSENT, true, "/w/e\u0301", "/w/e\u0301" }, VERDICT_HOLD, RISK_MEDIUM },
	{ { READ, FACT_SPECIAL, true, "/w/pipe", NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { READ, FACT_UNKNOWN, true, "/w/f", NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { READ, FACT_FILE, true, NOWHERE, NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { READ, FACT_UNKNOWN, false, NOWHERE, NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { READ, FACT_FILE, false, "/etc/f", NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { READ, FACT_DIRECTORY, false, "/etc", NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { READ, FACT_ABSENT, false, "/etc/n", NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { WRITE, FACT_FILE, true, "/w/f", NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { WRITE, FACT_ABSENT, true, "/w/n", NULL }, VERDICT_HOLD, RISK_MEDIUM },
	{ { WRITE, FACT_SPECIAL, true, "/w/pipe", NULL }, VERDICT_HOLD, RISK_HIGH },
	{ { WRITE, FACT_FILE, false, "/etc/f", NULL }, VERDICT_HOLD, RISK_HIGH },
	{ { WRITE, FACT_UNKNOWN, false, NOWHERE, NULL }, VERDICT_HOLD, RISK_HIGH },
	{ { EFFECT_NOTHING, FACT_UNKNOWN, false, NOWHERE, "" }, VERDICT_ALLOW, RISK_LOW },
	{ { EFFECT_UNKNOWN, FACT_FILE, true, "/w/f", "?" }, VERDICT_HOLD, RISK_MEDIUM },
};

static void single_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(single); i++) {
		struct judgement j = judge(&single[i].effect, 1, true, true);
		if (j.verdict != single[i].verdict || j.risk != single[i].risk) {
			print_error(
				"row %zu: %s, %s\n", i, verdict_name(j.verdict), risk_name(j.risk));
			fail();
		}
		assert_true(j.rule && j.rule[0] && j.reason[0]);
		/* Without the broker's own reading, or a fresh list, nothing passes. */
		assert_int_equal(judge(&single[i].effect, 1, false, true).verdict, VERDICT_HOLD);
		assert_int_equal(judge(&single[i].effect, 1, false, true).risk, RISK_HIGH);
		assert_string_equal(
			judge(&single[i].effect, 1, false, true).rule, "built-in:disagree");
		assert_int_equal(judge(&single[i].effect, 1, true, false).verdict, VERDICT_HOLD);
		assert_true(judge(&single[i].effect, 1, true, false).risk >= j.risk);
	}
}

/* One effect that is held holds the call, wherever it stands; the worst one speaks. */
static void several_test(void **state)
{
	(void)state;
	static const struct given fine = { READ, FACT_FILE, true, "/w/f", NULL };
	for (size_t i = 0; i < COUNT_OF(single); i++) {
		for (size_t at = 0; at < 4; at++) {
			struct given list[4] = { fine, fine, fine, fine };
			list[at] = single[i].effect;
			struct judgement j = judge(list, 4, true, true);
			assert_int_equal(j.verdict, single[i].verdict);
			assert_int_equal(j.risk, single[i].risk);
		}
	}
	static const struct given held = { READ, FACT_FILE, false, "/etc/f", "/etc/f" },
				  worst = { WRITE, FACT_FILE, false, "/etc/w", "/etc/w" };
	struct given both[2] = { held, worst }, swapped[2] = { worst, held };
	assert_string_equal(
		judge(both, 2, true, true).reason, "overwrites /etc/w outside the scope");
	assert_string_equal(
		judge(swapped, 2, true, true).reason, "overwrites /etc/w outside the scope");
	assert_int_equal(judge(both, 2, true, true).risk, RISK_HIGH);
	struct judgement none = judge(&fine, 0, true, true);
	assert_int_equal(none.verdict, VERDICT_HOLD);
	assert_int_equal(none.risk, RISK_MEDIUM);
}

static void reason_test(void **state)
{
	(void)state;
	static const struct {
		struct given effect;
		const char *reason;
	} rows[] = {
		{ { READ, FACT_FILE, true, "/w/f", NULL }, "reads inside the scope" },
		{ { READ, FACT_FILE, false, "/etc/f", "/w/../etc/f" },
			"reads /w/../etc/f outside the scope" },
		{ { READ, FACT_UNKNOWN, false, NOWHERE, "~/f" },
			"reads ~/f at a place that could not be resolved" },
		{ { WRITE, FACT_ABSENT, true, "/w/n", "/w/n" }, "creates /w/n inside the scope" },
		{ { WRITE, FACT_DIRECTORY, true, "/w/d", "/w/d" }, "writes /w/d inside the scope" },
		{ { WRITE, FACT_SPECIAL, true, "/w/p", "/w/p" },
			"writes /w/p inside the scope, not a regular file" },
		{ { EFFECT_UNKNOWN, FACT_UNKNOWN, false, NOWHERE, "a server that has no profile" },
			"a server that has no profile" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_string_equal(judge(&rows[i].effect, 1, true, true).reason, rows[i].reason);
	}
	char longest[900];
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	struct given given = { WRITE, FACT_FILE, false, "/etc/f", longest };
	struct judgement j = judge(&given, 1, true, true);
	assert_true(strlen(j.reason) < sizeof(j.reason));
	/* what matters is not what is cut */
	assert_non_null(strstr(j.reason, "outside the scope"));
}

static void names_test(void **state)
{
	(void)state;
	enum verdict verdict = VERDICT_DENY;
	for (int v = VERDICT_ALLOW; v <= VERDICT_DENY; v++) {
		assert_true(verdict_parse(span_of(verdict_name((enum verdict)v)), &verdict));
		assert_int_equal(verdict, v);
	}
	assert_false(verdict_parse(SPAN("Allow"), &verdict));
	assert_false(verdict_parse(SPAN(""), &verdict));
	assert_false(verdict_parse((struct span){ 0 }, &verdict));
	assert_int_equal(verdict, VERDICT_DENY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_test),
		cmocka_unit_test(several_test),
		cmocka_unit_test(reason_test),
		cmocka_unit_test(names_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
