/* The guardian with real servers: how they end is told, and nothing of them outlives the gate,
 * however the gate ends. */
#include "config.h"

#include "ipc/guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { BOUND_MS = 20000 };

static char word_sh[] = "/bin/sh", word_c[] = "-c";

static void start(struct guardian *g, const char *script)
{
	char *text = xstrdup(script), *argv[] = { word_sh, word_c, text, NULL };
	struct err err;
	assert_true(guardian_start(g, argv, &err));
	free(text);
}

static struct guardian_report next_report(const struct guardian *g)
{
	struct guardian_report report = { 0 };
	struct pollfd ready = { g->report, POLLIN, 0 };
	assert_int_equal(poll(&ready, 1, BOUND_MS), 1);
	ssize_t n = read(g->report, &report, sizeof(report));
	assert_true(n == sizeof(report) || n == 0);
	return report;
}

static void finish(struct guardian *g)
{
	int status;
	close(g->control);
	close(g->server_in);
	close(g->server_out);
	assert_int_equal(waitpid(g->pid, &status, 0), g->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(g->report);
}

/* Waits for a line "word" of the server, then for its pids. */
static void read_pids(int fd, pid_t *pids, size_t count)
{
	char text[512];
	size_t len = 0, lines = 0;
	while (lines < count) {
		struct pollfd ready = { fd, POLLIN, 0 };
		assert_int_equal(poll(&ready, 1, BOUND_MS), 1);
		assert_int_equal(read(fd, text + len, 1), 1);
		assert_true(len + 1 < sizeof(text));
		lines += text[len++] == '\n';
	}
	text[len] = '\0';
	char *rest = text;
	for (size_t i = 0; i < count; i++) {
		pids[i] = (pid_t)strtol(strsep(&rest, "\n"), NULL, 10);
		assert_true(pids[i] > 1);
	}
}

/* Gone means: no process, and no zombie either. */
static bool gone_soon(pid_t pid)
{
	for (int ms = 0; ms < BOUND_MS; ms += 5) {
		if (kill(pid, 0) != 0 && errno == ESRCH) {
			return true;
		}
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	}
	return false;
}

static void codes_test(void **state)
{
	(void)state;
	static const struct {
		const char *script;
		int code, signal;
	} rows[] = {
		{ "exit 0", 0, 0 },
		{ "exit 7", 7, 0 },
		{ "exit 255", 255, 0 },
		{ "kill -TERM $$", 0, SIGTERM },
		{ "kill -KILL $$", 0, SIGKILL },
		{ "cat >/dev/null; exit 3", 3, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct guardian g;
		start(&g, rows[i].script);
		struct guardian_report started = next_report(&g);
		assert_int_equal(started.kind, 's');
		assert_true(started.value > 1);
		if (strncmp(rows[i].script, "cat", 3) == 0) {
			close(g.server_in);
			g.server_in = open("/dev/null", O_RDWR | O_CLOEXEC);
		}
		struct guardian_report ended = next_report(&g);
		assert_int_equal(ended.kind, 'e');
		if (rows[i].signal) {
			assert_true(WIFSIGNALED(ended.value));
			assert_int_equal(WTERMSIG(ended.value), rows[i].signal);
		} else {
			assert_true(WIFEXITED(ended.value));
			assert_int_equal(WEXITSTATUS(ended.value), rows[i].code);
		}
		assert_int_equal(next_report(&g).kind, 0); /* end of file */
		finish(&g);
	}
}

static void exec_test(void **state)
{
	(void)state;
	char missing[] = "/nowhere/bascule-missing", plain[] = "/etc/passwd",
	     name[] = "bascule-no-such-command";
	char *const programs[] = { missing, plain, name };
	const int codes[] = { ENOENT, EACCES, ENOENT };
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		char *argv[] = { programs[i], NULL };
		struct guardian g;
		struct err err;
		assert_true(guardian_start(&g, argv, &err));
		struct guardian_report report = next_report(&g);
		assert_int_equal(report.kind, 'f');
		assert_int_equal(report.value, codes[i]);
		assert_int_equal(next_report(&g).kind, 0);
		finish(&g);
	}
}

/* Bytes go through, arguments are not read by any shell, and nothing but 0, 1 and 2 is handed on.
 */
static void pipes_test(void **state)
{
	(void)state;
	char env[] = "env", printf_[] = "printf", format[] = "%s|",
	     odd[] = "$(id) `id` 'x' \"y\" ; & *";
	char *argv[] = { env, printf_, format, odd, NULL };
	char text[256];
	struct guardian g;
	struct err err;
	assert_true(guardian_start(&g, argv, &err));
	size_t len = 0;
	for (ssize_t n; (n = read(g.server_out, text + len, sizeof(text) - len - 1)) > 0;) {
		len += (size_t)n;
	}
	text[len] = '\0';
	assert_string_equal(text, "$(id) `id` 'x' \"y\" ; & *|");
	finish(&g);
	start(&g, "ls /proc/self/fd | tr '\\n' ' '; cat");
	assert_int_equal(write(g.server_in, "echo\n", 5), 5);
	close(g.server_in);
	g.server_in = open("/dev/null", O_RDWR | O_CLOEXEC);
	len = 0;
	for (ssize_t n; (n = read(g.server_out, text + len, sizeof(text) - len - 1)) > 0;) {
		len += (size_t)n;
	}
	text[len] = '\0';
	assert_string_equal(text, "0 1 2 3 echo\n"); /* 3: the folder that ls itself reads */
	finish(&g);
}

static void signal_test(void **state)
{
	(void)state;
	pid_t pids[1];
	struct guardian g;
	start(&g, "trap 'echo caught; exit 9' TERM; echo $$; while :; do sleep 0.05; done");
	next_report(&g);
	read_pids(g.server_out, pids, 1);
	/* Its own group: what is sent to ours does not reach it. */
	assert_int_equal(getpgid(pids[0]), pids[0]);
	assert_int_not_equal(getpgid(g.pid), getpgid(0));
	guardian_signal(&g, SIGTERM);
	struct guardian_report report = next_report(&g);
	assert_int_equal(report.kind, 'e');
	assert_int_equal(WEXITSTATUS(report.value), 9);
	finish(&g);
}

#define STUBBORN \
	"trap '' TERM INT HUP; echo $$;" \
	"(trap '' TERM; setsid sh -c 'trap \"\" TERM HUP; echo $$; while :; do sleep 0.1; done' " \
	"& " \
	"sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.1; done' & " \
	"setsid sh -c 'setsid sh -c \"echo \\$\\$; while :; do sleep 0.1; done\" & exit') & " \
	"while :; do sleep 0.1; done"

/* The gate lets go: everything ends, whatever it did to get away. */
static void stubborn_test(void **state)
{
	(void)state;
	pid_t pids[4];
	struct guardian g;
	start(&g, STUBBORN);
	next_report(&g);
	read_pids(g.server_out, pids, 4);
	guardian_signal(&g, SIGTERM);
	assert_int_equal(kill(pids[0], 0), 0);
	finish(&g);
	for (size_t i = 0; i < 4; i++) {
		assert_true(gone_soon(pids[i]));
	}
}

/* The same when the gate had no last word. */
static void killed_gate_test(void **state)
{
	(void)state;
	int tell[2];
	pid_t pids[4], guardian = 0;
	assert_int_equal(pipe2(tell, O_CLOEXEC), 0);
	pid_t gate = fork();
	if (gate == 0) {
		struct guardian g;
		start(&g, STUBBORN);
		next_report(&g);
		read_pids(g.server_out, pids, 4);
		(void)!write(tell[1], pids, sizeof(pids));
		(void)!write(tell[1], &g.pid, sizeof(g.pid));
		pause();
		_exit(1);
	}
	assert_int_equal(read(tell[0], pids, sizeof(pids)), sizeof(pids));
	assert_int_equal(read(tell[0], &guardian, sizeof(guardian)), sizeof(guardian));
	kill(guardian, SIGTERM); /* does not hear */
	kill(guardian, SIGINT);
	assert_int_equal(kill(pids[0], 0), 0);
	kill(gate, SIGKILL);
	waitpid(gate, NULL, 0);
	for (size_t i = 0; i < 4; i++) {
		assert_true(gone_soon(pids[i]));
	}
	close(tell[0]);
	close(tell[1]);
}

/* The server ends and leaves others behind: they end too, before its end is told. */
static void left_behind_test(void **state)
{
	(void)state;
	pid_t pids[3];
	struct guardian g;
	start(&g,
		"setsid sh -c 'echo $$; while :; do sleep 0.1; done' & sh -c 'echo $$; exec sleep "
		"1000' & echo $$; "
		"read line; exit 4");
	next_report(&g);
	read_pids(g.server_out, pids, 3);
	assert_int_equal(write(g.server_in, "end\n", 4), 4);
	struct guardian_report report = next_report(&g);
	assert_int_equal(report.kind, 'e');
	assert_int_equal(WEXITSTATUS(report.value), 4);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(kill(pids[i], 0), -1);
		assert_int_equal(errno, ESRCH);
	}
	finish(&g);
}

