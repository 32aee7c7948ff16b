/*
 * Roles, not colours, are what views name. A theme says how each role looks: with colours, and
 * without (NO_COLOR, a terminal that has none).
 */
#ifndef BASCULE_TUI_THEME_H
#define BASCULE_TUI_THEME_H

#include "core/base.h"

/* id, name in theme files, with colours, without */
#define THEME_ROLES(X) \
	X(TEXT, "text", "default", "") \
	X(DIM, "dim", "default +dim", "") \
	X(HEADER, "header", "default +bold", "+bold") \
	X(TROUBLE, "trouble", "white, red +bold", "+reverse +bold") \
	X(RULE, "rule", "default +dim", "") \
	X(SELECTED, "selected", "default +reverse", "+reverse") \
	X(LABEL, "label", "cyan", "") \
	X(STRONG, "strong", "default +bold", "+bold") \
	X(RISK_HIGH, "risk.high", "red +bold", "+bold") \
	X(RISK_MEDIUM, "risk.medium", "yellow", "") \
	X(RISK_LOW, "risk.low", "green", "") \
	X(WARNING, "warning", "yellow +bold", "+bold") \
	X(ADDED, "diff.added", "green", "") \
	X(REMOVED, "diff.removed", "red", "") \
	X(ADDED_WORD, "diff.added.word", "green +reverse", "+reverse") \
	X(REMOVED_WORD, "diff.removed.word", "red +reverse", "+reverse") \
	X(HUNK, "diff.hunk", "cyan", "+underline") \
	X(STATUS, "status", "default +bold", "+bold") \
	X(PROMPT, "prompt", "default +bold", "+bold") \
	X(KEY, "key", "default +bold", "+bold") \
	X(HINT, "hint", "default", "")

enum role {
#define X(id, name, rich, mono) ROLE_##id,
	THEME_ROLES(X)
#undef X
		ROLE_COUNT
};

enum { THEME_DEFAULT_COLOUR = -1 };

enum theme_attr {
	THEME_BOLD = 1,
	THEME_DIM = 2,
	THEME_REVERSE = 4,
	THEME_UNDERLINE = 8,
	THEME_ITALIC = 16
};

/* A colour: THEME_DEFAULT_COLOUR, one of the sixteen ANSI ones (0..15), or THEME_RGB | 0xrrggbb. */
enum { THEME_RGB = 1 << 24 };

struct theme_style {
	int foreground, background;
	unsigned attrs; /* of enum theme_attr */
};

/* what a theme is made for */
enum theme_appearance { THEME_ANY, THEME_DARK, THEME_LIGHT };

struct theme {
	enum theme_appearance appearance;
	/* with many colours, with eight or sixteen, with none */
	struct theme_style rich[ROLE_COUNT], eight[ROLE_COUNT], mono[ROLE_COUNT];
};

struct theme_text {
	const char *name, *text; /* "gruvbox-dark.ini" */
};

extern const struct theme_text theme_texts[]; /* those that are shipped; ends with NULL */

void theme_builtin(struct theme *theme);
/*
 * Lays a theme file over what is there: `[theme]` says what it is made for (`appearance = dark` or
 * `light`), `[palette]` names colours (#rrggbb or ANSI names), `[style]` says how roles look,
 * `[style:8]` and `[style:mono]` how they look where there are few colours or none. What a file
 * gives colours of its own and does not say for eight gets the nearest ANSI ones. `file` is for
 * messages. On false nothing has changed and err holds FILE:LINE: what is wrong.
 */
bool theme_read(struct theme *theme, const char *file, struct span text, struct err *err);
/* "fg, bg +attr +attr", each part optional; colours by their ANSI names, "default" or #rrggbb. */
bool theme_style_parse(struct span text, struct theme_style *style, struct err *err);
/* Lays a shipped theme over what is there, by its name without ".ini". False: there is none. */
bool theme_load(struct theme *theme, const char *name, struct err *err);

/* The nearest of the 256 colours of xterm; of the eight. */
int theme_nearest_256(int colour);
int theme_nearest_8(int colour);

#endif
