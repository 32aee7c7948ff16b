/* A project's file beside the files of everybody, for `bascule policy`. */
#include "config.h"

#include "ipc/policy_project.h"

#include "core/safe_text.h"
#include "ipc/own_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROJECT_FILE_MAX = 64 << 10 };

struct project {
	struct rules *own, *joined; /* NULL: there are none */
};

static struct project *read_project(const struct policy_files *files, const char *scope)
{
	struct project *project = xcalloc(1, sizeof(*project));
	struct buf text = { 0 };
	struct err err = { 0 };
	bool missing = false;
	char *path = xasprintf("%s/.bascule/policy.rules", scope);
	if (own_file_read(path, PROJECT_FILE_MAX, &text, &missing, &err)) {
		project->own = rules_parse(path, LEVEL_PROJECT, buf_view(&text), NULL, &err);
	}
	if (!project->own && !missing) {
		struct safe_text why = safe_make(span_of(err.text), SAFE_ONE_LINE);
		fprintf(stderr, "%s\n", safe_cstr(&why));
		safe_finish(&why);
	}
	project->joined = project->own ? policy_files_project(files, project->own, scope)
		: missing              ? NULL
				       : rules_hold_all(err.text);
	buf_finish(&text);
	free(path);
	return project;
}

const struct rules *policy_projects_rules(
	struct policy_projects *projects, const struct policy_files *files, const char *scope)
{
	if (!scope) {
		return files->joined;
	}
	struct project *project = map_get(&projects->by_scope, span_of(scope));
	if (!project) {
		project = read_project(files, scope);
		map_put(&projects->by_scope, span_of(scope), project);
	}
	return project->joined ? project->joined : files->joined;
}

static void destroy(void *data, struct span key, void *value)
{
	struct project *project = value;
	(void)data;
	(void)key;
	rules_destroy(project->joined);
	rules_destroy(project->own);
	free(project);
}

void policy_projects_finish(struct policy_projects *projects)
{
	map_each(&projects->by_scope, destroy, NULL);
	map_finish(&projects->by_scope);
}
