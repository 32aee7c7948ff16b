/*
 * Reads the members of what an agent's hook is given. What is wanted is a table; what is there in
 * another type, another case or not at all is refused and named, because two readers of one text
 * must not see two calls. Members that nobody here wants are ignored: agents add some with each
 * release. Called by core/hook_NAME.c.
 */
#include "config.h"

#include "core/diag.h"
#include "core/hook_impl.h"

#include <stdlib.h>

static const char *type_word(enum json_type type)
{
	return type == JSON_STRING ? "a text" : type == JSON_OBJECT ? "an object" : "a list";
}

static bool keep_text(char **to, const struct hook_want *want, struct span value, struct err *err)
{
	size_t most = strcmp(want->name, "cwd") == 0 || strcmp(want->name, "directory") == 0
		? HOOK_PATH_MAX
		: HOOK_LABEL_MAX;
	/* an escape is at most six bytes of text for one */
	if (value.len > 6 * most + 2) {
		return fail(err, DIAG_JSON, "%s is longer than %zu bytes", want->name, most);
	}
	char *text = json_strdup(value);
	size_t len = strlen(text);
	if (!len || len > most) {
		free(text);
		return len ? fail(err, DIAG_JSON, "%s is longer than %zu bytes", want->name, most)
			   : fail(err, DIAG_JSON, "%s is empty", want->name);
	}
	free(*to);
	*to = text;
	return true;
}

static bool keep(void *to, const struct hook_want *want, struct span value, struct err *err)
{
	void *place = (char *)to + want->to;
	enum json_type type = json_type(value);
	if (type == JSON_NULL && !want->needed) {
		return true;
	}
	if (type != want->type) {
		return fail(err, DIAG_JSON, "%s is not %s", want->name, type_word(want->type));
	}
	if (type == JSON_STRING) {
		return keep_text(place, want, value, err);
	}
	*(struct span *)place = value;
	return true;
}

static bool is_kept(const void *to, const struct hook_want *want)
{
	const void *place = (const char *)to + want->to;
	return want->type == JSON_STRING ? *(char *const *)place != NULL
					 : ((const struct span *)place)->at != NULL;
}

bool hook_members(
	void *to, struct span object, const struct hook_want *wants, size_t count, struct err *err)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	while (json_next(&walk, &key, &value)) {
		for (size_t i = 0; i < count; i++) {
			if (!json_key_folds_to(key, wants[i].name)) {
				continue;
			}
			if (!json_key_is(key, wants[i].name)) {
				return fail(err, DIAG_JSON, "%s is there in another case",
					wants[i].name);
			}
			if (!keep(to, &wants[i], value, err)) {
				return false;
			}
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (wants[i].needed && !is_kept(to, &wants[i])) {
			return fail(err, DIAG_JSON, "%s is missing", wants[i].name);
		}
	}
	return true;
}

bool hook_event_of(struct hook_call *call, struct span object, const char *member,
	const struct hook_event_name *names, struct err *err)
{
	const struct hook_want want = HOOK_TEXT(member, true, struct hook_call, event_name);
	if (!hook_members(call, object, &want, 1, err)) {
		return false;
	}
	for (; names->name; names++) {
		if (strcmp(call->event_name, names->name) == 0) {
			call->event = names->event;
			return true;
		}
	}
	return fail(err, DIAG_JSON, "its event is not known");
}

static void take(struct hook_call *call, struct span server, struct span tool)
{
	call->server = span_dup(server);
	call->server_tool = span_dup(tool);
}

void hook_split(struct hook_call *call, const char *prefix)
{
	struct span tool = span_of(call->tool);
	if (!span_starts(tool, prefix)) {
		return;
	}
	call->of_server = true;
	const char *server = call->tool + strlen(prefix);
	const char *cut = *server ? strstr(server + 1, "__") : NULL;
	/* "a___b" has two ways as well as "a__b__c" */
	if (cut && cut[2] && !strstr(cut + 1, "__")) {
		take(call, (struct span){ server, (size_t)(cut - server) }, span_of(cut + 2));
	}
}

/* As agents write a server's name into a tool's: what is no letter, digit, "_" or "-" is a "_". */
static size_t name_prefix(const char *tool, const char *server)
{
	size_t i = 0;
	for (; server[i]; i++) {
		char c = server[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || c == '-';
		if (tool[i] != (plain ? c : '_')) {
			return 0;
		}
	}
	return i;
}

bool hook_split_of(struct hook_call *call, const char *prefix, const char *server, struct err *err)
{
	if (!span_starts(span_of(call->tool), prefix)) {
		return fail(err, DIAG_JSON,
			"a server is named beside a tool that is none of a server's");
	}
	const char *rest = call->tool + strlen(prefix);
	size_t n = name_prefix(rest, server);
	if (n && strncmp(rest + n, "__", 2) == 0 && rest[n + 2]) {
		call->of_server = true;
		take(call, span_of(server), span_of(rest + n + 2));
	} else {
		hook_split(call, prefix);
	}
	return true;
}

struct jsonw hook_specific(struct buf *out, const char *event)
{
	struct jsonw w = jw_start(out);
	jw_open(&w, '{');
	jw_key(&w, "hookSpecificOutput");
	jw_open(&w, '{');
	jw_kv_text(&w, "hookEventName", event);
	return w;
}

void hook_specific_end(struct jsonw *w)
{
	jw_close(w, '}');
	jw_close(w, '}');
}
