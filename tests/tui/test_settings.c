/* What config.ini says for the console: it counts, also while it runs; a value out of its bounds is
 * said with its line and changes nothing. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char queue[] = SNAPSHOT(ITEM(1, 1, "medium", WRITES("src/a.c")));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(1, "src/a.c", "one\\ntwo and more\\n", "one\\ntwo\\n") },
	{ NULL, NULL },
};

static void put(const char *root, const char *name, const char *text)
{
	char *dir = xasprintf("%s/config", root), *path = xasprintf("%s/%s", dir, name);
	mkdir(dir, 0700);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	free(path);
	free(dir);
}

static void config(const char *root, const char *text)
{
	put(root, "config.ini", text);
}

static struct vt *start(const char *root, const char *text)
{
	if (text) {
		config(root, text);
	}
	struct vt *vt = vt_start(
		&(struct vt_options){ .rows = 24, .cols = 110, .root = root }, queue, shows);
	assert_true(vt_wait(vt, "+ two and more", VT_MS));
	return vt;
}

static void stop(struct vt *vt)
{
	char why[128] = "";
	bool clean = vt_clean(vt, why);
	vt_stop(vt);
	if (!clean) {
		fail_msg("%s", why);
	}
}

static void a_longer_delay_holds(void **state)
{
	struct vt *vt = start(*state, "[guard]\nshown_ms = 2500\n");
	vt_pump(vt, 1200);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored: just appeared", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_pump(vt, 2000);
	vt_send(vt, "a");
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	stop(vt);
}

/* The guard cannot be switched off by a file. */
static void a_floor_is_kept_and_said(void **state)
{
	struct vt *vt = start(*state, "[layout]\ncolumns_from = 120\n[guard]\nshown_ms = 0\n");
	assert_true(vt_wait_row(vt, 22, " config.ini:4: guard.shown_ms: \"0\"", VT_MS));
	assert_true(vt_wait_row(vt, 3, "─ #1", VT_MS)); /* the rest of the file counts */
	stop(vt);
}

static void changes_count_at_once(void **state)
{
	struct vt *vt = start(*state, "");
	assert_true(vt_wait_row(vt, 1, "│", VT_MS));
	config(*state, "[layout]\ncolumns_from = 120\n");
	assert_true(vt_wait_gone(vt, "│", VT_MS));
	config(*state, "[layout]\ncolumns_from = 80\nlist_min = 50\n");
	assert_true(vt_wait_row(vt, 1, "│─ #1", VT_MS));
	int row = 0, col = 0;
	assert_true(vt_find(vt, "│", &row, &col));
	assert_int_equal(col, 50);
	config(*state, "[layout]\ncolums_from = 120\n");
	assert_true(vt_wait(vt,
		" config.ini:2: layout.colums_from: no such setting, nearest: "
		"layout.columns_from",
		VT_MS));
	config(*state, "[guard]\nshown_ms = 2500\n[layout]\nbadge_rows = 40\n");
	assert_true(vt_wait_row(vt, 0, "1 waiting  ! 1 medium  oldest", VT_MS));
	stop(vt);
}

/* What keys do changes when the person wants it, and not under their hands. */
static void keys_and_rules_are_read_again_by_one_key(void **state)
{
	static const struct wire_answer fine[] = { { "reload",
							   "{\"policy\":{\"files\":\"policy."
							   "rules\"},\"trouble\":null}" },
		{ NULL, NULL } };
	static const struct wire_answer broken[] = {
		{ "reload",
			"{\"policy\":{\"files\":\"built-in\"}"
			",\"trouble\":\"policy.rules:3: x\"}" },
		{ NULL, NULL }
	};
	struct vt *vt = start(*state, "");
	vt->wire.answers = fine;
	put(*state, "keys.ini", "[keys]\nhelp = H\n");
	vt_pump(vt, 300);
	vt_send(vt, "H");
	assert_true(vt_wait(vt, "that key does nothing here", VT_MS));
	vt_send(vt, "R");
	assert_true(vt_wait(vt, "read again: settings, theme, keys · rules: policy.rules", VT_MS));
	put(*state, "keys.ini", "[keys]\nhelp = a\n");
	vt->wire.answers = broken;
	vt_send(vt, "R");
	assert_true(vt_wait(vt, "keys.ini:2: ", VT_MS));
	assert_true(vt_wait(vt, " · rules: policy.rules:3: x", VT_MS));
	vt_send(vt, "H"); /* as before */
	assert_true(vt_wait(vt, "q back", VT_MS));
	stop(vt);
}

static int set_up(void **state)
{
	char *root = xstrdup("/tmp/bascule-settings-XXXXXX");
	*state = mkdtemp(root);
	return 0;
}

static void theme(const char *root, const char *text)
{
	char *dir = xasprintf("%s/config", root), *themes = xasprintf("%s/themes", dir);
	char *path = xasprintf("%s/mine.ini", themes);
	mkdir(dir, 0700);
	mkdir(themes, 0700);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
	free(themes);
	free(dir);
}

static bool wait_added(struct vt *vt, unsigned colour)
{
	unsigned now = 0;
	for (int i = 0; i < 300; i++) {
		int row = 0, col = 0;
		if (vt_find(vt, "+ two and more", &row, &col)) { /* or it is being drawn anew */
			VTermScreenCell cell = vt_cell(vt, row, col);
			now = VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx : 999;
		}
		if (now == colour) {
			return true;
		}
		vt_pump(vt, 10);
	}
	print_error("the colour is %u\n", now);
	return false;
}

/* It is put on, put on anew when it changes, and a wrong line is said with file and number. */
static void a_theme_of_ones_own(void **state)
{
	enum { MAGENTA = 5, BLUE = 4 };
	theme(*state, "[style]\ndiff.added = magenta\n");
	struct vt *vt = start(*state, "[console]\ntheme = mine\n");
	assert_true(wait_added(vt, MAGENTA));
	theme(*state, "[style]\ndiff.added = blue\n");
	assert_true(wait_added(vt, BLUE));
	theme(*state, "[style]\ndiff.added = blue\ndiff.remved = red\n");
	assert_true(vt_wait(vt, "themes/mine.ini:3: ", VT_MS));
	theme(*state, "[style]\ndiff.added = magenta\n");
	assert_true(wait_added(vt, MAGENTA));
	assert_int_equal(vt->wire.decide_count, 0);
	stop(vt);
}

/* `bascule themes` lists it behind those that are shipped, and says what is in use. */
static void the_list_of_themes(void **state)
{
	int ends[2];
	char out[4096];
	size_t n = 0;
	const char *root = *state;
	theme(root, "[style]\ndiff.added = magenta\n");
	config(root, "[console]\ntheme = mine\n");
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("./bascule-console", "bascule-console", "themes", "--root", root,
			(char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	for (ssize_t got;
		n < sizeof(out) - 1 && (got = read(ends[0], out + n, sizeof(out) - 1 - n)) > 0;) {
		n += (size_t)got;
	}
	out[n] = '\0';
	close(ends[0]);
	int status = 1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_non_null(strstr(out, "colour-blind\n"));
	assert_non_null(strstr(out, "gruvbox-dark\n"));
	assert_non_null(strstr(out, "\nmine  in use\n"));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_longer_delay_holds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_floor_is_kept_and_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(changes_count_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_theme_of_ones_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_list_of_themes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			keys_and_rules_are_read_again_by_one_key, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
