/* The sub-commands about texts: check, test, sets, profiles, fmt. */
#include <config.h>

#include "ipc/policy_cmd.h"

#include "core/diag.h"
#include "core/policy/sets.h"
#include "core/safe_text.h"
#include "ipc/own_file.h"

#include <stdlib.h>
#include <string.h>

/* Lines that may quote a file: cleaned one by one. */
static void print_lines(FILE *out, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		struct safe_text line = safe_make((struct span){ text, n }, SAFE_ONE_LINE);
		fprintf(out, "%s\n", safe_cstr(&line));
		safe_finish(&line);
		text += n + (text[n] == '\n');
	}
}

static enum rule_level level_of(const char *name)
{
	return strcmp(name, "system") == 0     ? LEVEL_SYSTEM
		: strcmp(name, "project") == 0 ? LEVEL_PROJECT
					       : LEVEL_USER;
}

/* Parses one file as if it were in force beside the built-in rules; says everything that is wrong.
 */
static int check_file(const char *command, const char *file, enum rule_level level)
{
	struct buf text = { 0 }, more = { 0 };
	struct err err = { 0 };
	bool missing = false;
	if (!own_file_read(file, POLICY_FILE_MAX, &text, &missing, &err)) {
		buf_finish(&text);
		return cmd_fail(command, &err, CMD_FAILED);
	}
	struct rules *builtin = rules_builtin();
	struct rules *rules = rules_parse(file, level, buf_view(&text), &more, &err);
	struct rules *joined = NULL;
	if (rules) {
		const struct rules *levels[] = { builtin, rules };
		joined = rules_join(levels, COUNT_OF(levels), NULL, &more);
		print_lines(stderr, buf_cstr(&more));
		printf("%s: %zu rules, all examples hold\n", file, rules_count(rules));
	} else {
		print_lines(stderr, err.text);
		print_lines(stderr, buf_cstr(&more));
	}
	int code = rules && !more.len ? cmd_written(command) : CMD_FAILED;
	rules_destroy(joined);
	rules_destroy(rules);
	rules_destroy(builtin);
	buf_finish(&text);
	buf_finish(&more);
	return code;
}

int policy_cmd_check(int argc, char **argv)
{
	const char *root = NULL, *file = NULL, *level = "user";
	const struct cmd_flag flags[] = { { "--root", &root, NULL }, { "--level", &level, NULL },
		{ "", &file, NULL } };
	struct err err = { 0 };
	struct paths paths;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy check", &err, CMD_USAGE);
	}
	if (file) {
		return check_file("policy check", file, level_of(level));
	}
	if (!paths_init(&paths, root, &err)) {
		return cmd_fail("policy check", &err, CMD_FAILED);
	}
	struct policy_files files;
	policy_files_init(&files, &paths);
	bool there = files.user || files.system;
	int code = CMD_OK;
	if (files.trouble) {
		print_lines(stderr, files.trouble);
		code = CMD_FAILED;
	}
	printf("%s: %s\n", files.user_path, files.user ? "in force" : "not there, or not good");
	printf("%s: %s\n", files.system_path, files.system ? "in force" : "not there, or not good");
	if (!there && code == CMD_OK) {
		printf("The built-in rules alone are in force; see bascule policy sets, and "
		       "bascule-policy(5).\n");
	}
	policy_files_finish(&files);
	paths_finish(&paths);
	return code == CMD_OK ? cmd_written("policy check") : code;
}

struct tally {
	size_t cases, right, asked, unsafe, other;
};

static void count_case(struct bench *bench, struct span text, struct tally *tally, bool *ok)
{
	struct policy_case c;
	struct case_verdict verdict;
	struct err err = { 0 };
	if (!case_read(&c, bench, text, &err) || !c.expect) {
		fprintf(stderr, "%s\n", err.text[0] ? err.text : "a call without \"expect\"");
		case_finish(&c);
		*ok = false;
		return;
	}
	case_judge(bench, &c, &verdict);
	const char *got = verdict_name(verdict.judgement.verdict);
	bool allowed = verdict.judgement.verdict == VERDICT_ALLOW;
	bool allow = strcmp(c.expect, verdict_name(VERDICT_ALLOW)) == 0;
	const char *what = strcmp(got, c.expect) == 0 ? NULL
		: allowed                             ? "UNSAFE"
		: allow                               ? "asked"
						      : "other";
	tally->cases++;
	tally->right += !what;
	tally->unsafe += allowed && !allow;
	tally->asked += !allowed && allow;
	tally->other += what && !allowed && !allow;
	if (what && strcmp(what, "other") != 0) {
		struct safe_text line = safe_printf("%s", what);
		struct safe_text id = safe_make(span_of(c.id), SAFE_ONE_LINE);
		struct safe_text why = safe_make(span_of(verdict.judgement.reason), SAFE_ONE_LINE);
		printf("%s %s: expected %s, is %s (%s): %s\n", safe_cstr(&line), safe_cstr(&id),
			allow ? "allow" : "hold", got, verdict.judgement.rule, safe_cstr(&why));
		safe_finish(&line);
		safe_finish(&id);
		safe_finish(&why);
	}
	case_verdict_finish(&verdict);
	case_finish(&c);
}

