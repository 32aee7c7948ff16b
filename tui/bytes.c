/*
 * Sizes for a person: one decimal below ten, units of a thousand. Pure.
 */
#include "config.h"

#include "tui/bytes.h"

struct safe_text bytes_words(int64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	size_t unit = 0;
	if (bytes < 1000) {
		return safe_printf("%lld byte%s", (long long)bytes, bytes == 1 ? "" : "s");
	}
	/* of the next smaller unit */
	int64_t n = bytes;
	while (n >= 1000000 && unit + 1 < COUNT_OF(units)) {
		n /= 1000;
		unit++;
	}
	return n < 10000 ? safe_printf("%lld.%lld %s", (long long)n / 1000, (long long)n / 100 % 10,
				   units[unit])
			 : safe_printf("%lld %s", (long long)n / 1000, units[unit]);
}
