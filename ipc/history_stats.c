/*
 * One pass over the rows, in bounded memory: counts for each tool, rule, server and client, how
 * long people took to decide and calls to run, and how many calls there were on each of the last
 * days. It is there to see which rule would save the most questions, and whether approvals are
 * still decisions: one that came less than two seconds after the call was shown is counted as
 * hasty.
 *
 * For how long a call had been on the screen is what the console said with the decision; where it
 * did not, the time since the call came. Of a group with more than SAMPLES calls the medians are
 * those of an even selection.
 *
 * Reads the databases by itself: needs no broker, starts none, writes nothing. Names are foreign
 * text, and pass the sanitiser.
 */
#include "config.h"

#include "ipc/history_stats.h"

#include "core/diag.h"
#include "core/history.h"
#include "core/json.h"
#include "core/jsonw.h"
#include "core/map.h"
#include "core/store.h"
#include "ipc/clock.h"
#include "ipc/cmd.h"
#include "ipc/history_filter_words.h"
#include "ipc/history_read.h"
#include "ipc/when.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	SAMPLES = 512,
	GROUPS_MAX = 2000, /* of a kind; what comes then is counted as one */
	SHOWN = 12, /* rows of a table */
	DAYS = 14,
	NAME_COLUMNS = 30,
	NAME_LEAST = 11, /* the longest heading */
	COUNT_COLUMNS = 37, /* what stands behind a name: counts, */
	DECIDE_COLUMNS = 13, /* and, where there is room, these */
	RUN_COLUMNS = 14,
	DAYS_COLUMNS = DAYS + 2,
	HASTY_MS = 2000,
};

#define DAY_US (86400 * INT64_C(1000000))

/* Times, evenly chosen: when it is full, every other one goes and only every 2nd, 4th... comes. */
struct sample {
	int64_t list[SAMPLES];
	size_t count;
	uint64_t seen, step;
};

struct group {
	char *name;
	int64_t calls, passed, granted, asked, approved, denied, refused, hasty;
	int64_t days[DAYS];
	struct sample decide, run; /* microseconds */
};

struct table {
	const char *title;
	struct map by_name; /* -> struct group */
	struct group **list;
	size_t count, cap;
};

enum table_kind { BY_TOOL, BY_RULE, BY_SERVER, BY_CLIENT, TABLE_COUNT };

struct request {
	const char *root, *since_text;
	int64_t since_us, now_us;
	bool json, verbose;
	struct filter_words words;
};

/* What has room in a line: on a terminal by its width, else everything. */
struct form {
	bool utf8, decide, run, days;
	int name; /* columns */
};

struct stats {
	const struct request *request;
	struct store *store; /* NULL: there is none */
	struct table tables[TABLE_COUNT];
	struct group all;
};

/* ---- counting ---- */

static void sample_add(struct sample *s, int64_t us)
{
	s->step = s->step ? s->step : 1;
	if (s->seen++ % s->step) {
		return;
	}
	if (s->count == SAMPLES) {
		for (size_t i = 0; i < SAMPLES / 2; i++) {
			s->list[i] = s->list[2 * i];
		}
		s->count = SAMPLES / 2;
		s->step *= 2;
	}
	s->list[s->count++] = us;
}

static int by_size(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return left < right ? -1 : left > right;
}

/* -1: there are none. */
static int64_t percentile(struct sample *s, unsigned percent)
{
	qsort(s->list, s->count, sizeof(s->list[0]), by_size);
	return s->count ? s->list[(s->count - 1) * percent / 100] : -1;
}

static struct group *group_of(struct table *t, struct span name)
{
	struct group *g = map_get(&t->by_name, name);
	if (!g && t->count >= GROUPS_MAX) {
		name = SPAN("(others)");
		g = map_get(&t->by_name, name);
	}
	if (!g) {
		g = xcalloc(1, sizeof(*g));
		g->name = span_dup(name);
		map_put(&t->by_name, name, g);
		t->list = xgrow(t->list, &t->cap, t->count + 1, sizeof(struct group *));
		t->list[t->count++] = g;
	}
	return g;
}

/* What is counted of one call. */
struct seen {
	bool granted, asked, approved, denied, refused, hasty;
	int64_t decide_us, run_us; /* -1: none */
	size_t day; /* DAYS: longer ago */
};

static void count(struct group *g, const struct seen *s)
{
	g->calls++;
	g->granted += s->granted;
	g->asked += s->asked;
	g->approved += s->approved;
	g->denied += s->denied;
	g->refused += s->refused;
	g->hasty += s->hasty;
	g->passed += !s->granted && !s->asked && !s->refused;
	if (s->day < DAYS) {
		g->days[s->day]++;
	}
	if (s->decide_us >= 0) {
		sample_add(&g->decide, s->decide_us);
	}
	if (s->run_us >= 0) {
		sample_add(&g->run, s->run_us);
	}
}

