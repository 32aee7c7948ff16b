/* Called by the broker when a console looks at a held call. */
#include "config.h"

#include "core/effects/likeness.h"

#include <string.h>

static bool same_kind(const struct effect *a, const struct effect *b)
{
	return a->kind == b->kind && strcmp(a->arg, b->arg) == 0 && strcmp(a->how, b->how) == 0;
}

static bool same_value(const struct effect *a, const struct effect *b)
{
	return strcmp(a->given, b->given) == 0 && strcmp(a->word, b->word) == 0;
}

bool effects_alike(const struct effects *a, const struct effects *b, struct buf *except)
{
	const char *args[LIKENESS_ARGS_MAX];
	size_t count = 0;
	if (a->count != b->count || !a->count) {
		return false;
	}
	for (size_t i = 0; i < a->count; i++) {
		const struct effect *x = &a->list[i], *y = &b->list[i];
		size_t k = 0;
		if (!same_kind(x, y)) {
			return false;
		}
		while (k < count && strcmp(args[k], x->arg) != 0) {
			k++;
		}
		if (same_value(x, y) || k < count) {
			continue;
		}
		if (count == LIKENESS_ARGS_MAX) {
			return false;
		}
		args[count++] = x->arg;
	}
	for (size_t i = 0; i < count; i++) {
		buf_printf(except, "%s%s", i ? ", " : "", args[i][0] ? args[i] : "what it does");
	}
	return true;
}
