/* What calls do, by role of their arguments and by what their tool does as a whole. */
#include "config.h"

#include "core/effects/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *profile, *tool, *arguments, *effects;
} rows[] = {
	/* paths, and what they are seen from */
	{ "filesystem", "read_text_file", "{\"path\":\"a\"}", "read a @scope:" },
	{ "filesystem", "list_directory", "{\"path\":\"/a\"}", "read /a list @scope:" },
	{ "filesystem", "write_file", "{\"path\":\"/a\",\"content\":\"\"}",
		"write /a replace @scope:" },
	{ "filesystem", "edit_file", "{\"path\":\"/a\",\"edits\":[],\"dryRun\":true}",
		"write /a edit @scope:" },
	{ "filesystem", "create_directory", "{\"path\":\"/a\"}", "write /a mkdir @scope:" },
	{ "filesystem", "move_file", "{\"destination\":\"b\",\"source\":\"a\"}",
		"write a away @scope:; write b replace @scope:" },
	{ "desktop-commander", "start_search", "{\"path\":\"src\",\"pattern\":\"x\"}",
		"read src tree @/w" },
	{ "claude-code", "Grep", "{\"pattern\":\"x\",\"-n\":true}", "read . tree @/w" },
	{ "claude-code", "Grep", "{\"pattern\":\"x\",\"path\":null}", "read . tree @/w" },
	{ "claude-code", "Grep", "{\"pattern\":\"x\",\"path\":\"../\"}", "read ../ tree @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"**/*.c\"}", "read . list @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"/home/u/.ssh/*\",\"path\":\"a\"}",
		"read /home/u/.ssh list @/w; read a list @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"/*\",\"path\":\"a\"}",
		"read / list @/w; read a list @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"{a,../../b}/*\",\"path\":\"a\"}",
		"unknown a pattern that may lead anywhere; read a list @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"~/*\",\"path\":\"a\"}",
		"unknown a pattern that may lead anywhere; read a list @/w" },
	{ "gemini-cli", "read_many_files", "{\"include\":[\"src/**/*.c\",\"*.md\"]}",
		"read src tree src/**/*.c @/w; read . tree *.md @/w" },
	{ "gemini-cli", "read_many_files", "{\"include\":[\"a/.env\",\"**/*\"]}",
		"read a/.env tree @/w; read . tree @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"src//x/*.c\",\"path\":\"a\"}",
		"read a/src//x list @/w; read a list @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"src/*.c\"}",
		"read src list @/w; read . list @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"{a,/etc}/*\"}",
		"unknown a pattern that may lead anywhere; read . list @/w" },
	{ "claude-code", "Glob", "{\"pattern\":\"file:///etc/*\"}",
		"unknown a pattern that may lead anywhere; read . list @/w" },
	/* what a search is restricted to */
	{ "claude-code", "Grep", "{\"pattern\":\"x\",\"glob\":\"*.ts\",\"path\":\"a\"}",
		"read a tree *.ts @/w" },
	{ "claude-code", "Grep", "{\"pattern\":\"x\",\"glob\":\"!*.ts **/*\"}", "read . tree @/w" },
	{ "claude-code", "Grep", "{\"pattern\":\"x\",\"glob\":\"*.{a,b} .env*,c\"}",
		"read . tree *.{a,b} @/w; read . tree .env* @/w; read . tree c @/w" },
	{ "desktop-commander", "start_search",
		"{\"path\":\"a\",\"pattern\":\"x\",\"filePattern\":\"*.a|*.b\",\"includeHidden\":"
		"true}",
		"read a tree *.a @/w; unknown an argument whose effect is not known: "
		"includeHidden; read a tree *.b @/w" },
	{ "gemini-cli", "read_many_files", "{\"include\":[]}", "unknown a list that is empty" },
	{ "playwright", "browser_snapshot", "{\"filename\":\"a.md\"}",
		"write a.md replace @/w; tool browser_snapshot read playwright" },
	{ "playwright", "browser_snapshot", "{}", "tool browser_snapshot read playwright" },
	/* places */
	{ "git", "git_status", "{\"repo_path\":\"/r\"}", "read /r list @/w; read . list @/r" },
	{ "git", "git_add", "{\"repo_path\":\"/r\",\"files\":[\"a\",\"b/c\"]}",
		"read /r list @/w; read . list @/r; read a @/r; read b/c @/r" },
	{ "git", "git_add", "{\"files\":[\"a\"],\"repo_path\":\"sub\"}",
		"read sub list @/w; read . list @/w/sub; read a @/w/sub" },
	{ "git", "git_add", "{\"repo_path\":\"~/r\",\"files\":[\"a\"]}",
		"read ~/r list @/w; unknown a directory that is seen from a place that is not "
		"known; read a" },
	{ "git", "git_add", "{\"files\":[\"a\"]}", "unknown a path that is missing; read a @/w" },
	{ "git", "git_add", "{\"repo_path\":\"/r\",\"files\":[\"-A\",\":/\"]}",
		"read /r list @/w; read . list @/r; unknown a file that git "
		"reads as something else; read -A @/r; "
		"unknown a file that git reads as something else; read :/ @/r" },
	{ "git", "git_commit", "{\"repo_path\":\"/r\",\"message\":\"m\"}",
		"read /r list @/w; read . list @/r; branch  commit @/r" },
	{ "git", "git_create_branch", "{\"repo_path\":\"/r\",\"branch_name\":\"f\"}",
		"read /r list @/w; read . list @/r; branch f create @/r" },
	{ "git", "git_checkout", "{\"repo_path\":\"/r\",\"branch_name\":\"f\"}",
		"read /r list @/w; read . list @/r; write f tree @/r; branch f switch @/r" },
	{ "git", "git_checkout", "{\"repo_path\":\"/r\",\"branch_name\":\"HEAD~3\"}",
		"read /r list @/w; read . list @/r; unknown a name that no "
		"branch can have; write HEAD~3 tree @/r; "
		"branch HEAD~3 switch @/r" },
	{ "git", "git_create_branch", "{\"repo_path\":\"/r\",\"branch_name\":\"HEAD\"}",
		"read /r list @/w; read . list @/r; unknown a name that no "
		"branch can have; branch HEAD create "
		"@/r" },
	{ "git", "git_create_branch", "{\"repo_path\":\"/r\",\"branch_name\":\"a..b\"}",
		"read /r list @/w; read . list @/r; unknown a name that no "
		"branch can have; branch a..b create "
		"@/r" },
	{ "git", "git_create_branch", "{\"repo_path\":\"/r\",\"branch_name\":\"a.lock\"}",
		"read /r list @/w; read . list @/r; unknown a name that no "
		"branch can have; branch a.lock create "
		"@/r" },
	/* kinds of a cluster */
	{ "kubernetes", "kubectl_get", "{\"resourceType\":\"pods\",\"output\":\"json\"}",
		"tool kubectl_get read kubernetes" },
	{ "kubernetes", "kubectl_get", "{\"resourceType\":\"secrets\"}",
		"cloud secrets kubernetes read; tool kubectl_get read kubernetes" },
	{ "kubernetes", "kubectl_get", "{\"resourceType\":\"pods,secrets\"}",
		"cloud pods,secrets kubernetes read; tool kubectl_get read kubernetes" },
	{ "kubernetes", "kubectl_get",
		"{\"resourceType\":\"pods\",\"output\":\"jsonpath-file=/etc/passwd\"}",
		"cloud jsonpath-file=/etc/passwd kubernetes read; tool kubectl_get read "
		"kubernetes" },
	{ "git", "git_reset", "{\"repo_path\":\"/r\"}",
		"read /r list @/w; read . list @/r; branch  move "
		"@/r" },
	{ "git", "git_checkout", "{\"repo_path\":\"/r\",\"branch_name\":\"--detach\"}",
		"read /r list @/w; read . list @/r; unknown a name that reads "
		"like an option; write --detach tree "
		"@/r; branch --detach switch @/r" },
	{ "git", "git_diff", "{\"repo_path\":\"/r\",\"target\":\"--output=x\"}",
		"read /r list @/w; read . list @/r; unknown a name that reads like an option" },
	/* remote branches */
	{ "github", "push_files", "{\"owner\":\"a\",\"repo\":\"b\",\"branch\":\"main\"}",
		"push main a/b" },
	{ "github", "push_files", "{\"owner\":\"a\",\"repo\":\"b\"}", "push  a/b" },
	{ "github", "create_branch", "{\"owner\":\"a\",\"branch\":\"x\"}", "push x" },
	{ "github", "create_branch", "{\"owner\":\"a\",\"repo\":\"b\"}",
		"unknown an argument that is missing; push  a/b" },
	{ "github", "merge_pull_request", "{\"owner\":\"a\",\"repo\":\"b\",\"pullNumber\":1}",
		"publish merge_pull_request github" },
	{ "github", "create_issue", "{\"owner\":\"a\",\"repo\":\"b\",\"title\":\"t\"}",
		"tool create_issue write github" },
	{ "github", "list_issues", "{\"owner\":\"a\",\"repo\":\"b\"}",
		"tool list_issues read github" },
	/* others */
	{ "postgres", "query", "{\"sql\":\"SELECT 1\"}", "sql SELECT 1 read" },
	{ "supabase", "execute_sql", "{\"query\":\"SELECT 1\"}",
		"sql SELECT 1 read; cloud execute_sql supabase write" },
	{ "kubernetes", "kubectl_get", "{\"resourceType\":\"pods\"}",
		"tool kubectl_get read kubernetes" },
	{ "kubernetes", "cleanup", "{}",
		"destructive cleanup kubernetes; cloud cleanup kubernetes write" },
	{ "playwright", "browser_navigate", "{\"url\":\"http://localhost:1/\"}",
		"net http://localhost:1/ local localhost" },
	{ "playwright", "browser_evaluate", "{\"function\":\"f\"}",
		"exec browser_evaluate wide playwright" },
	{ "desktop-commander", "kill_process", "{\"pid\":1}", "process kill_process input" },
	{ "desktop-commander", "read_file", "{\"path\":\"/a\",\"isUrl\":false}", "read /a @/w" },
	{ "desktop-commander", "read_file", "{\"path\":\"http://a\",\"isUrl\":true}",
		"read http://a @/w; unknown an argument whose effect is not known: isUrl" },
	{ "desktop-commander", "write_pdf", "{\"path\":\"a\",\"content\":\"x\"}",
		"write a replace @/w; unknown what this tool does is not known" },
	{ "claude-code", "WebSearch", "{\"query\":\"x\"}", "net web search remote" },
	{ "claude-code", "TodoWrite", "{\"todos\":[],\"anything\":{\"a\":1}}", "nothing " },
	{ "claude-code", "ReportFindings", "{\"level\":\"high\",\"findings\":[{}]}", "nothing " },
	{ "claude-code", "Task", NULL, "nothing " },
	{ "codex", "apply_patch",
		"{\"input\":\"*** Begin Patch\\n*** Delete File: a\\n*** End Patch\"}",
		"delete a file @/w" },
	/* as its hooks spell them, with what a request for permission adds */
	{ "codex", "apply_patch",
		"{\"command\":\"*** Begin Patch\\n*** Delete File: a\\n*** End Patch\","
		"\"description\":\"x\"}",
		"delete a file @/w" },
	{ "codex", "apply_patch",
		"{\"input\":\"*** Begin Patch\\n*** Delete File: a\\n*** End Patch\","
		"\"command\":\"*** Begin Patch\\n*** Delete File: b\\n*** End Patch\"}",
		"delete a file @/w; delete b file @/w" },
	{ "codex", "apply_patch", "{}", "unknown nothing that it is given says what it does" },
	{ "codex", "Bash", "{\"command\":\"ls\",\"description\":\"x\"}",
		"read . list @/w; exec ls readonly ls @/w" },
	{ "opencode", "apply_patch", "{}", "unknown nothing that it is given says what it does" },
	/* forms */
	{ "filesystem", "read_text_file", "{\"path\":[\"/a\"]}",
		"unknown a path that is not a text" },
	{ "filesystem", "read_text_file", "{\"path\":null}", "unknown a path that is not a text" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":\"10\"}",
		"read a @scope:; unknown a number that is none" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":\"x\"}",
		"read a @scope:; unknown a number that is none" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":{}}",
		"read a @scope:; unknown a number that is none" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":null}", "read a @scope:" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":2.5}", "read a @scope:" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":-0}",
		"unknown a number that readers understand differently; read a @scope:" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":1e1}",
		"unknown a number that readers understand differently; read a @scope:" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":1e400}",
		"unknown a number that readers understand differently; read a @scope:" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"head\":9007199254740993}",
		"unknown a number that readers understand differently; read a @scope:" },
	{ "filesystem", "edit_file", "{\"path\":\"a\",\"edits\":[{\"n\":[1e999]}]}",
		"unknown a number that readers understand differently; write a edit @scope:" },
	{ "filesystem", "edit_file", "{\"path\":\"a\",\"edits\":[{\"oldText\":1,\"OLDTEXT\":2}]}",
		"unknown two arguments that differ only in case; write a edit @scope:" },
	{ "filesystem", "edit_file", "{\"path\":\"a\",\"edits\":[],\"dryRun\":\"yes\"}",
		"write a edit @scope:; unknown neither true nor false" },
	{ "filesystem", "read_text_file", "{\"path\":\"a\",\"__proto__\":{}}",
		"unknown an argument that is not known: __proto__; read a @scope:" },
	{ "filesystem", "read_text_file", "[\"a\"]",
		"unknown arguments that are no object; unknown a path that is missing" },
	/* tools of servers, by way of an agent */
	{ "claude-code", "mcp__playwright__browser_snapshot", "{}",
		"tool browser_snapshot read playwright" },
	{ "claude-code", "mcp__filesystem__read_file", "{\"path\":\"a\"}", "read a @scope:" },
	{ "claude-code", "mcp__filesystem__delete_file", "{\"path\":\"a\"}",
		"tool delete_file unknown filesystem" },
	{ "claude-code", "mcp__mine__do__it", "{}", "tool mcp__mine__do__it unknown claude-code" },
	{ "claude-code", "mcp__mine__do", "{}", "tool do unknown mine" },
	{ "claude-code", "mcp__codex__update_plan", "{}", "tool update_plan unknown codex" },
	{ "claude-code", "mcp____x", "{}", "unknown a tool that its profile does not know" },
	{ "claude-code", "mcp__x__", "{}", "unknown a tool that its profile does not know" },
	{ "claude-code", "mcp__ide__getDiagnostics", "{\"uri\":\"file:///a\"}", "nothing " },
	{ "opencode", "playwright_browser_snapshot", "{}",
		"tool playwright_browser_snapshot unknown opencode" },
	{ "claude-code", "bash", "{}", "unknown a tool that its profile does not know" },
	/* without a profile */
	{ "", "do_it", "{\"a\":1}", "tool do_it unknown srv" },
	{ "", "do_it", "{\"a\":1,\"A\":1}",
		"unknown two arguments that differ only in case; tool do_it unknown srv" },
	{ "nowhere", "do_it", NULL, "tool do_it unknown srv" },
};

static void add_word(struct buf *out, const char *mark, const char *word)
{
	if (word[0]) {
		buf_printf(out, " %s%s", mark, word);
	}
}

static void describe(const struct effects *effects, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		buf_printf(out, "%s%s %s", i ? "; " : "", effect_kind_name(e->kind), e->given);
		add_word(out, "", e->how);
		add_word(out, "", e->word);
		add_word(out, "@", e->base);
	}
	buf_cstr(out);
}

