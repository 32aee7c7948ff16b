/* detail.db: what is put comes back, nothing slips in behind a failure, a damaged file is kept. */
#include "config.h"

#include "core/store.h"

#include "core/diag.h"
#include "tests/unit/history_world.h"

#include <dirent.h>

struct shelf {
	char dir[64];
	char *path;
	struct store *s;
	struct err err;
};

static int set_up(void **state)
{
	struct shelf *f = xcalloc(1, sizeof(*f));
	snprintf(f->dir, sizeof(f->dir), "/tmp/bascule-store-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->path = xasprintf("%s/detail.db", f->dir);
	f->s = store_open(f->path, false, test_now, NULL, &f->err);
	assert_non_null(f->s);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct shelf *f = *state;
	store_close(f->s);
	DIR *dir = opendir(f->dir);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		unlinkat(dirfd(dir), entry->d_name, 0); /* "." and ".." stay */
	}
	closedir(dir);
	assert_int_equal(rmdir(f->dir), 0);
	free(f->path);
	free(f);
	return 0;
}

static void put(struct shelf *f, int64_t number, const char *text)
{
	const struct store_body body = { .text = span_of(text), .size = 70000 };
	assert_true(store_begin(f->s, &f->err));
	assert_true(store_put(f->s, number, STORE_RESULT, &body, &f->err));
	assert_true(store_commit(f->s, &f->err));
}

static void expect_body(struct store *s, int64_t number, const char *expected)
{
	struct buf text = { 0 };
	struct store_body body;
	struct err err;
	bool found = false;
	assert_true(store_get(s, number, STORE_RESULT, &text, &body, &found, &err));
	assert_int_equal(found, expected != NULL);
	if (expected) {
		assert_string_equal(buf_cstr(&text), expected);
		assert_int_equal(body.size, 70000);
	}
	buf_finish(&text);
}

static void test_a_body_comes_back_from_another_handle(void **state)
{
	struct shelf *f = *state;
	struct stat st;
	put(f, 7, "done");
	put(f, 7, "done again");
	struct store *reader = store_open(f->path, true, 0, NULL, &f->err);
	assert_non_null(reader);
	expect_body(reader, 7, "done again");
	expect_body(reader, 8, NULL);
	store_close(reader);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_nothing_slips_in_behind_a_failure(void **state)
{
	struct shelf *f = *state;
	struct store_seal seal = { .seq = 1, .kind = SPAN("call") };
	const struct store_body body = { .text = SPAN("late"), .size = 4 };
	assert_true(store_begin(f->s, &f->err));
	assert_true(store_seal_add(f->s, &seal, &f->err));
	assert_false(store_seal_add(f->s, &seal, &f->err)); /* the same seq */
	assert_false(store_put(f->s, 1, STORE_RESULT, &body, &f->err));
	assert_false(store_commit(f->s, &f->err));
	store_rollback(f->s);
	assert_true(store_seal_last(f->s, &seal, &f->err));
	assert_int_equal(seal.seq, 0);
	put(f, 2, "works again");
}

static bool count_event(void *data, const struct store_event *event)
{
	struct buf *seen = data;
	buf_span(seen, event->kind);
	buf_char(seen, ' ');
	return true;
}

static void test_events_come_in_order_after_an_id(void **state)
{
	struct shelf *f = *state;
	static const char *const kinds[] = { "broker-start", "rules", "console" };
	struct buf seen = { 0 };
	int64_t id = 0;
	assert_true(store_begin(f->s, &f->err));
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct store_event event = { .at_us = test_now + (int64_t)i,
			.kind = span_of(kinds[i]),
			.json = SPAN("{}") };
		assert_true(store_event_add(f->s, &event, &id, &f->err));
	}
	assert_true(store_commit(f->s, &f->err));
	assert_int_equal(id, 3);
	assert_true(store_events(f->s, 1, 0, 10, count_event, &seen, &f->err));
	assert_string_equal(buf_cstr(&seen), "rules console ");
	buf_finish(&seen);
}

static bool copy_before(void *data, const struct store_before *before)
{
	struct buf *seen = data;
	buf_span(seen, before->path);
	buf_char(seen, '=');
	buf_span(seen, before->content);
	buf_char(seen, before->after.byte[0] ? '!' : '?');
	return true;
}

/* What the call left is known later, and must not lose what was there before. */
static void test_what_was_before_stays_when_the_end_is_known(void **state)
{
	struct shelf *f = *state;
	struct store_before b = { .number = 3,
		.path = SPAN("/w/a"),
		.state = SPAN("file"),
		.content = SPAN("old\0bytes") };
	struct buf seen = { 0 };
	assert_true(store_begin(f->s, &f->err));
	assert_true(store_before_put(f->s, &b, &f->err));
	b.content = SPAN("new");
	memset(b.after.byte, 1, sizeof(b.after.byte));
	assert_true(store_before_put(f->s, &b, &f->err));
	assert_true(store_commit(f->s, &f->err));
	assert_true(store_befores(f->s, 3, copy_before, &seen, &f->err));
	assert_true(span_same(buf_view(&seen), SPAN("/w/a=old\0bytes!")));
	buf_finish(&seen);
}

static void test_a_place_is_kept(void **state)
{
	struct shelf *f = *state;
	int64_t value = -1;
	assert_true(store_place(f->s, "sealed", &value, &f->err));
	assert_int_equal(value, 0);
	assert_true(store_begin(f->s, &f->err));
	assert_true(store_place_set(f->s, "sealed", 41, &f->err));
	assert_true(store_place_set(f->s, "sealed", 42, &f->err));
	assert_true(store_commit(f->s, &f->err));
	assert_true(store_place(f->s, "sealed", &value, &f->err));
	assert_int_equal(value, 42);
}

static void test_a_damaged_file_is_set_aside_and_named(void **state)
{
	struct shelf *f = *state;
	char *note = NULL;
	put(f, 1, "kept");
	store_close(f->s);
	int fd = open(f->path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "no database at all", 18), 18);
	close(fd);
	f->s = store_open(f->path, false, test_now, &note, &f->err);
	assert_non_null(f->s);
	assert_non_null(note);
	assert_non_null(strstr(note, ".damaged-20251229T092000Z"));
	expect_body(f->s, 1, NULL);
	free(note);
}

static void test_a_reader_makes_no_file(void **state)
{
	struct shelf *f = *state;
	char *path = xasprintf("%s/none.db", f->dir);
	assert_null(store_open(path, true, 0, NULL, &f->err));
	assert_int_equal(f->err.code, DIAG_NONE);
	assert_int_not_equal(access(path, F_OK), 0);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_a_body_comes_back_from_another_handle, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_nothing_slips_in_behind_a_failure, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_events_come_in_order_after_an_id, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_what_was_before_stays_when_the_end_is_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_place_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_a_damaged_file_is_set_aside_and_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_reader_makes_no_file, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
