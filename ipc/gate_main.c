/*
 * bascule-gate: stands beside one MCP server. It starts the server (through a guardian), owns its
 * pipes, passes what needs no decision and asks the broker about the rest. This file is its life:
 * options, loop, shutdown, exit code.
 *
 * Promises: the client's stdio semantics are kept (end of input, signals, exit code); nobody of
 * ours holds the client's stdout after the end; no process of the server's stays behind.
 */
#include "config.h"

#include "core/diag.h"
#include "ipc/gate.h"
#include "ipc/guardian.h"
#include "ipc/hook_main.h"
#include "ipc/log.h"
#include "ipc/permission_main.h"
#include "ipc/profile_files.h"
#include "ipc/sandbox_words.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A gate with a client at one end and its server at the other. */
struct run {
	struct gate gate; /* first: what the gate hands back is this */
	struct guardian guardian;
	uv_poll_t report; /* of the guardian */
	bool server_reported;
	int exit_code;
	char *const *argv;
	char gone_words[200]; /* why the server is gone */
	uv_timer_t end_timer;
	int end_step; /* of the shutdown */
	uv_signal_t signals[3];
};

enum {
	EXIT_USAGE = 2,
	EXIT_CANNOT_RUN = 126,
	EXIT_NOT_FOUND = 127,
	GRACE_END_MS = 1500, /* from the end of the client's input to SIGTERM */
	GRACE_TERM_MS = 400, /* from SIGTERM to SIGKILL: clients allow two seconds in all */
	GRACE_SIGNAL_MS = 1500, /* from a signal passed on to SIGKILL */
	/* for output that the client is slow to take, after the server's end */
	LAST_WORDS_MS = 200,
};

/* ---- the end ---- */

static void on_end_timer(uv_timer_t *timer);

static void end_in(struct run *r, int step, uint64_t ms)
{
	r->end_step = step;
	uv_timer_start(&r->end_timer, on_end_timer, ms, 0);
}

static void on_end_timer(uv_timer_t *timer)
{
	struct run *r = timer->data;
	switch (r->end_step) {
	case 0:
		guardian_signal(&r->guardian, SIGTERM);
		end_in(r, 1, GRACE_TERM_MS);
		break;
	case 1:
		guardian_signal(&r->guardian, SIGKILL);
		end_in(r, 2, GRACE_TERM_MS);
		break;
	default:
		uv_stop(r->gate.loop);
		break;
	}
}

static void on_client_left(struct gate *g)
{
	struct run *r = (struct run *)g;
	call_withdraw_all(g, "client_left", NULL);
	stream_end_output(g->server_in);
	if (!r->server_reported) {
		end_in(r, 0, GRACE_END_MS);
	}
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct run *r = handle->data;
	log_line("signal %d: passed on to the server", number);
	call_withdraw_all(&r->gate, "client_left", NULL);
	guardian_signal(&r->guardian, number);
	end_in(r, 1, GRACE_SIGNAL_MS);
}

/* The server is gone and has said its last: nothing more comes, so nothing more is waited for. */
static void finish_if_done(struct run *r)
{
	struct gate *g = &r->gate;
	if (!r->server_reported || !g->server_ended || g->ending) {
		return;
	}
	if (!g->client_ended) {
		gate_server_gone(g, r->gone_words);
	}
	wire_goodbye(g->wire);
	g->ending = true;
	turn_flush(&g->turn);
	if (stream_queued(g->client_out) && !stream_broken(g->client_out)) {
		end_in(r, 2, LAST_WORDS_MS);
	} else {
		uv_stop(g->loop);
	}
}

static void on_server_left(struct gate *g)
{
	finish_if_done((struct run *)g);
}

static void server_failed(struct run *r, int code)
{
	r->exit_code = code == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
	snprintf(r->gone_words, sizeof(r->gone_words), "the MCP server cannot be started: %s: %s",
		r->argv[0], strerror(code));
	gate_say("%s", r->gone_words);
}

