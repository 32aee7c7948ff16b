/* Nothing here depends on the day: times are far away, or masked by who compares. */
#include "config.h"

#include "tests/tui/scenes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SHOWN_MS = 700,
	SHOWN_HIGH_MS = 1900,
	QUIET_MS = 450,
	POISON_MS = 120,
	DAYS_MS = 3 * 86400000 + 1800000
};

/* --- what waits --- */

#define ABOUT(number, state, risk) ASKED_BY(number, state, risk, ASKED_OVER_MCP)
#define ASKED_OVER_MCP \
	"{\"name\":\"claude-code\",\"version\":\"2.1.0\",\"pid\":4121,\"program\":" \
	"\"/opt/claude/bin/claude\",\"session\":null,\"turn\":\"toolu_01\"}"
#define ASKED_BY_HOOK \
	"{\"name\":\"codex\",\"version\":\"0.169.0\",\"pid\":4121,\"program\":" \
	"\"/opt/codex/bin/codex\",\"session\":\"019a-77\",\"turn\":\"t-3\",\"call_id\":" \
	"\"call_2\",\"agent_id\":\"g-1\",\"agent_type\":\"worker\",\"model\":\"gpt-5-codex\"," \
	"\"permission_mode\":\"default\",\"sandbox_mode\":\"workspace-write\",\"tmux\":" \
	"\"/tmp/tmux-1000/default\",\"pane\":\"%7\",\"editor\":\"Neovim\",\"above\":[{\"pid\":" \
	"411,\"name\":\"zsh\"},{\"pid\":410,\"name\":\"nvim\"},{\"pid\":409,\"name\":" \
	"\"tmux: server\"}]}"
#define ASKED_BY(number, state, risk, client) \
	"{\"call\":\"c-" #number "\",\"number\":" #number ",\"revision\":1,\"kind\":\"call\"," \
	"\"state\":\"" state "\",\"risk\":\"" risk "\",\"method\":\"tools/call\"," \
	"\"client\":" client \
	",\"toward\":\"server\",\"cwd\":\"/w/demo\",\"branch\":\"feature/limits\"," \
	"\"bytes\":\"00\",\"said\":null,"
#define TOOL(server, profile, tool) \
	"\"server\":\"" server "\",\"profile\":\"" profile "\",\"tool\":\"" tool "\","
#define WHY(rule, reason) "\"rule\":\"" rule "\",\"reason\":\"" reason "\","
#define TIMES(arrived, deadline) "\"arrived\":" arrived ",\"deadline\":" deadline ","
#define EFFECTS(effects) "\"effects\":[" effects "]}"
#define FAR "4700000000000"
#define HOLD WHY("built-in:default", "writes outside what is known to be harmless")
#define WRITE(how, path, more) \
	"{\"kind\":\"write\",\"arg\":\"path\",\"how\":\"" how "\",\"given\":\"" path \
	"\",\"path\":\"/w/demo/" path "\",\"inside\":true,\"links\":1," more "}"

#define EDIT \
	ABOUT(1, "held", "medium") \
	TOOL("files", "filesystem", "edit_file") \
	HOLD TIMES(FAR, "null") \
		EFFECTS(WRITE("edit", "src/limits.js", "\"state\":\"file\",\"marks\":69"))
#define PUSH \
	ABOUT(2, "held", "highest") \
	TOOL("shell", "commands", "run_command") \
	WHY("built-in:12", "pushes to a protected branch") \
	TIMES("@OLD@", "null") \
	EFFECTS("{\"kind\":\"exec\",\"arg\":\"command\",\"part\":1,\"given\":\"git push origin " \
		"main\",\"how\":\"local\"," \
		"\"word\":\"git\"},{\"kind\":\"push\",\"arg\":\"command\",\"part\":1,\"given\":" \
		"\"main\",\"how\":" \
		"\"origin\"," \
		"\"path\":\"/w/demo/.git\",\"text\":\"main\"}")
