/*
 * The shape of what the broker says, and the one reading of what a gate or `trust` claims of a
 * server.
 */
#include "config.h"

#include "ipc/broker.h"

#include "core/jsonw.h"
#include "core/refusal.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

/* ---- messages ---- */

void wire_error(struct conn *c, struct span rpc_id, int code, const char *message)
{
	struct buf line = { 0 };
	if (rpc_id.at) {
		refusal_error(&line, rpc_id, code, message);
		conn_send(c, &line);
	}
}

/* ---- claims ---- */

static char **texts_of(const char *list)
{
	struct json_walk walk = json_walk_of(list ? span_of(list) : SPAN("[]"));
	struct span key, item;
	char **texts = NULL;
	size_t count = 0, cap = 0;
	do {
		texts = xgrow(texts, &cap, count + 1, sizeof(*texts));
		texts[count] = NULL;
		if (!json_next(&walk, &key, &item)) {
			break;
		}
		texts[count] = json_strdup(item);
	} while (texts[count] && ++count);
	return texts;
}

void claims_finish(struct claims *c)
{
	char *const texts[] = { c->name, c->profile, c->program, c->cwd, c->argv_json,
		c->scope_json };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(texts[i]);
	}
	for (char **dir = c->scope; dir && *dir; dir++) {
		free(*dir);
	}
	free(c->scope);
	*c = (struct claims){ 0 };
}

void claims_copy(struct claims *to, const struct claims *from)
{
	*to = (struct claims){
		.name = xstrdup(from->name),
		.profile = xstrdup(from->profile),
		.program = xstrdup(from->program),
		.cwd = xstrdup(from->cwd),
		.argv_json = xstrdup(from->argv_json),
		.scope_json = xstrdup(from->scope_json),
		.scope = texts_of(from->scope_json),
		.tuple = from->tuple,
	};
}

static char *claim(struct span server, const char *name, enum json_type type)
{
	struct span value;
	if (!json_member(server, name, &value) || json_type(value) != type) {
		return NULL;
	}
	return type == JSON_STRING ? json_strdup(value) : span_dup(value);
}

bool claims_read(struct claims *c, struct span server, struct err *err)
{
	if (json_type(server) != JSON_OBJECT) {
		return fail(err, WIRE_NOT_UNDERSTOOD, "server is not an object");
	}
	c->name = claim(server, "name", JSON_STRING);
	c->profile = claim(server, "profile", JSON_STRING);
	c->program = claim(server, "program", JSON_STRING);
	c->cwd = claim(server, "cwd", JSON_STRING);
	c->argv_json = claim(server, "argv", JSON_ARRAY);
	c->scope_json = claim(server, "scope", JSON_ARRAY);
	if (!c->name || !c->profile || !c->program || !c->cwd || !c->argv_json || !c->scope_json) {
		claims_finish(c);
		return fail(err, WIRE_NOT_UNDERSTOOD,
			"server lacks name, profile, program, cwd, argv or scope");
	}
	c->scope = texts_of(c->scope_json);
	/* `here` is the directory where the command means another file elsewhere, "" where it does
	 * not. */
	char *here = claim(server, "here", JSON_STRING);
	struct hash_run run;
	hash_begin(&run);
	hash_part(&run, span_of(c->name));
	hash_part(&run, span_of(c->profile));
	hash_part(&run, span_of(c->program));
	hash_part(&run, span_of(c->argv_json));
	hash_part(&run, span_of(c->scope_json));
	hash_part(&run, span_of(here ? here : c->cwd));
	c->tuple = hash_end(&run);
	free(here);
	return true;
}
