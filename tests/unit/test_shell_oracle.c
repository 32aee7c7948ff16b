/*
 * What the shell lexer makes of a line against what shells make of it: bash, sh and, where it is
 * installed, zsh. Every command word of a line is replaced by a function that reports the
 * arguments it was given, so that nothing of the line itself is ever run.
 *
 * The lines are those of tests/corpus/shell-lines.jsonl, and those again with one character put in
 * at any place: what the lexer still takes must still be what the shell passes.
 */
#include "config.h"

#include "core/effects/shell.h"
#include "core/json.h"

#include <ctype.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { BATCH = 400, REPORT_FD = 9 };

/* rr reports its number and its arguments, hh what it reads as well; both end as they are told. A
 * report waits for the end of the input, so that those of a pipe do not mix. */
static const char script[] =
	"rr() { oracle_n=$1 oracle_s=$2; shift 2\n"
	"while read -r oracle_l; do :; done 2>/dev/null\n"
	"printf '%s\\0' \"$oracle_n\" $# \"$@\" >&9; "
	"return $oracle_s; }\n"
	"hh() { oracle_n=$1 oracle_s=$2; shift 2; oracle_b=\n"
	"while IFS= read -r oracle_l; do oracle_b=\"$oracle_b$oracle_l\n\"; done\n"
	"printf '%s\\0' \"$oracle_n\" $(($# + 1)) \"$@\" \"$oracle_b\" >&9; return $oracle_s; }\n"
	"cat() { while IFS= read -r oracle_l; do printf '%s\\n' \"$oracle_l\"; done; }\n"
	"kill() { :; }\n"
	"for oracle_t do :; eval \"$oracle_t\"; printf 'end\\0' >&9; done\n";

struct oracle {
	const char *const *argv; /* of the shell, up to its script */
	bool background; /* reads &> as & and > */
	bool patterns; /* expands them, so that absolute ones are not comparable */
};

static const char *const bash_argv[] = { "bash", "--norc", "--noprofile", "-f", "-c", NULL };
static const char *const sh_argv[] = { "sh", "-f", "-c", NULL };
static const char *const zsh_argv[] = { "zsh", "-f", "-o", "nonomatch", "-c", NULL };

static const struct oracle bash = { bash_argv, false, false };
static const struct oracle sh = { sh_argv, true, false };
static const struct oracle zsh = { zsh_argv, false, true };

/* ---- one line for the shell, and what it should report */

struct question {
	char *text; /* rewritten */
	char *answer; /* all records, sorted by their number, each NUL-terminated part on a line */
	char *source;
};

static bool has_body(const struct shell_command *c)
{
	size_t inputs = 0, texts = 0;
	for (size_t i = 0; i < c->redirect_count; i++) {
		inputs += c->redirects[i].fd == 0;
		texts += c->redirects[i].fd == 0 && c->redirects[i].kind == REDIRECT_TEXT;
	}
	return inputs == 1 && texts == 1;
}

/* Files that would be opened are only ever new ones in the empty folder. */
static bool harmless_redirect(const struct oracle *o, const struct shell_redirect *r)
{
	switch (r->kind) {
	case REDIRECT_READ:
		return !strcmp(r->word.text, "/dev/null");
	case REDIRECT_DUP:
		return r->to <= 2 && r->fd <= 2;
	case REDIRECT_TEXT:
		return r->fd < REPORT_FD;
	case REDIRECT_BOTH:
		if (o->background) {
			return false;
		}
		break;
	default:
		break;
	}
	return r->fd <= 2 && r->word.len && r->word.len < 100 &&
		(!strcmp(r->word.text, "/dev/null") ||
			(!o->patterns && !strchr(r->word.text, '/'))) &&
		strcmp(r->word.text, ".") != 0 && strcmp(r->word.text, "..") != 0;
}

static bool comparable_word(const struct oracle *o, const struct shell_word *w, bool failing)
{
	return !(w->status && failing) && !(o->patterns && w->glob && *w->text == '/');
}

