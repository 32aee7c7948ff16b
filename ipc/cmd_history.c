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
#include "ipc/clock.h"
#include "ipc/history_changed.h"
#include "ipc/history_events.h"
#include "ipc/history_read.h"
#include "ipc/history_show.h"
#include "ipc/history_stats.h"
#include "ipc/history_verify.h"
#include "ipc/paths.h"
#include "ipc/when.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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
	struct buf text; /* the filter: all words that are no flags */
	struct query query;
	struct history_filter filter;
	char *me;
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

/* Words of the filter, which may begin with one "-", are taken out from among the flags. */
static int take_words(int argc, char **argv, char **rest, struct buf *text)
{
	int count = 0;
	bool flags = true;
	for (int i = 0; i < argc; i++) {
		bool flag = flags && (strncmp(argv[i], "--", 2) == 0 || strcmp(argv[i], "-v") == 0);
		if (i == 0 || (flag && argv[i][2])) {
			rest[count++] = argv[i];
			bool takes = strcmp(argv[i], "--root") == 0 ||
				strcmp(argv[i], "--limit") == 0;
			if (i > 0 && takes && i + 1 < argc) {
				rest[count++] = argv[++i];
			}
		} else if (flag && argv[i][1] == '-') {
			flags = false;
		} else if (flag) {
			rest[count++] = argv[i];
		} else {
			const char *quote = flags ? "" : "\""; /* behind "--" any word is a word */
			buf_text(text, text->len ? " " : "");
			buf_text(text, quote);
			buf_text(text, argv[i]);
			buf_text(text, quote);
		}
	}
	return count;
}

static bool parse_filter(struct request *r, struct err *err)
{
	const struct passwd *user = getpwuid(getuid());
	r->me = xstrdup(user ? user->pw_name : "?");
	r->filter = (struct history_filter){ .query = &r->query,
		.now_us = clock_wall_ms() * 1000,
		.me = r->me,
		.when = when_parse,
		.when_expected = WHEN_EXPECTED };
	return query_parse(&r->query, buf_view(&r->text), err) &&
		history_filter_check(&r->filter, err);
}

/* The filter once more, and a mark under the place that the error is about. */
static void point_at(const struct request *r, const struct err *err)
{
	size_t at = 0;
	if (r->text.len && sscanf(err->text, "at %zu:", &at) == 1 && at && at <= r->text.len + 1) {
		struct span before = { r->text.data, at - 1 };
		struct safe_text all = safe_make(buf_view(&r->text), SAFE_ONE_LINE);
		struct safe_text left = safe_make(before, SAFE_ONE_LINE);
		fprintf(stderr, "  %s\n  %*s^\n", safe_cstr(&all), (int)left.columns, "");
		safe_finish(&all);
		safe_finish(&left);
	}
}

static bool parse(int argc, char **argv, struct request *r, struct err *err)
{
	const struct cmd_flag flags[] = {
		{ "--root", &r->root, NULL },
		{ "--limit", &r->limit_text, NULL },
		{ "--json", NULL, &r->json },
		{ "-v", NULL, &r->verbose },
	};
	char **rest = xcalloc((size_t)argc + 1, sizeof(*rest));
	int count = take_words(argc, argv, rest, &r->text);
	bool ok = cmd_read_flags(count, rest, flags, COUNT_OF(flags), err) &&
		parse_limit(r->limit_text, &r->limit, err) && parse_filter(r, err);
	free(rest);
	return ok;
}

static void request_finish(struct request *r)
{
	query_finish(&r->query);
	buf_finish(&r->text);
	free(r->me);
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
	bool ok = history_filter_latest(h, search, &r->filter, INT64_MAX, r->limit,
		r->json ? print_json : history_table_row, r->json ? (void *)h : table, err);
	if (ok && table && !history_table_rows(table)) {
		fprintf(stderr,
			r->query.count ? "No call fits that.\n" : "No call was recorded yet.\n");
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
		point_at(&r, &err);
		request_finish(&r);
		return code;
	}
	if (!paths_init(&paths, r.root, &err)) {
		return cmd_fail(argv[0], &err, CMD_FAILED);
	}
	if (!print_rows(&r, &paths, &err)) {
		code = cmd_fail(argv[0], &err, CMD_FAILED);
	}
	if (code == CMD_OK) {
		code = cmd_written(argv[0]);
	}
	paths_finish(&paths);
	request_finish(&r);
	return code;
}
