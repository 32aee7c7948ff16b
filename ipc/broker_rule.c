/*
 * Rules written from a call: what a rule would have allowed of the latest calls, and its line added
 * to the user's file. Both read files and so run on the thread pool, with rules of their own; the
 * answer comes when they are done.
 *
 * A line is only added if it is one that the broker itself offers for that call now, and if the
 * whole file with it parses and every example in it holds. It is taken out again only while it is
 * the last of the file.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_grant.h"

#include "core/rpc.h"
#include "ipc/log.h"
#include "ipc/own_file.h"
#include "ipc/recorded.h"
#include "ipc/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRY_CALLS = 500, RULE_FILE_MAX = 1 << 20 };

struct rule_work {
	uv_work_t work;
	struct broker *broker; /* not touched by the worker */
	const struct paths *paths;
	uint64_t conn;
	char *rpc, *rule, *by, *call;
	int64_t number;
	enum { RULE_TRY, RULE_SAVE, RULE_DROP } what;
	bool ok;
	struct err err;
	unsigned tried, allowed, denied;
};

/* ---- in the worker ---- */

struct trial {
	struct rule_work *work;
	struct history *history;
	const struct rules *now, *then;
	struct policy_files *files;
};

static enum verdict judge_by(
	const struct trial *t, struct recorded *recorded, const struct rules *rules)
{
	struct judgement judgement;
	recorded->call.rules = rules;
	recorded->call.self = (const char *const *)t->files->self;
	recorded->call.home = t->work->paths->home;
	policy_judge(&recorded->call, &judgement);
	return judgement.verdict;
}

static bool try_row(
	void *data, const struct history_call *row, const struct history_session *session)
{
	struct trial *t = data;
	struct recorded recorded;
	if (!recorded_read(&recorded, t->history, row, session)) {
		return true;
	}
	t->work->tried++;
	if (judge_by(t, &recorded, t->now) != VERDICT_ALLOW &&
		judge_by(t, &recorded, t->then) == VERDICT_ALLOW) {
		t->work->allowed++;
		t->work->denied += recorded_denied(row);
	}
	recorded_finish(&recorded);
	return true;
}

static void try_rule(struct rule_work *work, struct policy_files *files, const struct rules *user)
{
	static const unsigned char no_key[HISTORY_HASH];
	const struct rules *levels[] = { files->builtin, files->system, user };
	struct rules *then = rules_join(levels, COUNT_OF(levels), NULL, NULL);
	struct trial trial = { .work = work, .now = files->joined, .then = then, .files = files };
	struct err err;
	trial.history = history_open(work->paths->history, no_key, true, 0, NULL, &err);
	if (trial.history) {
		history_latest(trial.history, (struct span){ 0 }, INT64_MAX, TRY_CALLS, try_row,
			&trial, &err);
	}
	history_close(trial.history);
	rules_destroy(then);
}

/* The user's file with the line at its end. */
static bool add_line(struct rule_work *work, const char *path, struct buf *text)
{
	bool missing = false;
	char date[40] = "";
	time_t now = time(NULL);
	struct tm tm;
	if (!own_file_read(path, RULE_FILE_MAX, text, &missing, &work->err) && !missing) {
		return false;
	}
	if (missing) {
		buf_clear(text);
		buf_text(text, "version 1\n");
	}
	if (text->len && text->data[text->len - 1] != '\n') {
		buf_char(text, '\n');
	}
	if (gmtime_r(&now, &tm)) {
		strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	}
	buf_printf(text, "\n# from call #%lld, saved %s by %s\n%s", (long long)work->number, date,
		work->by, work->rule);
	if (text->data[text->len - 1] != '\n') {
		buf_char(text, '\n');
	}
	return true;
}

/* The user's file without its last block, if that is the rule and was written here. */
static bool cut_line(struct rule_work *work, const char *path, struct buf *text)
{
	static const char begins[] = "\n# from call #";
	bool missing = false;
	char *tail = xasprintf(
		"\n%s%s", work->rule, span_ends(span_of(work->rule), "\n") ? "" : "\n");
	size_t tail_len = strlen(tail), at = 0;
	bool ends = own_file_read(path, RULE_FILE_MAX, text, &missing, &work->err) &&
		span_ends(buf_view(text), tail);
	if (ends) {
		at = text->len - tail_len; /* the end of the comment's line */
		while (at > 0 && text->data[at - 1] != '\n') {
			at--;
		}
		at -= at > 0;
		struct span block = { text->data + at, text->len - at };
		ends = span_starts(block, begins);
	}
	if (ends) {
		text->len = at;
	} else if (!work->err.text[0]) {
		fail(&work->err, 0, "policy.rules has changed since: take the rule out by hand");
	}
	free(tail);
	return ends;
}

