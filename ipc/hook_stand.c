/*
 * Which server a hook's call is for, and what follows from it: its name, profile, scope and
 * directory become the gate's own before the call is read, so effects and facts are those that the
 * gate in front of the server will find. Called by carry.c.
 *
 * Promises: a call is read by one server's claims and asked of a broker that knows the same; when a
 * broker comes back and does not, it is asked again for a while, and then the call is refused.
 */
#include "config.h"

#include "ipc/hook_stand.h"

#include "core/diag.h"
#include "ipc/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	MEET_MS = 5000, /* no broker for so long: the call waits for one as the agent's own */
	AGAIN_MS = 10000, /* the gate in front of the server comes back to a new broker, or not */
};

static void ask(struct stand *s)
{
	s->asked = true;
	s->ask(s->gate, s->tool);
}

static void ask_as_own(struct stand *s)
{
	s->gate->is_for = (struct gate_for){ 0 };
	ask(s);
}

static void on_time(uv_timer_t *timer)
{
	struct stand *s = timer->data;
	if (s->why || s->asked) {
		s->fail(s->gate,
			s->why ? s->why
			       : "NOT executed: bascule was started anew and does not know the "
				 "server of this call any more. Call again.");
	} else {
		ask_as_own(s);
	}
}

static char **texts_of(struct span list, size_t *count)
{
	struct json_walk walk = json_walk_of(list);
	struct span item;
	char **texts = NULL;
	while (json_next(&walk, NULL, &item)) {
		texts = xrealloc(texts, (*count + 1) * sizeof(*texts));
		texts[(*count)++] = json_type(item) == JSON_STRING ? json_strdup(item)
								   : xstrdup("");
	}
	return texts;
}

/* The claim that is made at hello stays the hook's own; the rest is the server's. */
static bool move(struct stand *s, char **scope, size_t count, const char *cwd, struct err *err)
{
	struct gate *g = s->gate;
	if (!cwd || chdir(cwd) != 0) {
		return fail(err, DIAG_NONE, "the server's directory cannot be entered: %s",
			strerror(cwd ? errno : ENOENT));
	}
	s->own = g->facts;
	g->claim.facts = &s->own;
	return facts_init(&g->facts, scope, count, g->paths->home, err);
}

static bool take_over(struct stand *s, struct span server, struct err *err)
{
	struct gate *g = s->gate;
	struct span list = { 0 };
	size_t count = 0;
	char *cwd = json_member_text(server, "cwd");
	char **scope = json_member(server, "scope", &list) && json_type(list) == JSON_ARRAY
		? texts_of(list, &count)
		: NULL;
	bool good = move(s, scope, count, cwd, err);
	g->as_name = json_member_text(server, "name");
	g->as_profile = json_member_text(server, "profile");
	for (size_t i = 0; i < count; i++) {
		free(scope[i]);
	}
	free(scope);
	free(cwd);
	s->tool = s->call->server ? s->call->server_tool : json_member_text(server, "tool");
	return good &&
		((g->as_name && g->as_profile && s->tool) ||
			fail(err, DIAG_NONE, "the broker does not say which server this is"));
}

static bool again(struct stand *s, struct span server)
{
	bool same = s->taken ? span_is(server, s->taken) : !server.at;
	if (same) {
		uv_timer_stop(&s->timer);
	} else if (!uv_is_active((uv_handle_t *)&s->timer)) {
		uv_timer_start(&s->timer, on_time, AGAIN_MS, 0);
	}
	return same;
}

bool stand_greeted(struct stand *s, struct span server)
{
	struct err err = { 0 };
	if (s->asked || s->why) {
		return s->asked && again(s, server);
	}
	uv_timer_stop(&s->timer);
	if (!server.at) {
		ask_as_own(s);
	} else if (take_over(s, server, &err)) {
		s->taken = span_dup(server);
		ask(s);
	} else {
		s->why = xasprintf("NOT executed: %s", err.text);
		uv_timer_start(&s->timer, on_time, 0, 0);
		return false;
	}
	return true;
}

void stand_hopeless(struct stand *s)
{
	if (!s->asked && !s->why) {
		uv_timer_start(&s->timer, on_time, 0, 0);
	}
}

void stand_begin(struct stand *s, const struct hook_form *form)
{
	s->tool = s->call->tool;
	uv_timer_init(s->gate->loop, &s->timer);
	s->timer.data = s;
	if (!s->call->server && !form->joint) {
		ask(s);
		return;
	}
	s->gate->is_for = (struct gate_for){ .server = s->call->server,
		.tool = s->call->tool,
		.joint = form->joint,
		.id = form->hands_id ? s->call->call_id : NULL };
	uv_timer_start(&s->timer, on_time, MEET_MS, 0);
	wire_wake(s->gate->wire);
}
