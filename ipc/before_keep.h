/* A file as it was before a call, on its way into detail.db: searched for secrets first. */
#ifndef BASCULE_IPC_BEFORE_KEEP_H
#define BASCULE_IPC_BEFORE_KEEP_H

#include "core/buf.h"
#include "core/policy/secret.h"
#include "core/store.h"

struct before_keep {
	int64_t number, mode;
	char *path; /* owned; NULL once nothing may be kept */
	bool absent;
	const char *why; /* it cannot be restored; static, NULL: it can */
	struct hash after; /* zero: not known yet */
};

void before_keep_free(void *keep);
/* `content` comes in base64 and goes as the bytes that may be kept: none beside a `why`. */
void before_keep_ready(struct before_keep *keep, struct secrets *secrets, struct buf *content);
/* The content is not kept. */
void before_keep_drop(struct before_keep *keep, struct buf *content, const char *why);
bool before_keep_write(
	struct store *store, const struct before_keep *keep, struct span content, struct err *err);

#endif
