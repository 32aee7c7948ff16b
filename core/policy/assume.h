/*
 * Facts without a machine: for logs of other machines and for examples. Paths are taken as they are
 * written, files as there, tracked and unchanged, branches as told. Never used by a gate.
 */
#ifndef BASCULE_CORE_POLICY_ASSUME_H
#define BASCULE_CORE_POLICY_ASSUME_H

#include "core/effects/effect.h"

struct assumed {
	const char *const *scope; /* absolute directories */
	size_t scope_count;
	const char *home; /* NULL: "~" is not known */
	const char *branch; /* "" if there is none */
	const char *default_branch; /* of origin; "" if not known */
};

/* Fills every fact of every effect and marks it assumed. */
void effects_assume(struct effects *effects, const struct assumed *assumed);

/* An absolute path with ".", ".." and doubled slashes taken away as text. The caller frees it. */
char *path_collapse(const char *path);
/* `path` is `dir` or lies below it, compared by component. */
bool path_below(const char *dir, const char *path);

#endif
