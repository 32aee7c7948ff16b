/* `bascule history`: what it prints into a pipe, as JSON and on terminals of several widths, and
 * that nothing hostile gets through. Each run is a process of its own. */
#include "config.h"

#include "core/buf.h"
#include "core/json.h"
#include "core/safe_text.h"
#include "ipc/cmd.h"
#include "tests/unit/history_world.h"

#include <sys/ioctl.h>

static struct world world;

#define HOSTILE "a\x1b]52;c;x\x07\n\tb\xe2\x80\xae\xc2\x9b\xf0\x9f\x8c\x89"

static int begin(void **state)
{
	struct world *w = &world;
	begin_world(w, false);
	free(w->path);
	char *dir = xasprintf("%s/state", w->dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	w->path = xasprintf("%s/log.db", dir);
	free(dir);
	setenv("BASCULE_ROOT", w->dir, 1);
	setenv("TZ", "UTC", 1);
	*state = w;
	return 0;
}

static int end(void **state)
{
	end_world(*state);
	return 0;
}

static void fill(struct world *w)
{
	struct history_session s = a_session(INSTANCE);
	WORKS((w->h = history_open(w->path, test_key, false, test_now, NULL, &w->err)));
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session(w->h, &s, &w->session, &w->err));
	struct history_call plain = a_call(w, INSTANCE "-1"), hostile = a_call(w, INSTANCE "-2");
	hostile.target = SPAN(HOSTILE);
	hostile.tool = SPAN(HOSTILE);
	WORKS(history_add(w->h, &plain, &w->err));
	WORKS(history_finish(
		w->h, plain.number, LIFE_DONE, SPAN("result"), 5, 12345, test_now + 3, &w->err));
	WORKS(history_add(w->h, &hostile, &w->err));
	WORKS(history_commit(w->h, &w->err));
}

/* ---- running it ---- */

struct printed {
	int status;
	char out[16384], err[4096];
};

static void read_all(int fd, char *into, size_t size)
{
	size_t used = 0;
	ssize_t n;
	while (used + 1 < size && (n = read(fd, into + used, size - 1 - used)) > 0) {
		used += (size_t)n;
	}
	into[used] = '\0';
	close(fd);
}

static struct printed run_onto(int out, int read_out, char **argv)
{
	struct printed p = { 0 };
	int errs[2], argc = 0, status = 0;
	while (argv[argc]) {
		argc++;
	}
	assert_int_equal(pipe(errs), 0);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(out, STDOUT_FILENO);
		dup2(errs[1], STDERR_FILENO);
		_exit(cmd_history(argc, argv));
	}
	close(out);
	close(errs[1]);
	read_all(read_out, p.out, sizeof(p.out));
	read_all(errs[0], p.err, sizeof(p.err));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	p.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return p;
}

static char name[] = "history", json[] = "--json";

static struct printed run(char **argv)
{
	int out[2];
	assert_int_equal(pipe(out), 0);
	return run_onto(out[1], out[0], argv);
}

static struct printed run_words_on_terminal(char **argv, unsigned short columns)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(master >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	return run_onto(slave, master, argv);
}

static struct printed run_on_terminal(unsigned short columns)
{
	return run_words_on_terminal((char *[]){ name, NULL }, columns);
}

static unsigned columns_of(const char *line)
{
	unsigned all = 0, bytes, columns;
	for (; *line; line += bytes) {
		safe_next(line, &bytes, &columns);
		all += columns;
	}
	return all;
}

static size_t count_lines(const char *text)
{
	size_t n = 0;
	for (; *text; text++) {
		n += *text == '\n';
	}
	return n;
}

/* ---- tests ---- */

static void nothing_recorded_is_no_failure(void **state)
{
	struct world *w = *state;
	struct printed p = run((char *[]){ name, NULL });
	assert_int_equal(p.status, 0);
	assert_string_equal(p.out, "");
	assert_non_null(strstr(p.err, "No call was recorded yet"));
	assert_int_equal(access(w->path, F_OK), -1); /* looking does not make one */
}

static void a_pipe_gets_fields(void **state)
{
	fill(*state);
	struct printed p = run((char *[]){ name, NULL });
	assert_int_equal(p.status, 0);
	assert_int_equal(count_lines(p.out), 2);
	assert_non_null(strstr(p.out,
		"1\t2025-12-29 09:20:00\thold/done\tfs "
		"write_file\t/home/dev/work/a.c\tbuilt-in:rest"
		"\tresult 12 ms\n2\t"));
	assert_null(strpbrk(p.out, "\x1b\x07\x9b"));
	assert_null(strstr(p.out, "\xe2\x80\xae"));
	assert_non_null(strstr(p.out, "U+202E"));
}

