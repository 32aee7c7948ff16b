/*
 * What NotebookEdit makes of one cell's source. Pure; reads no file.
 *
 * Source: Claude Code 2.1, NotebookEdit: a cell is named by its id, else as "cell-N", counted from
 * 0. The tool writes the whole notebook anew and empties the outputs of a code cell that it
 * replaces: neither is foretold here.
 */
#ifndef BASCULE_CORE_NOTEBOOK_H
#define BASCULE_CORE_NOTEBOOK_H

#include "core/base.h"
#include "core/buf.h"

enum notebook_mode { NOTEBOOK_REPLACE, NOTEBOOK_INSERT, NOTEBOOK_DELETE };

struct notebook_ask {
	enum notebook_mode mode;
	const char *cell; /* NULL: none is named */
	const char *type; /* "code", "markdown", or NULL */
	struct span source;
};

struct notebook {
	struct buf before, after; /* the source of the cell, now and then */
	size_t number, count; /* of the cell, from 1; insert: of the one before it, or 0 */
	bool several; /* more than one cell has the id: the first is meant */
	bool retyped; /* its type changes too */
	const char *fails; /* why it will not apply; our words, or NULL */
	const char *unknown; /* why it cannot be foretold; our words, or NULL */
};

/* `file`: absent if there is none. */
void notebook_edit(struct notebook *n, const struct notebook_ask *ask, struct span file);
void notebook_finish(struct notebook *n);

#endif
