/*
 * Which command lines start the server of a profile.
 *
 * What looks like a known package and starts something else gets none: another address behind the
 * name, options that name another package, a file of the scope by that name. Called by profile.c.
 */
#include "config.h"

#include "core/effects/profile.h"

#include <string.h>

/* Programs that fetch and start a package by name: the words before it, and whose names they are.
 */
static const struct fetcher {
	const char *words[3];
	bool pypi;
} fetchers[] = {
	{ { "npx" }, false },
	{ { "pnpx" }, false },
	{ { "bunx" }, false },
	{ { "npm", "exec" }, false },
	{ { "npm", "x" }, false },
	{ { "pnpm", "dlx" }, false },
	{ { "pnpm", "exec" }, false },
	{ { "yarn", "dlx" }, false },
	{ { "bun", "x" }, false },
	{ { "uvx" }, true },
	{ { "uv", "tool", "run" }, true },
	{ { "pipx", "run" }, true },
};

/* What may stand before the name without changing what is started. */
static const char *const before_name[] = { "-y", "--yes", "-q", "--quiet", "--", NULL };
/* Programs that start the file that they are given. */
static const char *const runners[] = { "node", "nodejs", "bun", NULL };

static bool is_any(const char *word, char *const *words)
{
	while (words && *words && strcmp(word, *words) != 0) {
		words++;
	}
	return words && *words;
}

/* The package by name, or at a version. What stands behind "@" may also be an address or another
 * name ("@npm:evil"). */
static bool is_package(const char *word, const char *package)
{
	size_t n = strlen(package);
	return strncmp(word, package, n) == 0 &&
		(!word[n] || (word[n] == '@' && !strpbrk(word + n + 1, ":/@# ")));
}

/* A file of one of the packages where a package manager has put it, or a command that it has
 * installed there. */
static bool is_installed(const char *word, const struct profile *profile)
{
	static const char modules[] = "node_modules/", bin[] = ".bin/";
	const char *at = NULL;
	for (const char *next = word; (next = strstr(next, modules)); next++) {
		at = next == word || next[-1] == '/' ? next + sizeof(modules) - 1 : NULL;
	}
	if (!at || strstr(at, "..")) {
		return false;
	}
	if (strncmp(at, bin, sizeof(bin) - 1) == 0) {
		return is_any(at + sizeof(bin) - 1, profile->commands);
	}
	for (char **package = profile->packages; package && *package; package++) {
		size_t n = strlen(*package);
		if (strncmp(at, *package, n) == 0 && (!at[n] || at[n] == '/')) {
			return true;
		}
	}
	return false;
}

/* How many words of argv are the fetcher's own, 0 if it is not this one. */
static size_t fetches(const struct fetcher *fetcher, char *const *argv)
{
	size_t n = 0;
	for (; n < COUNT_OF(fetcher->words) && fetcher->words[n]; n++) {
		const char *word = argv[n] && !n ? path_name(argv[n]) : argv[n];
		if (!word || strcmp(word, fetcher->words[n]) != 0) {
			return 0;
		}
	}
	return n;
}

static bool fetched(const struct profile *profile, const struct fetcher *fetcher, char *const *word)
{
	char *const *packages = fetcher->pypi ? profile->pypi : profile->packages;
	while (*word && text_in(*word, before_name)) {
		word++;
	}
	for (; *word && packages && *packages; packages++) {
		if (is_package(*word, *packages)) {
			return true;
		}
	}
	return *word && !fetcher->pypi && is_installed(*word, profile);
}

/* What a command starts is named once; the words behind are the server's own and say nothing about
 * what it is. */
bool profile_starts(const struct profile *profile, char *const *argv)
{
	if (!argv || !argv[0]) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(fetchers); i++) {
		size_t n = fetches(&fetchers[i], argv);
		if (n) {
			return fetched(profile, &fetchers[i], argv + n);
		}
	}
	const char *program = path_name(argv[0]);
	if (text_in(program, runners)) {
		return argv[1] && is_installed(argv[1], profile);
	}
	return is_any(program, profile->commands) || is_installed(argv[0], profile);
}
