/* The method table against a second copy of the facts, read from the five published schemas. */
#include "config.h"

#include "core/method.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { REQUEST, NOTE };

#define C METHOD_CLIENT
#define S METHOD_SERVER
#define PASS METHOD_PASS
#define INSPECT METHOD_INSPECT
#define GATE METHOD_GATE
#define REFUSE METHOD_REFUSE

static const struct {
	enum method_from from;
	int form;
	const char *name;
	enum method_action action;
} facts[] = {
	{ C, REQUEST, "initialize", INSPECT },
	{ C, REQUEST, "server/discover", INSPECT },
	{ C, REQUEST, "ping", PASS },
	{ C, REQUEST, "tools/list", INSPECT },
	{ C, REQUEST, "tools/call", GATE },
	{ C, REQUEST, "resources/list", PASS },
	{ C, REQUEST, "resources/templates/list", PASS },
	{ C, REQUEST, "resources/read", GATE },
	{ C, REQUEST, "resources/subscribe", PASS },
	{ C, REQUEST, "resources/unsubscribe", PASS },
	{ C, REQUEST, "subscriptions/listen", PASS },
	{ C, REQUEST, "prompts/list", PASS },
	{ C, REQUEST, "prompts/get", PASS },
	{ C, REQUEST, "completion/complete", PASS },
	{ C, REQUEST, "logging/setLevel", PASS },
	{ C, REQUEST, "tasks/get", INSPECT },
	{ C, REQUEST, "tasks/result", INSPECT },
	{ C, REQUEST, "tasks/list", PASS },
	{ C, REQUEST, "tasks/cancel", PASS },
	{ C, REQUEST, "tasks/update", GATE },
	{ C, REQUEST, "skills/list", PASS },
	{ C, REQUEST, "skills/get", PASS },
	{ C, REQUEST, "resources/directory/read", GATE },
	{ C, REQUEST, "vendor/anything", GATE },
	{ C, REQUEST, "", GATE },
	{ C, NOTE, "notifications/initialized", PASS },
	{ C, NOTE, "notifications/cancelled", INSPECT }, /* of a held call: taken by the gate */
	{ C, NOTE, "notifications/progress", INSPECT },
	{ C, NOTE, "notifications/roots/list_changed", PASS },
	{ C, NOTE, "notifications/tasks/status", PASS },
	{ C, NOTE, "notifications/anything", REFUSE },
	{ C, NOTE, "", REFUSE },
	{ S, REQUEST, "sampling/createMessage", GATE },
	{ S, REQUEST, "elicitation/create", INSPECT },
	{ S, REQUEST, "roots/list", PASS },
	{ S, REQUEST, "ping", PASS },
	{ S, REQUEST, "tasks/get", PASS }, /* hosted by the client: nothing to learn */
	{ S, REQUEST, "tasks/result", PASS },
	{ S, REQUEST, "tasks/list", PASS },
	{ S, REQUEST, "tasks/cancel", PASS },
	{ S, REQUEST, "vendor/anything", REFUSE },
	{ S, NOTE, "notifications/message", PASS },
	{ S, NOTE, "notifications/progress", INSPECT }, /* of a held call: dropped */
	{ S, NOTE, "notifications/tools/list_changed", INSPECT },
	{ S, NOTE, "notifications/prompts/list_changed", PASS },
	{ S, NOTE, "notifications/resources/list_changed", PASS },
	{ S, NOTE, "notifications/resources/updated", PASS },
	/* of its own held request: taken by the gate */
	{ S, NOTE, "notifications/cancelled", INSPECT },
	{ S, NOTE, "notifications/elicitation/complete", PASS },
	{ S, NOTE, "notifications/tasks/status", PASS },
	{ S, NOTE, "notifications/subscriptions/acknowledged", PASS },
	{ S, NOTE, "notifications/tasks", INSPECT },
	{ S, NOTE, "notifications/vendor", PASS },
};

static void facts_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		const struct method *m = method_find(
			span_of(facts[i].name), facts[i].from, facts[i].form == NOTE);
		assert_non_null(m);
		if (m->action != facts[i].action || m->notification != (facts[i].form == NOTE) ||
			!(m->from & facts[i].from)) {
			print_error("%s: action %d\n", facts[i].name, m->action);
			fail();
		}
	}
}

/* What is safe one way or in one form is unknown in the other. */
static void direction_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		enum method_from other = facts[i].from == C ? S : C;
		bool note = facts[i].form == NOTE, both = false;
		for (size_t j = 0; j < COUNT_OF(facts); j++) {
			both |= facts[j].from == other && facts[j].form == facts[i].form &&
				strcmp(facts[j].name, facts[i].name) == 0;
		}
		const struct method *m = method_find(span_of(facts[i].name), other, note);
		if (!both) {
			assert_string_equal(m->name, "");
		}
		m = method_find(span_of(facts[i].name), facts[i].from, !note);
		assert_string_equal(m->name, "");
	}
}

static void unknown_test(void **state)
{
	(void)state;
	static const char *const near[] = { "tools/cal", "tools/calls", "TOOLS/LIST", "ping ",
		"Ping", "ping/", "x" };
	for (size_t i = 0; i < COUNT_OF(near); i++) {
		assert_int_equal(method_find(span_of(near[i]), C, false)->action, GATE);
		assert_int_equal(method_find(span_of(near[i]), S, false)->action, REFUSE);
		assert_int_equal(method_find(span_of(near[i]), C, true)->action, REFUSE);
		assert_int_equal(method_find(span_of(near[i]), S, true)->action, PASS);
	}
	assert_int_equal(method_find(SPAN("ping\0"), C, false)->action, GATE);
	assert_int_equal(method_find((struct span){ 0 }, C, false)->action, GATE);
}

/* Which methods the gate treats by name. */
static void special_test(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum method_from from;
		bool note;
		enum method_special special;
	} rows[] = {
		{ "initialize", C, false, METHOD_INITIALIZE },
		{ "notifications/initialized", C, true, METHOD_INITIALIZED },
		{ "server/discover", C, false, METHOD_DISCOVER },
		{ "ping", C, false, METHOD_PING },
		{ "ping", S, false, METHOD_PING },
		{ "notifications/cancelled", C, true, METHOD_CANCELLED },
		{ "notifications/cancelled", S, true, METHOD_CANCELLED },
		{ "notifications/progress", S, true, METHOD_PROGRESS },
		{ "tools/list", C, false, METHOD_TOOLS_LIST },
		{ "notifications/tools/list_changed", S, true, METHOD_TOOLS_CHANGED },
		{ "tools/call", C, false, METHOD_TOOLS_CALL },
		{ "sampling/createMessage", S, false, METHOD_SAMPLING },
		{ "elicitation/create", S, false, METHOD_ELICITATION },
		{ "sampling/createMessage", C, false, METHOD_PLAIN },
		{ "tools/call", S, false, METHOD_PLAIN },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(
			method_find(span_of(rows[i].name), rows[i].from, rows[i].note)->special,
			rows[i].special);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_test),
		cmocka_unit_test(direction_test),
		cmocka_unit_test(unknown_test),
		cmocka_unit_test(special_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
