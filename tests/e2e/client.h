/* An MCP client in front of a server, through the gate or directly: raw lines, with the usual ones
 * ready-made. */
#ifndef BASCULE_TESTS_E2E_CLIENT_H
#define BASCULE_TESTS_E2E_CLIENT_H

#include "tests/e2e/peer.h"

/* How a server is started. Zero is: the stub server behind a gate of name "files", profile
 * "filesystem", with the workspace as scope and working directory, over a socket pair. */
struct launch {
	const char *const *server; /* options of the stub; NULL-terminated */
	const char *const *command; /* instead of the stub: a whole command */
	const char *const *gate; /* more options of `bascule-gate run` */
	const char *const *sandbox; /* more options of `run` and `trust` alike */
	const char *name, *profile, *scope; /* "" as scope: none is given */
	const char *as; /* in the record */
	bool direct; /* no gate between */
	bool front; /* `bascule run`, as people write it, not the gate itself */
	bool pipes; /* two pipes, not a socket pair */
	bool untrusted; /* not accepted beforehand */
	bool own_agent; /* started by a process of its own, which a session is bound to */
};

struct client {
	struct peer peer;
	pid_t pid; /* of the gate, or of the server */
	bool reaped;
	int status; /* as of waitpid, once reaped */
};

#define MODERN_ENVELOPE \
	"\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"," \
	"\"io.modelcontextprotocol/clientCapabilities\":{}," \
	"\"io.modelcontextprotocol/clientInfo\":{\"name\":\"e2e\",\"version\":\"1\"}"
#define MODERN_META "{" MODERN_ENVELOPE "}"

/* Accepts the server beforehand (unless asked not to), and starts it. The world ends it. */
struct client *client_start(struct world *w, const struct launch *launch);
/* start, initialize, notifications/initialized, and the complete list of tools. */
struct client *client_open(struct world *w, const struct launch *launch);
void client_initialize(struct client *c, const char *client_name);
void client_list(struct client *c); /* tools/list to the end, ids "list-0", "list-1"… */

/* The words that start it, gate included; NULL-terminated, never freed. */
const char *const *client_command(struct world *w, const struct launch *launch);
void client_trust(struct world *w, const struct launch *launch);

/* Arguments as JSON; the caller frees them. */
char *args_path(const char *path);
char *args_write(const char *path, const char *content);

/* tools/call; `id` and the JSON texts are raw. `meta` may be NULL. */
void client_call(struct client *c, const char *id, const char *tool, const char *arguments);
void client_call_meta(struct client *c, const char *id, const char *tool, const char *arguments,
	const char *meta);
void client_cancel(struct client *c, const char *id);
void client_ping(struct client *c, const char *id); /* and waits for the answer */

/* Waits for the answer to `id`. */
void client_expect_text(
	struct client *c, const char *id, const char *part); /* a result that is no error */
const char *client_expect_refusal(
	struct client *c, const char *id); /* a result with isError; its text */
const struct line *client_expect_error(
	struct client *c, const char *id, int code); /* a JSON-RPC error */

/* Closes our side and waits for the end: exit status, or -signal. */
int client_end(struct client *c);
int client_wait_exit(struct client *c, int ms); /* the same without closing */
void client_kill(struct client *c, int sig); /* the gate; SIGKILL also closes our side */

#endif