static void extract(struct effects *out, const struct profiles *profiles, const char *profile,
	const char *tool, const char *arguments, const char *cwd)
{
	struct json_scan scan = { 0 };
	struct span json = span_of(arguments);
	assert_true(!json.at || json_validate(&scan, json, JSON_STRICT));
	effects_extract(out,
		&(struct extract){ .profiles = profiles,
			.profile = span_of(profile),
			.method = SPAN("tools/call"),
			.tool = span_of(tool),
			.arguments = json,
			.server = "srv",
			.cwd = cwd });
	json_finish(&scan);
}

static void roles_test(void **state)
{
	struct buf text = { 0 };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects out;
		extract(&out, *state, rows[i].profile, rows[i].tool, rows[i].arguments, "/w");
		describe(&out, &text);
		assert_string_equal(text.data, rows[i].effects);
		effects_finish(&out);
	}
	buf_finish(&text);
}

/* By a server's profile only as that server: its name is a word that any may have. */
static void named_test(void **state)
{
	static const struct {
		const char *server, *effects;
	} as[] = {
		{ "claude/filesystem", "read a @scope:" },
		{ "claude/x", "tool read_file unknown filesystem" },
		{ "claude/x/filesystem", "tool read_file unknown filesystem" },
		{ "filesystem", "tool read_file unknown filesystem" },
		{ "claude", "tool read_file unknown filesystem" },
	};
	struct buf text = { 0 };
	for (size_t i = 0; i < COUNT_OF(as); i++) {
		struct effects out;
		effects_extract(&out,
			&(struct extract){ .profiles = *state,
				.profile = SPAN("claude-code"),
				.method = SPAN("tools/call"),
				.tool = SPAN("mcp__filesystem__read_file"),
				.arguments = SPAN("{\"path\":\"a\"}"),
				.server = as[i].server,
				.cwd = "/w",
				.named = true });
		describe(&out, &text);
		assert_non_null(strstr(text.data, as[i].effects));
		assert_true(i == 0 || !strstr(text.data, "@scope"));
		effects_finish(&out);
	}
	buf_finish(&text);
}

