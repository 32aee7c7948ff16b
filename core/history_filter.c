/*
 * Owns the SQL of a filter. Nothing that a person types becomes part of a statement: each term adds
 * a condition of ours and binds its value. Called by cmd_history.c and broker_query.c.
 */
#include "config.h"

#include "core/history_filter.h"

#include "core/diag.h"
#include "core/history_impl.h"
#include "core/search_feed.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000, INDEXED_MIN = 3 /* the index knows no shorter words */ };

enum compare { COMPARE_TEXT, COMPARE_PATH, COMPARE_BY, COMPARE_NUMBER, COMPARE_WHEN, COMPARE_TOOK };

/* How a field is compared, and with what; `words` are the only ones that it knows. */
static const struct {
	enum compare compare;
	const char *column, *sign;
	const char *words; /* NULL: any */
} fields[QUERY_FIELD_COUNT] = {
	[QUERY_TOOL] = { COMPARE_TEXT, "c.tool", NULL, NULL },
	[QUERY_PATH] = { COMPARE_PATH, "c.target", NULL, NULL },
	[QUERY_SERVER] = { COMPARE_TEXT, "s.server", NULL, NULL },
	[QUERY_CLIENT] = { COMPARE_TEXT, "s.client", NULL, NULL },
	[QUERY_BRANCH] = { COMPARE_TEXT, "c.branch", NULL, NULL },
	[QUERY_RULE] = { COMPARE_TEXT, "c.rule", NULL, NULL },
	[QUERY_REASON] = { COMPARE_TEXT, "c.reason", NULL, NULL },
	[QUERY_RISK] = { COMPARE_TEXT, NULL, NULL, NULL },
	[QUERY_STATE] = { COMPARE_TEXT, "c.state", NULL,
		" held approved released forwarded parked armed done denied withdrawn expired "
		"unknown " },
	[QUERY_VERDICT] = { COMPARE_TEXT, "c.verdict", NULL,
		" allow hold deny allowed held denied " },
	[QUERY_DECISION] = { COMPARE_TEXT, "coalesce(c.decision,'none')", NULL,
		" approved denied none " },
	[QUERY_BY] = { COMPARE_BY, NULL, NULL, NULL },
	[QUERY_OUTCOME] = { COMPARE_TEXT, "c.outcome", NULL, NULL },
	[QUERY_REPO] = { COMPARE_TEXT, "s.cwd", NULL, NULL },
	[QUERY_ID] = { COMPARE_NUMBER, "c.number", "=", NULL },
	[QUERY_SESSION] = { COMPARE_NUMBER, "c.session", "=", NULL },
	[QUERY_SINCE] = { COMPARE_WHEN, "c.arrived_us", ">=", NULL },
	[QUERY_BEFORE] = { COMPARE_WHEN, "c.arrived_us", "<", NULL },
	[QUERY_TOOK] = { COMPARE_TOOK, "coalesce(c.took_us,-1)", NULL, NULL },
};

/* What a free word may stand in, as in history_latest. */
static const char *const any_columns[] = { "c.tool", "c.target", "s.server", "s.client", "c.rule",
	"c.reason", "c.decision_reason" };

struct value {
	char *text; /* NULL: a number */
	int64_t number;
};

struct statement {
	struct buf sql;
	struct value values[2 * QUERY_TERMS_MAX + 2];
	int count;
};

/* ---- values ---- */

static bool read_number(const char *text, int64_t *n)
{
	char *end;
	*n = strtoll(text, &end, 10);
	return end != text && !*end && *n >= 0;
}

