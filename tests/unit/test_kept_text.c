/* Texts as they are kept: cut where they are long, without the credentials in them; and the diff of
 * what a call would change. */
#include "config.h"

#include "core/bounded.h"
#include "core/policy/secret_mask.h"
#include "core/preview_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TOKEN \
	"ghp_" \
	"x7Kq2mVb9RtYw4LcZ8NpD3sHf6JgA1uEo5Ti"
#define OPEN "\xe2\x9f\xa8"
#define SHUT "\xe2\x9f\xa9"

static const unsigned char key[HASH_BYTES] = { 7 };

static int begin(void **state)
{
	*state = secrets_create(key, NULL);
	return *state ? 0 : -1;
}

static int end(void **state)
{
	secrets_destroy(*state);
	return 0;
}

/* ---- cutting ---- */

static void repeat(struct buf *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++) {
		buf_text(out, text);
	}
}

static void what_fits_is_whole(void **state)
{
	struct bounded b;
	size_t head_end, tail_from;
	(void)state;
	bounded_take(&b, SPAN("short"), 1024);
	bounded_keep(&b, 1024, &head_end, &tail_from);
	assert_true(bounded_is_whole(&b));
	assert_int_equal(head_end, 5);
	assert_int_equal(tail_from, 5);
	assert_int_equal(b.size, 5);
	bounded_finish(&b);
}

/* Copied whole because of the margins, and cut all the same. */
static void between_most_and_margin_it_is_cut(void **state)
{
	struct buf text = { 0 };
	struct bounded b;
	size_t head_end, tail_from;
	(void)state;
	repeat(&text, "x", 4096);
	bounded_take(&b, buf_view(&text), 1024);
	bounded_keep(&b, 1024, &head_end, &tail_from);
	assert_true(bounded_is_whole(&b));
	assert_int_equal(head_end, 768);
	assert_int_equal(tail_from, 4096 - 256);
	bounded_finish(&b);
	buf_finish(&text);
}

static void no_character_is_cut_in_two(void **state)
{
	(void)state;
	for (size_t lead = 0; lead < 4; lead++) {
		struct buf text = { 0 };
		struct bounded b;
		size_t head_end, tail_from;
		repeat(&text, "x", lead);
		repeat(&text, "\xf0\x9f\x8e\x89", 20000);
		bounded_take(&b, buf_view(&text), 1024);
		bounded_keep(&b, 1024, &head_end, &tail_from);
		assert_false(bounded_is_whole(&b));
		assert_int_equal((head_end - lead) % 4, 0);
		assert_true(head_end <= 768 && head_end > 764);
		assert_int_equal((b.tail.len - tail_from) % 4, 0);
		assert_int_equal((b.head.len - lead) % 4, 0);
		assert_int_equal(b.tail.len % 4, 0);
		assert_int_equal(b.size, text.len);
		bounded_finish(&b);
		buf_finish(&text);
	}
}

/* Bytes that are no text at all do not send it searching. */
static void garbage_is_cut_too(void **state)
{
	struct buf text = { 0 };
	struct bounded b;
	(void)state;
	repeat(&text, "\x80", 100000);
	bounded_take(&b, buf_view(&text), 1024);
	assert_true(b.head.len >= 768 + BOUNDED_MARGIN - 3);
	bounded_finish(&b);
	buf_finish(&text);
}

/* ---- marking ---- */

static char *marked(struct secrets *secrets, struct span text, size_t from, size_t to)
{
	struct buf out = { 0 };
	assert_true(secret_mark(secrets, key, text, from, to, &out));
	return buf_cstr(&out);
}

static void equal_ones_have_equal_marks(void **state)
{
	char *text = marked(*state, SPAN("a " TOKEN " b " TOKEN), 0, 1000);
	const char *first = strstr(text, OPEN "github-token:");
	assert_non_null(first);
	const char *second = strstr(first + 1, OPEN "github-token:");
	assert_non_null(second);
	assert_memory_equal(first, second, strlen(OPEN "github-token:123456" SHUT));
	assert_null(strstr(text, "ghp_"));
	free(text);
}

static void another_key_makes_another_mark(void **state)
{
	static const unsigned char other[HASH_BYTES] = { 8 };
	struct buf out = { 0 };
	char *text = marked(*state, SPAN(TOKEN), 0, 1000);
	assert_true(secret_mark(*state, other, SPAN(TOKEN), 0, 1000, &out));
	assert_string_not_equal(text, buf_cstr(&out));
	buf_finish(&out);
	free(text);
}

/* One that reaches over an end of the range is marked whole, and one outside is not there. */
static void a_range_cuts_none_in_two(void **state)
{
	struct span text = SPAN("0123456789" TOKEN "0123456789 " TOKEN "z");
	for (size_t to = 11; to < 50; to++) {
		char *head = marked(*state, text, 0, to);
		assert_memory_equal(head, "0123456789" OPEN, 13);
		assert_null(strstr(head, "ghp_"));
		free(head);
		char *tail = marked(*state, text, to, text.len);
		assert_null(strstr(tail, "x7Kq"));
		assert_null(strstr(tail, "o5Ti"));
		free(tail);
	}
	char *before = marked(*state, text, 0, 10);
	assert_string_equal(before, "0123456789");
	free(before);
}

