/*
 * A command line as simple commands, a row each behind the operator that joins it to the one
 * before; a statement in its own lines; an address with what is sent to it. The broker's effects
 * say which argument is which.
 *
 * Rows are the caller's own bytes: nothing is expanded, quoted anew or left out. A line that the
 * parser cannot prove is shown as it stands, with the reason. An argument is told only if every
 * byte of it but blanks and operators is in the rows, so that comments and here-documents stay
 * readable below. Called by preview_doc.c.
 */
#include "config.h"

#include "tui/kind_doc.h"

#include <string.h>

#include "core/effects/shell.h"
#include "core/effects/url.h"
#include "core/json.h"
#include "tui/effect_words.h"
#include "tui/packages_doc.h"

enum { ROWS_MAX = 64, BYTES_MAX = 16 << 10, STEP = 2, JOIN_COLS = 5 };

struct kind {
	struct doc *doc;
	const struct model_item *item;
	struct span arguments;
	struct args_told *told;
	size_t told_count;
};

/* ---- arguments ---- */

/* Of a name that stands there twice nobody knows which one counts. */
static struct span value_of(const struct kind *k, const char *name)
{
	struct span key, member, value = { NULL, 0 };
	size_t found = 0;
	struct json_walk walk = json_walk_of(k->arguments);
	while (json_next(&walk, &key, &member)) {
		if (json_key_is(key, name)) {
			value = member;
			found++;
		}
	}
	return found == 1 ? value : (struct span){ NULL, 0 };
}

static bool text_of(const struct kind *k, const char *name, struct buf *out)
{
	struct span value = value_of(k, name);
	return value.at && json_type(value) == JSON_STRING && json_decode(value, out) && out->len;
}

static void tell(struct kind *k, const char *name, const char *where)
{
	if (k->told_count < KIND_TOLD_MAX) {
		k->told[k->told_count++] = (struct args_told){ name, where };
	}
}

/* The first effect that says something of this argument. */
static bool is_first(const struct kind *k, size_t at, bool (*fits)(const struct model_effect *))
{
	const struct model_effect *effects = k->item->effects;
	for (size_t i = 0; i < at; i++) {
		if (fits(&effects[i]) && effects[i].arg &&
			strcmp(effects[i].arg, effects[at].arg) == 0) {
			return false;
		}
	}
	return true;
}

/* Once for each argument that has an effect which fits. */
static void each_argument(struct kind *k, bool (*fits)(const struct model_effect *),
	void (*show)(struct kind *, const char *))
{
	for (size_t i = 0; i < k->item->effect_count; i++) {
		const struct model_effect *e = &k->item->effects[i];
		if (e->arg && e->arg[0] && fits(e) && is_first(k, i, fits)) {
			show(k, e->arg);
		}
	}
}

/* ---- rows ---- */

struct rows {
	struct doc *doc;
	size_t left, bytes;
	bool cut;
};

static struct rows rows_of(struct doc *doc)
{
	return (struct rows){ .doc = doc, .left = ROWS_MAX, .bytes = BYTES_MAX };
}

/* The mark stands in front of the first one. */
static void add_rows(struct rows *rows, unsigned indent, const char *mark, struct span text)
{
	const char *at = text.at, *end = text.at + text.len;
	while (at < end && !rows->cut) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		size_t len = (size_t)(stop - at);
		if (!rows->left || len > rows->bytes) {
			rows->cut = true;
			return;
		}
		rows->left--;
		rows->bytes -= len;
		doc_foreign(rows->doc, ROLE_TEXT, indent, mark, (struct span){ at, len });
		mark = "";
		at = newline ? newline + 1 : end;
	}
}

static void end_rows(const struct rows *rows)
{
	if (rows->cut) {
		doc_say(rows->doc, ROLE_WARNING, STEP,
			"… not all of it: the argument below is whole");
	}
}

/* ---- commands ---- */

static const char *const joins[] = {
	[JOIN_FIRST] = "",
	[JOIN_AND] = "  &&",
	[JOIN_OR] = "  ||",
	[JOIN_SEQUENCE] = "   ;",
	[JOIN_PIPE] = "   |",
};

