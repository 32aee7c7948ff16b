/* The lines that the gate writes in a server's place. Pure text; when they are sent is the gate's
 * business. */
#include "config.h"

#include "core/refusal.h"

#include "core/jsonw.h"

#include <string.h>

static void open_line(struct jsonw *w, struct buf *out, struct span id)
{
	*w = jw_start(out);
	jw_open(w, '{');
	jw_kv_text(w, "jsonrpc", "2.0");
	if (id.at) {
		jw_kv_raw(w, "id", id);
	}
}

static void close_line(struct jsonw *w)
{
	jw_close(w, '}');
	buf_char(w->out, '\n');
}

static void write_error(struct jsonw *w, int code, const char *message)
{
	jw_key(w, "error");
	jw_open(w, '{');
	jw_kv_int(w, "code", code);
	jw_kv_text(w, "message", message);
	jw_close(w, '}');
}

void refusal_error(struct buf *out, struct span id, int code, const char *message)
{
	struct jsonw w;
	open_line(&w, out, id);
	write_error(&w, code, message);
	close_line(&w);
}

void refusal_batch(struct buf *out, struct span array, const char *why)
{
	struct json_walk walk = json_walk_of(array);
	struct span key, item, id;
	char unused[MESSAGE_KEY];
	unsigned count = 0;
	struct jsonw w = jw_start(out);
	size_t before = out->len;
	jw_open(&w, '[');
	while (json_next(&walk, &key, &item) && count < 64) {
		if (json_type(item) == JSON_OBJECT && json_member(item, "id", &id) &&
			message_key(id, unused)) {
			jw_open(&w, '{');
			jw_kv_text(&w, "jsonrpc", "2.0");
			jw_kv_raw(&w, "id", id);
			write_error(&w, RPC_INVALID, why);
			jw_close(&w, '}');
			count++;
		}
	}
	jw_close(&w, ']');
	buf_char(out, '\n');
	if (!count) {
		out->len = before;
		refusal_error(out, (struct span){ 0 }, RPC_INVALID, why);
	}
}

static void write_tool_result(struct jsonw *w, const char *words)
{
	jw_key(w, "result");
	jw_open(w, '{');
	jw_kv_text(w, "resultType", "complete");
	jw_kv_bool(w, "isError", true);
	jw_key(w, "content");
	jw_open(w, '[');
	jw_open(w, '{');
	jw_kv_text(w, "type", "text");
	jw_kv_text(w, "text", words);
	jw_close(w, '}');
	jw_close(w, ']');
	jw_close(w, '}');
}

void refusal_answer(struct buf *out, const struct message *m, struct span id, const char *words)
{
	struct jsonw w;
	open_line(&w, out, id);
	if (m->entry->special == METHOD_TOOLS_CALL && !m->task.at) {
		write_tool_result(&w, words);
	} else if (m->entry->special == METHOD_SAMPLING) {
		write_error(&w, -1, "User rejected sampling request");
	} else if (m->entry->special == METHOD_ELICITATION) {
		jw_kv_raw(&w, "result", SPAN("{\"action\":\"decline\"}"));
	} else {
		write_error(&w, RPC_DENIED, words);
	}
	close_line(&w);
}

void refusal_again(struct buf *out, struct span id, const char *state)
{
	struct jsonw w;
	open_line(&w, out, id);
	jw_key(&w, "result");
	jw_open(&w, '{');
	jw_kv_text(&w, "resultType", "input_required");
	jw_kv_text(&w, "requestState", state);
	jw_close(&w, '}');
	close_line(&w);
}

void refusal_progress(struct buf *out, struct span token, unsigned step, const char *words)
{
	struct jsonw w = jw_start(out);
	jw_open(&w, '{');
	jw_kv_text(&w, "jsonrpc", "2.0");
	jw_kv_text(&w, "method", "notifications/progress");
	jw_key(&w, "params");
	jw_open(&w, '{');
	jw_kv_raw(&w, "progressToken", token);
	/* Tiny steps: the server's own numbers start afresh after a release and must still
	 * increase. */
	struct buf number = { 0 };
	buf_printf(&number, "%u.%06u", step / 1000000, step % 1000000);
	jw_kv_raw(&w, "progress", buf_view(&number));
	buf_finish(&number);
	jw_kv_text(&w, "message", words);
	jw_close(&w, '}');
	close_line(&w);
}

/* A NUL would end the words here. */
static void add_foreign(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		buf_char(b, text.at[i] ? text.at[i] : ' ');
	}
}

static void add_instead(struct buf *b, const struct refusal_no *no)
{
	const char *before = " Allowed without asking: ";
	for (size_t i = 0; i < REFUSAL_INSTEAD; i++) {
		if (no->instead[i].len) {
			buf_text(b, before);
			add_foreign(b, no->instead[i]);
			before = "; or ";
		}
	}
	if (before[0] == ';') {
		buf_char(b, '.');
	}
}

char *refusal_denied(const struct refusal_no *no)
{
	struct buf b = { 0 };
	buf_text(&b,
		no->by_person ? "Denied by the user. The tool was NOT executed."
			      : "Denied by the user's approval policy. The tool was NOT executed.");
	if (no->reason.len) {
		buf_text(&b, " Reason: ");
		add_foreign(&b, no->reason);
		if (!strchr(".!?", b.data[b.len - 1])) {
			buf_char(&b, '.');
		}
	}
	if (no->times > 0) {
		buf_printf(&b,
			" This was denied before (#%lld, %lld time%s). Do not retry it; ask the "
			"user. Do not try to reach the same effect another way.",
			(long long)no->number, (long long)no->times, no->times == 1 ? "" : "s");
	} else {
		buf_text(&b,
			" Do not retry this call or try to reach the same effect another way; tell "
			"the user or choose a different approach.");
	}
	add_instead(&b, no);
	return buf_cstr(&b);
}

char *refusal_waiting(int64_t number, bool watched)
{
	return xasprintf("NOT executed, still waiting for the user's approval (#%lld). Call again "
			 "with exactly the same "
			 "arguments to go on waiting; once approved, that call passes.%s",
		(long long)number,
		watched ? ""
			: " Nobody is looking at the queue: tell the user that you are waiting for "
			  "your approval; "
			  "open a terminal and run: bascule");
}

char *refusal_approved_late(int64_t number)
{
	return xasprintf("NOT executed yet: the user approved it (#%lld), but too late for this "
			 "call to finish in time. "
			 "Call again now with exactly the same arguments; it will pass.",
		(long long)number);
}

char *refusal_gone(const char *why)
{
	return xasprintf("NOT executed: %s.", why);
}

char *refusal_no_broker(void)
{
	return xstrdup("NOT executed: the approval broker is not running and could not be started "
		       "from here. "
		       "Ask the user to open a terminal and run: bascule");
}
