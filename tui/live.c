/* The list as it came, and which of it is selected. Called by app_offers.c; view_grants.c reads. */
#include "config.h"

#include "tui/live.h"

#include <stdlib.h>

#include "core/json.h"
#include "tui/model_read.h"

static void drop_list(struct live *live)
{
	for (size_t i = 0; i < live->count; i++) {
		free(live->list[i].words);
		free(live->list[i].server);
		free(live->list[i].by);
	}
	free(live->list);
	live->list = NULL;
	live->count = 0;
}

void live_finish(struct live *live)
{
	drop_list(live);
	free(live->why);
	*live = (struct live){ 0 };
}

static struct live_grant read_grant(struct span json)
{
	return (struct live_grant){
		.id = model_read_int(json, "grant", 0),
		.number = model_read_int(json, "number", 0),
		.used = model_read_int(json, "used", 0),
		.uses_left = model_read_int(json, "uses_left", -1),
		.seconds_left = model_read_int(json, "seconds_left", -1),
		.words = json_strdup(model_read_member(json, "words")),
		.server = json_strdup(model_read_member(json, "server")),
		.by = json_strdup(model_read_member(json, "by")),
	};
}

size_t live_index(const struct live *live)
{
	size_t i = 0;
	while (i < live->count && live->list[i].id != live->selected) {
		i++;
	}
	return i;
}

static void select_at(struct live *live, size_t at)
{
	at = at < live->count ? at : live->count - 1;
	live->selected = live->count ? live->list[at].id : 0;
}

void live_read(struct live *live, struct span json)
{
	size_t at = live_index(live), cap = 0;
	struct span grants = model_read_member(json, "grants"), value;
	struct json_walk walk = json_walk_of(grants);
	at = at < live->count ? at : 0;
	drop_list(live);
	while (json_type(grants) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		live->list = xgrow(live->list, &cap, live->count + 1, sizeof(*live->list));
		live->list[live->count++] = read_grant(value);
	}
	if (live_index(live) == live->count) {
		select_at(live, at);
	}
	free(live->why);
	live->why = NULL;
	live->asked = false;
}
