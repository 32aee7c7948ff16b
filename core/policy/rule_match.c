/*
 * Whether a rule speaks of an effect.
 *
 * Promises: with `sure`, a term fits only what the facts prove; without, also what they leave open,
 * so that a rule that holds or denies is not slipped past by what is not known, and an exception
 * never counts for what it may not mean. Called by judgement, rule files' examples and explain.
 */
#include "config.h"

#include "core/policy/rule.h"

#include "core/effects/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_path(const struct target *t)
{
	return effect_has_path(t->effect->kind);
}

static const char *text_of(const char *text)
{
	return text ? text : "";
}

/* ---- paths ---- */

/* Text below `dir`, from its slash on; NULL: not below. The directory itself has "". */
static const char *below(const char *path, const char *dir)
{
	size_t n = dir ? strlen(dir) : 0;
	while (n && dir[n - 1] == '/') {
		n--;
	}
	if (!dir || !dir[0] || strncmp(path, dir, n) != 0 || (path[n] && path[n] != '/')) {
		return NULL;
	}
	return path + n;
}

static bool glob_proven(const struct term *term, const struct target *t)
{
	const struct fact *fact = &t->effect->fact;
	const char *path = fact->path, *rest;
	struct span glob = span_of(term->text);
	if (!path) {
		return false;
	}
	switch (term->anchor) {
	case ANCHOR_ROOT:
		return glob_match(glob, span_of(path));
	case ANCHOR_HOME:
		rest = below(path, t->call->home);
		return rest && glob_match(glob, span_of(rest));
	case ANCHOR_NONE:
		return fact->inside && glob_match(glob, span_of(path));
	case ANCHOR_SCOPE:
		break;
	}
	for (size_t i = 0; t->call->scope && t->call->scope[i]; i++) {
		rest = below(path, t->call->scope[i]);
		if (rest && glob_match(glob, span_of(rest))) {
			return true;
		}
	}
	for (size_t i = 0; i < t->rules->scopes.count; i++) {
		rest = below(path, t->rules->scopes.list[i]);
		if (rest && glob_match(glob, span_of(rest))) {
			return true;
		}
	}
	return false;
}

static bool glob_possible(const char *folded, const struct target *t)
{
	for (size_t i = 0; i < t->spellings; i++) {
		if (glob_match(span_of(folded), span_of(t->spelling[i]))) {
			return true;
		}
	}
	return t->unfolded;
}

static bool set_fits(const struct term *term, const struct target *t, bool sure)
{
	const struct fact *fact = &t->effect->fact;
	if (sure && (term->bits & (SET_TASK | SET_BUILD | SET_SECRET | SET_CONTROL))) {
		return fact->path && (path_sets(span_of(fact->path)) & term->bits);
	}
	return t->sets & term->bits;
}

/* What git or the disk says of a path. */
static bool state_fits(const struct term *term, const struct target *t, bool sure)
{
	const struct fact *fact = &t->effect->fact;
	bool known = fact->path && fact->state != FACT_UNKNOWN && !t->effect->late;
	bool is;
	if (term->sort == TERM_PLACE) {
		is = term->bits == 1 ? fact->inside : !fact->inside;
		return known ? is : !sure;
	}
	if (!known) {
		return !sure;
	}
	switch (term->sort) {
	case TERM_VCS:
		is = fact->marks & MARK_TRACKED;
		return term->bits == 1 ? is : !is && fact->state != FACT_ABSENT;
	case TERM_OWN:
		return fact->marks & MARK_OWN;
	case TERM_IGNORED:
		return fact->marks & MARK_IGNORED;
	default: /* TERM_NEW */
		return fact->state == FACT_ABSENT;
	}
}

/* ---- names ---- */

/* A name of a branch, task, package or tool: "*" crosses no "/", and a pattern without one fits no
 * name that has one. */
static bool name_match(const char *pattern, const char *name)
{
	bool crosses = strchr(name, '/') && !strchr(pattern, '/') && strcmp(pattern, "**") != 0;
	return !crosses && glob_match(span_of(pattern), span_of(name));
}

static bool host_fits(const char *pattern, const char *host)
{
	return strcmp(pattern, "*") == 0 || host_matches(pattern, host);
}

