/*
 * What the repository around a path says of it: tracked, changed, ignored; and which branch a
 * repository is on. Only where the work tree lies in the scope, because only there would a person
 * expect git to bring back what is lost.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include "core/git_object.h"
#include "core/ignore.h"
#include "ipc/git_file.h"
#include "ipc/git_read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	HASH_MOST = 1 << 20,
	HASH_QUICK = 64 << 10,
	IGNORE_MOST = 1 << 20,
	LEVELS_MAX = 64,
	TARGET_MOST = 4096
};

/* ---- changed ---- */

static bool same_blob(struct span content, const struct git_entry *entry)
{
	unsigned char id[GIT_ID_BYTES];
	git_object_id(GIT_BLOB, content, id);
	return memcmp(id, entry->id, GIT_ID_BYTES) == 0;
}

static bool time_is(const struct git_entry *entry, struct timespec t)
{
	return entry->mtime_s == (uint32_t)t.tv_sec && entry->mtime_ns == (uint32_t)t.tv_nsec;
}

/* What was written as late as the index itself may have changed since without showing it. */
static bool is_racy(const struct git_entry *entry, struct timespec index)
{
	uint32_t s = (uint32_t)index.tv_sec;
	return entry->mtime_s > s ||
		(entry->mtime_s == s && entry->mtime_ns >= (uint32_t)index.tv_nsec);
}

/* Changed unless it is proven to be what the index holds. */
static bool is_changed(const char *path, const struct git_index_ref *ref,
	const struct git_entry *entry, bool quick, bool *later)
{
	struct stat st;
	struct buf text = { 0 };
	bool link = (entry->mode & GIT_MODE_KIND) == GIT_MODE_LINK, same = false;
	if (lstat(path, &st) != 0 || entry->conflict ||
		(link ? !S_ISLNK(st.st_mode) : !S_ISREG(st.st_mode))) {
		return true;
	}
	if ((uint32_t)st.st_size == entry->size && time_is(entry, st.st_mtim) &&
		!is_racy(entry, ref->mtime)) {
		return false;
	}
	if (link) {
		char target[TARGET_MOST];
		ssize_t n = readlink(path, target, sizeof(target));
		return n <= 0 || !same_blob((struct span){ target, (size_t)n }, entry);
	}
	/* git writes a size of 0 for what it has not looked at closely */
	if ((entry->size && (uint32_t)st.st_size != entry->size) || st.st_size > HASH_MOST) {
		return true;
	}
	if (quick && st.st_size > HASH_QUICK) {
		*later = true;
		return true;
	}
	same = git_file_read(path, HASH_MOST, &text, NULL) == GIT_FILE_READ &&
		same_blob(buf_view(&text), entry);
	buf_finish(&text);
	return !same;
}

/* ---- ignored ---- */

struct ignore_files { /* of the directories from the work tree down, and the repository's own */
	struct buf text[LEVELS_MAX];
	size_t from[LEVELS_MAX]; /* where paths below that directory begin */
	size_t count;
	struct buf exclude;
	bool odd;
};

static void read_ignore(const char *dir, const char *name, struct buf *out, bool *odd)
{
	char *path = xasprintf("%s/%s", dir, name);
	*odd |= git_file_read(path, IGNORE_MOST, out, NULL) == GIT_FILE_ODD;
	free(path);
}

/* `path` is relative to the tree, its directories are those before each slash. */
static void read_ignores(const struct git_repo *repo, const char *path, struct ignore_files *files)
{
	const char *at = path;
	read_ignore(repo->tree, ".gitignore", &files->text[files->count++], &files->odd);
	read_ignore(repo->common, "info/exclude", &files->exclude, &files->odd);
	while ((at = strchr(at, '/'))) {
		if (files->count >= LEVELS_MAX) {
			files->odd = true;
			return;
		}
		char *dir = xasprintf("%s/%.*s", repo->tree, (int)(at - path), path);
		files->from[files->count] = (size_t)(++at - path);
		read_ignore(dir, ".gitignore", &files->text[files->count++], &files->odd);
		free(dir);
	}
}

/* Asked of one name on the way down: the file nearest to it that says anything decides. */
static enum ignore_answer ask_ignores(
	const struct ignore_files *files, struct span path, bool directory)
{
	for (size_t i = files->count; i-- > 0;) {
		size_t from = files->from[i];
		if (from > path.len) {
			continue; /* of a directory further down */
		}
		enum ignore_answer answer = ignore_match(buf_view(&files->text[i]),
			(struct span){ path.at + from, path.len - from }, directory);
		if (answer != IGNORE_NONE) {
			return answer;
		}
	}
	return ignore_match(buf_view(&files->exclude), path, directory);
}

static bool is_ignored(const struct git_repo *repo, const char *path, bool directory)
{
	struct ignore_files files = { .count = 0 };
	enum ignore_answer answer = IGNORE_NONE;
	read_ignores(repo, path, &files);
	for (const char *at = path; answer != IGNORE_YES && answer != IGNORE_UNKNOWN && at;) {
		const char *end = strchr(at, '/');
		struct span part = { path, end ? (size_t)(end - path) : strlen(path) };
		answer = ask_ignores(&files, part, end || directory);
		at = end ? end + 1 : NULL;
	}
	for (size_t i = 0; i < files.count; i++) {
		buf_finish(&files.text[i]);
	}
	buf_finish(&files.exclude);
	return answer == IGNORE_YES && !files.odd;
}

