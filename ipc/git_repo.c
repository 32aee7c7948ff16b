/*
 * Finds repositories and keeps what was parsed of them: their form, their index, what HEAD holds at
 * a few paths. The lock is held for looking things up, never while a file is read: a thread that
 * hangs on a slow disk must not stop the loop.
 *
 * A repository that is odd in any way (another object format, a work tree elsewhere, bare) is none
 * for us: then nothing is tracked, and the person is asked.
 */
#include "config.h"

#include "ipc/git_repo.h"

#include "core/map.h"
#include "ipc/git_form.h"
#include "ipc/git_read.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

enum {
	INDEX_MAX = 64 << 20,
	INDEX_QUICK = 256 << 10,
	KNOWN_MAX = 16,
	SETTLED_MS = 50,
	REFS_QUICK = 256 << 10,
	BLOBS_MAX = 1024,
	DOT_GIT = 5
};

struct git_index_shared { /* under the cache's lock: users */
	struct git_index index;
	struct git_stamp stamp;
	unsigned users;
	struct git_cache *cache;
};

struct blob {
	bool there;
	unsigned char id[GIT_ID_BYTES];
};

struct known { /* of one git directory and the work tree it was found from */
	char *tree, *dir;
	struct git_form form;
	struct git_index_shared *index;
	unsigned char head[GIT_ID_BYTES];
	struct map blobs; /* path in HEAD's tree to struct blob */
	uint64_t used;
};

struct git_cache {
	uv_mutex_t lock;
	struct known *known[KNOWN_MAX];
	uint64_t clock;
};

static void unuse_index(struct git_index_shared *shared)
{
	if (shared && !--shared->users) {
		git_index_finish(&shared->index);
		free(shared);
	}
}

static void free_blob(void *data, struct span key, void *value)
{
	(void)data;
	(void)key;
	free(value);
}

static void forget_blobs(struct known *known)
{
	map_each(&known->blobs, free_blob, NULL);
	map_finish(&known->blobs);
	known->blobs = (struct map){ 0 };
}

static void known_free(struct known *known)
{
	if (known) {
		unuse_index(known->index);
		forget_blobs(known);
		free(known->tree);
		free(known->dir);
		free(known->form.common);
		free(known);
	}
}

struct git_cache *git_cache_create(void)
{
	struct git_cache *cache = xcalloc(1, sizeof(*cache));
	if (uv_mutex_init(&cache->lock) != 0) {
		abort();
	}
	return cache;
}

void git_cache_destroy(struct git_cache *cache)
{
	if (cache) {
		for (size_t i = 0; i < KNOWN_MAX; i++) {
			known_free(cache->known[i]);
		}
		uv_mutex_destroy(&cache->lock);
		free(cache);
	}
}

/* All under the lock. */
static struct known *known_find(struct git_cache *cache, const char *tree, const char *dir)
{
	for (size_t i = 0; i < KNOWN_MAX; i++) {
		struct known *k = cache->known[i];
		if (k && strcmp(k->dir, dir) == 0 && strcmp(k->tree, tree) == 0) {
			k->used = ++cache->clock;
			return k;
		}
	}
	return NULL;
}

/* Takes it, in the place of what had this name, else of what was used longest ago. */
static void known_put(struct git_cache *cache, struct known *known)
{
	size_t place = 0;
	for (size_t i = 0; i < KNOWN_MAX; i++) {
		struct known *k = cache->known[i];
		if (k && strcmp(k->dir, known->dir) == 0 && strcmp(k->tree, known->tree) == 0) {
			place = i;
			break;
		}
		if (!k || (cache->known[place] && k->used < cache->known[place]->used)) {
			place = i;
		}
	}
	known_free(cache->known[place]);
	known->used = ++cache->clock;
	cache->known[place] = known;
}

/* ---- where ---- */

/* A copy of the form that is kept; its `common` is the caller's. */
static bool form_known(
	struct git_cache *cache, const char *tree, const char *dir, struct git_form *out)
{
	uv_mutex_lock(&cache->lock);
	const struct known *k = known_find(cache, tree, dir);
	if (k) {
		*out = k->form;
		out->common = xstrdup(k->form.common);
	}
	uv_mutex_unlock(&cache->lock);
	return k != NULL;
}

