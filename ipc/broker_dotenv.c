/*
 * Values that are secret because of where they stand: in dotenv files of the scopes of gates, and
 * in the environment that a gate hands its server, under names like those of keys. Wherever one of
 * them turns up in an argument, it is a secret. Read on the thread pool when a gate says its scope,
 * kept by the scanner as keyed hashes, never stored or shown; the writer reads them for itself,
 * before it keeps the first text of that gate.
 *
 * The names are ours and the directories are scopes; no call names what is opened here.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/dotenv.h"
#include "ipc/writer.h"

#include <stdlib.h>

struct dotenv {
	uv_work_t work;
	struct broker *broker; /* not touched by the worker */
	char *dirs[DOTENV_DIRS + 1];
	size_t count;
	struct process process; /* the gate */
	struct buf text; /* of all of them, one behind the other */
	struct buf environment;
};

static void on_work(uv_work_t *request)
{
	struct dotenv *d = request->data;
	dotenv_collect((const char *const *)d->dirs, &d->text);
	process_environment(&d->process, &d->environment);
}

static void on_read(uv_work_t *request, int status)
{
	struct dotenv *d = request->data;
	if (status == 0 && !d->broker->stopping) {
		secrets_know_dotenv(d->broker->policy.secrets, buf_view(&d->text));
		secrets_know_environment(d->broker->policy.secrets, buf_view(&d->environment));
	}
	dotenv_wipe(&d->text);
	dotenv_wipe(&d->environment);
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
	d->process = c->process;
	for (char *const *dir = c->claims.scope; dir && *dir && d->count < DOTENV_DIRS; dir++) {
		if ((*dir)[0] == '/') {
			d->dirs[d->count++] = xstrdup(*dir);
		}
	}
	writer_learn(c->broker->writer, (const char *const *)d->dirs, &d->process);
	if (uv_queue_work(c->broker->loop, &d->work, on_work, on_read) != 0) {
		on_read(&d->work, UV_ECANCELED);
	}
}
