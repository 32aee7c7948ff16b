/*
 * The program `bascule`: finds the command in the table and becomes the program that serves it.
 * Starts in a millisecond, because a client starts it in front of every server: it links nothing
 * but libc, core and the places.
 *
 * Promises: PATH is never asked; arguments are handed on as they came; what a program prints is its
 * own affair. Help of every command is answered here, from the same table.
 */
#include "config.h"

#include "ipc/front.h"

#include "core/ini.h"
#include "core/safe_text.h"
#include "ipc/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

/* The arguments, cut into what stands before the command, the command, and what stands behind it.
 */
struct line {
	const struct front_command *command; /* NULL: `word` is none */
	const char *word; /* NULL: none was given, the console is meant */
	char **before, **after;
	size_t before_count, after_count;
};

/* How many arguments a leading option takes up: those that every command takes may stand before the
 * command. */
static size_t leading(char **args, size_t count)
{
	if (strcmp(args[0], "--root") == 0) {
		return count > 1 ? 2 : 1;
	}
	return strcmp(args[0], "-v") == 0 || strncmp(args[0], "--root=", 7) == 0 ? 1 : 0;
}

static struct line parse(char **args, size_t count)
{
	struct line line = { .before = args };
	size_t used = 0;
	while (used < count && args[used][0] == '-') {
		size_t n = leading(args + used, count - used);
		if (!n) {
			break;
		}
		used += n;
	}
	line.before_count = used;
	if (used < count && args[used][0] != '-') {
		line.word = args[used++];
	}
	line.command = front_find(line.word ? line.word : "console");
	line.after = args + used;
	line.after_count = count - used;
	return line;
}

/* Is the flag among our own arguments? What stands behind `--` belongs to somebody else. */
static bool has_flag(const struct line *line, const char *flag)
{
	for (size_t i = 0; i < line->after_count && strcmp(line->after[i], "--") != 0; i++) {
		if (strcmp(line->after[i], flag) == 0) {
			return true;
		}
	}
	return false;
}

static int written(void)
{
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "bascule: cannot write: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

static int unknown(const char *word, const char *what, const char *const *known, size_t count)
{
	struct safe_text safe = safe_make(span_of(word), SAFE_ONE_LINE);
	const char *nearest = ini_nearest(span_of(word), known, count);
	fprintf(stderr, "bascule: %s: no such %s%s%s\nSee `bascule help`.\n", safe_cstr(&safe),
		what, nearest ? "; nearest: " : "", nearest ? nearest : "");
	safe_finish(&safe);
	return EXIT_USAGE;
}

static int unknown_command(const char *word)
{
	const char **names = xcalloc(front_command_count + 1, sizeof(*names));
	for (size_t i = 0; i < front_command_count; i++) {
		names[i] = front_commands[i].name;
	}
	names[front_command_count] = "help";
	int code = unknown(word, "command", names, front_command_count + 1);
	free(names);
	return code;
}

static int help_commands(void)
{
	for (size_t i = 0; i < front_command_count; i++) {
		printf("%s\n", front_commands[i].name);
	}
	return written();
}

static int help_completion(const char *shell)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };
	return front_print_completion(stdout, shell)
		? written()
		: unknown(shell, "shell", shells, COUNT_OF(shells));
}

/* Help or manual of one command, or of bascule itself for none and for `help`. */
static int help_text(const char *name, bool man)
{
	const struct front_command *command = name ? front_find(name) : NULL;
	if (name && !command && strcmp(name, "help") != 0) {
		return unknown_command(name);
	}
	if (man && command) {
		front_print_command_man(stdout, command);
	} else if (man) {
		front_print_man(stdout);
	} else if (command) {
		front_print_command_help(stdout, command);
	} else {
		front_print_help(stdout);
	}
	return written();
}

/* help [COMMAND] | --man [COMMAND] | --completion SHELL | --commands */
static int help(char **args, size_t count)
{
	const char *first = count ? args[0] : NULL, *second = count > 1 ? args[1] : NULL;
	if (first && strcmp(first, "--commands") == 0) {
		return help_commands();
	}
	if (first && strcmp(first, "--completion") == 0) {
		return help_completion(second ? second : "");
	}
	if (first && strcmp(first, "--man") == 0) {
		return help_text(second, true);
	}
	return help_text(first && strcmp(first, "--help") != 0 ? first : NULL, false);
}

/* PROGRAM COMMAND [what stood before it] [what stood behind it] */
static int become(const struct line *line)
{
	size_t count = 2 + line->before_count + line->after_count;
	char **argv = xcalloc(count + 1, sizeof(*argv));
	char *path = paths_program(line->command->program);
	argv[0] = xstrdup(line->command->program);
	argv[1] = xstrdup(line->command->name);
	memcpy(argv + 2, line->before, line->before_count * sizeof(*argv));
	memcpy(argv + 2 + line->before_count, line->after, line->after_count * sizeof(*argv));
	execv(path, argv);
	int code = errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
	fprintf(stderr,
		"bascule: cannot start %s: %s\nIt belongs to the installation: install bascule "
		"again.\n",
		path, strerror(errno));
	free(argv[0]);
	free(argv[1]);
	free(argv);
	free(path);
	return code;
}

int main(int argc, char **argv)
{
	struct line line = parse(argv + 1, argc > 1 ? (size_t)argc - 1 : 0);
	if (line.word && strcmp(line.word, "help") == 0) {
		return help(line.after, line.after_count);
	}
	if (!line.command) {
		return unknown_command(line.word);
	}
	if (has_flag(&line, "--help")) {
		return help_text(line.word, false);
	}
	if (has_flag(&line, "--version")) {
		printf("bascule %s\n", PACKAGE_VERSION);
		return written();
	}
	return become(&line);
}
