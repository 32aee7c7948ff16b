/* Bytes out: in order, without blocking, to peers that are slow, gone or no sockets at all; and
 * flags put back. */
#include "config.h"

#include "tests/unit/loop.h"

enum { MANY = 4 << 20 };

static bool blocking(int fd)
{
	return !(fcntl(fd, F_GETFL) & O_NONBLOCK);
}

static size_t drain(int fd, struct buf *out)
{
	char text[65536];
	ssize_t n;
	size_t total = 0;
	while ((n = recv(fd, text, sizeof(text), MSG_DONTWAIT)) > 0) {
		buf_add(out, text, (size_t)n);
		total += (size_t)n;
	}
	return total;
}

/* A reader that does not read: memory, not time, is spent on it, and there is word when it goes on.
 */
static void slow_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear e = { 0 };
	struct buf bytes = { 0 }, got = { 0 };
	int fds[2];
	make_pair(fds, true);
	loop_start(&l);
	ear_open(&e, &l, fds[1], 100, STREAM_SKIP);
	for (size_t i = 0; i < MANY / 16; i++) {
		buf_printf(&bytes, "line %9zu\n", i);
	}
	for (size_t at = 0; at < bytes.len; at += 1000) {
		size_t n = bytes.len - at < 1000 ? bytes.len - at : 1000;
		stream_write(e.stream, (struct span){ bytes.data + at, n });
	}
	assert_int_equal(stream_queued(e.stream), bytes.len);
	loop_settle(&l);
	assert_true(stream_queued(e.stream) > MANY / 2 && stream_queued(e.stream) < bytes.len);
	assert_int_equal(e.rooms, 0);
	LOOP_UNTIL(&l, (drain(fds[0], &got), !stream_queued(e.stream)));
	drain(fds[0], &got);
	assert_int_equal(e.rooms, 1);
	assert_int_equal(got.len, bytes.len);
	assert_memory_equal(got.data, bytes.data, bytes.len);
	ear_close(&e);
	close(fds[0]);
	buf_finish(&bytes);
	buf_finish(&got);
	loop_finish(&l);
}

/* Small and large ones keep their order. */
static void order_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear in = { 0 }, out = { 0 };
	struct buf expected = { 0 };
	int fds[2];
	make_pair(fds, false);
	loop_start(&l);
	ear_open(&in, &l, fds[0], 2 << 20, STREAM_SKIP);
	ear_open(&out, &l, fds[1], 100, STREAM_SKIP);
	stream_start(in.stream);
	for (int i = 0; i < 40; i++) {
		struct buf line = { 0 };
		fill_text(&line, (char)('A' + i % 26), i % 3 ? 10 : 300 << 10);
		buf_span(&expected, buf_view(&line));
		buf_char(&expected, '|');
		buf_char(&line, '\n');
		stream_write_buf(out.stream, &line);
		assert_null(line.data);
	}
	LOOP_UNTIL(&l, in.lines == 40);
	assert_int_equal(in.text.len, expected.len);
	assert_memory_equal(in.text.data, expected.data, expected.len);
	assert_int_equal(stream_queued(out.stream), 0);
	buf_finish(&expected);
	ear_close(&in);
	ear_close(&out);
	loop_finish(&l);
}

static void both_ways_test(void **state)
{
	(void)state;
	for (int sockets = 0; sockets < 2; sockets++) {
		struct loop l;
		struct ear ears[4] = { 0 };
		int one[2], other[2];
		make_pair(one, sockets);
		make_pair(other, sockets);
		loop_start(&l);
		const int fds[4] = { one[0], one[1], other[0], other[1] };
		for (int i = 0; i < 4; i++) {
			ear_open(&ears[i], &l, fds[i], 2 * MANY, STREAM_SKIP);
		}
		stream_start(ears[0].stream);
		stream_start(ears[2].stream);
		for (int i = 1; i < 4; i += 2) {
			struct buf bytes = { 0 };
			fill_text(&bytes, 'x', MANY);
			buf_char(&bytes, '\n');
			stream_write_buf(ears[i].stream, &bytes);
		}
		LOOP_UNTIL(&l, ears[0].lines && ears[2].lines);
		for (int i = 0; i < 4; i++) {
			ear_close(&ears[i]);
		}
		loop_finish(&l);
	}
}

static void answer_hook(struct ear *e)
{
	struct buf bytes = { 0 };
	if (e->lines == 1) {
		fill_text(&bytes, 'y', MANY);
		buf_char(&bytes, '\n');
		stream_write_buf(e->stream, &bytes);
	}
}

/* Both ends of one socket write more than it holds, and still read. */
static void duplex_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear a = { .hook = answer_hook, .hook_at = "line" },
		   b = { .hook = answer_hook, .hook_at = "line" };
	int fds[2];
	make_pair(fds, true);
	loop_start(&l);
	ear_open(&a, &l, fds[0], 2 * MANY, STREAM_SKIP);
	ear_open(&b, &l, fds[1], 2 * MANY, STREAM_SKIP);
	stream_start(a.stream);
	stream_start(b.stream);
	stream_write(a.stream, SPAN("go\n"));
	stream_write(b.stream, SPAN("go\n"));
	LOOP_UNTIL(&l, a.lines == 2 && b.lines == 2);
	ear_close(&a);
	ear_close(&b);
	loop_finish(&l);
}

