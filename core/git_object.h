/*
 * The bytes of git's objects and packs (gitformat-pack(5)), once they are read and inflated: ids,
 * headers, trees, deltas, and the tables of a pack's index. SHA-1 repositories only. Pure.
 */
#ifndef BASCULE_CORE_GIT_OBJECT_H
#define BASCULE_CORE_GIT_OBJECT_H

#include "core/buf.h"
#include "core/git_index.h"

enum git_type {
	GIT_NONE,
	GIT_COMMIT,
	GIT_TREE,
	GIT_BLOB,
	GIT_TAG,
	GIT_OFS_DELTA = 6,
	GIT_REF_DELTA = 7
};

/* The id of an object (commit, tree, blob or tag) with this content. */
void git_object_id(enum git_type type, struct span content, unsigned char id[GIT_ID_BYTES]);
void git_id_hex(const unsigned char id[GIT_ID_BYTES], char out[2 * GIT_ID_BYTES + 1]);
/* Exactly forty digits, in lower case as git writes them. */
bool git_id_parse(struct span hex, unsigned char id[GIT_ID_BYTES]);

/* "tree 123\0": of a loose object; `*used` bytes stand before its content. */
bool git_loose_header(struct span bytes, enum git_type *type, size_t *size, size_t *used);

struct git_pack_header {
	enum git_type type;
	size_t size; /* of what is inflated: the object, or the delta */
	size_t used; /* bytes of the header */
	uint64_t back; /* GIT_OFS_DELTA: how far before this entry its base begins */
	unsigned char base[GIT_ID_BYTES]; /* GIT_REF_DELTA */
};

/* The entry of a pack at the beginning of `bytes`. */
bool git_pack_header(struct span bytes, struct git_pack_header *out);

/* Applies a delta to its base; the result is at most `most` bytes. */
bool git_delta_apply(struct span base, struct span delta, size_t most, struct buf *out);

/* Where a pack has an object, by its version 2 index, which is read piece by piece: the head, then
 * the ids that begin with the same byte, then one offset. */
enum { GIT_IDX_HEAD = 8 + 256 * 4 };
struct git_idx_range {
	uint64_t count; /* objects in the pack */
	uint64_t first; /* number of the first id in the range */
	uint64_t at; /* the range in the file, in bytes */
	size_t size;
};
bool git_idx_range(struct span head, uint64_t file_size, const unsigned char id[GIT_ID_BYTES],
	struct git_idx_range *out);
/* `*i`: which of the range's ids it is. */
bool git_idx_search(struct span ids, const unsigned char id[GIT_ID_BYTES], size_t *i);
uint64_t git_idx_offset_at(const struct git_idx_range *range, size_t i); /* four bytes there */
/* `wide`: *offset is a place in the table of long offsets, whose eight bytes stand at
 * git_idx_wide_at. */
bool git_idx_offset(struct span bytes, uint64_t *offset, bool *wide);
uint64_t git_idx_wide_at(const struct git_idx_range *range, uint64_t place);
bool git_idx_wide(struct span bytes, uint64_t *offset);

/* The tree that a commit names. */
bool git_commit_tree(struct span commit, unsigned char id[GIT_ID_BYTES]);
/* One name in a tree. False: it is not there, or the tree is damaged; then *damaged. */
bool git_tree_find(struct span tree, struct span name, uint32_t *mode,
	unsigned char id[GIT_ID_BYTES], bool *damaged);

#endif
