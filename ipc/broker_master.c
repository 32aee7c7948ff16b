/*
 * The master switch: by policy, hold everything, deny everything. It is the broker's and outlives
 * it; every console shows it. It can only tighten: what was held because of it goes on waiting when
 * it is switched back, marked as what the rules would let pass, and a person releases it.
 *
 * Holding and denying begin at once, recorded or not; back to the policy goes only what can be
 * recorded. Denying is for what comes from now on: what waits already is the person's to decide.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_event.h"

#include "core/rpc.h"
#include "ipc/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kind_master[] = "master";

static const struct {
	const char *name, *rule, *reason;
} modes[MASTER_COUNT] = {
	[MASTER_POLICY] = { "policy", "", "" },
	[MASTER_HOLD] = { "hold", "built-in:hold-all", "everything is held for now" },
	[MASTER_DENY] = { "deny", "built-in:deny-all",
		"the user has stopped all calls for now; wait until they tell you to go on" },
};

static bool parse(const char *name, enum master_mode *mode)
{
	for (int i = 0; name && i < MASTER_COUNT; i++) {
		if (strcmp(name, modes[i].name) == 0) {
			*mode = (enum master_mode)i;
			return true;
		}
	}
	return false;
}

void master_write(const struct broker *b, struct jsonw *w)
{
	jw_key(w, "master");
	jw_open(w, '{');
	jw_kv_text(w, "mode", modes[b->master.mode].name);
	jw_kv_text(w, "by", b->master.by[0] ? b->master.by : NULL);
	jw_kv_int(w, "since", b->master.since_ms);
	jw_close(w, '}');
}

bool master_tightens(const struct broker *b, struct judgement *judgement)
{
	enum master_mode mode = b->master.mode;
	bool tightens = mode == MASTER_DENY ? judgement->verdict != VERDICT_DENY
		: mode == MASTER_HOLD       ? judgement->verdict == VERDICT_ALLOW
					    : false;
	if (tightens) {
		judgement->verdict = mode == MASTER_DENY ? VERDICT_DENY : VERDICT_HOLD;
		judgement->rule = modes[mode].rule;
		snprintf(judgement->reason, sizeof(judgement->reason), "%s", modes[mode].reason);
	}
	return tightens;
}

/* ---- kept ---- */

static void recall(void *data, struct span key, struct span value)
{
	struct broker *b = data;
	char *text = span_dup(value), *rest = text;
	char *name = strsep(&rest, "\n"), *by = strsep(&rest, "\n"), *since = strsep(&rest, "\n");
	(void)key;
	if (!parse(name, &b->master.mode)) {
		b->master.mode = MASTER_HOLD; /* another version's word: towards care */
	}
	snprintf(b->master.by, sizeof(b->master.by), "%s", by ? by : "");
	b->master.since_ms = since ? strtoll(since, NULL, 10) : 0;
	free(text);
}

bool master_start(struct broker *b, struct err *err)
{
	return history_remembered(b->history, kind_master, recall, b, err);
}

static bool keep(struct broker *b, const struct master *master, struct err *err)
{
	char value[128];
	int n = snprintf(value, sizeof(value), "%s\n%s\n%lld", modes[master->mode].name, master->by,
		(long long)master->since_ms);
	if (!record_begin(b)) {
		return fail(err, WIRE_NOT_RECORDED, "%s", b->record.trouble);
	}
	if (!history_remember(b->history, kind_master, SPAN("mode"),
		    (struct span){ value, (size_t)n }, span_of(master->by), master->since_ms * 1000,
		    err)) {
		record_failed(b, err);
		return false;
	}
	return true;
}

/* ---- switched ---- */

void master_message(struct conn *c, const struct message *m)
{
	struct broker *b = c->broker;
	struct master next = { .since_ms = clock_wall_ms() };
	struct buf line = { 0 };
	struct err err = { 0 };
	char *name = json_member_text(m->params, "mode");
	snprintf(next.by, sizeof(next.by), "%s", c->seat);
	if (!parse(name, &next.mode)) {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD,
			"the master switch knows policy, hold and deny");
	} else if (!keep(b, &next, &err) && next.mode < b->master.mode) {
		wire_error(c, m->id, WIRE_NOT_RECORDED, err.text);
	} else {
		bool loosens = next.mode < b->master.mode;
		b->master = next;
		if (loosens) {
			policy_judge_queue(b);
		}
		struct jsonw w = rpc_answer(&line, m->id, "result");
		master_write(b, &w);
		rpc_close(&w);
		loosens ? record_reply(c, m->id, &line) : conn_send(c, &line);
		event_master(b);
		feed_master(b);
	}
	free(name);
}
