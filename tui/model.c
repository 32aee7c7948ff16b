/*
 * The queue as the console knows it. Order is that of arrival and nothing re-sorts; whatever
 * happens to the list, the selection stays on its call, and when that call leaves, the next one in
 * order takes its place. Owns all records. Called by app.c with what feed.c received; the views
 * read.
 */
#include "config.h"

#include "tui/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/effect_words.h"
#include "tui/invisible.h"
#include "tui/model_read.h"

void model_finish(struct model *model)
{
	if (!model) {
		return;
	}
	for (size_t i = 0; i < model->count; i++) {
		model_item_free(model->items[i]);
	}
	model_forget_passed(model);
	free(model->items);
	free(model->selected);
	free(model->trouble);
	free(model->policy);
	free(model->root);
	free(model->master_by);
	*model = (struct model){ 0 };
}

struct model_item *model_find(const struct model *model, const char *call)
{
	for (size_t i = 0; call && i < model->count; i++) {
		if (strcmp(model->items[i]->call, call) == 0) {
			return model->items[i];
		}
	}
	return NULL;
}

/* A call keeps its number when an identical one takes its place under another id. */
static struct model_item *find_same(const struct model *model, const char *call, int64_t number)
{
	struct model_item *item = model_find(model, call);
	for (size_t i = 0; !item && number > 0 && i < model->count; i++) {
		struct model_item *other = model->items[i];
		bool same = other->number == number && other->kind == MODEL_CALL;
		item = same ? other : NULL;
	}
	return item;
}

struct model_item *model_selected(const struct model *model)
{
	return model_find(model, model->selected);
}

size_t model_index(const struct model *model, const struct model_item *item)
{
	size_t i = 0;
	while (i < model->count && model->items[i] != item) {
		i++;
	}
	return i;
}

static void set_selected(struct model *model, const struct model_item *item)
{
	free(model->selected);
	model->selected = item ? xstrdup(item->call) : NULL;
}

/* Takes the item out; a selection on it goes to the one that moves up into its place, or the last.
 */
static void remove_item(struct model *model, struct model_item *item)
{
	size_t at = model_index(model, item);
	bool was_selected = model->selected && strcmp(model->selected, item->call) == 0;
	memmove(model->items + at, model->items + at + 1,
		(model->count - at - 1) * sizeof(*model->items));
	model->count--;
	if (was_selected) {
		size_t next = at < model->count ? at : model->count - 1;
		set_selected(model, model->count ? model->items[next] : NULL);
	}
	model_item_free(item);
}

static void append(struct model *model, struct model_item *item)
{
	model->items = xgrow(model->items, &model->cap, model->count + 1, sizeof(*model->items));
	model->items[model->count++] = item;
}

static bool same_request(const struct model_item *a, const struct model_item *b)
{
	return !a->bytes || !b->bytes || strcmp(a->bytes, b->bytes) == 0;
}

/* The stamp and the preview live as long as what a person decides on stays the same. */
static void inherit(struct model *model, struct model_item *item, struct model_item *old)
{
	item->marked = old && old->marked && !model_unmarkable(item);
	item->hidden = old && old->hidden;
	item->whole = old && old->whole;
	if (old && same_request(old, item)) { /* an edited one's files are others */
		item->changed_at = old->changed_at;
		item->mark = old->mark;
		old->mark = NULL;
	}
	if (!old || strcmp(old->raw, item->raw) != 0 || old->ended) {
		item->stamp = ++model->last_stamp;
		return;
	}
	item->stamp = old->stamp;
	item->sent = old->sent;
	item->seen = old->seen;
	item->like = old->like;
	old->like = (struct model_like){ 0 };
	item->looking = old->looking;
	item->show = old->show;
	item->show_text = old->show_text;
	item->show_len = old->show_len;
	item->invisible = old->invisible;
	old->show_text = NULL;
}

static void put_item(struct model *model, struct model_item *item)
{
	struct model_item *old = find_same(model, item->call, item->number);
	inherit(model, item, old);
	if (old) {
		if (old == model_selected(model)) {
			set_selected(model, item);
		}
		model->items[model_index(model, old)] = item;
		model_item_free(old);
	} else {
		append(model, item);
	}
	if (!model->selected) {
		set_selected(model, item);
	}
}

void model_item(struct model *model, struct span json)
{
	struct model_item *item = model_item_read(json);
	if (item) {
		put_item(model, item);
	}
}

/* What the snapshot does not name has left. The old records are kept until then for what they may
 * hand on. */
