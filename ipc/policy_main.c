/*
 * `bascule policy`: looks at rules and judges calls, without a broker. Nothing here changes a file
 * but `fmt`, and that one only when it is told to.
 */
#include <config.h>

#include "ipc/policy_cmd.h"

#include "core/diag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "check", policy_cmd_check },
	{ "test", policy_cmd_test },
	{ "explain", policy_cmd_explain },
	{ "judge", policy_cmd_judge },
	{ "sets", policy_cmd_sets },
	{ "profiles", policy_cmd_profiles },
	{ "fmt", policy_cmd_fmt },
	{ "replay", policy_cmd_replay },
	{ "starter", policy_cmd_starter },
};

FILE *policy_open_lines(const char *command, const char *file)
{
	if (!file || strcmp(file, "-") == 0) {
		return stdin;
	}
	FILE *in = fopen(file, "re");
	if (!in) {
		struct err err;
		fail(&err, DIAG_USAGE, "%.200s: %s", file, strerror(errno));
		cmd_fail(command, &err, CMD_FAILED);
	}
	return in;
}

bool policy_next_line(FILE *in, char **line, size_t *cap, struct span *text)
{
	ssize_t n;
	do {
		n = getline(line, cap, in);
		while (n > 0 && ((*line)[n - 1] == '\n' || (*line)[n - 1] == '\r')) {
			n--;
		}
	} while (n == 0);
	*text = (struct span){ *line, n > 0 ? (size_t)n : 0 };
	return n > 0;
}

bool policy_places_open(struct policy_places *places, const char *command, const char *root)
{
	struct err err = { 0 };
	*places = (struct policy_places){ 0 };
	if (!paths_init(&places->paths, root, &err) ||
		!bench_init(&places->bench, &places->paths, &err)) {
		cmd_fail(command, &err, CMD_FAILED);
		paths_finish(&places->paths);
		return false;
	}
	if (places->bench.files.trouble) {
		fail(&err, DIAG_CONFIG, "%s", places->bench.files.trouble);
		cmd_fail(command, &err, CMD_FAILED);
	}
	return true;
}

void policy_places_close(struct policy_places *places)
{
	bench_finish(&places->bench);
	paths_finish(&places->paths);
}

void policy_recorded(struct policy_places *places, struct recorded *recorded)
{
	struct bench *bench = &places->bench;
	recorded->call.rules = policy_projects_rules(
		&bench->projects, &bench->files, recorded->scope[0]);
	recorded->call.self = (const char *const *)bench->files.self;
	recorded->call.home = bench->home;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "policy-server") == 0) {
		return policy_cmd_server(argc - 1, argv + 1);
	}
	for (size_t i = 0; argc > 2 && i < COUNT_OF(commands); i++) {
		if (strcmp(argv[1], "policy") == 0 && strcmp(argv[2], commands[i].name) == 0) {
			return commands[i].run(argc - 2, argv + 2);
		}
	}
	fprintf(stderr,
		"usage: bascule policy "
		"check|test|explain|judge|sets|profiles|fmt|replay|starter ...\n"
		"See bascule help policy.\n");
	return CMD_USAGE;
}