/* Whatever is put beside known arguments is never passed over. */
static void other_arguments_test(void **state)
{
	const struct profile *profile;
	bool user;
	for (size_t i = 0; (profile = profiles_at(*state, i, &user)); i++) {
		for (size_t k = 0; k < profile->tool_count; k++) {
			const struct profile_tool *tool = &profile->tools[k];
			struct effects out;
			bool any = tool->arg_count && strcmp(tool->args[0].name, "*") == 0;
			bool unknown = false;
			extract(&out, *state, profile->name, tool->name, "{\"zz\":1}", "/w");
			for (size_t n = 0; n < out.count; n++) {
				unknown = unknown || out.list[n].kind == EFFECT_UNKNOWN;
			}
			assert_true(unknown || any);
			effects_finish(&out);
		}
	}
}

/* A path is never seen from a place that nobody has named. */
static void no_cwd_test(void **state)
{
	static const char *const cwds[] = { NULL, "", "relative" };
	struct buf text = { 0 };
	for (size_t i = 0; i < COUNT_OF(cwds); i++) {
		struct effects out;
		extract(&out, *state, "claude-code", "Read", "{\"file_path\":\"a\"}", cwds[i]);
		describe(&out, &text);
		assert_string_equal(text.data, "read a");
		effects_finish(&out);
		extract(&out, *state, "commands", "run_command", "{\"command\":\"ls\"}", cwds[i]);
		describe(&out, &text);
		assert_string_equal(
			text.data, "unknown a command in a directory that is not known");
		effects_finish(&out);
		extract(&out, *state, "git", "git_status", "{\"repo_path\":\"r\"}", cwds[i]);
		describe(&out, &text);
		assert_string_equal(text.data,
			"read r list; unknown a directory that is seen from a place that is not "
			"known");
		effects_finish(&out);
	}
	buf_finish(&text);
}

