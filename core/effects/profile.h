/*
 * Which tools a known server has and what each argument means. Data: one text file a server in
 * core/effects/profiles/, built into the programs, and one in the user's profiles directory, which
 * the broker reads and hands to its gates.
 *
 *   profile filesystem
 *   package @modelcontextprotocol/server-filesystem   # of npm; "pypi NAME" for PyPI
 *   command mcp-server-filesystem # what they install
 *   alias files                   # another name by which --profile and --name find it
 *   relative scope                # what a relative path is seen from: scope, cwd (default:
 * unknown) dialect postgres              # of statements: postgres, sqlite, mysql (default: all
 * agree) agent mcp__SERVER__TOOL       # tools of a coding agent, and how it calls those of servers
 *   sandbox allow-net env=TOKEN   # what it needs of a sandbox: the network, variables
 *   tool read_text_file  path=read head=number tail=number
 *   tool edit_file       path=edit edits=text dryRun=text
 *   tool list_pulls      remote-read  owner=text repo=text state=text
 *   tool run_command     command=shell workdir=cwd
 *
 * A line that begins with space continues the one before; "#" at the start of a word begins a
 * comment. A word without "=" is an effect of the tool as a whole, "=" names an argument and its
 * role, or several of the same role with commas between; "*" behind a role says that it is a list
 * of such, "?" that the argument may be missing (which text, number and flag may anyway). "*=text"
 * stands for every other argument.
 *
 * A profile is chosen by --profile, or by the package that the server's command starts, or by
 * --name; never by what the server says of itself.
 */
#ifndef BASCULE_CORE_EFFECTS_PROFILE_H
#define BASCULE_CORE_EFFECTS_PROFILE_H

#include "core/effects/sql.h"

/* id, word in a profile, what it means to a person who writes one */
#define ARG_ROLES(X) \
	X(TEXT, "text", "content or option without an effect of its own") \
	X(NUMBER, "number", "a number") \
	X(FLAG, "flag", "true or false") \
	X(NAME, "name", "a text that must not begin with a dash: a reference, a key") \
	X(READ, "read", "a path that is read") \
	X(LIST, "list", "a directory that is listed") \
	X(SEARCH, "search", "a directory whose files' content is searched") \
	X(WRITE, "write", "a path whose whole content is replaced") \
	X(EDIT, "edit", "a path of which a part is changed") \
	X(MKDIR, "mkdir", "a directory that is made") \
	X(AWAY, "away", "a path that is moved away") \
	X(DELETE, "delete", "a path that is deleted") \
	X(PATCH, "patch", "a patch in the form of apply_patch, which names its files") \
	X(SHELL, "shell", "a command line for sh, bash or zsh") \
	X(ARGV, "argv", "a program and its arguments, as a list or as `command` beside `args`") \
	X(ARGS, "args", "arguments behind the argv argument") \
	X(PROGRAM, "program", "the shell to use: sh, bash or zsh by name, anything else is held") \
	X(CWD, "cwd", "the directory that paths and commands of this call are seen from") \
	X(REPO, "repo", "the directory of a git repository, like cwd") \
	X(REFS, "refs", "a file to stage, relative to the repository") \
	X(URL, "url", "an address that is opened") \
	X(SQL, "sql", "a statement") \
	X(BRANCH, "branch", "a branch that is created or changed") \
	X(GLOB, "glob", "a pattern of file names that are listed") \
	X(READ_GLOB, "read-glob", "a pattern of files whose content is read") \
	X(FILTER, "filter", "patterns of file names that the search is restricted to") \
	X(RESOURCE, "resource", \
		"a kind of resource of a cluster; held unless it is harmless to read") \
	X(HELD, "held", "never proven: held unless it is false or empty") \
	X(OUTSIDE, "outside", \
		"leaves the agent's own sandbox: held at high risk unless it is false, empty or " \
		"\"use_default\"")

enum arg_role {
#define X(id, word, meaning) ARG_##id,
	ARG_ROLES(X)
#undef X
		ARG_ROLE_COUNT
};

/* Effects of a tool as a whole: id, word, meaning. The verdict is the strictest over these and the
 * arguments'. */
