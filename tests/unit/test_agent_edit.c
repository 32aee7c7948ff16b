/* What is changed in agents' files: servers behind the gate, hooks behind the others, the same
 * twice is once; and all of it taken back, also when the agent has written the file anew. */
#include "config.h"

#include "core/agent_edit.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct agent_front front = { "/opt/bin/bascule", NULL };

static const struct agent_file *file_of(const struct agent *agent, const char *path)
{
	const struct agent_file *file = agent->files;
	while (strcmp(file->path, path) != 0) {
		file++;
		assert_non_null(file->path);
	}
	return file;
}

static void plan(struct agent_edit *edit, const char *name, const char *path, const char *text)
{
	const struct agent *agent = agent_find(span_of(name));
	struct err err = { 0 };
	if (!agent_edit(
		    edit, agent, file_of(agent, path), path, span_of(text), &front, "/p", &err)) {
		fail_msg("%s", err.text);
	}
}

/* The text becomes `after`; a second plan finds nothing to do; taken back it is the text again. */
static void changes(const char *name, const char *path, const char *before, const char *after)
{
	struct agent_edit edit, again;
	struct buf notes = { 0 }, back = { 0 };
	struct err err = { 0 };
	plan(&edit, name, path, before);
	assert_string_equal(buf_cstr(&edit.file.text), after);
	plan(&again, name, path, after);
	assert_false(agent_edit_any(&again));
	conf_noted_write(&edit.file, &notes);
	if (!conf_take_back(path, buf_view(&notes), span_of(after), &back, &err)) {
		fail_msg("%s", err.text);
	}
	assert_string_equal(buf_cstr(&back), before);
	agent_edit_finish(&edit);
	agent_edit_finish(&again);
	buf_finish(&notes);
	buf_finish(&back);
}

#define CLAUDE_GROUP \
	"{\"matcher\": \"*\", \"hooks\": [{\"type\": \"command\", \"command\": " \
	"\"/opt/bin/bascule\", \"args\": [\"hook\", \"claude\", \"--limit\", \"86400\"], " \
	"\"timeout\": 86400, \"onFailure\": \"block\", " \
	"\"statusMessage\": \"bascule: waiting for approval\"}]}"

static void servers_are_wrapped(void **state)
{
	(void)state;
	changes("claude", ".mcp.json",
		"{ \"mcpServers\": {\"a\": {\"command\": \"npx\", \"args\": [\n\"-y\", \"x\" ], "
		"\"env\": {}}}}\n",
		"{ \"mcpServers\": {\"a\": {\"command\": \"/opt/bin/bascule\", \"args\": [\n"
		"\"run\", \"--name\", \"a\", \"--\", \"npx\",\n\"-y\", \"x\" ], "
		"\"env\": {}}}}\n");
	changes("claude", ".mcp.json",
		"{\"mcpServers\":{\"a\":{\"command\":\"x\",\"args\":[],\"timeout\":60000}}}",
		"{\"mcpServers\":{\"a\":{\"command\":\"/opt/bin/bascule\",\"args\":[\"run\", "
		"\"--name\", \"a\", \"--hold-max\", \"3540\", \"--\", \"x\"],"
		"\"timeout\":3600000}}}");
	changes("opencode", "opencode.jsonc",
		"{\"mcp\":{\"a\":{\"command\":[ // how\n \"npx\", \"x\", ],},},} // end",
		"{\"mcp\":{\"a\":{\"command\":[\"/opt/bin/bascule\", \"run\", \"--name\", \"a\", "
		"\"--\", // how\n \"npx\", \"x\", ],},},} // end");
	changes("codex", "~/.codex/config.toml",
		"model = 'x'\n\n[mcp_servers.a] # one\ncommand = 'npx' # two\nenv = { A = \"1\" "
		"}\n",
		"model = 'x'\n\n[mcp_servers.a] # one\ncommand = \"/opt/bin/bascule\" # two\n"
		"env = { A = \"1\" }\ntool_timeout_sec = 3600\nargs = [\"run\", \"--name\", \"a\", "
		"\"--hold-max\", \"3540\", \"--\", 'npx']\n");
}

