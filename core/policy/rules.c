/*
 * Sets of rules: parsing as a whole, the built-in policy, several levels in one, protected
 * branches.
 *
 * Promises: what rules_parse returns has passed every check and example; a joined policy is never
 * laxer than any of its levels' hold and deny rules. Called by the broker at start and when a file
 * changes, and by `policy` commands.
 */
#include "config.h"

#include "core/policy/rule.h"

#include "core/diag.h"
#include "core/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char builtin_text[] =
#include "core/policy/rules_builtin_table.h"
	;

static void texts_finish(struct texts *texts, bool owned)
{
	for (size_t i = 0; owned && i < texts->count; i++) {
		free(texts->list[i]);
	}
	free(texts->list);
}

void rules_destroy(struct rules *rules)
{
	if (!rules) {
		return;
	}
	for (size_t i = 0; i < rules->count; i++) {
		rule_finish(&rules->list[i]);
	}
	for (size_t i = 0; i < EFFECT_KIND_COUNT; i++) {
		free(rules->index[i].list);
	}
	texts_finish(&rules->protect, !rules->joined);
	texts_finish(&rules->scopes, !rules->joined);
	texts_finish(&rules->secret, !rules->joined);
	texts_finish(&rules->control, !rules->joined);
	texts_finish(&rules->databases, !rules->joined);
	free(rules->list);
	free(rules->file);
	free(rules->project_scope);
	free(rules->hold_all);
	free(rules);
}

void rules_index(struct rules *rules, const struct rules *of)
{
	for (size_t i = 0; i < of->count; i++) {
		for (size_t kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
			struct rule_index *index = &rules->index[kind];
			if (of->list[i].kinds >> kind & 1) {
				index->list = xgrow(index->list, &index->cap, index->count + 1,
					sizeof(const struct rule *));
				index->list[index->count++] = &of->list[i];
			}
		}
	}
}

/* ---- one file ---- */

struct findings {
	const char *file;
	size_t count;
	struct buf *more;
	struct err *err;
};

static void add_finding(void *data, const struct rule *rule, const char *words)
{
	struct findings *f = data;
	if (!f->count++) {
		fail(f->err, DIAG_CONFIG, "%s: %s", rule->id, words);
	} else if (f->more) {
		buf_printf(f->more, "%s: %s\n", rule->id, words);
	}
}

static void hash_text(struct rules *rules, struct span text)
{
	struct hash hash = hash_of(text);
	hash_hex(&hash, rules->hash);
}

struct rules *rules_parse(const char *file, enum rule_level level, struct span text,
	struct buf *more, struct err *err)
{
	struct findings findings = { .file = file, .more = more, .err = err };
	struct rules *rules = rules_read(file, level, text, more, err);
	if (!rules) {
		return NULL;
	}
	rules_index(rules, rules);
	hash_text(rules, text);
	rules->protect_origin = level == LEVEL_BUILTIN;
	rules_check(rules, add_finding, &findings);
	rules_examples(rules, add_finding, &findings);
	if (findings.count) {
		rules_destroy(rules);
		return NULL;
	}
	return rules;
}

struct rules *rules_builtin(void)
{
	struct err err;
	struct span text = { builtin_text, sizeof(builtin_text) - 1 };
	struct rules *rules = rules_read("built-in", LEVEL_BUILTIN, text, NULL, &err);
	if (rules) {
		rules_index(rules, rules);
		hash_text(rules, text);
		rules->protect_origin = true;
	}
	return rules;
}

struct rules *rules_hold_all(const char *reason)
{
	struct rules *rules = rules_builtin();
	rules->hold_all = xstrdup(reason);
	hash_text(rules, span_of(reason));
	return rules;
}

/* ---- several levels ---- */

static void borrow(struct texts *to, const struct texts *from)
{
	for (size_t i = 0; i < from->count; i++) {
		to->list = xgrow(to->list, &to->cap, to->count + 1, sizeof(*to->list));
		to->list[to->count++] = from->list[i];
	}
}

static void join_level(struct rules *out, const struct rules *level, bool replaced)
{
	rules_index(out, level);
	if (!replaced) {
		borrow(&out->protect, &level->protect);
		out->protect_origin |= level->protect_origin;
	}
	borrow(&out->scopes, &level->scopes);
	borrow(&out->secret, &level->secret);
	borrow(&out->control, &level->control);
	borrow(&out->databases, &level->databases);
	if (level->hold_all && !out->hold_all) {
		out->hold_all = xstrdup(level->hold_all);
	}
}

