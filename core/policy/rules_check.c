/*
 * Rules seen together: twice the same, and allow rules that a stricter one always beats.
 *
 * Promises: reports only what is certain; a rule that it passes over may still never decide.
 */
#include "config.h"

#include "core/policy/rule.h"

#include "core/map.h"

#include <stdio.h>
#include <string.h>

static bool same_term(const struct term *a, const struct term *b)
{
	bool texts = a->text ? b->text && strcmp(a->text, b->text) == 0 : !b->text;
	if (a->sort != b->sort || a->bits != b->bits || !texts || a->anchor != b->anchor ||
		a->argc != b->argc || a->open != b->open) {
		return false;
	}
	for (size_t i = 0; i < a->argc; i++) {
		if (strcmp(a->argv[i], b->argv[i]) != 0) {
			return false;
		}
	}
	return true;
}

/* argv W… of `strict` stands for every argv of `allow`. */
static bool argv_covers(const struct term *strict, const struct term *allow)
{
	bool shorter = strict->open && strict->argc <= allow->argc;
	if (!shorter && (strict->argc != allow->argc || strict->open != allow->open)) {
		return false;
	}
	for (size_t i = 0; i < strict->argc; i++) {
		if (strcmp(strict->argv[i], allow->argv[i]) != 0) {
			return false;
		}
	}
	return true;
}

static bool term_covers(const struct term *strict, const struct term *allow)
{
	if (strict->sort != allow->sort) {
		return false;
	}
	if (strict->sort == TERM_ARGV) {
		return argv_covers(strict, allow);
	}
	return same_term(strict, allow) || (strict->text && strcmp(strict->text, "**") == 0);
}

/* Every alternative of this sort in `allow` is one of those in `strict`. */
static bool sort_covers(const struct rule *strict, const struct rule *allow, enum term_sort sort)
{
	bool any = false;
	for (size_t i = 0; i < allow->count; i++) {
		bool covered = allow->terms[i].sort != sort;
		any |= !covered;
		for (size_t k = 0; k < strict->count && !covered; k++) {
			covered = term_covers(&strict->terms[k], &allow->terms[i]);
		}
		if (!covered) {
			return false;
		}
	}
	return any;
}

bool rule_covers(const struct rule *strict, const struct rule *allow)
{
	if (allow->verdict != VERDICT_ALLOW || strict->verdict == VERDICT_ALLOW ||
		strict->excepts || (allow->kinds & ~strict->kinds)) {
		return false;
	}
	for (size_t i = 0; i < strict->count; i++) {
		if (!sort_covers(strict, allow, strict->terms[i].sort)) {
			return false;
		}
	}
	return true;
}

void rules_check(const struct rules *rules, rule_finding *found, void *data)
{
	struct map seen = { 0 };
	char words[200];
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->list[i];
		const struct rule *before = map_get(&seen, span_of(rule->text));
		if (before) {
			snprintf(words, sizeof(words), "the same as line %u, expected once",
				before->line);
			found(data, rule, words);
		} else {
			map_put(&seen, span_of(rule->text), (void *)rule);
		}
		for (size_t k = 0; rule->verdict == VERDICT_ALLOW && k < rules->count; k++) {
			if (rule_covers(&rules->list[k], rule)) {
				snprintf(words, sizeof(words),
					"never allows anything: line %u is stricter, expected one "
					"of them",
					rules->list[k].line);
				found(data, rule, words);
				break;
			}
		}
	}
	map_finish(&seen);
}
