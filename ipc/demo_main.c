/*
 * bascule-demo: shows the main job to a newcomer with nothing configured, or, with --check, to a
 * script. This file is its life: a scratch directory, a broker of its own, two gates with the
 * scripted agent before and small servers behind them, and the console on top.
 *
 * Promises: nothing outside the scratch directory is written or started; every ending (quit, ^C, a
 * signal, a console that crashed) ends what was started, in bounded time, and removes the scratch
 * directory unless --keep was given. The same program is the servers: `bascule-demo server NAME
 * DIR`.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"
#include "core/safe_text.h"
#include "ipc/cmd.h"
#include "ipc/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* ---- the beginning ---- */

static bool watch_signals(struct demo *d, struct err *err)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return d->signals >= 0 || fail(err, DIAG_NONE, "signalfd: %s", strerror(errno));
}

/* One git command in the workspace, with no configuration but this. */
static bool git(struct demo *d, const char *const *words)
{
	char path[4096], home[4200];
	snprintf(path, sizeof(path), "PATH=%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	snprintf(home, sizeof(home), "HOME=%s/home", d->scratch.dir);
	char no_global[] = "GIT_CONFIG_GLOBAL=/dev/null", no_system[] = "GIT_CONFIG_NOSYSTEM=1",
	     program[] = "git";
	char author[] = "GIT_AUTHOR_NAME=demo", mail[] = "GIT_AUTHOR_EMAIL=demo@localhost";
	char committer[] = "GIT_COMMITTER_NAME=demo",
	     other_mail[] = "GIT_COMMITTER_EMAIL=demo@localhost";
	char *env[] = { path, home, no_global, no_system, author, mail, committer, other_mail,
		NULL };
	char *argv[12] = { program };
	struct err ignored;
	size_t n = 1;
	while (n < COUNT_OF(argv) - 1 && words[n - 1]) {
		argv[n] = xstrdup(words[n - 1]);
		n++;
	}
	bool ok = demo_run(d, argv, env, NULL, &ignored);
	while (--n) {
		free(argv[n]);
	}
	return ok;
}

/* With git, a repository with a commit, so that what was approved can be looked at with `git diff`.
 */
static bool make_repository(struct demo *d, struct err *err)
{
	static const char *const init[] = { "init", "-q", "--template=", "-b", "feature/demo", ".",
		NULL };
	static const char *const add[] = { "add", ".", NULL };
	static const char *const commit[] = { "-c", "gc.auto=0", "-c", "maintenance.auto=false",
		"commit", "-q", "--no-verify", "-m", "Count requests by address", NULL };
	return (git(d, init) && git(d, add) && git(d, commit)) ||
		demo_scratch_repository(&d->scratch, err);
}

static bool make_scratch(struct demo *d, struct err *err)
{
	char *noise = NULL;
	if (!demo_scratch_make(&d->scratch, err)) {
		return false;
	}
	if (d->verbose) {
		printf("scratch directory: %s\n", d->scratch.dir);
		fflush(stdout);
	}
	noise = xasprintf("%s/stderr.txt", d->scratch.dir);
	d->noise = open(noise, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = d->noise >= 0 && chdir(d->scratch.workspace) == 0;
	if (!ok) {
		fail(err, DIAG_PATHS, "%s: %s", noise, strerror(errno));
	}
	free(noise);
	return ok && make_repository(d, err);
}

static bool start(struct demo *d, struct err *err)
{
	d->profiles = profiles_create();
	if (!watch_signals(d, err) || !make_scratch(d, err) || !demo_broker_start(d, err)) {
		return false;
	}
	for (size_t i = 0; i < demo_call_count; i++) {
		d->deeds[i].target = demo_target(d->profiles, &demo_calls[i], d->scratch.dir);
	}
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		if (!demo_trust(d, &demo_servers[i], err)) {
			return false;
		}
	}
	if (d->check && !demo_watch(d, err)) {
		return false;
	}
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		if (!demo_client_start(d, &d->gates[i], &demo_servers[i], err)) {
			return false;
		}
	}
	d->began_ms = demo_now();
	return true;
}

/* ---- the console ---- */

static bool start_console(struct demo *d, struct err *err)
{
	char command[] = "console", root[] = "--root", decide[] = "--decide-fd", fd[16];
	char *argv[] = { paths_program("bascule-console"), command, root, d->scratch.root, decide,
		fd, NULL };
	snprintf(fd, sizeof(fd), "%d", d->console_socket);
	struct demo_spawn how = { .argv = argv,
		.in = 0,
		.out = 1,
		.err = 2,
		.keep = { d->console_socket, -1 },
		.foreground = true };
	bool ok = demo_spawn(&d->console, &how, err);
	demo_close(&d->console_socket);
	free(argv[0]);
	return ok;
}

static bool console_ended(const struct demo *d, const void *unused)
{
	(void)unused;
	return !d->console.pid;
}

/* What a console that crashed left of the terminal: modes, the other screen, a hidden cursor. */
static void mend_terminal(const struct termios *before)
{
	tcsetattr(0, TCSADRAIN, before);
	demo_write(1, SPAN("\033[?1049l\033[?25h\033[?1004l\033[?2004l\033[0m\r\n"));
}

static bool open_console(struct demo *d, struct err *err)
{
	struct termios before;
	bool have = tcgetattr(0, &before) == 0;
	if (!start_console(d, err)) {
		return false;
	}
	demo_until(d, console_ended, NULL, -1);
	demo_end_child(d, &d->console, SIGTERM, DEMO_END_MS);
	int status = d->console.status;
	if (have && WIFSIGNALED(status)) {
		mend_terminal(&before);
	}
	if (d->stop_signal || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
		return true;
	}
	if (WIFSIGNALED(status)) {
		return fail(
			err, DIAG_TERMINAL, "the console was ended by signal %d", WTERMSIG(status));
	}
	return fail(err, DIAG_TERMINAL, "the console ended with exit code %d", WEXITSTATUS(status));
}

