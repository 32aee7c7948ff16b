/*
 * Taking bascule out of a file by what stands in it: everything behind "--" is the server's own
 * command, and a hook that starts bascule is ours. Called where the notes of what was put in do not
 * fit the file any more, because somebody has changed it there.
 */
#include "config.h"

#include "core/agent_edit.h"

#include "core/diag.h"

static void add_list(struct buf *out, enum conf_format format, char *const *words)
{
	const char *apart = "[";
	for (; *words; words++, apart = ", ") {
		buf_text(out, apart);
		conf_quote(format, span_of(*words), out);
	}
	buf_text(out, *apart == '[' ? "[]" : "]");
}

static bool put(struct conf_noted *text, struct agent_server *server, const char *key,
	struct buf *value, struct err *err)
{
	server->at[server->steps] = (struct conf_step){ key, 0 };
	bool good = conf_noted_replace(
		text, (struct conf_path){ server->at, server->steps + 1 }, buf_view(value), err);
	buf_finish(value);
	return good;
}

static bool unwrap_server(struct conf_noted *text, const struct agent *agent,
	struct agent_server *server, struct err *err)
{
	struct buf list = { 0 }, word = { 0 };
	if (!server->own) {
		return fail(err, DIAG_NONE, "%s: server %.60s has no command of its own behind --",
			text->conf.name, server->name);
	}
	if (agent->shape == AGENT_ARGV) {
		add_list(&list, text->conf.format, server->own);
		return put(text, server, "command", &list, err);
	}
	add_list(&list, text->conf.format, server->own + 1);
	conf_quote(text->conf.format, span_of(server->own[0]), &word);
	if (!put(text, server, "args", &list, err)) {
		buf_finish(&word);
		return false;
	}
	return put(text, server, "command", &word, err);
}

/* The entry, and its group if nothing else is in that. */
static bool remove_hook(struct conf_noted *text, const struct agent_hook *hook, struct err *err)
{
	const struct conf_step steps[] = { CONF_KEY("hooks"), CONF_KEY(hook->event),
		CONF_INDEX(hook->group), CONF_KEY("hooks"), CONF_INDEX(hook->index) };
	conf_id list = conf_find(&text->conf, (struct conf_path){ steps, 4 });
	size_t count = conf_node(&text->conf, list)->count > 1 ? 5 : 3;
	return conf_noted_remove(text, (struct conf_path){ steps, count }, err);
}

struct unwrapping {
	struct conf_noted now;
	const struct agent *agent;
	const struct agent_file *file;
	const char *project;
	agent_ours *ours;
	void *data;
};

/* One thing; *more is false if there was none. */
static bool take_one(struct unwrapping *u, bool *more, struct err *err)
{
	struct agent_look look = { 0 };
	bool good = true;
	agent_look(&look, u->agent, u->file, &u->now.conf, u->project);
	*more = false;
	for (size_t i = 0; i < look.server_count && !*more; i++) {
		struct agent_server *server = &look.servers[i];
		if (server->state == AGENT_SERVER_WRAPPED && u->ours(u->data, server->name)) {
			*more = true;
			good = unwrap_server(&u->now, u->agent, server, err);
		}
	}
	for (size_t i = 0; i < look.hook_count && !*more; i++) {
		if (look.hooks[i].there && u->ours(u->data, look.hooks[i].event)) {
			*more = true;
			good = remove_hook(&u->now, &look.hooks[i], err);
		}
	}
	agent_look_finish(&look);
	return good;
}

bool agent_unwrap(const struct agent *agent, const struct agent_file *file, const char *name,
	struct span text, const char *project, agent_ours *ours, void *data, struct buf *out,
	struct err *err)
{
	struct unwrapping u = {
		.agent = agent, .file = file, .project = project, .ours = ours, .data = data
	};
	bool more = true;
	bool good = conf_noted_begin(&u.now, file->format, name, text, err);
	while (good && more) {
		good = take_one(&u, &more, err);
	}
	if (good) {
		buf_span(out, buf_view(&u.now.text));
	}
	conf_noted_finish(&u.now);
	return good;
}
