/*
 * The present content of a file that a call would touch, for a person to see before deciding. Read
 * by the gate, because console and broker never open a path that a call names; regular files only,
 * without waiting, and bounded. Of what is not text the size, the hash and the first bytes are
 * told.
 */
#include "config.h"

#include "ipc/facts.h"

#include "core/unicode.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 256 };

struct seen {
	const char *state;
	struct buf text; /* as far as it was read */
	int64_t size;
	int mode; /* permissions; -1: there is nothing */
	char link[PATH_MAX]; /* where it points, or "" */
};

static const char *kind_of_text(const struct buf *text)
{
	return text->len && memchr(text->data, '\0', text->len) ? "binary" : "file";
}

static const char *read_text(int fd, size_t most, struct buf *text)
{
	ssize_t n = 1;
	while (n > 0 && text->len <= most) {
		buf_room(text, 64 << 10);
		n = read(fd, text->data + text->len, text->cap - text->len);
		text->len += n > 0 ? (size_t)n : 0;
	}
	return n < 0 ? "unreadable" : text->len > most ? "large" : kind_of_text(text);
}

/* The beginning, so that a person sees what kind of bytes they are. */
static void read_head(int fd, struct buf *text)
{
	buf_room(text, HEAD_BYTES);
	ssize_t n = pread(fd, text->data, HEAD_BYTES, 0);
	text->len = n > 0 ? (size_t)n : 0;
}

/* What could not be opened: nothing, a link, or something that may not be read. */
static void see_closed(const char *path, int why, struct seen *seen)
{
	struct stat st;
	seen->state = why == ENOENT ? "absent" : "unreadable";
	if (why == ELOOP && lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
		ssize_t n = readlink(path, seen->link, sizeof(seen->link) - 1);
		seen->link[n > 0 ? n : 0] = '\0';
		seen->state = n > 0 ? "link" : "unreadable";
	}
}

static void see(const char *path, size_t most, struct seen *seen)
{
	struct stat st;
	int fd = path ? open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	*seen = (struct seen){ .state = "unreadable", .mode = -1 };
	if (fd < 0) {
		see_closed(path ? path : "", path ? errno : EINVAL, seen);
		return;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		seen->state = S_ISDIR(st.st_mode) ? "directory" : "special";
	} else {
		seen->size = st.st_size;
		seen->mode = (int)(st.st_mode & 07777);
		seen->state = (size_t)st.st_size > most ? "large"
							: read_text(fd, most, &seen->text);
		if (strcmp(seen->state, "large") == 0) {
			buf_clear(&seen->text);
			read_head(fd, &seen->text);
		}
	}
	close(fd);
}

static void write_head(struct jsonw *w, const struct buf *text)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * HEAD_BYTES + 1];
	size_t n = text->len < HEAD_BYTES ? text->len : HEAD_BYTES;
	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[(unsigned char)text->data[i] >> 4];
		hex[2 * i + 1] = digits[(unsigned char)text->data[i] & 15];
	}
	hex[2 * n] = '\0';
	jw_kv_text(w, "bytes", hex);
}

/* A text that is not UTF-8 is told as far as JSON can hold it, and that this is so. */
static void write_content(struct jsonw *w, const struct seen *seen)
{
	bool file = strcmp(seen->state, "file") == 0;
	char hex[HASH_HEX + 1];
	if (file) {
		bool valid = unicode_valid(buf_view(&seen->text));
		jw_kv_span(w, "text", buf_view(&seen->text));
		jw_kv_bool(w, "replaced", !valid);
		file = valid;
	}
	if (!file && seen->mode >= 0) {
		write_head(w, &seen->text);
	}
	if (strcmp(seen->state, "large") != 0 && seen->mode >= 0) {
		struct hash hash = hash_of(buf_view(&seen->text));
		hash_hex(&hash, hex);
		jw_kv_text(w, "hash", hex);
	}
}

void facts_preview(const struct effect *effect, size_t most, struct jsonw *w)
{
	struct seen seen;
	see(effect->fact.path, most, &seen);
	jw_open(w, '{');
	jw_kv_text(w, "path", effect->fact.path);
	jw_kv_text(w, "given", effect->given);
	jw_kv_text(w, "kind", effect_kind_name(effect->kind));
	jw_kv_text(w, "how", effect->how ? effect->how : "");
	jw_kv_text(w, "state", seen.state);
	jw_kv_int(w, "size", seen.size);
	if (seen.mode >= 0) {
		jw_kv_int(w, "mode", seen.mode);
	}
	if (seen.link[0]) {
		jw_kv_text(w, "link", seen.link);
	}
	write_content(w, &seen);
	if (effect->kind == EFFECT_DELETE && strcmp(seen.state, "directory") == 0) {
		facts_tree(effect->fact.path, w);
	}
	jw_close(w, '}');
	buf_finish(&seen.text);
}

void facts_preview_mark(const struct effect *effect, struct hash_run *run)
{
	struct stat st = { 0 };
	const char *path = effect->fact.path;
	int error = path && lstat(path, &st) != 0 ? errno : 0;
	const int64_t told[] = { error, (int64_t)st.st_dev, (int64_t)st.st_ino, st.st_mode,
		st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec, st.st_ctim.tv_sec,
		st.st_ctim.tv_nsec };
	hash_part(run, span_of(path ? path : ""));
	hash_part(run, (struct span){ (const char *)told, sizeof(told) });
}