/* For how long it was on the screen, ms; -1: the console did not say. */
static int64_t shown_ms(const struct stats *stats, int64_t number)
{
	struct buf text = { 0 };
	struct json_scan scan = { 0 };
	struct span value;
	struct err err;
	bool found = false;
	int64_t ms = -1;
	if (stats->store &&
		store_get(stats->store, number, STORE_DECISION, &text, NULL, &found, &err) &&
		found && json_validate(&scan, buf_view(&text), JSON_STRICT) &&
		scan.type == JSON_OBJECT && json_member(scan.value, "shown_ms", &value)) {
		json_int(value, &ms);
	}
	json_finish(&scan);
	buf_finish(&text);
	return ms;
}

static struct seen look(const struct stats *stats, const struct history_call *call)
{
	bool decided = call->decision.at != NULL;
	int64_t age = stats->request->now_us - call->arrived_us;
	struct seen s = { .decide_us = -1, .run_us = call->took_us, .day = DAYS };
	s.asked = decided || span_is(call->verdict, "hold");
	s.granted = !s.asked && call->rule.len > 5 && memcmp(call->rule.at, "grant", 5) == 0;
	s.refused = !s.asked && span_is(call->verdict, "deny");
	s.approved = decided && span_is(call->decision, "approved");
	s.denied = decided && !s.approved;
	if (decided && call->decided_us >= call->arrived_us) {
		int64_t shown = shown_ms(stats, call->number);
		s.decide_us = call->decided_us - call->arrived_us;
		s.hasty = s.approved && (shown >= 0 ? shown : s.decide_us / 1000) < HASTY_MS;
	}
	if (age >= 0 && age < DAYS * DAY_US) {
		s.day = DAYS - 1 - (size_t)(age / DAY_US);
	}
	return s;
}

static bool take(void *data, const struct history_call *call, const struct history_session *session)
{
	struct stats *stats = data;
	if (call->arrived_us < stats->request->since_us) {
		return true;
	}
	struct seen s = look(stats, call);
	char *tool = xasprintf("%.*s %.*s", SPAN_FMT(session->server),
		SPAN_FMT(call->tool.len ? call->tool : call->method));
	count(&stats->all, &s);
	count(group_of(&stats->tables[BY_TOOL], span_of(tool)), &s);
	count(group_of(&stats->tables[BY_RULE], call->rule.at ? call->rule : SPAN("?")), &s);
	count(group_of(&stats->tables[BY_SERVER], session->server.at ? session->server : SPAN("?")),
		&s);
	count(group_of(&stats->tables[BY_CLIENT], session->client.at ? session->client : SPAN("?")),
		&s);
	free(tool);
	return true;
}

/* ---- telling ---- */

static void put_us(struct buf *b, int64_t us)
{
	if (us < 0) {
		buf_text(b, "-");
	} else if (us < 1000000) {
		buf_printf(b, "%" PRId64 "ms", (us + 500) / 1000);
	} else if (us < 100 * INT64_C(1000000)) {
		buf_printf(b, "%" PRId64 ".%" PRId64 "s", us / 1000000, us / 100000 % 10);
	} else {
		buf_printf(b, "%" PRId64 "min", us / 60000000);
	}
}

static void put_pair(struct sample *s, int columns)
{
	struct buf b = { 0 };
	put_us(&b, percentile(s, 50));
	if (s->count) {
		buf_text(&b, "/");
		put_us(&b, percentile(s, 95));
	}
	printf(" %*s", columns, buf_cstr(&b));
	buf_finish(&b);
}

/* Days by height, the last one to the right. */
static void put_days(const int64_t days[DAYS], bool utf8)
{
	static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char letters[] = " .:-=+*#@";
	int64_t most = 1;
	for (size_t i = 0; i < DAYS; i++) {
		most = days[i] > most ? days[i] : most;
	}
	fputs("  ", stdout);
	for (size_t i = 0; i < DAYS; i++) {
		size_t height = (size_t)((days[i] * 8 + most - 1) / most);
		utf8 ? (void)fputs(blocks[height], stdout) : (void)putchar(letters[height]);
	}
}

static int by_asked(const void *a, const void *b)
{
	const struct group *left = *(struct group *const *)a, *right = *(struct group *const *)b;
	int64_t order = right->asked != left->asked ? right->asked - left->asked
						    : right->calls - left->calls;
	return order < 0 ? -1 : order > 0;
}

