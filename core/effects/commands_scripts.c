/*
 * npm, pnpm, yarn and bun: a project's scripts, by every way to name them; npx and its like.
 *
 * Promises: a word that a manager has as a verb of its own is never taken for a script. Options
 * that name another place, registry or shell are not listed, so they are not proven.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects/tasks.h"

/* A name that can only be a name. */
bool is_task_name(const char *text)
{
	for (const char *at = text; *at != 0; at++) {
		if (!isalnum((unsigned char)*at) && strchr(":-_./@+", *at) == NULL) {
			return false;
		}
	}
	return isalnum((unsigned char)text[0]) && strstr(text, "..") == NULL;
}

/* `npx TOOL` of a tool that tests, lints or checks: what is installed in the project is run, and
 * only what is not is fetched. That it is there is a fact. */
static bool runs_installed(struct command_line *line, const struct command *rest)
{
	if (!rest->argv[0].plain || strchr(rest->argv[0].text, '/') || !verb_task(line, rest)) {
		return false;
	}
	char *path = xasprintf("node_modules/.bin/%s", rest->argv[0].text);
	const struct shell_word word = { .text = path, .len = strlen(path), .plain = true };
	command_path(line, EFFECT_READ, &word, "run");
	free(path);
	return true;
}

/* npx, bunx, pnpx: what is not there is fetched, unless it must not be. */
void read_npx(struct command_line *line, const struct command *command)
{
	bool local = false;
	size_t i = 1;
	for (; i < command->argc && command->argv[i].text[0] == '-'; i++) {
		const char *option = command->argv[i].text;
		if (verb_listed("--no-install --no --offline", option)) {
			local = true;
		} else if (verb_listed("-c --call --shell-mode", option) ||
			strncmp(option, "--call=", 7) == 0) {
			command_wide(line, command, "a line for a shell");
			return;
		} else if (verb_listed("-p --package", option)) {
			i++;
			local = false;
			break;
		} else if (!verb_listed("-y --yes -q --quiet --bun -s --silent", option)) {
			break;
		}
	}
	struct command rest = command_from(command, i < command->argc ? i : command->argc - 1);
	if (local && i < command->argc && command->argv[i].text[0] != '-') {
		read_behind(line, command, i);
		return;
	}
	if (i == 1 && strcmp(command->argv[0].text, "npx") == 0 && runs_installed(line, &rest)) {
		return;
	}
	struct effects scratch = { 0 };
	struct command_line probe = *line;
	probe.out = &scratch;
	bool known = i < command->argc && rest.argv[0].plain && verb_task(&probe, &rest);
	effects_finish(&scratch);
	if (!known) {
		const char *name = verb_listed("npx bunx pnpx", command->argv[0].text)
			? command->argv[0].text
			: "npx";
		const struct verb_row row = { "npx", VERB_FETCH, name, "", NULL, NULL };
		verb_add_install(line, command, command, i, &row);
	}
	command_unproven(
		line, command, "%.20s fetches what is not installed", command->argv[0].text);
}

static void read_npm_exec(struct command_line *line, const struct command *command)
{
	struct command rest = command_from(command, 1);
	read_npx(line, &rest);
}

/* Options that may stand anywhere before the script's own arguments. */
static const char npm_options[] =
	"-s --silent --quiet -q --if-present -w:w --workspace:w --workspaces -ws "
	"--include-workspace-root --ignore-scripts --no-color --color=always --color "
	"--foreground-scripts --loglevel:s --no-fund --no-audit --no-update-notifier --offline";
static const char pnpm_options[] =
	"-s --silent --reporter:s -r --recursive -w --workspace-root -F:w --filter:w "
	"--if-present "
	"--parallel --stream --no-bail --bail --sort --no-sort --workspace-concurrency:n "
	"--aggregate-output --color --no-color --loglevel:s --reverse --report-summary "
	"--resume-from:w --fail-if-no-match --filter-prod:w --include-workspace-root --offline "
	"-C:b --dir:b";
static const char yarn_options[] = "-s --silent --verbose --offline --non-interactive "
				   "--no-progress --cwd:b -T --top-level -B --binaries-only";
static const char bun_options[] = "--silent --bun -b --if-present --filter:w -F:w --cwd:b";

struct manager {
	const char *name, *options;
	const char *runs; /* words before a script's name */
	const char *scripts; /* scripts that are verbs of the manager itself */
	bool bare; /* any other word is a script */
};

// clang-format off
static const struct manager managers[] = {
	{ "npm", npm_options, "run run-script rum urn", "test start stop restart", false },
	{ "pnpm", pnpm_options, "run run-script", "test start stop restart", true },
	{ "yarn", yarn_options, "run", "test start stop restart build lint", true },
	{ "bun", bun_options, "run", "", true },
};

