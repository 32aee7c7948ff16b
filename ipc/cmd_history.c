/*
 * `bascule history`: the latest calls, newest last, as a table or as one JSON object a line. Reads
 * the database by itself: no broker is needed, none is started, nothing is written.
 *
 * Everything in a row came from an agent, a server or a file. In the table it passes the sanitiser;
 * in JSON all that is not ASCII is escaped, which loses nothing and leaves a terminal nothing to
 * obey.
 */
#include <config.h>

#include "ipc/cmd.h"

#include "core/diag.h"
#include "core/safe_text.h"
#include "core/history_filter.h"
#include "ipc/history_json.h"
#include "ipc/history_table.h"
#include "ipc/history_changed.h"
#include "ipc/history_events.h"
#include "ipc/history_export.h"
#include "ipc/history_filter_words.h"
#include "ipc/history_read.h"
#include "ipc/history_show.h"
#include "ipc/history_stats.h"
#include "ipc/history_verify.h"
#include "ipc/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 1000000 };

/* ---- JSON ---- */

static bool print_json(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct buf out = { 0 }, who = { 0 };
	struct jsonw w = jw_start(&out);
	struct err err;
	bool read = history_who(data, call->number, &who, &err);
	jw_open(&w, '{');
	history_json_row(&w, call, session);
	jw_kv_raw(&w, "who", read && who.len ? buf_view(&who) : (struct span){ 0 });
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
	buf_finish(&who);
	return !ferror(stdout);
}

/* ---- the command ---- */

struct request {
	const char *root, *limit_text;
	struct filter_words words;
	int64_t limit;
	bool json, verbose;
};

static bool parse_limit(const char *text, int64_t *limit, struct err *err)
{
	char *end;
	*limit = LIMIT_DEFAULT;
	if (!text) {
		return true;
	}
	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < 1 || n > LIMIT_MAX) {
		return fail(err, DIAG_USAGE, "--limit %.40s: expected a number from 1 to %d", text,
			LIMIT_MAX);
	}
	*limit = n;
	return true;
}

static bool parse(int argc, char **argv, struct request *r, struct err *err)
{
	static const char *const valued[] = { "--root", "--limit", NULL };
	const struct cmd_flag flags[] = {
		{ "--root", &r->root, NULL },
		{ "--limit", &r->limit_text, NULL },
		{ "--json", NULL, &r->json },
		{ "-v", NULL, &r->verbose },
	};
	filter_words_take(&r->words, argc, argv, valued);
	return cmd_read_flags(r->words.count, r->words.rest, flags, COUNT_OF(flags), err) &&
		parse_limit(r->limit_text, &r->limit, err) && filter_words_parse(&r->words, err);
}

static bool print_rows(const struct request *r, const struct paths *paths, struct err *err)
{
	struct history_table *table = NULL;
	struct err unused; /* without an index the calls themselves are read */
	bool none;
	struct history *h = history_read(paths, &none, err);
	if (!h) {
		return none;
	}
	if (!r->json) {
		table = history_table_create();
	}
	struct search *search = search_open(paths->search, true, &unused);
	bool ok = history_filter_latest(h, search, &r->words.filter, INT64_MAX, r->limit,
		r->json ? print_json : history_table_row, r->json ? (void *)h : table, err);
	if (ok && table && !history_table_rows(table)) {
		fprintf(stderr,
			r->words.query.count ? "No call fits that.\n"
					     : "No call was recorded yet.\n");
	}
	history_table_destroy(table);
	search_close(search);
	history_close(h);
	return ok;
}

/* Commands of their own: the first word says which. Behind "--" it is a text. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} words[] = {
	{ "changed", history_changed },
	{ "events", history_events },
	{ "export", history_export },
	{ "show", history_show },
	{ "stats", history_stats },
	{ "verify", history_verify },
};

int cmd_history(int argc, char **argv)
{
	struct request r = { 0 };
	struct paths paths;
	struct err err = { 0 };
	int code = CMD_OK;
	for (size_t i = 0; argc > 1 && i < COUNT_OF(words); i++) {
		if (strcmp(argv[1], words[i].name) == 0) {
			return words[i].run(argc - 1, argv + 1);
		}
	}
	if (!parse(argc, argv, &r, &err)) {
		code = cmd_fail(argv[0], &err, CMD_USAGE);
		filter_words_point(&r.words, &err);
		filter_words_finish(&r.words);
		return code;
	}
	if (!paths_init(&paths, r.root, &err)) {
		filter_words_finish(&r.words);
		return cmd_fail(argv[0], &err, CMD_FAILED);
	}
	if (!print_rows(&r, &paths, &err)) {
		code = cmd_fail(argv[0], &err, CMD_FAILED);
	}
	if (code == CMD_OK) {
		code = cmd_written(argv[0]);
	}
	paths_finish(&paths);
	filter_words_finish(&r.words);
	return code;
}
