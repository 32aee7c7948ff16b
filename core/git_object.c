/*
 * Parsers of what git stores, each bounded by the bytes that it is given. Reading, inflating and
 * following from one object to the next belong to ipc/git_read.c.
 */
#include "config.h"

#include "core/git_object.h"

#include <nettle/sha1.h>

#include <stdio.h>
#include <string.h>

enum { IDX_HEADER = 8, IDX_ENTRY = GIT_ID_BYTES + 8, IDX_RANGE_MOST = 64 << 20 };

void git_object_id(enum git_type type, struct span content, unsigned char id[GIT_ID_BYTES])
{
	static const char *const names[] = { "", "commit", "tree", "blob", "tag" };
	struct sha1_ctx run;
	char head[32];
	int n = snprintf(head, sizeof(head), "%s %zu", names[type], content.len);
	sha1_init(&run);
	sha1_update(&run, (size_t)n + 1, (const uint8_t *)head); /* with its NUL */
	sha1_update(&run, content.len, (const uint8_t *)content.at);
	sha1_digest(&run, GIT_ID_BYTES, id);
}

void git_id_hex(const unsigned char id[GIT_ID_BYTES], char out[2 * GIT_ID_BYTES + 1])
{
	for (size_t i = 0; i < GIT_ID_BYTES; i++) {
		snprintf(out + 2 * i, 3, "%02x", id[i]);
	}
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool git_id_parse(struct span hex, unsigned char id[GIT_ID_BYTES])
{
	if (hex.len != (size_t)2 * GIT_ID_BYTES) {
		return false;
	}
	for (size_t i = 0; i < GIT_ID_BYTES; i++) {
		int high = hex_digit(hex.at[2 * i]), low = hex_digit(hex.at[2 * i + 1]);
		if (high < 0 || low < 0) {
			return false;
		}
		id[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool git_loose_header(struct span bytes, enum git_type *type, size_t *size, size_t *used)
{
	static const struct {
		const char *name;
		enum git_type type;
	} types[] = {
		{ "commit ", GIT_COMMIT },
		{ "tree ", GIT_TREE },
		{ "blob ", GIT_BLOB },
		{ "tag ", GIT_TAG },
	};
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (!span_starts(bytes, types[i].name)) {
			continue;
		}
		size_t at = strlen(types[i].name), n = 0, digits = 0;
		for (; at < bytes.len && bytes.at[at] >= '0' && bytes.at[at] <= '9'; at++) {
			n = n * 10 + (size_t)(bytes.at[at] - '0');
			if (++digits > 15) {
				return false;
			}
		}
		*type = types[i].type;
		*size = n;
		*used = at + 1;
		return digits && at < bytes.len && !bytes.at[at];
	}
	return false;
}

static bool read_back(struct span bytes, size_t *at, uint64_t *out)
{
	uint64_t n = 0;
	for (int i = 0; i < 8 && *at < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[(*at)++];
		n = (n << 7) + (c & 0x7f);
		if (!(c & 0x80)) {
			*out = n;
			return true;
		}
		n++;
	}
	return false;
}

bool git_pack_header(struct span bytes, struct git_pack_header *out)
{
	size_t at = 0;
	unsigned shift = 4;
	*out = (struct git_pack_header){ 0 };
	if (!bytes.len) {
		return false;
	}
	unsigned char c = (unsigned char)bytes.at[at++];
	out->type = (enum git_type)(c >> 4 & 7);
	out->size = c & 15;
	while (c & 0x80) {
		if (at >= bytes.len || shift > 46) {
			return false;
		}
		c = (unsigned char)bytes.at[at++];
		out->size |= (size_t)(c & 0x7f) << shift;
		shift += 7;
	}
	if (out->type == GIT_REF_DELTA) {
		if (bytes.len - at < GIT_ID_BYTES) {
			return false;
		}
		memcpy(out->base, bytes.at + at, GIT_ID_BYTES);
		at += GIT_ID_BYTES;
	} else if (out->type == GIT_OFS_DELTA && !read_back(bytes, &at, &out->back)) {
		return false;
	}
	out->used = at;
	return (out->type >= GIT_COMMIT && out->type <= GIT_TAG) || out->type == GIT_OFS_DELTA ||
		out->type == GIT_REF_DELTA;
}

static bool read_size(struct span bytes, size_t *at, size_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift <= 42 && *at < bytes.len; shift += 7) {
		unsigned char c = (unsigned char)bytes.at[(*at)++];
		*out |= (size_t)(c & 0x7f) << shift;
		if (!(c & 0x80)) {
			return true;
		}
	}
	return false;
}

/* Bytes of a number that are written only where they are not zero: bit i of `which` says so. */
static bool read_sparse(struct span bytes, size_t *at, unsigned which, unsigned count, size_t *out)
{
	*out = 0;
	for (unsigned i = 0; i < count; i++) {
		if (which & 1u << i) {
			if (*at >= bytes.len) {
				return false;
			}
			*out |= (size_t)(unsigned char)bytes.at[(*at)++] << 8 * i;
		}
	}
	return true;
}

static bool delta_step(struct span base, struct span delta, size_t *at, struct buf *out)
{
	unsigned op = (unsigned char)delta.at[(*at)++];
	size_t offset = 0, size = op;
	if (!op) {
		return false; /* kept for later by the format */
	}
	if (!(op & 0x80)) {
		if (delta.len - *at < size) {
			return false;
		}
		buf_add(out, delta.at + *at, size);
		*at += size;
		return true;
	}
	if (!read_sparse(delta, at, op & 15, 4, &offset) ||
		!read_sparse(delta, at, op >> 4 & 7, 3, &size)) {
		return false;
	}
	size = size ? size : 0x10000;
	if (offset > base.len || base.len - offset < size) {
		return false;
	}
	buf_add(out, base.at + offset, size);
	return true;
}

bool git_delta_apply(struct span base, struct span delta, size_t most, struct buf *out)
{
	size_t at = 0, from = 0, to = 0;
	buf_clear(out);
	if (!read_size(delta, &at, &from) || !read_size(delta, &at, &to) || from != base.len ||
		to > most) {
		return false;
	}
	while (at < delta.len) {
		if (!delta_step(base, delta, &at, out) || out->len > to) {
			return false;
		}
	}
	return out->len == to;
}

static uint32_t be32(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

bool git_idx_range(struct span head, uint64_t file_size, const unsigned char id[GIT_ID_BYTES],
	struct git_idx_range *out)
{
	if (head.len < GIT_IDX_HEAD || memcmp(head.at, "\377tOc\0\0\0\2", IDX_HEADER) != 0) {
		return false;
	}
	const char *fanout = head.at + IDX_HEADER;
	uint32_t count = be32(fanout + (size_t)255 * 4), high = be32(fanout + (size_t)id[0] * 4),
		 low = id[0] ? be32(fanout + (size_t)(id[0] - 1) * 4) : 0;
	if (low > high || high > count ||
		GIT_IDX_HEAD + (uint64_t)count * IDX_ENTRY + (uint64_t)2 * GIT_ID_BYTES >
			file_size) {
		return false;
	}
	*out = (struct git_idx_range){ .count = count,
		.first = low,
		.at = GIT_IDX_HEAD + (uint64_t)low * GIT_ID_BYTES,
		.size = (size_t)(high - low) * GIT_ID_BYTES };
	return out->size <= IDX_RANGE_MOST;
}

bool git_idx_search(struct span ids, const unsigned char id[GIT_ID_BYTES], size_t *i)
{
	size_t low = 0, high = ids.len / GIT_ID_BYTES;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(ids.at + middle * GIT_ID_BYTES, id, GIT_ID_BYTES);
		if (!order) {
			*i = middle;
			return true;
		}
		if (order < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return false;
}

/* Behind the ids stand as many checksums of four bytes, as many offsets, and the long offsets. */
uint64_t git_idx_offset_at(const struct git_idx_range *range, size_t i)
{
	return GIT_IDX_HEAD + range->count * (GIT_ID_BYTES + 4) + (range->first + i) * 4;
}

bool git_idx_offset(struct span bytes, uint64_t *offset, bool *wide)
{
	if (bytes.len < 4) {
		return false;
	}
	uint32_t n = be32(bytes.at);
	*wide = n >> 31;
	*offset = n & 0x7fffffffu;
	return true;
}

uint64_t git_idx_wide_at(const struct git_idx_range *range, uint64_t place)
{
	return GIT_IDX_HEAD + range->count * IDX_ENTRY + place * 8;
}

bool git_idx_wide(struct span bytes, uint64_t *offset)
{
	if (bytes.len < 8) {
		return false;
	}
	*offset = (uint64_t)be32(bytes.at) << 32 | be32(bytes.at + 4);
	return *offset <= INT64_MAX / 2;
}

bool git_commit_tree(struct span commit, unsigned char id[GIT_ID_BYTES])
{
	const size_t word = sizeof("tree ") - 1, line = word + (size_t)2 * GIT_ID_BYTES;
	return commit.len > line && span_starts(commit, "tree ") && commit.at[line] == '\n' &&
		git_id_parse((struct span){ commit.at + word, line - word }, id);
}

/* "MODE NAME\0ID" at the beginning of *rest, which moves on. */
static bool tree_entry(struct span *rest, uint32_t *mode, struct span *name, const char **id)
{
	const char *end = rest->at + rest->len, *at = rest->at;
	*mode = 0;
	for (int i = 0; at < end && *at >= '0' && *at <= '7'; i++) {
		if (i > 6) {
			return false;
		}
		*mode = *mode << 3 | (uint32_t)(*at++ - '0');
	}
	if (at == rest->at || at >= end || *at++ != ' ') {
		return false;
	}
	const char *nul = memchr(at, '\0', (size_t)(end - at));
	if (!nul || nul == at || end - nul - 1 < GIT_ID_BYTES) {
		return false;
	}
	*name = (struct span){ at, (size_t)(nul - at) };
	*id = nul + 1;
	rest->at = nul + 1 + GIT_ID_BYTES;
	rest->len = (size_t)(end - rest->at);
	return true;
}

bool git_tree_find(struct span tree, struct span name, uint32_t *mode,
	unsigned char id[GIT_ID_BYTES], bool *damaged)
{
	*damaged = false;
	while (tree.len) {
		struct span have;
		const char *raw;
		if (!tree_entry(&tree, mode, &have, &raw)) {
			*damaged = true;
			return false;
		}
		if (span_same(have, name)) {
			memcpy(id, raw, GIT_ID_BYTES);
			return true;
		}
	}
	return false;
}
