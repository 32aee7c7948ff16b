/*
 * Reads what git wrote, without git: references from their files, objects out of loose files and
 * packs. The parsers are core/git_object.c's; here are files, zlib and the way from one object to
 * the next. Nothing is mapped into memory, because a file that is cut meanwhile would end us.
 */
#include "config.h"

#include "ipc/git_read.h"

#include "ipc/git_file.h"

#include <nettle/sha1.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
	DEPTH_MAX = 50,
	DEPTH_ROOM = 52,
	CHAIN_BYTES_MAX = 64 << 20,
	LOOSE_MAX = 16 << 20,
	PACKS_MAX = 512,
	PLACES_MAX = 8,
	REF_MAX = 4096,
	PACKED_REFS_MAX = 16 << 20,
	CHUNK = 16 << 10,
	HEAD_BYTES = 64
};

/* ---- references ---- */

/* A name that stays where references are. */
static bool is_ref_name(const char *name)
{
	if (strcmp(name, "HEAD") != 0 && strncmp(name, "refs/", 5) != 0) {
		return false;
	}
	for (const char *p = name; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("~^:?*[\\", *p) ||
			(p[0] == '.' && p[1] == '.') || (p[0] == '/' && (p[1] == '/' || !p[1]))) {
			return false;
		}
	}
	return strlen(name) < 1024;
}

/* These are each work tree's own; everything else is shared. */
static bool is_own(const char *name)
{
	static const char *const own[] = { "refs/bisect/", "refs/worktree/", "refs/rewritten/" };
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		if (strncmp(name, own[i], strlen(own[i])) == 0) {
			return true;
		}
	}
	return strncmp(name, "refs/", 5) != 0;
}

static enum git_ref read_packed(
	const struct git_store *store, const char *name, unsigned char id[GIT_ID_BYTES])
{
	struct buf text = { 0 };
	char *path = xasprintf("%s/packed-refs", store->common);
	char *ending = xasprintf(" %s\n", name);
	enum git_file got = git_file_read(path, PACKED_REFS_MAX, &text, NULL);
	enum git_ref answer = got == GIT_FILE_ODD ? GIT_REF_ODD : GIT_REF_NONE;
	char *at = got == GIT_FILE_READ ? buf_cstr(&text) : NULL;
	const size_t digits = (size_t)2 * GIT_ID_BYTES;
	while (at && (at = strstr(at, ending))) {
		size_t before = (size_t)(at - text.data);
		if (before == digits || (before > digits && at[-(ptrdiff_t)digits - 1] == '\n')) {
			answer = git_id_parse((struct span){ at - digits, digits }, id)
				? GIT_REF_ID
				: GIT_REF_ODD;
			break;
		}
		at++;
	}
	free(path);
	free(ending);
	buf_finish(&text);
	return answer;
}

static enum git_ref parse_ref(struct buf *text, unsigned char id[GIT_ID_BYTES], struct buf *target)
{
	char *line = buf_cstr(text);
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "ref:", 4) == 0) {
		char *name = line + 4;
		while (*name == ' ' || *name == '\t') {
			name++;
		}
		buf_clear(target);
		buf_text(target, name);
		return is_ref_name(buf_cstr(target)) ? GIT_REF_SYMBOLIC : GIT_REF_ODD;
	}
	return git_id_parse(span_of(line), id) ? GIT_REF_ID : GIT_REF_ODD;
}

enum git_ref git_ref_read(const struct git_store *store, const char *name,
	unsigned char id[GIT_ID_BYTES], struct buf *target)
{
	if (!is_ref_name(name)) {
		return GIT_REF_ODD;
	}
	struct buf text = { 0 };
	char *path = xasprintf("%s/%s", is_own(name) ? store->dir : store->common, name);
	enum git_file got = git_file_read(path, REF_MAX, &text, NULL);
	enum git_ref answer = GIT_REF_ODD;
	if (got == GIT_FILE_READ) {
		answer = parse_ref(&text, id, target);
	} else if (got == GIT_FILE_ABSENT || errno == EINVAL) {
		/* a directory may have the place of a reference that is packed */
		answer = strcmp(name, "HEAD") == 0 ? GIT_REF_ODD : read_packed(store, name, id);
	}
	free(path);
	buf_finish(&text);
	return answer;
}

