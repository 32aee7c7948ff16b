/*
 * The reader of rule files: lines, words, directives.
 *
 * Promises: never reads past the text; every finding names FILE:LINE; the result holds copies.
 * Looks at no two rules together (rules_check.c) and runs no example (rules_example.c).
 */
#include "config.h"

#include "core/policy/rule.h"

#include "core/diag.h"
#include "core/ini.h"
#include "core/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct rules *rules;
	unsigned line;
	bool version; /* was read */
	bool failed;
	struct rule *last; /* examples belong to it; NULL: to none */
	bool broken; /* the rule above was not understood: its examples are passed over */
	struct buf comment; /* of the lines right above */
	struct buf *more;
	struct err *err;
};

void texts_add(struct texts *texts, struct span text)
{
	texts->list = xgrow(texts->list, &texts->cap, texts->count + 1, sizeof(*texts->list));
	texts->list[texts->count++] = span_dup(text);
}

static void found(struct reader *r, const char *words)
{
	if (!r->failed) {
		fail(r->err, DIAG_CONFIG, "%s:%u: %s", r->rules->file, r->line, words);
	} else if (r->more) {
		buf_printf(r->more, "%s:%u: %s\n", r->rules->file, r->line, words);
	}
	r->failed = true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_text(struct span s)
{
	const unsigned char *at = (const unsigned char *)s.at, *end = at + s.len;
	while (at < end) {
		size_t n = utf8_length(at, end);
		bool c0 = at[0] < 0x20 && at[0] != '\t';
		bool c1 = n == 2 && at[0] == 0xc2 && at[1] < 0xa0;
		if (!n || c0 || c1 || at[0] == 0x7f) {
			return false;
		}
		at += n;
	}
	return true;
}

bool rule_words(
	struct span line, struct span *words, size_t *count, struct span *comment, struct err *err)
{
	size_t at = 0;
	*count = 0;
	*comment = (struct span){ 0 };
	for (;;) {
		while (at < line.len && is_space(line.at[at])) {
			at++;
		}
		if (at == line.len) {
			return true;
		}
		if (line.at[at] == '#') {
			*comment = (struct span){ line.at + at, line.len - at };
			return true;
		}
		if (*count == RULE_WORDS_MAX) {
			return fail(err, 0, "more than %d words", RULE_WORDS_MAX);
		}
		bool quoted = line.at[at] == '"';
		size_t start = at += quoted;
		while (at < line.len && (quoted ? line.at[at] != '"' : !is_space(line.at[at]))) {
			at++;
		}
		words[(*count)++] = (struct span){ line.at + start, at - start };
		if (quoted && at == line.len) {
			return fail(err, 0, "a quote that is not closed");
		}
		at += quoted;
		if (start == at - quoted || (quoted && at < line.len && !is_space(line.at[at]))) {
			return fail(err, 0, "quotes stand around whole words, which are not empty");
		}
	}
}

/* ---- directives ---- */

static bool list_read(struct texts *texts, const struct span *words, size_t count,
	const char *expected, struct err *err)
{
	if (!count) {
		return fail(err, 0, "nothing named, expected %s", expected);
	}
	for (size_t i = 0; i < count; i++) {
		texts_add(texts, words[i]);
	}
	return true;
}

static bool scope_read(struct rules *rules, const struct span *words, size_t count, struct err *err)
{
	if (rules->level != LEVEL_USER) {
		return fail(err, 0, "scope: only the user's own file names the scope");
	}
	for (size_t i = 0; i < count; i++) {
		if (words[i].at[0] != '/') {
			return fail(err, 0, "scope %.*s: expected an absolute directory",
				(int)(words[i].len < 60 ? words[i].len : 60), words[i].at);
		}
	}
	return list_read(&rules->scopes, words, count, "scope DIR…", err);
}

static bool globs_read(struct texts *texts, const struct span *words, size_t count, struct err *err)
{
	char folded[RULE_LINE_MAX + 1024], loose[RULE_LINE_MAX + 8];
	if (!count || !span_is(words[0], "path")) {
		return fail(err, 0, "expected \"path\" and globs");
	}
	for (size_t i = 1; i < count; i++) {
		struct span w = words[i];
		bool root = w.at[0] == '/', home = w.at[0] == '~';
		bool slash = memchr(w.at, '/', w.len);
		size_t skip = home || (w.len > 1 && w.at[0] == '.' && w.at[1] == '/') ? 1 : 0;
		const char *below = w.at[w.len - 1] == '/' ? "**" : "";
		const char *head = root || !slash ? "" : skip ? "**" : "**/";
		snprintf(loose, sizeof(loose), "%s%.*s%s", head, (int)(w.len - skip), w.at + skip,
			below);
		if (!path_fold(span_of(loose), folded, sizeof(folded))) {
			return fail(err, 0, "a glob that is too long");
		}
		texts_add(texts, span_of(folded));
	}
	return count > 1 || fail(err, 0, "no globs, expected \"path\" and globs");
}

static bool protect_read(
	struct rules *rules, const struct span *words, size_t count, struct err *err)
{
	if (!count || !span_is(words[0], "branch")) {
		return fail(err, 0, "expected protect branch PATTERN…");
	}
	return list_read(&rules->protect, words + 1, count - 1, "protect branch PATTERN…", err);
}

static bool dev_read(struct rules *rules, const struct span *words, size_t count, struct err *err)
{
	if (!count || !span_is(words[0], "database")) {
		return fail(err, 0, "expected dev database HOST-or-NAME…");
	}
	if (rules->level == LEVEL_PROJECT || rules->level == LEVEL_SYSTEM) {
		return fail(err, 0, "dev database: only the user's own file says what is safe");
	}
	return list_read(&rules->databases, words + 1, count - 1, "dev database NAME…", err);
}

static bool version_read(struct reader *r, const struct span *words, size_t count, struct err *err)
{
	if (r->version) {
		return fail(err, 0, "version: said before, expected once");
	}
	r->version = true;
	return (count == 1 && span_is(words[0], "1")) ||
		fail(err, 0, "a version that is not known, expected version 1");
}

static bool default_read(const struct span *words, size_t count, struct err *err)
{
	return (count == 1 && span_is(words[0], "hold")) ||
		fail(err, 0, "default: what no rule allows is held, expected default hold");
}

/* True: it is a directive, read or refused. */
static bool directive_read(
	struct reader *r, const struct span *words, size_t count, bool *ok, struct err *err)
{
	struct rules *rules = r->rules;
	const struct span *rest = words + 1;
	count--;
	if (span_is(words[0], "version")) {
		*ok = version_read(r, rest, count, err);
	} else if (span_is(words[0], "scope")) {
		*ok = scope_read(rules, rest, count, err);
	} else if (span_is(words[0], "protect")) {
		*ok = protect_read(rules, rest, count, err);
	} else if (span_is(words[0], "secret")) {
		*ok = globs_read(&rules->secret, rest, count, err);
	} else if (span_is(words[0], "control")) {
		*ok = globs_read(&rules->control, rest, count, err);
	} else if (span_is(words[0], "dev")) {
		*ok = dev_read(rules, rest, count, err);
	} else if (span_is(words[0], "default")) {
		*ok = default_read(rest, count, err);
	} else if (span_is(words[0], "contained")) {
		*ok = fail(err, 0, "contained: not available yet");
	} else {
		return false;
	}
	return true;
}

/* ---- rules and examples ---- */

static bool example_read(struct reader *r, struct span line, bool *ok, struct err *err)
{
	struct span text = span_trim(line);
	bool good = span_starts(text, "ok ") || span_starts(text, "ok\t");
	bool bad = span_starts(text, "not ") || span_starts(text, "not\t");
	if (!line.len || !is_space(line.at[0]) || (!good && !bad)) {
		return false;
	}
	if (!r->last) {
		*ok = r->broken || fail(err, 0, "an example without a rule above it");
		return true;
	}
	struct rule *rule = r->last;
	size_t n = good ? 2 : 3;
	text = span_trim((struct span){ text.at + n, text.len - n });
	rule->examples = xrealloc(
		rule->examples, (rule->example_count + 1) * sizeof(*rule->examples));
	rule->examples[rule->example_count++] = (struct rule_example){
		.ok = good, .line = r->line, .text = span_dup(text)
	};
	*ok = true;
	return true;
}

static char *joined_words(const struct span *words, size_t count)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < count; i++) {
		bool quote = memchr(words[i].at, ' ', words[i].len) ||
			memchr(words[i].at, '\t', words[i].len) || words[i].at[0] == '#';
		buf_text(&out, i ? " " : "");
		buf_text(&out, quote ? "\"" : "");
		buf_span(&out, words[i]);
		buf_text(&out, quote ? "\"" : "");
	}
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

