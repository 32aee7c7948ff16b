/*
 * Owns the thread, the queue in front of it, and the only handle that writes detail.db. What it is
 * given is taken in its order, many jobs to a transaction. A transaction that fails is tried again
 * with all its jobs; what was redacted once is not redacted again.
 *
 * A job that fails by itself (a `work` that says no) is dropped after some attempts and said in the
 * log: nothing may stand in front of the others for ever.
 */
#include "config.h"

#include "ipc/writer.h"

#include "core/policy/secret.h"
#include "core/policy/secret_mask.h"
#include "core/preview_text.h"
#include "ipc/before_keep.h"
#include "ipc/clock.h"
#include "ipc/dotenv.h"
#include "ipc/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	RETRY_MS = 1000,
	STOP_MS = 3000, /* after that the process ends without what the disk did not take */
	ATTEMPTS_MAX = 3,
	EVENT_MOST = 65536,
};

enum job_kind { JOB_TEXT, JOB_DIFF, JOB_EVENT, JOB_LEARN, JOB_RUN, JOB_BEFORE };

struct job {
	struct job *next;
	enum job_kind kind;
	size_t weight;
	bool ready; /* `text` is what is to be stored */
	unsigned attempts;
	int64_t number, at_us;
	enum store_part part;
	struct bounded bounded;
	struct hash hash; /* plain; keyed once it is ready */
	struct buf text; /* of JOB_DIFF and JOB_EVENT as it came, until it is ready */
	char *profile, *tool, *event;
	char *dirs[DOTENV_DIRS + 1];
	struct process process;
	writer_work *work;
	void *data;
	void (*free_data)(void *data);
};

struct writer {
	uv_thread_t thread;
	uv_mutex_t lock;
	uv_cond_t wake;
	/* under the lock */
	struct job *first, **last;
	size_t weight; /* of what waits and of what is being written */
	bool stopping;
	char trouble[WRITER_TROUBLE];
	uv_async_t *changed; /* NULL: nobody is told */
	/* the thread's own */
	struct store *store;
	struct secrets *secrets;
	unsigned char key[HASH_BYTES];
};

/* ---- the loop's side ---- */

static void job_free(struct job *job)
{
	bounded_finish(&job->bounded);
	buf_finish(&job->text);
	free(job->profile);
	free(job->tool);
	free(job->event);
	for (size_t i = 0; job->dirs[i]; i++) {
		free(job->dirs[i]);
	}
	if (job->free_data) {
		job->free_data(job->data);
	}
	free(job);
}

static struct job *job_new(enum job_kind kind)
{
	struct job *job = xcalloc(1, sizeof(*job));
	job->kind = kind;
	return job;
}

/* Too much at once: of what came only its size is kept. */
static void lighten(struct job *job)
{
	struct buf words = { 0 };
	bounded_finish(&job->bounded);
	buf_finish(&job->text);
	buf_text(&words, "⟨not kept: too much came at once⟩");
	job->text = words;
	job->ready = true;
	job->hash = (struct hash){ 0 };
}

static void push(struct writer *w, struct job *job)
{
	if (!w) {
		job_free(job);
		return;
	}
	job->weight = sizeof(*job) + job->bounded.head.len + job->bounded.tail.len + job->text.len;
	uv_mutex_lock(&w->lock);
	if (w->weight + job->weight > WRITER_QUEUE_MAX && job->kind <= JOB_DIFF) {
		lighten(job);
		job->weight = sizeof(*job);
	} else if (w->weight + job->weight > WRITER_BEFORE_MAX && job->kind == JOB_BEFORE) {
		before_keep_drop(job->data, &job->text, "too much came at once");
		job->weight = sizeof(*job);
	}
	w->weight += job->weight;
	if (!w->first) {
		uv_cond_signal(&w->wake); /* later ones are found without */
	}
	*w->last = job;
	w->last = &job->next;
	uv_mutex_unlock(&w->lock);
}

void writer_text(struct writer *w, int64_t number, enum store_part part, struct bounded *text,
	const struct hash *hash)
{
	struct job *job = job_new(JOB_TEXT);
	job->number = number;
	job->part = part;
	job->bounded = *text;
	job->hash = *hash;
	*text = (struct bounded){ 0 };
	push(w, job);
}

void writer_diff(
	struct writer *w, int64_t number, const char *profile, const char *tool, struct buf *json)
{
	struct job *job = job_new(JOB_DIFF);
	job->number = number;
	job->part = STORE_DIFF;
	job->profile = xstrdup(profile);
	job->tool = xstrdup(tool);
	job->text = *json;
	*json = (struct buf){ 0 };
	push(w, job);
}

void writer_event(struct writer *w, int64_t at_us, const char *kind, struct buf *json)
{
	struct job *job = job_new(JOB_EVENT);
	job->at_us = at_us;
	job->event = xstrdup(kind);
	job->text = *json;
	*json = (struct buf){ 0 };
	push(w, job);
}

