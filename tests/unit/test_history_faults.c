/* What can go wrong under the history, with real processes, real files and a real full disk. */
#include "config.h"

#include "tests/unit/history_world.h"

#include <errno.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <time.h>

enum { NOBODY = 65534 };

/* ---- busy ---- */

static void hold_the_lock(struct world *w, int say)
{
	sqlite3 *db = NULL;
	sqlite3_open(w->path, &db);
	say_and_wait(say,
		sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK ? 'y' : 'n');
}

static void another_writer_is_waited_for_a_moment(void **state)
{
	struct world *w = *state;
	struct other o = start("hold_the_lock", w);
	assert_int_equal(hear(&o), 'y');
	int64_t start_ms = now_ms();
	assert_false(history_begin(w->h, &w->err));
	int64_t took = now_ms() - start_ms;
	assert_in_range(took, HISTORY_BUSY_MS / 2, HISTORY_BUSY_MS + 750);
	assert_non_null(strstr(w->err.text, "another process"));
	history_rollback(w->h);
	finish(&o, SIGKILL);
	record(w, INSTANCE "-1"); /* the lock went with its holder */
	assert_true(is_there(w, INSTANCE "-1"));
}

static void try_the_lock(struct world *w, int say)
{
	sqlite3 *db = NULL;
	(void)say;
	sqlite3_open(w->path, &db);
	_exit(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_BUSY ? 0 : 2);
}

/* The last to close a database takes its log away. Who does not see our lock takes himself for the
 * last. */
static void open_and_close(struct world *w, int say)
{
	sqlite3 *db = NULL;
	(void)say;
	sqlite3_open(w->path, &db);
	int rc = sqlite3_exec(db, "SELECT count(*) FROM call", NULL, NULL, NULL);
	sqlite3_close(db);
	_exit(rc == SQLITE_OK ? 0 : 2);
}

static void worker_functions_leave_the_writers_locks(void **state)
{
	struct world *w = *state;
	char *wal = xasprintf("%s-wal", w->path);
	WORKS(history_begin(w->h, &w->err));
	assert_true(add(w, INSTANCE "-1"));
	WORKS(history_sync_file(w->path, &w->err));
	WORKS(history_checkpoint_file(w->path, &w->err));
	struct other o = start("try_the_lock", w);
	assert_int_equal(finish(&o, 0), 0);
	WORKS(history_commit(w->h, &w->err));
	WORKS(history_sync_file(w->path, &w->err));
	WORKS(history_checkpoint_file(w->path, &w->err));
	o = start("open_and_close", w);
	assert_int_equal(finish(&o, 0), 0);
	assert_int_equal(access(wal, F_OK), 0);
	assert_true(is_there(w, INSTANCE "-1"));
	free(wal);
}

/* ---- killed ---- */

static void die_between_add_and_commit(struct world *w, int say)
{
	w->h = history_open(w->path, test_key, false, test_now, NULL, &w->err);
	history_begin(w->h, NULL);
	add(w, INSTANCE "-1");
	history_commit(w->h, NULL);
	history_begin(w->h, NULL);
	add(w, INSTANCE "-2");
	say_and_wait(say, 'y');
}

static void what_was_committed_survives_a_kill(void **state)
{
	struct world *w = *state;
	history_close(w->h);
	w->h = NULL;
	struct other o = start("die_between_add_and_commit", w);
	assert_int_equal(hear(&o), 'y');
	finish(&o, SIGKILL);
	reopen(w, NULL);
	assert_true(is_there(w, INSTANCE "-1"));
	assert_false(is_there(w, INSTANCE "-2"));
	record(w, INSTANCE "-2");
}

static void record_without_end(struct world *w, int say)
{
	char id[64];
	w->h = history_open(w->path, test_key, false, test_now, NULL, &w->err);
	for (int i = 1;; i++) {
		snprintf(id, sizeof(id), INSTANCE "-%d", i);
		if (!history_begin(w->h, NULL) || !add(w, id) || !history_commit(w->h, NULL) ||
			(i % 16 == 0 && !history_checkpoint_file(w->path, NULL)) ||
			write(say, &(char){ 'y' }, 1) != 1) {
			_exit(1);
		}
	}
}