enum git_ref git_ref_resolve(
	const struct git_store *store, const char *name, unsigned char id[GIT_ID_BYTES])
{
	struct buf target = { 0 };
	char *at = xstrdup(name);
	enum git_ref answer = GIT_REF_SYMBOLIC;
	for (int i = 0; i < 5 && answer == GIT_REF_SYMBOLIC; i++) {
		answer = git_ref_read(store, at, id, &target);
		if (answer == GIT_REF_SYMBOLIC) {
			free(at);
			at = xstrdup(buf_cstr(&target));
		}
	}
	free(at);
	buf_finish(&target);
	return answer == GIT_REF_SYMBOLIC ? GIT_REF_ODD : answer;
}

/* ---- objects ---- */

struct places { /* directories of objects: the repository's own first */
	char *path[PLACES_MAX];
	size_t count;
};

/* Behind one level nobody looks; what lies there is not found, and not known. */
static void find_places(const struct git_store *store, struct places *places)
{
	struct buf text = { 0 };
	places->path[0] = xasprintf("%s/objects", store->common);
	places->count = 1;
	char *file = xasprintf("%s/info/alternates", places->path[0]);
	if (git_file_read(file, REF_MAX, &text, NULL) == GIT_FILE_READ) {
		char *rest = buf_cstr(&text), *line;
		while ((line = strsep(&rest, "\n")) && places->count < PLACES_MAX) {
			if (line[0] && line[0] != '#' && line[0] != '"') {
				places->path[places->count++] = line[0] == '/'
					? xstrdup(line)
					: xasprintf("%s/%s", places->path[0], line);
			}
		}
	}
	free(file);
	buf_finish(&text);
}

static void free_places(struct places *places)
{
	for (size_t i = 0; i < places->count; i++) {
		free(places->path[i]);
	}
}

static bool read_at(int fd, uint64_t offset, size_t size, struct buf *out)
{
	buf_clear(out);
	buf_room(out, size + 1);
	while (out->len < size) {
		ssize_t n = pread(
			fd, out->data + out->len, size - out->len, (off_t)(offset + out->len));
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return false;
		}
		out->len += (size_t)n;
	}
	return true;
}

/* Inflates from `offset` of the file until the stream's end, which must come after exactly `size`
 * bytes. */
static bool inflate_at(int fd, uint64_t offset, size_t size, struct buf *out)
{
	unsigned char in[CHUNK];
	z_stream z = { 0 };
	int state = Z_OK;
	buf_clear(out);
	buf_room(out, size + 1);
	if (inflateInit(&z) != Z_OK) {
		return false;
	}
	z.next_out = (unsigned char *)out->data;
	z.avail_out = (unsigned)size + 1; /* one more, so that too much is seen */
	while (state == Z_OK) {
		ssize_t n = pread(fd, in, sizeof(in), (off_t)offset);
		if (n <= 0) {
			break;
		}
		offset += (uint64_t)n;
		z.next_in = in;
		z.avail_in = (unsigned)n;
		state = inflate(&z, Z_NO_FLUSH);
		if (state == Z_BUF_ERROR || !z.avail_out) {
			break;
		}
	}
	out->len = z.total_out;
	inflateEnd(&z);
	return state == Z_STREAM_END && out->len == size;
}

static bool inflate_whole(struct span in, size_t most, struct buf *out)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)in.at, .avail_in = (unsigned)in.len };
	int state = Z_OK;
	buf_clear(out);
	if (inflateInit(&z) != Z_OK) {
		return false;
	}
	while (state == Z_OK && out->len <= most) {
		buf_room(out, CHUNK);
		z.next_out = (unsigned char *)out->data + out->len;
		z.avail_out = CHUNK;
		state = inflate(&z, Z_NO_FLUSH);
		out->len += CHUNK - z.avail_out;
	}
	inflateEnd(&z);
	return state == Z_STREAM_END && out->len <= most;
}

