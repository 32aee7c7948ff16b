/* Which call of a gate is the one that was asked at a hook: each part of it alone is enough to make
 * it another. */
#include "config.h"

#include "core/policy/once.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct once_call call_of(const char *params)
{
	return (struct once_call){ .pid = 7,
		.start = 70,
		.tuple = hash_of(SPAN("gate")),
		.same = hash_of(SPAN("form")),
		.facts = hash_of(SPAN("facts")),
		.params = span_of(params) };
}

static struct once once_of(char *id)
{
	struct once_call call = call_of("{}");
	return (struct once){ call.pid, call.start, call.tuple, call.same, call.facts, id, true,
		false };
}

static void ids_keep_apart_and_bring_nothing_together(void **state)
{
	static const struct {
		const char *params, *id;
		bool agree;
	} rows[] = {
		{ "{}", NULL, true },
		{ "{}", "t", false },
		{ "{\"_meta\":{}}", NULL, true },
		{ "{\"_meta\":{\"progressToken\":1}}", NULL, true },
		{ "{\"_meta\":null}", NULL, true },
		{ "{\"_meta\":[\"t\"]}", "t", false },
		{ "{\"_meta\":{\"claudecode/toolUseId\":\"t\"}}", "t", true },
		{ "{\"_meta\":{\"claudecode/toolUseId\":\"t\"}}", NULL, false },
		{ "{\"_meta\":{\"claudecode/toolUseId\":\"T\"}}", "t", false },
		{ "{\"_meta\":{\"claudecode/toolUseId\":\"\\u0074\"}}", "t", true },
		{ "{\"_meta\":{\"claudecode/toolUseId\":\"t\\u0000\"}}", "t", false },
		{ "{\"_meta\":{\"claudecode/toolUseId\":7}}", "7", false },
		{ "{\"_meta\":{\"claudecode/toolUseId\":null}}", NULL, false },
		{ "{\"_meta\":{\"callId\":\"t\"}}", "t", true },
		{ "{\"_meta\":{\"callId\":\"t\",\"claudecode/toolUseId\":\"u\"}}", "t", false },
		{ "{\"_meta\":{\"callId\":\"t\",\"claudecode/toolUseId\":\"t\"}}", "t", true },
		{ "{\"callId\":\"t\"}", "t", false },
		{ "{\"_meta\":{\"bascule/hook\":{\"call_id\":\"t\"}}}", "t", false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (once_ids_agree(span_of(rows[i].params), rows[i].id) != rows[i].agree) {
			fail_msg("%s with %s", rows[i].params, rows[i].id ? rows[i].id : "none");
		}
	}
}

static void a_question_is_no_gates_call(void **state)
{
	struct once gate = once_of(NULL), question = once_of((char[]){ "t" });
	struct once_call call = call_of("{\"_meta\":{\"callId\":\"u\"}}");
	(void)state;
	question.permission = true;
	assert_int_equal(once_fits(&question, &call), ONCE_OTHER);
	call = call_of("{}");
	call.permission = true;
	assert_int_equal(once_fits(&gate, &call), ONCE_OTHER);
	assert_int_equal(once_fits(&question, &call), ONCE_FITS); /* it says no id */
	call.id = "t";
	assert_int_equal(once_fits(&question, &call), ONCE_FITS);
	call.id = "u";
	assert_int_equal(once_fits(&question, &call), ONCE_OTHER);
	question.id = NULL;
	assert_int_equal(once_fits(&question, &call), ONCE_FITS);
	call.same = hash_of(SPAN("with words beside"));
	assert_int_equal(once_fits(&question, &call), ONCE_OTHER);
	call.plain = hash_of(SPAN("form"));
	assert_int_equal(once_fits(&question, &call), ONCE_FITS);
	call.facts = hash_of(SPAN("other"));
	assert_int_equal(once_fits(&question, &call), ONCE_CHANGED);
	call.permission = question.permission = false;
	assert_int_equal(once_fits(&question, &call), ONCE_OTHER); /* plain is not for gates */
}

static void every_part_counts(void **state)
{
	struct hash other = hash_of(SPAN("other"));
	struct once once = once_of(NULL), named = once_of((char[]){ "t" });
	struct once_call call = call_of("{}");
	(void)state;
	assert_int_equal(once_fits(&once, &call), ONCE_FITS);
	assert_int_equal(once_fits(&named, &call), ONCE_OTHER);
	call = call_of("{\"_meta\":{\"callId\":\"t\"}}");
	assert_int_equal(once_fits(&once, &call), ONCE_OTHER);
	assert_int_equal(once_fits(&named, &call), ONCE_FITS);
	call = call_of("{}");
	call.pid = 8;
	assert_int_equal(once_fits(&once, &call), ONCE_OTHER);
	call = call_of("{}");
	call.start = 71;
	assert_int_equal(once_fits(&once, &call), ONCE_OTHER);
	call = call_of("{}");
	call.tuple = other;
	assert_int_equal(once_fits(&once, &call), ONCE_OTHER);
	call = call_of("{}");
	call.same = other;
	assert_int_equal(once_fits(&once, &call), ONCE_OTHER);
	call = call_of("{}");
	call.facts = other;
	assert_int_equal(once_fits(&once, &call), ONCE_CHANGED);
}

static struct hash facts_with(unsigned marks, int64_t size, const char *branch)
{
	struct effects effects = { 0 };
	struct effect *e = effects_add(&effects, EFFECT_WRITE, "path", "a.txt", "replace", NULL);
	e->fact.marks = marks;
	e->fact.size = size;
	struct hash hash = once_facts(&effects, span_of(branch));
	effects_finish(&effects);
	return hash;
}

static void what_one_side_alone_can_know_does_not_count(void **state)
{
	struct hash seen = facts_with(MARK_TRACKED, 3, "main"), now;
	(void)state;
	now = facts_with(MARK_TRACKED | MARK_OWN | MARK_ACCEPTED, 3, "main");
	assert_true(hash_same(&seen, &now));
	now = facts_with(0, 3, "main");
	assert_false(hash_same(&seen, &now));
	now = facts_with(MARK_TRACKED, 4, "main");
	assert_false(hash_same(&seen, &now));
	now = facts_with(MARK_TRACKED, 3, "other");
	assert_false(hash_same(&seen, &now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_keep_apart_and_bring_nothing_together),
		cmocka_unit_test(every_part_counts),
		cmocka_unit_test(a_question_is_no_gates_call),
		cmocka_unit_test(what_one_side_alone_can_know_does_not_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