#define INSTALL \
	ABOUT(3, "held", "high") \
	TOOL("shell", "commands", "run_command") \
	WHY("policy.rules:7", "installs a package") \
	TIMES(FAR, "@SOON@") \
	EFFECTS("{\"kind\":\"exec\",\"arg\":\"command\",\"part\":2,\"given\":\"npm install " \
		"left-padd\",\"how\":\"local\"," \
		"\"word\":\"npm\"},{\"kind\":\"install\",\"arg\":\"command\",\"part\":2," \
		"\"given\":\"left-padd\"," \
		"\"how\":\"npm\"}")
#define CREATE \
	ABOUT(4, "held", "low") \
	TOOL("files", "filesystem", "write_file") \
	HOLD TIMES(FAR, "null") EFFECTS(WRITE("replace", "docs/changes.md", "\"state\":\"absent\""))
#define STATEMENT \
	ABOUT(5, "held", "high") \
	TOOL("db", "postgres", "query") \
	WHY("built-in:31", "writes to a database") \
	TIMES(FAR, "null") \
	EFFECTS("{\"kind\":\"sql\",\"arg\":\"sql\",\"how\":\"write\",\"given\":\"delete from " \
		"users\"}")
#define REQUEST \
	ABOUT(6, "held", "medium") \
	TOOL("web", "fetch", "fetch") \
	WHY("built-in:40", "connects to another host") \
	TIMES(FAR, "null") \
	EFFECTS("{\"kind\":\"net\",\"arg\":\"url\",\"how\":\"remote\",\"given\":" \
		"\"https://example.com/x\"," \
		"\"word\":\"example.com\"}")
#define BINARY \
	ABOUT(7, "held", "high") \
	TOOL("files", "filesystem", "write_file") \
	HOLD TIMES(FAR, "null") \
		EFFECTS(WRITE("replace", "logo.png", "\"state\":\"file\",\"marks\":1"))
#define CUT \
	ABOUT(8, "held", "medium") \
	TOOL("notes", "", "append") \
	HOLD TIMES(FAR, "null") EFFECTS("{\"kind\":\"unknown\",\"given\":\"what the tool does\"}")
#define MISSING \
	ABOUT(9, "held", "medium") \
	TOOL("notes", "", "read") \
	HOLD TIMES(FAR, "null") EFFECTS("{\"kind\":\"unknown\",\"given\":\"what the tool does\"}")
#define PARKED \
	ABOUT(10, "parked", "medium") \
	TOOL("files", "filesystem", "write_file") \
	HOLD TIMES(FAR, "null") EFFECTS(WRITE("replace", "docs/late.md", "\"state\":\"absent\""))
#define ARMED \
	ABOUT(11, "armed", "low") \
	TOOL("files", "filesystem", "write_file") \
	HOLD TIMES(FAR, "null") EFFECTS(WRITE("replace", "docs/b.md", "\"state\":\"absent\""))
#define DENYING \
	ABOUT(12, "held", "medium") \
	"\"denied_at\":1,\"denied_by\":\"me@pts/1\"," TOOL("files", "filesystem", "write_file") \
		HOLD \
		TIMES(FAR, "null") EFFECTS(WRITE("replace", "docs/c.md", "\"state\":\"absent\""))
#define PATCH \
	ASKED_BY(13, "held", "medium", ASKED_BY_HOOK) \
	TOOL("codex", "codex", "apply_patch") \
	HOLD TIMES(FAR, "null") \
		EFFECTS(WRITE("away", "src/limits.js", "\"state\":\"file\"") "," WRITE( \
			"replace", "src/limit.js", "\"state\":\"absent\""))
#define SERVER \
	"{\"call\":\"s-1\",\"number\":0,\"revision\":1,\"kind\":\"server\",\"state\":\"held\"," \
	"\"risk\":\"high\",\"server\":\"tickets\",\"profile\":\"\",\"cwd\":\"/w/demo\"," \
	"\"program\":\"/usr/bin/node\",\"argv\":[\"node\",\"/opt/tickets/index.js\",\"--all\"]," \
	"\"scope\":[\"/w/demo\"],\"rule\":\"built-in:server\",\"reason\":\"has not run before\"," \
	"\"arrived\":" FAR ",\"deadline\":null,\"behind\":[{\"number\":14,\"tool\":\"list\"," \
	"\"target\":\"open\",\"would\":\"hold\"}],\"behind_count\":3}"
