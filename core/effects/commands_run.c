/*
 * Interpreters: what they run is code. A script in a file is held and may be granted by its form;
 * code in an argument or from the pipe never is. A few modules and modes only look at files.
 */
#include "config.h"

#include "core/effects/readers.h"
#include "core/effects/verb.h"

#include <string.h>

/* The script is the word at `at`, if it is one. */
static void read_file(struct command_line *line, const struct command *command, size_t at)
{
	const struct shell_word *script = at < command->argc ? &command->argv[at] : NULL;
	if (!script || script->text[0] == '-' || script->glob || !script->len) {
		command_wide(
			line, command, "%s runs code that is given to it", command->argv[0].text);
		return;
	}
	command_path(line, EFFECT_READ, script, "");
	command_unproven(line, command, "%s runs a script of its own: %.120s",
		command->argv[0].text, script->text);
}

/* How many words from argv[1] on are options of this list. */
static size_t skip_options(const struct command *command, const char *const *options)
{
	size_t at = 1;
	while (at < command->argc && text_in(command->argv[at].text, options)) {
		at++;
	}
	return at;
}

void read_shell(struct command_line *line, const struct command *command)
{
	static const char *const options[] = { "-e", "-u", "-x", "-eu", "-ex", "-eux", "-l", NULL };
	if (command->argc == 3 && strcmp(command->argv[1].text, "-n") == 0) {
		spec_effects(line, command, "-n | r", 1);
		return;
	}
	read_file(line, command, skip_options(command, options));
}

void read_interpreter(struct command_line *line, const struct command *command)
{
	read_file(line, command, 1);
}

/* ---- python ---- */

static void read_module(struct command_line *line, const struct command *command, size_t at)
{
	/* What is a command of the same name as well. */
	static const char *const commands[] = { "pytest", "mypy", "ruff", "black", "flake8",
		"pylint", "isort", "pip", "build", "twine", "coverage", "tox", "nox", "poetry",
		"uv", "pipenv", "pyright", "unittest", "doctest", "py_compile", "compileall",
		"bandit", "pycodestyle", "pyflakes", NULL };
	const char *module = at < command->argc ? command->argv[at].text : "";
	if (text_in(module, commands)) {
		struct command inner = *command;
		inner.argv += at;
		inner.argc -= at;
		command_effects(line, &inner);
	} else if (strcmp(module, "json.tool") == 0) {
		spec_effects(line, command,
			"--indent:n --tab --no-indent --compact --sort-keys --no-ensure-ascii "
			"--json-lines | r? W?",
			at + 1);
	} else {
		command_unproven(line, command, "the module %.120s is not known", module);
	}
}

void read_python(struct command_line *line, const struct command *command)
{
	static const char *const options[] = { "-u", "-B", "-O", "-s", "-E", "-I", "-S", NULL };
	size_t at = skip_options(command, options);
	if (at < command->argc && strcmp(command->argv[at].text, "-m") == 0) {
		read_module(line, command, at + 1);
	} else {
		read_file(line, command, at);
	}
}

/* ---- node ---- */

void read_node(struct command_line *line, const struct command *command)
{
	const char *first = command->argc > 1 ? command->argv[1].text : "";
	if (strcmp(first, "--check") == 0 || strcmp(first, "-c") == 0) {
		spec_effects(line, command, "-c --check | r", 1);
	} else if (strcmp(first, "--test") == 0) {
		verb_read(line, command);
	} else {
		read_file(line, command, 1);
	}
}
