/*
 * Owns the rule that a yes could become: one line for every part of a call that no rule allows, as
 * wide as is asked for, with an example of what it is for.
 *
 * Promises: what is written parses and its examples pass, or it is not offered; nothing is offered
 * for what is never granted, nor for a program with any operand. Pure; called by the broker, which
 * shows the lines before it appends them.
 */
#include "config.h"

#include "core/policy/grant_impl.h"
#include "core/policy/sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MIN = 2, EXAMPLE_MAX = 400 };

struct writer {
	const struct policy_call *call;
	enum rule_width width;
	struct buf *out;
	char *why; /* of 160 bytes */
};

static bool refuse(struct writer *w, const struct effect *effect, const char *words)
{
	snprintf(w->why, 160, "%s%s%.60s: %s", effect_kind_verb(effect->kind),
		effect->given[0] ? " " : "", effect->given, words);
	return false;
}

static bool is_clean(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at < ' ' || *at == '"' || *at > '~') {
			return false;
		}
	}
	return text[0];
}

/* A word of a rule that means itself and nothing else. */
static bool is_literal(const char *word)
{
	return is_clean(word) && !strpbrk(word, "*?[") && strcmp(word, "except") != 0 &&
		strcmp(word, "...") != 0;
}

static void add_word(struct buf *out, const char *word)
{
	bool quote = strchr(word, ' ') || word[0] == '#';
	buf_printf(out, quote ? " \"%s\"" : " %s", word);
}

static bool add_literal(struct writer *w, const struct effect *effect, const char *word)
{
	add_word(w->out, word);
	return is_literal(word) || refuse(w, effect, "a rule cannot name this word for word");
}

static void add_example(struct writer *w, const char *example)
{
	if (is_clean(example) && strlen(example) <= EXAMPLE_MAX) {
		buf_printf(w->out, "  ok  %s\n", example);
	}
}

/* ---- commands ---- */

/* A number, path, option or made-up name behind the task's own. */
static bool may_differ(const char *word)
{
	return word[0] == '-' || strpbrk(word, "/.=0123456789");
}

/* But for the exact width: of a command that only shows something the words that say so, with
 * anything behind them; of a task the words up to the first that may differ, since what stands
 * behind it was proven. Of every other command each word. */
static bool add_argv(struct writer *w, const struct effect *effect)
{
	bool exact = w->width == RULE_EXACT;
	const char *shows = effect->kind == EFFECT_EXEC && !exact ? grant_shows(effect->given)
								  : NULL;
	struct span rest = span_of(shows ? shows : effect->given), raw;
	struct buf word = { 0 };
	size_t count = 0;
	bool ok = true, open = false;
	while (ok && rest.len && !open) {
		ok = grant_next_word(&rest, &raw, &word) && is_literal(buf_cstr(&word));
		open = effect->kind == EFFECT_TASK && !exact && count >= WORDS_MIN &&
			may_differ(buf_cstr(&word));
		if (ok && !open) {
			add_word(w->out, buf_cstr(&word));
			count++;
		}
	}
	buf_text(w->out, open || shows ? " ...\n" : "\n");
	buf_finish(&word);
	return ok || refuse(w, effect, "a rule cannot name these words");
}

static bool write_command(struct writer *w, const struct effect *effect)
{
	bool task = effect->kind == EFFECT_TASK;
	if (strchr(effect->word, '/') && !task) {
		return refuse(w, effect, "a program of its own may be another one tomorrow");
	}
	buf_text(w->out, task ? "allow task argv" : "allow exec argv");
	return add_argv(w, effect);
}

/* ---- paths ---- */

/* What of a directory is named; NULL: only the path itself. */
static const char *names_of(const struct writer *w, const struct effect *effect)
{
	enum rule_width deep = effect->kind == EFFECT_READ ? RULE_USUAL : RULE_WIDE;
	bool task = path_sets(span_of(effect->fact.path)) & SET_TASK;
	return w->width == RULE_EXACT                  ? NULL
		: w->width < deep                      ? "*"
		: effect->kind == EFFECT_WRITE && task ? "*"
						       : "**";
}

static bool write_path(struct writer *w, const struct effect *effect)
{
	const char *path = effect->fact.path, *slash = strrchr(path, '/');
	bool reads = effect->kind == EFFECT_READ;
	char *dir = span_dup((struct span){ path, (size_t)(slash - path) });
	bool below = grant_directory(w->call, effect, GRANT_WIDE, dir);
	const char *names = below ? names_of(w, effect) : NULL;
	char *glob = names ? xasprintf("%s/%s", dir, names) : xstrdup(path);
	bool ok = is_literal(names ? dir : path);
	if (grant_works_in(w->call, effect)) {
		ok = refuse(
			w, effect, "a rule would let git work there, which obeys what it finds");
	} else if (!reads && !below) {
		ok = refuse(w, effect, "what is written there is asked every time");
	} else if (effect->fact.inside || effect->kind == EFFECT_DELETE ||
		strcmp(effect->how, "tree") == 0) {
		ok = refuse(
			w, effect, "only what is read and written outside the scope gets a rule");
	} else if (!ok) {
		refuse(w, effect, "a rule cannot name this path");
	}
	buf_printf(w->out, "allow %s", effect_kind_name(effect->kind));
	if (effect->how[0]) {
		add_word(w->out, effect->how);
	}
	add_word(w->out, glob);
	buf_text(w->out, !reads && names && names[1] ? " except task\n" : "\n");
	free(glob);
	free(dir);
	return ok;
}

/* ---- names ---- */

