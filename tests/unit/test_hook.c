/* What hooks of agents are given, in tests/hooks, and what they answer, to the byte. */
#include "config.h"

#include "core/effects/profile.h"
#include "core/hook.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DIR_OF SRCDIR "/tests/hooks/"
#define BEFORE "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\","
#define PERMISSION "{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{"

/* Every fixture, and all that is read of it. */
static const struct given {
	const char *file, *said;
} given[] = {
	{ "claude-bash.json",
		"1 Bash {\"command\":\"rm -rf build\",\"description\":\"Remove the build folder\"} "
		"cwd=/ws session=0f8b3a52-7c1d-4e7e-9a53-2f1f0c9a7b11 turn=p-17 call=toolu_01A "
		"mode=default" },
	{ "claude-edit-subagent.json",
		"1 Edit {\"file_path\":\"/ws/a.c\",\"old_string\":\"int a;\",\"new_string\":\"int "
		"b;\","
		"\"replace_all\":false} cwd=/ws session=0f8b3a52 turn=p-18 call=toolu_01B "
		"agent=a-3 "
		"type=Explore mode=acceptEdits" },
	{ "claude-mcp.json",
		"1 mcp__my_files__write_file {\"path\":\"/ws/a\",\"content\":\"x\"} cwd=/ws "
		"session=0f8b3a52 turn=p-19 call=toolu_01C mode=default of_server server=my.files "
		"tool=write_file" },
	{ "claude-permission.json",
		"2 Write {\"file_path\":\"/ws/n\",\"content\":\"x\"} cwd=/ws session=0f8b3a52 "
		"turn=p-20 mode=default" },
	{ "claude-stop.json", "3 - -" },
	{ "codex-bash.json",
		"1 Bash {\"command\":\"git push origin main\"} cwd=/ws session=019a-77 turn=t-2 "
		"call=call_1 model=gpt-5-codex mode=default" },
	{ "codex-mcp.json",
		"1 mcp__files__write_file {\"path\":\"/ws/a\",\"content\":\"x\"} cwd=/ws "
		"session=019a-77 turn=t-4 call=call_3 model=gpt-5-codex mode=bypassPermissions "
		"of_server server=files tool=write_file" },
	{ "codex-patch.json",
		"1 apply_patch {\"command\":\"*** Begin Patch\\n*** Add File: a\\n+x\\n*** End "
		"Patch\\n\"} cwd=/ws session=019a-77 turn=t-3 call=call_2 agent=g-1 type=worker "
		"model=gpt-5-codex mode=default" },
	{ "codex-permission.json",
		"2 Bash {\"command\":\"npm install left-pad\",\"description\":\"needs the "
		"network\"} "
		"cwd=/ws session=019a-77 turn=t-5 model=gpt-5-codex mode=default" },
	{ "gemini-mcp.json",
		"1 mcp_my_files_write_file {\"path\":\"/ws/a\",\"content\":\"x\"} cwd=/ws "
		"session=5d1c of_server server=my_files tool=write_file "
		"starts=/usr/bin/bascule "
		"[\"run\",\"--name\",\"my_files\",\"--\",\"node\",\"s.js\"]" },
	{ "gemini-shell.json",
		"1 run_shell_command {\"command\":\"rm -rf build\",\"description\":\"Remove the "
		"build folder\",\"is_background\":false} cwd=/ws session=5d1c" },
	{ "opencode-bash.json",
		"1 bash {\"command\":\"rm -rf build\",\"description\":\"Remove the build folder\"} "
		"cwd=/ws session=ses_1 call=call_1" },
	{ "opencode-mcp.json",
		"1 files_write_file {\"path\":\"/ws/a\",\"content\":\"x\"} cwd=/ws session=ses_1 "
		"call=call_2" },
#include "tests/unit/hook_recorded_table.h"
};

static char *read_file(const char *name)
{
	char *path = xasprintf("%s%s", DIR_OF, name), *text = xcalloc(1, 1 << 16);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(read(fd, text, (1 << 16) - 1) > 0);
	close(fd);
	free(path);
	return text;
}

static const struct hook_form *form_of(const char *file)
{
	const struct hook_form *form = hook_find((struct span){ file, strcspn(file, "-") });
	assert_non_null(form);
	return form;
}

static void tell(struct buf *out, const char *name, const char *text)
{
	if (text) {
		buf_printf(out, " %s=%s", name, text);
	}
}

