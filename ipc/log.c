/*
 * The log file that all programs share. One line is one write(2) to a descriptor opened for
 * appending, so that lines of several processes never mix. Rotation is a rename under a lock that
 * nobody waits for: whoever gets it renames, the others notice by their next line that the name
 * means another file.
 *
 * Promises: never blocks on another process, never stops or fails its caller, keeps errno, lets
 * nothing through that a terminal could obey. Does not log arguments: that is its callers' duty.
 */
#include "config.h"

#include "ipc/log.h"

#include "core/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROTATE_AT = 1 << 20, LINE_MAX_BYTES = 2000 };

static struct {
	char *path;
	char *old_path; /* where the full file goes */
	const char *who;
	int fd; /* valid while path is set; -1: could not be opened */
	bool debug;
} sink = { .fd = -1 };

static void open_file(void)
{
	struct stat st;
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	if (sink.fd >= 0) {
		close(sink.fd);
	}
	sink.fd = open(sink.path, flags, 0600);
	if (sink.fd >= 0 &&
		(fstat(sink.fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != getuid())) {
		close(sink.fd);
		sink.fd = -1;
	}
}

void log_open(const char *path, const char *who, bool debug)
{
	int kept = errno;
	log_close();
	sink.path = xstrdup(path);
	sink.old_path = xasprintf("%s.1", path);
	sink.who = who;
	sink.debug = debug;
	open_file();
	errno = kept;
}

void log_close(void)
{
	if (sink.fd >= 0) {
		close(sink.fd);
	}
	free(sink.path);
	free(sink.old_path);
	sink.path = NULL;
	sink.old_path = NULL;
	sink.fd = -1;
}

/* Is the open descriptor what the path names? Sets *size to how long it is. */
static bool still_named(off_t *size)
{
	struct stat ours, named;
	if (sink.fd < 0 || fstat(sink.fd, &ours) != 0 || lstat(sink.path, &named) != 0) {
		return false;
	}
	*size = ours.st_size;
	return ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

static void rotate_if_full(void)
{
	off_t size = 0;
	if (!still_named(&size)) {
		open_file();
	} else if (size >= ROTATE_AT && flock(sink.fd, LOCK_EX | LOCK_NB) == 0) {
		/* The lock is on the file itself: asking again tells whether it was renamed before
		 * we had it. */
		if (still_named(&size)) {
			rename(sink.path, sink.old_path);
		}
		open_file(); /* closing the old descriptor gives the lock back */
	}
}

static void write_line(const char *mark, const char *format, va_list args)
{
	char words[LINE_MAX_BYTES], stamp[32];
	struct timespec now;
	struct tm utc;
	vsnprintf(words, sizeof(words), format, args);
	struct safe_text safe = safe_make(span_of(words), SAFE_ONE_LINE);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
	char *line = xasprintf("%s.%03ldZ %s[%ld]%s %s\n", stamp, now.tv_nsec / 1000000, sink.who,
		(long)getpid(), mark, safe_cstr(&safe));
	rotate_if_full();
	if (sink.fd >= 0) {
		/* a full disk must not stop anybody */
		ssize_t unused = write(sink.fd, line, strlen(line));
		(void)unused;
	}
	free(line);
	safe_finish(&safe);
}

void log_line(const char *format, ...)
{
	int kept = errno;
	if (sink.path) {
		va_list args;
		va_start(args, format);
		write_line("", format, args);
		va_end(args);
	}
	errno = kept;
}

void log_debug(const char *format, ...)
{
	int kept = errno;
	if (sink.path && sink.debug) {
		va_list args;
		va_start(args, format);
		write_line(" debug", format, args);
		va_end(args);
	}
	errno = kept;
}