void writer_before(struct writer *w, struct before_keep *keep, struct buf *content)
{
	struct job *job = job_new(JOB_BEFORE);
	job->data = keep;
	job->free_data = before_keep_free;
	job->text = *content;
	*content = (struct buf){ 0 };
	push(w, job);
}

void writer_learn(struct writer *w, const char *const *dirs, const struct process *process)
{
	struct job *job = job_new(JOB_LEARN);
	for (size_t i = 0; dirs[i] && i < DOTENV_DIRS; i++) {
		job->dirs[i] = xstrdup(dirs[i]);
	}
	job->process = *process;
	push(w, job);
}

void writer_run(struct writer *w, writer_work *work, void *data, void (*free_data)(void *data))
{
	struct job *job = job_new(JOB_RUN);
	job->work = work;
	job->data = data;
	job->free_data = free_data;
	push(w, job);
}

void writer_tell(struct writer *w, uv_async_t *changed)
{
	uv_mutex_lock(&w->lock);
	w->changed = changed;
	uv_mutex_unlock(&w->lock);
	uv_async_send(changed); /* for what was before */
}

void writer_trouble(struct writer *w, char out[WRITER_TROUBLE])
{
	uv_mutex_lock(&w->lock);
	memcpy(out, w->trouble, WRITER_TROUBLE);
	uv_mutex_unlock(&w->lock);
}

/* ---- the thread's side: one job ---- */

static void learn(struct writer *w, const struct job *job)
{
	struct buf text = { 0 };
	dotenv_collect((const char *const *)job->dirs, &text);
	secrets_know_dotenv(w->secrets, buf_view(&text));
	dotenv_wipe(&text);
	if (process_environment(&job->process, &text)) {
		secrets_know_environment(w->secrets, buf_view(&text));
	}
	dotenv_wipe(&text);
}

static void unscanned(struct buf *out)
{
	buf_clear(out);
	buf_text(out, "⟨not kept: it could not be searched for secrets⟩");
}

static void redact(struct writer *w, const struct bounded *b, size_t most, struct buf *out)
{
	size_t end, from;
	struct span head = buf_view(&b->head), tail = buf_view(&b->tail);
	bounded_keep(b, most, &end, &from);
	bool ok = secret_mark(w->secrets, w->key, head, 0, end, out);
	if (!bounded_is_whole(b) || from > end) {
		struct span last = bounded_is_whole(b) ? head : tail;
		bounded_gap(b, out);
		ok = ok && secret_mark(w->secrets, w->key, last, from, last.len, out);
	}
	if (!ok) {
		unscanned(out);
	}
}

static void ready_text(struct writer *w, struct job *job)
{
	struct hash keyed;
	static const struct hash none;
	redact(w, &job->bounded, store_part_most(job->part), &job->text);
	if (!hash_same(&job->hash, &none)) {
		hash_keyed(w->key, job->hash.byte, keyed.byte);
		job->hash = keyed;
	}
}

static void ready_diff(struct writer *w, struct job *job)
{
	struct buf diff = { 0 };
	preview_text(span_of(job->profile), span_of(job->tool), buf_view(&job->text), &diff);
	bounded_take(&job->bounded, buf_view(&diff), store_part_most(STORE_DIFF));
	buf_finish(&job->text);
	buf_finish(&diff);
	redact(w, &job->bounded, store_part_most(STORE_DIFF), &job->text);
}

static void ready_event(struct writer *w, struct job *job)
{
	struct buf marked = { 0 };
	bool ok = job->text.len <= EVENT_MOST &&
		secret_mark(w->secrets, w->key, buf_view(&job->text), 0, job->text.len, &marked);
	if (!ok) {
		buf_clear(&marked);
		buf_text(&marked, "{}");
	}
	buf_finish(&job->text);
	job->text = marked;
}

static void make_ready(struct writer *w, struct job *job)
{
	switch (job->kind) {
	case JOB_TEXT:
		ready_text(w, job);
		break;
	case JOB_DIFF:
		ready_diff(w, job);
		break;
	case JOB_EVENT:
		ready_event(w, job);
		break;
	case JOB_LEARN:
		learn(w, job);
		break;
	case JOB_BEFORE:
		before_keep_ready(job->data, w->secrets, &job->text);
		break;
	case JOB_RUN:
		break;
	}
	job->ready = true;
}

static bool write_body(struct writer *w, const struct job *job, struct err *err)
{
	if (job->kind == JOB_DIFF && !job->text.len) {
		return true; /* it changes no file */
	}
	const struct store_body body = {
		.text = buf_view(&job->text), .size = job->bounded.size, .hash = job->hash
	};
	return store_put(w->store, job->number, job->part, &body, err);
}

static bool write_job(struct writer *w, struct job *job, struct err *err)
{
	if (!job->ready) {
		make_ready(w, job);
	}
	if (job->kind == JOB_EVENT) {
		const struct store_event event = { .at_us = job->at_us,
			.kind = span_of(job->event),
			.json = buf_view(&job->text) };
		return store_event_add(w->store, &event, NULL, err);
	}
	if (job->kind == JOB_RUN) {
		job->attempts++;
		return job->attempts > ATTEMPTS_MAX || job->work(w->store, job->data, err);
	}
	if (job->kind == JOB_BEFORE) {
		return before_keep_write(w->store, job->data, buf_view(&job->text), err);
	}
	return job->kind == JOB_LEARN || write_body(w, job, err);
}

