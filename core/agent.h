/*
 * Coding agents as their configuration files show them: which files an agent reads, where server
 * entries and hooks stand in them, what of it is bascule's. Looking is apart from changing
 * (core/agent_edit.h): `init` plans by it, `doctor` and `uninstall` look by it. Pure: texts in,
 * findings out.
 *
 * Each agent is one file (core/agent_NAME.c) and one line in HOOK_FORMS; its name is the one of
 * `bascule hook NAME`. Sources as in core/hook.h.
 */
#ifndef BASCULE_CORE_AGENT_H
#define BASCULE_CORE_AGENT_H

#include "core/conf.h"
#include "core/hook.h"

enum agent_holds {
	AGENT_NOTHING = 0, /* nothing of ours; it may switch off all hooks */
	AGENT_SERVERS = 1, /* MCP servers stand in it */
	AGENT_HOOKS = 2, /* hooks stand in it; the first such file of an agent is where ours go */
	AGENT_PLUGIN = 4, /* it is a program text of ours and nothing else */
};

enum { AGENT_STEPS = 8, AGENT_LIMIT_S = 3600 };

/* A key that stands for the project's directory. */
#define AGENT_PROJECT "$PROJECT"

struct agent_file {
	const char *path; /* "~/..." is below the home, anything else below the project */
	enum conf_format format;
	unsigned holds;
	/* The agent writes it itself all the time: undoing takes ours out of it, value for value */
	bool rewritten;
	const char *servers[2][4]; /* the keys on the way to objects of servers */
};

enum agent_shape {
	AGENT_COMMAND_ARGS, /* "command": text, "args": texts */
	AGENT_ARGV, /* "command": texts */
};

/* How a hook's or server's entry starts bascule. Absolute paths only: agents hand on neither PATH
 * nor their environment. */
struct agent_front {
	const char *program; /* absolute: the installed `bascule` */
	const char *root; /* absolute, for --root; NULL: the default places */
};

struct agent {
	const char *name, *title;
	const char *program; /* as it is found on PATH */
	/* A variable by which it reads another directory, and the one it reads without ("~/...").
	 */
	const char *moved_by, *unmoved;
	const struct agent_file *files; /* ends with path NULL */
	enum agent_shape shape;
	const char *remote[3]; /* an entry with one of these members is no local program */
	/* The client's time limit of a call, NULL: there is none, or none that matters. */
	const char *limit_key;
	unsigned limit_unit_ms;
	bool limit_needed; /* it is set where it is absent; else only raised where it stands */
	const char *const *events; /* hooks.EVENT[]; ends with NULL */
	void (*group)(const struct agent_front *front, struct buf *out); /* appends one, JSON */
	bool fail_closed; /* its hook entry can say that a failing hook blocks */
	const char *const *check; /* its own look at its servers, behind `program`; NULL: none */
	const char *outside; /* what of it never comes to the gate or the hook, in words */
	const char *after; /* what the user does once after the hooks were put in; NULL */
};

/* By its name; NULL: no such agent. The i-th; NULL past the last. */
const struct agent *agent_find(struct span name);
const struct agent *agent_at(size_t i);

enum agent_server_state {
	AGENT_SERVER_PLAIN, /* started by the agent itself */
	AGENT_SERVER_WRAPPED, /* behind the gate */
	AGENT_SERVER_REMOTE, /* no local program */
	AGENT_SERVER_ODD, /* its entry is not understood */
	AGENT_SERVER_OURS, /* bascule itself: permission-server, policy-server */
};

struct agent_server {
	char *name;
	enum agent_server_state state;
	char *program; /* what starts it: of a wrapped one, the path of bascule */
	/* Its own command, behind "--" if it is wrapped; ends with NULL. NULL: odd, or remote. */
	char **own;
	long limit_s; /* what its time limit says; -1: nothing */
	/* The way to its entry; the last key is `name`, the others belong to the table or are the
	 * project's path as it was given. */
	struct conf_step at[AGENT_STEPS];
	size_t steps;
};

struct agent_hook {
	const char *event; /* one of agent->events */
	bool there;
	char *program; /* the path of bascule in it; NULL if it is not there */
	bool in_line; /* it is the first word of a line for a shell */
	bool all; /* for every tool */
	bool fail_closed; /* a hook that fails, blocks */
	long timeout_s; /* what the entry gives it; -1: nothing */
	long limit_s; /* what it was told with --limit; -1: nothing */
	size_t group, index; /* hooks.EVENT[group].hooks[index] */
};

/* What one file shows. Zero-initialised is empty. */
struct agent_look {
	struct agent_server *servers;
	size_t server_count, server_cap;
	size_t elsewhere; /* servers of other projects that stand in it too, not wrapped */
	struct agent_hook hooks[4]; /* of the agent's events, in their order */
	size_t hook_count; /* 0: it holds no hooks */
	bool hooks_off; /* a member switches all hooks off */
};

/* Looks at a parsed file. `project` is absolute and outlives the look. */
void agent_look(struct agent_look *look, const struct agent *agent, const struct agent_file *file,
	const struct conf *conf, const char *project);
void agent_look_finish(struct agent_look *look);

/* The words of a command line as a hook's entry has it: split at blanks, '...' and "..." kept
 * together. At most `cap` are given; texts lie in *store. */
size_t agent_words(const char *line, struct buf *store, const char **words, size_t cap);
/* Appends, as a JSON string, the line with another program in place of its first word, or that
 * program alone if it is no line. */
void agent_line_with(const char *line, bool is_line, const char *program, struct buf *out);
/* Do the words start `bascule COMMAND`? The place of COMMAND in them, or 0. */
size_t agent_is_ours(const char *const *words, size_t count, const char *command);

/* Appends the text of opencode's plug-in that starts this front. */
bool agent_opencode_plugin(const struct agent_front *front, struct buf *out, struct err *err);

#endif
