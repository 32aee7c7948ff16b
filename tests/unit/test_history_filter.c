/* Which calls fit a filter. */
#include "config.h"

#include "core/history_filter.h"
#include "tests/unit/history_world.h"

static bool when(struct span text, int64_t now_us, int64_t *at_us)
{
	*at_us = now_us - (text.at[0] - '0') * 3600000000LL;
	return text.len == 2 && text.at[1] == 'h';
}

/* What differs from a_call; number 1 and on. */
static const struct {
	const char *tool, *target, *verdict, *rule, *decision, *decider, *outcome, *effects;
	int64_t took_us, hours;
} rows[] = {
	{ "read_file", "/home/dev/work/src/a.c", "allow", "built-in:read", NULL, NULL, "result",
		"[{\"kind\":\"read\",\"path\":\"/home/dev/work/src/a.c\"}]", 900, 9 },
	{ "write_file", "/etc/hosts", "hold", "built-in:default", "approved", "ada@pts/3", "result",
		"[{\"kind\":\"write\",\"path\":\"/etc/hosts\"}]", 2500000, 8 },
	{ "write_file", "/etc/passwd", "hold", "built-in:default", "denied", "bob@tty1", NULL, "[]",
		-1, 7 },
	{ "bash", "make [all]", "allow", "grant:3", NULL, NULL, "tool_error",
		"[{\"kind\":\"exec\",\"given\":\"make\"},{\"kind\":\"write\",\"path\":"
		"\"/home/dev/work/src/deep/b.c\"}]",
		61000000, 2 },
	{ "bash", "100% ready' OR 1=1 --", "deny", "user:4", NULL, NULL, NULL, "[]", -1, 1 },
};

static void fill(struct world *w)
{
	WORKS(history_begin(w->h, &w->err));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char id[40];
		snprintf(id, sizeof(id), INSTANCE "-%zu", i + 1);
		struct history_call c = a_call(w, id);
		c.tool = span_of(rows[i].tool);
		c.target = span_of(rows[i].target);
		c.verdict = span_of(rows[i].verdict);
		c.rule = span_of(rows[i].rule);
		c.decision = span_of(rows[i].decision);
		c.decider = span_of(rows[i].decider);
		c.state = rows[i].outcome ? LIFE_DONE : LIFE_DENIED;
		c.arrived_us = test_now - rows[i].hours * 3600000000LL;
		WORKS(history_add(w->h, &c, &w->err));
		if (rows[i].outcome) {
			WORKS(history_finish(w->h, c.number, LIFE_DONE, span_of(rows[i].outcome), 5,
				rows[i].took_us, c.arrived_us, &w->err));
		}
		WORKS(history_effects_add(w->h, c.number, span_of(rows[i].effects), &w->err));
	}
	WORKS(history_commit(w->h, &w->err));
}

static int begin(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	begin_world(w, true);
	fill(w);
	*state = w;
	return 0;
}

static int end(void **state)
{
	end_world(*state);
	free(*state);
	return 0;
}

static bool note(void *data, const struct history_call *call, const struct history_session *session)
{
	char *numbers = data;
	size_t len = strlen(numbers);
	(void)session;
	snprintf(numbers + len, 64 - len, "%s%lld", len ? " " : "", (long long)call->number);
	return true;
}

static bool ask(struct world *w, const char *text, int64_t before, int64_t limit, char numbers[64])
{
	struct query query;
	numbers[0] = '\0';
	if (!query_parse(&query, span_of(text), &w->err)) {
		return false;
	}
	const struct history_filter filter = { .query = &query,
		.now_us = test_now,
		.me = "Ada",
		.when = when,
		.when_expected = "hours" };
	bool ok = history_filter_latest(w->h, NULL, &filter, before, limit, note, numbers, &w->err);
	query_finish(&query);
	return ok;
}

