/*
 * Owns what a decision leaves behind, and whether it covers a later call.
 *
 * Promises: a call that is covered has no effect that policy neither allows nor a person has said
 * yes to in this form; what policy denies, what was not extracted alike twice, and what is never
 * granted is never covered. Does not know the time. Pure; called by the broker.
 */
#include "config.h"

#include "core/policy/grant_impl.h"

#include <stdlib.h>
#include <string.h>

const struct effect *grant_explained(const struct policy_call *call, const struct effect *effect)
{
	if (effect->kind != EFFECT_UNKNOWN || !effect->how[0]) {
		return NULL;
	}
	for (size_t i = 0; i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		if (e->kind == EFFECT_EXEC && e->part == effect->part &&
			!strcmp(e->arg, effect->arg) && !strcmp(e->word, effect->how) &&
			!strcmp(e->how, "unproven")) {
			return e;
		}
	}
	return NULL;
}

/* Grants count only where judgement looks at effects at all. */
static bool is_judged_by_effects(const struct policy_call *call)
{
	struct effect nothing = { .kind = EFFECT_NOTHING,
		.arg = (char[]){ "" },
		.given = (char[]){ "" },
		.how = (char[]){ "" },
		.word = (char[]){ "" },
		.base = (char[]){ "" } };
	struct effect_judgement j;
	policy_judge_effect(call, &nothing, &j);
	return call->agreed && call->listed && j.verdict == VERDICT_ALLOW;
}

/* The form at this width, else at the next narrower one. False: never. */
static bool form_at_most(const struct policy_call *call, const struct effect *effect,
	enum grant_width width, struct buf *form, bool *exactly)
{
	for (int w = (int)width; w >= GRANT_EXACT; w--) {
		if (grant_form(call, effect, (enum grant_width)w, form)) {
			*exactly |= w == (int)width;
			return true;
		}
	}
	return false;
}

static void add_words(struct buf *words, const struct effect *effect, struct span form)
{
	buf_text(words, words->len ? "; " : "");
	if (span_starts(form, "exact ")) {
		buf_printf(words, "%s %s", effect_kind_verb(effect->kind), effect->given);
	} else {
		buf_span(words, form);
	}
}

static void add_form(struct grant *grant, struct span form)
{
	for (size_t i = 0; i < grant->count; i++) {
		if (span_is(form, grant->forms[i])) {
			return;
		}
	}
	grant->forms = xrealloc(grant->forms, (grant->count + 1) * sizeof(*grant->forms));
	grant->forms[grant->count++] = span_dup(form);
}

bool grant_create(const struct policy_call *call, enum grant_width width, struct grant *out)
{
	struct buf form = { 0 }, words = { 0 };
	bool ok = is_judged_by_effects(call), exactly = false;
	*out = (struct grant){ .width = width, .uses_left = -1 };
	for (size_t i = 0; ok && i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		struct effect_judgement j;
		policy_judge_effect(call, e, &j);
		if (j.verdict == VERDICT_ALLOW || grant_explained(call, e)) {
			continue;
		}
		buf_clear(&form);
		ok = j.verdict != VERDICT_DENY && j.risk != RISK_HIGHEST &&
			form_at_most(call, e, width, &form, &exactly);
		if (ok) {
			add_form(out, buf_view(&form));
			add_words(&words, e, buf_view(&form));
		}
	}
	out->words = xstrdup(buf_cstr(&words));
	buf_finish(&form);
	buf_finish(&words);
	if (!ok || !exactly) {
		grant_finish(out);
	}
	return ok && exactly;
}

void grant_finish(struct grant *grant)
{
	for (size_t i = 0; i < grant->count; i++) {
		free(grant->forms[i]);
	}
	free(grant->forms);
	free(grant->words);
	*grant = (struct grant){ 0 };
}

/* ---- covering ---- */

struct cover {
	const struct policy_call *call;
	struct grant *const *grants;
	size_t count;
	size_t *used, *used_count;
};

static bool has_form(const struct grant *grant, struct span form)
{
	for (size_t i = 0; grant->uses_left && i < grant->count; i++) {
		if (span_is(form, grant->forms[i])) {
			return true;
		}
	}
	return false;
}

/* One that is needed anyway is taken before another. */
static bool find(struct cover *c, struct span form)
{
	for (size_t i = 0; i < *c->used_count; i++) {
		if (has_form(c->grants[c->used[i]], form)) {
			return true;
		}
	}
	for (size_t i = 0; i < c->count; i++) {
		if (has_form(c->grants[i], form)) {
			c->used[(*c->used_count)++] = i;
			return true;
		}
	}
	return false;
}

/* By a wider form of another path: a directory above, or that its content may be read, which says
 * that its names may. */
static bool directory_covered(struct cover *c, const struct effect *effect)
{
	static const char *const verbs[] = { "read", "list", "write", "work" };
	struct buf form = { 0 };
	bool covered = false, some = true;
	bool lists = !strcmp(effect->how, "list"), works = grant_works_in(c->call, effect);
	int only = works ? 3 : effect->kind == EFFECT_WRITE ? 2 : -1;
	for (size_t up = 0; some && !covered; up++) {
		some = false;
		for (int k = 0; k < 2 && !covered; k++) {
			const char *verb = verbs[only >= 0 ? only : k && lists];
			buf_clear(&form);
			bool below = grant_form_directory(
				c->call, effect, verb, GRANT_WIDE, up, &form);
			covered = below && find(c, buf_view(&form));
			some |= below;
			buf_clear(&form);
			covered = covered ||
				(!up &&
					grant_form_directory(
						c->call, effect, verb, GRANT_FORM, 0, &form) &&
					find(c, buf_view(&form)));
		}
	}
	buf_finish(&form);
	return covered;
}

static bool effect_covered(struct cover *c, const struct effect *effect)
{
	struct buf form = { 0 };
	bool covered = false;
	for (int w = GRANT_EXACT; !covered && w <= GRANT_WIDE; w++) {
		buf_clear(&form);
		covered = grant_form(c->call, effect, (enum grant_width)w, &form) &&
			find(c, buf_view(&form));
	}
	buf_finish(&form);
	return covered || directory_covered(c, effect);
}

bool grants_cover(const struct policy_call *call, struct grant *const *grants, size_t count,
	size_t *used, size_t *used_count)
{
	struct cover c = { call, grants, count, used, used_count };
	*used_count = 0;
	bool covered = count && is_judged_by_effects(call);
	for (size_t i = 0; covered && i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		struct effect_judgement j;
		policy_judge_effect(call, e, &j);
		if (j.verdict == VERDICT_ALLOW || grant_explained(call, e)) {
			covered = j.verdict != VERDICT_DENY;
			continue;
		}
		covered = j.verdict != VERDICT_DENY && j.risk != RISK_HIGHEST &&
			effect_covered(&c, e);
	}
	covered = covered && *used_count;
	*used_count = covered ? *used_count : 0;
	return covered;
}
