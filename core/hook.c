/*
 * The part of a hook that is the same for all agents: the text is validated before anything looks
 * into it, a call is complete or refused, and an answer is checked before it is put into words.
 *
 * A deny is said in every way that the agent could listen to: JSON on stdout, a text on stderr,
 * exit code 2. The text begins with our name, so that no reason can be taken for JSON by an agent
 * that reads its hook's stderr as it reads its stdout (Gemini CLI does).
 *
 * No process, no clock, no socket: ipc reads stdin, asks the broker and writes what is made here.
 */
#include "config.h"

#include "core/diag.h"
#include "core/hook_impl.h"
#include "core/rewrite.h"
#include "core/safe_text.h"
#include "core/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct hook_form *const forms[] = {
#define X(id) &hook_form_##id,
	HOOK_FORMS(X)
#undef X
};

static const char said_by[] = "bascule: ";
enum {
	MERGED_MAX = 1000, /* members of arguments that an agent lays edited ones over */
	VERSION_MAX = 32,
};

const struct hook_form *hook_at(size_t i)
{
	return i < COUNT_OF(forms) ? forms[i] : NULL;
}

const struct hook_form *hook_find(struct span name)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if (span_is(name, forms[i]->name) || span_is(name, forms[i]->profile)) {
			return forms[i];
		}
	}
	return NULL;
}

char *hook_server_name(const struct hook_form *form, const char *server)
{
	return xasprintf("%s/%s", form->name, server);
}

const struct hook_form *hook_of_server(const char *name, const char **server)
{
	const char *cut = strchr(name, '/');
	const struct hook_form *form = cut ? hook_find((struct span){ name, (size_t)(cut - name) })
					   : NULL;
	*server = form && cut[1] ? cut + 1 : NULL;
	return *server ? form : NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Claude Code 2.1.330 says claude-code_2-1-330_agent. */
char *hook_version(const struct hook_form *form, const char *said)
{
	static const char in_version[] = "0123456789.-+abcdefghijklmnopqrstuvwxyz";
	struct span text = span_of(said ? said : "");
	size_t name = strlen(form->profile);
	if (!span_starts(text, form->profile) || name == text.len ||
		!strchr("/@_ ", text.at[name])) {
		return xstrdup("");
	}
	const char *version = said + name + 1;
	size_t len = strspn(version, in_version);
	bool numbered = is_digit(*version) && len <= VERSION_MAX;
	char *out = span_dup((struct span){ version, numbered ? len : 0 });
	for (char *at = out; *at; at++) {
		*at = *at == '-' && is_digit(at[-1]) && is_digit(at[1]) ? '.' : *at;
	}
	return out;
}

/* Printable ASCII without space: what model interfaces allow for a tool, and more. Anything else
 * could only be meant to look like another. */
static bool is_name(const char *text)
{
	const char *at = text;
	while (*at > ' ' && *at <= '~') {
		at++;
	}
	return at > text && !*at;
}

static bool is_whole(const struct hook_call *call, struct err *err)
{
	if (!call->tool || !call->cwd || !call->session || !call->arguments.at) {
		return fail(err, DIAG_JSON, "it does not say all of a call");
	}
	if (!is_name(call->tool)) {
		return fail(err, DIAG_JSON, "the tool's name holds what no tool's name holds");
	}
	if (call->cwd[0] != '/') {
		return fail(err, DIAG_JSON, "cwd is no absolute path");
	}
	return true;
}

/* What was read before the fault must not be used. */
static bool forget(struct hook_call *call)
{
	enum hook_event event = call->event;
	hook_call_finish(call);
	call->event = event;
	return false;
}

bool hook_read(
	const struct hook_form *form, struct hook_call *call, struct span text, struct err *err)
{
	struct json_scan scan = { 0 };
	bool good = false;
	*call = (struct hook_call){ 0 };
	if (!text.at || !text.len) {
		fail(err, DIAG_JSON, "its input is empty");
	} else if (text.len > HOOK_INPUT_MAX) {
		fail(err, DIAG_JSON, "its input is over %d MiB", HOOK_INPUT_MAX >> 20);
	} else if (!json_validate(&scan, text, JSON_STRICT)) {
		fail(err, DIAG_JSON, "byte %zu: %s", scan.fault_at, scan.fault);
	} else if (scan.type != JSON_OBJECT) {
		fail(err, DIAG_JSON, "its input is no object");
	} else {
		good = form->read(call, scan.value, err) &&
			(call->event == HOOK_OTHER || is_whole(call, err));
	}
	json_finish(&scan);
	return good || forget(call);
}

void hook_call_finish(struct hook_call *call)
{
	char *const owned[] = { call->event_name, call->tool, call->cwd, call->session, call->turn,
		call->call_id, call->agent_id, call->agent_type, call->model, call->permission_mode,
		call->server, call->server_tool, call->server_command };
	for (size_t i = 0; i < COUNT_OF(owned); i++) {
		free(owned[i]);
	}
	*call = (struct hook_call){ 0 };
}

/* The longest beginning of at most `most` bytes that cuts no character. */
static struct span cut(struct span text, size_t most)
{
	if (text.len > most) {
		while (most && utf8_follows((unsigned char)text.at[most])) {
			most--;
		}
		text.len = most;
	}
	return text;
}

static struct span without_space_behind(struct span text)
{
	while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\n')) {
		text.len--;
	}
	return text;
}

/* One line, bounded, nothing that a terminal obeys or that is there unseen: the agent shows it to
 * its user as well as to its model. */
