/*
 * The broker's second writer: a thread of its own that redacts what calls carried and keeps it in
 * detail.db (core/store.h). The loop queues copies and goes on; nothing that a verdict waits for is
 * here. What is queued is in the file within WRITER_SOON_MS, or, while the disk refuses it, once it
 * can be written; what is queued when the process dies is gone, and shows as "not kept".
 *
 * The functions are for the loop's thread, but for those that a job calls. NULL as the writer is
 * fine: nothing is kept any more.
 */
#ifndef BASCULE_IPC_WRITER_H
#define BASCULE_IPC_WRITER_H

#include "core/bounded.h"
#include "core/hash.h"
#include "core/store.h"
#include "ipc/before_keep.h"
#include "ipc/peer.h"

#include <uv.h>

enum {
	WRITER_SOON_MS = 20, /* jobs are collected for so long */
	WRITER_QUEUE_MAX = 4 << 20, /* bytes that wait; what comes then is left out, and said so */
	WRITER_BEFORE_MAX = 32 << 20, /* the same for files before they are written */
	WRITER_TROUBLE = 200,
};

struct writer;

/* Opens or creates the file. `key` (copied): of the hashes and marks. `note`: as of store_open. */
struct writer *writer_start(
	const char *path, const unsigned char key[HASH_BYTES], char **note, struct err *err);
/* Writes what is queued, for some seconds at most, and ends the thread. NULL is fine. */
void writer_stop(struct writer *w);
/* Sent from the thread when writer_trouble says something else; open until writer_stop. */
void writer_tell(struct writer *w, uv_async_t *changed);
/* Why nothing can be written at the moment, or "". */
void writer_trouble(struct writer *w, char out[WRITER_TROUBLE]);

/* From now on values of the dotenv files in these directories, and of variables with secret names
 * in this process's environment, are marked wherever they stand. `dirs` ends with NULL. */
void writer_learn(struct writer *w, const char *const *dirs, const struct process *process);

/* What a call carried, as it came; takes the text. `hash`: of the whole, plain; zero: not known. */
void writer_text(struct writer *w, int64_t number, enum store_part part, struct bounded *text,
	const struct hash *hash);
/* What the console shows of the files: takes `json`, a result of `preview` (ipc/PROTOCOL.md). */
void writer_diff(
	struct writer *w, int64_t number, const char *profile, const char *tool, struct buf *json);
/* Something that happened beside calls; takes `json`, an object. */
void writer_event(struct writer *w, int64_t at_us, const char *kind, struct buf *json);

/* A file before a call; takes both. `content`: base64. What holds a secret is not kept. */
void writer_before(struct writer *w, struct before_keep *keep, struct buf *content);

/* Runs `work` inside of a transaction of the file, after all that was queued before, and
 * `free_data` when that is written. If it fails, the transaction is rolled back and it runs again
 * later. */
typedef bool writer_work(struct store *store, void *data, struct err *err);
void writer_run(struct writer *w, writer_work *work, void *data, void (*free_data)(void *data));

#endif