/* ---- many jobs ---- */

static bool write_jobs(struct writer *w, struct job *jobs, struct err *err)
{
	if (!store_begin(w->store, err)) {
		return false;
	}
	for (struct job *job = jobs; job; job = job->next) {
		if (!write_job(w, job, err)) {
			store_rollback(w->store);
			return false;
		}
	}
	if (!store_commit(w->store, err)) {
		store_rollback(w->store);
		return false;
	}
	return true;
}

static void say_trouble(struct writer *w, const struct err *err)
{
	char words[WRITER_TROUBLE] = "";
	if (err) {
		snprintf(
			words, sizeof(words), "details of calls cannot be kept: %.150s", err->text);
	}
	uv_mutex_lock(&w->lock);
	if (strcmp(words, w->trouble) != 0) {
		log_line("%s", err ? words : "details of calls can be kept again");
		memcpy(w->trouble, words, sizeof(words));
		if (w->changed) {
			uv_async_send(w->changed);
		}
	}
	uv_mutex_unlock(&w->lock);
}

static void free_jobs(struct writer *w, struct job *jobs)
{
	size_t weight = 0;
	while (jobs) {
		struct job *job = jobs;
		jobs = job->next;
		weight += job->weight;
		job_free(job);
	}
	uv_mutex_lock(&w->lock);
	w->weight -= weight;
	uv_mutex_unlock(&w->lock);
}

/* Waits so long, or until it is to stop; says so. */
static bool wait_or_stop(struct writer *w, int64_t ms)
{
	int64_t end = clock_boot_us() + ms * 1000, now;
	uv_mutex_lock(&w->lock);
	while (!w->stopping && (now = clock_boot_us()) < end) {
		uv_cond_timedwait(&w->wake, &w->lock, (uint64_t)(end - now) * 1000);
	}
	bool stopping = w->stopping;
	uv_mutex_unlock(&w->lock);
	return stopping;
}

static void write_all(struct writer *w, struct job *jobs)
{
	struct err err;
	int64_t give_up = 0;
	while (!write_jobs(w, jobs, &err)) {
		say_trouble(w, &err);
		if (wait_or_stop(w, RETRY_MS)) {
			give_up = give_up ? give_up : clock_boot_us() + STOP_MS * 1000;
			if (clock_boot_us() >= give_up) {
				log_line("details of the last calls were not kept: %s", err.text);
				break;
			}
			uv_sleep(RETRY_MS / 10);
		}
	}
	if (!give_up) {
		say_trouble(w, NULL);
	}
	free_jobs(w, jobs);
}

static void run(void *data)
{
	struct writer *w = data;
	for (;;) {
		uv_mutex_lock(&w->lock);
		while (!w->first && !w->stopping) {
			uv_cond_wait(&w->wake, &w->lock);
		}
		bool end = !w->first;
		uv_mutex_unlock(&w->lock);
		if (end) {
			return;
		}
		wait_or_stop(w, WRITER_SOON_MS);
		uv_mutex_lock(&w->lock);
		struct job *jobs = w->first;
		w->first = NULL;
		w->last = &w->first;
		uv_mutex_unlock(&w->lock);
		write_all(w, jobs);
	}
}

/* ---- its life ---- */

struct writer *writer_start(
	const char *path, const unsigned char key[HASH_BYTES], char **note, struct err *err)
{
	unsigned char own[HASH_BYTES];
	struct writer *w = xcalloc(1, sizeof(*w));
	memcpy(w->key, key, HASH_BYTES);
	w->last = &w->first;
	w->store = store_open(path, false, clock_wall_ms() * 1000, note, err);
	if (w->store && getrandom(own, sizeof(own), 0) == (ssize_t)sizeof(own)) {
		w->secrets = secrets_create(own, err);
	}
	if (!w->secrets) {
		store_close(w->store);
		free(w);
		return NULL;
	}
	uv_mutex_init(&w->lock);
	uv_cond_init(&w->wake);
	if (uv_thread_create(&w->thread, run, w) != 0) {
		fail(err, 0, "no thread for the details of calls");
		secrets_destroy(w->secrets);
		store_close(w->store);
		free(w);
		return NULL;
	}
	return w;
}

void writer_stop(struct writer *w)
{
	if (!w) {
		return;
	}
	uv_mutex_lock(&w->lock);
	w->stopping = true;
	uv_cond_signal(&w->wake);
	uv_mutex_unlock(&w->lock);
	uv_thread_join(&w->thread);
	uv_cond_destroy(&w->wake);
	uv_mutex_destroy(&w->lock);
	secrets_destroy(w->secrets);
	store_close(w->store);
	explicit_bzero(w->key, sizeof(w->key));
	free(w);
}
