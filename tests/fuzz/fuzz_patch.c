/*
 * Any bytes as a patch: every line that names a file outside content is an effect, or the patch is
 * not understood.
 */
#include "config.h"

#include "core/effects/patch.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static size_t count_markers(struct span text)
{
	static const char *const markers[] = {
		"*** Add File: ", "*** Delete File: ", "*** Update File: ", "*** Move to: "
	};
	size_t count = 0;
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end ? (size_t)(end - text.at) + 1 : text.len;
		for (size_t i = 0; i < COUNT_OF(markers); i++) {
			count += span_starts((struct span){ text.at, n }, markers[i]);
		}
		text.at += n;
		text.len -= n;
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct effects out = { 0 };
	char *copy = xmalloc(size + 1); /* exactly as long as the text */
	memcpy(copy, data, size);
	struct span text = { copy, size };
	patch_effects(&out, "input", text, "/w");
	demand(out.count);
	bool unknown = false;
	for (size_t i = 0; i < out.count; i++) {
		unknown = unknown || out.list[i].kind == EFFECT_UNKNOWN;
	}
	demand(unknown || out.count == count_markers(text));
	effects_finish(&out);
	free(copy);
	return 0;
}
