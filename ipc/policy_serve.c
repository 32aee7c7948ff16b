/*
 * bascule policy-server: an MCP server with one tool, `bascule_policy`, which an agent may ask
 * before it acts. It is a server of its own, so that nothing is added to what passes through a
 * gate, and it is there only where somebody has put it into a configuration.
 *
 * Promises: runs nothing, records nothing but how often it was asked (in the log, at its end);
 * every question is answered once, after two seconds at the latest, and then by "hold". Questions
 * are judged one by one on a thread, since a file system may take its time.
 */
#include "config.h"

#include "ipc/policy_cmd.h"

#include "core/hook.h"
#include "ipc/log.h"
#include "ipc/policy_ask.h"
#include "ipc/stdio_server.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LINE_CAP = 4 << 20,
	WAITING_MAX = 32,
	ANSWER_MS = 2000, /* a gate, too, takes no longer for its facts */
};

/* A question that waits for its answer; its thread may outlast that. */
struct question {
	struct question *next; /* server.first: in the order in which they came */
	struct server *server;
	uv_work_t work;
	char *id, *text; /* raw */
	char key[MESSAGE_KEY];
	uint64_t due_ms;
	bool answered;
	enum verdict verdict;
	struct buf out;
};

struct server {
	struct stdio_server io;
	struct policy_asker asker;
	char **scope;
	struct question *first; /* the first is being judged */
	size_t waiting;
	bool ended; /* no more questions: the last answer is the end */
	size_t verdicts[VERDICT_DENY + 1];
};

// clang-format off
static const char tools[] =
	"[{\"name\":\"bascule_policy\",\"title\":\"Ask the user's approval policy\","
	"\"description\":\"Says what would become of a tool call before you make it: allow (it would "
	"run at once), hold (it would wait for the user) or deny, with the rule, the reason and, "
	"where there is one, what is allowed instead. Runs nothing.\","
	"\"inputSchema\":{\"type\":\"object\",\"properties\":{"
	"\"tool\":{\"type\":\"string\",\"description\":\"name of the tool\"},"
	"\"arguments\":{\"type\":\"object\",\"description\":\"the arguments you would give it\"},"
	"\"server\":{\"type\":\"string\",\"description\":\"the MCP server it is of; leave out for "
	"your own tools\"}},\"required\":[\"tool\",\"arguments\"]},"
	"\"annotations\":{\"readOnlyHint\":true,\"idempotentHint\":true,\"openWorldHint\":false}}]";
// clang-format on

/* ---- answers ---- */

static void end_if_done(struct server *s)
{
	if (s->ended && !s->waiting) {
		uv_stop(&s->io.loop);
	}
}

static void say(struct server *s, struct question *q)
{
	struct buf line = { 0 };
	q->answered = true;
	s->waiting--;
	s->verdicts[q->verdict]++;
	serve_text(&line, span_of(q->id), buf_view(&q->out));
	stdio_server_send(&s->io, &line);
	end_if_done(s);
}

static void tick(struct server *s);

static void on_clock(uv_timer_t *timer)
{
	struct server *s = timer->data;
	for (struct question *q = s->first; q; q = q->next) {
		if (!q->answered && uv_now(&s->io.loop) >= q->due_ms) {
			/* `out` is the thread's until it ends */
			struct question late = { .id = q->id, .verdict = VERDICT_HOLD };
			policy_ask_unknown("it could not be found out in time", &late.out);
			say(s, &late);
			buf_finish(&late.out);
			q->answered = true;
		}
	}
	tick(s);
}

static void tick(struct server *s)
{
	for (struct question *q = s->first; q; q = q->next) {
		if (!q->answered) {
			uint64_t now = uv_now(&s->io.loop);
			uv_timer_start(
				&s->io.clock, on_clock, q->due_ms > now ? q->due_ms - now : 0, 0);
			return;
		}
	}
	uv_timer_stop(&s->io.clock);
}

/* ---- questions ---- */

static void on_work(uv_work_t *work)
{
	struct question *q = work->data;
	struct json_scan scan = { 0 };
	json_validate(&scan, span_of(q->text), JSON_STRICT);
	q->verdict = policy_ask(&q->server->asker, scan.value, &q->out);
	json_finish(&scan);
}

static void judge_first(struct server *s);

static void on_judged(uv_work_t *work, int status)
{
	struct question *q = work->data;
	struct server *s = q->server;
	(void)status;
	if (!q->answered) {
		say(s, q);
	}
	s->first = q->next;
	buf_finish(&q->out);
	free(q->id);
	free(q->text);
	free(q);
	judge_first(s);
	tick(s);
}

static void judge_first(struct server *s)
{
	if (s->first) {
		s->first->work.data = s->first;
		uv_queue_work(&s->io.loop, &s->first->work, on_work, on_judged);
	}
}

