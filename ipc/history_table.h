/* The table of `bascule history`: fitted to a terminal's width, or one line of tab-separated fields
 * for a pipe. */
#ifndef BASCULE_IPC_HISTORY_TABLE_H
#define BASCULE_IPC_HISTORY_TABLE_H

#include "core/history.h"

struct history_table;

struct history_table *history_table_create(void); /* for stdout as it is now */
void history_table_destroy(struct history_table *table);
/* A history_row: prints one call, before the first the heading (on a terminal). `data` is the
 * table. */
bool history_table_row(
	void *data, const struct history_call *call, const struct history_session *session);
size_t history_table_rows(const struct history_table *table);

#endif
