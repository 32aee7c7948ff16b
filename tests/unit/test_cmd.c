/* The commands that only print: flags, what they say of files and settings, and following the log
 * over a rotation. */
#include "config.h"

#include "ipc/cmd.h"

#include "ipc/log.h"
#include "ipc/paths.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PRINTED = 256 * 1024, BOUND_MS = 20000 };

struct world {
	char dir[64];
	struct paths paths;
	struct err err;
	char out[PRINTED]; /* what the last command printed, both streams */
	pid_t follower;
	int pipe; /* reads what the follower prints */
};

static int begin(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "/tmp/bascule-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	unsetenv("BASCULE_LOG");
	unsetenv("BASCULE_ROOT");
	assert_true(paths_init(&w->paths, w->dir, &w->err));
	assert_true(paths_prepare(&w->paths, &w->err));
	w->pipe = -1;
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;
	char *old = xasprintf("%s.1", w->paths.log);
	log_close();
	if (w->follower > 0) {
		kill(w->follower, SIGKILL);
		waitpid(w->follower, NULL, 0);
	}
	if (w->pipe >= 0) {
		close(w->pipe);
	}
	unlink(old);
	unlink(w->paths.log);
	unlink(w->paths.config_ini);
	rmdir(w->paths.config);
	rmdir(w->paths.state);
	rmdir(w->dir);
	free(old);
	paths_finish(&w->paths);
	free(w);
	return 0;
}

typedef int command(int argc, char **argv);

/* Runs the command in a child, so that its output and its end are its own. NULL ends the arguments.
 */
static pid_t start(struct world *w, command *run, const char **argv)
{
	int ends[2], argc = 0;
	while (argv[argc]) {
		argc++;
	}
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		exit(run(argc, (char **)argv));
	}
	close(ends[1]);
	w->pipe = ends[0];
	return pid;
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads into w->out until `text` is there, or to the end of the output if it is NULL. */
static bool read_until(struct world *w, const char *text)
{
	size_t len = strlen(w->out);
	for (int64_t until = now_ms() + BOUND_MS; now_ms() < until;) {
		struct pollfd p = { .fd = w->pipe, .events = POLLIN };
		if (text && strstr(w->out, text)) {
			return true;
		}
		if (poll(&p, 1, 100) <= 0) {
			continue;
		}
		ssize_t n = read(w->pipe, w->out + len, sizeof(w->out) - 1 - len);
		if (n <= 0) {
			return !text;
		}
		len += (size_t)n;
	}
	return false;
}