#define ALL_RISKS EDIT "," PUSH "," INSTALL "," CREATE
#define ALL_STATES EDIT "," PARKED "," ARMED "," DENYING "," SERVER

/* --- what `show` answers --- */

#define SHOW(params, files) \
	"{\"revision\":1,\"cut\":false,\"head\":null,\"params\":" params ",\"files\":[" files "]}"
#define COMMAND(command) \
	SHOW("{\"name\":\"run_command\",\"arguments\":{\"command\":\"" command "\"}}", "")
#define FILE_IS(path, state, text) \
	"{\"path\":\"/w/demo/" path "\",\"state\":\"" state "\",\"text\":" text ",\"size\":90}"
#define WRITES_TO(path, content, state, before) \
	SHOW("{\"name\":\"write_file\",\"arguments\":{\"path\":\"" path \
	     "\",\"content\":\"" content "\"}}", \
		FILE_IS(path, state, before))

static const struct wire_show shows[] = {
	{ "c-1",
		SHOW("{\"name\":\"edit_file\",\"arguments\":{\"path\":\"src/limits.js\",\"edits\":"
		     "[{\"oldText\":\"const MAX = 600;\",\"newText\":\"const MAX = 120;\"},"
		     "{\"oldText\":\"  res.end();\",\"newText\":\"  res.end('too many');\\n  "
		     "log(used);\"}]}}",
			FILE_IS("src/limits.js", "file",
				"\"// how many a minute\\nconst MAX = 600;\\n\\nexport function "
				"check(used, res) {\\n  if (used < MAX) {\\n    return true;\\n  "
				"}\\n  res.writeHead(503);\\n  res.end();\\n  return "
				"false;\\n}\\n\"")) },
	{ "c-2", COMMAND("git push origin main") },
	{ "c-3", COMMAND("cd web && npm install left-padd --save") },
	{ "c-4",
		WRITES_TO("docs/changes.md", "# Changes\\n\\n- 120 requests a minute\\n- 429\\n",
			"absent", "null") },
	{ "c-5",
		SHOW("{\"name\":\"query\",\"arguments\":{\"sql\":\"delete from users\\nwhere "
		     "last_seen < '2020-01-01';\"}}",
			"") },
	{ "c-6",
		SHOW("{\"name\":\"fetch\",\"arguments\":{\"url\":\"https://example.com/"
		     "x\",\"method\":\"POST\",\"headers\":{\"Accept\":\"application/"
		     "json\"},\"body\":\"a=1&b=2\"}}",
			"") },
	{ "c-7",
		SHOW("{\"name\":\"write_file\",\"arguments\":{\"path\":\"logo.png\",\"content\":"
		     "\"\\u0001\\u0002\"}}",
			"{\"path\":\"/w/demo/logo.png\",\"state\":\"binary\",\"size\":20480,"
			"\"hash\":"
			"\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\","
			"\"bytes\":\"89504e470d0a1a0a0000000d494844520000\"}") },
	{ "c-13",
		SHOW("{\"name\":\"apply_patch\",\"arguments\":{\"input\":\"*** Begin Patch\\n*** "
		     "Update File: src/limits.js\\n*** Move to: src/limit.js\\n@@\\n-const MAX = "
		     "600;\\n+const MAX = 120;\\n*** Delete File: docs/old.md\\n*** End "
		     "Patch\\n\"}}",
			"{\"path\":\"/w/demo/src/limits.js\",\"given\":\"src/limits.js\",\"kind\":"
			"\"write\",\"state\":\"file\",\"text\":\"const MAX = 600;\\n\"},"
			"{\"path\":\"/w/demo/src/limit.js\",\"given\":\"src/limit.js\",\"kind\":"
			"\"write\",\"state\":\"absent\"},"
			"{\"path\":\"/w/demo/docs/old.md\",\"given\":\"docs/old.md\",\"kind\":"
			"\"delete\",\"state\":\"file\",\"text\":\"# Old\\n\"}") },
	{ "c-8",
		"{\"revision\":1,\"cut\":true,\"params\":null,\"files\":[],\"head\":"
		"\"{\\\"name\\\":\\\"append\\\",\\\"arguments\\\":{\\\"text\\\":\\\"and so on\"}" },
	{ "c-10", WRITES_TO("docs/late.md", "late\\n", "absent", "null") },
	{ NULL, NULL },
};

