/* Arguments against schemas as servers list them. */
#include "config.h"

#include "core/effects/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* as zod writes it */
#define READ \
	"{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"}," \
	"\"tail\":{\"description\":\"x\",\"type\":\"number\"},\"head\":{\"type\":\"number\"}}," \
	"\"required\":[\"path\"],\"$schema\":\"http://json-schema.org/draft-07/schema#\"}"
#define EDIT \
	"{\"type\":\"object\",\"properties\":{\"edits\":{\"type\":\"array\",\"items\":{\"type\":" \
	"\"object\",\"properties\":{\"oldText\":{\"type\":\"string\"},\"newText\":{\"type\":" \
	"\"string\"}},\"required\":[\"oldText\",\"newText\"],\"additionalProperties\":false}}," \
	"\"dryRun\":{\"type\":\"boolean\",\"default\":false}},\"required\":[\"edits\"]," \
	"\"additionalProperties\":false}"
/* as pydantic writes it */
#define BRANCH \
	"{\"properties\":{\"repo\":{\"title\":\"R\",\"type\":\"string\"},\"base\":{\"anyOf\":[{" \
	"\"type\":\"string\"},{\"type\":\"null\"}],\"default\":null}},\"required\":[\"repo\"]," \
	"\"title\":\"B\",\"type\":\"object\"}"
#define REF \
	"{\"$defs\":{\"Node\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}" \
	"," \
	"\"kids\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/Node\"}}},\"required\":[" \
	"\"name\"]}},\"type\":\"object\",\"properties\":{\"node\":{\"$ref\":\"#/$defs/Node\"}}}"
#define ONE(rule) "{\"type\":\"object\",\"properties\":{\"a\":" rule "}}"

static const struct {
	bool fits, understood;
	const char *schema, *arguments;
} rows[] = {
	{ true, true, READ, "{\"path\":\"/a\"}" },
	{ true, true, READ, "{\"path\":\"/a\",\"head\":3,\"tail\":1.5}" },
	{ true, true, READ, "{\"p\\u0061th\":\"/a\"}" },
	{ false, true, READ, "{}" },
	{ false, true, READ, NULL },
	{ false, true, READ, "{\"PATH\":\"/a\"}" },
	{ false, true, READ, "{\"path\":\"/a\",\"Path\":\"/b\"}" },
	{ false, true, READ, "{\"path\":\"/a\",\"__proto__\":{}}" },
	{ false, true, READ, "{\"path\":null}" },
	{ false, true, READ, "{\"path\":7}" },
	{ false, true, READ, "{\"path\":[\"/a\"]}" },
	{ false, true, READ, "{\"path\":\"/a\",\"head\":\"3\"}" },
	{ false, true, READ, "[]" },
	{ false, true, READ, "\"x\"" },
	{ true, true, EDIT, "{\"edits\":[{\"oldText\":\"a\",\"newText\":\"b\"}],\"dryRun\":true}" },
	{ true, true, EDIT, "{\"edits\":[]}" },
	{ false, true, EDIT, "{\"edits\":[{\"oldText\":\"a\"}]}" },
	{ false, true, EDIT, "{\"edits\":[{\"oldText\":\"a\",\"newText\":\"b\",\"x\":1}]}" },
	{ false, true, EDIT, "{\"edits\":{\"0\":{}}}" },
	{ false, true, EDIT, "{\"edits\":[],\"dryRun\":\"true\"}" },
	{ true, true, BRANCH, "{\"repo\":\"/w\",\"base\":null}" },
	{ true, true, BRANCH, "{\"repo\":\"/w\",\"base\":\"main\"}" },
	{ false, true, BRANCH, "{\"repo\":\"/w\",\"base\":3}" },
	{ true, true, REF, "{\"node\":{\"name\":\"a\",\"kids\":[{\"name\":\"b\",\"kids\":[]}]}}" },
	{ false, true, REF, "{\"node\":{\"name\":\"a\",\"kids\":[{\"kids\":[]}]}}" },
	/* single rules */
	{ true, true, ONE("{\"type\":[\"boolean\",\"string\"]}"), "{\"a\":\"x\"}" },
	{ false, true, ONE("{\"type\":[\"boolean\",\"string\"]}"), "{\"a\":1}" },
	{ true, true, ONE("{\"type\":\"integer\"}"), "{\"a\":3}" },
	{ true, true, ONE("{\"type\":\"integer\"}"), "{\"a\":3.0}" },
	{ false, true, ONE("{\"type\":\"integer\"}"), "{\"a\":3.5}" },
	{ true, true, ONE("{\"enum\":[\"x\",1,null]}"), "{\"a\":\"\\u0078\"}" },
	{ false, true, ONE("{\"enum\":[\"x\",1,null]}"), "{\"a\":\"y\"}" },
	{ true, true, ONE("{\"const\":1}"), "{\"a\":1}" },
	{ false, true, ONE("{\"const\":1}"), "{\"a\":\"1\"}" },
	{ true, true, ONE("{\"type\":\"number\",\"minimum\":1,\"exclusiveMaximum\":3}"),
		"{\"a\":1}" },
	{ false, true, ONE("{\"type\":\"number\",\"minimum\":1,\"exclusiveMaximum\":3}"),
		"{\"a\":3}" },
	{ false, true, ONE("{\"type\":\"number\",\"minimum\":1}"), "{\"a\":0.5}" },
	{ false, true, ONE("{\"type\":\"integer\",\"maximum\":9007199254740991}"), "{\"a\":1e99}" },
	{ true, true, ONE("{\"type\":\"string\",\"maxLength\":2}"),
		"{\"a\":\"\xc3\xa9\xc3\xa9\"}" },
	{ false, true, ONE("{\"type\":\"string\",\"maxLength\":2}"), "{\"a\":\"abc\"}" },
	{ false, true, ONE("{\"type\":\"string\",\"minLength\":1}"), "{\"a\":\"\"}" },
	{ false, true, ONE("{\"type\":\"array\",\"minItems\":1}"), "{\"a\":[]}" },
	{ false, true, ONE("{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}"),
		"{\"a\":[]}" },
	{ true, true, ONE("{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}"),
		"{\"a\":2}" },
	{ false, true, ONE("{\"allOf\":[{\"type\":\"string\"},{\"minLength\":2}]}"),
		"{\"a\":\"x\"}" },
	{ true, true, ONE("{}"), "{\"a\":{\"b\":1}}" },
	{ true, true, ONE("true"), "{\"a\":{\"b\":1}}" },
	{ false, true, ONE("false"), "{\"a\":{\"b\":1}}" },
	{ true, true, ONE("{\"type\":\"string\",\"nullable\":true}"), "{\"a\":null}" },
	{ true, true, ONE("{\"type\":\"object\"}"), "{\"a\":{\"b\":1}}" },
	{ true, true, ONE("{\"type\":\"object\",\"additionalProperties\":true}"),
		"{\"a\":{\"b\":1}}" },
	{ false, true, ONE("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"),
		"{\"a\":{\"b\":1}}" },
	{ false, true, ONE("{\"type\":\"object\",\"additionalProperties\":false}"),
		"{\"a\":{\"b\":1}}" },
	/* of the whole */
	{ true, true, "{\"type\":\"object\"}", "{}" },
	{ false, true, "{\"type\":\"object\"}", "{\"a\":1}" },
	{ false, true, "{\"type\":\"object\",\"properties\":{}}", "{\"a\":1}" },
	{ true, true, "{\"type\":\"object\",\"additionalProperties\":{}}", "{\"a\":1}" },
	/* not understood: nothing is said against the arguments */
	{ true, false, "{\"type\":\"object\",\"not\":{\"required\":[\"a\"]}}", "{}" },
	{ true, false, ONE("{\"$ref\":\"https://x/y\"}"), "{\"a\":1}" },
	{ true, false, ONE("{\"$ref\":\"#/nowhere\"}"), "{\"a\":1}" },
	{ true, false, ONE("{\"$ref\":\"#/properties/a\"}"), "{\"a\":1}" },
	{ true, false, ONE("{\"type\":7}"), "{\"a\":1}" },
	{ true, false, ONE("{\"minimum\":\"x\"}"), "{\"a\":1}" },
	{ true, false, ONE("3"), "{\"a\":1}" },
	{ true, false, "[]", "{\"a\":1}" },
	{ true, false, "{\"allOf\":[{\"properties\":{\"a\":{}}},{\"properties\":{\"b\":{}}}]}",
		"{\"a\":1,\"b\":2}" },
	{ true, false, ONE("{\"type\":\"object\",\"properties\":{}}"), "{\"a\":{\"b\":1}}" },
};

