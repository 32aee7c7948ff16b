/*
 * Changes to a call, one for each kind of effect that has a lesser one, and the call without the
 * command that stands in its way.
 *
 * Promises: pure; looks up nothing; a change that does not make the whole call pass is not said,
 * nor anything about a call with a secret or hidden characters in it. Other people's directories
 * are not named.
 */
#include "config.h"

#include "core/policy/instead.h"

#include "core/effects/command.h"
#include "core/policy/assume.h"
#include "core/policy/starter.h"
#include "core/safe_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char branch_name[] = "feature/change";
enum { PART_SHOWN = 60 /* bytes of a command */ };

struct change {
	const struct policy_call *call;
	bool by_person;
	struct effects effects; /* as they would be */
	struct instead said;
};

/* ---- words ---- */

/* Once, if there is room. */
static void keep(struct instead *out, const char *clean)
{
	for (size_t i = 0; i < out->count; i++) {
		if (strcmp(out->words[i], clean) == 0) {
			return;
		}
	}
	if (out->count < INSTEAD_MAX) {
		snprintf(out->words[out->count++], INSTEAD_BYTES, "%s", clean);
	}
}

static void say(struct instead *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whole or not at all: cut in the middle it would not be true any more. */
static void say(struct instead *out, const char *format, ...)
{
	char text[INSTEAD_BYTES];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct safe_text safe = safe_make(span_of(text), SAFE_ONE_LINE);
	if (n > 0 && (size_t)n < sizeof(text) && safe.bytes < INSTEAD_BYTES) {
		keep(out, safe_cstr(&safe));
	}
	safe_finish(&safe);
}

/* The directory of the scope as it may be said: not below somebody else's home. */
static const char *scope_words(const struct policy_call *call)
{
	static const char *const homes[] = { "/home", "/Users", "/root" };
	const char *scope = call->scope[0];
	for (size_t i = 0; i < COUNT_OF(homes); i++) {
		if (path_below(homes[i], scope) && !(call->home && path_below(call->home, scope))) {
			return "the scope";
		}
	}
	return scope;
}

/* ---- judging ---- */

static bool allows(const struct policy_call *call, const struct effects *effects)
{
	struct policy_call changed = *call;
	struct judgement judgement;
	changed.effects = effects;
	changed.same = (struct span){ 0 };
	policy_judge(&changed, &judgement);
	return judgement.verdict == VERDICT_ALLOW;
}

static bool is_allowed(const struct policy_call *call, const struct effect *effect)
{
	struct effect_judgement its;
	policy_judge_effect(call, effect, &its);
	return its.verdict == VERDICT_ALLOW;
}

/* ---- one effect ---- */

static void put(char **text, char *owned)
{
	free(*text);
	*text = owned;
}

/* What the same command would be called. */
static void rename_command(struct change *c, unsigned part, const char *line)
{
	for (size_t i = 0; part && i < c->effects.count; i++) {
		struct effect *e = &c->effects.list[i];
		if (e->part == part && e->kind == EFFECT_EXEC) {
			put(&e->given, xstrdup(line));
		}
	}
}

static void lay(struct effect *e, char *path, enum fact_state state)
{
	put(&e->given, xstrdup(path));
	put(&e->fact.path, path);
	put(&e->fact.more, NULL);
	e->fact.inside = true;
	e->fact.state = state;
	e->fact.links = 1;
	e->fact.marks = 0;
}

/* Its name lies in the scope, and yet it leads out: a link, and the same name is no other place. */
static bool leads_out(const struct change *c, const struct effect *e)
{
	const char *base = e->base[0] == '/' ? e->base : c->call->scope[0];
	char *full = e->given[0] == '/' ? xstrdup(e->given) : xasprintf("%s/%s", base, e->given);
	char *path = path_collapse(full);
	bool inside = path_below(c->call->scope[0], path);
	free(path);
	free(full);
	return inside && !e->fact.inside;
}

static bool may_lie_inside(const struct change *c, const struct effect *e)
{
	return c->call->scope && c->call->scope[0] && e->fact.path && !e->late &&
		strcmp(e->how, "link") != 0 && strcmp(e->how, "tree") != 0 && !leads_out(c, e);
}

static char *path_inside(const struct change *c, const char *below, const struct effect *e)
{
	const char *slash = strrchr(e->given, '/'), *name = slash ? slash + 1 : e->given;
	bool plain = starter_is_plain(span_of(name));
	return xasprintf("%s%s/%s", c->call->scope[0], below, plain ? name : "new");
}

/* Would another place do? Outside the scope, unless it is bascule's own; inside, where a rule of
 * the user's or the project's is against it, not what the file is. */
static bool may_move(const struct change *c, const struct effect *e)
{
	struct effect_judgement its;
	policy_judge_effect(c->call, e, &its);
	bool built_in = strncmp(its.rule, "built-in:", 9) == 0;
	return e->fact.inside ? !built_in : its.verdict != VERDICT_DENY || !built_in;
}

static bool write_inside(struct change *c, struct effect *e)
{
	bool inside = e->fact.inside, makes = strcmp(e->how, "mkdir") == 0;
	bool writes = strcmp(e->how, "edit") == 0 || strcmp(e->how, "replace") == 0;
	if (!may_lie_inside(c, e) || (!writes && !makes) || !may_move(c, e)) {
		return false;
	}
	char *path = path_inside(c, inside ? "/build" : "", e);
	say(&c->said, "%s such as %s%s", makes ? "a new directory" : "writing a new file",
		scope_words(c->call), path + strlen(c->call->scope[0]));
	lay(e, path, FACT_ABSENT);
	put(&e->how, xstrdup(makes ? "mkdir" : "replace"));
	return true;
}

/* An edit keeps what it does not name. A person who said no has seen what would be lost. */
static bool write_edit(struct change *c, struct effect *e)
{
	char *how = e->how;
	bool replaces = strcmp(how, "replace") == 0 && e->fact.state == FACT_FILE;
	if (c->by_person || e->part || !replaces || !e->fact.inside) {
		return false;
	}
	e->how = xstrdup("edit");
	if (!is_allowed(c->call, e)) {
		put(&e->how, how);
		return false;
	}
	free(how);
	say(&c->said, "changing a part of that file with an edit, instead of replacing it");
	return true;
}

static bool write_less(struct change *c, struct effect *e)
{
	return write_edit(c, e) || write_inside(c, e);
}

static bool push_branch(struct change *c, struct effect *e)
{
	const char *current = e->fact.text, *remote = e->how[0] ? e->how : "origin";
	bool own = current && current[0] && starter_is_plain(span_of(current)) &&
		!rules_protects(c->call->rules, span_of(current), e->fact.more);
	char *branch = xstrdup(own ? current : branch_name);
	if (!starter_is_plain(span_of(remote))) {
		free(branch);
		return false;
	}
	say(&c->said, "pushing %s%s to %s, without force", own ? "" : "a branch such as ", branch,
		remote);
	char *line = xasprintf("git push %s %s", remote, branch);
	rename_command(c, e->part, line);
	free(line);
	put(&e->how, xstrdup(remote));
	put(&e->given, branch);
	put(&e->word, xstrdup(""));
	return true;
}

/* The branch is made first, in a call of its own. */
static bool may_create(const struct change *c, const struct effect *like)
{
	const struct effects one = { (struct effect *)(uintptr_t)like, 1, 1 };
	struct effects create = { 0 };
	effects_copy(&create, &one);
	struct effect *e = &create.list[0];
	put(&e->given, xstrdup(branch_name));
	put(&e->how, xstrdup("create"));
	put(&e->word, xstrdup(""));
	if (like->part) {
		char *line = xasprintf("git switch -c %s", branch_name);
		effects_add(&create, EFFECT_EXEC, "", line, "local", "git")->part = like->part;
		free(line);
	}
	bool good = allows(c->call, &create);
	effects_finish(&create);
	return good;
}

static bool commit_aside(struct change *c, struct effect *e)
{
	if (strcmp(e->how, "commit") != 0 || e->given[0] || !may_create(c, e)) {
		return false;
	}
	put(&e->fact.text, xstrdup(branch_name));
	say(&c->said, "committing on a branch of its own, such as %s, created in a call before",
		branch_name);
	return true;
}

/* What each manager installs by its lockfile alone. */
static const struct {
	const char *manager, *line;
} locked[] = {
	{ "npm", "npm ci" },
	{ "pnpm", "pnpm install --frozen-lockfile" },
	{ "yarn", "yarn install --frozen-lockfile" },
	{ "bun", "bun install --frozen-lockfile" },
	{ "uv", "uv sync --locked" },
	{ "poetry", "poetry install" },
	{ "composer", "composer install" },
};

static bool install_locked(struct change *c, struct effect *e)
{
	for (size_t i = 0; e->part && !e->late && i < COUNT_OF(locked); i++) {
		struct effects line = { 0 };
		if (strcmp(locked[i].manager, e->how) != 0 || strcmp(e->word, "lockfile") == 0) {
			continue;
		}
		shell_effects(&line, e->arg, span_of(locked[i].line), e->base);
		bool one = line.count == 1 && line.list[0].kind == EFFECT_INSTALL;
		if (one) {
			put(&e->given, xstrdup(line.list[0].given));
			put(&e->word, xstrdup(line.list[0].word));
			e->fact.marks = MARK_REPO | MARK_COMMITTED;
			say(&c->said,
				"`%s`, while the lockfile and the manifest are what HEAD holds",
				locked[i].line);
		}
		effects_finish(&line);
		return one;
	}
	return false;
}

static const struct {
	enum effect_kind kind;
	bool (*less)(struct change *c, struct effect *e);
} lesser[] = {
	{ EFFECT_WRITE, write_less },
	{ EFFECT_PUSH, push_branch },
	{ EFFECT_BRANCH, commit_aside },
	{ EFFECT_INSTALL, install_locked },
};

/* ---- the call ---- */

static bool lessen(struct change *c, struct effect *e)
{
	for (size_t i = 0; i < COUNT_OF(lesser); i++) {
		if (lesser[i].kind == e->kind) {
			return lesser[i].less(c, e);
		}
	}
	return false;
}

/* Every effect that is not allowed in its lesser form; all of them or nothing. */
static void changed(struct change *c, struct instead *out)
{
	bool good = true;
	effects_copy(&c->effects, c->call->effects);
	for (size_t i = 0; good && i < c->effects.count; i++) {
		good = is_allowed(c->call, &c->call->effects->list[i]) ||
			lessen(c, &c->effects.list[i]);
	}
	if (good && allows(c->call, &c->effects)) {
		for (size_t i = 0; i < c->said.count; i++) {
			keep(out, c->said.words[i]);
		}
	}
	effects_finish(&c->effects);
}

/* What comes after it works in another directory: without it that would mean something else. */
static bool moves(const struct effects *effects, unsigned part)
{
	const char *base = NULL;
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		if (e->part == part && e->base[0]) {
			base = e->base;
		}
	}
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		if (e->part > part && e->base[0] && (!base || strcmp(base, e->base) != 0)) {
			return true;
		}
	}
	return false;
}

