/*
 * What can be typed behind `:`, as a list that narrows with each letter, and how Tab completes it.
 * Made from the table of commands and the table of settings. Pure; app_palette.c shows and runs it.
 */
#ifndef BASCULE_TUI_PALETTE_H
#define BASCULE_TUI_PALETTE_H

#include "core/buf.h"
#include "core/option.h"
#include "tui/keymap.h"

enum { PALETTE_MOST = COMMAND_COUNT + OPTION_COUNT, PALETTE_NAME = 40 };

struct palette_row {
	char name[PALETTE_NAME]; /* what would stand in the line: "deny-why", "set console.bell" */
	const char *keys, *help; /* borrowed of the keymap and the tables */
};

struct palette {
	struct palette_row rows[PALETTE_MOST];
	size_t count;
	size_t begins; /* so many of them begin with what was typed; the others contain it */
	size_t at; /* the one that Tab has put into the line; count: none */
};

/* Anew for what was typed in this context. */
void palette_make(struct palette *palette, const struct keymap *keys, enum context context,
	struct span typed);
/* Tab and S-Tab: what is to stand in the line instead of `line`; absent: nothing fits. First as far
 * as all that fit agree, then one after the other. Borrowed until the next call. */
struct span palette_complete(struct palette *palette, struct span line, bool back);

/* "deny-why not there": the command, and what stands behind it. */
struct palette_line {
	enum command command; /* COMMAND_NONE: none of that name, or `option` */
	bool set; /* "set NAME VALUE", about `option` */
	enum option_id option;
	struct span rest; /* what the command or the option is given; trimmed */
};

/* False: err says that nothing is called so, and what the nearest is. */
bool palette_parse(struct palette_line *parsed, struct span line, struct err *err);

#endif
