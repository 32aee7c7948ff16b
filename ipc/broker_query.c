/*
 * What consoles ask of the history: a page of calls, one call with what it would have done. Reading
 * happens on the thread pool, through a connection of its own; the answer comes when it is done.
 */
#include "config.h"

#include "ipc/broker.h"

#include "core/rpc.h"
#include "ipc/history_json.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_MOST = 500 };

struct query {
	uv_work_t work;
	struct broker *broker; /* not touched by the worker */
	const char *path; /* of the history; outlives it */
	uint64_t conn;
	char *rpc, *text;
	int64_t before, limit, number;
	void (*run)(struct query *query, struct history *history, struct jsonw *w);
	struct buf out; /* members of the result */
	bool ok;
	struct err err;
};

/* ---- in the worker ---- */

static bool page_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct jsonw *w = data;
	jw_open(w, '{');
	history_json_row(w, call, session);
	jw_close(w, '}');
	return true;
}

static void run_page(struct query *q, struct history *history, struct jsonw *w)
{
	jw_key(w, "calls");
	jw_open(w, '[');
	q->ok = history_latest(
		history, span_of(q->text), q->before, q->limit, page_row, w, &q->err);
	jw_close(w, ']');
}

static bool event_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	history_json_row(data, call, session);
	return false;
}

static void run_event(struct query *q, struct history *history, struct jsonw *w)
{
	struct buf effects = { 0 };
	q->ok = history_numbered(history, q->number, event_row, w, &q->err) &&
		history_effects(history, q->number, &effects, &q->err);
	jw_kv_raw(w, "effects", effects.len ? buf_view(&effects) : SPAN("[]"));
	buf_finish(&effects);
}

static void on_work(uv_work_t *work)
{
	static const unsigned char no_key[HISTORY_HASH]; /* a reader compares no hashes */
	struct query *q = work->data;
	struct jsonw w = jw_start(&q->out);
	jw_open(&w, '{');
	struct history *history = history_open(q->path, no_key, true, 0, NULL, &q->err);
	if (history) {
		q->run(q, history, &w);
	}
	history_close(history);
	jw_close(&w, '}');
}

/* ---- on the loop ---- */

static void on_done(uv_work_t *work, int status)
{
	struct query *q = work->data;
	struct conn *c = broker_conn(q->broker, q->conn);
	struct buf line = { 0 };
	(void)status;
	if (c && q->ok) {
		rpc_result(&line, span_of(q->rpc), buf_view(&q->out));
		conn_send(c, &line);
	} else if (c) {
		wire_error(c, span_of(q->rpc), WIRE_NOT_RECORDED, q->err.text);
	}
	buf_finish(&q->out);
	free(q->rpc);
	free(q->text);
	free(q);
}

static int64_t number_of(struct span params, const char *name, int64_t otherwise)
{
	struct span value;
	int64_t n = otherwise;
	return params.at && json_member(params, name, &value) && json_int(value, &n) ? n
										     : otherwise;
}

static void start(struct conn *c, const struct message *m,
	void (*run)(struct query *query, struct history *history, struct jsonw *w))
{
	struct query *q = xcalloc(1, sizeof(*q));
	int64_t limit = number_of(m->params, "limit", PAGE_MOST);
	*q = (struct query){ .broker = c->broker,
		.path = c->broker->paths->history,
		.conn = c->id,
		.rpc = span_dup(m->id),
		.text = m->params.at ? json_member_text(m->params, "text") : NULL,
		.before = number_of(m->params, "before", INT64_MAX),
		.number = number_of(m->params, "number", 0),
		.limit = limit < 1 || limit > PAGE_MOST ? PAGE_MOST : limit,
		.run = run };
	q->work.data = q;
	uv_queue_work(c->broker->loop, &q->work, on_work, on_done);
}

void query_page(struct conn *c, const struct message *m)
{
	start(c, m, run_page);
}

void query_event(struct conn *c, const struct message *m)
{
	start(c, m, run_event);
}
