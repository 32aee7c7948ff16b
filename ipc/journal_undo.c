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

/* What we added comes out of what stands there now. */
static enum journal_fate take_out(const struct journal_undoing *how, const struct journal_entry *e,
	struct replace *r, struct err *err)
{
	struct buf rest = { 0 };
	enum journal_fate fate = JOURNAL_CHANGED;
	if (how->take_out(how->data, e, buf_view(&r->bytes), &rest, err)) {
		/* nothing but ours was in it */
		bool gone = !e->existed && rest.len == strspn(buf_cstr(&rest), " \t\r\n");
		bool ok = gone ? replace_remove(r, err) : replace_write(r, buf_view(&rest), err);
		fate = !ok     ? err->code == DIAG_FILE_CHANGED ? JOURNAL_CHANGED : JOURNAL_FAILED
			: gone ? JOURNAL_REMOVED
			: is_before(e, r) ? JOURNAL_RESTORED
					  : JOURNAL_TAKEN_OUT;
	}
	buf_finish(&rest);
	return fate;
}

static enum journal_fate leave(const struct journal *j, const struct journal_entry *e,
	const struct replace *r, struct err *err)
{
	const char *todo = !r->exists ? "it is gone; if you want it back, put it there"
		: e->existed          ? "take out what bascule added"
				      : "remove it, or take out what bascule added";
	if (e->kept) {
		fail(err, DIAG_FILE_CHANGED, "%s by hand; what it was is in %s, id %s", todo,
			j->path, e->id);
	} else {
		fail(err, DIAG_FILE_CHANGED, "%s by hand", todo);
	}
	return JOURNAL_CHANGED;
}

/* For a file that was read and is where it was. */
static enum journal_fate undo_file(const struct journal *j, const struct journal_undoing *how,
	const struct journal_entry *e, struct replace *r, struct err *err)
{
	if (is_before(e, r)) {
		return JOURNAL_UNTOUCHED;
	}
	if (is_after(e, r) && (e->kept || !e->existed)) {
		return put_back(e, r, err);
	}
	return e->added && r->exists && how->take_out ? take_out(how, e, r, err)
						      : leave(j, e, r, err);
}

static enum journal_fate undo_one(const struct journal *j, const struct journal_undoing *how,
	const struct journal_entry *e, struct err *err)
{
	struct replace r;
	enum journal_fate fate = JOURNAL_FAILED;
	if (replace_read(&r, e->path, err)) {
		replace_sweep(&r); /* of a process that died in the middle */
		if (strcmp(r.file, e->file) == 0) {
			fate = undo_file(j, how, e, &r, err);
		} else {
			fate = JOURNAL_CHANGED;
			fail(err, DIAG_FILE_CHANGED, "it leads to %s now, and led to %s; see there",
				r.file, e->file);
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

bool journal_undo(struct journal *j, const struct journal_undoing *how, struct err *err)
{
	size_t left = 0;
	bool ok = true;
	for (size_t i = j->count; i-- > 0;) {
		const struct journal_entry *e = &j->entries[i];
		struct err why = { 0 };
		if (e->state == JOURNAL_UNDONE) {
			continue;
		}
		enum journal_fate fate = undo_one(j, how, e, &why);
		bool stays = fate == JOURNAL_CHANGED || fate == JOURNAL_FAILED;
		left += stays;
		how->told(how->data, e, fate, stays ? why.text : "");
		ok = (stays || journal_mark(j, i, JOURNAL_UNDONE, err)) && ok;
	}
	if (ok && left) {
		ok = fail(err, DIAG_LEFT, "%s: %zu of %zu could not be undone", j->path, left,
			j->count);
	}
	return ok && empty(j, err);
}
