/* `bascule init` and its way back, in a scratch home with files of four agents: what is written,
 * what is left, who is asked, and that nothing of it stays. */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"
#include "tests/e2e/terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OK, FAILED, USAGE, UNASKED };

static const char settings[] = "{\r\n  \"model\": \"x\",\r\n  \"hooks\": {\r\n    \"PreToolUse\": "
			       "[ {\"hooks\": []} ]\r\n  }\r\n}\r\n";
static const char claude_json[] = "{\"numStartups\":3,\"mcpServers\":{\"u\":{\"type\":\"stdio\","
				  "\"command\":\"x\",\"args\":[\"1\"]}}}";
static const char codex_toml[] = "model = \"x\" # mine\n\n[mcp_servers.a]\ncommand = \"npx\"\n";
static const char gemini_json[] = "\xef\xbb\xbf{ // mine\n  \"mcpServers\": {\"g\": {\"command\": "
				  "\"x\"} /* g */}\n}";
static const char opencode_json[] =
	"{\"mcp\": {\"o\": {\"type\": \"local\", \"command\": [\n\t\"x\",\n]"
	",},},}\n";

static void make_dir(struct world *w, const char *dir, const char *name)
{
	CHECK(w, mkdir(world_file(dir, name), 0700) == 0);
}

static char *home_of(struct world *w)
{
	return world_file(w->dir, "home");
}

static char *at_home(struct world *w, const char *name)
{
	return world_file(home_of(w), name);
}

static void put_home(struct world *w)
{
	static const char *const dirs[] = { "", ".claude", ".codex", ".gemini", ".config",
		".config/opencode", "dotfiles", "bin" };
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		make_dir(w, home_of(w), dirs[i]);
	}
	world_put(at_home(w, ".claude/settings.json"), settings);
	world_put(at_home(w, ".claude.json"), claude_json);
	world_put(at_home(w, "dotfiles/codex.toml"), codex_toml);
	CHECK(w, symlink("../dotfiles/codex.toml", at_home(w, ".codex/config.toml")) == 0);
	world_put(at_home(w, ".gemini/settings.json"), gemini_json);
	CHECK(w, chmod(at_home(w, ".gemini/settings.json"), 0644) == 0);
	world_put(at_home(w, ".config/opencode/opencode.json"), opencode_json);
}

/* A server of the project that can really be started. */
static void put_server(struct world *w)
{
	char *text = xasprintf("{\n  \"mcpServers\": {\n    \"files\": {\n      \"command\": "
			       "\"%s\",\n      \"args\": [\n        \"--log\",\n        \"%s\"\n"
			       "      ]\n    }\n  }\n}\n",
		world_path(w, "tests/e2e/stub_server"), w->seen);
	world_put(world_file(w->work, ".mcp.json"), text);
}

/* All that lies in home and project: kind, mode, target, bytes. */
static char *tree(struct world *w)
{
	static const char script[] =
		"find home work -path work/.git -prune -o -printf '%p %y %m %l\\n' | sort\n"
		"find home work -path work/.git -prune -o -type f -exec sha256sum {} + | sort";
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct buf out = { 0 };
	CHECK_INT(w, world_run(w, argv, w->dir, &out), 0);
	return xstrdup(buf_cstr(&out));
}

/* The words of a run: as a person types it, but for the home, and with no program of theirs but
 * those in home/bin. */
static const char *const *words(struct world *w, const char *const *options, const char *shell)
{
	const char **argv = xcalloc(32, sizeof(*argv));
	size_t n = 0;
	argv[n++] = "env";
	argv[n++] = "--unset=CLAUDE_CONFIG_DIR";
	argv[n++] = "--unset=CODEX_HOME";
	argv[n++] = "--unset=XDG_CONFIG_HOME";
	argv[n++] = xasprintf("PATH=%s:/usr/bin:/bin", at_home(w, "bin"));
	if (shell) {
		argv[n++] = "sh";
		argv[n++] = "-c";
		argv[n++] = xasprintf("%s; exec \"$@\"", shell);
		argv[n++] = "sh";
	}
	argv[n++] = world_path(w, "bascule");
	argv[n++] = "init";
	argv[n++] = "--root";
	argv[n++] = w->root;
	argv[n++] = "--home";
	argv[n++] = home_of(w);
	argv[n++] = "--program";
	argv[n++] = world_path(w, "bascule");
	while (*options) {
		argv[n++] = *options++;
	}
	return argv;
}

