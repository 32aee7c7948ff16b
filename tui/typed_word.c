/* Called by decide.c. */
#include "config.h"

#include "tui/typed_word.h"

#include <stdio.h>
#include <string.h>

#include "tui/effect_words.h"

static bool is_typable(const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
	size_t n = text ? strlen(text) : 0;
	return n && n <= TYPED_WORD_MAX && strspn(text, plain) == n;
}

static const char *pushed_branch(const struct model_item *item)
{
	for (size_t i = 0; i < item->effect_count; i++) {
		const struct model_effect *e = &item->effects[i];
		if (effect_is(e, "push")) {
			return e->given && e->given[0] ? e->given : e->text;
		}
	}
	return NULL;
}

void typed_word(const struct model_item *item, char out[TYPED_WORD_MAX + 1])
{
	const char *branch = pushed_branch(item);
	const char *word = is_typable(branch) ? branch
		: is_typable(item->tool)      ? item->tool
					      : "approve";
	snprintf(out, TYPED_WORD_MAX + 1, "%s", word);
}
