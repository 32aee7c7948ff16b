/*
 * The scope, and who gathers what: quickly on the loop where everything is local and small, else on
 * a thread with a bound. What is gathered is in facts_path.c, facts_git.c, facts_push.c,
 * facts_task.c, facts_install.c and facts_own.c.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include "core/diag.h"
#include "ipc/git_file.h"
#include "ipc/scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOW_MS = 2000 };

static bool add_dir(struct facts *facts, const char *dir, const char *home, struct err *err)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *path = fd >= 0 ? scope_path_of_fd(fd) : NULL;
	if (!path) {
		if (fd >= 0) {
			close(fd);
		}
		return fail(err, DIAG_USAGE, "--scope %s: %s", dir, strerror(errno));
	}
	if (scope_too_wide(path, home)) {
		fail(err, DIAG_USAGE,
			"--scope %s: neither / nor the home directory itself can be a scope, nor "
			"what holds it",
			path);
		free(path);
		close(fd);
		return false;
	}
	facts->dirs = xrealloc(facts->dirs, (facts->count + 1) * sizeof(*facts->dirs));
	struct stat st = { 0 };
	fstat(fd, &st);
	facts->dirs[facts->count++] = (struct scope_dir){ .fd = fd,
		.path = path,
		.local = git_file_is_local(fd),
		.dev = st.st_dev,
		.ino = st.st_ino };
	return true;
}

/* .git is a directory, or in a linked work tree a file "gitdir: PATH". */
static char *find_head(const char *worktree)
{
	char *git = xasprintf("%s/.git", worktree), *head = NULL, line[4096];
	struct stat st;
	if (stat(git, &st) != 0) {
		st.st_mode = 0;
	}
	if (S_ISDIR(st.st_mode)) {
		head = xasprintf("%s/HEAD", git);
	} else if (S_ISREG(st.st_mode)) { /* opening a pipe would wait for its writer */
		FILE *file = fopen(git, "re");
		if (file && fgets(line, sizeof(line), file) && strncmp(line, "gitdir: ", 8) == 0) {
			line[strcspn(line, "\n")] = '\0';
			head = line[8] == '/' ? xasprintf("%s/HEAD", line + 8)
					      : xasprintf("%s/%s/HEAD", worktree, line + 8);
		}
		if (file) {
			fclose(file);
		}
	}
	free(git);
	return head;
}

/* Does the environment, which the server has as well, tell git to look elsewhere? */
static bool git_is_led_away(void)
{
	static const char *const names[] = { "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
		"GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
		"GIT_NAMESPACE" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (getenv(names[i])) {
			return true;
		}
	}
	return false;
}

/* A shell's "~" is $HOME; it is known only if that is the user's own. Takes `home`. */
static char *shell_home(char *home)
{
	const char *named = getenv("HOME");
	char *real = named ? scope_resolve(named) : NULL;
	bool same = home && (!named || (real && strcmp(real, home) == 0));
	free(real);
	if (!same) {
		free(home);
		return NULL;
	}
	return home;
}

bool facts_init(
	struct facts *facts, char *const *scope, size_t count, const char *home, struct err *err)
{
	char cwd[4096];
	*facts = (struct facts){ 0 };
	if (!getcwd(cwd, sizeof(cwd))) {
		return fail(err, DIAG_USAGE, "the current directory cannot be read: %s",
			strerror(errno));
	}
	facts->cwd = xstrdup(cwd);
	facts->git = git_cache_create();
	facts->own = own_create();
	facts->odd_git = git_is_led_away();
	char *worktree = scope_worktree(cwd), *real_home = scope_resolve(home);
	if (worktree) {
		facts->git_head = find_head(worktree);
	}
	bool ok = true;
	for (size_t i = 0; ok && i < count; i++) {
		ok = add_dir(facts, scope[i], real_home, err);
	}
	if (!count) {
		/* No scope can be made out of / or the home directory: then there is none, and
		 * everything is asked. */
		char *dir = scope_of(cwd, home);
		ok = !dir || add_dir(facts, dir, real_home, err);
		free(dir);
	}
	free(worktree);
	facts->home = shell_home(real_home);
	return ok;
}

void facts_finish(struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		close(facts->dirs[i].fd);
		free(facts->dirs[i].path);
	}
	free(facts->dirs);
	free(facts->cwd);
	free(facts->git_head);
	free(facts->home);
	git_cache_destroy(facts->git);
	own_destroy(facts->own);
	*facts = (struct facts){ 0 };
}

/* Every git command reads the directory in which it looks for its repository. */
static void mark_bare(const struct facts *facts, struct effect *effect)
{
	struct fact *fact = &effect->fact;
	const char *slash = strrchr(effect->given, '/');
	bool here = effect->kind == EFFECT_READ && strcmp(effect->how, "list") == 0 &&
		strcmp(slash ? slash + 1 : effect->given, ".") == 0;
	const char *top = here && fact->path && fact->inside ? facts_top(facts, fact->path) : NULL;
	if (top && fact->state == FACT_DIRECTORY && facts_bare(fact->path, top)) {
		fact->state = FACT_SPECIAL;
	}
}

