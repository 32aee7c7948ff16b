/*
 * The loop around linear.c: a line of the terminal goes in, what it says goes out. The terminal
 * stays as it is: its own line editing, no mode of ours, so there is nothing to put back.
 *
 * It decides only if stdin is this process's controlling terminal; otherwise it looks. Before a
 * code is written, what was typed until then is read or thrown away. Writing may block for as long
 * as the terminal is stopped; nobody else waits for it (the broker cuts slow consoles), and what
 * was typed meanwhile is thrown away. Called by main.c.
 */
#include "config.h"

#include "tui/linear_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <termios.h>
#include <unistd.h>
#include <uv.h>

#include "tui/clock.h"
#include "tui/linear.h"

enum { GAP_MS = 100, COLS = 80, READ_MAX = 4096, LINE_MAX_BYTES = 8192 };

struct runner {
	uv_loop_t loop;
	uv_poll_t input;
	uv_signal_t stop, cont, winch;
	uv_prepare_t prepare;
	uv_check_t check;
	struct linear linear;
	struct feed *feed;
	struct buf in;
	int fd; /* of the input; -1: none */
	bool terminal; /* it is our terminal */
	bool pop;
};

static void set_time(struct runner *r)
{
	linear_time(&r->linear, clock_monotonic(), clock_wall());
}

static uint32_t draw(void *data)
{
	uint32_t bits = 0;
	(void)data;
	if (getrandom(&bits, sizeof(bits), 0) != (ssize_t)sizeof(bits)) {
		abort();
	}
	return bits;
}

static int columns(void)
{
	struct winsize size = { 0 };
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : COLS;
}

static void flush_input(struct runner *r)
{
	if (r->terminal) {
		tcflush(r->fd, TCIFLUSH);
		buf_clear(&r->in);
	}
}

static void gap(struct runner *r)
{
	flush_input(r);
	set_time(r);
	linear_gap(&r->linear);
}

/* ---- in ---- */

static void take_lines(struct runner *r)
{
	size_t at = 0;
	for (size_t i = 0; i < r->in.len && !r->linear.quit; i++) {
		if (r->in.data[i] == '\n' || r->in.data[i] == '\r') {
			linear_line(&r->linear, (struct span){ r->in.data + at, i - at });
			at = i + 1;
		}
	}
	buf_drop(&r->in, at);
	if (r->in.len > LINE_MAX_BYTES) {
		buf_clear(&r->in);
	}
}

/* The terminal's end leaves; that of anything else only ends the lines. */
static void end_input(struct runner *r)
{
	uv_poll_stop(&r->input);
	if (r->terminal) {
		linear_leave(&r->linear);
	}
}

