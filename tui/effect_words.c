/*
 * One table from what the broker says of an effect to words; the first row that fits counts. What
 * no row names may do anything. Pure; called by effects_doc.c and by model.c for the row of a call.
 */
#include "config.h"

#include "tui/effect_words.h"

#include <string.h>

#include "core/effects/effect.h"

#define ANY NULL
#define CALM WEIGHT_CALM
#define PLAIN WEIGHT_PLAIN
#define RISKY WEIGHT_RISKY

static const struct effect_words rows[] = {
	/* kind, how, word, state, weight, verb, before, note */
	{ "read", "list", ANY, ANY, CALM, "lists", "", "" },
	{ "read", "tree", ANY, ANY, CALM, "searches", "", "" },
	{ "read", ANY, ANY, "directory", CALM, "lists", "", "" },
	{ "read", ANY, ANY, ANY, CALM, "reads", "", "" },
	{ "write", "mkdir", ANY, ANY, PLAIN, "creates", "the directory ", "" },
	{ "write", "away", ANY, ANY, RISKY, "moves", "", "to another place" },
	{ "write", "mode", ANY, ANY, RISKY, "changes", "permissions, owner or times of ", "" },
	{ "write", "link", ANY, ANY, RISKY, "links", "", "" },
	{ "write", "tree", ANY, ANY, RISKY, "writes", "anything below ", "" },
	{ "write", ANY, ANY, "special", RISKY, "writes",
		"to something that is no regular file: ", "" },
	{ "write", ANY, ANY, "directory", RISKY, "writes", "into the directory ", "" },
	{ "write", ANY, ANY, "absent", PLAIN, "creates", "", "" },
	{ "write", "edit", ANY, "file", PLAIN, "edits", "", "" },
	{ "write", ANY, ANY, "file", PLAIN, "overwrites", "", "" },
	{ "write", ANY, ANY, ANY, RISKY, "writes", "", "what is there now is not known" },
	{ "delete", "tree", ANY, ANY, RISKY, "deletes", "everything in ", "" },
	{ "delete", ANY, ANY, ANY, PLAIN, "deletes", "", "" },
	{ "exec", "readonly", ANY, ANY, CALM, "runs", "", "" },
	{ "exec", "local", ANY, ANY, CALM, "runs", "", "" },
	{ "exec", "unproven", ANY, ANY, RISKY, "runs", "", "what it does is not known" },
	{ "exec", ANY, ANY, ANY, RISKY, "runs", "", "and that can do anything" },
	{ "task", ANY, ANY, ANY, PLAIN, "runs", "", "" },
	{ "install", ANY, ANY, ANY, RISKY, "installs", "", "" },
	{ "push", ANY, "delete", ANY, RISKY, "deletes", "the remote branch ", "" },
	{ "push", ANY, "force", ANY, RISKY, "pushes", "", "by force" },
	{ "push", ANY, "tags", ANY, RISKY, "pushes", "", "and tags" },
	{ "push", ANY, "all", ANY, RISKY, "pushes", "", "every branch" },
	{ "push", ANY, ANY, ANY, RISKY, "pushes", "", "" },
	{ "branch", "create", ANY, ANY, PLAIN, "creates", "the branch ", "" },
	{ "branch", "switch", ANY, ANY, PLAIN, "switches", "to the branch ", "" },
	{ "branch", "commit", ANY, ANY, PLAIN, "commits", "to the branch ", "" },
	{ "branch", "move", ANY, ANY, RISKY, "moves", "the branch ", "" },
	{ "branch", "delete", ANY, ANY, RISKY, "deletes", "the branch ", "" },
	{ "branch", ANY, ANY, ANY, RISKY, "changes", "the branch ", "" },
	{ "publish", ANY, ANY, ANY, RISKY, "publishes", "", "" },
	{ "cloud", ANY, "read", ANY, RISKY, "asks", "", "" },
	{ "cloud", ANY, ANY, ANY, RISKY, "changes", "", "" },
	{ "destructive", ANY, ANY, ANY, RISKY, "destroys", "", "" },
	{ "net", "local", ANY, ANY, CALM, "connects", "", "this machine" },
	{ "net", "remote", ANY, ANY, RISKY, "connects", "", "" },
	{ "net", ANY, ANY, ANY, RISKY, "connects", "", "an address that can be read in two ways" },
	{ "sql", "read", "dev", ANY, CALM, "queries", "", "" },
	{ "sql", "read", ANY, ANY, RISKY, "queries", "", "which database is not known" },
	{ "sql", ANY, ANY, ANY, RISKY, "queries", "", "and that may change the database" },
	{ "tool", "read", ANY, ANY, CALM, "uses", "", "" },
	{ "tool", "write", ANY, ANY, RISKY, "uses", "", "and that changes something" },
	{ "tool", ANY, ANY, ANY, RISKY, "uses", "", "what it does is not known" },
	{ "process", "kill", ANY, ANY, RISKY, "ends", "a process: ", "" },
	{ "process", "input", ANY, ANY, RISKY, "types", "into a process: ", "" },
	{ "process", ANY, ANY, ANY, RISKY, "acts on", "a process: ", "" },
	{ "self", ANY, ANY, ANY, RISKY, "touches", "bascule itself: ", "" },
	{ "secret", ANY, ANY, ANY, RISKY, "carries", "a secret: ", "" },
	{ "hidden", ANY, ANY, ANY, RISKY, "carries", "hidden characters: ", "" },
	{ "pin", ANY, ANY, ANY, RISKY, "is not", "what was accepted: ", "" },
	{ "nothing", ANY, ANY, ANY, CALM, "touches", "nothing", "" },
	{ ANY, ANY, ANY, ANY, RISKY, "unknown", "", "" },
};

static bool fits(const char *wanted, const char *given)
{
	return !wanted || (given && strcmp(wanted, given) == 0);
}

const struct effect_words *effect_words_of(const struct model_effect *effect)
{
	size_t i = 0;
	while (i + 1 < COUNT_OF(rows) &&
		!(fits(rows[i].kind, effect->kind) && fits(rows[i].how, effect->how) &&
			fits(rows[i].word, effect->word) && fits(rows[i].state, effect->state))) {
		i++;
	}
	return &rows[i];
}

bool effect_is(const struct model_effect *effect, const char *kind)
{
	return effect->kind && strcmp(effect->kind, kind) == 0;
}

bool effect_has_place(const struct model_effect *effect)
{
	return effect_is(effect, "read") || effect_is(effect, "write") ||
		effect_is(effect, "delete");
}

/* Out of its place, or with facts that make more of it than its words say. */
static bool stands_out(const struct model_effect *effect)
{
	bool odd = !effect->state || fits("unknown", effect->state) ||
		fits("special", effect->state);
	if (effect_is(effect, "read")) {
		return !effect->inside || odd;
	}
	if (effect_has_place(effect)) {
		bool kept = effect->marks & (MARK_TRACKED | MARK_OWN);
		return !effect->inside || odd || effect->late || effect->links > 1 ||
			(effect_is(effect, "delete") && !kept);
	}
	if (effect_is(effect, "task")) {
		return effect->late || !(effect->marks & (MARK_COMMITTED | MARK_ACCEPTED));
	}
	return effect_is(effect, "branch") && effect->late;
}

enum effect_weight effect_weight_of(const struct model_effect *effect)
{
	return stands_out(effect) ? WEIGHT_RISKY : effect_words_of(effect)->weight;
}
