/*
 * `bascule policy replay` over the history: every recorded call of which the effects were kept, by
 * the rules of now, and what that changes. Reads the database by itself; no broker is needed.
 *
 * The facts are those that were found when the call came: what lies on the disk now is not looked
 * at. That a task or a tool was accepted is one of them.
 */
#include <config.h>

#include "ipc/policy_replay.h"

#include "core/diag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* ---- since when ---- */

static bool parse_day(const char *text, int64_t *since_us)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *end = strptime(text, "%Y-%m-%d", &tm);
	time_t at = end && !*end ? mktime(&tm) : (time_t)-1;
	*since_us = (int64_t)at * 1000000;
	return at != (time_t)-1;
}

static bool parse_age(const char *text, int64_t *since_us)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 } };
	char *end;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno || end == text || n < 0 || n > 1000000) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (end[0] == units[i].letter && !end[1]) {
			int64_t since = (int64_t)time(NULL) - n * units[i].seconds;
			*since_us = (since > 0 ? since : 0) * 1000000;
			return true;
		}
	}
	return false;
}

bool replay_since(const char *text, int64_t *since_us, struct err *err)
{
	return parse_age(text, since_us) || parse_day(text, since_us) ||
		fail(err, DIAG_USAGE, "--since %.40s: expected like 2d, 12h, 30m or 2026-11-01",
			text);
}

/* ---- what has become of a verdict ---- */

struct reading {
	struct replay *replay;
	struct history *history;
};

/* `granted`: the rules held it, and a grant let it pass. */
static enum replay_change change_of(
	enum verdict then, bool granted, enum verdict now, const struct history_call *row)
{
	if (now == VERDICT_ALLOW) {
		return then == VERDICT_ALLOW && !granted ? CHANGE_NONE
			: recorded_denied(row)           ? CHANGE_REFUSED
							 : CHANGE_ALLOWED;
	}
	if (now == VERDICT_DENY) {
		return then == VERDICT_DENY ? CHANGE_NONE : CHANGE_DENIED;
	}
	return granted ? CHANGE_GRANTED : then == VERDICT_ALLOW ? CHANGE_HELD : CHANGE_ASKED;
}

static void keep(struct replay *r, enum replay_change which, const struct history_call *row,
	const struct history_session *session, const struct judgement *now)
{
	struct buf words = { 0 };
	buf_printf(&words, "%.*s %.*s", (int)session->server.len, session->server.at,
		(int)row->tool.len, row->tool.at);
	if (row->target.len) {
		buf_printf(&words, " %.*s", (int)row->target.len, row->target.at);
	}
	buf_printf(&words, "  [%s]", now->rule);
	if (recorded_denied(row)) {
		buf_printf(&words, "  denied by %.*s", SPAN_FMT(row->decider));
		if (row->decision_reason.len) {
			buf_printf(&words, ": %.*s", SPAN_FMT(row->decision_reason));
		}
	} else if (now->verdict != VERDICT_ALLOW) {
		buf_printf(&words, "  %s", now->reason);
	}
	r->changed[which] = xgrow(r->changed[which], &r->changed_cap[which],
		r->changed_kept[which] + 1, sizeof(**r->changed));
	r->changed[which][r->changed_kept[which]++] = (struct replay_changed){ row->number,
		xstrdup(buf_cstr(&words)) };
	buf_finish(&words);
}

/* Newly allowed are those that a person denied, too: the count says how many in all. */
static void compare(struct replay *r, const struct history_call *row,
	const struct history_session *session, const struct judgement *now)
{
	enum verdict then;
	bool granted = row->rule.at &&
		(span_starts(row->rule, "grant:") || span_starts(row->rule, "hook:"));
	if (!row->verdict.at || !verdict_parse(row->verdict, &then)) {
		return;
	}
	/* What its own rule allowed was held for another reason: a server that nobody had accepted
	 * yet, a history that could not be written. */
	if (then == VERDICT_HOLD && now->verdict == VERDICT_ALLOW && row->rule.at &&
		span_is(row->rule, now->rule)) {
		return;
	}
	enum replay_change which = change_of(then, granted, now->verdict, row);
	if (which == CHANGE_NONE) {
		return;
	}
	r->changes[which]++;
	r->changes[CHANGE_ALLOWED] += which == CHANGE_REFUSED;
	if (r->list || which == CHANGE_REFUSED) {
		keep(r, which, row, session, now);
	}
}

static bool judge_row(
	void *data, const struct history_call *row, const struct history_session *session)
{
	struct reading *reading = data;
	struct replay *r = reading->replay;
	struct recorded recorded;
	struct judgement now;
	if (!recorded_read(&recorded, reading->history, row, session)) {
		r->not_kept++;
		return true;
	}
	policy_recorded(&r->places, &recorded);
	policy_judge(&recorded.call, &now);
	compare(r, row, session, &now);
	char *who = xasprintf("%.*s:%lld:%lld", SPAN_FMT(session->boot),
		(long long)session->agent_pid, (long long)session->agent_start);
	char *agent = session->agent_pid ? who : span_dup(session->instance);
	/* A grant is of one session in one scope. */
	char *owner = r->kind == GRANTS_PROJECT
		? xstrdup(recorded.scope[0] ? recorded.scope[0] : "")
		: xasprintf("%s %.*s", agent, SPAN_FMT(session->scope_json));
	replay_take(r,
		&(struct replay_call){ .session = agent,
			.owner = owner,
			.tool = row->tool,
			.call = &recorded.call,
			.judgement = &now,
			.refused = recorded_denied(row) });
	if (agent != who) {
		free(agent);
	}
	free(who);
	free(owner);
	recorded_finish(&recorded);
	return true;
}

bool replay_history(struct replay *r, int64_t since_us, struct err *err)
{
	static const unsigned char no_key[HISTORY_HASH]; /* a reader compares no hashes */
	const char *path = r->places.paths.history;
	struct stat st;
	struct reading reading = { .replay = r };
	if (lstat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
		return fail(err, DIAG_USAGE, "no call was recorded yet");
	}
	reading.history = history_open(path, no_key, true, 0, NULL, err);
	bool ok = reading.history &&
		history_since(reading.history, since_us, judge_row, &reading, err);
	history_close(reading.history);
	if (!ok && !err->text[0]) {
		fail(err, DIAG_USAGE, "no call was recorded yet");
	}
	return ok;
}