static void read_input(struct runner *r)
{
	char bytes[READ_MAX];
	while (r->fd >= 0 && !r->linear.quit) {
		ssize_t n = read(r->fd, bytes, sizeof(bytes));
		if (n > 0) {
			set_time(r);
			buf_add(&r->in, bytes, (size_t)n);
			take_lines(r);
		} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
			end_input(r);
			return;
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void on_input(uv_poll_t *poll, int status, int events)
{
	struct runner *r = poll->data;
	(void)events;
	if (status < 0) {
		end_input(r);
	} else {
		read_input(r);
	}
}

static void on_note(void *data, const struct feed_note *note)
{
	struct runner *r = data;
	set_time(r);
	linear_note(&r->linear, note);
	if (r->pop && r->linear.connected && !r->linear.model.count && note->kind != FEED_UP) {
		linear_leave(&r->linear);
	}
}

/* ---- out ---- */

static bool write_all(struct span text)
{
	while (text.len) {
		ssize_t n = write(STDOUT_FILENO, text.at, text.len);
		if (n > 0) {
			text = (struct span){ text.at + n, text.len - (size_t)n };
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd room = { .fd = STDOUT_FILENO, .events = POLLOUT };
			poll(&room, 1, -1);
		} else if (n == 0 || errno != EINTR) {
			return false;
		}
	}
	return true;
}

static void write_out(struct runner *r)
{
	int64_t began = clock_monotonic();
	if (r->linear.fresh) {
		read_input(r); /* whole lines are judged by what stood there before */
		flush_input(r);
	}
	if (!write_all(buf_view(&r->linear.out))) {
		r->linear.quit = true;
	}
	set_time(r);
	linear_printed(&r->linear);
	if (r->linear.now - began > GAP_MS) {
		gap(r);
	}
}

static void on_prepare(uv_prepare_t *prepare)
{
	struct runner *r = prepare->data;
	if (r->linear.out.len) {
		write_out(r);
	}
	if (r->linear.quit) {
		uv_stop(&r->loop);
	}
}

static void on_check(uv_check_t *check)
{
	struct runner *r = check->data;
	if (clock_monotonic() - (int64_t)uv_now(&r->loop) > GAP_MS) {
		gap(r);
	}
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct runner *r = handle->data;
	set_time(r);
	if (number == SIGINT) {
		linear_leave(&r->linear);
	} else if (number == SIGCONT) {
		gap(r);
	} else {
		r->linear.options.width = columns();
	}
}

/* ---- beginning and end ---- */

/* An open file description of our own: that it does not wait disturbs nobody. */
static void open_input(struct runner *r)
{
	pid_t session = isatty(STDIN_FILENO) ? tcgetsid(STDIN_FILENO) : -1;
	r->terminal = session > 0 && session == getsid(0);
	r->fd = open(r->terminal ? "/dev/tty" : "/proc/self/fd/0",
		O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	r->terminal = r->terminal && r->fd >= 0;
}

static void start_handles(struct runner *r)
{
	uv_loop_init(&r->loop);
	if (r->fd >= 0 && uv_poll_init(&r->loop, &r->input, r->fd) == 0) {
		r->input.data = r;
		uv_poll_start(&r->input, UV_READABLE, on_input);
	} else if (r->fd >= 0) {
		close(r->fd); /* what cannot be waited for has no lines */
		r->fd = -1;
	}
	uv_prepare_init(&r->loop, &r->prepare);
	uv_check_init(&r->loop, &r->check);
	uv_signal_init(&r->loop, &r->stop);
	uv_signal_init(&r->loop, &r->cont);
	uv_signal_init(&r->loop, &r->winch);
	r->prepare.data = r->check.data = r->stop.data = r->cont.data = r->winch.data = r;
	uv_prepare_start(&r->prepare, on_prepare);
	uv_check_start(&r->check, on_check);
	uv_signal_start(&r->stop, on_signal, SIGINT);
	uv_signal_start(&r->cont, on_signal, SIGCONT);
	uv_signal_start(&r->winch, on_signal, SIGWINCH);
}

static void close_handle(uv_handle_t *handle, void *data)
{
	(void)data;
	if (!uv_is_closing(handle)) {
		uv_close(handle, NULL);
	}
}

static void stop_handles(struct runner *r)
{
	feed_close(r->feed);
	uv_walk(&r->loop, close_handle, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	feed_destroy(r->feed);
	uv_loop_close(&r->loop);
	if (r->fd >= 0) {
		close(r->fd);
	}
}

static void say_hello(struct runner *r, const char *why)
{
	if (why) {
		struct safe_text text = safe_make(span_of(why), SAFE_ONE_LINE);
		linear_say(&r->linear, safe_printf("Line by line: %s.", safe_cstr(&text)));
		safe_finish(&text);
	}
	if (r->linear.options.looks) {
		linear_say(&r->linear, safe_printf("%s", r->linear.options.looks));
	}
}

void linear_run(const struct linear_run *options)
{
	struct runner *r = xcalloc(1, sizeof(*r));
	open_input(r);
	const struct linear_options settings = {
		.looks = options->read_only ? "This console only looks (--read-only)."
			: r->terminal
			? NULL
			: "This console only looks: standard input is not its terminal.",
		.deny_delay_ms = options->settings->deny_delay_ms,
		.guard = options->settings->guard,
		.width = columns(),
		.ascii = options->ascii,
		.draw = draw,
	};
	linear_init(&r->linear, &settings, clock_monotonic(), clock_wall());
	say_hello(r, options->why);
	r->pop = options->pop;
	start_handles(r);
	const struct feed_options feed_options = { .paths = options->paths,
		.decide_fd = options->decide_fd,
		.launch = options->launch,
		.each = on_note,
		.data = r };
	r->feed = r->linear.feed = feed_create(&r->loop, &feed_options);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	write_all(buf_view(&r->linear.out));
	stop_handles(r);
	linear_finish(&r->linear);
	buf_finish(&r->in);
	free(r);
}