static bool comparable(const struct oracle *o, const struct shell_line *line)
{
	bool failing = false;
	for (size_t i = 0; i < line->count; i++) {
		failing |= line->commands[i].join == JOIN_OR;
	}
	for (size_t i = 0; i < line->count; i++) {
		const struct shell_command *c = &line->commands[i];
		if (strncmp(c->source.at, c->words[0].text, c->words[0].len) != 0 ||
			isdigit((unsigned char)*c->source.at)) {
			return false; /* begins with a redirection */
		}
		for (size_t k = 0; k < c->redirect_count; k++) {
			if (!harmless_redirect(o, &c->redirects[k])) {
				return false;
			}
		}
		for (size_t k = 0; k < c->count; k++) {
			if (!comparable_word(o, &c->words[k], failing)) {
				return false;
			}
		}
	}
	return true;
}

static void expect_command(struct buf *out, const struct shell_command *c, size_t number)
{
	bool body = has_body(c);
	buf_printf(out, "%zu%c%zu%c", number, '\0', c->count - 1 + body, '\0');
	for (size_t k = 1; k < c->count; k++) {
		buf_add(out, c->words[k].text, c->words[k].len + 1);
	}
	for (size_t k = 0; body && k < c->redirect_count; k++) {
		const struct shell_redirect *r = &c->redirects[k];
		if (r->kind == REDIRECT_TEXT) {
			buf_add(out, r->word.text, r->word.len + 1);
		}
	}
}

/* NULs become lines, so that texts can be compared and shown. */
static char *shown(struct buf *b)
{
	for (size_t i = 0; i < b->len; i++) {
		b->data[i] = b->data[i] ? b->data[i] : '\n';
	}
	char *text = xstrdup(buf_cstr(b));
	buf_finish(b);
	return text;
}

static struct question ask(const struct shell_line *line, struct span text)
{
	struct buf rewritten = { 0 }, answer = { 0 };
	const char *at = text.at;
	for (size_t i = 0; i < line->count; i++) {
		const struct shell_command *c = &line->commands[i];
		bool fails = i + 1 < line->count && line->commands[i + 1].join == JOIN_OR;
		buf_add(&rewritten, at, (size_t)(c->source.at - at));
		buf_printf(&rewritten, "%s %zu %d ", has_body(c) ? "hh" : "rr", i, fails);
		at = c->source.at + c->words[0].len;
		expect_command(&answer, c, i);
	}
	buf_add(&rewritten, at, (size_t)(text.at + text.len - at));
	buf_char(&rewritten, '\0');
	return (struct question){ rewritten.data, shown(&answer), span_dup(text) };
}

/* ---- a batch of them */

struct batch {
	const struct oracle *oracle;
	struct question list[BATCH];
	size_t count, asked, wrong;
	char folder[64];
};

static int scratch(const struct batch *b, const char *name)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/../%s", b->folder, name);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

static void run_shell(const struct batch *b, int report, int errors)
{
	static char path[] = "PATH=/nonexistent", home[] = "HOME=~", locale[] = "LC_ALL=C.UTF-8";
	char *const environment[] = { path, home, locale, NULL };
	const char *argv[16 + BATCH];
	size_t n = 0;
	while (b->oracle->argv[n]) {
		argv[n] = b->oracle->argv[n];
		n++;
	}
	argv[n++] = script;
	argv[n++] = "oracle";
	for (size_t i = 0; i < b->count; i++) {
		argv[n++] = b->list[i].text;
	}
	argv[n] = NULL;
	int nothing = open("/dev/null", O_RDWR);
	if (chdir(b->folder) || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 ||
		dup2(errors, 2) < 0 || dup2(report, REPORT_FD) < 0) {
		_exit(126);
	}
	alarm(60);
	execvpe(argv[0], (char *const *)argv, environment);
	_exit(127);
}

static char *read_all(int fd, size_t *len)
{
	struct stat st;
	assert_int_equal(fstat(fd, &st), 0);
	char *text = xcalloc(1, (size_t)st.st_size + 1);
	assert_int_equal(pread(fd, text, (size_t)st.st_size, 0), st.st_size);
	close(fd);
	*len = (size_t)st.st_size;
	return text;
}

