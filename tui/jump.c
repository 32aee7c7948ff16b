/* One at a time: tmux gets an argv, and its end is told to the loop. Called by main.c. */
#include "config.h"

#include "tui/jump.h"

#include <stdlib.h>

#include "tui/clock.h"
#include "tui/jump_words.h"

static void on_closed(uv_handle_t *handle)
{
	struct jump *jump = handle->data;
	jump->runs = false;
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
	struct jump *jump = process->data;
	if (status || signal) {
		app_time(jump->app, clock_monotonic(), clock_wall());
		app_say(jump->app,
			safe_printf("tmux did not show the pane; it may be gone, or nobody may be "
				    "attached"));
	}
	uv_close((uv_handle_t *)process, on_closed);
}

static int start(struct jump *jump, const char *socket, const char *pane)
{
	const char *const argv[] = { "tmux", "-S", socket, "select-window", "-t", pane, ";",
		"select-pane", "-t", pane, ";", "switch-client", "-t", pane, NULL };
	const uv_process_options_t options = {
		.file = argv[0], .args = (char **)(uintptr_t)argv, .exit_cb = on_exit_of
	};
	jump->process.data = jump;
	return uv_spawn(jump->loop, &jump->process, &options);
}

void jump_init(struct jump *jump, uv_loop_t *loop, struct app *app)
{
	*jump = (struct jump){ .loop = loop, .app = app };
}

void jump_go(struct jump *jump)
{
	static const struct model_who unknown;
	struct app *app = jump->app;
	const struct model_item *item = app_item(app);
	const struct model_who *who = item ? &item->who : &unknown;
	const struct jump_own own = { getenv("TMUX"), getenv("TMUX_PANE") };
	struct safe_text why = jump_cannot(&app->paint, who, &own);
	if (jump->runs) {
		safe_finish(&why);
		why = safe_printf("tmux has not answered yet");
	}
	if (why.bytes) {
		app_say(app, why);
		return;
	}
	int wrong = start(jump, who->tmux, who->pane);
	jump->runs = true;
	if (wrong) {
		app_say(app, safe_printf("tmux cannot be started: %s", uv_strerror(wrong)));
		uv_close((uv_handle_t *)&jump->process, on_closed);
	} else {
		app_say(app, safe_printf("shown: pane %s", who->pane));
	}
}
