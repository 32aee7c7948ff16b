/*
 * How a hook ends that nobody lets end well: agents run the tool when their hook is silent for too
 * long, crashes, or says what they cannot read. So each of these is a no, and leaves nothing
 * waiting.
 */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct hook {
	const char *limit; /* of --limit; NULL: none */
	const char *before; /* for sh, before it becomes the hook; NULL: nothing */
	int out; /* its stdout; 0: a pipe that asked_said reads */
	int *in; /* not NULL: stdin is left open, and this is our end */
};

static struct asked start(struct world *w, const struct hook *hook, const char *text)
{
	int in[2], out[2];
	CHECK(w, pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	char *script = xasprintf("%s exec \"$@\"", hook->before ? hook->before : "");
	const char *const argv[] = { "sh", "-c", script, "sh", world_path(w, "bascule-gate"),
		"hook", "claude", "--root", w->root, hook->limit ? "--limit" : NULL, hook->limit,
		NULL };
	struct proc proc = { .cwd = w->work,
		.in = in[0],
		.out = hook->out ? hook->out : out[1],
		.err = world_err_file(w, "hook"),
		.argv = argv };
	struct asked asked = { w, proc_start(&proc), out[0] };
	close(in[0]);
	close(out[1]);
	close(proc.err);
	CHECK_INT(w, write(in[1], text, strlen(text)), (int)strlen(text));
	if (hook->in) {
		*hook->in = in[1];
	} else {
		close(in[1]);
	}
	return asked;
}

static char *deletion(struct world *w)
{
	return asked_claude(w, "s-1", "Bash", "{\"command\":\"rm -rf /outside\"}");
}

static char *look(struct world *w)
{
	return asked_claude(w, "s-1", "Bash", "{\"command\":\"git status\"}");
}

/* The agent's tools are known here, and nothing waits. */
static void known(struct world *w)
{
	world_broker(w);
	struct asked asked = asked_start(w, "claude", look(w));
	asked_accept(w);
	asked_said(&asked, 0);
}

static const cJSON *held(struct world *w)
{
	return person_item(w->person, "Bash", "held");
}

static void the_no_comes_before_the_limit(struct world *w)
{
	known(w);
	int64_t began = now_ms();
	struct asked asked = start(w, &(struct hook){ .limit = "6" }, deletion(w));
	const cJSON *item = held(w);
	char *said = asked_said(&asked, 2);
	CHECK_HAS(w, said, "\"permissionDecision\":\"deny\"");
	CHECK_HAS(w, said, "NOT executed: nobody answered before the hook's time limit");
	CHECK_HAS(w, said, "Then call again");
	CHECK(w, now_ms() - began < 6000);
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
}

static void without_time_nobody_is_asked(struct world *w)
{
	static const char *const limits[] = { "5", "0", "-1", "x", "604801", "" };
	known(w);
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		struct asked asked = start(w, &(struct hook){ .limit = limits[i] }, look(w));
		char *said = asked_said(&asked, 2);
		CHECK_HAS(w, said, "\"permissionDecision\":\"deny\"");
		CHECK_HAS(w, said, "leaves no time to ask");
	}
	CHECK_INT(w, cJSON_GetArraySize(history_wait(w, NULL, 1)), 1); /* of known() */
}

static void who_is_told_nothing_says_no_in_time(struct world *w)
{
	int in = -1;
	int64_t began = now_ms();
	struct asked asked = start(w, &(struct hook){ .limit = "6", .in = &in }, "{");
	asked_said(&asked, 2);
	CHECK(w, now_ms() - began < 6000);
	CHECK(w, world_err_has(w, "took too long"));
	close(in);
}

static void who_cannot_speak_says_no_in_time(struct world *w)
{
	int out[2], status = 0;
	char some[4096] = { 0 };
	known(w);
	CHECK(w, pipe2(out, O_CLOEXEC) == 0 && fcntl(out[1], F_SETFL, O_NONBLOCK) == 0);
	while (write(out[1], some, sizeof(some)) > 0) {
	}
	CHECK(w, fcntl(out[1], F_SETFL, 0) == 0);
	int64_t began = now_ms();
	struct asked asked = start(w, &(struct hook){ .limit = "6", .out = out[1] }, look(w));
	close(asked.out);
	CHECK(w, proc_wait(asked.pid, WORLD_BOUND_MS, &status));
	CHECK_INT(w, WEXITSTATUS(status), 2);
	CHECK(w, now_ms() - began < 6000);
	close(out[0]);
	close(out[1]);
}