static void json_holds_everything_in_ascii(void **state)
{
	struct json_scan scan = { 0 };
	struct span value, line;
	struct buf tool = { 0 };
	fill(*state);
	struct printed p = run((char *[]){ name, json, NULL });
	assert_int_equal(p.status, 0);
	assert_int_equal(count_lines(p.out), 2);
	for (const char *c = p.out; *c; c++) {
		assert_true((*c >= ' ' && *c <= '~') || *c == '\n');
	}
	line = (struct span){ p.out, strcspn(p.out, "\n") };
	assert_true(json_validate(&scan, line, JSON_STRICT));
	assert_true(json_member(line, "arrived_at", &value));
	assert_true(json_is(value, "2025-12-29T09:20:00.000001Z"));
	assert_true(json_member(line, "arrived", &value) && span_is(value, "1767000000000"));
	assert_true(json_member(line, "arrived_us", &value) && span_is(value, "1767000000000001"));
	assert_true(json_member(line, "decided_us", &value) && span_is(value, "null"));
	assert_true(json_member(line, "state", &value) && json_is(value, "done"));
	assert_true(json_member(line, "server", &value) && json_is(value, "fs"));
	assert_true(json_member(line, "took_us", &value) && span_is(value, "12345"));
	assert_true(json_member(line, "bytes", &value) && value.len == 66);
	line = (struct span){ line.at + line.len + 1, strcspn(line.at + line.len + 1, "\n") };
	assert_true(json_validate(&scan, line, JSON_STRICT));
	assert_true(json_member(line, "tool", &value));
	json_decode(value, &tool);
	assert_string_equal(buf_cstr(&tool), HOSTILE); /* escaped, not changed */
	buf_finish(&tool);
	json_finish(&scan);
}

static void text_and_limit_select(void **state)
{
	static const struct {
		const char *argv[4];
		int status;
		size_t lines;
		const char *says;
	} cases[] = {
		{ { "--limit", "1" }, 0, 1, "" },
		{ { "--limit=1" }, 0, 1, "" },
		{ { "write_" }, 0, 1, "" },
		{ { "FS" }, 0, 2, "" },
		{ { "--", "--nowhere" }, 0, 0, "No call fits that" },
		{ { "--limit", "0" }, 2, 0, "expected a number" },
		{ { "--limit", "x" }, 2, 0, "expected a number" },
		{ { "--limit", "9999999999999999999" }, 2, 0, "expected a number" },
		{ { "--limit" }, 2, 0, "expected a value" },
		{ { "--jsn" }, 2, 0, "nearest: --json" },
		{ { "one", "two" }, 0, 0, "No call fits that" },
		{ { "tool:write_file", "--limit", "1", "fs" }, 0, 1, "" },
		{ { "-tool:write_file", "-tool:*" }, 0, 0, "No call fits that" },
		{ { "fs", "toool:x" }, 2, 0, "  fs toool:x\n     ^\n" },
		{ { "verdict:maybe" }, 2, 0, "expected allow hold deny" },
		{ { "since:then" }, 2, 0, "expected 2d, 3h" },
		{ { "--", "tool:x" }, 0, 0, "No call fits that" },
	};
	fill(*state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *argv[6] = { name };
		for (size_t j = 0; j < 4 && cases[i].argv[j]; j++) {
			argv[j + 1] = (char *)(uintptr_t)cases[i].argv[j];
		}
		struct printed p = run(argv);
		assert_int_equal(p.status, cases[i].status);
		assert_int_equal(count_lines(p.out), cases[i].lines);
		assert_non_null(strstr(p.err, cases[i].says));
	}
}

static void a_terminal_is_never_overrun(void **state)
{
	static const unsigned short widths[] = { 30, 40, 63, 64, 80, 90, 110, 200 };
	fill(*state);
	for (size_t i = 0; i < COUNT_OF(widths); i++) {
		struct printed p = run_on_terminal(widths[i]);
		assert_int_equal(p.status, 0);
		assert_int_equal(count_lines(p.out), 3);
		assert_non_null(strstr(p.out, "target"));
		assert_int_equal(strstr(p.out, "verdict") != NULL, widths[i] >= 44);
		assert_int_equal(strstr(p.out, "time") != NULL, widths[i] >= 64);
		assert_int_equal(strstr(p.out, "outcome") != NULL, widths[i] >= 110);
		assert_null(strpbrk(p.out, "\x1b\x07"));
		for (char *line = strtok(p.out, "\r\n"); line; line = strtok(NULL, "\r\n")) {
			assert_in_range(columns_of(line), 10, widths[i]);
		}
	}
}

