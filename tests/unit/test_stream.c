/* Lines in: however they arrive, however long, and whatever the callbacks do. */
#include "config.h"

#include "tests/unit/loop.h"

enum { BIG = 9 << 20 };

static void check_split(bool sockets)
{
	static const char text[] = "a\n\nbc\r\n{\"x\":1}\n\n\nd\nlast";
	for (size_t at = 0; at <= strlen(text); at++) {
		struct loop l;
		struct ear e = { 0 };
		int fds[2];
		make_pair(fds, sockets);
		loop_start(&l);
		ear_open(&e, &l, fds[0], 100, STREAM_SKIP);
		stream_start(e.stream);
		put(fds[1], (struct span){ text, at });
		loop_settle(&l);
		put(fds[1], (struct span){ text + at, strlen(text) - at });
		close(fds[1]);
		LOOP_UNTIL(&l, e.ends);
		assert_string_equal(buf_cstr(&e.text), "a||bc\r|{\"x\":1}|||d|");
		assert_int_equal(e.lines, 7);
		assert_true(stream_ended(e.stream));
		loop_settle(&l);
		assert_int_equal(e.ends, 1);
		assert_int_equal(e.overs, 0);
		ear_close(&e);
		loop_finish(&l);
	}
}

static void split_test(void **state)
{
	(void)state;
	check_split(false);
	check_split(true);
}

/* Caps of 4: "abcd" still fits. */
static void check_cap(enum stream_over over, const char *text, const char *expected, unsigned overs,
	unsigned last)
{
	for (size_t at = 0; at <= strlen(text); at++) {
		struct loop l;
		struct ear e = { 0 };
		int fds[2];
		make_pair(fds, at & 1);
		loop_start(&l);
		ear_open(&e, &l, fds[0], 4, over);
		stream_start(e.stream);
		put(fds[1], (struct span){ text, at });
		loop_settle(&l);
		put(fds[1], (struct span){ text + at, strlen(text) - at });
		close(fds[1]);
		LOOP_UNTIL(&l, e.ends);
		assert_string_equal(buf_cstr(&e.text), expected);
		assert_int_equal(e.overs, overs);
		assert_int_equal(e.last_pieces, last);
		ear_close(&e);
		loop_finish(&l);
	}
}

static void cap_test(void **state)
{
	(void)state;
	check_cap(STREAM_SKIP, "abcd\nabcde\nx\n", "abcd|x|", 1, 0);
	check_cap(STREAM_SKIP, "toolong\nalsotoolong\n\nabc\nnoend", "|abc|", 3, 0);
	check_cap(STREAM_PASS, "abcd\nabcde\nx\n", "abcd|abcde\nx|", 1, 1);
	check_cap(STREAM_PASS, "toolong\nalsotoolong\nabc\n", "toolong\nalsotoolong\nabc|", 2, 2);
	check_cap(STREAM_PASS, "ab\nneverends", "ab|neverends", 1, 0);
}

/* In pieces of many reads, byte for byte. */
static void pass_large_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear in = { 0 }, out = { 0 };
	struct buf bytes = { 0 };
	int fds[2];
	for (size_t i = 0; i < BIG; i++) {
		buf_char(&bytes, (char)('a' + i % 26));
	}
	buf_text(&bytes, "\nafter\n");
	make_pair(fds, true);
	loop_start(&l);
	ear_open(&in, &l, fds[0], 1 << 20, STREAM_PASS);
	ear_open(&out, &l, fds[1], 100, STREAM_SKIP);
	stream_start(in.stream);
	stream_write(out.stream, buf_view(&bytes));
	LOOP_UNTIL(&l, in.lines == 1);
	assert_int_equal(in.overs, 1);
	assert_int_equal(in.last_pieces, 1);
	assert_true(in.pieces > 1);
	assert_int_equal(in.text.len, bytes.len);
	assert_memory_equal(in.text.data, bytes.data, bytes.len - 1);
	ear_close(&in);
	ear_close(&out);
	buf_finish(&bytes);
	loop_finish(&l);
}

