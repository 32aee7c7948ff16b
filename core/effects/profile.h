/*
 * Which tools a known server has and what each argument means. Data only: a new server is one table
 * (core/profile.c).
 *
 * A profile is chosen by --profile, or by the package that the server's command starts, or by
 * --name; never by what the server says of itself.
 */
#ifndef BASCULE_CORE_EFFECTS_PROFILE_H
#define BASCULE_CORE_EFFECTS_PROFILE_H

#include "core/base.h"

enum arg_role {
	ARG_TEXT, /* content, options, numbers: accounted for, no effect of its own */
	ARG_READ, /* a path that is read */
	ARG_READS, /* an array of them */
	ARG_WRITE, /* a path that is created, changed or removed */
};

struct profile_arg {
	const char *name;
	enum arg_role role;
};

struct profile_tool {
	const char *name;
	const struct profile_arg *args; /* ends with name NULL */
};

struct profile {
	const char *name;
	const char *const *packages; /* of npm, with their scope; ends with NULL */
	const char *command; /* that they install */
	const struct profile_tool *tools; /* ends with name NULL */
};

const struct profile *profile_find(struct span name); /* NULL: no such profile */
/* Any argument may be absent; argv is a NULL-terminated list. NULL: none fits. */
const struct profile *profile_choose(const char *asked, char *const *argv, const char *server_name);
const struct profile_tool *profile_tool(const struct profile *profile, struct span tool);

#endif
