/* Effects as one line of text. Called by the unit tests of everything that reads calls. */
#include "config.h"

#include "tests/unit/effect_text.h"

#include <string.h>

static void add_effect(struct buf *out, const struct effect *e, const char *cwd)
{
	buf_text(out, effect_kind_name(e->kind));
	if (e->kind == EFFECT_UNKNOWN) {
		return;
	}
	/* The name of the program stands in `given` as well. */
	const char *word = e->kind == EFFECT_EXEC ? "" : e->word;
	if (e->how[0] || word[0]) {
		buf_printf(out, ":%s", e->how);
	}
	if (word[0]) {
		buf_printf(out, ":%s", word);
	}
	buf_printf(out, " %s", e->given);
	if (effect_has_path(e->kind) && e->given[0] != '/' && strcmp(e->base, cwd) != 0) {
		buf_printf(out, "@%s", e->base);
	}
	if (e->late) {
		buf_text(out, " late");
	}
}

void effect_text(struct buf *out, const struct effects *effects, const char *cwd)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (i) {
			buf_text(out, " | ");
		}
		add_effect(out, &effects->list[i], cwd);
	}
}
