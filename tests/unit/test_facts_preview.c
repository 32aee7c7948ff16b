/* What of the disk a person is shown before deciding. */
#include "config.h"

#include "tests/unit/place.h"

/* What a person is shown: small regular text, or a word why not. */
static void preview_test(void **state)
{
	struct place *p = *state;
	static const struct {
		const char *path, *words;
	} rows[] = {
		{ "scope/file",
			"\"state\":\"file\",\"size\":5,\"mode\":384,\"text\":\"12345\","
			"\"replaced\":false,\"hash\":\"5994471a" },
		{ "scope/empty", "\"size\":0,\"mode\":384,\"text\":\"\"" },
		{ "scope/none", "\"state\":\"absent\",\"size\":0}" },
		{ "scope/none/deeper", "\"state\":\"absent\"" },
		{ "scope/pipe", "\"state\":\"special\"" },
		{ "scope/sub", "\"state\":\"directory\"" },
		{ "scope/link", "\"state\":\"link\",\"size\":0,\"link\":\"file\"}" },
		{ "scope/large",
			"\"state\":\"large\",\"size\":1048577,\"mode\":384,\"bytes\":\"0000" },
		{ "scope/full", "\"state\":\"file\",\"size\":1048576," },
	};
	char *pipe = at(p, "scope/pipe"), *large = at(p, "scope/large");
	struct buf text = { 0 };
	fill_text(&text, 'x', 1 << 20);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	make(p, "scope/empty", "");
	make(p, "scope/large", "");
	assert_int_equal(truncate(large, (1 << 20) + 1), 0);
	make(p, "scope/full", buf_cstr(&text));
	make_link(p, "file", "scope/link");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *path = at(p, rows[i].path), arg[] = "path";
		struct effect effect = { .arg = arg, .given = path, .fact = { .path = path } };
		struct jsonw w = jw_start(&text);
		struct json_scan scan = { 0 };
		buf_clear(&text);
		facts_preview(&effect, 1 << 20, &w);
		assert_true(json_validate(&scan, buf_view(&text), JSON_STRICT));
		assert_non_null(strstr(buf_cstr(&text), rows[i].words));
		json_finish(&scan);
		free(path);
	}
	buf_finish(&text);
	free(pipe);
	free(large);
}

/* Bytes that are no text are said to be so; foreign encodings come as what a JSON text can hold. */
static void binary_test(void **state)
{
	struct place *p = *state;
	char *path = at(p, "scope/odd"), arg[] = "path";
	struct effect effect = { .arg = arg, .given = path, .fact = { .path = path } };
	struct buf out = { 0 };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "a\xff\033b", 4), 4);
	struct jsonw w = jw_start(&out);
	facts_preview(&effect, 1 << 20, &w);
	assert_non_null(
		strstr(buf_cstr(&out), "\"text\":\"a\xef\xbf\xbd\\u001bb\",\"replaced\":true"));
	assert_int_equal(write(fd, "\0", 1), 1);
	buf_clear(&out);
	w = jw_start(&out);
	facts_preview(&effect, 1 << 20, &w);
	assert_non_null(strstr(buf_cstr(&out),
		"\"state\":\"binary\",\"size\":5,\"mode\":384,\"bytes\":\"61ff1b6200\",\"hash\":"
		"\""));
	effect.fact.path = NULL;
	buf_clear(&out);
	w = jw_start(&out);
	facts_preview(&effect, 1 << 20, &w);
	assert_non_null(strstr(buf_cstr(&out), "\"path\":null,"));
	assert_non_null(strstr(buf_cstr(&out), "\"state\":\"unreadable\""));
	buf_finish(&out);
	close(fd);
	free(path);
}

static struct hash mark(const struct effect *effect)
{
	struct hash_run run;
	hash_begin(&run);
	facts_preview_mark(effect, &run);
	return hash_end(&run);
}

/* The mark is another one whenever the file is, also where size and times were put back. */
static void mark_test(void **state)
{
	struct place *p = *state;
	char *path = at(p, "scope/file"), *other = at(p, "scope/other"), arg[] = "path";
	struct effect effect = { .arg = arg, .given = path, .fact = { .path = path } };
	const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	struct hash before = mark(&effect), now = mark(&effect);
	assert_true(hash_same(&before, &now));
	make(p, "scope/other", "54321");
	assert_int_equal(utimensat(AT_FDCWD, other, old, 0), 0);
	assert_int_equal(rename(other, path), 0);
	now = mark(&effect);
	assert_false(hash_same(&before, &now));
	before = now;
	assert_int_equal(chmod(path, 0700), 0);
	now = mark(&effect);
	assert_false(hash_same(&before, &now));
	assert_int_equal(unlink(path), 0);
	before = mark(&effect);
	assert_false(hash_same(&before, &now));
	free(path);
	free(other);
}

/* What is in a directory that would go: no link is followed. */
static void tree_test(void **state)
{
	struct place *p = *state;
	char *dir = at(p, "scope/gone"), *inner = at(p, "scope/gone/in"),
	     *link = at(p, "scope/gone/link"), arg[] = "path";
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(mkdir(inner, 0700), 0);
	assert_int_equal(symlink("/", link), 0);
	make(p, "scope/gone/a", "12345");
	make(p, "scope/gone/in/b", "123");
	struct effect effect = {
		.kind = EFFECT_DELETE, .arg = arg, .given = dir, .fact = { .path = dir }
	};
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	struct json_scan scan = { 0 };
	facts_preview(&effect, 1 << 20, &w);
	assert_true(json_validate(&scan, buf_view(&out), JSON_STRICT));
	assert_non_null(strstr(buf_cstr(&out),
		"\"tree\":{\"files\":3,\"directories\":1,\"bytes\":8,\"cut\":false,\"names\":["));
	assert_non_null(strstr(buf_cstr(&out), "\"in/b\""));
	json_finish(&scan);
	buf_clear(&out);
	effect.kind = EFFECT_WRITE; /* a write does not ask for it */
	w = jw_start(&out);
	facts_preview(&effect, 1 << 20, &w);
	assert_null(strstr(buf_cstr(&out), "\"tree\""));
	buf_finish(&out);
	char *const all[] = { dir, inner, link };
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		free(all[i]);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(preview_test),
		T(binary_test),
		T(mark_test),
		T(tree_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
