/* An editor writes a file in several steps: one timer makes one change of them. Called by main.c.
 */
#include "config.h"

#include "tui/watch.h"

#include <stdlib.h>

enum { SOON_MS = 50 };

static void on_soon(uv_timer_t *timer)
{
	struct watch *watch = timer->data;
	watch->changed(watch->data);
}

static void on_change(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct watch *watch = handle->data;
	(void)events;
	(void)status;
	if (name && span_ends(span_of(name), ".ini")) {
		uv_timer_start(&watch->soon, on_soon, SOON_MS, 0);
	}
}

void watch_start(
	struct watch *watch, uv_loop_t *loop, const char *config, watch_fn *changed, void *data)
{
	char *themes = xasprintf("%s/themes", config);
	const char *const dirs[] = { config, themes };
	watch->changed = changed;
	watch->data = data;
	uv_timer_init(loop, &watch->soon);
	watch->soon.data = watch;
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		uv_fs_event_init(loop, &watch->dirs[i]);
		watch->dirs[i].data = watch;
		uv_fs_event_start(&watch->dirs[i], on_change, dirs[i], 0);
	}
	free(themes);
}