/* What was queued goes first, then the reader sees the end; a socket's other half lives on. */
static void check_end(bool sockets)
{
	struct loop l;
	struct ear in = { 0 }, out = { 0 };
	struct buf bytes = { 0 };
	int fds[2];
	make_pair(fds, sockets);
	loop_start(&l);
	ear_open(&in, &l, fds[0], 2 << 20, STREAM_SKIP);
	ear_open(&out, &l, fds[1], 100, STREAM_SKIP);
	stream_start(in.stream);
	if (sockets) {
		stream_start(out.stream);
	}
	fill_text(&bytes, 'z', 1 << 20);
	buf_char(&bytes, '\n');
	stream_write_buf(out.stream, &bytes);
	stream_write(out.stream, SPAN("last\n"));
	stream_end_output(out.stream);
	stream_write(out.stream, SPAN("too late\n"));
	stream_end_output(out.stream);
	LOOP_UNTIL(&l, in.ends);
	assert_int_equal(in.lines, 2);
	assert_true(stream_broken(out.stream));
	assert_memory_equal(in.text.data + in.text.len - 5, "last|", 5);
	if (sockets) {
		stream_write(in.stream, SPAN("back\n"));
		LOOP_UNTIL(&l, out.lines == 1);
	}
	ear_close(&in);
	ear_close(&out);
	loop_finish(&l);
}

static void end_test(void **state)
{
	(void)state;
	check_end(false);
	check_end(true);
}

/* The reader goes while much is queued: noticed at once, and nothing spins on it afterwards. */
static void broken_test(void **state)
{
	(void)state;
	for (int sockets = 0; sockets < 2; sockets++) {
		struct loop l;
		struct ear e = { 0 };
		struct buf bytes = { 0 };
		int fds[2];
		make_pair(fds, sockets);
		loop_start(&l);
		ear_open(&e, &l, fds[1], 100, STREAM_SKIP);
		fill_text(&bytes, 'x', MANY);
		stream_write_buf(e.stream, &bytes);
		loop_settle(&l);
		assert_true(stream_queued(e.stream));
		assert_false(stream_broken(e.stream));
		close(fds[0]);
		LOOP_UNTIL(&l, stream_broken(e.stream));
		assert_int_equal(stream_queued(e.stream), 0);
		assert_int_equal(e.rooms, 1); /* who was paused for it goes on */
		assert_int_equal(e.ends, 0); /* it was never read from */
		loop_settle(&l);
		assert_false(uv_loop_alive(&l.uv));
		stream_write(e.stream, SPAN("more"));
		assert_int_equal(stream_queued(e.stream), 0);
		ear_close(&e);
		loop_finish(&l);
	}
}

/* The peer leaves unread bytes behind: what it had said is still read to its end. */
static void reset_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear e = { 0 };
	struct buf lines = { 0 };
	int fds[2];
	make_pair(fds, true);
	loop_start(&l);
	ear_open(&e, &l, fds[0], 100, STREAM_SKIP);
	stream_start(e.stream);
	put(fds[0], SPAN("never read\n"));
	for (int i = 0; i < 12000; i++) {
		buf_text(&lines, "12345678\n");
	}
	put(fds[1], buf_view(&lines));
	close(fds[1]);
	LOOP_UNTIL(&l, e.ends);
	assert_int_equal(e.lines, 12000);
	assert_int_equal(e.ends, 1);
	loop_settle(&l);
	assert_false(uv_loop_alive(&l.uv));
	buf_finish(&lines);
	ear_close(&e);
	loop_finish(&l);
}

static void destroy_room_test(void **state)
{
	(void)state;
	struct loop l;
	struct ear e = { .hook = ear_destroy_hook, .hook_at = "room" };
	struct buf bytes = { 0 };
	int fds[2];
	make_pair(fds, true);
	loop_start(&l);
	ear_open(&e, &l, fds[1], 100, STREAM_SKIP);
	fill_text(&bytes, 'x', MANY);
	stream_write_buf(e.stream, &bytes);
	LOOP_UNTIL(&l, (drain(fds[0], &bytes), !e.stream));
	assert_int_equal(e.rooms, 1);
	buf_clear(&bytes);
	/* And from outside: the last flush of a destroyed stream calls nobody. */
	e.rooms = 0;
	ear_open(&e, &l, dup(fds[0]), 100, STREAM_SKIP);
	fill_text(&bytes, 'x', 300 << 10);
	stream_write(e.stream, buf_view(&bytes));
	stream_destroy(e.stream);
	e.stream = NULL;
	assert_int_equal(e.rooms, 0);
	ear_close(&e);
	close(fds[0]);
	buf_finish(&bytes);
	loop_finish(&l);
}

