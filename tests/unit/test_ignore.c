/* Lines of gitignore files: a table of single ones, and many generated ones against git itself. */
#include "config.h"

#include "core/ignore.h"
#include "tests/unit/git_world.h"

static const struct {
	const char *text, *path;
	bool directory;
	enum ignore_answer answer;
} single[] = {
	{ "", "a", false, IGNORE_NONE },
	{ "a", "a", false, IGNORE_YES },
	{ "a\r\n", "a", false, IGNORE_YES },
	{ "\xef\xbb\xbf"
	  "a",
		"a", false, IGNORE_YES },
	{ "# a\n#a", "#a", false, IGNORE_NONE },
	{ "\\#a", "#a", false, IGNORE_YES },
	{ "!a", "a", false, IGNORE_NO },
	{ "a\n!a", "a", false, IGNORE_NO },
	{ "!a\na", "a", false, IGNORE_YES },
	{ "\\!a", "!a", false, IGNORE_YES },
	{ "a   ", "a", false, IGNORE_YES },
	{ "a\\ ", "a ", false, IGNORE_YES },
	{ "a\\ ", "a", false, IGNORE_NONE },
	{ "a b ", "a b", false, IGNORE_YES },
	{ "a/", "a", false, IGNORE_NONE },
	{ "a/", "a", true, IGNORE_YES },
	{ "a", "x/a", false, IGNORE_YES },
	{ "/a", "x/a", false, IGNORE_NONE },
	{ "/a", "a", false, IGNORE_YES },
	{ "x/a", "y/x/a", false, IGNORE_NONE },
	{ "x/a", "x/a", false, IGNORE_YES },
	{ "*.o", "x/y.o", false, IGNORE_YES },
	{ "*.o", ".o", false, IGNORE_YES },
	{ "*.o", "y.oo", false, IGNORE_NONE },
	{ "x/*.o", "x/y/z.o", false, IGNORE_NONE },
	{ "x/**/z", "x/z", false, IGNORE_YES },
	{ "x/**/z", "x/a/b/z", false, IGNORE_YES },
	{ "x/**", "x/a/b", false, IGNORE_YES },
	{ "x/**", "x", true, IGNORE_NONE },
	{ "**/z", "z", false, IGNORE_YES },
	{ "**/z", "a/b/z", false, IGNORE_YES },
	{ "[ab]", "b", false, IGNORE_YES },
	{ "[!ab]", "b", false, IGNORE_NONE },
	{ "[a-c]x", "bx", false, IGNORE_YES },
	{ "[[:digit:]]", "5", false, IGNORE_YES },
	{ "[[:foo:]]", "5", false, IGNORE_NONE },
	{ "[", "[", false, IGNORE_NONE },
	{ "[]a]", "]", false, IGNORE_YES },
	{ "a?c", "abc", false, IGNORE_YES },
	{ "x/a?c", "x/a/c", false, IGNORE_NONE },
	{ "\\", "\\", false, IGNORE_NONE },
	{ "A", "a", false, IGNORE_NONE },
	{ "/", "a", true, IGNORE_NONE },
	{ "?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false,
		IGNORE_UNKNOWN },
};

static void single_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(single); i++) {
		enum ignore_answer have = ignore_match(
			span_of(single[i].text), span_of(single[i].path), single[i].directory);
		if (have != single[i].answer) {
			print_error(
				"'%s' of '%s': %d\n", single[i].text, single[i].path, (int)have);
		}
		assert_int_equal(have, single[i].answer);
	}
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 12;
}

static void add_some(
	struct buf *out, uint32_t *seed, const char *const *pieces, size_t count, unsigned most)
{
	unsigned n = 1 + next(seed) % most;
	for (unsigned i = 0; i < n; i++) {
		buf_text(out, pieces[next(seed) % count]);
	}
}

static void add_path(struct buf *out, uint32_t *seed)
{
	static const char *const names[] = { "a", "b", "ab", "ba", "a.o", ".o", "-", "]", "a b" };
	unsigned n = 1 + next(seed) % 4;
	for (unsigned i = 0; i < n; i++) {
		buf_text(out, i ? "/" : "");
		add_some(out, seed, names, COUNT_OF(names), 2);
	}
}

/* Would the path be ignored by this one file at the top? Parents first, as git asks. */
static bool is_ignored(struct span text, const char *path)
{
	for (const char *at = path; at; at++) {
		const char *end = strchr(at, '/');
		size_t n = end ? (size_t)(end - path) : strlen(path);
		if (ignore_match(text, (struct span){ path, n }, end != NULL) == IGNORE_YES) {
			return true;
		}
		if (!end) {
			return false;
		}
		at = end;
	}
	return false;
}

/* git names the paths that it ignores, each once, in the order they were given. */
static void compare(struct span text, struct buf *paths, struct buf *ignored)
{
	char *rest = buf_cstr(paths), *line, *said = buf_cstr(ignored);
	while ((line = strsep(&rest, "\n")) && line[0]) {
		size_t n = strlen(line);
		bool theirs = strncmp(said, line, n) == 0 && said[n] == '\n';
		bool ours = is_ignored(text, line);
		if (ours != theirs) {
			print_error("'%s': git %d, we %d, by:\n%.*s\n", line, theirs, ours,
				SPAN_FMT(text));
		}
		assert_int_equal(ours, theirs);
		said += theirs ? n + 1 : 0;
	}
}

static void oracle_test(void **state)
{
	struct git_world *w = *state;
	static const char *const pieces[] = { "a", "b", "*", "**", "/", "?", "[ab]", "[!a]", ".o",
		"\\a", "-", "[a-", "]", "[[:alpha:]]", "**/", "/**", " ", "\\ ", "*/", "[^b]", "[]",
		"!" };
	uint32_t seed = 7;
	struct buf text = { 0 }, paths = { 0 }, ignored = { 0 };
	git_do(w, "", "init -q .");
	for (int round = 0; round < 60; round++) {
		buf_clear(&text);
		buf_clear(&paths);
		for (int i = 0; i < 4; i++) {
			add_some(&text, &seed, pieces, COUNT_OF(pieces), 6);
			buf_char(&text, '\n');
		}
		for (int i = 0; i < 60; i++) {
			add_path(&paths, &seed);
			buf_char(&paths, '\n');
		}
		world_file(w, ".gitignore", buf_cstr(&text));
		assert_true(git_run(w, "", "check-ignore --no-index --stdin", buf_view(&paths),
				    &ignored) <= 1);
		compare(buf_view(&text), &paths, &ignored);
	}
	buf_finish(&text);
	buf_finish(&paths);
	buf_finish(&ignored);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_test),
		cmocka_unit_test_setup_teardown(oracle_test, world_set_up, world_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
