/*
 * Package managers: what installs, removes, fetches and runs, publishes, and what only lists.
 *
 * Every verb is listed with its aliases; npm's abbreviations are resolved as npm resolves them. A
 * verb that is not listed is not proven. `spec` of an installing row names the options that take a
 * value, so that packages can be told from them.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects/verb.h"

#define INSTALL(words, manager) \
	{ \
		words, VERB_INSTALL, manager, VALUES, NULL, NULL \
	}
#define LOCKED(words, manager) \
	{ \
		words, VERB_LOCKFILE, manager, VALUES, NULL, NULL \
	}
#define FETCH(words, manager) \
	{ \
		words, VERB_FETCH, manager, VALUES, NULL, NULL \
	}
#define REMOVE(words, manager) \
	{ \
		words, VERB_REMOVE, manager, VALUES, NULL, NULL \
	}
#define GLOBAL(words, manager) \
	{ \
		words, VERB_GLOBAL, manager, VALUES, NULL, NULL \
	}
#define PUBLISH(words) \
	{ \
		words, VERB_PUBLISH, NULL, "", NULL, NULL \
	}
#define UNPROVEN(words, why) \
	{ \
		words, VERB_UNPROVEN, why, "", NULL, NULL \
	}
/* Lists if its spec fits, else it installs. */
#define LISTS(words, manager, spec) \
	{ \
		words, VERB_READ, manager, spec, NULL, NULL \
	}

#define VALUES \
	"--registry:w --prefix:w --cache:w --tag:w -w:w --workspace:w --index-url:w -i:w " \
	"--extra-index-url:w --find-links:w -f:w --trusted-host:w -r:w --requirement:w -c:w " \
	"--constraint:w -t:w --target:w --root:w --group:w --extra:w --python:w -p:w " \
	"--version:w " \
	"--git:w --path:w --branch:w --rev:w --features:w --source:w -s:w -C:w --dir:w " \
	"--with:w " \
	"--from:w --package:w --filter:w -F:w --index:w --channel:w -n:w --name:w " \
	"--default-index:w"

/* ---- npm's abbreviations ---- */

/* As npm's own list; an abbreviation stands for the only one that it begins. */
static const char *const npm_verbs[] = { "access", "adduser", "audit", "bugs", "cache", "ci",
	"completion", "config", "dedupe", "deprecate", "diff", "dist-tag", "docs", "doctor", "edit",
	"exec", "explain", "explore", "find-dupes", "fund", "get", "help", "help-search", "init",
	"install", "install-ci-test", "install-test", "link", "ll", "login", "logout", "ls", "org",
	"outdated", "owner", "pack", "ping", "pkg", "prefix", "profile", "prune", "publish",
	"query", "rebuild", "repo", "restart", "root", "run", "sbom", "search", "set", "shrinkwrap",
	"star", "stars", "start", "stop", "team", "test", "token", "trust", "undeprecate",
	"uninstall", "unpublish", "unstar", "update", "version", "view", "whoami" };

static const char *const npm_aliases[][2] = { { "author", "owner" }, { "home", "docs" },
	{ "issues", "bugs" }, { "find", "search" }, { "clean-install", "ci" },
	{ "install-clean", "ci" }, { "isntall-clean", "ci" }, { "clean-install-test", "ci" },
	{ "run-script", "run" }, { "verison", "version" }, { "create", "init" },
	{ "remove", "uninstall" }, { "unlink", "uninstall" }, { "upgrade", "update" },
	{ "udpate", "update" }, { "dist-tags", "dist-tag" }, { "add-user", "adduser" },
	{ "isntall", "install" }, { "info", "view" }, { "show", "view" }, { "list", "ls" },
	{ "innit", "init" }, { "instal", "install" } };

/* "distTag" is "dist-tag". */
static void add_kebab(struct buf *out, const char *word)
{
	for (; *word != 0; word++) {
		if (isupper((unsigned char)*word)) {
			buf_char(out, '-');
		}
		buf_char(out, (char)tolower((unsigned char)*word));
	}
}