/* Of the two calls the hostile one was approved. */
static void stats_count_what_fits(void **state)
{
	struct world *w = *state;
	struct json_scan scan = { 0 };
	struct span all, value;
	char stats[] = "stats", fits[] = "tool:write_file", none[] = "tool:nowhere";
	char wrong[] = "colour:red", since[] = "--since=2026-01-01";
	fill(w);
	struct history_call yes = { .number = 2,
		.state = LIFE_DONE,
		.decision = SPAN("approved"),
		.decider = SPAN("dev"),
		.decided_us = test_now + 3000001 };
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_update(w->h, &yes, &w->err));
	WORKS(history_commit(w->h, &w->err));
	struct printed p = run((char *[]){ name, stats, json, NULL });
	assert_int_equal(p.status, 0);
	for (const char *c = p.out; *c; c++) {
		assert_true((*c >= ' ' && *c <= '~') || *c == '\n');
	}
	p.out[strcspn(p.out, "\n")] = '\0';
	assert_true(json_validate(&scan, span_of(p.out), JSON_STRICT));
	assert_true(json_member(scan.value, "all", &all));
	assert_true(json_member(all, "calls", &value) && span_is(value, "2"));
	assert_true(json_member(all, "approved", &value) && span_is(value, "1"));
	assert_true(json_member(all, "hasty", &value) && span_is(value, "0"));
	p = run((char *[]){ name, stats, fits, json, NULL });
	p.out[strcspn(p.out, "\n")] = '\0';
	assert_true(json_validate(&scan, span_of(p.out), JSON_STRICT));
	assert_true(json_member(scan.value, "all", &all));
	assert_true(json_member(all, "calls", &value) && span_is(value, "1"));
	assert_true(json_member(all, "approved", &value) && span_is(value, "0"));
	json_finish(&scan);
	p = run((char *[]){ name, stats, none, NULL });
	assert_int_equal(p.status, 0);
	assert_string_equal(p.out, "");
	assert_non_null(strstr(p.err, "No call fits that."));
	p = run((char *[]){ name, stats, fits, since, NULL });
	assert_string_equal(p.out, "");
	p = run((char *[]){ name, stats, wrong, NULL });
	assert_int_equal(p.status, 2);
	assert_non_null(strstr(p.err, "no field is called colour"));
}

static void stats_fit_a_terminal(void **state)
{
	static const unsigned short widths[] = { 50, 60, 61, 80, 90, 91, 120 };
	char stats[] = "stats";
	fill(*state);
	for (size_t i = 0; i < COUNT_OF(widths); i++) {
		struct printed p = run_words_on_terminal(
			(char *[]){ name, stats, NULL }, widths[i]);
		assert_int_equal(p.status, 0);
		assert_null(strpbrk(p.out, "\x1b\x07"));
		assert_null(strstr(p.out, "\xe2\x80\xae"));
		assert_int_equal(strstr(p.out, "decide") != NULL, widths[i] >= 61);
		assert_int_equal(strstr(p.out, "14 days") != NULL, widths[i] >= 91);
		char *table = strstr(p.out, "server too");
		table = table ? table : strstr(p.out, "calls  passed");
		assert_non_null(table);
		for (char *line = strtok(table, "\r\n"); line; line = strtok(NULL, "\r\n")) {
			assert_in_range(columns_of(line), 1, widths[i]);
		}
	}
}

static void a_damaged_file_is_said(void **state)
{
	struct world *w = *state;
	char *rubbish = xcalloc(1, 8192);
	int fd = open(w->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	memset(rubbish, 'x', 8192);
	assert_int_equal(write(fd, rubbish, 8192), 8192);
	close(fd);
	free(rubbish);
	struct printed p = run((char *[]){ name, NULL });
	assert_int_equal(p.status, 1);
	assert_string_equal(p.out, "");
	assert_non_null(strstr(p.err, "bascule history: cannot open the history"));
	assert_non_null(strstr(p.err, "damaged"));
	assert_int_equal(access(w->path, F_OK), 0); /* a reader moves nothing */
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_recorded_is_no_failure),
		TEST(a_pipe_gets_fields),
		TEST(json_holds_everything_in_ascii),
		TEST(text_and_limit_select),
		TEST(a_terminal_is_never_overrun),
		TEST(stats_count_what_fits),
		TEST(stats_fit_a_terminal),
		TEST(a_damaged_file_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
