/*
 * The journal's file: opened under a lock that one process has, read whole, appended to and flushed
 * before a file of the user's is touched. A line that its writer did not finish was never acted on;
 * it is named once and cut off. A line that cannot be written whole is taken back.
 *
 * Promises: no file is changed without an entry on the disk; what is not understood is kept and
 * named, and stands in nobody's way. Called by what changes the user's configuration.
 */
#include "config.h"

#include "ipc/journal.h"
#include "ipc/journal_impl.h"

#include "core/diag.h"
#include "core/jsonw.h"
#include "ipc/clock.h"
#include "ipc/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536 };

/* ---- the lock ---- */

/* Who has the lock says so in it; only for people. */
static bool busy(int fd, const char *path, struct err *err)
{
	char who[64];
	ssize_t n = pread(fd, who, sizeof(who) - 1, 0);
	who[n > 0 ? n : 0] = '\0';
	who[strspn(who, "0123456789")] = '\0';
	return fail(err, DIAG_JOURNAL_BUSY, "%s: %s%s has it", path,
		*who ? "process " : "another process", who);
}

static bool lock(struct journal *j, const char *state, struct err *err)
{
	char *path = xasprintf("%s/init.lock", state), *who = xasprintf("%ld\n", (long)getpid());
	bool ok = true;
	j->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->lock < 0) {
		ok = fail(err, DIAG_JOURNAL, "%s: %s", path, strerror(errno));
	} else if (flock(j->lock, LOCK_EX | LOCK_NB) != 0) {
		ok = errno == EWOULDBLOCK
			? busy(j->lock, path, err)
			: fail(err, DIAG_JOURNAL, "%s: %s", path, strerror(errno));
		close(j->lock);
		j->lock = -1;
	} else if (ftruncate(j->lock, 0) == 0) {
		/* a full disk does not matter here */
		ssize_t unused = pwrite(j->lock, who, strlen(who), 0);
		(void)unused;
	}
	free(path);
	free(who);
	return ok;
}

/* ---- reading ---- */

static bool trusted(const struct journal *j, struct err *err)
{
	struct stat st;
	const char *why = fstat(j->fd, &st) != 0          ? strerror(errno)
		: !S_ISREG(st.st_mode)                    ? "is not a regular file"
		: st.st_uid != geteuid()                  ? "belongs to another user"
		: (st.st_mode & (S_IWGRP | S_IWOTH)) != 0 ? "may be written by others"
		: st.st_size > JOURNAL_MAX                ? "is larger than 64 MiB"
							  : NULL;
	return !why || fail(err, DIAG_JOURNAL, "%s: %s", j->path, why);
}

static bool read_whole(const struct journal *j, struct buf *out, struct err *err)
{
	ssize_t n;
	do {
		buf_room(out, PIECE);
		n = pread(j->fd, out->data + out->len, PIECE, (off_t)out->len);
		out->len += n > 0 ? (size_t)n : 0;
	} while ((n > 0 || (n < 0 && errno == EINTR)) && out->len <= JOURNAL_MAX);
	return n == 0 || fail(err, DIAG_JOURNAL, "%s: %s", j->path, strerror(errno));
}

static void note_broken(struct journal *j, size_t line, const char *why)
{
	j->broken = xgrow(j->broken, &j->broken_cap, j->broken_count + 1, sizeof(*j->broken));
	j->broken[j->broken_count++] = (struct journal_broken){ line, why };
}

/* Takes every line. *whole is where the last one that ended, ended. */
static void take_lines(struct journal *j, struct span text, size_t *whole)
{
	const char *start = text.at;
	struct span line;
	*whole = 0;
	for (size_t n = 1; text.len; n++) {
		bool ends = memchr(text.at, '\n', text.len) != NULL;
		if (!span_line(&text, &line)) {
			break;
		}
		const char *why = journal_take_line(j, line);
		if (why) {
			note_broken(j, n,
				ends ? why : "is not whole: its writer ended while writing it");
		}
		j->torn = !ends && why;
		*whole = j->torn ? *whole : (size_t)(line.at + line.len + ends - start);
	}
}

static bool read_all(struct journal *j, size_t *whole, bool *ends, struct err *err)
{
	struct buf text = { 0 };
	bool ok = trusted(j, err) && read_whole(j, &text, err);
	if (ok) {
		j->size = text.len;
		take_lines(j, buf_view(&text), whole);
		*ends = !*whole || text.data[*whole - 1] == '\n';
	}
	buf_finish(&text);
	return ok;
}

/* ---- writing ---- */

/* Appends and flushes. What could not be written whole is cut off again. */
static bool append(struct journal *j, struct span line, struct err *err)
{
	size_t done = 0;
	if (j->lock < 0) {
		return fail(err, DIAG_JOURNAL, "%s: open for looking only", j->path);
	}
	if (j->size + line.len > JOURNAL_MAX) {
		return fail(err, DIAG_JOURNAL, "%s: is full (64 MiB); undo what is in it first",
			j->path);
	}
	while (done < line.len) {
		ssize_t n = pwrite(j->fd, line.at + done, line.len - done, (off_t)(j->size + done));
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			break;
		}
		done += (size_t)n;
	}
	if (done < line.len || fsync(j->fd) != 0) {
		int why = errno;
		bool cut = ftruncate(j->fd, (off_t)j->size) == 0;
		return fail(err, DIAG_JOURNAL, "%s: cannot be written: %s%s", j->path,
			strerror(why), cut ? "" : "; its last line is not whole");
	}
	j->size += line.len;
	return true;
}

char *journal_now(void)
{
	char text[32];
	struct tm utc;
	time_t now = (time_t)(clock_wall_ms() / 1000);
	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return xstrdup(text);
}