static void call(void *data, const struct message *m)
{
	struct server *s = data;
	struct question **at = &s->first;
	bool busy = s->first != NULL;
	if (!json_is(m->name, "bascule_policy")) {
		stdio_server_fail(&s->io, m->id, RPC_PARAMS, "Unknown tool");
		return;
	}
	if (s->waiting >= WAITING_MAX) {
		stdio_server_fail(&s->io, m->id, RPC_DENIED, "too many questions at once");
		return;
	}
	struct question *q = xcalloc(1, sizeof(*q));
	q->server = s;
	q->id = span_dup(m->id);
	q->text = span_dup(m->arguments.at ? m->arguments : SPAN("{}"));
	memcpy(q->key, m->key, sizeof(q->key));
	q->due_ms = uv_now(&s->io.loop) + ANSWER_MS;
	while (*at) {
		at = &(*at)->next;
	}
	*at = q;
	s->waiting++;
	if (!busy) {
		judge_first(s);
	}
	tick(s);
}

static void cancel(void *data, const struct message *m)
{
	struct server *s = data;
	char key[MESSAGE_KEY];
	for (struct question *q = s->first; q && message_key(m->request_id, key); q = q->next) {
		if (!q->answered && strcmp(q->key, key) == 0) {
			q->answered = true;
			s->waiting--;
		}
	}
}

/* ---- lines ---- */

/* Whose own tools are meant, if nobody has said: the client's, by its name. */
static void know_client(void *data, const struct message *m)
{
	struct server *s = data;
	if (m->kind != MESSAGE_REQUEST || s->first) {
		return;
	}
	char *name = m->client_info.at && json_type(m->client_info) == JSON_OBJECT
		? json_member_text(m->client_info, "name")
		: NULL;
	const struct hook_form *form;
	for (size_t i = 0; name && !s->asker.profile[0] && (form = hook_at(i)); i++) {
		if (span_starts(span_of(name), form->name)) {
			s->asker.server = form->name;
			s->asker.profile = form->profile;
		}
	}
	free(name);
}

static void on_end(void *data)
{
	struct server *s = data;
	s->ended = true;
	end_if_done(s);
}

static void on_nobody(void *data)
{
	struct server *s = data;
	uv_stop(&s->io.loop);
}

static void on_signal(void *data, int number)
{
	(void)number;
	on_nobody(data);
}

/* ---- the program ---- */

static bool parse_arguments(struct server *s, int argc, char **argv)
{
	enum { SCOPE = 1, ROOT, AGENT };
	static const struct option options[] = {
		{ "scope", required_argument, NULL, SCOPE },
		{ "root", required_argument, NULL, ROOT },
		{ "agent", required_argument, NULL, AGENT },
		{ NULL, 0, NULL, 0 },
	};
	const struct hook_form *form;
	int c;
	while ((c = getopt_long(argc, argv, "v", options, NULL)) != -1) {
		switch (c) {
		case SCOPE:
			s->scope = xrealloc(
				s->scope, (s->asker.scope_count + 1) * sizeof(*s->scope));
			s->scope[s->asker.scope_count++] = optarg;
			break;
		case ROOT:
			s->asker.root = optarg;
			break;
		case AGENT:
			form = hook_find(span_of(optarg));
			if (!form) {
				return false;
			}
			s->asker.server = form->name;
			s->asker.profile = form->profile;
			break;
		case 'v':
			break;
		default:
			return false;
		}
	}
	s->asker.scope = s->scope;
	return optind == argc;
}

static void count(const struct server *s)
{
	size_t all = 0;
	for (size_t i = 0; i < COUNT_OF(s->verdicts); i++) {
		all += s->verdicts[i];
	}
	if (all) {
		log_line("asked %zu times beforehand: %zu allow, %zu hold, %zu deny", all,
			s->verdicts[VERDICT_ALLOW], s->verdicts[VERDICT_HOLD],
			s->verdicts[VERDICT_DENY]);
	}
}

int policy_cmd_server(int argc, char **argv)
{
	static const struct stdio_server_calls calls = { .offer = { "bascule-policy",
								 { tools, sizeof(tools) - 1 } },
		.line_cap = LINE_CAP,
		.seen = know_client,
		.call = call,
		.cancel = cancel,
		.ended = on_end,
		.left = on_nobody,
		.signalled = on_signal };
	struct server s = { .asker = { .server = "", .profile = "" } };
	struct paths paths = { 0 };
	struct err err = { 0 };
	signal(SIGPIPE, SIG_IGN);
	if (!parse_arguments(&s, argc, argv)) {
		fprintf(stderr, "usage: bascule policy-server [--agent AGENT] [--scope DIR]...\n");
		return CMD_USAGE;
	}
	if (!paths_init(&paths, s.asker.root, &err) ||
		!stdio_server_open(&s.io, &calls, &s, &err)) {
		return cmd_fail("policy-server", &err, CMD_FAILED);
	}
	paths_prepare(&paths, &err);
	log_open(paths.log, "policy", false);
	uv_run(&s.io.loop, UV_RUN_DEFAULT);
	turn_flush(&s.io.turn);
	count(&s);
	_exit(CMD_OK); /* a thread may still wait for a file system */
}
