/*
 * The table of task runners and their files, and how one task is found in such a file. The readers
 * are made for one question, "is this text still the one that was accepted": where a file's own
 * syntax says more than its lines do, they find nothing, and the whole file counts.
 */
#include "config.h"

#include "core/effects/task_files.h"

#include "core/json.h"

#include <stdlib.h>
#include <string.h>

#define PYTHON \
	"pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "setup.py", \
		"noxfile.py", "conftest.py"
#define JS "package.json", ".npmrc"

// clang-format off
static const struct task_files table[] = {
	{ "npm", TASK_NEAREST, false, TASK_JSON, "scripts", { JS } },
	{ "pnpm", TASK_NEAREST, false, TASK_JSON, "scripts", { JS, "pnpm-workspace.yaml",
		".pnpmfile.cjs" } },
	{ "yarn", TASK_NEAREST, false, TASK_JSON, "scripts", { JS, ".yarnrc", ".yarnrc.yml" } },
	{ "bun", TASK_NEAREST, false, TASK_JSON, "scripts", { JS, "bunfig.toml" } },
	{ "make", TASK_HERE, true, TASK_MAKE, "", { "GNUmakefile", "makefile", "Makefile" } },
	{ "gmake", TASK_HERE, true, TASK_MAKE, "", { "GNUmakefile", "makefile", "Makefile" } },
	{ "just", TASK_NEAREST, true, TASK_JUST, "", { "justfile", "Justfile", ".justfile" } },
	{ "mise", TASK_UPWARDS, false, TASK_TOML, "tasks", { "mise.toml", ".mise.toml",
		"mise/config.toml", ".config/mise.toml", ".config/mise/config.toml",
		".mise/config.toml", "mise.local.toml", ".mise.local.toml",
		"mise-tasks/*", ".mise-tasks/*", "mise/tasks/*", ".mise/tasks/*",
		".config/mise/tasks/*" } },
	{ "cargo", TASK_UPWARDS, false, TASK_TOML, "alias", { ".cargo/config.toml",
		".cargo/config", "rust-toolchain.toml", "rust-toolchain", "Cargo.toml" } },
	{ "composer", TASK_HERE, false, TASK_JSON, "scripts", { "composer.json" } },
	{ "rake", TASK_NEAREST, true, TASK_RAKE, "", { "rakefile", "Rakefile", "rakefile.rb",
		"Rakefile.rb" } },
	{ "gradle", TASK_UPWARDS, false, TASK_WHOLE, "", { "build.gradle", "build.gradle.kts",
		"settings.gradle", "settings.gradle.kts", "gradle.properties", "gradlew",
		"gradle/wrapper/gradle-wrapper.properties", "gradle/wrapper/gradle-wrapper.jar" } },
	{ "gradlew", TASK_UPWARDS, false, TASK_WHOLE, "", { "build.gradle", "build.gradle.kts",
		"settings.gradle", "settings.gradle.kts", "gradle.properties", "gradlew",
		"gradle/wrapper/gradle-wrapper.properties", "gradle/wrapper/gradle-wrapper.jar" } },
	{ "mvn", TASK_UPWARDS, false, TASK_WHOLE, "", { "pom.xml", ".mvn/maven.config",
		".mvn/jvm.config", ".mvn/extensions.xml" } },
	{ "mvnw", TASK_UPWARDS, false, TASK_WHOLE, "", { "pom.xml", "mvnw",
		".mvn/maven.config", ".mvn/jvm.config", ".mvn/extensions.xml",
		".mvn/wrapper/maven-wrapper.properties", ".mvn/wrapper/maven-wrapper.jar" } },
	{ "pytest", TASK_UPWARDS, false, TASK_WHOLE, "", { PYTHON } },
	{ "unittest", TASK_UPWARDS, false, TASK_WHOLE, "", { PYTHON } },
	{ "tox", TASK_UPWARDS, false, TASK_WHOLE, "", { PYTHON } },
	{ "nox", TASK_UPWARDS, false, TASK_WHOLE, "", { "noxfile.py", "pyproject.toml" } },
	{ "poe", TASK_UPWARDS, false, TASK_TOML, "tool.poe.tasks", { PYTHON } },
	{ "pdm", TASK_UPWARDS, false, TASK_TOML, "tool.pdm.scripts", { PYTHON } },
	{ "poetry", TASK_UPWARDS, false, TASK_TOML, "tool.poetry.scripts", { PYTHON } },
	{ "uv", TASK_UPWARDS, false, TASK_TOML, "project.scripts", { PYTHON, "uv.toml" } },
	{ "hatch", TASK_UPWARDS, false, TASK_TOML, "tool.hatch.envs.default.scripts", { PYTHON,
		"hatch.toml" } },
	{ "ruff", TASK_UPWARDS, false, TASK_WHOLE, "", { "ruff.toml", ".ruff.toml",
		"pyproject.toml" } },
	{ "mypy", TASK_UPWARDS, false, TASK_WHOLE, "", { "mypy.ini", ".mypy.ini",
		"pyproject.toml", "setup.cfg" } },
	{ "black", TASK_UPWARDS, false, TASK_WHOLE, "", { "pyproject.toml" } },
	{ "isort", TASK_UPWARDS, false, TASK_WHOLE, "", { ".isort.cfg", "pyproject.toml",
		"setup.cfg", "tox.ini", ".editorconfig" } },
	{ "flake8", TASK_UPWARDS, false, TASK_WHOLE, "", { ".flake8", "setup.cfg", "tox.ini" } },
	{ "pylint", TASK_UPWARDS, false, TASK_WHOLE, "", { "pylintrc", ".pylintrc",
		"pyproject.toml", "setup.cfg", "tox.ini" } },
	{ "pyright", TASK_UPWARDS, false, TASK_WHOLE, "", { "pyrightconfig.json",
		"pyproject.toml" } },
	{ "deno", TASK_NEAREST, true, TASK_JSON, "tasks", { "deno.json", "deno.jsonc",
		"package.json" } },
	{ "task", TASK_NEAREST, true, TASK_YAML, "tasks", { "Taskfile.yml", "taskfile.yml",
		"Taskfile.yaml", "taskfile.yaml", "Taskfile.dist.yml", "taskfile.dist.yml",
		"Taskfile.dist.yaml", "taskfile.dist.yaml" } },
	{ "tsc", TASK_UPWARDS, false, TASK_WHOLE, "", { "tsconfig.json" } },
	{ "eslint", TASK_UPWARDS, false, TASK_WHOLE, "", { "eslint.config.js",
		"eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts",
		"eslint.config.mts", "eslint.config.cts", ".eslintrc.js", ".eslintrc.cjs",
		".eslintrc.yaml", ".eslintrc.yml", ".eslintrc.json", ".eslintrc" } },
	{ "prettier", TASK_UPWARDS, false, TASK_WHOLE, "", { ".prettierrc", ".prettierrc.json",
		".prettierrc.yml", ".prettierrc.yaml", ".prettierrc.js", ".prettierrc.cjs",
		".prettierrc.mjs", ".prettierrc.ts", ".prettierrc.toml", "prettier.config.js",
		"prettier.config.cjs", "prettier.config.mjs", "prettier.config.ts",
		".editorconfig" } },
	{ "biome", TASK_UPWARDS, false, TASK_WHOLE, "", { "biome.json", "biome.jsonc" } },
	{ "stylelint", TASK_UPWARDS, false, TASK_WHOLE, "", { "stylelint.config.js",
		"stylelint.config.mjs", "stylelint.config.cjs", ".stylelintrc",
		".stylelintrc.js", ".stylelintrc.cjs", ".stylelintrc.mjs", ".stylelintrc.json",
		".stylelintrc.yml", ".stylelintrc.yaml" } },
	{ "jest", TASK_UPWARDS, false, TASK_WHOLE, "", { "jest.config.js", "jest.config.ts",
		"jest.config.mjs", "jest.config.cjs", "jest.config.json", "babel.config.js",
		".babelrc", "package.json" } },
	{ "vitest", TASK_UPWARDS, false, TASK_WHOLE, "", { "vitest.config.ts",
		"vitest.config.js", "vitest.config.mts", "vitest.config.mjs",
		"vitest.workspace.ts", "vite.config.ts", "vite.config.js", "vite.config.mts",
		"vite.config.mjs" } },
	{ "vite", TASK_UPWARDS, false, TASK_WHOLE, "", { "vite.config.ts", "vite.config.js",
		"vite.config.mts", "vite.config.mjs", "vite.config.cjs", "vite.config.cts" } },
	{ "next", TASK_UPWARDS, false, TASK_WHOLE, "", { "next.config.js", "next.config.mjs",
		"next.config.ts", "next.config.cjs" } },
	{ "mocha", TASK_UPWARDS, false, TASK_WHOLE, "", { ".mocharc.js", ".mocharc.cjs",
		".mocharc.yaml", ".mocharc.yml", ".mocharc.json", ".mocharc.jsonc",
		"package.json" } },
	{ "playwright", TASK_UPWARDS, false, TASK_WHOLE, "", { "playwright.config.ts",
		"playwright.config.js", "playwright.config.mts", "playwright.config.mjs" } },
	{ "cypress", TASK_UPWARDS, false, TASK_WHOLE, "", { "cypress.config.ts",
		"cypress.config.js", "cypress.config.mjs", "cypress.config.cjs" } },
	{ "webpack", TASK_UPWARDS, false, TASK_WHOLE, "", { "webpack.config.js",
		"webpack.config.cjs", "webpack.config.mjs", "webpack.config.ts" } },
	{ "rollup", TASK_UPWARDS, false, TASK_WHOLE, "", { "rollup.config.js",
		"rollup.config.mjs", "rollup.config.cjs", "rollup.config.ts" } },
	{ "turbo", TASK_UPWARDS, false, TASK_WHOLE, "", { "turbo.json", "turbo.jsonc",
		"package.json" } },
	{ "nx", TASK_UPWARDS, false, TASK_WHOLE, "", { "nx.json", "project.json",
		"package.json" } },
	{ "go", TASK_UPWARDS, false, TASK_WHOLE, "", { "go.mod", "go.work" } },
	{ "golangci-lint", TASK_UPWARDS, false, TASK_WHOLE, "", { ".golangci.yml",
		".golangci.yaml", ".golangci.toml", ".golangci.json" } },
	{ "rspec", TASK_UPWARDS, false, TASK_WHOLE, "", { ".rspec", "Gemfile" } },
	{ "rubocop", TASK_UPWARDS, false, TASK_WHOLE, "", { ".rubocop.yml", "Gemfile" } },
	{ "bundle", TASK_UPWARDS, false, TASK_WHOLE, "", { "Gemfile", ".bundle/config" } },
	{ "rails", TASK_UPWARDS, false, TASK_WHOLE, "", { "Gemfile", "Rakefile",
		"config/application.rb" } },
	{ "phpunit", TASK_UPWARDS, false, TASK_WHOLE, "", { "phpunit.xml", "phpunit.xml.dist",
		"phpunit.dist.xml" } },
	{ "phpstan", TASK_UPWARDS, false, TASK_WHOLE, "", { "phpstan.neon", "phpstan.neon.dist",
		"phpstan.dist.neon" } },
	{ "cmake", TASK_HERE, false, TASK_WHOLE, "", { "CMakeLists.txt",
		"CMakePresets.json", "CMakeUserPresets.json", "CMakeCache.txt" } },
	{ "ctest", TASK_HERE, false, TASK_WHOLE, "", { "CTestTestfile.cmake",
		"CMakePresets.json", "CMakeUserPresets.json" } },
	{ "ninja", TASK_HERE, true, TASK_WHOLE, "", { "build.ninja" } },
	{ "meson", TASK_HERE, true, TASK_WHOLE, "", { "meson.build" } },
	{ "dotnet", TASK_UPWARDS, false, TASK_WHOLE, "", { "Directory.Build.props",
		"Directory.Build.targets", "nuget.config", "NuGet.Config", "global.json" } },
	{ "mix", TASK_HERE, false, TASK_WHOLE, "", { "mix.exs" } },
	{ "swift", TASK_UPWARDS, false, TASK_WHOLE, "", { "Package.swift" } },
	{ "zig", TASK_UPWARDS, false, TASK_WHOLE, "", { "build.zig", "build.zig.zon" } },
	{ "bazel", TASK_UPWARDS, false, TASK_WHOLE, "", { "MODULE.bazel", "WORKSPACE",
		"WORKSPACE.bazel", ".bazelrc" } },
	{ "flutter", TASK_UPWARDS, false, TASK_WHOLE, "", { "pubspec.yaml" } },
	{ "dart", TASK_UPWARDS, false, TASK_WHOLE, "", { "pubspec.yaml" } },
	{ "pre-commit", TASK_UPWARDS, false, TASK_WHOLE, "", { ".pre-commit-config.yaml" } },
	{ "py.test", TASK_UPWARDS, false, TASK_WHOLE, "", { PYTHON } },
	{ "doctest", TASK_UPWARDS, false, TASK_WHOLE, "", { PYTHON } },
	{ "coverage", TASK_UPWARDS, false, TASK_WHOLE, "", { PYTHON, ".coveragerc" } },
	{ "basedpyright", TASK_UPWARDS, false, TASK_WHOLE, "", { "pyrightconfig.json",
		"pyproject.toml" } },
	{ "node", TASK_UPWARDS, false, TASK_WHOLE, "", { "package.json", ".npmrc" } },
	{ "vue-tsc", TASK_UPWARDS, false, TASK_WHOLE, "", { "tsconfig.json" } },
	{ "tsgo", TASK_UPWARDS, false, TASK_WHOLE, "", { "tsconfig.json" } },
	{ "svelte-check", TASK_UPWARDS, false, TASK_WHOLE, "", { "tsconfig.json",
		"svelte.config.js" } },
	{ "svelte-kit", TASK_UPWARDS, false, TASK_WHOLE, "", { "svelte.config.js",
		"vite.config.ts", "vite.config.js" } },
	{ "astro", TASK_UPWARDS, false, TASK_WHOLE, "", { "astro.config.mjs",
		"astro.config.js", "astro.config.ts", "astro.config.cjs", "tsconfig.json" } },
	{ "nuxt", TASK_UPWARDS, false, TASK_WHOLE, "", { "nuxt.config.ts", "nuxt.config.js",
		"nuxt.config.mjs" } },
	{ "parcel", TASK_UPWARDS, false, TASK_WHOLE, "", { ".parcelrc", "package.json" } },
	{ "tsup", TASK_UPWARDS, false, TASK_WHOLE, "", { "tsup.config.ts", "tsup.config.js",
		"tsup.config.cjs", "tsup.config.mjs", "tsup.config.json", "package.json" } },
	{ "ava", TASK_UPWARDS, false, TASK_WHOLE, "", { "ava.config.js", "ava.config.cjs",
		"ava.config.mjs", "package.json" } },
	{ "tap", TASK_UPWARDS, false, TASK_WHOLE, "", { ".taprc", "package.json" } },
	{ "knip", TASK_UPWARDS, false, TASK_WHOLE, "", { "knip.json", "knip.jsonc",
		"knip.ts", "knip.js", "knip.config.ts", "knip.config.js", "package.json" } },
	{ "depcheck", TASK_UPWARDS, false, TASK_WHOLE, "", { ".depcheckrc",
		".depcheckrc.js", ".depcheckrc.json", ".depcheckrc.yml", "package.json" } },
	{ "madge", TASK_UPWARDS, false, TASK_WHOLE, "", { ".madgerc", "package.json" } },
	{ "publint", TASK_UPWARDS, false, TASK_WHOLE, "", { "package.json" } },
	{ "commitlint", TASK_UPWARDS, false, TASK_WHOLE, "", { "commitlint.config.js",
		"commitlint.config.cjs", "commitlint.config.mjs", "commitlint.config.ts",
		".commitlintrc", ".commitlintrc.js", ".commitlintrc.json", ".commitlintrc.yml",
		"package.json" } },
	{ "cspell", TASK_UPWARDS, false, TASK_WHOLE, "", { "cspell.json", ".cspell.json",
		"cspell.config.js", "cspell.config.cjs", "cspell.config.mjs",
		"cspell.config.yaml", "cspell.config.json", "package.json" } },
	{ "lerna", TASK_UPWARDS, false, TASK_WHOLE, "", { "lerna.json", "package.json" } },
	{ "rush", TASK_UPWARDS, false, TASK_WHOLE, "", { "rush.json",
		"common/config/rush/command-line.json", "package.json" } },
	{ "gotestsum", TASK_UPWARDS, false, TASK_WHOLE, "", { "go.mod", "go.work" } },
	{ "staticcheck", TASK_UPWARDS, false, TASK_WHOLE, "", { "go.mod", "go.work",
		"staticcheck.conf" } },
	{ "govulncheck", TASK_UPWARDS, false, TASK_WHOLE, "", { "go.mod", "go.work" } },
	{ "revive", TASK_UPWARDS, false, TASK_WHOLE, "", { "go.mod", "go.work",
		"revive.toml" } },
	{ "errcheck", TASK_UPWARDS, false, TASK_WHOLE, "", { "go.mod", "go.work" } },
	{ "ineffassign", TASK_UPWARDS, false, TASK_WHOLE, "", { "go.mod", "go.work" } },
	{ "sbt", TASK_UPWARDS, false, TASK_WHOLE, "", { "build.sbt",
		"project/build.properties", "project/plugins.sbt", ".sbtopts", ".jvmopts" } },
	{ "ant", TASK_UPWARDS, false, TASK_WHOLE, "", { "build.xml", "build.properties" } },
	{ "minitest", TASK_UPWARDS, false, TASK_WHOLE, "", { "Gemfile", "Rakefile" } },
	{ "cucumber", TASK_UPWARDS, false, TASK_WHOLE, "", { "cucumber.yml",
		"config/cucumber.yml", "Gemfile" } },
	{ "brakeman", TASK_UPWARDS, false, TASK_WHOLE, "", { "config/brakeman.yml",
		"Gemfile" } },
	{ "srb", TASK_UPWARDS, false, TASK_WHOLE, "", { "sorbet/config", "Gemfile" } },
	{ "standardrb", TASK_UPWARDS, false, TASK_WHOLE, "", { ".standard.yml", "Gemfile" } },
	{ "bazelisk", TASK_UPWARDS, false, TASK_WHOLE, "", { "MODULE.bazel", "WORKSPACE",
		"WORKSPACE.bazel", ".bazelrc", ".bazelversion" } },
	{ "swiftlint", TASK_UPWARDS, false, TASK_WHOLE, "", { ".swiftlint.yml" } },
	{ "ktlint", TASK_UPWARDS, false, TASK_WHOLE, "", { ".editorconfig" } },
	{ "bats", TASK_UPWARDS, false, TASK_WHOLE, "", { ".batsrc" } },
	{ "actionlint", TASK_UPWARDS, false, TASK_WHOLE, "", { ".github/actionlint.yml",
		".github/actionlint.yaml" } },
	{ "vale", TASK_UPWARDS, false, TASK_WHOLE, "", { ".vale.ini" } },
	{ "mdl", TASK_UPWARDS, false, TASK_WHOLE, "", { ".mdlrc" } },
	{ "taplo", TASK_UPWARDS, false, TASK_WHOLE, "", { ".taplo.toml", "taplo.toml" } },
	{ "sqlfluff", TASK_UPWARDS, false, TASK_WHOLE, "", { ".sqlfluff", "pyproject.toml",
		"setup.cfg", "tox.ini" } },
	{ "buf", TASK_UPWARDS, false, TASK_WHOLE, "", { "buf.yaml", "buf.work.yaml",
		"buf.gen.yaml" } },
	{ "terraform", TASK_UPWARDS, false, TASK_WHOLE, "", { ".terraformrc",
		".terraform.lock.hcl" } },
	{ "tofu", TASK_UPWARDS, false, TASK_WHOLE, "", { ".terraformrc",
		".terraform.lock.hcl" } },
	{ "tflint", TASK_UPWARDS, false, TASK_WHOLE, "", { ".tflint.hcl" } },
	{ "xo", TASK_UPWARDS, false, TASK_WHOLE, "", { "xo.config.js", "xo.config.cjs",
		".xo-config.js", ".xo-config.json", "package.json" } },
	{ "standard", TASK_UPWARDS, false, TASK_WHOLE, "", { "package.json" } },
	{ "oxlint", TASK_UPWARDS, false, TASK_WHOLE, "", { ".oxlintrc.json" } },
};
// clang-format on

