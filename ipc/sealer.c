/*
 * A step seals what has settled, in the writer's transaction, and notes the head beside the
 * databases once that is committed. The order matters for a power failure: no seal without its
 * record, no head without its seals.
 *
 * A step that fails is tried again a second later; it must not keep the writer from its other work.
 */
#include "config.h"

#include "ipc/sealer.h"

#include "core/seal.h"
#include "ipc/clock.h"
#include "ipc/heads_file.h"
#include "ipc/log.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20000 /* records a step: 70 ms */ };

struct sealer {
	const struct paths *paths;
	void (*more)(void *data);
	void *data;
	uv_async_t ended; /* a step has, and left something */
	atomic_bool busy;
	char said[sizeof(((struct err *)0)->text)]; /* the thread's own: the last failure */
};

struct step {
	struct sealer *sealer;
	struct store *store; /* the writer's; NULL: it never ran */
	bool begins;
	int64_t last; /* of a step that begins */
	int64_t now_us, settled_us;
	struct seal_pass pass;
	bool failed;
};

/* ---- on the writer's thread ---- */

static void say(struct sealer *s, const struct err *err)
{
	if (strcmp(s->said, err->text) != 0) {
		memcpy(s->said, err->text, sizeof(s->said));
		log_line("%s", err->text);
	}
}

static bool seal(struct step *step, struct history *log, struct err *err)
{
	const struct paths *paths = step->sealer->paths;
	if (step->begins) {
		return seal_begin(step->store, step->now_us, step->last, &step->pass, err);
	}
	return history_sync_file(paths->history, err) && heads_file_claim(paths->heads, err) &&
		seal_catch_up(
			log, step->store, step->now_us, step->settled_us, MOST, &step->pass, err);
}

/* A writer_work. */
static bool work(struct store *store, void *data, struct err *unused)
{
	static const unsigned char no_key[HISTORY_HASH]; /* no hashes are compared */
	struct step *step = data;
	struct err err = { 0 };
	(void)unused;
	step->store = store;
	struct history *log = history_open(
		step->sealer->paths->history, no_key, true, 0, NULL, &err);
	step->failed = !log || !seal(step, log, &err);
	history_close(log);
	if (step->failed) {
		step->pass = (struct seal_pass){ 0 };
		say(step->sealer, &err);
	}
	return true;
}

/* Only what is in the file: the writer may have given up on the transaction. */
static bool is_written(const struct step *step)
{
	struct store_seal last;
	struct err err;
	return step->pass.sealed && store_seal_last(step->store, &last, &err) &&
		hash_same(&last.hash, &step->pass.head.hash);
}

static bool note_head(const struct step *step, struct err *err)
{
	const struct store_seal *seal = &step->pass.head;
	const struct head head = { seal->seq, seal->at_us, seal->hash };
	return history_sync_file(step->sealer->paths->detail, err) &&
		heads_file_add(step->sealer->paths->heads, &head, err);
}

/* Behind the commit. */
static void end_step(void *data)
{
	struct step *step = data;
	struct sealer *s = step->sealer;
	struct err err;
	if (is_written(step) && !note_head(step, &err)) {
		say(s, &err);
	}
	if (step->pass.cut) {
		log_line("history: calls that were sealed are gone: see `bascule history verify`");
	}
	atomic_store(&s->busy, false);
	if (step->store && (step->failed || step->pass.more || step->pass.soon)) {
		uv_async_send(&s->ended);
	}
	free(step);
}

/* ---- on the loop ---- */

static void on_ended(uv_async_t *async)
{
	struct sealer *s = async->data;
	s->more(s->data);
}

struct sealer *sealer_create(
	uv_loop_t *loop, const struct paths *paths, void (*more)(void *data), void *data)
{
	struct sealer *s = xcalloc(1, sizeof(*s));
	s->paths = paths;
	s->more = more;
	s->data = data;
	s->ended.data = s;
	uv_async_init(loop, &s->ended, on_ended);
	uv_unref((uv_handle_t *)&s->ended);
	return s;
}

static struct step *new_step(struct sealer *s, int64_t settle_us)
{
	struct step *step = xcalloc(1, sizeof(*step));
	step->sealer = s;
	step->now_us = clock_wall_ms() * 1000;
	step->settled_us = step->now_us - settle_us;
	atomic_store(&s->busy, true);
	return step;
}

void sealer_begin(struct sealer *s, struct writer *w, int64_t last)
{
	struct step *step = new_step(s, 0);
	step->begins = true;
	step->last = last;
	writer_run(w, work, step, end_step);
}

void sealer_step(struct sealer *s, struct writer *w)
{
	if (!atomic_load(&s->busy)) {
		writer_run(w, work, new_step(s, SEAL_SETTLE_US), end_step);
	}
}

void sealer_soon(struct sealer *s)
{
	if (s) {
		s->more(s->data);
	}
}

void sealer_last(struct sealer *s, struct writer *w)
{
	writer_run(w, work, new_step(s, 0), end_step);
}

void sealer_destroy(struct sealer *s)
{
	free(s);
}
