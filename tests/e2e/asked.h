/* An agent's hook, asked by the test in the agent's place. */
#ifndef BASCULE_TESTS_E2E_ASKED_H
#define BASCULE_TESTS_E2E_ASKED_H

#include "tests/e2e/world.h"

struct asked {
	struct world *w;
	pid_t pid;
	int out;
};

/* A PreToolUse of Claude Code in the workspace. The caller frees it. */
char *asked_claude(struct world *w, const char *session, const char *tool, const char *input);
/* `bascule hook AGENT`, given this text. */
struct asked asked_start(struct world *w, const char *agent, const char *text);
/* Waits for its end with this code; what it said. The caller frees it. */
char *asked_said(struct asked *asked, int code);
/* The agent's tools in this scope are one question, as any server's are: yes. */
void asked_accept(struct world *w);

#endif