enum { COMMENT_MAX = 1024 };

static void add_comment(struct reader *r, struct span comment)
{
	while (comment.len && (comment.at[0] == '#' || is_space(comment.at[0]))) {
		comment.at++;
		comment.len--;
	}
	if (comment.len && r->comment.len + comment.len < COMMENT_MAX) {
		buf_text(&r->comment, r->comment.len ? " " : "");
		buf_span(&r->comment, comment);
	}
}

/* What is said of a rule stands behind it, or above it without an empty line between. */
static void take_comment(struct reader *r, struct rule *rule, struct span behind)
{
	add_comment(r, behind);
	rule->comment = r->comment.len ? span_dup(buf_view(&r->comment)) : NULL;
	buf_clear(&r->comment);
}

static bool add_rule(struct reader *r, const struct span *words, size_t count, struct err *err)
{
	static const char *const starts[] = { "allow", "hold", "deny", "version", "scope",
		"protect", "secret", "control", "dev", "default" };
	struct rules *rules = r->rules;
	enum verdict verdict;
	struct rule rule;
	size_t most = rules->level == LEVEL_PROJECT ? RULE_PROJECT_MAX : RULES_MAX;
	r->last = NULL;
	r->broken = true;
	if (!verdict_parse(words[0], &verdict)) {
		const char *near = ini_nearest(words[0], starts, COUNT_OF(starts));
		return fail(err, 0, "%.*s: expected allow, hold, deny or a directive%s%s%s",
			(int)(words[0].len < 60 ? words[0].len : 60), words[0].at,
			near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
	}
	if (rules->count == most) {
		return fail(err, 0, "more than %zu rules", most);
	}
	if (!rule_read(&rule, rules->level, words, count, err)) {
		rule_finish(&rule);
		return false;
	}
	rule.line = r->line;
	rule.id = xasprintf("%s:%u", rules->file, r->line);
	rule.text = joined_words(words, count);
	rules->list = xgrow(rules->list, &rules->cap, rules->count + 1, sizeof(*rules->list));
	rules->list[rules->count++] = rule;
	r->last = &rules->list[rules->count - 1];
	return true;
}

static bool line_read(struct reader *r, struct span line, struct err *err)
{
	struct span words[RULE_WORDS_MAX], comment;
	size_t count;
	bool ok = true;
	if (line.len > RULE_LINE_MAX) {
		return fail(err, 0, "a line of more than %d bytes", RULE_LINE_MAX);
	}
	if (!is_text(line)) {
		return fail(err, 0, "a control character or bytes that are not UTF-8");
	}
	if (example_read(r, line, &ok, err)) {
		return ok;
	}
	if (!rule_words(line, words, &count, &comment, err)) {
		return false;
	}
	if (!count && comment.len) {
		add_comment(r, comment);
		return true;
	}
	if (!count) {
		buf_clear(&r->comment);
		return true;
	}
	if (!r->version && !span_is(words[0], "version")) {
		r->version = true; /* said once */
		return fail(err, 0, "no version, expected version 1 before anything else");
	}
	if (directive_read(r, words, count, &ok, err)) {
		buf_clear(&r->comment);
		return ok;
	}
	ok = add_rule(r, words, count, err);
	if (ok) {
		take_comment(r, r->last, comment);
	}
	return ok;
}

struct rules *rules_read(const char *file, enum rule_level level, struct span text,
	struct buf *more, struct err *err)
{
	struct rules *rules = xcalloc(1, sizeof(*rules));
	struct reader r = { .rules = rules, .more = more, .err = err };
	rules->level = level;
	rules->file = xstrdup(file);
	if (level == LEVEL_PROJECT && text.len > RULE_PROJECT_BYTES) {
		r.line = 1;
		found(&r, "a project's file of more than 64 KiB");
		text.len = 0;
	}
	for (struct span line; span_line(&text, &line);) {
		struct err why;
		line.len -= line.len && line.at[line.len - 1] == '\r';
		r.line++;
		if (!line_read(&r, line, &why)) {
			found(&r, why.text);
		}
	}
	if (!r.version && !r.failed) {
		r.line = 1;
		found(&r, "no version, expected version 1 before anything else");
	}
	buf_finish(&r.comment);
	if (r.failed) {
		rules_destroy(rules);
		return NULL;
	}
	return rules;
}
