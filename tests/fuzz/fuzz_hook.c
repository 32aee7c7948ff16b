/*
 * Any bytes as what an agent's hook is given, and as the reason of what it answers: what is read is
 * whole and lies inside, what is refused can only be denied, and an answer is one line of JSON.
 */
#include "config.h"

#include "core/hook.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void inside(struct span part, struct span text)
{
	demand(!part.at || (part.at >= text.at && part.at + part.len <= text.at + text.len));
}

static void look(const struct hook_call *call, struct span text)
{
	inside(call->arguments, text);
	inside(call->server_args, text);
	demand(!call->server == !call->server_tool);
	demand(call->event != HOOK_UNREAD);
	if (call->event != HOOK_OTHER) {
		demand(json_type(call->arguments) == JSON_OBJECT && call->tool && call->tool[0]);
		demand(call->session && call->cwd && call->cwd[0] == '/');
	}
}

/* Nothing, or one line that is one object. */
static void check_line(struct span line)
{
	struct json_scan scan = { 0 };
	if (line.len) {
		demand(memchr(line.at, '\n', line.len) == line.at + line.len - 1);
		demand(json_validate(&scan, line, JSON_STRICT) && scan.type == JSON_OBJECT);
		json_finish(&scan);
	}
}

/* What is in a text inside has its quotes escaped. */
static bool holds(const struct buf *line, const char *word)
{
	return line->len && memmem(line->data, line->len, word, strlen(word));
}

/* True: it was a no. */
static bool say(const struct hook_form *form, const struct hook_call *call, enum hook_kind kind,
	struct span text)
{
	struct buf out = { 0 }, err = { 0 };
	struct hook_answer answer = { kind, text, text };
	int code = hook_say(form, call, &answer, &out, &err);
	check_line(buf_view(&out));
	demand(code == 0 || (code == HOOK_EXIT_DENY && span_starts(buf_view(&err), "bascule: ")));
	if (kind == HOOK_DENY && call->event != HOOK_OTHER) {
		demand(code == HOOK_EXIT_DENY || holds(&out, "\"deny\""));
		demand(!holds(&out, "\"allow\""));
	}
	bool no = code == HOOK_EXIT_DENY || (holds(&out, "\"deny\"") && !holds(&out, "\"allow\""));
	buf_finish(&out);
	buf_finish(&err);
	return no;
}

static void try(const struct hook_form *form, struct span text)
{
	struct hook_call call;
	struct err err = { 0 };
	bool good = hook_read(form, &call, text, &err);
	if (good) {
		look(&call, text);
	} else {
		demand(err.text[0] && !call.tool && !call.arguments.at);
		demand(call.event != HOOK_UNREAD || say(form, &call, HOOK_ALLOW, text));
	}
	say(form, &call, HOOK_DENY, text);
	if (good) {
		say(form, &call, HOOK_ALLOW, text);
		say(form, &call, HOOK_NO_OPINION, text);
	}
	hook_call_finish(&call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	const struct hook_form *form;
	for (size_t i = 0; (form = hook_at(i)); i++) {
		try(form, text);
	}
	try(&hook_form_permission, text);
	return 0;
}