static bool read_loose(const char *place, const unsigned char id[GIT_ID_BYTES], enum git_type *type,
	struct buf *out)
{
	char hex[2 * GIT_ID_BYTES + 1];
	struct buf packed = { 0 };
	size_t size = 0, used = 0;
	git_id_hex(id, hex);
	char *path = xasprintf("%s/%.2s/%s", place, hex, hex + 2);
	bool ok = git_file_read(path, LOOSE_MAX, &packed, NULL) == GIT_FILE_READ &&
		inflate_whole(buf_view(&packed), GIT_OBJECT_MAX + HEAD_BYTES, out) &&
		git_loose_header(buf_view(out), type, &size, &used) && out->len - used == size;
	if (ok) {
		buf_drop(out, used);
	}
	free(path);
	buf_finish(&packed);
	return ok;
}

/* ---- packs ---- */

struct pack {
	int idx, data;
	uint64_t idx_size;
};

static void pack_close(struct pack *pack)
{
	if (pack->idx >= 0) {
		close(pack->idx);
	}
	if (pack->data >= 0) {
		close(pack->data);
	}
}

static bool pack_find(
	const struct pack *pack, const unsigned char id[GIT_ID_BYTES], uint64_t *offset)
{
	struct git_idx_range range;
	struct buf bytes = { 0 };
	size_t i = 0;
	uint64_t at = 0;
	bool wide = false;
	bool ok = read_at(pack->idx, 0, GIT_IDX_HEAD, &bytes) &&
		git_idx_range(buf_view(&bytes), pack->idx_size, id, &range) &&
		read_at(pack->idx, range.at, range.size, &bytes) &&
		git_idx_search(buf_view(&bytes), id, &i) &&
		read_at(pack->idx, git_idx_offset_at(&range, i), 4, &bytes) &&
		git_idx_offset(buf_view(&bytes), &at, &wide);
	if (ok && wide) {
		at = git_idx_wide_at(&range, at);
		ok = at <= pack->idx_size && read_at(pack->idx, at, 8, &bytes) &&
			git_idx_wide(buf_view(&bytes), &at);
	}
	*offset = at;
	buf_finish(&bytes);
	return ok;
}

/* Opens the pack of this index if it has the object. */
static bool pack_open(const char *dir, const char *name, const unsigned char id[GIT_ID_BYTES],
	struct pack *pack, uint64_t *offset)
{
	struct stat st;
	char *path = xasprintf("%s/%s", dir, name);
	*pack = (struct pack){ .idx = git_file_open(path, &st), .data = -1 };
	bool found = false;
	if (pack->idx >= 0) {
		pack->idx_size = (uint64_t)st.st_size;
		found = pack_find(pack, id, offset);
	}
	if (found) {
		memcpy(path + strlen(path) - 4, ".pac", 4);
		char *data = xasprintf("%sk", path);
		pack->data = git_file_open(data, &st);
		free(data);
		found = pack->data >= 0;
	}
	if (!found) {
		pack_close(pack);
	}
	free(path);
	return found;
}

static bool find_pack(const char *place, const unsigned char id[GIT_ID_BYTES], struct pack *pack,
	uint64_t *offset)
{
	char *path = xasprintf("%s/pack", place);
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool found = false;
	for (int i = 0; dir && !found && i < PACKS_MAX && (entry = readdir(dir)); i++) {
		size_t n = strlen(entry->d_name);
		if (n > 4 && strcmp(entry->d_name + n - 4, ".idx") == 0) {
			found = pack_open(path, entry->d_name, id, pack, offset);
		}
	}
	if (dir) {
		closedir(dir);
	}
	free(path);
	return found;
}

struct chain { /* deltas, the outermost first */
	struct buf delta[DEPTH_ROOM];
	size_t count, bytes;
};

