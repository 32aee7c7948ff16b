/*
 * Speaks role "console": hello, watch, then requests with an id each, kept in a short list until
 * their answer comes. What the broker sends is validated before anything reads it; a line that is
 * no JSON ends the connection. The connection itself (finding, starting, coming back) is
 * ipc/link's. Called by app.c; reports to it.
 */
#include "config.h"

#include "tui/feed.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/jsonw.h"
#include "ipc/link.h"
#include "ipc/log.h"
#include "ipc/wire.h"

/* id, method, what its answer and its refusal are told as; the first three are not told as they are
 */
#define REQUESTS(X) \
	X(HELLO, "hello", UP, DOWN) \
	X(WATCH, "watch", UP, DOWN) \
	X(HANDOVER, "handover", UP, DOWN) \
	X(SHOW, "show", SHOWN, SHOW_FAILED) \
	X(DECIDE, "decide", DECIDED, REFUSED) \
	X(UNDO, "undo", UNDONE, UNDO_FAILED) \
	X(OFFERS, "offers", OFFERS, OFFERS_FAILED) \
	X(TRY, "try_rule", TRIED, TRY_FAILED) \
	X(SAVE, "save_rule", SAVED, SAVE_FAILED) \
	X(GRANTS, "grants", GRANTS, GRANTS_FAILED) \
	X(REVOKE, "revoke", REVOKED, REVOKE_FAILED) \
	X(MASTER, "master", SWITCHED, SWITCH_FAILED) \
	X(MUTE, "mute", MUTED_NOW, MUTE_FAILED) \
	X(HISTORY, "history", HISTORY, HISTORY_FAILED) \
	X(EVENT, "event", EVENT, EVENT_FAILED) \
	X(LIKE, "like", LIKE, LIKE_FAILED)

enum request_kind {
#define X(id, method, answer, refusal) ASK_##id,
	REQUESTS(X)
#undef X
};

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
	enum request_kind kind;
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

static struct jsonw begin(struct buf *line, const char *method)
{
	struct jsonw w = jw_start(line);
	jw_open(&w, '{');
	jw_kv_text(&w, "jsonrpc", "2.0");
	jw_kv_text(&w, "method", method);
	return w;
}

static void send_line(struct feed *feed, struct buf *line)
{
	buf_char(line, '\n');
	link_send_buf(feed->link, line);
	buf_finish(line);
}

static struct request *remember(
	struct feed *feed, enum request_kind kind, const char *call, int64_t revision)
{
	struct request *r = xcalloc(1, sizeof(*r));
	*r = (struct request){ ++feed->last_id, kind, xstrdup(call), revision, false,
		feed->requests };
	feed->requests = r;
	return r;
}

static struct jsonw begin_request(struct buf *line, const struct request *r)
{
	struct jsonw w = begin(line, request_specs[r->kind].method);
	jw_kv_int(&w, "id", r->id);
	jw_key(&w, "params");
	jw_open(&w, '{');
	return w;
}

static void end_request(struct feed *feed, struct buf *line, struct jsonw *w)
{
	jw_close(w, '}');
	jw_close(w, '}');
	send_line(feed, line);
}

static void hello(struct feed *feed)
{
	struct buf line = { 0 };
	struct jsonw w = begin_request(&line, remember(feed, ASK_HELLO, NULL, 0));
	jw_kv_text(&w, "protocol", WIRE_PROTOCOL);
	jw_kv_text(&w, "role", "console");
	jw_kv_text(&w, "version", PACKAGE_VERSION);
	end_request(feed, &line, &w);
}

static void watch(struct feed *feed)
{
	struct buf line = { 0 };
	struct jsonw w = begin_request(&line, remember(feed, ASK_WATCH, NULL, 0));
	end_request(feed, &line, &w);
}

static void handover(struct feed *feed)
{
	struct buf line = { 0 };
	struct jsonw w = begin_request(&line, remember(feed, ASK_HANDOVER, NULL, 0));
	jw_kv_text(&w, "version", PACKAGE_VERSION);
	end_request(feed, &line, &w);
}

/* Whatever concerns one call begins alike. */
static struct jsonw begin_about(struct feed *feed, struct buf *line, enum request_kind kind,
	const char *call, int64_t revision)
{
	struct jsonw w = begin_request(line, remember(feed, kind, call, revision));
	jw_kv_text(&w, "call", call);
	return w;
}

void feed_show(struct feed *feed, const char *call, int64_t revision)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_about(feed, &line, ASK_SHOW, call, revision);
		end_request(feed, &line, &w);
	}
}

static void write_grant(struct jsonw *w, const struct feed_grant *grant)
{
	jw_key(w, "grant");
	jw_open(w, '{');
	jw_kv_text(w, "width", grant->width);
	if (grant->minutes) {
		jw_kv_int(w, "minutes", grant->minutes);
	}
	if (grant->uses) {
		jw_kv_int(w, "uses", grant->uses);
	}
	jw_close(w, '}');
}

void feed_decide(
	struct feed *feed, const char *call, int64_t revision, const struct feed_decision *decision)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_about(feed, &line, ASK_DECIDE, call, revision);
		feed->requests->approve = decision->approve;
		jw_kv_int(&w, "revision", revision);
		jw_kv_text(&w, "decision", decision->approve ? "approve" : "deny");
		jw_kv_span(&w, "reason", decision->reason);
		if (decision->delay_ms) {
			jw_kv_int(&w, "delay_ms", decision->delay_ms);
		}
		if (decision->grant) {
			write_grant(&w, decision->grant);
		}
		end_request(feed, &line, &w);
	}
}