#define TOOL_EFFECTS(X) \
	X(NOTHING, "nothing", "touches nothing") \
	X(REMOTE_READ, "remote-read", \
		"only reads, at a remote service or in the server's own memory") \
	X(REMOTE_WRITE, "remote-write", "changes something at a remote service") \
	X(PUBLISH, "publish", "publishes, merges, releases or deploys") \
	X(CLOUD_READ, "cloud-read", "reads from a cluster, cloud or database that is not local") \
	X(WEB, "web", "sends a query to the web") \
	X(CLOUD, "cloud", "acts on a cluster, cloud or database that is not local") \
	X(DESTRUCTIVE, "destructive", "deletes what cannot be brought back") \
	X(INPUT, "input", "types into a running process, or ends one") \
	X(COMMIT, "commit", "commits to the current branch of the repository") \
	X(BRANCH_CREATE, "branch-create", "creates the branch that the branch argument names") \
	X(BRANCH_SWITCH, "branch-switch", "checks out the branch that the branch argument names") \
	X(BRANCH_MOVE, "branch-move", "moves the current branch or throws changes away") \
	X(PUSHES, "push", "pushes to the branch that the branch argument names") \
	X(WIDE, "wide", "runs anything it is given") \
	X(UNKNOWN, "unknown", "not known") \
	X(DEV_DB, "dev-db", "statements go to a database for development") \
	X(NO_PATHS, "reads-scope", "without its path it works in the current directory")

enum tool_effect {
#define X(id, word, meaning) TOOL_##id,
	TOOL_EFFECTS(X)
#undef X
		TOOL_EFFECT_COUNT
};

enum { PROFILE_ARGS_MAX = 64, PROFILE_TOOLS_MAX = 512, PROFILE_TEXT_MAX = 256 << 10 };

struct profile_arg {
	char *name;
	enum arg_role role;
	bool many, optional;
};

struct profile_tool {
	char *name; /* a last "*" stands for any rest */
	unsigned effects; /* 1 << enum tool_effect */
	struct profile_arg *args;
	size_t arg_count;
	unsigned line; /* in its file */
};

enum profile_relative { RELATIVE_UNKNOWN, RELATIVE_SCOPE, RELATIVE_CWD };

struct profile {
	char *name;
	char **aliases, **packages, **pypi, **commands; /* each ends with NULL and may be NULL */
	enum profile_relative relative;
	enum sql_dialect dialect;
	/* of an agent: what stands before SERVER, and between it and TOOL; else NULL */
	char *agent_prefix, *agent_between;
	/* what its server needs in a sandbox; names of variables end with NULL and may be NULL */
	bool sandbox_net;
	char **sandbox_env;
	struct profile_tool *tools;
	size_t tool_count;
};

/* On false `err` says FILE:LINE: what is wrong, what was expected, with the nearest known word. */
bool profile_parse(struct profile *profile, const char *file, struct span text, struct err *err);
void profile_finish(struct profile *profile);

/* The profiles of a process: shipped ones and the user's. Created once at start. */
struct profiles;
struct profiles *profiles_create(void);
void profiles_destroy(struct profiles *profiles);
/* Adds one of the user's, or one in the place of that by the same name; what was found before may
 * be gone afterwards. False: as profile_parse, and nothing was added. */
bool profiles_add(struct profiles *profiles, const char *file, struct span text, struct err *err);

/* By name or alias; the user's come before the shipped ones. NULL: no such profile. */
const struct profile *profiles_find(const struct profiles *profiles, struct span name);
/* Any argument may be absent; argv is a NULL-terminated list. NULL: none fits. */
const struct profile *profiles_choose(const struct profiles *profiles, const char *asked,
	char *const *argv, const char *server_name);
/* The i-th by name, shipped and the user's; NULL past the last. `user`: is one of the user's. */
const struct profile *profiles_at(const struct profiles *profiles, size_t i, bool *user);

const struct profile_tool *profile_tool(const struct profile *profile, struct span tool);
/* Does this command line start the profile's server? (core/effects/profile_choose.c) */
bool profile_starts(const struct profile *profile, char *const *argv);

const char *arg_role_name(enum arg_role role);
const char *arg_role_meaning(enum arg_role role);
const char *tool_effect_name(enum tool_effect effect);
const char *tool_effect_meaning(enum tool_effect effect);

/* The shipped texts, made from core/effects/profiles/ at build time; ends with name NULL. */
struct profile_text {
	const char *name, *text;
};
extern const struct profile_text profile_texts[];

#endif
