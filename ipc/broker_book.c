/*
 * The rules in force, how often each has decided, and since when its line says what it says: a line
 * of a file may be another rule tomorrow, and calls that the old one decided are not the new one's.
 *
 * The list is written on the loop; calls are counted on the thread pool, over the latest of them
 * only, through a connection of its own. Called by broker_console.c; told by broker_policy.c.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_grant.h"

#include "core/rpc.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

enum {
	LOOKED_MOST = 50000, /* calls that are counted: about 60 ms */
	LATEST_CALLS = 3, /* that are named with a rule */
	RULES_COUNTED = 5000, /* different ones */
	TARGET_MOST = 200, /* bytes of a call's target */
	BROKEN_MOST = 10,
};

static const char kind_rule[] = "rule";

/* ---- since when ---- */

/* "MICROSECONDS WORDS" */
static int64_t since_of(const struct broker *b, const char *rule)
{
	const char *kept = map_get(&b->policy.born, span_of(rule));
	return kept ? strtoll(kept, NULL, 10) : 0;
}

static void keep(struct map *map, struct span rule, struct span value)
{
	free(map_take(map, rule));
	map_put(map, rule, span_dup(value));
}

static void recall(void *data, struct span key, struct span value)
{
	keep(data, key, value);
}

struct seeing {
	struct broker *b;
	int64_t written_us; /* of the file: the time of a rule that was never seen before */
};

static void see(void *data, const char *rule, const char *text)
{
	struct seeing *seeing = data;
	struct broker *b = seeing->b;
	const char *kept = map_get(&b->policy.born, span_of(rule));
	const char *words = kept ? strchr(kept, ' ') : NULL;
	struct err err;
	if (words && strcmp(words + 1, text) == 0) {
		return;
	}
	int64_t now = clock_wall_ms() * 1000;
	char *value = xasprintf("%lld %s", (long long)(kept ? now : seeing->written_us), text);
	keep(&b->policy.born, span_of(rule), span_of(value));
	if (record_begin(b) &&
		!history_remember(b->history, kind_rule, span_of(rule), span_of(value),
			(struct span){ 0 }, now, &err)) {
		record_failed(b, &err);
	}
	free(value);
}

void book_see(struct broker *b)
{
	const struct policy_files *files = &b->policy.files;
	const struct rules *const levels[] = { files->builtin, files->system, files->user };
	const int64_t written_ns[] = { 0, files->stamps[0].mtime_ns, files->stamps[1].mtime_ns };
	for (size_t i = 0; i < COUNT_OF(levels); i++) {
		struct seeing seeing = { b, written_ns[i] / 1000 };
		if (levels[i]) {
			rules_each(levels[i], see, &seeing);
		}
	}
}

bool book_recall(struct broker *b, struct err *err)
{
	return history_remembered(b->history, kind_rule, recall, &b->policy.born, err);
}

/* ---- one question ---- */

struct count {
	int64_t since_us, count, last_us;
	int64_t latest[LATEST_CALLS]; /* numbers, newest last */
};

struct book_work {
	uv_work_t work;
	struct broker *broker; /* not touched by the worker */
	const char *path; /* of the history; outlives it */
	uint64_t conn;
	char *rpc;
	struct map counts; /* rule -> struct count */
	int64_t looked, from_us;
	struct buf list; /* members of the result, made on the loop */
	struct buf hits; /* and by the worker */
	bool ok;
	struct err err;
};

static struct count *count_of(struct book_work *work, struct span rule)
{
	struct count *count = map_get(&work->counts, rule);
	if (!count && work->counts.count < RULES_COUNTED) {
		count = xcalloc(1, sizeof(*count));
		map_put(&work->counts, rule, count);
	}
	return count;
}

/* ---- in the worker ---- */

static void decided(void *data, const struct history_decided *row)
{
	struct book_work *work = data;
	struct count *count = row->rule.at && row->rule.len ? count_of(work, row->rule) : NULL;
	work->from_us = work->looked++ ? work->from_us : row->arrived_us;
	if (!count || row->arrived_us < count->since_us) {
		return;
	}
	count->count++;
	count->last_us = row->arrived_us;
	memmove(count->latest, count->latest + 1, sizeof(count->latest) - sizeof(int64_t));
	count->latest[LATEST_CALLS - 1] = row->number;
}

static bool call_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct jsonw *w = data;
	struct span target = call->target;
	target.len = target.len < TARGET_MOST ? target.len : TARGET_MOST;
	jw_open(w, '{');
	jw_kv_int(w, "number", call->number);
	jw_kv_int(w, "at", call->arrived_us / 1000);
	jw_kv_text(w, "state", life_state_name(call->state));
	jw_kv_span(w, "tool", call->tool);
	jw_kv_span(w, "target", target);
	jw_kv_span(w, "server", session->server);
	jw_close(w, '}');
	return false;
}

struct writing {
	struct history *history;
	struct jsonw *w;
};

