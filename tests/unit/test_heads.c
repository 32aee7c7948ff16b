/* The file of heads: read as written, whatever a crash left, and thinned where it is old. */
#include "config.h"

#include "ipc/heads_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void add_head(struct heads *heads, int64_t seq)
{
	heads->list = xgrow(heads->list, &heads->cap, heads->count + 1, sizeof(*heads->list));
	heads->list[heads->count++] = (struct head){ seq, seq * 10, { { (unsigned char)seq } } };
}

static void test_heads_are_read_as_they_are_written(void **state)
{
	struct heads heads = { 0 }, again = { 0 };
	struct buf text = { 0 };
	(void)state;
	add_head(&heads, 1);
	add_head(&heads, 20);
	heads_write(&heads, &text);
	buf_text(&text, "nonsense\n-1 00 3\n21 ab");
	heads_parse(&again, buf_view(&text));
	assert_int_equal(again.count, 2);
	assert_int_equal(again.list[1].seq, 20);
	assert_int_equal(again.list[1].at_us, 200);
	assert_true(hash_same(&again.list[1].hash, &heads.list[1].hash));
	buf_clear(&text);
	heads_line(&text, &heads.list[0]);
	text.len--; /* a crash left the line without its end */
	heads_parse(&again, buf_view(&text));
	assert_int_equal(again.count, 2);
	buf_finish(&text);
	heads_finish(&heads);
	heads_finish(&again);
}

static void test_heads_are_thinned_where_they_are_old(void **state)
{
	struct heads heads = { 0 };
	bool fork = false;
	(void)state;
	for (int64_t i = 1; i <= 600; i++) {
		add_head(&heads, i <= 100 ? i : i - 50);
	}
	heads_thin(&heads);
	assert_int_equal(heads.list[heads.count - HEADS_RECENT].seq, 550 - HEADS_RECENT + 1);
	assert_in_range(heads.count, HEADS_RECENT + 230, HEADS_RECENT + 240);
	for (int i = 0; i < 10; i++) {
		heads_thin(&heads);
	}
	assert_in_range(heads.count, HEADS_RECENT + 3, HEADS_RECENT + 6);
	for (size_t i = 0; i < heads.count; i++) {
		fork = fork || heads.list[i].seq == 100;
	}
	assert_true(fork);
	heads_finish(&heads);
}

static void put_raw(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void add_line(const char *path, int64_t seq)
{
	struct err err;
	const struct head head = { seq, seq * 10, { { (unsigned char)seq } } };
	if (!heads_file_add(path, &head, &err)) {
		fail_msg("%s", err.text);
	}
}

static void test_the_file_survives_a_torn_line_and_stays_short(void **state)
{
	char path[] = "/tmp/bascule-heads-XXXXXX";
	struct heads heads = { 0 };
	struct err err;
	struct stat st;
	bool missing;
	(void)state;
	close(mkstemp(path));
	assert_int_equal(unlink(path), 0);
	assert_false(heads_file_read(path, &heads, &missing, &err));
	assert_true(missing);
	assert_true(heads_file_claim(path, &err));
	assert_true(heads_file_claim(path, &err));
	add_line(path, 1);
	put_raw(path, "2 0000");
	add_line(path, 3);
	assert_true(heads_file_read(path, &heads, &missing, &err));
	assert_int_equal(heads.count, 2);
	assert_int_equal(heads.list[1].seq, 3);
	for (int64_t i = 4; i < 3000; i++) {
		add_line(path, i);
	}
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_in_range(st.st_size, 1, HEADS_FILE_LONG + 200);
	heads_finish(&heads);
	assert_true(heads_file_read(path, &heads, &missing, &err));
	assert_int_equal(heads.list[0].seq, 1);
	assert_int_equal(heads.list[heads.count - 1].seq, 2999);
	heads_finish(&heads);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads_are_read_as_they_are_written),
		cmocka_unit_test(test_heads_are_thinned_where_they_are_old),
		cmocka_unit_test(test_the_file_survives_a_torn_line_and_stays_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
