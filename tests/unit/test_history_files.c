/* Damaged, foreign and newer files; several openers and readers at once; and what the worker thread
 * does beside them. */
#include "config.h"

#include "tests/unit/history_world.h"

#include <dirent.h>
#include <sqlite3.h>
#include <time.h>

/* Some file of the directory whose name begins so; the caller frees it. */
static char *find_file(const struct world *w, const char *prefix)
{
	DIR *dir = opendir(w->dir);
	char *found = NULL;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		if (!found && strncmp(e->d_name, prefix, strlen(prefix)) == 0) {
			found = xasprintf("%s/%s", w->dir, e->d_name);
		}
	}
	closedir(dir);
	return found;
}

/* ---- damage ---- */

static void overwrite(const char *path, off_t at, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	char *rubbish = xmalloc(len);
	memset(rubbish, 0xa5, len);
	assert_int_equal(pwrite(fd, rubbish, len, at), len);
	close(fd);
	free(rubbish);
}

static void a_damaged_file_is_set_aside(void **state)
{
	struct world *w = *state;
	char *note = NULL, first[5] = "";
	for (int round = 0; round < 2; round++) { /* twice in a second: two names */
		overwrite(w->path, 0, 5000);
		WORKS((w->h = history_open(w->path, test_key, false, test_now, &note, &w->err)));
		assert_non_null(note);
		char *aside = xasprintf(
			"%s.damaged-20251229T092000Z%s", w->path, round ? "-1" : "");
		assert_non_null(strstr(note, aside));
		int fd = open(aside, O_RDONLY | O_CLOEXEC);
		assert_int_equal(read(fd, first, 4), 4);
		assert_string_equal(first, "\xa5\xa5\xa5\xa5"); /* as it was found */
		close(fd);
		struct history_session s = a_session(INSTANCE);
		WORKS(history_begin(w->h, &w->err));
		WORKS(history_session(w->h, &s, &w->session, &w->err));
		WORKS(history_commit(w->h, &w->err));
		record(w, INSTANCE "-1");
		history_close(w->h);
		w->h = NULL;
		free(aside);
		free(note);
	}
}

static void fill_and_close(struct world *w)
{
	char id[64];
	WORKS(history_begin(w->h, &w->err));
	for (int i = 0; i < 500; i++) {
		snprintf(id, sizeof(id), INSTANCE "-%d", i);
		assert_true(add(w, id));
	}
	WORKS(history_commit(w->h, &w->err));
	history_close(w->h);
	w->h = NULL;
}

static void keep_it_open(struct world *w, int say)
{
	sqlite3 *db = NULL;
	sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READONLY, NULL);
	sqlite3_exec(db, "BEGIN; SELECT * FROM sqlite_schema", NULL, NULL, NULL);
	say_and_wait(say, 'y');
}

/* With somebody still looking at it, so that its log stays: that must not be played into the new
 * one. */
static void a_cut_file_is_set_aside_with_its_log(void **state)
{
	struct world *w = *state;
	char *note = NULL;
	fill_and_close(w);
	assert_int_equal(truncate(w->path, 8192), 0);
	struct other o = start("keep_it_open", w);
	assert_int_equal(hear(&o), 'y');
	reopen(w, &note);
	assert_non_null(note);
	char *aside = find_file(w, "log.db.damaged-20251229T092000Z-wal");
	assert_non_null(aside);
	assert_false(is_there(w, INSTANCE "-1"));
	finish(&o, SIGKILL);
	struct history_session s = a_session(INSTANCE);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session(w->h, &s, &w->session, &w->err));
	WORKS(history_commit(w->h, &w->err));
	record(w, INSTANCE "-1");
	reopen(w, NULL);
	assert_true(is_there(w, INSTANCE "-1"));
	free(aside);
	free(note);
}