/* Puts the deltas onto the base that `out` holds. */
static bool chain_apply(struct chain *chain, struct buf *out)
{
	bool ok = true;
	while (chain->count) {
		struct buf *delta = &chain->delta[--chain->count], next = { 0 };
		ok = ok && git_delta_apply(buf_view(out), buf_view(delta), GIT_OBJECT_MAX, &next);
		buf_finish(delta);
		buf_finish(out);
		*out = next;
	}
	return ok;
}

/* Follows deltas from `offset` down to an object that stands for itself. */
static bool read_packed_object(
	struct pack *pack, uint64_t offset, enum git_type *type, struct buf *out)
{
	struct chain chain = { .count = 0 };
	struct buf head = { 0 };
	struct git_pack_header header;
	bool ok = true, done = false;
	while (ok && !done) {
		ok = read_at(pack->data, offset, GIT_ID_BYTES + HEAD_BYTES, &head) ||
			head.len > GIT_ID_BYTES; /* the last entry stands before a checksum */
		ok = ok && git_pack_header(buf_view(&head), &header) &&
			header.size <= GIT_OBJECT_MAX;
		if (!ok) {
			break;
		}
		if (header.type < GIT_OFS_DELTA) {
			*type = header.type;
			done = ok = inflate_at(pack->data, offset + header.used, header.size, out);
			continue;
		}
		chain.bytes += header.size;
		ok = chain.count < DEPTH_MAX && chain.bytes <= CHAIN_BYTES_MAX &&
			inflate_at(pack->data, offset + header.used, header.size,
				&chain.delta[chain.count]);
		chain.count++;
		if (ok && header.type == GIT_OFS_DELTA) {
			ok = header.back && header.back < offset;
			offset -= header.back;
		} else if (ok) {
			ok = pack_find(pack, header.base, &offset);
		}
	}
	buf_finish(&head);
	return chain_apply(&chain, out) && ok;
}

static bool is_whole(enum git_type type, struct span content, const unsigned char id[GIT_ID_BYTES])
{
	unsigned char have[GIT_ID_BYTES];
	git_object_id(type, content, have);
	return memcmp(have, id, GIT_ID_BYTES) == 0;
}

bool git_object_read(const struct git_store *store, const unsigned char id[GIT_ID_BYTES],
	enum git_type type, struct buf *out)
{
	struct places places;
	bool ok = false;
	find_places(store, &places);
	for (size_t i = 0; i < places.count && !ok; i++) {
		enum git_type have = GIT_NONE;
		struct pack pack;
		uint64_t offset = 0;
		ok = read_loose(places.path[i], id, &have, out);
		if (!ok && find_pack(places.path[i], id, &pack, &offset)) {
			ok = read_packed_object(&pack, offset, &have, out);
			pack_close(&pack);
		}
		ok = ok && have == type && is_whole(type, buf_view(out), id);
	}
	free_places(&places);
	return ok;
}

/* ---- trees ---- */

bool git_commit_blob(const struct git_store *store, const unsigned char commit[GIT_ID_BYTES],
	const char *path, bool *there, unsigned char id[GIT_ID_BYTES])
{
	struct buf bytes = { 0 };
	uint32_t mode = GIT_MODE_TREE;
	*there = false;
	bool ok = git_object_read(store, commit, GIT_COMMIT, &bytes) &&
		git_commit_tree(buf_view(&bytes), id);
	while (ok && *path) {
		bool damaged = false;
		struct span name = { path, strcspn(path, "/") };
		if ((mode & GIT_MODE_KIND) != GIT_MODE_TREE) {
			break; /* a file has the place of a directory */
		}
		ok = git_object_read(store, id, GIT_TREE, &bytes);
		if (!ok || !git_tree_find(buf_view(&bytes), name, &mode, id, &damaged)) {
			ok = ok && !damaged;
			buf_finish(&bytes);
			return ok;
		}
		path += name.len;
		path += *path == '/';
	}
	*there = ok && !*path && (mode & GIT_MODE_KIND) == GIT_MODE_FILE;
	buf_finish(&bytes);
	return ok;
}
