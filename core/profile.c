/*
 * The shipped profiles and how one is chosen.
 *
 * Source of the filesystem table: @modelcontextprotocol/server-filesystem 2026.8.31, its tools/list reply.
 */
#include "config.h"

#include "core/profile.h"

#include <string.h>

#define ARGS(...) ((const struct profile_arg[]){ __VA_ARGS__, { NULL, ARG_TEXT } })
#define NO_ARGS ((const struct profile_arg[]){ { NULL, ARG_TEXT } })

static const struct profile_tool filesystem_tools[] = {
	{ "read_file", ARGS({ "path", ARG_READ }, { "head", ARG_TEXT }, { "tail", ARG_TEXT }) },
	{ "read_text_file", ARGS({ "path", ARG_READ }, { "head", ARG_TEXT }, { "tail", ARG_TEXT }) },
	{ "read_media_file", ARGS({ "path", ARG_READ }) },
	{ "read_multiple_files", ARGS({ "paths", ARG_READS }) },
	{ "list_directory", ARGS({ "path", ARG_READ }) },
	{ "list_directory_with_sizes", ARGS({ "path", ARG_READ }, { "sortBy", ARG_TEXT }) },
	{ "directory_tree", ARGS({ "path", ARG_READ }, { "excludePatterns", ARG_TEXT }) },
	{ "search_files", ARGS({ "path", ARG_READ }, { "pattern", ARG_TEXT }, { "excludePatterns", ARG_TEXT }) },
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
	"mcp-server-filesystem",
	NULL,
};

static const struct profile profiles[] = {
	{ "filesystem", filesystem_packages, filesystem_tools },
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

/* Is `word` the package itself, the package at a version, a path through its folder, or a program of that name? */
static bool names_package(const char *word, const char *package)
{
	size_t n = strlen(package);
	const char *at = word;
	while ((at = strstr(at, package))) {
		bool starts = at == word || at[-1] == '/';
		bool ends = at[n] == '\0' || at[n] == '/' || (at[n] == '@' && at == word);
		if (starts && ends) {
			return true;
		}
		at += n;
	}
	return false;
}

static bool argv_names(char *const *argv, const struct profile *profile)
{
	for (; argv && *argv; argv++) {
		for (const char *const *package = profile->packages; *package; package++) {
			if (names_package(*argv, *package)) {
				return true;
			}
		}
	}
	return false;
}

const struct profile *profile_choose(const char *asked, char *const *argv, const char *server_name)
{
	if (asked) {
		return profile_find(span_of(asked));
	}
	for (size_t i = 0; i < COUNT_OF(profiles); i++) {
		if (argv_names(argv, &profiles[i])) {
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
