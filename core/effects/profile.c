/*
 * The shipped profiles and how one is chosen.
 *
 * Source of the filesystem table: @modelcontextprotocol/server-filesystem 2026.8.31, its tools/list
 * reply.
 */
#include "config.h"

#include "core/effects/profile.h"

#include <string.h>

#define ARGS(...) ((const struct profile_arg[]){ __VA_ARGS__, { NULL, ARG_TEXT } })
#define NO_ARGS ((const struct profile_arg[]){ { NULL, ARG_TEXT } })

static const struct profile_tool filesystem_tools[] = {
	{ "read_file", ARGS({ "path", ARG_READ }, { "head", ARG_TEXT }, { "tail", ARG_TEXT }) },
	{ "read_text_file",
		ARGS({ "path", ARG_READ }, { "head", ARG_TEXT }, { "tail", ARG_TEXT }) },
	{ "read_media_file", ARGS({ "path", ARG_READ }) },
	{ "read_multiple_files", ARGS({ "paths", ARG_READS }) },
	{ "list_directory", ARGS({ "path", ARG_READ }) },
	{ "list_directory_with_sizes", ARGS({ "path", ARG_READ }, { "sortBy", ARG_TEXT }) },
	{ "directory_tree", ARGS({ "path", ARG_READ }, { "excludePatterns", ARG_TEXT }) },
	{ "search_files",
		ARGS({ "path", ARG_READ }, { "pattern", ARG_TEXT },
			{ "excludePatterns", ARG_TEXT }) },
	{ "get_file_info", ARGS({ "path", ARG_READ }) },
	{ "list_allowed_directories", NO_ARGS },
	{ "write_file", ARGS({ "path", ARG_WRITE }, { "content", ARG_TEXT }) },
	{ "edit_file", ARGS({ "path", ARG_WRITE }, { "edits", ARG_TEXT }, { "dryRun", ARG_TEXT }) },
	{ "create_directory", ARGS({ "path", ARG_WRITE }) },
	{ "move_file", ARGS({ "source", ARG_WRITE }, { "destination", ARG_WRITE }) },
	{ NULL, NULL },
};

static const char *const filesystem_packages[] = {
	"@modelcontextprotocol/server-filesystem",
	NULL,
};

static const struct profile profiles[] = {
	{ "filesystem", filesystem_packages, "mcp-server-filesystem", filesystem_tools },
};

const struct profile *profile_find(struct span name)
{
	for (size_t i = 0; i < COUNT_OF(profiles); i++) {
		if (span_is(name, profiles[i].name)) {
			return &profiles[i];
		}
	}
	return NULL;
}

/* Programs that fetch and start a package that they are given by name, and what may stand before
 * that name without changing what is started. */
static const char *const fetchers[] = { "npx", "pnpx", "bunx", "npm", "pnpm", "yarn", "bun", NULL };
static const char *const before_name[] = { "exec", "dlx", "x", "-y", "--yes", "-q", "--quiet", "--",
	NULL };
/* Programs that start the file that they are given. */
static const char *const runners[] = { "node", "nodejs", "bun", NULL };

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(word, *words) != 0) {
		words++;
	}
	return *words;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The package by name, or at a version. What stands behind "@" may also be an address or another
 * name ("@npm:evil"). */
static bool is_package(const char *word, const char *package)
{
	size_t n = strlen(package);
	return strncmp(word, package, n) == 0 &&
		(!word[n] || (word[n] == '@' && !strpbrk(word + n + 1, ":/@#")));
}

/* A file of the package where a package manager has put it, or the command that it has installed.
 */
static bool is_installed(const char *word, const char *package, const char *command)
{
	static const char modules[] = "node_modules/", bin[] = ".bin/";
	const char *at = NULL;
	for (const char *next = word; (next = strstr(next, modules)); next++) {
		at = next == word || next[-1] == '/' ? next + sizeof(modules) - 1 : NULL;
	}
	if (!at || strstr(at, "..")) {
		return false;
	}
	size_t n = strlen(package);
	return (strncmp(at, package, n) == 0 && (!at[n] || at[n] == '/')) ||
		(strncmp(at, bin, sizeof(bin) - 1) == 0 &&
			strcmp(at + sizeof(bin) - 1, command) == 0);
}

/* What a command starts is named once; the words behind are the server's own and say nothing about
 * what it is. */
static bool argv_starts(char *const *argv, const struct profile *profile)
{
	if (!argv || !argv[0]) {
		return false;
	}
	const char *program = base_name(argv[0]);
	bool fetches = is_one_of(program, fetchers), runs = is_one_of(program, runners);
	char *const *word = argv + (fetches || runs);
	while (fetches && *word && is_one_of(*word, before_name)) {
		word++;
	}
	if (!*word) {
		return false;
	}
	bool found = !fetches && !runs && strcmp(program, profile->command) == 0;
	for (const char *const *package = profile->packages; *package && !found; package++) {
		found = (fetches && is_package(*word, *package)) ||
			is_installed(*word, *package, profile->command);
	}
	return found;
}

const struct profile *profile_choose(const char *asked, char *const *argv, const char *server_name)
{
	if (asked) {
		return profile_find(span_of(asked));
	}
	for (size_t i = 0; i < COUNT_OF(profiles); i++) {
		if (argv_starts(argv, &profiles[i])) {
			return &profiles[i];
		}
	}
	return server_name ? profile_find(span_of(server_name)) : NULL;
}

const struct profile_tool *profile_tool(const struct profile *profile, struct span tool)
{
	for (const struct profile_tool *t = profile ? profile->tools : NULL; t && t->name; t++) {
		if (span_is(tool, t->name)) {
			return t;
		}
	}
	return NULL;
}