static const char *without_version(const char *package, char *out, size_t size)
{
	const char *at = package[0] ? strchr(package + 1, '@') : NULL;
	at = at && strpbrk(at + 1, ":/@#") ? NULL : at; /* another name, or an address */
	snprintf(out, size, "%.*s", (int)(at ? (size_t)(at - package) : strlen(package)), package);
	return out;
}

static bool name_fits(const struct term *term, const struct target *t, bool sure)
{
	const struct effect *e = t->effect;
	char plain[256];
	switch (e->kind) {
	case EFFECT_TASK:
		return name_match(term->text, e->word);
	case EFFECT_PUSH:
	case EFFECT_BRANCH:
		return t->branch ? name_match(term->text, t->branch) : !sure;
	case EFFECT_NET:
		return e->word[0] ? host_fits(term->text, e->word) : !sure;
	case EFFECT_INSTALL:
		if (!e->given[0] || strlen(e->given) >= sizeof(plain)) {
			return !sure;
		}
		return glob_match(span_of(term->text), span_of(e->given)) ||
			name_match(term->text, without_version(e->given, plain, sizeof(plain)));
	default:
		return name_match(term->text, e->given);
	}
}

static bool server_fits(const struct term *term, const struct target *t)
{
	struct span server = t->call->server;
	return name_match(term->text, t->effect->word) ||
		(server.at && glob_match(span_of(term->text), server));
}

/* ---- argv ---- */

/* A word that "..." may stand for leads nowhere but below the directory of the command. */
static bool stays(struct span word)
{
	for (size_t i = 0; i < word.len; i++) {
		char before = i ? word.at[i - 1] : '=';
		bool begins = strchr("=:,", before) || (i == 2 && word.at[0] == '-');
		bool two = i + 1 < word.len && word.at[i] == '.' && word.at[i + 1] == '.';
		bool up = two && before != '.' && (i + 2 == word.len || word.at[i + 2] == '/');
		if (up || (begins && (word.at[i] == '/' || word.at[i] == '~'))) {
			return false;
		}
	}
	return true;
}

static bool argv_fits(const struct term *term, const struct target *t, bool sure)
{
	bool wide = strcmp(t->effect->how, "wide") == 0;
	bool pattern = false;
	if (t->argc < term->argc || (!term->open && t->argc != term->argc)) {
		return false;
	}
	for (size_t i = 0; i < term->argc; i++) {
		pattern |= strpbrk(term->argv[i], "*?[") != NULL;
		if (span_is(t->argv[i], term->argv[i])) {
			continue;
		}
		bool fits = strpbrk(term->argv[i], "*?[") &&
			glob_match(span_of(term->argv[i]), t->argv[i]) &&
			(!sure || stays(t->argv[i]));
		if (!fits) {
			return false;
		}
	}
	for (size_t i = term->argc; sure && i < t->argc; i++) {
		if (!stays(t->argv[i])) {
			return false;
		}
	}
	return !(sure && wide && (pattern || term->open));
}

/* ---- one term, one rule ---- */

static bool is_protected(const struct target *t)
{
	const struct effect *e = t->effect;
	bool other = e->kind == EFFECT_BRANCH && strcmp(e->how, "move") == 0 && e->word[0] &&
		rules_protects(t->rules, span_of(e->word), e->fact.more);
	return !t->branch || other || strpbrk(t->branch, "*?[") ||
		rules_protects(t->rules, span_of(t->branch), e->fact.more);
}

/* The forms of an installation are words beside each other. */
static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = words; (at = strstr(at, word)); at += n) {
		bool ends = !at[n] || at[n] == ' ' || at[n] == ',';
		if ((at == words || at[-1] == ' ' || at[-1] == ',') && ends) {
			return true;
		}
	}
	return false;
}

static bool install_fits(const struct term *term, const struct target *t, bool sure)
{
	const struct effect *e = t->effect;
	switch (term->sort) {
	case TERM_LOCKFILE:
		return has_word(e->word, "lockfile");
	case TERM_UNCHANGED:
		return (e->fact.marks & MARK_COMMITTED) ? !e->late || !sure : !sure;
	default: /* TERM_NO_SCRIPTS */
		return has_word(e->word, "no-scripts");
	}
}