/* ---- the end ---- */

/* The agent leaves, then the gates have nothing more to say, then the broker: each while the next
 * still listens. */
static void end_all(struct demo *d)
{
	d->ending = true;
	demo_close(&d->console_socket);
	demo_end_child(d, &d->console, SIGTERM, DEMO_END_MS);
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		demo_close(&d->gates[i].to);
	}
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		demo_end_child(d, &d->gates[i].child, 0, DEMO_END_MS);
	}
	demo_end_child(d, &d->broker, SIGTERM, DEMO_END_MS);
}

static void free_all(struct demo *d)
{
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		demo_close(&d->gates[i].from.fd);
		buf_finish(&d->gates[i].from.bytes);
		json_finish(&d->gates[i].from.scan);
	}
	for (size_t i = 0; i < demo_call_count; i++) {
		buf_finish(&d->deeds[i].answer);
		free(d->deeds[i].target);
		free(d->deeds[i].id);
	}
	free(d->deeds);
	demo_close(&d->wire.from.fd);
	demo_close(&d->signals);
	demo_close(&d->noise);
	buf_finish(&d->wire.from.bytes);
	buf_finish(&d->wire.result);
	json_finish(&d->wire.from.scan);
	profiles_destroy(d->profiles);
	demo_scratch_finish(&d->scratch);
}

/* What the programs complained of, if something went wrong. */
static void show_noise(const struct demo *d)
{
	char text[4096];
	ssize_t n = d->noise >= 0 ? pread(d->noise, text, sizeof(text), 0) : 0;
	struct safe_text safe = safe_make(
		(struct span){ text, n > 0 ? (size_t)n : 0 }, SAFE_MANY_LINES);
	fputs(safe_cstr(&safe), stderr);
	safe_finish(&safe);
}

static void tell_a_person(struct demo *d)
{
	struct demo_rows rows = { 0 };
	struct err err;
	char *bascule = paths_program("bascule");
	printf("\nThe demo is over. What happened, from its history:\n\n");
	if (demo_history_read(d, &rows, &err)) {
		demo_history_summary(&rows);
	} else {
		printf("  %s\n", err.text);
	}
	printf("\nTo put bascule in front of a real server, write `run --name NAME --` before its\n"
	       "command in your client's configuration. For Claude Code, for example:\n\n"
	       "  claude mcp add files -- %s run --name files -- \\\n"
	       "      npx -y @modelcontextprotocol/server-filesystem \"$PWD\"\n\n"
	       "Then open a terminal and run %s; README.md has the other clients.\n",
		bascule, bascule);
	demo_history_finish(&rows);
	free(bascule);
}

static void tell_check(const struct demo *d, int64_t since)
{
	printf("%zu calls, %u differences, %.1f s\n", demo_call_count, d->differences,
		(double)(demo_now() - since) / 1000);
}

static void remove_scratch(struct demo *d, bool *ok)
{
	struct err err;
	if (d->scratch.dir && d->keep) {
		printf("The files are in %s, bascule's own below root/ there.\n", d->scratch.dir);
	} else if (!demo_scratch_remove(&d->scratch, &err)) {
		fprintf(stderr, "bascule demo: %s\n", err.text);
		*ok = false;
	}
}

/* ---- the command ---- */

static int play(struct demo *d)
{
	int64_t since = demo_now();
	struct err err = { 0 };
	bool ok = start(d, &err);
	if (ok && d->check) {
		demo_check(d);
	} else if (ok) {
		ok = open_console(d, &err);
	}
	end_all(d);
	if (ok && !d->stop_signal && d->check) {
		demo_check_after(d);
		ok = !d->differences;
		tell_check(d, since);
	} else if (ok && !d->stop_signal) {
		tell_a_person(d);
	}
	if (d->stop_signal) {
		fprintf(stderr, "bascule demo: ended by signal %d\n", d->stop_signal);
	} else if (!ok) {
		show_noise(d);
		if (err.text[0]) {
			cmd_fail("demo", &err, CMD_FAILED);
		}
	}
	remove_scratch(d, &ok);
	int signal = d->stop_signal;
	free_all(d);
	return signal ? 128 + signal : ok ? cmd_written("demo") : CMD_FAILED;
}

static int cmd_demo(int argc, char **argv)
{
	struct demo d = { .signals = -1, .noise = -1, .console_socket = -1, .wire.from.fd = -1 };
	const struct cmd_flag flags[] = {
		{ "--check", NULL, &d.check },
		{ "--keep", NULL, &d.keep },
		{ "-v", NULL, &d.verbose },
	};
	struct err err = { 0 };
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		d.gates[i].to = d.gates[i].from.fd = -1;
	}
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("demo", &err, CMD_USAGE);
	}
	if (!d.check && (!isatty(0) || !isatty(1))) {
		fail(&err, DIAG_TERMINAL,
			"there is no terminal to show the queue in; --check does without");
		return cmd_fail("demo", &err, CMD_FAILED);
	}
	d.deeds = xcalloc(demo_call_count, sizeof(*d.deeds));
	d.ends_ms = d.check ? demo_now() + DEMO_CHECK_MS : 0;
	return play(&d);
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "server") == 0) {
		return demo_serve(argv[2], argv[3]);
	}
	if (argc > 1 && strcmp(argv[1], "demo") == 0) {
		return cmd_demo(argc - 1, argv + 1);
	}
	fprintf(stderr,
		"bascule: this program is started by the front command: see bascule help\n");
	return CMD_USAGE;
}
