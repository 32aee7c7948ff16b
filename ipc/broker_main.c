/*
 * bascule-broker: the broker itself, and the commands that look at its files or speak to it. The
 * front command starts this program with the command's name as argv[1].
 */
#include "config.h"

#include "core/diag.h"
#include "ipc/broker.h"
#include "ipc/cmd.h"
#include "ipc/launch.h"
#include "ipc/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIDE_FDS_MAX = 16 };

struct broker_arguments {
	const char *root, *idle;
	int fds[DECIDE_FDS_MAX];
	size_t fd_count;
	bool daemon, debug, stop;
};

static bool read_fd(struct broker_arguments *a, const char *text)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : -1;
	if (!text || *end || n < 3 || n > 1023 || a->fd_count >= DECIDE_FDS_MAX) {
		return false;
	}
	a->fds[a->fd_count++] = (int)n;
	return true;
}

static bool parse(struct broker_arguments *a, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "stop") == 0) {
			a->stop = true;
		} else if (strcmp(argv[i], "--daemon") == 0) {
			a->daemon = true;
		} else if (strcmp(argv[i], "-v") == 0) {
			a->debug = true;
		} else if (strcmp(argv[i], "--decide-fd") == 0 && read_fd(a, next)) {
			i++;
		} else if (strcmp(argv[i], "--root") == 0 && next) {
			a->root = argv[++i];
		} else if (strcmp(argv[i], "--idle") == 0 && next) {
			a->idle = argv[++i];
		} else {
			return false;
		}
	}
	return true;
}

static int run(const struct broker_arguments *a, char **argv)
{
	struct paths paths = { 0 };
	struct config config = { 0 };
	struct err err = { 0 };
	int code = 1;
	if (!paths_init(&paths, a->root, &err)) {
		goto out;
	}
	if (a->fd_count && !paths.root) {
		/* Whoever starts a broker with descriptors of its own decides: never for the user's
		 * own places. */
		fail(&err, DIAG_USAGE, "--decide-fd needs --root");
		code = CMD_USAGE;
		goto out;
	}
	if (a->daemon && !launch_detach(&paths, argv, &err)) {
		goto out;
	}
	if (!paths_prepare(&paths, &err)) {
		goto out;
	}
	if (!config_load(&config, &paths, &err)) {
		fprintf(stderr, "bascule: %s\n", err.text);
	}
	log_open(paths.log, "broker",
		a->debug || strcmp(config.text[OPTION_LOG_LEVEL], "debug") == 0);
	if (err.text[0]) {
		log_line("%s", err.text);
		err.text[0] = '\0';
	}
	if (a->idle && !config_set(&config, OPTION_BROKER_IDLE, a->idle, &err)) {
		goto out;
	}
	code = broker_run(&paths, &config, a->fds, a->fd_count, a->daemon);
out:
	if (err.text[0]) {
		fprintf(stderr, "bascule: %s\n", err.text);
	}
	config_finish(&config);
	paths_finish(&paths);
	log_close();
	return code;
}

static int cmd_broker(int argc, char **argv)
{
	struct broker_arguments a = { 0 };
	char program[] = "bascule-broker";
	char *own[] = { program, NULL };
	if (!parse(&a, argc, argv)) {
		fprintf(stderr,
			"usage: bascule broker [--decide-fd N]... [--idle SECONDS] | stop\n");
		return CMD_USAGE;
	}
	if (a.stop) {
		return cmd_stop(a.root, a.fd_count ? a.fds[0] : -1);
	}
	char *path = paths_program("bascule-broker");
	own[0] = path ? path : program;
	int code = run(&a, own);
	free(path);
	return code;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{ "broker", cmd_broker },
		{ "config", cmd_config },
		{ "grants", cmd_grants },
		{ "history", cmd_history },
		{ "log", cmd_log },
		{ "paths", cmd_paths },
		{ "queue", cmd_queue },
		{ "restore", cmd_restore },
		{ "status", cmd_status },
		{ "trust", cmd_trust },
	};
	for (size_t i = 0; argc > 1 && i < COUNT_OF(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			return commands[i].run(argc - 1, argv + 1);
		}
	}
	fprintf(stderr,
		"bascule: this program is started by the front command: see bascule help\n");
	return CMD_USAGE;
}