static enum git_answer form_get(struct git_cache *cache, const char *tree, const char *dir,
	bool linked, bool quick, struct git_form *out)
{
	if (form_known(cache, tree, dir, out)) {
		if (out->usable && (out->local || !quick) && git_form_fresh(dir, out)) {
			return GIT_KNOWN;
		}
		free(out->common);
	}
	if (quick) {
		return GIT_LATER;
	}
	struct known *k = xcalloc(1, sizeof(*k));
	k->tree = xstrdup(tree);
	k->dir = xstrdup(dir);
	git_form_read(tree, dir, linked, &k->form);
	bool usable = k->form.usable;
	uv_mutex_lock(&cache->lock);
	known_put(cache, k);
	uv_mutex_unlock(&cache->lock);
	return usable && form_known(cache, tree, dir, out) ? GIT_KNOWN : GIT_UNKNOWN;
}

/* The nearest directory upwards with anything called .git; NULL: none up to `top`. */
static char *find_tree(const char *from, const char *top)
{
	size_t least = strlen(top);
	char *dir = xstrdup(from);
	if (strncmp(from, top, least) != 0 || (from[least] && from[least] != '/')) {
		free(dir);
		return NULL;
	}
	for (;;) {
		if (git_stamp_at(dir, ".git").there) {
			return dir;
		}
		char *slash = strrchr(dir, '/');
		if (!slash || strlen(dir) <= least || slash == dir) {
			free(dir);
			return NULL;
		}
		*slash = '\0';
	}
}

/* What lies in a git directory belongs to no work tree. */
static bool is_git_inside(const char *path)
{
	for (const char *at = path; (at = strcasestr(at, "/.git")); at += DOT_GIT) {
		if (at[DOT_GIT] == '/' || !at[DOT_GIT]) {
			return true;
		}
	}
	return false;
}

enum git_answer git_repo_find(struct git_cache *cache, const char *from, const char *top,
	bool quick, struct git_repo *out)
{
	bool linked = false;
	struct git_form form;
	*out = (struct git_repo){ 0 };
	char *tree = is_git_inside(from) ? NULL : find_tree(from, top);
	char *dir = tree ? git_form_dir(tree, &linked) : NULL;
	enum git_answer answer = dir ? form_get(cache, tree, dir, linked, quick, &form)
				     : GIT_UNKNOWN;
	if (answer == GIT_KNOWN) {
		*out = (struct git_repo){ .tree = tree,
			.dir = dir,
			.common = form.common,
			.folds_case = form.folds_case };
		return answer;
	}
	free(tree);
	free(dir);
	return answer;
}

void git_repo_finish(struct git_repo *repo)
{
	free(repo->tree);
	free(repo->dir);
	free(repo->common);
	*repo = (struct git_repo){ 0 };
}

/* ---- index ---- */

static bool index_known(struct git_cache *cache, const struct git_repo *repo,
	const struct git_stamp *now, struct git_index_ref *out)
{
	uv_mutex_lock(&cache->lock);
	struct known *k = known_find(cache, repo->tree, repo->dir);
	struct git_index_shared *shared = k ? k->index : NULL;
	bool same = shared && git_stamp_same(&shared->stamp, now);
	if (same) {
		shared->users++;
		*out = (struct git_index_ref){ shared->index, shared->stamp.mtime, shared };
	}
	uv_mutex_unlock(&cache->lock);
	return same;
}

static struct git_index_shared *index_read(struct git_cache *cache, const struct git_repo *repo)
{
	struct buf bytes = { 0 };
	struct stat st;
	struct git_index_shared *shared = NULL;
	struct git_index index;
	char *path = xasprintf("%s/index", repo->dir);
	if (git_file_read(path, INDEX_MAX, &bytes, &st) == GIT_FILE_READ &&
		git_index_parse(&index, buf_view(&bytes))) {
		shared = xcalloc(1, sizeof(*shared));
		*shared = (struct git_index_shared){
			.index = index, .stamp = git_stamp_of(&st), .users = 1, .cache = cache
		};
	}
	buf_finish(&bytes);
	free(path);
	return shared;
}

/* A file that was just written may be written again without showing it: clocks of files are coarse.
 */
static bool is_settled(struct timespec changed)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t age = ((int64_t)now.tv_sec - changed.tv_sec) * 1000 +
		(now.tv_nsec - changed.tv_nsec) / 1000000;
	return age > SETTLED_MS;
}

