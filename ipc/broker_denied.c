/*
 * What was denied, as long as its session goes on: so that an agent that asks again is told, and a
 * person sees that it does.
 *
 * A form is the hash of server, tool and arguments (`same`) as the agent sent them. Promises:
 * bounded, the oldest goes first; once the form passes it is forgotten; nothing is decided by it. A
 * broker that ends forgets it.
 */
#include "config.h"

#include "ipc/broker.h"

#include "core/policy/instead.h"

#include <stdlib.h>
#include <string.h>

enum { DENIALS_MAX = 256, REASON_MAX = 240 };

struct denial {
	struct denial *next; /* broker.denials: latest first */
	struct agent *agent;
	struct hash same;
	struct denied_before said;
	char reason[REASON_MAX + 1];
};

static struct denial **find(struct broker *b, const struct agent *agent, const struct hash *same)
{
	struct denial **at = &b->denials;
	while (*at && !((*at)->agent == agent && hash_same(&(*at)->same, same))) {
		at = &(*at)->next;
	}
	return at;
}

static struct denial *take(struct denial **at)
{
	struct denial *denial = *at;
	*at = denial->next;
	return denial;
}

static void destroy(struct denial *denial)
{
	agent_release(denial->agent);
	free(denial);
}

static void sweep(struct broker *b)
{
	size_t kept = 0;
	for (struct denial **at = &b->denials; *at;) {
		if ((*at)->agent->gone || kept == DENIALS_MAX) {
			destroy(take(at));
		} else {
			kept++;
			at = &(*at)->next;
		}
	}
}

void denied_note(struct broker *b, struct agent *agent, const struct hash *same, int64_t number,
	const char *reason)
{
	if (!agent || agent->gone) {
		return;
	}
	struct denial **at = find(b, agent, same), *denial = *at ? take(at) : NULL;
	if (!denial) {
		denial = xcalloc(1, sizeof(*denial));
		denial->agent = agent_ref(agent);
		denial->same = *same;
	}
	size_t n = reason ? strnlen(reason, REASON_MAX + 1) : 0;
	while (n > REASON_MAX || (n && n < strlen(reason) && (reason[n] & 0xc0) == 0x80)) {
		n--; /* no half of a character */
	}
	memcpy(denial->reason, n ? reason : "", n);
	denial->reason[n] = '\0';
	denial->said.reason = denial->reason;
	denial->said.count++;
	denial->said.number = number;
	denial->said.at_ms = clock_wall_ms();
	denial->next = b->denials;
	b->denials = denial;
	sweep(b);
}

struct denied_before denied_before(
	struct broker *b, const struct agent *agent, const struct hash *same)
{
	const struct denial *denial = agent ? *find(b, agent, same) : NULL;
	return denial ? denial->said : (struct denied_before){ 0 };
}

void denied_forget(struct broker *b, const struct agent *agent, const struct hash *same)
{
	struct denial **at = find(b, agent, same);
	if (agent && *at) {
		destroy(take(at));
	}
}

void denied_write(const struct denied_before *before, struct jsonw *w)
{
	if (before->count) {
		jw_key(w, "denied_before");
		jw_open(w, '{');
		jw_kv_int(w, "count", before->count);
		jw_kv_int(w, "number", before->number);
		jw_kv_int(w, "at", before->at_ms);
		if (before->reason) {
			jw_kv_text(w, "reason", before->reason);
		}
		jw_close(w, '}');
	}
}

void denied_instead(
	struct broker *b, const struct policy_call *call, bool by_person, struct buf *array)
{
	struct instead instead;
	if (b->master.mode != MASTER_POLICY || b->record.trouble[0]) {
		return; /* nothing passes by the rules now */
	}
	policy_instead(call, by_person, &instead);
	struct jsonw w = jw_start(array);
	jw_open(&w, '[');
	for (size_t i = 0; i < instead.count; i++) {
		jw_text(&w, instead.words[i]);
	}
	jw_close(&w, ']');
	if (!instead.count) {
		buf_finish(array);
	}
}

void denied_write_instead(const struct buf *array, struct jsonw *w)
{
	if (array->len) {
		jw_kv_raw(w, "instead", buf_view(array));
	}
}

void denied_end(struct broker *b)
{
	while (b->denials) {
		destroy(take(&b->denials));
	}
}
