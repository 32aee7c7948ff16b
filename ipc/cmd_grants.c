/* `bascule grants`: what decisions have left behind, and taking it back. Gives nothing. */
#include <config.h>

#include "ipc/cmd.h"

#include "core/diag.h"
#include "core/jsonw.h"
#include "core/safe_text.h"
#include "ipc/ask.h"

#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_end(const cJSON *grant)
{
	long long uses = cmd_number(grant, "uses_left"),
		  seconds = cmd_number(grant, "seconds_left");
	if (uses >= 0) {
		printf(", %lld more", uses);
	}
	if (seconds >= 0) {
		printf(", %lld min left", (seconds + 59) / 60);
	} else {
		printf(", until its session ends");
	}
}

static void print_grant(const cJSON *grant)
{
	struct safe_text words = cmd_text(grant, "words"), server = cmd_text(grant, "server"),
			 by = cmd_text(grant, "by");
	printf("%-4lld %s\n     %s, given with #%lld by %s, used %lld times",
		cmd_number(grant, "grant"), safe_cstr(&words), safe_cstr(&server),
		cmd_number(grant, "number"), safe_cstr(&by), cmd_number(grant, "used"));
	print_end(grant);
	printf("\n");
	safe_finish(&words);
	safe_finish(&server);
	safe_finish(&by);
}

static int print_grants(const char *text)
{
	cJSON *result = cJSON_Parse(text);
	const cJSON *grants = cJSON_GetObjectItemCaseSensitive(result, "grants"), *grant = NULL;
	cJSON_ArrayForEach(grant, grants)
	{
		print_grant(grant);
	}
	if (!cJSON_GetArraySize(grants)) {
		printf("No grants: every question is asked anew.\n");
	}
	cJSON_Delete(result);
	return cmd_written("grants");
}

static bool parse_id(const char *text, long long *id, struct err *err)
{
	char *end;
	*id = strtoll(text, &end, 10);
	return (end != text && !*end && *id > 0) ||
		fail(err, DIAG_USAGE,
			"--revoke %.40s: expected a number that `bascule grants` "
			"prints",
			text);
}

int cmd_grants(int argc, char **argv)
{
	const char *root = NULL, *fd = NULL, *revoke = NULL;
	bool json = false;
	const struct cmd_flag flags[] = { { "--root", &root, NULL }, { "--decide-fd", &fd, NULL },
		{ "--revoke", &revoke, NULL }, { "--json", NULL, &json } };
	struct paths paths = { 0 };
	struct err err = { 0 };
	struct buf result = { 0 }, params = { 0 };
	long long id = 0;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err) ||
		(revoke && !parse_id(revoke, &id, &err))) {
		return cmd_fail("grants", &err, CMD_USAGE);
	}
	buf_printf(&params, revoke ? "{\"grant\":%lld}" : "{}", id);
	bool ok = paths_init(&paths, root, &err) &&
		ask_broker(&paths, fd ? atoi(fd) : -1, false, 0, revoke ? "revoke" : "grants",
			buf_view(&params), &result, &err);
	int code = CMD_OK;
	if (!ok && err.code == DIAG_NO_BROKER) {
		printf("No grants: no broker is running.\n");
	} else if (!ok) {
		code = cmd_fail("grants", &err, CMD_FAILED);
	} else if (revoke) {
		printf("Grant %lld is revoked.\n", id);
	} else if (json) {
		printf("%s\n", buf_cstr(&result));
	} else {
		code = print_grants(buf_cstr(&result));
	}
	buf_finish(&result);
	buf_finish(&params);
	paths_finish(&paths);
	return code == CMD_OK ? cmd_written("grants") : code;
}
