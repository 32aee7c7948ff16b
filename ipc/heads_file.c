/*
 * Keeps the heads. A line that a crash cut off is ended before the next one begins; a long file is
 * thinned and put in the place of the old one as a whole.
 */
#include "config.h"

#include "ipc/heads_file.h"

#include "core/diag.h"
#include "ipc/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool no(const char *path, struct err *err)
{
	return fail(err, DIAG_HISTORY, "%.200s: %s", path, strerror(errno));
}

static int open_file(const char *path, int flags)
{
	return open(path, flags | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
}

bool heads_file_claim(const char *path, struct err *err)
{
	int fd = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
	if (fd < 0) {
		return errno == EEXIST || no(path, err);
	}
	bool ok = (fchmod(fd, 0600) == 0 && own_file_put(fd, SPAN(HEADS_FIRST_LINE)) &&
			  fsync(fd) == 0) ||
		no(path, err);
	close(fd);
	return ok;
}

bool heads_file_read(const char *path, struct heads *heads, bool *missing, struct err *err)
{
	struct buf text = { 0 };
	bool ok = own_file_read(path, HEADS_FILE_MAX, &text, missing, err);
	if (ok) {
		heads_parse(heads, buf_view(&text));
	}
	buf_finish(&text);
	return ok;
}

static bool thin(const char *path, struct err *err)
{
	struct heads heads = { 0 };
	struct buf text = { 0 };
	bool missing, ok = heads_file_read(path, &heads, &missing, err);
	if (ok) {
		heads_thin(&heads);
		heads_write(&heads, &text);
		ok = own_file_write(path, buf_view(&text), err);
	}
	heads_finish(&heads);
	buf_finish(&text);
	return ok;
}

/* Does the last line lack its end? */
static bool is_torn(int fd, int64_t size)
{
	char last = '\n';
	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

static bool append(int fd, const struct head *head, int64_t size)
{
	struct buf line = { 0 };
	if (is_torn(fd, size)) {
		buf_char(&line, '\n');
	}
	heads_line(&line, head);
	bool ok = own_file_put(fd, buf_view(&line)) && fsync(fd) == 0;
	buf_finish(&line);
	return ok;
}

bool heads_file_add(const char *path, const struct head *head, struct err *err)
{
	struct stat st;
	int fd = open_file(path, O_RDWR | O_CREAT);
	if (fd < 0) {
		return no(path, err);
	}
	bool ok = (fstat(fd, &st) == 0 && append(fd, head, st.st_size)) || no(path, err);
	close(fd);
	return ok && (st.st_size < HEADS_FILE_LONG || thin(path, err));
}
