/*
 * `bascule log`: the last lines of the log, and with -f what is added to it. Reads the rotated file
 * as well when the new one holds too few lines; following survives a rotation, and a line that was
 * still on its way into the old file.
 *
 * What is in the file was cleaned when it was written, but a file can be changed: every line is
 * cleaned again.
 */
#include <config.h>

#include "ipc/cmd.h"

#include "core/buf.h"
#include "core/diag.h"
#include "core/safe_text.h"
#include "ipc/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TAIL_MAX = 4 << 20, /* bytes of one file that are looked at */
	LINES_DEFAULT = 50,
	LINES_MAX = 1000000,
	LOOK_MS = 250,
	READ_STEP = 65536,
};

/* One file that is read to its present end, again and again. */
struct tail {
	int fd; /* -1: not there */
	struct buf text; /* read and not printed yet */
};

static void tail_open(struct tail *t, const char *path)
{
	struct stat st;
	t->fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (t->fd >= 0 && (fstat(t->fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(t->fd);
		t->fd = -1;
	}
	if (t->fd >= 0 && st.st_size > TAIL_MAX) {
		lseek(t->fd, st.st_size - TAIL_MAX, SEEK_SET);
	}
}

static void tail_read(struct tail *t)
{
	while (t->fd >= 0 && t->text.len <= TAIL_MAX) {
		buf_room(&t->text, READ_STEP);
		ssize_t n = read(t->fd, t->text.data + t->text.len, READ_STEP);
		if (n <= 0) {
			break;
		}
		t->text.len += (size_t)n;
	}
}

static void tail_close(struct tail *t)
{
	if (t->fd >= 0) {
		close(t->fd);
	}
	t->fd = -1;
	buf_finish(&t->text);
}

static void print_line(struct span line)
{
	struct safe_text safe = safe_make(line, SAFE_ONE_LINE);
	puts(safe_cstr(&safe));
	safe_finish(&safe);
}

/* Prints all whole lines; with `rest`, what follows the last line end too. */
static void print_lines(struct span text, bool rest)
{
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end ? (size_t)(end - text.at) : text.len;
		if (!end && !rest) {
			return;
		}
		print_line((struct span){ text.at, n });
		n += end ? 1 : 0;
		text.at += n;
		text.len -= n;
	}
}

/* Where the last *wanted lines of the text begin; takes those that it has off *wanted. */
static struct span last_lines(struct span text, int64_t *wanted)
{
	size_t at = text.len;
	while (at > 0 && *wanted > 0) {
		const char *end = at > 1 ? memrchr(text.at, '\n', at - 1) : NULL;
		at = end ? (size_t)(end + 1 - text.at) : 0;
		--*wanted;
	}
	return (struct span){ text.at + at, text.len - at };
}

/* Forgets what has been printed: everything up to the last line end. What never ends is no line of
 * ours. */
static void drop_whole_lines(struct buf *text)
{
	const char *end = text->len ? memrchr(text->data, '\n', text->len) : NULL;
	if (end) {
		buf_drop(text, (size_t)(end + 1 - text->data));
	} else if (text->len > TAIL_MAX) {
		buf_clear(text);
	}
}

static bool is_named(const struct tail *t, const char *path)
{
	struct stat ours, named;
	return t->fd >= 0 && fstat(t->fd, &ours) == 0 && stat(path, &named) == 0 &&
		ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

/* Somebody emptied the file in place: begin anew. */
static void rewind_if_cut(struct tail *t)
{
	struct stat st;
	if (t->fd >= 0 && fstat(t->fd, &st) == 0 && st.st_size < lseek(t->fd, 0, SEEK_CUR)) {
		lseek(t->fd, 0, SEEK_SET);
	}
}

/* Waits a moment; false when the reader of our output is gone. */
static bool wait_a_moment(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	return poll(&out, 1, LOOK_MS) <= 0;
}

static void follow(struct tail *t, const char *path)
{
	bool renamed = false;
	while (fflush(stdout) == 0 && wait_a_moment()) {
		rewind_if_cut(t);
		tail_read(t);
		print_lines(buf_view(&t->text), false);
		drop_whole_lines(&t->text);
		if (renamed) { /* one look later, so that a line that was on its way has arrived */
			tail_close(t);
			tail_open(t, path);
			renamed = false;
		} else {
			renamed = !is_named(t, path);
		}
	}
}

static void print_last(const struct tail *old, const struct tail *now, int64_t lines)
{
	struct span newer = last_lines(buf_view(&now->text), &lines);
	struct span older = last_lines(buf_view(&old->text), &lines);
	print_lines(older, true);
	print_lines(newer, false);
}

static bool parse_lines(const char *text, int64_t *lines, struct err *err)
{
	char *end = NULL;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < 0 || n > LINES_MAX) {
		return fail(err, DIAG_USAGE, "--lines: \"%.40s\", expected a number from 0 to %d",
			text, LINES_MAX);
	}
	*lines = n;
	return true;
}

static void show(const char *path, int64_t lines, bool go_on)
{
	struct tail old = { .fd = -1 }, now = { .fd = -1 };
	char *old_path = xasprintf("%s.1", path);
	tail_open(&now, path);
	tail_open(&old, old_path);
	if (now.fd < 0) {
		struct safe_text safe = safe_make(span_of(path), SAFE_ONE_LINE);
		fprintf(stderr, "bascule log: nothing logged yet (%s)\n", safe_cstr(&safe));
		safe_finish(&safe);
	}
	tail_read(&old);
	tail_read(&now);
	print_last(&old, &now, lines);
	drop_whole_lines(&now.text);
	tail_close(&old);
	if (go_on) {
		follow(&now, path);
	}
	tail_close(&now);
	free(old_path);
}

int cmd_log(int argc, char **argv)
{
	const char *root = NULL, *count = NULL;
	bool go_on = false, verbose = false;
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--lines", &count, NULL },
		{ "-f", NULL, &go_on },
		{ "-v", NULL, &verbose },
	};
	struct paths paths;
	struct err err = { 0 };
	int64_t lines = LINES_DEFAULT;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err) ||
		(count && !parse_lines(count, &lines, &err))) {
		return cmd_fail(argv[0], &err, CMD_USAGE);
	}
	if (!paths_init(&paths, root, &err)) {
		return cmd_fail(argv[0], &err, CMD_FAILED);
	}
	show(paths.log, lines, go_on);
	paths_finish(&paths);
	return cmd_written(argv[0]);
}
