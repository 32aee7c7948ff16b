/*
 * Reads the git index into an array of entries, and looks names up in it by halving. Everything in
 * the file is doubted: lengths, the order of names, flags. Used by ipc/git_repo.c, which reads the
 * file and keeps what was parsed.
 */
#include "config.h"

#include "core/git_index.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 12,
	FIXED = 62,
	EXTENDED = 0x4000,
	NAME_MASK = 0xfff,
	STAGE = 0x3000,
	ADDED_LATER = 0x2000,
	PATH_MOST = 4096
};

struct reader {
	const unsigned char *at, *end;
	unsigned version;
	char *names; /* where names are put together */
	size_t used, room;
	size_t last, last_len; /* the name before, as an offset into names */
};

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The number in front of a version 4 name: seven bits a byte, and one more for each byte that
 * follows. */
static bool read_offset(struct reader *r, size_t *out)
{
	size_t n = 0;
	for (int i = 0; i < 4 && r->at < r->end; i++) {
		unsigned char c = *r->at++;
		n = (n << 7) + (c & 0x7f);
		if (!(c & 0x80)) {
			*out = n;
			return true;
		}
		n++;
	}
	return false;
}

/* Names hold nothing that could make them another path than they read. */
static bool name_is_sane(const char *name, size_t len)
{
	return len > 0 && name[0] != '/' && name[len - 1] != '/';
}

/* The suffix at r->at behind `keep` bytes of the name before. */
static bool read_name(struct reader *r, size_t keep, struct git_entry *entry)
{
	const unsigned char *nul = memchr(r->at, '\0', (size_t)(r->end - r->at));
	size_t more = nul ? (size_t)(nul - r->at) : 0;
	if (!nul || keep + more > PATH_MOST || r->room - r->used < keep + more + 1) {
		return false;
	}
	char *name = r->names + r->used;
	memcpy(name, r->names + r->last, keep);
	memcpy(name + keep, r->at, more);
	name[keep + more] = '\0';
	entry->path = (struct span){ name, keep + more };
	r->last = r->used;
	r->last_len = keep + more;
	r->used += keep + more + 1;
	r->at = nul + 1;
	return name_is_sane(name, entry->path.len);
}

static bool skip_padding(struct reader *r, const unsigned char *start)
{
	size_t n = (size_t)(r->at - start), padded = (n + 7) / 8 * 8;
	if ((size_t)(r->end - start) < padded) {
		return false;
	}
	r->at = start + padded;
	return true;
}

static bool read_entry(struct reader *r, struct git_entry *entry)
{
	const unsigned char *start = r->at;
	size_t keep = 0;
	if (r->end - r->at < FIXED) {
		return false;
	}
	unsigned flags = (unsigned)(start[60] << 8 | start[61]), more = 0;
	r->at += FIXED;
	if (flags & EXTENDED) {
		if (r->version < 3 || r->end - r->at < 2) {
			return false;
		}
		more = (unsigned)(r->at[0] << 8 | r->at[1]);
		r->at += 2;
	}
	*entry = (struct git_entry){ .mtime_s = be32(start + 8),
		.mtime_ns = be32(start + 12),
		.mode = be32(start + 24),
		.size = be32(start + 36),
		.added_later = (more & ADDED_LATER) != 0,
		.conflict = (flags & STAGE) != 0 };
	memcpy(entry->id, start + 40, GIT_ID_BYTES);
	if (r->version == 4) {
		size_t strip = 0;
		if (!read_offset(r, &strip) || strip > r->last_len) {
			return false;
		}
		keep = r->last_len - strip;
	}
	if (!read_name(r, keep, entry) ||
		((flags & NAME_MASK) != NAME_MASK && (flags & NAME_MASK) != entry->path.len)) {
		return false;
	}
	uint32_t kind = entry->mode & GIT_MODE_KIND;
	return (kind == GIT_MODE_FILE || kind == GIT_MODE_LINK || kind == GIT_MODE_MODULE) &&
		(r->version == 4 || skip_padding(r, start));
}

static int compare(struct span a, struct span b)
{
	int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Extensions whose name begins with a capital letter may be left alone. "FSMN" and "UNTR" say
 * nothing of what we ask. Behind them stands the checksum alone. */
static bool extensions_are_optional(struct reader *r)
{
	while (r->end - r->at >= 8) {
		size_t size = be32(r->at + 4);
		if (r->at[0] < 'A' || r->at[0] > 'Z' || (size_t)(r->end - r->at - 8) < size) {
			return false;
		}
		r->at += 8 + size;
	}
	return r->at == r->end;
}

/* How much all names together may take: version 4 repeats what it does not write. */
static size_t names_room(const struct reader *r, size_t count)
{
	size_t size = (size_t)(r->end - r->at);
	return r->version == 4 ? size + count * 256 + PATH_MOST : size;
}

bool git_index_parse(struct git_index *out, struct span bytes)
{
	const unsigned char *start = (const unsigned char *)bytes.at;
	*out = (struct git_index){ 0 };
	if (bytes.len < HEADER + GIT_ID_BYTES || memcmp(start, "DIRC", 4) != 0) {
		return false;
	}
	struct reader r = { .at = start + HEADER,
		.end = start + bytes.len - GIT_ID_BYTES,
		.version = be32(start + 4) };
	size_t count = be32(start + 8);
	if (r.version < 2 || r.version > 4 || count > bytes.len / FIXED) {
		return false;
	}
	r.room = names_room(&r, count);
	r.names = xmalloc(r.room + 1);
	out->names = r.names;
	out->entries = xcalloc(count + 1, sizeof(*out->entries));
	bool ok = true;
	for (size_t i = 0; ok && i < count; i++) {
		ok = read_entry(&r, &out->entries[i]);
		if (ok && i > 0) {
			int order = compare(out->entries[i - 1].path, out->entries[i].path);
			ok = order < 0 || (order == 0 && out->entries[i].conflict);
		}
		out->count = i + 1;
	}
	if (!ok || !extensions_are_optional(&r)) {
		git_index_finish(out);
		return false;
	}
	return true;
}

void git_index_finish(struct git_index *index)
{
	free(index->entries);
	free(index->names);
	*index = (struct git_index){ 0 };
}

/* The first entry that is not before `path`. */
static size_t lower_bound(const struct git_index *index, struct span path)
{
	size_t low = 0, high = index->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(index->entries[middle].path, path) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

const struct git_entry *git_index_find(const struct git_index *index, struct span path)
{
	size_t i = lower_bound(index, path);
	return i < index->count && span_same(index->entries[i].path, path) ? &index->entries[i]
									   : NULL;
}

bool git_index_below(const struct git_index *index, struct span directory)
{
	if (!directory.len) {
		return index->count > 0;
	}
	if (git_index_find(index, directory)) {
		return true;
	}
	char *prefix = xasprintf("%.*s/", SPAN_FMT(directory));
	size_t i = lower_bound(index, span_of(prefix));
	bool below = i < index->count && span_starts(index->entries[i].path, prefix);
	free(prefix);
	return below;
}
