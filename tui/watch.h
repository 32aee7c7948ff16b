/*
 * Looks after the person's own files of the console, CONFIG/NAME.ini and CONFIG/themes/NAME.ini,
 * and says once, a little after the last change, that something is different. Reads none of them.
 */
#ifndef BASCULE_TUI_WATCH_H
#define BASCULE_TUI_WATCH_H

#include <uv.h>

#include "core/base.h"

typedef void watch_fn(void *data);

struct watch {
	uv_fs_event_t dirs[2];
	uv_timer_t soon;
	watch_fn *changed;
	void *data;
};

/* A folder that is not there is not looked after. Its handles are closed with the loop's others. */
void watch_start(
	struct watch *watch, uv_loop_t *loop, const char *config, watch_fn *changed, void *data);

#endif
