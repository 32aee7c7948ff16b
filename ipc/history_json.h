/* A row of the history as members of a JSON object: `bascule history --json`, and what consoles
 * get. */
#ifndef BASCULE_IPC_HISTORY_JSON_H
#define BASCULE_IPC_HISTORY_JSON_H

#include "core/history.h"
#include "core/jsonw.h"

/* Into an open object: number, call, then every column of core/history_columns.h. Of a time
 * arrived_us there are "arrived" in milliseconds as on the wire, "arrived_us" as stored, and
 * "arrived_at" to read; all null for one that has not come. */
void history_json_row(
	struct jsonw *w, const struct history_call *call, const struct history_session *session);

/* A text of JSON that belongs to a row, as a member; null where there is none, or it is none. */
void history_json_raw(struct jsonw *w, const char *name, struct history *h, int64_t number,
	bool (*read)(struct history *h, int64_t number, struct buf *out, struct err *err));

#endif
