/* What the tests of the history share: a scratch directory, a session, calls with every column
 * filled. */
#ifndef BASCULE_TESTS_UNIT_HISTORY_WORLD_H
#define BASCULE_TESTS_UNIT_HISTORY_WORLD_H

#include "core/history.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define INSTANCE "0123456789abcdef"

struct world {
	char dir[64];
	char *path;
	struct history *h;
	int64_t session;
	struct err err;
};

static const unsigned char test_key[32] = "a key of thirty-two bytes, well.";
static const int64_t test_now = 1767000000000000; /* 2025-12-29T09:20:00Z */

static inline struct history_session a_session(const char *instance)
{
	struct history_session s = {
		.instance = span_of(instance),
		.client = SPAN("claude-code"),
		.client_version = SPAN("2.1"),
		.server = SPAN("fs"),
		.profile = SPAN("filesystem"),
		.program = SPAN("/usr/bin/node"),
		.argv_json = SPAN("[\"node\",\"server.js\"]"),
		.scope_json = SPAN("[\"/home/dev/work\"]"),
		.cwd = SPAN("/home/dev/work"),
		.agent_pid = 4242,
		.agent_start = 777,
		.boot = SPAN("boot-1"),
		.started_us = test_now,
	};
	memset(s.tuple, 7, sizeof(s.tuple));
	return s;
}

static inline struct history_call a_call(const struct world *w, const char *id)
{
	struct history_call c = {
		.call = span_of(id),
		.session = w->session,
		.state = LIFE_HELD,
		.method = SPAN("tools/call"),
		.tool = SPAN("write_file"),
		.target = SPAN("/home/dev/work/a.c"),
		.era = SPAN("legacy"),
		.toward = SPAN("server"),
		.verdict = SPAN("hold"),
		.rule = SPAN("built-in:rest"),
		.reason = SPAN("writes"),
		.branch = SPAN("main"),
		.arrived_us = test_now + 1,
		.size = -1,
		.took_us = -1,
	};
	memset(c.bytes, 1, sizeof(c.bytes));
	memset(c.same, 2, sizeof(c.same));
	memset(c.facts, 3, sizeof(c.facts));
	return c;
}

/* Said with the words of err, when a step that must work does not. */
#define WORKS(step) \
	do { \
		w->err.text[0] = '\0'; \
		if (!(step)) { \
			fail_msg("%s: %s", #step, w->err.text); \
		} \
	} while (0)

static inline void begin_world(struct world *w, bool open)
{
	*w = (struct world){ 0 };
	snprintf(w->dir, sizeof(w->dir), "/tmp/bascule-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->path = xasprintf("%s/log.db", w->dir);
	if (open) {
		struct history_session s = a_session(INSTANCE);
		WORKS((w->h = history_open(w->path, test_key, false, test_now, NULL, &w->err)));
		WORKS(history_begin(w->h, &w->err));
		WORKS(history_session(w->h, &s, &w->session, &w->err));
		WORKS(history_commit(w->h, &w->err));
	}
}

static inline void end_world(struct world *w)
{
	history_close(w->h);
	pid_t pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", w->dir, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	free(w->path);
}

/* Records one call in a transaction of its own. */
static inline int64_t record(struct world *w, const char *id)
{
	struct history_call c = a_call(w, id);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_add(w->h, &c, &w->err));
	WORKS(history_commit(w->h, &w->err));
	return c.number;
}

static inline bool add(struct world *w, const char *id)
{
	struct history_call c = a_call(w, id);
	return history_add(w->h, &c, &w->err);
}

static inline bool ignore_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	(void)data;
	(void)call;
	(void)session;
	return true;
}

static inline bool is_there(struct world *w, const char *id)
{
	bool found = false;
	WORKS(history_find(w->h, span_of(id), ignore_row, NULL, &found, &w->err));
	return found;
}

static inline void reopen(struct world *w, char **note)
{
	history_close(w->h);
	WORKS((w->h = history_open(w->path, test_key, false, test_now, note, &w->err)));
}

/* ---- other processes ---- */

struct other {
	pid_t pid;
	int said; /* it writes here */
};

/* What another process does: a program run anew, because SQLite's idea of this process's locks must
 * not come along. */
struct body {
	const char *name;
	void (*run)(struct world *w, int say);
};

/* Runs the body of that name in a child; what it says comes by `said`, what it returns is the exit
 * status. */
static inline struct other start(const char *body, struct world *w)
{
	int ends[2];
	char say[16];
	assert_int_equal(pipe(ends), 0);
	snprintf(say, sizeof(say), "%d", ends[1]);
	struct other o = { fork(), ends[0] };
	assert_true(o.pid >= 0);
	if (o.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* also when a test fails half-way */
		close(ends[0]);
		execl("/proc/self/exe", "test", body, w->path, say, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	return o;
}

/* The other end: main calls it when there are arguments. */
static inline int run_body(char **argv, const struct body *bodies, size_t count)
{
	struct world w = { .path = argv[2], .session = 1 };
	for (size_t i = 0; i < count; i++) {
		if (strcmp(bodies[i].name, argv[1]) == 0) {
			bodies[i].run(&w, atoi(argv[3]));
		}
	}
	return 126;
}

static inline int hear(struct other *o)
{
	char c = 0;
	return read(o->said, &c, 1) == 1 ? c : -1;
}

static inline int finish(struct other *o, int signal)
{
	int status = 0;
	if (signal) {
		kill(o->pid, signal);
	}
	assert_int_equal(waitpid(o->pid, &status, 0), o->pid);
	close(o->said);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void say_and_wait(int say, char c)
{
	if (write(say, &c, 1) == 1) {
		pause();
	}
	_exit(1);
}

/* The state of a test that has one world. */
static struct world world;

static inline int begin_open(void **state)
{
	begin_world(&world, true);
	*state = &world;
	return 0;
}

static inline int begin_empty(void **state)
{
	begin_world(&world, false);
	*state = &world;
	return 0;
}

static inline int end_one(void **state)
{
	end_world(*state);
	return 0;
}

static inline int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
