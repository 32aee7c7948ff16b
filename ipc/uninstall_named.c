/*
 * Entries of agents that start a bascule: what would break, or let calls run unasked, once the
 * program is gone. Only looks.
 */
#include "config.h"

#include "ipc/uninstall.h"

#include "ipc/agent_scan.h"

#include <stdlib.h>
#include <string.h>

struct naming {
	struct uninstall_rows *rows;
	const char *program; /* NULL: any */
	char *real; /* the same behind links, or NULL */
};

static bool is_it(const struct naming *n, const char *program)
{
	char *real = n->program ? realpath(program, NULL) : NULL;
	bool same = !n->program || strcmp(program, n->program) == 0 ||
		(real && n->real && strcmp(real, n->real) == 0);
	free(real);
	return same;
}

static void name_server(
	struct naming *n, const struct agent_scan *scan, const struct agent_server *server)
{
	bool ours = server->state == AGENT_SERVER_OURS;
	if ((ours || server->state == AGENT_SERVER_WRAPPED) && is_it(n, server->program)) {
		char *where = agent_scan_where(
			scan, (struct conf_path){ server->at, server->steps });
		uninstall_add(n->rows, where,
			xasprintf("server %.100s is started by %.300s: without it the server does "
				  "not start",
				server->name, server->program),
			ours ? "take the entry out: it is bascule itself"
			     : "take `bascule run ... --` out, so that the server's own command "
			       "remains");
		free(where);
	}
}

static void name_hook(
	struct naming *n, const struct agent_scan *scan, const struct agent_hook *hook)
{
	const struct conf_step at[] = { CONF_KEY("hooks"), CONF_KEY(hook->event),
		CONF_INDEX(hook->group), CONF_KEY("hooks"), CONF_INDEX(hook->index) };
	if (hook->there && is_it(n, hook->program)) {
		char *where = agent_scan_where(scan, (struct conf_path){ at, COUNT_OF(at) });
		uninstall_add(n->rows, where,
			xasprintf("hook %s is %.300s: without it %s", hook->event, hook->program,
				hook->fail_closed ? "every call is blocked"
						  : "the agent runs its tools without asking"),
			"take the hook out");
		free(where);
	}
}

static void name_file(void *data, const struct agent_scan *scan)
{
	struct naming *n = data;
	if (scan->err.text[0]) {
		uninstall_add(n->rows, scan->path,
			xasprintf("cannot be read, so what it names is not known: %s",
				scan->err.text),
			"look whether it names bascule");
		return;
	}
	char *plugin = scan->file->holds & AGENT_PLUGIN
		? agent_plugin_program(buf_view(&scan->now.bytes))
		: NULL;
	if (plugin && is_it(n, plugin)) {
		uninstall_add(n->rows, scan->path,
			xasprintf("the plug-in starts %.300s: without it every call is an error",
				plugin),
			"remove the file");
	}
	for (size_t i = 0; i < scan->look.server_count; i++) {
		name_server(n, scan, &scan->look.servers[i]);
	}
	for (size_t i = 0; i < scan->look.hook_count; i++) {
		name_hook(n, scan, &scan->look.hooks[i]);
	}
	free(plugin);
}

void uninstall_named(struct uninstall_rows *rows, const char *home, const char *program)
{
	struct naming n = { rows, program, program ? realpath(program, NULL) : NULL };
	char *project = agent_project(home);
	for (size_t i = 0; agent_at(i); i++) {
		agent_scan(agent_at(i), home, project, name_file, &n);
	}
	free(project);
	free(n.real);
}