/* NULL: none, or more than one. */
static const char *npm_verb(const char *word)
{
	struct buf kebab = { 0 };
	add_kebab(&kebab, word);
	const char *want = buf_cstr(&kebab);
	const char *found = NULL;
	size_t fits = 0;
	for (size_t i = 0; i < COUNT_OF(npm_verbs); i++) {
		if (strncmp(npm_verbs[i], want, kebab.len) == 0) {
			found = npm_verbs[i];
			fits++;
		}
	}
	for (size_t i = 0; i < COUNT_OF(npm_aliases); i++) {
		if (strncmp(npm_aliases[i][0], want, kebab.len) == 0 &&
			(found == NULL || strcmp(found, npm_aliases[i][1]) != 0)) {
			found = npm_aliases[i][1];
			fits++;
		}
	}
	bool empty = kebab.len == 0;
	buf_finish(&kebab);
	return fits == 1 && !empty ? found : NULL;
}

static void read_npm_short(struct command_line *line, const struct command *command)
{
	const char *word = command->argc > 1 ? command->argv[1].text : "";
	const char *verb = npm_verb(word);
	if (verb == NULL || strcmp(verb, word) == 0) {
		command_unproven(line, command, "npm %.60s is not accounted for", word);
		return;
	}
	struct shell_word *argv = xcalloc(command->argc, sizeof(*argv));
	memcpy(argv, command->argv, command->argc * sizeof(*argv));
	argv[1].text = verb;
	argv[1].len = strlen(verb);
	struct command whole = *command;
	whole.argv = argv;
	if (verb_listed("test run start stop restart exec", verb)) {
		command_effects(line, &whole);
	} else {
		verb_read(line, &whole);
	}
	free(argv);
}

/* `go run X@v` fetches; `go run .` runs what is there. */
static void read_go_run(struct command_line *line, const struct command *command)
{
	for (size_t i = 2; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		if (text[0] != '-') {
			if (strchr(text, '@') != NULL) {
				command_add(line, EFFECT_INSTALL, text, "go", "fetch-run");
			}
			break;
		}
	}
	command_unproven(line, command, "what it runs is not known");
}

static const char asks_registry[] = "it asks a registry";
static const char configures[] = "it may change a configuration";

