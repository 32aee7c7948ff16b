/*
 * Puts the kind of a credential in its place. Says what the scanner finds and nothing more: whoever
 * prints foreign text still passes it through the sanitiser. Called by ipc/doctor*.c.
 */
#include "config.h"

#include "core/policy/secret_mask.h"

enum { FINDINGS_MAX = 32 };

void secret_mask(struct secrets *secrets, struct span text, struct buf *out)
{
	struct secret_finding found[FINDINGS_MAX];
	size_t count = 0, at = 0;
	enum secret_result result = secrets_scan(secrets, text, false, found, FINDINGS_MAX, &count);
	if (result == SECRET_NOT_SCANNED || count == FINDINGS_MAX) {
		buf_text(out, "⟨not shown⟩");
		return;
	}
	for (size_t i = 0; result == SECRET_FOUND && i < count; i++) {
		if (found[i].at < at) {
			continue; /* inside of the one before */
		}
		buf_add(out, text.at + at, found[i].at - at);
		buf_printf(out, "⟨%s⟩", found[i].rule);
		at = found[i].at + found[i].len;
	}
	buf_add(out, text.at + at, text.len - at);
}
