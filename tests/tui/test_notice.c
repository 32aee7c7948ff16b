/* What the terminal is told when nobody looks: bell, notification, title; each can be switched off,
 * none tells more than it may, and no argument is ever among it. */
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
#include <unistd.h>

#include <cmocka.h>

static const char queue[] = SNAPSHOT(
	ITEM(1, 1, "medium", WRITES("src/a.c")) "," ITEM(2, 1, "high", WRITES("secret-name.c")));

static const char *const kitty[] = { "KITTY_WINDOW_ID", "1", NULL };
static const char *const kitty_in_tmux[] = { "KITTY_WINDOW_ID", "1", "TMUX", "/tmp/x,1,0", NULL };
static const char *const nothing_known[] = { NULL };

static struct vt *start(const char *root, const char *config, const char *const *env)
{
	char *dir = xasprintf("%s/config", root), *path = xasprintf("%s/config.ini", dir);
	mkdir(dir, 0700);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, config, strlen(config)), strlen(config));
	close(fd);
	free(path);
	free(dir);
	struct vt *vt = vt_start(&(struct vt_options){ .root = root, .env = env }, queue, NULL);
	assert_true(vt_wait_row(vt, 0, "2 waiting", VT_MS));
	return vt;
}

static bool wrote(const struct vt *vt, const char *bytes)
{
	return memmem(vt->raw.data, vt->raw.len, bytes, strlen(bytes)) != NULL;
}

/* All that the console does with it is done. */
static void ring(struct vt *vt)
{
	wire_tell(&vt->wire, "attention", "{\"waiting\":2,\"risk\":\"high\"}");
	wire_tell(&vt->wire, "trouble", "{\"text\":\"all was read\"}");
	assert_true(vt_wait(vt, "all was read", VT_MS));
}

static const struct {
	const char *config;
	const char *const *env;
	const char *told, *title; /* NULL: nothing */
	bool bell;
} rows[] = {
	{ "", kitty, "\033]9;bascule: 2 waiting, high risk: write_file (filesystem)\033\\",
		"\033]2;bascule: 2 waiting\033\\", true },
	{ "", kitty_in_tmux,
		"\033Ptmux;\033\033]9;bascule: 2 waiting, high risk: write_file (filesystem)"
		"\033\033\\\033\\",
		"\033]2;bascule: 2 waiting\033\\", true },
	{ "[notify]\ndetail = count\n", kitty, "\033]9;bascule: 2 waiting, high risk\033\\",
		"\033]2;bascule: 2 waiting\033\\", true },
	{ "[notify]\ndetail = none\n", kitty, "\033]9;bascule: something waits\033\\",
		"\033]2;bascule: waiting\033\\", true },
	{ "[console]\nbell = no\n", kitty, "\033]9;bascule: 2 waiting",
		"\033]2;bascule: 2 waiting\033\\", false },
	{ "[console]\nnotify = no\n", kitty, NULL, "\033]2;bascule: 2 waiting\033\\", true },
	{ "[console]\ntitle = no\n", kitty, "\033]9;bascule: 2 waiting", "\033]2;bascule\033\\",
		true },
	{ "", nothing_known, NULL, "\033]2;bascule: 2 waiting\033\\", true },
};

static void each_can_be_switched(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct vt *vt = start(*state, rows[i].config, rows[i].env);
		ring(vt);
		bool any = wrote(vt, "\033]9;") || wrote(vt, "\033]777;");
		if (any != (rows[i].told != NULL) || (any && !wrote(vt, rows[i].told)) ||
			!wrote(vt, rows[i].title) ||
			(memchr(vt->raw.data, '\a', vt->raw.len) != NULL) != rows[i].bell) {
			fail_msg("row %zu", i);
		}
		vt_stop(vt);
	}
}

/* Who looks is not rung. */
static void not_while_it_has_the_focus(void **state)
{
	struct vt *vt = start(*state, "", kitty);
	vt_send(vt, "\033[I");
	vt_send(vt, "%");
	assert_true(vt_wait(vt, "does nothing here", VT_MS));
	ring(vt);
	assert_false(wrote(vt, "\033]9;"));
	assert_null(memchr(vt->raw.data, '\a', vt->raw.len));
	vt_stop(vt);
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
	char *root = xstrdup("/tmp/bascule-notice-XXXXXX");
	*state = mkdtemp(root);
	return 0;
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
		cmocka_unit_test(each_can_be_switched),
		cmocka_unit_test(not_while_it_has_the_focus),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
