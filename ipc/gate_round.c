/*
 * Multi-round holds of 2026-07-28: before its deadline the client is told "ask again with this
 * state", and its next request takes the place of the last. What is forwarded in the end is the
 * line that came first, with the id and the token of the round that waits.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/canon.h"
#include "core/refusal.h"

#include <stdlib.h>
#include <string.h>

static struct hash canonical(const struct message *m)
{
	struct hash_run run;
	hash_begin(&run);
	hash_part(&run, span_of(m->method_name));
	canon_hash(&run, m->name);
	canon_hash(&run, m->uri);
	canon_hash(&run, m->arguments);
	return hash_end(&run);
}

void call_end_round(struct call *call)
{
	struct buf out = { 0 };
	if (!call->state_token) {
		struct hash h = { { 0 } };
		char hex[HASH_HEX + 1];
		gate_random(h.byte, 16);
		hash_hex(&h, hex);
		hex[32] = '\0';
		call->state_token = xasprintf("bascule/%s", hex);
		call->same = canonical(call_proposed(call));
	}
	refusal_again(&out, span_of(call->reply_id), call->state_token);
	pending_destroy(map_take(&call->gate->pending[call->from], span_of(call->key)));
	call->key[0] = '\0';
	call->between_ms = uv_now(call->gate->loop);
	gate_to_client(call->gate, &out);
	gate_tick(call->gate, call->between_ms + CALL_BETWEEN_MS);
}

bool call_can_round(const struct call *call)
{
	return call->message.modern && call->from == SIDE_CLIENT && call->rounds < GATE_ROUNDS &&
		call->state == LIFE_HELD && call->message.entry->special == METHOD_TOOLS_CALL;
}

static struct call *find_round(struct gate *g, const struct message *m)
{
	for (struct call *call = g->first_call; call; call = call->next) {
		if (call->state_token && (call_waits(call) || call->late_words) &&
			json_is(m->request_state, call->state_token)) {
			return call;
		}
	}
	return NULL;
}

/* True: the message was one of ours and is dealt with; *why is then NULL or says why it is refused.
 */
bool call_retry(struct gate *g, const struct message *m, const char **why)
{
	*why = NULL;
	if (!m->request_state.at || json_type(m->request_state) != JSON_STRING) {
		return false;
	}
	struct call *call = find_round(g, m);
	if (!call) {
		struct buf text = { 0 };
		json_decode(m->request_state, &text);
		bool ours = span_starts(buf_view(&text), "bascule/");
		buf_finish(&text);
		*why = ours ? "requestState belongs to a call that does not wait any more" : NULL;
		return ours;
	}
	struct hash same = canonical(m);
	if (!hash_same(&same, &call->same) || call->key[0]) {
		*why = "requestState belongs to another call";
		return true;
	}
	struct pending *entry = xcalloc(1, sizeof(*entry));
	entry->call = call;
	if (!gate_expect(g, SIDE_CLIENT, m->key, entry, why)) {
		pending_destroy(entry);
		return true;
	}
	call->rounds++;
	call->between_ms = 0;
	call_take_request(call, m);
	gate_tick(g, uv_now(g->loop));
	if (call->late_words) {
		gate_answer(g, call, call->late_words);
		call_destroy(call);
	} else if (call->check_waits) {
		call->check_waits = false;
		call_gather(call);
	}
	return true;
}
