/*
 * The end of a loop turn. Rows are written while messages are read; nothing that depends on them is
 * said before the commit here: verdicts, `go`, news for consoles. If the commit fails, nothing of
 * the turn has happened: steps are undone, gates are asked to submit again, and until a later
 * attempt succeeds everything is held, with the reason shown.
 *
 * A person's decision is made durable (fdatasync of the log, on the thread pool) before it is acted
 * on.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_body.h"
#include "ipc/broker_grant.h"

#include "core/diag.h"
#include "core/rpc.h"
#include "ipc/fault.h"
#include "ipc/log.h"
#include "ipc/retention.h"
#include "ipc/sealer.h"
#include "ipc/search_file.h"
#include "ipc/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A disk that was only slow is back soon: the first attempt does not wait for the second to end. */
enum { FIRST_RETRY_MS = 100, RETRY_MS = 1000, CHECKPOINT_MS = 1000 };

static void on_retry(uv_timer_t *timer);

void record_failed(struct broker *b, const struct err *err)
{
	struct record *r = &b->record;
	if (!r->trouble[0]) {
		log_line("history: %s", err->text);
	}
	snprintf(r->trouble, sizeof(r->trouble), "history cannot be written: %.160s", err->text);
	r->failed = true;
	feed_trouble(b);
	uv_timer_start(&r->retry_timer, on_retry, FIRST_RETRY_MS, RETRY_MS);
}

bool record_begin(struct broker *b)
{
	struct record *r = &b->record;
	struct err err;
	if (r->open) {
		return true;
	}
	if (r->trouble[0]) {
		/* the retry timer finds out when it works again; nobody waits for a lock meanwhile
		 */
		return false;
	}
	r->open = history_begin(b->history, &err);
	if (!r->open) {
		record_failed(b, &err);
	}
	return r->open;
}

void record_answer(struct broker *b, const struct answer *answer)
{
	struct record *r = &b->record;
	r->answers = xgrow(r->answers, &r->answer_cap, r->answer_count + 1, sizeof(*r->answers));
	r->answers[r->answer_count++] = *answer;
}

void record_reply(struct conn *c, struct span rpc_id, struct buf *line)
{
	struct answer a = { .line = *line, .conn = c->id };
	*line = (struct buf){ 0 };
	snprintf(a.rpc, sizeof(a.rpc), "%.*s", SPAN_FMT(rpc_id));
	record_answer(c->broker, &a);
}

void record_after(struct broker *b, struct item *item, enum life_event event,
	enum life_effect effect, enum life_state before)
{
	struct record *r = &b->record;
	r->afters = xgrow(r->afters, &r->after_cap, r->after_count + 1, sizeof(*r->afters));
	r->afters[r->after_count++] = (struct after){ xstrdup(item->call), event, effect, before };
}

static void on_lazy(uv_timer_t *timer)
{
	record_flush(timer->data);
}

void record_note(struct broker *b)
{
	if (!uv_is_active((uv_handle_t *)&b->record.lazy_timer)) {
		uv_timer_start(&b->record.lazy_timer, on_lazy, BROKER_LAZY_MS, 0);
	}
}

void record_finish(struct broker *b, int64_t number, enum life_state state, const char *outcome,
	int64_t size, int64_t took_us)
{
	struct record *r = &b->record;
	if (number <= 0) {
		return;
	}
	r->lazy = xgrow(r->lazy, &r->lazy_cap, r->lazy_count + 1, sizeof(*r->lazy));
	r->lazy[r->lazy_count++] = (struct finish){ .number = number,
		.state = state,
		.outcome = outcome,
		.size = size,
		.took_us = took_us,
		.at_us = clock_wall_ms() * 1000 };
	if (r->lazy_count >= BROKER_LAZY_MAX) {
		record_flush(b);
	} else {
		record_note(b);
	}
}

void record_effects(struct broker *b, int64_t number, char *json)
{
	struct record *r = &b->record;
	r->lazy = xgrow(r->lazy, &r->lazy_cap, r->lazy_count + 1, sizeof(*r->lazy));
	r->lazy[r->lazy_count++] = (struct finish){ .number = number, .effects = json };
	record_note(b);
}

void record_who(struct broker *b, int64_t number, char *json)
{
	struct record *r = &b->record;
	r->lazy = xgrow(r->lazy, &r->lazy_cap, r->lazy_count + 1, sizeof(*r->lazy));
	r->lazy[r->lazy_count++] = (struct finish){ .number = number, .who = json };
	record_note(b);
}

static void free_lazy(struct record *r, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(r->lazy[i].effects);
		free(r->lazy[i].who);
	}
}

