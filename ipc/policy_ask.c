/*
 * A call judged before it is made, by what `policy explain` judges by: the rules and profiles of
 * now, read anew each time, facts of this machine, the project's rules and the master switch.
 *
 * Promises: what cannot be known here is held (rules that cannot be read, a history that cannot be
 * opened, unknown tools); what lies outside the scope is not described, so that an agent learns
 * nothing there that it could not see itself. Grants and accepted tasks are the broker's: a call
 * may pass that is said to wait, and where a definition changed, wait that was said to pass.
 */
#include "config.h"

#include "ipc/policy_ask.h"

#include "core/history.h"
#include "core/policy/instead.h"
#include "core/safe_text.h"
#include "ipc/facts.h"
#include "ipc/policy_case.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char note[] =
	"Asked beforehand, by the rules alone. The call itself is judged anew and may still wait.";
static const char outside[] = "it reaches outside the scope, or what cannot be looked up";

struct finding {
	enum verdict verdict;
	const char *rule;
	char reason[240];
	struct instead instead;
};

/* ---- the answer ---- */

static void kv_clean(struct jsonw *w, const char *name, const char *text)
{
	struct safe_text safe = safe_make(span_of(text), SAFE_ONE_LINE);
	jw_kv_text(w, name, safe_cstr(&safe));
	safe_finish(&safe);
}

static void write_finding(const struct finding *finding, struct buf *answer)
{
	struct jsonw w = jw_start(answer);
	jw_open(&w, '{');
	jw_kv_text(&w, "verdict", verdict_name(finding->verdict));
	kv_clean(&w, "rule", finding->rule);
	kv_clean(&w, "reason", finding->reason);
	jw_key(&w, "instead");
	jw_open(&w, '[');
	for (size_t i = 0; i < finding->instead.count; i++) {
		jw_text(&w, finding->instead.words[i]);
	}
	jw_close(&w, ']');
	jw_kv_text(&w, "note", note);
	jw_close(&w, '}');
}

static void tighten(
	struct finding *finding, enum verdict verdict, const char *rule, const char *reason)
{
	if (finding->verdict < verdict) {
		finding->verdict = verdict;
		finding->rule = rule;
		snprintf(finding->reason, sizeof(finding->reason), "%s", reason);
	}
	finding->instead.count = 0;
}

void policy_ask_unknown(const char *why, struct buf *answer)
{
	struct finding finding = { .verdict = VERDICT_HOLD, .rule = "built-in:unknown" };
	snprintf(finding.reason, sizeof(finding.reason), "%.200s", why);
	write_finding(&finding, answer);
}

/* ---- the master switch, as a broker left it ---- */

static void on_mode(void *data, struct span key, struct span value)
{
	struct finding *finding = data;
	(void)key;
	if (span_starts(value, "deny\n")) {
		tighten(finding, VERDICT_DENY, "built-in:deny-all",
			"the user has stopped all calls for now");
	} else if (!span_starts(value, "policy\n")) {
		tighten(finding, VERDICT_HOLD, "built-in:hold-all", "everything is held for now");
	}
}

static void ask_switch(const struct paths *paths, struct finding *finding)
{
	static const unsigned char no_key[HISTORY_HASH];
	struct err err;
	struct stat st;
	if (stat(paths->history, &st) != 0 && errno == ENOENT) {
		return; /* nothing was ever recorded */
	}
	struct history *history = history_open(paths->history, no_key, true, 0, NULL, &err);
	if (!history || !history_remembered(history, "master", on_mode, finding, &err)) {
		tighten(finding, VERDICT_HOLD, "built-in:history",
			"whether everything is held cannot be read");
	}
	history_close(history);
}

/* ---- the call ---- */

/* The scope's directories, as a gate that is started here would have them. */
static bool write_scope(
	const struct policy_asker *asker, const char *home, struct jsonw *w, struct err *err)
{
	struct facts facts;
	if (!facts_init(&facts, asker->scope, asker->scope_count, home, err)) {
		return false;
	}
	jw_key(w, "scope");
	jw_open(w, '[');
	for (size_t i = 0; i < facts.count; i++) {
		jw_text(w, facts.dirs[i].path);
	}
	jw_close(w, ']');
	jw_kv_text(w, "cwd", facts.cwd);
	facts_finish(&facts);
	return true;
}