void model_snapshot(struct model *model, struct span json)
{
	struct model_item **old = model->items;
	size_t old_count = model->count;
	struct model next = *model;
	next.items = NULL;
	next.count = next.cap = 0;
	struct span items = { NULL, 0 }, broker = items, counters = items, master = items,
		    muted = items, value;
	const struct json_want wants[] = { JSON_WANT("items", &items), JSON_WANT("broker", &broker),
		JSON_WANT("counters", &counters), JSON_WANT("master", &master),
		JSON_WANT("muted_until", &muted) };
	json_pick(json, wants, COUNT_OF(wants));
	struct json_walk walk = json_walk_of(items);
	while (json_next(&walk, NULL, &value)) {
		struct model_item *item = model_item_read(value);
		if (item && model_find(&next, item->call)) {
			model_item_free(item);
		} else if (item) {
			struct model_item *before = find_same(model, item->call, item->number);
			if (before && before == model_selected(model)) {
				set_selected(&next, item);
				model->selected = next.selected;
			}
			inherit(&next, item, before);
			append(&next, item);
		}
	}
	*model = next;
	if (!model_selected(model)) {
		set_selected(model, model->count ? model->items[0] : NULL);
	}
	for (size_t i = 0; i < old_count; i++) {
		model_item_free(old[i]);
	}
	free(old);
	model_counters(model, counters);
	model_trouble(model, model_read_member(broker, "trouble"));
	model_policy(model, model_read_member(broker, "policy"));
	model_master(model, master);
	model->muted_until = 0;
	if (muted.at) {
		json_int(muted, &model->muted_until);
	}
	free(model->root);
	model->root = json_strdup(model_read_member(broker, "root"));
}

void model_counters(struct model *model, struct span json)
{
	model->allowed = model_read_int(json, "allowed", model->allowed);
	model->approved = model_read_int(json, "approved", model->approved);
	model->denied = model_read_int(json, "denied", model->denied);
	model->withdrawn = model_read_int(json, "withdrawn", model->withdrawn);
	model->gates = model_read_int(json, "gates", model->gates);
}

void model_forget_passed(struct model *model)
{
	while (model->passed_count) {
		model_passed_finish(&model->passed[--model->passed_count]);
	}
}

void model_passed(struct model *model, struct span json)
{
	if (model->passed_count == MODEL_PASSED_MAX) {
		model_passed_finish(&model->passed[0]);
		memmove(model->passed, model->passed + 1,
			(MODEL_PASSED_MAX - 1) * sizeof(model->passed[0]));
		model->passed_count--;
	}
	model->passed[model->passed_count++] = model_passed_read(json);
}

void model_trouble(struct model *model, struct span text)
{
	free(model->trouble);
	model->trouble = json_strdup(text);
}

void model_policy(struct model *model, struct span json)
{
	free(model->policy);
	model->policy = json_strdup(model_read_member(json, "files"));
	model->policy_held = span_is(model_read_member(json, "held"), "true");
	model->policy_broken = span_is(model_read_member(json, "broken"), "true");
}

/* A word that is not known counts as the switch being on. */
void model_master(struct model *model, struct span json)
{
	struct span mode = model_read_member(json, "mode");
	model->master = !mode.at || json_is(mode, "policy") ? MASTER_POLICY
		: json_is(mode, "deny")                     ? MASTER_DENY
							    : MASTER_HOLD;
	free(model->master_by);
	model->master_by = json_strdup(model_read_member(json, "by"));
	model->master_since = model_read_int(json, "since", 0);
}

static bool end_is_news(enum life_state state)
{
	return state == LIFE_WITHDRAWN || state == LIFE_EXPIRED || state == LIFE_UNKNOWN;
}

void model_gone(struct model *model, struct span json, char **words)
{
	char *call = json_strdup(model_read_member(json, "call"));
	char *state = json_strdup(model_read_member(json, "state"));
	char *by = json_strdup(model_read_member(json, "by"));
	struct model_item *item = find_same(model, call, model_read_int(json, "number", 0));
	enum life_state end = LIFE_UNKNOWN;
	*words = NULL;
	if (item) {
		const char *name = item->kind == MODEL_SERVER ? item->server : item->tool;
		*words = xasprintf("#%lld %s: %s%s%s", (long long)item->number, name ? name : "",
			state ? state : "gone", by && *by ? ", " : "", by ? by : "");
		bool known = state && life_state_parse(state, &end);
		if (item == model_selected(model) && known && end_is_news(end)) {
			item->state = end;
			item->ended = true;
			item->stamp = ++model->last_stamp;
			free(item->ended_by);
			item->ended_by = by;
			by = NULL;
		} else {
			remove_item(model, item);
		}
	}
	free(call);
	free(state);
	free(by);
}

