/*
 * Reads both databases and the heads, and says in words what differs from what was sealed. Needs no
 * broker, starts none, writes nothing. What it prints are our words, numbers and times: nothing
 * that a record holds.
 */
#include "config.h"

#include "ipc/history_verify.h"

#include "core/diag.h"
#include "core/jsonw.h"
#include "core/seal.h"
#include "ipc/cmd.h"
#include "ipc/heads_file.h"
#include "ipc/history_words.h"
#include "ipc/paths.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WHOLE = 0, BROKEN = 1, UNKNOWN = 2, SHOWN = 20 };

/* ---- words ---- */

static void put_time(struct buf *b, int64_t us)
{
	if (us > 0) {
		history_put_time(b, us);
	} else {
		buf_text(b, "an unknown time");
	}
}

static void put_sealed(struct buf *b, const struct seal_break *k)
{
	buf_printf(b, " (seal %" PRId64 " of ", k->seq);
	put_time(b, k->at_us);
	buf_char(b, ')');
}

static void put_range(struct buf *b, const char *one, const char *many, int64_t from, int64_t to)
{
	if (to > from) {
		buf_printf(b, "%s %" PRId64 " to %" PRId64, many, from, to);
	} else {
		buf_printf(b, "%s %" PRId64, one, from);
	}
}

/* Of a record. */
static void put_record(struct buf *b, const struct seal_break *k)
{
	buf_printf(b, "%s %" PRId64 ": ", k->event ? "event" : "call", k->number);
	if (k->kind == SEAL_BREAK_UNSEALED) {
		buf_text(b,
			"it has no seal, and later ones have: it was put in afterwards, or its "
			"seal "
			"was removed");
		return;
	}
	if (k->kind == SEAL_BREAK_REMOVED) {
		buf_text(b, "it was removed");
	} else {
		buf_text(b, k->event ? "it" : "its row, or what is kept beside it,");
		buf_text(b, " was edited after it was sealed");
	}
	put_sealed(b, k);
}

/* Of the heads. */
static void put_head(struct buf *b, const struct seal_break *k)
{
	if (k->kind == SEAL_BREAK_HEAD) {
		buf_printf(
			b, "seal %" PRId64 ": not the one that the file heads noted at ", k->seq);
		put_time(b, k->at_us);
		buf_text(b,
			": the chain was cut before it, or detail.db begun anew, and it goes on as "
			"another one");
		return;
	}
	buf_printf(b,
		"the chain ends at seal %" PRId64 ", and the file heads noted seal %" PRId64 " at ",
		k->number, k->seq);
	put_time(b, k->at_us);
	buf_text(b, ": its end was cut off, or detail.db is an older copy or was begun anew");
}

static void put_break(struct buf *b, const struct seal_break *k)
{
	switch (k->kind) {
	case SEAL_BREAK_CHANGED:
	case SEAL_BREAK_REMOVED:
	case SEAL_BREAK_UNSEALED:
		put_record(b, k);
		break;
	case SEAL_BREAK_HEAD:
	case SEAL_BREAK_END:
		put_head(b, k);
		break;
	case SEAL_BREAK_LINK:
		buf_printf(b,
			"seal %" PRId64 ": it does not follow from the one before: one of the two "
			"was edited",
			k->seq);
		break;
	case SEAL_BREAK_GAP:
		put_range(b, "seal", "seals", k->seq, k->to);
		buf_text(b, ": removed from the chain");
		break;
	case SEAL_BREAK_CUT:
		put_range(b, "call", "calls", k->number, k->to);
		buf_text(b, ": gone from log.db, or log.db was begun anew, before ");
		put_time(b, k->at_us);
		break;
	case SEAL_BREAK_NO_HEADS:
		buf_text(b, "the file heads was removed");
		break;
	case SEAL_BREAK_NOTED:
		buf_text(b,
			"no seal has the hash that was given: the chain was cut or made anew since "
			"it "
			"was noted");
		break;
	case SEAL_BREAK_NO_LOG:
		buf_printf(b, "log.db was removed: the chain has %" PRId64 " seals", k->seq);
		break;
	case SEAL_BREAK_NO_DETAIL:
		buf_text(b, "detail.db was removed, and with it the chain");
		if (k->seq) {
			buf_printf(b, ": the file heads noted seal %" PRId64 " at ", k->seq);
			put_time(b, k->at_us);
		}
		break;
	case SEAL_BREAK_RETENTION:
		buf_printf(b,
			"calls below %" PRId64 " are said to have been removed by retention, and "
			"no event says so",
			k->number);
		break;
	case SEAL_BREAK_KIND:
		buf_printf(b, "seal %" PRId64 ": of a kind that is not known here", k->seq);
		break;
	}
}