static bool write_case(const struct policy_asker *asker, const char *home, struct span question,
	struct buf *text, struct err *err)
{
	struct span tool = { 0 }, arguments = { 0 }, server = { 0 };
	const struct json_want wants[] = { JSON_WANT("tool", &tool),
		JSON_WANT("arguments", &arguments), JSON_WANT("server", &server) };
	if (question.at && json_type(question) == JSON_OBJECT) {
		json_pick(question, wants, COUNT_OF(wants));
	}
	bool named = server.at && json_type(server) == JSON_STRING;
	if (!tool.at || json_type(tool) != JSON_STRING ||
		(arguments.at && json_type(arguments) != JSON_OBJECT) || (server.at && !named)) {
		return fail(err, 0, "expected {\"tool\", \"arguments\", \"server\"}");
	}
	if (!named && !asker->profile[0]) {
		return fail(err, 0, "say of which MCP server the tool is, as \"server\"");
	}
	struct jsonw w = jw_start(text);
	jw_open(&w, '{');
	jw_kv_text(&w, "id", "");
	if (named) {
		jw_kv_raw(&w, "server", server);
	} else {
		jw_kv_text(&w, "server", asker->server);
		jw_kv_text(&w, "profile", asker->profile);
	}
	jw_kv_raw(&w, "tool", tool);
	jw_kv_raw(&w, "arguments", arguments.at ? arguments : SPAN("{}"));
	jw_key(&w, "context");
	jw_open(&w, '{');
	bool good = write_scope(asker, home, &w, err);
	jw_close(&w, '}');
	jw_close(&w, '}');
	return good;
}

static bool stays_inside(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		if (effect_has_path(e->kind) && !e->fact.inside) {
			return false;
		}
	}
	return true;
}

static void find(const struct case_verdict *verdict, struct finding *finding)
{
	const struct judgement *j = &verdict->judgement;
	finding->verdict = j->verdict;
	finding->rule = j->rule;
	snprintf(finding->reason, sizeof(finding->reason), "%s",
		stays_inside(&verdict->effects) ? j->reason : outside);
	if (j->verdict != VERDICT_ALLOW && verdict->call.effects) {
		policy_instead(&verdict->call, false, &finding->instead);
	}
}

static enum verdict judge(
	const struct paths *paths, struct bench *bench, struct span text, struct buf *answer)
{
	struct policy_case c;
	struct case_verdict verdict;
	struct finding finding = { .verdict = VERDICT_HOLD };
	struct err err = { 0 };
	if (!case_read(&c, bench, text, &err)) {
		case_finish(&c);
		policy_ask_unknown(err.text, answer);
		return VERDICT_HOLD;
	}
	case_judge(bench, &c, &verdict);
	find(&verdict, &finding);
	ask_switch(paths, &finding);
	if (bench->files.trouble) {
		tighten(&finding, VERDICT_HOLD, "built-in:hold-all", "the rules cannot be read");
	}
	write_finding(&finding, answer);
	case_verdict_finish(&verdict);
	case_finish(&c);
	return finding.verdict;
}

enum verdict policy_ask(const struct policy_asker *asker, struct span question, struct buf *answer)
{
	struct paths paths = { 0 };
	struct bench bench = { 0 };
	struct buf text = { 0 };
	struct err err = { 0 };
	enum verdict verdict = VERDICT_HOLD;
	if (!paths_init(&paths, asker->root, &err) || !bench_init(&bench, &paths, &err)) {
		policy_ask_unknown(err.text, answer);
		paths_finish(&paths);
		return verdict;
	}
	if (write_case(asker, paths.home, question, &text, &err)) {
		verdict = judge(&paths, &bench, buf_view(&text), answer);
	} else {
		policy_ask_unknown(err.text, answer);
	}
	buf_finish(&text);
	bench_finish(&bench);
	paths_finish(&paths);
	return verdict;
}
