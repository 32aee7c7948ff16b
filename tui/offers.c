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
	for (size_t i = 0; i < offers->rule_count; i++) {
		free(offers->rules[i].text);
	}
	offers->rule_count = offers->rule = 0;
	free(offers->no_rule);
	offers->no_rule = NULL;
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

static void add_rule(struct offers *offers, struct span json)
{
	char *text = json_strdup(json);
	if (text && text[0] && offers->rule_count < OFFERS_RULES_MAX) {
		offers->rules[offers->rule_count++] = (struct offers_rule){ .text = text };
	} else {
		free(text);
	}
}

bool offers_read(struct offers *offers, struct span json)
{
	if (model_read_int(json, "revision", -1) != offers->revision) {
		return false;
	}
	drop_steps(offers);
	struct span grants = model_read_member(json, "grants"), value;
	struct span wider = model_read_member(json, "wider");
	struct json_walk walk = json_walk_of(grants);
	while (json_type(grants) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		add_step(offers, value);
	}
	add_rule(offers, model_read_member(json, "rule"));
	walk = json_walk_of(wider);
	while (offers->rule_count && json_type(wider) == JSON_ARRAY &&
		json_next(&walk, NULL, &value)) {
		add_rule(offers, value);
	}
	offers->no_rule = json_strdup(model_read_member(json, "no_rule"));
	offers->stage = OFFERS_HERE;
	return true;
}

bool offers_tried(struct offers *offers, struct span json)
{
	struct offers_rule *asked = offers_rule(offers, OFFERS_ASKED);
	char *rule = json_strdup(model_read_member(json, "rule"));
	bool same = rule && asked && strcmp(rule, asked->text) == 0;
	free(rule);
	if (same) {
		asked->tried = model_read_int(json, "tried", 0);
		asked->allowed = model_read_int(json, "allowed", 0);
		asked->denied = model_read_int(json, "denied", 0);
		asked->trial = OFFERS_HERE;
	}
	return same;
}

struct offers_rule *offers_rule(struct offers *offers, enum offers_stage trial)
{
	for (size_t i = 0; i < offers->rule_count; i++) {
		if (offers->rules[i].trial == trial) {
			return &offers->rules[i];
		}
	}
	return NULL;
}
