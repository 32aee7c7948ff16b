/*
 * The reader of ini-style files, and the search for the name that somebody meant.
 *
 * Promises: never reads past the text, never copies a value, gives either all entries or an error
 * that names file and line. Does not know what any key means, opens no file. Called by config.c and
 * by the console's themes and keys.
 */
#include "config.h"

#include "core/ini.h"

#include "core/diag.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
	INI_ENTRIES_MAX = 4096, /* bounds the search for duplicates */
	QUOTED_MAX = 60, /* bytes of the file's own words in a message */
	WORD_MAX = 64, /* longer words are never near anything */
};

struct reader {
	struct ini *ini;
	size_t cap;
	const char *file;
	struct span section;
	unsigned line;
	struct err *err;
};

static int quoted_len(struct span s)
{
	return (int)(s.len < QUOTED_MAX ? s.len : QUOTED_MAX);
}

/* Well-formed UTF-8 without control characters; tab is none. */
static bool is_text(struct span s)
{
	const unsigned char *at = (const unsigned char *)s.at, *end = at + s.len;
	while (at < end) {
		size_t n = utf8_length(at, end);
		bool c0 = at[0] < 0x20 && at[0] != '\t';
		bool c1 = n == 2 && at[0] == 0xc2 && at[1] < 0xa0;
		if (!n || c0 || c1 || at[0] == 0x7f) {
			return false;
		}
		at += n;
	}
	return true;
}

static bool read_section(struct reader *r, struct span line)
{
	struct span name = { line.at + 1, line.len - 1 };
	if (!name.len || name.at[name.len - 1] != ']') {
		return fail(r->err, DIAG_CONFIG,
			"%s:%u: a section without its end, expected [NAME]", r->file, r->line);
	}
	name.len--;
	name = span_trim(name);
	if (!name.len) {
		return fail(r->err, DIAG_CONFIG, "%s:%u: a section without a name, expected [NAME]",
			r->file, r->line);
	}
	r->section = name;
	return true;
}

static bool add_entry(struct reader *r, struct span key, struct span value)
{
	struct ini *ini = r->ini;
	for (size_t i = 0; i < ini->count; i++) {
		const struct ini_entry *e = &ini->entries[i];
		if (span_same(e->key, key) && span_same(e->section, r->section)) {
			return fail(r->err, DIAG_CONFIG,
				"%s:%u: %.*s: set before in line %u, expected once", r->file,
				r->line, quoted_len(key), key.at, e->line);
		}
	}
	if (ini->count == INI_ENTRIES_MAX) {
		return fail(r->err, DIAG_CONFIG, "%s:%u: more than %d settings", r->file, r->line,
			INI_ENTRIES_MAX);
	}
	ini->entries = xgrow(ini->entries, &r->cap, ini->count + 1, sizeof(*ini->entries));
	ini->entries[ini->count++] = (struct ini_entry){ r->section, key, value, r->line };
	return true;
}

static bool read_entry(struct reader *r, struct span line)
{
	const char *equals = memchr(line.at, '=', line.len);
	if (!equals) {
		return fail(r->err, DIAG_CONFIG, "%s:%u: %.*s: no =, expected KEY = VALUE", r->file,
			r->line, quoted_len(line), line.at);
	}
	struct span key = span_trim((struct span){ line.at, (size_t)(equals - line.at) });
	struct span value = span_trim(
		(struct span){ equals + 1, line.len - (size_t)(equals + 1 - line.at) });
	if (!key.len) {
		return fail(r->err, DIAG_CONFIG,
			"%s:%u: nothing before the =, expected KEY = VALUE", r->file, r->line);
	}
	if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"') {
		value.at++;
		value.len -= 2;
	}
	return add_entry(r, key, value);
}

static bool read_line(struct reader *r, struct span line)
{
	if (!is_text(line)) {
		return fail(r->err, DIAG_CONFIG,
			"%s:%u: a control character or bytes that are not UTF-8", r->file, r->line);
	}
	line = span_trim(line);
	if (!line.len || line.at[0] == '#' || line.at[0] == ';') {
		return true;
	}
	return line.at[0] == '[' ? read_section(r, line) : read_entry(r, line);
}

/* Cuts the next line off `rest`; its end may be LF or CR LF. */
static struct span next_line(struct span *rest)
{
	const char *end = memchr(rest->at, '\n', rest->len);
	struct span line = { rest->at, end ? (size_t)(end - rest->at) : rest->len };
	size_t used = line.len + (end ? 1 : 0);
	rest->at += used;
	rest->len -= used;
	if (end && line.len && line.at[line.len - 1] == '\r') {
		line.len--;
	}
	return line;
}

bool ini_parse(struct ini *ini, const char *file, struct span text, struct err *err)
{
	struct reader r = { .ini = ini, .file = file, .section = SPAN(""), .err = err };
	*ini = (struct ini){ 0 };
	if (span_starts(text, "\xef\xbb\xbf")) { /* some editors begin every file so */
		text.at += 3;
		text.len -= 3;
	}
	while (text.len) {
		r.line++;
		if (!read_line(&r, next_line(&text))) {
			ini_finish(ini);
			return false;
		}
	}
	return true;
}

void ini_finish(struct ini *ini)
{
	if (ini) {
		free(ini->entries);
		*ini = (struct ini){ 0 };
	}
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, replacements and swapped neighbours cost one
 * each. */
static unsigned distance(struct span a, struct span b)
{
	unsigned rows[3][WORD_MAX + 1];
	for (unsigned j = 0; j <= b.len; j++) {
		rows[0][j] = j;
	}
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *now = rows[i % 3], *last = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
		now[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned differs = a.at[i - 1] != b.at[j - 1];
			now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + differs);
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
				a.at[i - 2] == b.at[j - 1]) {
				now[j] = least(now[j], before[j - 2] + 1);
			}
		}
	}
	return rows[a.len % 3][b.len];
}

const char *ini_nearest(struct span word, const char *const *candidates, size_t count)
{
	const char *best = NULL;
	unsigned best_distance = 0;
	if (!word.at || !word.len || word.len > WORD_MAX) {
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		struct span candidate = span_of(candidates[i]);
		if (!candidate.len || candidate.len > WORD_MAX) {
			continue;
		}
		unsigned d = distance(word, candidate);
		if (d <= 1 + candidate.len / 4 && d < candidate.len &&
			(!best || d < best_distance)) {
			best = candidates[i];
			best_distance = d;
		}
	}
	return best;
}