static void index_keep(
	struct git_cache *cache, const struct git_repo *repo, struct git_index_shared *shared)
{
	uv_mutex_lock(&cache->lock);
	struct known *k = known_find(cache, repo->tree, repo->dir);
	if (k) {
		unuse_index(k->index);
		k->index = shared;
		shared->users++;
	}
	uv_mutex_unlock(&cache->lock);
}

enum git_answer git_repo_index(
	struct git_cache *cache, const struct git_repo *repo, bool quick, struct git_index_ref *out)
{
	struct git_stamp now = git_stamp_at(repo->dir, "index");
	*out = (struct git_index_ref){ 0 };
	if (!now.there) {
		return GIT_KNOWN; /* nothing was ever added */
	}
	if (index_known(cache, repo, &now, out)) {
		return GIT_KNOWN;
	}
	if (quick && now.size > INDEX_QUICK) {
		return GIT_LATER;
	}
	struct git_index_shared *shared = index_read(cache, repo);
	if (!shared) {
		return GIT_UNKNOWN;
	}
	*out = (struct git_index_ref){ shared->index, shared->stamp.mtime, shared };
	if (is_settled(shared->stamp.ctime)) {
		index_keep(cache, repo, shared);
	}
	return GIT_KNOWN;
}
void git_index_release(struct git_index_ref *ref)
{
	if (ref->shared) {
		struct git_cache *cache = ref->shared->cache;
		uv_mutex_lock(&cache->lock);
		unuse_index(ref->shared);
		uv_mutex_unlock(&cache->lock);
	}
	*ref = (struct git_index_ref){ 0 };
}

/* ---- HEAD ---- */

static bool blob_known(struct git_cache *cache, const struct git_repo *repo,
	const unsigned char head[GIT_ID_BYTES], const char *path, struct blob *out)
{
	uv_mutex_lock(&cache->lock);
	struct known *k = known_find(cache, repo->tree, repo->dir);
	const struct blob *blob = k && memcmp(k->head, head, GIT_ID_BYTES) == 0
		? map_get(&k->blobs, span_of(path))
		: NULL;
	if (blob) {
		*out = *blob;
	}
	uv_mutex_unlock(&cache->lock);
	return blob != NULL;
}

static void blob_keep(struct git_cache *cache, const struct git_repo *repo,
	const unsigned char head[GIT_ID_BYTES], const char *path, const struct blob *blob)
{
	uv_mutex_lock(&cache->lock);
	struct known *k = known_find(cache, repo->tree, repo->dir);
	if (k) {
		if (memcmp(k->head, head, GIT_ID_BYTES) != 0 || k->blobs.count >= BLOBS_MAX) {
			forget_blobs(k);
			memcpy(k->head, head, GIT_ID_BYTES);
		}
		struct blob *copy = xmalloc(sizeof(*copy));
		*copy = *blob;
		free(map_take(&k->blobs, span_of(path)));
		map_put(&k->blobs, span_of(path), copy);
	}
	uv_mutex_unlock(&cache->lock);
}

enum git_answer git_repo_head_blob(struct git_cache *cache, const struct git_repo *repo,
	const char *path, bool quick, bool *there, unsigned char id[GIT_ID_BYTES])
{
	const struct git_store store = { repo->dir, repo->common };
	unsigned char head[GIT_ID_BYTES];
	struct blob blob = { .there = false };
	*there = false;
	if (quick && git_stamp_at(repo->common, "packed-refs").size > REFS_QUICK) {
		return GIT_LATER;
	}
	enum git_ref ref = git_ref_resolve(&store, "HEAD", head);
	if (ref != GIT_REF_ID) {
		return ref == GIT_REF_NONE ? GIT_KNOWN : GIT_UNKNOWN; /* no commit yet */
	}
	if (!blob_known(cache, repo, head, path, &blob)) {
		if (quick) {
			return GIT_LATER;
		}
		if (!git_commit_blob(&store, head, path, &blob.there, blob.id)) {
			return GIT_UNKNOWN;
		}
		blob_keep(cache, repo, head, path, &blob);
	}
	*there = blob.there;
	memcpy(id, blob.id, GIT_ID_BYTES);
	return GIT_KNOWN;
}
