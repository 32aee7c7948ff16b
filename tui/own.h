/* The person's own files of the console: CONFIG/keys.ini and CONFIG/themes/NAME.ini. A wrong one is
 * an error with FILE:LINE, and changes nothing. */
#ifndef BASCULE_TUI_OWN_H
#define BASCULE_TUI_OWN_H

#include "tui/keymap.h"
#include "tui/theme.h"

/* `config` is the directory, `option` what names the theme, for messages. The shipped theme of that
 * name, and over it the person's own; one of both has to be there. */
bool own_theme(const char *config, const char *name, const char *option, struct theme *theme,
	struct err *err);
/* As own_keys, in the place of those that are in force; a wrong file leaves them. */
bool own_keys_again(const char *config, struct keymap *map, struct err *err);
bool own_keys(const char *config, struct keymap *map, struct err *err);

/* For `bascule themes` and `--print-keys`: to stdout. `colours` as themes_print() takes it; `use`
 * says of a theme whether it is in use, in a word or two. */
typedef const char *own_use_fn(const void *data, const char *name);
bool own_list_themes(
	const char *config, int colours, own_use_fn *use, const void *data, struct err *err);
bool own_list_keys(const char *config, struct err *err);

#endif
