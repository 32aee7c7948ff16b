/*
 * Runs the real console on a pseudo-terminal with a broker of the test's own behind --decide-fd,
 * and shows its screen as a terminal emulator (libvterm) draws it. Nothing sleeps: everything waits
 * for a condition, with a bound.
 */
#ifndef BASCULE_TESTS_TUI_VT_H
#define BASCULE_TESTS_TUI_VT_H

#include "tests/tui/wire.h"

#include <sys/types.h>
#include <vterm.h>

enum { VT_MS = 5000 };

struct vt_options {
	int rows, cols; /* 0: 24 x 80 */
	const char *term, *lc_all; /* NULL: xterm-256color, C.UTF-8 */
	bool no_color, read_only, pop, linear;
	const char *colorfgbg; /* the variable; NULL: not set */
	const char *theme, *color; /* the flags; NULL: not given */
	/* stdin is this descriptor instead of the terminal; 0: it is the terminal */
	int input;
	const char *visual; /* the variable; NULL: not set */
	const char *program; /* NULL: ./bascule-console */
	/* a broker's: taken; there is no wire of the test's own then. 0: there is */
	int decide_fd;
	bool find; /* the console finds its broker as anybody's does */
	const char *root; /* NULL: one of its own */
	const char *const *env; /* NAME, VALUE, ..., NULL; or NULL */
};

struct vt {
	int master, status;
	pid_t pid;
	bool ended, gone; /* the pty is at its end; the process was waited for */
	VTerm *term;
	VTermScreen *screen;
	int rows, cols;
	bool alt, cursor_visible;
	struct buf raw; /* everything that the program wrote to its terminal */
	int64_t output_us; /* monotonic: when the last of it came */
	struct wire wire;
	struct vt_options options;
	char root[64]; /* "": it is options.root. Removed however the test ends */
	pid_t reaper;
	int reaper_end; /* -1: none */
};

/* `snapshot` is the result of `watch`, JSON; `shows` ends with {NULL}, or is NULL. */
struct vt *vt_start(
	const struct vt_options *options, const char *snapshot, const struct wire_show *shows);
int vt_stop(struct vt *vt); /* ends it if it still runs; returns the wait status, frees all */

void vt_pump(struct vt *vt, int ms); /* lets it run for so long */
bool vt_wait(struct vt *vt, const char *text, int ms); /* on any row */
bool vt_wait_row(struct vt *vt, int row, const char *text, int ms);
/* Keys typed while the console stands still are dropped: sends them until the text is there. */
bool vt_press(struct vt *vt, const char *keys, const char *text, int ms);
bool vt_wait_read(struct vt *vt, int ms); /* until the console has read all that it was told */
bool vt_wait_gone(struct vt *vt, const char *text, int ms); /* until no row has it */
bool vt_wait_count(struct vt *vt, const size_t *counter, size_t least, int ms);
bool vt_wait_flag(struct vt *vt, const bool *flag, bool value, int ms);
bool vt_wait_end(struct vt *vt, int ms); /* the process ended; vt->status is set */

void vt_send(struct vt *vt, const char *bytes);
void vt_resize(struct vt *vt, int rows, int cols);
char *vt_row(struct vt *vt, int row); /* UTF-8, the caller frees it */
/* col in bytes: cells while the row is ASCII */
bool vt_find(struct vt *vt, const char *text, int *row, int *col);
VTermScreenCell vt_cell(struct vt *vt, int row, int col);
void vt_remove(const char *root); /* a folder and what is in it */
void vt_dump(struct vt *vt); /* to stderr, for a failing test */

/* Every byte that was written is plain text or a sequence of ours. On false *why names the first
 * that is not. */
bool vt_clean(const struct vt *vt, char why[128]);

/* The same of any bytes, which may end within a character or a sequence. */
bool vt_clean_bytes(struct span raw, char why[128]);

#endif