static char *summary(const struct hook_call *call)
{
	struct buf out = { 0 };
	buf_printf(&out, "%d %s ", call->event, call->tool ? call->tool : "-");
	buf_span(&out, call->arguments.at ? call->arguments : SPAN("-"));
	tell(&out, "cwd", call->cwd);
	tell(&out, "session", call->session);
	tell(&out, "turn", call->turn);
	tell(&out, "call", call->call_id);
	tell(&out, "agent", call->agent_id);
	tell(&out, "type", call->agent_type);
	tell(&out, "model", call->model);
	tell(&out, "mode", call->permission_mode);
	buf_text(&out, call->of_server ? " of_server" : "");
	tell(&out, "server", call->server);
	tell(&out, "tool", call->server_tool);
	tell(&out, "starts", call->server_command);
	if (call->server_args.at) {
		buf_char(&out, ' ');
		buf_span(&out, call->server_args);
	}
	return buf_cstr(&out);
}

static void each_input_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(given); i++) {
		char *text = read_file(given[i].file);
		struct hook_call call;
		struct err err = { 0 };
		if (!hook_read(form_of(given[i].file), &call, span_of(text), &err)) {
			fail_msg("%s: %s", given[i].file, err.text);
		}
		char *said = summary(&call);
		assert_string_equal(said, given[i].said);
		free(said);
		hook_call_finish(&call);
		free(text);
	}
}

/* A fixture without a row, or without a word on where it comes from, is none. */
static void each_input_has_its_source(void **state)
{
	char *sources = read_file("SOURCES");
	DIR *dir = opendir(DIR_OF);
	size_t count = 0;
	(void)state;
	assert_non_null(dir);
	for (const struct dirent *at; (at = readdir(dir));) {
		if (!span_ends(span_of(at->d_name), ".json")) {
			continue;
		}
		char *line = xasprintf("\n%s ", at->d_name);
		const char *found = strstr(sources, line);
		assert_non_null(found);
		found += strlen(line) + strspn(found + strlen(line), " ");
		assert_true(span_starts(span_of(found), "recorded ") ||
			span_starts(span_of(found), "documentation "));
		free(line);
		count++;
	}
	assert_int_equal(count, COUNT_OF(given));
	closedir(dir);
	free(sources);
}

#define NO "bascule: "

