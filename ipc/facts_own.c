/*
 * Which files this session's own calls wrote: remembered by what the file system said of them right
 * after the call. A file that is still exactly so has the content that a recorded call gave it, and
 * may be overwritten without loss. The oldest are forgotten first.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include "core/map.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OWN_MAX = 4096 };

struct own_file {
	char *path;
	int64_t dev, ino, mtime_us, size;
};

struct own_files {
	uv_mutex_t lock; /* a thread may ask while the loop adds */
	struct own_file files[OWN_MAX];
	size_t next;
	struct map by_path; /* to the entry in `files` */
};

struct own_files *own_create(void)
{
	struct own_files *own = xcalloc(1, sizeof(*own));
	if (uv_mutex_init(&own->lock) != 0) {
		abort();
	}
	return own;
}

void own_destroy(struct own_files *own)
{
	if (own) {
		for (size_t i = 0; i < OWN_MAX; i++) {
			free(own->files[i].path);
		}
		map_finish(&own->by_path);
		uv_mutex_destroy(&own->lock);
		free(own);
	}
}

bool own_has(struct own_files *own, const struct fact *fact)
{
	uv_mutex_lock(&own->lock);
	const struct own_file *file = map_get(&own->by_path, span_of(fact->path));
	bool has = file && fact->state == FACT_FILE && fact->links == 1 && file->dev == fact->dev &&
		file->ino == fact->ino && file->mtime_us == fact->mtime_us &&
		file->size == fact->size;
	uv_mutex_unlock(&own->lock);
	return has;
}

void own_add(struct own_files *own, const struct fact *fact)
{
	struct own_file *file;
	uv_mutex_lock(&own->lock);
	file = map_get(&own->by_path, span_of(fact->path));
	if (!file) {
		file = &own->files[own->next++ % OWN_MAX];
		if (file->path) {
			map_take(&own->by_path, span_of(file->path));
			free(file->path);
		}
		file->path = xstrdup(fact->path);
		map_put(&own->by_path, span_of(file->path), file);
	}
	file->dev = fact->dev;
	file->ino = fact->ino;
	file->mtime_us = fact->mtime_us;
	file->size = fact->size;
	uv_mutex_unlock(&own->lock);
}

/* Replacing leaves nothing of what was there. Changing a part of it leaves the rest, which is ours
 * only if all of it was. */
static bool makes_own(const struct effect *effect)
{
	const struct fact *fact = &effect->fact;
	if (effect->kind != EFFECT_WRITE || !fact->path || !fact->inside) {
		return false;
	}
	if (strcmp(effect->how, write_how_name(WRITE_REPLACE)) == 0) {
		return fact->state == FACT_FILE || fact->state == FACT_ABSENT;
	}
	return strcmp(effect->how, write_how_name(WRITE_EDIT)) == 0 &&
		(fact->state == FACT_ABSENT ||
			(fact->state == FACT_FILE && (fact->marks & MARK_OWN)));
}

static bool look_again(const struct facts *facts, const char *path, struct fact *now)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct scope_dir *dir = &facts->dirs[i];
		const char *rest = dir->local ? facts_below(dir, path) : NULL;
		char *resolved = NULL;
		int fd = rest ? facts_open_in(dir, rest, false, &resolved) : -1;
		if (fd >= 0) {
			facts_fill(now, fd, true, resolved);
			close(fd);
			return now->path && strcmp(now->path, path) == 0;
		}
	}
	return false;
}

/* A call that failed wrote nothing, and what stands there is still somebody else's. */
static bool was_written(const struct fact *before, const struct fact *now)
{
	return before->state == FACT_ABSENT || before->ino != now->ino ||
		before->mtime_us != now->mtime_us || before->size != now->size;
}

void facts_remember(struct facts *facts, const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->list[i];
		struct fact now = { 0 };
		if (makes_own(effect) && look_again(facts, effect->fact.path, &now) &&
			now.state == FACT_FILE && now.links == 1 &&
			was_written(&effect->fact, &now)) {
			own_add(facts->own, &now);
		}
		facts_clear(&now);
	}
}