static bool write_lazy(struct broker *b, struct err *err)
{
	struct record *r = &b->record;
	for (size_t i = r->lazy_written; i < r->lazy_count; i++) {
		const struct finish *f = &r->lazy[i];
		bool ok = f->effects
			? history_effects_add(b->history, f->number, span_of(f->effects), err)
			: f->who ? history_who_add(b->history, f->number, span_of(f->who), err)
				 : history_finish(b->history, f->number, f->state,
					   span_of(f->outcome), f->size, f->took_us, f->at_us, err);
		if (!ok) {
			return false;
		}
	}
	return true;
}

static void acknowledge(struct broker *b)
{
	for (struct conn *c = b->conns; c; c = c->next) {
		if (c->role == ROLE_GATE && c->seq > c->kept) {
			struct buf line = { 0 };
			struct jsonw w = rpc_open(&line, (struct span){ 0 }, "kept");
			c->kept = c->seq;
			jw_kv_int(&w, "seq", (int64_t)c->seq);
			rpc_close(&w);
			conn_send(c, &line);
		}
	}
}

void record_flush(struct broker *b)
{
	struct record *r = &b->record;
	struct err err;
	if (!record_begin(b)) {
		return; /* kept in memory until the history can be written again */
	}
	if (write_lazy(b, &err)) {
		r->lazy_written = r->lazy_count;
		r->acknowledge = true;
	} else {
		record_failed(b, &err);
	}
}

static void lazy_committed(struct broker *b, bool kept)
{
	struct record *r = &b->record;
	if (kept && r->lazy_written) {
		free_lazy(r, r->lazy_written);
		r->lazy_count -= r->lazy_written;
		memmove(r->lazy, r->lazy + r->lazy_written, r->lazy_count * sizeof(*r->lazy));
	}
	if (kept && r->acknowledge) {
		acknowledge(b);
	}
	r->lazy_written = 0;
	r->acknowledge = false;
}

/* ---- speaking ---- */

static void say_reply(struct broker *b, struct answer *a, bool kept)
{
	struct conn *c = broker_conn(b, a->conn);
	if (c && kept) {
		conn_send(c, &a->line);
	} else if (c) {
		wire_error(c, span_of(a->rpc), WIRE_NOT_RECORDED, b->record.trouble);
	}
	buf_finish(&a->line);
}

static void say_answer(struct broker *b, const struct answer *a)
{
	struct conn *c = broker_conn(b, a->conn);
	struct item *item = a->verdict == VERDICT_HOLD ? item_find(b, span_of(a->call)) : NULL;
	if (item) {
		item->added = false;
	}
	if (!c) {
		return;
	}
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, span_of(a->rpc), "result");
	jw_kv_text(&w, "verdict", verdict_name(a->verdict));
	jw_kv_int(&w, "number", a->number);
	jw_kv_text(&w, "rule", a->rule);
	if (a->verdict != VERDICT_ALLOW) {
		jw_kv_text(&w, "reason", a->reason);
		jw_kv_text(&w, "because", a->because);
		jw_kv_bool(&w, "watched", feed_is_watched(b));
		denied_write(&a->before, &w);
		denied_write_instead(&a->instead, &w);
	}
	rpc_close(&w);
	conn_send(c, &line);
}

static void say_again(struct broker *b, const struct answer *a)
{
	struct conn *c = broker_conn(b, a->conn);
	struct item *item = item_find(b, span_of(a->call));
	if (!c) {
		return;
	}
	map_take(&c->flights, span_of(a->call));
	grant_settle_once(c, false);
	if (item && item->added) {
		item->number = 0; /* its row is gone with the transaction; the question is not */
		item->added = false;
		item_say(item, "%s", b->record.trouble);
	}
	if (item && a->verdict == VERDICT_HOLD) {
		struct answer held = *a;
		held.number = item->number;
		say_answer(b, &held);
		return;
	}
	wire_error(c, span_of(a->rpc), WIRE_NOT_RECORDED, b->record.trouble);
}

/* ---- durability ---- */

static void start_sync(struct broker *b);

static void on_sync_work(uv_work_t *work)
{
	struct broker *b = work->data;
	struct err err;
	if (!history_sync_file(b->paths->history, &err)) {
		log_line("%s", err.text);
	}
}

static void on_sync_done(uv_work_t *work, int status)
{
	struct broker *b = work->data;
	struct record *r = &b->record;
	(void)status;
	r->sync_running = false;
	for (size_t i = 0; i < r->syncing_count; i++) {
		struct item *item = item_find(b, span_of(r->syncing[i]));
		if (item && item->state == LIFE_APPROVED) {
			item_check(item);
		}
		free(r->syncing[i]);
	}
	r->syncing_count = 0;
	if (r->sync_next_count) {
		start_sync(b);
	}
}