static void server_exited(struct run *r, int status)
{
	if (WIFSIGNALED(status)) {
		r->exit_code = 128 + WTERMSIG(status);
		snprintf(r->gone_words, sizeof(r->gone_words),
			"the MCP server was ended by signal %d", WTERMSIG(status));
	} else {
		r->exit_code = WEXITSTATUS(status);
		snprintf(r->gone_words, sizeof(r->gone_words),
			"the MCP server ended with exit code %d", r->exit_code);
	}
	if (!r->gate.client_ended) {
		gate_say("%s", r->gone_words);
	}
}

static void on_report(uv_poll_t *poll, int poll_status, int events)
{
	struct run *r = poll->data;
	struct guardian_report report;
	(void)poll_status;
	(void)events;
	ssize_t n = read(r->guardian.report, &report, sizeof(report));
	if (n == (ssize_t)sizeof(report) && report.kind == 's') {
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	uv_poll_stop(poll);
	r->server_reported = true;
	if (n == (ssize_t)sizeof(report) && report.kind == 'f') {
		server_failed(r, report.value);
	} else if (n == (ssize_t)sizeof(report)) {
		server_exited(r, report.value);
	} else {
		r->exit_code = 1;
		snprintf(r->gone_words, sizeof(r->gone_words), "the MCP server's guardian is gone");
	}
	finish_if_done(r);
}

/* ---- the beginning ---- */

struct arguments {
	const char *root, *name, *profile, *socket, *hold_max;
	char **scope;
	size_t scope_count;
	char *const *argv;
	struct sandbox_words sandbox;
	bool debug;
};

static bool parse_arguments(struct arguments *a, int argc, char **argv)
{
	enum { NAME = 1, PROFILE, SCOPE, SOCKET, ROOT, HOLD_MAX };
	static const struct option options[] = {
		{ "name", required_argument, NULL, NAME },
		{ "profile", required_argument, NULL, PROFILE },
		{ "scope", required_argument, NULL, SCOPE },
		{ "socket", required_argument, NULL, SOCKET },
		{ "root", required_argument, NULL, ROOT },
		{ "hold-max", required_argument, NULL, HOLD_MAX },
		SANDBOX_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	int c;
	while ((c = getopt_long(argc, argv, "+v", options, NULL)) != -1) {
		switch (c) {
		case NAME:
			a->name = optarg;
			break;
		case PROFILE:
			a->profile = optarg;
			break;
		case SCOPE:
			a->scope = xrealloc(a->scope, (a->scope_count + 1) * sizeof(*a->scope));
			a->scope[a->scope_count++] = optarg;
			break;
		case SOCKET:
			a->socket = optarg;
			break;
		case ROOT:
			a->root = optarg;
			break;
		case HOLD_MAX:
			a->hold_max = optarg;
			break;
		case 'v':
			a->debug = true;
			break;
		default:
			if (!sandbox_words_take(&a->sandbox, c, optarg)) {
				return false;
			}
			break;
		}
	}
	a->argv = argv + optind;
	return optind < argc && sandbox_words_good(&a->sandbox);
}

static void watch_server(struct run *r)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	uv_loop_t *loop = r->gate.loop;
	uv_timer_init(loop, &r->end_timer);
	uv_poll_init(loop, &r->report, r->guardian.report);
	r->end_timer.data = r->report.data = r;
	uv_poll_start(&r->report, UV_READABLE, on_report);
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		uv_signal_init(loop, &r->signals[i]);
		r->signals[i].data = r;
		uv_signal_start(&r->signals[i], on_signal, numbers[i]);
	}
}

static bool begin(struct run *r, const struct arguments *a, struct err *err)
{
	static const struct gate_host host = { .client_left = on_client_left,
		.server_left = on_server_left };
	const struct gate_setup setup = { .name = a->name,
		.profile = a->profile,
		.socket = a->socket,
		.scope = a->scope,
		.scope_count = a->scope_count,
		.argv = a->argv,
		.contained = a->sandbox.on ? a->sandbox.word : NULL,
		.ends = { STDIN_FILENO, STDOUT_FILENO, r->guardian.server_in,
			r->guardian.server_out },
		.host = &host };
	watch_server(r);
	return gate_begin(&r->gate, &setup, err);
}

