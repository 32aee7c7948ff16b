/*
 * What a coding agent's hook says of a call, and what it is told: the pure half of `bascule hook
 * AGENT`. Each agent is one file (core/hook_NAME.c) and one line in HOOK_FORMS.
 *
 * Agents run the tool when a hook crashes, is silent too long or says what they do not understand.
 * So every answer here is explicit and in a form that was seen to block, and a text that is not
 * understood to the last member is denied. Never "ask" or "defer": there some run the tool or hang.
 *
 * Whoever sends an answer: write stdout and stderr whole before ending with the exit code. If
 * that fails, or anything else goes wrong, end with HOOK_EXIT_DENY and some text on stderr: half an
 * answer with code 0 counts as none, and the tool runs with the arguments that were proposed.
 *
 * Sources: the agents' documentation and runs of Claude Code 2.1.330, Codex 0.169.0, Gemini CLI
 * 0.61.0 and opencode 1.18.33 in November 2026; each file says which of it was seen.
 */
#ifndef BASCULE_CORE_HOOK_H
#define BASCULE_CORE_HOOK_H

#include "core/json.h"

/* One line an agent: the name in `bascule hook NAME` and of its file. */
#define HOOK_FORMS(X) \
	X(claude) \
	X(codex) \
	X(gemini) \
	X(opencode)

enum {
	HOOK_INPUT_MAX = 16 << 20, /* bytes of one input; more is refused */
	HOOK_LABEL_MAX = 1024, /* decoded bytes of a name, an id, a mode */
	HOOK_PATH_MAX = 4096, /* of cwd */
	HOOK_REASON_MAX =
		4096, /* bytes of a reason as it is told, without the "bascule: " before */
	HOOK_EXIT_DENY = 2,
};

enum hook_event {
	HOOK_UNREAD, /* not known (yet): such a call is only ever denied */
	HOOK_BEFORE_TOOL, /* the agent is about to run a tool */
	HOOK_PERMISSION, /* the agent would ask its user now */
	HOOK_OTHER, /* a known event that decides nothing */
};

/* Texts are decoded, terminated and owned; NULL: the agent did not say. They are foreign bytes. The
 * spans are raw JSON inside the text that was read, which must outlive the call. */
struct hook_call {
	enum hook_event event;
	char *event_name; /* as the agent spells it */
	char *tool; /* as its profile names it: printable ASCII without space, never NULL once read
		     */
	struct span arguments; /* one object, strict JSON */
	const char *beside; /* a member of it that only this event has; NULL: none. Static */
	char *cwd; /* absolute, never NULL once read */
	char *session; /* never NULL once read */
	char *turn, *call_id, *agent_id, *agent_type, *model, *permission_mode;
	/* A tool of an MCP server, as far as the agent or the form of the name says so without
	 * doubt; which of opencode's are, only its profile can tell. */
	bool of_server;
	char *server, *server_tool; /* both or none */
	char *server_command; /* what starts it (Gemini), */
	struct span server_args; /* and its arguments: an array, or absent */
};

enum hook_kind {
	HOOK_DENY,
	HOOK_ALLOW,
	HOOK_NO_OPINION, /* the agent goes on as without this hook */
};

struct hook_answer {
	enum hook_kind kind;
	struct span edited; /* with HOOK_ALLOW: the arguments to run instead; absent: as proposed */
	struct span reason; /* with HOOK_DENY: any bytes; a model reads them */
};

struct hook_form {
	const char *name; /* as in `bascule hook NAME` */
	const char *profile; /* core/effects/profiles/ */
	unsigned limit_ms; /* how long the agent waits unless told otherwise; 0: for ever */
	unsigned unit_ms; /* of the number that tells it otherwise; 0: there is none */
	/* Where the session is at home, although a command of it may run elsewhere: the variable of
	 * the hook's environment that names it; or the directory that the hook is started in. */
	const char *project;
	bool starts_in_project;
	unsigned edits; /* 1 << enum hook_event: where edited arguments can be handed back */
	bool asks_again; /* after HOOK_BEFORE_TOOL the same call may come as HOOK_PERMISSION */
	bool hands_id; /* it tells a server the id of a call too, in `_meta` */
	/* What stands between a server's name and its tool's, where the agent says neither: which
	 * of its tools are a server's, only who knows the servers can tell. NULL: it says both. */
	const char *joint;
	/* Edited arguments are laid over those proposed, so that no member can be taken away. */
	bool edits_merge;
	/* `object` is a strict JSON object. Called by hook_read. */
	bool (*read)(struct hook_call *call, struct span object, struct err *err);
	/* Appends JSON for stdout, or nothing; returns the exit code. The answer is one that fits
	 * the call, its reason clean and not empty. Called by hook_say. */
	int (*say)(const struct hook_call *call, const struct hook_answer *answer, struct buf *out);
};

/* Not a hook, and not in the table: what Claude Code asks the tool of its --permission-prompt-tool,
 * read and answered by the same rules. Its session is "", its cwd means nothing. */
extern const struct hook_form hook_form_permission;

/* How a call of an MCP server's tool names itself where no gate is in front of that server:
 * claude/NAME. The caller frees it. */
char *hook_server_name(const struct hook_form *form, const char *server);
/* The form that makes calls under such a name, and the server's; NULL: it is none. */
const struct hook_form *hook_of_server(const char *name, const char **server);

/* By its name or its profile's; NULL: no such agent. */
const struct hook_form *hook_find(struct span name);
/* The i-th of the table; NULL past the last. */
const struct hook_form *hook_at(size_t i);

/* Reads what the hook was given on stdin. False: err says what is wrong with it, and the answer is
 * hook_failed; the call then knows at most its event. hook_call_finish in both cases. */
bool hook_read(
	const struct hook_form *form, struct hook_call *call, struct span text, struct err *err);
void hook_call_finish(struct hook_call *call);

/* The agent's version, by what it tells its children in AI_AGENT (NAME/VERSION, and the like);
 * `said` may be NULL. "" if that says nothing about this agent. The caller frees it. */
char *hook_version(const struct hook_form *form, const char *said);

/* Why these arguments cannot be run in the place of the call's own, for the person who changed
 * them; NULL: they can. */
const char *hook_edit_trouble(
	const struct hook_form *form, const struct hook_call *call, struct span edited);
/* Can edited arguments be handed back for this call at all? */
bool hook_takes_edits(const struct hook_form *form, const struct hook_call *call);
/* Appends the answer for stdout and stderr, each at most one line, and returns the exit code. An
 * allow that cannot be said as it is meant (edits where none are taken, or no object) is a deny
 * that says so; HOOK_OTHER gets no opinion whatever the answer. */
int hook_say(const struct hook_form *form, const struct hook_call *call,
	const struct hook_answer *answer, struct buf *out, struct buf *err);
/* The deny of whatever went wrong. `form` and `call` may be NULL: an unknown agent, nothing read.
 */
int hook_failed(const struct hook_form *form, const struct hook_call *call, const char *reason,
	struct buf *out, struct buf *err);

#endif
