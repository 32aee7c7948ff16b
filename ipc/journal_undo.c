/*
 * Undoes the journal, newest entry first. Only a file whose bytes are still what we wrote gets its
 * old ones back; whatever else stands there is somebody's and is left, named, with what to do. So
 * undoing twice, or after a crash in the middle of either, ends the same.
 */
#include "config.h"

#include "ipc/journal.h"
#include "ipc/journal_impl.h"

#include "core/diag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *journal_fate_words(enum journal_fate fate)
{
	static const char *const words[] = {
#define X(id, text) text,
		JOURNAL_FATES(X)
#undef X
	};
	return words[fate];
}

static bool is_before(const struct journal_entry *e, const struct replace *r)
{
	return e->existed == r->exists && hash_same(&e->before_hash, &r->id.hash);
}

static bool is_after(const struct journal_entry *e, const struct replace *r)
{
	return r->exists && (size_t)e->after_size == r->bytes.len &&
		hash_same(&e->after_hash, &r->id.hash);
}

static enum journal_fate put_back(const struct journal_entry *e, struct replace *r, struct err *err)
{
	bool ok = e->existed ? replace_write(r, buf_view(&e->before), err) : replace_remove(r, err);
	return ok                                ? e->existed ? JOURNAL_RESTORED : JOURNAL_REMOVED
		: err->code == DIAG_FILE_CHANGED ? JOURNAL_CHANGED
						 : JOURNAL_FAILED;
}

static enum journal_fate undo_one(
	const struct journal *j, const struct journal_entry *e, struct err *err)
{
	struct replace r;
	enum journal_fate fate = JOURNAL_FAILED;
	if (replace_read(&r, e->path, err)) {
		replace_sweep(&r); /* of a process that died in the middle */
		if (strcmp(r.file, e->file) != 0) {
			fate = JOURNAL_CHANGED;
			fail(err, DIAG_FILE_CHANGED, "it leads to %s now, and led to %s; see there",
				r.file, e->file);
		} else if (is_before(e, &r)) {
			fate = JOURNAL_UNTOUCHED;
		} else if (is_after(e, &r)) {
			fate = put_back(e, &r, err);
		} else {
			fate = JOURNAL_CHANGED;
			fail(err, DIAG_FILE_CHANGED, "%s by hand; what it was is in %s, id %s",
				!r.exists ? "it is gone; if you want it back, put it there"
					: e->existed ? "take out what bascule added"
						     : "remove it, or take out what bascule added",
				j->path, e->id);
		}
	}
	if (!e->existed && (fate == JOURNAL_REMOVED || fate == JOURNAL_UNTOUCHED)) {
		replace_remove_dirs(e->file, e->there);
	}
	replace_finish(&r);
	return fate;
}

/* The bytes that were kept may hold secrets: nothing is kept that nobody needs. */
static bool empty(struct journal *j, struct err *err)
{
	if (!j->size || j->broken_count > (j->torn ? 1 : 0)) {
		return true;
	}
	if (ftruncate(j->fd, 0) != 0 || fsync(j->fd) != 0) {
		return fail(err, DIAG_JOURNAL, "%s: %s", j->path, strerror(errno));
	}
	j->size = 0;
	return true;
}

bool journal_undo(struct journal *j, journal_told *told, void *data, struct err *err)
{
	size_t left = 0;
	bool ok = true;
	for (size_t i = j->count; i-- > 0;) {
		const struct journal_entry *e = &j->entries[i];
		struct err why = { 0 };
		if (e->state == JOURNAL_UNDONE) {
			continue;
		}
		enum journal_fate fate = undo_one(j, e, &why);
		bool stays = fate == JOURNAL_CHANGED || fate == JOURNAL_FAILED;
		left += stays;
		told(data, e, fate, stays ? why.text : "");
		ok = (stays || journal_mark(j, i, JOURNAL_UNDONE, err)) && ok;
	}
	if (ok && left) {
		ok = fail(err, DIAG_LEFT, "%s: %zu of %zu could not be undone", j->path, left,
			j->count);
	}
	return ok && empty(j, err);
}
