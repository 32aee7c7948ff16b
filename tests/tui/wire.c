/* Answers at once and in order; every line of the console has to be strict JSON. */
#include "config.h"

#include "tests/tui/wire.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/json.h"

/* What a broker says in its own words, or by which the two of them find things. */
static bool is_ours(struct span key)
{
	static const char ours[] = " jsonrpc method call kind state risk protocol version broker "
				   "verdict level width decision mode id bytes hash profile toward "
				   "how oldText files era denied_by ";
	char *word = xasprintf(" %.*s ", SPAN_FMT(key));
	bool found = strstr(ours, word) != NULL;
	free(word);
	return found;
}

/* From behind a string's opening quote to its closing one. */
static const char *string_end(const char *at)
{
	while (*at && *at != '"') {
		at += *at == '\\' ? 2 : 1;
	}
	return at;
}

static void put_poison(const struct wire *wire, struct buf *line)
{
	struct buf out = { 0 };
	struct span key = { "", 0 };
	const char *at = buf_cstr(line);
	for (const char *quote; (quote = strchr(at, '"')); at = quote + 1) {
		const char *from = quote + 1;
		quote = string_end(from);
		struct span text = { from, (size_t)(quote - from) };
		buf_add(&out, at, (size_t)(quote - at));
		if (quote[1] == ':') {
			key = text;
		} else if (!is_ours(key)) {
			buf_text(&out, wire->poison);
		}
		buf_char(&out, '"');
	}
	buf_text(&out, at);
	buf_finish(line);
	*line = out;
}

static void send_buf(struct wire *wire, struct buf *line)
{
	size_t done = 0;
	if (wire->poison) {
		put_poison(wire, line);
	}
	buf_char(line, '\n');
	while (wire->fd >= 0 && done < line->len) {
		ssize_t n = send(wire->fd, line->data + done, line->len - done, MSG_NOSIGNAL);
		if (n < 0) {
			break;
		}
		done += (size_t)n;
	}
	buf_finish(line);
}

void wire_send(struct wire *wire, const char *line)
{
	struct buf buf = { 0 };
	buf_text(&buf, line);
	send_buf(wire, &buf);
}

void wire_tell(struct wire *wire, const char *method, const char *params)
{
	struct buf line = { 0 };
	buf_printf(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}", method, params);
	send_buf(wire, &line);
}

static void answer(struct wire *wire, struct span id, const char *member, const char *json)
{
	struct buf line = { 0 };
	buf_printf(
		&line, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"%s\":%s}", SPAN_FMT(id), member, json);
	send_buf(wire, &line);
}

static void on_show(struct wire *wire, struct span id, struct span params)
{
	struct span call;
	const char *result = NULL;
	bool named = json_member(params, "call", &call);
	assert(named);
	wire->show_count++;
	for (const struct wire_show *s = wire->shows; s && s->call && !result; s++) {
		bool fits = json_is(call, s->call) || strcmp(s->call, "*") == 0;
		result = fits ? s->result : NULL;
	}
	if (result) {
		answer(wire, id, "result", result);
	} else {
		answer(wire, id, "error",
			"{\"code\":4005,\"message\":\"the gate did not answer in time\"}");
	}
}

static void refuse(struct wire *wire, struct span id)
{
	struct buf error = { 0 };
	buf_printf(&error, "{\"code\":%d,\"message\":\"%s\"}", wire->refuse, wire->refuse_text);
	answer(wire, id, "error", buf_cstr(&error));
	buf_finish(&error);
}

static void on_decide(struct wire *wire, struct span id, struct span params)
{
	struct span decision;
	bool named = json_member(params, "decision", &decision);
	assert(named && wire->decide_count < WIRE_DECIDES);
	wire->decides[wire->decide_count++] = span_dup(params);
	struct span delay;
	if (wire->refuse) {
		refuse(wire, id);
	} else if (wire->denied_at && json_member(params, "delay_ms", &delay)) {
		char result[64];
		snprintf(result, sizeof(result), "{\"state\":\"held\",\"denied_at\":%lld}",
			(long long)wire->denied_at);
		answer(wire, id, "result", result);
	} else {
		answer(wire, id, "result",
			json_is(decision, "approve") ? "{\"state\":\"approved\"}"
						     : "{\"state\":\"denied\"}");
	}
}

/* An answer that names a rule is for the request that names the same, if that names one. */
static bool same_rule(struct span params, struct span result)
{
	struct span asked, told;
	if (!params.at || !json_member(params, "rule", &asked) ||
		!json_member(result, "rule", &told)) {
		return true;
	}
	char *one = json_strdup(asked), *other = json_strdup(told);
	bool same = !one || !other || strcmp(one, other) == 0;
	free(one);
	free(other);
	return same;
}

static void on_other(struct wire *wire, struct span method, struct span id, struct span params)
{
	for (const struct wire_answer *a = wire->answers; a && a->method; a++) {
		if (json_is(method, a->method) && same_rule(params, span_of(a->result))) {
			answer(wire, id, "result", a->result);
		}
	}
}

static void on_message(struct wire *wire, struct span message)
{
	struct span method = { NULL, 0 }, id = { NULL, 0 }, params = { NULL, 0 };
	json_member(message, "method", &method);
	json_member(message, "id", &id);
	json_member(message, "params", &params);
	if (json_is(method, "hello")) {
		answer(wire, id, "result",
			"{\"protocol\":\"1.0\",\"version\":\"" PACKAGE_VERSION
			"\",\"broker\":\"b\"}");
	} else if (json_is(method, "watch")) {
		answer(wire, id, "result", wire->snapshot);
	} else if (json_is(method, "active")) {
		wire->active_count++;
	} else if (json_is(method, "show") && !wire->silent) {
		on_show(wire, id, params);
	} else if (json_is(method, "decide") && !wire->silent) {
		on_decide(wire, id, params);
	} else if (json_is(method, "edit") && !wire->silent) {
		free(wire->edit);
		wire->edit = span_dup(params);
		wire->edit_count++;
		answer(wire, id, "result", "{\"state\":\"held\"}");
	} else if (id.at && wire->refuse) {
		refuse(wire, id);
	} else {
		on_other(wire, method, id, params);
	}
}

void wire_read(struct wire *wire)
{
	char bytes[4096];
	ssize_t n = recv(wire->fd, bytes, sizeof(bytes), 0);
	if (n <= 0) {
		wire_hang_up(wire);
		return;
	}
	buf_add(&wire->in, bytes, (size_t)n);
	for (char *end; wire->in.len && (end = memchr(wire->in.data, '\n', wire->in.len));) {
		struct json_scan scan = { 0 };
		size_t len = (size_t)(end - wire->in.data);
		bool valid = json_validate(&scan, (struct span){ wire->in.data, len }, JSON_STRICT);
		assert(valid);
		on_message(wire, scan.value);
		json_finish(&scan);
		buf_drop(&wire->in, len + 1);
	}
}

void wire_hang_up(struct wire *wire)
{
	if (wire->fd >= 0) {
		close(wire->fd);
		wire->fd = -1;
	}
}

void wire_finish(struct wire *wire)
{
	wire_hang_up(wire);
	for (size_t i = 0; i < wire->decide_count; i++) {
		free(wire->decides[i]);
	}
	free(wire->edit);
	buf_finish(&wire->in);
}
