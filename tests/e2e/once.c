/* An agent's call at its hook, and the same at the gate in front of the server. */
#include "config.h"

#include "tests/e2e/once.h"

#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdlib.h>

/* ---- the agent ---- */

/* Claude Code names the call to its hook and to the server; `id` may be NULL. */
struct asked once_claude(struct world *w, const char *id, const char *arguments)
{
	char *named = id ? xasprintf(",\"tool_use_id\":\"%s\"", id) : xstrdup("");
	char *text = xasprintf("{\"session_id\":\"s-1\",\"transcript_path\":\"/t\",\"cwd\":\"%s\","
			       "\"permission_mode\":\"default\",\"hook_event_name\":\"PreToolUse\","
			       "\"tool_name\":\"mcp__files__write_file\",\"tool_input\":%s,"
			       "\"mcp_server\":{\"name\":\"files\",\"source\":\"project\"}%s}",
		w->work, arguments, named);
	return asked_start(w, "claude", text);
}

/* Gemini CLI names no call to either. */
struct asked once_gemini(struct world *w, const char *arguments)
{
	char *text = xasprintf(
		"{\"session_id\":\"s-1\",\"transcript_path\":\"/t\",\"cwd\":\"%s\","
		"\"hook_event_name\":\"BeforeTool\",\"timestamp\":\"2026-11-23T09:00:00.000Z\","
		"\"tool_name\":\"mcp_files_write_file\",\"tool_input\":%s,\"mcp_context\":{"
		"\"server_name\":\"files\",\"tool_name\":\"write_file\",\"command\":"
		"\"/usr/bin/bascule\",\"args\":[\"run\",\"--name\",\"files\"]}}",
		w->work, arguments);
	return asked_start(w, "gemini", text);
}

/* opencode says of a tool neither that it is a server's nor whose, and names no call to servers. */
struct asked once_opencode(struct world *w, const char *tool, const char *arguments)
{
	char *text = xasprintf("{\"hook\":\"tool.execute.before\",\"directory\":\"%s\",\"tool\":"
			       "\"%s\",\"sessionID\":\"s-1\",\"callID\":\"c-1\",\"args\":%s}",
		w->work, tool, arguments);
	return asked_start(w, "opencode", text);
}

char *once_meta(const char *id)
{
	return xasprintf("{\"claudecode/toolUseId\":\"%s\"}", id);
}

/* The broker knows the tools of so many gates. */
void once_until_told(struct world *w, int count)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	for (int told = 0; told != count;) {
		const cJSON *answer = person_ask(w->person, "servers", "{}"), *server;
		told = 0;
		cJSON_ArrayForEach(server, pick(answer, "result.servers"))
		{
			told += pick_true(server, "listed");
		}
		CHECK(w, now_ms() < end);
	}
}

struct scene once_scene(struct world *w)
{
	world_broker(w);
	char *path = world_file(w->outside, "a.txt");
	struct client *server = client_open(w, &(struct launch){ 0 });
	once_until_told(w, 1);
	return (struct scene){ server, path, args_write(path, "new") };
}

const cJSON *once_held(struct world *w)
{
	return person_item(w->person, "write_file", "held");
}

int64_t once_approve(struct world *w, struct asked *asked)
{
	const cJSON *item = once_held(w);
	int64_t number = pick_int(item, "number");
	CHECK_TEXT(w, pick_text(item, "server"), "files");
	person_approve(w->person, item);
	CHECK_HAS(w, asked_said(asked, 0), "allow");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
	return number;
}

/* It is a question, and has not run. */
const cJSON *once_question(struct world *w, struct client *c, const char *id)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	const cJSON *item;
	while (!(item = person_look(w->person, "write_file", "held"))) {
		CHECK(w, !peer_look(&c->peer, match_reply, id) && now_ms() < end);
		peer_pump(&w->person->peer, 5);
		peer_pump(&c->peer, 5);
	}
	return item;
}

void once_expect_asked(struct world *w, struct client *c, const char *id)
{
	person_deny(w->person, once_question(w, c, id), "not twice");
	client_expect_refusal(c, id);
}

size_t once_grants(struct world *w)
{
	return (size_t)cJSON_GetArraySize(
		pick(person_ask(w->person, "grants", "{}"), "result.grants"));
}