static void drop_show(struct model_item *item)
{
	free(item->show_text);
	item->show_text = NULL;
	item->show_len = 0;
	item->show = SHOW_NONE;
	item->looking = false;
}

/* A change is one from what this person has been shown. */
static void take_mark(struct model_item *item, struct span json, int64_t now)
{
	char *mark = json_strdup(model_read_member(json, "mark"));
	if (mark && item->mark && strcmp(mark, item->mark) != 0) {
		item->changed_at = now;
	}
	free(item->mark);
	item->mark = mark;
}

bool model_shown(struct model *model, struct model_item *item, struct span json, int64_t now)
{
	bool same = false, here = item->show == SHOW_HERE;
	struct span mark = model_read_member(json, "mark");
	/* without a mark it is not the gate that answers: it has gone, and may come back */
	if ((json_bool(model_read_member(json, "same"), &same) && same) || (here && !mark.at)) {
		item->looking = false;
		return true;
	}
	drop_show(item);
	if (model_read_int(json, "revision", -1) != item->revision) {
		return false;
	}
	take_mark(item, json, now);
	item->show_text = span_dup(json);
	item->show_len = json.len;
	item->invisible = invisible_in(model_read_member(json, "params"));
	item->show = SHOW_HERE;
	item->stamp = ++model->last_stamp;
	return true;
}

void model_show_failed(struct model *model, struct model_item *item, const char *why)
{
	drop_show(item);
	item->show_text = xstrdup(why);
	item->show_len = strlen(why);
	item->show = SHOW_FAILED;
	item->stamp = ++model->last_stamp;
}

void model_liked(struct model *model, struct model_item *item, struct span json)
{
	struct model_like *like = &item->like;
	free(like->decision);
	free(like->except);
	*like = (struct model_like){
		.here = true,
		.number = model_read_int(json, "number", 0),
		.at = model_read_int(json, "at", 0),
		.approved = model_read_int(json, "approved", 0),
		.denied = model_read_int(json, "denied", 0),
		.decision = json_strdup(model_read_member(json, "decision")),
		.except = json_strdup(model_read_member(json, "except")),
	};
	if (like->number) {
		item->stamp = ++model->last_stamp;
	}
}

void model_decided(struct model *model, struct model_item *item, int64_t revision, struct span json)
{
	char *state = json_strdup(model_read_member(json, "state"));
	if (revision == item->revision) {
		life_state_parse(state ? state : "", &item->state);
		item->denied_at = model_read_int(json, "denied_at", 0);
		item->approved_at = model_read_int(json, "approved_at", 0);
		item->sent = SENT_NONE;
		item->stamp = ++model->last_stamp;
	}
	free(state);
}

void model_forget_shows(struct model *model)
{
	const struct model_item *selected = model_selected(model);
	for (size_t i = 0; i < model->count; i++) {
		if (model->items[i] != selected && model->items[i]->show != SHOW_ASKED) {
			drop_show(model->items[i]);
		}
	}
}

bool model_ask_anew(struct model *model)
{
	bool under_way = false;
	for (size_t i = 0; i < model->count; i++) {
		drop_show(model->items[i]);
		under_way = under_way || model->items[i]->sent != SENT_NONE;
		model->items[i]->sent = SENT_NONE;
		model->items[i]->stamp = ++model->last_stamp;
	}
	return under_way;
}

void model_select(struct model *model, const struct model_item *item)
{
	struct model_item *left = model_selected(model);
	if (left == item) {
		return;
	}
	set_selected(model, item);
	if (left && left->ended) {
		remove_item(model, left);
	}
}

void model_move(struct model *model, long by)
{
	const struct model_item *item = model_selected(model);
	if (!item || !model->count) {
		return;
	}
	long last = (long)model->count - 1;
	long at = (long)model_index(model, item);
	at = by > last - at ? last : by < -at ? 0 : at + by;
	model_select(model, model->items[at]);
}

static bool undecided(const struct model_item *item)
{
	return model_waits(item) && item->sent == SENT_NONE && !model_pending(item) &&
		!item->hidden;
}

int64_t model_pending(const struct model_item *item)
{
	return item->denied_at ? item->denied_at : item->approved_at;
}

