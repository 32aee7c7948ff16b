/*
 * Reads both databases by itself: needs no broker, starts none, writes nothing. First what it was
 * and who let it, then what it would have done, then what it carried. All of it is foreign text: it
 * passes the sanitiser; in JSON all that is not ASCII is escaped.
 */
#include "config.h"

#include "ipc/history_show.h"

#include "core/diag.h"
#include "core/history.h"
#include "core/json.h"
#include "core/jsonw.h"
#include "core/store.h"
#include "ipc/cmd.h"
#include "ipc/history_json.h"
#include "ipc/history_read.h"
#include "ipc/history_words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 10 };

struct request {
	const char *root, *id;
	int64_t number;
	bool json, verbose;
};

struct show {
	const struct request *request;
	struct history *history;
	struct store *store; /* NULL: there is none */
	struct buf json; /* with --json */
	struct jsonw w;
	bool found, failed;
	struct err err;
};

static const char *const titles[STORE_PART_COUNT] = {
	[STORE_ARGUMENTS] = "arguments, as the agent sent them",
	[STORE_EFFECTIVE] = "arguments, as a person changed them",
	[STORE_RESULT] = "answer",
	[STORE_DIFF] = "diff, as it was shown",
	[STORE_DECISION] = "how it was decided",
};

/* ---- words ---- */

static void put(struct span foreign)
{
	struct safe_text safe = safe_make(foreign, SAFE_ONE_LINE);
	fputs(safe_cstr(&safe), stdout);
	safe_finish(&safe);
}

static void put_buf(struct buf *b)
{
	fputs(buf_cstr(b), stdout);
	buf_finish(b);
}

static void put_duration(int64_t us)
{
	if (us < 1000) {
		printf("%" PRId64 " us", us);
	} else if (us < 1000000) {
		printf("%" PRId64 " ms", us / 1000);
	} else if (us < 120000000) {
		printf("%" PRId64 ".%" PRId64 " s", us / 1000000, us / 100000 % 10);
	} else {
		printf("%" PRId64 " min", us / 60000000);
	}
}

static void label(const char *name)
{
	printf("  %-*s ", LABEL_COLUMNS, name);
}

static void row(const char *name, struct span foreign)
{
	if (foreign.at && foreign.len) {
		label(name);
		put(foreign);
		putchar('\n');
	}
}

/* ---- what it was, and who let it ---- */

static void tell_decision(const struct history_call *c)
{
	label("decided");
	if (!c->decision.at) {
		fputs(c->decided_us ? "by the rules alone" : "by nobody", stdout);
	} else {
		put(c->decision);
		fputs(" by ", stdout);
		put(c->decider);
		if (c->decided_us > c->arrived_us) {
			fputs(", after ", stdout);
			put_duration(c->decided_us - c->arrived_us);
		}
	}
	putchar('\n');
	row("because", c->decision_reason);
}

static void tell_end(const struct history_call *c)
{
	label("state");
	fputs(life_state_name(c->state), stdout);
	if (c->outcome.at) {
		fputs(", ", stdout);
		put(c->outcome);
	}
	if (c->size >= 0) {
		printf(", %" PRId64 " bytes", c->size);
	}
	if (c->took_us >= 0) {
		fputs(", took ", stdout);
		put_duration(c->took_us);
	}
	putchar('\n');
}

static void tell_neighbours(struct show *s, const struct history_call *c)
{
	int64_t before = 0, after = 0;
	struct err err;
	if (!history_neighbours(s->history, c->session, c->number, &before, &after, &err)) {
		return;
	}
	label("session");
	printf("%" PRId64, c->session);
	if (before) {
		printf(", the call before it %" PRId64, before);
	}
	if (after) {
		printf(", the one after it %" PRId64, after);
	}
	putchar('\n');
}

static void tell_row(
	struct show *s, const struct history_call *c, const struct history_session *session)
{
	struct buf when = { 0 };
	printf("Call %" PRId64 ": ", c->number);
	put(c->tool.at && c->tool.len ? c->tool : c->method);
	fputs("  ", stdout);
	put(c->target);
	putchar('\n');
	label("came");
	history_put_time(&when, c->arrived_us);
	put_buf(&when);
	putchar('\n');
	label("verdict");
	put(c->verdict);
	fputs(" by ", stdout);
	put(c->rule);
	putchar('\n');
	row("reason", c->reason);
	tell_decision(c);
	tell_end(c);
	row("server", session->server);
	row("command", session->argv_json);
	row("client", session->client);
	row("directory", session->cwd);
	row("branch", c->branch);
	tell_neighbours(s, c);
}

static void tell_members(struct span object)
{
	struct buf line = { 0 };
	history_put_members(&line, object);
	buf_char(&line, '\n');
	put_buf(&line);
}

static void tell_effects(struct show *s, int64_t number)
{
	struct buf text = { 0 };
	struct json_scan scan = { 0 };
	struct span value;
	bool read = history_effects(s->history, number, &text, &s->err) &&
		json_validate(&scan, buf_view(&text), JSON_STRICT) && scan.type == JSON_ARRAY;
	if (read) {
		puts("\nwhat it would do");
		struct json_walk walk = json_walk_of(scan.value);
		while (json_next(&walk, NULL, &value)) {
			if (json_type(value) == JSON_OBJECT) {
				tell_members(value);
			}
		}
	}
	json_finish(&scan);
	buf_finish(&text);
}

