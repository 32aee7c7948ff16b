/*
 * One call, one line. On a terminal the columns are cut to its width, and the least needed are left
 * out where it is narrow; in a pipe nothing is cut, fields are separated by tabs (a tab in a field
 * is shown as a mark), and there is no heading. Called by cmd_history.c.
 */
#include <config.h>

#include "ipc/history_table.h"

#include "core/safe_text.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH_DEFAULT = 80, GAP = 2, TIME_ROOM = 32 };

enum field { NUMBER, TIME, STATE, TOOL, TARGET, BY, OUTCOME, FIELD_COUNT };

/* `width` columns always; `share` of what the others leave; shown from a terminal of `from`
 * columns. */
static const struct {
	const char *title;
	unsigned width, share, from;
	bool path; /* cut in the middle */
} fields[FIELD_COUNT] = {
	[NUMBER] = { "#", 6, 0, 0, false },
	[TIME] = { "time", 14, 0, 64, false },
	[STATE] = { "verdict/state", 14, 0, 44, false },
	[TOOL] = { "server tool", 0, 2, 0, false },
	[TARGET] = { "target", 0, 3, 0, true },
	[BY] = { "by", 0, 2, 90, false },
	[OUTCOME] = { "outcome", 18, 0, 110, false },
};

struct history_table {
	unsigned width[FIELD_COUNT]; /* 0: left out */
	bool terminal, ascii;
	size_t rows;
};

static bool is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static unsigned terminal_width(void)
{
	struct winsize size;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col
									   : WIDTH_DEFAULT;
}

static void fit(struct history_table *t, unsigned columns)
{
	unsigned taken = 0, shares = 0;
	for (int i = 0; i < FIELD_COUNT; i++) {
		if (columns >= fields[i].from) {
			t->width[i] = fields[i].width;
			taken += fields[i].width + GAP;
			shares += fields[i].share;
		}
	}
	unsigned rest = columns > taken ? columns - taken : 0;
	for (int i = 0; i < FIELD_COUNT; i++) {
		if (fields[i].share && columns >= fields[i].from) {
			unsigned part = rest * fields[i].share / shares;
			t->width[i] = part ? part : 1;
		}
	}
}

struct history_table *history_table_create(void)
{
	struct history_table *t = xcalloc(1, sizeof(*t));
	setlocale(LC_CTYPE, "");
	if (!is_utf8()) {
		setlocale(LC_CTYPE, "C.UTF-8");
	}
	t->terminal = isatty(STDOUT_FILENO);
	t->ascii = t->terminal && !is_utf8();
	if (t->terminal) {
		fit(t, terminal_width());
	}
	return t;
}

void history_table_destroy(struct history_table *t)
{
	free(t);
}

size_t history_table_rows(const struct history_table *t)
{
	return t->rows;
}

/* ---- what stands in the fields ---- */

static char *time_field(const struct history_table *t, int64_t us)
{
	char text[TIME_ROOM] = "";
	time_t seconds = (time_t)(us / 1000000);
	struct tm tm;
	if (localtime_r(&seconds, &tm)) {
		strftime(text, sizeof(text), t->terminal ? "%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M:%S",
			&tm);
	}
	return xstrdup(text);
}

static char *two_words(struct span a, const char *between, struct span b)
{
	char *one = span_dup(a), *other = span_dup(b);
	char *both = xasprintf("%s%s%s", one, a.len && b.len ? between : "", other);
	free(one);
	free(other);
	return both;
}

static char *took_field(struct span outcome, int64_t took_us)
{
	static const struct {
		int64_t below, unit;
		const char *name;
	} units[] = { { 1000, 1, "us" }, { 10000000, 1000, "ms" }, { 600000000, 1000000, "s" },
		{ INT64_MAX, 60000000, "min" } };
	char *word = span_dup(outcome), *text = NULL;
	for (size_t i = 0; i < COUNT_OF(units) && took_us >= 0 && !text; i++) {
		if (took_us < units[i].below) {
			text = xasprintf(
				"%s %" PRId64 " %s", word, took_us / units[i].unit, units[i].name);
		}
	}
	if (!text) {
		return word;
	}
	free(word);
	return text;
}

static char *field_text(const struct history_table *t, enum field field,
	const struct history_call *c, const struct history_session *s)
{
	switch (field) {
	case NUMBER:
		return xasprintf("%" PRId64, c->number);
	case TIME:
		return time_field(t, c->arrived_us);
	case STATE:
		return two_words(c->verdict, "/", span_of(life_state_name(c->state)));
	case TOOL:
		return two_words(s->server, " ", c->tool.len ? c->tool : c->method);
	case TARGET:
		return span_dup(c->target);
	case BY:
		return span_dup(c->decider.len ? c->decider : c->rule);
	case OUTCOME:
		return took_field(c->outcome, c->took_us);
	case FIELD_COUNT:
		break;
	}
	return xstrdup("");
}

/* ---- printing ---- */

static struct safe_text cleaned(const struct history_table *t, const char *foreign)
{
	return t->ascii ? safe_ascii(span_of(foreign), SAFE_ONE_LINE)
			: safe_make(span_of(foreign), SAFE_ONE_LINE);
}

static void print_cut(
	const struct history_table *t, enum field field, const struct safe_text *whole)
{
	unsigned width = t->width[field];
	struct safe_text cut = fields[field].path ? safe_middle(whole, width)
						  : safe_clip(whole, width);
	fputs(safe_cstr(&cut), stdout);
	for (unsigned i = cut.columns; field != FIELD_COUNT - 1 && i < width + GAP; i++) {
		putchar(' ');
	}
	safe_finish(&cut);
}

static void print_field(const struct history_table *t, enum field field, const char *foreign)
{
	struct safe_text safe = cleaned(t, foreign);
	if (!t->terminal) {
		printf("%s%s", field ? "\t" : "", safe_cstr(&safe));
	} else if (t->width[field]) {
		print_cut(t, field, &safe);
	}
	safe_finish(&safe);
}

bool history_table_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct history_table *t = data;
	if (t->terminal && !t->rows) {
		for (enum field i = 0; i < FIELD_COUNT; i++) {
			print_field(t, i, fields[i].title);
		}
		putchar('\n');
	}
	for (enum field i = 0; i < FIELD_COUNT; i++) {
		char *text = field_text(t, i, call, session);
		print_field(t, i, text);
		free(text);
	}
	putchar('\n');
	t->rows++;
	return !ferror(stdout);
}