static int init(struct world *w, const char *option, struct buf *out)
{
	const char *const options[] = { option, NULL };
	struct buf ignored = { 0 };
	struct buf *to = out ? out : &ignored;
	buf_clear(to);
	int code = world_run(w, words(w, options, NULL), NULL, to);
	buf_cstr(to);
	world_note(w, "init", ">", to->data, to->len);
	return code;
}

static bool file_has(const char *path, const char *part)
{
	struct buf text = { 0 };
	world_get(path, &text);
	return strstr(buf_cstr(&text), part) != NULL;
}

static void there_and_back(struct world *w)
{
	put_home(w);
	put_server(w);
	char *before = tree(w);
	CHECK_INT(w, init(w, "--yes", NULL), OK);
	char *after = tree(w);
	CHECK(w, strcmp(before, after) != 0);
	CHECK(w, file_has(at_home(w, ".claude/settings.json"), "\"onFailure\": \"block\""));
	CHECK(w, file_has(at_home(w, ".claude.json"), "\"--name\", \"u\", \"--\", \"x\""));
	CHECK(w, file_has(at_home(w, "dotfiles/codex.toml"), "tool_timeout_sec = 3600"));
	CHECK(w, file_has(at_home(w, ".codex/hooks.json"), "PermissionRequest"));
	CHECK(w, file_has(at_home(w, ".gemini/settings.json"), "hook gemini"));
	CHECK(w, file_has(at_home(w, ".gemini/settings.json"), "/* g */"));
	CHECK(w, file_has(at_home(w, ".config/opencode/opencode.json"), "\"--name\", \"o\""));
	CHECK(w, file_has(at_home(w, ".config/opencode/plugin/bascule.js"), w->root));
	CHECK(w, file_has(world_file(w->work, ".mcp.json"), "\"files\", \"--\", "));
	CHECK(w, file_has(world_file(w->work, ".bascule/policy.rules"), "version 1"));
	struct buf out = { 0 };
	CHECK_INT(w, init(w, "--yes", &out), OK);
	CHECK_HAS(w, buf_cstr(&out), "Nothing is to be written");
	CHECK_TEXT(w, tree(w), after);
	CHECK_INT(w, init(w, "--undo", NULL), OK);
	CHECK_TEXT(w, tree(w), before);
	CHECK_INT(w, init(w, "--undo", &out), OK);
	CHECK_HAS(w, buf_cstr(&out), "Nothing is to be undone");
}

static void the_first_rules_are_in_order(struct world *w)
{
	put_home(w);
	CHECK_INT(w, init(w, "--yes", NULL), OK);
	const char *const check[] = { world_path(w, "bascule"), "policy", "check", "--level",
		"project", world_file(w->work, ".bascule/policy.rules"), NULL };
	CHECK_INT(w, world_run(w, check, NULL, NULL), 0);
}

static void without_a_yes_nothing_is_written(struct world *w)
{
	struct buf out = { 0 };
	put_home(w);
	char *before = tree(w);
	CHECK_INT(w, init(w, "--dry-run", &out), OK);
	CHECK_HAS(w, buf_cstr(&out), "+        \"matcher\": \"*\",");
	CHECK_HAS(w, buf_cstr(&out), "connectors of claude.ai");
	CHECK_INT(w, init(w, NULL, &out), UNASKED);
	CHECK_HAS(w, buf_cstr(&out), "--yes");
	CHECK_INT(w, init(w, "--json", &out), UNASKED);
	CHECK(w, cJSON_Parse(buf_cstr(&out)) != NULL);
	CHECK_TEXT(w, tree(w), before);
}

