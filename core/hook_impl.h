/* What the files of the agents share. Private to core/hook*.c. */
#ifndef BASCULE_CORE_HOOK_IMPL_H
#define BASCULE_CORE_HOOK_IMPL_H

#include "core/hook.h"
#include "core/jsonw.h"

#include <stddef.h>

/* A member to read: a JSON_STRING goes decoded to a char *, an object or array raw to a struct
 * span. null counts as not there. */
struct hook_want {
	const char *name;
	enum json_type type;
	bool needed;
	size_t to; /* offset in what is filled */
};
#define HOOK_TEXT(name, needed, type, member) \
	{ \
		name, JSON_STRING, needed, offsetof(type, member) \
	}
#define HOOK_RAW(name, json, needed, type, member) \
	{ \
		name, json, needed, offsetof(type, member) \
	}

/* Fills `to` from the members wanted. False: one is missing, of another type, empty, too long, or
 * there is a member by almost that name (in another case), which another reader might take. */
bool hook_members(
	void *to, struct span object, const struct hook_want *wants, size_t count, struct err *err);

/* An event by its name. */
struct hook_event_name {
	const char *name;
	enum hook_event event;
};
/* Reads the event's name from `member`. False: it is not there as hook_members wants it, or is not
 * in the list, which ends with a name NULL. */
bool hook_event_of(struct hook_call *call, struct span object, const char *member,
	const struct hook_event_name *names, struct err *err);

/* Is the tool's name in the form PREFIX SERVER "__" TOOL? Sets of_server by the prefix, and
 * server and server_tool if there is only one way to take the rest apart. */
void hook_split(struct hook_call *call, const char *prefix);
/* The same where the agent names the server: it is taken if the tool's name goes with it. */
bool hook_split_of(struct hook_call *call, const char *prefix, const char *server, struct err *err);

/* {"hookSpecificOutput":{"hookEventName":NAME, open for more; hook_specific_end closes both. */
struct jsonw hook_specific(struct buf *out, const char *event);
void hook_specific_end(struct jsonw *w);

#define X(id) extern const struct hook_form hook_form_##id;
HOOK_FORMS(X)
#undef X

#endif