// clang-format off
const struct verb_row verbs_install[] = {
	/* npm, pnpm, yarn, bun, deno */
	CALL("npm", read_npm_short),
	INSTALL("npm install|i|in|ins|inst|insta|instal|isnt|isnta|isntal|isntall|add|update|"
		"up|u|upgrade|udpate|"
		"link|ln|rebuild|rb|dedupe|ddp|install-test|it|prune|shrinkwrap|find-dupes",
		"npm"),
	LOCKED("npm ci|ic|clean-install|install-clean|isntall-clean|clean-install-test|"
		"install-ci-test|cit|sit", "npm"),
	INSTALL("npm audit fix", "npm"),
	FETCH("npm create|init|innit", "npm"),
	REMOVE("npm uninstall|r|rm|un|unlink|remove", "npm"),
	PUBLISH("npm publish|unpublish|deprecate|undeprecate|dist-tag|dist-tags|owner|author|"
		"access|team|org|trust|star|unstar"),
	PUBLISH("npm version|verison major|minor|patch|premajor|preminor|prepatch|prerelease|"
		"from-git"),
	ASKED("npm token|profile", VERB_SECRET, NULL, ""),
	UNPROVEN("npm view|info|show|v|outdated|search|s|se|find|ping|whoami|diff|docs|home|"
		"bugs|issues|repo|audit|stars|doctor|sbom",
		asks_registry),
	UNPROVEN("npm config|c|set|get|login|logout|adduser|add-user|cache|pack|edit|explore",
		configures),
	UNPROVEN("npm pkg set|delete|fix", configures),

	INSTALL("pnpm install|i|add|update|up|upgrade|link|ln|rebuild|rb|prune|dedupe|import|"
		"fetch|install-test|it|"
		"approve-builds|patch-commit|self-update|setup|env|server", "pnpm"),
	LOCKED("pnpm ci|clean-install", "pnpm"),
	FETCH("pnpm dlx|create|init", "pnpm"),
	REMOVE("pnpm remove|rm|uninstall|un|unlink", "pnpm"),
	PUBLISH("pnpm publish|deploy|version|owner|dist-tag|unpublish|deprecate"),
	UNPROVEN("pnpm outdated|audit|view|info|show|search", asks_registry),
	UNPROVEN("pnpm config|c|set|store|pack|patch|login|logout|cache|doctor", configures),

	INSTALL("yarn", "yarn"),
	INSTALL("yarn install|add|up|upgrade|upgrade-interactive|link|unlink|unplug|rebuild|"
		"dedupe|import|autoclean|prune|"
		"global|set|plugin|policies|self-update", "yarn"),
	FETCH("yarn dlx|create|init", "yarn"),
	REMOVE("yarn remove", "yarn"),
	PUBLISH("yarn publish|version|tag|owner|team"),
	PUBLISH("yarn npm publish|tag|login|logout"),
	UNPROVEN("yarn config|cache|pack|patch|patch-commit|constraints|stage|login|logout",
		configures),
	UNPROVEN("yarn npm|outdated|audit|versions|check|licenses|help|why|info|"
		"generate-lock-entry", asks_registry),

	INSTALL("bun install|i|add|a|update|link|upgrade|patch|patch-commit", "bun"),
	FETCH("bun create|c|init|x", "bun"),
	REMOVE("bun remove|rm|unlink", "bun"),
	PUBLISH("bun publish"),
	INSTALL("bun pm trust|untrusted|migrate", "bun"),
	UNPROVEN("bun pm|outdated|audit|repl", asks_registry),

	INSTALL("deno install|i|add|cache|upgrade|outdated", "deno"),
	REMOVE("deno remove|uninstall", "deno"),
	PUBLISH("deno publish|deploy"),
	ASKED("deno run|eval|repl|x|serve|task|compile", VERB_WIDE, "it runs code that it is "
		"given", ""),
	INSTALL("corepack", "corepack"),

	/* Python */
	OPTIONS("pip|pip3", "--disable-pip-version-check --no-color -q --quiet -v --verbose "
		"--isolated "
		"--require-virtualenv --no-input --no-python-version-warning --timeout:n"),
	INSTALL("pip|pip3 install|download|wheel", "pip"),
	REMOVE("pip|pip3 uninstall", "pip"),
	LIST("pip|pip3 list", "--format:w --not-required -l --local --user -e --editable "
		"--exclude-editable --exclude:w"),
	LIST("pip|pip3 show", "-f --files -v | w+"),
	LIST("pip|pip3 freeze", "-l --local --user --all --exclude-editable --exclude:w"),
	LIST("pip|pip3 check|help", ""),
	UNPROVEN("pip|pip3 search|index|cache|config|debug|hash|inspect|lock", asks_registry),
	INSTALL("pipx install|upgrade|upgrade-all|inject|reinstall|ensurepath", "pipx"),
	FETCH("pipx run", "pipx"),
	REMOVE("pipx uninstall", "pipx"),
	LIST("pipx list", "--short --json"),
	INSTALL("uv add|sync|lock|venv|self|init", "uv"),
	INSTALL("uv pip install|sync|compile", "uv"),
	INSTALL("uv python install|pin|upgrade", "uv"),
	GLOBAL("uv tool install|upgrade", "uv"),
	FETCH("uv tool run", "uv"),
	FETCH("uvx", "uv"),
	REMOVE("uv remove", "uv"),
	REMOVE("uv pip|tool|python uninstall", "uv"),
	PUBLISH("uv publish"),
	LIST("uv pip list|freeze|check|tree", "--format:w --quiet -q --depth:n -d:n"),
	LIST("uv pip show", "-q --quiet | w+"),
	LIST("uv tool|python list", ""),
	LIST("uv version|help", "--short"),
	UNPROVEN("uv build|cache|export", "it may build or fetch"),
	INSTALL("poetry add|install|update|lock|sync|self|source", "poetry"),
	REMOVE("poetry remove", "poetry"),
	PUBLISH("poetry publish"),
	LIST("poetry show", "-t --tree --no-dev --top-level -T --without:w --only:w --with:w | "
		"w?"),
	LIST("poetry check|about", "--lock"),
	LIST("poetry env info|list", "-p --path --full-path"),
	UNPROVEN("poetry config|build|version|new|init|env|shell|cache|search", configures),
	INSTALL("pipenv", "pipenv"),
	LIST("pipenv graph", "--bare --json --json-tree"),
	INSTALL("pdm|rye add|install|update|lock|sync|self|init", "pdm"),
	REMOVE("pdm|rye remove", "pdm"),
	PUBLISH("pdm|rye|hatch|flit publish"),
	PUBLISH("twine"),
	INSTALL("hatch env|new|build|shell", "hatch"),
	INSTALL("conda|mamba|micromamba", "conda"),
	LIST("conda|mamba|micromamba list|info", "--json -e --envs -n:w | w?"),
	INSTALL("easy_install", "easy_install"),
	INSTALL("pyenv install|uninstall|global|local", "pyenv"),
	LIST("pyenv versions|version|which", "| w?"),

	/* Rust, Go */
	INSTALL("cargo add|fetch|update|generate-lockfile|upgrade|vendor", "cargo"),
	GLOBAL("cargo install|binstall", "cargo"),
	REMOVE("cargo remove|rm|uninstall", "cargo"),
	PUBLISH("cargo publish|yank|owner|release|login|logout"),
	UNPROVEN("cargo run|r|fix|clean|new|init|search|info|expand|miri|watch|package|report|"
		"rustc|xtask",
		"what it runs or changes is not known"),
	INSTALL("rustup", "rustup"),
	GLOBAL("rustup install|update|default|override|self|set", "rustup"),
	INSTALL("rustup toolchain|component|target add|install|remove|uninstall", "rustup"),
	INSTALL("go get", "go"),
	GLOBAL("go install", "go"),
	INSTALL("go mod tidy|download|vendor|edit|init", "go"),
	CALL("go run", read_go_run),
	UNPROVEN("go generate|clean|work|fix|telemetry|bug|tool", "what it runs or changes is "
		"not known"),

	/* Ruby, PHP, .NET, JVM */
	INSTALL("gem install|i|update|pristine", "gem"),
	REMOVE("gem uninstall|cleanup", "gem"),
	PUBLISH("gem push|yank|owner|signin"),
	LIST("gem list|info|contents|which", "-l --local -d -i -e | w?"),
	LIST("gem environment|env", "| w?"),
	UNPROVEN("gem fetch|outdated|search|build|exec|sources|specification", asks_registry),
	INSTALL("bundle", "bundle"),
	INSTALL("bundle install|i|update|add|lock|cache|package|pristine|plugin|binstubs|init",
		"bundle"),
	REMOVE("bundle remove|clean", "bundle"),
	TASK("bundle list|show|info|check", "check", "--name-only --paths --path | w?"),
	ASKED("bundle console|open|outdated|gem|config", VERB_UNPROVEN, "what it runs is not "
		"known", ""),
	INSTALL("composer install|i|update|u|upgrade|require|r|create-project|dump-autoload|"
		"dumpautoload|reinstall|"
		"self-update|selfupdate|archive|bump|init", "composer"),
	GLOBAL("composer global", "composer"),
	FETCH("composer exec", "composer"),
	REMOVE("composer remove|rm", "composer"),
	UNPROVEN("composer config|repository|clear-cache|diagnose|audit|outdated|search|browse|"
		"home|fund|suggests", configures),
	TASK("composer show|info|licenses|why|depends|check-platform-reqs|status", "check",
		"-t --tree -D --direct | w*"),
	TASK("composer validate", "check", "--strict --no-check-all --no-check-publish "
		"--no-check-lock"),
	INSTALL("dotnet add|restore|new|workload|tool|remove|sln", "dotnet"),
	TASK("dotnet list", "check", "--format:w | w*"),
	PUBLISH("dotnet nuget"),
	PUBLISH("dotnet publish|pack"),
	ASKED("dotnet ef", VERB_CLOUD, NULL, ""),
	UNPROVEN("dotnet run|clean|watch|exec|msbuild|script", "what it runs or changes is not "
		"known"),
	INSTALL("nuget", "nuget"),
	PUBLISH("nuget push|delete|setapikey"),
	PUBLISH("jreleaser|goreleaser|semantic-release|release-it|np|lerna publish|version"),
	PUBLISH("goreleaser|semantic-release|release-it|np|changeset"),

	/* the system */
	INSTALL("apt|apt-get|aptitude", "apt"),
	REMOVE("apt|apt-get|aptitude remove|purge|autoremove|autopurge|clean", "apt"),
	LIST("apt list|show", "--installed --upgradable -a | w*"),
	LIST("apt-cache policy|show|depends|rdepends|search|showpkg", "-n --names-only | w*"),
	LISTS("dpkg", "dpkg", "-l -L -s -S --list --listfiles --status --get-selections "
		"--print-architecture | w*"),
	LIST("dpkg-query", "-l -L -s -S -W | w*"),
	LISTS("rpm", "rpm", "-qa -qi -ql -qf |"),
	LIST("rpm -q|-qa|-qi|-ql|--query", "-a -i -l | w*"),
	INSTALL("dnf|yum|zypper|apk|xbps-install|emerge|swupd|guix|slackpkg|eopkg|tdnf|"
		"microdnf", "system"),
	LISTS("pacman", "pacman", "-Q -Qi -Ql -Qs -Qe | w*"),
	INSTALL("yay|paru|pamac|makepkg", "pacman"),
	INSTALL("brew", "brew"),
	REMOVE("brew uninstall|remove|rm|untap|autoremove|cleanup", "brew"),
	LIST("brew list|ls|leaves|--prefix|--cellar|config", "--versions "
		"--cask --formula -1 "
		"--installed --tree --json= | w*"),
	LIST("brew services list", ""),
	ASKED("brew services", VERB_PROCESS, "", ""),
	INSTALL("snap|flatpak|port|choco|winget|scoop|nix-env|nix-channel|fink|pkg|pkgin|"
		"softwareupdate|mas", "system"),
	LIST("snap|flatpak list", ""),
	ASKED("nix|nix-shell|devbox|devenv|direnv", VERB_WIDE, "it fetches and runs what it is "
		"given", ""),
	INSTALL("nix profile|flake|channel|build", "nix"),

	/* others */
	INSTALL("code|cursor|codium|windsurf --install-extension", "code"),
	REMOVE("code|cursor|codium|windsurf --uninstall-extension", "code"),
	LIST("code|cursor|codium|windsurf --list-extensions", "--show-versions"),
	UNPROVEN("code|cursor|codium|windsurf", "it opens an editor"),
	INSTALL("vcpkg|conan|opam|cabal|luarocks|cpan|cpanm|cpm|dub|nimble|shards|hex|rebar3|"
		"spack|elm|bower|jspm|tlmgr", "system"),
	INSTALL("stack install|setup|upgrade|update|build|exec", "stack"),
	INSTALL("mix deps.get|deps.update|deps.unlock|deps.compile|local.hex|local.rebar|"
		"archive.install|escript.install", "mix"),
	PUBLISH("mix hex.publish|hex.owner|hex.user"),
	ASKED("mix ecto.migrate|ecto.rollback|ecto.drop|ecto.reset|ecto.setup|ecto.create",
		VERB_CLOUD, NULL, ""),
	ASKED("mix run|eval|phx.server|phx.gen.schema|release", VERB_UNPROVEN, "it runs code "
		"that it is given", ""),
	INSTALL("dart|flutter pub get|add|upgrade|downgrade|remove|global|cache", "pub"),
	PUBLISH("dart|flutter pub publish"),
	INSTALL("flutter upgrade|downgrade|precache", "flutter"),
	UNPROVEN("dart|flutter run|create|build|clean|fix|compile", "what it runs or changes "
		"is not known"),
	INSTALL("swift package", "swift"),
	UNPROVEN("swift run|repl", "what it runs is not known"),
	INSTALL("pod|carthage", "pod"),
	INSTALL("asdf install|uninstall|plugin|plugin-add|global|local|set|update|reshim|"
		"plugin-update", "asdf"),
	LIST("asdf list|current|where|which", "| w*"),
	INSTALL("mise install|i|use|u|upgrade|up|uninstall|remove|rm|unuse|plugins|plugin|p|"
		"self-update|link|prune|implode|sync|bootstrap",
		"mise"),
	UNPROVEN("mise trust|settings|set|unset|config|cfg|cache|activate|deactivate|generate|"
		"env|e|alias|a|edit|fmt|search|latest|"
		"registry|outdated|backends|bin-paths|completion|help|mcp|tool|usage|test-tool|"
		"dr|hook-env|shell-alias|ls-remote|"
		"direnv|render-help|asdf|version|v|w|reshim", configures),
	LIST("mise tasks", "--json -J --extended --hidden"),
	LIST("mise ls|list|current|where|which|doctor", "--json -J --installed -i "
		"--current -c | w*"),
	LIST("mise tasks|t ls|info|deps", "--json -J | w*"),
	INSTALL("volta install|uninstall|pin|setup|fetch", "volta"),
	LIST("volta list|which", "| w*"),
	INSTALL("nvm|fnm|n|rbenv|sdk|jenv|tfenv|ghcup|juliaup|elan|proto|aqua|pixi", "system"),
	LIST("nvm|fnm ls|list|current|which|version", "| w?"),
	VERBS_END,
};

