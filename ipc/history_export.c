/*
 * Calls for other programs and other people: JSON lines with all that was recorded, a table as CSV,
 * a report as Markdown. Reads the databases by itself: needs no broker, starts none, writes nothing
 * but what it prints.
 *
 * All of it is foreign text. JSON is ASCII with escapes. A cell of CSV that a spreadsheet would
 * take for a formula gets a ' in front. In Markdown every character that could end a cell, a code
 * block or a paragraph, or begin a tag or a link, is escaped, and bodies stand in fences that are
 * longer than any in them.
 */
#include "config.h"

#include "ipc/history_export.h"

#include "core/diag.h"
#include "core/jsonw.h"
#include "core/store.h"
#include "ipc/cmd.h"
#include "ipc/history_filter_words.h"
#include "ipc/history_json.h"
#include "ipc/history_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum format { FORMAT_JSONL, FORMAT_CSV, FORMAT_MD };

struct export
{
	const char *root, *format_text;
	enum format format;
	bool verbose;
	struct filter_words words;
	struct history *history;
	struct store *store; /* NULL: there is none */
	size_t count;
	bool failed;
	struct err err;
};

static bool body(struct export *e, int64_t number, enum store_part part, struct buf *text)
{
	bool found = false;
	if (e->store && !store_get(e->store, number, part, text, NULL, &found, &e->err)) {
		e->failed = true;
	}
	return found;
}

static void put_when(struct buf *out, int64_t us)
{
	char text[40] = "?";
	time_t seconds = (time_t)(us / 1000000);
	struct tm tm;
	if (gmtime_r(&seconds, &tm)) {
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	}
	buf_text(out, text);
}

/* ---- JSON lines ---- */

static void export_json(
	struct export *e, const struct history_call *call, const struct history_session *session)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	history_json_row(&w, call, session);
	history_json_raw(&w, "who", e->history, call->number, history_who);
	history_json_raw(&w, "effects", e->history, call->number, history_effects);
	jw_key(&w, "kept");
	jw_open(&w, '{');
	for (int part = 0; part < STORE_PART_COUNT; part++) {
		struct buf text = { 0 };
		if (body(e, call->number, (enum store_part)part, &text)) {
			jw_kv_span(&w, store_part_name((enum store_part)part), buf_view(&text));
		}
		buf_finish(&text);
	}
	jw_close(&w, '}');
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
}

/* ---- CSV ---- */

static void cell(struct buf *out, struct span foreign)
{
	static const char formula[] = "=+-@\t\r";
	buf_text(out, out->len ? ",\"" : "\"");
	if (foreign.len && strchr(formula, foreign.at[0])) {
		buf_char(out, '\'');
	}
	for (size_t i = 0; i < foreign.len; i++) {
		unsigned char c = (unsigned char)foreign.at[i];
		if (c == '"') {
			buf_char(out, '"');
		}
		buf_char(out, c < 0x20 || c == 0x7f ? ' ' : (char)c);
	}
	buf_char(out, '"');
}

static void number_cell(struct buf *out, int64_t n)
{
	buf_text(out, out->len ? "," : "");
	if (n >= 0) {
		buf_printf(out, "%" PRId64, n);
	}
}

static void export_csv(
	struct export *e, const struct history_call *call, const struct history_session *session)
{
	struct buf out = { 0 }, when = { 0 };
	if (!e->count) {
		puts("number,time,client,server,tool,target,verdict,rule,reason,decision,decider,"
		     "decision_reason,state,outcome,size,took_us,cwd,branch");
	}
	put_when(&when, call->arrived_us);
	const struct span cells[] = { buf_view(&when), session->client, session->server, call->tool,
		call->target, call->verdict, call->rule, call->reason, call->decision,
		call->decider, call->decision_reason, span_of(life_state_name(call->state)),
		call->outcome };
	number_cell(&out, call->number);
	for (size_t i = 0; i < COUNT_OF(cells); i++) {
		cell(&out, cells[i]);
	}
	number_cell(&out, call->size);
	number_cell(&out, call->took_us);
	cell(&out, session->cwd);
	cell(&out, call->branch);
	puts(buf_cstr(&out));
	buf_finish(&out);
	buf_finish(&when);
}

/* ---- Markdown ---- */

/* One line of text in which nothing means anything. */
static void put_plain(struct buf *out, struct span foreign)
{
	struct safe_text safe = safe_make(foreign, SAFE_ONE_LINE);
	for (const char *at = safe_cstr(&safe); *at; at++) {
		if (strchr("\\`*_{}[]()<>#+-.!|~&:@$", *at)) {
			buf_char(out, '\\');
		}
		buf_char(out, *at);
	}
	safe_finish(&safe);
}

