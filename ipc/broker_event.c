/*
 * Owns the form of events: their kinds and members, which `bascule history events` prints as they
 * are. Called where the thing happens, after it did.
 */
#include "config.h"

#include "ipc/broker_event.h"

#include "ipc/sealer.h"

struct line {
	struct buf json;
	struct jsonw w;
};

static struct jsonw *open_line(struct line *line)
{
	*line = (struct line){ 0 };
	line->w = jw_start(&line->json);
	jw_open(&line->w, '{');
	return &line->w;
}

static void write_line(struct broker *b, const char *kind, struct line *line)
{
	jw_close(&line->w, '}');
	writer_event(b->writer, clock_wall_ms() * 1000, kind, &line->json);
	sealer_soon(b->record.sealer);
}

void event_broker(struct broker *b, bool starts, const char *why)
{
	struct line line;
	struct jsonw *w = open_line(&line);
	jw_kv_text(w, "instance", b->instance);
	jw_kv_text(w, "version", PACKAGE_VERSION);
	jw_kv_text(w, "root", b->paths->root);
	if (why) {
		jw_kv_text(w, "why", why);
	}
	write_line(b, starts ? "broker-start" : "broker-stop", &line);
}

void event_console(const struct conn *c, bool comes)
{
	struct line line;
	struct jsonw *w = open_line(&line);
	jw_kv_text(w, "by", c->seat);
	jw_kv_int(w, "pid", c->process.pid);
	jw_kv_bool(w, "remote", c->remote);
	write_line(c->broker, comes ? "console-attached" : "console-left", &line);
}

void event_refused(struct broker *b, const struct process *peer, const char *why)
{
	struct line line;
	struct jsonw *w = open_line(&line);
	jw_kv_int(w, "pid", peer->pid);
	jw_kv_text(w, "program", peer->name);
	jw_kv_text(w, "why", why);
	write_line(b, "decider-refused", &line);
}

void event_rules(struct broker *b)
{
	struct line line;
	struct jsonw *w = open_line(&line);
	jw_kv_int(w, "generation", b->policy.files.generation);
	policy_write_files(b, w);
	jw_kv_text(w, "trouble", b->policy.files.trouble);
	write_line(b, "rules-read", &line);
}

void event_master(struct broker *b)
{
	struct line line;
	struct jsonw *w = open_line(&line);
	master_write(b, w);
	write_line(b, "master", &line);
}

static void write_server(struct jsonw *w, const struct claims *claims)
{
	char hex[HASH_HEX + 1];
	hash_hex(&claims->tuple, hex);
	jw_kv_text(w, "server", claims->name);
	jw_kv_text(w, "tuple", hex);
}

void event_server(struct broker *b, const struct claims *claims, const char *by, bool yes)
{
	struct line line;
	struct jsonw *w = open_line(&line);
	write_server(w, claims);
	jw_kv_text(w, "by", by);
	write_line(b, yes ? "server-accepted" : "server-refused", &line);
}

void event_revoked(struct broker *b, int64_t grant, const char *by)
{
	struct line line;
	struct jsonw *w = open_line(&line);
	jw_kv_int(w, "grant", grant);
	jw_kv_text(w, "by", by);
	write_line(b, "grant-revoked", &line);
}

static void copy_hash(struct jsonw *w, struct span told, const char *name)
{
	struct span value;
	if (json_member(told, name, &value) && json_type(value) == JSON_STRING &&
		value.len == HASH_HEX + 2) {
		jw_kv_raw(w, name, value);
	}
}

void event_restore(
	const struct conn *c, int64_t number, const char *path, const char *state, struct span told)
{
	struct line line;
	struct span value;
	bool removed = false;
	struct jsonw *w = open_line(&line);
	jw_kv_int(w, "number", number);
	jw_kv_text(w, "path", path);
	jw_kv_text(w, "state", state);
	copy_hash(w, told, "from");
	copy_hash(w, told, "to");
	if (json_member(told, "removed", &value) && json_bool(value, &removed)) {
		jw_kv_bool(w, "removed", removed);
	}
	jw_kv_text(w, "by", c->seat);
	write_line(c->broker, "restore", &line);
}

void event_pin(struct broker *b, const struct claims *claims, const char *tool, const char *what,
	const struct hash *now, const char *by)
{
	struct line line;
	char hex[HASH_HEX + 1];
	struct jsonw *w = open_line(&line);
	hash_hex(now, hex);
	write_server(w, claims);
	jw_kv_text(w, "tool", tool);
	jw_kv_text(w, "definition", hex);
	jw_kv_text(w, "what", what);
	if (by) {
		jw_kv_text(w, "by", by);
	}
	write_line(b, "definition", &line);
}