static void finish(struct run *r)
{
	close(r->guardian.control); /* whatever is left of the server ends now */
	uv_timer_stop(&r->end_timer); /* the loop runs on below */
	gate_finish(&r->gate);
	close(r->guardian.report);
	while (waitpid(r->guardian.pid, NULL, 0) < 0 && errno == EINTR) {
	}
}

static bool load(
	struct paths *paths, struct config *config, const struct arguments *a, struct err *err)
{
	if (!paths_init(paths, a->root, err)) {
		return false;
	}
	if (!config_load(config, paths, err)) {
		/* the values in force are usable all the same */
		fprintf(stderr, "bascule: %s\n", err->text);
	}
	if (a->hold_max && !config_set(config, OPTION_GATE_HOLD_MAX, a->hold_max, err)) {
		return false;
	}
	struct err ignored;
	paths_prepare(paths, &ignored);
	log_open(paths->log, "gate",
		a->debug || strcmp(config->text[OPTION_LOG_LEVEL], "debug") == 0);
	return true;
}

/* What the guardian executes in a sandbox; NULL: the server itself. *profiles holds what its words
 * borrow. */
static char **wrap(struct arguments *a, struct profiles **profiles)
{
	struct paths paths;
	struct buf known = { 0 };
	if (a->sandbox.on && paths_init(&paths, a->root, NULL)) {
		*profiles = profile_files_of(&paths, &known);
		sandbox_words_of_profile(
			&a->sandbox, profiles_choose(*profiles, a->profile, a->argv, a->name));
		buf_finish(&known);
		paths_finish(&paths);
	}
	return a->sandbox.on
		? sandbox_words_command(&a->sandbox, a->root, a->scope, a->scope_count, a->argv)
		: NULL;
}

static void free_wrap(char **words)
{
	if (words) {
		free(words[0]);
	}
	free(words);
}

/* Whoever waits for our end waits for no more than that: what is still held goes with the process,
 * and a sanitizer has nothing to say about it. */
static void leave(int code)
{
	fflush(NULL);
	_exit(code);
}

int main(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct paths paths = { 0 };
	struct config config = { 0 };
	struct run run = { .gate = { .paths = &paths, .config = &config } };
	struct err err = { 0 };
	int code = 1;
	uv_loop_t loop;
	/* argv[1] is the command's name. */
	if (argc > 1 && strcmp(argv[1], "hook") == 0) {
		leave(hook_main(argc - 1, argv + 1));
	}
	if (argc > 1 && strcmp(argv[1], "permission-server") == 0) {
		leave(permission_main(argc - 1, argv + 1));
	}
	if (argc < 2 || !parse_arguments(&a, argc - 1, argv + 1)) {
		fprintf(stderr,
			"usage: bascule run [--name NAME] [--profile P] [--scope DIR]... "
			"[--sandbox [--allow-net]] -- COMMAND [ARG...]\n");
		return EXIT_USAGE;
	}
	/* The guardian is forked first: it must inherit nothing but its pipes. */
	struct profiles *profiles = NULL; /* for the words of a sandbox alone */
	char **wrapped = wrap(&a, &profiles);
	if (!guardian_start(&run.guardian, wrapped ? wrapped : a.argv, &err)) {
		fprintf(stderr, "bascule: %s\n", err.text);
		return EXIT_CANNOT_RUN;
	}
	uv_loop_init(&loop);
	run.gate.loop = &loop;
	run.argv = a.argv;
	if (load(&paths, &config, &a, &err) && begin(&run, &a, &err)) {
		uv_run(&loop, UV_RUN_DEFAULT);
		code = run.exit_code;
		finish(&run);
		uv_loop_close(&loop);
	} else {
		fprintf(stderr, "bascule: %s\n", err.text);
		code = EXIT_USAGE;
	}
	free_wrap(wrapped);
	profiles_destroy(profiles);
	free(a.scope);
	config_finish(&config);
	paths_finish(&paths);
	log_close();
	return code;
}