static void on_work(uv_work_t *request)
{
	struct rule_work *work = request->data;
	struct policy_files files;
	struct buf text = { 0 };
	policy_files_init(&files, work->paths);
	struct rules *user = NULL;
	bool drop = work->what == RULE_DROP;
	if (files.trouble) {
		fail(&work->err, 0, "mend the rules first: %s", files.trouble);
	} else if (drop ? cut_line(work, files.user_path, &text)
			: add_line(work, files.user_path, &text)) {
		user = rules_parse(files.user_path, LEVEL_USER, buf_view(&text), NULL, &work->err);
	}
	work->ok = user != NULL;
	if (user && work->what != RULE_TRY) {
		work->ok = own_file_write(files.user_path, buf_view(&text), &work->err);
	} else if (user) {
		try_rule(work, &files, user);
	}
	rules_destroy(user);
	buf_finish(&text);
	policy_files_finish(&files);
}

/* ---- on the loop ---- */

static void answer(struct rule_work *work)
{
	struct broker *b = work->broker;
	struct conn *c = broker_conn(b, work->conn);
	struct buf line = { 0 };
	if (!c) {
		return;
	}
	if (!work->ok) {
		wire_error(c, span_of(work->rpc), WIRE_NOT_UNDERSTOOD, work->err.text);
		return;
	}
	struct jsonw w = rpc_answer(&line, span_of(work->rpc), "result");
	jw_kv_text(&w, "rule", work->rule);
	jw_kv_bool(&w, "saved", work->what == RULE_SAVE);
	if (work->what == RULE_TRY) {
		jw_kv_int(&w, "tried", work->tried);
		jw_kv_int(&w, "allowed", work->allowed);
		jw_kv_int(&w, "denied", work->denied);
	}
	rpc_close(&w);
	conn_send(c, &line);
}

static void on_worked(uv_work_t *request, int status)
{
	struct rule_work *work = request->data;
	(void)status;
	if (!work->broker->stopping) {
		answer(work);
		if (work->ok && work->what != RULE_TRY) {
			if (work->what == RULE_SAVE) {
				log_line("policy: a rule was added after call %lld",
					(long long)work->number);
			} else {
				log_line("policy: the rule saved last was taken out again");
			}
			policy_refresh(work->broker);
		}
	}
	free(work->rpc);
	free(work->rule);
	free(work->by);
	free(work->call);
	free(work);
}

/* True: the line is one of those that are offered for this call as it is now. */
static bool is_offered(const struct item *item, const char *rule, struct err *err)
{
	char *steps[RULE_WIDTH_COUNT], why[160] = "";
	struct policy_call call = grant_call(item);
	size_t count = rule_steps(&call, steps, why);
	bool same = false;
	for (size_t i = 0; i < count; i++) {
		same = same || (rule && strcmp(rule, steps[i]) == 0);
		free(steps[i]);
	}
	if (!count) {
		return fail(err, 0, "%s", why);
	}
	return same || fail(err, 0, "this is not the rule that was offered for the call");
}

static void begin(struct conn *c, const struct message *m, int what, char *rule, int64_t number)
{
	struct rule_work *work = xcalloc(1, sizeof(*work));
	work->work.data = work;
	work->broker = c->broker;
	work->paths = c->broker->paths;
	work->conn = c->id;
	work->rpc = span_dup(m->id);
	work->by = xstrdup(c->seat);
	work->number = number;
	work->what = what;
	work->rule = rule;
	uv_queue_work(c->broker->loop, &work->work, on_work, on_worked);
}

void rule_drop_message(struct conn *c, const struct message *m)
{
	char *rule = m->params.at ? json_member_text(m->params, "rule") : NULL;
	if (rule && rule[0]) {
		begin(c, m, RULE_DROP, rule, 0);
	} else {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "which rule?");
		free(rule);
	}
}

void rule_message(struct conn *c, const struct message *m)
{
	char *call = m->params.at ? json_member_text(m->params, "call") : NULL;
	char *rule = m->params.at ? json_member_text(m->params, "rule") : NULL;
	struct item *item = call ? item_find(c->broker, span_of(call)) : NULL;
	struct err err = { 0 };
	if (!item || item->kind != ITEM_CALL || item->hidden) {
		wire_error(c, m->id, WIRE_NOT_WAITING, "the call does not wait any more");
	} else if (!is_offered(item, rule, &err)) {
		wire_error(c, m->id, WIRE_CHANGED, err.text);
	} else {
		bool save = strcmp(m->method_name, "save_rule") == 0;
		begin(c, m, save ? RULE_SAVE : RULE_TRY, rule, item->number);
		rule = NULL;
	}
	free(call);
	free(rule);
}