static bool term_fits(const struct term *term, const struct target *t, bool sure)
{
	const struct effect *e = t->effect;
	switch (term->sort) {
	case TERM_PLACE:
	case TERM_VCS:
	case TERM_OWN:
	case TERM_NEW:
	case TERM_IGNORED:
		return state_fits(term, t, sure);
	case TERM_SET:
		return set_fits(term, t, sure);
	case TERM_HOW:
		return strcmp(t->how, term->text) == 0;
	case TERM_GLOB:
		return sure ? glob_proven(term, t) : glob_possible(term->folded, t);
	case TERM_ARGV:
		return argv_fits(term, t, sure);
	case TERM_CHECK:
		return task_is_check(span_of(e->word));
	case TERM_TEXT:
		return (e->fact.marks & term->bits) ? !e->late || !sure : !sure && e->late;
	case TERM_NAME:
		return name_fits(term, t, sure);
	case TERM_MANAGER:
		return name_match(term->text, e->how);
	case TERM_PROTECT:
		if (e->kind != EFFECT_PUSH && e->kind != EFFECT_BRANCH) {
			return true;
		}
		return is_protected(t) == (term->bits == 1) && !(sure && e->late);
	case TERM_TO:
		return name_match(term->text, e->how);
	case TERM_ON:
		return strcmp(e->word, "dev") == 0;
	case TERM_SERVER:
		return server_fits(term, t);
	default:
		return install_fits(term, t, sure);
	}
}

static const char *const sort_words[] = {
	[TERM_PLACE] = "where it lies",
	[TERM_SET] = "the set",
	[TERM_VCS] = "what git says of it",
	[TERM_OWN] = "own",
	[TERM_NEW] = "new",
	[TERM_IGNORED] = "ignored",
	[TERM_HOW] = "how",
	[TERM_GLOB] = "the path",
	[TERM_ARGV] = "the command",
	[TERM_CHECK] = "check",
	[TERM_TEXT] = "committed or accepted",
	[TERM_NAME] = "the name",
	[TERM_MANAGER] = "the program",
	[TERM_LOCKFILE] = "lockfile",
	[TERM_UNCHANGED] = "lockfile-unchanged",
	[TERM_NO_SCRIPTS] = "no-scripts",
	[TERM_PROTECT] = "the branch's protection",
	[TERM_TO] = "the remote",
	[TERM_ON] = "the database",
	[TERM_SERVER] = "the server",
};

/* A force push, a pushed tag and the like are not what a rule means that does not say so; and a
 * rule of tools that names none of "read", "write" means those that it names. */
static bool how_meant(const struct rule *rule, const struct target *t)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (rule->terms[i].sort == TERM_HOW || rule->terms[i].sort == TERM_ARGV) {
			return true;
		}
	}
	switch (t->effect->kind) {
	case EFFECT_PUSH:
		return !t->how[0];
	case EFFECT_INSTALL:
		return !t->how[0] || has_word(t->how, "lockfile");
	case EFFECT_NET:
	case EFFECT_SQL:
		return strcmp(t->how, "odd") != 0;
	case EFFECT_BRANCH:
		return strcmp(t->how, "create") == 0 || strcmp(t->how, "switch") == 0 ||
			strcmp(t->how, "commit") == 0;
	default:
		return true;
	}
}

/* A project's rules are about its own files; what cannot be placed is taken for one of them. */
static bool is_elsewhere(const struct rule *rule, const struct target *t)
{
	const char *scope = t->rules->project_scope;
	if (rule->level != LEVEL_PROJECT || !scope) {
		return false;
	}
	const char *place = is_path(t) ? t->effect->fact.path : t->effect->base;
	bool known = place && place[0] == '/' && !strstr(place, "/..") && !t->effect->late;
	return known && !below(place, scope);
}

