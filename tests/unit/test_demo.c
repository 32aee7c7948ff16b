/* What is pure or small in the demo: script, jail, what its servers answer, and how rows are
 * compared. */
#include "config.h"

#include "core/effects/extract.h"
#include "core/effects/effect.h"
#include "core/policy/findings.h"
#include "core/policy/policy.h"
#include "core/preview.h"
#include "ipc/demo.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool not_here(struct err *err)
{
	return fail(err, 0, "not here");
}

#undef fail
#include <cmocka.h>

/* demo_history.c reads rows through this; here only its pure half is used. */
bool demo_run(struct demo *d, char *const *argv, char *const *env, struct buf *out, struct err *err)
{
	(void)d;
	(void)argv;
	(void)env;
	(void)out;
	return not_here(err);
}

/* ---- the script ---- */

static void test_every_line_is_a_call(void **state)
{
	static const char *const places[] = { "/tmp/bascule-demo-abc123", "/tmp/quote\"d\\place" };
	(void)state;
	for (size_t i = 0; i < demo_call_count; i++) {
		const struct demo_call *call = &demo_calls[i];
		bool offered = false;
		for (size_t t = 0; t < demo_tool_count; t++) {
			offered |= strcmp(demo_tools[t].server, call->server) == 0 &&
				strcmp(demo_tools[t].name, call->tool) == 0;
		}
		assert_true(offered);
		for (size_t p = 0; p < COUNT_OF(places); p++) {
			struct json_scan scan = { 0 };
			struct buf arguments = { 0 };
			demo_arguments(call, places[p], &arguments);
			assert_true(json_validate(&scan, buf_view(&arguments), JSON_STRICT));
			assert_int_equal(scan.type, JSON_OBJECT);
			assert_null(strstr(buf_cstr(&arguments), "@WS@"));
			assert_null(strstr(buf_cstr(&arguments), "@HOME@"));
			json_finish(&scan);
			buf_finish(&arguments);
		}
	}
}

/* Items and rows are told apart by server, tool and target. */
static void test_no_two_calls_look_alike(void **state)
{
	struct profiles *profiles = profiles_create();
	(void)state;
	for (size_t i = 0; i < demo_call_count; i++) {
		char *one = demo_target(profiles, &demo_calls[i], "/s");
		for (size_t k = i + 1; k < demo_call_count; k++) {
			char *other = demo_target(profiles, &demo_calls[k], "/s");
			bool alike = strcmp(one, other) == 0 &&
				strcmp(demo_calls[i].tool, demo_calls[k].tool) == 0 &&
				strcmp(demo_calls[i].server, demo_calls[k].server) == 0;
			assert_false(alike);
			free(other);
		}
		free(one);
	}
	profiles_destroy(profiles);
}

/* What the machine would say: the pretended home is outside the scope, all else inside. */
static void add_facts(struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		struct fact *fact = &effects->list[i].fact;
		const char *given = effects->list[i].given;
		fact->path = xstrdup(given);
		fact->inside = strncmp(given, "/tmp/scratch/ws", 15) == 0;
		fact->state = strstr(given, "changes.md") ? FACT_ABSENT : FACT_FILE;
		fact->links = 1;
	}
}

