/*
 * What defines a task of the project: which file, which text, and whether HEAD holds just that. So
 * that a task whose text is known can run unasked, and a changed one is asked about once.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include "core/effects/task_files.h"
#include "core/git_object.h"
#include "core/hash.h"
#include "ipc/git_file.h"
#include "ipc/git_read.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1 << 20, FILE_QUICK = 256 << 10, WORDS_MOST = 1024 };

struct task_look {
	const struct facts *facts;
	const struct effect *effect;
	const struct task_files *files;
	const char *top; /* the scope's directory */
	struct git_repo repo;
	bool quick, later, repo_known;
	bool odd; /* a file is there and cannot be read */
	bool committed, defined;
	char *path; /* the file that defines it, else the first that exists */
	struct hash_run run;
	struct buf words;
};

/* The nearest directory from `dir` up to `top` that has one of the first `count` files; NULL: none.
 */
static char *find_place(
	const struct task_files *files, size_t count, const char *dir, const char *top)
{
	char *at = xstrdup(dir);
	do {
		for (size_t i = 0; i < count && files->files[i]; i++) {
			if (facts_there(at, files->files[i])) {
				return at;
			}
		}
	} while (facts_up(at, top));
	free(at);
	return NULL;
}

/* Does HEAD's version of this file define the task in the same words? */
static bool same_definition(
	struct task_look *look, const unsigned char id[GIT_ID_BYTES], struct span mine)
{
	const struct git_store store = { look->repo.dir, look->repo.common };
	struct buf blob = { 0 }, theirs = { 0 }, words = { 0 };
	if (look->quick) {
		look->later = true;
		return false;
	}
	bool same = git_object_read(&store, id, GIT_BLOB, &blob) &&
		task_text(look->files, buf_view(&blob), look->effect->word, &theirs, &words) &&
		span_same(mine, buf_view(&theirs));
	buf_finish(&blob);
	buf_finish(&theirs);
	buf_finish(&words);
	return same;
}

/* `mine` is the task's own part of the text, absent if it has none. */
static bool is_committed(
	struct task_look *look, const char *path, struct span text, struct span mine)
{
	unsigned char have[GIT_ID_BYTES], held[GIT_ID_BYTES];
	bool there = false;
	size_t tree = look->repo_known ? strlen(look->repo.tree) : 0;
	if (!tree || strncmp(path, look->repo.tree, tree) != 0 || path[tree] != '/') {
		return false;
	}
	enum git_answer answer = git_repo_head_blob(
		look->facts->git, &look->repo, path + tree + 1, look->quick, &there, held);
	look->later |= answer == GIT_LATER;
	if (answer != GIT_KNOWN || !there) {
		return false;
	}
	git_object_id(GIT_BLOB, text, have);
	return memcmp(have, held, GIT_ID_BYTES) == 0 ||
		(mine.at && same_definition(look, held, mine));
}

/* A file that is the task itself says all of it; every other may hold it among others. */
static bool find_text(const struct task_look *look, bool is_task, struct span text,
	struct buf *part, struct buf *words)
{
	if (is_task) {
		buf_span(words, text);
		return true;
	}
	return !look->defined && task_text(look->files, text, look->effect->word, part, words);
}

/* One file that exists: what it says becomes part of the hash. */
static void add_file(struct task_look *look, const char *path, struct span text, bool is_task)
{
	struct buf part = { 0 }, words = { 0 };
	bool defines = find_text(look, is_task, text, &part, &words);
	bool alone = defines && look->files->form == TASK_JSON;
	struct span own = alone ? buf_view(&part) : (struct span){ 0 };
	hash_part(&look->run, span_of(path + strlen(look->top)));
	hash_part(&look->run, alone ? own : text);
	look->committed = is_committed(look, path, text, own) && look->committed;
	if (!look->path || (defines && !look->defined)) {
		free(look->path);
		look->path = xstrdup(path);
	}
	if (defines && !look->defined) {
		look->defined = true;
		look->words = words;
		words = (struct buf){ 0 };
	}
	buf_finish(&part);
	buf_finish(&words);
}

/* The name of a file in the table, with the task in the place of "*"; NULL: no task has such a
 * file. */
