/* Called by the views that list something, and for times by what they show of one row. */
#include "config.h"

#include "tui/cell.h"

#include <time.h>

int cell_put(struct paint *paint, int y, int x, int cols, enum role role, const char *foreign)
{
	int used = 0;
	struct safe_text text = paint_foreign(
		paint, span_of(foreign ? foreign : ""), SAFE_ONE_LINE);
	struct safe_text cut = safe_middle(&text, cols > 0 ? (unsigned)cols : 1);
	if (cols > 0) {
		used = paint_text(paint, y, x, cols, role, &cut);
	}
	safe_finish(&text);
	safe_finish(&cut);
	return x + used + 1;
}

static bool local(int64_t ms, struct tm *tm)
{
	time_t seconds = (time_t)(ms / 1000);
	return ms > 0 && localtime_r(&seconds, tm);
}

void cell_when(int64_t wall, int64_t ms, char out[8])
{
	bool lately = wall - ms < INT64_C(20) * 3600 * 1000;
	struct tm tm;
	out[0] = '\0';
	if (local(ms, &tm)) {
		strftime(out, 8, lately ? "%H:%M" : "%m-%d", &tm);
	}
}

void cell_time(int64_t ms, char out[32])
{
	struct tm tm;
	out[0] = '\0';
	if (local(ms, &tm)) {
		strftime(out, 32, "%Y-%m-%d %H:%M:%S", &tm);
	}
}