static void start_sync(struct broker *b)
{
	struct record *r = &b->record;
	char **list = r->syncing;
	size_t cap = r->syncing_cap;
	if (r->sync_running) {
		return;
	}
	r->syncing = r->sync_next;
	r->syncing_count = r->sync_next_count;
	r->syncing_cap = r->sync_next_cap;
	r->sync_next = list;
	r->sync_next_count = 0;
	r->sync_next_cap = cap;
	r->sync_running = true;
	r->sync.data = b;
	uv_queue_work(b->loop, &r->sync, on_sync_work, on_sync_done);
}

static void make_durable(struct broker *b, const char *call)
{
	struct record *r = &b->record;
	r->sync_next = xgrow(
		r->sync_next, &r->sync_next_cap, r->sync_next_count + 1, sizeof(*r->sync_next));
	r->sync_next[r->sync_next_count++] = xstrdup(call);
	start_sync(b);
}

static void on_checkpoint_work(uv_work_t *work)
{
	struct broker *b = work->data;
	struct err err;
	if (!history_checkpoint_file(b->paths->history, &err)) {
		log_line("%s", err.text);
	}
	b->record.work_again = search_file_feed(b->paths->search, b->paths->history);
}

static void checkpoint_later(struct broker *b);

static void on_checkpoint_done(uv_work_t *work, int status)
{
	struct broker *b = work->data;
	(void)status;
	b->record.checkpoint_running = false;
	if (b->record.work_again && !b->stopping) {
		checkpoint_later(b);
	}
}

/* While there are commits, the log is moved into the database once a second, and once more when
 * they end. */
static void on_checkpoint_due(uv_timer_t *timer)
{
	struct broker *b = timer->data;
	if (!b->record.checkpoint_running) {
		b->record.checkpoint_running = true;
		b->record.checkpoint.data = b;
		uv_queue_work(
			b->loop, &b->record.checkpoint, on_checkpoint_work, on_checkpoint_done);
	}
	/* Calls are sealed with what belongs to them: not while some of it is kept back. */
	if (!b->record.lazy_count) {
		sealer_step(b->record.sealer, b->writer);
	}
}

static void checkpoint_later(struct broker *b)
{
	uv_timer_t *timer = &b->record.checkpoint_timer;
	if (!uv_is_active((uv_handle_t *)timer)) {
		uv_timer_start(timer, on_checkpoint_due, CHECKPOINT_MS, 0);
	}
}

static void seal_later(void *data)
{
	struct broker *b = data;
	if (!b->stopping) {
		checkpoint_later(b);
	}
}

/* ---- the end of the turn ---- */

static void follow(struct broker *b, const struct after *after)
{
	struct item *item = item_find(b, span_of(after->call));
	if (!item) {
		return;
	}
	item->added = false;
	if (after->effect == LIFE_CHECK || after->effect == LIFE_GRANT) {
		make_durable(b, after->call);
	}
	item_after(item, after->effect);
}

static void undo(struct broker *b, const struct after *after)
{
	struct item *item = item_find(b, span_of(after->call));
	if (item && item_needs_record(after->effect)) {
		item_undo(item, after->event, after->before);
	}
}

static bool commit(struct broker *b)
{
	struct record *r = &b->record;
	struct err err;
	if (r->open && !r->failed) {
		r->open = false;
		if (history_commit(b->history, &err)) {
			checkpoint_later(b);
			return true;
		}
		record_failed(b, &err);
	}
	if (r->open || r->failed) {
		history_rollback(b->history);
		r->open = false;
	}
	return !r->failed;
}

static void speak(struct broker *b, bool kept)
{
	struct record *r = &b->record;
	/* Speaking may lead to steps of other items: those wait for the turn's second half, below.
	 */
	struct answer *answers = r->answers;
	struct after *afters = r->afters;
	size_t answer_count = r->answer_count, after_count = r->after_count;
	r->answers = NULL;
	r->afters = NULL;
	r->answer_count = r->answer_cap = r->after_count = r->after_cap = 0;
	for (size_t i = 0; i < answer_count; i++) {
		if (kept && !answers[i].line.len && answers[i].verdict == VERDICT_ALLOW) {
			fault_at(FAULT_KEPT, LIFE_EV_ALLOW);
		}
		if (answers[i].line.len) {
			say_reply(b, &answers[i], kept);
		} else if (kept || !guard_on(GUARD_CLOSED)) {
			say_answer(b, &answers[i]);
		} else {
			say_again(b, &answers[i]);
		}
		buf_finish(&answers[i].instead);
	}
	for (size_t i = after_count; !kept && i-- > 0;) {
		undo(b, &afters[i]);
	}
	for (size_t i = 0; i < after_count; i++) {
		if (kept) {
			fault_at(FAULT_KEPT, afters[i].event);
		}
		if (kept || !item_needs_record(afters[i].effect)) {
			/* what leads away from execution happens in any case */
			follow(b, &afters[i]);
		}
		free(afters[i].call);
	}
	free(answers);
	free(afters);
}

