/* A sandbox as data: which place wins, what is refused, and bubblewrap's words for it. */
#include "config.h"

#include "core/contain/sandbox.h"

#include "core/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PLACES = 6 };

struct place {
	const char *path;
	enum sandbox_access access;
	bool file;
};

/* Settles them, added forwards or backwards. */
static bool settle(struct sandbox *s, const struct place *places, bool backwards, struct err *err)
{
	size_t count = 0;
	while (count < PLACES && places[count].path) {
		count++;
	}
	for (size_t i = 0; i < count; i++) {
		const struct place *p = &places[backwards ? count - 1 - i : i];
		sandbox_add(s, p->path, p->access, p->file);
	}
	return sandbox_settle(s, err);
}

/* The words between /proc and "--", joined. */
static char *mounts(const struct sandbox *s)
{
	static const char *const command[] = { "in", "-x", NULL };
	char **words = sandbox_bwrap(s, "/b", "/c", command);
	struct buf out = { 0 };
	size_t i = 0;
	assert_string_equal(words[0], "/b");
	for (; strcmp(words[i], "/proc") != 0; i++) {
	}
	for (i++; strcmp(words[i], "--") != 0; i++) {
		buf_printf(&out, "%s%s", out.len ? " " : "", words[i]);
	}
	assert_string_equal(words[i + 1], "in");
	assert_string_equal(words[i + 2], "-x");
	assert_null(words[i + 3]);
	sandbox_free_words(words);
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

static const struct {
	struct place places[PLACES];
	bool network;
	const char *mounts; /* NULL: refused */
} rows[] = {
	{ { { NULL } }, false, "--unshare-net --chdir /c" },
	{ { { NULL } }, true, "--chdir /c" },
	{ { { "/w", SANDBOX_WRITE, false } }, true, "--bind /w /w --chdir /c" },
	/* what lies inside comes after what holds it, though "-" is before "/" */
	{ { { "/w/a", SANDBOX_READ, true }, { "/w-b", SANDBOX_WRITE, false },
		  { "/w", SANDBOX_WRITE, false } },
		true, "--bind /w /w --bind /w-b /w-b --ro-bind /w/a /w/a --chdir /c" },
	/* a directory that could be renamed would take what is protected along */
	{ { { "/w", SANDBOX_WRITE, false }, { "/w/.git/x/hooks", SANDBOX_READ, false } }, true,
		"--bind /w /w --bind /w/.git /w/.git --bind /w/.git/x /w/.git/x "
		"--ro-bind /w/.git/x/hooks /w/.git/x/hooks --chdir /c" },
	{ { { "/tmp", SANDBOX_PRIVATE, false }, { "/tmp/w", SANDBOX_WRITE, false } }, true,
		"--tmpfs /tmp --bind /tmp/w /tmp/w --chdir /c" },
	/* the name of what is not there anyway does not show */
	{ { { "/tmp", SANDBOX_PRIVATE, false }, { "/tmp/s", SANDBOX_HIDDEN, false } }, true,
		"--tmpfs /tmp --chdir /c" },
	{ { { "/h", SANDBOX_HIDDEN, false }, { "/h/s", SANDBOX_HIDDEN, true } }, true,
		"--tmpfs /h --remount-ro /h --chdir /c" },
	{ { { "/h", SANDBOX_HIDDEN, true } }, true, "--ro-bind /dev/null /h --chdir /c" },
	/* hidden is hidden, whoever names it */
	{ { { "/h", SANDBOX_WRITE, false }, { "/h", SANDBOX_HIDDEN, false } }, true,
		"--tmpfs /h --remount-ro /h --chdir /c" },
	{ { { "/h", SANDBOX_HIDDEN, false }, { "/h/x", SANDBOX_WRITE, false } }, true, NULL },
	{ { { "/h", SANDBOX_HIDDEN, false }, { "/h/x", SANDBOX_READ, false } }, true, NULL },
	{ { { "/h", SANDBOX_HIDDEN, false }, { "/hx", SANDBOX_WRITE, false } }, true,
		"--tmpfs /h --bind /hx /hx --remount-ro /h --chdir /c" },
	/* a path is one word, whatever is in it */
	{ { { "/a b\n--bind", SANDBOX_WRITE, false } }, true,
		"--bind /a b\n--bind /a b\n--bind --chdir /c" },
};

static void places_become_mounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
		struct sandbox s = { .network = rows[i / 2].network };
		struct err err = { 0 };
		bool ok = settle(&s, rows[i / 2].places, i % 2, &err);
		assert_int_equal(ok, rows[i / 2].mounts != NULL);
		if (ok) {
			char *text = mounts(&s);
			assert_string_equal(text, rows[i / 2].mounts);
			free(text);
		} else {
			assert_non_null(strstr(err.text, "/h/x: lies in /h"));
		}
		sandbox_finish(&s);
	}
}

