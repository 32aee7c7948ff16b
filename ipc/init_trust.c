/*
 * Who says yes to init at a terminal has seen which servers and whose tools it is about: they are
 * accepted for this project, so that their first call does not ask. The broker takes that only from
 * where it takes decisions at all; else the first call asks, as always. A server that stays outside
 * of the gate is a name and nothing else: it is not accepted here, and named.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/hook.h"
#include "core/jsonw.h"
#include "ipc/ask.h"
#include "ipc/claim.h"
#include "ipc/profile_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct trusting {
	const struct init *init;
	int decide;
	struct profiles *profiles;
	struct facts facts;
	struct buf accepted; /* names, with commas between */
	struct buf outside; /* the same of servers that no gate is in front of */
	bool greeted; /* over `decide` */
	struct err why; /* the first refusal; then no more is asked */
};

static bool ask(struct trusting *t, struct span params)
{
	struct buf result = { 0 };
	bool again = t->decide >= 0 && t->greeted;
	t->greeted = true;
	bool good = again ? ask_again(t->decide, ASK_MS, "trust", params, &result, &t->why)
			  : ask_broker(&t->init->paths, t->decide, true, 0, "trust", params,
				    &result, &t->why);
	buf_finish(&result);
	return good;
}

static void add(struct buf *names, const char *name)
{
	buf_printf(names, "%s%s", names->len ? ", " : "", name);
}

static void trust(struct trusting *t, const char *name, const char *profile, char *const *argv)
{
	struct claim claim = { 0 };
	struct buf params = { 0 };
	if (t->why.text[0] ||
		!claim_init(&claim, t->profiles, name, profile, argv, &t->facts, &t->why)) {
		return;
	}
	struct jsonw w = jw_start(&params);
	jw_open(&w, '{');
	jw_key(&w, "server");
	claim_write(&claim, &w);
	jw_close(&w, '}');
	if (ask(t, buf_view(&params))) {
		add(&t->accepted, name);
	}
	claim_finish(&claim);
	buf_finish(&params);
}

/* A word that the agent will have made another one of when it starts the server. */
static bool is_expanded(char *const *words)
{
	for (; *words; words++) {
		if (strchr(*words, '$') || strstr(*words, "{env:") || strstr(*words, "{file:")) {
			return true;
		}
	}
	return false;
}

static void trust_servers(struct trusting *t, const struct init_file *file)
{
	struct agent_look look = { 0 };
	agent_look(&look, file->agent, file->file, &file->edit.file.conf, t->init->project);
	for (size_t i = 0; i < look.server_count; i++) {
		struct agent_server *server = &look.servers[i];
		if (server->state == AGENT_SERVER_WRAPPED && server->own &&
			!is_expanded(server->own)) {
			trust(t, server->name, NULL, server->own);
		} else if (server->state != AGENT_SERVER_WRAPPED) {
			char *name = hook_server_name(
				hook_find(span_of(file->agent->name)), server->name);
			add(&t->outside, name);
			free(name);
		}
	}
	agent_look_finish(&look);
}

/* As the hook will name itself. */
static void trust_tools(struct trusting *t, const struct agent *agent)
{
	char *gate = paths_program("bascule-gate"), *real = realpath(gate, NULL);
	char hook[] = "hook", *name = xstrdup(agent->name);
	char *const argv[] = { real ? real : gate, hook, name, NULL };
	trust(t, agent->name, hook_find(span_of(agent->name))->profile, argv);
	free(name);
	free(real);
	free(gate);
}

static void trust_file(struct trusting *t, const struct init_file *file)
{
	if (file->state != INIT_WRITTEN || !file->agent) {
		return;
	}
	if (file->file->holds & (AGENT_HOOKS | AGENT_PLUGIN)) {
		trust_tools(t, file->agent);
	}
	if (file->file->holds & AGENT_SERVERS) {
		trust_servers(t, file);
	}
}

void init_trust(struct init *init, int decide)
{
	struct trusting t = { .init = init, .decide = decide };
	struct buf known = { 0 };
	t.profiles = profile_files_of(&init->paths, &known);
	if (t.profiles && chdir(init->project) == 0 &&
		facts_init(&t.facts, NULL, 0, init->paths.home, &t.why)) {
		for (size_t i = 0; i < init->file_count; i++) {
			trust_file(&t, &init->files[i]);
		}
	}
	if (t.accepted.len) {
		init_print("Accepted in this project: ", buf_cstr(&t.accepted), "\n");
	}
	if (t.outside.len) {
		init_print(
			"Not accepted, no gate is in front of them: ", buf_cstr(&t.outside), "\n");
	}
	if (t.why.text[0]) {
		init_print("Not accepted beforehand: ", t.why.text, "\n");
	}
	facts_finish(&t.facts);
	profiles_destroy(t.profiles);
	buf_finish(&t.accepted);
	buf_finish(&t.outside);
	buf_finish(&known);
}
