/*
 * Doctor: the coding agents of a home and of the project around the current directory: do their
 * servers and their own tools come to bascule, what does a hook that fails mean there, is there
 * time enough for a person to answer.
 */
#include <config.h>

#include "ipc/doctor.h"

#include "ipc/agent_files.h"
#include "ipc/agent_scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <unistd.h>

enum { SHORT_S = 600 /* less is hardly time for a person */ };

struct looking {
	struct doctor *d;
	const struct agent *agent;
	char *ours; /* the program that entries should name, behind links */
	char *fix; /* bascule init AGENT */
	size_t wrapped, hooks, events;
	struct agent_hook seen[4]; /* of Codex, for trust: places alone */
	char *hooks_path;
};

/* ---- what an entry names ---- */

static void look_at_program(const struct looking *l, const char *where, const char *who,
	const char *program, const char *if_gone, enum diagnosis_level gone)
{
	char *real = realpath(program, NULL);
	if (program[0] != '/') {
		doctor_say(l->d, DIAGNOSIS_WARNING, where, l->fix,
			"%s names %.300s without its directory: what that is depends on the "
			"agent's "
			"PATH",
			who, program);
	} else if (!real || access(program, X_OK) != 0) {
		doctor_say(l->d, gone, where, "install bascule again, or bascule uninstall",
			"%s names %.300s, which is not there: %s", who, program, if_gone);
	} else if (l->ours && strcmp(real, l->ours) != 0) {
		doctor_say(l->d, DIAGNOSIS_WARNING, where, l->fix,
			"%s names %.300s, which is not this installation", who, program);
	}
	free(real);
}

/* ---- servers ---- */

static void look_at_limit(
	const struct looking *l, const char *where, const struct agent_server *server)
{
	long limit = server->limit_s;
	if (!l->agent->limit_key || (limit < 0 && !l->agent->limit_needed)) {
		return;
	}
	if (limit < 0) {
		doctor_say(l->d, DIAGNOSIS_WARNING, where, l->fix,
			"server %.100s has no time limit of its own (%s): calls that wait for you "
			"run out of time",
			server->name, l->agent->limit_key);
	} else if (limit < AGENT_LIMIT_S) {
		doctor_say(l->d, limit < SHORT_S ? DIAGNOSIS_WARNING : DIAGNOSIS_NOTE, where,
			l->fix,
			"calls of server %.100s end after %ld s (%s), also while they wait "
			"for you",
			server->name, limit, l->agent->limit_key);
	}
}

static void look_at_server(
	struct looking *l, const struct agent_scan *scan, const struct agent_server *server)
{
	char *where = agent_scan_where(scan, (struct conf_path){ server->at, server->steps });
	char *who = xasprintf("server %.100s", server->name);
	switch (server->state) {
	case AGENT_SERVER_PLAIN:
		doctor_say(l->d, DIAGNOSIS_WARNING, where, l->fix,
			"%s is not behind the gate: its calls are seen by the agent's hook at most",
			who);
		break;
	case AGENT_SERVER_WRAPPED:
		l->wrapped++;
		look_at_program(l, where, who, server->program, "the server does not start",
			DIAGNOSIS_FAILURE);
		look_at_limit(l, where, server);
		break;
	case AGENT_SERVER_OURS:
		look_at_program(l, where, who, server->program, "the server does not start",
			DIAGNOSIS_FAILURE);
		break;
	case AGENT_SERVER_REMOTE:
		doctor_say(l->d, DIAGNOSIS_NOTE, where, NULL,
			"%s is reached by URL: the agent's hook sees its calls, no gate does", who);
		break;
	case AGENT_SERVER_ODD:
		doctor_say(l->d, DIAGNOSIS_WARNING, where, "look at its command yourself",
			"the entry of %s is not understood", who);
		break;
	}
	free(where);
	free(who);
}

/* ---- hooks ---- */

/* What becomes of a tool when its hook fails. */
static const char *when_gone(const struct agent_hook *hook)
{
	return hook->fail_closed ? "every call is blocked"
				 : "the agent runs its tools without asking";
}

static void look_at_failing(
	const struct looking *l, const char *where, const struct agent_hook *hook)
{
	if (hook->fail_closed) {
		return;
	}
	if (l->agent->fail_closed) {
		doctor_say(l->d, DIAGNOSIS_WARNING, where, l->fix,
			"a hook %s that fails lets the tool run: its entry has no onFailure "
			"\"block\"",
			hook->event);
	} else {
		doctor_say(l->d, DIAGNOSIS_NOTE, where, NULL,
			"a hook %s that is killed or missing lets the tool run: %s has no setting "
			"against that; bascule itself always answers",
			hook->event, l->agent->title);
	}
}