static void write_count(void *data, struct span rule, void *value)
{
	struct writing *writing = data;
	struct jsonw *w = writing->w;
	const struct count *count = value;
	struct err err;
	if (!count->count) {
		return;
	}
	jw_open(w, '{');
	jw_kv_span(w, "rule", rule);
	jw_kv_int(w, "count", count->count);
	jw_kv_int(w, "last", count->last_us / 1000);
	jw_key(w, "calls");
	jw_open(w, '[');
	for (size_t i = LATEST_CALLS; i-- > 0;) {
		if (count->latest[i]) {
			history_numbered(writing->history, count->latest[i], call_row, w, &err);
		}
	}
	jw_close(w, ']');
	jw_close(w, '}');
}

static void on_work(uv_work_t *request)
{
	static const unsigned char no_key[HISTORY_HASH]; /* a reader compares no hashes */
	struct book_work *work = request->data;
	struct jsonw w = jw_start(&work->hits);
	struct history *history = history_open(work->path, no_key, true, 0, NULL, &work->err);
	work->ok = history && history_decided(history, LOOKED_MOST, decided, work, &work->err);
	jw_open(&w, '[');
	if (work->ok) {
		map_each(&work->counts, write_count, &(struct writing){ history, &w });
	}
	jw_close(&w, ']');
	history_close(history);
}

/* ---- on the loop ---- */

static void free_count(void *data, struct span key, void *value)
{
	(void)data;
	(void)key;
	free(value);
}

/* Without a history there are no counts; the rules are said all the same. */
static void on_done(uv_work_t *request, int status)
{
	struct book_work *work = request->data;
	struct conn *c = broker_conn(work->broker, work->conn);
	struct buf line = { 0 };
	(void)status;
	if (c) {
		struct jsonw w = rpc_answer(&line, span_of(work->rpc), "result");
		jw_kv_raw(&w, "rules", buf_view(&work->list));
		jw_kv_raw(&w, "hits", buf_view(&work->hits));
		jw_kv_int(&w, "looked", work->looked);
		jw_kv_int(&w, "from", work->from_us / 1000);
		jw_kv_text(&w, "no_hits", work->ok ? NULL : work->err.text);
		grant_list(work->broker, &w);
		book_broken(work->broker, &w);
		rpc_close(&w);
		conn_send(c, &line);
	}
	map_each(&work->counts, free_count, NULL);
	map_finish(&work->counts);
	buf_finish(&work->list);
	buf_finish(&work->hits);
	free(work->rpc);
	free(work);
}

struct listing {
	struct book_work *work;
	const struct conn *project; /* whose project's rules these are; NULL: a file's */
};

static void write_more(void *data, const char *rule, struct jsonw *w)
{
	struct listing *listing = data;
	struct broker *b = listing->work->broker;
	int64_t since = listing->project ? listing->project->project_since_ms * 1000
					 : since_of(b, rule);
	struct count *count = count_of(listing->work, span_of(rule));
	if (count) {
		count->since_us = since;
	}
	jw_kv_int(w, "since", since / 1000);
}

/* Another gate of the same project has been listed. */
static bool is_listed(const struct conn *c)
{
	for (const struct conn *before = c->broker->conns; before != c; before = before->next) {
		if (before->project && strcmp(before->project_scope, c->project_scope) == 0) {
			return true;
		}
	}
	return false;
}

static void write_rules(struct book_work *work)
{
	struct broker *b = work->broker;
	const struct policy_files *files = &b->policy.files;
	struct jsonw w = jw_start(&work->list);
	struct listing listing = { .work = work };
	jw_open(&w, '[');
	if (files->user) {
		rules_write(files->user, &w, write_more, &listing);
	}
	if (files->system) {
		rules_write(files->system, &w, write_more, &listing);
	}
	for (struct conn *c = b->conns; c; c = c->next) {
		if (c->project && !is_listed(c)) {
			listing.project = c;
			rules_write(c->project, &w, write_more, &listing);
		}
	}
	listing.project = NULL;
	rules_write(files->builtin, &w, write_more, &listing);
	jw_close(&w, ']');
}

void book_broken(const struct broker *b, struct jsonw *w)
{
	size_t count = 0;
	jw_key(w, "broken");
	jw_open(w, '[');
	if (b->policy.files.trouble) {
		jw_text(w, b->policy.files.trouble);
	}
	for (const struct conn *c = b->conns; c && count < BROKEN_MOST; c = c->next) {
		if (c->project_trouble) {
			jw_text(w, c->project_trouble);
			count++;
		}
	}
	jw_close(w, ']');
}

void book_message(struct conn *c, const struct message *m)
{
	struct book_work *work = xcalloc(1, sizeof(*work));
	*work = (struct book_work){ .broker = c->broker,
		.path = c->broker->paths->history,
		.conn = c->id,
		.rpc = span_dup(m->id) };
	work->work.data = work;
	write_rules(work);
	uv_queue_work(c->broker->loop, &work->work, on_work, on_done);
}