/* ">2s", "<100ms", "2s" (at least): microseconds. */
static bool read_took(const char *text, const char **sign, int64_t *us)
{
	static const struct {
		const char *name;
		int64_t us;
	} units[] = { { "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "m", 60000000 },
		{ "min", 60000000 }, { "h", 3600000000 } };
	char *end;
	*sign = *text == '<' ? "<" : *text == '>' ? ">" : ">=";
	text += *text == '<' || *text == '>';
	double n = *text >= '0' && *text <= '9' ? strtod(text, &end) : -1;
	for (size_t i = 0; n >= 0 && n < 1e9 && i < COUNT_OF(units); i++) {
		if (strcmp(end, units[i].name) == 0) {
			*us = (int64_t)(n * (double)units[i].us);
			return true;
		}
	}
	return false;
}

static bool is_word_of(const char *words, const char *text)
{
	size_t len = strlen(text);
	for (const char *at = words; (at = strstr(at, text)); at++) {
		if (at[-1] == ' ' && at[len] == ' ' && len) {
			return true;
		}
	}
	return false;
}

static bool wrong(const struct query_term *term, const char *expected, struct err *err)
{
	return fail(err, DIAG_USAGE, "at %zu: %s:%.40s: expected %s", term->at,
		query_field_name(term->field), term->text, expected);
}

static bool check_term(
	const struct history_filter *f, const struct query_term *term, struct err *err)
{
	int64_t n;
	const char *sign;
	if (term->field == QUERY_ANY) {
		return true;
	}
	if (term->field == QUERY_RISK) {
		return fail(err, DIAG_USAGE, "at %zu: risk: is known of calls that wait, only",
			term->at);
	}
	const char *words = fields[term->field].words;
	if (words && !strpbrk(term->text, "*?") && !is_word_of(words, term->text)) {
		return wrong(term, words + 1, err);
	}
	switch (fields[term->field].compare) {
	case COMPARE_NUMBER:
		return read_number(term->text, &n) || wrong(term, "a number", err);
	case COMPARE_WHEN:
		return f->when(span_of(term->text), f->now_us, &n) ||
			wrong(term, f->when_expected, err);
	case COMPARE_TOOK:
		return read_took(term->text, &sign, &n) || wrong(term, ">2s, <100ms or 3m", err);
	case COMPARE_TEXT:
	case COMPARE_PATH:
	case COMPARE_BY:
		break;
	}
	return true;
}

bool history_filter_check(const struct history_filter *filter, struct err *err)
{
	for (size_t i = 0; i < filter->query->count; i++) {
		if (!check_term(filter, &filter->query->terms[i], err)) {
			return false;
		}
	}
	return true;
}

/* ---- conditions ---- */

static int bind_text_value(struct statement *s, char *text)
{
	s->values[s->count++] = (struct value){ .text = text };
	return s->count;
}

static int bind_number_value(struct statement *s, int64_t number)
{
	s->values[s->count++] = (struct value){ .number = number };
	return s->count;
}

/* `*` and `?` as in the queue; "**" is the same as "*", and "[" is a letter like others. */
static char *glob_of(const char *text, bool anywhere)
{
	struct buf out = { 0 };
	buf_text(&out, anywhere ? "*/" : "");
	for (; *text; text++) {
		if (*text == '*' && text[1] == '*') {
			continue;
		}
		buf_text(&out, *text == '[' ? "[[]" : "");
		if (*text != '[') {
			buf_char(&out, *text);
		}
	}
	return buf_cstr(&out);
}

static bool is_glob(const char *text)
{
	return strpbrk(text, "*?") != NULL;
}

static void add_match(struct statement *s, const char *column, const char *text, int at)
{
	buf_printf(&s->sql,
		is_glob(text) ? "lower(coalesce(%s,'')) GLOB ?%d"
			      : "instr(lower(coalesce(%s,'')),?%d)>0",
		column, at);
}

static int bind_match(struct statement *s, const char *text)
{
	return bind_text_value(s, is_glob(text) ? glob_of(text, false) : xstrdup(text));
}

/* Also the paths of everything that the call would have touched; one that does not begin at the
 * root may stand behind any directory. */
static void add_path(struct statement *s, const struct query_term *term)
{
	static const char *const columns[] = { "c.target", "j.value->>'path'",
		"j.value->>'given'" };
	bool loose = is_glob(term->text) && term->text[0] != '/' && term->text[0] != '*';
	int at = bind_match(s, term->text);
	int behind = loose ? bind_text_value(s, glob_of(term->text, true)) : 0;
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		buf_text(&s->sql,
			i == 0           ? "("
				: i == 1 ? " OR EXISTS(SELECT 1 FROM effects e,json_each(e.json) j"
					   " WHERE e.number=c.number AND ("
					 : " OR ");
		add_match(s, columns[i], term->text, at);
		if (loose) {
			buf_text(&s->sql, " OR ");
			add_match(s, columns[i], term->text, behind);
		}
	}
	buf_text(&s->sql, ")))");
}