const struct task_files *task_files_of(const char *runner)
{
	const char *slash = strrchr(runner, '/');
	runner = slash ? slash + 1 : runner;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (strcmp(table[i].runner, runner) == 0) {
			return &table[i];
		}
	}
	return NULL;
}

/* "mise-tasks/" + "*": anything below such a directory */
static bool lies_below(struct span path, const char *pattern)
{
	size_t n = strlen(pattern) - 1;
	for (size_t i = 0; i + n < path.len; i++) {
		if ((!i || path.at[i - 1] == '/') && memcmp(path.at + i, pattern, n) == 0) {
			return true;
		}
	}
	return false;
}

bool task_files_have(struct span path)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		for (const char *const *file = table[i].files; *file; file++) {
			if (strchr(*file, '*') ? lies_below(path, *file) : path_ends(path, *file)) {
				return true;
			}
		}
	}
	return false;
}

/* ---- scripts in an object ---- */

static bool json_script(struct span scripts, const char *before, const char *task, struct buf *out,
	struct buf *words)
{
	struct span value;
	char *name = xasprintf("%s%s", before, task);
	bool found = json_member(scripts, name, &value);
	if (found) {
		buf_add(out, name, strlen(name) + 1);
		buf_span(out, value);
		buf_char(out, '\0');
		buf_text(words, before[0] ? name : "");
		buf_text(words, before[0] ? ": " : "");
		if (json_type(value) == JSON_STRING) {
			json_decode(value, words);
		} else {
			buf_span(words, value);
		}
		buf_char(words, '\n');
	}
	free(name);
	return found;
}