static bool write_tool(struct writer *w, const struct effect *effect)
{
	char *server = effect->part ? xstrdup(effect->word) : span_dup(w->call->server);
	buf_text(w->out, "allow tool");
	bool ok = add_literal(w, effect, server) && add_literal(w, effect, effect->given);
	buf_char(w->out, '\n');
	free(server);
	return ok;
}

static bool write_net(struct writer *w, const struct effect *effect)
{
	buf_text(w->out, "allow net");
	bool ok = add_literal(w, effect, effect->word);
	buf_char(w->out, '\n');
	return ok;
}

/* Of "feature/x" the wide width has all that begin so; a protected one among them stays protected.
 */
static bool write_push(struct writer *w, const struct effect *effect)
{
	const char *slash = strrchr(effect->given, '/');
	bool like = w->width == RULE_WIDE && slash && is_literal(effect->given);
	buf_text(w->out, "allow push");
	char *name = like ? xasprintf("%.*s/*", (int)(slash - effect->given), effect->given)
			  : xstrdup(effect->given);
	bool ok = true;
	if (like) {
		add_word(w->out, name);
	} else {
		ok = add_literal(w, effect, name);
	}
	free(name);
	buf_text(w->out, " unprotected to");
	ok = ok && add_literal(w, effect, effect->how);
	buf_char(w->out, '\n');
	return ok;
}

static const char *example_of(const struct effect *effect)
{
	return effect->kind == EFFECT_NET       ? effect->word
		: effect_has_path(effect->kind) ? effect->fact.path
						: effect->given;
}

static bool write_effect(struct writer *w, const struct effect *effect)
{
	struct effect_judgement judged;
	policy_judge_effect(w->call, effect, &judged);
	if (strncmp(judged.rule, "built-in:", strlen("built-in:")) != 0) {
		return refuse(w, effect, "a rule of yours or the project's holds it");
	}
	if (grant_never(w->call, effect)) {
		return refuse(w, effect, "is asked every time");
	}
	switch (effect->kind) {
	case EFFECT_EXEC:
	case EFFECT_TASK:
		return write_command(w, effect);
	case EFFECT_READ:
	case EFFECT_WRITE:
	case EFFECT_DELETE:
		return write_path(w, effect);
	case EFFECT_REMOTE:
		return write_tool(w, effect);
	case EFFECT_NET:
		return write_net(w, effect);
	case EFFECT_PUSH:
		return write_push(w, effect);
	default:
		return refuse(w, effect, "no rule is narrow enough for it");
	}
}

/* ---- the whole call ---- */

static bool is_asked(const struct policy_call *call, const struct effect *effect)
{
	struct effect_judgement j;
	policy_judge_effect(call, effect, &j);
	return j.verdict != VERDICT_ALLOW && !grant_explained(call, effect);
}

/* An example of a line passes by one rule; where its command needs several, it has none. */
static bool stands_alone(const struct policy_call *call, const struct effect *effect)
{
	for (size_t i = 0; effect->part && i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		if (e != effect && e->part == effect->part && is_asked(call, e)) {
			return false;
		}
	}
	return true;
}

static bool has_line(struct span text, struct span line)
{
	return line.len && memmem(text.at, text.len, line.at, line.len);
}

static bool parses(struct writer *w, struct span text)
{
	struct buf file = { 0 };
	struct err err = { 0 };
	buf_text(&file, "version 1\n");
	buf_span(&file, text);
	struct rules *rules = rules_parse("rule", LEVEL_USER, buf_view(&file), NULL, &err);
	if (!rules) {
		snprintf(w->why, 160, "%.159s", err.text);
	}
	rules_destroy(rules);
	buf_finish(&file);
	return rules;
}

bool rule_write(const struct policy_call *call, enum rule_width width, struct span example,
	struct buf *out, char why[160])
{
	struct buf text = { 0 }, one = { 0 };
	struct writer w = { call, width, &one, why };
	char *given = example.at ? span_dup(example) : NULL;
	bool ok = true;
	snprintf(why, 160, "no part of it is held");
	for (size_t i = 0; ok && i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		if (!is_asked(call, e)) {
			continue;
		}
		buf_clear(&one);
		ok = write_effect(&w, e);
		if (ok && !has_line(buf_view(&text), buf_view(&one))) {
			bool line = given && (e->kind == EFFECT_EXEC || e->kind == EFFECT_TASK) &&
				e->part <= 1 && call->effects->count == 1;
			if (stands_alone(call, e)) {
				add_example(&w, line ? given : example_of(e));
			}
			buf_span(&text, buf_view(&one));
		}
	}
	ok = ok && text.len && parses(&w, buf_view(&text));
	if (ok) {
		buf_span(out, buf_view(&text));
		why[0] = 0;
	}
	free(given);
	buf_finish(&text);
	buf_finish(&one);
	return ok;
}

size_t rule_steps(const struct policy_call *call, char *steps[RULE_WIDTH_COUNT], char why[160])
{
	size_t count = 0;
	struct buf line = { 0 };
	struct judgement judgement;
	policy_judge(call, &judgement);
	if (judgement.risk == RISK_HIGHEST) {
		snprintf(why, 160, "it is of the highest risk, and asked every time");
		return 0;
	}
	for (int width = RULE_EXACT; width < RULE_WIDTH_COUNT; width++) {
		buf_clear(&line);
		bool ok = rule_write(call, (enum rule_width)width, span_of(""), &line, why);
		if (ok && (!count || strcmp(steps[count - 1], buf_cstr(&line)) != 0)) {
			steps[count++] = xstrdup(buf_cstr(&line));
		}
	}
	buf_finish(&line);
	if (count) {
		why[0] = 0;
	}
	return count;
}