/* Keys stand beside the commands. */
static void secrets_are_not_shown(struct world *w)
{
	struct buf out = { 0 };
	put_home(w);
	world_put(at_home(w, ".claude.json"),
		"{\"mcpServers\": {\"u\": {\n\"command\": \"x\",\n\"env\": {\n"
		"\"GITHUB_TOKEN\": \"ghp_x8Kq2LmZ0vTr5YbN7cWd3HsJ9fGa1PeR4uQo\",\n"
		"\"MY_API_KEY\": \"k3J9xQ2vB7nM4pL8\"}}}}\n");
	CHECK_INT(w, init(w, "--dry-run", &out), OK);
	CHECK_HAS(w, buf_cstr(&out), " \"GITHUB_TOKEN\": \"(secret)\",");
	CHECK_HAS(w, buf_cstr(&out), "\"MY_API_KEY\": \"(secret)\"");
	CHECK_LACKS(w, buf_cstr(&out), "k3J9xQ2v");
}

static void a_build_tree_is_refused(struct world *w)
{
	put_home(w);
	const char *const argv[] = { world_path(w, "bascule"), "init", "--root", w->root, "--home",
		home_of(w), "--yes", NULL };
	char *before = tree(w);
	CHECK_INT(w, world_run(w, argv, NULL, NULL), USAGE);
	CHECK(w, world_err_has(w, "not installed"));
	CHECK_TEXT(w, tree(w), before);
}

/* A whole installation below another directory writes the path that it was started by. */
static void an_installation_writes_its_own_path(struct world *w)
{
	char *front = xasprintf("%s/inst%s/bascule", w->dir, BASCULE_BINDIR);
	char *setup = xasprintf("%s/inst%s/bascule-setup", w->dir, BASCULE_LIBEXECDIR);
	const char *const copies[][6] = {
		{ "install", "-D", world_path(w, "bascule"), front, NULL },
		{ "install", "-D", world_path(w, "bascule-setup"), setup, NULL },
	};
	const char *const argv[] = { "env", "--unset=CLAUDE_CONFIG_DIR", front, "init", "claude",
		"--root", w->root, "--home", home_of(w), "--yes", NULL };
	put_home(w);
	for (size_t i = 0; i < COUNT_OF(copies); i++) {
		CHECK_INT(w, world_run(w, copies[i], NULL, NULL), 0);
	}
	world_put(at_home(w, ".claude.json"), "{}"); /* nothing to be looked at */
	CHECK_INT(w, world_run(w, argv, NULL, NULL), OK);
	CHECK(w, file_has(at_home(w, ".claude/settings.json"), xasprintf("\"%s\"", front)));
}

static void what_is_broken_is_left_and_named(struct world *w)
{
	static const char broken[] = "{\n  // mine\n  \"hooks\": {}\n}\n";
	struct buf out = { 0 };
	put_home(w);
	world_put(at_home(w, ".claude/settings.json"), broken);
	CHECK(w, chmod(at_home(w, ".gemini/settings.json"), 0444) == 0);
	CHECK_INT(w, init(w, "--yes", &out), FAILED);
	CHECK_HAS(w, buf_cstr(&out), "settings.json:2:3: ");
	CHECK(w, world_file_is(at_home(w, ".claude/settings.json"), broken));
	CHECK(w, world_file_is(at_home(w, ".gemini/settings.json"), gemini_json));
	CHECK(w, file_has(at_home(w, ".codex/hooks.json"), "hook codex"));
	CHECK_INT(w, init(w, "--undo", NULL), OK);
}