static const struct answer_row {
	const char *file;
	enum hook_kind kind;
	const char *edited, *reason;
	int code;
	const char *out, *err;
} answers[] = {
	{ "claude-bash.json", HOOK_ALLOW, NULL, NULL, 0,
		BEFORE "\"permissionDecision\":\"allow\"}}\n", "" },
	{ "claude-bash.json", HOOK_ALLOW, "{\"command\":\"ls\"}", NULL, 0,
		BEFORE "\"permissionDecision\":\"allow\",\"updatedInput\":{\"command\":\"ls\"}}}\n",
		"" },
	{ "claude-bash.json", HOOK_DENY, NULL, "not \"that\"", 2,
		BEFORE "\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"" NO
		       "not \\\"that\\\"\"}}\n",
		NO "not \"that\"\n" },
	{ "claude-bash.json", HOOK_NO_OPINION, NULL, NULL, 0, "", "" },
	{ "claude-permission.json", HOOK_ALLOW, NULL, NULL, 0,
		PERMISSION "\"behavior\":\"allow\"}}}\n", "" },
	{ "claude-permission.json", HOOK_ALLOW, "{\"file_path\":\"/ws/m\",\"content\":\"\"}", NULL,
		0,
		PERMISSION "\"behavior\":\"allow\",\"updatedInput\":{\"file_path\":\"/ws/m\","
			   "\"content\":\"\"}}}}\n",
		"" },
	{ "claude-permission.json", HOOK_DENY, NULL, "no", 0,
		PERMISSION "\"behavior\":\"deny\",\"message\":\"" NO "no\"}}}\n", "" },
	{ "claude-stop.json", HOOK_NO_OPINION, NULL, NULL, 0, "", "" },
	{ "claude-stop.json", HOOK_DENY, NULL, "no", 0, "", "" },
	{ "claude-stop.json", HOOK_ALLOW, "{}", NULL, 0, "", "" },
	/* there an allow grants nothing, and to say it is a fault */
	{ "codex-bash.json", HOOK_ALLOW, NULL, NULL, 0, "", "" },
	{ "codex-bash.json", HOOK_ALLOW, "{\"command\":\"git status\"}", NULL, 0,
		BEFORE "\"permissionDecision\":\"allow\",\"updatedInput\":{\"command\":\"git "
		       "status\"}}}\n",
		"" },
	{ "codex-bash.json", HOOK_DENY, NULL, "no", 2,
		BEFORE "\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"" NO
		       "no\"}}\n",
		NO "no\n" },
	{ "codex-bash.json", HOOK_NO_OPINION, NULL, NULL, 0, "", "" },
	{ "codex-permission.json", HOOK_ALLOW, NULL, NULL, 0,
		PERMISSION "\"behavior\":\"allow\"}}}\n", "" },
	{ "codex-permission.json", HOOK_ALLOW, "{\"command\":\"ls\"}", NULL, 2,
		PERMISSION "\"behavior\":\"deny\",\"message\":\"" NO
			   "not run: it was approved with other arguments, which this agent "
			   "cannot be given\"}}}\n",
		NO "not run: it was approved with other arguments, which this agent cannot be "
		   "given\n" },
	{ "codex-permission.json", HOOK_DENY, NULL, "no", 2,
		PERMISSION "\"behavior\":\"deny\",\"message\":\"" NO "no\"}}}\n", NO "no\n" },
	{ "gemini-shell.json", HOOK_ALLOW, NULL, NULL, 0, "{\"decision\":\"allow\"}\n", "" },
	{ "gemini-shell.json", HOOK_ALLOW,
		"{\"command\":\"ls\",\"description\":\"\",\"is_background\":false}", NULL, 0,
		"{\"decision\":\"allow\",\"hookSpecificOutput\":{\"hookEventName\":\"BeforeTool\","
		"\"tool_input\":{\"command\":\"ls\",\"description\":\"\",\"is_background\":false}}}"
		"\n",
		"" },
	/* it would keep is_background */
	{ "gemini-shell.json", HOOK_ALLOW, "{\"command\":\"ls\",\"description\":\"\"}", NULL, 2,
		"{\"decision\":\"deny\",\"reason\":\"" NO
		"not run: it was approved without one of its arguments, and this agent cannot be "
		"made to leave one out\"}\n",
		NO "not run: it was approved without one of its arguments, and this agent cannot "
		   "be made to leave one out\n" },
	{ "gemini-shell.json", HOOK_DENY, NULL, "no", 2,
		"{\"decision\":\"deny\",\"reason\":\"" NO "no\"}\n", NO "no\n" },
	{ "gemini-shell.json", HOOK_NO_OPINION, NULL, NULL, 0, "", "" },
	{ "opencode-bash.json", HOOK_ALLOW, NULL, NULL, 0, "{\"decision\":\"allow\"}\n", "" },
	{ "opencode-bash.json", HOOK_ALLOW, "{\"command\":\"ls\"}", NULL, 0,
		"{\"decision\":\"allow\",\"args\":{\"command\":\"ls\"}}\n", "" },
	{ "opencode-bash.json", HOOK_DENY, NULL, "no", 2,
		"{\"decision\":\"deny\",\"reason\":\"" NO "no\"}\n", NO "no\n" },
	{ "opencode-bash.json", HOOK_NO_OPINION, NULL, NULL, 0, "{\"decision\":\"none\"}\n", "" },
	/* edits that are no object, or more than one */
	{ "opencode-bash.json", HOOK_ALLOW, "[]", NULL, 2,
		"{\"decision\":\"deny\",\"reason\":\"" NO
		"not run: it was approved with arguments that are no JSON object of at most 256 "
		"KiB\"}\n",
		NO "not run: it was approved with arguments that are no JSON object of at most 256 "
		   "KiB\n" },
	{ "opencode-bash.json", HOOK_ALLOW, "{}}{\"a\":1", NULL, 2,
		"{\"decision\":\"deny\",\"reason\":\"" NO
		"not run: it was approved with arguments that are no JSON object of at most 256 "
		"KiB\"}\n",
		NO "not run: it was approved with arguments that are no JSON object of at most 256 "
		   "KiB\n" },
	/* on one line whatever it was laid out like; a reason that says nothing */
	{ "opencode-bash.json", HOOK_ALLOW, "{\n \"command\":\n\"ls\"\n}", NULL, 0,
		"{\"decision\":\"allow\",\"args\":{  \"command\": \"ls\" }}\n", "" },
	{ "opencode-bash.json", HOOK_DENY, NULL, " \n", 2,
		"{\"decision\":\"deny\",\"reason\":\"" NO "not allowed\"}\n", NO "not allowed\n" },
};

