/*
 * Reads the agents' files for those who only look. A file that does not parse is handed on with the
 * reason and its line; no file is held open longer than its turn.
 */
#include "config.h"

#include "ipc/agent_scan.h"

#include "ipc/agent_files.h"
#include "ipc/git_repo.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void scan_file(struct agent_scan *scan, const char *project, agent_scan_fn *each, void *data)
{
	bool read = replace_read(&scan->now, scan->path, &scan->err);
	if (read && scan->now.exists && !(scan->file->holds & AGENT_PLUGIN) &&
		conf_parse(&scan->conf, scan->file->format, scan->path, buf_view(&scan->now.bytes),
			&scan->err)) {
		agent_look(&scan->look, scan->agent, scan->file, &scan->conf, project);
	}
	if (!read || scan->now.exists) {
		each(data, scan);
	}
	agent_look_finish(&scan->look);
	conf_finish(&scan->conf);
	replace_finish(&scan->now);
}

void agent_scan(const struct agent *agent, const char *home, const char *project,
	agent_scan_fn *each, void *data)
{
	for (const struct agent_file *file = agent->files; file->path; file++) {
		if (!agent_file_is_users(file) && !project) {
			continue;
		}
		struct agent_scan scan = { .agent = agent,
			.file = file,
			.path = agent_file_path(file, home, project ? project : "/") };
		scan_file(&scan, project ? project : "/", each, data);
		free(scan.path);
	}
}

/* Is it the home, or a directory above it? */
static bool is_above(const char *dir, const char *home)
{
	size_t n = strlen(dir);
	return strcmp(dir, "/") == 0 ||
		(strncmp(home, dir, n) == 0 && (home[n] == '/' || !home[n]));
}

char *agent_project(const char *home)
{
	char *here = getcwd(NULL, 0), *real = here ? realpath(here, NULL) : NULL, *found = NULL;
	struct git_repo repo = { 0 };
	struct git_cache *cache = git_cache_create();
	if (real) {
		bool known = git_repo_find(cache, real, "", false, &repo) == GIT_KNOWN;
		found = xstrdup(known ? repo.tree : real);
	}
	if (found && is_above(found, home)) {
		free(found);
		found = NULL;
	}
	git_repo_finish(&repo);
	git_cache_destroy(cache);
	free(here);
	free(real);
	return found;
}

char *agent_scan_where(const struct agent_scan *scan, struct conf_path at)
{
	conf_id id = conf_find(&scan->conf, at);
	size_t line = 1;
	if (id == CONF_NOWHERE) {
		return xstrdup(scan->path);
	}
	for (size_t i = 0; i < conf_node(&scan->conf, id)->start; i++) {
		line += scan->conf.text.at[i] == '\n';
	}
	return xasprintf("%s:%zu", scan->path, line);
}

char *agent_plugin_program(struct span text)
{
	static const char before[] = "[program, ...words] = [\"";
	const char *at = text.len ? memmem(text.at, text.len, before, sizeof(before) - 1) : NULL;
	if (!at) {
		return NULL;
	}
	at += sizeof(before) - 1;
	const char *end = memchr(at, '"', text.len - (size_t)(at - text.at));
	return end ? span_dup((struct span){ at, (size_t)(end - at) }) : NULL;
}