static void a_key_is_marked_to_its_end(void **state)
{
	static const struct {
		const char *text, *before, *after;
	} rows[] = {
		{ "a -----BEGIN RSA PRIVATE KEY-----\nMIIEvQ\nabc\n-----END RSA PRIVATE "
		  "KEY-----\nb",
			"a ", "\nb" },
		{ "\"-----BEGIN PRIVATE KEY-----\\nMIIEvQ\\n-----END PRIVATE KEY-----\\n\"", "\"",
			"\\n\"" },
		{ "a -----BEGIN PRIVATE KEY-----\nMIIEvQ no end", "a ", "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = marked(*state, span_of(rows[i].text), 0, 1000);
		char *want = xasprintf("%s" OPEN "private-key:", rows[i].before);
		assert_memory_equal(text, want, strlen(want));
		assert_null(strstr(text, "MIIEvQ"));
		const char *rest = strstr(text, SHUT) + strlen(SHUT);
		assert_string_equal(rest, rows[i].after);
		free(want);
		free(text);
	}
}

/* More than one look finds. */
static void many_are_all_marked(void **state)
{
	struct buf many = { 0 };
	repeat(&many, TOKEN "\n", 500);
	char *text = marked(*state, buf_view(&many), 0, many.len);
	assert_null(strstr(text, "ghp_"));
	free(text);
	buf_finish(&many);
}

static void what_is_not_searched_is_not_kept(void **state)
{
	struct buf large = { 0 }, out = { 0 };
	repeat(&large, "0123456789abcde\n", 70000);
	assert_false(secret_mark(*state, key, buf_view(&large), 0, 10, &out));
	assert_int_equal(out.len, 0);
	buf_finish(&large);
}

static void an_environment_has_secrets_by_name(void **state)
{
	static const char environment[] =
		"PATH=/usr/bin:/bin\0HOME=/home/somebody\0SERVICE_TOKEN=marble-falcon-2089\0"
		"SESSION=unix:path=/run/user/1000/bus,guid=1234567890abcdef\0=odd\0"
		"API_KEY=short";
	secrets_know_environment(*state, (struct span){ environment, sizeof(environment) });
	char *text = marked(*state,
		SPAN("marble-falcon-2089 /home/somebody /run/user/1000/bus,guid=1234567890abcdef "
		     "short"),
		0, 1000);
	assert_memory_equal(text, OPEN "SERVICE_TOKEN:", 17);
	assert_non_null(strstr(text, SHUT " /home/somebody /run/user/1000/bus,guid="));
	free(text);
}

/* ---- diffs ---- */

static char *diff_of(const char *tool, const char *json)
{
	struct buf out = { 0 };
	preview_text(SPAN("filesystem"), span_of(tool), span_of(json), &out);
	return buf_cstr(&out);
}

static void a_changed_file_has_a_diff(void **state)
{
	(void)state;
	char *text = diff_of("write_file",
		"{\"params\":{\"name\":\"write_file\",\"arguments\":{\"path\":\"/w/a\","
		"\"content\":\"one\\nthree\\n\"}},\"files\":[{\"path\":\"/w/a\",\"given\":\"/w/a\","
		"\"kind\":\"write\",\"how\":\"replace\",\"state\":\"file\",\"text\":"
		"\"one\\ntwo\\n\"}]}");
	assert_string_equal(text, "--- /w/a\n+++ /w/a\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n");
	free(text);
}

static void a_new_file_comes_from_nothing(void **state)
{
	(void)state;
	char *text = diff_of("write_file",
		"{\"params\":{\"arguments\":{\"path\":\"/w/a\",\"content\":\"x\"}},"
		"\"files\":[{\"path\":\"/w/a\\n+++ b\",\"given\":\"/w/a\",\"kind\":\"write\","
		"\"how\":\"replace\",\"state\":\"absent\"}]}");
	assert_non_null(strstr(text, "--- /dev/null\n+++ /w/a\\x0a+++ b\n"));
	assert_non_null(strstr(text, "+x\n\\ No newline at end of file\n"));
	free(text);
}

static void what_changes_no_file_has_none(void **state)
{
	static const char *const rows[] = {
		"{}",
		"{\"params\":null,\"files\":[{\"path\":\"/w/a\",\"state\":\"file\"}]}",
		"{\"params\":{\"arguments\":{}},\"files\":[]}",
		"{\"params\":{\"arguments\":3},\"files\":[{}]}",
		"{\"params\":{\"arguments\":{}},\"files\":[1,\"x\",null]}",
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = diff_of("write_file", rows[i]);
		assert_string_equal(text, "");
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_whole),
		cmocka_unit_test(between_most_and_margin_it_is_cut),
		cmocka_unit_test(no_character_is_cut_in_two),
		cmocka_unit_test(garbage_is_cut_too),
		cmocka_unit_test(equal_ones_have_equal_marks),
		cmocka_unit_test(another_key_makes_another_mark),
		cmocka_unit_test(a_range_cuts_none_in_two),
		cmocka_unit_test(a_key_is_marked_to_its_end),
		cmocka_unit_test(many_are_all_marked),
		cmocka_unit_test(what_is_not_searched_is_not_kept),
		cmocka_unit_test(an_environment_has_secrets_by_name),
		cmocka_unit_test(a_changed_file_has_a_diff),
		cmocka_unit_test(a_new_file_comes_from_nothing),
		cmocka_unit_test(what_changes_no_file_has_none),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