/* The hook says no before the limit it was told; an agent that gives up earlier runs the tool. */
static void look_at_times(const struct looking *l, const char *where, const struct agent_hook *hook)
{
	long usual = (long)hook_find(span_of(l->agent->name))->limit_ms / 1000;
	long agents = hook->timeout_s >= 0 ? hook->timeout_s : usual;
	long hooks = hook->limit_s >= 0 ? hook->limit_s : usual;
	if (agents && (!hooks || agents < hooks)) {
		doctor_say(l->d, hook->fail_closed ? DIAGNOSIS_WARNING : DIAGNOSIS_FAILURE, where,
			l->fix, "the agent waits %ld s for its hook %s, which was told %ld s: %s",
			agents, hook->event, hooks,
			hook->fail_closed ? "calls are blocked without a reason"
					  : "a call that waits longer runs unasked");
	} else if (agents && agents < SHORT_S) {
		doctor_say(l->d, DIAGNOSIS_WARNING, where, l->fix,
			"you have %ld s to answer a call of hook %s", agents, hook->event);
	}
}

static void look_at_hook(
	struct looking *l, const struct agent_scan *scan, const struct agent_hook *hook)
{
	const struct conf_step at[] = { CONF_KEY("hooks"), CONF_KEY(hook->event),
		CONF_INDEX(hook->group), CONF_KEY("hooks"), CONF_INDEX(hook->index) };
	if (!hook->there) {
		doctor_say(l->d, DIAGNOSIS_WARNING, scan->path, l->fix,
			"has no hook %s: %s's own tools (shell, edits) run without asking",
			hook->event, l->agent->title);
		return;
	}
	char *where = agent_scan_where(scan, (struct conf_path){ at, COUNT_OF(at) });
	char *who = xasprintf("hook %s", hook->event);
	l->seen[l->hooks++] = *hook;
	look_at_program(l, where, who, hook->program, when_gone(hook),
		hook->fail_closed ? DIAGNOSIS_WARNING : DIAGNOSIS_FAILURE);
	if (!hook->all) {
		doctor_say(l->d, DIAGNOSIS_WARNING, where, l->fix,
			"%s is for some tools only: the others run without asking", who);
	}
	look_at_failing(l, where, hook);
	look_at_times(l, where, hook);
	free(where);
	free(who);
}

static void look_at_plugin(struct looking *l, const struct agent_scan *scan)
{
	char *program = agent_plugin_program(buf_view(&scan->now.bytes));
	l->events = 1;
	if (!program) {
		doctor_say(l->d, DIAGNOSIS_FAILURE, scan->path, l->fix,
			"is not bascule's plug-in: %s's own tools run without asking",
			l->agent->title);
	} else {
		l->hooks++;
		look_at_program(l, scan->path, "the plug-in", program, "every call is an error",
			DIAGNOSIS_FAILURE);
	}
	free(program);
}

/* ---- Codex: a hook that was not looked at is skipped without a word ---- */

