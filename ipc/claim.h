/*
 * What a gate, or `bascule trust`, claims of a server: name, profile, scope, command, resolved
 * program. A person accepts exactly this; the broker only compares.
 */
#ifndef BASCULE_IPC_CLAIM_H
#define BASCULE_IPC_CLAIM_H

#include "core/effects/profile.h"
#include "core/jsonw.h"
#include "ipc/facts.h"

struct claim {
	char *name;
	char *profile; /* "" if none */
	char *const *argv; /* borrowed */
	char *program; /* what execvp will find; the word itself if nothing */
	const struct facts *facts; /* borrowed: scope and cwd */
	/* words of `bascule contain` that stand before the command; borrowed; NULL: it runs free */
	const char *const *contained;
};

/* `name` and `profile` may be NULL. False: there is no such profile. */
bool claim_init(struct claim *claim, const struct profiles *profiles, const char *name,
	const char *profile, char *const *argv, const struct facts *facts, struct err *err);
void claim_finish(struct claim *claim);
/* the object `server` of the protocol */
void claim_write(const struct claim *claim, struct jsonw *w);

#endif