static void print_group(struct group *g, const struct form *form)
{
	struct safe_text name = form->utf8 ? safe_make(span_of(g->name), SAFE_ONE_LINE)
					   : safe_ascii(span_of(g->name), SAFE_ONE_LINE);
	struct safe_text cut = safe_middle(&name, (unsigned)form->name);
	printf("%s%*s %7" PRId64 " %7" PRId64 " %6" PRId64 " %6" PRId64 " %6" PRId64,
		safe_cstr(&cut), form->name - (int)cut.columns, "", g->calls,
		g->passed + g->granted, g->asked, g->approved, g->denied + g->refused);
	if (form->decide) {
		put_pair(&g->decide, DECIDE_COLUMNS - 1);
	}
	if (form->run) {
		put_pair(&g->run, RUN_COLUMNS - 1);
	}
	if (form->days) {
		put_days(g->days, form->utf8);
	}
	putchar('\n');
	safe_finish(&cut);
	safe_finish(&name);
}

static void print_table(struct table *t, const struct form *form)
{
	printf("\n%-*s %7s %7s %6s %6s %6s", form->name, t->title, "calls", "passed", "asked",
		"yes", "no");
	if (form->decide) {
		printf(" %*s", DECIDE_COLUMNS - 1, "decide");
	}
	if (form->run) {
		printf(" %*s", RUN_COLUMNS - 1, "run");
	}
	fputs(form->days ? "  14 days\n" : "\n", stdout);
	for (size_t i = 0; i < t->count && i < SHOWN; i++) {
		print_group(t->list[i], form);
	}
	if (t->count > SHOWN) {
		printf("(%zu more)\n", t->count - SHOWN);
	}
}

static bool take_room(int *room, int columns)
{
	bool fits = *room >= columns;
	*room -= fits ? columns : 0;
	return fits;
}

static struct form form_of_stdout(void)
{
	struct form form = { .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 };
	struct winsize size;
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col;
	int room = known ? size.ws_col - COUNT_COLUMNS - NAME_LEAST : INT16_MAX;
	form.decide = take_room(&room, DECIDE_COLUMNS);
	form.run = take_room(&room, RUN_COLUMNS);
	form.days = take_room(&room, DAYS_COLUMNS);
	room = room > 0 ? room : 0;
	form.name = room < NAME_COLUMNS - NAME_LEAST ? NAME_LEAST + room : NAME_COLUMNS;
	return form;
}

/* Tools that are asked about and never denied: a rule or a grant would save these questions. */
static void print_advice(const struct table *tools, bool utf8)
{
	for (size_t i = 0, told = 0; i < tools->count && told < 3; i++) {
		struct group *g = tools->list[i];
		if (g->approved < 5 || g->denied) {
			continue;
		}
		struct buf b = { 0 };
		struct safe_text name = utf8 ? safe_make(span_of(g->name), SAFE_ONE_LINE)
					     : safe_ascii(span_of(g->name), SAFE_ONE_LINE);
		put_us(&b, percentile(&g->decide, 50));
		printf("%s%s: asked %" PRId64 " times, approved %" PRId64
		       ", never denied, median %s: key s in the console leaves a grant behind or "
		       "writes a rule.\n",
			told ? "" : "\n", safe_cstr(&name), g->asked, g->approved, buf_cstr(&b));
		safe_finish(&name);
		buf_finish(&b);
		told++;
	}
}

static void print_text(struct stats *s)
{
	struct group *all = &s->all;
	const struct form form = form_of_stdout();
	printf("%" PRId64 " calls: %" PRId64 " passed by rules, %" PRId64 " by grants, %" PRId64
	       " refused by rules, %" PRId64 " asked (%" PRId64 ".%" PRId64 " of 100).\n",
		all->calls, all->passed, all->granted, all->refused, all->asked,
		all->asked * 100 / all->calls, all->asked * 1000 / all->calls % 10);
	if (all->approved + all->denied) {
		struct buf b = { 0 };
		put_us(&b, percentile(&all->decide, 50));
		printf("Decided by people: %" PRId64 " approved, %" PRId64
		       " denied, median %s. %" PRId64 " of %" PRId64
		       " approvals came within 2 s of being shown.\n",
			all->approved, all->denied, buf_cstr(&b), all->hasty, all->approved);
		buf_finish(&b);
	}
	for (int i = 0; i < TABLE_COUNT; i++) {
		print_table(&s->tables[i], &form);
	}
	print_advice(&s->tables[BY_TOOL], form.utf8);
}

static void write_group(struct jsonw *w, struct group *g)
{
	jw_open(w, '{');
	if (g->name) {
		jw_kv_text(w, "name", g->name);
	}
	jw_kv_int(w, "calls", g->calls);
	jw_kv_int(w, "passed", g->passed);
	jw_kv_int(w, "granted", g->granted);
	jw_kv_int(w, "refused", g->refused);
	jw_kv_int(w, "asked", g->asked);
	jw_kv_int(w, "approved", g->approved);
	jw_kv_int(w, "denied", g->denied);
	jw_kv_int(w, "hasty", g->hasty);
	jw_kv_int(w, "decide_us_p50", percentile(&g->decide, 50));
	jw_kv_int(w, "decide_us_p95", percentile(&g->decide, 95));
	jw_kv_int(w, "run_us_p50", percentile(&g->run, 50));
	jw_kv_int(w, "run_us_p95", percentile(&g->run, 95));
	jw_key(w, "days");
	jw_open(w, '[');
	for (size_t i = 0; i < DAYS; i++) {
		jw_int(w, g->days[i]);
	}
	jw_close(w, ']');
	jw_close(w, '}');
}