/* "PreToolUse" as the key of a trusted hook has it: "pre_tool_use". */
static char *in_snakes(const char *event)
{
	struct buf out = { 0 };
	for (const char *c = event; *c; c++) {
		if (isupper((unsigned char)*c) && c != event) {
			buf_char(&out, '_');
		}
		buf_char(&out, (char)tolower((unsigned char)*c));
	}
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

static bool is_trusted(
	const struct conf *conf, const char *path, const struct agent_hook *hook, bool *off)
{
	char *event = in_snakes(hook->event);
	char *key = xasprintf("%s:%s:%zu:%zu", path, event, hook->group, hook->index);
	const struct conf_step hash[] = { CONF_KEY("hooks"), CONF_KEY("state"), CONF_KEY(key),
		CONF_KEY("trusted_hash") };
	const struct conf_step on[] = { CONF_KEY("hooks"), CONF_KEY("state"), CONF_KEY(key),
		CONF_KEY("enabled") };
	conf_id enabled = conf_find(conf, (struct conf_path){ on, COUNT_OF(on) });
	*off = enabled != CONF_NOWHERE && span_is(conf_value(conf, enabled), "false");
	bool found = conf_find(conf, (struct conf_path){ hash, COUNT_OF(hash) }) != CONF_NOWHERE;
	free(event);
	free(key);
	return found;
}

static void look_at_trust(struct looking *l, const struct conf *conf)
{
	char *real = realpath(l->hooks_path, NULL);
	for (size_t i = 0; i < l->hooks; i++) {
		bool off = false, off_real = false;
		bool trusted = is_trusted(conf, l->hooks_path, &l->seen[i], &off) ||
			(real && is_trusted(conf, real, &l->seen[i], &off_real));
		if (!trusted || off || off_real) {
			doctor_say(l->d, DIAGNOSIS_FAILURE, l->hooks_path,
				"run codex once and trust the hooks (\"Hooks need review\")",
				"Codex %s hook %s: it skips it without a word",
				trusted ? "has switched off" : "was never told to trust",
				l->seen[i].event);
		}
	}
	free(real);
}

static void find_trust(void *data, const struct agent_scan *scan)
{
	struct looking *l = data;
	if (scan->file->format == CONF_TOML && agent_file_is_users(scan->file)) {
		if (!scan->err.text[0]) {
			look_at_trust(l, &scan->conf);
		}
		l->hooks_path = NULL; /* said */
	}
}

/* Without a file of settings nothing is trusted. */
static void look_for_trust(struct looking *l)
{
	struct conf none = { 0 };
	struct err err;
	agent_scan(l->agent, l->d->home, NULL, find_trust, l);
	if (l->hooks_path && conf_parse(&none, CONF_TOML, "", SPAN(""), &err)) {
		look_at_trust(l, &none);
	}
	conf_finish(&none);
}

/* ---- an agent ---- */

static void look_at_file(void *data, const struct agent_scan *scan)
{
	struct looking *l = data;
	if (scan->err.text[0]) {
		l->events += (scan->file->holds & (AGENT_HOOKS | AGENT_PLUGIN)) != 0;
		doctor_say(l->d, DIAGNOSIS_FAILURE, NULL,
			"mend it: until then bascule leaves it alone, and the agent may too", "%s",
			scan->err.text);
		return;
	}
	if (scan->file->holds & AGENT_PLUGIN) {
		look_at_plugin(l, scan);
		return;
	}
	for (size_t i = 0; i < scan->look.server_count; i++) {
		look_at_server(l, scan, &scan->look.servers[i]);
	}
	for (size_t i = 0; i < scan->look.hook_count; i++) {
		l->events++;
		look_at_hook(l, scan, &scan->look.hooks[i]);
	}
	if (scan->look.hooks_off) {
		doctor_say(l->d, DIAGNOSIS_FAILURE, scan->path, "take disableAllHooks out",
			"switches all hooks off (disableAllHooks): %s's own tools run without "
			"asking",
			l->agent->title);
	}
	if (scan->look.elsewhere) {
		doctor_say(l->d, DIAGNOSIS_NOTE, scan->path, "bascule init in each project",
			"%zu of other projects' servers not behind the gate", scan->look.elsewhere);
	}
}

static size_t worse(const struct doctor *d)
{
	return diagnosis_count(&d->found, DIAGNOSIS_WARNING) +
		diagnosis_count(&d->found, DIAGNOSIS_FAILURE);
}

static void look_at_agent(struct looking *l, const char *project)
{
	size_t before = worse(l->d);
	char *hooks = agent_file_path(&l->agent->files[0], l->d->home, "/");
	l->hooks_path = hooks;
	agent_scan(l->agent, l->d->home, project, look_at_file, l);
	if (!l->events) {
		doctor_say(l->d, DIAGNOSIS_WARNING, hooks, l->fix,
			"is not there: %s's own tools (shell, edits) run without asking",
			l->agent->title);
	}
	if (strcmp(l->agent->name, "codex") == 0 && l->hooks) {
		look_for_trust(l);
	}
	if (worse(l->d) == before) {
		doctor_say(l->d, DIAGNOSIS_OK, NULL, NULL,
			"%s: %zu %s behind the gate, its own tools ask", l->agent->title,
			l->wrapped, l->wrapped == 1 ? "server" : "servers");
	}
	free(hooks);
}

void doctor_agents(struct doctor *d)
{
	char *project = agent_project(d->home), *front = paths_installed();
	front = front ? front : paths_program("bascule");
	char *ours = realpath(front, NULL);
	size_t here = 0;
	for (size_t i = 0; agent_at(i); i++) {
		char *program = agent_program(agent_at(i));
		struct looking l = { .d = d,
			.agent = agent_at(i),
			.ours = ours,
			.fix = xasprintf("bascule init %s", agent_at(i)->name) };
		if (program || agent_has_files(l.agent, d->home)) {
			look_at_agent(&l, project);
			here++;
		}
		free(program);
		free(l.fix);
	}
	if (!here) {
		doctor_say(d, DIAGNOSIS_NOTE, d->home, NULL, "no coding agent is found here");
	}
	free(project);
	free(front);
	free(ours);
}