/* A project can switch all hooks off. */
static void hooks_that_are_off_are_named(struct world *w)
{
	struct buf out = { 0 };
	put_home(w);
	make_dir(w, w->work, ".claude");
	char *path = world_file(w->work, ".claude/settings.json");
	world_put(path, "{\"disableAllHooks\": true}\n");
	CHECK_INT(w, init(w, "--yes", &out), OK);
	CHECK_HAS(w, buf_cstr(&out), "! disableAllHooks switches our hook off");
	CHECK(w, world_file_is(path, "{\"disableAllHooks\": true}\n"));
	world_put(path, "{ // mine\n}\n");
	CHECK_INT(w, init(w, "--yes", &out), FAILED);
	CHECK_HAS(w, buf_cstr(&out), "settings.json:1:3: ");
}

/* What its agent has written since stays, ours comes out; what cannot be told apart is left. */
static void what_was_changed_since(struct world *w)
{
	struct buf out = { 0 };
	put_home(w);
	CHECK_INT(w, init(w, "--yes", NULL), OK);
	char *path = at_home(w, ".claude.json");
	world_put(path,
		xasprintf("{\n  \"numStartups\": 4,\n  \"mcpServers\": {\n    \"u\": {\n"
			  "      \"type\": \"stdio\",\n      \"command\": \"%s\",\n"
			  "      \"args\": [\n        \"run\",\n        \"--root\",\n        "
			  "\"%s\",\n"
			  "        \"--name\",\n        \"u\",\n        \"--\",\n        \"x\",\n"
			  "        \"1\"\n      ]\n    }\n  }\n}\n",
			world_path(w, "bascule"), w->root));
	world_put(at_home(w, ".config/opencode/plugin/bascule.js"), "// mine\n");
	char *hooks = at_home(w, ".codex/hooks.json");
	struct buf text = { 0 };
	world_get(hooks, &text);
	world_put(hooks, xasprintf("\n%s\n", buf_cstr(&text))); /* nothing in it but ours */
	CHECK_INT(w, init(w, "--undo", &out), FAILED);
	CHECK_HAS(w, buf_cstr(&out), ".claude.json has what was added taken out");
	CHECK(w, file_has(path, "\"command\": \"x\""));
	CHECK(w, file_has(path, "\"numStartups\": 4"));
	CHECK(w, !file_has(path, "bascule"));
	CHECK_HAS(w, buf_cstr(&out), "bascule.js was changed since, and is left as it is");
	CHECK(w, world_file_is(at_home(w, ".config/opencode/plugin/bascule.js"), "// mine\n"));
	CHECK(w, world_file_is(at_home(w, ".claude/settings.json"), settings));
	CHECK(w, access(hooks, F_OK) != 0);
}

/* Until `env` has become the program. */
static void await_named(struct world *w, const char *program)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (!proc_find(program, "1000") ||
		proc_find(program, "HOME=") == proc_find(program, "1000")) {
		CHECK(w, now_ms() < end);
	}
}

/* Our own words in it were changed by hand: what stands behind -- is theirs all the same. */
static void what_was_changed_in_ours(struct world *w)
{
	struct buf out = { 0 };
	put_home(w);
	CHECK_INT(w, init(w, "--yes", NULL), OK);
	char *path = at_home(w, ".claude.json");
	world_put(path,
		"{\"mcpServers\": {\"u\": {\"command\": \"/b/bascule\", \"args\": [\"run\", "
		"\"--scope\", \"/s\", \"--\", \"x\", \"2\"]}}}\n");
	CHECK_INT(w, init(w, "--undo", &out), OK);
	CHECK(w,
		world_file_is(path,
			"{\"mcpServers\": {\"u\": {\"command\": \"x\", \"args\": [\"2\"]}}}\n"));
}

/* Something named as the agent is, with this home. */
static pid_t start_claude(struct world *w)
{
	char *claude = at_home(w, "bin/claude");
	CHECK(w, symlink("/bin/sleep", claude) == 0);
	const char *const argv[] = { "env", xasprintf("HOME=%s", home_of(w)), claude, "1000",
		NULL };
	pid_t pid = proc_start(&(struct proc){ .argv = argv, .in = -1, .out = -1, .err = -1 });
	await_named(w, claude);
	return pid;
}

