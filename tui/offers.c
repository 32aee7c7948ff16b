/*
 * From the answers to `offers` and `try_rule` to a record. Shows nothing and decides nothing;
 * called by app_offers.c, read by view_grant.c and decide.c.
 */
#include "config.h"

#include "tui/offers.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "tui/model_read.h"

struct bound_spec {
	int minutes, uses;
	const char *words;
};

static const struct bound_spec bounds[BOUND_COUNT] = {
#define X(id, minutes, uses, words) { minutes, uses, words },
	OFFERS_BOUNDS(X)
#undef X
};

const char *offers_bound_words(enum offers_bound bound)
{
	return bounds[bound].words;
}

int offers_bound_minutes(enum offers_bound bound)
{
	return bounds[bound].minutes;
}

int offers_bound_uses(enum offers_bound bound)
{
	return bounds[bound].uses;
}

static void drop_steps(struct offers *offers)
{
	for (size_t i = 0; i < offers->count; i++) {
		free(offers->steps[i].width);
		free(offers->steps[i].words);
	}
	offers->count = 0;
	free(offers->rule);
	free(offers->no_rule);
	offers->rule = offers->no_rule = NULL;
}

void offers_finish(struct offers *offers)
{
	drop_steps(offers);
	free(offers->call);
	free(offers->why);
	*offers = (struct offers){ 0 };
}

/* A step without width or words cannot be shown, and so is none. */
static void add_step(struct offers *offers, struct span json)
{
	struct offers_step step = { json_strdup(model_read_member(json, "width")),
		json_strdup(model_read_member(json, "words")) };
	if (step.width && step.words && step.words[0] && offers->count < OFFERS_STEPS_MAX) {
		offers->steps[offers->count++] = step;
	} else {
		free(step.width);
		free(step.words);
	}
}

bool offers_read(struct offers *offers, struct span json)
{
	if (model_read_int(json, "revision", -1) != offers->revision) {
		return false;
	}
	drop_steps(offers);
	struct span grants = model_read_member(json, "grants"), value;
	struct json_walk walk = json_walk_of(grants);
	while (json_type(grants) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		add_step(offers, value);
	}
	offers->rule = json_strdup(model_read_member(json, "rule"));
	offers->no_rule = json_strdup(model_read_member(json, "no_rule"));
	offers->stage = OFFERS_HERE;
	return true;
}

bool offers_tried(struct offers *offers, struct span json)
{
	char *rule = json_strdup(model_read_member(json, "rule"));
	bool same = rule && offers->rule && strcmp(rule, offers->rule) == 0;
	free(rule);
	if (same) {
		offers->tried = model_read_int(json, "tried", 0);
		offers->allowed = model_read_int(json, "allowed", 0);
		offers->denied = model_read_int(json, "denied", 0);
		offers->trial = OFFERS_HERE;
	}
	return same;
}