/* Words that are the manager's own, so never a script. */
static const char own_verbs[] =
	"access add adduser approve-builds audit autoclean bin bugs bump c cache cat-file "
		"cat-index "
	"check ci clean-install completion config constraints create dedupe deploy deprecate "
		"dist-tag "
	"dlx docs doctor edit env exec explain explore fetch find-dupes find-hash fund "
		"generate-lock-entry "
	"get global help i ignored-builds import info init install install-test it la licenses "
		"link "
	"list ll ln login logout ls node npm outdated owner pack patch patch-commit "
		"patch-remove ping pkg "
	"plugin plugins pm policies prefix prepare profile prune publish query rb rebuild "
		"remove repl repo "
	"rm root sbom search self-update server set set-script setup setup-script show "
		"shrinkwrap stage "
	"star stars stats store tag team token un unlink uninstall unplug unpublish up update "
		"upgrade "
	"upgrade-interactive v version versions view why whoami workspace workspaces x";
// clang-format on

static const struct manager *find_manager(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(managers); i++) {
		if (strcmp(managers[i].name, name) == 0) {
			return &managers[i];
		}
	}
	return NULL;
}

/* Copies the command without the manager's options before `--` (of npm also those behind the
 * script's name) into `argv`; false: an option that is not listed. */
static bool strip_options(struct command_line *line, const struct command *command,
	const struct manager *manager, struct shell_word *argv, size_t *argc, char **before)
{
	bool npm = strcmp(manager->name, "npm") == 0;
	size_t words = 0;
	argv[(*argc)++] = command->argv[0];
	for (size_t i = 1; i < command->argc; i++) {
		char kind;
		const char *value;
		struct shell_word word = command->argv[i];
		bool run = words > 0 && verb_listed(manager->runs, argv[1].text);
		bool done = !npm && words > (run ? 1 : 0);
		if (strcmp(word.text, "--") == 0 || done) {
			while (i < command->argc) {
				argv[(*argc)++] = command->argv[i++];
			}
			return true;
		}
		if (word.text[0] != '-') {
			argv[(*argc)++] = word;
			words++;
			continue;
		}
		enum option_form form = option_form(manager->options, word.text, &kind, &value);
		if (form == OPTION_NONE || (form == OPTION_NEXT && i + 1 >= command->argc)) {
			return false;
		}
		if (form == OPTION_NEXT) {
			word = command->argv[++i];
		} else if (value != NULL) {
			word.text = value;
			word.len = strlen(value);
		}
		if (kind == 'b') {
			if (*before != NULL) {
				return false;
			}
			*before = verb_enter(line, &word);
		} else if (kind == 'w' && !verb_tame(word.text)) {
			return false;
		}
	}
	return true;
}

/* A script with what it is given. */
static void read_script(struct command_line *line, const struct command *whole,
	const struct command *command, size_t at, const char *name)
{
	char why[160] = "";
	size_t from = at;
	if (from < command->argc && strcmp(command->argv[from].text, "--") == 0) {
		from++;
	}
	if (strcmp(name, "env") == 0) {
		command_unproven(line, whole, "it prints the environment");
	} else if (!is_task_name(name)) {
		command_unproven(line, whole, "%.60s is no plain name of a script", name);
	} else if (!verb_extra(line, command, from, name, why)) {
		command_unproven(line, whole, "%s", why);
	} else {
		verb_add_task(line, whole, whole->argv[0].text, name);
	}
}

static void read_stripped(struct command_line *line, const struct command *whole,
	const struct command *command, const struct manager *manager)
{
	const char *verb = command->argc > 1 ? command->argv[1].text : "";
	bool glob = false;
	for (size_t i = 1; i < command->argc && i < 3; i++) {
		glob = glob || command->argv[i].glob || command->argv[i].status;
	}
	if (verb_listed(manager->runs, verb) && !glob) {
		if (command->argc == 2) { /* lists the scripts */
			command_exec(line, whole, EXEC_READONLY);
			return;
		}
		const char *name = command->argv[2].text;
		bool file = strcmp(manager->name, "bun") == 0 && strpbrk(name, "./") != NULL;
		if (file) {
			command_unproven(line, whole, "what %.60s does is not known", name);
		} else {
			read_script(line, whole, command, 3, name);
		}
	} else if (verb_listed("t tst", verb) && strcmp(manager->name, "yarn") != 0) {
		read_script(line, whole, command, 2, "test");
	} else if (verb_listed(manager->scripts, verb)) {
		read_script(line, whole, command, 2, verb);
	} else {
		size_t from = line->out->count;
		verb_read(line, command);
		verb_mark_no_scripts(line, whole, from);
	}
}

