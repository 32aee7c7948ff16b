/*
 * The commands that speak over the decision socket: `queue`, `trust`, `broker stop`. They decide
 * nothing about calls; `trust` accepts a server beforehand, as a person may.
 */
#include <config.h>

#include "ipc/cmd.h"

#include "core/diag.h"
#include "core/jsonw.h"
#include "core/safe_text.h"
#include "ipc/ask.h"
#include "ipc/clock.h"
#include "ipc/claim.h"
#include "ipc/facts.h"
#include "ipc/profile_files.h"
#include "ipc/sandbox_words.h"

#include <cJSON.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_fd(const char *text)
{
	return text ? (int)strtol(text, NULL, 10) : -1;
}

static int ask(const char *command, const char *root, int fd, bool launch, const char *method,
	struct span params, struct buf *result)
{
	struct paths paths = { 0 };
	struct err err = { 0 };
	bool ok = paths_init(&paths, root, &err) &&
		ask_broker(&paths, fd, launch, 0, method, params, result, &err);
	paths_finish(&paths);
	return ok                                       ? CMD_OK
		: err.code == DIAG_NO_BROKER && !launch ? -1
							: cmd_fail(command, &err, CMD_FAILED);
}

int cmd_stop(const char *root, int fd)
{
	struct buf result = { 0 };
	int code = ask("broker", root, fd, false, "stop", SPAN("{}"), &result);
	if (code < 0) {
		printf("No broker is running.\n");
		code = CMD_OK;
	} else if (code == CMD_OK) {
		printf("The broker has stopped; gates look for the next one, and what waits goes "
		       "on waiting.\n");
	}
	buf_finish(&result);
	return code;
}

/* ---- queue ---- */

static void print_item(const cJSON *item, int64_t now)
{
	struct safe_text risk = cmd_text(item, "risk"), server = cmd_text(item, "server");
	struct safe_text tool = cmd_text(item, "tool"), target = cmd_text(item, "target");
	struct safe_text reason = cmd_text(item, "reason"), state = cmd_text(item, "state");
	long long age = (now - cmd_number(item, "arrived")) / 1000;
	printf("#%-5lld %-6s %-8s %4lld s  %s %s  %s\n", cmd_number(item, "number"),
		safe_cstr(&risk), safe_cstr(&state), age < 0 ? 0 : age, safe_cstr(&server),
		tool.bytes ? safe_cstr(&tool) : "(a new server)", safe_cstr(&target));
	printf("       %s\n", safe_cstr(&reason));
	struct safe_text *const all[] = { &risk, &server, &tool, &target, &reason, &state };
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		safe_finish(all[i]);
	}
}

static int print_queue(const char *text)
{
	cJSON *result = cJSON_Parse(text);
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(result, "items"), *item = NULL;
	int64_t now = clock_wall_ms();
	cJSON_ArrayForEach(item, items)
	{
		print_item(item, now);
	}
	if (!cJSON_GetArraySize(items)) {
		printf("Nothing waits.\n");
	}
	cJSON_Delete(result);
	return cmd_written("queue");
}

int cmd_queue(int argc, char **argv)
{
	const char *root = NULL, *fd = NULL;
	bool json = false, verbose = false;
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--decide-fd", &fd, NULL },
		{ "--json", NULL, &json },
		{ "-v", NULL, &verbose },
	};
	struct err err = { 0 };
	struct buf result = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("queue", &err, CMD_USAGE);
	}
	int code = ask("queue", root, read_fd(fd), false, "queue", SPAN("{}"), &result);
	if (code < 0) {
		printf(json ? "{\"items\":[],\"counters\":null}\n"
			    : "Nothing waits: no broker is running.\n");
		code = cmd_written("queue");
	} else if (code == CMD_OK && json) {
		printf("%s\n", buf_cstr(&result));
		code = cmd_written("queue");
	} else if (code == CMD_OK) {
		code = print_queue(buf_cstr(&result));
	}
	buf_finish(&result);
	return code;
}

