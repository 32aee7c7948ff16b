/*
 * The part of `make bench` that is judging alone: what a call's effects, facts, scans and rules
 * cost, without a process between. Prints only; BENCH_SHORT=1 measures a tenth.
 */
#include "config.h"

#include "core/effects/extract.h"
#include "core/policy/assume.h"
#include "core/policy/findings.h"
#include "core/policy/policy.h"
#include "ipc/facts.h"
#include "tests/bench/bench.h"

#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILES = 400, USER_RULES = 500, MANY_RULES = 1000, SECRET_BYTES = 4096 };

extern char **environ;

struct place {
	char dir[64]; /* a work tree */
	const char *scope[2];
	struct facts facts;
	struct profiles *profiles;
	struct secrets *secrets;
	struct rules *builtin, *user, *joined;
};

static const char *const self[] = { "/home/user/.config/bascule", NULL };

static void stop(const char *what)
{
	fprintf(stderr, "bench_policy: %s\n", what);
	exit(1);
}

static size_t scaled(size_t n)
{
	const char *text = getenv("BENCH_SHORT");
	return text && *text && *text != '0' ? (n + 9) / 10 : n;
}

/* ---- a work tree ---- */

static void git(const char *const *words)
{
	const char *argv[16] = { "git", "-c", "user.name=b", "-c", "user.email=b@example.invalid" };
	pid_t pid;
	int status;
	for (size_t i = 0; words[i]; i++) {
		argv[5 + i] = words[i];
	}
	if (posix_spawnp(&pid, "git", NULL, NULL, (char **)argv, environ) != 0 ||
		waitpid(pid, &status, 0) != pid || status != 0) {
		stop("git failed");
	}
}

static void put(const char *path)
{
	FILE *file = fopen(path, "we");
	if (!file || fputs("int x;\n", file) < 0 || fclose(file) != 0) {
		stop(path);
	}
}

/* Here. */
static void make_tree(void)
{
	char name[64];
	if (mkdir("src", 0700) != 0) {
		stop("src");
	}
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof name, "src/file%d.c", i);
		put(name);
	}
	git((const char *const[]){ "init", "-q", "-b", "feature/x", NULL });
	git((const char *const[]){ "add", "-A", NULL });
	git((const char *const[]){ "commit", "-q", "-m", "first", NULL });
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* ---- rules ---- */

static char *rules_text(int count)
{
	struct buf text = { 0 };
	buf_text(&text, "version 1\n");
	for (int i = 0; i < count; i += 4) {
		buf_printf(&text,
			"allow exec argv gen%d build ...\n  ok gen%d build a.c\n  not gen%d build "
			"; sh x\n"
			"hold write src/gen%d/**\n  ok src/gen%d/a.c\n  not src/a.c\n"
			"allow net api%d.example.com\n  ok api%d.example.com\n"
			"  not example.com\n"
			"deny read vault%d/**\n  ok vault%d/a\n  not src/a.c\n",
			i, i, i, i, i, i, i, i, i);
	}
	return buf_cstr(&text);
}

static struct rules *parse(const char *text)
{
	struct err err;
	struct rules *rules = rules_parse("bench.rules", LEVEL_USER, span_of(text), NULL, &err);
	if (!rules) {
		stop(err.text);
	}
	return rules;
}

/* ---- one call ---- */

static struct span json_argument(const char *name, const char *value, const char *more)
{
	struct buf out = { 0 };
	buf_printf(&out, "{\"%s\":\"%s\"%s}", name, value, more);
	char *text = buf_cstr(&out);
	return (struct span){ text, strlen(text) };
}

struct call {
	const char *profile, *tool;
	struct span arguments;
	bool facts; /* the machine's; else as a log says */
	bool scan; /* secrets and hidden characters */
	enum verdict
		verdict; /* what it must be: a call that is judged otherwise measures nothing */
};

static void look_up(struct place *p, const struct call *call, struct effects *effects)
{
	const struct assumed assumed = { .scope = p->scope,
		.scope_count = 1,
		.home = "/home/user",
		.branch = "feature/x",
		.default_branch = "" };
	if (call->facts) {
		facts_gather_now(&p->facts, effects);
	} else {
		effects_assume(effects, &assumed);
	}
}

/* Microseconds; those of facts count only if they are the machine's. */
static double judge(struct place *p, const struct call *call)
{
	struct effects effects;
	struct judgement judgement;
	const struct extract extract = { .profiles = p->profiles,
		.profile = span_of(call->profile),
		.method = SPAN("tools/call"),
		.tool = span_of(call->tool),
		.arguments = call->arguments,
		.server = "bench",
		.cwd = p->dir };
	const struct findings_in in = { .secrets = p->secrets, .arguments = call->arguments };
	const struct policy_call judged = { .method = SPAN("tools/call"),
		.tool = span_of(call->tool),
		.profile = span_of(call->profile),
		.server = SPAN("bench"),
		.effects = &effects,
		.rules = p->joined,
		.self = self,
		.home = "/home/user",
		.scope = p->scope,
		.agreed = true,
		.listed = true };
	double began = now_us();
	effects_extract(&effects, &extract);
	double looked = now_us();
	look_up(p, call, &effects);
	looked = call->facts ? 0 : now_us() - looked;
	if (call->scan) {
		findings_add(&effects, &in);
	}
	policy_judge(&judged, &judgement);
	double took = now_us() - began - looked;
	effects_finish(&effects);
	if (judgement.verdict != call->verdict) {
		stop(judgement.reason);
	}
	return took;
}

