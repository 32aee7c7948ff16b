/*
 * The head and the foot of JSON-RPC messages. What is between them is the caller's.
 */
#include "config.h"

#include "core/rpc.h"

static struct jsonw open_message(struct buf *line, struct span id, const char *method)
{
	struct jsonw w = jw_start(line);
	jw_open(&w, '{');
	jw_kv_text(&w, "jsonrpc", "2.0");
	if (id.at) {
		jw_kv_raw(&w, "id", id);
	}
	if (method) {
		jw_kv_text(&w, "method", method);
	}
	return w;
}

static void close_message(struct jsonw *w)
{
	jw_close(w, '}');
	buf_char(w->out, '\n');
}

struct jsonw rpc_open(struct buf *line, struct span id, const char *method)
{
	struct jsonw w = open_message(line, id, method);
	jw_key(&w, "params");
	jw_open(&w, '{');
	return w;
}

struct jsonw rpc_answer(struct buf *line, struct span id, const char *member)
{
	struct jsonw w = open_message(line, id, NULL);
	jw_key(&w, member);
	jw_open(&w, '{');
	return w;
}

void rpc_result(struct buf *line, struct span id, struct span result)
{
	struct jsonw w = open_message(line, id, NULL);
	jw_kv_raw(&w, "result", result);
	close_message(&w);
}

void rpc_close(struct jsonw *w)
{
	jw_close(w, '}');
	close_message(w);
}

void rpc_line(struct buf *line, struct span id, const char *method, struct span params)
{
	struct jsonw w = open_message(line, id, method);
	if (params.at) {
		jw_kv_raw(&w, "params", params);
	}
	close_message(&w);
}
