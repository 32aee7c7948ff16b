/* Facts of single effects in a directory of their own: base/scope is the scope and the current
 * directory, base/out is not, base/home is the home directory. */
#ifndef BASCULE_TESTS_UNIT_FACTS_WORLD_H
#define BASCULE_TESTS_UNIT_FACTS_WORLD_H

#include "ipc/facts.h"
#include "tests/unit/git_world.h"
#include "tests/unit/loop.h"

struct facts_world {
	struct git_world git; /* first: it is one */
	struct facts facts;
	bool quick; /* the last look was answered on the loop */
};

struct facts_answer {
	struct effects effects;
	bool there;
};

static inline void on_facts_done(void *data, struct effects *effects)
{
	struct facts_answer *answer = data;
	answer->effects = *effects;
	answer->there = true;
}

/* Gathers as the gate does; fills `effects` in place. */
static inline void facts_look(struct facts_world *w, struct effects *effects)
{
	struct facts_answer answer = { .there = false };
	struct loop l;
	w->quick = facts_gather(&w->facts, effects);
	if (w->quick) {
		return;
	}
	loop_start(&l);
	facts_work(&l.uv, &w->facts, effects, on_facts_done, &answer);
	LOOP_UNTIL(&l, answer.there);
	loop_finish(&l);
	*effects = answer.effects;
}

/* One effect; `base`: "@x" is x below the world's base. The caller finishes what is returned. */
static inline struct effects facts_one(struct facts_world *w, enum effect_kind kind,
	const char *given, const char *how, const char *word, const char *base, unsigned part)
{
	struct effects effects = { 0 };
	char *full = given[0] == '@' ? world_at(&w->git, given + 1) : xstrdup(given);
	char *target = word[0] == '@' ? world_at(&w->git, word + 1) : xstrdup(word);
	struct effect *effect = effects_add(&effects, kind, "", full, how, target);
	free(effect->base);
	effect->base = base[0] == '@' ? world_at(&w->git, base + 1) : xstrdup(base);
	effect->part = part;
	free(full);
	free(target);
	facts_look(w, &effects);
	return effects;
}

/* "in file /scope/x", "unknown", as the tests compare it */
static inline char *fact_words(const struct facts_world *w, const struct fact *fact)
{
	size_t n = strlen(w->git.base);
	return fact->path
		? xasprintf("%s %s %s", fact->inside ? "in" : "out", fact_state_name(fact->state),
			  strncmp(fact->path, w->git.base, n) == 0 ? fact->path + n : fact->path)
		: xstrdup("unknown");
}

/* names of the marks, a space before each */
static inline char *fact_marks_words(unsigned marks)
{
	struct buf out = { 0 };
	for (unsigned i = 0; fact_mark_name(i); i++) {
		if (marks & 1u << i) {
			buf_printf(&out, " %s", fact_mark_name(i));
		}
	}
	return buf_cstr(&out);
}

static inline void facts_start(struct facts_world *w)
{
	struct err err;
	char *scope = world_at(&w->git, "scope"), *home = world_at(&w->git, "home");
	char *list[] = { scope, NULL };
	facts_finish(&w->facts);
	assert_int_equal(chdir(scope), 0);
	assert_true(facts_init(&w->facts, list, 1, home, &err));
	free(scope);
	free(home);
}

static inline int facts_set_up(void **state)
{
	struct facts_world *w;
	void *world = NULL;
	assert_int_equal(world_set_up(&world), 0);
	w = xcalloc(1, sizeof(*w));
	memcpy(&w->git, world, sizeof(w->git));
	free(world);
	world_dir(&w->git, "scope");
	world_dir(&w->git, "home");
	world_file(&w->git, "out/secret", "s");
	char *home = world_at(&w->git, "home");
	setenv("HOME", home, 1);
	unsetenv("XDG_CONFIG_HOME");
	free(home);
	facts_start(w);
	*state = w;
	return 0;
}

static inline int facts_tear_down(void **state)
{
	struct facts_world *w = *state;
	facts_finish(&w->facts);
	return world_tear_down(state);
}

#define FACTS_TEST(name) cmocka_unit_test_setup_teardown(name, facts_set_up, facts_tear_down)

#endif