/* What a pattern finds is opened, links too. */
static void mark_links(const struct facts *facts, struct effect *effect)
{
	struct fact *fact = &effect->fact;
	bool finds = effect->kind == EFFECT_READ && strcmp(effect->how, "tree") == 0 &&
		effect->word && effect->word[0];
	if (finds && fact->path && fact->inside && fact->state == FACT_DIRECTORY &&
		facts_glob_leads_away(facts, fact->path, effect->word)) {
		fact->state = FACT_SPECIAL;
	}
}

/* True: done. */
static bool gather_one(const struct facts *facts, struct effect *effect, bool quick)
{
	facts_clear(&effect->fact);
	if (effect_has_repo(effect->kind)) {
		return facts_repo(facts, effect, quick);
	}
	if (effect->kind == EFFECT_TASK) {
		return facts_task(facts, effect, quick);
	}
	if (effect->kind == EFFECT_INSTALL) {
		return facts_install(facts, effect, quick);
	}
	if (!effect_has_path(effect->kind)) {
		return true;
	}
	bool done = facts_path(facts, effect, quick);
	mark_bare(facts, effect);
	mark_links(facts, effect);
	if (done && effect->fact.path && effect->kind != EFFECT_READ) {
		done = facts_marks(facts, effect, quick);
		effect->fact.marks |= own_has(facts->own, &effect->fact) ? MARK_OWN : 0;
	}
	if (!done) { /* half of it would be worse than nothing */
		facts_clear(&effect->fact);
	}
	return done;
}

bool facts_gather(const struct facts *facts, struct effects *effects)
{
	bool all = true;
	for (size_t i = 0; i < effects->count; i++) {
		all = gather_one(facts, &effects->list[i], true) && all;
	}
	return all;
}

void facts_gather_now(const struct facts *facts, struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		gather_one(facts, &effects->list[i], false);
	}
}

/* One look at the slow side. The worker owns its copy: if the loop stops waiting, the late result
 * is thrown away. */
struct look {
	uv_work_t work;
	uv_timer_t timer;
	const struct facts *facts;
	struct effects effects; /* the worker's */
	struct effects shown; /* the caller's, given back untouched if the time is over */
	facts_done *done;
	void *data;
	bool told, worked, timer_closed;
};

static void look_free(struct look *look)
{
	if (look->worked && look->timer_closed) {
		effects_finish(&look->effects);
		free(look);
	}
}

static void look_tell(struct look *look, struct effects *effects)
{
	if (!look->told) {
		look->told = true;
		look->done(look->data, effects);
	}
}

static void on_look_closed(uv_handle_t *handle)
{
	struct look *look = handle->data;
	look->timer_closed = true;
	look_free(look);
}

static void look_stop(struct look *look)
{
	if (!uv_is_closing((uv_handle_t *)&look->timer)) {
		uv_close((uv_handle_t *)&look->timer, on_look_closed);
	}
}

static void on_look_late(uv_timer_t *timer)
{
	struct look *look = timer->data;
	look_tell(look, &look->shown);
	look_stop(look);
}

static void on_look_work(uv_work_t *work)
{
	struct look *look = work->data;
	for (size_t i = 0; i < look->effects.count; i++) {
		gather_one(look->facts, &look->effects.list[i], false);
	}
}

static void on_look_done(uv_work_t *work, int status)
{
	struct look *look = work->data;
	(void)status;
	if (!look->told) {
		effects_finish(&look->shown);
		struct effects result = look->effects;
		look->effects = (struct effects){ 0 };
		look_tell(look, &result);
	}
	look->worked = true;
	look_stop(look);
	look_free(look);
}

void facts_work(uv_loop_t *loop, const struct facts *facts, struct effects *effects,
	facts_done *done, void *data)
{
	struct look *look = xcalloc(1, sizeof(*look));
	look->facts = facts;
	look->done = done;
	look->data = data;
	effects_copy(&look->effects, effects);
	look->shown = *effects;
	*effects = (struct effects){ 0 };
	uv_timer_init(loop, &look->timer);
	look->timer.data = look->work.data = look;
	uv_timer_start(&look->timer, on_look_late, SLOW_MS, 0);
	uv_queue_work(loop, &look->work, on_look_work, on_look_done);
}

const char *facts_branch(const struct facts *facts, char out[256])
{
	static const char prefix[] = "ref: refs/heads/";
	out[0] = '\0';
	if (!facts->git_head) {
		return out;
	}
	int fd = open(facts->git_head, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	ssize_t n = fd >= 0 ? read(fd, out, 255) : -1;
	if (fd >= 0) {
		close(fd);
	}
	if (n <= 0) {
		memcpy(out, "?", 2);
		return out;
	}
	out[n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (strncmp(out, prefix, sizeof(prefix) - 1) == 0) {
		memmove(out, out + sizeof(prefix) - 1, strlen(out + sizeof(prefix) - 1) + 1);
	} else {
		snprintf(out, 256, "(detached)");
	}
	return out;
}
