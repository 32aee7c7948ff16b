/* What the machine says about paths: inside or outside by the kernel's word, unknown wherever a
 * server may see another file than we do. Each test has a directory of its own: base/scope is the
 * scope, base/out is not. */
#include "config.h"

#include "ipc/facts.h"
#include "tests/unit/loop.h"
#include "tests/unit/place.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/un.h>

static bool start(struct place *p, const char *scope, const char *home)
{
	char *list[] = { (char *)(uintptr_t)scope, NULL };
	struct err err;
	facts_finish(&p->facts);
	return facts_init(&p->facts, list, scope != NULL, home, &err);
}

struct answer {
	struct effects effects;
	bool there;
};

static void on_done(void *data, struct effects *effects)
{
	struct answer *answer = data;
	answer->effects = *effects;
	answer->there = true;
}

/* The facts of one path, by the quick way and, if it gives up, by the other. */
static struct effects look(const struct place *p, const char *given, bool *quick)
{
	struct answer answer = { .there = false };
	effects_add(&answer.effects, EFFECT_READ, "path", given, "", "");
	bool fast = facts_gather(&p->facts, &answer.effects);
	if (!fast) {
		struct loop l;
		struct effects effects = answer.effects;
		loop_start(&l);
		facts_work(&l.uv, &p->facts, &effects, on_done, &answer);
		assert_null(effects.list);
		LOOP_UNTIL(&l, answer.there);
		loop_finish(&l);
	}
	if (quick) {
		*quick = fast;
	}
	return answer.effects;
}

/* `expected`: "in file PATH", "out absent PATH" or "unknown"; PATH below the base. */
static void check(const struct place *p, const char *given, const char *expected)
{
	char *full = given[0] == '@' ? at(p, given + 1) : xstrdup(given);
	struct effects effects = look(p, full, NULL);
	const struct fact *fact = &effects.list[0].fact;
	char *have = fact->path
		? xasprintf("%s %s %s", fact->inside ? "in" : "out", fact_state_name(fact->state),
			  strncmp(fact->path, p->base, strlen(p->base)) == 0
				  ? fact->path + strlen(p->base)
				  : fact->path)
		: xstrdup("unknown");
	if (strcmp(have, expected) != 0) {
		print_error("%s: %s, expected %s\n", full, have, expected);
		fail();
	}
	assert_true(fact->path || (!fact->inside && fact->state == FACT_UNKNOWN && !fact->ino));
	free(have);
	free(full);
	effects_finish(&effects);
}

static void plain_test(void **state)
{
	struct place *p = *state;
	assert_true(start(p, ".", NULL));
	check(p, "@scope/file", "in file /scope/file");
	check(p, "@scope//sub/../file", "in file /scope/file");
	check(p, "@scope/./file", "in file /scope/file");
	check(p, "@scope///file", "in file /scope/file");
	check(p, "@scope", "in directory /scope");
	check(p, "@scope/", "in directory /scope");
	check(p, "@scope/.", "in directory /scope");
	check(p, "@scope/sub/", "in directory /scope/sub");
	check(p, "@scope/file/", "unknown");
	check(p, "@scope/file/.", "unknown");
	check(p, "@out/secret", "out file /out/secret");
	check(p, "@scope/../out/secret", "out file /out/secret");
	check(p, "@scope/sub/../../out/secret", "out file /out/secret");
	check(p, "@scope/..", "out directory ");
	check(p, "@scope-not", "out absent /scope-not");
	check(p, "@out/../scope/file", "in file /scope/file");
	check(p, "/", "out directory /");
	check(p, "//", "out directory /");
}

static void absent_test(void **state)
{
	struct place *p = *state;
	assert_true(start(p, ".", NULL));
	check(p, "@scope/new", "in absent /scope/new");
	check(p, "@scope/sub/new", "in absent /scope/sub/new");
	check(p, "@scope/sub//new", "in absent /scope/sub/new");
	check(p, "@scope/new/", "unknown");
	check(p, "@scope/nodir/new", "in absent /scope/nodir/new");
	check(p, "@scope/nodir/a/./b//new", "in absent /scope/nodir/a/b/new");
	check(p, "@out/nodir/a/new", "out absent /out/nodir/a/new");
	check(p, "@scope/nodir/../new", "unknown");
	check(p, "@scope/nodir/a/../../new", "unknown");
	check(p, "@scope/sub/../new", "in absent /scope/new"); /* both ways */
	check(p, "@scope/sub/../nodir/new", "in absent /scope/nodir/new");
	check(p, "@scope/file/new", "unknown");
	check(p, "@scope/file/a/new", "unknown");
	check(p, "@out/new", "out absent /out/new");
	check(p, "/bascule-not-there", "out absent /bascule-not-there");
	check(p, "@scope/..new", "in absent /scope/..new");
}

