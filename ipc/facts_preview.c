/*
 * The present content of a file that a call would touch, for a person to see before deciding. Read
 * by the gate, because console and broker never open a path that a call names; regular files only,
 * without waiting, and bounded.
 */
#include "config.h"

#include "ipc/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PREVIEW_MAX = 1 << 20 };

static const char *kind_of_text(const struct buf *text)
{
	return text->len && memchr(text->data, '\0', text->len) ? "binary" : "file";
}

void facts_preview(const struct effect *effect, struct jsonw *w)
{
	struct stat st;
	struct buf text = { 0 };
	const char *state = "absent";
	int fd = effect->fact.path
		? open(effect->fact.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
		: -1;
	int64_t size = 0;
	if (fd < 0) {
		state = effect->fact.path && errno == ENOENT ? "absent" : "unreadable";
	} else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		state = "special";
	} else if ((size = st.st_size) > PREVIEW_MAX) {
		state = "large";
	} else {
		ssize_t n = 1;
		while (n > 0 && text.len <= PREVIEW_MAX) {
			buf_room(&text, 64 << 10);
			n = read(fd, text.data + text.len, text.cap - text.len);
			text.len += n > 0 ? (size_t)n : 0;
		}
		state = n < 0                    ? "unreadable"
			: text.len > PREVIEW_MAX ? "large"
						 : kind_of_text(&text);
	}
	if (fd >= 0) {
		close(fd);
	}
	jw_open(w, '{');
	jw_kv_text(w, "path", effect->fact.path);
	jw_kv_text(w, "given", effect->given);
	jw_kv_text(w, "state", state);
	jw_kv_int(w, "size", size);
	if (strcmp(state, "file") == 0) {
		jw_kv_span(w, "text", buf_view(&text));
	}
	jw_close(w, '}');
	buf_finish(&text);
}