static bool terms_fit(
	const struct rule *rule, const struct target *t, bool sure, char *why, size_t size)
{
	unsigned seen = 0, fits = 0; /* by sort */
	for (size_t i = 0; i < rule->count; i++) {
		unsigned sort = 1u << rule->terms[i].sort;
		seen |= sort;
		fits |= !(fits & sort) && term_fits(&rule->terms[i], t, sure) ? sort : 0;
	}
	if (why && (seen & ~fits)) {
		snprintf(why, size, "%s does not fit", sort_words[__builtin_ctz(seen & ~fits)]);
	}
	return !(seen & ~fits);
}

static unsigned left_out(const struct rule *rule, const struct target *t)
{
	unsigned sets = SET_SECRET | SET_SELF;
	if (t->effect->kind != EFFECT_READ) {
		sets |= SET_CONTROL;
	}
	return t->sets & sets & ~rule->even;
}

bool rule_fits(const struct rule *rule, const struct target *t, char *why, size_t size)
{
	bool allows = rule->verdict == VERDICT_ALLOW;
	if (!why && (rule->needs & ~t->parts) && !t->unfolded) {
		return false; /* as nearly all that name a path or a command */
	}
	if (!(rule->kinds >> t->effect->kind & 1) || is_elsewhere(rule, t) ||
		!terms_fit(rule, t, allows, why, size)) {
		return false;
	}
	if (allows && (!how_meant(rule, t) || (is_path(t) && left_out(rule, t)))) {
		if (why) {
			unsigned out = is_path(t) ? left_out(rule, t) : 0;
			snprintf(why, size, "it leaves out %s",
				out & SET_SELF              ? "bascule's own files"
					: out & SET_SECRET  ? "what may hold secrets"
					: out & SET_CONTROL ? "control files"
							    : t->how);
		}
		return false;
	}
	for (size_t i = rule->count; i < rule->count + rule->excepts; i++) {
		if (term_fits(&rule->terms[i], t, !allows)) {
			if (why) {
				snprintf(why, size, "it is an exception");
			}
			return false;
		}
	}
	return true;
}

/* ---- the target ---- */

/* "a/./b", "a/../b" and "a//b" put right by text alone. */
static void collapse(char *path)
{
	char *out = path;
	const char *at = path;
	while (*at) {
		const char *end = strchr(at + 1, '/');
		size_t n = end ? (size_t)(end - at) : strlen(at);
		if (n == 3 && strncmp(at, "/..", 3) == 0) {
			while (out > path && *--out != '/') {
			}
		} else if (n > 1 && !(n == 2 && at[1] == '.')) {
			memmove(out, at, n);
			out += n;
		}
		at += n;
	}
	*out = '\0';
}

static bool holds_all_below(const struct target *t)
{
	return strcmp(t->how, "tree") == 0 || strcmp(t->how, "away") == 0;
}

static void spelled(struct target *t, const char *path, bool collapsed)
{
	char *out = t->spelling[t->spellings];
	if (!path_fold(span_of(path), out, TARGET_PATH_MAX)) {
		t->unfolded = true;
		t->sets |= SET_SECRET | SET_CONTROL;
		return;
	}
	if (collapsed && out[0] == '/') {
		collapse(out);
	}
	for (size_t i = 0; i < t->spellings; i++) {
		if (strcmp(t->spelling[i], out) == 0) {
			return;
		}
	}
	t->spellings++;
	t->parts |= glob_parts(span_of(out));
	t->sets |= sets_of_folded(span_of(out));
	bool tree = t->effect->kind == EFFECT_READ && holds_all_below(t);
	t->sets |= tree ? sets_of_folded_tree(span_of(out)) : 0;
}

static void given_spelled(struct target *t)
{
	const struct effect *e = t->effect;
	char joined[TARGET_PATH_MAX];
	const char *given = e->given, *base = e->base[0] == '/' ? e->base : "";
	bool home = given[0] == '~' && (given[1] == '/' || !given[1]) && t->call->home;
	bool far = given[0] == '/' || home;
	int n = snprintf(joined, sizeof(joined), "%s%s%s",
		home          ? t->call->home
			: far ? ""
			      : base,
		far || !base[0] ? "" : "/", home ? given + 1 : given);
	t->unfolded |= n < 0 || (size_t)n >= sizeof(joined);
	spelled(t, joined, false);
	spelled(t, joined, true);
}

