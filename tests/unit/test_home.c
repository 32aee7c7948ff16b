/* One broker: the lock, the sockets' places and modes, and how they are found. Real processes
 * compete. */
#include "config.h"

#include "ipc/home.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { CONTENDERS = 10 };

struct place {
	char root[64];
	struct paths paths;
};

static int set_up(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));
	struct err err;
	snprintf(p->root, sizeof(p->root), "/tmp/bascule-home-XXXXXX");
	assert_non_null(mkdtemp(p->root));
	assert_true(paths_init(&p->paths, p->root, &err));
	assert_true(paths_prepare(&p->paths, &err));
	*state = p;
	return 0;
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
	struct place *p = *state;
	nftw(p->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	paths_finish(&p->paths);
	free(p);
	return 0;
}

static void take(const struct place *p, struct home *home)
{
	struct err err;
	bool taken = false;
	if (!home_take(home, &p->paths, &taken, &err)) {
		print_error("%s\n", err.text);
		fail();
	}
	assert_true(taken);
}

static mode_t mode_of(const char *path)
{
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_uid, getuid());
	return st.st_mode & 07777;
}

static void sockets_test(void **state)
{
	const struct place *p = *state;
	struct home home;
	struct err err;
	mode_t old = umask(0);
	assert_null(home_find(&p->paths, HOME_CALLS));
	take(p, &home);
	umask(old);
	assert_int_equal(mode_of(home.dir), 0700);
	assert_int_equal(mode_of(p->paths.lock), 0600);
	for (int i = 0; i < HOME_SOCKETS; i++) {
		char *found = home_find(&p->paths, (enum home_socket)i);
		assert_string_equal(found, home.path[i]);
		assert_int_equal(mode_of(found), 0600);
		int fd = home_connect(found, &err);
		assert_true(fd >= 0);
		int peer = accept4(home.listener[i], NULL, NULL, SOCK_CLOEXEC);
		assert_true(peer >= 0);
		close(peer);
		close(fd);
		free(found);
	}
	assert_true(home_intact(&home));
	char *path = xstrdup(home.path[HOME_CALLS]);
	home_leave(&home);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(home_connect(path, &err), -1);
	assert_false(home_intact(&home));
	home_leave(&home);
	free(path);
}

static void contend(const struct place *p, int start, int report, int end)
{
	struct home home;
	struct err err;
	bool taken = false;
	char byte;
	(void)!read(start, &byte, 1); /* all at once: the pipe is closed */
	bool ok = home_take(&home, &p->paths, &taken, &err);
	byte = !ok ? '!' : taken ? 'y' : 'n';
	(void)!write(report, &byte, 1);
	(void)!read(end, &byte, 1);
	_exit(0);
}

static void contest_test(void **state)
{
	const struct place *p = *state;
	int start[2], report[2], end[2];
	pid_t pids[CONTENDERS];
	unsigned won = 0;
	assert_true(pipe2(start, O_CLOEXEC) == 0 && pipe2(report, O_CLOEXEC) == 0 &&
		pipe2(end, O_CLOEXEC) == 0);
	for (int i = 0; i < CONTENDERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			close(start[1]);
			close(end[1]);
			contend(p, start[0], report[1], end[0]);
		}
	}
	close(start[1]);
	for (int i = 0; i < CONTENDERS; i++) {
		char byte = 0;
		assert_int_equal(read(report[0], &byte, 1), 1);
		assert_true(byte == 'y' || byte == 'n');
		won += byte == 'y';
	}
	assert_int_equal(won, 1);
	/* The winner ends without a word: its sockets are stale, the lock is free. */
	for (int i = 0; i < CONTENDERS; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	struct err err;
	char *stale = home_find(&p->paths, HOME_DECISIONS);
	assert_int_equal(access(stale, F_OK), 0);
	assert_int_equal(home_connect(stale, &err), -1);
	struct home home;
	take(p, &home);
	int fd = home_connect(stale, &err);
	assert_true(fd >= 0);
	close(fd);
	free(stale);
	home_leave(&home);
	const int all[] = { start[0], report[0], report[1], end[0], end[1] };
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		close(all[i]);
	}
}

/* A lock that is held means: nothing is touched. */
static void held_test(void **state)
{
	const struct place *p = *state;
	struct home first, second;
	struct err err;
	bool taken = true;
	take(p, &first);
	assert_true(home_take(&second, &p->paths, &taken, &err));
	assert_false(taken);
	home_leave(&second);
	assert_true(home_intact(&first));
	char *found = home_find(&p->paths, HOME_CALLS);
	assert_string_equal(found, first.path[HOME_CALLS]);
	free(found);
	home_leave(&first);
}

static void refuse_dir(const struct place *p, const char *dir)
{
	struct home home;
	struct err err;
	bool taken = true;
	assert_false(home_take(&home, &p->paths, &taken, &err));
	assert_false(taken);
	assert_non_null(strstr(err.text, dir));
	home_leave(&home);
}

