/*
 * The rules in force and the grants that live, as the broker listed them last, and the one that is
 * looked at. Pure: JSON in, records out. The selection is a rule's name, as calls carry it
 * (FILE:LINE, built-in:LINE, grant:N).
 */
#ifndef BASCULE_TUI_BOOK_H
#define BASCULE_TUI_BOOK_H

#include "core/query.h"
#include "tui/model.h"

/* in the order in which they are listed */
enum book_kind {
	BOOK_BROKEN, /* a sentence about a file that cannot be read */
	BOOK_GRANT,
	BOOK_RULE,
	BOOK_OTHER, /* decides and is no rule: built-in:default */
};

enum { BOOK_CALLS = 3, BOOK_EXAMPLES = 20 };

/* member of a rule or a grant, and of the record */
#define BOOK_TEXTS(X) \
	X(level) \
	X(verdict) \
	X(text) \
	X(comment) \
	X(words) \
	X(server) \
	X(by)

struct book_call {
	int64_t number, at; /* at: Unix ms */
	char *state, *tool, *target, *server;
};

struct book_example {
	bool ok;
	char *text;
};

struct book_row {
	enum book_kind kind;
	char *rule; /* its name */
	int64_t line;
	int64_t since; /* Unix ms: what it says it has said from then on; 0: always */
	int64_t count, last; /* calls that it decided; the latest of them, Unix ms */
	/* of a grant */
	int64_t grant, number, agent, uses_left; /* -1: no end of that kind */
	int64_t until; /* monotonic ms; -1: no end of that kind */
#define X(name) char *name;
	BOOK_TEXTS(X)
#undef X
	struct book_call calls[BOOK_CALLS]; /* latest first */
	size_t call_count;
	struct book_example examples[BOOK_EXAMPLES];
	size_t example_count;
	bool hidden; /* by the filter */
};

struct book {
	struct book_row *list;
	size_t count, cap, grants;
	char *selected; /* name; NULL: none */
	size_t top; /* of the window */
	bool asked, here; /* an answer is not in yet; one came */
	bool stale; /* something happened since it was asked for */
	int64_t asked_at; /* monotonic ms */
	int64_t looked, from; /* calls that were counted, the first at */
	char *no_hits; /* why they could not be */
	char *why; /* why there is no list, in the broker's words */
	int64_t painted; /* the grant that the last frame showed as selected; 0: none */
	uint64_t stamp; /* new whenever what is shown of the selected one is */
};

void book_finish(struct book *book); /* zero-initialised is ready */
/* The result of `rules`, at `now`. The selection stays on its rule; when that is gone, near its
 * place. */
void book_read(struct book *book, struct span json, int64_t now);
/* Hides what does not fit; NULL: nothing. A selection that is hidden goes to the next one. */
void book_filter(struct book *book, const struct query *query);

struct book_row *book_selected(const struct book *book); /* NULL: none that is listed */
struct book_row *book_find(const struct book *book, const char *rule);
void book_select(struct book *book, const struct book_row *row);
/* By place among those that are listed. */
size_t book_shown(const struct book *book);
size_t book_place(const struct book *book); /* of the selected one; 0 if there is none */
struct book_row *book_at(const struct book *book, size_t place); /* NULL: behind the last */

#endif