static void row(const char *what, struct sample *s, const char *wanted)
{
	printf("%-34s %9.1f us %9.1f us %12s  %s\n", what, sample_at(s, 0.5), sample_at(s, 0.99),
		"", wanted);
	sample_finish(s);
}

static void judge_row(struct place *p, const char *what, const struct call *call, size_t count,
	const char *wanted)
{
	struct sample s = { 0 };
	judge(p, call);
	for (size_t i = 0; i < scaled(count); i++) {
		sample_add(&s, judge(p, call));
	}
	row(what, &s, wanted);
}

/* ---- the rows ---- */

/* 200 bytes, of which nothing is held. */
static const char line[] = "cd src && git log --oneline -n 9 --stat -- file1.c file2.c | head -n "
			   "60; grep -rn --include='*.c' 'i"
			   "nt x' . | sort | head -n 20; sed -n '1,120p' file1.c; git status "
			   "--short --branch -- file1.c file2.c";

static void shell_rows(struct place *p)
{
	struct call call = { .profile = "claude-code",
		.tool = "Bash",
		.arguments = json_argument("command", line, ""),
		.verdict = VERDICT_ALLOW };
	judge_row(p, "shell line, 500 rules", &call, 20000, "under 30, 200");
	call.facts = true;
	judge_row(p, "the same with the disk's facts", &call, 20000, "under 100");
	call.scan = true;
	judge_row(p, "the same with the scans", &call, 20000, "");
	free((char *)call.arguments.at);
}

/* Source as it is written: words, numbers, quotes and escapes. */
static char *source(size_t size)
{
	struct buf out = { 0 };
	for (unsigned i = 0; out.len < size; i++) {
		buf_printf(&out,
			"\\tif (row_%u->count > %u && strcmp(row_%u->name, \\\"key of %u\\\") == "
			"0) {\\n"
			"\\t\\treturn next_of(table, "
			"\\\"https://example.com/a?b=%u\\\");\\n\\t}\\n",
			i % 97, i * 31, i % 89, i, i);
	}
	out.len = size;
	while (out.data[out.len - 1] == '\\') {
		out.data[out.len - 1] = 'x';
	}
	return buf_cstr(&out);
}

static void write_row(struct place *p)
{
	char *text = source(1 << 20), *more = xasprintf(",\"content\":\"%s\"", text);
	char *path = xasprintf("%s/src/file1.c", p->dir);
	struct call call = { .profile = "filesystem",
		.tool = "write_file",
		.arguments = json_argument("path", path, more),
		.facts = true,
		.scan = true,
		.verdict = VERDICT_ALLOW };
	judge_row(p, "write_file of 1 MiB, scans", &call, 300, "under 3000");
	free((char *)call.arguments.at);
	free(path);
	free(more);
	free(text);
}

static void secret_row(struct place *p)
{
	struct sample s = { 0 };
	struct secret_finding found[4];
	size_t count;
	char *text = source(SECRET_BYTES);
	for (size_t i = 0; i < scaled(20000); i++) {
		double began = now_us();
		if (secrets_scan(p->secrets, span_of(text), true, found, COUNT_OF(found), &count) !=
			SECRET_NONE) {
			stop(found[0].rule);
		}
		sample_add(&s, now_us() - began);
	}
	row("secret scan of 4 KiB", &s, "");
	free(text);
}

static void load_row(void)
{
	struct sample s = { 0 };
	char *text = rules_text(MANY_RULES);
	for (size_t i = 0; i < scaled(100); i++) {
		double began = now_us();
		rules_destroy(parse(text));
		sample_add(&s, now_us() - began);
	}
	row("1000 rules, 2000 examples", &s, "under 50000");
	free(text);
}

int main(void)
{
	struct place p = { .dir = "/tmp/bascule-bench-XXXXXX" };
	struct err err;
	if (!mkdtemp(p.dir) || chdir(p.dir) != 0) {
		stop("no place in /tmp");
	}
	make_tree();
	p.scope[0] = p.dir;
	p.profiles = profiles_create();
	p.secrets = secrets_create((const unsigned char[32]){ 1 }, &err);
	p.builtin = rules_builtin();
	char *text = rules_text(USER_RULES);
	p.user = parse(text);
	p.joined = rules_join((const struct rules *const[]){ p.builtin, p.user }, 2, NULL, NULL);
	if (!p.secrets || !facts_init(&p.facts, (char **)p.scope, 1, "/home/user", &err)) {
		stop(err.text);
	}
	printf("\n%-34s %12s %12s %12s  %s\n", "judging", "p50", "p99", "", "wanted");
	shell_rows(&p);
	write_row(&p);
	secret_row(&p);
	load_row();
	facts_finish(&p.facts);
	rules_destroy(p.joined);
	rules_destroy(p.user);
	rules_destroy(p.builtin);
	secrets_destroy(p.secrets);
	profiles_destroy(p.profiles);
	free(text);
	return nftw(p.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 1;
}
