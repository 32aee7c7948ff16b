/*
 * Which keys do what: the table of commands, and what CONFIG/keys.ini says over it. Pure.
 *
 *   [keys]
 *   deny-why = D R      every key of the command, in place of the built-in ones
 *   mark-range =        none
 */
#ifndef BASCULE_TUI_KEYMAP_H
#define BASCULE_TUI_KEYMAP_H

#include "tui/command.h"

struct keymap {
	char *keys[COMMAND_COUNT]; /* names separated by one space */
};

void keymap_init(struct keymap *map); /* as built in */
void keymap_finish(struct keymap *map);
/* Lays a file over what is there. On false nothing has changed and err holds FILE:LINE: what is
 * wrong. A key twice in a context is wrong, and so are Enter, Space, Esc, q and ^C for a command
 * that approves, and no key at all for help, back and quit. */
bool keymap_read(struct keymap *map, const char *file, struct span text, struct err *err);

enum command keymap_find(const struct keymap *map, enum context context, uint32_t key);
/* "deny-why" */
void command_name(enum command command, char out[32]);

#endif
