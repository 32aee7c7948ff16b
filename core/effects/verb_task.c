/*
 * A project's own task: what its name says, and what may be given to it beside its name.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/effects/verb.h"

/* A task so named reaches others. */
static const char reaching[] =
	"deploy deploys deployment release releases publish published prod production push migrate "
	"migration migrations seed seeds seeder destroy drop ship rollback promote upload "
	"provision "
	"teardown undeploy unpublish staging live";
static const char publishing[] = "release releases publish published unpublish push upload";

/* Calls for each component of a task's name: "db:migrateProd" is db, migrate, prod. */
static bool has_component(const char *task, const char *list)
{
	char part[64];
	size_t len = 0;
	for (const char *at = task;; at++) {
		bool upper = isupper((unsigned char)*at) && at > task &&
			islower((unsigned char)at[-1]);
		bool cut = *at == 0 || strchr(":-_./ @,", *at) != NULL || upper;
		if (cut) {
			part[len] = 0;
			if (verb_listed(list, part)) {
				return true;
			}
			len = 0;
		}
		if (*at == 0) {
			return false;
		}
		if ((!cut || upper) && len + 1 < sizeof(part)) {
			part[len++] = (char)tolower((unsigned char)*at);
		}
	}
}

bool verb_reaches(const char *task)
{
	return has_component(task, publishing) || has_component(task, reaching);
}

void verb_add_task(struct command_line *line, const struct command *command, const char *runner,
	const char *task)
{
	if (has_component(task, publishing)) {
		verb_add(line, command, EFFECT_PUBLISH, runner, "");
	} else if (has_component(task, reaching)) {
		verb_add(line, command, EFFECT_CLOUD, runner, "write");
	} else {
		verb_add(line, command, EFFECT_TASK, runner, task);
		return;
	}
	command_unproven(line, command, "the task \"%.60s\" reaches others by its name", task);
}

/* What test runners, linters and compilers behind a script take, whatever they are. */
static const char extra_options[] =
	"--watch= --watchAll= --no-watch --watch-all= --run -t -g --grep --grep= -k -m -run -run= "
	"-v -vv --verbose= -q --quiet --silent -s --bail= -x --ci --runInBand -i --maxWorkers= "
	"--max-workers= --filter= --project= --testNamePattern= --testPathPattern= "
	"--testPathPatterns= --coverage= --no-coverage --color= --no-color --colors --retries= "
	"--workers= --timeout= --check --fix --dry-run --noEmit --pretty --pretty= --reporter:s "
	"--max-warnings= --passWithNoTests --pass-with-no-tests --findRelatedTests "
	"--detectOpenHandles --forceExit --headless= --list --nocapture --exact --test-threads= "
	"--lib --release --all --workspace --race -race -count -count= -short --failfast -failfast "
	"--tb= --maxfail= -j --parallel --no-parallel --threads= --single-thread --stacktrace "
	"--info --offline --fail-fast --no-cache --update-snapshots -u -w -- --grep-invert= "
	"--last-failed --shard= --trace= --debug --all-targets --all-features";

/* Options, paths and addresses cannot hide in a word like this. */
static bool is_simple(const char *text)
{
	for (const char *at = text; *at != 0; at++) {
		if (!isalnum((unsigned char)*at) && strchr("-_,", *at) == NULL) {
			return false;
		}
	}
	return text[0] != 0;
}

bool verb_tame(const char *text)
{
	if (text[0] == '/' || text[0] == '~' || strstr(text, "://") != NULL) {
		return false;
	}
	for (const char *at = text; (at = strstr(at, "..")) != NULL; at += 2) {
		bool begins = at == text || at[-1] == '/' || at[-1] == '=';
		if (begins && (at[2] == 0 || at[2] == '/')) {
			return false;
		}
	}
	return strstr(text, "=/") == NULL && strstr(text, ":/") == NULL;
}

/* Some runners put what a task is given into a line for a shell as it stands. */
static bool is_plain(const struct command *command, const struct shell_word *word)
{
	bool pastes = verb_listed("just task", command->argv[0].text);
	/* these quote what they are given, well enough for patterns of names */
	bool quotes = verb_listed("npm pnpm yarn bun mise", command->argv[0].text);
	for (const char *at = word->text; *at != 0; at++) {
		unsigned char c = (unsigned char)*at;
		bool wild = word->glob && strchr("*?[]", *at) != NULL;
		if (!isalnum(c) && c < 0x80 && strchr(" _./:=@%+,-", *at) == NULL &&
			(!quotes || word->glob || strchr("|()^*[]?+", *at) == NULL) &&
			(!wild || pastes || at == word->text)) {
			return false;
		}
	}
	return !word->status && (!pastes || strchr(word->text, ' ') == NULL);
}

static bool extra_path(struct command_line *line, const struct shell_word *word, const char *task)
{
	if (strstr(word->text, "://") != NULL || strcmp(word->text, ":::") == 0 || word->home ||
		word->text[0] == '~') {
		return false;
	}
	if (!verb_tame(word->text) || word->glob) {
		command_path(line, EFFECT_READ, word, "");
	}
	if (has_component(task, "format fmt fix fmtt") &&
		(strchr(word->text, '/') != NULL || strchr(word->text, '.') != NULL)) {
		command_path(line, EFFECT_WRITE, word, "edit");
	}
	return true;
}

bool verb_extra(struct command_line *line, const struct command *command, size_t from,
	const char *task, char why[160])
{
	for (size_t i = from; i < command->argc; i++) {
		const struct shell_word *word = &command->argv[i];
		char kind = 0;
		const char *value = NULL;
		bool good = is_plain(command, word);
		if (!good) {
			/* said below */
		} else if (word->text[0] == '-') {
			enum option_form form = option_form(
				extra_options, word->text, &kind, &value);
			if (form == OPTION_NEXT && i + 1 < command->argc) {
				value = command->argv[++i].text;
				good = is_plain(command, &command->argv[i]);
			}
			good = good && form != OPTION_NONE &&
				(kind != 's' || (value && is_simple(value)));
			good = good && (value == NULL || verb_tame(value));
		} else {
			good = extra_path(line, word, task);
		}
		if (!good) {
			snprintf(why, 160, "the argument %.60s goes to the script", word->text);
			return false;
		}
	}
	return true;
}
