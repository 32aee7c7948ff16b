/*
 * Facts that no rule can allow an effect by: what is not known, may be something else, or is more
 * than its name says.
 *
 * Promises: static words that go on the effect's own ("creates a.c inside the scope" + ", ...").
 * Called by judgement before any allow rule is asked.
 */
#include "config.h"

#include "core/policy/rule.h"

#include "core/unicode.h"

#include <stdio.h>
#include <string.h>

/* Letters that are no look-alikes, in the form in which everybody writes them. Those of Latin, Kana
 * and Hangul have another form as well; where such a one lies beside it, the facts know nothing. */
static bool is_plain_letter(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} plain[] = {
		{ 0xc0, 0xd6 },
		{ 0xd8, 0xf6 },
		{ 0xf8, 0x130 },
		{ 0x132, 0x137 },
		{ 0x139, 0x13e },
		{ 0x141, 0x148 },
		{ 0x14a, 0x17e },
		{ 0x3005, 0x3005 },
		{ 0x3041, 0x3096 },
		{ 0x30a1, 0x30cd },
		{ 0x30cf, 0x30fa },
		{ 0x30fc, 0x30fc },
		{ 0x3400, 0x4dbf },
		{ 0x4e00, 0x9fff },
		{ 0xac00, 0xd7a3 },
	};
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		if (c >= plain[i].first && c <= plain[i].last) {
			return true;
		}
	}
	return c < 0x80;
}

/* Others may be found by a server, or a file system, in another form of Unicode than was looked up:
 * as a link that leads elsewhere. */
static bool has_one_spelling(const char *text)
{
	for (size_t left = strlen(text); left;) {
		struct unicode_char c = unicode_read(text, left);
		if (!c.valid || !is_plain_letter(c.c)) {
			return false;
		}
		text += c.bytes;
		left -= c.bytes;
	}
	return true;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Some servers take more than paths, or decode them once more. */
static bool is_spelled_oddly(const char *given)
{
	size_t scheme = strspn(
		given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	if (strchr(given, '\\') || (scheme > 1 && given[scheme] == ':')) {
		return true;
	}
	for (const char *at = given; (at = strchr(at, '%')); at++) {
		size_t name = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
		if ((is_hex(at[1]) && is_hex(at[2])) || (name && at[1 + name] == '%')) {
			return true;
		}
	}
	return given[0] == '~' && given[1] != '/' && given[1];
}

/* Where a new link would lead: below the scope, to nothing that is protected. The gate may have
 * looked; without that, by text. */
static bool link_stays(const struct target *t)
{
	const char *to = t->effect->word, *home = NULL, *found = t->effect->fact.more;
	if (found && (!found[0] || (path_sets(span_of(found)) & (SET_SECRET | SET_CONTROL)))) {
		return false;
	}
	if (found) {
		return to[0] && !(path_sets(span_of(to)) & (SET_SECRET | SET_CONTROL));
	}
	if (!to[0] || (path_sets(span_of(to)) & (SET_SECRET | SET_CONTROL))) {
		return false;
	}
	for (const char *at = to; (at = strstr(at, "..")); at += 2) {
		if ((at == to || at[-1] == '/') && (!at[2] || at[2] == '/')) {
			return false;
		}
	}
	for (size_t i = 0; to[0] == '/' && t->call->scope && t->call->scope[i]; i++) {
		size_t n = strlen(t->call->scope[i]);
		if (strncmp(to, t->call->scope[i], n) == 0 && (!to[n] || to[n] == '/')) {
			home = t->call->scope[i];
		}
	}
	return (to[0] != '/' && to[0] != '~') || home;
}

/* A tool's whole tree is searched whatever lies in it; a pattern must not pick out what is secret.
 * In a shell a pattern stands for the very files that it fits, and most programs show them whole.
 */
static bool finds_secret(const struct effect *e)
{
	struct span pattern = span_of(e->word);
	bool filter = strcmp(e->how, "tree") == 0 && !e->part;
	return filter ? sets_pattern_seeks_secret(pattern) : sets_pattern_may_be_secret(pattern);
}

/* Is a root of the scope at or below what the effect names? There lie the project's .env files. */
static bool holds_scope(const struct target *t)
{
	char root[TARGET_PATH_MAX];
	for (size_t i = 0; t->call->scope && t->call->scope[i]; i++) {
		bool folded = path_fold(span_of(t->call->scope[i]), root, sizeof(root));
		for (size_t k = 0; k < t->spellings; k++) {
			size_t n = strlen(t->spelling[k]);
			n -= n && t->spelling[k][n - 1] == '/';
			if (!folded ||
				(strncmp(root, t->spelling[k], n) == 0 &&
					(!root[n] || root[n] == '/'))) {
				return true;
			}
		}
	}
	return t->spellings == 0;
}

static const char *path_doubt(const struct target *t)
{
	const struct effect *e = t->effect;
	const struct fact *fact = &e->fact;
	bool writes = e->kind == EFFECT_WRITE;
	if (e->late) {
		return ", after an earlier part of the call may have changed what that means";
	}
	if (!fact->path) {
		return "";
	}
	if (fact->state == FACT_UNKNOWN) {
		return ", of which nothing is known";
	}
	if (fact->state == FACT_SPECIAL && strcmp(fact->path, "/dev/null") != 0) {
		return "";
	}
	if (t->unfolded || is_spelled_oddly(e->given)) {
		return ", a spelling that may be read in more than one way";
	}
	bool seen = fact->state != FACT_ABSENT && !(fact->marks & MARK_ASSUMED);
	if (!seen && !has_one_spelling(e->given)) {
		return ", a name that may be there in another spelling";
	}
	if (writes && fact->state == FACT_FILE && fact->links > 1) {
		return ", a file that has other names too";
	}
	if (writes && strcmp(t->how, "link") == 0 && !link_stays(t)) {
		return ", which would lead out of the scope or to what is protected";
	}
	if (e->kind == EFFECT_READ && strcmp(e->how, "run") == 0 && fact->state != FACT_FILE) {
		return ", which is not installed in the project and would be fetched";
	}
	if (e->kind == EFFECT_READ && strcmp(e->word, "**/*") == 0) {
		return holds_scope(t) ? ", hidden files as well, which may hold secrets" : NULL;
	}
	if (e->kind == EFFECT_READ && e->word[0] && finds_secret(e)) {
		return ", by a pattern that may fit what holds secrets";
	}
	return NULL;
}

const char *target_doubt(const struct target *t)
{
	const struct effect *e = t->effect;
	switch (e->kind) {
	case EFFECT_READ:
	case EFFECT_WRITE:
	case EFFECT_DELETE:
		return path_doubt(t);
	case EFFECT_BRANCH:
		if (!e->late && !has_one_spelling(e->given)) {
			return ", a name that looks like another";
		} /* fallthrough */
	case EFFECT_TASK:
	case EFFECT_PUSH:
		return e->late
			? ", after an earlier part of the call may have changed what that means"
			: NULL;
	case EFFECT_UNKNOWN:
	case EFFECT_PIN:
	case EFFECT_SELF:
		return "";
	default:
		return NULL;
	}
}
