/*
 * Puts the kind of a credential in its place. Says what the scanner finds and nothing more: whoever
 * prints foreign text still passes it through the sanitiser. Called by ipc/doctor*.c, and for all
 * that the broker keeps.
 */
#include "config.h"

#include "core/policy/secret_mask.h"

#include <ctype.h>
#include <string.h>

enum {
	FINDINGS_MAX = 32,
	MARKS_MAX = 128, /* the scanner finds no more at once */
	MARKED_MAX = 1 << 20, /* it looks at no more at once */
	ROUNDS_MAX = 8,
	MARK_HEX = 6,
	MARK_NAME = 40, /* of a known value its name is the kind */
};

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

/* ---- for the record ---- */

/* The name stands inside of JSON, and may come from a file. */
static void add_mark(
	struct buf *out, const char *kind, const unsigned char key[HASH_BYTES], struct span value)
{
	struct hash plain = hash_of(value), keyed;
	char hex[HASH_HEX + 1];
	hash_keyed(key, plain.byte, keyed.byte);
	hash_hex(&keyed, hex);
	buf_text(out, "⟨");
	for (size_t i = 0; kind[i] && i < MARK_NAME; i++) {
		bool plain_letter = isalnum((unsigned char)kind[i]) && (unsigned char)kind[i] < 128;
		buf_char(out, plain_letter || kind[i] == '-' ? kind[i] : '_');
	}
	buf_printf(out, ":%.*s⟩", MARK_HEX, hex);
}

/* The part of [at, end) that lies in [from, to). */
static void add_plain(
	struct buf *out, struct span text, size_t at, size_t end, size_t from, size_t to)
{
	at = at > from ? at : from;
	end = end < to ? end : to;
	if (at < end) {
		buf_add(out, text.at + at, end - at);
	}
}

/* Of these the rule knows the first line only. What is behind it belongs to it up to its end, or up
 * to the end of the text. */
static size_t end_of(const struct secret_finding *f, struct span text)
{
	static const struct {
		const char *rule, *last;
	} blocks[] = { { "private-key", "PRIVATE KEY" }, { "putty-key", "Private-MAC: " } };
	size_t end = f->at + f->len;
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		if (strcmp(f->rule, blocks[i].rule) != 0) {
			continue;
		}
		size_t len = strlen(blocks[i].last);
		const char *last = memmem(text.at + end, text.len - end, blocks[i].last, len);
		size_t at = last ? (size_t)(last - text.at) + len : text.len;
		while (at < text.len &&
			(isalnum((unsigned char)text.at[at]) || text.at[at] == '-' ||
				text.at[at] == ' ')) {
			at++;
		}
		return at;
	}
	return end;
}

/* One look. *more: there may be others that it did not name. */
static bool mark_found(struct secrets *secrets, const unsigned char key[HASH_BYTES],
	struct span text, size_t from, size_t to, struct buf *out, bool *more)
{
	struct secret_finding found[MARKS_MAX];
	size_t count = 0, at = 0;
	enum secret_result result = text.len > MARKED_MAX
		? SECRET_NOT_SCANNED
		: secrets_scan(secrets, text, false, found, MARKS_MAX, &count);
	*more = result == SECRET_FOUND;
	if (result == SECRET_NOT_SCANNED) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct secret_finding *f = &found[i];
		if (f->at < at) {
			continue; /* inside of the one before */
		}
		add_plain(out, text, at, f->at, from, to);
		at = end_of(f, text);
		if (f->at < to && at > from) {
			add_mark(out, f->rule, key, (struct span){ text.at + f->at, at - f->at });
		}
	}
	add_plain(out, text, at, text.len, from, to);
	return true;
}

/* Where something was found, the scanner may have stopped at a limit of its own: the marked text is
 * looked at again until it has nothing. */
bool secret_mark(struct secrets *secrets, const unsigned char key[HASH_BYTES], struct span text,
	size_t from, size_t to, struct buf *out)
{
	struct buf now = { 0 };
	bool more = false, ok = mark_found(secrets, key, text, from, to, &now, &more);
	for (int round = 0; ok && more && round < ROUNDS_MAX; round++) {
		struct buf next = { 0 };
		ok = mark_found(secrets, key, buf_view(&now), 0, now.len, &next, &more);
		buf_finish(&now);
		now = next;
	}
	if (ok && !more) {
		buf_span(out, buf_view(&now));
	}
	buf_finish(&now);
	return ok && !more;
}
