/*
 * `bascule status`: how many wait and whether somebody has switched the policy off, for people and,
 * with --line, for a prompt or tmux's status line: that one starts nothing, never waits, and has
 * "-" for everything that is not known.
 */
#include "config.h"

#include "ipc/cmd.h"

#include "core/diag.h"
#include "ipc/ask.h"

#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MS = 50, RISKS = 4 };

/* Riskiest first, as the console's header has them. */
static const struct {
	const char *name, *sigil;
} risks[RISKS] = { { "highest", "!!!" }, { "high", "!!" }, { "medium", "!" }, { "low", "." } };

static const char *mode_word(const cJSON *status)
{
	const cJSON *master = cJSON_GetObjectItemCaseSensitive(status, "master");
	const char *mode = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(master, "mode"));
	return !mode || strcmp(mode, "policy") == 0 ? ""
		: strcmp(mode, "deny") == 0         ? "DENY "
						    : "HOLD ";
}

static void print_line(const cJSON *status)
{
	const cJSON *waiting = cJSON_GetObjectItemCaseSensitive(status, "waiting");
	printf("%s%lld waiting", mode_word(status), cmd_number(status, "waiting_all"));
	for (size_t i = 0; i < RISKS - 1; i++) {
		long long n = cmd_number(waiting, risks[i].name);
		if (n) {
			printf(" %s%lld", risks[i].sigil, n);
		}
	}
	if (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(status, "trouble"))) {
		printf(" trouble");
	}
	printf("\n");
}

static void print_text(const cJSON *status)
{
	const cJSON *waiting = cJSON_GetObjectItemCaseSensitive(status, "waiting");
	const cJSON *counters = cJSON_GetObjectItemCaseSensitive(status, "counters");
	struct safe_text trouble = cmd_text(status, "trouble"), root = cmd_text(status, "root");
	printf("%s%lld %s", mode_word(status), cmd_number(status, "waiting_all"),
		cmd_number(status, "waiting_all") == 1 ? "call waits" : "calls wait");
	for (size_t i = 0; i < RISKS; i++) {
		long long n = cmd_number(waiting, risks[i].name);
		if (n) {
			printf(", %lld of %s risk", n, risks[i].name);
		}
	}
	printf("\n%lld gates; since the broker began %lld passed, %lld approved, %lld denied, %lld "
	       "withdrawn\n",
		cmd_number(counters, "gates"), cmd_number(counters, "allowed"),
		cmd_number(counters, "approved"), cmd_number(counters, "denied"),
		cmd_number(counters, "withdrawn"));
	if (root.bytes) {
		printf("root %s\n", safe_cstr(&root));
	}
	if (trouble.bytes) {
		printf("TROUBLE: %s\n", safe_cstr(&trouble));
	}
	safe_finish(&trouble);
	safe_finish(&root);
}

/* A line that is no line would break a prompt: whatever is wrong is "-". */
static int no_answer(const struct err *err, bool line, bool json)
{
	bool none = err->code == DIAG_NO_BROKER;
	if (line) {
		puts("-");
	} else if (none && json) {
		puts("null");
	} else if (none) {
		puts("No broker is running: nothing waits.");
	} else {
		return cmd_fail("status", err, CMD_FAILED);
	}
	return cmd_written("status");
}

static int print_status(const char *text, bool line, bool json)
{
	cJSON *status = cJSON_Parse(text);
	if (json) {
		puts(text);
	} else if (line) {
		print_line(status);
	} else {
		print_text(status);
	}
	cJSON_Delete(status);
	return cmd_written("status");
}

int cmd_status(int argc, char **argv)
{
	const char *root = NULL, *fd = NULL;
	bool line = false, json = false, verbose = false;
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--decide-fd", &fd, NULL },
		{ "--line", NULL, &line },
		{ "--json", NULL, &json },
		{ "-v", NULL, &verbose },
	};
	struct paths paths = { 0 };
	struct err err = { 0 };
	struct buf result = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("status", &err, CMD_USAGE);
	}
	bool ok = paths_init(&paths, root, &err) &&
		ask_broker(&paths, fd ? atoi(fd) : -1, false, line ? LINE_MS : 0, "status",
			SPAN("{}"), &result, &err);
	int code = ok ? print_status(buf_cstr(&result), line, json) : no_answer(&err, line, json);
	paths_finish(&paths);
	buf_finish(&result);
	return code;
}
