/*
 * One step of keeping search.db up with log.db. Both are opened for the step alone: it is taken
 * once a second at most, and what it finds wrong with a file is over with the step.
 */
#include "config.h"

#include "ipc/search_file.h"

#include "core/search_feed.h"
#include "ipc/clock.h"
#include "ipc/log.h"

enum { STEP_MS = 200 };

static bool feed(struct search *s, struct history *h, struct err *err)
{
	int64_t end = clock_boot_us() + STEP_MS * 1000;
	bool more = true, soon = false;
	while (more && clock_boot_us() < end) {
		if (!search_catch_up(s, h, clock_wall_ms() * 1000, &more, &soon, err)) {
			log_line("%s", err->text);
			return false;
		}
	}
	return more || soon;
}

bool search_file_feed(const char *search, const char *history)
{
	static const unsigned char no_key[HISTORY_HASH]; /* no hashes are compared */
	struct err err;
	bool again = false;
	struct history *h = history_open(history, no_key, true, 0, NULL, &err);
	struct search *s = h ? search_open(search, false, &err) : NULL;
	if (s) {
		again = feed(s, h, &err);
	} else {
		log_line("%s", err.text);
	}
	search_close(s);
	history_close(h);
	return again;
}
