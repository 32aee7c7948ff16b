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

struct theme_style {
	int foreground, background; /* 0..15 or THEME_DEFAULT_COLOUR */
	unsigned attrs; /* of enum theme_attr */
};

struct theme {
	struct theme_style rich[ROLE_COUNT], mono[ROLE_COUNT];
};

void theme_builtin(struct theme *theme);
/* Lays `[style]` and `[style:mono]` of a theme file over what is there. `file` is for messages. On
 * false nothing has changed and err holds FILE:LINE: what is wrong. */
bool theme_read(struct theme *theme, const char *file, struct span text, struct err *err);
/* "fg, bg +attr +attr", each part optional; colours by their sixteen ANSI names or "default". */
bool theme_style_parse(struct span text, struct theme_style *style, struct err *err);

#endif
