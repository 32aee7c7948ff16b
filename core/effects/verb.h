/*
 * Programs with sub-commands, as rows of text: what `cargo test`, `pip install`, `gh pr view` and
 * `kubectl get` are. Shared by the command families that are tables of such programs.
 *
 * Rows say what a sub-command is. Only VERB_READ and VERB_TASK can lead to something that policy
 * allows; these are read by their spec, word for word. The others name what a person is
 * asked about, so for them options are read only as far as it helps to say it.
 */
#ifndef BASCULE_CORE_EFFECTS_VERB_H
#define BASCULE_CORE_EFFECTS_VERB_H

#include "core/effects/command.h"

enum verb_act {
	VERB_PROGRAM, /* the options before a sub-command, in `spec`; `text`: see verb_program */
	VERB_READ, /* EXEC readonly; everything is in `spec` */
	VERB_TASK, /* TASK; `text` is the task, `edits` when its operands are edited in place */
	/* INSTALL; `text` is the manager, `spec` the options that take a value */
	VERB_INSTALL,
	VERB_LOCKFILE,
	VERB_FETCH,
	VERB_REMOVE,
	VERB_GLOBAL,
	VERB_PUBLISH,
	VERB_CLOUD, /* CLOUD write */
	VERB_LOOK, /* CLOUD read */
	VERB_USE, /* REMOTE write */
	VERB_ASK, /* REMOTE read */
	VERB_SECRET, /* prints a credential */
	VERB_SELF, /* bascule's own, or the terminals that it is decided in */
	VERB_DESTROY, /* data is lost for good; `text` says what */
	VERB_PROCESS,
	VERB_UNPROVEN, /* `text` says why */
	VERB_WIDE, /* runs anything; `text` says why */
	VERB_CALL /* by the reader `call`, without the options before the sub-command */
};

struct verb_row {
	/* The program and its sub-command's words; "a|b" is one of several. A program alone is
	 * what is left when no longer row fits. */
	const char *words;
	enum verb_act act;
	const char *text;
	/* Of VERB_READ and VERB_TASK: as in core/effects/spec.h, with two additions. "[a b] ..."
	 * are words that are harmless as they stand; " -- " divides it from the spec of what stands
	 * behind "--". */
	const char *spec;
	/* "" always, "+--fix" if one of these options stands there, "!--check" unless one does,
	 * NULL never */
	const char *edits;
	command_reader *call;
};

/* One row each, so that tables stay readable. */
#define TASK(words, task, spec) \
	{ \
		words, VERB_TASK, task, spec, NULL, NULL \
	}
#define FIX(words, task, edits, spec) \
	{ \
		words, VERB_TASK, task, spec, edits, NULL \
	}
#define LIST(words, spec) \
	{ \
		words, VERB_READ, NULL, spec, NULL, NULL \
	}
#define EDITS(words, edits, spec) \
	{ \
		words, VERB_READ, NULL, spec, edits, NULL \
	}
#define OPTIONS(words, spec) \
	{ \
		words, VERB_PROGRAM, NULL, spec, NULL, NULL \
	}
#define CALL(words, function) \
	{ \
		words, VERB_CALL, NULL, NULL, NULL, function \
	}
#define ASKED(words, act, text, spec) \
	{ \
		words, act, text, spec, NULL, NULL \
	}
#define VERBS_END \
	{ \
		NULL, VERB_READ, NULL, NULL, NULL, NULL \
	}

/* Each family's rows; they end with words NULL. A program's rows may stand in several. */
extern const struct verb_row verbs_tasks[];
extern const struct verb_row verbs_scripts[]; /* npm, pnpm, yarn, bun */
extern const struct verb_row verbs_programs[]; /* tests, linters, builders by their own name */
extern const struct verb_row verbs_install[];
extern const struct verb_row verbs_remote[];
extern const struct verb_row verbs_system[];

/* A command_reader: by all rows. */
void verb_read(struct command_line *line, const struct command *command);
/* The same for what stands behind a runner that was read through: `npx tsc`, `pnpm exec vitest`.
 * False, with no effect: it is no program that runs as a task. */
bool verb_task(struct command_line *line, const struct command *command);

/* The words behind argv[skip] by the spec of a row; adds the effects of paths. False: `why` says
 * which word is not accounted for. */
bool verb_spec(struct command_line *line, const struct command *command, const char *spec,
	size_t skip, char why[160]);

/* Options as a list: "-q --quiet --color= -j:n -C:b". Kinds of values as in core/effects/spec.h,
 * "j" a program for jq that only transforms, and "s": letters, digits, "-", "_" and "," alone; "b":
 * a directory that becomes the base. */
enum option_form { OPTION_NONE, OPTION_FLAG, OPTION_NEXT, OPTION_ATTACHED };
enum option_form option_form(const char *list, const char *word, char *kind, const char **value);
/* Where the sub-command stands behind the options of `list`; argc if there is none. False: another
 * option stands before it. */
bool verb_find(const char *list, const struct command *command, size_t *at);

/* TASK `task` of `runner`, or what it is if its name says that it reaches others: "deploy",
 * "release", "db:migrate". */
void verb_add_task(struct command_line *line, const struct command *command, const char *runner,
	const char *task);
bool verb_reaches(const char *task); /* by its name */
/* Arguments that go through to a project's script: tame words and options that every test runner
 * has. False: `why` says which one is not. */
bool verb_extra(struct command_line *line, const struct command *command, size_t from,
	const char *task, char why[160]);
/* A word that stays below the current directory, whatever it is taken for. */
bool verb_tame(const char *text);
/* An effect whose `given` is the whole argv. */
struct effect *verb_add(struct command_line *line, const struct command *command,
	enum effect_kind kind, const char *how, const char *word);
/* INSTALL for each package from argv[from] on, as the row says. `whole` is the command with the
 * options that `command` lacks, those before the sub-command. */
void verb_add_install(struct command_line *line, const struct command *whole,
	const struct command *command, size_t from, const struct verb_row *row);
/* The effects from number `from` on are of `whole`, which may say that no scripts are run. */
void verb_mark_no_scripts(struct command_line *line, const struct command *whole, size_t from);
/* Moves the line to a directory for one command; verb_leave takes it back. Emits that the directory
 * is looked at, so that one outside the scope is held. */
char *verb_enter(struct command_line *line, const struct shell_word *dir);
void verb_leave(struct command_line *line, char *before);
bool verb_jq(const char *program); /* only transforms what comes in; NULL: no */
bool verb_listed(const char *list, const char *word); /* "a b c" holds the word */

#endif
