/*
 * One line for each thing that a call has changed: a file, a branch, a package, a remote. It says
 * what the record says and no more: what a call would do was judged before it ran; that it ran, and
 * how that went, its gate has said. A command whose effects are not known is a line of its own.
 *
 * Reads log.db by itself: needs no broker, starts none, writes nothing. All of it is foreign text,
 * and passes the sanitiser; in JSON all that is not ASCII is escaped.
 */
#include "config.h"

#include "ipc/history_changed.h"

#include "core/diag.h"
#include "core/history.h"
#include "core/json.h"
#include "core/jsonw.h"
#include "ipc/when.h"
#include "ipc/clock.h"
#include "ipc/cmd.h"
#include "ipc/history_read.h"
#include "ipc/history_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
	const char *root, *text, *since_text;
	int64_t since_us;
	bool json, verbose;
};

struct changes {
	const struct request *request;
	struct history *history;
	size_t count;
	struct err err;
	bool failed;
};

/* Effect, its `how` ("" for any), and what that is in the past. What is not here changes nothing
 * outside of itself, or is told by the effects beside it. */
static const struct {
	const char *kind, *how, *verb;
} verbs[] = {
	{ "write", "mkdir", "made" },
	{ "write", "away", "moved away" },
	{ "write", "mode", "changed the mode of" },
	{ "write", "link", "linked" },
	{ "write", "tree", "changed below" },
	{ "write", "", "changed" },
	{ "delete", "", "deleted" },
	{ "exec", "readonly", NULL },
	{ "exec", "local", NULL },
	{ "exec", "", "ran" },
	{ "task", "", "ran the task" },
	{ "install", "", "installed" },
	{ "push", "", "pushed" },
	{ "branch", "", "changed the branch" },
	{ "publish", "", "published" },
	{ "cloud", "read", NULL },
	{ "cloud", "", "acted on" },
	{ "destructive", "", "destroyed" },
	{ "sql", "read", NULL },
	{ "sql", "", "ran the statement" },
	{ "tool", "read", NULL },
	{ "tool", "", "used" },
	{ "process", "", "acted on the process" },
	{ "unknown", "", "did what is not known:" },
};

/* ---- one effect ---- */

static struct span member(struct span object, const char *name)
{
	struct span value = { 0 };
	return json_member(object, name, &value) ? value : (struct span){ 0 };
}

static const char *verb_of(struct span effect)
{
	struct span kind = member(effect, "kind"), how = member(effect, "how");
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (json_is(kind, verbs[i].kind) &&
			(!verbs[i].how[0] || (how.at && json_is(how, verbs[i].how)))) {
			return verbs[i].verb;
		}
	}
	return NULL;
}

/* A file that was not there before was made, and what was not there was not deleted. */
static const char *as_it_was(struct span effect, const char *verb)
{
	struct span state = member(effect, "state");
	bool absent = state.at && json_is(state, "absent");
	if (absent && verb && strcmp(verb, "changed") == 0) {
		return "made";
	}
	return absent && verb && strcmp(verb, "deleted") == 0 ? NULL : verb;
}

static char *text_of(struct span value)
{
	char *text = json_strdup(value);
	return text ? text : xstrdup("");
}

/* The path as the machine resolved it says more than the one that was given. */
static char *what_of(struct span effect)
{
	struct span path = member(effect, "path");
	return text_of(path.at ? path : member(effect, "given"));
}

/* ---- printing ---- */

static void put(const char *foreign)
{
	struct safe_text safe = safe_make(span_of(foreign), SAFE_ONE_LINE);
	fputs(safe_cstr(&safe), stdout);
	safe_finish(&safe);
}

static char *owned(struct span text)
{
	return text.at ? span_dup(text) : xstrdup("");
}

static bool was_let_by_person(const struct history_call *c)
{
	return c->decision.at && span_is(c->decision, "approved");
}

static void print_line(const struct history_call *c, const struct history_session *s,
	const char *verb, const char *what)
{
	struct buf when = { 0 };
	char *client = owned(s->client), *by = owned(was_let_by_person(c) ? c->decider : c->rule),
	     *outcome = owned(c->outcome);
	history_put_time(&when, c->arrived_us);
	printf("%s  %s ", buf_cstr(&when), verb);
	buf_finish(&when);
	put(what);
	if (!outcome[0]) {
		fputs(" (whether it ended is not known)", stdout);
	} else if (strcmp(outcome, "result") != 0) {
		fputs(" (it says: ", stdout);
		put(outcome);
		fputs(")", stdout);
	}
	fputs("  ", stdout);
	put(client[0] ? client : "?");
	fputs(was_let_by_person(c) ? ", approved by " : ", let by ", stdout);
	put(by);
	printf("  #%" PRId64 "\n", c->number);
	free(client);
	free(by);
	free(outcome);
}

