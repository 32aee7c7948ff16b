/*
 * Ages for the rows of the queue and for the card. Pure.
 */
#include "config.h"

#include "tui/ago.h"

enum { HOUR = 3600, DAY = 86400 };

struct safe_text ago_clock(int64_t ms)
{
	int64_t s = ms > 0 ? ms / 1000 : 0;
	if (s >= DAY) {
		return safe_printf("%lldd%02lldh", (long long)s / DAY, (long long)s / HOUR % 24);
	}
	if (s >= HOUR) {
		return safe_printf("%lldh%02lld", (long long)s / HOUR, (long long)s / 60 % 60);
	}
	return safe_printf("%lld:%02lld", (long long)s / 60, (long long)s % 60);
}

struct safe_text ago_words(int64_t ms)
{
	static const struct {
		int64_t seconds;
		const char *one, *many;
	} units[] = { { DAY, "day", "days" }, { HOUR, "hour", "hours" },
		{ 60, "minute", "minutes" } };
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		int64_t n = ms / 1000 / units[i].seconds;
		if (n > 0) {
			return safe_printf(
				"%lld %s ago", (long long)n, n == 1 ? units[i].one : units[i].many);
		}
	}
	return safe_printf("just now");
}
