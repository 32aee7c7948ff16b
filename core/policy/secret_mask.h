/* Texts for people, without the credentials in them. */
#ifndef BASCULE_CORE_POLICY_SECRET_MASK_H
#define BASCULE_CORE_POLICY_SECRET_MASK_H

#include "core/buf.h"
#include "core/policy/secret.h"

/* Appends the text, each credential in it as its kind: ⟨github-token⟩. A text that could not be
 * scanned whole is left out: ⟨not shown⟩. */
void secret_mask(struct secrets *secrets, struct span text, struct buf *out);

#endif
