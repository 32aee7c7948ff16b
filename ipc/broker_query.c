/*
 * What consoles ask of the history: a page of calls, one call with what it would have done, what
 * was decided of calls much like one that waits. Reading happens on the thread pool, through a
 * connection of its own; the answer comes when it is done.
 */
#include "config.h"

#include "ipc/broker.h"

#include "core/effects/likeness.h"
#include "core/rpc.h"
#include "core/history_filter.h"
#include "ipc/history_json.h"
#include "ipc/when.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_MOST = 500 };

struct page {
	uv_work_t work;
	struct broker *broker; /* not touched by the worker */
	const char *path, *search; /* of the history and its index; outlive it */
	uint64_t conn;
	char *rpc, *text;
	char *me; /* whose decisions are `by:me` */
	char *rule; /* of a page: its calls alone, or NULL */
	int64_t since_us; /* and of them those that came no earlier */
	int64_t before, limit, number;
	/* of `like`: the call that waits */
	char *tool, *server;
	struct effects effects;
	void (*run)(struct page *query, struct history *history, struct jsonw *w);
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

/* `text` is a filter: words, and fields. */
static bool run_filter(
	struct page *q, struct history *history, struct search *search, struct jsonw *w)
{
	struct query query;
	struct history_filter filter = { .query = &query,
		.now_us = clock_wall_ms() * 1000,
		.me = q->me,
		.when = when_parse,
		.when_expected = WHEN_EXPECTED };
	bool ok = query_parse(&query, span_of(q->text), &q->err) &&
		history_filter_latest(
			history, search, &filter, q->before, q->limit, page_row, w, &q->err);
	query_finish(&query);
	return ok;
}

static void run_page(struct page *q, struct history *history, struct jsonw *w)
{
	struct err unused;
	struct search *search = q->rule ? NULL : search_open(q->search, true, &unused);
	jw_key(w, "calls");
	jw_open(w, '[');
	q->ok = q->rule ? history_ruled(history, span_of(q->rule), q->since_us, q->before, q->limit,
				  page_row, w, &q->err)
			: run_filter(q, history, search, w);
	jw_close(w, ']');
	search_close(search);
}

static bool event_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	history_json_row(data, call, session);
	return false;
}

static void put_edit(void *data, const struct history_edit *edit)
{
	struct jsonw *w = data;
	jw_key(w, "edit");
	jw_open(w, '{');
	jw_kv_span(w, "by", edit->by);
	jw_kv_int(w, "at", edit->at_us / 1000);
	jw_kv_raw(w, "proposed", edit->proposed);
	jw_kv_raw(w, "effective", edit->effective);
	jw_close(w, '}');
}

static void run_event(struct page *q, struct history *history, struct jsonw *w)
{
	struct buf effects = { 0 }, who = { 0 };
	q->ok = history_numbered(history, q->number, event_row, w, &q->err) &&
		history_effects(history, q->number, &effects, &q->err) &&
		history_who(history, q->number, &who, &q->err) &&
		history_edited(history, q->number, put_edit, w, &q->err);
	jw_kv_raw(w, "effects", effects.len ? buf_view(&effects) : SPAN("[]"));
	jw_kv_raw(w, "who", who.len ? buf_view(&who) : (struct span){ 0 });
	buf_finish(&effects);
	buf_finish(&who);
}

/* ---- calls that are much alike ---- */

enum { LIKE_CALLS = 2000, LIKE_SAME_TOOL = 64 };

/* A call of the same tool and server, newest last. */
struct like_row {
	int64_t number, at_us;
	const char *decision; /* static: "approved", "denied", "passed" */
};

struct like {
	const struct page *q;
	struct like_row list[LIKE_SAME_TOOL];
	size_t count;
};

static const char *decision_of(const struct history_call *call)
{
	return span_is(call->decision, "approved") ? "approved"
		: call->state == LIFE_DENIED       ? "denied"
		: span_is(call->verdict, "allow")  ? "passed"
						   : NULL;
}

static bool like_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct like *like = data;
	const char *decision = decision_of(call);
	if (!decision || !span_is(call->tool, like->q->tool) ||
		!span_is(session->server, like->q->server)) {
		return true;
	}
	if (like->count == LIKE_SAME_TOOL) {
		memmove(like->list, like->list + 1, sizeof(like->list) - sizeof(like->list[0]));
		like->count--;
	}
	like->list[like->count++] = (struct like_row){ call->number, call->arrived_us, decision };
	return true;
}

