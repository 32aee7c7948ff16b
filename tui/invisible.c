/*
 * The sanitiser shows each such character where it stands; a count beside the risk says that there
 * are any, however far below. Pure; called by model.c when a preview has come.
 */
#include "config.h"

#include "tui/invisible.h"

#include "core/buf.h"
#include "core/json.h"
#include "core/unicode.h"

enum { DEPTH_MAX = 64 /* of what the gate lets through */ };

static size_t in_text(struct span text)
{
	size_t n = 0, at = 0;
	while (at < text.len) {
		struct unicode_char c = unicode_read(text.at + at, text.len - at);
		bool line = c.c == '\n' || c.c == '\t' ||
			(c.c == '\r' && at + 1 < text.len && text.at[at + 1] == '\n');
		n += !c.valid || (!line && unicode_class(c.c) == UNICODE_HIDDEN);
		at += c.bytes;
	}
	return n;
}

static size_t in_string(struct span json)
{
	struct buf text = { 0 };
	json_decode(json, &text);
	size_t n = in_text(buf_view(&text));
	buf_finish(&text);
	return n;
}

static size_t in_key(struct span key)
{
	struct buf quoted = { 0 };
	buf_char(&quoted, '"');
	buf_span(&quoted, key);
	buf_char(&quoted, '"');
	size_t n = in_string(buf_view(&quoted));
	buf_finish(&quoted);
	return n;
}

static size_t in_value(struct span json, int depth)
{
	enum json_type type = json_type(json);
	struct json_walk walk;
	struct span key, value;
	size_t n = 0;
	if (type == JSON_STRING) {
		return in_string(json);
	}
	if ((type != JSON_OBJECT && type != JSON_ARRAY) || depth == DEPTH_MAX) {
		return 0;
	}
	walk = json_walk_of(json);
	while (json_next(&walk, &key, &value)) {
		n += (key.at ? in_key(key) : 0) + in_value(value, depth + 1);
	}
	return n;
}

size_t invisible_in(struct span json)
{
	return json.at ? in_value(json, 0) : 0;
}
