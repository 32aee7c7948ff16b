/* What a path means that is not absolute: seen from where, by whom; and where links would point. */
#include "config.h"

#include "tests/unit/facts_world.h"

static void make_link(const struct facts_world *w, const char *target, const char *rest)
{
	char *path = world_at(&w->git, rest);
	assert_int_equal(symlink(target, path), 0);
	free(path);
}

static const struct {
	const char *given, *base;
	unsigned part;
	const char *words;
} seen_from[] = {
	{ "file", "@scope", 0, "in file /scope/file" },
	{ "file", "@scope/", 0, "in file /scope/file" },
	{ "./file", "@scope", 0, "in file /scope/file" },
	{ ".", "@scope", 0, "in directory /scope" },
	{ "sub/../file", "@scope", 0, "in file /scope/file" },
	{ "../file", "@scope/sub", 1, "in file /scope/file" },
	{ "file", "@scope/sub/..", 1, "in file /scope/file" },
	{ "new", "@scope/sub/..", 1, "in absent /scope/new" },
	{ "../out/secret", "@scope", 1, "out file /out/secret" },
	{ "secret", "@out", 1, "out file /out/secret" },
	{ "file", "", 1, "unknown" },
	{ "file", "scope", 1, "unknown" },
	{ "", "@scope", 1, "unknown" },
	{ "file", "scope:", 0, "in file /scope/file" },
	{ "../out/secret", "scope:", 0, "out file /out/secret" },
	{ "a/b/new", "scope:", 0, "in absent /scope/a/b/new" },
	/* links on the way to where we are */
	{ "../file", "@scope/away", 1, "unknown" },
	{ "../secret", "@scope/away", 1, "unknown" },
	/* what a server may read in its own way, and a shell has read already */
	{ "~", "@scope", 0, "unknown" },
	{ "~/x", "@scope", 0, "unknown" },
	{ "file:x", "@scope", 0, "unknown" },
	{ "file:x", "@scope", 1, "in absent /scope/file:x" },
	{ "http://x/y", "@scope", 0, "unknown" },
	{ "%2e%2e/x", "@scope", 0, "unknown" },
	{ "%2e%2e/x", "@scope", 1, "in absent /scope/%2e%2e/x" },
	{ "a\\b", "@scope", 0, "unknown" },
	{ "a\\b", "@scope", 1, "in absent /scope/a\\b" },
	{ "$HOME", "@scope", 0, "unknown" },
	{ "$HOME", "@scope", 1, "in absent /scope/$HOME" },
	{ " file", "@scope", 0, "unknown" },
	{ "\"file\"", "@scope", 0, "unknown" },
	{ "a\tb", "@scope", 1, "unknown" },
	{ "a\nb", "@scope", 1, "unknown" },
	/* home */
	{ "~", "@scope", 1, "out directory /home" },
	{ "~/x", "@scope", 1, "out absent /home/x" },
	{ "~/x", "", 1, "unknown" },
	{ "~root/x", "@scope", 1, "unknown" },
	{ "x", "~", 1, "out absent /home/x" },
	{ "x", "~", 0, "unknown" },
};

static void seen_from_test(void **state)
{
	struct facts_world *w = *state;
	world_file(&w->git, "scope/file", "f");
	world_dir(&w->git, "scope/sub");
	world_dir(&w->git, "out/deep");
	make_link(w, "../out/deep", "scope/away");
	for (size_t i = 0; i < COUNT_OF(seen_from); i++) {
		struct effects effects = facts_one(w, EFFECT_READ, seen_from[i].given, "", "",
			seen_from[i].base, seen_from[i].part);
		char *have = fact_words(w, &effects.list[0].fact);
		if (strcmp(have, seen_from[i].words) != 0) {
			print_error("row %zu: '%s' from '%s': %s\n", i, seen_from[i].given,
				seen_from[i].base, have);
		}
		assert_string_equal(have, seen_from[i].words);
		free(have);
		effects_finish(&effects);
	}
}

/* A server resolves against the one directory that it may use, only if that is also where it
 * runs. */
static void scope_base_test(void **state)
{
	struct facts_world *w = *state;
	struct err err;
	char *scope = world_at(&w->git, "scope"), *out = world_at(&w->git, "out");
	char *both[] = { scope, out, NULL };
	world_file(&w->git, "scope/file", "f");
	assert_int_equal(chdir(out), 0);
	for (size_t count = 1; count <= 2; count++) {
		facts_finish(&w->facts);
		assert_true(facts_init(&w->facts, both, count, NULL, &err));
		struct effects effects = facts_one(w, EFFECT_READ, "file", "", "", "scope:", 0);
		assert_null(effects.list[0].fact.path);
		effects_finish(&effects);
		assert_int_equal(chdir(scope), 0);
	}
	free(scope);
	free(out);
}