static void check_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct json_scan scan = { 0 };
		struct span schema = span_of(rows[i].schema),
			    arguments = span_of(rows[i].arguments);
		char why[160];
		bool understood = true;
		assert_true(json_validate(&scan, schema, JSON_STRICT));
		assert_true(!arguments.at || json_validate(&scan, arguments, JSON_STRICT));
		bool fits = schema_check(schema, arguments, &understood, why);
		if (fits != rows[i].fits || understood != rows[i].understood) {
			print_error("%s %s: %d %d %s\n", rows[i].schema, rows[i].arguments, fits,
				understood, why);
			fail();
		}
		assert_int_equal(fits, !why[0]);
		json_finish(&scan);
	}
}

/* Schemas that refer to themselves, or are very large, end. */
static void bounded_test(void **state)
{
	struct buf schema = { 0 }, value = { 0 };
	bool understood;
	char why[160];
	(void)state;
	buf_text(&schema, "{\"properties\":{\"a\":{\"anyOf\":[");
	for (int i = 0; i < 20; i++) {
		buf_text(&schema, "{\"anyOf\":[{\"$ref\":\"#/properties/a\"}]},");
	}
	buf_text(&schema, "{\"type\":\"null\"}]}}}");
	assert_true(schema_check(buf_view(&schema), SPAN("{\"a\":1}"), &understood, why));
	assert_false(understood);
	buf_clear(&schema);
	buf_text(&schema, "{\"properties\":{\"a\":{\"items\":{\"enum\":[0");
	buf_text(&value, "{\"a\":[0");
	for (int i = 0; i < 20000; i++) {
		buf_text(&schema, ",1");
		buf_text(&value, ",2");
	}
	buf_text(&schema, "]}}}}");
	buf_text(&value, "]}");
	assert_false(schema_check(buf_view(&schema), buf_view(&value), &understood, why));
	buf_finish(&schema);
	buf_finish(&value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_test),
		cmocka_unit_test(bounded_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
