/* Every view of the console, with what a broker has to say and a hand has to press to get there.
 * The pictures (test_golden.c) and what the terminal is sent (test_hostile.c) are made from one
 * table. */
#ifndef BASCULE_TESTS_TUI_SCENES_H
#define BASCULE_TESTS_TUI_SCENES_H

#include "tests/tui/vt.h"

enum { SCENE_STEPS = 6 };

/* Waits, then presses, then until the screen has the text. */
struct scene_step {
	int after_ms;
	const char *keys, *wait; /* NULL: nothing is pressed; nothing is waited for */
};

struct scene {
	const char *name;
	/* of the result of `watch`; NULL: the usual. @OLD@, @SOON@: Unix ms, some days ago and in
	 * less than two minutes */
	const char *items, *broker, *rest;
	const struct wire_answer *answers; /* NULL: the usual */
	const char *method, *params; /* told once the first frame is there; NULL: nothing */
	struct scene_step steps[SCENE_STEPS];
	bool read_only;
	bool alone; /* the broker goes */
	bool decides; /* a call can be decided there */
};

extern const struct scene scenes[];
extern const size_t scene_count;

/* Started, and led to its view. The caller checks and stops it. NULL: it did not get there. */
struct vt *scene_play(const struct scene *scene, int rows, int cols, const char *root);
/* The same with hostile text in all that the broker says (tests/tui/wire.h). */
struct vt *scene_poison(
	const struct scene *scene, int rows, int cols, const char *root, const char *poison);

#endif
