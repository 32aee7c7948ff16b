/*
 * `bascule policy explain`: why a call is allowed, held or denied, effect by effect, with the rule
 * that decided, the facts it rests on, and the allow rule that came closest and what it lacked.
 *
 * A call is a line of JSON on stdin, or a number of the history, whose effects and facts are those
 * that were recorded; the rules are those of now.
 */
#include <config.h>

#include "ipc/policy_cmd.h"

#include "core/diag.h"
#include "core/policy/grant.h"
#include "core/policy/instead.h"
#include "core/policy/rule.h"
#include "core/safe_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* One line, its foreign parts made harmless as a whole. */
static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	struct buf text = { 0 };
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	buf_room(&text, (size_t)n + 1);
	vsnprintf(text.data, (size_t)n + 1, format, again);
	va_end(again);
	text.len = (size_t)n;
	struct safe_text safe = safe_make(buf_view(&text), SAFE_ONE_LINE);
	printf("%s\n", safe_cstr(&safe));
	safe_finish(&safe);
	buf_finish(&text);
}

static void append(struct buf *out, const char *words)
{
	buf_text(out, out->len ? ", " : "");
	buf_text(out, words);
}

/* What the machine said about it, in words. */
static void say_facts(const struct effect *e)
{
	struct buf out = { 0 };
	const struct fact *fact = &e->fact;
	if (effect_has_path(e->kind) || e->kind == EFFECT_TASK) {
		append(&out, fact->path ? fact->path : "nothing could be found out");
	}
	if (effect_has_path(e->kind) && fact->path) {
		append(&out, fact->inside ? "inside the scope" : "outside the scope");
		append(&out, fact_state_name(fact->state));
		if (fact->links > 1) {
			append(&out, "has other names (hard links)");
		}
	}
	if (effect_has_repo(e->kind)) {
		append(&out,
			!fact->text           ? "the branch is not known"
				: *fact->text ? fact->text
					      : "detached, or the branch cannot be read");
	}
	for (unsigned i = 0; fact_mark_name(i); i++) {
		if (fact->marks & (1u << i)) {
			append(&out, fact_mark_name(i));
		}
	}
	if (e->late) {
		append(&out, "may be changed by an earlier part of the same line");
	}
	if (out.len) {
		say("      facts: %s", buf_cstr(&out));
	}
	buf_finish(&out);
}

/* A rule's text is ours or the user's; the built-in ones have no file to look into. */
static void say_effect(const struct policy_call *call, const struct effect *e, size_t number)
{
	struct effect_judgement j;
	char words[300];
	policy_judge_effect(call, e, &j);
	effect_say(e, words, sizeof(words));
	say("  %2zu  %-5s %s   [%s]", number, verdict_name(j.verdict), words, j.rule);
	say_facts(e);
	if (j.verdict != VERDICT_ALLOW && j.near) {
		say("      closest: %s  (%s)", j.near->text, j.near->id);
		say("      it does not apply: %s", j.why);
	}
}

static void say_way_out(const struct policy_call *call)
{
	struct buf rule = { 0 };
	char why[160] = "";
	if (rule_write(call, RULE_USUAL, span_of(""), &rule, why)) {
		char *line = buf_cstr(&rule);
		printf("\nA rule that would allow it, for policy.rules:\n");
		while (*line) {
			size_t n = strcspn(line, "\n");
			say("  %.*s", (int)n, line);
			line += n + (line[n] == '\n');
		}
	} else {
		printf("\n");
		say("No rule is offered: %s", why);
	}
	buf_finish(&rule);
}

/* The words of a refusal. */
static void say_instead(const struct policy_call *call)
{
	struct instead instead;
	policy_instead(call, true, &instead);
	for (size_t i = 0; i < instead.count; i++) {
		say("%s%s", i ? "or: " : "If it is denied, the agent is told what passes: ",
			instead.words[i]);
	}
}

static void explain(const struct policy_call *call, const struct judgement *j)
{
	say("%.*s %.*s   (profile: %.*s)", SPAN_FMT(call->server), SPAN_FMT(call->tool),
		SPAN_FMT(call->profile.len ? call->profile : SPAN("none")));
	say("%s, %s risk, by %s", verdict_name(j->verdict), risk_name(j->risk), j->rule);
	say("%s", j->reason);
	printf("\n");
	for (size_t i = 0; i < call->effects->count; i++) {
		say_effect(call, &call->effects->list[i], i + 1);
	}
	if (j->verdict == VERDICT_HOLD) {
		say_way_out(call);
	}
	say_instead(call);
}