/* What a server reads in its own way. */
static void strange_test(void **state)
{
	struct place *p = *state;
	static const char *const rows[] = { "", "file", "./file", "sub/../file", "~", "~/file",
		"~root/x", "file:///etc/passwd", "http://x/y", " /etc/passwd", "\"/etc/passwd\"",
		"\\etc", "C:\\x", "-", "." };
	assert_true(start(p, ".", NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		check(p, rows[i], "unknown");
	}
	make(p, "scope/~", "x");
	check(p, "~", "unknown");
	check(p, "@scope/~", "in file /scope/~");
	make(p, "scope/a..b", "x");
	check(p, "@scope/a..b", "in file /scope/a..b");
	make(p, "scope/...", "x");
	check(p, "@scope/...", "in file /scope/...");
	make(p, "scope/nl\n", "x");
	check(p, "@scope/nl\n", "unknown");
	make(p, "scope/a b", "x");
	check(p, "@scope/a b", "in file /scope/a b");
	static const char *const rewritten[] = { "@scope/file ", "@scope/%2e%2e/file",
		"@scope/sub%2Ffile", "@scope/sub\\file", "@scope/$HOME", "@scope/\x7f" };
	for (size_t i = 0; i < COUNT_OF(rewritten); i++) {
		check(p, rewritten[i], "unknown");
	}
}

static void links_test(void **state)
{
	struct place *p = *state;
	char *inside = at(p, "scope/file"), *secret = at(p, "out/secret");
	assert_true(start(p, ".", NULL));
	make_link(p, secret, "scope/abs_out");
	make_link(p, "../out/secret", "scope/rel_out");
	make_link(p, "../out", "scope/dir_out");
	make_link(p, "file", "scope/rel_in");
	make_link(p, inside, "scope/abs_in");
	make_link(p, inside, "out/back");
	make_link(p, "nowhere", "scope/dangling");
	make_link(p, "../out/nowhere", "scope/dangling_out");
	make_link(p, "loop", "scope/loop");
	check(p, "@scope/abs_out", "out file /out/secret");
	check(p, "@scope/rel_out", "out file /out/secret");
	check(p, "@scope/dir_out/secret", "out file /out/secret");
	check(p, "@scope/dir_out/new", "out absent /out/new");
	check(p, "@scope/dir_out", "out directory /out");
	check(p, "@scope/dir_out/", "out directory /out");
	check(p, "@scope/rel_in", "in file /scope/file");
	check(p, "@scope/abs_in", "in file /scope/file");
	check(p, "@out/back", "in file /scope/file");
	check(p, "@scope/dangling", "unknown");
	check(p, "@scope/dangling_out", "unknown");
	check(p, "@scope/dangling/new", "unknown");
	check(p, "@scope/dangling_out/a/new", "unknown");
	check(p, "@scope/dir_out/a/b/new", "out absent /out/a/b/new");
	check(p, "@scope/loop", "unknown");
	free(inside);
	free(secret);
}

/* ".." after a link: up from where it leads for the kernel, one name less for whoever collapses
 * text. */
static void dotdot_test(void **state)
{
	struct place *p = *state;
	assert_true(start(p, ".", NULL));
	make(p, "out/deep", NULL);
	make(p, "out/file", "outer");
	make(p, "scope/sub/deep", NULL);
	make_link(p, "../out/deep", "scope/away");
	make_link(p, "sub/deep", "scope/within");
	make_link(p, "sub", "scope/flat");
	check(p, "@scope/away/../file", "unknown"); /* /out/file or /scope/file */
	check(p, "@scope/away/../secret", "unknown"); /* /out/secret or nothing */
	check(p, "@scope/away/../new", "unknown");
	check(p, "@scope/within/../file", "unknown");
	check(p, "@scope/flat/../file", "in file /scope/file"); /* both ways */
	check(p, "@scope/sub/deep/../../file", "in file /scope/file");
	check(p, "@scope/away/..", "unknown");
	check(p, "@scope/file/../file", "unknown");
	check(p, "@scope/../../../../../../../../../etc/hostname", "out file /etc/hostname");
}

static void special_test(void **state)
{
	struct place *p = *state;
	char *pipe = at(p, "scope/pipe"), *name = at(p, "scope/sock");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	assert_true(start(p, ".", NULL));
	assert_int_equal(mkfifo(pipe, 0600), 0);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", name);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	make_link(p, "/dev/null", "scope/null");
	make_link(p, "/proc/self/environ", "scope/environ");
	make_link(p, "/proc/self/cwd/file", "scope/magic");
	check(p, "@scope/pipe", "in special /scope/pipe");
	check(p, "@scope/sock", "in special /scope/sock");
	check(p, "@scope/null", "out special /dev/null");
	check(p, "/dev/null", "out special /dev/null");
	check(p, "/proc/self/cwd/file", "unknown");
	check(p, "/proc/self/cwd/new", "unknown");
	check(p, "/proc/self/root/etc/passwd", "unknown");
	check(p, "/proc/self/fd/0", "unknown");
	check(p, "/proc/self/exe", "unknown");
	check(p, "@scope/magic", "unknown");
	char *expected = xasprintf("out file /proc/%d/environ", (int)getpid());
	check(p, "@scope/environ", expected);
	close(fd);
	free(expected);
	free(pipe);
	free(name);
}

static void numbers_test(void **state)
{
	struct place *p = *state;
	char *one = at(p, "scope/file"), *two = at(p, "scope/second"), *sub = at(p, "scope/sub");
	struct stat st;
	bool quick = false;
	assert_true(start(p, ".", NULL));
	assert_int_equal(link(one, two), 0);
	assert_int_equal(stat(one, &st), 0);
	struct effects a = look(p, one, &quick), b = look(p, two, NULL), d = look(p, sub, NULL);
	assert_true(quick); /* local and inside: no thread is asked */
	assert_int_equal(a.list[0].fact.links, 2);
	assert_int_equal(a.list[0].fact.size, 5);
	assert_int_equal(a.list[0].fact.ino, st.st_ino);
	assert_int_equal(a.list[0].fact.mtime_us,
		(int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000);
	assert_int_equal(a.list[0].fact.ino, b.list[0].fact.ino);
	/* a directory is what it is, whatever happens in it */
	assert_int_equal(d.list[0].fact.size, 0);
	assert_int_equal(d.list[0].fact.mtime_us, 0);
	effects_finish(&a);
	effects_finish(&b);
	effects_finish(&d);
	free(one);
	free(two);
	free(sub);
}

/* Sizes and times beyond what the wire carries must still come across. */
static void far_test(void **state)
{
	struct place *p = *state;
	char *path = at(p, "scope/far");
	static const int64_t seconds[] = { 0, 4102444800, 99999999999, -99999999999 };
	assert_true(start(p, ".", NULL));
	make_file(path, "");
	for (size_t i = 0; i < COUNT_OF(seconds); i++) {
		struct timespec times[2] = { { .tv_sec = seconds[i] }, { .tv_sec = seconds[i] } };
		struct buf json = { 0 };
		struct jsonw w = jw_start(&json);
		struct effects back;
		struct err err;
		utimensat(AT_FDCWD, path, times, 0);
		(void)!truncate(path, INT64_MAX / 2); /* where the file system can */
		struct effects effects = look(p, path, NULL);
		effects_write(&effects, &w);
		assert_true(effects_read(&back, buf_view(&json), &err));
		effects_finish(&effects);
		effects_finish(&back);
		buf_finish(&json);
	}
	free(path);
}

static void long_test(void **state)
{
	struct place *p = *state;
	assert_true(start(p, ".", NULL));
	for (size_t n = 1000; n <= 8000; n += 1000) {
		struct buf path = { 0 };
		buf_text(&path, p->base);
		buf_text(&path, "/scope");
		while (path.len + 7 < n) {
			buf_text(&path, "/.");
		}
		buf_text(&path, "/file");
		check(p, buf_cstr(&path), path.len < 4096 ? "in file /scope/file" : "unknown");
		buf_finish(&path);
	}
	struct buf name = { 0 };
	buf_text(&name, "@scope/");
	for (int i = 0; i < 300; i++) {
		buf_char(&name, 'n');
	}
	check(p, buf_cstr(&name), "unknown");
	buf_finish(&name);
}

/* Between two looks a directory turns into a link: the second must not say the same. */
static void swap_test(void **state)
{
	struct place *p = *state;
	char *file = at(p, "scope/dir/secret"), *dir = at(p, "scope/dir");
	assert_true(start(p, ".", NULL));
	make(p, "scope/dir", NULL);
	make(p, "scope/dir/secret", "x");
	struct effects before = look(p, file, NULL), again = look(p, file, NULL);
	struct hash one = effects_hash(&before, SPAN("")), same = effects_hash(&again, SPAN(""));
	assert_true(hash_same(&one, &same));
	assert_true(before.list[0].fact.inside);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(dir), 0);
	make_link(p, "../out", "scope/dir");
	struct effects after = look(p, file, NULL);
	struct hash two = effects_hash(&after, SPAN(""));
	assert_false(hash_same(&one, &two));
	assert_false(after.list[0].fact.inside);
	effects_finish(&before);
	effects_finish(&again);
	effects_finish(&after);
	free(file);
	free(dir);
}

/* The scope is held by descriptor and named by path. When the name means another place, neither
 * proves the other. */
static void moved_test(void **state)
{
	struct place *p = *state;
	char *old = at(p, "scope"), *new = at(p, "moved");
	assert_true(start(p, ".", NULL));
	make(p, "out/file", "other");
	assert_int_equal(rename(old, new), 0);
	make_link(p, "out", "scope");
	check(p, "@scope/secret", "out file /out/secret");
	/* moved/file is what the descriptor has under that name */
	check(p, "@scope/file", "out file /out/file");
	check(p, "@moved/file", "out file /moved/file");
	assert_int_equal(unlink(old), 0);
	make(p, "scope", NULL);
	make(p, "scope/file", "third");
	make(p, "scope/sub", NULL);
	check(p, "@scope/file", "out file /scope/file");
	check(p, "@scope/sub/new", "out absent /scope/sub/new");
	free(old);
	free(new);
}

/* Effects without a path are left alone; several of one call are all looked at. */
static void several_test(void **state)
{
	struct place *p = *state;
	char *file = at(p, "scope/file"), *secret = at(p, "out/secret");
	struct effects effects = { 0 };
	struct answer answer = { .there = false };
	struct loop l;
	effects_add(&effects, EFFECT_UNKNOWN, "", file, "", "");
	effects_add(&effects, EFFECT_READ, "", file, "", "");
	effects_add(&effects, EFFECT_WRITE, "", secret, "", "");
	assert_true(start(p, ".", NULL));
	assert_false(facts_gather(&p->facts, &effects));
	loop_start(&l);
	facts_work(&l.uv, &p->facts, &effects, on_done, &answer);
	LOOP_UNTIL(&l, answer.there);
	loop_finish(&l);
	assert_null(answer.effects.list[0].fact.path);
	assert_string_equal(answer.effects.list[1].fact.path, file);
	assert_true(answer.effects.list[1].fact.inside);
	assert_string_equal(answer.effects.list[2].fact.path, secret);
	assert_false(answer.effects.list[2].fact.inside);
	effects_finish(&answer.effects);
	free(file);
	free(secret);
}

/* A shell opens what its pattern finds, links too. */
static void glob_test(void **state)
{
	static const struct {
		const char *pattern;
		enum fact_state is;
	} rows[] = { { "*.md", FACT_SPECIAL }, { "?.md", FACT_SPECIAL },
		{ "*/secret", FACT_SPECIAL }, { "f*", FACT_DIRECTORY }, { "*.txt", FACT_DIRECTORY },
		{ "", FACT_DIRECTORY }, { "*/x.yaml", FACT_SPECIAL },
		{ "s?crets/*", FACT_SPECIAL } };
	struct place *p = *state;
	assert_true(start(p, ".", NULL));
	make(p, "scope/sub/secrets", NULL);
	make_link(p, "../../out/secret", "scope/sub/a.md");
	make_link(p, "../file", "scope/sub/b.txt");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = { 0 };
		char *dir = at(p, "scope/sub");
		effects_add(&effects, EFFECT_READ, "path", dir, "tree", rows[i].pattern);
		free(dir);
		assert_true(facts_gather(&p->facts, &effects));
		if (effects.list[0].fact.state != rows[i].is) {
			fail_msg("%s: %d", rows[i].pattern, (int)effects.list[0].fact.state);
		}
		effects_finish(&effects);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(plain_test),
		T(absent_test),
		T(strange_test),
		T(links_test),
		T(dotdot_test),
		T(special_test),
		T(numbers_test),
		T(far_test),
		T(long_test),
		T(swap_test),
		T(moved_test),
		T(several_test),
		T(glob_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
