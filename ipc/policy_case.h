/*
 * A call as a line of JSON, judged outside of any gate: for `bascule policy judge`, `explain`,
 * `test` and `replay`.
 *
 *   {"id", "server", "tool", "arguments", "raw_arguments", "session", "context": {"scope": [DIR],
 *    "cwd", "branch", "protected": [PATTERN], "home", "db": "dev", "fs": [{"symlink", "target"}],
 *    "tool_pin": "changed", "server_pin": "changed", "servers": [NAME], "annotations": {},
 *    "broker": {NAME: PATH}}, "expect"}
 */
#ifndef BASCULE_IPC_POLICY_CASE_H
#define BASCULE_IPC_POLICY_CASE_H

#include "core/policy/policy.h"
#include "core/policy/secret.h"
#include "ipc/policy_files.h"
#include "ipc/policy_project.h"

enum { CASE_LIST_MAX = 32 };

/* What lies there, if this machine has it not: a symbolic link to `target`, else another name of a
 * file, or none that is regular. */
struct case_link {
	char *link, *target;
	bool special;
};

/* All texts are owned and never NULL unless said; lists end with NULL. */
struct policy_case {
	char *id, *session, *server, *tool, *profile; /* profile: as chosen, "" for none */
	char *expect; /* NULL: unlabelled */
	struct buf arguments; /* raw JSON; empty: none */
	const char *refused; /* why the arguments are no JSON that would be forwarded; NULL */
	char *cwd, *home;
	char *branch; /* NULL: as the repository says */
	char *scope[CASE_LIST_MAX + 1], *protect[CASE_LIST_MAX + 1], *self[CASE_LIST_MAX + 1],
		*servers[CASE_LIST_MAX + 1];
	bool servers_told, protect_told, dev_db, tool_changed, server_changed, destructive_hint;
	struct case_link links[CASE_LIST_MAX];
	size_t link_count;
};

/* What judging needs; one for many cases. */
struct bench {
	struct policy_files files;
	struct secrets *secrets;
	struct json_scan scan;
	const char *home;
	struct policy_projects projects;
	bool assume; /* take paths and branch as the case says */
	struct rules *case_rules, *protect_rules; /* of the last case's own list of branches */
	char *protect_text;
	struct facts *facts; /* of the last scope */
	char *facts_key;
};

struct case_verdict {
	struct effects effects;
	struct policy_call call; /* points into effects, case and bench */
	char same[HASH_HEX + 1];
	struct judgement judgement;
};

bool bench_init(struct bench *bench, const struct paths *paths, struct err *err);
void bench_finish(struct bench *bench);

/* `text` is one JSON object. `err` says what is wrong with its shape. */
bool case_read(struct policy_case *c, struct bench *bench, struct span text, struct err *err);
void case_finish(struct policy_case *c);
void case_judge(struct bench *bench, const struct policy_case *c, struct case_verdict *out);
void case_verdict_finish(struct case_verdict *verdict);

#endif
