/* Called by main.c; no curses here, the sequences are written as they are. */
#include "config.h"

#include "tui/themes.h"

#include <stdio.h>

static const struct {
	enum role role;
	const char *words;
} samples[] = {
	{ ROLE_HEADER, "3 waiting" },
	{ ROLE_RISK_HIGH, "!! high" },
	{ ROLE_RISK_MEDIUM, "! medium" },
	{ ROLE_RISK_LOW, ". low" },
	{ ROLE_LABEL, "label" },
	{ ROLE_TEXT, "text" },
	{ ROLE_DIM, "dim" },
	{ ROLE_WARNING, "warning" },
	{ ROLE_ADDED, "+ added" },
	{ ROLE_ADDED_WORD, "word" },
	{ ROLE_REMOVED, "- removed" },
	{ ROLE_REMOVED_WORD, "word" },
	{ ROLE_SELECTED, "selected" },
	{ ROLE_TROUBLE, "trouble" },
	{ ROLE_KEY, "key" },
};

static void put_colour(int colour, int base)
{
	int index = theme_nearest_256(colour);
	if (colour != THEME_DEFAULT_COLOUR) {
		printf("\033[%d;5;%dm", base, index);
	}
}

static void put_style(const struct theme *theme, enum role role, int colours)
{
	static const struct {
		unsigned bit;
		int code;
	} attrs[] = { { THEME_BOLD, 1 }, { THEME_DIM, 2 }, { THEME_ITALIC, 3 },
		{ THEME_UNDERLINE, 4 }, { THEME_REVERSE, 7 } };
	const struct theme_style *style = colours ? &theme->rich[role] : &theme->mono[role];
	const struct theme_style *text = &theme->rich[ROLE_TEXT];
	bool plain = style->background == THEME_DEFAULT_COLOUR;
	if (colours) {
		put_colour(style->foreground, 38);
		put_colour(plain ? text->background : style->background, 48);
	}
	for (size_t i = 0; i < COUNT_OF(attrs); i++) {
		if (style->attrs & attrs[i].bit) {
			printf("\033[%dm", attrs[i].code);
		}
	}
}

void themes_print(const char *name, const char *use, const struct theme *theme, int colours)
{
	if (colours < 0) {
		printf("%s%s%s\n", name, use[0] ? "  " : "", use);
		return;
	}
	printf("%-16s %-9s", name, use);
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		put_style(theme, samples[i].role, colours);
		printf(" %s ", samples[i].words);
		printf("\033[0m");
	}
	printf("\n");
}
