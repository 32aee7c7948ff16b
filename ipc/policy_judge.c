/*
 * `bascule policy judge`: JSON lines in, one verdict a line out, at once, so that a program may ask
 * one by one. Also the running of labelled calls for `policy test --corpus`.
 */
#include <config.h>

#include "ipc/policy_cmd.h"

#include "core/diag.h"
#include "core/policy/instead.h"

#include <stdlib.h>
#include <string.h>

/* What an agent that is denied it is told that it may do. */
static void write_instead(const struct case_verdict *verdict, struct jsonw *w)
{
	struct instead instead = { 0 };
	if (verdict->call.effects) {
		policy_instead(&verdict->call, true, &instead);
	}
	jw_key(w, "instead");
	jw_open(w, '[');
	for (size_t i = 0; i < instead.count; i++) {
		jw_text(w, instead.words[i]);
	}
	jw_close(w, ']');
}

static void write_verdict(
	struct buf *out, const struct policy_case *c, const struct case_verdict *verdict)
{
	struct jsonw w = jw_start(out);
	jw_open(&w, '{');
	jw_kv_text(&w, "id", c->id);
	jw_kv_text(&w, "verdict", verdict_name(verdict->judgement.verdict));
	jw_kv_text(&w, "rule", verdict->judgement.rule);
	jw_kv_text(&w, "risk", risk_name(verdict->judgement.risk));
	jw_kv_text(&w, "reason", verdict->judgement.reason);
	jw_kv_text(&w, "profile", c->profile);
	write_instead(verdict, &w);
	jw_key(&w, "effects");
	effects_write(&verdict->effects, &w);
	jw_close(&w, '}');
	buf_char(out, '\n');
}

static void write_fault(struct buf *out, const struct err *err)
{
	struct jsonw w = jw_start(out);
	jw_open(&w, '{');
	jw_kv_text(&w, "id", NULL);
	jw_kv_text(&w, "verdict", verdict_name(VERDICT_HOLD));
	jw_kv_text(&w, "rule", "built-in:json");
	jw_kv_text(&w, "reason", err->text);
	jw_key(&w, "instead");
	jw_open(&w, '[');
	jw_close(&w, ']');
	jw_key(&w, "effects");
	jw_open(&w, '[');
	jw_close(&w, ']');
	jw_close(&w, '}');
	buf_char(out, '\n');
}

static bool judge_line(struct bench *bench, struct span text, struct buf *out)
{
	struct policy_case c;
	struct case_verdict verdict;
	struct err err = { 0 };
	bool ok = case_read(&c, bench, text, &err);
	if (ok) {
		case_judge(bench, &c, &verdict);
		write_verdict(out, &c, &verdict);
		case_verdict_finish(&verdict);
	} else {
		write_fault(out, &err);
	}
	case_finish(&c);
	return ok;
}

int policy_cmd_judge(int argc, char **argv)
{
	const char *root = NULL, *file = NULL;
	bool assume = false;
	const struct cmd_flag flags[] = { { "--root", &root, NULL },
		{ "--assume-facts", NULL, &assume }, { "", &file, NULL } };
	struct policy_places places;
	struct err err = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy judge", &err, CMD_USAGE);
	}
	FILE *in = policy_open_lines("policy judge", file);
	if (!in || !policy_places_open(&places, "policy judge", root)) {
		return CMD_FAILED;
	}
	places.bench.assume = assume;
	char *line = NULL;
	size_t cap = 0;
	struct span text;
	struct buf out = { 0 };
	bool good = true;
	while (policy_next_line(in, &line, &cap, &text)) {
		buf_clear(&out);
		good = judge_line(&places.bench, text, &out) && good;
		fwrite(out.data, 1, out.len, stdout);
		fflush(stdout);
	}
	free(line);
	buf_finish(&out);
	policy_places_close(&places);
	int code = cmd_written("policy judge");
	return code == CMD_OK && !good ? CMD_FAILED : code;
}