static void test_policy_holds_what_the_check_decides(void **state)
{
	struct profiles *profiles = profiles_create();
	struct rules *rules = rules_builtin();
	unsigned fates[4] = { 0 };
	unsigned soon = 0;
	(void)state;
	for (size_t i = 0; i < demo_call_count; i++) {
		const struct demo_call *call = &demo_calls[i];
		const char *profile = demo_servers[demo_server_of(call)].profile;
		struct span known = span_of(profile ? profile : "");
		struct buf arguments = { 0 };
		struct effects effects;
		struct judgement judgement;
		demo_arguments(call, "/tmp/scratch", &arguments);
		effects_extract(&effects,
			&(struct extract){ .profiles = profiles,
				.profile = known,
				.method = SPAN("tools/call"),
				.tool = span_of(call->tool),
				.arguments = buf_view(&arguments),
				.server = demo_servers[demo_server_of(call)].name,
				.cwd = "/tmp/scratch/ws" });
		add_facts(&effects);
		findings_add(&effects, &(struct findings_in){ .arguments = buf_view(&arguments) });
		policy_judge(&(struct policy_call){ .method = SPAN("tools/call"),
				     .tool = span_of(call->tool),
				     .profile = known,
				     .effects = &effects,
				     .rules = rules,
				     .home = "/tmp/scratch/home",
				     .agreed = true,
				     .listed = true },
			&judgement);
		assert_int_equal(judgement.verdict,
			call->fate == DEMO_ALLOWED ? VERDICT_ALLOW : VERDICT_HOLD);
		fates[call->fate]++;
		soon += call->fate != DEMO_ALLOWED && call->at_ms < 1000;
		effects_finish(&effects);
		buf_finish(&arguments);
	}
	assert_true(fates[DEMO_ALLOWED] >= 12 && fates[DEMO_APPROVED] && fates[DEMO_DENIED] &&
		fates[DEMO_CANCELLED]);
	rules_destroy(rules);
	profiles_destroy(profiles);
	assert_int_equal(soon, 4);
}

static void test_text_of_an_answer(void **state)
{
	static const struct {
		const char *json, *text;
		bool error;
	} cases[] = {
		{ "{\"content\":[{\"type\":\"text\",\"text\":\"a\\n\"},{\"text\":\"b\"}]}", "a\nb",
			false },
		{ "{\"isError\":true,\"content\":[{\"text\":\"no\"}]}", "no", true },
		{ "{\"isError\":\"true\",\"content\":[7,{\"text\":7}]}", "", false },
		{ "[]", "", false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf out = { 0 };
		bool error;
		demo_text_of(span_of(cases[i].json), &out, &error);
		assert_string_equal(buf_cstr(&out), cases[i].text);
		assert_int_equal(error, cases[i].error);
		buf_finish(&out);
	}
}

/* ---- the jail ---- */

static void test_paths_of_the_jail(void **state)
{
	static const struct {
		const char *given, *path;
	} cases[] = {
		{ "src/a", "ws/src/a" },
		{ ".", "ws/." },
		{ "a..b", "ws/a..b" },
		{ "/s/ws/a", "ws/a" },
		{ "/s/home/.profile", "home/.profile" },
		{ "/s/ws", "ws" },
		{ "", NULL },
		{ "..", NULL },
		{ "../home/.profile", NULL },
		{ "src/../../root/state", NULL },
		{ "/s/ws/..", NULL },
		{ "/s/root/state/log.db", NULL },
		{ "/s/" DEMO_LOG, NULL },
		{ "/s/wsx", NULL },
		{ "/s", NULL },
		{ "/sx/ws/a", NULL },
		{ "/etc/passwd", NULL },
		{ "/", NULL },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *path = demo_jail_path("/s", cases[i].given);
		if (cases[i].path) {
			assert_non_null(path);
			assert_string_equal(path, cases[i].path);
		} else {
			assert_null(path);
		}
		free(path);
	}
}

struct place {
	struct demo_scratch scratch;
	struct demo_jail jail;
	struct json_scan scan;
};

static int make_place(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));
	struct err err;
	*state = p;
	return demo_scratch_make(&p->scratch, &err) && demo_scratch_repository(&p->scratch, &err) &&
			demo_jail_init(&p->jail, p->scratch.dir, &err)
		? 0
		: -1;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	struct err err;
	char *dir = xstrdup(p->scratch.dir);
	bool ok = demo_scratch_remove(&p->scratch, &err) && access(dir, F_OK) != 0;
	demo_jail_finish(&p->jail);
	demo_scratch_finish(&p->scratch);
	json_finish(&p->scan);
	free(dir);
	free(p);
	return ok ? 0 : -1;
}

