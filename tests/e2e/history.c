/* Runs `bascule history` and parses what it prints, a JSON object a line. */
#include "config.h"

#include "tests/e2e/history.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdlib.h>
#include <string.h>

cJSON *history_rows(struct world *w, const char *text)
{
	char *program = world_path(w, "bascule-broker");
	const char *argv[] = { program, "history", "--root", w->root, "--json", "--limit", "1000",
		text, NULL };
	struct buf out = { 0 };
	cJSON *rows = cJSON_CreateArray();
	CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
	for (char *line = strtok(buf_cstr(&out), "\n"); line; line = strtok(NULL, "\n")) {
		cJSON *row = cJSON_Parse(line);
		CHECK(w, row != NULL);
		cJSON_AddItemToArray(rows, row);
	}
	buf_finish(&out);
	free(program);
	return rows;
}

/* Each look is a process of its own, so this does not spin. */
cJSON *history_wait(struct world *w, const char *text, int count)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	for (;;) {
		cJSON *rows = history_rows(w, text);
		int got = cJSON_GetArraySize(rows);
		if (got == count) {
			return rows;
		}
		if (now_ms() >= end) {
			world_fail(w, "%d rows of %s in the history, expected %d", got,
				text ? text : "all", count);
		}
		cJSON_Delete(rows);
	}
}

const cJSON *history_row(struct world *w, const char *text, const char *state)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	for (;;) {
		cJSON *rows = history_rows(w, text);
		int count = cJSON_GetArraySize(rows);
		const cJSON *row = count ? cJSON_GetArrayItem(rows, count - 1) : NULL;
		if (row && strcmp(pick_text(row, "state"), state) == 0) {
			return row;
		}
		if (now_ms() >= end) {
			world_fail(w, "the newest row of %s is %s, expected %s",
				text ? text : "all", row ? pick_text(row, "state") : "not there",
				state);
		}
		cJSON_Delete(rows);
	}
}