static void add_by(const struct history_filter *f, struct statement *s, const char *text)
{
	if (strcmp(text, "me") == 0) {
		char *mine = xasprintf("%s@", f->me);
		for (char *c = mine; *c; c++) {
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
		}
		int at = bind_text_value(s, mine);
		buf_printf(&s->sql, "instr(lower(coalesce(c.decider,'')),?%d)=1", at);
	} else if (strcmp(text, "rule") == 0) {
		buf_text(&s->sql,
			"(c.decider IS NULL AND c.verdict<>'hold'"
			" AND coalesce(c.rule,'') NOT LIKE 'grant%')");
	} else if (strcmp(text, "grant") == 0) {
		buf_text(&s->sql, "(c.decider IS NULL AND c.rule LIKE 'grant%')");
	} else {
		add_match(s, "c.decider", text, bind_match(s, text));
	}
}

static void add_any(struct statement *s, const char *text)
{
	int at = bind_match(s, text);
	buf_char(&s->sql, '(');
	for (size_t i = 0; i < COUNT_OF(any_columns); i++) {
		buf_text(&s->sql, i ? " OR " : "");
		add_match(s, any_columns[i], text, at);
	}
	buf_char(&s->sql, ')');
}

/* Verdicts are stored as what to do, and spoken of as what was done. */
static const char *as_stored(const struct query_term *term)
{
	static const char *const said[][2] = { { "allowed", "allow" }, { "held", "hold" },
		{ "denied", "deny" } };
	for (size_t i = 0; term->field == QUERY_VERDICT && i < COUNT_OF(said); i++) {
		if (strcmp(term->text, said[i][0]) == 0) {
			return said[i][1];
		}
	}
	return term->text;
}

static void add_number(
	const struct history_filter *f, struct statement *s, const struct query_term *term)
{
	int64_t n = 0;
	const char *sign = fields[term->field].sign;
	enum compare compare = fields[term->field].compare;
	if (compare == COMPARE_WHEN) {
		f->when(span_of(term->text), f->now_us, &n);
	} else if (compare == COMPARE_TOOK) {
		read_took(term->text, &sign, &n);
		buf_text(&s->sql, "c.took_us>=0 AND ");
	} else {
		read_number(term->text, &n);
	}
	int at = bind_number_value(s, n);
	buf_printf(&s->sql, "%s%s?%d", fields[term->field].column, sign, at);
}

static void add_term(
	const struct history_filter *f, struct statement *s, const struct query_term *term)
{
	buf_text(&s->sql, term->negated ? " AND NOT (" : " AND (");
	if (term->field == QUERY_ANY) {
		add_any(s, term->text);
	} else if (fields[term->field].compare == COMPARE_PATH) {
		add_path(s, term);
	} else if (fields[term->field].compare == COMPARE_BY) {
		add_by(f, s, term->text);
	} else if (fields[term->field].compare == COMPARE_TEXT) {
		const char *text = as_stored(term);
		add_match(s, fields[term->field].column, text, bind_match(s, text));
	} else {
		add_number(f, s, term);
	}
	buf_char(&s->sql, ')');
}

/* ---- asking ---- */

struct found {
	int64_t *list;
	size_t count, cap;
};

static void found_add(struct found *f, int64_t number)
{
	f->list = xgrow(f->list, &f->cap, f->count + 1, sizeof(*f->list));
	f->list[f->count++] = number;
}

static sqlite3_stmt *prepare(struct history *h, struct statement *s, struct err *err)
{
	sqlite3_stmt *sql = NULL;
	int rc = sqlite3_prepare_v2(h->db, buf_cstr(&s->sql), -1, &sql, NULL);
	for (int i = 0; rc == SQLITE_OK && i < s->count; i++) {
		const struct value *v = &s->values[i];
		rc = v->text ? sqlite3_bind_text(sql, i + 1, v->text, -1, SQLITE_STATIC)
			     : sqlite3_bind_int64(sql, i + 1, v->number);
	}
	if (rc != SQLITE_OK) {
		sqlite3_finalize(sql);
		history_fail(h, rc, "read", err);
		return NULL;
	}
	return sql;
}

