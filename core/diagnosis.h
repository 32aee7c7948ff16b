/*
 * What `bascule doctor` finds: a list of rows, each with how bad it is, where it stands, what is so
 * and what mends it.
 */
#ifndef BASCULE_CORE_DIAGNOSIS_H
#define BASCULE_CORE_DIAGNOSIS_H

#include "core/jsonw.h"

/* From well to bad. A note costs nothing; a warning is less safe or less comfortable than it could
 * be; a failure means that something does not work, or lets calls run that should ask. */
#define DIAGNOSIS_LEVELS(X) X(OK, "ok") X(NOTE, "note") X(WARNING, "warning") X(FAILURE, "failure")

enum diagnosis_level {
#define X(id, name) DIAGNOSIS_##id,
	DIAGNOSIS_LEVELS(X)
#undef X
		DIAGNOSIS_LEVEL_COUNT
};

const char *diagnosis_level_name(enum diagnosis_level level);

/* Texts may hold foreign bytes. */
struct diagnosis_row {
	enum diagnosis_level level;
	const char *check; /* borrowed: the name of the check that says it */
	char *where; /* a file, FILE:LINE, or NULL */
	char *what;
	char *fix; /* a command or a sentence, or NULL */
};

struct diagnosis {
	struct diagnosis_row *rows; /* in the order in which they were found */
	size_t count, cap;
};

/* Takes `what`; copies the others. */
void diagnosis_add(struct diagnosis *d, enum diagnosis_level level, const char *check,
	const char *where, const char *fix, char *what);
void diagnosis_finish(struct diagnosis *d);

size_t diagnosis_count(const struct diagnosis *d, enum diagnosis_level level);
/* 0: all is well, notes allowed; 1: there are warnings; 2: there are failures. */
int diagnosis_exit(const struct diagnosis *d);
/* "3 well, 1 note, 2 warnings, 1 failure"; the caller frees it. */
char *diagnosis_summary(const struct diagnosis *d);
/* The members "exit", "counts" and "findings" of an object that is open. */
void diagnosis_write(const struct diagnosis *d, struct jsonw *w);

#endif