static void tell_who(struct show *s, int64_t number)
{
	struct buf text = { 0 };
	struct json_scan scan = { 0 };
	if (history_who(s->history, number, &text, &s->err) &&
		json_validate(&scan, buf_view(&text), JSON_STRICT) && scan.type == JSON_OBJECT) {
		puts("\nwho asked");
		tell_members(scan.value);
	}
	json_finish(&scan);
	buf_finish(&text);
}

/* ---- what it carried ---- */

static void put_lines(struct span foreign)
{
	struct safe_text safe = safe_make(foreign, SAFE_MANY_LINES);
	const char *at = safe_cstr(&safe);
	while (*at) {
		size_t len = strcspn(at, "\n");
		printf("  %.*s\n", (int)len, at);
		at += len + (at[len] == '\n');
	}
	safe_finish(&safe);
}

static bool tell_part(struct show *s, int64_t number, enum store_part part)
{
	struct buf text = { 0 };
	struct store_body body = { 0 };
	bool found = false;
	bool ok = !s->store || store_get(s->store, number, part, &text, &body, &found, &s->err);
	if (ok && found && s->request->json) {
		jw_key(&s->w, store_part_name(part));
		jw_open(&s->w, '{');
		jw_kv_int(&s->w, "size", body.size);
		jw_kv_span(&s->w, "text", buf_view(&text));
		jw_close(&s->w, '}');
	} else if (ok && found) {
		printf("\n%s", titles[part]);
		printf(body.size >= 0 && part != STORE_DECISION ? " (%" PRId64 " bytes)\n" : "\n",
			body.size);
		put_lines(buf_view(&text));
	} else if (ok && part == STORE_ARGUMENTS && !s->request->json) {
		puts("\narguments\n  not kept");
	}
	buf_finish(&text);
	return ok;
}

static bool tell_parts(struct show *s, int64_t number)
{
	bool ok = true;
	for (int part = 0; ok && part < STORE_PART_COUNT; part++) {
		ok = tell_part(s, number, (enum store_part)part);
	}
	return ok;
}

static bool show_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct show *s = data;
	s->found = true;
	if (!s->request->json) {
		tell_row(s, call, session);
		tell_who(s, call->number);
		tell_effects(s, call->number);
		s->failed = !tell_parts(s, call->number);
		return false;
	}
	s->w = jw_start(&s->json);
	jw_open(&s->w, '{');
	history_json_row(&s->w, call, session);
	history_json_raw(&s->w, "who", s->history, call->number, history_who);
	history_json_raw(&s->w, "effects", s->history, call->number, history_effects);
	jw_key(&s->w, "kept");
	jw_open(&s->w, '{');
	s->failed = !tell_parts(s, call->number);
	jw_close(&s->w, '}');
	jw_close(&s->w, '}');
	return false;
}

/* ---- the command ---- */

static bool parse(int argc, char **argv, struct request *r, struct err *err)
{
	const struct cmd_flag flags[] = {
		{ "--root", &r->root, NULL },
		{ "--json", NULL, &r->json },
		{ "-v", NULL, &r->verbose },
		{ "", &r->id, NULL },
	};
	char *end = NULL;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), err)) {
		return false;
	}
	const char *digits = r->id && r->id[0] == '#' ? r->id + 1 : r->id;
	errno = 0;
	r->number = digits ? strtoll(digits, &end, 10) : 0;
	if (!digits || errno || end == digits || *end || r->number < 1) {
		return fail(err, DIAG_USAGE,
			"expected the number of a call, as `bascule history` lists it");
	}
	return true;
}

static bool show(struct show *s, const struct paths *paths, struct err *err)
{
	bool none;
	s->history = history_read(paths, &none, err);
	if (!s->history && !none) {
		return false;
	}
	s->store = store_open(paths->detail, true, 0, NULL, &s->err);
	bool broken = !s->store && s->err.code != DIAG_NONE;
	bool ok = s->history && history_numbered(s->history, s->request->number, show_row, s, err);
	if (ok && broken) {
		fprintf(stderr, "bascule history show: what it carried cannot be read: %s\n",
			s->err.text);
	}
	if (s->found && s->failed) {
		*err = s->err;
		ok = false;
	} else if (ok ? !s->found : !s->history) {
		ok = fail(
			err, DIAG_HISTORY, "no call %" PRId64 " was recorded", s->request->number);
	}
	if (ok && s->request->json) {
		cmd_print_json(buf_cstr(&s->json));
	}
	store_close(s->store);
	history_close(s->history);
	buf_finish(&s->json);
	return ok;
}

int history_show(int argc, char **argv)
{
	struct request r = { 0 };
	struct show s = { .request = &r };
	struct paths paths;
	struct err err = { 0 };
	if (!parse(argc, argv, &r, &err)) {
		return cmd_fail("history show", &err, CMD_USAGE);
	}
	if (!paths_init(&paths, r.root, &err)) {
		return cmd_fail("history show", &err, CMD_FAILED);
	}
	int code = show(&s, &paths, &err) ? cmd_written("history show")
					  : cmd_fail("history show", &err, CMD_FAILED);
	paths_finish(&paths);
	return code;
}
