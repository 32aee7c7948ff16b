/* What is not understood is left out or absent; nothing here decides anything. Called by
 * app_history.c; view_history.c reads. */
#include "config.h"

#include "tui/past.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "tui/model_read.h"

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
#define X(name) { #name, offsetof(struct past_row, name) },
	PAST_TEXTS(X)
#undef X
};

static void free_row(struct past_row *row)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(*(char **)((char *)row + texts[i].offset));
	}
}

static void drop_list(struct past *past)
{
	for (size_t i = 0; i < past->count; i++) {
		free_row(&past->list[i]);
	}
	past->count = 0;
}

void past_finish(struct past *past)
{
	drop_list(past);
	free(past->list);
	free(past->text);
	free(past->rule);
	free(past->why);
	model_item_free(past->event);
	free(past->edit);
	*past = (struct past){ 0 };
}

static struct past_row read_row(struct span json)
{
	struct past_row row = {
		.number = model_read_int(json, "number", 0),
		.session = model_read_int(json, "session", 0),
		.state = LIFE_UNKNOWN,
		.arrived = model_read_int(json, "arrived", 0),
		.decided = model_read_int(json, "decided", 0),
		.finished = model_read_int(json, "finished", 0),
		.took_us = model_read_int(json, "took_us", -1),
		.size = model_read_int(json, "size", -1),
		.agent_pid = model_read_int(json, "agent_pid", 0),
	};
	char *state = json_strdup(model_read_member(json, "state"));
	if (state) {
		life_state_parse(state, &row.state);
	}
	free(state);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		*(char **)((char *)&row + texts[i].offset) = json_strdup(
			model_read_member(json, texts[i].name));
	}
	return row;
}

size_t past_index(const struct past *past)
{
	for (size_t i = 0; i < past->count; i++) {
		if (past->list[i].number == past->selected) {
			return i;
		}
	}
	return 0;
}

const struct past_row *past_selected(const struct past *past)
{
	return past->count ? &past->list[past_index(past)] : NULL;
}

static void reverse(struct past_row *list, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct past_row row = list[i];
		list[i] = list[count - 1 - i];
		list[count - 1 - i] = row;
	}
}

void past_read(struct past *past, struct span json)
{
	struct span calls = model_read_member(json, "calls"), value;
	struct json_walk walk = json_walk_of(calls);
	bool was_first = !past->count || past->selected == past->list[0].number;
	if (!past->older) {
		drop_list(past);
	}
	size_t from = past->count;
	size_t came = 0;
	for (; json_type(calls) == JSON_ARRAY && json_next(&walk, NULL, &value); came++) {
		if (model_read_int(value, "number", 0) <= past->behind) {
			continue;
		}
		past->list = xgrow(past->list, &past->cap, past->count + 1, sizeof(*past->list));
		past->list[past->count++] = read_row(value);
	}
	reverse(past->list + from, past->count - from);
	past->whole = came < PAST_PAGE || came > past->count - from;
	if (!past->older && was_first) {
		past->selected = past->count ? past->list[0].number : 0;
	}
	if (past->wanted) {
		past->selected = past->wanted;
		past->wanted = 0;
	}
	const struct past_row *row = past_selected(past);
	past->selected = row ? row->number : 0;
	past->asked = past->older = false;
	free(past->why);
	past->why = NULL;
}

void past_event(struct past *past, struct span json)
{
	model_item_free(past->event);
	past->event = model_item_read(json);
	past->event_number = model_read_int(json, "number", 0);
	struct span edit = model_read_member(json, "edit");
	free(past->edit);
	past->edit = edit.at ? span_dup(edit) : NULL;
}