static void print_json(const struct history_call *c, const struct history_session *s,
	const char *verb, const char *what, struct span effect)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_int(&w, "number", c->number);
	jw_kv_int(&w, "arrived_us", c->arrived_us);
	jw_kv_text(&w, "change", verb);
	jw_kv_text(&w, "what", what);
	jw_kv_span(&w, "outcome", c->outcome);
	jw_kv_span(&w, "client", s->client);
	jw_kv_span(&w, "server", s->server);
	jw_kv_span(&w, "cwd", s->cwd);
	jw_kv_span(&w, "rule", c->rule);
	jw_kv_span(&w, "decision", c->decision);
	jw_kv_span(&w, "decider", c->decider);
	jw_kv_raw(&w, "effect", effect);
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
}

/* ---- one call ---- */

static bool contains(const char *text, const char *part)
{
	return !part || strcasestr(text, part);
}

static void tell_effect(struct changes *changes, const struct history_call *call,
	const struct history_session *session, struct span effect)
{
	const char *verb = as_it_was(effect, verb_of(effect));
	char *what = what_of(effect);
	if (verb && contains(what, changes->request->text)) {
		changes->count++;
		if (changes->request->json) {
			print_json(call, session, verb, what, effect);
		} else {
			print_line(call, session, verb, what);
		}
	}
	free(what);
}

/* Its bytes were on their way to the server, or may have been. */
static bool has_run(const struct history_call *call)
{
	return call->state == LIFE_DONE || call->state == LIFE_RELEASED ||
		call->state == LIFE_FORWARDED || call->state == LIFE_UNKNOWN;
}

static bool tell_call(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct changes *changes = data;
	struct buf text = { 0 };
	struct json_scan scan = { 0 };
	struct span effect;
	if (!has_run(call)) {
		return true;
	}
	if (!history_effects(changes->history, call->number, &text, &changes->err)) {
		changes->failed = true;
	} else if (json_validate(&scan, buf_view(&text), JSON_STRICT) && scan.type == JSON_ARRAY) {
		struct json_walk walk = json_walk_of(scan.value);
		while (json_next(&walk, NULL, &effect)) {
			if (json_type(effect) == JSON_OBJECT) {
				tell_effect(changes, call, session, effect);
			}
		}
	}
	json_finish(&scan);
	buf_finish(&text);
	return !changes->failed && !ferror(stdout);
}

/* ---- the command ---- */

static bool parse(int argc, char **argv, struct request *r, struct err *err)
{
	const struct cmd_flag flags[] = {
		{ "--root", &r->root, NULL },
		{ "--since", &r->since_text, NULL },
		{ "--json", NULL, &r->json },
		{ "-v", NULL, &r->verbose },
		{ "", &r->text, NULL },
	};
	r->since_text = "yesterday";
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), err)) {
		return false;
	}
	if (!when_parse(span_of(r->since_text), clock_wall_ms() * 1000, &r->since_us)) {
		return fail(
			err, DIAG_USAGE, "--since %.40s: expected " WHEN_EXPECTED, r->since_text);
	}
	return true;
}

static bool print_changes(const struct request *r, const struct paths *paths, struct err *err)
{
	struct changes changes = { .request = r };
	bool none;
	changes.history = history_read(paths, &none, err);
	if (!changes.history) {
		return none;
	}
	bool ok = history_since(changes.history, r->since_us, tell_call, &changes, err);
	if (changes.failed) {
		*err = changes.err;
		ok = false;
	}
	if (ok && !changes.count) {
		fprintf(stderr, "No call since then has changed anything%s.\n",
			r->text ? " of that name" : "");
	}
	history_close(changes.history);
	return ok;
}

int history_changed(int argc, char **argv)
{
	struct request r = { 0 };
	struct paths paths;
	struct err err = { 0 };
	if (!parse(argc, argv, &r, &err)) {
		return cmd_fail("history changed", &err, CMD_USAGE);
	}
	if (!paths_init(&paths, r.root, &err)) {
		return cmd_fail("history changed", &err, CMD_FAILED);
	}
	int code = print_changes(&r, &paths, &err) ? cmd_written("history changed")
						   : cmd_fail("history changed", &err, CMD_FAILED);
	paths_finish(&paths);
	return code;
}
