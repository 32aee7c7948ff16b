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
#include "core/search_feed.h"
#include "ipc/history_json.h"
#include "ipc/history_table.h"
#include "ipc/history_changed.h"
#include "ipc/history_events.h"
#include "ipc/history_show.h"
#include "ipc/history_verify.h"
#include "ipc/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
	const char *root, *text, *limit_text;
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
	const struct cmd_flag flags[] = {
		{ "--root", &r->root, NULL },
		{ "--limit", &r->limit_text, NULL },
		{ "--json", NULL, &r->json },
		{ "-v", NULL, &r->verbose },
		{ "", &r->text, NULL },
	};
	return cmd_read_flags(argc, argv, flags, COUNT_OF(flags), err) &&
		parse_limit(r->limit_text, &r->limit, err);
}

static bool print_rows(const struct request *r, const struct paths *paths, struct err *err)
{
	static const unsigned char no_key[HISTORY_HASH]; /* a reader compares no hashes */
	struct history_table *table = NULL;
	struct err unused; /* without an index the calls themselves are read */
	struct history *h = history_open(paths->history, no_key, true, 0, NULL, err);
	if (!h && err->code == DIAG_NONE) {
		fprintf(stderr, "No call was recorded yet.\n");
		return true;
	}
	if (!h) {
		return false;
	}
	if (!r->json) {
		table = history_table_create();
	}
	struct search *search = search_open(paths->search, true, &unused);
	bool ok = search_latest(search, h, span_of(r->text), INT64_MAX, r->limit,
		r->json ? print_json : history_table_row, r->json ? (void *)h : table, err);
	if (ok && table && !history_table_rows(table)) {
		fprintf(stderr,
			r->text ? "No call contains that.\n" : "No call was recorded yet.\n");
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
	{ "verify", history_verify },
};

int cmd_history(int argc, char **argv)
{
	struct request r = { 0 };
	struct paths paths;
	struct stat st;
	struct err err = { 0 };
	int code = CMD_OK;
	for (size_t i = 0; argc > 1 && i < COUNT_OF(words); i++) {
		if (strcmp(argv[1], words[i].name) == 0) {
			return words[i].run(argc - 1, argv + 1);
		}
	}
	if (!parse(argc, argv, &r, &err)) {
		return cmd_fail(argv[0], &err, CMD_USAGE);
	}
	if (!paths_init(&paths, r.root, &err)) {
		return cmd_fail(argv[0], &err, CMD_FAILED);
	}
	if (lstat(paths.history, &st) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
		fprintf(stderr,
			"No call was recorded yet: put `bascule run --` before the command"
			" of a server.\n");
	} else if (!print_rows(&r, &paths, &err)) {
		code = cmd_fail(argv[0], &err, CMD_FAILED);
	}
	if (code == CMD_OK) {
		code = cmd_written(argv[0]);
	}
	paths_finish(&paths);
	return code;
}
