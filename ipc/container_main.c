/*
 * bascule-container: runs a command in a sandbox (`bascule contain`), and says what
 * this machine has for that (`bascule sandbox check`). Its own small program,
 * because it stands in front of what is started most often: no loop, no database, no screen.
 */
#include "config.h"

#include "ipc/contain.h"

#include "core/diag.h"
#include "core/safe_text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

struct arguments {
	struct contain asked;
	const char *root;
};

static void append(struct contain_list *list, const char *text)
{
	list->at = xrealloc(list->at, (list->count + 2) * sizeof(*list->at));
	list->at[list->count++] = text;
	list->at[list->count] = NULL;
}

static bool read_number(const char *option, const char *text, uint64_t *number)
{
	char *end;
	errno = 0;
	unsigned long long n = strtoull(text, &end, 10);
	if (!span_digits(span_of(text)) || errno || n < 1 || n > 1000000000) {
		struct safe_text safe = safe_make(span_of(text), SAFE_ONE_LINE);
		fprintf(stderr, "bascule: --%s %s: expected a number from 1 to 1000000000\n",
			option, safe_cstr(&safe));
		safe_finish(&safe);
		return false;
	}
	*number = n;
	return true;
}

static bool read_by(const char *text, enum contain_by *by)
{
	static const char *const names[] = { "any", "bwrap", "landlock" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*by = (enum contain_by)i;
			return true;
		}
	}
	fprintf(stderr, "bascule: --by: expected any, bwrap or landlock\n");
	return false;
}

static bool parse(struct arguments *a, int argc, char **argv)
{
	enum { SCOPE = 1, WRITE, READ, ENV, NET, MEMORY, PROCESSES, SECONDS, BY, ROOT };
	static const struct option options[] = {
		{ "scope", required_argument, NULL, SCOPE },
		{ "write", required_argument, NULL, WRITE },
		{ "read", required_argument, NULL, READ },
		{ "env", required_argument, NULL, ENV },
		{ "net", no_argument, NULL, NET },
		{ "memory", required_argument, NULL, MEMORY },
		{ "processes", required_argument, NULL, PROCESSES },
		{ "seconds", required_argument, NULL, SECONDS },
		{ "by", required_argument, NULL, BY },
		{ "root", required_argument, NULL, ROOT },
		{ NULL, 0, NULL, 0 },
	};
	struct contain *asked = &a->asked;
	struct contain_list *const lists[] = { NULL, &asked->scope, &asked->write, &asked->read,
		&asked->env };
	uint64_t *const numbers[] = { [MEMORY] = &asked->memory_mb,
		[PROCESSES] = &asked->processes,
		[SECONDS] = &asked->seconds };
	bool ok = true;
	for (int c; ok && (c = getopt_long(argc, argv, "+v", options, NULL)) != -1;) {
		if (c >= SCOPE && c <= ENV) {
			append(lists[c], optarg);
		} else if (c == NET) {
			asked->network = true;
		} else if (c >= MEMORY && c <= SECONDS) {
			ok = read_number(options[c - 1].name, optarg, numbers[c]);
		} else if (c == BY) {
			ok = read_by(optarg, &asked->by);
		} else if (c == ROOT) {
			a->root = optarg;
		} else {
			ok = c == 'v';
		}
	}
	asked->command = argv + optind;
	return ok && optind < argc;
}

static int contain(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct paths paths = { 0 };
	struct err err = { 0 };
	int code = EXIT_USAGE;
	if (!parse(&a, argc, argv)) {
		fprintf(stderr,
			"usage: bascule contain [--net] [--write DIR]... [OPTION]... -- "
			"COMMAND [ARG...]\n");
	} else if (!paths_init(&paths, a.root, &err)) {
		fprintf(stderr, "bascule: no sandbox: %s\n", err.text);
		code = CONTAIN_NO_SANDBOX;
	} else {
		a.asked.paths = &paths;
		code = contain_run(&a.asked);
	}
	free(a.asked.scope.at);
	free(a.asked.write.at);
	free(a.asked.read.at);
	free(a.asked.env.at);
	paths_finish(&paths);
	return code;
}

int main(int argc, char **argv)
{
	/* argv[1] is the command's name. */
	if (argc > 1 && strcmp(argv[1], "inside") == 0) {
		contain_inside_main(argc, argv);
	}
	if (argc > 1 && strcmp(argv[1], "sandbox") == 0) {
		return sandbox_check(argc - 1, argv + 1);
	}
	return contain(argc - 1, argv + 1);
}