/* ---- paths ---- */

static bool has_dot_git(const char *dir)
{
	struct stat st;
	char *git = xasprintf("%s/.git", dir);
	bool has = lstat(git, &st) == 0;
	free(git);
	return has;
}

/* A repository of its own is more than what somebody built, whatever the lines say. */
static bool is_repository(const struct fact *fact)
{
	return strcasecmp(strrchr(fact->path, '/'), "/.git") == 0 ||
		(fact->state == FACT_DIRECTORY && has_dot_git(fact->path));
}

static bool mark(
	const struct git_repo *repo, const struct git_index_ref *ref, struct fact *fact, bool quick)
{
	const char *path = fact->path + strlen(repo->tree) + 1;
	bool directory = fact->state == FACT_DIRECTORY, later = false;
	if (directory && git_index_below(&ref->index, span_of(path))) {
		fact->marks |= MARK_TRACKED;
		return true;
	}
	const struct git_entry *entry = git_index_find(&ref->index, span_of(path));
	if (entry && !entry->added_later) {
		fact->marks |= MARK_TRACKED;
		fact->marks |= is_changed(fact->path, ref, entry, quick, &later) ? MARK_CHANGED : 0;
		return !later;
	}
	if (!entry && !repo->folds_case && !is_repository(fact) &&
		is_ignored(repo, path, directory)) {
		fact->marks |= MARK_IGNORED;
	}
	return true;
}

bool facts_marks(const struct facts *facts, struct effect *effect, bool quick)
{
	struct fact *fact = &effect->fact;
	const char *top = fact->path && fact->inside ? facts_top(facts, fact->path) : NULL;
	if (!top || strcmp(top, fact->path) == 0 || facts->odd_git || effect->late) {
		return true;
	}
	struct git_repo repo;
	struct git_index_ref ref;
	char *from = xstrdup(fact->path);
	*strrchr(from, '/') = '\0';
	enum git_answer answer = git_repo_find(facts->git, from, top, quick, &repo);
	bool done = answer != GIT_LATER;
	if (answer == GIT_KNOWN) {
		fact->marks |= MARK_REPO;
		if (fact->state == FACT_FILE || fact->state == FACT_DIRECTORY) {
			answer = git_repo_index(facts->git, &repo, quick, &ref);
			done = answer != GIT_LATER &&
				(answer != GIT_KNOWN || mark(&repo, &ref, fact, quick));
			git_index_release(&ref);
		}
		git_repo_finish(&repo);
	}
	free(from);
	return done;
}

/* ---- branches ---- */

/* What the symbolic reference points to, without `prefix`; "" for everything else. */
static char *points_to(const struct git_repo *repo, const char *name, const char *prefix)
{
	const struct git_store store = { repo->dir, repo->common };
	struct buf target = { 0 };
	unsigned char id[GIT_ID_BYTES];
	char *branch = NULL;
	if (git_ref_read(&store, name, id, &target) == GIT_REF_SYMBOLIC) {
		const char *to = buf_cstr(&target);
		size_t n = strlen(prefix);
		branch = strncmp(to, prefix, n) == 0 ? xstrdup(to + n) : NULL;
	}
	buf_finish(&target);
	return branch ? branch : xstrdup("");
}

static void fill_branch(
	const struct facts *facts, const struct git_repo *repo, struct effect *effect)
{
	struct fact *fact = &effect->fact;
	fact->path = xstrdup(repo->dir);
	fact->inside = true;
	fact->state = FACT_DIRECTORY;
	fact->marks = MARK_REPO;
	fact->text = points_to(repo, "HEAD", "refs/heads/");
	fact->more = points_to(repo, "refs/remotes/origin/HEAD", "refs/remotes/origin/");
	if (effect->kind == EFFECT_PUSH && !effect->given[0] &&
		!facts_push_is_plain(facts, repo, fact->text, effect->how)) {
		fact->text[0] = '\0';
	}
}

bool facts_repo(const struct facts *facts, struct effect *effect, bool quick)
{
	const char *top = NULL;
	char *dir = NULL;
	struct git_repo repo;
	if (facts->odd_git) {
		return true;
	}
	/* what a push alone means is said in the home directory as well, wherever that lies */
	if (quick && effect->kind == EFFECT_PUSH && !effect->given[0]) {
		return false;
	}
	if (!facts_base(facts, effect, quick, &dir, &top)) {
		return false;
	}
	enum git_answer answer = dir && top ? git_repo_find(facts->git, dir, top, quick, &repo)
					    : GIT_UNKNOWN;
	if (answer == GIT_KNOWN) {
		fill_branch(facts, &repo, effect);
		git_repo_finish(&repo);
	}
	free(dir);
	return answer != GIT_LATER;
}
