/*
 * Is the terminal dark or light? What it answers counts before what its environment says, and
 * nothing is waited for: until it answers it is what COLORFGBG says, else dark. Pure.
 */
#ifndef BASCULE_TUI_APPEARANCE_H
#define BASCULE_TUI_APPEARANCE_H

#include "core/base.h"

struct appearance {
	bool light;
	bool asked;
	bool waiting; /* an answer still counts */
	int64_t asked_at; /* monotonic ms */
};

/* `colorfgbg` is the variable COLORFGBG, or NULL. */
void appearance_init(struct appearance *appearance, const char *colorfgbg);
/* The terminal is being asked for its background (OSC 11), and then for what it is (DA1). */
void appearance_ask(struct appearance *appearance, int64_t now);
/*
 * Takes the inside of an answer, as keydec gives it: "11;rgb:ffff/ffff/ffff", "?62;4c" (the end of
 * the answers: one that did not come by then never does), "?997;1n" (it is dark from now on),
 * "?997;2n" (light). True: it is another one than before.
 */
bool appearance_reply(struct appearance *appearance, struct span reply, int64_t now);

#endif
