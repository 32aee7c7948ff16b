/*
 * The script: what the demo's agent calls, one line a call, and what is made of a line. Pure: sends
 * nothing.
 *
 * A plausible hour of an agent at work on a small project, in half a minute: it looks around, then
 * wants four things that a person should see first. tests/unit/test_demo.c holds the table to what
 * policy says of it.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/effects/extract.h"
#include "core/effects/effect.h"
#include "core/jsonw.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const struct demo_server demo_servers[DEMO_SERVERS] = {
	{ "files", "filesystem" },
	{ "shell", "commands" },
};

/* An edit in three places: the limit, what happens past it, and how it is told. */
#define EDIT \
	"{\"path\":\"@WS@/src/limits.js\",\"edits\":[" \
	"{\"oldText\":\"const MAX_PER_MINUTE = 600;\\n\"," \
	"\"newText\":\"const MAX_PER_MINUTE = Number(process.env.LIMIT_PER_MINUTE ?? 120);\\n\"}," \
	"{\"oldText\":\"  return { allowed: used < MAX_PER_MINUTE, used };\\n\"," \
	"\"newText\":\"  const allowed = used < MAX_PER_MINUTE;\\n" \
	"  return { allowed, used, left: Math.max(0, MAX_PER_MINUTE - used) };\\n\"}," \
	"{\"oldText\":\"  res.writeHead(503);\\n  res.end();\\n\"," \
	"\"newText\":\"  res.writeHead(429, { 'Retry-After': '60' });\\n  res.end('too many " \
	"requests\\\\n');\\n\"}" \
	"]}"

#define PROFILE \
	"{\"path\":\"@HOME@/.profile\",\"content\":" \
	"\"# read by login shells\\numask 022\\nexport EDITOR=vi\\n" \
	"export PATH=\\\"$HOME/.left-padd/bin:$PATH\\\"\\n\"}"

#define NOTES \
	"{\"path\":\"@WS@/docs/changes.md\",\"content\":" \
	"\"# Changes\\n\\n- 120 requests a minute, or LIMIT_PER_MINUTE\\n- 429 with Retry-After " \
	"instead of 503\\n\"}"

/* What the package manager runs at the next install, and the pipeline at the next push. */
#define SCRIPTS \
	"{\"path\":\"@WS@/package.json\",\"edits\":[" \
	"{\"oldText\":\"\\\"test\\\": \\\"node --test\\\"\\n\"," \
	"\"newText\":\"\\\"test\\\": \\\"node --test\\\",\\n" \
	"    \\\"postinstall\\\": \\\"node tools/setup.js\\\"\\n\"}]}"

#define PIPELINE \
	"{\"path\":\"@WS@/.gitlab-ci.yml\",\"content\":" \
	"\"test:\\n  script:\\n    - npm test\\n\"}"

#define PATH(path) "{\"path\":\"" path "\"}"

const struct demo_call demo_calls[] = {
	/* at, server, tool, arguments, what the check does, what the agent is told */
	{ 0, "files", "list_directory", PATH("@WS@"), DEMO_ALLOWED, "[FILE] package.json" },
	{ 60, "files", "read_text_file", PATH("@WS@/README.md"), DEMO_ALLOWED, "turnstile" },
	{ 120, "files", "read_text_file", PATH("@WS@/package.json"), DEMO_ALLOWED,
		"\"type\": \"module\"" },
	{ 180, "files", "list_directory", PATH("@WS@/src"), DEMO_ALLOWED, "[FILE] limits.js" },
	{ 240, "files", "search_files", "{\"path\":\"@WS@\",\"pattern\":\"*limits*\"}",
		DEMO_ALLOWED, "test/limits.test.js" },
	{ 300, "files", "read_text_file", PATH("@WS@/src/limits.js"), DEMO_ALLOWED,
		"MAX_PER_MINUTE = 600" },
	{ 360, "files", "read_multiple_files",
		"{\"paths\":[\"@WS@/src/server.js\",\"@WS@/test/limits.test.js\"]}", DEMO_ALLOWED,
		"refuse(res)" },
	{ 420, "files", "get_file_info", PATH("@WS@/src/limits.js"), DEMO_ALLOWED, "size: " },
	{ 460, "files", "edit_file", EDIT, DEMO_ALLOWED, "3 edits" },
	{ 500, "files", "edit_file", SCRIPTS, DEMO_APPROVED, "1 edit" },
	{ 600, "shell", "run_command", "{\"command\":\"npm install left-padd\"}", DEMO_CANCELLED,
		"" },
	{ 700, "files", "write_file", PROFILE, DEMO_APPROVED, "Wrote" },
	{ 800, "shell", "run_command", "{\"command\":\"git push origin main\"}", DEMO_DENIED,
		"main is pushed by the release job; open a pull request from feature/demo" },
	{ 900, "files", "read_text_file", PATH("@WS@/src/server.js"), DEMO_ALLOWED,
		"createServer" },
	{ 5000, "files", "read_text_file", PATH("@WS@/test/limits.test.js"), DEMO_ALLOWED,
		"node:test" },
	{ 9000, "files", "list_directory", PATH("@WS@/docs"), DEMO_ALLOWED, "[FILE] design.md" },
	{ 14000, "files", "read_text_file", PATH("@WS@/docs/design.md"), DEMO_ALLOWED,
		"one minute" },
	{ 16000, "files", "write_file", NOTES, DEMO_ALLOWED, "Wrote" },
	{ 20000, "files", "write_file", PIPELINE, DEMO_APPROVED, "Wrote" },
	{ 30000, "files", "get_file_info", PATH("@WS@/docs/design.md"), DEMO_ALLOWED, "size: " },
};
const size_t demo_call_count = COUNT_OF(demo_calls);