static void add_command(struct rows *rows, const struct shell_command *command)
{
	const struct shell_word *name = &command->words[0];
	size_t before = rows->doc->count;
	add_rows(rows, JOIN_COLS, joins[command->join], command->source);
	if (rows->doc->count == before + 1 && span_starts(command->source, name->text)) {
		doc_part(rows->doc, ROLE_STRONG, command->source, 0, name->len);
	}
}

static bool only_joins(const char *from, const char *to)
{
	while (from < to && *from && strchr(" \t\n;&|", *from)) {
		from++;
	}
	return from == to;
}

/* No comment and no here-document stands between or behind the commands. */
static bool covers(const struct shell_line *line, struct span text)
{
	const char *at = text.at;
	for (size_t i = 0; i < line->count; i++) {
		struct span source = line->commands[i].source;
		if (!only_joins(at, source.at)) {
			return false;
		}
		at = source.at + source.len;
	}
	return only_joins(at, text.at + text.len);
}

static void line_doc(struct kind *k, const char *name, struct span text)
{
	struct rows rows = rows_of(k->doc);
	struct shell_line line;
	bool read = shell_parse(&line, text), one = read && line.count == 1;
	doc_say(k->doc, ROLE_LABEL, 0, one ? "command" : "commands");
	if (read) {
		for (size_t i = 0; i < line.count; i++) {
			add_command(&rows, &line.commands[i]);
		}
	} else {
		doc_add(k->doc, ROLE_WARNING, STEP, "",
			safe_printf("It cannot be taken apart (%s). As it stands:", line.fault));
		add_rows(&rows, JOIN_COLS, "", text);
	}
	if (!rows.cut && (!read || covers(&line, text))) {
		tell(k, name, one ? "command" : "commands");
	}
	end_rows(&rows);
	shell_finish(&line);
}

/* What a shell reads is numbered by its parts. */
static bool is_part(const struct model_effect *effect)
{
	return effect->part > 0;
}

static void commands_doc(struct kind *k, const char *name)
{
	struct buf text = { 0 };
	if (text_of(k, name, &text)) {
		line_doc(k, name, buf_view(&text));
	}
	buf_finish(&text);
}

/* A line of which nothing was read has no part that says so: its argument's name does. */
static bool is_unread(const struct model_effect *effect)
{
	return effect_is(effect, "unknown") && !effect->part && effect->arg &&
		(strcmp(effect->arg, "command") == 0 || strcmp(effect->arg, "cmd") == 0);
}

static bool has_part(const struct kind *k, const char *name)
{
	for (size_t i = 0; i < k->item->effect_count; i++) {
		const struct model_effect *e = &k->item->effects[i];
		if (e->part && e->arg && strcmp(e->arg, name) == 0) {
			return true;
		}
	}
	return false;
}

static void unread_doc(struct kind *k, const char *name)
{
	struct buf text = { 0 };
	struct shell_line line = { 0 };
	if (!has_part(k, name) && text_of(k, name, &text)) {
		if (!shell_parse(&line, buf_view(&text))) {
			line_doc(k, name, buf_view(&text));
		}
		shell_finish(&line);
	}
	buf_finish(&text);
}

/* ---- statements ---- */

static bool is_statement(const struct model_effect *effect)
{
	return effect_is(effect, "sql");
}

static void statement_doc(struct kind *k, const char *name)
{
	struct buf text = { 0 };
	if (text_of(k, name, &text)) {
		struct rows rows = rows_of(k->doc);
		doc_say(k->doc, ROLE_LABEL, 0, "statement");
		add_rows(&rows, STEP, "", buf_view(&text));
		if (!rows.cut) {
			tell(k, name, "statement");
		}
		end_rows(&rows);
	}
	buf_finish(&text);
}

/* ---- requests ---- */

static bool is_address(const struct model_effect *effect)
{
	return effect_is(effect, "net") && !effect->part;
}

/* A program whose words name an address is no address. */
static bool is_run(const struct kind *k, const char *name)
{
	for (size_t i = 0; i < k->item->effect_count; i++) {
		const struct model_effect *e = &k->item->effects[i];
		if (e->arg && strcmp(e->arg, name) == 0 &&
			(effect_is(e, "exec") || effect_is(e, "task"))) {
			return true;
		}
	}
	return false;
}