/* The longest run of backticks in it, and one more; three at least. */
static size_t fence_for(struct span text)
{
	size_t longest = 2, run = 0;
	for (size_t i = 0; i < text.len; i++) {
		run = text.at[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest + 1;
}

static void put_block(struct export *e, int64_t number, enum store_part part, const char *title,
	const char *language)
{
	struct buf text = { 0 };
	if (body(e, number, part, &text)) {
		struct safe_text safe = safe_make(buf_view(&text), SAFE_MANY_LINES);
		size_t fence = fence_for(span_of(safe_cstr(&safe)));
		printf("\n%s:\n\n", title);
		for (size_t i = 0; i < fence; i++) {
			putchar('`');
		}
		printf("%s\n%s\n", language, safe_cstr(&safe));
		for (size_t i = 0; i < fence; i++) {
			putchar('`');
		}
		putchar('\n');
		safe_finish(&safe);
	}
	buf_finish(&text);
}

static void put_field(struct buf *out, const char *name, struct span foreign)
{
	if (foreign.at && foreign.len) {
		buf_printf(out, "* %s: ", name);
		put_plain(out, foreign);
		buf_char(out, '\n');
	}
}

static void export_md(
	struct export *e, const struct history_call *call, const struct history_session *session)
{
	struct buf out = { 0 }, when = { 0 };
	if (!e->count) {
		puts("# Calls of coding agents\n\nAs bascule recorded them; secrets are marks.");
	}
	put_when(&when, call->arrived_us);
	buf_printf(&out, "\n## %" PRId64 ": ", call->number);
	put_plain(&out, call->tool.len ? call->tool : call->method);
	buf_char(&out, ' ');
	put_plain(&out, call->target);
	buf_text(&out, "\n\n");
	put_field(&out, "came", buf_view(&when));
	put_field(&out, "client", session->client);
	put_field(&out, "server", session->server);
	put_field(&out, "directory", session->cwd);
	put_field(&out, "branch", call->branch);
	put_field(&out, "verdict", call->verdict);
	put_field(&out, "rule", call->rule);
	put_field(&out, "reason", call->reason);
	put_field(&out, "decision", call->decision);
	put_field(&out, "decided by", call->decider);
	put_field(&out, "because", call->decision_reason);
	put_field(&out, "state", span_of(life_state_name(call->state)));
	put_field(&out, "outcome", call->outcome);
	fputs(buf_cstr(&out), stdout);
	buf_finish(&out);
	buf_finish(&when);
	if (!span_is(call->verdict, "allow")) {
		put_block(e, call->number, STORE_ARGUMENTS, "Arguments", "json");
		put_block(e, call->number, STORE_EFFECTIVE, "As a person changed them", "json");
		put_block(e, call->number, STORE_DIFF, "Diff, as it was shown", "diff");
	}
}

/* ---- the command ---- */

static const struct {
	const char *name;
	void (*row)(struct export *e, const struct history_call *call,
		const struct history_session *session);
} formats[] = {
	[FORMAT_JSONL] = { "jsonl", export_json },
	[FORMAT_CSV] = { "csv", export_csv },
	[FORMAT_MD] = { "md", export_md },
};

static bool export_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct export *e = data;
	formats[e->format].row(e, call, session);
	e->count++;
	return !e->failed && !ferror(stdout);
}

static bool parse(int argc, char **argv, struct export *e, struct err *err)
{
	static const char *const valued[] = { "--root", "--format", NULL };
	const struct cmd_flag flags[] = {
		{ "--root", &e->root, NULL },
		{ "--format", &e->format_text, NULL },
		{ "-v", NULL, &e->verbose },
	};
	e->format_text = "jsonl";
	filter_words_take(&e->words, argc, argv, valued);
	if (!cmd_read_flags(e->words.count, e->words.rest, flags, COUNT_OF(flags), err)) {
		return false;
	}
	size_t i = 0;
	while (i < COUNT_OF(formats) && strcmp(formats[i].name, e->format_text) != 0) {
		i++;
	}
	e->format = (enum format)i;
	return i < COUNT_OF(formats)
		? filter_words_parse(&e->words, err)
		: fail(err, DIAG_USAGE, "--format %.40s: expected jsonl, csv or md",
			  e->format_text);
}

static bool export_calls(struct export *e, const struct paths *paths, struct err *err)
{
	bool none;
	struct err unused;
	e->history = history_read(paths, &none, err);
	if (!e->history) {
		return none;
	}
	e->store = store_open(paths->detail, true, 0, NULL, &unused);
	struct search *search = search_open(paths->search, true, &unused);
	bool ok = history_filter_latest(
		e->history, search, &e->words.filter, INT64_MAX, INT64_MAX, export_row, e, err);
	if (e->failed) {
		*err = e->err;
		ok = false;
	}
	search_close(search);
	store_close(e->store);
	history_close(e->history);
	return ok;
}

int history_export(int argc, char **argv)
{
	struct export e = { 0 };
	struct paths paths;
	struct err err = { 0 };
	int code;
	if (!parse(argc, argv, &e, &err)) {
		code = cmd_fail("history export", &err, CMD_USAGE);
		filter_words_point(&e.words, &err);
	} else if (!paths_init(&paths, e.root, &err)) {
		code = cmd_fail("history export", &err, CMD_FAILED);
	} else {
		code = export_calls(&e, &paths, &err)
			? cmd_written("history export")
			: cmd_fail("history export", &err, CMD_FAILED);
		paths_finish(&paths);
	}
	filter_words_finish(&e.words);
	return code;
}
