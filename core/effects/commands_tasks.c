/*
 * Runners of a project's own tasks: npm and its like, make, just, mise, gradle, and what runs a
 * program of the project (npx, uv run, bundle exec, python -m).
 *
 * Promises: what a task's script is given beside its name is tame: words below the current
 * directory and options that every test runner has. Options that name another project, shell,
 * configuration or variable are not proven. What the script does is a question of facts: its text.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects/tasks.h"

/* ---- make, just, mise, gradle and the like ---- */

struct runner {
	const char *name;
	const char *options; /* before and between the tasks */
	const char *runs; /* words that stand before a task; NULL: none do */
	const char *lists; /* first words that only list */
	bool many; /* every further word is a task, not an argument */
	bool bare; /* a task may follow the program's name directly */
	const char *alone; /* the task if none is named; NULL: that is not proven */
};

#define GRADLE_OPTIONS \
	"-q --quiet -i --info -d --debug -s --stacktrace -S --full-stacktrace --offline " \
	"--no-daemon --daemon --parallel --no-parallel --rerun-tasks --continue --console:s " \
	"--warning-mode:s --build-cache --no-build-cache --tests:w -x:s --exclude-task:s " \
	"--configuration-cache --no-configuration-cache -m --dry-run -w --warn -t " \
	"--profile --rerun --max-workers:n"
#define MAVEN_OPTIONS \
	"-q --quiet -B --batch-mode -o --offline -e --errors -X --debug -am --also-make -fae " \
	"--fail-at-end -ff --fail-fast -ntp --no-transfer-progress -DskipTests " \
	"-DskipTests=true -DskipITs -Dmaven.test.skip=true -Dtest:w -pl:w --projects:w -T:w " \
	"--threads:w -nsu -Dstyle.color=never -DfailIfNoTests=false " \
	"-Dsurefire.failIfNoSpecifiedTests=false"

// clang-format off
static const struct runner runners[] = {
	{ "make", "-j= -s --silent --quiet -k --keep-going -B --always-make -n --dry-run "
		"--just-print "
		"--no-print-directory -w --print-directory -r -R -i -O -Otarget -j1 -j2 -j4 "
		"-j8 -j16 "
		"--jobs= --output-sync= --trace --warn-undefined-variables -C:b --directory:b",
		NULL, NULL, true, true, "all" },
	{ "gmake", "-j= -s --silent -k -B -n --no-print-directory -C:b", NULL, NULL, true,
		true, "all" },
	{ "ninja", "-C:b -j:n -k:n -l:n -n -v --verbose --quiet -d:s", NULL, NULL, true, true,
		"all" },
	{ "just", "-q --quiet -v --verbose -n --dry-run --yes --no-dotenv --color:s", NULL,
		"--list -l --summary --version", true, true, NULL },
	{ "mise", "-q --quiet -S --silent -j:n --jobs:n -n --dry-run -f --force -v --verbose "
		"--no-timings "
		"-o:s --output:s --timings", "run r",
		"ls list current where which doctor version", false, true, NULL },
	{ "task", "-s --silent -v --verbose -f --force -p --parallel -c --color= -n --dry "
		"--summary "
		"--status", NULL, "-l --list -a --list-all --version", true, true, NULL },
	{ "rake", "-q -s -v -m -t --trace -j:n -n --dry-run --quiet --silent", NULL, NULL,
		true, true,
		"default" },
	{ "rails", "", NULL, NULL, false, true, NULL },
	{ "bin/rails", "", NULL, NULL, false, true, NULL },
	{ "bin/rake", "-q -s -v -t --trace", NULL, NULL, true, true, "default" },
	{ "gradle", GRADLE_OPTIONS, NULL, NULL, true, true, NULL },
	{ "gradlew", GRADLE_OPTIONS, NULL, NULL, true, true, NULL },
	{ "./gradlew", GRADLE_OPTIONS, NULL, NULL, true, true, NULL },
	{ "mvn", MAVEN_OPTIONS, NULL, NULL, true, true, NULL },
	{ "./mvnw", MAVEN_OPTIONS, NULL, NULL, true, true, NULL },
	{ "sbt", "-no-colors -batch", NULL, NULL, true, true, NULL },
	{ "ant", "-q -quiet -v -verbose -S -silent -k", NULL, NULL, true, true, NULL },
	{ "turbo", "--filter:w -F:w --force --no-cache --continue --output-logs:s --no-daemon "
		"--parallel "
		"--concurrency:w --affected --ui:s --log-order:s --only --summarize "
		"--no-color", "run",
		"ls", true, true, NULL },
	{ "lerna", "--scope:w --stream --parallel --no-bail --ignore:w --since:w "
		"--concurrency:n", "run",
		"ls list changed", false, false, NULL },
	{ "nx", "--verbose --parallel= --skip-nx-cache --nx-bail --output-style:s", NULL, NULL,
		false,
		false, NULL },
	{ "composer", "-q --quiet -v --no-interaction -n --ansi --no-ansi --timeout:n",
		"run run-script", NULL, false, false, NULL },
	{ "rush", "-v --verbose", NULL, NULL, false, true, NULL },
	{ NULL, NULL, NULL, NULL, false, false, NULL },
};
// clang-format on

