/*
 * From a line to a struct message. The validator has the first word (core/json.c); what is left
 * here is JSON-RPC: which members make which kind, and every ambiguity refused that a more lenient
 * reader could resolve differently: members that differ only in case, method beside result, ids
 * that JavaScript would round, carriage returns between tokens.
 */
#include "config.h"

#include "core/message.h"

#include "core/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void refuse(struct message *m, int code, const char *why)
{
	m->kind = MESSAGE_REFUSED;
	m->code = code;
	m->why = why;
}

bool message_key(struct span id, char key[MESSAGE_KEY])
{
	int64_t n;
	key[0] = '\0';
	if (json_type(id) == JSON_NUMBER && json_int(id, &n)) {
		snprintf(key, MESSAGE_KEY, "=%lld", (long long)n);
		return true;
	}
	if (json_type(id) != JSON_STRING) {
		return false;
	}
	struct buf text = { 0 };
	json_decode(id, &text);
	struct span view = buf_view(&text);
	bool usable = !memchr(view.at, '\0', view.len);
	if (view.len + 2 <= MESSAGE_KEY && usable) {
		key[0] = '=';
		memcpy(key + 1, view.at, view.len);
		key[1 + view.len] = '\0';
	} else if (usable) {
		struct hash hash = hash_of(view);
		key[0] = '#';
		hash_hex(&hash, key + 1);
	}
	buf_finish(&text);
	return usable;
}

/* Where a member of a container goes, by its name. */
struct slot {
	const char *name;
	size_t len;
	size_t offset; /* of a struct span in struct message */
};

#define SLOT(name, member) \
	{ \
		name, sizeof(name) - 1, offsetof(struct message, member) \
	}

static const struct slot param_slots[] = {
	SLOT("name", name),
	SLOT("arguments", arguments),
	SLOT("uri", uri),
	SLOT("_meta", meta),
	SLOT("task", task),
	SLOT("cursor", cursor),
	SLOT("requestId", request_id),
	SLOT("requestState", request_state),
};

static const struct slot progress_slots[] = { SLOT("progressToken", progress_token) };

static const struct slot initialize_slots[] = {
	SLOT("clientInfo", client_info),
	SLOT("capabilities", capabilities),
	SLOT("protocolVersion", version),
};

static const struct slot envelope_slots[] = {
	SLOT("io.modelcontextprotocol/protocolVersion", version),
	SLOT("io.modelcontextprotocol/clientInfo", client_info),
	SLOT("io.modelcontextprotocol/clientCapabilities", capabilities),
};

static const struct slot top_slots[] = {
	SLOT("id", id),
	SLOT("method", method),
	SLOT("params", params),
	SLOT("result", result),
	SLOT("error", error),
};

static struct span *slot_span(struct message *m, const struct slot *slot)
{
	return (struct span *)((char *)m + slot->offset);
}

/* Most keys are plain ASCII: only one of the same length can be ours, or ours but for its case. */
static bool is_plain(struct span key)
{
	for (size_t i = 0; i < key.len; i++) {
		if ((unsigned char)key.at[i] >= 0x80 || key.at[i] == '\\') {
			return false;
		}
	}
	return true;
}

/* False if the key is one of ours but for its case. */
static bool place(struct message *m, const struct slot *slots, size_t count, struct span key,
	struct span value)
{
	bool plain = is_plain(key);
	for (size_t i = 0; i < count; i++) {
		if ((!plain || key.len == slots[i].len) && json_key_is(key, slots[i].name)) {
			*slot_span(m, &slots[i]) = value;
			return true;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if ((!plain || key.len == slots[i].len) && json_key_folds_to(key, slots[i].name)) {
			return false;
		}
	}
	return true;
}

static bool place_all(struct message *m, const struct slot *slots, size_t count, struct span object)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	while (json_next(&walk, &key, &value)) {
		if (!place(m, slots, count, key, value)) {
			return false;
		}
	}
	return true;
}

static bool read_top(struct message *m, const struct json_scan *scan)
{
	struct span version = { 0 };
	bool clean = true;
	for (size_t i = 0; i < scan->top_count; i++) {
		const struct json_member *member = &scan->top[i];
		if (json_key_is(member->key, "jsonrpc")) {
			version = member->value;
		} else if (json_key_folds_to(member->key, "jsonrpc") ||
			!place(m, top_slots, COUNT_OF(top_slots), member->key, member->value)) {
			clean = false;
		}
	}
	if (!clean) {
		refuse(m, RPC_INVALID, "a member differs from a JSON-RPC member only in case");
	} else if (scan->top_more) {
		refuse(m, RPC_INVALID, "too many members");
	} else if (!json_is(version, "2.0")) {
		refuse(m, RPC_INVALID, "jsonrpc must be \"2.0\"");
	}
	return m->kind != MESSAGE_REFUSED;
}