/* ---- trust ---- */

struct trust_arguments {
	const char *root, *name, *profile, *fd;
	char **scope;
	size_t scope_count;
	char *const *argv;
	struct sandbox_words sandbox;
};

static bool parse_trust(struct trust_arguments *a, int argc, char **argv)
{
	enum { NAME = 1, PROFILE, SCOPE, ROOT, FD };
	static const struct option options[] = {
		{ "name", required_argument, NULL, NAME },
		{ "profile", required_argument, NULL, PROFILE },
		{ "scope", required_argument, NULL, SCOPE },
		{ "root", required_argument, NULL, ROOT },
		{ "decide-fd", required_argument, NULL, FD },
		SANDBOX_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	const char **const texts[] = { NULL, &a->name, &a->profile, NULL, &a->root, &a->fd };
	int c;
	while ((c = getopt_long(argc, argv, "+v", options, NULL)) != -1) {
		if (c == SCOPE) {
			a->scope = xrealloc(a->scope, (a->scope_count + 1) * sizeof(*a->scope));
			a->scope[a->scope_count++] = optarg;
		} else if (c > 0 && c < (int)COUNT_OF(texts)) {
			*texts[c] = optarg;
		} else if (c != 'v' && !sandbox_words_take(&a->sandbox, c, optarg)) {
			return false;
		}
	}
	a->argv = argv + optind;
	return optind < argc && sandbox_words_good(&a->sandbox);
}

static int trust(const struct trust_arguments *a, const struct claim *claim)
{
	struct buf params = { 0 }, result = { 0 };
	struct jsonw w = jw_start(&params);
	jw_open(&w, '{');
	jw_key(&w, "server");
	claim_write(claim, &w);
	jw_close(&w, '}');
	int code = ask("trust", a->root, read_fd(a->fd), true, "trust", buf_view(&params), &result);
	if (code == CMD_OK) {
		struct safe_text name = safe_make(span_of(claim->name), SAFE_ONE_LINE);
		printf("Accepted: %s may run behind the gate with this command and scope:\n",
			safe_cstr(&name));
		safe_finish(&name);
		for (size_t i = 0; i < claim->facts->count; i++) {
			struct safe_text dir = safe_make(
				span_of(claim->facts->dirs[i].path), SAFE_ONE_LINE);
			printf("  %s\n", safe_cstr(&dir));
			safe_finish(&dir);
		}
		code = cmd_written("trust");
	}
	buf_finish(&params);
	buf_finish(&result);
	return code;
}

int cmd_trust(int argc, char **argv)
{
	struct trust_arguments a = { 0 };
	struct paths paths = { 0 };
	struct facts facts = { 0 };
	struct claim claim = { 0 };
	struct err err = { 0 };
	struct profiles *profiles = NULL;
	struct buf known = { 0 };
	int code = CMD_USAGE;
	if (!parse_trust(&a, argc, argv)) {
		fprintf(stderr,
			"usage: bascule trust [--name NAME] [--profile P] [--scope DIR]... "
			"[--sandbox [--allow-net]] -- COMMAND [ARG...]\n");
	} else if (!paths_init(&paths, a.root, &err) ||
		!(profiles = profile_files_of(&paths, &known)) ||
		!facts_init(&facts, a.scope, a.scope_count, paths.home, &err) ||
		!claim_init(&claim, profiles, a.name, a.profile, a.argv, &facts, &err)) {
		code = cmd_fail("trust", &err, CMD_USAGE);
	} else {
		sandbox_words_of_profile(
			&a.sandbox, profiles_choose(profiles, a.profile, a.argv, a.name));
		claim.contained = a.sandbox.on ? a.sandbox.word : NULL;
		code = trust(&a, &claim);
	}
	claim_finish(&claim);
	profiles_destroy(profiles);
	buf_finish(&known);
	facts_finish(&facts);
	paths_finish(&paths);
	free(a.scope);
	return code;
}