/* Killed at some instant of a row, a commit or a checkpoint: what was said to be recorded is there,
 * and the file whole. */
static void a_kill_at_any_time_loses_nothing(void **state)
{
	struct world *w = *state;
	for (int round = 0; round < 12; round++) {
		end_world(w);
		begin_world(w, true);
		history_close(w->h);
		w->h = NULL;
		struct other o = start("record_without_end", w);
		int64_t said = 0, here = 0;
		for (; said < 3 + round * 7; said++) {
			assert_int_equal(hear(&o), 'y');
		}
		kill(o.pid, SIGKILL);
		for (; hear(&o) == 'y'; said++) {
		}
		finish(&o, 0);
		char *note = NULL, *mark = xasprintf("%s.suspect", w->path);
		/* Have all of it checked. */
		close(open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		reopen(w, &note);
		assert_null(note);
		free(mark);
		for (int64_t i = 1; i <= said; i++) {
			char id[64];
			snprintf(id, sizeof(id), INSTANCE "-%d", (int)i);
			here += is_there(w, id);
		}
		assert_int_equal(here, said);
	}
}

/* ---- no room ---- */

/* Fills until a turn fails; returns the number of turns that were committed. */
static int fill(struct world *w)
{
	int turns = 0;
	for (; turns < 100000; turns++) {
		char one[64], two[64];
		snprintf(one, sizeof(one), INSTANCE "-%d", 2 * turns + 1);
		snprintf(two, sizeof(two), INSTANCE "-%d", 2 * turns + 2);
		if (!history_begin(w->h, &w->err) || !add(w, one) || !add(w, two) ||
			!history_commit(w->h, &w->err)) {
			history_rollback(w->h);
			break;
		}
	}
	return turns;
}

static void check_filled(struct world *w, int turns)
{
	char id[64];
	for (int i = 1; i <= 2 * turns + 2; i++) {
		snprintf(id, sizeof(id), INSTANCE "-%d", i);
		assert_int_equal(is_there(w, id), i <= 2 * turns);
	}
}

static void a_full_disk_fails_and_recovers(void **state)
{
	struct world *w = *state;
	char id[64], *filler = xasprintf("%s/filler", w->dir), *zeros = xcalloc(1, 65536);
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", w->dir, "tmpfs", 0, "size=400k,mode=700") != 0) {
		print_message("SKIP: no private mount here: %s\n", strerror(errno));
		free(filler);
		free(zeros);
		skip();
	}
	int fd = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, zeros, 65536), 65536);
	close(fd);
	struct history_session s = a_session(INSTANCE);
	reopen(w, NULL);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session(w->h, &s, &w->session, &w->err));
	WORKS(history_commit(w->h, &w->err));
	int turns = fill(w);
	assert_in_range(turns, 1, 99999);
	assert_non_null(strstr(w->err.text, "disk is full"));
	assert_false(history_begin(w->h, &w->err) && add(w, INSTANCE "-999999") &&
		history_commit(w->h, &w->err));
	history_rollback(w->h);
	check_filled(w, turns);
	unlink(filler);
	snprintf(id, sizeof(id), INSTANCE "-%d", 2 * turns + 1);
	record(w, id); /* room again: it works again */
	assert_true(is_there(w, id));
	history_close(w->h);
	w->h = NULL;
	umount2(w->dir, MNT_DETACH);
	free(filler);
	free(zeros);
}

static void a_file_size_limit_fails_and_recovers(void **state)
{
	struct world *w = *state;
	struct rlimit all, little;
	getrlimit(RLIMIT_FSIZE, &all);
	little = all;
	little.rlim_cur = 300000;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &little);
	int turns = fill(w);
	setrlimit(RLIMIT_FSIZE, &all);
	assert_in_range(turns, 1, 99999);
	assert_non_null(strstr(w->err.text, "cannot write the history"));
	check_filled(w, turns);
	record(w, INSTANCE "-999999");
	assert_true(is_there(w, INSTANCE "-999999"));
}

