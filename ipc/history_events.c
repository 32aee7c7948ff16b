/*
 * Reads the events of detail.db by itself: needs no broker, starts none, writes nothing. What an
 * event says may have come from an agent or a server (names of tools): in the table it passes the
 * sanitiser, in JSON all that is not ASCII is escaped.
 */
#include "config.h"

#include "ipc/history_events.h"

#include "core/diag.h"
#include "core/json.h"
#include "core/jsonw.h"
#include "core/store.h"
#include "ipc/cmd.h"
#include "ipc/history_words.h"
#include "ipc/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 100000, KIND_COLUMNS = 16 };

struct request {
	const char *root, *limit_text, *kind;
	int64_t limit;
	bool json, verbose;
};

/* The latest so many. */
struct ring {
	char **lines;
	size_t cap, next, count;
	const struct request *request;
};

/* ---- a line ---- */

static char *table_line(const struct store_event *event)
{
	struct buf out = { 0 };
	struct json_scan scan = { 0 };
	struct safe_text kind = safe_make(event->kind, SAFE_ONE_LINE);
	history_put_time(&out, event->at_us);
	buf_printf(&out, "  %-*s", KIND_COLUMNS, safe_cstr(&kind));
	safe_finish(&kind);
	if (json_validate(&scan, event->json, JSON_STRICT) && scan.type == JSON_OBJECT) {
		history_put_members(&out, event->json);
	} else {
		buf_text(&out, "  (not readable)");
	}
	json_finish(&scan);
	return buf_cstr(&out);
}

static char *json_line(const struct store_event *event)
{
	struct buf out = { 0 };
	struct json_scan scan = { 0 };
	struct jsonw w = jw_start(&out);
	bool whole = json_validate(&scan, event->json, JSON_STRICT);
	jw_open(&w, '{');
	jw_kv_int(&w, "id", event->id);
	jw_kv_int(&w, "at_us", event->at_us);
	jw_kv_span(&w, "kind", event->kind);
	jw_kv_raw(&w, "event", whole ? event->json : (struct span){ 0 });
	jw_close(&w, '}');
	json_finish(&scan);
	return buf_cstr(&out);
}

static bool collect(void *data, const struct store_event *event)
{
	struct ring *ring = data;
	if (ring->request->kind && !span_is(event->kind, ring->request->kind)) {
		return true;
	}
	free(ring->lines[ring->next]);
	ring->lines[ring->next] = ring->request->json ? json_line(event) : table_line(event);
	ring->next = (ring->next + 1) % ring->cap;
	ring->count += ring->count < ring->cap;
	return true;
}

/* ---- the command ---- */

static bool parse(int argc, char **argv, struct request *r, struct err *err)
{
	const struct cmd_flag flags[] = {
		{ "--root", &r->root, NULL },
		{ "--limit", &r->limit_text, NULL },
		{ "--kind", &r->kind, NULL },
		{ "--json", NULL, &r->json },
		{ "-v", NULL, &r->verbose },
	};
	char *end = NULL;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), err)) {
		return false;
	}
	errno = 0;
	r->limit = r->limit_text ? strtoll(r->limit_text, &end, 10) : LIMIT_DEFAULT;
	if (r->limit_text &&
		(errno || end == r->limit_text || *end || r->limit < 1 || r->limit > LIMIT_MAX)) {
		return fail(err, DIAG_USAGE, "--limit %.40s: expected a number from 1 to %d",
			r->limit_text, LIMIT_MAX);
	}
	return true;
}

static void print(const struct ring *ring)
{
	for (size_t i = 0; i < ring->count; i++) {
		const char
			*line = ring->lines[(ring->next + ring->cap - ring->count + i) % ring->cap];
		if (ring->request->json) {
			cmd_print_json(line);
		} else {
			puts(line);
		}
	}
}

static bool print_events(const struct request *r, const struct paths *paths, struct err *err)
{
	struct ring ring = { .cap = (size_t)r->limit, .request = r };
	struct store *store = store_open(paths->detail, true, 0, NULL, err);
	ring.lines = xcalloc(ring.cap, sizeof(*ring.lines));
	bool none = !store && err->code == DIAG_NONE;
	bool ok = store && store_events(store, 0, 0, INT64_MAX, collect, &ring, err);
	print(&ring);
	if ((ok || none) && !ring.count) {
		fprintf(stderr,
			r->kind ? "Nothing of that kind was recorded.\n"
				: "Nothing was recorded yet.\n");
	}
	for (size_t i = 0; i < ring.cap; i++) {
		free(ring.lines[i]);
	}
	free(ring.lines);
	store_close(store);
	return ok || none;
}

int history_events(int argc, char **argv)
{
	struct request r = { 0 };
	struct paths paths;
	struct err err = { 0 };
	if (!parse(argc, argv, &r, &err)) {
		return cmd_fail("history events", &err, CMD_USAGE);
	}
	if (!paths_init(&paths, r.root, &err)) {
		return cmd_fail("history events", &err, CMD_FAILED);
	}
	int code = print_events(&r, &paths, &err) ? cmd_written("history events")
						  : cmd_fail("history events", &err, CMD_FAILED);
	paths_finish(&paths);
	return code;
}