/* --- what anything else is answered --- */

#define PAST(number, state, decision, tool, target) \
	"{\"number\":" #number ",\"call\":\"c-" #number "\",\"state\":\"" state \
	"\",\"decision\":" decision ",\"decider\":\"me@pts/1\",\"tool\":\"" tool \
	"\",\"target\":\"" target "\",\"server\":\"files\",\"client\":\"claude-code\"," \
	"\"client_version\":\"2.1.0\",\"agent_pid\":4121,\"cwd\":\"/w/demo\"," \
	"\"branch\":\"main\",\"rule\":\"built-in:default\",\"reason\":\"because\"," \
	"\"arrived\":1700000000000,\"decided\":1700000002000,\"finished\":1700000003000," \
	"\"took_us\":1500000,\"size\":12,\"outcome\":\"result\"}"
#define GRANT(id, number, words, uses, seconds) \
	"{\"grant\":" #id ",\"number\":" #number ",\"words\":\"" words "\",\"width\":\"form\"," \
	"\"server\":\"files\",\"by\":\"me@pts/1\",\"agent\":4121,\"used\":2,\"uses_left\":" #uses \
	",\"seconds_left\":" #seconds "}"
#define RULE(rule, level, verdict, text, comment, since) \
	"{\"rule\":\"" rule "\",\"level\":\"" level "\",\"line\":7,\"verdict\":\"" verdict \
	"\",\"text\":\"" verdict " " text "\",\"comment\":\"" comment "\",\"since\":" since "," \
	"\"examples\":[{\"ok\":true,\"text\":\"npm test\"},{\"ok\":false,\"text\":\"npm run " \
	"deploy\"}]}"
#define HIT(rule, count) \
	"{\"rule\":\"" rule "\",\"count\":" #count ",\"last\":1700000000000,\"calls\":[{" \
	"\"number\":211,\"at\":1700000000000,\"state\":\"done\",\"tool\":\"run_command\"," \
	"\"target\":\"npm test\",\"server\":\"shell\"},{\"number\":198,\"at\":1699990000000," \
	"\"state\":\"denied\",\"tool\":\"run_command\",\"target\":\"npm run lint\",\"server\":" \
	"\"shell\"}]}"
#define HOME "/home/me/.config/bascule/policy.rules:"
#define BOOK(grants) \
	"{\"grants\":[" grants "],\"broken\":[],\"looked\":212,\"from\":1699000000000," \
	"\"no_hits\":null,\"rules\":[" RULE(HOME "7", "user", "allow", "task test committed", \
		"tests may run, whoever asks", "1699500000000") "," RULE(HOME "9", "user", "hold", \
		"read /home/me/letters/**", "", "0") "," RULE("built-in:4", "built-in", "allow", \
		"read in-scope", "", "0") "," RULE("built-in:33", "built-in", "deny", "self", "", \
		"0") "],\"hits\":[" HIT(HOME "7", 41) "," HIT("built-in:4", \
		12345) "," HIT("built-in:default", 3) "]}"

#define LISTED(name, title, known, says, pin, more) \
	"{\"name\":\"" name "\",\"title\":" title ",\"known\":" known ",\"says\":[" says \
	"],\"pin\":\"" pin "\",\"seen_at\":1700000000000" more "}"
#define GATE(gate, name, profile, accepted, calls, tools) \
	"{\"gate\":\"" gate "\",\"pid\":4200,\"name\":\"" name "\",\"profile\":\"" profile \
	"\",\"program\":\"/usr/bin/node\",\"cwd\":\"/w/demo\",\"argv\":[\"npx\",\"-y\"," \
	"\"@modelcontextprotocol/server-filesystem\",\"/w/demo\"],\"scope\":[\"/w/demo\"]," \
	"\"accepted\":\"" accepted "\",\"since\":1700000000000,\"calls\":" #calls \
	",\"waiting\":1,\"broken\":null,\"client\":{\"name\":\"claude-code\",\"version\":" \
	"\"2.1.0\",\"pid\":4121},\"says\":{\"name\":\"secure-filesystem-server\",\"version\":" \
	"\"0.2.0\"},\"protocol\":\"2025-06-18\",\"listed\":true,\"tools_all\":4,\"tools\":[" tools \
	"]}"