/* ---- places that cannot be used ---- */

/* As a user whom modes bind. Exit 0: refused, with the words that are expected. */
static void open_as_nobody(struct world *w, int say)
{
	struct err err = { 0 };
	(void)say;
	if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
		_exit(3);
	}
	struct history *h = history_open(w->path, test_key, false, test_now, NULL, &err);
	_exit(!h && strstr(err.text, w->path) && err.code ? 0 : 2);
}

static void what_cannot_be_written_is_refused(void **state)
{
	struct world *w = *state;
	history_close(w->h);
	w->h = NULL;
	if (geteuid() == 0) {
		assert_int_equal(chown(w->dir, NOBODY, NOBODY) | chown(w->path, NOBODY, NOBODY), 0);
	}
	assert_int_equal(chmod(w->path, 0400), 0);
	struct other o = start("open_as_nobody", w);
	assert_int_equal(finish(&o, 0), 0);
	assert_int_equal(
		chmod(w->path, 0600) | chmod(w->dir, 0500), 0); /* no room for -wal and -shm */
	o = start("open_as_nobody", w);
	assert_int_equal(finish(&o, 0), 0);
	assert_int_equal(chmod(w->dir, 0700) | unlink(w->path) | chmod(w->dir, 0500), 0);
	o = start("open_as_nobody", w);
	assert_int_equal(finish(&o, 0), 0);
	assert_int_equal(chmod(w->dir, 0700), 0);
}

static void only_a_file_of_ours_is_opened(void **state)
{
	struct world *w = *state;
	char *target = xasprintf("%s/elsewhere", w->dir);
	assert_int_equal(symlink(target, w->path), 0);
	assert_null(history_open(w->path, test_key, false, test_now, NULL, &w->err));
	assert_int_equal(access(target, F_OK), -1);
	unlink(w->path);
	assert_int_equal(mkdir(w->path, 0700), 0);
	assert_null(history_open(w->path, test_key, false, test_now, NULL, &w->err));
	rmdir(w->path);
	if (geteuid() == 0) {
		close(open(w->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		assert_int_equal(chown(w->path, NOBODY, NOBODY), 0);
		assert_null(history_open(w->path, test_key, false, test_now, NULL, &w->err));
		assert_non_null(strstr(w->err.text, "not a file of this user"));
	}
	free(target);
}

static void nobody_else_can_read_it(void **state)
{
	static const char *const parts[] = { "", "-wal", "-shm" };
	struct world *w = *state;
	struct stat st;
	mode_t old = umask(0);
	reopen(w, NULL);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < COUNT_OF(parts); i++) {
			char *name = xasprintf("%s%s", w->path, parts[i]);
			assert_int_equal(stat(name, &st), 0);
			assert_int_equal(st.st_mode & 07777, 0600);
			free(name);
		}
		chmod(w->path, 0644);
		reopen(w, NULL);
	}
	umask(old);
}

#define BODY(name) \
	{ \
#name, name \
	}

static const struct body bodies[] = {
	BODY(hold_the_lock),
	BODY(try_the_lock),
	BODY(open_and_close),
	BODY(die_between_add_and_commit),
	BODY(record_without_end),
	BODY(open_as_nobody),
};

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_open, end_one)
#define TEST_EMPTY(name) cmocka_unit_test_setup_teardown(name, begin_empty, end_one)

int main(int argc, char **argv)
{
	if (argc == 4) {
		return run_body(argv, bodies, COUNT_OF(bodies));
	}
	const struct CMUnitTest tests[] = {
		TEST(another_writer_is_waited_for_a_moment),
		TEST(worker_functions_leave_the_writers_locks),
		TEST(what_was_committed_survives_a_kill),
		TEST(a_kill_at_any_time_loses_nothing),
		TEST_EMPTY(a_full_disk_fails_and_recovers),
		TEST(a_file_size_limit_fails_and_recovers),
		TEST(what_cannot_be_written_is_refused),
		TEST_EMPTY(only_a_file_of_ours_is_opened),
		TEST(nobody_else_can_read_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
