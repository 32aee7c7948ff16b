/* The table made into data, and the look-up by key. */
#include "config.h"

#include "tui/command.h"

#include <string.h>

const struct command_spec command_specs[COMMAND_COUNT] = { { 0, "", CLASS_LOOK, "", "" },
#define X(id, contexts, keys, class, hint, help) { contexts, keys, CLASS_##class, hint, help },
	CONSOLE_COMMANDS(X)
#undef X
};

struct span command_next_key(const char **keys)
{
	const char *at = *keys;
	size_t len = strcspn(at, " ");
	*keys = at[len] ? at + len + 1 : at + len;
	return len ? (struct span){ at, len } : (struct span){ NULL, 0 };
}