static const struct {
	const char *text, *numbers;
} selections[] = {
	{ "", "1 2 3 4 5" },
	{ "tool:write", "2 3" },
	{ "tool:WRITE_FILE", "2 3" },
	{ "tool:read*", "1" },
	{ "tool:read", "1" },
	{ "tool:*file", "1 2 3" },
	{ "tool:file?", "" },
	{ "-tool:bash", "1 2 3" },
	{ "path:src/**", "1 4" },
	{ "path:src/*.c", "1 4" },
	{ "path:/home/dev/work/src/a.c", "1" },
	{ "path:deep", "4" },
	{ "-path:deep", "1 2 3 5" },
	{ "path:[all]", "4" },
	{ "path:*[all]", "4" },
	{ "path:100%", "5" },
	{ "verdict:held", "2 3" },
	{ "verdict:hold", "2 3" },
	{ "verdict:denied", "5" },
	{ "decision:denied", "3" },
	{ "decision:none", "1 4 5" },
	{ "by:me", "2" },
	{ "by:bob", "3" },
	{ "by:rule", "1 5" },
	{ "by:grant", "4" },
	{ "-by:me", "1 3 4 5" },
	{ "rule:built-in", "1 2 3" },
	{ "server:fs client:claude", "1 2 3 4 5" },
	{ "server:git", "" },
	{ "branch:main repo:dev/work", "1 2 3 4 5" },
	{ "outcome:tool_error", "4" },
	{ "state:denied", "3 5" },
	{ "id:4", "4" },
	{ "-id:4", "1 2 3 5" },
	{ "session:1", "1 2 3 4 5" },
	{ "session:2", "" },
	{ "since:3h", "4 5" },
	{ "before:3h", "1 2 3" },
	{ "since:8h before:3h", "2 3" },
	{ "took:>2s", "2 4" },
	{ "took:2.5s", "2 4" },
	{ "took:<1ms", "1" },
	{ "took:>1m", "4" },
	{ "-took:>2s", "1 3 5" },
	{ "hosts", "2" },
	{ "etc -hosts", "3" },
	{ "etc hosts", "2" },
	{ "\"' OR 1=1 --\"", "5" },
	{ "' OR 1=1 --", "" },
	{ "verdict:held -decision:denied path:/etc/*", "2" },
};

static void filters_select(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < COUNT_OF(selections); i++) {
		char numbers[64];
		if (!ask(w, selections[i].text, INT64_MAX, 100, numbers)) {
			fail_msg("%s: %s", selections[i].text, w->err.text);
		}
		if (strcmp(numbers, selections[i].numbers) != 0) {
			fail_msg("%s: %s, expected %s", selections[i].text, numbers,
				selections[i].numbers);
		}
	}
}

static void the_latest_are_told_oldest_first(void **state)
{
	struct world *w = *state;
	char numbers[64];
	assert_true(ask(w, "", INT64_MAX, 2, numbers));
	assert_string_equal(numbers, "4 5");
	assert_true(ask(w, "", 4, 2, numbers));
	assert_string_equal(numbers, "2 3");
	assert_true(ask(w, "bash", 5, 9, numbers));
	assert_string_equal(numbers, "4");
}

static void mistakes_are_named_with_their_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "verdict:perhaps", "at 1: verdict:perhaps: expected allow hold deny" },
		{ "x verdict: ", "at 11: verdict: what?" },
		{ "a decision:yes", "at 3: decision:yes: expected approved denied none" },
		{ "a since:soon", "at 3: since:soon: expected hours" },
		{ "took:quick", "at 1: took:quick: expected >2s" },
		{ "took:>", "at 1: took:>: expected >2s" },
		{ "took:1e99s", "at 1: took:1e99s: expected >2s" },
		{ "id:x", "at 1: id:x: expected a number" },
		{ "id:-3", "at 1: id:-3: expected a number" },
		{ "-risk:high", "at 1: risk: is known" },
		{ "state:held x tols:y", "at 14: no field is called tols; the nearest is tool" },
	};
	struct world *w = *state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char numbers[64];
		assert_false(ask(w, cases[i].text, INT64_MAX, 100, numbers));
		if (strncmp(w->err.text, cases[i].says, strlen(cases[i].says)) != 0) {
			fail_msg("%s: %s", cases[i].text, w->err.text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(filters_select, begin, end),
		cmocka_unit_test_setup_teardown(the_latest_are_told_oldest_first, begin, end),
		cmocka_unit_test_setup_teardown(mistakes_are_named_with_their_place, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
