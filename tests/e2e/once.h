/*
 * Calls that come twice: from an agent's hook and from the gate in front of the server. The test is
 * the agent: hooks and gates are its children.
 */
#ifndef BASCULE_TESTS_E2E_ONCE_H
#define BASCULE_TESTS_E2E_ONCE_H

#include "tests/e2e/asked.h"
#include "tests/e2e/client.h"

struct scene {
	struct client *server;
	char *path, *arguments; /* of a write that is held */
};

/* A write_file of the server "files" at the hook. Claude Code names the call to its hook and to the
 * server; `id` may be NULL. Gemini CLI names it to neither; opencode says nothing of a server. */
struct asked once_claude(struct world *w, const char *id, const char *arguments);
struct asked once_gemini(struct world *w, const char *arguments);
struct asked once_opencode(struct world *w, const char *tool, const char *arguments);
char *once_meta(const char *id); /* `_meta` by which Claude Code names it to the server */

/* A broker, and the server behind its gate. */
struct scene once_scene(struct world *w);
void once_until_told(struct world *w, int count); /* the broker knows the tools of so many gates */

const cJSON *once_held(struct world *w); /* the write_file that waits */
/* Yes to it; the agent may go on, and nothing waits. Its number. */
int64_t once_approve(struct world *w, struct asked *asked);
/* The gate's call is a question, and has not run; and is denied then. */
const cJSON *once_question(struct world *w, struct client *c, const char *id);
void once_expect_asked(struct world *w, struct client *c, const char *id);
size_t once_grants(struct world *w);

#endif