static bool json_text(
	struct span text, const char *section, const char *task, struct buf *out, struct buf *words)
{
	struct json_scan scan = { 0 };
	struct span scripts;
	bool found = json_validate(&scan, text, JSON_STRICT) && scan.type == JSON_OBJECT &&
		json_member(scan.value, section, &scripts) && json_type(scripts) == JSON_OBJECT &&
		json_script(scripts, "", task, out, words);
	if (found) {
		json_script(scripts, "pre", task, out, words);
		json_script(scripts, "post", task, out, words);
	}
	json_finish(&scan);
	return found;
}

/* ---- lines ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span trimmed(struct span s)
{
	while (s.len && is_blank(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_blank(s.at[s.len - 1])) {
		s.len--;
	}
	return s;
}

/* Is `task` one of the words before the colon of a rule? An assignment (":=") has none. */
static bool make_defines(struct span line, const char *task)
{
	const char *colon = line.len ? memchr(line.at, ':', line.len) : NULL;
	const char *end = line.at + line.len;
	if (!colon || line.at[0] == '\t' || line.at[0] == '#' ||
		(colon + 1 < end && colon[1] == '=') ||
		(colon + 2 < end && colon[1] == ':' && colon[2] == '=')) {
		return false;
	}
	struct span names = { line.at, (size_t)(colon - line.at) };
	while ((names = trimmed(names)).len) {
		size_t n = 0;
		while (n < names.len && !is_blank(names.at[n])) {
			n++;
		}
		struct span name = { names.at, n };
		if (task[0] ? span_is(name, task) : name.at[0] != '.') {
			return true;
		}
		names.at += n;
		names.len -= n;
	}
	return false;
}