#define GATE_TOOLS \
	LISTED("read_file", "\"Read a file\"", "true", "\"readOnlyHint\"", "same", "") \
	"," LISTED("write_file", "null", "true", "\"destructiveHint\",\"idempotentHint\"", \
		"changed", \
		",\"accepted_at\":1690000000000,\"changed\":[\"description\",\"schema\"]") "," LISTED("index", \
		"null", "false", "", "new", "")
#define GATES \
	"{\"servers_all\":2,\"servers\":[" GATE("aa", "files", "filesystem", "yes", 212, \
		GATE_TOOLS) "," GATE("bb", "tickets", "", "no", 0, "") "]}"

static const struct wire_answer answers[] = {
	{ "history",
		"{\"calls\":[" PAST(1, "done", "null", "read_file", "/w/a") "," PAST(
			2, "done", "\"approved\"", "edit_file", "/w/b") "," PAST(3, "denied",
			"\"denied\"", "write_file",
			"/w/c") "," PAST(4, "withdrawn", "null", "write_file", "/w/d") "]}" },
	{ "event",
		"{\"number\":4,\"call\":\"c-4\",\"who\":" ASKED_BY_HOOK
		",\"effects\":[{\"kind\":\"write\",\"given\":"
		"\"/w/d\",\"path\":\"/w/d\",\"inside\":true,\"state\":\"file\"}]}" },
	{ "offers",
		"{\"revision\":1,\"grants\":[{\"width\":\"exact\",\"words\":\"edits "
		"/w/demo/src/limits.js\"},{\"width\":\"form\",\"words\":\"edits files in "
		"/w/demo/src\"},{\"width\":\"wide\",\"words\":\"edits files below /w/demo\"}],"
		"\"rule\":\"allow write edit /w/demo/src/limits.js\",\"wider\":[\"allow write edit "
		"/w/demo/src/*\"],\"no_rule\":null}" },
	{ "try_rule",
		"{\"rule\":\"allow write edit /w/demo/src/limits.js\",\"tried\":300,"
		"\"allowed\":2,\"denied\":0}" },
	{ "try_rule",
		"{\"rule\":\"allow write edit /w/demo/src/*\",\"tried\":300,\"allowed\":21,"
		"\"denied\":1}" },
	{ "rules",
		BOOK(GRANT(1, 31, "edits files in /w/demo/src", -1, -1) "," GRANT(
			2, 40, "runs npm test", 8, -1)) },
	{ "servers", GATES },
	{ "like",
		"{\"number\":118,\"decision\":\"approved\",\"at\":" FAR ",\"except\":"
		"\"edits\",\"approved\":4,\"denied\":1}" },
	{ NULL, NULL },
};

static const struct wire_answer no_history[] = { { "history", "{\"calls\":[]}" }, { NULL, NULL } };

