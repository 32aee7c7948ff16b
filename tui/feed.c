/*
 * Speaks role "console": hello, watch, then requests with an id each, kept in a short list until
 * their answer comes. What the broker sends is validated before anything reads it; a line that is
 * no JSON ends the connection. The connection itself (finding, starting, coming back) is
 * ipc/link's; what there is to ask is feed_ask.c's. Called by app.c; reports to it.
 */
#include "config.h"

#include "tui/feed_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "ipc/link.h"
#include "ipc/log.h"
#include "ipc/wire.h"

struct request_spec {
	const char *method;
	enum feed_kind answer, refusal;
};

static const struct request_spec request_specs[] = {
#define X(id, method, answer, refusal) { method, FEED_##answer, FEED_##refusal },
	REQUESTS(X)
#undef X
};

struct request {
	int64_t id;
	enum feed_request kind;
	char *call;
	int64_t revision;
	bool approve;
	struct request *next;
};

struct feed {
	struct link *link;
	struct turn turn;
	struct feed_options options;
	struct request *requests;
	int64_t last_id;
	struct json_scan scan;
	bool up;
	char *refusal; /* why the broker would not have us, until the connection is closed for it */
};

struct notice {
	const char *method;
	enum feed_kind kind;
};

static const struct notice notices[] = {
	{ "snapshot", FEED_SNAPSHOT },
	{ "item", FEED_ITEM },
	{ "gone", FEED_GONE },
	{ "counters", FEED_COUNTERS },
	{ "passed", FEED_PASSED },
	{ "trouble", FEED_TROUBLE },
	{ "master", FEED_MASTER },
	{ "attention", FEED_ATTENTION },
	{ "muted", FEED_MUTED },
};

static void tell(struct feed *feed, const struct feed_note *note)
{
	feed->options.each(feed->options.data, note);
}

/* --- out --- */

static void begin(struct feed_line *line, const char *method)
{
	line->w = jw_start(&line->text);
	jw_open(&line->w, '{');
	jw_kv_text(&line->w, "jsonrpc", "2.0");
	jw_kv_text(&line->w, "method", method);
}

static void begin_params(struct feed_line *line)
{
	jw_key(&line->w, "params");
	jw_open(&line->w, '{');
}

void feed_end(struct feed *feed, struct feed_line *line)
{
	jw_close(&line->w, '}');
	jw_close(&line->w, '}');
	buf_char(&line->text, '\n');
	link_send_buf(feed->link, &line->text);
	buf_finish(&line->text);
}

static struct request *remember(
	struct feed *feed, enum feed_request kind, const char *call, int64_t revision)
{
	struct request *r = xcalloc(1, sizeof(*r));
	*r = (struct request){ ++feed->last_id, kind, xstrdup(call), revision, false,
		feed->requests };
	feed->requests = r;
	return r;
}

static void begin_request(struct feed_line *line, const struct request *r)
{
	*line = (struct feed_line){ 0 };
	begin(line, request_specs[r->kind].method);
	jw_kv_int(&line->w, "id", r->id);
	begin_params(line);
}

bool feed_ask(struct feed *feed, struct feed_line *line, const struct feed_about *about)
{
	if (!feed->up) {
		return false;
	}
	struct request *r = remember(feed, about->kind, about->call, about->revision);
	r->approve = about->approve;
	begin_request(line, r);
	if (about->call) {
		jw_kv_text(&line->w, "call", about->call);
	}
	return true;
}

bool feed_tell(struct feed *feed, struct feed_line *line, const char *method)
{
	*line = (struct feed_line){ 0 };
	if (feed->up) {
		begin(line, method);
		begin_params(line);
	}
	return feed->up;
}

/* The first three requests, which come before the connection counts as up. */
static void greet(struct feed *feed, enum feed_request kind)
{
	struct feed_line line;
	begin_request(&line, remember(feed, kind, NULL, 0));
	if (kind == ASK_HELLO) {
		jw_kv_text(&line.w, "protocol", WIRE_PROTOCOL);
		jw_kv_text(&line.w, "role", "console");
		jw_kv_bool(&line.w, "remote", getenv("SSH_CONNECTION") != NULL);
	}
	if (kind != ASK_WATCH) {
		jw_kv_text(&line.w, "version", PACKAGE_VERSION);
	}
	feed_end(feed, &line);
}

/* --- in --- */

static struct span member(struct span object, const char *name)
{
	struct span value = { NULL, 0 };
	return json_type(object) == JSON_OBJECT && json_member(object, name, &value)
		? value
		: (struct span){ NULL, 0 };
}

static void free_request(struct request *r)
{
	free(r->call);
	free(r);
}

static struct request *take_request(struct feed *feed, struct span id)
{
	int64_t n = 0;
	for (struct request **at = &feed->requests; json_int(id, &n) && *at; at = &(*at)->next) {
		struct request *r = *at;
		if (r->id == n) {
			*at = r->next;
			return r;
		}
	}
	return NULL;
}

static void forget_requests(struct feed *feed)
{
	while (feed->requests) {
		struct request *next = feed->requests->next;
		free_request(feed->requests);
		feed->requests = next;
	}
}

/* An installed update meets the broker that was running before it. */
static bool broker_is_older(const struct feed *feed, struct span result)
{
	char *version = json_strdup(member(result, "version"));
	bool older = feed->options.decide_fd < 0 && version &&
		strverscmp(version, PACKAGE_VERSION) < 0;
	free(version);
	return older;
}