static bool is_method(const struct buf *method)
{
	bool plain = method->len < 20;
	for (size_t i = 0; plain && i < method->len; i++) {
		char c = buf_view(method).at[i];
		plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
	}
	return plain;
}

/* "POST https://host/path", the host in a role of its own if there is one plain reading. */
static void address_doc(struct kind *k, const struct buf *method, struct buf *address)
{
	struct url url = { .odd = NULL };
	bool plain = url_parse(&url, buf_view(address)) && is_method(method);
	struct buf line = { 0 };
	buf_span(&line, buf_view(method));
	buf_text(&line, method->len ? " " : "");
	size_t from = line.len + strcspn(buf_cstr(address), ":") + strlen("://");
	buf_span(&line, buf_view(address));
	if (plain && from < line.len) {
		const char *host = buf_cstr(&line) + from;
		size_t len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
		doc_foreign(k->doc, ROLE_TEXT, STEP, "", buf_view(&line));
		doc_part(k->doc, ROLE_STRONG, buf_view(&line), from, from + len);
	} else {
		doc_add(k->doc, ROLE_WARNING, STEP, "",
			paint_foreign(k->doc->paint, buf_view(&line), SAFE_ONE_LINE));
	}
	if (url.odd) {
		doc_add(k->doc, ROLE_WARNING, STEP, "", safe_printf("(%s)", url.odd));
	}
	buf_finish(&line);
}

/* A header that holds a line end is one row, with a mark for it. */
static void headers_doc(struct kind *k, struct rows *rows)
{
	struct span key, member, headers = value_of(k, "headers");
	if (!headers.at || json_type(headers) != JSON_OBJECT) {
		return;
	}
	struct json_walk walk = json_walk_of(headers);
	while (!rows->cut && json_next(&walk, &key, &member)) {
		struct buf text = { 0 };
		if (json_type(member) != JSON_STRING || !json_decode(member, &text)) {
			buf_finish(&text);
			buf_span(&text, member);
		}
		rows->cut = !rows->left || text.len + key.len > rows->bytes;
		if (!rows->cut) {
			struct safe_text name = paint_foreign(k->doc->paint, key, SAFE_ONE_LINE);
			struct safe_text value = paint_foreign(
				k->doc->paint, buf_view(&text), SAFE_ONE_LINE);
			rows->left--;
			rows->bytes -= text.len + key.len;
			doc_add(k->doc, ROLE_TEXT, STEP, "",
				safe_printf("%s: %s", safe_cstr(&name), safe_cstr(&value)));
			safe_finish(&name);
			safe_finish(&value);
		}
		buf_finish(&text);
	}
}

static void body_doc(struct kind *k, struct rows *rows)
{
	struct buf body = { 0 };
	if (!rows->cut && text_of(k, "body", &body)) {
		doc_add(k->doc, ROLE_DIM, STEP, "", safe_printf("body, %zu bytes", body.len));
		add_rows(rows, STEP + STEP, "", buf_view(&body));
		if (!rows->cut) {
			tell(k, "body", "request");
		}
	}
	buf_finish(&body);
}

static void request_doc(struct kind *k, const char *name)
{
	struct buf address = { 0 }, method = { 0 };
	if (!is_run(k, name) && text_of(k, name, &address) && address.len <= BYTES_MAX) {
		struct rows rows = rows_of(k->doc);
		text_of(k, "method", &method);
		doc_say(k->doc, ROLE_LABEL, 0, "request");
		address_doc(k, &method, &address);
		headers_doc(k, &rows);
		body_doc(k, &rows);
		tell(k, name, "request");
		end_rows(&rows);
	}
	buf_finish(&address);
	buf_finish(&method);
}

void kind_doc(struct doc *doc, const struct model_item *item, struct span arguments,
	struct args_told *told)
{
	struct kind k = { doc, item, arguments, told, 0 };
	size_t before = doc->count;
	if (arguments.at && json_type(arguments) == JSON_OBJECT) {
		each_argument(&k, is_part, commands_doc);
		each_argument(&k, is_unread, unread_doc);
		each_argument(&k, is_statement, statement_doc);
		each_argument(&k, is_address, request_doc);
	}
	packages_doc(doc, item);
	if (doc->count > before) {
		doc_blank(doc);
	}
	told[k.told_count] = (struct args_told){ 0 };
}
