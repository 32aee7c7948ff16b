/* One table, like effect_words.c: the first row that fits counts. Called by card.c. */
#include "config.h"

#include "tui/undo_words.h"

#include <string.h>

#include "core/effects/effect.h"

#define ANY NULL

static const struct row {
	const char *kind, *how, *word, *state; /* NULL fits everything */
	enum undo undo;
} rows[] = {
	{ "read", ANY, ANY, ANY, UNDO_NOTHING },
	{ "nothing", ANY, ANY, ANY, UNDO_NOTHING },
	{ "exec", "readonly", ANY, ANY, UNDO_NOTHING },
	{ "exec", "local", ANY, ANY, UNDO_NOTHING }, /* its other effects say what it changes */
	{ "sql", "read", ANY, ANY, UNDO_NOTHING },
	{ "net", "local", ANY, ANY, UNDO_ASK },
	{ "tool", "read", ANY, ANY, UNDO_NOTHING },
	{ "cloud", ANY, "read", ANY, UNDO_NOTHING },
	{ "write", "mode", ANY, ANY, UNDO_ASK },
	{ "write", "tree", ANY, ANY, UNDO_ASK },
	{ "write", ANY, ANY, "absent", UNDO_REMOVE },
	{ "write", "away", ANY, ANY, UNDO_REMOVE }, /* moved back */
	{ "write", ANY, ANY, "file", UNDO_GIT }, /* if git has it, see below */
	{ "delete", "file", ANY, "file", UNDO_GIT },
	{ "branch", "create", ANY, ANY, UNDO_REMOVE },
	{ "branch", "switch", ANY, ANY, UNDO_REMOVE },
	{ "branch", "commit", ANY, ANY, UNDO_REMOVE },
	{ "push", ANY, ANY, ANY, UNDO_NEVER },
	{ "publish", ANY, ANY, ANY, UNDO_NEVER },
	{ "destructive", ANY, ANY, ANY, UNDO_NEVER },
	{ "net", ANY, ANY, ANY, UNDO_NEVER }, /* what is sent is gone */
	{ "secret", ANY, ANY, ANY, UNDO_NEVER },
	{ "install", ANY, ANY, ANY, UNDO_ASK },
	{ ANY, ANY, ANY, ANY, UNDO_ASK },
};

static const char *const words[] = {
	[UNDO_NOTHING] = "",
	[UNDO_REMOVE] = "can be undone: what it makes was not there before",
	[UNDO_GIT] = "git has what is there now",
	[UNDO_ASK] = "nobody can say whether it can be undone",
	[UNDO_NEVER] = "cannot be undone",
};

static bool fits(const char *wanted, const char *given)
{
	return !wanted || (given && strcmp(wanted, given) == 0);
}

/* The content on the disk is what git's index says, and the name leads to no second file. */
static bool git_has_it(const struct model_effect *effect)
{
	return (effect->marks & MARK_TRACKED) && !(effect->marks & MARK_CHANGED) && !effect->late &&
		effect->links <= 1;
}

enum undo undo_of(const struct model_effect *effect)
{
	size_t i = 0;
	while (i + 1 < COUNT_OF(rows) &&
		!(fits(rows[i].kind, effect->kind) && fits(rows[i].how, effect->how) &&
			fits(rows[i].word, effect->word) && fits(rows[i].state, effect->state))) {
		i++;
	}
	enum undo undo = rows[i].undo;
	return undo == UNDO_GIT && !git_has_it(effect) ? UNDO_NEVER : undo;
}

const char *undo_words(const struct model_item *item, enum undo *worst)
{
	*worst = item->effects_more ? UNDO_ASK : UNDO_NOTHING;
	for (size_t i = 0; i < item->effect_count; i++) {
		enum undo undo = undo_of(&item->effects[i]);
		*worst = undo > *worst ? undo : *worst;
	}
	return words[*worst];
}
