/*
 * The values of dotenv files in the scopes of gates: wherever one of them turns up in an argument,
 * it is a secret. Read on the thread pool when a gate says its scope, kept by the scanner as keyed
 * hashes, never stored or shown.
 *
 * The names are ours and the directories are scopes; no call names what is opened here.
 */
#include "config.h"

#include "ipc/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOTENV_MAX = 64 << 10, DIRS_MAX = 16 };

static const char *const names[] = { ".env", ".env.local", ".env.development", ".env.test",
	".env.staging", ".env.production" };

struct dotenv {
	uv_work_t work;
	struct broker *broker; /* not touched by the worker */
	char *dirs[DIRS_MAX];
	size_t count;
	struct buf text; /* of all of them, one behind the other */
};

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

static void on_work(uv_work_t *request)
{
	struct dotenv *d = request->data;
	for (size_t i = 0; i < d->count; i++) {
		for (size_t k = 0; k < COUNT_OF(names); k++) {
			read_one(&d->text, d->dirs[i], names[k]);
		}
	}
}

static void on_read(uv_work_t *request, int status)
{
	struct dotenv *d = request->data;
	if (status == 0 && !d->broker->stopping) {
		secrets_know_dotenv(d->broker->policy.secrets, buf_view(&d->text));
	}
	if (d->text.data) {
		explicit_bzero(d->text.data, d->text.cap);
	}
	buf_finish(&d->text);
	for (size_t i = 0; i < d->count; i++) {
		free(d->dirs[i]);
	}
	free(d);
}

void dotenv_learn(const struct conn *c)
{
	struct dotenv *d = xcalloc(1, sizeof(*d));
	d->work.data = d;
	d->broker = c->broker;
	for (char *const *dir = c->claims.scope; dir && *dir && d->count < DIRS_MAX; dir++) {
		if ((*dir)[0] == '/') {
			d->dirs[d->count++] = xstrdup(*dir);
		}
	}
	if (!d->count || uv_queue_work(c->broker->loop, &d->work, on_work, on_read) != 0) {
		on_read(&d->work, UV_ECANCELED);
	}
}
