/* Hashes against published values, and which requests count as the same. */
#include "config.h"

#include "core/canon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_hex(struct hash hash, const char *expected)
{
	char hex[HASH_HEX + 1];
	hash_hex(&hash, hex);
	assert_string_equal(hex, expected);
}

#define SHA_EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SHA_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void sha_test(void **state)
{
	(void)state; /* FIPS 180-4's examples */
	assert_hex(hash_of(SPAN("")), SHA_EMPTY);
	assert_hex(hash_of((struct span){ NULL, 0 }), SHA_EMPTY);
	assert_hex(hash_of(SPAN("abc")), SHA_ABC);
}

static struct hash parts(struct span a, struct span b)
{
	struct hash_run run;
	hash_begin(&run);
	hash_part(&run, a);
	hash_part(&run, b);
	return hash_end(&run);
}

static void parts_test(void **state)
{
	(void)state;
	struct hash one = parts(SPAN("ab"), SPAN("c")), other = parts(SPAN("a"), SPAN("bc"));
	struct hash framed = hash_of(SPAN("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c"));
	struct hash absent = parts((struct span){ NULL, 0 }, SPAN("c"));
	struct hash empty = parts(SPAN(""), SPAN("c"));
	assert_false(hash_same(&one, &other));
	assert_true(hash_same(&one, &framed));
	assert_true(hash_same(&absent, &empty));
}

static void keyed_test(void **state)
{
	(void)state;
	struct hash key, plain, out;
	memset(key.byte, 0x0b, sizeof(key.byte));
	memset(plain.byte, 'x', sizeof(plain.byte));
	hash_keyed(key.byte, plain.byte, out.byte);
	assert_hex(out, "ad6c1f81eaed84d31d5a2399d9d96a2227dd57f51bdc728b03237bd1cc7b70de");
}

static void hex_test(void **state)
{
	(void)state;
	char hex[HASH_HEX + 1];
	struct hash hash = hash_of(SPAN("abc")), back = { { 0 } };
	hash_hex(&hash, hex);
	assert_true(hash_from_hex(span_of(hex), &back));
	assert_true(hash_same(&hash, &back));
	back.byte[HASH_BYTES - 1] ^= 1;
	assert_false(hash_same(&hash, &back));
	assert_false(hash_from_hex((struct span){ hex, HASH_HEX - 1 }, &back));
	assert_false(hash_from_hex((struct span){ NULL, 0 }, &back));
	hex[5] = 'g';
	assert_false(hash_from_hex(span_of(hex), &back));
	hex[5] = 'A'; /* one spelling only, so that texts can be compared as well */
	assert_false(hash_from_hex(span_of(hex), &back));
}

static struct hash canon_of(struct span json)
{
	struct hash_run run;
	hash_begin(&run);
	canon_hash(&run, json);
	return hash_end(&run);
}

static const char *const same[][2] = {
	{ "{\"a\":1,\"b\":2}", "{ \"b\" : 2 ,\t\"a\" : 1 }" },
	{ "{\"a\":{\"x\":1,\"y\":[1,2]},\"b\":2}", "{\"b\":2,\"a\":{\"y\":[1, 2],\"x\":1}}" },
	{ "\"a\"", "\"\\u0061\"" },
	{ "\"a/b\"", "\"a\\/b\"" },
	{ "\"\\n\"", "\"\\u000A\"" },
	{ "\"\xc3\xa9\"", "\"\\u00e9\"" },
	{ "\"\xf0\x9f\x98\x80\"", "\"\\ud83d\\uDE00\"" },
	{ "{\"\\u0062\":1,\"a\":2}", "{\"a\":2,\"b\":1}" },
	{ "{\"a\\u0062\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"ab\":1}" },
	{ "[ ]", "[]" },
	{ "{ }", "{}" },
};