static char *name_of(const struct task_look *look, const char *name)
{
	const char *star = strchr(name, '*'), *word = look->effect->word;
	if (!star) {
		return xstrdup(name);
	}
	if (!word[0] || word[0] == '.' || strstr(word, "..")) {
		return NULL;
	}
	char *full = xasprintf("%.*s%s", (int)(star - name), name, word);
	for (char *p = full; (p = strchr(p, ':'));) {
		*p = '/'; /* "a:b" is b in the directory a */
	}
	return full;
}

/* True: it exists. */
static bool look_at_file(struct task_look *look, const char *place, const char *pattern)
{
	struct buf text = { 0 };
	struct stat st;
	char *name = name_of(look, pattern), *path = name ? xasprintf("%s/%s", place, name) : NULL;
	bool there = path && lstat(path, &st) == 0;
	if (there && look->quick && st.st_size > FILE_QUICK) {
		look->later = true;
	} else if (there) {
		bool is_read = git_file_read(path, FILE_MOST, &text, NULL) == GIT_FILE_READ;
		look->odd |= !is_read;
		if (is_read) {
			add_file(look, path, buf_view(&text), strchr(pattern, '*') != NULL);
		}
	}
	buf_finish(&text);
	free(path);
	free(name);
	return there;
}

/* The files from number `from` on, in this directory and, if `up`, in all above it. */
static void look_at_files(struct task_look *look, const char *place, size_t from, bool up)
{
	char *dir = xstrdup(place);
	do {
		for (size_t i = from; look->files->files[i]; i++) {
			if (look_at_file(look, dir, look->files->files[i]) && look->files->first) {
				up = false;
				break;
			}
		}
	} while (up && facts_up(dir, look->top));
	free(dir);
}

static void fill(struct task_look *look, struct fact *fact)
{
	char hex[HASH_HEX + 1];
	struct hash hash = hash_end(&look->run);
	fact->inside = true;
	fact->marks = (look->repo_known ? MARK_REPO : 0) |
		(look->repo_known && look->committed && !look->odd ? MARK_COMMITTED : 0) |
		(look->defined ? MARK_DEFINED : 0);
	fact->path = look->path;
	look->path = NULL;
	if (fact->path && !look->odd) {
		hash_hex(&hash, hex);
		fact->state = FACT_FILE;
		fact->text = xstrdup(hex);
		size_t n = look->words.len < WORDS_MOST ? look->words.len : WORDS_MOST;
		while (n && n < look->words.len && (look->words.data[n] & 0xc0) == 0x80) {
			n--; /* no half of a character */
		}
		fact->more = span_dup((struct span){ look->words.data, n });
	}
}

static void look_around(struct task_look *look, const char *dir)
{
	const struct task_files *files = look->files;
	enum git_answer answer = look->facts->odd_git
		? GIT_UNKNOWN
		: git_repo_find(look->facts->git, dir, look->top, look->quick, &look->repo);
	look->later |= answer == GIT_LATER;
	look->repo_known = answer == GIT_KNOWN;
	hash_begin(&look->run);
	/* who accepts one task has not accepted the others of the same file */
	hash_part(&look->run, span_of(files->runner));
	hash_part(&look->run, span_of(look->effect->word));
	if (files->where == TASK_NEAREST && !files->first) {
		char *place = find_place(files, 1, dir, look->top);
		if (place) {
			look_at_file(look, place, files->files[0]);
		}
		free(place);
		look_at_files(look, dir, 1, true);
	} else {
		look_at_files(look, dir, 0, files->where != TASK_HERE);
	}
}

bool facts_task(const struct facts *facts, struct effect *effect, bool quick)
{
	const char *top = NULL;
	char *dir = NULL;
	struct task_look look = { .facts = facts,
		.effect = effect,
		.files = task_files_of(effect->how),
		.quick = quick,
		.committed = true };
	if (!look.files || effect->late) {
		return true;
	}
	if (!facts_base(facts, effect, quick, &dir, &top)) {
		return false;
	}
	if (dir && top) {
		look.top = top;
		look_around(&look, dir);
		if (!look.later) {
			fill(&look, &effect->fact);
		}
		git_repo_finish(&look.repo);
	}
	free(look.path);
	buf_finish(&look.words);
	free(dir);
	return !look.later;
}