static void hooks_stand_behind_the_others(void **state)
{
	(void)state;
	changes("claude", "~/.claude/settings.json",
		"{\"hooks\": {\"PreToolUse\": [{\"hooks\": []}]}, \"model\": \"x\"}",
		"{\"hooks\": {\"PreToolUse\": [{\"hooks\": []}, " CLAUDE_GROUP
		"]}, \"model\": \"x\"}");
}

/* An installation that has moved. */
static void another_bascule_is_replaced(void **state)
{
	(void)state;
	changes("claude", ".mcp.json",
		"{\"mcpServers\":{\"c\":{\"command\":\"/old/bascule\",\"args\":[\"run\",\"--\","
		"\"x\"]}}}",
		"{\"mcpServers\":{\"c\":{\"command\":\"/opt/bin/bascule\",\"args\":[\"run\",\"--\","
		"\"x\"]}}}");
	changes("opencode", "opencode.json",
		"{\"mcp\":{\"c\":{\"command\":[\"/old/bascule\",\"run\",\"--\",\"x\"]}}}",
		"{\"mcp\":{\"c\":{\"command\":[\"/opt/bin/bascule\",\"run\",\"--\",\"x\"]}}}");
	changes("gemini", "~/.gemini/settings.json",
		"{\"hooks\":{\"BeforeTool\":[{\"hooks\":[{\"command\":\"'/an old/bascule' hook "
		"gemini "
		"--limit 9\"}]}]}}",
		"{\"hooks\":{\"BeforeTool\":[{\"hooks\":[{\"command\":\"/opt/bin/bascule hook "
		"gemini "
		"--limit 9\"}]}]}}");
	changes("claude", "~/.claude/settings.json",
		"{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":\"/old/bascule\",\"args\":"
		"[\"hook\",\"claude\"]}]}]}}",
		"{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":\"/opt/bin/"
		"bascule\",\"args\":"
		"[\"hook\",\"claude\"]}]}]}}");
}

/* As Claude Code writes its file: two blanks a level, and more in it than there was. */
static void taken_back_from_what_was_written_anew(void **state)
{
	(void)state;
	struct agent_edit edit;
	struct buf notes = { 0 }, back = { 0 };
	struct err err = { 0 };
	plan(&edit, "claude", "~/.claude.json",
		"{\"mcpServers\":{\"a\":{\"command\":\"x\"}},\"n\":1}");
	conf_noted_write(&edit.file, &notes);
	static const char now[] =
		"{\n  \"n\": 2,\n  \"mcpServers\": {\n    \"a\": {\n      \"args\": [\n        "
		"\"run\",\n        \"--name\",\n        \"a\",\n        \"--\",\n        \"x\"\n"
		"      ],\n      \"command\": \"/opt/bin/bascule\"\n    }\n  }\n}\n";
	assert_true(conf_take_back("f", buf_view(&notes), span_of(now), &back, &err));
	assert_string_equal(buf_cstr(&back),
		"{\n  \"n\": 2,\n  \"mcpServers\": {\n    \"a\": {\n      \"command\": \"x\"\n"
		"    }\n  }\n}\n");
	buf_clear(&back);
	static const char edited[] = "{\"mcpServers\":{\"a\":{\"command\":\"/opt/bin/bascule\","
				     "\"args\":[\"run\",\"--\",\"y\"]}}}";
	assert_false(conf_take_back("f", buf_view(&notes), span_of(edited), &back, &err));
	assert_non_null(strstr(err.text, "args of a was changed since"));
	assert_int_equal(back.len, 0);
	assert_true(conf_take_back("f", buf_view(&notes), SPAN("{\"n\":3}"), &back, &err));
	assert_string_equal(buf_cstr(&back), "{\"n\":3}");
	agent_edit_finish(&edit);
	buf_finish(&notes);
	buf_finish(&back);
}