static const struct runner *find_runner(const char *name)
{
	const struct runner *runner = runners;
	while (runner->name != NULL && strcmp(runner->name, name) != 0) {
		runner++;
	}
	return runner->name == NULL ? NULL : runner;
}

/* Of a path to a wrapper script, its name. */
/* One option of a runner at argv[*i]; leaves *i at its last word. */
static bool runner_option(struct command_line *line, const struct command *command,
	const struct runner *runner, size_t *i, char **before)
{
	char kind;
	const char *value;
	struct shell_word word = command->argv[*i];
	enum option_form form = option_form(runner->options, word.text, &kind, &value);
	if (form == OPTION_NONE) { /* -j8 */
		return strncmp(word.text, "-j", 2) == 0 && span_digits(span_of(word.text + 2)) &&
			verb_listed(runner->options, "-j=");
	}
	if (form == OPTION_NEXT) {
		if (++*i >= command->argc) {
			return false;
		}
		word = command->argv[*i];
		value = word.text;
	} else if (value != NULL) {
		word.text = value;
		word.len = strlen(value);
	} else if (strcmp(word.text, "-j") == 0 && *i + 1 < command->argc &&
		span_digits(span_of(command->argv[*i + 1].text))) {
		++*i;
	}
	if (kind == 'b') {
		if (*before != NULL) {
			return false;
		}
		*before = verb_enter(line, &word);
		return true;
	}
	bool simple = value == NULL || (kind != 's' && kind != 'n') ||
		value[strspn(value,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			"-_,:")] == 0;
	return simple && (value == NULL || strstr(value, "..") == NULL || kind != 'w');
}

/* Gradle's `:app:test` is the task test of a part of the project. */
static void add_target(struct command_line *line, const struct command *command, const char *name)
{
	const char *runner = path_name(command->argv[0].text);
	const char *task = name;
	char plain[96];
	if (strncmp(runner, "gradle", 6) == 0 && strrchr(name, ':') != NULL) {
		task = strrchr(name, ':') + 1;
	} else if (strcmp(runner, "rake") == 0 && strchr(name, '[') != NULL) {
		snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(name, "["), name);
		task = plain;
	}
	verb_add_task(line, command, runner, task);
}

static bool is_target(const struct runner *runner, const char *text)
{
	if (strncmp(runner->name, "gradle", 6) == 0 || strcmp(runner->name, "./gradlew") == 0) {
		return is_task_name(text[0] == ':' ? text + 1 : text);
	}
	return is_task_name(text);
}

/* The tasks from argv[i] on. */
static bool read_targets(struct command_line *line, const struct command *command,
	const struct runner *runner, size_t i, char **before, char why[160])
{
	size_t targets = 0;
	const char *name = "";
	for (; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		if (strcmp(text, "--") == 0 || (targets > 0 && !runner->many)) {
			bool dashes = strcmp(text, "--") == 0;
			if (targets == 0) {
				break;
			}
			if (runner->many && !verb_listed("task turbo", runner->name)) {
				/* make takes what follows for targets and variables still */
				snprintf(why, 160, "what %.20s takes behind --", runner->name);
				return false;
			}
			return verb_extra(line, command, i + dashes, name, why);
		}
		if (text[0] == '-') {
			if (!runner_option(line, command, runner, &i, before)) {
				snprintf(why, 160,
					"the option %.60s of %.20s is not accounted "
					"for",
					text, runner->name);
				return false;
			}
			continue;
		}
		if (!is_target(runner, text) || command->argv[i].glob || command->argv[i].status) {
			snprintf(why, 160, "%.60s is no plain name of a task", text);
			return false;
		}
		targets++;
		name = text;
		add_target(line, command, text);
	}
	if (targets == 0 && runner->alone != NULL) {
		add_target(line, command, runner->alone);
	} else if (targets == 0) {
		snprintf(why, 160, "%.20s without a task", runner->name);
		return false;
	}
	return true;
}