static void print_breaks(const struct seal_report *r)
{
	struct buf line = { 0 };
	size_t shown = r->break_count < SHOWN ? r->break_count : SHOWN;
	printf("The history is not as it was recorded. The first break:\n");
	for (size_t i = 0; i < shown; i++) {
		buf_clear(&line);
		put_break(&line, &r->breaks[i]);
		printf("%s  %s\n", i == 1 ? "and behind it:\n" : "", buf_cstr(&line));
	}
	if (r->break_total > (int64_t)shown) {
		printf("  and %" PRId64 " more\n", r->break_total - (int64_t)shown);
	}
	buf_finish(&line);
}

static const char *s(int64_t count)
{
	return count == 1 ? "" : "s";
}

static void print_counts(const struct seal_report *r)
{
	struct buf b = { 0 };
	char hex[HASH_HEX + 1];
	hash_hex(&r->head, hex);
	buf_printf(&b, "%" PRId64 " seal%s", r->seals, s(r->seals));
	if (r->seals) {
		buf_text(&b, ", from ");
		put_time(&b, r->first_us);
		buf_text(&b, " to ");
		put_time(&b, r->last_us);
		buf_printf(&b, "; the last is %s", hex);
	}
	buf_char(&b, '\n');
	if (r->open) {
		buf_printf(&b, "%" PRId64 " call%s of them had not ended when last sealed\n",
			r->open, s(r->open));
	}
	if (r->young_calls || r->young_events) {
		buf_printf(&b,
			"%" PRId64 " call%s and %" PRId64 " event%s are younger than the last "
			"seal: the broker seals them a second after they end, or when it starts\n",
			r->young_calls, s(r->young_calls), r->young_events, s(r->young_events));
	}
	if (r->late) {
		buf_printf(&b,
			"%" PRId64 " call%s sealed more than an hour after the end: what was done "
			"to them before that does not show\n",
			r->late, r->late == 1 ? " was" : "s were");
	}
	if (r->gone) {
		buf_printf(&b, "%" PRId64 " call%s removed by retention\n", r->gone,
			r->gone == 1 ? " was" : "s were");
	}
	fputs(buf_cstr(&b), stdout);
	buf_finish(&b);
}

static void print_words(const struct seal_report *r)
{
	if (r->break_total) {
		print_breaks(r);
	} else {
		printf("The history is whole: %" PRId64 " call%s and %" PRId64
		       " event%s are as they were sealed.\n",
			r->calls + r->open, s(r->calls + r->open), r->events, s(r->events));
	}
	print_counts(r);
}

/* ---- JSON ---- */

static void json_break(struct jsonw *w, const struct seal_break *k)
{
	struct buf text = { 0 };
	put_break(&text, k);
	jw_open(w, '{');
	jw_kv_text(w, "kind", seal_break_name(k->kind));
	if (k->number && k->kind != SEAL_BREAK_END) {
		jw_kv_int(w, k->event ? "event" : "call", k->number);
	}
	if (k->seq) {
		jw_kv_int(w, "seal", k->seq);
	}
	if (k->to) {
		jw_kv_int(w, "to", k->to);
	}
	if (k->at_us) {
		jw_kv_int(w, "at_us", k->at_us);
	}
	jw_kv_text(w, "text", buf_cstr(&text));
	jw_close(w, '}');
	buf_finish(&text);
}

static void print_json(const struct seal_report *r)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	char hex[HASH_HEX + 1];
	hash_hex(&r->head, hex);
	jw_open(&w, '{');
	jw_kv_bool(&w, "whole", !r->break_total);
	jw_kv_int(&w, "calls", r->calls);
	jw_kv_int(&w, "open", r->open);
	jw_kv_int(&w, "events", r->events);
	jw_kv_int(&w, "seals", r->seals);
	jw_kv_text(&w, "head", r->seals ? hex : NULL);
	jw_kv_int(&w, "first_us", r->first_us);
	jw_kv_int(&w, "last_us", r->last_us);
	jw_kv_int(&w, "younger_calls", r->young_calls);
	jw_kv_int(&w, "younger_events", r->young_events);
	jw_kv_int(&w, "oldest_younger_us", r->oldest_us);
	jw_kv_int(&w, "sealed_late", r->late);
	jw_kv_int(&w, "removed_by_retention", r->gone);
	jw_kv_int(&w, "break_count", r->break_total);
	jw_key(&w, "breaks");
	jw_open(&w, '[');
	for (size_t i = 0; i < r->break_count; i++) {
		json_break(&w, &r->breaks[i]);
	}
	jw_close(&w, ']');
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
}

