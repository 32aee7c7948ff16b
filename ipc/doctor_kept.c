/*
 * Doctor: what bascule keeps: the history and the room for it, the log, and the journal of what was
 * changed in the user's files.
 */
#include <config.h>

#include "ipc/doctor.h"

#include "core/hash.h"
#include "core/history.h"
#include "ipc/clock.h"
#include "ipc/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	MIB = 1 << 20,
	READ_MOST = 128, /* MiB of a history that are read through */
	ROOM_NONE = 16, /* MiB of free disk: less, and calls are soon held */
	ROOM_LITTLE = 256,
};

/* A file that bascule alone writes; true if it is there and as it should be. */
static bool look_at_file(struct doctor *d, const char *path, struct stat *st)
{
	if (lstat(path, st) != 0) {
		if (errno != ENOENT) {
			doctor_say(d, DIAGNOSIS_FAILURE, path, NULL, "%s", strerror(errno));
		}
		return false;
	}
	if (!S_ISREG(st->st_mode) || st->st_uid != getuid()) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "move it away",
			"is not a regular file of yours");
		return false;
	}
	if (st->st_mode & 0077) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "chmod 600 it",
			"is open to other users (mode %03o)", (unsigned)(st->st_mode & 0777));
		return false;
	}
	return true;
}

/* ---- history ---- */

static bool in_time(void *data)
{
	return clock_boot_us() < *(int64_t *)data;
}

static void read_history(struct doctor *d, const struct stat *st)
{
	const char *path = d->paths.history;
	int64_t until = clock_boot_us() + DOCTOR_MS * 1000;
	struct err err = { 0 };
	long long size = (long long)st->st_size / MIB;
	if (size > READ_MOST) {
		doctor_say(d, DIAGNOSIS_NOTE, path, "sqlite3 log.db 'PRAGMA integrity_check'",
			"%lld MiB: too much to be read through here", size);
		return;
	}
	switch (history_examine(path, in_time, &until, &err)) {
	case HISTORY_SOUND:
		doctor_say(d, DIAGNOSIS_OK, path, NULL, "is whole, %lld MiB", size);
		break;
	case HISTORY_PARTLY:
		doctor_say(d, DIAGNOSIS_NOTE, path, "run bascule doctor again",
			"there was not time to read all of it");
		break;
	case HISTORY_OLDER:
		doctor_say(d, DIAGNOSIS_WARNING, path, "open `bascule` once",
			"is of an older bascule");
		break;
	case HISTORY_DAMAGED:
		doctor_say(d, DIAGNOSIS_FAILURE, path,
			"bascule broker stop: the next broker puts a damaged one aside and "
			"begins anew",
			"%s", err.text);
		break;
	}
}

static void look_at_room(struct doctor *d)
{
	struct statvfs fs;
	if (statvfs(d->paths.state, &fs) != 0) {
		return;
	}
	uint64_t free_mib = (uint64_t)fs.f_bavail * fs.f_frsize / MIB;
	if (fs.f_flag & ST_RDONLY) {
		doctor_say(d, DIAGNOSIS_FAILURE, d->paths.state, "mount it for writing",
			"lies on a file system that is read-only: every call is held");
	} else if (free_mib < ROOM_LITTLE) {
		doctor_say(d, free_mib < ROOM_NONE ? DIAGNOSIS_FAILURE : DIAGNOSIS_WARNING,
			d->paths.state, "make room on the disk",
			"%" PRIu64 " MiB are free; what cannot be recorded is held", free_mib);
	}
}

static void look_at_key(struct doctor *d)
{
	char *path = xasprintf("%s/key", d->paths.state);
	struct stat st;
	if (look_at_file(d, path, &st) && st.st_size != HASH_BYTES) {
		doctor_say(d, DIAGNOSIS_FAILURE, path,
			"move it away: then accepted servers and tasks are asked about once more",
			"is not a key: no broker can start");
	} else if (access(path, F_OK) != 0) {
		doctor_say(d, DIAGNOSIS_WARNING, path,
			"put it back if you have it; else the next broker makes a new one",
			"is gone: what was accepted before is not known any more");
	}
	free(path);
}

void doctor_history(struct doctor *d)
{
	struct stat st;
	bool there = access(d->paths.history, F_OK) == 0;
	if (look_at_file(d, d->paths.history, &st)) {
		read_history(d, &st);
	} else if (!there) {
		doctor_say(d, DIAGNOSIS_NOTE, d->paths.history, NULL, "nothing was recorded yet");
	}
	if (there) {
		look_at_key(d);
	}
	look_at_room(d);
}

/* ---- log ---- */

void doctor_log(struct doctor *d)
{
	struct stat st;
	if (look_at_file(d, d->paths.log, &st)) {
		doctor_say(d, DIAGNOSIS_OK, d->paths.log, NULL, "%lld KiB",
			(long long)st.st_size / 1024);
	}
}

/* ---- journal ---- */

static void look_at_entry(struct doctor *d, const struct journal_entry *e)
{
	struct replace now;
	struct err err = { 0 };
	bool read = replace_read(&now, e->path, &err);
	if (!read) {
		doctor_say(d, DIAGNOSIS_WARNING, e->path, "bascule init --undo says what is left",
			"was changed by bascule (%s), and cannot be read: %s", e->what, err.text);
	} else if (e->state == JOURNAL_BEGUN) {
		doctor_say(d, DIAGNOSIS_WARNING, e->path, "bascule init --undo, then bascule init",
			"a change (%s) was begun and cut short", e->what);
	} else if (!now.exists) {
		doctor_say(d, DIAGNOSIS_NOTE, e->path, NULL,
			"is gone since bascule "
			"changed it (%s)",
			e->what);
	} else if (!hash_same(&e->after_hash, &now.id.hash)) {
		doctor_say(d, DIAGNOSIS_NOTE, e->path, NULL,
			"was changed since bascule changed it (%s): undoing %s", e->what,
			e->added ? "takes out what was added"
				 : "leaves it, and says what to take out");
	}
	replace_finish(&now);
}

void doctor_journal(struct doctor *d)
{
	struct journal j;
	struct err err = { 0 };
	size_t open = 0;
	if (!journal_look(&j, d->paths.state, &err)) {
		doctor_say(d, DIAGNOSIS_FAILURE, NULL,
			"look at the file: init and its undo need it", "%s", err.text);
		journal_close(&j);
		return;
	}
	for (size_t i = 0; i < j.broken_count; i++) {
		char *where = xasprintf("%s:%zu", j.path, j.broken[i].line);
		doctor_say(d, DIAGNOSIS_WARNING, where,
			"bascule init --undo, then look at what it says is left",
			"is not understood: %s", j.broken[i].why);
		free(where);
	}
	for (size_t i = 0; i < j.count; i++) {
		if (j.entries[i].state != JOURNAL_UNDONE) {
			look_at_entry(d, &j.entries[i]);
			open++;
		}
	}
	doctor_say(d, DIAGNOSIS_OK, j.path, open ? "bascule init --undo takes them back" : NULL,
		"%zu %s of your files can be undone", open, open == 1 ? "change" : "changes");
	journal_close(&j);
}
