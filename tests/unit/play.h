/*
 * A play of the console: the real app, painting into a terminal that nobody sees, against a clock
 * and a broker of the test's own.
 */
#ifndef BASCULE_TESTS_UNIT_PLAY_H
#define BASCULE_TESTS_UNIT_PLAY_H

#include "tui/app.h"

enum { SHOWN = 600, SHOWN_HIGH = 1600 };

struct play {
	struct app app;
	int64_t now;
};

void play_terminal(void); /* once, before all; exits with 77 without one */
void play_start(struct play *p, bool read_only); /* connected */
void play_stop(struct play *p);

void play_pass(struct play *p, int64_t ms); /* time, and a frame */
void play_key(struct play *p, uint32_t key); /* and a frame */
/* about call c-1, revision 4; JSON or a text, as the kind has it */
void play_tell(struct play *p, enum feed_kind kind, const char *json, const char *text);
/* call c-1: read_file of /x/a outside the scope; `said` is JSON */
void play_item(struct play *p, const char *risk, int revision, const char *said);
void play_show(struct play *p, const char *risk); /* it has been on screen with its preview */

/* What the broker was asked since the last look, a line a request. */
void play_asked(const char *lines);
bool play_sees(const char *text); /* on any row */

#endif