/* An id that can be echoed is kept for the refusal; one that cannot is taken away. */
static bool read_id(struct message *m)
{
	if (!m->id.at || message_key(m->id, m->key)) {
		return true;
	}
	bool null = json_type(m->id) == JSON_NULL;
	m->id = (struct span){ 0 };
	if (null && m->error.at && !m->method.at) {
		return true; /* an error that answers nothing in particular */
	}
	refuse(m, RPC_INVALID, "id must be a string or an integer within 2^53-1");
	return false;
}

static bool decide_kind(struct message *m)
{
	if (m->method.at) {
		if (m->result.at || m->error.at) {
			refuse(m, RPC_INVALID, "both a request and a response");
			return false;
		}
		m->kind = m->id.at ? MESSAGE_REQUEST : MESSAGE_NOTIFICATION;
		return true;
	}
	if (!m->result.at == !m->error.at || (m->result.at && !m->id.at) || m->params.at) {
		refuse(m, RPC_INVALID, "neither a request, a notification nor a response");
		return false;
	}
	m->kind = MESSAGE_RESPONSE;
	return true;
}

static bool read_method(struct message *m)
{
	struct buf name = { 0 };
	if (json_type(m->method) != JSON_STRING) {
		refuse(m, RPC_INVALID, "method must be a string");
		return false;
	}
	json_decode(m->method, &name);
	bool fits = name.len < MESSAGE_METHOD &&
		!memchr(name.data ? name.data : "", '\0', name.len);
	if (fits) {
		memcpy(m->method_name, buf_cstr(&name), name.len + 1);
	} else {
		refuse(m, RPC_INVALID, "method is too long");
	}
	buf_finish(&name);
	return fits;
}

static bool version_is_modern(struct span version)
{
	bool modern = false;
	if (version.at && json_type(version) == JSON_STRING) {
		char *text = json_strdup(version);
		modern = strcmp(text, "2026-07-28") >= 0 && strlen(text) == 10;
		free(text);
	}
	return modern;
}

/* What params says itself counts, where both could say it. */
static bool read_meta(struct message *m, bool progress, bool initialize)
{
	if ((!progress && !place_all(m, progress_slots, COUNT_OF(progress_slots), m->meta)) ||
		(!initialize && !place_all(m, envelope_slots, COUNT_OF(envelope_slots), m->meta))) {
		refuse(m, RPC_PARAMS, "a member of _meta differs from a known one only in case");
		return false;
	}
	m->modern = !initialize && version_is_modern(m->version);
	return true;
}

static bool read_params(struct message *m)
{
	if (!m->params.at) {
		return true;
	}
	if (json_type(m->params) != JSON_OBJECT) {
		refuse(m, RPC_PARAMS, "params must be an object");
		return false;
	}
	bool progress = m->entry->special == METHOD_PROGRESS,
	     initialize = m->entry->special == METHOD_INITIALIZE;
	if (!place_all(m, param_slots, COUNT_OF(param_slots), m->params) ||
		(progress && !place_all(m, progress_slots, COUNT_OF(progress_slots), m->params)) ||
		(initialize &&
			!place_all(m, initialize_slots, COUNT_OF(initialize_slots), m->params))) {
		refuse(m, RPC_PARAMS, "a member of params differs from a known one only in case");
		return false;
	}
	return !m->meta.at || json_type(m->meta) != JSON_OBJECT ||
		read_meta(m, progress, initialize);
}

/* What a gated method needs to be judged at all. */
static bool read_gated(struct message *m)
{
	if (m->entry->special != METHOD_TOOLS_CALL) {
		return true;
	}
	if (!m->name.at || json_type(m->name) != JSON_STRING) {
		refuse(m, RPC_PARAMS, "params.name must be a string");
		return false;
	}
	if (m->arguments.at && json_type(m->arguments) != JSON_OBJECT) {
		refuse(m, RPC_PARAMS, "params.arguments must be an object");
		return false;
	}
	return true;
}

static bool is_blank(struct span line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (!strchr(" \t\r", line.at[i]) || !line.at[i]) {
			return false;
		}
	}
	return true;
}

/* Text that no JSON reader, however lenient, could take for a message: it begins with a plain
 * printable character that opens neither an object nor an array, and no object begins later
 * (readers of value after value skip a leading 0). */
static bool is_noise(struct span line)
{
	size_t i = 0;
	while (i < line.len && (line.at[i] == ' ' || line.at[i] == '\t')) {
		i++;
	}
	unsigned char c = i < line.len ? (unsigned char)line.at[i] : 0;
	return c > ' ' && c < 0x7f && c != '{' && c != '[' && !memchr(line.at, '{', line.len);
}

