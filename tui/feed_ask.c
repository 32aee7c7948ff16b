/*
 * What a console asks of the broker, a function a request: its row stands in feed_impl.h, its
 * members in ipc/PROTOCOL.md. Nothing is sent while there is no connection. Called by the console;
 * the answers come as notes.
 */
#include "config.h"

#include "tui/feed_impl.h"

static void ask_plain(struct feed *feed, const struct feed_about *about)
{
	struct feed_line line;
	if (feed_ask(feed, &line, about)) {
		feed_end(feed, &line);
	}
}

static void ask_int(struct feed *feed, enum feed_request kind, const char *name, int64_t value)
{
	struct feed_line line;
	if (feed_ask(feed, &line, &(struct feed_about){ .kind = kind })) {
		jw_kv_int(&line.w, name, value);
		feed_end(feed, &line);
	}
}

static void ask_text(
	struct feed *feed, const struct feed_about *about, const char *name, const char *value)
{
	struct feed_line line;
	if (feed_ask(feed, &line, about)) {
		jw_kv_text(&line.w, name, value);
		feed_end(feed, &line);
	}
}

void feed_show(struct feed *feed, const char *call, int64_t revision, const struct feed_wish *wish)
{
	struct feed_line line;
	if (feed_ask(feed, &line, &(struct feed_about){ ASK_SHOW, call, revision, false })) {
		if (wish->known) {
			jw_kv_text(&line.w, "known", wish->known);
		}
		if (wish->whole) {
			jw_kv_bool(&line.w, "whole", true);
		}
		feed_end(feed, &line);
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
	struct feed_about about = { ASK_DECIDE, call, revision, decision->approve };
	struct feed_line line;
	if (!feed_ask(feed, &line, &about)) {
		return;
	}
	jw_kv_int(&line.w, "revision", revision);
	jw_kv_text(&line.w, "decision", decision->approve ? "approve" : "deny");
	jw_kv_span(&line.w, "reason", decision->reason);
	if (decision->delay_ms) {
		jw_kv_int(&line.w, "delay_ms", decision->delay_ms);
	}
	if (decision->shown_ms > 0) {
		jw_kv_int(&line.w, "shown_ms", decision->shown_ms);
	}
	if (decision->grant) {
		write_grant(&line.w, decision->grant);
	}
	feed_end(feed, &line);
}

void feed_edit(struct feed *feed, const char *call, int64_t revision, struct span arguments)
{
	struct feed_line line;
	if (feed_ask(feed, &line, &(struct feed_about){ ASK_EDIT, call, revision, false })) {
		jw_kv_int(&line.w, "revision", revision);
		jw_kv_raw(&line.w, "arguments", arguments);
		feed_end(feed, &line);
	}
}

void feed_undo(struct feed *feed, const char *call)
{
	ask_plain(feed, &(struct feed_about){ .kind = ASK_UNDO, .call = call });
}

void feed_offers(struct feed *feed, const char *call, int64_t revision)
{
	ask_plain(feed, &(struct feed_about){ ASK_OFFERS, call, revision, false });
}

void feed_try_rule(struct feed *feed, const char *call, int64_t revision, const char *rule)
{
	ask_text(feed, &(struct feed_about){ ASK_TRY, call, revision, false }, "rule", rule);
}

void feed_save_rule(struct feed *feed, const char *call, int64_t revision, const char *rule)
{
	ask_text(feed, &(struct feed_about){ ASK_SAVE, call, revision, false }, "rule", rule);
}

void feed_rules(struct feed *feed)
{
	ask_plain(feed, &(struct feed_about){ .kind = ASK_RULES });
}

void feed_drop_rule(struct feed *feed, const char *rule)
{
	ask_text(feed, &(struct feed_about){ .kind = ASK_DROP }, "rule", rule);
}

void feed_servers(struct feed *feed)
{
	ask_plain(feed, &(struct feed_about){ .kind = ASK_SERVERS });
}

void feed_reload(struct feed *feed)
{
	ask_plain(feed, &(struct feed_about){ .kind = ASK_RELOAD });
}

void feed_revoke(struct feed *feed, int64_t grant)
{
	ask_int(feed, ASK_REVOKE, "grant", grant);
}

void feed_history(struct feed *feed, const struct feed_page *page)
{
	struct feed_line line;
	if (feed_ask(feed, &line, &(struct feed_about){ .kind = ASK_HISTORY })) {
		if (page->rule) {
			jw_kv_text(&line.w, "rule", page->rule);
			jw_kv_int(&line.w, "since", page->since);
		} else if (page->text) {
			jw_kv_text(&line.w, "text", page->text);
		}
		if (page->before) {
			jw_kv_int(&line.w, "before", page->before);
		}
		jw_kv_int(&line.w, "limit", page->limit);
		feed_end(feed, &line);
	}
}

void feed_event(struct feed *feed, int64_t number)
{
	ask_int(feed, ASK_EVENT, "number", number);
}

void feed_like(struct feed *feed, const char *call, int64_t revision)
{
	ask_plain(feed, &(struct feed_about){ ASK_LIKE, call, revision, false });
}

void feed_master(struct feed *feed, const char *mode)
{
	ask_text(feed, &(struct feed_about){ .kind = ASK_MASTER }, "mode", mode);
}

void feed_mute(struct feed *feed, int minutes)
{
	ask_int(feed, ASK_MUTE, "minutes", minutes);
}

void feed_focus(struct feed *feed, bool in)
{
	struct feed_line line;
	if (feed_tell(feed, &line, "active")) {
		jw_kv_bool(&line.w, "focus", in);
		feed_end(feed, &line);
	}
}

void feed_active(struct feed *feed)
{
	struct feed_line line;
	if (feed_tell(feed, &line, "active")) {
		feed_end(feed, &line);
	}
}