/* The records up to "end", in the order of their numbers (a pipe may mix them). */
static char *next_answer(const char **at, const char *end)
{
	const char *record[SHELL_COMMANDS_MAX] = { 0 };
	size_t length[SHELL_COMMANDS_MAX] = { 0 };
	struct buf all = { 0 };
	while (*at < end && strcmp(*at, "end") != 0) {
		const char *start = *at;
		unsigned long number = strtoul(start, NULL, 10), parts;
		const char *p = start + strlen(start) + 1;
		parts = p < end ? strtoul(p, NULL, 10) + 1 : 0;
		for (unsigned long k = 0; k < parts && p < end; k++) {
			p += strlen(p) + 1;
		}
		*at = p;
		if (number < COUNT_OF(record) && !record[number]) {
			record[number] = start;
			length[number] = (size_t)(p - start);
		} else {
			buf_text(&all, "a second record");
		}
	}
	*at += *at < end ? 4 : 0;
	for (size_t i = 0; i < COUNT_OF(record); i++) {
		buf_add(&all, record[i] ? record[i] : "", length[i]);
	}
	return shown(&all);
}

static void check_answers(struct batch *b, const char *report, size_t length)
{
	const char *at = report;
	for (size_t i = 0; i < b->count; i++) {
		char *answer = next_answer(&at, report + length);
		if (strcmp(answer, b->list[i].answer) != 0 && b->wrong++ < 5) {
			print_message("%s: of\n%s\nthe lexer made\n%s--- and the shell\n%s---\n",
				b->oracle->argv[0], b->list[i].source, b->list[i].answer, answer);
		}
		free(answer);
	}
}

