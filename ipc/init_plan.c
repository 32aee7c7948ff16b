/*
 * What init would change: every file of every agent that is here, read once, with the text that
 * would take its place. Writes nothing.
 *
 * A file that cannot be read wholly, is not the user's to replace, or that its agent would write
 * over at this moment is left, with the reason.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/diag.h"
#include "ipc/agent_files.h"
#include "ipc/starter.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct init_file *new_file(struct init *init, char *path)
{
	init->files = xgrow(
		init->files, &init->file_cap, init->file_count + 1, sizeof(*init->files));
	struct init_file *file = &init->files[init->file_count++];
	*file = (struct init_file){ .path = path };
	return file;
}

static void plan_plugin(const struct init *init, struct init_file *file)
{
	if (!agent_opencode_plugin(&init->front, &file->after, &file->why)) {
		file->state = INIT_LEFT;
	} else if (file->now.exists &&
		span_same(buf_view(&file->after), buf_view(&file->now.bytes))) {
		file->state = INIT_SAME;
	} else {
		file->state = INIT_CHANGE;
	}
}

static void plan_conf(const struct init *init, struct init_file *file)
{
	if (!file->now.exists && !(file->file->holds & AGENT_HOOKS)) {
		return;
	}
	if (!agent_edit(&file->edit, file->agent, file->file, file->path,
		    buf_view(&file->now.bytes), &init->front, init->project, &file->why)) {
		file->state = INIT_LEFT;
		return;
	}
	file->state = agent_edit_any(&file->edit) ? INIT_CHANGE : INIT_SAME;
	if (file->state == INIT_CHANGE) {
		buf_span(&file->after, buf_view(&file->edit.file.text));
	}
}

bool init_at_rest(const struct init *init, struct init_file *file)
{
	pid_t pid = file->file && file->file->rewritten ? agent_running(file->agent, init->home)
							: 0;
	return !pid ||
		fail(&file->why, DIAG_FILE,
			"%.200s: %s runs (process %ld) and writes it all the time: end it, then "
			"run bascule init again",
			file->path, file->agent->program, (long)pid);
}

/* Would its agent read it at all? */
static bool is_read(const struct init *init, struct init_file *file)
{
	const char *moved = file->file && agent_file_is_users(file->file)
		? agent_moved(file->agent, init->home)
		: NULL;
	return !moved ||
		fail(&file->why, DIAG_FILE,
			"%s is %.120s: %s reads its files there, not here; unset it for this, or "
			"put "
			"bascule in there by hand",
			file->agent->moved_by, moved, file->agent->title);
}

static void check_may(const struct init *init, struct init_file *file)
{
	if (file->state == INIT_CHANGE &&
		(!replace_may(&file->now, &file->why) || !is_read(init, file) ||
			!init_at_rest(init, file))) {
		file->state = INIT_LEFT;
	}
}

static void plan_file(struct init *init, const struct agent *agent, const struct agent_file *config)
{
	struct init_file *file = new_file(init, agent_file_path(config, init->home, init->project));
	file->agent = agent;
	file->file = config;
	if (!replace_read(&file->now, file->path, &file->why)) {
		file->state = INIT_LEFT;
	} else if (config->holds & AGENT_PLUGIN) {
		plan_plugin(init, file);
	} else {
		plan_conf(init, file);
	}
	check_may(init, file);
}

static void plan_agent(struct init *init, struct init_agent *a)
{
	for (const struct agent_file *file = a->agent->files; a->here && file->path; file++) {
		if (agent_file_is_users(file) || init->has_project) {
			plan_file(init, a->agent, file);
		}
	}
}

/* The first rules of the project, where there are none. */
static void plan_policy(struct init *init, struct buf *text)
{
	struct stat st;
	char *git = xasprintf("%s/.git", init->project);
	bool wanted = init->has_project && stat(git, &st) == 0;
	free(git);
	if (!wanted) {
		return;
	}
	struct init_file *file = new_file(
		init, xasprintf("%s/.bascule/policy.rules", init->project));
	if (!replace_read(&file->now, file->path, &file->why)) {
		file->state = INIT_LEFT;
	} else if (file->now.exists) {
		file->state = INIT_SAME;
	} else {
		file->state = INIT_CHANGE;
		buf_span(&file->after, buf_view(text));
	}
	check_may(init, file);
}

static bool is_named(const char *name, char *const *named, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(named[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static bool check_names(char *const *named, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!agent_find(span_of(named[i]))) {
			return fail(err, DIAG_USAGE,
				"%.60s: no such agent; expected claude, codex, gemini or opencode",
				named[i]);
		}
	}
	return true;
}

/* The project, and its first rules, which are made from it. */
static bool find_project(struct init *init, struct buf *policy, struct err *err)
{
	char *here = getcwd(NULL, 0);
	bool good = here ? starter_write(here, policy, &init->project, err)
			 : fail(err, DIAG_PATHS, "the current directory is not known");
	free(here);
	if (good) {
		size_t len = strlen(init->project);
		init->has_project = strcmp(init->project, "/") != 0 &&
			!(span_starts(span_of(init->home), init->project) &&
				(init->home[len] == '/' || !init->home[len]));
	}
	return good;
}

bool init_plan(struct init *init, char *const *named, size_t named_count, struct err *err)
{
	struct buf policy = { 0 };
	if (!check_names(named, named_count, err) || !find_project(init, &policy, err)) {
		buf_finish(&policy);
		return false;
	}
	while (agent_at(init->agent_count)) {
		init->agent_count++;
	}
	init->agents = xcalloc(init->agent_count, sizeof(*init->agents));
	for (size_t i = 0; i < init->agent_count; i++) {
		struct init_agent *a = &init->agents[i];
		a->agent = agent_at(i);
		a->program = agent_program(a->agent);
		a->here = named_count ? is_named(a->agent->name, named, named_count)
				      : a->program || agent_has_files(a->agent, init->home);
		plan_agent(init, a);
	}
	plan_policy(init, &policy);
	buf_finish(&policy);
	return true;
}

size_t init_changes(const struct init *init)
{
	size_t count = 0;
	for (size_t i = 0; i < init->file_count; i++) {
		count += init->files[i].state == INIT_CHANGE;
	}
	return count;
}

void init_finish(struct init *init)
{
	for (size_t i = 0; i < init->file_count; i++) {
		struct init_file *file = &init->files[i];
		replace_finish(&file->now);
		agent_edit_finish(&file->edit);
		buf_finish(&file->after);
		free(file->path);
	}
	for (size_t i = 0; i < init->agent_count; i++) {
		free(init->agents[i].program);
		buf_finish(&init->agents[i].check_said);
	}
	free(init->files);
	free(init->agents);
	free(init->home);
	free(init->project);
	paths_finish(&init->paths);
}