/* --- the views --- */
const struct scene scenes[] = {
	{ "queue", .items = ALL_RISKS, .decides = true },
	{ "queue-states", .items = ALL_STATES, .decides = true },
	{ "queue-marked", .items = ALL_RISKS, .steps = { { 0, " jj ", "2 marked" } },
		.decides = true },
	{ "open-edit", .items = EDIT, .steps = { { 0, "\r", "limits.js" } }, .decides = true },
	{ "open-create", .items = CREATE, .steps = { { 0, "\r", "new file" } }, .decides = true },
	{ "open-push", .items = PUSH, .steps = { { 0, "\r", "git push" } }, .decides = true },
	{ "open-install", .items = INSTALL, .steps = { { 0, "\r", "left-padd" } },
		.decides = true },
	{ "open-statement", .items = STATEMENT, .steps = { { 0, "\r", "delete from" } },
		.decides = true },
	{ "open-request", .items = REQUEST, .steps = { { 0, "\r", "example.com" } },
		.decides = true },
	{ "open-binary", .items = BINARY, .steps = { { 0, "\r", "logo.png" } }, .decides = true },
	{ "open-patch", .items = PATCH, .steps = { { 0, "\r", "moved to" } }, .decides = true },
	{ "open-cut", .items = CUT, .steps = { { 0, "\r", "is not shown" } }, .decides = true },
	{ "open-missing", .items = MISSING, .steps = { { 0, "\r", "did not answer" } },
		.decides = true },
	{ "open-parked", .items = PARKED, .steps = { { 0, "\r", "parked" } }, .decides = true },
	{ "open-server", .items = SERVER, .steps = { { 0, "\r", "Accept this" } },
		.decides = true },
	{ "open-withdrawn", .items = EDIT, .method = "gone",
		.params = "{\"call\":\"c-1\",\"number\":1,\"state\":\"withdrawn\",\"by\":"
			  "\"client left\"}",
		.steps = { { 0, NULL, "never run" } } },
	{ "batch", .items = ALL_RISKS,
		.steps = { { 0, " jj ", "2 marked" }, { QUIET_MS, "a", "approves 2" } },
		.decides = true },
	{ "offers", .items = EDIT, .steps = { { 0, "s", "would have allowed 21" } } },
	{ "rules", .items = EDIT, .steps = { { 0, "3", "runs npm test" } } },
	{ "rules-rule", .items = EDIT,
		.steps = { { 0, "3", "runs npm test" }, { 0, "jj", ">allow     41" } } },
	{ "rules-filter", .items = EDIT,
		.steps = { { 0, "3", "runs npm test" }, { 0, "/", "filter" },
			{ 0, "built\r", "3 of 7" } } },
	{ "rule", .items = EDIT,
		.steps = { { 0, "3", "runs npm test" }, { 0, "jj\r", "tests may run" } } },
	{ "rule-calls", .items = EDIT,
		.steps = { { 0, "3", "runs npm test" }, { 0, "jjo", "rule: /home" } } },
	{ "servers", .items = EDIT, .steps = { { 0, "4", "tickets" } } },
	{ "server", .items = EDIT, .steps = { { 0, "4", "tickets" }, { 0, "\r", "known" } } },
	{ "server-unknown", .items = EDIT,
		.steps = { { 0, "4", "tickets" }, { 0, "j", ">tickets" } } },
	{ "history", .items = EDIT, .steps = { { 0, "2", "withdrawn" } } },
	{ "event", .items = EDIT, .steps = { { 0, "2", "withdrawn" }, { 0, "\r", "2023-11-14" } } },
	{ "history-search", .items = EDIT,
		.steps = { { 0, "2", "withdrawn" }, { 0, "/", "search:" },
			{ 0, "tool:w", "tool:w" } } },
	{ "help", .items = EDIT, .steps = { { 0, "?", "approve the call" } } },
	{ "reason", .items = EDIT,
		.steps = { { QUIET_MS, "D", "reason:" }, { 0, "use pnpm", "use pnpm" } } },
	{ "typed-word", .items = PUSH,
		.steps = { { SHOWN_HIGH_MS, "a", "main:" }, { 0, "ma", NULL } } },
	{ "filter", .items = ALL_RISKS,
		.steps = { { 0, "/", "filter" }, { 0, "tool:run\r", "2 of 4" } }, .decides = true },
	{ "filter-nothing", .items = ALL_RISKS,
		.steps = { { 0, "/", "filter" }, { 0, "tool:x\r", "0 of 4" } } },
	{ "find", .items = EDIT,
		.steps = { { 0, "\r", "limits.js" }, { 0, "/li", "): li" }, { 0, "m\rn", "2 of" } },
		.decides = true },
	{ "palette", .items = EDIT,
		.steps = { { 0, ":", "command:" }, { 0, "de", "deny-why" }, { 0, "\t", NULL } } },
	{ "ignored", .items = EDIT, .steps = { { QUIET_MS, "z", "does nothing" } } },
	{ "history-empty", .items = EDIT, .answers = no_history,
		.steps = { { 0, "2", "No call was recorded" } } },
	{ "empty", .items = "", .rest = "\"counters\":{},", .answers = no_history,
		.steps = { { 0, NULL, "Nothing waits" } } },
	{ "empty-used", .items = "", .method = "passed",
		.params = "{\"number\":211,\"tool\":\"read_file\",\"target\":\"/w/demo/a.c\","
			  "\"server\":\"files\",\"rule\":\"built-in:reads\"}",
		.steps = { { 0, NULL, "#211" } } },
	{ "unreachable", .items = "", .alone = true,
		.steps = { { 0, NULL, "Broker unreachable" } } },
	{ "lost", .items = ALL_RISKS, .alone = true, .steps = { { 0, NULL, "no broker" } } },
	{ "policy-broken", .items = EDIT,
		.broker = "\"trouble\":\"/home/me/.config/bascule/policy.rules:12: unknown effect "
			  "\\\"raed\\\", expected read\","
			  "\"policy\":{\"files\":\"built-in\",\"held\":true,"
			  "\"broken\":true}",
		.decides = true },
	{ "hold-all", .items = EDIT,
		.rest = "\"master\":{\"mode\":\"hold\",\"by\":\"me@pts/1\",\"since\":"
			"1700000000000},",
		.decides = true },
	{ "deny-all", .items = "",
		.rest = "\"master\":{\"mode\":\"deny\",\"by\":\"me@pts/1\",\"since\":"
			"1700000000000},",
		.steps = { { 0, NULL, "Nothing waits" } } },
	{
		"read-only",
		.items = EDIT,
		.read_only = true,
	},
};
const size_t scene_count = COUNT_OF(scenes);

