/*
 * Any bytes: what is hidden in content is hidden in a path, and a text without it has only what
 * the table of characters shows.
 */
#include "config.h"

#include "core/policy/secret.h"
#include "core/unicode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[80] = "", *copy = malloc(size + 1);
	memcpy(copy, data, size);
	struct span text = { copy, size };
	bool content = hidden_character(text, false, name);
	demand(!content || (name[0] && memchr(name, 0, sizeof(name))));
	bool path = hidden_character(text, true, name);
	demand(path || !content);
	for (size_t at = 0; !path && at < size;) {
		struct unicode_char u = unicode_read(copy + at, size - at);
		demand(u.valid && unicode_class(u.c) != UNICODE_HIDDEN);
		at += u.bytes;
	}
	free(copy);
	return 0;
}
