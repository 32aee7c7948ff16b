/*
 * The files behind a starter policy, read bounded and never through a link at their end,. Writes no
 * file: `bascule policy starter` prints it.
 */
#include "config.h"

#include "ipc/starter.h"

#include "core/diag.h"
#include "core/policy/starter.h"
#include "ipc/git_file.h"
#include "ipc/git_repo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reading {
	struct starter_repo repo;
	struct buf text[STARTER_FILE_COUNT];
};

static void read_one(struct reading *r, size_t i, const char *dir)
{
	const struct starter_file *file = &starter_files[i];
	char *path = xasprintf("%s/%s", dir, file->path);
	struct stat st;
	if (!file->most) {
		r->repo.there[i] = lstat(path, &st) == 0 && S_ISREG(st.st_mode);
	} else if (git_file_read(path, file->most, &r->text[i], NULL) == GIT_FILE_READ) {
		r->repo.there[i] = true;
		r->repo.text[i] = buf_view(&r->text[i]);
	}
	free(path);
}

bool starter_write(const char *dir, struct buf *out, char **top, struct err *err)
{
	struct git_repo repo = { 0 };
	char *real = realpath(dir, NULL);
	struct stat st;
	if (!real || stat(real, &st) != 0 || !S_ISDIR(st.st_mode)) {
		fail(err, DIAG_USAGE, "%.200s: %s", dir, real ? "no directory" : strerror(errno));
		free(real);
		return false;
	}
	struct git_cache *cache = git_cache_create();
	struct reading *r = xcalloc(1, sizeof(*r));
	bool known = git_repo_find(cache, real, "", false, &repo) == GIT_KNOWN;
	for (size_t i = 0; i < STARTER_FILE_COUNT; i++) {
		const char *from = starter_files[i].of_git ? repo.common : known ? repo.tree : real;
		if (from) {
			read_one(r, i, from);
		}
	}
	starter_policy(&r->repo, out);
	if (top) {
		*top = xstrdup(known ? repo.tree : real);
	}
	for (size_t i = 0; i < STARTER_FILE_COUNT; i++) {
		buf_finish(&r->text[i]);
	}
	free(r);
	git_repo_finish(&repo);
	git_cache_destroy(cache);
	free(real);
	return true;
}