static void test_no_link_leads_out(void **state)
{
	struct place *p = *state;
	struct err err;
	char *link = xasprintf("%s/out", p->scratch.workspace),
	     *inner = xasprintf("%s/in", p->scratch.workspace);
	assert_int_equal(symlink("/etc", link), 0);
	assert_int_equal(symlink("README.md", inner), 0);
	assert_int_equal(demo_jail_open(&p->jail, "out/passwd", O_RDONLY, &err), -1);
	assert_int_equal(demo_jail_open(&p->jail, "out", O_RDONLY, &err), -1);
	assert_int_equal(demo_jail_open(&p->jail, "in", O_RDONLY, &err), -1);
	int fd = demo_jail_open(&p->jail, "README.md", O_RDONLY, &err);
	assert_true(fd >= 0);
	close(fd);
	free(link);
	free(inner);
}

static void test_only_a_private_directory(void **state)
{
	struct place *p = *state;
	struct demo_jail jail;
	struct err err;
	assert_int_equal(chmod(p->scratch.dir, 0755), 0);
	assert_false(demo_jail_init(&jail, p->scratch.dir, &err));
	assert_int_equal(chmod(p->scratch.dir, 0700), 0);
	assert_false(demo_jail_init(&jail, "/nonexistent/place", &err));
}

/* ---- the servers ---- */

static char *ask(struct place *p, const char *server, const char *line)
{
	struct buf out = { 0 };
	demo_serve_line(&p->jail, server, &p->scan, span_of(line), &out);
	char *answer = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return answer;
}