static void the_nearest_place_says(void **state)
{
	static const struct place places[PLACES] = { { "/tmp", SANDBOX_PRIVATE, false },
		{ "/tmp/w", SANDBOX_WRITE, false }, { "/tmp/w/.git/config", SANDBOX_READ, true },
		{ "/tmp/w/.env", SANDBOX_HIDDEN, true } };
	static const struct {
		const char *path;
		enum sandbox_access access;
	} asked[] = {
		{ "/", SANDBOX_READ },
		{ "/tmpfile", SANDBOX_READ },
		{ "/tmp/x", SANDBOX_PRIVATE },
		{ "/tmp/w", SANDBOX_WRITE },
		{ "/tmp/w/.git/index", SANDBOX_WRITE },
		{ "/tmp/w/.git/config", SANDBOX_READ },
		{ "/tmp/w/.env", SANDBOX_HIDDEN },
		{ "/tmp/w/.env2", SANDBOX_WRITE },
	};
	struct sandbox s = { 0 };
	(void)state;
	assert_true(settle(&s, places, false, NULL));
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		assert_int_equal(sandbox_access_of(&s, asked[i].path), asked[i].access);
	}
	assert_true(sandbox_has_below(&s, "/", SANDBOX_HIDDEN));
	assert_true(sandbox_has_below(&s, "/tmp/w", SANDBOX_READ));
	assert_false(sandbox_has_below(&s, "/tmp/w/.env", SANDBOX_HIDDEN));
	assert_false(sandbox_has_below(&s, "/tmp/w/.git", SANDBOX_HIDDEN));
	sandbox_finish(&s);
}

static void too_many_are_refused(void **state)
{
	struct sandbox s = { 0 };
	struct err err = { 0 };
	(void)state;
	for (int i = 0; i <= SANDBOX_PLACES_MAX; i++) {
		char *path = xasprintf("/w/%d", i);
		sandbox_add(&s, path, SANDBOX_READ, true);
		free(path);
	}
	assert_false(sandbox_settle(&s, &err));
	assert_non_null(strstr(err.text, "at most 2000"));
	sandbox_finish(&s);
}

static void bubblewrap_is_told_all_of_it(void **state)
{
	static const char *const needed[] = { "--unshare-user", "--unshare-pid", "--unshare-ipc",
		"--die-with-parent", "--cap-drop", "--dev", "--proc" };
	static const char *const none[] = { NULL };
	struct sandbox s = { 0 };
	(void)state;
	char **words = sandbox_bwrap(&s, "/b", "/", none);
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		assert_true(text_in(needed[i], (const char *const *)words));
	}
	sandbox_free_words(words);
}

static void little_of_the_environment_goes_inside(void **state)
{
	static const char *const named[] = { "MY_URL", NULL };
	static const struct {
		const char *name;
		bool kept, kept_if_named;
	} asked[] = {
		{ "PATH", true, true },
		{ "LC_ALL", true, true },
		{ "MY_URL", false, true },
		{ "MY_URL2", false, false },
		{ "GITHUB_TOKEN", false, false },
		{ "SSH_AUTH_SOCK", false, false },
		{ "LD_PRELOAD", false, false },
		{ "NODE_OPTIONS", false, false },
		{ "BASCULE_ROOT", false, false },
		{ "XDG_RUNTIME_DIR", false, false },
		{ "DBUS_SESSION_BUS_ADDRESS", false, false },
		{ "", false, false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct span name = span_of(asked[i].name);
		assert_int_equal(sandbox_keeps_variable(name, NULL), asked[i].kept);
		assert_int_equal(sandbox_keeps_variable(name, named), asked[i].kept_if_named);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(places_become_mounts),
		cmocka_unit_test(the_nearest_place_says), cmocka_unit_test(too_many_are_refused),
		cmocka_unit_test(bubblewrap_is_told_all_of_it),
		cmocka_unit_test(little_of_the_environment_goes_inside) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
