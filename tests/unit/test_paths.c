/* Places: what the environment may and may not move, and which directories are refused. */
#include "config.h"

#include "ipc/paths.h"

#include <fcntl.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
	char dir[64];
	struct paths paths;
	struct err err;
};

static int begin(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "/tmp/bascule-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	unsetenv("BASCULE_ROOT");
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;
	paths_finish(&w->paths);
	paths_finish(&w->paths);
	rmdir(w->dir);
	free(w);
	return 0;
}

static char *under(const struct world *w, const char *tail)
{
	return xasprintf("%s/%s", w->dir, tail);
}

static void home_is_the_password_databases(void **state)
{
	struct world *w = *state;
	char *config = xasprintf("%s/.config/bascule/config.ini", getpwuid(getuid())->pw_dir);
	char *log = xasprintf("%s/.local/state/bascule/bascule.log", getpwuid(getuid())->pw_dir);
	setenv("HOME", "/nowhere", 1);
	setenv("XDG_CONFIG_HOME", "/nowhere", 1);
	setenv("XDG_STATE_HOME", "/nowhere", 1);
	setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
	assert_true(paths_init(&w->paths, NULL, &w->err));
	assert_null(w->paths.root);
	assert_string_equal(w->paths.config_ini, config);
	assert_string_equal(w->paths.log, log);
	char *sockets = paths_socket_dir(&w->paths);
	assert_null(strstr(sockets, "nowhere"));
	free(sockets);
	free(config);
	free(log);
}

static void root_moves_everything(void **state)
{
	struct world *w = *state;
	char *expected = under(w, "state/log.db"), *run = under(w, "run");
	assert_true(paths_init(&w->paths, w->dir, &w->err));
	assert_string_equal(w->paths.history, expected);
	char *sockets = paths_socket_dir(&w->paths);
	assert_string_equal(sockets, run);
	free(sockets);
	paths_finish(&w->paths);
	setenv("BASCULE_ROOT", w->dir, 1);
	assert_true(paths_init(&w->paths, NULL, &w->err));
	assert_string_equal(w->paths.history, expected);
	paths_finish(&w->paths);
	assert_true(paths_init(&w->paths, "/flag", &w->err));
	assert_string_equal(w->paths.root, "/flag");
	paths_finish(&w->paths);
	assert_int_equal(chdir(w->dir), 0);
	assert_true(paths_init(&w->paths, "here", &w->err));
	assert_int_equal(w->paths.root[0], '/');
	assert_non_null(strstr(w->paths.root, "/here"));
	paths_finish(&w->paths);
	assert_false(paths_init(&w->paths, "", &w->err));
	assert_int_equal(chdir("/"), 0);
	free(expected);
	free(run);
}

static void prepare_makes_private_directories(void **state)
{
	struct world *w = *state;
	struct stat st;
	char *root = under(w, "a/b");
	char *parent = under(w, "a");
	assert_true(paths_init(&w->paths, root, &w->err));
	assert_true(paths_prepare(&w->paths, &w->err));
	assert_true(paths_prepare(&w->paths, &w->err));
	assert_int_equal(stat(w->paths.state, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(w->paths.config, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	chmod(w->paths.config, 0755); /* readable configuration does no harm */
	assert_true(paths_prepare(&w->paths, &w->err));
	chmod(w->paths.config, 0777);
	assert_false(paths_prepare(&w->paths, &w->err));
	chmod(w->paths.config, 0700);
	chmod(w->paths.state, 0750);
	assert_false(paths_prepare(&w->paths, &w->err));
	assert_non_null(strstr(w->err.text, "mode 750"));
	rmdir(w->paths.config);
	rmdir(w->paths.state);
	rmdir(root);
	rmdir(parent);
	free(root);
	free(parent);
}

static void refuses_links_files_and_missing_parents(void **state)
{
	struct world *w = *state;
	char *real = under(w, "real"), *link = under(w, "link"), *file = under(w, "file"),
	     *deep = under(w, "no/dir");
	assert_true(paths_own_dir(real, &w->err));
	assert_true(paths_own_dir(real, &w->err));
	assert_int_equal(symlink(real, link), 0);
	assert_false(paths_own_dir(link, &w->err));
	int fd = open(file, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_false(paths_own_dir(file, &w->err));
	assert_false(paths_own_dir(deep, &w->err));
	chmod(real, 0701);
	assert_false(paths_own_dir(real, &w->err));
	unlink(link);
	unlink(file);
	rmdir(real);
	free(real);
	free(link);
	free(file);
	free(deep);
}

static void refuses_directories_of_other_users(void **state)
{
	struct world *w = *state;
	char *other = under(w, "other");
	if (getuid() != 0) {
		free(other);
		skip(); /* nobody but root can make one */
	}
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(chown(other, 65534, 65534), 0);
	assert_false(paths_own_dir(other, &w->err));
	assert_non_null(strstr(w->err.text, "belongs to user 65534"));
	rmdir(other);
	free(other);
}

static void programs_are_found_without_path(void **state)
{
	char here[4096];
	(void)state;
	ssize_t n = readlink("/proc/self/exe", here, sizeof(here) - 1);
	assert_true(n > 0);
	here[n] = '\0';
	setenv("PATH", "/nowhere", 1);
	char *slash = strrchr(here, '/');
	char *self = paths_program(slash + 1);
	assert_string_equal(self, here);
	free(self);
	char *none = paths_program("bascule-none-such");
	assert_string_equal(none, BASCULE_LIBEXECDIR "/bascule-none-such");
	free(none);
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(home_is_the_password_databases),
		WORLD(root_moves_everything),
		WORLD(prepare_makes_private_directories),
		WORLD(refuses_links_files_and_missing_parents),
		WORLD(refuses_directories_of_other_users),
		cmocka_unit_test(programs_are_found_without_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
