/* Owns how times and small objects look in a line. Called by history_*.c. */
#include "config.h"

#include "ipc/history_words.h"

#include "core/json.h"
#include "core/safe_text.h"

#include <time.h>

void history_put_time(struct buf *out, int64_t us)
{
	char text[40] = "?";
	time_t seconds = (time_t)(us / 1000000);
	struct tm tm;
	if (localtime_r(&seconds, &tm)) {
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	}
	buf_text(out, text);
}

static void put_safe(struct buf *out, struct span foreign)
{
	struct safe_text safe = safe_make(foreign, SAFE_ONE_LINE);
	buf_text(out, safe_cstr(&safe));
	safe_finish(&safe);
}

static void put_value(struct buf *out, struct span value)
{
	struct buf text = { 0 };
	if (json_type(value) == JSON_STRING) {
		json_decode(value, &text);
		value = buf_view(&text);
	}
	put_safe(out, value);
	buf_finish(&text);
}

void history_put_members(struct buf *out, struct span object)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	while (json_next(&walk, &key, &value)) {
		if (json_type(value) == JSON_NULL) {
			continue;
		}
		if (json_type(value) == JSON_OBJECT) {
			history_put_members(out, value);
			continue;
		}
		buf_text(out, "  ");
		put_safe(out, key);
		buf_char(out, '=');
		put_value(out, value);
	}
}
