/*
 * What u takes back: what this console did last, if that can be undone. A decision that is not
 * delivered yet is the broker's to take back; marks are ours; a grant is revoked and a rule taken
 * out again, but what has passed by them has passed. One step: what came before is forgotten.
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

#include "tui/decide.h"

void app_did(struct app *app, enum app_deed_kind kind)
{
	struct app_deed *deed = &app->deed;
	for (size_t i = 0; i < deed->count; i++) {
		free(deed->marked[i]);
	}
	free(deed->marked);
	free(deed->rule);
	*deed = (struct app_deed){ .kind = kind };
}

void app_will_mark(struct app *app)
{
	const struct model *m = &app->model;
	app_did(app, DEED_MARKS);
	app->deed.marked = xcalloc(m->count + 1, sizeof(*app->deed.marked));
	for (size_t i = 0; i < m->count; i++) {
		if (m->items[i]->marked) {
			app->deed.marked[app->deed.count++] = xstrdup(m->items[i]->call);
		}
	}
}

void app_will_mute(struct app *app)
{
	enum { MINUTE = 60000 };
	int64_t rest = app->model.muted_until - app->wall;
	app_did(app, DEED_MUTE);
	app->deed.minutes = rest > 0 ? (int)(rest / MINUTE) + 1 : 0;
}

static void undo_marks(struct app *app)
{
	const struct app_deed *deed = &app->deed;
	for (size_t i = 0; i < app->model.count; i++) {
		app->model.items[i]->marked = false;
	}
	for (size_t i = 0; i < deed->count; i++) {
		struct model_item *item = model_find(&app->model, deed->marked[i]);
		if (item && !model_unmarkable(item)) {
			item->marked = true;
		}
	}
	app_say(app, safe_printf("taken back: %zu marked, as before", model_marked(&app->model)));
}

static void undo_decision(struct app *app)
{
	const struct model_item *item = model_undoable(&app->model);
	if (item) {
		feed_undo(app->feed, item->call);
	} else {
		decide_eaten(
			app, "there is no decision that could be taken back, nor anything else");
	}
}

void app_undo(struct app *app)
{
	const struct app_deed *deed = &app->deed;
	const char *why = deed->kind == DEED_MARKS ? NULL : decide_cannot(app);
	if (why) {
		decide_eaten(app, why);
		return;
	}
	switch (deed->kind) {
	case DEED_NONE:
	case DEED_DECISION:
		undo_decision(app);
		break;
	case DEED_MARKS:
		undo_marks(app);
		break;
	case DEED_MUTE:
		feed_mute(app->feed, deed->minutes);
		app_say(app,
			safe_printf("taken back: %s",
				deed->minutes ? "nothing rings, as before" : "it rings again"));
		break;
	case DEED_GRANT:
		feed_revoke(app->feed, deed->grant);
		break;
	case DEED_RULE:
		feed_drop_rule(app->feed, deed->rule);
		break;
	}
	app_did(app, DEED_NONE);
}