/* Damage in an old page is met by whoever reads it; the next open looks at everything. */
static void damage_met_at_work_is_looked_into(void **state)
{
	struct world *w = *state;
	char *note = NULL, *mark = xasprintf("%s.suspect", w->path);
	fill_and_close(w);
	struct stat st;
	assert_int_equal(stat(w->path, &st), 0);
	for (off_t at = st.st_size / 8192 * 4096; at < st.st_size / 8192 * 4096 + 8 * 4096;
		at += 4096) {
		overwrite(w->path, at, 4096);
	}
	reopen(w, &note);
	assert_null(note);
	assert_false(
		history_latest(w->h, SPAN("nowhere"), INT64_MAX, 1000, ignore_row, NULL, &w->err));
	assert_non_null(strstr(w->err.text, "damaged"));
	assert_int_equal(access(mark, F_OK), 0);
	reopen(w, &note);
	assert_non_null(note);
	assert_int_equal(access(mark, F_OK), -1);
	free(note);
	free(mark);
}

static void a_suspect_that_is_sound_stays(void **state)
{
	struct world *w = *state;
	char *note = NULL, *mark = xasprintf("%s.suspect", w->path);
	record(w, INSTANCE "-1");
	overwrite(mark, 0, 1);
	reopen(w, &note);
	assert_null(note);
	assert_true(is_there(w, INSTANCE "-1"));
	assert_int_equal(access(mark, F_OK), -1);
	free(mark);
}

static void alter(struct world *w, const char *sql)
{
	sqlite3 *db = NULL;
	history_close(w->h);
	w->h = NULL;
	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void a_newer_schema_is_refused(void **state)
{
	struct world *w = *state;
	alter(w, "PRAGMA user_version=5");
	for (int readonly = 0; readonly < 2; readonly++) {
		char *note = NULL;
		assert_null(history_open(w->path, test_key, readonly, test_now, &note, &w->err));
		assert_non_null(strstr(w->err.text, "newer"));
		assert_null(note);
	}
	alter(w, "PRAGMA user_version=4"); /* nothing was touched */
	reopen(w, NULL);
}

static void another_programs_database_is_refused(void **state)
{
	struct world *w = *state;
	alter(w, "CREATE TABLE recipes(name)");
	assert_null(history_open(w->path, test_key, false, test_now, NULL, &w->err));
	assert_non_null(strstr(w->err.text, "other program"));
}

/* ---- several at once ---- */

static void open_and_record(struct world *w, int say)
{
	char instance[32], id[64];
	(void)say;
	w->h = history_open(w->path, test_key, false, test_now, NULL, &w->err);
	snprintf(instance, sizeof(instance), "i%d", (int)getpid());
	snprintf(id, sizeof(id), "%s-1", instance);
	struct history_session s = a_session(instance);
	bool ok = w->h && history_begin(w->h, &w->err) &&
		history_session(w->h, &s, &w->session, &w->err) && add(w, id) &&
		history_commit(w->h, &w->err);
	history_close(w->h);
	_exit(ok ? 0 : 2);
}

static void open_at_once(struct world *w)
{
	struct other others[8];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		others[i] = start("open_and_record", w);
	}
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		assert_int_equal(finish(&others[i], 0), 0);
	}
	reopen(w, NULL);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		char id[64];
		snprintf(id, sizeof(id), "i%d-1", (int)others[i].pid);
		count += is_there(w, id);
	}
	assert_int_equal(count, COUNT_OF(others));
	char *aside = find_file(w, "log.db.damaged");
	assert_null(aside);
}

/* Several times: it takes luck to meet one another's half-made file. */
static void many_openers_make_one_history(void **state)
{
	struct world *w = *state;
	for (int round = 0; round < 10; round++) {
		end_world(w);
		begin_world(w, false);
		open_at_once(w);
	}
}

static bool count_rows(
	void *data, const struct history_call *call, const struct history_session *session)
{
	(void)call;
	(void)session;
	++*(int *)data;
	return true;
}

