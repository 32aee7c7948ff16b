/*
 * What belongs to a call beside its row: arguments, result, the diff as it was shown, how it was
 * decided. Copied here, bounded, and handed to the writer once the row is committed: the text of a
 * call that was not recorded would stand beside another's row. Called by the files that learn of
 * them; nothing waits for it.
 *
 * Also the short texts of a row: what a secret was found in is marked before it is written.
 */
#include "config.h"

#include "ipc/broker_body.h"
#include "ipc/broker_submission.h"

#include "core/policy/secret_mask.h"

#include <stdlib.h>
#include <string.h>

enum { MARKED_MOST = 65536 };

/* A text of the turn under way. */
struct staged {
	int64_t number;
	enum store_part part;
	struct bounded text;
	struct hash hash;
};

struct bodies {
	struct staged *staged;
	size_t count, cap;
};

/* ---- short texts ---- */

void body_mark(struct broker *b, char **text)
{
	struct buf out = { 0 };
	size_t len = *text ? strlen(*text) : 0;
	if (!len) {
		return;
	}
	if (len > MARKED_MOST ||
		!secret_mark(
			b->policy.secrets, b->key, (struct span){ *text, len }, 0, len, &out)) {
		buf_text(&out, "\"⟨not kept⟩\""); /* good as JSON too */
	}
	free(*text);
	*text = buf_cstr(&out);
}

char *body_target(struct broker *b, const struct effects *effects)
{
	char *target = xstrdup(effects_target(effects));
	body_mark(b, &target);
	return target;
}

/* Keys are handed to servers as arguments, too. */
bool body_trust(struct broker *b, const struct claims *k, struct span by, struct err *err)
{
	char *argv = xstrdup(k->argv_json);
	body_mark(b, &argv);
	bool ok = history_trust(b->history, k->tuple.byte, span_of(k->name), span_of(argv),
		span_of(k->scope_json), by, clock_wall_ms() * 1000, err);
	free(argv);
	return ok;
}

/* ---- until the commit ---- */

static void stage(struct broker *b, int64_t number, enum store_part part, struct span text,
	const struct hash *hash)
{
	struct bodies *list = b->bodies = b->bodies ? b->bodies : xcalloc(1, sizeof(*list));
	list->staged = xgrow(list->staged, &list->cap, list->count + 1, sizeof(*list->staged));
	struct staged *s = &list->staged[list->count++];
	*s = (struct staged){ .number = number, .part = part, .hash = *hash };
	bounded_take(&s->text, text, store_part_most(part));
}

void body_commit(struct broker *b, bool kept)
{
	struct bodies *list = b->bodies;
	for (size_t i = 0; list && i < list->count; i++) {
		struct staged *s = &list->staged[i];
		if (kept && s->number > 0) {
			writer_text(b->writer, s->number, s->part, &s->text, &s->hash);
		}
		bounded_finish(&s->text);
	}
	if (list) {
		list->count = 0;
	}
}

void body_end(struct broker *b)
{
	body_commit(b, false);
	if (b->bodies) {
		free(b->bodies->staged);
	}
	free(b->bodies);
	b->bodies = NULL;
}

/* ---- what there is of a call ---- */

/* Of a tool call its arguments, of other methods all of its params. */
static struct span told_of(struct span params, struct span arguments)
{
	return arguments.at ? arguments : params;
}

void body_submission(struct broker *b, int64_t number, const struct submission *s)
{
	struct span now = told_of(s->params, s->arguments), proposed = { 0 };
	struct hash hash = hash_of(now);
	if (s->proposed.at && json_member(s->proposed, "arguments", &proposed)) {
		struct hash before = hash_of(proposed);
		stage(b, number, STORE_ARGUMENTS, proposed, &before);
		stage(b, number, STORE_EFFECTIVE, now, &hash);
	} else {
		stage(b, number, STORE_ARGUMENTS, now, &hash);
	}
}

static bool text_member(struct span params, const char *name, struct buf *out)
{
	struct span value;
	if (!json_member(params, name, &value) || json_type(value) != JSON_STRING) {
		return false;
	}
	json_decode(value, out);
	return true;
}

/* The gate has cut it already; it is another process, and what it says is bounded again. */
void body_result(struct broker *b, int64_t number, struct span note)
{
	struct buf head = { 0 }, tail = { 0 };
	struct span result, value;
	struct hash hash = { 0 };
	int64_t size = -1;
	size_t most = store_part_most(STORE_RESULT) + 2 * BOUNDED_MARGIN;
	if (number <= 0 || !b->config->number[OPTION_KEEP_ANSWERS] ||
		!json_member(note, "result", &result) || json_type(result) != JSON_OBJECT ||
		!text_member(result, "head", &head)) {
		return;
	}
	text_member(result, "tail", &tail);
	if (json_member(result, "size", &value)) {
		json_int(value, &size);
	}
	if (json_member(result, "hash", &value) && value.len == HASH_HEX + 2) {
		hash_from_hex((struct span){ value.at + 1, HASH_HEX }, &hash);
	}
	struct bounded text = { .size = size };
	if (head.len + tail.len <= most && size >= (int64_t)tail.len) {
		bounded_from(&text, &head, &tail, size);
		writer_text(b->writer, number, STORE_RESULT, &text, &hash);
	}
	buf_finish(&head);
	buf_finish(&tail);
}

void body_shown(const struct item *item, struct span preview)
{
	struct span files;
	if (item->number > 0 && json_type(preview) == JSON_OBJECT && item->claims.profile &&
		json_member(preview, "files", &files)) {
		struct buf copy = { 0 };
		buf_span(&copy, preview);
		writer_diff(item->broker->writer, item->number, item->claims.profile, item->tool,
			&copy);
	}
}

void body_decision(const struct item *item, const struct decided *d)
{
	static const struct hash none;
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_text(&w, "decision", d->yes ? "approve" : "deny");
	jw_kv_text(&w, "by", d->by);
	jw_kv_int(&w, "at", clock_wall_ms());
	jw_kv_int(&w, "waited_ms", clock_wall_ms() - item->arrived_ms);
	if (d->shown_ms >= 0) {
		jw_kv_int(&w, "shown_ms", d->shown_ms);
	}
	if (d->delay_ms > 0) {
		jw_kv_int(&w, "delay_ms", d->delay_ms);
	}
	if (item->deadline_ms) {
		jw_kv_int(&w, "deadline", item->deadline_ms);
	}
	if (d->grant.at) {
		jw_kv_raw(&w, "grant", d->grant);
	}
	if (d->grant_id) {
		jw_kv_int(&w, "grant_id", d->grant_id);
	}
	jw_kv_text(&w, "risk", risk_name(item->judgement.risk));
	jw_kv_text(&w, "rule", item->judgement.rule);
	jw_kv_int(&w, "revision", item->revision);
	jw_close(&w, '}');
	if (item->number > 0) {
		stage(item->broker, item->number, STORE_DECISION, buf_view(&out), &none);
	}
	buf_finish(&out);
}