static bool is_script(const struct command *command, const struct manager *manager)
{
	const char *verb = command->argc > 1 ? command->argv[1].text : "";
	return manager->bare && is_task_name(verb) && !verb_listed(own_verbs, verb) &&
		!verb_listed(manager->scripts, verb) && !verb_listed("t tst", verb) &&
		!verb_listed(manager->runs, verb) && strpbrk(verb, "./") == NULL;
}

static bool read_bun(struct command_line *line, const struct command *command)
{
	struct command rest = command_from(command, 1);
	if (command->argc > 1 && strcmp(rest.argv[0].text, "test") == 0) {
		char why[160] = "";
		if (verb_extra(line, command, 2, "test", why)) {
			verb_add(line, command, EFFECT_TASK, "bun", "test");
		} else {
			command_unproven(line, command, "%s", why);
		}
		return true;
	}
	if (command->argc > 1 && strcmp(rest.argv[0].text, "x") == 0) {
		read_npx(line, &rest);
		return true;
	}
	return false;
}

/* A tool of the dependencies by its bare name, or a script. */
static void read_bare_script(
	struct command_line *line, const struct command *whole, const struct command *command)
{
	struct command rest = command_from(command, 1);
	struct effects scratch = { 0 };
	struct command_line probe = *line;
	probe.out = &scratch;
	bool tool = strcmp(whole->argv[0].text, "bun") != 0 && verb_task(&probe, &rest);
	effects_finish(&scratch);
	if (tool) {
		verb_task(line, &rest);
	} else {
		read_script(line, whole, command, 2, command->argv[1].text);
	}
}

/* `yarn workspace NAME ...` is `yarn ...` there. */
static struct command without_workspace(const struct command *command, struct shell_word *argv)
{
	struct command rest = *command;
	if (strcmp(command->argv[0].text, "yarn") != 0 || command->argc < 4 ||
		strcmp(command->argv[1].text, "workspace") != 0 ||
		command->argv[2].text[0] == '-') {
		return rest;
	}
	argv[0] = command->argv[0];
	memcpy(argv + 1, command->argv + 3, (command->argc - 3) * sizeof(*argv));
	rest.argv = argv;
	rest.argc = command->argc - 2;
	return rest;
}

void read_manager(struct command_line *line, const struct command *command)
{
	const struct manager *manager = find_manager(command->argv[0].text);
	struct shell_word *argv = xcalloc(2 * command->argc + 1, sizeof(*argv));
	struct command whole = without_workspace(command, argv + command->argc);
	struct command bare = whole;
	char *before = NULL;
	bare.argv = argv;
	bare.argc = 0;
	bool good = strip_options(line, &whole, manager, argv, &bare.argc, &before);
	if (!good) {
		if (before != NULL) {
			verb_leave(line, before);
			before = NULL;
		}
		verb_read(line, command);
	} else if (manager->options == bun_options && read_bun(line, &bare)) {
		/* done */
	} else if (is_script(&bare, manager)) {
		read_bare_script(line, command, &bare);
	} else {
		read_stripped(line, command, &bare, manager);
	}
	if (before != NULL) {
		verb_leave(line, before);
	}
	free(argv);
}

// clang-format off
const struct verb_row verbs_scripts[] = {
	OPTIONS("npm", npm_options),
	OPTIONS("pnpm", pnpm_options),
	OPTIONS("yarn", yarn_options),
	OPTIONS("bun", bun_options),
	CALL("npm exec|x", read_npm_exec),

	/* what npm and its like list without the network */
	LIST("npm ls|list|la|ll", "-a --all --depth:n --json --long --parseable --prod -p "
		"--omit:w --link | w*"),
	LIST("npm root|prefix|bin", ""),
	LIST("npm explain|why", "--json | w+"),
	LIST("npm pkg get", "| w*"),
	LIST("npm version|-v|help|fund", "--json"),
	LIST("npm -v", ""),
	LIST("npm config get registry|prefix|cache", ""),
	LIST("npm query", "| w"),
	LIST("pnpm ls|list|la|ll", "--depth:w --json --long --parseable --prod -P -D --dev | w*"),
	LIST("pnpm root|bin|-v", ""),
	LIST("pnpm why", "--json | w+"),
	LIST("pnpm licenses list|ls", "--json"),
	LIST("yarn list|bin|-v|workspaces-info", "--depth:n --pattern:w"),
	LIST("yarn why", "-R --recursive | w+"),
	LIST("yarn info", "-A --all --json"),
	LIST("yarn config get registry|npmRegistryServer|nodeLinker|yarnPath", ""),
	LIST("yarn workspaces info|list", "--json"),
	LIST("bun pm ls|bin|hash|cache", "--all"),
	LIST("bun -v|--revision", ""),
	VERBS_END,
};
// clang-format on