/* Orphans of a living server are reaped as they end, and more of them than one read of the list
 * shows are ended. */
static void many_test(void **state)
{
	(void)state;
	pid_t pids[1];
	char path[64], text[65536];
	struct guardian g;
	start(&g,
		"i=0; while [ $i -lt 700 ]; do setsid sleep 1000 & i=$((i+1)); done; "
		"i=0; while [ $i -lt 50 ]; do (true &); i=$((i+1)); done; echo $$; read line");
	next_report(&g);
	read_pids(g.server_out, pids, 1);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)g.pid, (int)g.pid);
	bool clean = false;
	for (int ms = 0; ms < BOUND_MS && !clean; ms += 5) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;
		close(fd);
		text[n > 0 ? n : 0] = '\0';
		char expected[32];
		snprintf(expected, sizeof(expected), "%d ", (int)pids[0]);
		clean = strcmp(text, expected) == 0; /* the server alone: no zombie */
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	}
	assert_true(clean);
	assert_int_equal(write(g.server_in, "\n", 1), 1);
	assert_int_equal(next_report(&g).kind, 'e');
	finish(&g); /* returns only when no child is left */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_test),
		cmocka_unit_test(exec_test),
		cmocka_unit_test(pipes_test),
		cmocka_unit_test(signal_test),
		cmocka_unit_test(stubborn_test),
		cmocka_unit_test(killed_gate_test),
		cmocka_unit_test(left_behind_test),
		cmocka_unit_test(many_test),
	};
	signal(SIGPIPE, SIG_IGN);
	for (int fd = 3; fd < 1024; fd++) {
		/* what whoever runs the tests left open is none of the server's */
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