/* The one command that is not allowed; 0: more than one is, or something else. */
static unsigned part_in_the_way(const struct policy_call *call)
{
	unsigned part = 0;
	for (size_t i = 0; i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		if (is_allowed(call, e)) {
			continue;
		}
		if (!e->part || (part && e->part != part)) {
			return 0;
		}
		part = e->part;
	}
	return part && !moves(call->effects, part) ? part : 0;
}

/* As it stands in the line. NULL: not to be said in few words. */
static const char *command_of(const struct effects *effects, unsigned part)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		bool command = e->kind == EFFECT_EXEC || e->kind == EFFECT_TASK;
		if (e->part == part && command) {
			return strlen(e->given) <= PART_SHOWN ? e->given : NULL;
		}
	}
	return NULL;
}

static void without(const struct policy_call *call, struct instead *out)
{
	unsigned part = part_in_the_way(call);
	const char *command = part ? command_of(call->effects, part) : NULL;
	struct effects rest = { 0 };
	bool runs = false;
	for (size_t i = 0; part && i < call->effects->count; i++) {
		struct effect *e = &call->effects->list[i];
		if (e->part == part) {
			continue;
		}
		const struct effects one = { e, 1, 1 };
		struct effects copy = { 0 };
		effects_copy(&copy, &one);
		rest.list = xgrow(rest.list, &rest.cap, rest.count + 1, sizeof(*rest.list));
		rest.list[rest.count++] = copy.list[0];
		free(copy.list);
		runs = runs || e->kind == EFFECT_EXEC || e->kind == EFFECT_TASK;
	}
	if (runs && allows(call, &rest)) {
		if (command) {
			say(out, "the same line without `%s`", command);
		} else {
			say(out, "the same line without its command number %u", part);
		}
	}
	effects_finish(&rest);
}

static bool is_clean(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		enum effect_kind kind = effects->list[i].kind;
		if (kind == EFFECT_SECRET || kind == EFFECT_HIDDEN || kind == EFFECT_PIN ||
			kind == EFFECT_SELF) {
			return false;
		}
	}
	return true;
}

void policy_instead(const struct policy_call *call, bool by_person, struct instead *out)
{
	struct change c = { .call = call, .by_person = by_person };
	*out = (struct instead){ 0 };
	if (call->rules && call->effects->count && is_clean(call->effects) &&
		!allows(call, call->effects)) {
		changed(&c, out);
		without(call, out);
	}
}
