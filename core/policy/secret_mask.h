/* Texts for people and for the record, without the credentials in them. */
#ifndef BASCULE_CORE_POLICY_SECRET_MASK_H
#define BASCULE_CORE_POLICY_SECRET_MASK_H

#include "core/buf.h"
#include "core/hash.h"
#include "core/policy/secret.h"

/* Appends the text, each credential in it as its kind: ⟨github-token⟩. A text that could not be
 * scanned whole is left out: ⟨not shown⟩. */
void secret_mask(struct secrets *secrets, struct span text, struct buf *out);

/* The same for the record: ⟨github-token:3fa9c1⟩, where equal credentials have equal digits, which
 * say nothing without the key. Appends what begins in [from, to) of the text; a credential that
 * reaches over either end is marked whole. False: it could not be scanned whole, and nothing was
 * appended. */
bool secret_mark(struct secrets *secrets, const unsigned char key[HASH_BYTES], struct span text,
	size_t from, size_t to, struct buf *out);

#endif
