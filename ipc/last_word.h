/*
 * The answer that a hook gives when it can give no other: agents run the tool when their hook is
 * silent for too long, or crashes. A thread of its own speaks when the time is over, whatever the
 * rest of the process is stuck in, and a crash ends as a no.
 *
 * One a process. Whoever wants to speak first takes the word; it is taken once.
 */
#ifndef BASCULE_IPC_LAST_WORD_H
#define BASCULE_IPC_LAST_WORD_H

#include "core/buf.h"

struct last_word;

/* From here on a crash ends the process with exit code 2 and a text on stderr, and so does the end
 * of `ms` milliseconds. */
struct last_word *last_word_set(uint64_t ms);
/* What is written to stdout and stderr instead, and the exit code. Takes the content of both. */
void last_word_change(struct last_word *word, struct buf *out, struct buf *err, int code);
/* True: the caller speaks, now. False: somebody has spoken. */
bool last_word_take(struct last_word *word);
/* What was said is said: when the time is over now, this is the exit code. Before, and after
 * last_word_take, it is 2: half an answer is none. */
void last_word_said(struct last_word *word, int code);

/* Writes both texts, stderr first. The exit code that goes with what was written: `code`; 2 if not
 * all of it was, or 0 if a no was written to stdout alone, because some take code 2 without a text
 * on stderr for no answer. */
int last_word_write(struct span out, struct span err, int code);

#endif