static bool has_unknown(const struct effects *effects, const char *words)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (effects->list[i].kind == EFFECT_UNKNOWN &&
			strcmp(effects->list[i].given, words) == 0) {
			return true;
		}
	}
	return false;
}

/* Another shell, input from the call, an argument that turns a guard off. */
static void shells_test(void **state)
{
	static const char shell[] = "a shell that is none of sh, bash and zsh";
	static const char input[] = "an argument whose effect is not known: stdin";
	static const struct {
		const char *profile, *tool, *arguments, *unknown;
		bool there;
	} cases[] = {
		{ "desktop-commander", "start_process",
			"{\"command\":\"ls\",\"timeout_ms\":1,\"shell\":\"/tmp/sh\"}", shell,
			true },
		{ "desktop-commander", "start_process",
			"{\"command\":\"ls\",\"timeout_ms\":1,\"shell\":\"fish\"}", shell, true },
		{ "desktop-commander", "start_process",
			"{\"command\":\"ls\",\"timeout_ms\":1,\"shell\":\"/bin/bash\"}", shell,
			false },
		{ "commands", "run_command", "{\"command\":\"sh\",\"stdin\":\"x\"}", input, true },
		{ "commands", "run_command", "{\"command\":\"sh\",\"stdin\":\"\"}", input, false },
		{ "codex", "shell", "{\"command\":\"ls\"}", "a program whose words are not known",
			false },
		{ "codex", "shell", "{\"command\":[]}", "a program whose words are not known",
			true },
		{ "codex", "shell", "{\"command\":[\"ls\",1]}",
			"a program whose words are not known", true },
		{ "cline", "run_commands", "{\"commands\":[]}", "a list that is empty", true },
		{ "cline", "run_commands", "{\"commands\":\"ls\"}", "what should be a list is none",
			true },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct effects out;
		extract(&out, *state, cases[i].profile, cases[i].tool, cases[i].arguments, "/w");
		assert_true(out.count);
		assert_int_equal(has_unknown(&out, cases[i].unknown), cases[i].there);
		effects_finish(&out);
	}
}