static void each_answer_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		const struct answer_row *row = &answers[i];
		char *text = read_file(row->file);
		struct hook_call call;
		struct buf out = { 0 }, err = { 0 };
		assert_true(hook_read(form_of(row->file), &call, span_of(text), NULL));
		struct hook_answer answer = { row->kind, span_of(row->edited),
			span_of(row->reason) };
		int code = hook_say(form_of(row->file), &call, &answer, &out, &err);
		assert_string_equal(buf_cstr(&out), row->out);
		assert_string_equal(buf_cstr(&err), row->err);
		assert_int_equal(code, row->code);
		buf_finish(&out);
		buf_finish(&err);
		hook_call_finish(&call);
		free(text);
	}
}

static void each_failure_is_said(void **state)
{
	static const struct {
		const char *agent;
		enum hook_event event;
		const char *out, *err;
		int code;
	} rows[] = {
		{ NULL, HOOK_UNREAD, "", NO "no such agent\n", 2 },
		{ "claude", HOOK_UNREAD, "", NO "no such agent\n", 2 },
		{ "codex", HOOK_UNREAD, "", NO "no such agent\n", 2 },
		{ "gemini", HOOK_UNREAD,
			"{\"decision\":\"deny\",\"reason\":\"" NO "no such agent\"}\n",
			NO "no such agent\n", 2 },
		{ "opencode", HOOK_UNREAD,
			"{\"decision\":\"deny\",\"reason\":\"" NO "no such agent\"}\n",
			NO "no such agent\n", 2 },
		{ "claude", HOOK_BEFORE_TOOL,
			BEFORE "\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"" NO
			       "no such agent\"}}\n",
			NO "no such agent\n", 2 },
		{ "claude", HOOK_PERMISSION,
			PERMISSION "\"behavior\":\"deny\",\"message\":\"" NO "no such agent\"}}}\n",
			"", 0 },
		{ "codex", HOOK_PERMISSION,
			PERMISSION "\"behavior\":\"deny\",\"message\":\"" NO "no such agent\"}}}\n",
			NO "no such agent\n", 2 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct hook_call call = { .event = rows[i].event };
		struct buf out = { 0 }, err = { 0 };
		int code = hook_failed(hook_find(span_of(rows[i].agent)),
			i % 2 || rows[i].event ? &call : NULL, "no such agent", &out, &err);
		assert_string_equal(buf_cstr(&out), rows[i].out);
		assert_string_equal(buf_cstr(&err), rows[i].err);
		assert_int_equal(code, rows[i].code);
		buf_finish(&out);
		buf_finish(&err);
	}
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What a name says of servers, where the agent does not. */
static void servers_are_told_by_the_name(void **state)
{
	static const struct {
		const char *agent, *tool, *beside, *server, *inner;
		bool of_server;
	} rows[] = {
		{ "claude", "mcp__a__b", "", "a", "b", true },
		{ "claude", "mcp__a__b__c", "", NULL, NULL, true },
		{ "claude", "mcp__a___b", "", NULL, NULL, true },
		{ "claude", "mcp__a", "", NULL, NULL, true },
		{ "claude", "mcp__a__", "", NULL, NULL, true },
		{ "claude", "mcp____b", "", NULL, NULL, true },
		{ "claude", "mcp__", "", NULL, NULL, true },
		{ "claude", "Mcp__a__b", "", NULL, NULL, false },
		{ "claude", "mcp_a_b", "", NULL, NULL, false },
		{ "claude", "mcp__a__b__c", ",\"mcp_server\":{\"name\":\"a__b\"}", "a__b", "c",
			true },
		{ "claude", "mcp__a__b__c", ",\"mcp_server\":{\"name\":\"a\"}", "a", "b__c", true },
		{ "claude", "mcp__a_b__c", ",\"mcp_server\":{\"name\":\"a b\"}", "a b", "c", true },
		/* another server's name: the form alone is believed */
		{ "claude", "mcp__a__b", ",\"mcp_server\":{\"name\":\"x\"}", "a", "b", true },
		{ "claude", "mcp__a__", ",\"mcp_server\":{\"name\":\"a\"}", NULL, NULL, true },
		{ "codex", "mcp__a__b", "", "a", "b", true },
		{ "gemini", "mcp_a_b", "", NULL, NULL, true },
		{ "gemini", "mcp__a__b", "", NULL, NULL, true },
		{ "gemini", "read_file", "", NULL, NULL, false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = xasprintf("{\"hook_event_name\":\"%s\",\"session_id\":\"s\","
				       "\"cwd\":\"/w\",\"tool_name\":\"%s\",\"tool_input\":{}%s}",
			rows[i].agent[0] == 'g' ? "BeforeTool" : "PreToolUse", rows[i].tool,
			rows[i].beside);
		struct hook_call call;
		assert_true(
			hook_read(hook_find(span_of(rows[i].agent)), &call, span_of(text), NULL));
		if (call.of_server != rows[i].of_server || !same(call.server, rows[i].server) ||
			!same(call.server_tool, rows[i].inner)) {
			fail_msg("%s %s: %s %s", rows[i].tool, rows[i].beside,
				call.server ? call.server : "-",
				call.server_tool ? call.server_tool : "-");
		}
		hook_call_finish(&call);
		free(text);
	}
}

/* Each form's profile is shipped, and has every tool that the agents' pages name. */
static void profiles_know_the_names(void **state)
{
	static const struct {
		const char *agent, *tools;
	} rows[] = {
		{ "claude",
			"Bash PowerShell Monitor Write Edit NotebookEdit Read Glob Grep WebFetch "
			"WebSearch Agent Skill Workflow CronCreate RemoteTrigger EnterWorktree" },
		{ "codex", "Bash apply_patch exec_command write_stdin view_image web_search" },
		{ "gemini",
			"run_shell_command write_file replace read_file read_many_files "
			"list_directory glob grep_search web_fetch google_web_search "
			"invoke_agent" },
		{ "opencode", "bash write edit read webfetch task" },
	};
	struct profiles *profiles = profiles_create();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct hook_form *form = hook_at(i);
		assert_string_equal(form->name, rows[i].agent);
		assert_ptr_equal(hook_find(span_of(form->profile)), form);
		const struct profile *profile = profiles_find(profiles, span_of(form->profile));
		assert_non_null(profile);
		for (const char *at = rows[i].tools; *at; at += strspn(at, " ")) {
			struct span tool = { at, strcspn(at, " ") };
			if (!profile_tool(profile, tool)) {
				fail_msg("%s: %.*s", form->profile, SPAN_FMT(tool));
			}
			at += tool.len;
		}
	}
	assert_null(hook_at(COUNT_OF(rows)));
	assert_null(hook_find(SPAN("Claude")));
	assert_null(hook_find(SPAN("")));
	assert_null(hook_find((struct span){ 0 }));
	profiles_destroy(profiles);
}

static void a_version_as_the_agent_tells_it(void **state)
{
	static const struct {
		const char *agent, *said, *version;
	} rows[] = {
		{ "claude", NULL, "" },
		{ "claude", "", "" },
		{ "claude", "claude-code", "" },
		{ "claude", "claude-code/", "" },
		{ "claude", "claude-code/2.1.330/agent", "2.1.330" },
		{ "claude", "claude-code_2-1-330_agent", "2.1.330" },
		{ "claude", "claude-code_2-1-0-beta-3_agent", "2.1.0-beta-3" },
		{ "claude", "claude-code_2-", "2-" },
		{ "claude", "claude-code/agent", "" },
		{ "claude", "claude-codex/1", "" },
		{ "claude", "gemini-cli/0.61.0", "" },
		{ "codex", "codex@0.169.0", "0.169.0" },
		{ "codex", "codex 0.169.0\033[2J", "0.169.0" },
		{ "codex", "codex/111111111122222222223333333333444", "" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *version = hook_version(hook_find(span_of(rows[i].agent)), rows[i].said);
		assert_string_equal(version, rows[i].version);
		free(version);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_input_is_read),
		cmocka_unit_test(a_version_as_the_agent_tells_it),
		cmocka_unit_test(each_input_has_its_source),
		cmocka_unit_test(each_answer_is_said),
		cmocka_unit_test(each_failure_is_said),
		cmocka_unit_test(servers_are_told_by_the_name),
		cmocka_unit_test(profiles_know_the_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
