/* What the files of the extraction share: extract.c, extract_*.c. */
#ifndef BASCULE_CORE_EFFECTS_EXTRACT_IMPL_H
#define BASCULE_CORE_EFFECTS_EXTRACT_IMPL_H

#include "core/effects/extract.h"

/* One call that is read by the tool of a profile. */
struct reading {
	struct effects *out;
	const struct extract *call;
	const struct profile *profile;
	const struct profile_tool *tool;
	struct span values[PROFILE_ARGS_MAX]; /* by the tool's arguments; absent: not given */
	char *cwd; /* absolute; NULL: not known */
	char *base; /* of the effects, see struct effect */
};

/* UNKNOWN, in words */
void reading_unknown(struct effects *out, const char *arg, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The value of the first argument with this role; absent: none was given. */
struct span reading_value(const struct reading *r, enum arg_role role);

/* The directories that others are seen from: sets cwd and base. */
void reading_place(struct reading *r);
/* Everything that the arguments do. */
void reading_arguments(struct reading *r);
/* A pattern of names that are listed, or of files whose content is read. */
void reading_glob(struct reading *r, const char *arg, const char *pattern, bool content);
/* Restricts the searches so far to files of these names; the text is taken apart. */
void reading_filter(struct reading *r, const char *arg, char *patterns);
/* What the tool does as a whole. */
void reading_tool(struct reading *r);

/* Of a tool that no profile knows: what its arguments look like. */
void guess_effects(struct effects *out, const struct extract *call);

#endif