/* --- playing --- */

static char *put_in(char *text, const char *mark, int64_t value)
{
	char *at = strstr(text, mark);
	if (!at) {
		return text;
	}
	char *out = xasprintf(
		"%.*s%lld%s", (int)(at - text), text, (long long)value, at + strlen(mark));
	free(text);
	return out;
}

static char *snapshot_of(const struct scene *scene)
{
	int64_t now = (int64_t)time(NULL) * 1000;
	char *text = xasprintf("{\"items\":[%s],\"counters\":{\"waiting\":1,\"allowed\":212,"
			       "\"approved\":7,\"denied\":4,\"withdrawn\":0,\"gates\":1},%s"
			       "\"broker\":{\"pid\":1,\"version\":\"0\",\"root\":null,%s}}",
		scene->items, scene->rest ? scene->rest : "",
		scene->broker ? scene->broker
			      : "\"trouble\":null,\"policy\":{\"files\":\"policy.rules\","
				"\"held\":false}");
	text = put_in(text, "@OLD@", now - DAYS_MS);
	return put_in(text, "@SOON@", now + 110000);
}

static bool take_steps(struct vt *vt, const struct scene *scene)
{
	for (size_t i = 0; i < SCENE_STEPS; i++) {
		const struct scene_step *step = &scene->steps[i];
		vt_pump(vt, step->after_ms);
		if (step->keys) {
			vt_send(vt, step->keys);
		}
		if (vt->wire.poison) {
			vt_pump(vt, POISON_MS); /* what is waited for may be far below */
		} else if (step->wait && !vt_wait(vt, step->wait, VT_MS)) {
			return false;
		}
	}
	return true;
}

struct vt *scene_play(const struct scene *scene, int rows, int cols, const char *root)
{
	return scene_poison(scene, rows, cols, root, NULL);
}

struct vt *scene_poison(
	const struct scene *scene, int rows, int cols, const char *root, const char *poison)
{
	char *snapshot = snapshot_of(scene);
	struct vt_options options = {
		.rows = rows, .cols = cols, .root = root, .read_only = scene->read_only
	};
	struct vt *vt = vt_start(&options, snapshot, shows);
	vt->wire.answers = scene->answers ? scene->answers : answers;
	vt->wire.poison = poison;
	bool there = vt_wait_row(vt, 0, "waiting", VT_MS) && vt_wait_gone(vt, "no broker", VT_MS);
	free(snapshot);
	vt->wire.snapshot = NULL; /* it was asked for once */
	if (there && scene->method) {
		wire_tell(&vt->wire, scene->method, scene->params);
	}
	if (there && scene->alone) {
		wire_hang_up(&vt->wire);
	}
	if (!there || !take_steps(vt, scene)) {
		fprintf(stderr, "%s: did not get there\n", scene->name);
		vt_stop(vt);
		return NULL;
	}
	return vt;
}
