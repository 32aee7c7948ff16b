/* How long the console takes, as a person at a terminal would see it: from a byte to the last byte
 * of the frame that answers it. */
#ifndef BASCULE_TESTS_TUI_SPEED_H
#define BASCULE_TESTS_TUI_SPEED_H

#include "tests/tui/vt.h"

struct speed {
	double median, p95, worst; /* ms */
};

/* A held call, as an item; c-1 is the first of the snapshot. The caller frees it. */
char *speed_call(size_t number);
/* A snapshot of so many held calls. The caller frees it. */
char *speed_snapshot(size_t calls);
struct speed_start {
	const struct vt_options *options; /* without a decide_fd */
	const char *snapshot;
	const char *text; /* is in the first full frame */
	void (*before)(void *data); /* each start; may be NULL */
	void *data;
};

/* From the start of the process to the frame that has the text. */
struct speed speed_start(const struct speed_start *start, size_t times);
/* The keys in turn, `times` in all, each pressed when the answer to the one before is through. Each
 * has to change the screen. */
struct speed speed_keys(struct vt *vt, const char *const *keys, size_t count, size_t times);
/* How often the program was woken in so many ms. */
int64_t speed_wakes(struct vt *vt, pid_t pid, int ms);
/* Frames that arrivals made while `count` of them came, `gap_ms` apart; `took`: in all. */
size_t speed_frames(struct vt *vt, size_t count, int gap_ms, double *took);

#endif
