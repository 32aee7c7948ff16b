/* Lines of a small MCP server; pure. Which method is answered by what is one table. */
#include "config.h"

#include "core/serve.h"

#include "core/refusal.h"
#include "core/rpc.h"

#include <string.h>

static const char modern[] = "2026-07-28", latest[] = "2025-11-25";
static const char *const legacy[] = { "2024-11-05", "2025-03-26", "2025-06-18", latest };

enum { RPC_VERSION = -32022 };

static void write_server(struct jsonw *w, const struct serve_offer *offer)
{
	jw_kv_raw(w, "capabilities", SPAN("{\"tools\":{}}"));
	jw_key(w, "serverInfo");
	jw_open(w, '{');
	jw_kv_text(w, "name", offer->name);
	jw_kv_text(w, "version", PACKAGE_VERSION);
	jw_close(w, '}');
}

/* How long an answer of the modern era holds: it never changes while we run. */
static void write_keep(struct jsonw *w)
{
	jw_kv_int(w, "ttlMs", 3600000);
	jw_kv_text(w, "cacheScope", "private");
}

static void initialize(struct jsonw *w, const struct serve_offer *offer, const struct message *m)
{
	const char *agreed = latest;
	for (size_t i = 0; i < COUNT_OF(legacy); i++) {
		if (m->version.at && json_is(m->version, legacy[i])) {
			agreed = legacy[i];
		}
	}
	jw_kv_text(w, "protocolVersion", agreed);
	write_server(w, offer);
}

static void discover(struct jsonw *w, const struct serve_offer *offer, const struct message *m)
{
	(void)m;
	jw_key(w, "supportedVersions");
	jw_open(w, '[');
	jw_text(w, modern);
	jw_close(w, ']');
	write_server(w, offer);
	write_keep(w);
}

static void list(struct jsonw *w, const struct serve_offer *offer, const struct message *m)
{
	jw_kv_raw(w, "tools", offer->tools);
	if (m->modern) {
		write_keep(w);
	}
}

static void ping(struct jsonw *w, const struct serve_offer *offer, const struct message *m)
{
	(void)w;
	(void)offer;
	(void)m;
}

static const struct {
	enum method_special special;
	bool in_legacy, in_modern;
	void (*write)(struct jsonw *w, const struct serve_offer *offer, const struct message *m);
} methods[] = {
	{ METHOD_INITIALIZE, true, false, initialize },
	{ METHOD_DISCOVER, false, true, discover },
	{ METHOD_TOOLS_LIST, true, true, list },
	{ METHOD_PING, true, false, ping },
};

static void write_result(
	size_t i, const struct serve_offer *offer, const struct message *m, struct buf *out)
{
	struct jsonw w = rpc_answer(out, m->id, "result");
	if (m->modern) {
		jw_kv_text(&w, "resultType", "complete");
	}
	methods[i].write(&w, offer, m);
	rpc_close(&w);
}

/* Of a request that says it is of the modern era; true: it is answered. */
static bool refuse_envelope(const struct message *m, struct buf *out)
{
	if (!json_is(m->version, modern)) {
		struct jsonw w = rpc_answer(out, m->id, "error");
		jw_kv_int(&w, "code", RPC_VERSION);
		jw_kv_text(&w, "message", "Unsupported protocol version");
		jw_key(&w, "data");
		jw_open(&w, '{');
		jw_kv_raw(&w, "supported", SPAN("[\"2026-07-28\"]"));
		jw_kv_raw(&w, "requested", m->version);
		jw_close(&w, '}');
		rpc_close(&w);
		return true;
	}
	if (!m->capabilities.at || json_type(m->capabilities) != JSON_OBJECT) {
		refusal_error(out, m->id, RPC_PARAMS,
			"_meta lacks io.modelcontextprotocol/clientCapabilities");
		return true;
	}
	return false;
}

static enum serve_next request(
	const struct serve_offer *offer, const struct message *m, struct buf *out)
{
	if (m->modern && refuse_envelope(m, out)) {
		return SERVE_DONE;
	}
	if (m->entry->special == METHOD_TOOLS_CALL) {
		return SERVE_CALL;
	}
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		if (methods[i].special == m->entry->special &&
			(m->modern ? methods[i].in_modern : methods[i].in_legacy)) {
			write_result(i, offer, m, out);
			return SERVE_DONE;
		}
	}
	refusal_error(out, m->id, RPC_NO_METHOD, "Method not found");
	return SERVE_DONE;
}

enum serve_next serve_line(const struct serve_offer *offer, const struct json_scan *scan,
	const struct message *m, struct buf *out)
{
	switch (m->kind) {
	case MESSAGE_REQUEST:
		return request(offer, m, out);
	case MESSAGE_NOTIFICATION:
		return m->entry->special == METHOD_CANCELLED && m->request_id.at ? SERVE_CANCEL
										 : SERVE_DONE;
	case MESSAGE_REFUSED:
		refusal_error(out, m->id, m->code, m->why);
		return SERVE_DONE;
	case MESSAGE_BATCH:
		refusal_batch(out, scan->value, m->why);
		return SERVE_DONE;
	case MESSAGE_RESPONSE:
	case MESSAGE_BLANK:
	case MESSAGE_NOISE:
		return SERVE_DONE;
	}
	return SERVE_DONE;
}

void serve_text(struct buf *out, struct span id, struct span text)
{
	struct jsonw w = rpc_answer(out, id, "result");
	jw_kv_text(&w, "resultType", "complete");
	jw_key(&w, "content");
	jw_open(&w, '[');
	jw_open(&w, '{');
	jw_kv_text(&w, "type", "text");
	jw_kv_span(&w, "text", text);
	jw_close(&w, '}');
	jw_close(&w, ']');
	rpc_close(&w);
}
