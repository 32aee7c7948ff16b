/*
 * Walks validated JSON in place: what is shown are the caller's own tokens in their own order,
 * never numbers that went through a double. Depth is bounded; what lies deeper is shown as it
 * stands.
 */
#include "config.h"

#include "tui/args_doc.h"

#include <string.h>

#include "core/json.h"

enum { DEPTH_MAX = 24, STEP = 2, BRIEF = 60 };

struct walker {
	struct doc *doc;
	const struct args_told *told;
	const char *where; /* what tells the member that is walked; NULL: nothing does */
};

static void value_doc(struct walker *w, const struct safe_text *label, struct span value,
	unsigned indent, unsigned depth);

void args_doc_lines(
	struct doc *doc, enum role role, unsigned indent, const char *mark, struct span text)
{
	const char *end = text.at + text.len;
	const char *at = text.at;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		doc_foreign(doc, role, indent, mark, (struct span){ at, (size_t)(stop - at) });
		at = newline ? newline + 1 : end;
	}
}

/* label, then the value in one line */
static void one_line(struct walker *w, const struct safe_text *label, struct span value,
	const char *quote, unsigned indent)
{
	struct safe_text text = paint_foreign(w->doc->paint, value, SAFE_ONE_LINE);
	doc_add(w->doc, ROLE_TEXT, indent, "",
		safe_printf("%s%s%s%s", safe_cstr(label), quote, safe_cstr(&text), quote));
	safe_finish(&text);
}

static void string_doc(
	struct walker *w, const struct safe_text *label, struct span value, unsigned indent)
{
	struct buf text = { 0 };
	json_decode(value, &text);
	struct span view = buf_view(&text);
	bool many = view.len && memchr(view.at, '\n', view.len);
	if (w->where && (many || view.len > BRIEF)) {
		doc_add(w->doc, ROLE_TEXT, indent, "",
			safe_printf(
				"%s(%zu bytes; see the %s)", safe_cstr(label), view.len, w->where));
	} else if (many) {
		doc_add(w->doc, ROLE_TEXT, indent, "",
			safe_printf("%s(text, %zu bytes)", safe_cstr(label), view.len));
		args_doc_lines(w->doc, ROLE_TEXT, indent + STEP, "│", view);
	} else {
		one_line(w, label, view, "\"", indent);
	}
	buf_finish(&text);
}

static struct safe_text label_of(struct walker *w, struct span key)
{
	if (!key.at) {
		return safe_printf("- ");
	}
	struct buf quoted = { 0 }, plain = { 0 };
	buf_char(&quoted, '"');
	buf_span(&quoted, key);
	buf_char(&quoted, '"');
	json_decode(buf_view(&quoted), &plain);
	struct safe_text name = paint_foreign(w->doc->paint, buf_view(&plain), SAFE_ONE_LINE);
	struct safe_text label = safe_printf("%s: ", safe_cstr(&name));
	safe_finish(&name);
	buf_finish(&quoted);
	buf_finish(&plain);
	return label;
}

static const char *told_where(const struct walker *w, struct span key)
{
	for (const struct args_told *told = w->told; told && key.at && told->name; told++) {
		if (json_key_is(key, told->name)) {
			return told->where;
		}
	}
	return NULL;
}

static void members_doc(struct walker *w, struct span value, unsigned indent, unsigned depth)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, member;
	while (json_next(&walk, &key, &member)) {
		struct safe_text label = label_of(w, key);
		if (depth == 0) {
			w->where = told_where(w, key);
		}
		value_doc(w, &label, member, indent, depth);
		safe_finish(&label);
	}
}

static bool is_empty(struct span container)
{
	struct json_walk walk = json_walk_of(container);
	return !json_next(&walk, NULL, NULL);
}

static void value_doc(struct walker *w, const struct safe_text *label, struct span value,
	unsigned indent, unsigned depth)
{
	enum json_type type = json_type(value);
	if (type == JSON_STRING) {
		string_doc(w, label, value, indent);
	} else if ((type == JSON_OBJECT || type == JSON_ARRAY) && !is_empty(value) &&
		depth < DEPTH_MAX) {
		doc_add(w->doc, ROLE_TEXT, indent, "", safe_printf("%s", safe_cstr(label)));
		members_doc(w, value, indent + STEP, depth + 1);
	} else {
		one_line(w, label, value, "", indent);
	}
}

void args_doc(struct doc *doc, struct span json, unsigned indent, const struct args_told *told)
{
	struct walker w = { doc, told, NULL };
	enum json_type type = json_type(json);
	if ((type == JSON_OBJECT || type == JSON_ARRAY) && !is_empty(json)) {
		members_doc(&w, json, indent, 0);
	} else if (json.at) {
		struct safe_text none = { 0 };
		value_doc(&w, &none, json, indent, 0);
	}
}