/* Another $HOME than the user's own makes "~" mean we do not know what. */
static void home_test(void **state)
{
	struct facts_world *w = *state;
	char *out = world_at(&w->git, "out");
	setenv("HOME", out, 1);
	facts_start(w);
	struct effects effects = facts_one(w, EFFECT_READ, "~/x", "", "", "@scope", 1);
	assert_null(effects.list[0].fact.path);
	effects_finish(&effects);
	free(out);
}

/* What a command takes away is the link; what it writes to is what the link leads to. */
static void leaf_test(void **state)
{
	struct facts_world *w = *state;
	static const struct {
		enum effect_kind kind;
		const char *how, *given;
		unsigned part;
		const char *words;
	} rows[] = {
		{ EFFECT_DELETE, "file", "out_link", 1, "in file /scope/out_link" },
		{ EFFECT_DELETE, "tree", "dir_link", 1, "in file /scope/dir_link" },
		{ EFFECT_DELETE, "tree", "dir_link/", 1, "out directory /out" },
		{ EFFECT_DELETE, "tree", "dir_link/.", 1, "out directory /out" },
		{ EFFECT_DELETE, "file", "dir_link/secret", 1, "out file /out/secret" },
		{ EFFECT_DELETE, "file", "dangling", 1, "in file /scope/dangling" },
		{ EFFECT_DELETE, "file", "out_link", 0, "out file /out/secret" },
		{ EFFECT_DELETE, "file", "none", 1, "in absent /scope/none" },
		{ EFFECT_WRITE, "away", "out_link", 1, "in file /scope/out_link" },
		{ EFFECT_WRITE, "replace", "out_link", 1, "out file /out/secret" },
		{ EFFECT_WRITE, "edit", "out_link", 1, "out file /out/secret" },
		{ EFFECT_WRITE, "mode", "out_link", 1, "out file /out/secret" },
		{ EFFECT_WRITE, "replace", "dangling", 1, "unknown" },
		{ EFFECT_WRITE, "mkdir", "new/", 1, "in absent /scope/new" },
		{ EFFECT_WRITE, "mkdir", "a/b/c", 1, "in absent /scope/a/b/c" },
		{ EFFECT_WRITE, "mkdir", "out_link/", 1, "unknown" },
		{ EFFECT_WRITE, "mkdir", "dir_link/", 1, "out directory /out" },
		{ EFFECT_WRITE, "mkdir", "dir_link/a/b", 1, "out absent /out/a/b" },
		{ EFFECT_WRITE, "replace", "new/", 1, "unknown" },
	};
	make_link(w, "../out/secret", "scope/out_link");
	make_link(w, "../out", "scope/dir_link");
	make_link(w, "nowhere", "scope/dangling");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = facts_one(
			w, rows[i].kind, rows[i].given, rows[i].how, "", "@scope", rows[i].part);
		char *have = fact_words(w, &effects.list[0].fact);
		if (strcmp(have, rows[i].words) != 0) {
			print_error("row %zu: %s %s: %s\n", i, rows[i].how, rows[i].given, have);
		}
		assert_string_equal(have, rows[i].words);
		free(have);
		effects_finish(&effects);
	}
}

static void target_test(void **state)
{
	struct facts_world *w = *state;
	static const struct {
		const char *given, *word, *target; /* target: below the base, "" for outside */
	} rows[] = {
		{ "l", "file", "/scope/file" },
		{ "l", "@scope/file", "/scope/file" },
		{ "l", "none", "/scope/none" },
		{ "sub/l", "../file", "/scope/file" },
		{ "sub", "inner", "/scope/sub/inner" }, /* would lie in it */
		{ "l", "../out/secret", "" },
		{ "l", "@out/secret", "" },
		{ "l", "/etc/passwd", "" },
		{ "l", "~/x", "" },
		{ "l", "dir_link/secret", "" },
		{ "l", "", "" },
		/* a hard link would be to another file */
		{ "sub/l", "twice", "" },
		{ "sub/l", "sub/none", "/scope/sub/sub/none" },
	};
	world_file(&w->git, "scope/file", "f");
	world_file(&w->git, "scope/twice", "f");
	world_file(&w->git, "scope/sub/twice", "f");
	world_file(&w->git, "scope/sub/inner", "f");
	make_link(w, "../out", "scope/dir_link");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = facts_one(
			w, EFFECT_WRITE, rows[i].given, "link", rows[i].word, "@scope", 1);
		char *want = rows[i].target[0] ? world_at(&w->git, rows[i].target + 1)
					       : xstrdup("");
		const char *have = effects.list[0].fact.more;
		if (!have || strcmp(have, want) != 0) {
			print_error("row %zu: %s\n", i, have ? have : "(null)");
		}
		assert_non_null(have);
		assert_string_equal(have, want);
		free(want);
		effects_finish(&effects);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(seen_from_test),
		FACTS_TEST(scope_base_test),
		FACTS_TEST(home_test),
		FACTS_TEST(leaf_test),
		FACTS_TEST(target_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
