/*
 * The servers behind the demo's gates: MCP over stdio, as small as a client accepts it. One line
 * in, at most one out; one thing at a time. What a tool does is demo_tools.c's.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/rpc.h"
#include "core/message.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void say_error(struct buf *out, struct span id, int code, const char *words)
{
	struct jsonw w = rpc_answer(out, id, "error");
	jw_kv_int(&w, "code", code);
	jw_kv_text(&w, "message", words);
	rpc_close(&w);
}

static void initialize(const char *server, const struct message *m, struct buf *out)
{
	struct jsonw w = rpc_answer(out, m->id, "result");
	jw_kv_raw(&w, "protocolVersion", m->version.at ? m->version : SPAN("\"2025-06-18\""));
	jw_kv_raw(&w, "capabilities", SPAN("{\"tools\":{}}"));
	jw_key(&w, "serverInfo");
	jw_open(&w, '{');
	jw_kv_text(&w, "name", server);
	jw_kv_text(&w, "version", PACKAGE_VERSION);
	jw_close(&w, '}');
	rpc_close(&w);
}

static void list_tools(const char *server, const struct message *m, struct buf *out)
{
	struct jsonw w = rpc_answer(out, m->id, "result");
	jw_key(&w, "tools");
	jw_open(&w, '[');
	for (size_t i = 0; i < demo_tool_count; i++) {
		const struct demo_tool *tool = &demo_tools[i];
		if (strcmp(tool->server, server) == 0) {
			jw_open(&w, '{');
			jw_kv_text(&w, "name", tool->name);
			jw_kv_text(&w, "description", tool->description);
			jw_kv_raw(&w, "inputSchema", span_of(tool->schema));
			jw_close(&w, '}');
		}
	}
	jw_close(&w, ']');
	rpc_close(&w);
}

static const struct demo_tool *find_tool(const char *server, struct span name)
{
	for (size_t i = 0; i < demo_tool_count; i++) {
		if (strcmp(demo_tools[i].server, server) == 0 &&
			json_is(name, demo_tools[i].name)) {
			return &demo_tools[i];
		}
	}
	return NULL;
}

static void call_tool(
	const struct demo_jail *jail, const char *server, const struct message *m, struct buf *out)
{
	bool named = m->name.at && json_type(m->name) == JSON_STRING;
	const struct demo_tool *tool = named ? find_tool(server, m->name) : NULL;
	struct span arguments = m->arguments.at ? m->arguments : SPAN("{}");
	struct buf text = { 0 };
	struct err err = { 0 };
	if (!tool) {
		say_error(out, m->id, RPC_PARAMS, "no such tool");
		return;
	}
	bool ok = tool->run(jail, arguments, &text, &err);
	struct jsonw w = rpc_answer(out, m->id, "result");
	jw_kv_bool(&w, "isError", !ok);
	jw_key(&w, "content");
	jw_open(&w, '[');
	jw_open(&w, '{');
	jw_kv_text(&w, "type", "text");
	jw_kv_span(&w, "text", ok ? (struct span){ buf_cstr(&text), text.len } : span_of(err.text));
	jw_close(&w, '}');
	jw_close(&w, ']');
	rpc_close(&w);
	buf_finish(&text);
}

void demo_serve_line(const struct demo_jail *jail, const char *server, struct json_scan *scan,
	struct span line, struct buf *out)
{
	struct message m;
	message_parse(&m, scan, line, METHOD_CLIENT);
	if (m.kind == MESSAGE_REFUSED && m.id.at) {
		say_error(out, m.id, m.code, m.why);
	}
	if (m.kind != MESSAGE_REQUEST) {
		return;
	}
	switch (m.entry->special) {
	case METHOD_INITIALIZE:
		initialize(server, &m, out);
		break;
	case METHOD_TOOLS_LIST:
		list_tools(server, &m, out);
		break;
	case METHOD_TOOLS_CALL:
		call_tool(jail, server, &m, out);
		break;
	case METHOD_PING: {
		struct jsonw w = rpc_answer(out, m.id, "result");
		rpc_close(&w);
		break;
	}
	default:
		say_error(out, m.id, RPC_NO_METHOD, "no such method");
		break;
	}
}

static bool put(struct buf *out)
{
	while (out->len) {
		ssize_t n = write(1, out->data, out->len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		buf_drop(out, n > 0 ? (size_t)n : 0);
	}
	return true;
}

/* All whole lines of `in`. */
static bool serve_lines(
	const struct demo_jail *jail, const char *server, struct json_scan *scan, struct buf *in)
{
	struct buf out = { 0 };
	size_t used = 0;
	bool ok = true;
	for (char *at = in->data, *end; ok && (end = memchr(at, '\n', in->len - used));
		at = end + 1) {
		demo_serve_line(jail, server, scan, (struct span){ at, (size_t)(end - at) }, &out);
		used = (size_t)(end + 1 - in->data);
		ok = put(&out);
	}
	buf_drop(in, used);
	buf_finish(&out);
	return ok;
}

int demo_serve(const char *server, const char *dir)
{
	struct demo_jail jail;
	struct json_scan scan = { 0 };
	struct buf in = { 0 };
	struct err err;
	bool ok = demo_jail_init(&jail, dir, &err);
	if (!ok) {
		fprintf(stderr, "bascule-demo: %s\n", err.text);
	}
	for (ssize_t n = 1; ok && n;) {
		buf_room(&in, 64 << 10);
		n = read(0, in.data + in.len, in.cap - in.len);
		in.len += n > 0 ? (size_t)n : 0;
		ok = (n >= 0 || errno == EINTR) && serve_lines(&jail, server, &scan, &in) &&
			in.len < DEMO_LINE_CAP;
	}
	demo_jail_finish(&jail);
	json_finish(&scan);
	buf_finish(&in);
	return ok ? 0 : 1;
}
