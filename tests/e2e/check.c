/* What a case claims: comparisons that say both sides, and what reached the server. */
#include "config.h"

#include "tests/e2e/world.h"

#include <stdlib.h>
#include <string.h>

void world_check_int(
	struct world *w, const char *file, int line, const char *what, int64_t got, int64_t want)
{
	if (got != want) {
		world_fail(w, "%s:%d: %s is %lld, expected %lld", file, line, what, (long long)got,
			(long long)want);
	}
}

void world_check_text(struct world *w, const char *file, int line, const char *what,
	const char *got, const char *want)
{
	if (strcmp(got, want) != 0) {
		world_fail(w, "%s:%d: %s is \"%s\", expected \"%s\"", file, line, what, got, want);
	}
}

void world_check_has(struct world *w, const char *file, int line, const char *what, const char *got,
	const char *part)
{
	if (!strstr(got, part)) {
		world_fail(w, "%s:%d: %s is \"%s\", expected to hold \"%s\"", file, line, what, got,
			part);
	}
}

void world_check_lacks(struct world *w, const char *file, int line, const char *what,
	const char *got, const char *part)
{
	if (strstr(got, part)) {
		world_fail(w, "%s:%d: %s is \"%s\", expected not to hold \"%s\"", file, line, what,
			got, part);
	}
}

bool world_file_is(const char *path, const char *text)
{
	struct buf got = { 0 };
	world_get(path, &got);
	bool same = strcmp(buf_cstr(&got), text) == 0;
	buf_finish(&got);
	return same;
}

size_t world_seen_times(struct world *w, const char *part)
{
	struct buf seen = { 0 };
	size_t times = 0, len = strlen(part);
	world_get(w->seen, &seen);
	char *at = seen.data, *end = at + seen.len;
	while (at && (at = memmem(at, (size_t)(end - at), part, len))) {
		times++;
		at += len;
	}
	buf_finish(&seen);
	return times;
}

bool world_seen(struct world *w, const char *part)
{
	return world_seen_times(w, part) > 0;
}
