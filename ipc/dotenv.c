/*
 * Which files are dotenv files, and how they are opened: our own names in directories that are
 * scopes, no links, regular files only, bounded. Called by the broker's loop through the thread
 * pool, and by its writer.
 */
#include "config.h"

#include "ipc/dotenv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOTENV_MAX = 64 << 10 };

static const char *const names[] = { ".env", ".env.local", ".env.development", ".env.test",
	".env.staging", ".env.production" };

static void read_one(struct buf *out, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	free(path);
	if (fd < 0) {
		return;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= DOTENV_MAX) {
		ssize_t n;
		buf_room(out, DOTENV_MAX + 1);
		do {
			n = read(fd, out->data + out->len, DOTENV_MAX);
		} while (n < 0 && errno == EINTR);
		out->len += n > 0 ? (size_t)n : 0;
		buf_char(out, '\n');
	}
	close(fd);
}

void dotenv_collect(const char *const *dirs, struct buf *out)
{
	size_t count = 0;
	for (; dirs && *dirs && count < DOTENV_DIRS; dirs++) {
		for (size_t k = 0; (*dirs)[0] == '/' && k < COUNT_OF(names); k++) {
			read_one(out, *dirs, names[k]);
		}
		count += (*dirs)[0] == '/';
	}
}

void dotenv_wipe(struct buf *text)
{
	if (text->data) {
		explicit_bzero(text->data, text->cap);
	}
	buf_finish(text);
}
