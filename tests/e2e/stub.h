/* The scriptable MCP server of the tests: what its tools can use. Started by stub_server.c; see
 * there for options. */
#ifndef BASCULE_TESTS_E2E_STUB_H
#define BASCULE_TESTS_E2E_STUB_H

#include "core/buf.h"

#include <cJSON.h>

enum { STUB_TIMERS = 64, STUB_ASKS = 32 };

struct stub_option {
	const char *log; /* every line received, byte for byte */
	const char *era; /* legacy, modern, both */
	int page; /* tools a page; 0: all on one */
	int burst; /* list_changed notifications after initialized */
	bool changing; /* every list differs from the one before */
	bool silent_list; /* tools/list is never answered */
	bool stubborn; /* ignores end of input and SIGTERM */
	bool noise; /* prints garbage before anything else */
	int exit_first; /* -1, else: ends with this status on the first line */
};

/* A call that is being answered. The texts are raw JSON and its own. */
struct call {
	char *id, *token; /* token: NULL if none */
	const char *tool;
	const cJSON *arguments;
	bool modern;
};

struct stub {
	struct stub_option option;
	int log;
	struct buf in;
	int lists; /* how many were given out */
	bool discovered;
	struct {
		int64_t due_ms;
		char *line; /* NULL: free */
	} timer[STUB_TIMERS];
	struct {
		struct call call; /* answered with what the client answers; id NULL: free */
	} ask[STUB_ASKS];
};

void stub_raw(const char *line, size_t len); /* written as it is, newline added */
char *stub_result_line(const struct call *call, const char *text, bool is_error);
void stub_result(const struct call *call, const char *text, bool is_error);
void stub_later(struct stub *s, int ms, char *line); /* takes the line */
void stub_ask(struct stub *s, const struct call *call, const char *method, const char *params);
int64_t stub_now_ms(void);

/* Runs a tool, or says that there is none. */
void stub_call(struct stub *s, const struct call *call);
/* Adds the members "tools" and "nextCursor" of the list from tool number `from` on. */
void stub_list(struct stub *s, int from, struct buf *out);

#endif
