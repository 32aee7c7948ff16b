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

static bool has_key(const char *keys, uint32_t key)
{
	for (struct span name = command_next_key(&keys); name.at; name = command_next_key(&keys)) {
		if (keydec_key(name) == key) {
			return true;
		}
	}
	return false;
}

enum command command_find(enum context context, uint32_t key)
{
	for (int id = 1; key && id < COMMAND_COUNT; id++) {
		if ((command_specs[id].contexts & context) &&
			has_key(command_specs[id].keys, key)) {
			return (enum command)id;
		}
	}
	return COMMAND_NONE;
}