static char *clean_reason(struct span reason)
{
	struct span given = without_space_behind(reason), head = cut(given, HOOK_REASON_MAX);
	struct safe_text safe = safe_make(head.len ? head : SPAN("not allowed"), SAFE_MANY_LINES);
	struct span text = span_of(safe_cstr(&safe)), kept = cut(text, HOOK_REASON_MAX - 3);
	struct buf out = { 0 };
	buf_text(&out, said_by);
	buf_span(&out, kept);
	if (head.len < given.len || kept.len < text.len) {
		buf_text(&out, "...");
	}
	safe_finish(&safe);
	char *line = buf_cstr(&out);
	for (char *at = line; *at; at++) {
		*at = *at == '\n' || *at == '\t' ? ' ' : *at;
	}
	return line;
}

static bool is_object(struct span json)
{
	struct json_scan scan = { 0 };
	bool good = json_validate(&scan, json, JSON_STRICT) && scan.type == JSON_OBJECT;
	json_finish(&scan);
	return good;
}

/* Does each member of `before` have one in `after`? No, if there are too many to tell soon. */
static bool keeps_members(struct span before, struct span after)
{
	struct json_walk walk = json_walk_of(before);
	struct span key, value;
	for (size_t i = 0; json_next(&walk, &key, NULL); i++) {
		struct buf name = { 0 }, quoted = { 0 };
		buf_char(&quoted, '"');
		buf_span(&quoted, key);
		buf_char(&quoted, '"');
		json_decode(buf_view(&quoted), &name);
		bool there = json_member(after, buf_cstr(&name), &value);
		buf_finish(&quoted);
		buf_finish(&name);
		if (!there || i == MERGED_MAX) {
			return false;
		}
	}
	return true;
}

bool hook_takes_edits(const struct hook_form *form, const struct hook_call *call)
{
	return form->edits >> call->event & 1;
}

/* What edited arguments can fail by: as the person is told, and as the model is. */
struct edit_fault {
	const char *trouble, *deny;
};

static const struct edit_fault edit_faults[] = {
	{ "this agent takes no other arguments here",
		"not run: it was approved with other arguments, which this agent cannot be given" },
	{ "they are no JSON object of at most 256 KiB",
		"not run: it was approved with arguments that are no JSON object of at most 256 "
		"KiB" },
	{ "this agent lays them over its own, so none of these can be left out",
		"not run: it was approved without one of its arguments, and this agent cannot be "
		"made to leave one out" },
};

static const struct edit_fault *edit_fault_of(
	const struct hook_form *form, const struct hook_call *call, struct span edited)
{
	if (!hook_takes_edits(form, call)) {
		return &edit_faults[0];
	}
	if (edited.len > REWRITE_MAX || !is_object(edited)) {
		return &edit_faults[1];
	}
	bool keeps = !form->edits_merge || keeps_members(call->arguments, edited);
	return keeps ? NULL : &edit_faults[2];
}

const char *hook_edit_trouble(
	const struct hook_form *form, const struct hook_call *call, struct span edited)
{
	const struct edit_fault *fault = edit_fault_of(form, call, edited);
	return fault ? fault->trouble : NULL;
}

/* Why an allow cannot be said as it is meant; NULL: it can. */
static const char *cannot_say(
	const struct hook_form *form, const struct hook_call *call, struct span edited)
{
	if (call->event == HOOK_UNREAD) {
		return "not run: what this agent asks is not understood";
	}
	const struct edit_fault *fault = edited.at ? edit_fault_of(form, call, edited) : NULL;
	return fault ? fault->deny : NULL;
}

static int say_deny(const struct hook_form *form, const struct hook_call *call, struct span reason,
	struct buf *out, struct buf *err)
{
	char *line = clean_reason(reason);
	struct hook_answer clean = { .kind = HOOK_DENY, .reason = span_of(line) };
	size_t before = out->len;
	int code = form ? form->say(call, &clean, out) : HOOK_EXIT_DENY;
	assert(code == HOOK_EXIT_DENY || out->len > before);
	if (out->len > before) {
		buf_char(out, '\n');
	}
	if (code == HOOK_EXIT_DENY) {
		buf_text(err, line);
		buf_char(err, '\n');
	}
	free(line);
	return code;
}

int hook_say(const struct hook_form *form, const struct hook_call *call,
	const struct hook_answer *answer, struct buf *out, struct buf *err)
{
	struct hook_answer said = *answer;
	if (call->event == HOOK_OTHER) {
		said = (struct hook_answer){ .kind = HOOK_NO_OPINION };
	}
	if (said.kind != HOOK_DENY) {
		struct span edited = said.kind == HOOK_ALLOW ? said.edited : (struct span){ 0 };
		const char *why = cannot_say(form, call, edited);
		if (why) {
			said = (struct hook_answer){ .kind = HOOK_DENY, .reason = span_of(why) };
		}
	}
	if (said.kind == HOOK_DENY) {
		return say_deny(form, call, said.reason, out, err);
	}
	size_t before = out->len;
	int code = form->say(call, &said, out);
	if (out->len > before) {
		buf_char(out, '\n');
	}
	return code;
}

int hook_failed(const struct hook_form *form, const struct hook_call *call, const char *reason,
	struct buf *out, struct buf *err)
{
	static const struct hook_call unread = { 0 };
	struct hook_answer deny = { .kind = HOOK_DENY, .reason = span_of(reason) };
	return form ? hook_say(form, call ? call : &unread, &deny, out, err)
		    : say_deny(NULL, &unread, deny.reason, out, err);
}
