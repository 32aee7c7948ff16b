/* The table, and the look-up. What is not in it is treated by who sent it: see the last four
 * entries. */
#include "config.h"

#include "core/method.h"

/* clang-format off */
#define REQ(name, revs, from, action, special) \
	{ name, revs, METHOD_##from, false, METHOD_##action, METHOD_##special }
#define NOTE(name, revs, from, action, special) \
	{ name, revs, METHOD_##from, true, METHOD_##action, METHOD_##special }
/* clang-format on */

static const struct method methods[] = {
	REQ("tools/call", "ABCDE", CLIENT, GATE, TOOLS_CALL),
	REQ("tools/list", "ABCDE", CLIENT, INSPECT, TOOLS_LIST),
	REQ("initialize", "ABCD", CLIENT, INSPECT, INITIALIZE),
	REQ("server/discover", "E", CLIENT, INSPECT, DISCOVER),
	REQ("ping", "ABCD", BOTH, PASS, PING),
	REQ("resources/list", "ABCDE", CLIENT, PASS, PLAIN),
	REQ("resources/templates/list", "ABCDE", CLIENT, PASS, PLAIN),
	/* servers run code for any URI scheme */
	REQ("resources/read", "ABCDE", CLIENT, GATE, PLAIN),
	REQ("resources/directory/read", "x", CLIENT, GATE, PLAIN),
	REQ("resources/subscribe", "ABCD", CLIENT, PASS, PLAIN),
	REQ("resources/unsubscribe", "ABCD", CLIENT, PASS, PLAIN),
	/* stays open for long: never timed out */
	REQ("subscriptions/listen", "E", CLIENT, PASS, PLAIN),
	REQ("prompts/list", "ABCDE", CLIENT, PASS, PLAIN),
	REQ("prompts/get", "ABCDE", CLIENT, PASS, PLAIN),
	REQ("completion/complete", "ABCDE", CLIENT, PASS, PLAIN),
	REQ("logging/setLevel", "ABCD", CLIENT, PASS, PLAIN),
	/* a tool's result may come here */
	REQ("tasks/get", "Dx", CLIENT, INSPECT, PLAIN),
	REQ("tasks/get", "D", SERVER, PASS, PLAIN),
	REQ("tasks/result", "D", CLIENT, INSPECT, PLAIN),
	REQ("tasks/result", "D", SERVER, PASS, PLAIN),
	REQ("tasks/list", "D", BOTH, PASS, PLAIN),
	REQ("tasks/cancel", "Dx", BOTH, PASS, PLAIN),
	/* carries the user's data to the server */
	REQ("tasks/update", "x", CLIENT, GATE, PLAIN),
	REQ("skills/list", "x", CLIENT, PASS, PLAIN),
	REQ("skills/get", "x", CLIENT, PASS, PLAIN),

	NOTE("notifications/initialized", "ABCD", CLIENT, PASS, INITIALIZED),
	NOTE("notifications/cancelled", "ABCDE", BOTH, INSPECT, CANCELLED),
	NOTE("notifications/progress", "ABCDE", BOTH, INSPECT, PROGRESS),
	NOTE("notifications/roots/list_changed", "ABCD", CLIENT, PASS, PLAIN),
	NOTE("notifications/tasks/status", "D", BOTH, PASS, PLAIN),

	/* spends the user's tokens, may pull context */
	REQ("sampling/createMessage", "ABCD", SERVER, GATE, SAMPLING),
	REQ("elicitation/create", "CD", SERVER, INSPECT, ELICITATION),
	REQ("roots/list", "ABCD", SERVER, PASS, PLAIN),
	NOTE("notifications/message", "ABCDE", SERVER, PASS, PLAIN),
	NOTE("notifications/tools/list_changed", "ABCDE", SERVER, INSPECT, TOOLS_CHANGED),
	NOTE("notifications/prompts/list_changed", "ABCDE", SERVER, PASS, PLAIN),
	NOTE("notifications/resources/list_changed", "ABCDE", SERVER, PASS, PLAIN),
	NOTE("notifications/resources/updated", "ABCDE", SERVER, PASS, PLAIN),
	NOTE("notifications/elicitation/complete", "D", SERVER, PASS, PLAIN),
	NOTE("notifications/subscriptions/acknowledged", "E", SERVER, PASS, PLAIN),
	NOTE("notifications/tasks", "x", SERVER, INSPECT, PLAIN),
};

static const struct method unknown_client_request = REQ("", "", CLIENT, GATE, PLAIN);
static const struct method unknown_client_note = NOTE("", "", CLIENT, REFUSE, PLAIN);
static const struct method unknown_server_request = REQ("", "", SERVER, REFUSE, PLAIN);
static const struct method unknown_server_note = NOTE("", "", SERVER, PASS, PLAIN);

const struct method *method_find(struct span name, enum method_from from, bool notification)
{
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		const struct method *m = &methods[i];
		if ((m->from & from) && m->notification == notification && span_is(name, m->name)) {
			return m;
		}
	}
	if (from == METHOD_CLIENT) {
		return notification ? &unknown_client_note : &unknown_client_request;
	}
	return notification ? &unknown_server_note : &unknown_server_request;
}