/* JSON-RPC alone: members, id, kind and method. */
static bool read_frame(struct message *m, const struct json_scan *scan)
{
	return read_top(m, scan) && read_id(m) && decide_kind(m) &&
		(m->kind == MESSAGE_RESPONSE || read_method(m));
}

/* A line that only the strict rules refuse still has an id that the refusal can carry, so that its
 * sender does not wait for ever. */
static void salvage_id(struct message *m, struct json_scan *scan, struct span line)
{
	if (!json_validate(scan, line, JSON_LOOSE)) {
		return;
	}
	for (size_t i = 0; i < scan->top_count; i++) {
		place(m, top_slots, COUNT_OF(top_slots), scan->top[i].key, scan->top[i].value);
	}
}

/* A refusal carries an id that its sender waits for: no answer's (that id is the other side's),
 * none that cannot be matched. */
static void settle_refusal(struct message *m)
{
	bool answers = !m->method.at && (m->result.at || m->error.at);
	if (answers || !m->id.at || !message_key(m->id, m->key)) {
		m->id = (struct span){ 0 };
		m->key[0] = '\0';
	}
}

static void read_line(
	struct message *m, struct json_scan *scan, struct span line, enum method_from from)
{
	if (!json_validate(scan, line, from == METHOD_CLIENT ? JSON_STRICT : JSON_LOOSE)) {
		const char *fault = scan->fault;
		salvage_id(m, scan, line);
		refuse(m, RPC_PARSE, fault);
		return;
	}
	if (scan->type == JSON_ARRAY) {
		m->kind = MESSAGE_BATCH;
		m->code = RPC_INVALID;
		m->why = "batches are not accepted; send one message a line";
		return;
	}
	if (scan->type != JSON_OBJECT) {
		refuse(m, RPC_INVALID, "not an object");
		return;
	}
	if (!read_frame(m, scan)) {
		return;
	}
	/* JSON counts it as space; Java's, .NET's and Python's line readers end a line there, and
	 * what stands behind it would be a message that nobody has looked at. */
	if (scan->returns) {
		refuse(m, RPC_INVALID, "a carriage return inside the line");
		return;
	}
	if (m->kind == MESSAGE_RESPONSE) {
		return;
	}
	m->entry = method_find(span_of(m->method_name), from, m->kind == MESSAGE_NOTIFICATION);
	if (read_params(m)) {
		read_gated(m);
	}
}

void message_parse_frame(struct message *m, struct json_scan *scan, struct span line)
{
	*m = (struct message){ .line = line };
	if (is_blank(line)) {
		m->kind = MESSAGE_BLANK;
	} else if (!json_validate(scan, line, JSON_STRICT)) {
		refuse(m, RPC_PARSE, scan->fault);
	} else if (scan->type != JSON_OBJECT) {
		refuse(m, RPC_INVALID, "not an object");
	} else if (read_frame(m, scan) && m->params.at && json_type(m->params) != JSON_OBJECT) {
		refuse(m, RPC_PARAMS, "params must be an object");
	}
	if (m->kind == MESSAGE_REFUSED) {
		settle_refusal(m);
	}
}

void message_parse(
	struct message *m, struct json_scan *scan, struct span line, enum method_from from)
{
	*m = (struct message){ .line = line };
	if (line.len && line.at[line.len - 1] == '\r') {
		line.len--;
	}
	if (is_blank(line)) {
		m->kind = MESSAGE_BLANK;
	} else if (from == METHOD_SERVER && is_noise(line)) {
		m->kind = MESSAGE_NOISE;
	} else {
		read_line(m, scan, line, from);
	}
	if (m->kind == MESSAGE_REFUSED) {
		settle_refusal(m);
	}
}

void message_rebase(struct message *m, const char *to)
{
	struct span *const spans[] = { &m->id, &m->method, &m->params, &m->result, &m->error,
		&m->name, &m->arguments, &m->uri, &m->meta, &m->task, &m->cursor, &m->request_id,
		&m->request_state, &m->progress_token, &m->client_info, &m->capabilities,
		&m->version };
	for (size_t i = 0; i < COUNT_OF(spans); i++) {
		if (spans[i]->at) {
			spans[i]->at = to + (spans[i]->at - m->line.at);
		}
	}
	m->line.at = to;
}

void message_splice(struct span line, struct span span, struct span bytes, struct buf *out)
{
	size_t before = (size_t)(span.at - line.at);
	buf_clear(out);
	buf_room(out, line.len - span.len + bytes.len);
	buf_add(out, line.at, before);
	buf_span(out, bytes);
	buf_add(out, span.at + span.len, line.len - before - span.len);
}