/* The first two values are the range of numbers, to be bound again; the third the limit. */
static void compose(const struct history_filter *f, struct statement *s)
{
	s->count = 3;
	buf_text(&s->sql,
		"SELECT c.number FROM call c JOIN session s ON s.id=c.session"
		" WHERE c.number>=?1 AND c.number<?2");
	for (size_t i = 0; i < f->query->count; i++) {
		add_term(f, s, &f->query->terms[i]);
	}
	buf_text(&s->sql, " ORDER BY c.number DESC LIMIT ?3");
}

static bool ask(struct history *h, sqlite3_stmt *sql, int64_t from, int64_t before, int64_t limit,
	struct found *found, struct err *err)
{
	int rc;
	sqlite3_bind_int64(sql, 1, from);
	sqlite3_bind_int64(sql, 2, before);
	sqlite3_bind_int64(sql, 3, limit);
	while ((rc = sqlite3_step(sql)) == SQLITE_ROW) {
		found_add(found, sqlite3_column_int64(sql, 0));
	}
	sqlite3_reset(sql);
	return rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}

/* The longest free word that has to be there and that the index knows. */
static const char *indexed_word(const struct query *query)
{
	const char *best = NULL;
	for (size_t i = 0; i < query->count; i++) {
		const struct query_term *t = &query->terms[i];
		if (t->field == QUERY_ANY && !t->negated && !is_glob(t->text) &&
			strlen(t->text) >= INDEXED_MIN &&
			(!best || strlen(t->text) > strlen(best))) {
			best = t->text;
		}
	}
	return best;
}

static bool note_number(
	void *data, const struct history_call *call, const struct history_session *session)
{
	(void)session;
	found_add(data, call->number);
	return true;
}

/* Candidates by the index, a page at a time, each looked at by itself. */
static bool ask_by_index(struct history *h, struct search *search, const char *word,
	sqlite3_stmt *sql, int64_t before, int64_t limit, struct found *found, struct err *err)
{
	bool ok = true, more = true;
	while (ok && more && (int64_t)found->count < limit) {
		struct found page = { 0 };
		ok = search_latest(search, h, span_of(word), before, PAGE, note_number, &page, err);
		for (size_t i = page.count; ok && i-- > 0 && (int64_t)found->count < limit;) {
			ok = ask(h, sql, page.list[i], page.list[i] + 1, 1, found, err);
		}
		more = page.count == PAGE;
		before = page.count ? page.list[0] : 0;
		free(page.list);
	}
	return ok;
}

struct telling {
	history_row *each;
	void *data;
	bool more;
};

static bool tell(void *data, const struct history_call *call, const struct history_session *session)
{
	struct telling *t = data;
	t->more = t->each(t->data, call, session);
	return t->more;
}

bool history_filter_latest(struct history *h, struct search *search,
	const struct history_filter *filter, int64_t before, int64_t limit, history_row *each,
	void *data, struct err *err)
{
	struct statement s = { 0 };
	struct found found = { 0 };
	struct telling t = { each, data, true };
	const char *word = search ? indexed_word(filter->query) : NULL;
	if (!history_filter_check(filter, err)) {
		return false;
	}
	compose(filter, &s);
	sqlite3_stmt *sql = prepare(h, &s, err);
	bool ok = sql &&
		(word ? ask_by_index(h, search, word, sql, before, limit, &found, err)
		      : ask(h, sql, 0, before, limit, &found, err));
	for (size_t i = found.count; ok && t.more && i-- > 0;) {
		ok = history_numbered(h, found.list[i], tell, &t, err);
	}
	sqlite3_finalize(sql);
	for (int i = 0; i < s.count; i++) {
		free(s.values[i].text);
	}
	buf_finish(&s.sql);
	free(found.list);
	return ok;
}