static bool is_alike(
	const struct page *q, struct history *history, int64_t number, struct buf *except)
{
	struct buf json = { 0 };
	struct json_scan scan = { 0 };
	struct effects effects = { 0 };
	struct err err;
	bool alike = history_effects(history, number, &json, &err) && json.len &&
		json_validate(&scan, buf_view(&json), JSON_STRICT) &&
		effects_read(&effects, scan.value, &err) &&
		effects_alike(&q->effects, &effects, except);
	effects_finish(&effects);
	json_finish(&scan);
	buf_finish(&json);
	return alike;
}

static void run_like(struct page *q, struct history *history, struct jsonw *w)
{
	struct like *like = xcalloc(1, sizeof(*like));
	struct buf except = { 0 };
	int64_t counts[2] = { 0 };
	const struct like_row *last = NULL;
	like->q = q;
	q->ok = history_latest(
		history, (struct span){ 0 }, q->before, LIKE_CALLS, like_row, like, &q->err);
	for (size_t i = like->count; q->ok && i-- > 0;) {
		struct buf names = { 0 };
		const struct like_row *row = &like->list[i];
		if (is_alike(q, history, row->number, &names)) {
			counts[0] += strcmp(row->decision, "approved") == 0;
			counts[1] += strcmp(row->decision, "denied") == 0;
			if (!last) {
				last = row;
				buf_span(&except, buf_view(&names));
			}
		}
		buf_finish(&names);
	}
	if (last) {
		jw_kv_int(w, "number", last->number);
		jw_kv_text(w, "decision", last->decision);
		jw_kv_int(w, "at", last->at_us / 1000);
		jw_kv_text(w, "except", buf_cstr(&except));
		jw_kv_int(w, "approved", counts[0]);
		jw_kv_int(w, "denied", counts[1]);
	}
	buf_finish(&except);
	free(like);
}

/* ---- the work ---- */

static void on_work(uv_work_t *work)
{
	static const unsigned char no_key[HISTORY_HASH]; /* a reader compares no hashes */
	struct page *q = work->data;
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
	struct page *q = work->data;
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
	free(q->me);
	free(q->rule);
	free(q->tool);
	free(q->server);
	effects_finish(&q->effects);
	free(q);
}

static int64_t number_of(struct span params, const char *name, int64_t otherwise)
{
	struct span value;
	int64_t n = otherwise;
	return params.at && json_member(params, name, &value) && json_int(value, &n) ? n
										     : otherwise;
}

static struct page *query_create(struct conn *c, const struct message *m,
	void (*run)(struct page *query, struct history *history, struct jsonw *w))
{
	struct page *q = xcalloc(1, sizeof(*q));
	int64_t limit = number_of(m->params, "limit", PAGE_MOST);
	*q = (struct page){ .broker = c->broker,
		.path = c->broker->paths->history,
		.search = c->broker->paths->search,
		.conn = c->id,
		.rpc = span_dup(m->id),
		.me = xstrdup(c->broker->user),
		.text = m->params.at ? json_member_text(m->params, "text") : NULL,
		.before = number_of(m->params, "before", INT64_MAX),
		.number = number_of(m->params, "number", 0),
		.limit = limit < 1 || limit > PAGE_MOST ? PAGE_MOST : limit,
		.run = run };
	return q;
}

static void query_start(struct page *q)
{
	q->work.data = q;
	uv_queue_work(q->broker->loop, &q->work, on_work, on_done);
}

void query_page(struct conn *c, const struct message *m)
{
	struct page *q = query_create(c, m, run_page);
	q->rule = m->params.at ? json_member_text(m->params, "rule") : NULL;
	q->since_us = number_of(m->params, "since", 0);
	q->since_us = q->since_us > 0 && q->since_us < INT64_MAX / 1000 ? q->since_us * 1000 : 0;
	query_start(q);
}

void query_event(struct conn *c, const struct message *m)
{
	query_start(query_create(c, m, run_event));
}

void query_like(struct conn *c, const struct message *m)
{
	char *call = m->params.at ? json_member_text(m->params, "call") : NULL;
	struct item *item = call ? item_find(c->broker, span_of(call)) : NULL;
	if (!item || item->kind != ITEM_CALL || item->hidden) {
		wire_error(c, m->id, WIRE_NOT_WAITING, "the call does not wait any more");
	} else {
		struct page *q = query_create(c, m, run_like);
		q->before = item->number > 0 ? item->number : INT64_MAX;
		q->tool = xstrdup(item->tool);
		q->server = xstrdup(item->claims.name);
		effects_copy(&q->effects, &item->effects);
		query_start(q);
	}
	free(call);
}