/* "NAME args:" or "@NAME args:", or "alias NAME := other" */
static bool just_defines(struct span line, const char *task)
{
	if (!line.len || is_blank(line.at[0]) || line.at[0] == '#') {
		return false;
	}
	bool alias = span_starts(line, "alias ");
	if (alias) {
		line = trimmed((struct span){ line.at + 6, line.len - 6 });
	} else if (!memchr(line.at, ':', line.len)) {
		return false;
	}
	if (line.len && line.at[0] == '@') {
		line.at++;
		line.len--;
	}
	size_t n = 0;
	while (n < line.len && !is_blank(line.at[n]) && line.at[n] != ':') {
		n++;
	}
	struct span after = trimmed((struct span){ line.at + n, line.len - n });
	return span_is((struct span){ line.at, n }, task) && (alias || !span_starts(after, ":="));
}

static bool key_is(struct span key, const char *task)
{
	key = trimmed(key);
	if (key.len >= 2 && (key.at[0] == '"' || key.at[0] == '\'') &&
		key.at[key.len - 1] == key.at[0]) {
		key = (struct span){ key.at + 1, key.len - 2 };
	}
	return span_is(key, task);
}

static bool yaml_defines(struct span line, const char *task)
{
	const char *colon = line.len ? memchr(line.at, ':', line.len) : NULL;
	return colon && line.at[0] == ' ' &&
		key_is((struct span){ line.at, (size_t)(colon - line.at) }, task);
}

