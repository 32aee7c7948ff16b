/*
 * A person changed the arguments of a held call. The gate makes the new line with the one function
 * that changes lines, reads it like any other, gathers its facts and submits the call anew: it is a
 * question again, beside what the client sent, which is kept. Nothing moves to the server here.
 *
 * What cannot be edited is submitted as it is, so that the broker knows.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/rewrite.h"
#include "ipc/log.h"

#include <stdlib.h>
#include <string.h>

/* The whole line again, read strictly: nothing but the arguments may be different. */
static bool read_again(const struct call *call, struct span line, struct message *m)
{
	struct json_scan scan = { 0 };
	message_parse(m, &scan, line, call->from == SIDE_CLIENT ? METHOD_CLIENT : METHOD_SERVER);
	json_finish(&scan);
	return m->kind == MESSAGE_REQUEST && m->entry == call->message.entry &&
		m->modern == call->message.modern && strcmp(m->key, call->message.key) == 0 &&
		rewrite_is_of(call->message.params, m->params);
}

static bool splice_arguments(struct call *call, struct span arguments)
{
	struct buf line = { 0 };
	struct message m;
	message_splice(buf_view(&call->line), call->message.arguments, arguments, &line);
	if (!read_again(call, (struct span){ line.data, line.len - 1 }, &m)) {
		buf_finish(&line);
		return false;
	}
	if (call->proposed.data) {
		buf_finish(&call->line);
	} else {
		call->proposed = call->line;
		call->proposed_message = call->message;
	}
	call->line = line;
	call->message = m;
	return true;
}

/* A small one: the console shows it whole, and the history keeps it. */
static bool can_be_edited(const struct call *call, struct span arguments)
{
	return call->state == LIFE_HELD && call->stage == CALL_ANSWERED &&
		json_type(arguments) == JSON_OBJECT && arguments.len <= REWRITE_MAX &&
		call->message.arguments.at && json_type(call->message.arguments) == JSON_OBJECT &&
		call->message.arguments.len <= REWRITE_MAX;
}

static const char *trouble_of(const struct call *call, struct span arguments)
{
	struct gate *g = call->gate;
	if (!can_be_edited(call, arguments)) {
		return "they are no object, too large, or came too late";
	}
	return g->host->edit_trouble ? g->host->edit_trouble(g, &call->message, arguments) : NULL;
}

void call_edit(struct call *call, struct span arguments, struct span by)
{
	call->edit_trouble = trouble_of(call, arguments);
	if (call->edit_trouble || !splice_arguments(call, arguments)) {
		log_line("%s: an edit that does not fit was not taken", call->id);
		if (call_waits(call)) {
			wire_submit(call->gate->wire, call);
		}
		return;
	}
	free(call->edited_by);
	call->edited_by = span_dup(by);
	effects_finish(&call->effects);
	call_extract(call);
	call_gather(call);
}

const struct message *call_proposed(const struct call *call)
{
	return call->proposed.data ? &call->proposed_message : &call->message;
}

char *call_edited_words(const struct call *call, char *words)
{
	enum { WHOLE = 4096 };
	struct span arguments = call->message.arguments;
	if (!call->proposed.data) {
		return words;
	}
	char *more = arguments.len > WHOLE
		? xasprintf("%s The arguments were changed by the user; they are too long to be "
			    "repeated here, ask.",
			  words)
		: xasprintf("%s The user changed the arguments: only a call with exactly these "
			    "counts as this one: %.*s",
			  words, (int)arguments.len, arguments.at);
	free(words);
	return more;
}
