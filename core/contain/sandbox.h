/*
 * A sandbox as data: what of the file system is seen inside and how, whether there is a network,
 * and the command line by which bubblewrap makes it. What is named nowhere is seen as it is and
 * cannot be written.
 *
 * The most specific place wins, whatever order they were added in; but nothing that is hidden comes
 * back, whoever names something inside of it.
 */
#ifndef BASCULE_CORE_CONTAIN_SANDBOX_H
#define BASCULE_CORE_CONTAIN_SANDBOX_H

#include "core/base.h"

/* Of two words for the same path the later one here counts. */
enum sandbox_access {
	SANDBOX_WRITE = 1,
	SANDBOX_READ = 2, /* seen as it is, read-only */
	SANDBOX_PRIVATE = 4, /* an empty directory of the sandbox's own, to write in */
	SANDBOX_HIDDEN = 8, /* an empty directory, or a file that cannot be opened */
};

enum { SANDBOX_PLACES_MAX = 2000 };

struct sandbox_place {
	char *path; /* absolute, resolved, without a slash at its end */
	enum sandbox_access access;
	bool file; /* and no directory */
};

struct sandbox {
	struct sandbox_place *places;
	size_t count, cap;
	bool network;
};

void sandbox_finish(struct sandbox *sandbox);
void sandbox_add(
	struct sandbox *sandbox, const char *path, enum sandbox_access access, bool is_file);

/* Sorts the places, joins those of one path, and leaves out what is hidden anyway. Every directory
 * between a place that can be written and one below it that cannot becomes a place too: what is
 * mounted cannot be renamed, and a directory that could be would take its protected files along.
 * False: something to be seen lies in what is hidden, or there are too many; err says which. */
bool sandbox_settle(struct sandbox *sandbox, struct err *err);

/* How a path is seen, by the nearest place that holds it; after sandbox_settle. */
enum sandbox_access sandbox_access_of(const struct sandbox *sandbox, const char *path);
/* Is there a place strictly below this directory with one of these ways of access? */
bool sandbox_has_below(const struct sandbox *sandbox, const char *dir, unsigned access);

/* The command line of `bwrap` (its full path) that shows this and then runs `words`, which end with
 * NULL, in the directory `cwd`. All of it is owned by the caller: sandbox_free_words. */
char **sandbox_bwrap(const struct sandbox *sandbox, const char *bwrap, const char *cwd,
	const char *const *words);
void sandbox_free_words(char **words);

/* Does a variable of this name go inside? Those that programs need to find their way, and `named`,
 * which ends with NULL and may be NULL. */
bool sandbox_keeps_variable(struct span name, const char *const *named);

#endif