struct model_item *model_undoable(const struct model *model)
{
	struct model_item *latest = NULL, *selected = model_selected(model);
	for (size_t i = 0; i < model->count; i++) {
		struct model_item *item = model->items[i];
		int64_t at = model_pending(item);
		if (at && !item->ended &&
			(!latest || item == selected ||
				(latest != selected && at >= model_pending(latest)))) {
			latest = item;
		}
	}
	return latest;
}

void model_next_undecided(struct model *model)
{
	const struct model_item *item = model_selected(model);
	size_t from = item ? model_index(model, item) : 0;
	for (size_t i = from; i < model->count; i++) {
		if (undecided(model->items[i])) {
			model_select(model, model->items[i]);
			return;
		}
	}
	for (size_t i = from; i-- > 0;) {
		if (undecided(model->items[i])) {
			model_select(model, model->items[i]);
			return;
		}
	}
}

struct span model_params(const struct model_item *item)
{
	struct span shown = { item->show_text, item->show_len };
	return item->show == SHOW_HERE ? model_read_member(shown, "params") : (struct span){ 0 };
}

struct span model_arguments(const struct model_item *item)
{
	return model_read_member(model_params(item), "arguments");
}

bool model_waits(const struct model_item *item)
{
	return !item->ended && life_next(item->state, LIFE_EV_APPROVE).effect != LIFE_REFUSED;
}

const char *model_unmarkable(const struct model_item *item)
{
	return item->kind == MODEL_SERVER    ? "a server is accepted by itself"
		: item->risk == RISK_HIGHEST ? "the highest class is decided one by one"
		: !undecided(item)           ? "it does not wait for a decision"
					     : NULL;
}

size_t model_marked(const struct model *model)
{
	size_t n = 0;
	for (size_t i = 0; i < model->count; i++) {
		n += model->items[i]->marked;
	}
	return n;
}

bool model_would_pass(const struct model_item *item)
{
	static const char words[] = "the rules would allow it now";
	return item->said && strncmp(item->said, words, sizeof(words) - 1) == 0;
}

size_t model_waiting(const struct model *model, size_t by_risk[RISK_COUNT])
{
	size_t all = 0;
	for (size_t i = 0; i < RISK_COUNT; i++) {
		by_risk[i] = 0;
	}
	for (size_t i = 0; i < model->count; i++) {
		if (model_waits(model->items[i])) {
			by_risk[model->items[i]->risk]++;
			all++;
		}
	}
	return all;
}

/* These say what is wrong with a call, not what it acts on. */
static bool is_finding(const struct model_effect *effect)
{
	static const char *const kinds[] = { "unknown", "secret", "hidden", "pin" };
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (effect_is(effect, kinds[i])) {
			return true;
		}
	}
	return false;
}

static bool matters_more(const struct model_effect *effect, const struct model_effect *than)
{
	if (!than || is_finding(effect) != is_finding(than)) {
		return !than || is_finding(than);
	}
	return effect_weight_of(effect) > effect_weight_of(than);
}

/* The effect that matters most, and of a shell line the command that it belongs to. */
static const struct model_effect *main_effect(const struct model_item *item)
{
	const struct model_effect *most = NULL;
	for (size_t i = 0; i < item->effect_count; i++) {
		const struct model_effect *e = &item->effects[i];
		if (((e->given && e->given[0]) || e->path) && matters_more(e, most)) {
			most = e;
		}
	}
	for (size_t i = 0; most && most->part && i < item->effect_count; i++) {
		const struct model_effect *e = &item->effects[i];
		if (e->part == most->part && e->given &&
			(effect_is(e, "exec") || effect_is(e, "task"))) {
			return e;
		}
	}
	return most;
}

struct span model_target(const struct model_item *item)
{
	if (item->kind == MODEL_SERVER) {
		return span_of(item->program);
	}
	const struct model_effect *e = main_effect(item);
	if (e) {
		return span_of(e->given && e->given[0] ? e->given : e->path);
	}
	return span_of(item->target);
}

const char *model_verb(const struct model_item *item)
{
	static const char *const kinds[] = { "install", "push", "branch", "destructive", "net",
		"self" };
	const struct model_effect *e = item->kind == MODEL_CALL ? main_effect(item) : NULL;
	for (size_t i = 0; e && i < COUNT_OF(kinds); i++) {
		if (effect_is(e, kinds[i])) {
			return effect_words_of(e)->verb;
		}
	}
	return "";
}
