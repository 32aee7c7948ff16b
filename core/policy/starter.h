/*
 * A first rule file for a repository, made of what lies in it. Pure: texts in, text out; who reads
 * the files is ipc/starter.c.
 *
 * The file is a project's (SCOPE/.bascule/policy.rules): it holds, and allows nothing. Its comments
 * name the project's tests, linters and builds that pass without a question, and each of those was
 * judged before it is said. Names are of the repository, and so of whoever wrote to it: only plain
 * words are taken, so that none can be another rule.
 */
#ifndef BASCULE_CORE_POLICY_STARTER_H
#define BASCULE_CORE_POLICY_STARTER_H

#include "core/buf.h"

/* id, where (TREE: the work tree; GIT: the git directory that all its work trees share), path, most
 * bytes of it; 0: only that it is there */
#define STARTER_FILES(X) \
	X(PACKAGE_JSON, TREE, "package.json", 262144) \
	X(PNPM_LOCK, TREE, "pnpm-lock.yaml", 0) \
	X(YARN_LOCK, TREE, "yarn.lock", 0) \
	X(BUN_LOCK, TREE, "bun.lock", 0) \
	X(BUN_LOCKB, TREE, "bun.lockb", 0) \
	X(GNUMAKEFILE, TREE, "GNUmakefile", 262144) \
	X(MAKEFILE_LOW, TREE, "makefile", 262144) \
	X(MAKEFILE, TREE, "Makefile", 262144) \
	X(JUSTFILE_LOW, TREE, "justfile", 262144) \
	X(JUSTFILE, TREE, "Justfile", 262144) \
	X(CARGO, TREE, "Cargo.toml", 0) \
	X(GO_MOD, TREE, "go.mod", 0) \
	X(PYPROJECT, TREE, "pyproject.toml", 262144) \
	X(PYTEST_INI, TREE, "pytest.ini", 0) \
	X(CONFTEST, TREE, "conftest.py", 0) \
	X(TESTS_CONFTEST, TREE, "tests/conftest.py", 0) \
	X(IGNORE, TREE, ".gitignore", 65536) \
	X(CONFIG, GIT, "config", 262144) \
	X(ORIGIN_HEAD, GIT, "refs/remotes/origin/HEAD", 1024)

enum starter_id {
#define X(id, where, path, most) STARTER_##id,
	STARTER_FILES(X)
#undef X
		STARTER_FILE_COUNT
};

struct starter_file {
	const char *path;
	size_t most;
	bool of_git;
};
extern const struct starter_file starter_files[STARTER_FILE_COUNT];

struct starter_repo {
	bool there[STARTER_FILE_COUNT];
	struct span text[STARTER_FILE_COUNT]; /* absent: not there, too long, or not wanted */
};

/* Appends the file: a few KiB at most; it parses as a project's rules. */
void starter_policy(const struct starter_repo *repo, struct buf *out);

/* ---- core/policy/starter_tasks.c ---- */

/* Calls `each` with a line that runs a task of the project, and the task's own name; each line
 * once, all of plain words. */
typedef void starter_task(void *data, const char *line, struct span name);
void starter_tasks(const struct starter_repo *repo, starter_task *each, void *data);
/* A word that can stand in a rule file and mean nothing but itself. */
bool starter_is_plain(struct span word);

#endif
