/*
 * One worker at a time, on the thread pool: it looks how far calls may go, and removes those that
 * an event has named. What has to be written to detail.db goes through the writer, which has the
 * only handle for that.
 */
#include "config.h"

#include "ipc/retention.h"

#include "core/prune.h"
#include "ipc/clock.h"
#include "ipc/log.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US (86400 * INT64_C(1000000))

enum {
	FIRST_MS = 1000, /* after the start: a short run of the broker tidies, too */
	LOOK_MS = 600000,
	SOON_MS = 1000, /* while there is something to remove, or to be sealed */
	STEPS = 20, /* of one run of the worker: some ten milliseconds of work */
	PAUSE_MS = 5, /* between two of them others write */
};

struct retention {
	const struct paths *paths;
	struct writer *writer; /* NULL: stopped */
	struct sealer *sealer;
	struct prune_want want;
	uv_timer_t timer;
	uv_work_t work;
	bool working;
	/* of the worker, until it is done */
	int64_t planned, said;
	bool more, ok;
	struct err err;
	/* of the writer's thread */
	atomic_llong removed; /* below which no details are left */
	atomic_llong noted; /* below which an event has said that calls go */
	char complained[sizeof(((struct err *)0)->text)];
};

/* ---- in the worker ---- */

static void on_work(uv_work_t *work)
{
	struct retention *r = work->data;
	r->want.now_us = clock_wall_ms() * 1000;
	r->planned = r->said = 0;
	r->more = false;
	r->ok = prune_plan(r->paths->history, r->paths->detail, &r->want, &r->planned, &r->err) &&
		prune_said(r->paths->detail, &r->said, &r->err);
	bool more = r->ok && r->said > 0;
	for (int i = 0; more && r->ok && i < STEPS; i++) {
		r->ok = prune_log(r->paths->history, r->said, &more, &r->err);
		uv_sleep(PAUSE_MS);
	}
	r->more = r->ok && more;
}

/* ---- on the writer's thread ---- */

struct note {
	struct retention *retention;
	int64_t below;
};

static bool write_note(struct store *store, void *data, struct err *err)
{
	const struct note *note = data;
	struct buf json = { 0 };
	buf_printf(&json, "{\"below\":%" PRId64 "}", note->below);
	const struct store_event event = {
		.at_us = clock_wall_ms() * 1000, .kind = SPAN("retention"), .json = buf_view(&json)
	};
	bool ok = store_event_add(store, &event, NULL, err) &&
		store_place_set(store, "retention", note->below, err);
	buf_finish(&json);
	if (ok) {
		atomic_store(&note->retention->noted, note->below);
	}
	return ok;
}

static bool remove_details(struct store *store, void *data, struct err *err)
{
	const struct note *note = data;
	bool more = false;
	bool ok = prune_detail(store, note->below, &more, err);
	if (ok && !more) {
		atomic_store(&note->retention->removed, note->below);
	}
	return ok;
}

static void queue(struct retention *r, writer_work *work, int64_t below)
{
	struct note *note = xcalloc(1, sizeof(*note));
	*note = (struct note){ r, below };
	writer_run(r->writer, work, note, free);
}

/* ---- on the loop ---- */

static void on_due(uv_timer_t *timer);

static void again(struct retention *r, uint64_t ms)
{
	if (r->writer) {
		uv_timer_start(&r->timer, on_due, ms, 0);
	}
}

static void complain(struct retention *r)
{
	if (strcmp(r->complained, r->err.text) != 0) {
		memcpy(r->complained, r->err.text, sizeof(r->complained));
		log_line("retention: %s", r->err.text);
	}
}

static void on_done(uv_work_t *work, int status)
{
	struct retention *r = work->data;
	(void)status;
	r->working = false;
	if (!r->writer) {
		return;
	}
	if (!r->ok) {
		complain(r);
		again(r, LOOK_MS);
		return;
	}
	bool news = r->planned > atomic_load(&r->noted) && r->planned > r->said;
	if (news) {
		log_line("history: calls below %" PRId64 " go, as history.keep_... asks",
			r->planned);
		queue(r, write_note, r->planned);
		sealer_soon(r->sealer);
	}
	bool left = r->said > atomic_load(&r->removed);
	if (left) {
		queue(r, remove_details, r->said);
	}
	bool unsealed = atomic_load(&r->noted) > r->said;
	again(r, r->more || left || news || unsealed ? SOON_MS : LOOK_MS);
}

static void on_due(uv_timer_t *timer)
{
	struct retention *r = timer->data;
	if (!r->working) {
		r->working = true;
		r->work.data = r;
		uv_queue_work(timer->loop, &r->work, on_work, on_done);
	}
}

struct retention *retention_start(uv_loop_t *loop, const struct paths *paths,
	const struct config *config, struct writer *writer, struct sealer *sealer)
{
	int64_t days = config->number[OPTION_KEEP_DAYS], mb = config->number[OPTION_KEEP_MB];
	if (!days && !mb) {
		return NULL;
	}
	struct retention *r = xcalloc(1, sizeof(*r));
	r->paths = paths;
	r->writer = writer;
	r->sealer = sealer;
	r->want.keep_us = days * DAY_US;
	r->want.keep_bytes = mb << 20;
	uv_timer_init(loop, &r->timer);
	uv_unref((uv_handle_t *)&r->timer);
	r->timer.data = r;
	again(r, FIRST_MS);
	return r;
}

void retention_stop(struct retention *r)
{
	if (r) {
		r->writer = NULL;
	}
}

void retention_destroy(struct retention *r)
{
	free(r);
}
