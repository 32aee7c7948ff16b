/*
 * What runs a program that is named behind it: uv run, bundle exec.
 *
 * Promises: only a program that the tables know as a task is taken for one.
 */
#include "config.h"

#include <string.h>

#include "core/effects/tasks.h"

struct command command_from(const struct command *command, size_t from)
{
	struct command rest = *command;
	rest.argv += from;
	rest.argc -= from;
	return rest;
}

void read_behind(struct command_line *line, const struct command *command, size_t from)
{
	if (from >= command->argc) {
		command_unproven(line, command, "nothing to run is named");
		return;
	}
	struct command rest = command_from(command, from);
	const char *name = rest.argv[0].text;
	if (rest.argv[0].plain &&
		verb_listed("python python3 node npm npx pnpm yarn rake rails", name)) {
		command_effects(line, &rest);
	} else if (!rest.argv[0].plain || !verb_task(line, &rest)) {
		command_unproven(line, command, "what %.60s does is not known", name);
	}
}

struct wrapper {
	const char *words;
	const char *options; /* before the program */
};

// clang-format off
static const struct wrapper wrappers[] = {
	{ "uv run", "--no-sync --frozen --locked --offline --quiet -q --all-extras --dev "
		"--no-dev "
		"--extra:s --group:s --package:s --active --no-progress -v --verbose "
		"--all-packages "
		"--isolated --exact" },
	{ "poetry run", "-q -n --no-interaction" },
	{ "pipenv run", "" },
	{ "pdm run", "-s" },
	{ "rye run", "" },
	{ "hatch run", "" },
	{ "bundle exec", "" },
	{ "volta run", "" },
	{ "pnpm exec", "" },
	{ "yarn exec", "" },
	{ "npm exec", "--no --no-install --offline" },
};
// clang-format on

/* Only as verb_read's callee: `command` is PROGRAM RUN ... */
void read_wrapped(struct command_line *line, const struct command *command)
{
	const char *options = "";
	for (size_t i = 0; i < COUNT_OF(wrappers); i++) {
		const char *space = strchr(wrappers[i].words, ' ');
		size_t len = (size_t)(space - wrappers[i].words);
		if (strncmp(wrappers[i].words, command->argv[0].text, len) == 0 &&
			command->argv[0].text[len] == 0 &&
			strcmp(space + 1, command->argv[1].text) == 0) {
			options = wrappers[i].options;
		}
	}
	struct command rest = command_from(command, 1);
	size_t at;
	if (!verb_find(options, &rest, &at)) {
		const char *option = rest.argv[at].text;
		if (strcmp(option, "--") != 0) {
			command_unproven(line, command,
				"the option %.60s of %.20s is not accounted for", option,
				command->argv[0].text);
			return;
		}
		at++;
	}
	read_behind(line, command, at + 1);
}