static void test_what_servers_answer(void **state)
{
#define ASK(method, more) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method "\"" more "}"
#define CALL(tool, arguments) \
	ASK("tools/call", ",\"params\":{\"name\":\"" tool "\",\"arguments\":" arguments "}")
	static const struct {
		const char *server, *line, *contains;
	} cases[] = {
		{ "files", ASK("initialize", ",\"params\":{\"protocolVersion\":\"2024-11-05\"}"),
			"\"id\":1,\"result\":{\"protocolVersion\":\"2024-11-05\"" },
		{ "files", ASK("ping", ""), "\"result\":{}" },
		{ "files", ASK("tools/list", ""), "\"name\":\"edit_file\"" },
		{ "shell", ASK("tools/list", ""), "\"tools\":[{\"name\":\"run_command\"" },
		{ "files", ASK("resources/list", ""), "\"code\":-32601" },
		{ "shell", CALL("read_text_file", "{\"path\":\"README.md\"}"), "\"code\":-32602" },
		{ "files", CALL("read_text_file", "{\"path\":\"README.md\"}"),
			"\"isError\":false" },
		{ "files", CALL("read_text_file", "{\"path\":\"src\"}"), "\"isError\":true" },
		{ "files", CALL("read_text_file", "{\"path\":\"/etc/passwd\"}"),
			"\"isError\":true" },
		{ "files", CALL("read_text_file", "{\"path\":7}"), "\"isError\":true" },
		{ "files", CALL("read_text_file", "{}"), "\"isError\":true" },
		{ "files", CALL("read_text_file", "[]"), "\"error\":{\"code\":" },
		{ "files", CALL("read_multiple_files", "{\"paths\":[\"README.md\",7]}"),
			"\"isError\":true" },
		{ "files", CALL("list_directory", "{\"path\":\".\"}"), "[DIR] src" },
		{ "files", CALL("search_files", "{\"path\":\"src\",\"pattern\":\"l*.js\"}"),
			"src/limits.js" },
		{ "files", CALL("search_files", "{\"path\":\".\",\"pattern\":\"none\"}"),
			"No matches" },
		{ "files", CALL("get_file_info", "{\"path\":\"src/limits.js\"}"), "size: " },
		{ "files",
			CALL("write_file",
				"{\"path\":\"../root/config/config.ini\",\"content\":\"\"}"),
			"\"isError\":true" },
		{ "files", CALL("write_file", "{\"path\":\"new.txt\",\"content\":7}"),
			"\"isError\":true" },
		{ "files",
			CALL("edit_file",
				"{\"path\":\"src\",\"edits\":[{\"oldText\":\"a\",\"newText\":\"\"}]"
				"}"),
			"\"isError\":true" },
		{ "files",
			CALL("edit_file",
				"{\"path\":\"README.md\",\"edits\":[{\"oldText\":\"no\","
				"\"newText\":\"\"}]}"),
			"\"isError\":true" },
		{ "files", CALL("edit_file", "{\"path\":\"README.md\",\"edits\":[7]}"),
			"\"isError\":true" },
		{ "files", CALL("edit_file", "{\"path\":\"README.md\"}"), "\"isError\":true" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *answer = ask(*state, cases[i].server, cases[i].line);
		if (!strstr(answer, cases[i].contains)) {
			fail_msg("%s\ngave: %s\nwithout: %s", cases[i].line, answer,
				cases[i].contains);
		}
		assert_ptr_equal(strchr(answer, '\n'), answer + strlen(answer) - 1);
		free(answer);
	}
}

static void test_notifications_get_no_answer(void **state)
{
	char *none = ask(
		*state, "files", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
	assert_string_equal(none, "");
	free(none);
}

static char *content_of(const char *path)
{
	char text[8192];
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	size_t n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	return xstrdup(text);
}

static char *line_of(const struct demo_call *call, const char *scratch)
{
	struct buf arguments = { 0 };
	demo_arguments(call, scratch, &arguments);
	char *line = xasprintf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
			       "call\",\"params\":{\"name\":\"%s\","
			       "\"arguments\":%s}}",
		call->tool, buf_cstr(&arguments));
	buf_finish(&arguments);
	return line;
}

/* The server applies edits in its own, plain way; what a person is shown comes from core. They must
 * agree. */
static void test_writes_leave_what_was_shown(void **state)
{
	struct profiles *profiles = profiles_create();
	struct place *p = *state;
	unsigned written = 0;
	for (size_t i = 0; i < demo_call_count; i++) {
		const struct demo_call *call = &demo_calls[i];
		if (call->fate != DEMO_APPROVED) {
			continue;
		}
		struct buf arguments = { 0 };
		struct preview shown;
		demo_arguments(call, p->scratch.dir, &arguments);
		char *target = demo_target(profiles, call, p->scratch.dir);
		char *before = access(target, F_OK) == 0 ? content_of(target) : NULL;
		const struct preview_file file = { span_of(target), span_of(before), true };
		preview_make(&shown,
			&(struct preview_ask){ SPAN("filesystem"), span_of(call->tool),
				buf_view(&arguments), &file, 1, 0 });
		assert_int_equal(shown.kind, PREVIEW_DIFF);
		char *line = line_of(call, p->scratch.dir), *answer = ask(p, call->server, line);
		char *after = content_of(target);
		assert_non_null(strstr(answer, "\"isError\":false"));
		assert_non_null(strstr(answer, call->says));
		assert_string_equal(after, buf_cstr(&shown.after));
		written++;
		preview_finish(&shown);
		buf_finish(&arguments);
		char *const all[] = { target, before, line, answer, after };
		for (size_t k = 0; k < COUNT_OF(all); k++) {
			free(all[k]);
		}
	}
	assert_int_equal(written, 3);
	profiles_destroy(profiles);
}

static void test_pretended_tools_only_leave_a_line(void **state)
{
	struct place *p = *state;
	char *log = xasprintf("%s/" DEMO_LOG, p->scratch.dir);
	free(ask(p, "shell", CALL("run_command", "{\"command\":\"git push\"}")));
	char *text = content_of(log);
	assert_string_equal(text, "run_command {\"command\":\"git push\"}\n");
	free(text);
	free(log);
}

/* ---- the history ---- */

#define ROW(verdict, decision, reason, state, outcome) \
	"{\"server\":\"files\",\"tool\":\"t\",\"target\":\"\",\"verdict\":\"" verdict \
	"\",\"decision\":" decision ",\"decision_reason\":" reason ",\"state\":\"" state \
	"\",\"outcome\":" outcome "}\n"

static void test_rows_that_differ_are_found(void **state)
{
	static const struct {
		const char *row;
		enum demo_fate fate;
		bool fits;
	} cases[] = {
		{ ROW("allow", "null", "null", "done", "\"result\""), DEMO_ALLOWED, true },
		{ ROW("hold", "\"approved\"", "null", "done", "\"result\""), DEMO_APPROVED, true },
		{ ROW("hold", "\"denied\"", "\"because\"", "denied", "null"), DEMO_DENIED, true },
		{ ROW("hold", "null", "null", "withdrawn", "null"), DEMO_CANCELLED, true },
		{ ROW("hold", "null", "null", "done", "\"result\""), DEMO_ALLOWED, false },
		{ ROW("allow", "null", "null", "done", "\"tool_error\""), DEMO_ALLOWED, false },
		{ ROW("allow", "null", "null", "done", "\"result\""), DEMO_APPROVED, false },
		{ ROW("hold", "null", "null", "done", "\"result\""), DEMO_APPROVED, false },
		{ ROW("hold", "\"denied\"", "\"another\"", "denied", "null"), DEMO_DENIED, false },
		{ ROW("hold", "\"denied\"", "\"because\"", "done", "\"result\""), DEMO_DENIED,
			false },
		{ ROW("hold", "\"approved\"", "null", "withdrawn", "null"), DEMO_CANCELLED, false },
		{ ROW("hold", "null", "null", "done", "\"cancelled\""), DEMO_CANCELLED, false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct demo_call call = {
			.server = "files", .tool = "t", .fate = cases[i].fate, .says = "because"
		};
		struct demo_rows rows = { 0 };
		struct err err;
		assert_true(demo_history_parse(&rows, span_of(cases[i].row), &err));
		assert_int_equal(rows.count, 1);
		assert_int_equal(demo_history_fault(&rows.list[0], &call) == NULL, cases[i].fits);
		demo_history_finish(&rows);
	}
}

static void test_rows_that_are_none(void **state)
{
	static const char *const bad[] = { "{\"server\":1", "[]\n", "{}\n\n{}\n",
		"No call was recorded yet.\n" };
	struct demo_rows rows = { 0 };
	struct err err;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(demo_history_parse(&rows, span_of(bad[i]), &err));
		demo_history_finish(&rows);
	}
	assert_true(demo_history_parse(&rows, SPAN("{}\n{\"tool\":7}"), &err));
	assert_int_equal(rows.count, 2);
	assert_string_equal(rows.list[1].tool, "");
	demo_history_finish(&rows);
	assert_true(demo_history_parse(&rows, SPAN(""), &err));
	assert_int_equal(rows.count, 0);
	demo_history_finish(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_line_is_a_call),
		cmocka_unit_test(test_no_two_calls_look_alike),
		cmocka_unit_test(test_policy_holds_what_the_check_decides),
		cmocka_unit_test(test_text_of_an_answer),
		cmocka_unit_test(test_paths_of_the_jail),
		cmocka_unit_test_setup_teardown(test_no_link_leads_out, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			test_only_a_private_directory, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_what_servers_answer, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			test_notifications_get_no_answer, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			test_writes_leave_what_was_shown, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			test_pretended_tools_only_leave_a_line, make_place, remove_place),
		cmocka_unit_test(test_rows_that_differ_are_found),
		cmocka_unit_test(test_rows_that_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