const struct command_row commands_install[] = {
	{ "corepack", verb_read, NULL }, { "pip", verb_read, NULL }, { "pip3", verb_read, NULL },
	{ "pipx", verb_read, NULL }, { "uvx", verb_read, NULL }, { "pdm", verb_read, NULL },
	{ "rye", verb_read, NULL }, { "hatch", verb_read, NULL }, { "flit", verb_read, NULL },
	{ "twine", verb_read, NULL }, { "conda", verb_read, NULL }, { "mamba", verb_read, NULL },
	{ "micromamba", verb_read, NULL }, { "easy_install", verb_read, NULL },
	{ "pyenv", verb_read, NULL }, { "gem", verb_read, NULL }, { "bundle", verb_read, NULL },
	{ "nuget", verb_read, NULL }, { "jreleaser", verb_read, NULL },
	{ "goreleaser", verb_read, NULL }, { "semantic-release", verb_read, NULL },
	{ "release-it", verb_read, NULL }, { "np", verb_read, NULL },
	{ "changeset", verb_read, NULL }, { "apt", verb_read, NULL },
	{ "apt-get", verb_read, NULL }, { "aptitude", verb_read, NULL },
	{ "apt-cache", verb_read, NULL }, { "dpkg", verb_read, NULL },
	{ "dpkg-query", verb_read, NULL }, { "rpm", verb_read, NULL }, { "dnf", verb_read, NULL },
	{ "yum", verb_read, NULL }, { "zypper", verb_read, NULL }, { "apk", verb_read, NULL },
	{ "xbps-install", verb_read, NULL }, { "emerge", verb_read, NULL },
	{ "swupd", verb_read, NULL }, { "guix", verb_read, NULL },
	{ "slackpkg", verb_read, NULL }, { "eopkg", verb_read, NULL },
	{ "tdnf", verb_read, NULL }, { "microdnf", verb_read, NULL },
	{ "pacman", verb_read, NULL }, { "yay", verb_read, NULL }, { "paru", verb_read, NULL },
	{ "pamac", verb_read, NULL }, { "makepkg", verb_read, NULL }, { "brew", verb_read, NULL },
	{ "snap", verb_read, NULL }, { "flatpak", verb_read, NULL }, { "port", verb_read, NULL },
	{ "choco", verb_read, NULL }, { "winget", verb_read, NULL }, { "scoop", verb_read, NULL },
	{ "nix-env", verb_read, NULL }, { "nix-channel", verb_read, NULL },
	{ "fink", verb_read, NULL }, { "pkg", verb_read, NULL }, { "pkgin", verb_read, NULL },
	{ "softwareupdate", verb_read, NULL }, { "mas", verb_read, NULL },
	{ "nix", verb_read, NULL }, { "nix-shell", verb_read, NULL },
	{ "devbox", verb_read, NULL }, { "devenv", verb_read, NULL },
	{ "direnv", verb_read, NULL }, { "code", verb_read, NULL }, { "cursor", verb_read, NULL },
	{ "codium", verb_read, NULL }, { "windsurf", verb_read, NULL },
	{ "vcpkg", verb_read, NULL }, { "conan", verb_read, NULL }, { "opam", verb_read, NULL },
	{ "cabal", verb_read, NULL }, { "luarocks", verb_read, NULL },
	{ "cpan", verb_read, NULL }, { "cpanm", verb_read, NULL }, { "cpm", verb_read, NULL },
	{ "dub", verb_read, NULL }, { "nimble", verb_read, NULL }, { "shards", verb_read, NULL },
	{ "hex", verb_read, NULL }, { "rebar3", verb_read, NULL }, { "spack", verb_read, NULL },
	{ "elm", verb_read, NULL }, { "bower", verb_read, NULL }, { "jspm", verb_read, NULL },
	{ "tlmgr", verb_read, NULL }, { "pod", verb_read, NULL }, { "carthage", verb_read, NULL },
	{ "asdf", verb_read, NULL }, { "volta", verb_read, NULL }, { "nvm", verb_read, NULL },
	{ "fnm", verb_read, NULL }, { "n", verb_read, NULL }, { "rbenv", verb_read, NULL },
	{ "sdk", verb_read, NULL }, { "jenv", verb_read, NULL }, { "tfenv", verb_read, NULL },
	{ "ghcup", verb_read, NULL }, { "juliaup", verb_read, NULL }, { "elan", verb_read, NULL },
	{ "proto", verb_read, NULL }, { "aqua", verb_read, NULL }, { "pixi", verb_read, NULL },
	{ NULL, NULL, NULL },
};
// clang-format on
