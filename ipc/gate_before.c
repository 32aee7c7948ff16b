/*
 * The files that a call is about to write, as they are before: read right before its bytes leave,
 * told to the broker once they have, and hashed again when the answer is there, so that
 * `bascule restore` can tell whether somebody else has changed them since.
 *
 * Only what the effects account for: where a call may change what nobody names (a program of
 * unknown doing), nothing is kept and nothing is promised. Regular files that are no links, without
 * waiting, and bounded. Hooks keep nothing: their call runs when they are gone. Called by
 * gate_call.c and gate_wire.c.
 */
#include "config.h"

#include "ipc/gate.h"

#include "ipc/before.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

enum { ZFS_MAGIC = 0x2fc12fc1, SEEN_FILES = BEFORE_FILES };

struct seen_file {
	char *path;
	bool exists;
	int mode;
	struct buf content;
	const char *why; /* it cannot be restored; NULL: it can */
};

struct before {
	struct seen_file files[SEEN_FILES];
	size_t count;
};

/* ---- which ---- */

static bool is_one_of(const char *how, const char *const *words)
{
	while (*words && strcmp(how, *words) != 0) {
		words++;
	}
	return *words != NULL;
}

static bool is_kept(const struct effect *e)
{
	static const char *const hows[] = { "replace", "edit", "away", "file", NULL };
	bool touches = e->kind == EFFECT_WRITE || e->kind == EFFECT_DELETE;
	return touches && is_one_of(e->how, hows) && e->fact.path && !e->late &&
		(e->fact.state == FACT_FILE || e->fact.state == FACT_ABSENT);
}

/* May it change files beside those that its effects name? */
static bool is_open_ended(const struct effect *e)
{
	static const char *const closed[] = { "readonly", "local", NULL };
	switch (e->kind) {
	case EFFECT_EXEC:
		return !is_one_of(e->how, closed);
	case EFFECT_TASK:
	case EFFECT_INSTALL:
	case EFFECT_DESTRUCTIVE:
	case EFFECT_UNKNOWN:
		return true;
	default:
		return false;
	}
}

/* ---- reading ---- */

static bool is_quick(int fd)
{
	struct statfs fs;
	if (fstatfs(fd, &fs) != 0) {
		return false;
	}
	switch ((unsigned long)fs.f_type & 0xffffffff) {
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
	case OVERLAYFS_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case ZFS_MAGIC:
		return true;
	default:
		return false;
	}
}

static bool read_all(int fd, size_t most, struct buf *out)
{
	ssize_t n;
	do {
		buf_room(out, 64 << 10);
		n = read(fd, out->data + out->len, out->cap - out->len);
		out->len += n > 0 ? (size_t)n : 0;
	} while ((n > 0 || (n < 0 && errno == EINTR)) && out->len <= most);
	return n == 0;
}

/* Why it was not read; NULL: *file has it, or that there is none. */
static const char *look(struct seen_file *file, size_t most)
{
	struct stat st;
	int fd = open(file->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *why = NULL;
	if (fd < 0) {
		return errno == ENOENT ? NULL : "it could not be read";
	}
	file->exists = true;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		why = "it was no regular file";
	} else if (st.st_size > BEFORE_BYTES) {
		why = "it was larger than 1 MiB";
	} else if ((size_t)st.st_size > most) {
		why = "the call writes too much at once";
	} else if (!is_quick(fd)) {
		why = "its file system may be slow";
	} else if (!read_all(fd, most, &file->content)) {
		why = "it could not be read";
	} else {
		file->mode = (int)(st.st_mode & 07777);
	}
	close(fd);
	return why;
}

static bool is_seen(const struct before *b, const char *path)
{
	for (size_t i = 0; i < b->count; i++) {
		if (strcmp(b->files[i].path, path) == 0) {
			return true;
		}
	}
	return false;
}

void gate_before_read(struct call *call)
{
	struct before *b = NULL;
	size_t left = BEFORE_TOTAL;
	if (call->gate->session || call->from != SIDE_CLIENT || call->before) {
		return;
	}
	for (size_t i = 0; i < call->effects.count; i++) {
		if (is_open_ended(&call->effects.list[i])) {
			return;
		}
	}
	for (size_t i = 0; i < call->effects.count; i++) {
		const struct effect *e = &call->effects.list[i];
		if (!is_kept(e) || (b && (b->count == SEEN_FILES || is_seen(b, e->fact.path)))) {
			continue;
		}
		b = b ? b : xcalloc(1, sizeof(*b));
		struct seen_file *file = &b->files[b->count++];
		file->path = xstrdup(e->fact.path);
		file->why = look(file, left < BEFORE_BYTES ? left : BEFORE_BYTES);
		if (file->why) {
			buf_clear(&file->content);
		}
		left -= file->content.len < left ? file->content.len : left;
	}
	call->before = b;
}

/* ---- telling ---- */

static void write_content(const struct buf *content, struct jsonw *w)
{
	size_t len = BASE64_ENCODE_RAW_LENGTH(content->len);
	char *text = xmalloc(len + 1);
	base64_encode_raw(text, content->len, (const uint8_t *)content->data);
	jw_kv_span(w, "content", (struct span){ text, len });
	explicit_bzero(text, len);
	free(text);
}

static void write_files(struct before *b, struct jsonw *w)
{
	char host[BEFORE_HOST];
	jw_kv_text(w, "host", before_host(host));
	jw_key(w, "files");
	jw_open(w, '[');
	for (size_t i = 0; i < b->count; i++) {
		struct seen_file *file = &b->files[i];
		jw_open(w, '{');
		jw_kv_text(w, "path", file->path);
		jw_kv_text(w, "state", file->exists ? "file" : "absent");
		if (file->why) {
			jw_kv_text(w, "why", file->why);
		} else if (file->exists) {
			jw_kv_int(w, "mode", file->mode);
			write_content(&file->content, w);
		}
		jw_close(w, '}');
		buf_finish(&file->content);
	}
	jw_close(w, ']');
}

/* What stands there now; a file that is not there has no hash. */
static void write_after(const struct before *b, struct jsonw *w)
{
	char hex[HASH_HEX + 1];
	jw_key(w, "after");
	jw_open(w, '[');
	for (size_t i = 0; i < b->count; i++) {
		struct seen_file now = { .path = b->files[i].path };
		const char *why = look(&now, BEFORE_BYTES);
		struct hash hash = now.exists ? hash_of(buf_view(&now.content)) : before_absent();
		hash_hex(&hash, hex);
		jw_open(w, '{');
		jw_kv_text(w, "path", now.path);
		if (!why) {
			jw_kv_text(w, "hash", hex);
		}
		jw_close(w, '}');
		buf_finish(&now.content);
	}
	jw_close(w, ']');
}

void gate_write_before(const struct call *call, const char *method, struct jsonw *w)
{
	if (call->before && strcmp(method, "before") == 0) {
		write_files(call->before, w);
	} else if (call->before && strcmp(method, "done") == 0) {
		write_after(call->before, w);
	}
}

void gate_before_free(struct call *call)
{
	for (size_t i = 0; call->before && i < call->before->count; i++) {
		free(call->before->files[i].path);
		buf_finish(&call->before->files[i].content);
	}
	free(call->before);
	call->before = NULL;
}