static void who_is_ended_leaves_nothing_waiting(struct world *w)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGKILL };
	known(w);
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		int status = 0;
		struct asked asked = start(w, &(struct hook){ .limit = NULL }, deletion(w));
		const cJSON *item = held(w);
		kill(asked.pid, signals[i]);
		CHECK(w, proc_wait(asked.pid, WORLD_BOUND_MS, &status));
		CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
		CHECK(w, signals[i] == SIGKILL || WEXITSTATUS(status) == 2);
		close(asked.out);
	}
}

static void a_crash_is_a_no(struct world *w)
{
#ifndef __SANITIZE_ADDRESS__ /* which tells of it in its own way */
	static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGXCPU, SIGFPE };
	known(w);
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		struct asked asked = start(w, &(struct hook){ .limit = NULL }, deletion(w));
		const cJSON *item = held(w);
		kill(asked.pid, signals[i]);
		asked_said(&asked, 2);
		CHECK(w, world_err_has(w, "bascule: not run: its hook crashed"));
		CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	}
#else
	(void)w;
#endif
}

static void who_stops_reading_leaves_nothing_waiting(struct world *w)
{
	int status = 0;
	known(w);
	struct asked asked = start(w, &(struct hook){ .limit = NULL }, deletion(w));
	const cJSON *item = held(w);
	close(asked.out);
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	CHECK(w, proc_wait(asked.pid, WORLD_BOUND_MS, &status));
	CHECK_INT(w, WEXITSTATUS(status), 2);
}

static void what_could_not_be_said_did_not_run(struct world *w)
{
	int status = 0, full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	known(w);
	struct asked asked = start(w, &(struct hook){ .out = full }, look(w));
	close(asked.out);
	CHECK(w, proc_wait(asked.pid, WORLD_BOUND_MS, &status));
	CHECK_INT(w, WEXITSTATUS(status), 2);
	history_wait(w, NULL, 2);
	CHECK_TEXT(w, pick_text(history_row(w, NULL, "done"), "outcome"), "error");
	close(full);
}

static void a_log_that_cannot_grow_is_no_reason(struct world *w)
{
	known(w);
	struct asked asked = start(w, &(struct hook){ .before = "ulimit -f 0;" }, look(w));
	CHECK_HAS(w, asked_said(&asked, 0), "\"permissionDecision\":\"allow\"");
	asked = start(w, &(struct hook){ .before = "ulimit -f 0;" }, deletion(w));
	person_deny(w->person, held(w), "no");
	/* stderr is a file here, too: the no is on stdout alone, and said by that */
	CHECK_HAS(w, asked_said(&asked, 0), "\"permissionDecision\":\"deny\"");
}

static const struct e2e_case cases[] = {
	{ "the_no_comes_before_the_limit", the_no_comes_before_the_limit, 0 },
	{ "without_time_nobody_is_asked", without_time_nobody_is_asked, 0 },
	{ "who_is_told_nothing_says_no_in_time", who_is_told_nothing_says_no_in_time, 0 },
	{ "who_cannot_speak_says_no_in_time", who_cannot_speak_says_no_in_time, 0 },
	{ "who_is_ended_leaves_nothing_waiting", who_is_ended_leaves_nothing_waiting, 0 },
	{ "a_crash_is_a_no", a_crash_is_a_no, 0 },
	{ "who_stops_reading_leaves_nothing_waiting", who_stops_reading_leaves_nothing_waiting, 0 },
	{ "what_could_not_be_said_did_not_run", what_could_not_be_said_did_not_run, 0 },
	{ "a_log_that_cannot_grow_is_no_reason", a_log_that_cannot_grow_is_no_reason, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