static void file_test(void **state)
{
	(void)state;
	char path[] = "/tmp/bascule-stream-XXXXXX";
	struct loop l;
	struct ear file = { 0 }, null = { 0 }, full = { 0 };
	struct buf got = { 0 };
	int fd = mkstemp(path);
	loop_start(&l);
	ear_open(&file, &l, dup(fd), 100, STREAM_SKIP);
	ear_open(&null, &l, open("/dev/null", O_WRONLY | O_CLOEXEC), 100, STREAM_SKIP);
	ear_open(&full, &l, open("/dev/full", O_WRONLY | O_CLOEXEC), 100, STREAM_SKIP);
	for (int i = 0; i < 10000; i++) {
		stream_write(file.stream, SPAN("some bytes\n"));
		stream_write(null.stream, SPAN("some bytes\n"));
		stream_write(full.stream, SPAN("some bytes\n"));
	}
	stream_end_output(file.stream);
	LOOP_UNTIL(&l,
		!stream_queued(file.stream) && !stream_queued(null.stream) &&
			!stream_queued(full.stream));
	assert_true(stream_broken(full.stream));
	assert_false(stream_broken(null.stream));
	assert_int_equal(lseek(fd, 0, SEEK_END), 110000);
	loop_settle(&l);
	assert_false(uv_loop_alive(&l.uv));
	ear_close(&file);
	ear_close(&null);
	ear_close(&full);
	buf_finish(&got);
	close(fd);
	unlink(path);
	loop_finish(&l);
}

/* The flag belongs to the open file, which others go on using. */
static void flags_test(void **state)
{
	(void)state;
	for (int row = 0; row < 8; row++) {
		struct loop l;
		struct ear e = { 0 };
		int fds[2];
		bool was = row & 1;
		make_pair(fds, row & 2);
		int kept = dup(fds[1]);
		assert_int_equal(
			fcntl(kept, F_SETFL, fcntl(kept, F_GETFL) | (was ? 0 : O_NONBLOCK)), 0);
		loop_start(&l);
		ear_open(&e, &l, fds[1], 100, STREAM_SKIP);
		assert_false(blocking(kept));
		if (row & 4) {
			stream_write(e.stream, SPAN("x\n"));
			stream_end_output(e.stream);
			LOOP_UNTIL(&l, stream_broken(e.stream));
		}
		ear_close(&e);
		assert_int_equal(blocking(kept), was);
		close(kept);
		close(fds[0]);
		loop_finish(&l);
	}
}

/* One terminal as stdin and stdout: whichever goes first, the last one puts the flag back, and not
 * before. */
static void twins_test(void **state)
{
	(void)state;
	for (int row = 0; row < 4; row++) {
		struct loop l;
		struct ear in = { 0 }, out = { 0 };
		int fds[2];
		bool was = row & 1;
		make_pair(fds, true);
		int kept = dup(fds[0]);
		assert_int_equal(
			fcntl(kept, F_SETFL, fcntl(kept, F_GETFL) | (was ? 0 : O_NONBLOCK)), 0);
		loop_start(&l);
		ear_open(&in, &l, fds[0], 100, STREAM_SKIP);
		ear_open(&out, &l, dup(kept), 100, STREAM_SKIP);
		stream_start(in.stream);
		ear_close(row & 2 ? &in : &out);
		assert_false(blocking(kept));
		ear_close(row & 2 ? &out : &in);
		assert_int_equal(blocking(kept), was);
		close(kept);
		close(fds[1]);
		loop_finish(&l);
	}
}

static void note_turn_hook(struct ear *e)
{
	*(unsigned *)e->data = 1;
}

/* Nothing leaves before `before` has run: there the broker commits. */
static void turn_test(void **state)
{
	(void)state;
	struct loop l;
	unsigned unused;
	struct ear e = { .hook = note_turn_hook, .data = &unused };
	char text[8];
	int fds[2];
	make_pair(fds, true);
	loop_start(&l);
	ear_open(&e, &l, fds[1], 100, STREAM_SKIP);
	stream_write(e.stream, SPAN("one"));
	stream_write(e.stream, SPAN("two"));
	assert_int_equal(recv(fds[0], text, sizeof(text), MSG_DONTWAIT), -1);
	assert_int_equal(l.turns, 0);
	turn_flush(&l.turn);
	assert_int_equal(l.turns, 1);
	assert_int_equal(recv(fds[0], text, sizeof(text), MSG_DONTWAIT), 6);
	assert_memory_equal(text, "onetwo", 6);
	assert_int_equal(stream_queued(e.stream), 0);
	assert_int_equal(stream_fd(e.stream), fds[1]);
	ear_close(&e);
	close(fds[0]);
	loop_finish(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_test),
		cmocka_unit_test(order_test),
		cmocka_unit_test(both_ways_test),
		cmocka_unit_test(duplex_test),
		cmocka_unit_test(end_test),
		cmocka_unit_test(broken_test),
		cmocka_unit_test(reset_test),
		cmocka_unit_test(destroy_room_test),
		cmocka_unit_test(file_test),
		cmocka_unit_test(flags_test),
		cmocka_unit_test(twins_test),
		cmocka_unit_test(turn_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