static int test_corpus(const char *root, const char *corpus, bool assume)
{
	struct policy_places places;
	struct tally tally = { 0 };
	bool ok = true;
	FILE *in = policy_open_lines("policy test", corpus);
	if (!in || !policy_places_open(&places, "policy test", root)) {
		return CMD_FAILED;
	}
	places.bench.assume = assume;
	char *line = NULL;
	size_t cap = 0;
	struct span text;
	while (policy_next_line(in, &line, &cap, &text)) {
		count_case(&places.bench, text, &tally, &ok);
	}
	free(line);
	printf("%zu calls: %zu as expected, %zu asked needlessly, %zu unsafe, %zu held for denied "
	       "or the other way round\n",
		tally.cases, tally.right, tally.asked, tally.unsafe, tally.other);
	policy_places_close(&places);
	int code = cmd_written("policy test");
	return code == CMD_OK && (!ok || tally.unsafe || tally.asked) ? CMD_FAILED : code;
}

int policy_cmd_test(int argc, char **argv)
{
	const char *root = NULL, *file = NULL, *corpus = NULL;
	bool assume = false;
	const struct cmd_flag flags[] = { { "--root", &root, NULL }, { "--corpus", &corpus, NULL },
		{ "--assume-facts", NULL, &assume }, { "", &file, NULL } };
	struct err err = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy test", &err, CMD_USAGE);
	}
	int code = CMD_OK;
	if (file || !corpus) {
		char *own = NULL;
		struct paths paths = { 0 };
		if (!file && paths_init(&paths, root, &err)) {
			file = own = xasprintf("%s/policy.rules", paths.config);
		}
		code = check_file("policy test", file, LEVEL_USER);
		free(own);
		paths_finish(&paths);
	}
	return corpus && code == CMD_OK ? test_corpus(root, corpus, assume) : code;
}

int policy_cmd_sets(int argc, char **argv)
{
	struct err err = { 0 };
	const char *root = NULL;
	const struct cmd_flag flags[] = { { "--root", &root, NULL } };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy sets", &err, CMD_USAGE);
	}
	const char *line;
	for (size_t i = 0; (line = path_sets_line(i)); i++) {
		printf("%s\n", line);
	}
	struct paths paths;
	struct policy_files files;
	if (paths_init(&paths, root, &err)) {
		policy_files_init(&files, &paths);
		for (char **self = files.self; *self; self++) {
			printf("self %s\n", *self);
		}
		policy_files_finish(&files);
		paths_finish(&paths);
	}
	return cmd_written("policy sets");
}

static void print_tool(const struct profile_tool *tool)
{
	printf("  %s", tool->name);
	for (size_t e = 0; e < TOOL_EFFECT_COUNT; e++) {
		if (tool->effects & (1u << e)) {
			printf(" %s", tool_effect_name((enum tool_effect)e));
		}
	}
	for (size_t a = 0; a < tool->arg_count; a++) {
		printf(" %s=%s%s", tool->args[a].name, arg_role_name(tool->args[a].role),
			tool->args[a].optional ? "?" : "");
	}
	putchar('\n');
}

int policy_cmd_profiles(int argc, char **argv)
{
	const char *root = NULL, *name = NULL;
	const struct cmd_flag flags[] = { { "--root", &root, NULL }, { "", &name, NULL } };
	struct err err = { 0 };
	struct paths paths;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy profiles", &err, CMD_USAGE);
	}
	if (!paths_init(&paths, root, &err)) {
		return cmd_fail("policy profiles", &err, CMD_FAILED);
	}
	struct policy_files files;
	policy_files_init(&files, &paths);
	const struct profile *profile;
	bool user, found = false;
	for (size_t i = 0; (profile = profiles_at(files.profiles, i, &user)); i++) {
		if (name && strcmp(name, profile->name) != 0) {
			continue;
		}
		found = true;
		printf("%s%s: %zu tools", profile->name, user ? " (yours)" : "",
			profile->tool_count);
		for (char *const *package = profile->packages; package && *package; package++) {
			printf(" %s", *package);
		}
		putchar('\n');
		for (size_t t = 0; name && t < profile->tool_count; t++) {
			print_tool(&profile->tools[t]);
		}
	}
	policy_files_finish(&files);
	paths_finish(&paths);
	if (!found) {
		fail(&err, DIAG_USAGE,
			"%.100s: no such profile; bascule policy profiles lists them",
			name ? name : "");
		return cmd_fail("policy profiles", &err, CMD_FAILED);
	}
	return cmd_written("policy profiles");
}

int policy_cmd_fmt(int argc, char **argv)
{
	const char *root = NULL, *file = NULL;
	bool write = false;
	const struct cmd_flag flags[] = { { "--root", &root, NULL }, { "--write", NULL, &write },
		{ "", &file, NULL } };
	struct err err = { 0 };
	struct paths paths = { 0 };
	struct buf text = { 0 }, out = { 0 };
	bool missing = false;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy fmt", &err, CMD_USAGE);
	}
	char *own = NULL;
	if (!file && paths_init(&paths, root, &err)) {
		file = own = xasprintf("%s/policy.rules", paths.config);
	}
	bool ok = file && own_file_read(file, POLICY_FILE_MAX, &text, &missing, &err) &&
		rules_format(buf_view(&text), &out, &err);
	if (ok && write) {
		ok = span_same(buf_view(&text), buf_view(&out)) ||
			own_file_write(file, buf_view(&out), &err);
	} else if (ok) {
		fwrite(out.data, 1, out.len, stdout);
	}
	buf_finish(&text);
	buf_finish(&out);
	free(own);
	paths_finish(&paths);
	return ok ? cmd_written("policy fmt") : cmd_fail("policy fmt", &err, CMD_FAILED);
}
