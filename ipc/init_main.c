/*
 * The command `bascule init`: its options, the question, and what the end is told by.
 *
 * Nothing is written without a yes: of the person at the terminal, or --yes. Where nobody can be
 * asked it shows what it would do and ends with a code of its own.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/diag.h"
#include "ipc/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct wanted {
	const char *root, *home, *program, *decide, *named[4];
	bool undo, dry, yes, json;
};

static bool absolute(const char *name, const char *value, struct err *err)
{
	return !value || value[0] == '/' ||
		fail(err, DIAG_USAGE, "%s %.200s: expected an absolute path", name, value);
}

/* What starts us in all configurations to come: never a build that goes with its folder. */
static bool find_program(struct init *init, const struct wanted *wanted, struct err *err)
{
	char *program = wanted->program ? xstrdup(wanted->program) : paths_installed();
	if (!program) {
		return fail(err, DIAG_USAGE,
			"this bascule is not installed, and the agents' files would point to a "
			"place that goes: make install first, or name one with --program PATH");
	}
	init->front.program = program;
	if (access(program, X_OK) != 0 || strcmp(path_name(program), "bascule") != 0) {
		return fail(err, DIAG_USAGE, "--program %.200s: expected a program named bascule",
			program);
	}
	return true;
}

static bool prepare(struct init *init, const struct wanted *wanted, struct err *err)
{
	if (!absolute("--home", wanted->home, err) ||
		!absolute("--program", wanted->program, err) ||
		!paths_init(&init->paths, wanted->root, err)) {
		return false;
	}
	init->home = xstrdup(wanted->home ? wanted->home : init->paths.home);
	init->front.root = init->paths.root;
	return wanted->undo || find_program(init, wanted, err);
}

/* ---- the question ---- */

static bool person_says_yes(const struct init *init)
{
	char answer[16] = "";
	printf("\nTo be written:\n");
	init_show_list(init);
	printf("A yes also accepts the servers in them, and the agents' own tools, for this "
	       "project.\nWrite %s? [y/N] ",
		init_changes(init) == 1 ? "it" : "them");
	fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin)) {
		printf("\n");
		return false;
	}
	return strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0;
}

enum answer { NOBODY, NO, YES, YES_IN_PERSON };

static enum answer ask(const struct init *init, const struct wanted *wanted)
{
	if (wanted->yes) {
		return wanted->decide ? YES_IN_PERSON : YES;
	}
	if (wanted->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return NOBODY;
	}
	return person_says_yes(init) ? YES_IN_PERSON : NO;
}

/* ---- the command ---- */

/* Is everything as it was meant? */
static int outcome(const struct init *init)
{
	for (size_t i = 0; i < init->file_count; i++) {
		if (init->files[i].state == INIT_LEFT || init->files[i].state == INIT_UNWRITTEN) {
			return INIT_FAILED;
		}
	}
	for (size_t i = 0; i < init->agent_count; i++) {
		if (init->agents[i].checked && init->agents[i].check_code) {
			return INIT_FAILED;
		}
	}
	return INIT_OK;
}

static int end(const struct init *init, const struct wanted *wanted, bool done, int code)
{
	if (wanted->json) {
		init_print_json(init, wanted->dry, done);
	}
	int written = cmd_written("init");
	return code ? code : written;
}

static int carry_out(struct init *init, const struct wanted *wanted)
{
	struct err err = { 0 };
	if (!wanted->json) {
		init_show_plan(init);
	}
	if (!init_changes(init)) {
		if (!wanted->json) {
			printf("Nothing is to be written.\n");
		}
		return end(init, wanted, true, outcome(init));
	}
	if (wanted->dry) {
		return end(init, wanted, false, outcome(init));
	}
	enum answer answer = ask(init, wanted);
	if (answer == NOBODY && !wanted->json) {
		printf("Nothing was written: there is no terminal to ask at. --yes writes it.\n");
	}
	if (answer == NOBODY || answer == NO) {
		return end(init, wanted, false, INIT_UNASKED);
	}
	if (!init_write(init, &err)) {
		return cmd_fail("init", &err, INIT_FAILED);
	}
	if (answer == YES_IN_PERSON && !wanted->json) {
		init_trust(init, wanted->decide ? (int)strtol(wanted->decide, NULL, 10) : -1);
	}
	init_check(init);
	if (!wanted->json) {
		init_show_done(init);
	}
	return end(init, wanted, true, outcome(init));
}

static int run(struct init *init, const struct wanted *wanted)
{
	struct err err = { 0 };
	size_t named = 0;
	while (named < COUNT_OF(wanted->named) && wanted->named[named]) {
		named++;
	}
	if (wanted->undo && (named || wanted->yes)) {
		fail(&err, DIAG_USAGE, "--undo takes back all of it, and asks nothing");
		return cmd_fail("init", &err, INIT_USAGE);
	}
	if (!prepare(init, wanted, &err)) {
		return cmd_fail("init", &err, INIT_USAGE);
	}
	if (wanted->undo) {
		return init_undo(&init->paths, wanted->dry, wanted->json);
	}
	/* POSIX's own promise: not changed */
	if (!init_plan(init, (char *const *)(uintptr_t)wanted->named, named, &err)) {
		return cmd_fail("init", &err, err.code == DIAG_USAGE ? INIT_USAGE : INIT_FAILED);
	}
	return carry_out(init, wanted);
}

int cmd_init(int argc, char **argv)
{
	struct wanted wanted = { 0 };
	const struct cmd_flag flags[] = {
		{ "--root", &wanted.root, NULL },
		{ "--home", &wanted.home, NULL },
		{ "--program", &wanted.program, NULL },
		{ "--decide-fd", &wanted.decide, NULL },
		{ "--undo", NULL, &wanted.undo },
		{ "--dry-run", NULL, &wanted.dry },
		{ "--yes", NULL, &wanted.yes },
		{ "--json", NULL, &wanted.json },
		{ "", &wanted.named[0], NULL },
		{ "", &wanted.named[1], NULL },
		{ "", &wanted.named[2], NULL },
		{ "", &wanted.named[3], NULL },
	};
	struct init init = { 0 };
	struct err err = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("init", &err, INIT_USAGE);
	}
	int code = run(&init, &wanted);
	free((char *)(uintptr_t)init.front.program);
	init_finish(&init);
	return code;
}