static int run(struct world *w, command *run_it, const char **argv)
{
	int status = -1;
	memset(w->out, 0, sizeof(w->out));
	pid_t pid = start(w, run_it, argv);
	assert_true(read_until(w, NULL));
	close(w->pipe);
	w->pipe = -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define ARGV(...) ((const char *[]){ __VA_ARGS__, NULL })

static void assert_said(const struct world *w, const char *text)
{
	if (!strstr(w->out, text)) {
		fail_msg("\"%s\" is not in: %s", text, w->out);
	}
}

static void write_ini(const struct world *w, const char *text)
{
	FILE *f = fopen(w->paths.config_ini, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(w->paths.config_ini, 0600), 0);
}

static void flags_are_understood_or_refused(void **state)
{
	struct world *w = *state;
	char *joined = xasprintf("--root=%s", w->dir);
	assert_int_equal(run(w, cmd_paths, ARGV("paths", joined)), CMD_OK);
	assert_said(w, w->dir);
	assert_int_equal(run(w, cmd_paths, ARGV("paths", "--jsno")), CMD_USAGE);
	assert_said(w, "bascule paths: --jsno: not understood; nearest: --json");
	assert_int_equal(run(w, cmd_paths, ARGV("paths", "--root")), CMD_USAGE);
	assert_said(w, "--root: nothing behind it");
	assert_int_equal(run(w, cmd_paths, ARGV("paths", "--json=yes")), CMD_USAGE);
	assert_int_equal(run(w, cmd_paths, ARGV("paths", "extra\x1b[2J")), CMD_USAGE);
	assert_null(strchr(w->out, '\x1b'));
	assert_int_equal(run(w, cmd_log, ARGV("log", "--lines", "-1")), CMD_USAGE);
	assert_int_equal(run(w, cmd_log, ARGV("log", "--lines", "5x")), CMD_USAGE);
	free(joined);
}

static void paths_names_every_file(void **state)
{
	struct world *w = *state;
	assert_int_equal(run(w, cmd_paths, ARGV("paths", "--root", w->dir)), CMD_OK);
	assert_said(w, w->paths.config_ini);
	assert_said(w, w->paths.history);
	assert_said(w, "/run/decide.sock");
	assert_said(w, "(not there yet)");
	assert_int_equal(run(w, cmd_paths, ARGV("paths", "--root", w->dir, "--json")), CMD_OK);
	assert_said(w, "[{\"path\":\"");
	assert_said(w, "\"exists\":true");
}

static void config_says_where_a_value_is_from(void **state)
{
	struct world *w = *state;
	write_ini(w,
		"[queue]\npending_max = 7\n[notify]\nbus = a\x20\xe2\x80\xae"
		"b\n");
	setenv("BASCULE_LOG", "debug", 1);
	assert_int_equal(run(w, cmd_config, ARGV("config", "--root", w->dir)), CMD_OK);
	unsetenv("BASCULE_LOG");
	assert_said(w, "queue.pending_max        7             config.ini:2   ");
	assert_said(w, "log.level                debug         BASCULE_LOG    ");
	assert_said(w, "broker.autostart         yes           built-in       ");
	assert_null(strstr(w->out, "\xe2\x80\xae")); /* cleaned */
	assert_int_equal(run(w, cmd_config, ARGV("config", "--root", w->dir, "--json")), CMD_OK);
	assert_said(w,
		"{\"name\":\"queue.pending_max\",\"value\":\"7\",\"source\":\"config.ini\","
		"\"line\":2,");
	assert_said(w, "\"error\":null");
}

static void config_tells_a_wrong_line_and_shows_the_rest(void **state)
{
	struct world *w = *state;
	write_ini(w, "[queue]\npending_max = 7\npendng_max = 7\n");
	assert_int_equal(run(w, cmd_config, ARGV("config", "--root", w->dir)), CMD_FAILED);
	assert_said(w, "queue.pending_max        7             config.ini:2");
	assert_said(
		w, "config.ini:3: queue.pendng_max: no such setting, nearest: queue.pending_max");
	assert_int_equal(
		run(w, cmd_config, ARGV("config", "--root", w->dir, "--json")), CMD_FAILED);
	assert_said(w, "\"error\":\"");
}

static void log_shows_the_last_lines(void **state)
{
	struct world *w = *state;
	char *old = xasprintf("%s.1", w->paths.log);
	assert_int_equal(run(w, cmd_log, ARGV("log", "--root", w->dir)), CMD_OK);
	assert_said(w, "nothing logged yet");
	log_open(w->paths.log, "test", false);
	log_line("one");
	log_line("two");
	assert_int_equal(rename(w->paths.log, old), 0);
	log_line("three");
	log_line("four");
	assert_int_equal(run(w, cmd_log, ARGV("log", "--root", w->dir)), CMD_OK);
	assert_said(w, " one\n");
	assert_said(w, " four\n");
	assert_int_equal(run(w, cmd_log, ARGV("log", "--root", w->dir, "--lines", "3")), CMD_OK);
	assert_null(strstr(w->out, " one\n"));
	assert_said(w, " two\n");
	assert_true(strstr(w->out, " two\n") < strstr(w->out, " four\n"));
	assert_int_equal(run(w, cmd_log, ARGV("log", "--root", w->dir, "--lines", "0")), CMD_OK);
	assert_string_equal(w->out, "");
	free(old);
}

static void a_forged_log_is_cleaned(void **state)
{
	struct world *w = *state;
	FILE *f = fopen(w->paths.log, "w");
	assert_non_null(f);
	fputs("\x1b]0;title\x07 here\nunfinished", f);
	fclose(f);
	assert_int_equal(run(w, cmd_log, ARGV("log", "--root", w->dir)), CMD_OK);
	assert_null(strchr(w->out, '\x1b'));
	assert_said(w, " here\n");
}

static void following_survives_a_rotation(void **state)
{
	struct world *w = *state;
	char *old = xasprintf("%s.1", w->paths.log);
	log_open(w->paths.log, "test", false);
	log_line("before");
	w->follower = start(w, cmd_log, ARGV("log", "--root", w->dir, "-f"));
	assert_true(read_until(w, " before\n"));
	log_line("while it follows");
	assert_true(read_until(w, " while it follows\n"));
	int late = open(w->paths.log, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(late >= 0);
	assert_int_equal(rename(w->paths.log, old), 0);
	log_line("into the new file");
	static const char last[] = "a line that was on its way\n";
	assert_int_equal(write(late, last, sizeof(last) - 1), sizeof(last) - 1);
	close(late);
	assert_true(read_until(w, " into the new file\n"));
	assert_said(w, "a line that was on its way\n");
	/* Nothing came twice. */
	assert_null(strstr(strstr(w->out, " before\n") + 1, " before\n"));
	free(old);
}

static void following_ends_with_its_reader(void **state)
{
	struct world *w = *state;
	int status = -1;
	log_open(w->paths.log, "test", false);
	log_line("before");
	w->follower = start(w, cmd_log, ARGV("log", "--root", w->dir, "-f"));
	assert_true(read_until(w, " before\n"));
	close(w->pipe);
	w->pipe = -1;
	for (int64_t until = now_ms() + BOUND_MS; now_ms() < until;) {
		if (waitpid(w->follower, &status, WNOHANG) == w->follower) {
			w->follower = 0;
			return;
		}
		poll(NULL, 0, 10);
	}
	fail_msg("still running");
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(flags_are_understood_or_refused),
		WORLD(paths_names_every_file),
		WORLD(config_says_where_a_value_is_from),
		WORLD(config_tells_a_wrong_line_and_shows_the_rest),
		WORLD(log_shows_the_last_lines),
		WORLD(a_forged_log_is_cleaned),
		WORLD(following_survives_a_rotation),
		WORLD(following_ends_with_its_reader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