static bool is_self(const struct target *t)
{
	char own[TARGET_PATH_MAX];
	for (size_t i = 0; t->call->self && t->call->self[i]; i++) {
		if (!path_fold(span_of(t->call->self[i]), own, sizeof(own)) || !own[0]) {
			continue;
		}
		for (size_t k = 0; k < t->spellings; k++) {
			if (below(t->spelling[k], own) ||
				(holds_all_below(t) && below(own, t->spelling[k]))) {
				return true;
			}
		}
	}
	return false;
}

static void added_sets(struct target *t)
{
	for (size_t k = 0; k < t->spellings; k++) {
		struct span path = span_of(t->spelling[k]);
		for (size_t i = 0; i < t->rules->secret.count; i++) {
			bool in = glob_match(span_of(t->rules->secret.list[i]), path);
			t->sets |= in ? SET_SECRET : 0;
		}
		for (size_t i = 0; i < t->rules->control.count; i++) {
			bool in = glob_match(span_of(t->rules->control.list[i]), path);
			t->sets |= in ? SET_CONTROL : 0;
		}
	}
}

/* Words as quoted for sh, without the quotes: '…', "…" and backslash. */
static void read_argv(struct target *t)
{
	const char *at = t->effect->given;
	char *out = t->words = xmalloc(strlen(at) + 1);
	while (*at && t->argc < TARGET_ARGV_MAX) {
		while (*at == ' ') {
			at++;
		}
		if (!*at) {
			break;
		}
		char *start = out, quote = '\0';
		for (; *at && (quote || *at != ' '); at++) {
			if (quote ? *at == quote : *at == '\'' || *at == '"') {
				quote = quote ? '\0' : *at;
			} else if (*at == '\\' && quote != '\'' && at[1]) {
				*out++ = *++at;
			} else {
				*out++ = *at;
			}
		}
		t->argv[t->argc] = (struct span){ start, (size_t)(out - start) };
		t->parts |= glob_parts(t->argv[t->argc++]);
	}
	if (*at) {
		t->argc = 0; /* too long to be named */
	}
}

static const char *branch_of(const struct effect *e)
{
	const char *name = e->given, *current = e->fact.text;
	bool head = strcmp(name, "HEAD") == 0 || strcmp(name, "@") == 0;
	if (!name[0] || head) {
		name = current; /* of a push the gate has found out that this is what moves */
	}
	if (name && strncmp(name, "refs/heads/", 11) == 0) {
		name += 11;
	}
	return name && name[0] ? name : NULL;
}

void target_init(struct target *t, const struct policy_call *call, const struct effect *effect,
	const struct rules *rules)
{
	bool directory = effect->fact.state == FACT_DIRECTORY;
	t->call = call;
	t->effect = effect;
	t->rules = rules;
	bool by_word = effect->kind == EFFECT_PUSH || effect->kind == EFFECT_CLOUD ||
		effect->kind == EFFECT_INSTALL;
	t->how = text_of(by_word ? effect->word : effect->how);
	t->branch = effect_has_repo(effect->kind) ? branch_of(effect) : NULL;
	t->sets = 0;
	t->spellings = 0;
	t->unfolded = false;
	t->argc = 0;
	t->words = NULL;
	t->parts = 0;
	if (!t->how[0] && effect->kind == EFFECT_WRITE) {
		t->how = "replace";
	} else if (!t->how[0] && effect->kind == EFFECT_DELETE) {
		t->how = "tree";
	}
	if (effect->kind == EFFECT_WRITE && directory && strcmp(t->how, "replace") == 0) {
		t->how = "tree"; /* what is copied to a directory comes to lie in it */
	}
	if (is_path(t)) {
		given_spelled(t);
		if (effect->fact.path) {
			spelled(t, effect->fact.path, false);
			t->parts |= glob_parts(span_of(effect->fact.path));
		}
		added_sets(t);
		t->sets |= is_self(t) ? SET_SELF : 0;
	} else if (effect->kind == EFFECT_EXEC || effect->kind == EFFECT_TASK) {
		read_argv(t);
	}
}

void target_finish(struct target *t)
{
	free(t->words);
}