static void print_json(struct stats *s)
{
	static const char *const names[TABLE_COUNT] = { "tools", "rules", "servers", "clients" };
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_key(&w, "all");
	write_group(&w, &s->all);
	for (int i = 0; i < TABLE_COUNT; i++) {
		jw_key(&w, names[i]);
		jw_open(&w, '[');
		for (size_t k = 0; k < s->tables[i].count; k++) {
			write_group(&w, s->tables[i].list[k]);
		}
		jw_close(&w, ']');
	}
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
}

/* ---- the command ---- */

static bool parse(int argc, char **argv, struct request *r, struct err *err)
{
	const struct cmd_flag flags[] = {
		{ "--root", &r->root, NULL },
		{ "--since", &r->since_text, NULL },
		{ "--json", NULL, &r->json },
		{ "-v", NULL, &r->verbose },
	};
	static const char *const valued[] = { "--root", "--since", NULL };
	r->now_us = clock_wall_ms() * 1000;
	filter_words_take(&r->words, argc, argv, valued);
	if (!cmd_read_flags(r->words.count, r->words.rest, flags, COUNT_OF(flags), err) ||
		!filter_words_parse(&r->words, err)) {
		return false;
	}
	if (r->since_text && !when_parse(span_of(r->since_text), r->now_us, &r->since_us)) {
		return fail(
			err, DIAG_USAGE, "--since %.40s: expected " WHEN_EXPECTED, r->since_text);
	}
	return true;
}

static void stats_finish(struct stats *s)
{
	for (int i = 0; i < TABLE_COUNT; i++) {
		for (size_t k = 0; k < s->tables[i].count; k++) {
			free(s->tables[i].list[k]->name);
			free(s->tables[i].list[k]);
		}
		free(s->tables[i].list);
		map_finish(&s->tables[i].by_name);
	}
	store_close(s->store);
	free(s);
}

/* All rows by number need no list of those that fit. */
static bool read_calls(struct stats *s, struct history *h, const char *path, struct err *err)
{
	const struct filter_words *words = &s->request->words;
	struct err unused; /* without an index the calls themselves are read */
	if (!words->query.count) {
		return history_since(h, s->request->since_us, take, s, err);
	}
	struct search *search = search_open(path, true, &unused);
	bool ok = history_filter_latest(
		h, search, &words->filter, INT64_MAX, INT64_MAX, take, s, err);
	search_close(search);
	return ok;
}

static bool print_stats(const struct request *r, const struct paths *paths, struct err *err)
{
	static const char *const titles[TABLE_COUNT] = { "server tool", "rule", "server",
		"client" };
	struct stats *s = xcalloc(1, sizeof(*s));
	struct err unused;
	s->request = r;
	bool none, ok = true;
	struct history *h = history_read(paths, &none, err);
	s->store = h ? store_open(paths->detail, true, 0, NULL, &unused) : NULL;
	ok = h ? read_calls(s, h, paths->search, err) : none;
	for (int i = 0; i < TABLE_COUNT; i++) {
		s->tables[i].title = titles[i];
		if (s->tables[i].count) {
			qsort(s->tables[i].list, s->tables[i].count, sizeof(struct group *),
				by_asked);
		}
	}
	if (ok && r->json) {
		print_json(s);
	} else if (ok && s->all.calls) {
		print_text(s);
	} else if (ok && !none) {
		fprintf(stderr, "No call %s%s.\n",
			r->words.query.count ? "fits that" : "was recorded",
			r->since_us                    ? " since then"
				: r->words.query.count ? ""
						       : " yet");
	}
	history_close(h);
	stats_finish(s);
	return ok;
}

int history_stats(int argc, char **argv)
{
	struct request r = { 0 };
	struct paths paths;
	struct err err = { 0 };
	int code;
	setlocale(LC_CTYPE, "");
	if (!parse(argc, argv, &r, &err)) {
		code = cmd_fail("history stats", &err, CMD_USAGE);
		filter_words_point(&r.words, &err);
	} else if (!paths_init(&paths, r.root, &err)) {
		code = cmd_fail("history stats", &err, CMD_FAILED);
	} else {
		code = print_stats(&r, &paths, &err) ? cmd_written("history stats")
						     : cmd_fail("history stats", &err, CMD_FAILED);
		paths_finish(&paths);
	}
	filter_words_finish(&r.words);
	return code;
}