void feed_undo(struct feed *feed, const char *call)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_about(feed, &line, ASK_UNDO, call, 0);
		end_request(feed, &line, &w);
	}
}

void feed_offers(struct feed *feed, const char *call, int64_t revision)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_about(feed, &line, ASK_OFFERS, call, revision);
		end_request(feed, &line, &w);
	}
}

static void about_rule(struct feed *feed, enum request_kind kind, const char *call,
	int64_t revision, const char *rule)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_about(feed, &line, kind, call, revision);
		jw_kv_text(&w, "rule", rule);
		end_request(feed, &line, &w);
	}
}

void feed_try_rule(struct feed *feed, const char *call, int64_t revision, const char *rule)
{
	about_rule(feed, ASK_TRY, call, revision, rule);
}

void feed_save_rule(struct feed *feed, const char *call, int64_t revision, const char *rule)
{
	about_rule(feed, ASK_SAVE, call, revision, rule);
}

void feed_grants(struct feed *feed)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_request(&line, remember(feed, ASK_GRANTS, NULL, 0));
		end_request(feed, &line, &w);
	}
}

void feed_revoke(struct feed *feed, int64_t grant)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_request(&line, remember(feed, ASK_REVOKE, NULL, 0));
		jw_kv_int(&w, "grant", grant);
		end_request(feed, &line, &w);
	}
}

void feed_history(struct feed *feed, const char *text, int64_t before, int limit)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_request(&line, remember(feed, ASK_HISTORY, NULL, 0));
		if (text) {
			jw_kv_text(&w, "text", text);
		}
		if (before) {
			jw_kv_int(&w, "before", before);
		}
		jw_kv_int(&w, "limit", limit);
		end_request(feed, &line, &w);
	}
}

void feed_event(struct feed *feed, int64_t number)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_request(&line, remember(feed, ASK_EVENT, NULL, 0));
		jw_kv_int(&w, "number", number);
		end_request(feed, &line, &w);
	}
}

void feed_like(struct feed *feed, const char *call, int64_t revision)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_about(feed, &line, ASK_LIKE, call, revision);
		end_request(feed, &line, &w);
	}
}

void feed_master(struct feed *feed, const char *mode)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_request(&line, remember(feed, ASK_MASTER, NULL, 0));
		jw_kv_text(&w, "mode", mode);
		end_request(feed, &line, &w);
	}
}

void feed_mute(struct feed *feed, int minutes)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin_request(&line, remember(feed, ASK_MUTE, NULL, 0));
		jw_kv_int(&w, "minutes", minutes);
		end_request(feed, &line, &w);
	}
}

void feed_focus(struct feed *feed, bool in)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin(&line, "active");
		jw_key(&w, "params");
		jw_open(&w, '{');
		jw_kv_bool(&w, "focus", in);
		end_request(feed, &line, &w);
	}
}

void feed_active(struct feed *feed)
{
	struct buf line = { 0 };
	if (feed->up) {
		struct jsonw w = begin(&line, "active");
		jw_close(&w, '}');
		send_line(feed, &line);
	}
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
	struct feed_note note = {
		.json = result, .call = r->call, .revision = r->revision, .approve = r->approve
	};
	switch (r->kind) {
	case ASK_HELLO:
		if (broker_is_older(feed, result)) {
			handover(feed);
		} else {
			watch(feed);
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
		watch(feed);
		break;
	default:
		note.kind = request_specs[r->kind].refusal;
		tell(feed, &note);
	}
	free(message);
}

static void on_answer(struct feed *feed, struct span id, struct span message)
{
	struct request *r = take_request(feed, id);
	struct span error = member(message, "error");
	if (!r) {
		return;
	}
	if (error.at) {
		refused(feed, r, error);
	} else {
		answered(feed, r, member(message, "result"));
	}
	free_request(r);
}

static void on_notice(struct feed *feed, struct span method, struct span params)
{
	for (size_t i = 0; feed->up && i < COUNT_OF(notices); i++) {
		if (json_is(method, notices[i].method)) {
			struct feed_note note = { .kind = notices[i].kind, .json = params };
			note.json = note.kind == FEED_TROUBLE ? member(params, "text")
				: note.kind == FEED_MASTER    ? member(params, "master")
							      : params;
			tell(feed, &note);
		}
	}
}

static void no_such_method(struct feed *feed, struct span id)
{
	struct buf line = { 0 };
	struct jsonw w = jw_start(&line);
	jw_open(&w, '{');
	jw_kv_text(&w, "jsonrpc", "2.0");
	jw_kv_raw(&w, "id", id);
	jw_key(&w, "error");
	jw_open(&w, '{');
	jw_kv_int(&w, "code", -32601);
	jw_kv_text(&w, "message", "a console answers no requests");
	end_request(feed, &line, &w);
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
	struct span message = feed->scan.value;
	struct span method = member(message, "method"), id = member(message, "id");
	if (method.at && id.at) {
		no_such_method(feed, id);
	} else if (method.at) {
		on_notice(feed, method, member(message, "params"));
	} else {
		on_answer(feed, id, message);
	}
}

static void on_up(void *data)
{
	hello(data);
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
