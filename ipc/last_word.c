/*
 * Exit code 2 with a text on stderr is a no to every agent that has hooks, and the only answer that
 * can be given from inside a crash. Called by hook_main.c.
 *
 * What this cannot help against: SIGKILL, and a process that is stopped.
 */
#include "config.h"

#include "ipc/last_word.h"

#include "ipc/own_file.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

enum { NO = 2, STACK_BYTES = 64 << 10 };

enum turn { NOBODY, SPEAKS, SPOKE };

struct last_word {
	uv_mutex_t lock;
	uv_thread_t thread;
	uint64_t ms;
	enum turn turn;
	struct buf out, err;
	int code;
};

int last_word_write(struct span out, struct span err, int code)
{
	bool told = own_file_put(STDERR_FILENO, err), whole = own_file_put(STDOUT_FILENO, out);
	if (told && whole) {
		return code;
	}
	return whole && out.len && code == NO ? 0 : NO;
}

/* ---- a crash ---- */

static void on_crash(int number)
{
	static const char text[] = "bascule: not run: its hook crashed\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)ignored;
	(void)number;
	_exit(NO);
}

/* A sanitizer wants to tell of a crash itself. */
static void catch_crashes(void)
{
#ifndef __SANITIZE_ADDRESS__
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP,
		SIGXCPU };
	const stack_t stack = { .ss_sp = xcalloc(1, STACK_BYTES), .ss_size = STACK_BYTES };
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK };
	sigaltstack(&stack, NULL); /* it may be the stack that is full */
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		sigaction(signals[i], &action, NULL);
	}
#endif
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a log that cannot grow is no reason to die */
}

/* ---- the time ---- */

static void sleep_ms(uint64_t ms)
{
	uint64_t end = uv_hrtime() / 1000000 + ms, now;
	while ((now = uv_hrtime() / 1000000) < end) {
		uint64_t left = end - now;
		uv_sleep(left < 1000000 ? (unsigned)left : 1000000);
	}
}

static void wait_for_the_end(void *data)
{
	struct last_word *w = data;
	sleep_ms(w->ms);
	uv_mutex_lock(&w->lock);
	enum turn turn = w->turn;
	w->turn = turn == NOBODY ? SPEAKS : turn;
	int code = turn == SPEAKS ? NO : w->code;
	uv_mutex_unlock(&w->lock);
	if (turn == NOBODY) {
		code = last_word_write(buf_view(&w->out), buf_view(&w->err), code);
	}
	_exit(code);
}

struct last_word *last_word_set(uint64_t ms)
{
	struct last_word *w = xcalloc(1, sizeof(*w));
	catch_crashes();
	w->ms = ms;
	w->code = NO;
	buf_text(&w->err, "bascule: not run: its hook took too long\n");
	uv_mutex_init(&w->lock);
	if (uv_thread_create(&w->thread, wait_for_the_end, w) != 0) {
		on_crash(0); /* without it there may be no answer in time */
	}
	return w;
}

void last_word_change(struct last_word *w, struct buf *out, struct buf *err, int code)
{
	uv_mutex_lock(&w->lock);
	buf_finish(&w->out);
	buf_finish(&w->err);
	w->out = *out;
	w->err = *err;
	w->code = code;
	uv_mutex_unlock(&w->lock);
	*out = *err = (struct buf){ 0 };
}

bool last_word_take(struct last_word *w)
{
	uv_mutex_lock(&w->lock);
	bool mine = w->turn == NOBODY;
	w->turn = mine ? SPEAKS : w->turn;
	uv_mutex_unlock(&w->lock);
	return mine;
}

void last_word_said(struct last_word *w, int code)
{
	uv_mutex_lock(&w->lock);
	w->turn = SPOKE;
	w->code = code;
	uv_mutex_unlock(&w->lock);
}