/* Over the cap and cut: nothing more is given, in whatever callback the owner closes. */
static void destroy_test(void **state)
{
	(void)state;
	static const struct {
		const char *where, *text, *expected;
		enum stream_over over;
	} rows[] = {
		{ "line", "one\ntwo\n", "one|", STREAM_SKIP },
		{ "over", "one\ntoolong\ntwo\n", "one|", STREAM_CUT },
		{ "over", "one\ntoolong\ntwo\n", "one|", STREAM_SKIP },
		{ "over", "one\ntoolong\ntwo\n", "one|", STREAM_PASS },
		{ "over", "one\ntoolongwithoutend", "one|", STREAM_PASS },
		{ "piece", "one\ntoolong\ntwo\n", "one|toolong", STREAM_PASS },
		{ "batch", "one\ntwo\n", "one|two|", STREAM_SKIP },
		{ "end", "one\ntwo\n", "one|two|", STREAM_SKIP },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct loop l;
		struct ear e = { .hook = ear_destroy_hook, .hook_at = rows[i].where };
		int fds[2];
		make_pair(fds, i & 1);
		loop_start(&l);
		ear_open(&e, &l, fds[0], 4, rows[i].over);
		stream_start(e.stream);
		put(fds[1], span_of(rows[i].text));
		close(fds[1]);
		LOOP_UNTIL(&l, !e.stream);
		loop_settle(&l);
		assert_string_equal(buf_cstr(&e.text), rows[i].expected);
		assert_true(e.batches <= 1);
		ear_close(&e);
		loop_finish(&l);
	}
}

static void take_hook(struct ear *e)
{
	struct buf *taken = e->data;
	struct buf whole = { 0 };
	size_t at;
	if (e->text.len > 1000 && stream_take_line(e->stream, &whole, &at)) {
		buf_drop(&whole, at);
		buf_finish(taken);
		*taken = whole;
	}
}

/* A long line changes owner, with short ones before and behind it in the same buffer. */
static void take_test(void **state)
{
	(void)state;
	static const size_t sizes[] = { (256 << 10) - 1, 256 << 10, 1 << 20, BIG };
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct loop l;
		struct buf taken = { 0 }, bytes = { 0 };
		struct ear in = { .hook = take_hook, .hook_at = "line", .data = &taken },
			   out = { 0 };
		int fds[2];
		make_pair(fds, true);
		loop_start(&l);
		ear_open(&in, &l, fds[0], 2 * BIG, STREAM_SKIP);
		ear_open(&out, &l, fds[1], 100, STREAM_SKIP);
		stream_start(in.stream);
		buf_text(&bytes, "x\n");
		fill_text(&bytes, 'L', sizes[i]);
		buf_text(&bytes, "\nmore\nless\n");
		stream_write_buf(out.stream, &bytes);
		assert_null(bytes.data);
		LOOP_UNTIL(&l, in.lines == 4);
		assert_int_equal(in.text.len, sizes[i] + 13);
		assert_memory_equal(in.text.data + in.text.len - 11, "|more|less|", 11);
		if (sizes[i] < 256 << 10) {
			assert_null(taken.data);
		} else {
			assert_int_equal(taken.len, sizes[i] + 1);
			assert_int_equal(taken.data[0], 'L');
			assert_int_equal(taken.data[sizes[i] - 1], 'L');
			assert_int_equal(taken.data[sizes[i]], '\n');
		}
		buf_finish(&taken);
		ear_close(&in);
		ear_close(&out);
		loop_finish(&l);
	}
}

static void pause_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear e = { 0 };
	int fds[2];
	make_pair(fds, true);
	loop_start(&l);
	ear_open(&e, &l, fds[0], 100, STREAM_SKIP);
	put(fds[1], SPAN("one\n"));
	loop_settle(&l);
	assert_int_equal(e.lines, 0); /* not started yet */
	stream_start(e.stream);
	LOOP_UNTIL(&l, e.lines == 1);
	stream_pause(e.stream);
	put(fds[1], SPAN("two\n"));
	close(fds[1]);
	loop_settle(&l);
	assert_int_equal(e.lines, 1);
	assert_false(stream_ended(e.stream));
	stream_start(e.stream);
	LOOP_UNTIL(&l, e.ends);
	assert_string_equal(buf_cstr(&e.text), "one|two|");
	ear_close(&e);
	loop_finish(&l);
}

static void read_now_hook(struct ear *e)
{
	stream_read_now(((struct ear *)e->data)->stream);
}

/* In the other's callback, before it returns: what has arrived counts, and so does the end. */
static void check_read_now(bool sockets, bool paused, bool end)
{
	struct loop l;
	struct ear client = { 0 },
		   broker = { .hook = read_now_hook, .hook_at = "line", .data = &client };
	struct buf lines = { 0 };
	int c[2], b[2];
	make_pair(c, sockets);
	make_pair(b, true);
	loop_start(&l);
	ear_open(&client, &l, c[0], 100, STREAM_SKIP);
	ear_open(&broker, &l, b[0], 100, STREAM_SKIP);
	if (!paused) {
		stream_start(client.stream);
	}
	stream_start(broker.stream);
	for (int i = 0; i < 6000; i++) {
		buf_text(&lines, "12345678\n");
	}
	put(c[1], buf_view(&lines));
	if (end) {
		close(c[1]);
	}
	ear_line(&broker, SPAN("go"));
	assert_int_equal(client.lines, 6000);
	assert_int_equal(client.ends, end);
	stream_read_now(client.stream); /* nothing there, or over: nothing happens */
	assert_int_equal(client.lines, 6000);
	if (!end) {
		close(c[1]);
	}
	buf_finish(&lines);
	ear_close(&client);
	ear_close(&broker);
	close(b[1]);
	loop_finish(&l);
}