/* "task :NAME", "task NAME:", "task 'NAME'" */
static bool rake_defines(struct span line, const char *task)
{
	line = trimmed(line);
	if (!span_starts(line, "task ")) {
		return false;
	}
	line = trimmed((struct span){ line.at + 5, line.len - 5 });
	while (line.len && strchr(":'\"(", line.at[0])) {
		line.at++;
		line.len--;
	}
	size_t n = strlen(task);
	return n && span_starts(line, task) &&
		(line.len == n || strchr(":'\" ,=[{)", line.at[n]) != NULL);
}

static bool line_defines(enum task_form form, struct span line, const char *task)
{
	switch (form) {
	case TASK_MAKE:
		return make_defines(line, task);
	case TASK_JUST:
		return just_defines(line, task);
	case TASK_YAML:
		return yaml_defines(line, task);
	case TASK_RAKE:
		return rake_defines(line, task);
	default:
		return false;
	}
}

/* How far a line is set in: what a definition ends at. */
static size_t indent(struct span line)
{
	size_t n = 0;
	while (n < line.len && is_blank(line.at[n])) {
		n++;
	}
	return n;
}

/* The line that defines it, and those below that are set further in. */
static bool lines_text(enum task_form form, struct span text, const char *task, struct buf *words)
{
	struct span line;
	bool found = false, open = false;
	size_t depth = 0;
	while (span_line(&text, &line)) {
		if (line_defines(form, line, task)) {
			found = open = true;
			depth = indent(line);
		} else if (open && trimmed(line).len && indent(line) <= depth) {
			open = false;
		}
		if (open && trimmed(line).len) {
			buf_span(words, line);
			buf_char(words, '\n');
		}
	}
	return found;
}