/* What must never be: test builds alone come here. */
static void speak_first(struct broker *b)
{
	speak(b, !b->record.failed);
	for (struct conn *c = b->conns; c; c = c->next) {
		stream_flush(c->stream);
	}
}

/* A session whose row went with the transaction is none: it and what waits in it are recorded when
 * that is possible again. */
static void settle_sessions(struct broker *b, bool kept)
{
	for (struct conn *c = b->conns; c; c = c->next) {
		bool lost = c->session_new && !kept;
		for (struct item *item = b->first; lost && item; item = item->next) {
			if (item->conn == c && !item->number) {
				item->session = 0;
			}
		}
		c->session = lost ? 0 : c->session;
		c->session_new = false;
	}
}

void record_end_turn(struct broker *b)
{
	struct record *r = &b->record;
	for (int round = 0;
		round < 8 && (r->open || r->failed || r->answer_count || r->after_count); round++) {
		if (!guard_on(GUARD_RECORD)) {
			speak_first(b);
		}
		bool kept = commit(b);
		body_commit(b, kept);
		lazy_committed(b, kept);
		settle_sessions(b, kept);
		speak(b, kept);
		r->failed = false;
	}
	feed_flush(b);
}

/* ---- trouble ---- */

/* Soon, then once a second while there is trouble: what was not recorded is, and the loud word goes
 * away. What was held because of it stays held: a person looks at it. */
static void on_retry(uv_timer_t *timer)
{
	struct broker *b = timer->data;
	struct record *r = &b->record;
	struct err err;
	bool ok = history_begin(b->history, &err);
	for (struct conn *c = b->conns; ok && c; c = c->next) {
		ok = c->role != ROLE_GATE || c->session || gate_write_session(c, &err);
	}
	for (struct item *item = b->first; ok && item; item = item->next) {
		struct history_call row;
		item->session = item->session || !item->conn ? item->session : item->conn->session;
		if (item->kind == ITEM_CALL && !item->number && item->session) {
			item_row(item, &row);
			ok = history_add(b->history, &row, &err) || err.code == DIAG_BAD_MESSAGE;
			item->recording = ok ? row.number : 0;
		}
	}
	r->lazy_written = 0;
	ok = ok && write_lazy(b, &err) && history_commit(b->history, &err);
	for (struct item *item = b->first; item; item = item->next) {
		if (item->recording) {
			item->number = ok ? item->recording : 0;
			item->recording = 0;
			item_changed(item);
		}
	}
	if (!ok) {
		history_rollback(b->history);
		snprintf(r->trouble, sizeof(r->trouble), "history cannot be written: %.160s",
			err.text);
		return;
	}
	log_line("history can be written again");
	uv_timer_stop(timer);
	r->trouble[0] = '\0';
	free_lazy(r, r->lazy_count);
	r->lazy_count = 0;
	acknowledge(b);
	feed_trouble(b);
	checkpoint_later(b);
}

void record_init(struct broker *b)
{
	struct record *r = &b->record;
	int64_t last;
	struct err err;
	uv_timer_init(b->loop, &r->lazy_timer);
	uv_timer_init(b->loop, &r->retry_timer);
	uv_timer_init(b->loop, &r->checkpoint_timer);
	r->lazy_timer.data = r->retry_timer.data = r->checkpoint_timer.data = b;
	r->sealer = sealer_create(b->loop, b->paths, seal_later, b);
	if (history_last(b->history, &last, &err)) {
		sealer_begin(r->sealer, b->writer, last);
	}
	r->retention = retention_start(b->loop, b->paths, b->config, b->writer, r->sealer);
	/* What the broker before left behind enters the search index, and the chain. */
	checkpoint_later(b);
}

void record_close(struct broker *b)
{
	record_flush(b);
	record_end_turn(b);
}

/* Only once the loop has ended: a sync may still be on its way back from the thread pool. */
void record_free(struct broker *b)
{
	struct record *r = &b->record;
	retention_destroy(r->retention);
	sealer_destroy(r->sealer);
	for (size_t i = 0; i < r->sync_next_count; i++) {
		free(r->sync_next[i]);
	}
	free(r->sync_next);
	free(r->syncing);
	free(r->answers);
	free(r->afters);
	free_lazy(r, r->lazy_count);
	free(r->lazy);
}
