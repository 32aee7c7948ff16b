/*
 * Folding of paths: what several spellings of one name come to on a file system or in a program
 * that does not tell them apart.
 *
 * Promises: whatever is equal after NFKC and case folding, as far as the sets' names are ASCII, is
 * equal here; and so is what differs only by characters that nobody sees, by a trailing dot or
 * space, or by the kind of slash. Does not judge. Called by sets.c and by judgement; only for
 * comparing with what is held or denied.
 */
#include "config.h"

#include "core/policy/sets.h"

#include "core/unicode.h"

#include <string.h>

static const struct {
	uint32_t first, last;
	char text[5];
} folds[] = {
#define F(first, last, text) { 0x##first, 0x##last, text },
#include "core/policy/sets_fold_table.h"
#undef F
};

/* Default_Ignorable_Code_Point, and what HFS+ leaves out when it compares. */
static const struct {
	uint32_t first, last;
} ignored[] = {
	{ 0xad, 0xad },
	{ 0x34f, 0x34f },
	{ 0x61c, 0x61c },
	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x200b, 0x200f },
	{ 0x202a, 0x202e },
	{ 0x2060, 0x206f },
	{ 0x3164, 0x3164 },
	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfff8 },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

struct folding {
	char *out;
	size_t at, size;
	size_t component; /* where the last component of `out` begins */
	bool fits;
};

static void put(struct folding *f, const char *bytes, size_t len)
{
	f->fits = f->fits && f->at + len < f->size;
	if (f->fits) {
		memcpy(f->out + f->at, bytes, len);
		f->at += len;
	}
}

/* Windows and some servers drop dots and spaces at the end of a name. */
static void end_component(struct folding *f)
{
	const char *name = f->out + f->component;
	size_t len = f->at - f->component;
	if ((len == 1 && name[0] == '.') || (len == 2 && name[0] == '.' && name[1] == '.')) {
		return;
	}
	while (len && (name[len - 1] == '.' || name[len - 1] == ' ')) {
		len--;
	}
	f->at = f->component + len;
}

static void put_char(struct folding *f, char c)
{
	if (c == '/' || c == '\\') {
		end_component(f);
		put(f, "/", 1);
		f->component = f->at;
		return;
	}
	c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	put(f, &c, 1);
}

static bool is_ignored(uint32_t c)
{
	for (size_t i = 0; i < COUNT_OF(ignored); i++) {
		if (c <= ignored[i].last) {
			return c >= ignored[i].first;
		}
	}
	return false;
}

/* Index of the run that holds c, COUNT_OF(folds) if none does. */
static size_t find_fold(uint32_t c)
{
	size_t low = 0, high = COUNT_OF(folds);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c > folds[middle].last) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < COUNT_OF(folds) && c >= folds[low].first ? low : COUNT_OF(folds);
}

static void put_wide(struct folding *f, uint32_t c, const char *bytes, size_t len)
{
	if (is_ignored(c)) {
		return;
	}
	size_t i = find_fold(c);
	if (i == COUNT_OF(folds)) {
		put(f, bytes, len);
		return;
	}
	if (folds[i].first != folds[i].last) {
		put_char(f, (char)(folds[i].text[0] + (int)(c - folds[i].first)));
		return;
	}
	for (const char *text = folds[i].text; *text; text++) {
		put_char(f, *text);
	}
}

bool path_fold(struct span path, char *out, size_t size)
{
	struct folding f = { .out = out, .size = size, .fits = size > 0 };
	for (size_t i = 0; i < path.len && f.fits;) {
		if (!(path.at[i] & 0x80)) {
			f.fits = path.at[i] != '\0';
			put_char(&f, path.at[i++]);
			continue;
		}
		struct unicode_char c = unicode_read(path.at + i, path.len - i);
		f.fits = c.valid;
		put_wide(&f, c.c, path.at + i, c.bytes);
		i += c.bytes;
	}
	end_component(&f);
	if (size) {
		out[f.fits ? f.at : 0] = '\0';
	}
	return f.fits;
}
