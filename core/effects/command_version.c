/*
 * Programs that do nothing but print their version, or their help, when asked nothing else.
 *
 * Only names of the table: a program that nobody knows may do anything before it reads its words.
 * Called by core/effects/command.c for every command.
 */
#include "config.h"

#include "core/effects/readers.h"

// clang-format off
/* Programs that print their version and do nothing else if that is the only word. */
static const struct {
	const char *names, *words;
} versions[] = {
	{ "node npm npx pnpm yarn bun deno tsc tsx eslint prettier jest vitest nvm "
		"volta fnm mise asdf",
		"--version -v" },
	{ "node npm pnpm bun mise volta deno go cargo rustc gh docker terraform uv "
		"ruff black pip pip3",
		"--help" },
	{ "python python3 pip pip3 pytest ruff black mypy flake8 poetry uv pipenv tox pylint isort",
		"--version -V" },
	{ "cargo rustc rustup rustfmt clang clang++ gcc g++ cc c++ clang-format clang-tidy",
		"--version" },
	{ "cargo rustc rustup", "-V" },
	{ "go mise terraform helm hugo buf minikube", "version" },
	{ "docker kubectl gh git make gmake cmake ctest ninja meson bash zsh sh perl "
		"ruby gem bundle",
		"--version" },
	{ "java javac", "-version --version" },
	{ "mvn gradle dotnet php composer lua swift kotlin kotlinc scala ocaml elixir mix erl ghci "
	  "R octave ipython jshell sbcl",
		"--version" },
	{ "mvn gradle php composer perl ruby lua", "-v" },
	{ "jq rg fd grep sed awk gawk curl wget ssh-keygen tmux vim nvim code psql sqlite3 mysql",
		"--version" },
	{ "psql curl", "-V" }, { "ffmpeg", "-version" },
	{ "golangci-lint shellcheck hadolint actionlint yamllint pre-commit just task gofumpt",
		"--version" },
	{ "brew aws gcloud az flyctl fly vercel netlify wrangler supabase playwright",
		"--version" },
};
// clang-format on

bool command_asks_version(const struct command *command)
{
	if (command->argc != 2) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		if (word_in(versions[i].names, command->argv[0].text) &&
			word_in(versions[i].words, command->argv[1].text)) {
			return true;
		}
	}
	return false;
}
