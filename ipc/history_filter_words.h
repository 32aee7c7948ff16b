/* The filter of a command line: words that are no flags, read as core/query.h has it. */
#ifndef BASCULE_IPC_HISTORY_FILTER_WORDS_H
#define BASCULE_IPC_HISTORY_FILTER_WORDS_H

#include "core/buf.h"
#include "core/history_filter.h"

struct filter_words {
	struct buf text; /* all of them, joined by spaces */
	struct query query;
	struct history_filter filter;
	char *me;
	char **rest; /* what remains for cmd_read_flags: argv[0] and the flags */
	int count;
};

/* Takes the words of the filter, which may begin with one "-", out from among the flags; behind
 * "--" each is a word. `valued`: flags that take a value as the next word, ends with NULL. The
 * words are argv's. */
void filter_words_take(struct filter_words *f, int argc, char **argv, const char *const *valued);
bool filter_words_parse(struct filter_words *f, struct err *err);
/* Prints the filter once more on stderr, with a mark under the place that the error is about. */
void filter_words_point(const struct filter_words *f, const struct err *err);
void filter_words_finish(struct filter_words *f);

#endif
