/* `bascule policy replay`: its figures, for people and as JSON. */
#include <config.h>

#include "ipc/policy_replay.h"

#include "core/safe_text.h"

#include <stdlib.h>
#include <string.h>

enum { REASONS_MAX = 64, SAVERS = 3 };

static const struct {
	const char *name, *title;
} changes[] = {
#define X(id, name, title) { name, title },
	REPLAY_CHANGES(X)
#undef X
};

static int by_count(const void *a, const void *b)
{
	const struct replay_tally *x = a, *y = b;
	return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->words, y->words);
}

static int by_asks(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
	return x < y ? -1 : x > y;
}

/* Of questions a session: the `percent`th of a hundred. */
static unsigned session_asks(const struct replay *r, unsigned percent)
{
	unsigned *asks = xcalloc(r->session_count + 1, sizeof(*asks));
	size_t n = 0;
	for (const struct replay_session *s = r->sessions; s; s = s->next) {
		asks[n++] = s->asks;
	}
	qsort(asks, n, sizeof(*asks), by_asks);
	unsigned result = n ? asks[(n - 1) * percent / 100] : 0;
	free(asks);
	return result;
}

static double per_100(const struct replay *r, size_t n)
{
	return r->calls ? 100.0 * (double)n / (double)r->calls : 0;
}

/* ---- JSON ---- */

static void write_tallies(const struct replay *r, struct jsonw *w, enum replay_tallies which)
{
	bool rules = which == TALLY_RULES;
	size_t most = rules ? SAVERS : r->all_count[which];
	jw_key(w, rules ? "rules" : "reasons");
	jw_open(w, '[');
	for (size_t i = 0; i < r->all_count[which] && i < most; i++) {
		jw_open(w, '{');
		jw_kv_text(w, rules ? "rule" : "reason", r->all[which][i].words);
		jw_kv_int(w, rules ? "saves" : "asks", r->all[which][i].count);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void write_changes(const struct replay *r, struct jsonw *w)
{
	jw_kv_int(w, "not_kept", (int64_t)r->not_kept);
	for (int which = 0; which < CHANGE_COUNT; which++) {
		jw_kv_int(w, changes[which].name, (int64_t)r->changes[which]);
	}
	jw_key(w, "list");
	jw_open(w, '[');
	for (int which = 0; which < CHANGE_COUNT; which++) {
		for (size_t i = 0; i < r->changed_kept[which]; i++) {
			jw_open(w, '{');
			jw_kv_int(w, "number", r->changed[which][i].number);
			jw_kv_text(w, "change", changes[which].name);
			jw_kv_text(w, "words", r->changed[which][i].words);
			jw_close(w, '}');
		}
	}
	jw_close(w, ']');
}

static void print_json(const struct replay *r)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	char number[32];
	jw_open(&w, '{');
	jw_kv_int(&w, "calls", (int64_t)r->calls);
	jw_kv_int(&w, "asks", (int64_t)r->asks);
	snprintf(number, sizeof(number), "%.2f", per_100(r, r->asks));
	jw_kv_raw(&w, "asks_per_100", span_of(number));
	jw_kv_int(&w, "granted", (int64_t)r->granted);
	jw_kv_int(&w, "denied", (int64_t)r->denied);
	jw_kv_int(&w, "sessions", (int64_t)r->session_count);
	jw_kv_int(&w, "session_median", session_asks(r, 50));
	jw_kv_int(&w, "session_p90", session_asks(r, 90));
	if (r->history) {
		write_changes(r, &w);
	} else {
		jw_kv_int(&w, "not_understood", (int64_t)r->faults);
		jw_kv_int(&w, "injected", (int64_t)r->injected);
		jw_kv_int(&w, "unsafe", (int64_t)r->unsafe);
	}
	write_tallies(r, &w, TALLY_REASONS);
	write_tallies(r, &w, TALLY_RULES);
	jw_close(&w, '}');
	printf("%s\n", buf_cstr(&out));
	buf_finish(&out);
}

/* ---- for people ---- */

static void print_safe(const char *before, const char *foreign)
{
	struct safe_text safe = safe_make(span_of(foreign), SAFE_ONE_LINE);
	printf("%s%s\n", before, safe_cstr(&safe));
	safe_finish(&safe);
}

static void print_list(const struct replay *r, enum replay_change which)
{
	for (size_t i = 0; i < r->changed_kept[which]; i++) {
		char number[40];
		snprintf(number, sizeof(number), "  #%-5lld ",
			(long long)r->changed[which][i].number);
		print_safe(number, r->changed[which][i].words);
	}
}

static void print_changes(const struct replay *r)
{
	if (r->changes[CHANGE_REFUSED]) {
		printf("!! DENIED BEFORE: %zu that a person denied would pass now\n",
			r->changes[CHANGE_REFUSED]);
		print_list(r, CHANGE_REFUSED);
		printf("\n");
	}
	for (int which = CHANGE_REFUSED + 1; which < CHANGE_COUNT; which++) {
		printf("%6zu  %s", r->changes[which], changes[which].title);
		if (which == CHANGE_ALLOWED) {
			printf("; denied before: %zu", r->changes[CHANGE_REFUSED]);
		}
		printf("\n");
		print_list(r, (enum replay_change)which);
	}
	if (r->not_kept) {
		printf("%6zu  not judged: what they would have done was not kept\n", r->not_kept);
	}
	printf("\n");
}

static void print_tallies(const struct replay *r, enum replay_tallies which)
{
	size_t most = which == TALLY_RULES ? SAVERS : REASONS_MAX;
	if (!r->all_count[which]) {
		return;
	}
	printf(which == TALLY_RULES ? "\nrules that would save most\n" : "\nby reason\n");
	for (size_t i = 0; i < r->all_count[which] && i < most; i++) {
		char count[60];
		snprintf(count, sizeof(count), "%6u  %5.2f  ", r->all[which][i].count,
			per_100(r, r->all[which][i].count));
		print_safe(count, r->all[which][i].words);
	}
}

static void print_text(const struct replay *r)
{
	if (r->history) {
		print_changes(r);
	}
	printf("%zu calls of %zu sessions: %zu questions, %.2f per 100 calls; "
	       "%zu answered by a grant, %zu denied\n",
		r->calls, r->session_count, r->asks, per_100(r, r->asks), r->granted, r->denied);
	printf("a session: median %u, p90 %u\n", session_asks(r, 50), session_asks(r, 90));
	if (r->inject) {
		printf("%zu calls that must not pass were tried against the grants: %zu passed\n",
			r->injected, r->unsafe);
	}
	print_tallies(r, TALLY_REASONS);
	print_tallies(r, TALLY_RULES);
}

void replay_print(struct replay *r)
{
	for (int which = 0; which < TALLY_COUNT; which++) {
		if (r->all_count[which]) {
			qsort(r->all[which], r->all_count[which], sizeof(**r->all), by_count);
		}
	}
	if (r->json) {
		print_json(r);
	} else {
		print_text(r);
	}
}