static bool only_lists(const struct command *command, size_t i, const struct runner *runner)
{
	if (i >= command->argc || !verb_listed(runner->lists, command->argv[i].text)) {
		return false;
	}
	for (i++; i < command->argc; i++) {
		if (!is_task_name(command->argv[i].text) &&
			!verb_listed(
				"--json -J --all --extended --list -l", command->argv[i].text)) {
			return false;
		}
	}
	return true;
}

static void read_runner(struct command_line *line, const struct command *command)
{
	const struct runner *runner = find_runner(command->argv[0].text);
	char why[160] = "";
	char *before = NULL;
	size_t i = 1;
	if (only_lists(command, i, runner) ||
		(command->argc == 2 && strcmp(command->argv[1].text, "--version") == 0 &&
			strchr(runner->name, '/') == NULL)) {
		command_exec(line, command, EXEC_READONLY);
		return;
	}
	bool good = true;
	while (good && i < command->argc && command->argv[i].text[0] == '-') {
		good = runner_option(line, command, runner, &i, &before);
		if (!good) {
			snprintf(why, sizeof(why),
				"the option %.60s of %.20s is not accounted "
				"for",
				command->argv[i < command->argc ? i : command->argc - 1].text,
				runner->name);
		}
		i++;
	}
	bool run = good && i < command->argc && verb_listed(runner->runs, command->argv[i].text);
	if (good && !run && (!runner->bare || (i < command->argc && runner->runs != NULL))) {
		/* a word of the program's own, or a task by its bare name */
		verb_read(line, command);
	} else if (good) {
		good = read_targets(line, command, runner, i + run, &before, why);
	}
	if (before != NULL) {
		verb_leave(line, before);
	}
	if (!good) {
		command_unproven(line, command, "%s", why);
	}
}

/* `mise lint`: a task by its bare name, where no sub-command is called so. */
static void read_bare(struct command_line *line, const struct command *command)
{
	const struct runner *runner = find_runner(command->argv[0].text);
	char why[160] = "";
	char *before = NULL;
	if (!read_targets(line, command, runner, 1, &before, why)) {
		command_unproven(line, command, "%s", why);
	}
	if (before != NULL) {
		verb_leave(line, before);
	}
}

static void read_unknown(struct command_line *line, const struct command *command)
{
	command_unproven(line, command, "it fetches or runs what is not known");
}

// clang-format off
const struct verb_row verbs_tasks[] = {
	CALL("pnpm exec", read_wrapped),
	CALL("yarn exec", read_wrapped),
	CALL("uv run", read_wrapped),
	CALL("poetry|pipenv|pdm|rye|hatch|volta run", read_wrapped),
	CALL("bundle exec", read_wrapped),
	CALL("mise|turbo|composer", read_bare),
	ASKED("mise exec|x|en|shell|watch", VERB_WIDE, "it runs what it is given", ""),
	ASKED("yarn workspaces", VERB_UNPROVEN, "it runs in every workspace what is not known",
		""),
	ASKED("yarn node", VERB_WIDE, "it runs code that it is given", ""),
	ASKED("bundle config", VERB_UNPROVEN, "it may change a configuration", ""),
	TASK("nx test", "test", "--skip-nx-cache --verbose --parallel= | w*"),
	TASK("nx lint", "lint", "--skip-nx-cache --verbose --parallel= | w*"),
	TASK("nx build", "build", "--skip-nx-cache --verbose --parallel= | w*"),
	TASK("nx run-many|affected -t|--target test", "test", "--parallel= --all "
		"--skip-nx-cache"),
	TASK("nx run-many|affected -t|--target lint", "lint", "--parallel= --all "
		"--skip-nx-cache"),
	TASK("nx run-many|affected -t|--target build", "build", "--parallel= --all "
		"--skip-nx-cache"),
	TASK("rails|bin/rails test|t|test:all|test:system|spec", "test", "-v -n:w -f --verbose "
		"| r*"),
	TASK("rails|bin/rails zeitwerk:check", "check", ""),
	TASK("bin/rspec", "test", "-f:w --format:w -e:w --fail-fast= --color | r*"),
	TASK("bin/rubocop", "lint", "--only:w -f:w --format:w | r*"),
	ASKED("rails|bin/rails db:migrate|db:drop|db:seed|db:reset|db:rollback|db:setup|"
		"db:schema:load|db:prepare",
		VERB_CLOUD, NULL, ""),
	ASKED("rails|bin/rails runner|r|console|c|dbconsole|db", VERB_WIDE, "it runs code that "
		"it is given", ""),
	LIST("py_compile|compileall", "-q | r+"),
	LIST("json.tool", "--indent:n --sort-keys --compact --no-ensure-ascii --json-lines "
		"--tab | r? W?"),
	TASK("node --test", "test", "--test-name-pattern:w --test-only --test-concurrency:n "
		"--experimental-test-coverage --experimental-strip-types --test-timeout:n | r*"),
	LIST("node --check|-c", "| r"),

	VERBS_END,
};