static void flush(struct batch *b)
{
	int report = scratch(b, "report"), errors = scratch(b, "errors"), status;
	size_t length, said_length;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (!child) {
		run_shell(b, report, errors);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	char *answers = read_all(report, &length), *said = read_all(errors, &said_length);
	check_answers(b, answers, length);
	if (said_length) {
		b->wrong++;
		print_message("%s said: %.2000s\n", b->oracle->argv[0], said);
	}
	free(answers);
	free(said);
	for (size_t i = 0; i < b->count; i++) {
		free(b->list[i].text);
		free(b->list[i].answer);
		free(b->list[i].source);
	}
	b->asked += b->count;
	b->count = 0;
}

/* False if it is not taken or cannot be compared. */
static bool add_line(struct batch *b, struct span text)
{
	struct shell_line line;
	bool fits = shell_parse(&line, text) && comparable(b->oracle, &line);
	if (fits) {
		b->list[b->count++] = ask(&line, text);
	}
	shell_finish(&line);
	if (b->count == BATCH) {
		flush(b);
	}
	return fits;
}

static struct batch begin(const struct oracle *oracle)
{
	struct batch b = { .oracle = oracle };
	char outer[] = "/tmp/bascule-oracle-XXXXXX";
	assert_non_null(mkdtemp(outer));
	snprintf(b.folder, sizeof(b.folder), "%s/in", outer);
	assert_int_equal(mkdir(b.folder, 0700), 0);
	return b;
}

static void finish(struct batch *b)
{
	flush(b);
	pid_t child = fork();
	if (!child) {
		execlp("rm", "rm", "-rf", "--", b->folder, NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
	*strrchr(b->folder, '/') = '\0';
	rmdir(b->folder);
}

/* ---- the lines */

struct lines {
	char **list;
	size_t count, cap;
};

static struct lines lines;

static int read_lines(void **state)
{
	char *row = NULL;
	size_t cap = 0;
	ssize_t n;
	FILE *file = fopen(SRCDIR "/tests/corpus/shell-lines.jsonl", "r");
	(void)state;
	while (file && (n = getline(&row, &cap, file)) > 0) {
		struct buf text = { 0 };
		if (!json_decode((struct span){ row, (size_t)n - 1 }, &text)) {
			return -1;
		}
		lines.list = xgrow(lines.list, &lines.cap, lines.count + 1, sizeof(char *));
		lines.list[lines.count++] = xstrdup(buf_cstr(&text));
		buf_finish(&text);
	}
	free(row);
	return file ? fclose(file) : -1;
}

static int drop_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < lines.count; i++) {
		free(lines.list[i]);
	}
	free(lines.list);
	return 0;
}

static void every_line_is_taken(void **state)
{
	(void)state;
	assert_true(lines.count > 300);
	for (size_t i = 0; i < lines.count; i++) {
		struct shell_line line;
		if (!shell_parse(&line, span_of(lines.list[i]))) {
			fail_msg("%s: %s", lines.list[i], line.fault);
		}
		shell_finish(&line);
	}
}

static bool installed(const struct oracle *oracle)
{
	int status;
	pid_t child = fork();
	if (!child) {
		execlp(oracle->argv[0], oracle->argv[0], "-c", ":", NULL);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

static void the_oracle_notices(void **state)
{
	struct batch b = begin(&bash);
	(void)state;
	add_line(&b, SPAN("ls a b"));
	b.list[0].answer[4] = 'x'; /* "0\n2\na\nb\n" */
	print_message("(the difference that follows is made)\n");
	finish(&b);
	assert_int_equal(b.wrong, 1);
}

static void as_they_are(const struct oracle *oracle)
{
	if (!installed(oracle)) {
		skip();
	}
	struct batch b = begin(oracle);
	size_t taken = 0;
	for (size_t i = 0; i < lines.count; i++) {
		taken += add_line(&b, span_of(lines.list[i]));
	}
	finish(&b);
	assert_int_equal(b.wrong, 0);
	assert_true(taken > lines.count * 3 / 4);
}

static const char *const inserts[] = { ";", "&", "|", "\n", "\r", "$(", ")", "`", "<", ">", "\\",
	"{", "}", "~", "!", "\"", "'", "*", "\xe2\x80\xae", "\xe2\x80\x8b", "\xc2\xa0", "\x1b", " ",
	"\t", "#", "=", "^", "[", "]", "(", "$", "?", "-", "1", "\\\n", "\n#", "&>", "2>", "<<E",
	"\nEOF", "$?", "\xc3\xa9" };

static unsigned hash_of(const char *text, size_t n)
{
	unsigned h = 2166136261u;
	for (size_t i = 0; i < n; i++) {
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	}
	return h ^ h >> 15;
}

/* One in `every` of the mutants that are taken is asked about. */
static void mutated(const struct oracle *oracle, unsigned every)
{
	if (!installed(oracle)) {
		skip();
	}
	struct batch b = begin(oracle);
	struct buf text = { 0 };
	for (size_t i = 0; i < lines.count; i++) {
		size_t length = strlen(lines.list[i]);
		for (size_t at = 0; at <= length; at++) {
			for (size_t k = 0; k < COUNT_OF(inserts); k++) {
				buf_clear(&text);
				buf_add(&text, lines.list[i], at);
				buf_text(&text, inserts[k]);
				buf_text(&text, lines.list[i] + at);
				if (hash_of(text.data, text.len) % every == 0) {
					add_line(&b, buf_view(&text));
				}
			}
		}
	}
	buf_finish(&text);
	finish(&b);
	print_message("%zu asked\n", b.asked);
	assert_int_equal(b.wrong, 0);
}

static unsigned one_in(unsigned usual)
{
	const char *given = getenv("ORACLE_EVERY");
	return given && atoi(given) > 0 ? (unsigned)atoi(given) : usual;
}

static void bash_agrees(void **state)
{
	(void)state;
	as_they_are(&bash);
}

static void sh_agrees(void **state)
{
	(void)state;
	as_they_are(&sh);
}

static void zsh_agrees(void **state)
{
	(void)state;
	as_they_are(&zsh);
}

static void bash_agrees_on_mutants(void **state)
{
	(void)state;
	mutated(&bash, one_in(67));
}

static void sh_agrees_on_mutants(void **state)
{
	(void)state;
	mutated(&sh, one_in(97));
}

static void zsh_agrees_on_mutants(void **state)
{
	(void)state;
	mutated(&zsh, one_in(97));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_taken),
		cmocka_unit_test(the_oracle_notices),
		cmocka_unit_test(bash_agrees),
		cmocka_unit_test(sh_agrees),
		cmocka_unit_test(zsh_agrees),
		cmocka_unit_test(bash_agrees_on_mutants),
		cmocka_unit_test(sh_agrees_on_mutants),
		cmocka_unit_test(zsh_agrees_on_mutants),
	};
	return cmocka_run_group_tests(tests, read_lines, drop_lines);
}
