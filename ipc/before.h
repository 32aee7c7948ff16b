/* Files as they were before a call wrote them: what gate, broker and `restore` agree on. */
#ifndef BASCULE_IPC_BEFORE_H
#define BASCULE_IPC_BEFORE_H

#include "core/hash.h"

enum {
	BEFORE_FILES = 8, /* of a call */
	BEFORE_BYTES = 1 << 20, /* of a file */
	BEFORE_TOTAL = 2 << 20, /* of a call's files */
	BEFORE_HOST = 72,
};

/* Names this machine: its machine-id, else its name. */
const char *before_host(char out[BEFORE_HOST]);
/* Stands for "there is no file" where the hash of a content is expected. */
struct hash before_absent(void);

#endif