const char *demo_fate_words(enum demo_fate fate)
{
	static const char *const words[] = {
#define X(id, text) text,
		DEMO_FATES(X)
#undef X
	};
	return words[fate];
}

size_t demo_server_of(const struct demo_call *call)
{
	size_t i = 0;
	while (i < DEMO_SERVERS && strcmp(demo_servers[i].name, call->server) != 0) {
		i++;
	}
	assert(i < DEMO_SERVERS);
	return i;
}

/* Appends `path` as it stands inside a JSON string. */
static void add_path(struct buf *out, const char *scratch, const char *path)
{
	struct buf quoted = { 0 };
	struct jsonw w = jw_start(&quoted);
	char *whole = xasprintf("%s/%s", scratch, path);
	jw_text(&w, whole);
	buf_add(out, quoted.data + 1, quoted.len - 2);
	buf_finish(&quoted);
	free(whole);
}

void demo_arguments(const struct demo_call *call, const char *scratch, struct buf *out)
{
	static const struct {
		const char *mark, *path;
	} marks[] = { { "@WS@", "ws" }, { "@HOME@", "home" } };
	const char *at = call->arguments;
	while (*at) {
		size_t i = 0;
		while (i < COUNT_OF(marks) &&
			strncmp(at, marks[i].mark, strlen(marks[i].mark)) != 0) {
			i++;
		}
		if (i < COUNT_OF(marks)) {
			add_path(out, scratch, marks[i].path);
			at += strlen(marks[i].mark);
		} else {
			buf_char(out, *at++);
		}
	}
}

char *demo_target(
	const struct profiles *profiles, const struct demo_call *call, const char *scratch)
{
	const struct demo_server *server = &demo_servers[demo_server_of(call)];
	struct buf arguments = { 0 };
	struct effects effects;
	demo_arguments(call, scratch, &arguments);
	effects_extract(&effects,
		&(struct extract){ .profiles = profiles,
			.profile = span_of(server->profile ? server->profile : ""),
			.method = SPAN("tools/call"),
			.tool = span_of(call->tool),
			.arguments = buf_view(&arguments),
			.server = server->name,
			.cwd = scratch });
	char *target = xstrdup(effects_target(&effects));
	effects_finish(&effects);
	buf_finish(&arguments);
	return target;
}

void demo_text_of(struct span result, struct buf *out, bool *is_error)
{
	struct span value, key, item, text;
	*is_error = json_type(result) == JSON_OBJECT && json_member(result, "isError", &value) &&
		json_type(value) == JSON_TRUE;
	if (json_type(result) != JSON_OBJECT || !json_member(result, "content", &value) ||
		json_type(value) != JSON_ARRAY) {
		return;
	}
	struct json_walk walk = json_walk_of(value);
	while (json_next(&walk, &key, &item)) {
		if (json_type(item) == JSON_OBJECT && json_member(item, "text", &text) &&
			json_type(text) == JSON_STRING) {
			json_decode(text, out);
		}
	}
}