static void answered(struct feed *feed, const struct request *r, struct span result)
{
	struct feed_note note = { .json = result,
		.call = r->call,
		.revision = r->revision,
		.approve = r->approve,
		.asked = true };
	switch (r->kind) {
	case ASK_HELLO:
		if (broker_is_older(feed, result)) {
			greet(feed, ASK_HANDOVER);
		} else {
			greet(feed, ASK_WATCH);
		}
		break;
	case ASK_HANDOVER:
		break; /* it says goodbye; the link finds or starts its successor */
	case ASK_WATCH:
		feed->up = true;
		note.kind = FEED_UP;
		tell(feed, &note);
		note.kind = FEED_SNAPSHOT;
		tell(feed, &note);
		break;
	default:
		note.kind = request_specs[r->kind].answer;
		tell(feed, &note);
	}
}

static void refused(struct feed *feed, const struct request *r, struct span error)
{
	int64_t code = 0;
	char *message = json_strdup(member(error, "message"));
	json_int(member(error, "code"), &code);
	const char *text = message ? message : "the broker refused without a reason";
	struct feed_note note = { .call = r->call,
		.revision = r->revision,
		.approve = r->approve,
		.asked = true,
		.code = (int)code,
		.text = text };
	switch (r->kind) {
	case ASK_HELLO:
	case ASK_WATCH:
		free(feed->refusal);
		feed->refusal = xstrdup(text);
		link_drop(feed->link, text);
		break;
	case ASK_HANDOVER:
		greet(feed, ASK_WATCH);
		break;
	default:
		note.kind = request_specs[r->kind].refusal;
		tell(feed, &note);
	}
	free(message);
}

/* A line's members; its snapshot may be megabytes, and is walked over once. */
struct message {
	struct span method, id, params, result, error;
};

static struct message read_message(struct span line)
{
	struct message m = { 0 };
	const struct json_want wants[] = { JSON_WANT("method", &m.method), JSON_WANT("id", &m.id),
		JSON_WANT("params", &m.params), JSON_WANT("result", &m.result),
		JSON_WANT("error", &m.error) };
	json_pick(line, wants, COUNT_OF(wants));
	return m;
}

static void on_answer(struct feed *feed, const struct message *m)
{
	struct request *r = take_request(feed, m->id);
	if (!r) {
		return;
	}
	if (m->error.at) {
		refused(feed, r, m->error);
	} else {
		answered(feed, r, m->result);
	}
	free_request(r);
}

static void on_notice(struct feed *feed, struct span method, struct span params)
{
	for (size_t i = 0; feed->up && i < COUNT_OF(notices); i++) {
		if (json_is(method, notices[i].method)) {
			struct feed_note note = { .kind = notices[i].kind, .json = params };
			note.json = note.kind == FEED_MASTER ? member(params, "master") : params;
			tell(feed, &note);
		}
	}
}

static void no_such_method(struct feed *feed, struct span id)
{
	struct feed_line line = { 0 };
	line.w = jw_start(&line.text);
	jw_open(&line.w, '{');
	jw_kv_text(&line.w, "jsonrpc", "2.0");
	jw_kv_raw(&line.w, "id", id);
	jw_key(&line.w, "error");
	jw_open(&line.w, '{');
	jw_kv_int(&line.w, "code", -32601);
	jw_kv_text(&line.w, "message", "a console answers no requests");
	feed_end(feed, &line);
}

static void on_line(void *data, struct span line)
{
	struct feed *feed = data;
	if (!json_validate(&feed->scan, line, JSON_LOOSE) || feed->scan.type != JSON_OBJECT) {
		log_line("the broker sent what is no message: %s",
			feed->scan.fault ? feed->scan.fault : "no object");
		link_drop(feed->link, "the broker sent what is no message");
		return;
	}
	const struct message m = read_message(feed->scan.value);
	if (m.method.at && m.id.at) {
		no_such_method(feed, m.id);
	} else if (m.method.at) {
		on_notice(feed, m.method, m.params);
	} else {
		on_answer(feed, &m);
	}
}

static void on_up(void *data)
{
	greet(data, ASK_HELLO);
}

static void went_down(struct feed *feed, const char *why)
{
	struct feed_note note = { .kind = FEED_DOWN, .text = feed->refusal ? feed->refusal : why };
	note.final = feed->options.decide_fd >= 0;
	feed->up = false;
	forget_requests(feed);
	tell(feed, &note);
	free(feed->refusal);
	feed->refusal = NULL;
}

static void on_down(void *data, const char *why)
{
	went_down(data, why);
}

struct feed *feed_create(struct uv_loop_s *loop, const struct feed_options *options)
{
	static const struct link_calls calls = {
		.on_up = on_up, .on_line = on_line, .on_down = on_down, .on_hopeless = on_down
	};
	struct feed *feed = xcalloc(1, sizeof(*feed));
	feed->options = *options;
	struct link_options link_options = {
		.which = HOME_DECISIONS, .fd = options->decide_fd, .launch = options->launch
	};
	turn_init(&feed->turn, loop, NULL, NULL);
	feed->link = link_create(loop, &feed->turn, options->paths, &link_options, &calls, feed);
	return feed;
}

void feed_close(struct feed *feed)
{
	if (feed) {
		turn_flush(&feed->turn);
		link_destroy(feed->link);
		turn_close(&feed->turn);
		feed->up = false;
	}
}

void feed_destroy(struct feed *feed)
{
	if (feed) {
		forget_requests(feed);
		json_finish(&feed->scan);
		free(feed->refusal);
		free(feed);
	}
}
