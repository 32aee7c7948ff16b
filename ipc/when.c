/* Owns the forms. Called by the commands that take --since. */
#include "config.h"

#include "ipc/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NUMBER_MAX = 100000 };

static const struct {
	char letter;
	int64_t seconds;
} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 7 * 86400 } };

static bool parse_ago(const char *text, int64_t now_us, int64_t *at_us)
{
	int64_t n = 0;
	const char *at = text;
	for (; *at >= '0' && *at <= '9' && n <= NUMBER_MAX; at++) {
		n = n * 10 + (*at - '0');
	}
	if (at == text || n > NUMBER_MAX || !*at || at[1]) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (units[i].letter == *at) {
			*at_us = now_us - n * units[i].seconds * 1000000;
			return true;
		}
	}
	return false;
}

static bool local(struct tm *tm, int64_t *at_us)
{
	tm->tm_isdst = -1;
	time_t seconds = mktime(tm);
	*at_us = (int64_t)seconds * 1000000;
	return seconds != (time_t)-1;
}

/* So many days before the day that it is. */
static bool parse_day(int back, int64_t now_us, int64_t *at_us)
{
	time_t now = (time_t)(now_us / 1000000);
	struct tm tm;
	if (!localtime_r(&now, &tm)) {
		return false;
	}
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday -= back;
	return local(&tm, at_us);
}

/* mktime takes the 31st of February for a day in March: that is a mistake here. */
static bool parse_date(const char *text, int64_t *at_us)
{
	struct tm tm = { 0 }, asked;
	int used = 0;
	size_t len = strlen(text);
	int n = sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used);
	if (n != 3 || used != 10) {
		return false;
	}
	if (len > 10) {
		int more = 0;
		char seconds[4] = "";
		n = sscanf(text + 10, "T%2d:%2d%3s%n", &tm.tm_hour, &tm.tm_min, seconds, &more);
		if (n == 3 ? sscanf(seconds, ":%2d", &tm.tm_sec) != 1 : n != 2 || len != 16) {
			return false;
		}
		if (n == 3 && (len != 19 || more != 9)) {
			return false;
		}
	}
	tm.tm_year -= 1900;
	tm.tm_mon--;
	asked = tm;
	return local(&tm, at_us) && tm.tm_mday == asked.tm_mday && tm.tm_mon == asked.tm_mon &&
		tm.tm_year == asked.tm_year && asked.tm_hour < 24 && asked.tm_min < 60 &&
		asked.tm_sec < 60 && asked.tm_hour >= 0 && asked.tm_min >= 0;
}

bool when_parse(struct span text, int64_t now_us, int64_t *at_us)
{
	char copy[24];
	if (!text.len || text.len >= sizeof(copy) || memchr(text.at, '\0', text.len)) {
		return false;
	}
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	if (strcmp(copy, "today") == 0) {
		return parse_day(0, now_us, at_us);
	}
	if (strcmp(copy, "yesterday") == 0) {
		return parse_day(1, now_us, at_us);
	}
	return parse_ago(copy, now_us, at_us) || parse_date(copy, at_us);
}
