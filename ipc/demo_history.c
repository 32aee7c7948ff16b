/*
 * What the history says when all is over: read as anybody would, by `bascule history --json`, then
 * compared with the script or summed up for a person.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"
#include "core/safe_text.h"
#include "ipc/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static char *column(struct span object, const char *name)
{
	struct span value;
	char *text = json_member(object, name, &value) ? json_strdup(value) : NULL;
	return text ? text : xstrdup("");
}

bool demo_history_parse(struct demo_rows *rows, struct span text, struct err *err)
{
	struct json_scan scan = { 0 };
	bool ok = true;
	for (struct span line; ok && span_line(&text, &line);) {
		ok = json_validate(&scan, line, JSON_STRICT) && scan.type == JSON_OBJECT;
		if (ok) {
			rows->list = xgrow(
				rows->list, &rows->cap, rows->count + 1, sizeof(*rows->list));
			rows->list[rows->count++] = (struct demo_row){
#define X(name) .name = column(scan.value, #name),
				DEMO_COLUMNS(X)
#undef X
			};
		}
	}
	json_finish(&scan);
	return ok || fail(err, DIAG_JSON, "the history's output is not understood");
}

void demo_history_finish(struct demo_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
#define X(name) free(rows->list[i].name);
		DEMO_COLUMNS(X)
#undef X
	}
	free(rows->list);
	*rows = (struct demo_rows){ 0 };
}

bool demo_history_read(struct demo *d, struct demo_rows *rows, struct err *err)
{
	char command[] = "history", json[] = "--json", limit[] = "--limit", many[] = "1000",
	     root[] = "--root";
	char *argv[] = { paths_program("bascule-broker"), command, json, limit, many, root,
		d->scratch.root, NULL };
	struct buf out = { 0 };
	bool ok = demo_run(d, argv, NULL, &out, err) &&
		demo_history_parse(rows, buf_view(&out), err);
	free(argv[0]);
	buf_finish(&out);
	return ok;
}

/* ---- comparing ---- */

static const struct {
	const char *verdict, *decision, *state, *outcome;
} expected[] = {
	[DEMO_ALLOWED] = { "allow", "", "done", "result" },
	[DEMO_APPROVED] = { "hold", "approved", "done", "result" },
	[DEMO_DENIED] = { "hold", "denied", "denied", "" },
	[DEMO_CANCELLED] = { "hold", "", "withdrawn", "" },
};

const char *demo_history_fault(const struct demo_row *row, const struct demo_call *call)
{
	if (strcmp(row->verdict, expected[call->fate].verdict) != 0) {
		return "its verdict";
	}
	if (strcmp(row->decision, expected[call->fate].decision) != 0) {
		return "its decision";
	}
	if (strcmp(row->state, expected[call->fate].state) != 0) {
		return "its state";
	}
	if (strcmp(row->outcome, expected[call->fate].outcome) != 0) {
		return "its outcome";
	}
	if (call->fate == DEMO_DENIED && strcmp(row->decision_reason, call->says) != 0) {
		return "the reason of its denial";
	}
	return NULL;
}

/* ---- telling ---- */

enum told { TOLD_PASSED, TOLD_APPROVED, TOLD_DENIED, TOLD_WAITED, TOLD_COUNT };

static enum told told_of(const struct demo_row *row)
{
	return strcmp(row->decision, "approved") == 0  ? TOLD_APPROVED
		: strcmp(row->decision, "denied") == 0 ? TOLD_DENIED
		: strcmp(row->verdict, "allow") == 0   ? TOLD_PASSED
						       : TOLD_WAITED;
}

static void tell_row(const char *what, const struct demo_row *row)
{
	struct safe_text tool = safe_make(span_of(row->tool), SAFE_ONE_LINE);
	struct safe_text target = safe_make(span_of(row->target), SAFE_ONE_LINE);
	struct safe_text reason = safe_make(span_of(row->decision_reason), SAFE_ONE_LINE);
	printf("  %-9s  %s %s\n", what, safe_cstr(&tool), safe_cstr(&target));
	if (reason.bytes) {
		printf("             the agent was told: %s\n", safe_cstr(&reason));
	}
	safe_finish(&tool);
	safe_finish(&target);
	safe_finish(&reason);
}

void demo_history_summary(const struct demo_rows *rows)
{
	static const char *const words[] = { NULL, "approved", "denied", "waited" };
	unsigned counts[TOLD_COUNT] = { 0 };
	for (size_t i = 0; i < rows->count; i++) {
		enum told told = told_of(&rows->list[i]);
		counts[told]++;
		if (told != TOLD_PASSED) {
			tell_row(words[told], &rows->list[i]);
		}
	}
	printf("  %-9s  %u calls, unasked\n", "passed", counts[TOLD_PASSED]);
	if (counts[TOLD_WAITED]) {
		printf("What still waited was withdrawn when the agent left: it can never run any "
		       "more.\n");
	}
}