static const char *const different[] = {
	"1",
	"1.0",
	"1e0",
	"-1",
	"\"1\"",
	"\"\"",
	"\"w\"",
	"null",
	"\"null\"",
	"true",
	"false",
	"[]",
	"{}",
	"[[]]",
	"[{}]",
	"[[],[]]",
	"[[[]]]",
	"[1,2]",
	"[2,1]",
	"[12]",
	"[\"12\"]",
	"[\"1\",\"2\"]",
	"[\"1\",2]",
	"[[1],2]",
	"[[1,2]]",
	"[1,[2]]",
	"[null]",
	"[\"\"]",
	"[\"\",\"\"]",
	"{\"a\":1}",
	"{\"A\":1}",
	"{\"a\":\"1\"}",
	"{\"a\":[1]}",
	"{\"a\":{}}",
	"{\"a\":null}",
	"{\"\":\"a\"}",
	"{\"a\":\"\"}",
	"[\"a\",1]",
	"[\"a\",\"\"]",
	"{\"a\":1,\"b\":2}",
	"{\"a\":2,\"b\":1}",
	"{\"a\":{\"b\":2}}",
	"{\"a\":{\"b\":1},\"c\":1}",
	"{\"a\":{\"b\":1,\"c\":1}}",
	"{\"ab\":1}",
	"\"ab\"",
	"\"a\\u0000b\"",
	"\"e\xcc\x81\"",
	"\"\xc3\xa9\"",
	"\"\xef\xbf\xbd\"",
	"\"\\\\n\"",
	"\"\\n\"",
	"9007199254740992",
	"9007199254740993",
	/* only a loose text has these */
	"\"\\ud800\"",
	"\"\\ud801\"",
	"\"\\\\ud800\"",
	"\"\xff\"",
	"\"\xfe\"",
	"\"\\n\xff\"",
	"\"\\n\xfe\"",
	"{\"a\":1,\"a\":2}",
	"{\"a\":2,\"a\":1}",
	"{\"\\ud800\":1}",
	"{\"\\ud801\":1}",
};

static void same_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		struct hash a = canon_of(span_of(same[i][0])), b = canon_of(span_of(same[i][1]));
		if (!hash_same(&a, &b)) {
			fail_msg("%s and %s differ", same[i][0], same[i][1]);
		}
	}
}

static void different_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(different); i++) {
		struct hash a = canon_of(span_of(different[i]));
		for (size_t j = 0; j < i; j++) {
			struct hash b = canon_of(span_of(different[j]));
			if (hash_same(&a, &b)) {
				fail_msg("%s and %s are the same", different[i], different[j]);
			}
		}
	}
}

/* What stands around a form in a run cannot be taken for a piece of it. */
static void neighbours_test(void **state)
{
	(void)state;
	struct hash_run run;
	struct hash nothing = canon_of((struct span){ NULL, 0 }), empty = hash_of(SPAN(""));
	assert_true(hash_same(&nothing, &empty));
	hash_begin(&run);
	canon_hash(&run, SPAN("1"));
	canon_hash(&run, SPAN("2"));
	struct hash one = hash_end(&run);
	hash_begin(&run);
	canon_hash(&run, SPAN("12"));
	struct hash other = hash_end(&run);
	assert_false(hash_same(&one, &other));
	hash_begin(&run);
	canon_hash(&run, SPAN("1"));
	hash_part(&run, SPAN("2"));
	other = hash_end(&run);
	assert_false(hash_same(&one, &other));
}

static void deep_and_wide_test(void **state)
{
	(void)state;
	struct buf up = { 0 }, down = { 0 };
	for (int i = 0; i < JSON_DEPTH_LOOSE; i++) {
		buf_char(&up, '[');
	}
	for (int i = 0; i < JSON_DEPTH_LOOSE; i++) {
		buf_char(&up, ']');
	}
	struct hash deep = canon_of(buf_view(&up)), flat = canon_of(SPAN("[]"));
	assert_false(hash_same(&deep, &flat));
	buf_clear(&up);
	for (int i = 0; i < 20000; i++) {
		buf_printf(&up, "%s\"k%d\":{\"x\":%d,\"y\":[]}", i ? "," : "{", i, i);
		buf_printf(&down, "%s\"\\u006b%d\":{\"y\":[],\"x\":%d}", i ? "," : "{", 19999 - i,
			19999 - i);
	}
	buf_char(&up, '}');
	buf_char(&down, '}');
	struct hash a = canon_of(buf_view(&up)), b = canon_of(buf_view(&down));
	assert_true(hash_same(&a, &b));
	buf_finish(&up);
	buf_finish(&down);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha_test),
		cmocka_unit_test(parts_test),
		cmocka_unit_test(keyed_test),
		cmocka_unit_test(hex_test),
		cmocka_unit_test(same_test),
		cmocka_unit_test(different_test),
		cmocka_unit_test(neighbours_test),
		cmocka_unit_test(deep_and_wide_test),
	};
	return cmocka_run_group_tests_name("canon", tests, NULL, NULL);
}