const struct command_row commands_tasks[] = {
	{ "npm", read_manager, NULL }, { "pnpm", read_manager, NULL },
	{ "yarn", read_manager, NULL }, { "bun", read_manager, NULL }, { "npx", read_npx, NULL },
	{ "bunx", read_npx, NULL }, { "pnpx", read_npx, NULL }, { "make", read_runner, NULL },
	{ "gmake", read_runner, NULL }, { "just", read_runner, NULL },
	{ "mise", read_runner, NULL }, { "task", read_runner, NULL },
	{ "rake", read_runner, NULL }, { "gradle", read_runner, NULL },
	{ "./gradlew", read_runner, NULL }, { "mvn", read_runner, NULL },
	{ "./mvnw", read_runner, NULL }, { "sbt", read_runner, NULL },
	{ "ant", read_runner, NULL }, { "turbo", read_runner, NULL },
	{ "lerna", read_runner, NULL }, { "nx", verb_read, NULL },
	{ "composer", read_runner, NULL }, { "rush", read_runner, NULL },
	{ "rails", verb_read, NULL }, { "bin/rails", verb_read, NULL },
	{ "bin/rspec", verb_read, NULL }, { "bin/rubocop", verb_read, NULL },
	{ "bin/rake", read_runner, NULL }, { "xcodebuild", read_unknown, NULL },
	{ "uv", verb_read, NULL }, { "poetry", verb_read, NULL }, { "pipenv", verb_read, NULL },
	{ "go", verb_read, NULL }, { "gofmt", verb_read, NULL }, { "goimports", verb_read, NULL },
	{ "golangci-lint", verb_read, NULL }, { "staticcheck", verb_read, NULL },
	{ "govulncheck", verb_read, NULL }, { "gotestsum", verb_read, NULL },
	{ "revive", verb_read, NULL }, { "errcheck", verb_read, NULL },
	{ "ineffassign", verb_read, NULL }, { "cargo", verb_read, NULL },
	{ "rustfmt", verb_read, NULL }, { "pytest", verb_read, NULL },
	{ "py.test", verb_read, NULL }, { "tox", verb_read, NULL }, { "nox", verb_read, NULL },
	{ "ruff", verb_read, NULL }, { "black", verb_read, NULL }, { "isort", verb_read, NULL },
	{ "autopep8", verb_read, NULL }, { "flake8", verb_read, NULL },
	{ "mypy", verb_read, NULL }, { "pyright", verb_read, NULL },
	{ "basedpyright", verb_read, NULL }, { "pylint", verb_read, NULL },
	{ "pycodestyle", verb_read, NULL }, { "pydocstyle", verb_read, NULL },
	{ "pyflakes", verb_read, NULL }, { "vulture", verb_read, NULL },
	{ "bandit", verb_read, NULL }, { "pre-commit", verb_read, NULL },
	{ "coverage", verb_read, NULL }, { "tsc", verb_read, NULL },
	{ "vue-tsc", verb_read, NULL }, { "svelte-check", verb_read, NULL },
	{ "tsgo", verb_read, NULL }, { "astro", verb_read, NULL }, { "eslint", verb_read, NULL },
	{ "prettier", verb_read, NULL }, { "biome", verb_read, NULL },
	{ "oxlint", verb_read, NULL }, { "xo", verb_read, NULL }, { "standard", verb_read, NULL },
	{ "stylelint", verb_read, NULL }, { "markdownlint", verb_read, NULL },
	{ "markdownlint-cli2", verb_read, NULL }, { "vitest", verb_read, NULL },
	{ "jest", verb_read, NULL }, { "mocha", verb_read, NULL }, { "ava", verb_read, NULL },
	{ "tap", verb_read, NULL }, { "playwright", verb_read, NULL },
	{ "cypress", verb_read, NULL }, { "next", verb_read, NULL }, { "vite", verb_read, NULL },
	{ "tsup", verb_read, NULL }, { "rollup", verb_read, NULL },
	{ "webpack", verb_read, NULL }, { "esbuild", verb_read, NULL },
	{ "parcel", verb_read, NULL }, { "knip", verb_read, NULL },
	{ "depcheck", verb_read, NULL }, { "madge", verb_read, NULL },
	{ "publint", verb_read, NULL }, { "commitlint", verb_read, NULL },
	{ "rubocop", verb_read, NULL }, { "standardrb", verb_read, NULL },
	{ "rspec", verb_read, NULL }, { "minitest", verb_read, NULL },
	{ "cucumber", verb_read, NULL }, { "brakeman", verb_read, NULL },
	{ "srb", verb_read, NULL }, { "mix", verb_read, NULL }, { "dotnet", verb_read, NULL },
	{ "swift", verb_read, NULL }, { "zig", verb_read, NULL }, { "deno", verb_read, NULL },
	{ "swiftlint", verb_read, NULL }, { "ktlint", verb_read, NULL },
	{ "dart", verb_read, NULL }, { "flutter", verb_read, NULL }, { "cmake", verb_read, NULL },
	{ "ctest", verb_read, NULL }, { "meson", verb_read, NULL },
	{ "ninja", read_runner, NULL }, { "bazel", verb_read, NULL },
	{ "bazelisk", verb_read, NULL }, { "clang-format", verb_read, NULL },
	{ "shellcheck", verb_read, NULL }, { "shfmt", verb_read, NULL },
	{ "bats", verb_read, NULL }, { "hadolint", verb_read, NULL },
	{ "yamllint", verb_read, NULL }, { "actionlint", verb_read, NULL },
	{ "codespell", verb_read, NULL }, { "typos", verb_read, NULL },
	{ "cspell", verb_read, NULL }, { "vale", verb_read, NULL }, { "mdl", verb_read, NULL },
	{ "taplo", verb_read, NULL }, { "sqlfluff", verb_read, NULL }, { "buf", verb_read, NULL },
	{ "helm", verb_read, NULL }, { "terraform", verb_read, NULL },
	{ "tofu", verb_read, NULL }, { "tflint", verb_read, NULL }, { "rustc", verb_read, NULL },
	{ "rustup", verb_read, NULL }, { "java", verb_read, NULL }, { "javac", verb_read, NULL },
	{ "gcc", verb_read, NULL }, { "g++", verb_read, NULL }, { "cc", verb_read, NULL },
	{ "c++", verb_read, NULL }, { "clang", verb_read, NULL }, { "clang++", verb_read, NULL },
	{ "ld", verb_read, NULL }, { "ghc", verb_read, NULL }, { "stack", verb_read, NULL },
	{ "crystal", verb_read, NULL },
	{ "nim", verb_read, NULL }, { "bash-language-server", verb_read, NULL },
	{ "protoc", verb_read, NULL }, { "pkg-config", verb_read, NULL },
	{ "unittest", verb_read, NULL }, { "doctest", verb_read, NULL },
	{ "py_compile", verb_read, NULL }, { "compileall", verb_read, NULL },
	{ "phpunit", verb_read, NULL }, { "pest", verb_read, NULL }, { "phpstan", verb_read,
		NULL },
	{ "psalm", verb_read, NULL }, { "phpcs", verb_read, NULL }, { "pint", verb_read, NULL },
	{ "php-cs-fixer", verb_read, NULL }, { "stylua", verb_read, NULL },
	{ NULL, NULL, NULL },
};
// clang-format on
