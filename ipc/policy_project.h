/*
 * The rules of projects, for commands that judge calls of many: each project's file is read once.
 * What a gate sends a broker of it, and what the broker makes of it, is the same.
 */
#ifndef BASCULE_IPC_POLICY_PROJECT_H
#define BASCULE_IPC_POLICY_PROJECT_H

#include "core/map.h"
#include "ipc/policy_files.h"

struct policy_projects {
	struct map by_scope;
};

/* What is in force for calls of this scope: files->joined, or that and the project's own rules, or,
 * if its file is broken (said on stderr), rules that hold everything. `scope` may be NULL. Owned
 * here; `files` must not be refreshed meanwhile. */
const struct rules *policy_projects_rules(
	struct policy_projects *projects, const struct policy_files *files, const char *scope);
void policy_projects_finish(struct policy_projects *projects);

#endif
