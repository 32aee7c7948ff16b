/*
 * The first row: what is out of the ordinary, how many wait and how risky they are, what went on,
 * and at its right end the tabs, whose rules are in force and the clock. What does not fit whole is
 * left out, the least first. Below 24x6 the same row is a badge and all that is left of the screen.
 * Called by app_paint.c.
 */
#include "config.h"

#include "tui/app.h"

#include <string.h>
#include <time.h>

#include "tui/card.h"

enum { WORDS_FROM_COLS = 100, ROOT_COLS = 40 };

/* --- a row of segments --- */

struct strip {
	struct paint *paint;
	int y, x, end;
	bool first;
};

/* A segment that does not fit whole is left out. */
static bool strip_add(struct strip *strip, enum role role, struct safe_text text)
{
	int gap = strip->first ? 0 : 2;
	bool fits = strip->x + gap + (int)text.columns <= strip->end;
	if (fits) {
		int room = strip->end - strip->x - gap;
		strip->x += gap +
			paint_text(strip->paint, strip->y, strip->x + gap, room, role, &text);
		strip->first = false;
	}
	safe_finish(&text);
	return fits;
}

/* The same at the right end, from there to the left. */
static bool strip_add_right(struct strip *strip, enum role role, struct safe_text text)
{
	int at = strip->end - (int)text.columns;
	bool fits = at >= strip->x + 2;
	if (fits) {
		paint_text(strip->paint, strip->y, at, (int)text.columns, role, &text);
		strip->end = at - 2;
	}
	safe_finish(&text);
	return fits;
}

/* --- what is said --- */

/* "!!": the sigil without the spaces that align it. */
static struct safe_text sigil_of(enum model_risk risk)
{
	const char *sigil = card_sigil(risk);
	return safe_printf("%.*s", (int)strcspn(sigil, " "), sigil);
}

static struct safe_text risk_text(enum model_risk risk, size_t count, bool word)
{
	static const char *const words[] = { "low", "medium", "high", "highest" };
	struct safe_text sigil = sigil_of(risk);
	struct safe_text text = word
		? safe_printf("%s %zu %s", safe_cstr(&sigil), count, words[risk])
		: safe_printf("%s%zu", safe_cstr(&sigil), count);
	safe_finish(&sigil);
	return text;
}

static void add_state(const struct app *app, struct strip *strip)
{
	if (app->model.master != MASTER_POLICY) {
		strip_add(strip, ROLE_TROUBLE,
			safe_printf("%s", app->model.master == MASTER_HOLD ? "HOLD" : "DENY"));
	}
	if (!app->connected) {
		strip_add(strip, ROLE_TROUBLE, safe_printf("no broker"));
	}
	if (app->model.policy_held) {
		strip_add(strip, ROLE_TROUBLE, safe_printf("no rules"));
	}
	if (app->read_only) {
		strip_add(strip, ROLE_WARNING, safe_printf("read-only"));
	}
}

static void add_waiting(const struct app *app, struct strip *strip, bool words)
{
	size_t waiting[RISK_COUNT];
	size_t all = model_waiting(&app->model, waiting);
	strip_add(strip, ROLE_HEADER, safe_printf("%zu waiting", all));
	for (int risk = RISK_COUNT - 1; risk >= RISK_LOW; risk--) {
		if (waiting[risk]) {
			strip_add(strip, card_risk_role((enum model_risk)risk),
				risk_text((enum model_risk)risk, waiting[risk], words));
		}
	}
}

static void add_counters(const struct app *app, struct strip *strip)
{
	const struct model *m = &app->model;
	strip_add(strip, ROLE_TEXT, safe_printf("passed %lld", (long long)m->allowed));
	strip_add(strip, ROLE_TEXT, safe_printf("denied %lld", (long long)m->denied));
	strip_add(strip, ROLE_TEXT, safe_printf("approved %lld", (long long)m->approved));
}

/* A place other than the usual is named, however short. */
static void add_root(const struct app *app, struct strip *strip)
{
	enum { LEAST = 8 };
	int room = strip->end - strip->x - (int)strlen("  root ");
	if (app->model.root && room >= LEAST) {
		struct safe_text root = paint_foreign(
			&app->paint, span_of(app->model.root), SAFE_ONE_LINE);
		struct safe_text cut = safe_middle(
			&root, (unsigned)(room < ROOT_COLS ? room : ROOT_COLS));
		strip_add(strip, ROLE_WARNING, safe_printf("root %s", safe_cstr(&cut)));
		safe_finish(&root);
		safe_finish(&cut);
	}
}

static void add_rest(const struct app *app, struct strip *strip)
{
	const struct model *m = &app->model;
	size_t marked = model_marked(m);
	if (app->filter.text && !app->filter.off) {
		strip_add(
			strip, ROLE_WARNING, safe_printf("%zu of %zu", app->rows.count, m->count));
	}
	if (marked) {
		strip_add(strip, ROLE_WARNING, safe_printf("%zu marked", marked));
	}
	if (app_zoom(app) != LAYOUT_BOTH) {
		strip_add(strip, ROLE_WARNING, safe_printf("zoomed"));
	}
	if (m->muted_until > app->wall) {
		int64_t left = (m->muted_until - app->wall + 59999) / 60000;
		strip_add(strip, ROLE_DIM, safe_printf("muted %lld min", (long long)left));
	}
	add_root(app, strip);
}

