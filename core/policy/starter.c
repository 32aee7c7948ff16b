/*
 * The text of a starter policy: branches, tasks that go out, and in comments what passes already
 * and what waits.
 *
 * Promises: no line of it allows; what it says of a task or a directory was judged by the built-in
 * rules, in a world where all is as HEAD holds it; the whole is parsed before it is given, and if
 * it should not parse, the frame alone is.
 */
#include "config.h"

#include "core/policy/starter.h"

#include "core/effects/command.h"
#include "core/git_config.h"
#include "core/policy/assume.h"
#include "core/policy/policy.h"
#include "core/policy/rules.h"

#include <stdio.h>
#include <string.h>

enum { LIST_MOST = 12, BRANCH_MOST = 8 };

const struct starter_file starter_files[STARTER_FILE_COUNT] = {
#define TREE false
#define GIT true
#define X(id, where, path, most) { path, most, where },
	STARTER_FILES(X)
#undef X
#undef TREE
#undef GIT
};

static const char frame[] = "# Rules of this project, beside those of everybody who works on it. "
			    "They can only hold and\n"
			    "# deny, because agents can write here. What no line names is judged "
			    "by the user's own rules\n"
			    "# and the built-in ones; bascule-policy(5) has the language. Made by "
			    "`bascule policy starter`\n"
			    "# from what lies in the repository: change it as you like.\n"
			    "version 1\n";

/* Words of a task's name by which something leaves the machine, or is lost. */
static const char *const outward[] = { "deploy", "deployment", "publish", "release", "push", "prod",
	"production", "live", "staging", "upload", "ship", "destroy", "drop", "reset", "purge",
	"wipe", "nuke", "migrate", "migration", "migrations", "seed", "rollback", "restore",
	"provision", "apply", "terraform", "kubectl", "helm", "aws", "gcloud", NULL };

/* Branches that are deployed from, beside those that the built-in rules protect. */
static const char *const deployed[] = { "live", "staging", "stable", "gh-pages", "deploy",
	"deployment", NULL };

struct starter {
	struct rules *builtin;
	struct buf held, passing, waiting; /* tasks */
	size_t held_count, passing_count, waiting_count;
	struct buf branches;
	size_t branch_count;
	struct buf output, unknown; /* ignored directories */
	size_t output_count, unknown_count;
};

/* ---- judged beforehand ---- */

static bool passes(const struct starter *s, struct effects *effects)
{
	static const char *const scope[] = { "/scope", NULL };
	static const struct assumed world = { .scope = scope,
		.scope_count = 1,
		.home = "/home/user",
		.branch = "feature/x",
		.default_branch = "" };
	struct judgement judgement;
	effects_assume(effects, &world);
	const struct policy_call call = { .method = SPAN("tools/call"),
		.effects = effects,
		.rules = s->builtin,
		.home = "/home/user",
		.scope = scope,
		.agreed = true,
		.listed = true };
	policy_judge(&call, &judgement);
	effects_finish(effects);
	return judgement.verdict == VERDICT_ALLOW;
}

static bool line_passes(const struct starter *s, const char *line)
{
	struct effects effects = { 0 };
	shell_effects(&effects, "", span_of(line), "/scope");
	return passes(s, &effects);
}

/* Is this directory removed unasked, if git ignores it? */
static bool removal_passes(const struct starter *s, struct span name)
{
	struct effects effects = { 0 };
	char given[80];
	snprintf(given, sizeof(given), "/scope/%.*s", SPAN_FMT(name));
	effects_add(&effects, EFFECT_DELETE, "", given, "tree", NULL);
	return passes(s, &effects);
}

/* ---- lists ---- */

static void add(struct buf *list, size_t *count, size_t most, struct span word, const char *apart)
{
	if ((*count)++ < most) {
		buf_text(list, list->len ? apart : "");
		buf_span(list, word);
	}
}

static void comment_list(struct buf *out, struct buf *list, size_t count)
{
	struct span text = buf_view(list), line;
	while (span_line(&text, &line)) {
		buf_printf(out, "#   %.*s\n", SPAN_FMT(line));
	}
	if (count > LIST_MOST) {
		buf_printf(out, "#   and %zu more\n", count - LIST_MOST);
	}
}

static bool goes_out(struct span name)
{
	size_t start = 0;
	for (size_t i = 0; i <= name.len; i++) {
		if (i == name.len || strchr(":-_./", name.at[i])) {
			if (span_in((struct span){ name.at + start, i - start }, outward)) {
				return true;
			}
			start = i + 1;
		}
	}
	return false;
}

static void on_task(void *data, const char *line, struct span name)
{
	struct starter *s = data;
	if (goes_out(name)) {
		add(&s->held, &s->held_count, LIST_MOST, name, " ");
	} else if (line_passes(s, line)) {
		add(&s->passing, &s->passing_count, LIST_MOST, span_of(line), "\n");
	} else {
		add(&s->waiting, &s->waiting_count, LIST_MOST, span_of(line), "\n");
	}
}

/* ---- branches ---- */

static bool has_word(const struct buf *list, struct span word)
{
	struct span all = buf_view(list);
	for (size_t at = 0; at + word.len <= all.len; at++) {
		bool begins = at == 0 || all.at[at - 1] == ' ';
		bool ends = at + word.len == all.len || all.at[at + word.len] == ' ';
		if (begins && ends && memcmp(all.at + at, word.at, word.len) == 0) {
			return true;
		}
	}
	return false;
}