static void while_it_runs_its_own_file_is_left(struct world *w)
{
	put_home(w);
	pid_t pid = start_claude(w);
	struct buf out = { 0 };
	const char *const options[] = { "claude", "--dry-run", NULL };
	CHECK_INT(w, world_run(w, words(w, options, NULL), NULL, &out), FAILED);
	CHECK_HAS(w, buf_cstr(&out), "end it, then run bascule init again");
	CHECK_HAS(w, buf_cstr(&out), "settings.json: will be changed");
	kill(pid, SIGKILL);
	int status = 0;
	CHECK(w, proc_wait(pid, WORLD_BOUND_MS, &status));
	CHECK_INT(w, world_run(w, words(w, options, NULL), NULL, &out), OK);
}

/* An agent that is told to read elsewhere would not see what is written here. */
static void what_is_read_elsewhere_is_left(struct world *w)
{
	struct buf out = { 0 };
	const char *const options[] = { "--yes", NULL };
	put_home(w);
	char *here = xasprintf("export CODEX_HOME=%s/", at_home(w, ".codex"));
	CHECK_INT(w, world_run(w, words(w, options, "export CODEX_HOME=/elsewhere"), NULL, &out),
		FAILED);
	CHECK_HAS(w, buf_cstr(&out), "CODEX_HOME is /elsewhere");
	CHECK(w, world_file_is(at_home(w, "dotfiles/codex.toml"), codex_toml));
	CHECK(w, file_has(at_home(w, ".claude/settings.json"), "bascule"));
	CHECK_INT(w, world_run(w, words(w, options, here), NULL, &out), OK);
	CHECK(w, file_has(at_home(w, "dotfiles/codex.toml"), "bascule"));
}

static void put_program(struct world *w, const char *name, const char *text)
{
	char *path = at_home(w, name);
	world_put(path, text);
	CHECK(w, chmod(path, 0700) == 0);
}

static void the_agent_looks_itself(struct world *w)
{
	struct buf out = { 0 };
	put_home(w);
	put_program(w, "bin/claude", "#!/bin/sh\necho \"$HOME $* \033[31mred\033[2J\"\n");
	put_program(w, "bin/gemini", "#!/bin/sh\necho broken >&2; exit 4\n");
	CHECK_INT(w, init(w, "--yes", &out), FAILED);
	CHECK_HAS(w, buf_cstr(&out), xasprintf("  %s mcp list red", home_of(w)));
	CHECK_LACKS(w, buf_cstr(&out), "\033");
	CHECK_HAS(w, buf_cstr(&out), "something is wrong\n  broken\n");
	CHECK_INT(w, init(w, "--undo", NULL), OK);
}

static void on_a_full_disk_nothing_is_half(struct world *w)
{
	const char *const options[] = { "--yes", NULL };
	put_home(w);
	CHECK_INT(w, init(w, "--undo", NULL), OK); /* its folders are there */
	char *before = tree(w);
	struct buf out = { 0 };
	int code = world_run(w, words(w, options, "trap '' XFSZ; ulimit -f 0"), NULL, &out);
	CHECK(w, code != OK);
	CHECK_TEXT(w, tree(w), before);
	CHECK_INT(w, init(w, "--yes", NULL), OK);
}