static void a_changed_hook_is_not_overlooked(void **state)
{
	(void)state;
	struct agent_edit edit;
	struct buf notes = { 0 }, back = { 0 };
	struct err err = { 0 };
	plan(&edit, "claude", "~/.claude/settings.json", "");
	conf_noted_write(&edit.file, &notes);
	static const char moved[] = "{\"hooks\":{\"PreToolUse\":[{\"a\":1}," CLAUDE_GROUP "]}}";
	assert_true(conf_take_back("f", buf_view(&notes), span_of(moved), &back, &err));
	assert_string_equal(buf_cstr(&back), "{\"hooks\":{\"PreToolUse\":[{\"a\":1}]}}");
	static const char other[] = "{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":"
				    "\"/opt/bin/bascule\"}]}]}}";
	assert_false(conf_take_back("f", buf_view(&notes), span_of(other), &back, &err));
	agent_edit_finish(&edit);
	buf_finish(&notes);
	buf_finish(&back);
}

static bool is_ours(void *data, const char *name)
{
	(void)data;
	return strcmp(name, "theirs") != 0;
}

static void unwraps(const char *name, const char *path, const char *text, const char *after)
{
	const struct agent *agent = agent_find(span_of(name));
	struct buf out = { 0 };
	struct err err = { 0 };
	bool good = agent_unwrap(
		agent, file_of(agent, path), path, span_of(text), "/p", is_ours, NULL, &out, &err);
	if (after) {
		assert_true(good);
		assert_string_equal(buf_cstr(&out), after);
	} else {
		assert_false(good);
		assert_int_equal(out.len, 0);
	}
	buf_finish(&out);
}

/* What somebody has changed there, comes out by what stands there. */
static void taken_out_without_notes(void **state)
{
	(void)state;
	unwraps("claude", ".mcp.json",
		"{\"mcpServers\":{\"a\":{\"command\":\"/b/bascule\",\"args\":[\"run\",\"--scope\","
		"\"/s\",\"--\",\"npx\",\"-y\",\"x\"]},\"b\":{\"command\":\"y\"}}}",
		"{\"mcpServers\":{\"a\":{\"command\":\"npx\",\"args\":[\"-y\", \"x\"]},"
		"\"b\":{\"command\":\"y\"}}}");
	unwraps("opencode", "opencode.json",
		"{\"mcp\":{\"a\":{\"command\":[\"/b/bascule\",\"run\","
		"\"--\",\"x\"]}}}",
		"{\"mcp\":{\"a\":{\"command\":[\"x\"]}}}");
	unwraps("codex", "~/.codex/config.toml",
		"[mcp_servers.a]\ncommand = '/b/bascule' # c\nargs = ['run', '--', 'x']\n",
		"[mcp_servers.a]\ncommand = \"x\" # c\nargs = []\n");
	unwraps("codex", "~/.codex/hooks.json",
		"{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":\"z\"},{\"command\":"
		"\"/b/bascule hook codex\"}]},{\"hooks\":[{\"command\":\"/c/bascule hook codex\"}]}"
		"]}}",
		"{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":\"z\"}]}]}}");
	unwraps("claude", ".mcp.json",
		"{\"mcpServers\":{\"a\":{\"command\":\"/b/bascule\",\"args\":[\"run\"]}}}", NULL);
	unwraps("claude", ".mcp.json", "{", NULL);
	static const char theirs[] = "{\"mcpServers\":{\"theirs\":{\"command\":\"/b/bascule\","
				     "\"args\":[\"run\",\"--\",\"x\"]}}}";
	unwraps("claude", ".mcp.json", theirs, theirs);
}

/* An entry that cannot be changed alone, or is not understood, is left whole. */
static void what_is_odd_is_left(void **state)
{
	(void)state;
	struct agent_edit edit;
	plan(&edit, "claude", ".mcp.json",
		"{\"mcpServers\":{\"a\":{\"command\":1},\"b\":{\"url\":\"x\"}}}");
	assert_false(agent_edit_any(&edit));
	assert_int_equal(edit.note_count, 2);
	for (size_t i = 0; i < edit.note_count; i++) {
		assert_true(edit.notes[i].left);
	}
	agent_edit_finish(&edit);
	plan(&edit, "claude", "~/.claude/settings.json", "{\"hooks\":{\"PreToolUse\":{}}}");
	assert_false(agent_edit_any(&edit));
	assert_int_equal(edit.note_count, 1);
	agent_edit_finish(&edit);
}

