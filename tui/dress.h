/* What the console wears: which theme is put on, by the settings, the terminal and its appearance.
 */
#ifndef BASCULE_TUI_DRESS_H
#define BASCULE_TUI_DRESS_H

#include "tui/appearance.h"
#include "tui/paint.h"

enum dress_colour { DRESS_COLOUR_AUTO, DRESS_COLOUR_ALWAYS, DRESS_COLOUR_NEVER };

/* What config.ini and the flags say; borrowed texts. */
struct dress_wish {
	const char *theme; /* "auto": one of the pair below */
	const char *dark, *light;
	enum dress_colour colour; /* always: NO_COLOR does not count */
};

struct dress {
	const char *config; /* the folder, borrowed */
	char *theme, *dark, *light;
	bool colour;
	struct appearance appearance;
};

void dress_init(struct dress *dress, const char *config);
void dress_finish(struct dress *dress);
/* May be called again: the settings have changed. */
void dress_choose(struct dress *dress, const struct dress_wish *wish);
/* Does it matter whether the terminal is dark or light? */
bool dress_asks(const struct dress *dress);
/* Puts it on. False: something of the theme is wrong; what is right of it is on. */
bool dress_on(const struct dress *dress, struct paint *paint, bool ascii, struct err *err);

/* `bascule themes`: those that are shipped, then the person's own, as they would look here; says
 * which is in use. */
bool dress_list(const char *config, const struct dress_wish *wish, struct err *err);

#endif