/* "[section]" with "task = ", or "[section.task]" */
static bool toml_text(struct span text, const char *section, const char *task, struct buf *words)
{
	struct span line;
	bool in_section = false, found = false, open = false;
	size_t n = strlen(section);
	while (span_line(&text, &line)) {
		struct span bare = trimmed(line);
		if (bare.len > 2 && bare.at[0] == '[') {
			struct span name = { bare.at + 1, bare.len - 2 };
			bool below = span_starts(name, section) && name.len > n + 1 &&
				name.at[n] == '.' &&
				key_is((struct span){ name.at + n + 1, name.len - n - 1 }, task);
			in_section = span_is(name, section);
			found |= below;
			open = below;
		} else if (in_section && bare.len) {
			const char *equals = memchr(bare.at, '=', bare.len);
			open = equals &&
				key_is((struct span){ bare.at, (size_t)(equals - bare.at) }, task);
			found |= open;
		}
		if (open && bare.len) {
			buf_span(words, line);
			buf_char(words, '\n');
		}
	}
	return found;
}

bool task_text(const struct task_files *files, struct span text, const char *task, struct buf *out,
	struct buf *words)
{
	size_t from = words->len;
	if (files->form == TASK_JSON) {
		return json_text(text, files->section, task, out, words);
	}
	bool found = files->form == TASK_TOML ? toml_text(text, files->section, task, words)
		: files->form == TASK_WHOLE   ? false
					      : lines_text(files->form, text, task, words);
	if (words->len > from) {
		buf_add(out, words->data + from, words->len - from);
	}
	return found;
}
