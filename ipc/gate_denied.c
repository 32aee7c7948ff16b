/*
 * A denial as the broker says it, put into words for the agent. The same for a server's gate and
 * for a hook. Called by gate_call.c.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/refusal.h"

#include <stdlib.h>

enum { INSTEAD_MOST = 400 /* bytes of one; what is longer is not of our broker */ };

static int64_t int_of(struct span object, const char *name)
{
	struct span value;
	int64_t n = 0;
	return json_member(object, name, &value) && json_int(value, &n) ? n : 0;
}

static void read_instead(struct span list, char *texts[REFUSAL_INSTEAD], struct refusal_no *no)
{
	struct json_walk walk = json_walk_of(list);
	struct span value;
	for (size_t n = 0; n < REFUSAL_INSTEAD && json_next(&walk, NULL, &value);) {
		if (json_type(value) == JSON_STRING && value.len <= INSTEAD_MOST) {
			texts[n] = json_strdup(value);
			no->instead[n] = span_of(texts[n]);
			n++;
		}
	}
}

bool denied_by_person(struct span params)
{
	struct span by;
	return !json_member(params, "by", &by) || !json_is(by, "policy");
}

char *call_denied_words(struct span said, bool by_person)
{
	struct span reason = { 0 }, message = { 0 }, before = { 0 }, instead = { 0 };
	const struct json_want wants[] = { JSON_WANT("reason", &reason),
		JSON_WANT("message", &message), JSON_WANT("denied_before", &before),
		JSON_WANT("instead", &instead) };
	struct refusal_no no = { .by_person = by_person };
	struct buf why = { 0 };
	char *texts[REFUSAL_INSTEAD] = { NULL };
	if (said.at && json_type(said) == JSON_OBJECT) {
		json_pick(said, wants, COUNT_OF(wants));
	}
	reason = reason.at ? reason : message;
	if (reason.at && json_type(reason) == JSON_STRING) {
		json_decode(reason, &why);
	}
	if (before.at && json_type(before) == JSON_OBJECT) {
		no.times = int_of(before, "count");
		no.number = int_of(before, "number");
	}
	if (instead.at && json_type(instead) == JSON_ARRAY) {
		read_instead(instead, texts, &no);
	}
	no.reason = buf_view(&why);
	char *words = refusal_denied(&no);
	buf_finish(&why);
	for (size_t i = 0; i < REFUSAL_INSTEAD; i++) {
		free(texts[i]);
	}
	return words;
}