static void two_at_once_are_one(struct world *w)
{
	const char *const options[] = { "--yes", NULL };
	pid_t pid[2];
	int status = 0, good = 0;
	put_home(w);
	put_server(w);
	char *before = tree(w);
	for (size_t i = 0; i < COUNT_OF(pid); i++) {
		struct proc proc = { .cwd = w->work,
			.in = -1,
			.out = -1,
			.err = world_err_file(w, "init"),
			.argv = words(w, options, NULL) };
		pid[i] = proc_start(&proc);
		close(proc.err);
	}
	for (size_t i = 0; i < COUNT_OF(pid); i++) {
		CHECK(w, proc_wait(pid[i], WORLD_BOUND_MS, &status));
		CHECK(w, WIFEXITED(status) && WEXITSTATUS(status) <= FAILED);
		good += status == 0;
	}
	CHECK(w, good > 0);
	struct buf out = { 0 };
	CHECK_INT(w, init(w, "--yes", &out), OK);
	CHECK_HAS(w, buf_cstr(&out), "Nothing is to be written");
	CHECK_INT(w, init(w, "--undo", NULL), OK);
	CHECK_TEXT(w, tree(w), before);
}

/* ---- at a terminal ---- */

static struct terminal at_terminal(struct world *w, const char *option)
{
	const char *const options[] = { option, NULL };
	return terminal_start(w, words(w, options, NULL));
}

static void the_default_is_no(struct world *w)
{
	put_home(w);
	char *before = tree(w);
	struct terminal t = at_terminal(w, "claude");
	terminal_read(w, &t, "[y/N] ");
	CHECK(w, write(t.fd, "\n", 1) == 1);
	CHECK_INT(w, terminal_end(w, &t), UNASKED);
	CHECK_TEXT(w, tree(w), before);
}

/* It was started while the question stood. */
static void started_between_diff_and_yes(struct world *w)
{
	int status = 0;
	put_home(w);
	world_broker(w);
	struct terminal t = at_terminal(w, "claude");
	terminal_read(w, &t, "[y/N] ");
	pid_t pid = start_claude(w);
	CHECK(w, write(t.fd, "y\n", 2) == 2);
	CHECK_INT(w, terminal_end(w, &t), FAILED);
	CHECK(w, world_file_is(at_home(w, ".claude.json"), claude_json));
	CHECK(w, file_has(at_home(w, ".claude/settings.json"), "bascule"));
	kill(pid, SIGKILL);
	CHECK(w, proc_wait(pid, WORLD_BOUND_MS, &status));
}

static void changed_between_diff_and_yes(struct world *w)
{
	put_home(w);
	world_broker(w);
	struct terminal t = at_terminal(w, "claude");
	terminal_read(w, &t, "[y/N] ");
	world_put(at_home(w, ".claude/settings.json"), "{\"model\": \"theirs\"}");
	CHECK(w, write(t.fd, "y\n", 2) == 2);
	CHECK_INT(w, terminal_end(w, &t), FAILED);
	CHECK_HAS(w, buf_cstr(&t.seen), "settings.json: NOT in order");
	CHECK(w, world_file_is(at_home(w, ".claude/settings.json"), "{\"model\": \"theirs\"}"));
	CHECK_HAS(w, buf_cstr(&t.seen), "Not accepted beforehand: ");
	CHECK(w, file_has(at_home(w, ".claude.json"), "bascule"));
	CHECK_INT(w, init(w, "--undo", NULL), OK);
	CHECK(w, world_file_is(at_home(w, ".claude.json"), claude_json));
}

/* ---- what was written does its work ---- */

/* The words by which the project's file starts its server. */
static struct client *open_wrapped(struct world *w)
{
	const char **command = xcalloc(24, sizeof(*command));
	struct buf text = { 0 };
	world_get(world_file(w->work, ".mcp.json"), &text);
	cJSON *json = cJSON_Parse(buf_cstr(&text));
	const cJSON *entry = pick(json, "mcpServers.files"), *word;
	size_t n = 0;
	command[n++] = pick_text(entry, "command");
	cJSON_ArrayForEach(word, pick(entry, "args"))
	{
		CHECK(w, n < 23);
		command[n++] = word->valuestring;
	}
	return client_open(w, &(struct launch){ .direct = true, .command = command });
}