static void add_branch(struct starter *s, struct span name)
{
	if (starter_is_plain(name) && !has_word(&s->branches, name)) {
		add(&s->branches, &s->branch_count, BRANCH_MOST, name, " ");
	}
}

static void on_setting(void *data, const struct git_setting *setting)
{
	struct starter *s = data;
	struct span name = span_of(setting->sub);
	if (strcmp(setting->section, "branch") == 0 && name.len &&
		(rules_protects(s->builtin, name, NULL) || span_in(name, deployed))) {
		add_branch(s, name);
	}
}

static void find_branches(struct starter *s, const struct starter_repo *repo)
{
	static const char head[] = "ref: refs/remotes/origin/";
	struct span text = repo->text[STARTER_ORIGIN_HEAD], line;
	if (text.at && span_line(&text, &line) && span_starts(line, head)) {
		add_branch(s,
			span_trim((struct span){
				line.at + sizeof(head) - 1, line.len - (sizeof(head) - 1) }));
	}
	if (repo->text[STARTER_CONFIG].at) {
		struct starter found = { .builtin = s->builtin };
		if (git_config_parse(repo->text[STARTER_CONFIG], on_setting, &found)) {
			struct span names = buf_view(&found.branches);
			while (names.len) {
				size_t n = 0;
				while (n < names.len && names.at[n] != ' ') {
					n++;
				}
				add_branch(s, (struct span){ names.at, n });
				n += n < names.len;
				names = (struct span){ names.at + n, names.len - n };
			}
		}
		buf_finish(&found.branches);
	}
}

/* ---- ignored directories ---- */

static void find_ignored(struct starter *s, struct span text)
{
	struct span line;
	while (text.at && span_line(&text, &line)) {
		line = span_trim(line);
		bool directory = line.len > 1 && line.at[line.len - 1] == '/';
		line.len -= directory;
		if (line.len > 1 && line.at[0] == '/') {
			line = (struct span){ line.at + 1, line.len - 1 };
		}
		bool dotted = line.len > 1 && line.at[0] == '.' && line.at[1] != '.';
		struct span bare = { line.at + dotted, line.len - dotted };
		if (!starter_is_plain(bare)) {
			continue;
		}
		if (removal_passes(s, line)) {
			add(&s->output, &s->output_count, LIST_MOST, line, "\n");
		} else if (directory) {
			add(&s->unknown, &s->unknown_count, LIST_MOST, line, "\n");
		}
	}
}

/* ---- the text ---- */

static void write_rules(struct starter *s, struct buf *out)
{
	if (s->branches.len) {
		buf_text(out,
			"\n# Branches that others build on, or that are deployed from: pushes to "
			"them "
			"and commits on\n# them are asked about, whatever they are called "
			"elsewhere.\n");
		buf_printf(out, "protect branch %s\n", buf_cstr(&s->branches));
	}
	if (s->held.len) {
		buf_text(out,
			"\n# Tasks found here by whose names something goes out or is lost. They "
			"wait, "
			"even where the\n# user's own rules would let them pass.\n");
		buf_printf(out, "hold task %s\n", buf_cstr(&s->held));
	}
}

static void write_comments(struct starter *s, struct buf *out)
{
	if (s->passing.len) {
		buf_text(out,
			"\n# Found here, and passing without a question while their text is what "
			"HEAD "
			"holds (built-in):\n");
		comment_list(out, &s->passing, s->passing_count);
	}
	if (s->waiting.len) {
		buf_text(out,
			"\n# Found here, and waiting for a yes. Rules that let one pass stand in "
			"the "
			"user's own file;\n# `W` in the console writes them, bascule policy "
			"explain "
			"names them.\n");
		comment_list(out, &s->waiting, s->waiting_count);
	}
	if (s->output.len) {
		buf_text(out,
			"\n# Output that git ignores, removed without a question (built-in):\n");
		comment_list(out, &s->output, s->output_count);
	}
	if (s->unknown.len) {
		buf_text(out,
			"\n# Ignored by git, but not known to be output: removing them waits.\n");
		comment_list(out, &s->unknown, s->unknown_count);
	}
}

/* Nothing that was found may make a file that is refused: that would hold everything. */
static bool is_good(struct span text)
{
	struct err err;
	struct rules *rules = rules_parse("starter", LEVEL_PROJECT, text, NULL, &err);
	rules_destroy(rules);
	return rules != NULL;
}

void starter_policy(const struct starter_repo *repo, struct buf *out)
{
	struct starter s = { .builtin = rules_builtin() };
	struct buf text = { 0 };
	starter_tasks(repo, on_task, &s);
	find_branches(&s, repo);
	find_ignored(&s, repo->text[STARTER_IGNORE]);
	buf_text(&text, frame);
	write_rules(&s, &text);
	write_comments(&s, &text);
	if (is_good(buf_view(&text))) {
		buf_span(out, buf_view(&text));
	} else {
		buf_text(out, frame);
	}
	struct buf *const lists[] = { &s.held, &s.passing, &s.waiting, &s.branches, &s.output,
		&s.unknown, &text };
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		buf_finish(lists[i]);
	}
	rules_destroy(s.builtin);
}
