/* What the files of grants share. */
#ifndef BASCULE_CORE_POLICY_GRANT_IMPL_H
#define BASCULE_CORE_POLICY_GRANT_IMPL_H

#include "core/policy/grant.h"

/* Whether nothing but "once" is ever offered for this effect, whatever the width. */
bool grant_never(const struct policy_call *call, const struct effect *effect);
/* The command in the same simple command that this UNKNOWN only explains; NULL: it says more. */
const struct effect *grant_explained(const struct policy_call *call, const struct effect *effect);
/* The command runs what it is given, or may send it away. */
bool grant_argv_never(const struct policy_call *call, const struct effect *effect);
/* The words that a command begins with if it only shows something, whatever stands behind them;
 * NULL: it is none of those. */
const char *grant_shows(const char *given);

/* Appends the words of a quoted argv, generalised; false: none of that width. */
bool grant_words(const struct policy_call *call, const struct effect *effect,
	enum grant_width width, struct buf *out);

/* A directory that is named because a command works in it: git, a task. */
bool grant_works_in(const struct policy_call *call, const struct effect *effect);
/* The form of a path by the directory that lies `up` above its own, as a `verb` ("read", "list",
 * "work", "write") of wider forms; false: none of it. */
bool grant_form_directory(const struct policy_call *call, const struct effect *effect,
	const char *verb, enum grant_width width, size_t up, struct buf *out);

/* Cuts the next word off a quoted argv: as written, and decoded into `text`. False: no more, or it
 * is not quoted as shell_quote does. */
bool grant_next_word(struct span *rest, struct span *raw, struct buf *text);

bool grant_below(const char *path, const char *dir); /* the directory itself included */
/* A directory that may stand for what is in it. */
bool grant_directory(const struct policy_call *call, const struct effect *effect,
	enum grant_width width, const char *dir);

#endif