static void read_now_test(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		check_read_now(i & 1, i & 2, i & 4);
	}
}

/* Asked for from inside its own callbacks, it must not turn on itself. */
static void read_now_inside_test(void **state)
{
	(void)state;
	static const char *const where[] = { "line", "over", "piece", "batch", "end" };
	for (size_t i = 0; i < COUNT_OF(where); i++) {
		struct loop l;
		struct ear e = { .hook = read_now_hook, .hook_at = where[i] };
		int fds[2];
		e.data = &e;
		make_pair(fds, true);
		loop_start(&l);
		ear_open(&e, &l, fds[0], 4, STREAM_PASS);
		stream_start(e.stream);
		put(fds[1], SPAN("one\ntoolong\ntwo\nsix"));
		loop_settle(&l);
		put(fds[1], SPAN("\nten\n"));
		close(fds[1]);
		LOOP_UNTIL(&l, e.ends);
		assert_string_equal(buf_cstr(&e.text), "one|toolong\ntwo|six|ten|");
		assert_int_equal(e.ends, 1);
		ear_close(&e);
		loop_finish(&l);
	}
}

/* A peer that writes again for every line that it sees read cannot keep the reader. */
static void chatter_hook(struct ear *e)
{
	put(*(int *)e->data, SPAN("again\n"));
}

static void chatter_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear e = { .hook = chatter_hook, .hook_at = "line" };
	int fds[2];
	make_pair(fds, true);
	e.data = &fds[1];
	loop_start(&l);
	ear_open(&e, &l, fds[0], 100, STREAM_SKIP);
	put(fds[1], SPAN("first\n"));
	stream_read_now(e.stream);
	assert_true(e.lines >= 1 && e.lines < 5);
	ear_close(&e);
	close(fds[1]);
	loop_finish(&l);
}

static void check_file(int fd, const char *expected, unsigned lines)
{
	struct loop l;
	struct ear e = { 0 };
	loop_start(&l);
	ear_open(&e, &l, fd, 100, STREAM_SKIP);
	stream_start(e.stream);
	LOOP_UNTIL(&l, e.ends);
	assert_int_equal(e.lines, lines);
	if (expected) {
		assert_string_equal(buf_cstr(&e.text), expected);
	}
	loop_settle(&l);
	assert_int_equal(e.ends, 1);
	assert_false(uv_loop_alive(&l.uv)); /* nothing spins */
	ear_close(&e);
	loop_finish(&l);
}

/* What epoll refuses. */
static void file_test(void **state)
{
	(void)state;
	char path[] = "/tmp/bascule-stream-XXXXXX";
	int fd = mkstemp(path), reader = open(path, O_RDONLY | O_CLOEXEC);
	struct buf many = { 0 };
	assert_true(fd >= 0 && reader >= 0);
	put(fd, SPAN("one\ntwo\nthree"));
	check_file(reader, "one|two|", 2);
	for (int i = 0; i < 50000; i++) {
		buf_text(&many, "line\n");
	}
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, many.data, many.len, 0), (ssize_t)many.len);
	check_file(open(path, O_RDONLY | O_CLOEXEC), NULL, 50000);
	assert_int_equal(ftruncate(fd, 0), 0);
	check_file(open(path, O_RDONLY | O_CLOEXEC), "", 0);
	check_file(open("/dev/null", O_RDWR | O_CLOEXEC), "", 0);
	check_file(open("/tmp", O_RDONLY | O_CLOEXEC), "", 0); /* a read error is an end */
	buf_finish(&many);
	close(fd);
	unlink(path);
}

static void create_test(void **state)
{
	(void)state;
	struct loop l;
	struct stream_calls calls = { .on_line = ear_line, .on_end = ear_end };
	struct stream_options options = { 10, STREAM_SKIP };
	struct err err;
	loop_start(&l);
	int fd = dup(0);
	close(fd);
	assert_null(stream_create(&l.turn, &l.uv, fd, &options, &calls, NULL, &err));
	assert_non_null(strstr(err.text, "not open"));
	stream_destroy(NULL);
	loop_finish(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split_test),
		cmocka_unit_test(cap_test),
		cmocka_unit_test(pass_large_test),
		cmocka_unit_test(destroy_test),
		cmocka_unit_test(take_test),
		cmocka_unit_test(pause_test),
		cmocka_unit_test(read_now_test),
		cmocka_unit_test(read_now_inside_test),
		cmocka_unit_test(chatter_test),
		cmocka_unit_test(file_test),
		cmocka_unit_test(create_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