/* Commands of a list are read one by one, and the facts of the later ones are not settled. */
static void list_test(void **state)
{
	struct effects out;
	extract(&out, *state, "cline", "run_commands", "{\"commands\":[\"ls\",\"ls\"]}", "/w");
	assert_false(out.list[0].late);
	assert_true(out.count >= 2 && out.list[out.count - 1].late);
	effects_finish(&out);
}

static void dev_test(void **state)
{
	for (int dev = 0; dev < 2; dev++) {
		struct effects out;
		effects_extract(&out,
			&(struct extract){ .profiles = *state,
				.profile = SPAN("sqlite"),
				.method = SPAN("tools/call"),
				.tool = SPAN("read_query"),
				.arguments = SPAN("{\"query\":\"SELECT 1\"}"),
				.dev_db = dev });
		assert_string_equal(out.list[0].word, dev ? "dev" : "");
		effects_finish(&out);
	}
}

/* What is longer than any of its kind is no effect, but a doubt. */
static void long_test(void **state)
{
	static const struct {
		const char *profile, *tool, *before, *after;
	} cases[] = {
		{ "filesystem", "read_file", "{\"path\":\"", "\"}" },
		{ "playwright", "browser_navigate", "{\"url\":\"http://localhost/", "\"}" },
		{ "postgres", "query", "{\"sql\":\"SELECT '", "'\"}" },
		{ "git", "git_create_branch", "{\"repo_path\":\"/r\",\"branch_name\":\"", "\"}" },
		{ "github", "push_files", "{\"owner\":\"a\",\"branch\":\"", "\"}" },
		{ "codex", "apply_patch",
			"{\"input\":\"*** Begin Patch\\n*** Delete File: ", "\\n*** End Patch\"}" },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf json = { 0 };
		struct effects out;
		bool unknown = false;
		buf_text(&json, cases[i].before);
		for (int n = 0; n < 70000; n++) {
			buf_char(&json, 'a');
		}
		buf_text(&json, cases[i].after);
		extract(&out, *state, cases[i].profile, cases[i].tool, buf_cstr(&json), "/w");
		for (size_t k = 0; k < out.count; k++) {
			unknown = unknown || out.list[k].kind == EFFECT_UNKNOWN;
			assert_true(strlen(out.list[k].given) < 8192);
		}
		assert_true(unknown);
		effects_finish(&out);
		buf_finish(&json);
	}
}

static int set_up(void **state)
{
	*state = profiles_create();
	return 0;
}

static int tear_down(void **state)
{
	profiles_destroy(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_test),
		cmocka_unit_test(named_test),
		cmocka_unit_test(other_arguments_test),
		cmocka_unit_test(no_cwd_test),
		cmocka_unit_test(shells_test),
		cmocka_unit_test(list_test),
		cmocka_unit_test(dev_test),
		cmocka_unit_test(long_test),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