bool journal_mark(struct journal *j, size_t index, enum journal_state state, struct err *err)
{
	struct buf line = { 0 };
	struct jsonw w = jw_start(&line);
	char *now = journal_now();
	jw_open(&w, '{');
	jw_kv_text(&w, "id", j->entries[index].id);
	jw_kv_text(&w, "time", now);
	jw_kv_text(&w, "state", journal_state_names[state]);
	jw_close(&w, '}');
	buf_char(&line, '\n');
	bool ok = append(j, buf_view(&line), err);
	if (ok) {
		j->entries[index].state = state;
		fault_step("marked");
	}
	buf_finish(&line);
	free(now);
	return ok;
}

static char *fresh_id(void)
{
	uint64_t n = 0;
	if (getrandom(&n, sizeof(n), 0) != sizeof(n)) {
		n = (uint64_t)clock_boot_us();
	}
	return xasprintf("%016llx", (unsigned long long)n);
}

/* The entry of a change that is about to be made, as its line and, read back from that, in the
 * list: a name that JSON cannot say would be undone elsewhere. */
static bool begin_entry(struct journal *j, const struct replace *r, struct span bytes,
	const struct journal_note *note, struct err *err)
{
	struct buf line = { 0 };
	struct journal_entry e = { .id = fresh_id(),
		.time = journal_now(),
		.agent = xstrdup(note->agent),
		.what = xstrdup(note->what),
		.added = xstrdup(note->added),
		.kept = !note->added || !note->without_bytes,
		.path = xstrdup(r->path),
		.file = xstrdup(r->file),
		.there = xstrdup(r->there),
		.existed = r->exists,
		.mode = r->mode,
		.before_hash = r->id.hash,
		.before_size = (int64_t)r->bytes.len,
		.after_hash = hash_of(bytes),
		.after_size = (int64_t)bytes.len };
	if (e.kept) {
		buf_span(&e.before, buf_view(&r->bytes));
	}
	journal_put_entry(&line, &e);
	size_t count = j->count;
	const char *why = journal_take_line(j, (struct span){ line.data, line.len - 1 });
	const struct journal_entry *read = j->count > count ? &j->entries[count] : NULL;
	bool ok = !why && read && strcmp(read->path, e.path) == 0 &&
		strcmp(read->file, e.file) == 0 && strcmp(read->there, e.there) == 0;
	if (!ok) {
		fail(err, DIAG_JOURNAL, "%s: a name that is not UTF-8 cannot be noted%s%s", r->file,
			why ? ": " : "", why ? why : "");
	}
	ok = ok && append(j, buf_view(&line), err);
	if (!ok && j->count > count) {
		journal_entry_finish(&j->entries[--j->count]);
	}
	journal_entry_finish(&e);
	buf_finish(&line);
	return ok;
}

bool journal_write(struct journal *j, struct replace *r, struct span bytes,
	const struct journal_note *note, struct err *err)
{
	struct hash after = hash_of(bytes);
	if (r->exists && bytes.len == r->bytes.len && hash_same(&after, &r->id.hash)) {
		return true;
	}
	if (bytes.len > REPLACE_MAX) {
		return fail(err, DIAG_FILE, "%s: would be larger than 8 MiB", r->file);
	}
	if (!replace_may(r, err) || !begin_entry(j, r, bytes, note, err)) {
		return false;
	}
	size_t index = j->count - 1;
	fault_step("noted");
	if (!replace_write(r, bytes, err)) {
		journal_mark(j, index, JOURNAL_UNDONE, NULL); /* else undoing finds it unchanged */
		return false;
	}
	/* begun and changed counts as done: without room for the mark nothing is lost */
	journal_mark(j, index, JOURNAL_DONE, NULL);
	return true;
}

/* ---- open and close ---- */

static bool open_file(struct journal *j, const char *state, int flags, struct err *err)
{
	j->path = xasprintf("%s/init.journal", state);
	j->fd = open(j->path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	return j->fd >= 0 || fail(err, DIAG_JOURNAL, "%s: %s", j->path, strerror(errno));
}

/* Its name must be on the disk before a change is, too. */
static void flush_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

bool journal_open(struct journal *j, const char *state, struct err *err)
{
	size_t whole = 0;
	bool ends = true;
	*j = (struct journal){ .fd = -1, .lock = -1 };
	if (!lock(j, state, err) || !open_file(j, state, O_RDWR | O_CREAT, err) ||
		!read_all(j, &whole, &ends, err)) {
		return false;
	}
	if (j->torn && ftruncate(j->fd, (off_t)whole) != 0) {
		return fail(err, DIAG_JOURNAL, "%s: %s", j->path, strerror(errno));
	}
	j->size = whole;
	flush_dir(state);
	return ends || append(j, SPAN("\n"), err);
}

bool journal_look(struct journal *j, const char *state, struct err *err)
{
	size_t whole = 0;
	bool ends = true;
	*j = (struct journal){ .fd = -1, .lock = -1 };
	if (!open_file(j, state, O_RDONLY, err)) {
		return errno == ENOENT;
	}
	return read_all(j, &whole, &ends, err);
}

void journal_close(struct journal *j)
{
	if (!j || !j->path) {
		return;
	}
	for (size_t i = 0; i < j->count; i++) {
		journal_entry_finish(&j->entries[i]);
	}
	free(j->entries);
	free(j->broken);
	free(j->path);
	if (j->fd >= 0) {
		close(j->fd);
	}
	if (j->lock >= 0) {
		close(j->lock);
	}
	*j = (struct journal){ .fd = -1, .lock = -1 };
}