static void a_reader_sees_what_is_committed(void **state)
{
	struct world *w = *state;
	int count = 0;
	record(w, INSTANCE "-1");
	WORKS(history_begin(w->h, &w->err));
	assert_true(add(w, INSTANCE "-2"));
	struct history *reader = history_open(w->path, test_key, true, 0, NULL, &w->err);
	assert_non_null(reader);
	WORKS(history_latest(
		reader, (struct span){ 0 }, INT64_MAX, 9, count_rows, &count, &w->err));
	assert_int_equal(count, 1);
	WORKS(history_commit(w->h, &w->err));
	WORKS(history_latest(
		reader, (struct span){ 0 }, INT64_MAX, 9, count_rows, &count, &w->err));
	assert_int_equal(count, 3);
	history_close(w->h);
	w->h = NULL;
	history_close(reader);
	char *none = xasprintf("%s/none.db", w->dir);
	assert_null(history_open(none, test_key, true, 0, NULL, &w->err));
	assert_int_equal(access(none, F_OK), -1);
	free(none);
}

/* ---- the worker's part ---- */

static off_t log_size(const struct world *w)
{
	struct stat st;
	char *wal = xasprintf("%s-wal", w->path);
	off_t size = stat(wal, &st) == 0 ? st.st_size : -1;
	free(wal);
	return size;
}

static bool checkpoint_in_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct world *w = data;
	(void)call;
	(void)session;
	int64_t start_ms = now_ms();
	WORKS(history_checkpoint_file(
		w->path, &w->err)); /* a reader is at it: no waiting for its end */
	assert_true(now_ms() - start_ms < 2000);
	return false;
}

static void a_long_log_is_moved(void **state)
{
	struct world *w = *state;
	for (int i = 0; i < 2500; i++) {
		char id[64];
		snprintf(id, sizeof(id), INSTANCE "-%d", i);
		record(w, id);
	}
	off_t before = log_size(w);
	assert_true(before > 4 << 20);
	struct history *reader = history_open(w->path, test_key, true, 0, NULL, &w->err);
	WORKS(history_latest(
		reader, (struct span){ 0 }, INT64_MAX, 9, checkpoint_in_row, w, &w->err));
	history_close(reader);
	WORKS(history_checkpoint_file(w->path, &w->err));
	assert_true(log_size(w) < before / 8);
	for (int i = 0; i < 2500; i += 100) {
		char id[64];
		snprintf(id, sizeof(id), INSTANCE "-%d", i);
		assert_true(is_there(w, id));
	}
	record(w, INSTANCE "-9999");
	WORKS(history_sync_file(w->path, &w->err));
}

static void syncing_says_what_it_cannot(void **state)
{
	struct world *w = *state;
	char *wal = xasprintf("%s-wal", w->path);
	WORKS(history_sync_file(w->path, &w->err)); /* no log: nothing to do */
	assert_int_equal(mkdir(wal, 0700), 0);
	assert_false(history_sync_file(w->path, &w->err));
	assert_false(history_checkpoint_file(w->path, &w->err));
	assert_int_equal(access(w->path, F_OK), -1); /* and does not make one */
	rmdir(wal);
	free(wal);
}

#define BODY(name) \
	{ \
#name, name \
	}

static const struct body bodies[] = {
	BODY(keep_it_open),
	BODY(open_and_record),
};

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_open, end_one)
#define TEST_EMPTY(name) cmocka_unit_test_setup_teardown(name, begin_empty, end_one)

int main(int argc, char **argv)
{
	if (argc == 4) {
		return run_body(argv, bodies, COUNT_OF(bodies));
	}
	const struct CMUnitTest tests[] = {
		TEST_EMPTY(a_damaged_file_is_set_aside),
		TEST(a_cut_file_is_set_aside_with_its_log),
		TEST(damage_met_at_work_is_looked_into),
		TEST(a_suspect_that_is_sound_stays),
		TEST(a_newer_schema_is_refused),
		TEST_EMPTY(another_programs_database_is_refused),
		TEST_EMPTY(many_openers_make_one_history),
		TEST(a_reader_sees_what_is_committed),
		TEST(a_long_log_is_moved),
		TEST_EMPTY(syncing_says_what_it_cannot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