/* --- the right end --- */

/* Only while the screen is painted every second anyway: a clock that stands is a wrong one, and
 * one that goes wakes the machine. */
static void add_clock(const struct app *app, struct strip *strip)
{
	char text[8];
	time_t seconds = (time_t)(app->wall / 1000);
	struct tm tm;
	if (app_ages(app) && localtime_r(&seconds, &tm) &&
		strftime(text, sizeof(text), "%H:%M", &tm)) {
		strip_add_right(strip, ROLE_DIM, safe_printf("%s", text));
	}
}

static void add_policy(const struct app *app, struct strip *strip)
{
	const struct model *m = &app->model;
	if (m->policy && !m->policy_held) {
		struct safe_text name = paint_foreign(
			&app->paint, span_of(m->policy), SAFE_ONE_LINE);
		strip_add_right(strip, ROLE_DIM, safe_printf("rules: %s", safe_cstr(&name)));
		safe_finish(&name);
	}
}

/* The last one first: they are painted from the right. */
static void add_tabs(const struct app *app, struct strip *strip)
{
	static const struct {
		enum command command;
		const struct view_ops *view;
		const char *name;
	} tabs[] = { { COMMAND_TAB_SERVERS, &view_servers, "servers" },
		{ COMMAND_TAB_RULES, &view_rules, "rules" },
		{ COMMAND_TAB_HISTORY, &view_history, "history" },
		{ COMMAND_TAB_QUEUE, &view_queue, "queue" } };
	enum { TABS_COLS = 42 };
	if (strip->end - strip->x < TABS_COLS) {
		return;
	}
	for (size_t i = 0; i < COUNT_OF(tabs); i++) {
		const char *keys = app->keys.keys[tabs[i].command];
		struct safe_text key = safe_make(command_next_key(&keys), SAFE_ONE_LINE);
		bool here = app->view == tabs[i].view;
		strip_add_right(strip, here ? ROLE_SELECTED : ROLE_HINT,
			safe_printf("%s %s", safe_cstr(&key), tabs[i].name));
		safe_finish(&key);
	}
}

void app_paint_header(struct app *app)
{
	struct rect r = app->layout.header;
	bool wide = r.cols >= WORDS_FROM_COLS;
	struct strip strip = { &app->paint, r.y, r.x + 1, r.x + r.cols, true };
	paint_fill(&app->paint, r, ROLE_TEXT);
	add_state(app, &strip);
	if (app->view->name) {
		strip_add(&strip, ROLE_LABEL, safe_printf("%s", app->view->name));
	}
	add_waiting(app, &strip, wide);
	add_counters(app, &strip);
	add_rest(app, &strip);
	strip.end--;
	add_clock(app, &strip);
	add_policy(app, &strip);
	add_tabs(app, &strip);
}

/* --- the badge --- */

static struct safe_text short_age(int64_t ms)
{
	int64_t s = ms > 0 ? ms / 1000 : 0;
	return s < 60       ? safe_printf("oldest %llds", (long long)s)
		: s < 3600  ? safe_printf("oldest %lldm", (long long)s / 60)
		: s < 86400 ? safe_printf("oldest %lldh", (long long)s / 3600)
			    : safe_printf("oldest %lldd", (long long)s / 86400);
}

/* Since when the oldest waits; 0: none does. */
static int64_t oldest(const struct model *m)
{
	int64_t at = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct model_item *item = m->items[i];
		if (model_waits(item) && item->arrived > 0 && (!at || item->arrived < at)) {
			at = item->arrived;
		}
	}
	return at;
}

static bool room_for(
	const struct strip *strip, const struct safe_text *a, const struct safe_text *b)
{
	int cols = (int)a->columns + (b->columns ? (int)b->columns + 2 : 0);
	return strip->x + 2 + cols <= strip->end;
}

/* The worst risk that waits, with its word if age and word both fit, or no age does. */
static void add_worst(
	struct strip *strip, enum model_risk risk, size_t count, const struct safe_text *age)
{
	struct safe_text word = risk_text(risk, count, true), sign = risk_text(risk, count, false);
	bool words = room_for(strip, &word, age) ||
		(!room_for(strip, &sign, age) && room_for(strip, &word, &(struct safe_text){ 0 }));
	strip_add(strip, card_risk_role(risk), words ? word : sign);
	safe_finish(words ? &sign : &word);
}

void app_paint_badge(struct app *app)
{
	struct rect r = app->layout.header;
	struct strip strip = { &app->paint, r.y, r.x, r.x + r.cols, true };
	size_t waiting[RISK_COUNT];
	size_t all = model_waiting(&app->model, waiting);
	int64_t since = oldest(&app->model);
	struct safe_text age = since ? short_age(app->wall - since) : (struct safe_text){ 0 };
	int worst = RISK_COUNT - 1;
	paint_fill(&app->paint, r, ROLE_TEXT);
	add_state(app, &strip);
	if (!strip_add(&strip, ROLE_HEADER, safe_printf("%zu waiting", all))) {
		strip_add(&strip, ROLE_HEADER, safe_printf("%zu", all));
	}
	while (worst > RISK_LOW && !waiting[worst]) {
		worst--;
	}
	if (waiting[worst]) {
		add_worst(&strip, (enum model_risk)worst, waiting[worst], &age);
	}
	strip_add(&strip, ROLE_TEXT, age);
}