/* ---- the files ---- */

struct files {
	const struct hash *noted; /* --head; NULL */
	struct history *log;
	struct store *detail;
	struct heads heads;
	bool heads_missing;
};

/* A database that is not there is no failure here: it is NULL. */
static bool open_files(struct files *f, const struct paths *paths, struct err *err)
{
	static const unsigned char no_key[HISTORY_HASH];
	f->detail = store_open(paths->detail, true, 0, NULL, err);
	if (!f->detail && err->code != DIAG_NONE) {
		return false;
	}
	if (access(paths->history, F_OK) == 0) {
		f->log = history_open(paths->history, no_key, true, 0, NULL, err);
		if (!f->log && err->code != DIAG_NONE) {
			return false;
		}
	}
	return heads_file_read(paths->heads, &f->heads, &f->heads_missing, err) || f->heads_missing;
}

static void close_files(struct files *f)
{
	store_close(f->detail);
	history_close(f->log);
	heads_finish(&f->heads);
}

/* One of the databases is not there: that is a break if something was sealed. */
static bool judge_missing(struct files *f, struct seal_report *r, struct err *err)
{
	struct store_seal last = { 0 };
	*r = (struct seal_report){ 0 };
	if (f->detail && !store_seal_last(f->detail, &last, err)) {
		return false;
	}
	if (!f->log && last.seq) {
		r->breaks[r->break_count++] = (struct seal_break){ .kind = SEAL_BREAK_NO_LOG,
			.seq = last.seq };
	}
	if (!f->detail && !f->heads_missing) {
		static const struct head none;
		const struct head *head = f->heads.count ? &f->heads.list[f->heads.count - 1]
							 : &none;
		r->breaks[r->break_count++] = (struct seal_break){
			.kind = SEAL_BREAK_NO_DETAIL, .seq = head->seq, .at_us = head->at_us
		};
	}
	if (f->noted) {
		r->breaks[r->break_count++] = (struct seal_break){ .kind = SEAL_BREAK_NOTED };
	}
	r->break_total = (int64_t)r->break_count;
	return true;
}

static bool judge(struct files *f, struct seal_report *r, struct err *err)
{
	if (!f->log || !f->detail) {
		return judge_missing(f, r, err);
	}
	return seal_verify(
		f->log, f->detail, f->heads_missing ? NULL : &f->heads, f->noted, r, err);
}

static int examine(const char *name, const struct paths *paths, const struct hash *noted, bool json)
{
	struct seal_report *r = xcalloc(1, sizeof(*r));
	struct files f = { .noted = noted };
	struct err err = { 0 };
	int code = UNKNOWN;
	if (!open_files(&f, paths, &err) || !judge(&f, r, &err)) {
		cmd_fail(name, &err, UNKNOWN);
	} else if (json) {
		print_json(r);
		code = r->break_total ? BROKEN : WHOLE;
	} else if (!f.detail && !r->break_total) {
		printf("Nothing is sealed yet: the broker does it while it runs.\n");
		code = WHOLE;
	} else {
		print_words(r);
		code = r->break_total ? BROKEN : WHOLE;
	}
	close_files(&f);
	free(r);
	return cmd_written(name) == CMD_OK ? code : UNKNOWN;
}

int history_verify(int argc, char **argv)
{
	static const char name[] = "history verify";
	const char *root = NULL, *head = NULL;
	bool json = false, verbose = false;
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--head", &head, NULL },
		{ "--json", NULL, &json },
		{ "-v", NULL, &verbose },
	};
	struct paths paths;
	struct hash noted;
	struct err err = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail(name, &err, UNKNOWN);
	}
	if (head && !hash_from_hex(span_of(head), &noted)) {
		fail(&err, DIAG_USAGE, "--head %.80s: expected a hash as `%s` prints it", head,
			name);
		return cmd_fail(name, &err, UNKNOWN);
	}
	if (!paths_init(&paths, root, &err)) {
		return cmd_fail(name, &err, UNKNOWN);
	}
	int code = examine(name, &paths, head ? &noted : NULL, json);
	paths_finish(&paths);
	return code;
}