static void a_wrapped_server_asks(struct world *w)
{
	put_home(w);
	put_server(w);
	CHECK_INT(w, init(w, "--yes", NULL), OK);
	world_broker(w);
	struct client *c = open_wrapped(w);
	client_call(c, "1", "write_file", args_write("/outside/b", "x"));
	const cJSON *item = person_server(w->person, 1);
	CHECK_TEXT(w, pick_text(item, "server"), "files");
	person_decide(w->person, pick_text(item, "call"), pick_int(item, "revision"), "deny", "no");
	CHECK_HAS(w, client_expect_refusal(c, "1"), "NOT executed");
	CHECK(w, !world_seen(w, "/outside/b"));
}

/* Nobody is asked about the server or the agent any more, only about what they do. */
static void a_yes_in_person_accepts(struct world *w)
{
	struct buf out = { 0 };
	put_home(w);
	world_put(at_home(w, ".claude.json"),
		"{\"mcpServers\":{\"u\":{\"command\":\"/bin/true\"},"
		"\"r\":{\"type\":\"http\",\"url\":\"https://mcp.example.org\"}}}");
	put_server(w);
	world_broker(w);
	int fd = world_decide_fd(w);
	const char *const options[] = { "--yes", "--decide-fd", xasprintf("%d", fd), NULL };
	CHECK_INT(w, world_run_with(w, words(w, options, NULL), fd, &out), OK);
	CHECK_HAS(w, buf_cstr(&out), "Accepted in this project: claude, u, files, codex");
	CHECK_HAS(w, buf_cstr(&out), "Not accepted, no gate is in front of them: claude/r\n");
	struct client *c = open_wrapped(w);
	client_call(c, "1", "write_file", args_write("/outside/b", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK_TEXT(w, pick_text(item, "kind"), "call");
	person_decide(w->person, pick_text(item, "call"), pick_int(item, "revision"), "deny", "no");
	struct asked asked = asked_start(
		w, "claude", asked_claude(w, "s", "Bash", "{\"command\":\"rm -rf /outside\"}"));
	item = person_item(w->person, "Bash", "held");
	CHECK_TEXT(w, pick_text(item, "kind"), "call");
	person_decide(w->person, pick_text(item, "call"), pick_int(item, "revision"), "deny", "no");
	CHECK_HAS(w, asked_said(&asked, 2), "NOT executed");
}

static const struct e2e_case cases[] = {
	{ "there_and_back", there_and_back, 0 },
	{ "the_first_rules_are_in_order", the_first_rules_are_in_order, 0 },
	{ "without_a_yes_nothing_is_written", without_a_yes_nothing_is_written, 0 },
	{ "secrets_are_not_shown", secrets_are_not_shown, 0 },
	{ "a_build_tree_is_refused", a_build_tree_is_refused, 0 },
	{ "an_installation_writes_its_own_path", an_installation_writes_its_own_path, 0 },
	{ "what_is_broken_is_left_and_named", what_is_broken_is_left_and_named, 0 },
	{ "hooks_that_are_off_are_named", hooks_that_are_off_are_named, 0 },
	{ "what_was_changed_in_ours", what_was_changed_in_ours, 0 },
	{ "what_was_changed_since", what_was_changed_since, 0 },
	{ "while_it_runs_its_own_file_is_left", while_it_runs_its_own_file_is_left, 0 },
	{ "what_is_read_elsewhere_is_left", what_is_read_elsewhere_is_left, 0 },
	{ "the_agent_looks_itself", the_agent_looks_itself, 0 },
	{ "on_a_full_disk_nothing_is_half", on_a_full_disk_nothing_is_half, 0 },
	{ "two_at_once_are_one", two_at_once_are_one, 0 },
	{ "the_default_is_no", the_default_is_no, 0 },
	{ "started_between_diff_and_yes", started_between_diff_and_yes, 0 },
	{ "changed_between_diff_and_yes", changed_between_diff_and_yes, 0 },
	{ "a_wrapped_server_asks", a_wrapped_server_asks, 0 },
	{ "a_yes_in_person_accepts", a_yes_in_person_accepts, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
