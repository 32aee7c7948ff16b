/* Called by view_servers.c when what is shown has changed. */
#include "config.h"

#include "tui/roster_doc.h"

#include <string.h>

#include "core/buf.h"
#include "tui/cell.h"

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

/* ---- the server ---- */

static void head_doc(struct doc *doc, const struct roster_server *s)
{
	struct safe_text name = doc_safe(doc, s->name), profile = doc_safe(doc, s->profile);
	const char *accepted = is(s->accepted, "yes") ? "accepted"
		: is(s->accepted, "denied")           ? "denied"
						      : "not accepted yet: its calls wait";
	doc_labelled(doc, "", is(s->accepted, "yes") ? ROLE_STRONG : ROLE_WARNING,
		safe_printf("%s · %s", safe_cstr(&name), accepted));
	doc_labelled(doc, "knows", profile.bytes ? ROLE_TEXT : ROLE_WARNING,
		profile.bytes ? safe_printf("profile %s", safe_cstr(&profile))
			      : safe_printf("no profile: what its tools do is guessed"));
	safe_finish(&name);
	safe_finish(&profile);
}

/* Quoted as for sh, so that one argument cannot pass for two. */
static void quote(struct buf *line, const char *arg)
{
	if (arg[0] && !strpbrk(arg, " \t\n'\"\\$`")) {
		buf_text(line, arg);
		return;
	}
	buf_char(line, '\'');
	for (; *arg; arg++) {
		buf_text(line, *arg == '\'' ? "'\\''" : (char[]){ *arg, '\0' });
	}
	buf_char(line, '\'');
}

static void command_doc(struct doc *doc, const struct roster_server *s)
{
	struct buf line = { 0 };
	for (size_t i = 0; i < s->argc; i++) {
		buf_text(&line, i ? " " : "");
		quote(&line, s->argv[i]);
	}
	if (s->argc) {
		doc_field(doc, "runs", ROLE_TEXT, buf_view(&line));
	} else {
		doc_labelled(doc, "runs", ROLE_DIM, safe_printf("a command too long to be shown"));
	}
	doc_field(doc, "file", ROLE_TEXT, span_of(s->program));
	doc_field(doc, "in", ROLE_TEXT, span_of(s->cwd));
	for (size_t i = 0; i < s->scope_count; i++) {
		doc_field(doc, i ? "" : "scope", ROLE_TEXT, span_of(s->scope[i]));
	}
	buf_finish(&line);
}

static void who_doc(struct doc *doc, const struct roster_server *s)
{
	struct safe_text client = doc_safe(doc, s->client ? s->client : "a client"),
			 version = doc_safe(doc, s->client_version), says = doc_safe(doc, s->says),
			 says_version = doc_safe(doc, s->says_version),
			 protocol = doc_safe(doc, s->protocol ? s->protocol : "not said");
	char since[32];
	cell_time(s->since, since);
	doc_labelled(doc, "by", ROLE_TEXT,
		safe_printf("%s %s (process %lld)", safe_cstr(&client), safe_cstr(&version),
			(long long)s->client_pid));
	doc_labelled(doc, "gate", ROLE_TEXT,
		safe_printf("process %lld, connected since %s", (long long)s->pid, since));
	doc_labelled(doc, "says", ROLE_TEXT,
		safe_printf("%s%s%s · protocol %s", safe_cstr(&says), says.bytes ? " " : "",
			safe_cstr(&says_version), safe_cstr(&protocol)));
	doc_labelled(doc, "calls", ROLE_TEXT,
		safe_printf(
			"%lld since then, %lld wait", (long long)s->calls, (long long)s->waiting));
	doc_field(doc, "rules", ROLE_WARNING, span_of(s->broken));
	safe_finish(&client);
	safe_finish(&version);
	safe_finish(&says);
	safe_finish(&says_version);
	safe_finish(&protocol);
}

/* ---- its tools ---- */

static const struct {
	const char *hint, *words;
} hints[] = {
	{ "readOnlyHint", "only reads" },
	{ "destructiveHint", "destroys" },
	{ "idempotentHint", "can be repeated" },
	{ "openWorldHint", "reaches outside" },
};

static void say_hints(const struct roster_tool *tool, struct buf *out)
{
	for (size_t i = 0; i < COUNT_OF(hints); i++) {
		for (size_t k = 0; k < tool->says_count; k++) {
			if (is(tool->says[k], hints[i].hint)) {
				buf_printf(
					out, "%s%s", out->len ? ", " : " · says: ", hints[i].words);
			}
		}
	}
}

static void change_doc(struct doc *doc, const struct roster_tool *tool)
{
	char seen[32], accepted[32];
	struct buf parts = { 0 };
	cell_time(tool->seen_at, seen);
	cell_time(tool->accepted_at, accepted);
	for (size_t i = 0; i < tool->changed_count; i++) {
		buf_printf(&parts, "%s%s", i ? ", " : "", tool->changed[i]);
	}
	struct safe_text changed = doc_safe(doc, parts.len ? buf_cstr(&parts) : "its definition");
	doc_labelled(doc, "", ROLE_WARNING,
		safe_printf("changed: %s · seen %s%s%s · its calls wait until you accept it",
			safe_cstr(&changed), seen, accepted[0] ? " · accepted " : "", accepted));
	safe_finish(&changed);
	buf_finish(&parts);
}

static void tool_doc(struct doc *doc, const struct roster_tool *tool)
{
	struct buf says = { 0 };
	struct safe_text name = doc_safe(doc, tool->name), title = doc_safe(doc, tool->title);
	say_hints(tool, &says);
	doc_add(doc, tool->pin == PIN_CHANGED ? ROLE_WARNING : ROLE_TEXT, 2, "",
		safe_printf("%s%s%s%s · %s%s%s", safe_cstr(&name), title.bytes ? " \"" : "",
			safe_cstr(&title), title.bytes ? "\"" : "",
			tool->known ? "known" : "guessed",
			tool->pin == PIN_NEW ? " · not called yet" : "",
			says.len ? buf_cstr(&says) : ""));
	if (doc->count) {
		doc->lines[doc->count - 1].prose = true;
		doc->lines[doc->count - 1].hang = 2;
	}
	if (tool->pin == PIN_CHANGED) {
		change_doc(doc, tool);
	}
	safe_finish(&name);
	safe_finish(&title);
	buf_finish(&says);
}

void roster_doc(struct doc *doc, const struct roster_server *s)
{
	head_doc(doc, s);
	command_doc(doc, s);
	who_doc(doc, s);
	doc_blank(doc);
	doc_add(doc, ROLE_LABEL, 0, "",
		safe_printf("%lld tools%s", (long long)s->tools_all,
			s->listed               ? ""
				: s->tool_count ? " (it has said that they change)"
						: " (it was not asked for them yet)"));
	for (size_t i = 0; i < s->tool_count; i++) {
		tool_doc(doc, &s->tools[i]);
	}
	if (s->tools_all > (int64_t)s->tool_count) {
		doc_add(doc, ROLE_DIM, 2, "",
			safe_printf("… and %lld more, not listed here",
				(long long)s->tools_all - (long long)s->tool_count));
	}
}
