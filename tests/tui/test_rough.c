/* Terminals that can little, sizes that lie or change all the time, settings that cannot be read:
 * the queue is shown, the keys are named, and a call is decided. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SHOWN_MS = 700 };

static const char queue[] = SNAPSHOT(ITEM(1, 1, "medium", WRITES("src/a.c")));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(1, "src/a.c", "one\\ntwo and more\\n", "one\\ntwo\\n") },
	{ NULL, NULL },
};

static void decides(struct vt *vt)
{
	char why[128] = "";
	assert_true(vt_wait_row(vt, 0, "1 waiting", VT_MS));
	assert_true(vt_wait(vt, "+ two and more", VT_MS));
	assert_true(vt_wait_row(vt, vt->rows - 1, "a approve  d deny  D deny +why  ? help", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	bool clean = vt_clean(vt, why);
	vt_stop(vt);
	if (!clean) {
		fail_msg("%s", why);
	}
}

static void any_terminal(void **state)
{
	static const struct {
		const char *term, *lc_all;
	} rows[] = { { "linux", NULL }, { "linux", "C" }, { "screen", NULL }, { "screen", "POSIX" },
		{ "vt100", "C" }, { "xterm-mono", NULL }, { "tmux-256color", NULL },
		{ "vt220", NULL }, { "ansi", NULL } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		decides(vt_start(
			&(struct vt_options){ .term = rows[i].term, .lc_all = rows[i].lc_all },
			queue, shows));
	}
}

/* The window's size is the terminal's to say, not that of an environment which nobody updates. */
static void sizes_that_lie(void **state)
{
	static const char *const env[] = { "COLUMNS", "5", "LINES", "2", NULL };
	static const char *const words[] = { "COLUMNS", "x", "LINES", "-7", NULL };
	(void)state;
	decides(vt_start(&(struct vt_options){ .env = env }, queue, shows));
	decides(vt_start(&(struct vt_options){ .env = words }, queue, shows));
}

/* Nothing can be approved while it lasts; afterwards everything is as it was. */
static void a_storm_of_sizes(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, queue, shows);
	assert_true(vt_wait(vt, "+ two and more", VT_MS));
	unsigned random = 7;
	for (int i = 0; i < 300; i++) {
		random = random * 1103515245 + 12345;
		vt_resize(vt, 1 + (int)(random >> 16) % 60, 1 + (int)(random >> 8) % 220);
		vt_send(vt, i % 10 ? "" : "a");
		vt_pump(vt, i % 20 ? 0 : 5);
	}
	vt_resize(vt, 24, 80);
	assert_int_equal(vt->wire.decide_count, 0);
	decides(vt);
}

/* What cannot be read is said in a word that fits, and what is built in counts. */
static void settings_that_cannot_be_read(void **state)
{
	char *dir = xasprintf("%s/config", (const char *)*state);
	char *path = xasprintf("%s/config.ini", dir);
	mkdir(dir, 0700);
	assert_int_equal(mkdir(path, 0700), 0);
	struct vt *vt = vt_start(&(struct vt_options){ .root = *state }, queue, shows);
	assert_true(vt_wait(vt, "config.ini: not a regular file", VT_MS));
	decides(vt);
	rmdir(path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("[console\nbell = no\n", file);
	fclose(file);
	vt = vt_start(&(struct vt_options){ .root = *state }, queue, shows);
	assert_true(vt_wait(vt, "config.ini:1:", VT_MS));
	decides(vt);
	chmod(path, 0666);
	vt = vt_start(&(struct vt_options){ .root = *state }, queue, shows);
	assert_true(vt_wait(vt, "config.ini: another user may write to it", VT_MS));
	decides(vt);
	free(path);
	free(dir);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static int set_up(void **state)
{
	char *root = xstrdup("/tmp/bascule-rough-XXXXXX");
	*state = mkdtemp(root);
	return 0;
}

static int tear_down(void **state)
{
	nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

/* The judge itself: what was read may end anywhere in what is allowed, and nothing else passes. */
static void what_is_written_is_judged(void **state)
{
	static const char good[] =
		"a\xe2\x80\x94\xf0\x9f\x98\x80 \033(B\033)0\033=\033[?25l\033[38;5;1mx"
		"\033]2;bascule 2\033\\\033]9;bascule: \xc3\xa4\033\\"
		"\033]52;c;YWJj\033\\\033]11;?\033\\\r\n";
	static const char *const bad[] = { "\033]52;p;YWJj\033\\", "\033Pq\033\\",
		"\xc2\x9b"
		"31m",
		"\033(C", "\033[5n", "\xe2x", "\xff", "\xe2\x80\xae", "\033]2;other\033\\",
		"\033]2;bascule\a", "\033]9;4;1\033\\",
		"\033[31"
		"\033[",
		"\xe2\x80\x80\x80" };
	char why[128];
	(void)state;
	for (size_t n = 0; n < sizeof(good); n++) {
		if (!vt_clean_bytes((struct span){ good, n }, why)) {
			fail_msg("%zu bytes: %s", n, why);
		}
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (vt_clean_bytes((struct span){ bad[i], strlen(bad[i]) }, why)) {
			fail_msg("number %zu passed", i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_judged),
		cmocka_unit_test(any_terminal),
		cmocka_unit_test(sizes_that_lie),
		cmocka_unit_test(a_storm_of_sizes),
		cmocka_unit_test(settings_that_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