static void foreign_dir_test(void **state)
{
	const struct place *p = *state;
	char *dir = paths_socket_dir(&p->paths), *other = xasprintf("%s/other", p->root);
	struct home home;
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(chmod(dir, 0750), 0);
	refuse_dir(p, dir);
	assert_int_equal(chmod(dir, 0701), 0);
	refuse_dir(p, dir);
	assert_int_equal(chmod(dir, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(dir, 12345, 12345), 0);
		refuse_dir(p, dir);
		assert_int_equal(chown(dir, 0, 0), 0);
	}
	assert_int_equal(rename(dir, other), 0);
	assert_int_equal(symlink(other, dir), 0);
	refuse_dir(p, dir);
	assert_int_equal(unlink(dir), 0);
	take(p, &home); /* what was refused has not kept the lock */
	home_leave(&home);
	free(dir);
	free(other);
}

static void not_ours_test(void **state)
{
	const struct place *p = *state;
	struct home home;
	struct err err;
	take(p, &home);
	const char *path = home.path[HOME_CALLS];
	assert_int_equal(chmod(home.dir, 0710), 0);
	assert_int_equal(home_connect(path, &err), -1);
	assert_non_null(strstr(err.text, "private directory"));
	assert_int_equal(chmod(home.dir, 0700), 0);
	char *linked = xasprintf("%s/linked", p->root),
	     *through = xasprintf("%s/calls.sock", linked);
	assert_int_equal(symlink(home.dir, linked), 0);
	assert_int_equal(home_connect(through, &err), -1);
	if (geteuid() == 0) {
		assert_int_equal(lchown(path, 12345, 12345), 0);
		assert_int_equal(home_connect(path, &err), -1);
		assert_int_equal(lchown(path, 0, 0), 0);
		assert_int_equal(chown(home.dir, 12345, 12345), 0);
		assert_int_equal(home_connect(path, &err), -1);
		assert_int_equal(chown(home.dir, 0, 0), 0);
	}
	int fd = home_connect(path, &err);
	assert_true(fd >= 0);
	close(fd);
	static const char *const odd[] = { "calls.sock", "", "/", "/nowhere", "/dev/null", "/tmp" };
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		assert_int_equal(home_connect(odd[i], &err), -1);
	}
	char *longest = xasprintf("%s/%0*d", home.dir, 200, 0);
	assert_int_equal(home_connect(longest, &err), -1);
	free(longest);
	free(linked);
	free(through);
	home_leave(&home);
}

/* Somebody unlinks or replaces a socket: seen, bound again, and not taken away from the other on
 * leaving. */
static void intact_test(void **state)
{
	const struct place *p = *state;
	struct home home;
	struct err err;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	take(p, &home);
	for (int i = 0; i < HOME_SOCKETS; i++) {
		assert_int_equal(unlink(home.path[i]), 0);
		assert_false(home_intact(&home));
		assert_true(home_bind(&home, &err));
		assert_true(home_intact(&home));
	}
	assert_int_equal(unlink(home.path[0]), 0);
	int fd = open(home.path[0], O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_false(home_intact(&home));
	assert_true(home_bind(&home, &err));
	assert_int_equal(unlink(home.path[0]), 0);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", home.path[0]);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_false(home_intact(&home));
	char *path = xstrdup(home.path[0]);
	home_leave(&home);
	assert_int_equal(access(path, F_OK), 0);
	free(path);
	close(fd);
}

/* Without its lock file a broker is not the one that is found: it must not take the sockets back.
 */
static void lock_gone_test(void **state)
{
	const struct place *p = *state;
	struct home old, new;
	struct err err;
	take(p, &old);
	assert_int_equal(unlink(p->paths.lock), 0);
	assert_false(home_bind(&old, &err));
	assert_non_null(strstr(err.text, p->paths.lock));
	take(p, &new);
	assert_false(home_bind(&old, &err));
	home_leave(&old);
	assert_true(home_intact(&new));
	home_leave(&new);
}

static void find_test(void **state)
{
	const struct place *p = *state;
	static const char *const bad[] = { "", "relative", "\n" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		int fd = open(p->paths.lock, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		assert_int_equal(write(fd, bad[i], strlen(bad[i])), (ssize_t)strlen(bad[i]));
		close(fd);
		assert_null(home_find(&p->paths, HOME_CALLS));
	}
	char *other = xasprintf("%s/other", p->root);
	assert_int_equal(rename(p->paths.lock, other), 0);
	assert_int_equal(symlink(other, p->paths.lock), 0);
	assert_null(home_find(&p->paths, HOME_CALLS));
	refuse_dir(p, p->paths.lock);
	free(other);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(sockets_test),
		T(contest_test),
		T(held_test),
		T(foreign_dir_test),
		T(not_ours_test),
		T(intact_test),
		T(lock_gone_test),
		T(find_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