static void what_does_not_parse_is_named(void **state)
{
	(void)state;
	const struct agent *agent = agent_find(SPAN("claude"));
	struct agent_edit edit;
	struct err err = { 0 };
	assert_false(agent_edit(&edit, agent, agent->files, "settings.json",
		SPAN("{\n  // mine\n}"), &front, "/p", &err));
	assert_non_null(strstr(err.text, "settings.json:2:"));
	agent_edit_finish(&edit);
}

/* ---- every file of tests/configs, as each agent's ---- */

static struct buf read_file(const char *name)
{
	char *path = xasprintf("%s/tests/configs/%s", SRCDIR, name);
	FILE *file = fopen(path, "re");
	struct buf text = { 0 };
	size_t n = 1;
	assert_non_null(file);
	while (n) {
		buf_room(&text, 4096);
		n = fread(text.data + text.len, 1, 4096, file);
		text.len += n;
	}
	fclose(file);
	free(path);
	return text;
}

/* Changed, not changed again, and taken back byte for byte; how many edits it took. */
static size_t round_trip(const struct agent *agent, const struct agent_file *file, const char *name,
	struct span text)
{
	struct agent_edit edit, again;
	struct buf notes = { 0 }, back = { 0 };
	struct err err = { 0 };
	size_t count = 0;
	if (agent_edit(&edit, agent, file, name, text, &front, "/p", &err)) {
		count = edit.file.count;
		assert_true(agent_edit(
			&again, agent, file, name, buf_view(&edit.file.text), &front, "/p", &err));
		assert_false(agent_edit_any(&again));
		agent_edit_finish(&again);
		conf_noted_write(&edit.file, &notes);
		if (!conf_take_back(
			    name, buf_view(&notes), buf_view(&edit.file.text), &back, &err)) {
			fail_msg("%s: %s", name, err.text);
		}
		if (!span_same(buf_view(&back), text) && back.len + text.len) {
			fail_msg("%s as %s of %s", name, file->path, agent->name);
		}
	}
	agent_edit_finish(&edit);
	buf_finish(&notes);
	buf_finish(&back);
	return count;
}

static bool is_format(const char *name, enum conf_format format)
{
	static const char *const starts[] = { "json-", "jsonc-", "toml-" };
	bool json = strncmp(name, starts[CONF_JSON], 5) == 0;
	return strncmp(name, starts[format], strlen(starts[format])) == 0 ||
		(format == CONF_JSONC && json);
}

static size_t round_trips(const char *name)
{
	struct buf text = read_file(name);
	size_t edits = 0;
	for (size_t i = 0; agent_at(i); i++) {
		for (const struct agent_file *file = agent_at(i)->files; file->path; file++) {
			if (!(file->holds & AGENT_PLUGIN) && is_format(name, file->format)) {
				edits += round_trip(agent_at(i), file, name, buf_view(&text));
			}
		}
	}
	buf_finish(&text);
	return edits;
}

static void every_layout_there_and_back(void **state)
{
	(void)state;
	DIR *dir = opendir(SRCDIR "/tests/configs");
	size_t files = 0, edits = 0;
	assert_non_null(dir);
	for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		if (entry->d_name[0] != '.') {
			files++;
			edits += round_trips(entry->d_name);
		}
	}
	closedir(dir);
	assert_true(files > 60);
	assert_true(edits > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_are_wrapped),
		cmocka_unit_test(hooks_stand_behind_the_others),
		cmocka_unit_test(another_bascule_is_replaced),
		cmocka_unit_test(taken_back_from_what_was_written_anew),
		cmocka_unit_test(a_changed_hook_is_not_overlooked),
		cmocka_unit_test(taken_out_without_notes),
		cmocka_unit_test(what_is_odd_is_left),
		cmocka_unit_test(what_does_not_parse_is_named),
		cmocka_unit_test(every_layout_there_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
