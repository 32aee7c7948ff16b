/*
 * Seals what has settled, and notes the head beside the databases. The order matters for a power
 * failure: no seal without its record, no head without its seals. See seal_file.h.
 */
#include "config.h"

#include "ipc/seal_file.h"

#include "core/seal.h"
#include "ipc/clock.h"
#include "ipc/heads_file.h"
#include "ipc/log.h"

#include <stdlib.h>

enum { STEP_MS = 200, MOST = 2000 /* records a transaction */ };

static bool note_head(const struct paths *paths, const struct store_seal *seal, struct err *err)
{
	const struct head head = { seal->seq, seal->at_us, seal->hash };
	return history_sync_file(paths->detail, err) && heads_file_add(paths->heads, &head, err);
}

static bool step(const struct paths *paths, struct history *log, struct store *detail,
	int64_t now_us, struct seal_pass *pass, struct err *err)
{
	if (!history_sync_file(paths->history, err) ||
		!seal_catch_up(log, detail, now_us, MOST, pass, err)) {
		return false;
	}
	if (pass->cut) {
		log_line("history: calls that were sealed are gone: see `bascule history verify`");
	}
	return !pass->sealed || note_head(paths, &pass->head, err);
}

static bool feed(const struct paths *paths, struct history *log, struct store *detail,
	int64_t now_us, struct err *err)
{
	int64_t end = clock_boot_us() + STEP_MS * 1000;
	struct seal_pass pass = { .more = true };
	bool ok = heads_file_claim(paths->heads, err);
	while (ok && pass.more && clock_boot_us() < end) {
		ok = step(paths, log, detail, now_us, &pass, err);
	}
	if (!ok) {
		log_line("%s", err->text);
	}
	return ok && (pass.more || pass.soon);
}

bool seal_file_feed(const struct paths *paths, int64_t now_us)
{
	static const unsigned char no_key[HISTORY_HASH]; /* no hashes are compared */
	struct err err;
	char *note = NULL;
	bool again = false;
	struct history *log = history_open(paths->history, no_key, true, 0, NULL, &err);
	struct store *detail = log ? store_open(paths->detail, false, now_us, &note, &err) : NULL;
	if (note) {
		log_line("%s", note);
		free(note);
	}
	if (detail) {
		again = feed(paths, log, detail, now_us, &err);
	} else {
		log_line("%s", err.text);
	}
	store_close(detail);
	history_close(log);
	return again;
}