static int explain_input(struct bench *bench, FILE *in)
{
	struct policy_case c;
	struct case_verdict verdict;
	struct err err = { 0 };
	struct buf text = { 0 };
	size_t n;
	do {
		buf_room(&text, 65536);
		n = fread(text.data + text.len, 1, 65536, in);
		text.len += n;
	} while (n && text.len < 64u << 20);
	if (!case_read(&c, bench, buf_view(&text), &err)) {
		case_finish(&c);
		buf_finish(&text);
		return cmd_fail("policy explain", &err, CMD_FAILED);
	}
	case_judge(bench, &c, &verdict);
	if (c.refused) {
		say("deny, by %s", verdict.judgement.rule);
		say("%s", verdict.judgement.reason);
	} else {
		explain(&verdict.call, &verdict.judgement);
	}
	case_verdict_finish(&verdict);
	case_finish(&c);
	buf_finish(&text);
	return cmd_written("policy explain");
}

/* ---- a call of the history ---- */

struct wanted {
	struct policy_places *places;
	struct history *history;
	bool found, kept;
};

static bool explain_row(
	void *data, const struct history_call *row, const struct history_session *session)
{
	struct wanted *wanted = data;
	struct recorded recorded;
	struct judgement judgement;
	wanted->found = true;
	wanted->kept = recorded_read(&recorded, wanted->history, row, session);
	say("#%lld was: %.*s, by %.*s", (long long)row->number, SPAN_FMT(row->verdict),
		SPAN_FMT(row->rule));
	if (row->decision.at) {
		say("decided: %.*s by %.*s", SPAN_FMT(row->decision), SPAN_FMT(row->decider));
	}
	if (wanted->kept) {
		policy_recorded(wanted->places, &recorded);
		policy_judge(&recorded.call, &judgement);
		printf("\nby the rules of now:\n");
		explain(&recorded.call, &judgement);
		recorded_finish(&recorded);
	}
	return false;
}

static int explain_number(struct policy_places *places, int64_t number)
{
	static const unsigned char no_key[HISTORY_HASH];
	struct err err = { 0 };
	struct wanted r = { .places = places };
	r.history = history_open(places->paths.history, no_key, true, 0, NULL, &err);
	bool ok = r.history && history_numbered(r.history, number, explain_row, &r, &err);
	history_close(r.history);
	if (ok && !r.found) {
		ok = fail(&err, DIAG_USAGE, "there is no call #%lld in the history",
			(long long)number);
	} else if (ok && !r.kept) {
		ok = fail(&err, DIAG_USAGE, "what call #%lld would have done was not kept",
			(long long)number);
	} else if (!ok && !err.text[0]) {
		fail(&err, DIAG_USAGE, "no call was recorded yet");
	}
	return ok ? cmd_written("policy explain") : cmd_fail("policy explain", &err, CMD_FAILED);
}

int policy_cmd_explain(int argc, char **argv)
{
	const char *root = NULL, *word = NULL;
	bool assume = false;
	const struct cmd_flag flags[] = { { "--root", &root, NULL },
		{ "--assume-facts", NULL, &assume }, { "", &word, NULL } };
	struct policy_places places;
	struct err err = { 0 };
	char *end = NULL;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy explain", &err, CMD_USAGE);
	}
	errno = 0;
	long long number = word ? strtoll(word + (word[0] == '#'), &end, 10) : 0;
	if (word && (errno || *end || number < 1)) {
		fail(&err, DIAG_USAGE,
			"%.100s: expected a number of the history, or nothing and a "
			"call as JSON on stdin",
			word);
		return cmd_fail("policy explain", &err, CMD_USAGE);
	}
	if (!policy_places_open(&places, "policy explain", root)) {
		return CMD_FAILED;
	}
	places.bench.assume = assume;
	int code = word ? explain_number(&places, number) : explain_input(&places.bench, stdin);
	policy_places_close(&places);
	return code;
}