/* An allow rule of one level that a rule of another one always beats. */
static void report_useless(const struct rules *allows, const struct rules *strict, struct buf *more)
{
	for (size_t i = 0; i < allows->count; i++) {
		for (size_t k = 0; k < strict->count; k++) {
			if (rule_covers(&strict->list[k], &allows->list[i])) {
				buf_printf(more, "%s: never allows anything: %s is stricter\n",
					allows->list[i].id, strict->list[k].id);
				break;
			}
		}
	}
}

struct rules *rules_join(const struct rules *const *levels, size_t count, const char *project_scope,
	struct buf *more)
{
	struct rules *out = xcalloc(1, sizeof(*out));
	bool own_list = false;
	struct hash_run run;
	out->joined = true;
	out->file = xstrdup("joined");
	out->project_scope = xstrdup(project_scope);
	hash_begin(&run);
	for (size_t i = 0; i < count; i++) {
		own_list |= levels[i] && levels[i]->level == LEVEL_USER && levels[i]->protect.count;
	}
	for (size_t i = 0; i < count; i++) {
		if (!levels[i]) {
			continue;
		}
		join_level(out, levels[i], own_list && levels[i]->level == LEVEL_BUILTIN);
		hash_part(&run, span_of(levels[i]->hash));
		for (size_t k = 0; more && k < count; k++) {
			if (k != i && levels[k] && levels[k]->level != LEVEL_PROJECT) {
				report_useless(levels[i], levels[k], more);
			}
		}
	}
	hash_part(&run, span_of(project_scope));
	struct hash hash = hash_end(&run);
	hash_hex(&hash, out->hash);
	return out;
}

size_t rules_count(const struct rules *rules)
{
	size_t count = 0;
	for (size_t kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
		for (size_t i = 0; i < rules->index[kind].count; i++) {
			const struct rule *rule = rules->index[kind].list[i];
			/* a rule of several subjects counts with its first */
			count += !(rule->kinds & ((1u << kind) - 1));
		}
	}
	return count;
}

struct span rules_hash(const struct rules *rules)
{
	return span_of(rules->hash);
}

bool rules_database_is_dev(const struct rules *rules, struct span name)
{
	for (size_t i = 0; i < rules->databases.count; i++) {
		if (span_is(name, rules->databases.list[i])) {
			return true;
		}
	}
	return false;
}

/* ---- branches ---- */

/* A pattern that ends in a star behind a slash protects release/2/1 too: all of them are meant. */
static bool is_under(const char *pattern, struct span branch)
{
	size_t n = strlen(pattern);
	struct span head = { pattern, n - 2 };
	size_t depth = 0, at = 0;
	if (n < 3 || strcmp(pattern + n - 2, "/*") != 0) {
		return false;
	}
	for (size_t i = 0; i < head.len; i++) {
		depth += head.at[i] == '/';
	}
	for (; at < branch.len && (branch.at[at] != '/' || depth--); at++) {
	}
	return at + 1 < branch.len && glob_match(head, (struct span){ branch.at, at });
}

static bool branch_match(const char *pattern, struct span branch)
{
	bool crosses = memchr(branch.at, '/', branch.len) && !strchr(pattern, '/') &&
		strcmp(pattern, "**") != 0;
	return (!crosses && glob_match(span_of(pattern), branch)) || is_under(pattern, branch);
}

bool rules_protects(const struct rules *rules, struct span branch, const char *origin_head)
{
	char folded[512];
	if (branch.at && span_starts(branch, "refs/heads/")) {
		branch = (struct span){ branch.at + 11, branch.len - 11 };
	}
	if (!branch.at || !branch.len || span_starts(branch, "refs/") ||
		!path_fold(branch, folded, sizeof(folded))) {
		return true;
	}
	if (rules->protect_origin && origin_head && origin_head[0]) {
		const char *slash = strchr(origin_head, '/');
		bool remote = slash && strncmp(origin_head, "origin/", 7) == 0;
		if (span_is(branch, remote ? slash + 1 : origin_head)) {
			return true;
		}
	}
	for (size_t i = 0; i < rules->protect.count; i++) {
		const char *pattern = rules->protect.list[i];
		if (branch_match(pattern, branch) || branch_match(pattern, span_of(folded))) {
			return true;
		}
	}
	return false;
}
