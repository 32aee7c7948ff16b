/*
 * The changes of an agent's configuration file.
 *
 * A server's own command and arguments stand behind "--" of ours, spelled as they were: what was
 * changed can be read there, and taken back, without any journal. Its name, environment, directory
 * and all other keys stay. A server or hook whose entry cannot be changed without changing
 * something else is left whole, and that is said. Called by `init`.
 */
#include "config.h"

#include "core/agent_edit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MARGIN_S = 60 }; /* we answer so long before the client gives up */

static void say(struct agent_edit *edit, bool left, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct agent_edit *edit, bool left, const char *format, ...)
{
	char words[400];
	va_list args;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	edit->notes = xgrow(
		edit->notes, &edit->note_cap, edit->note_count + 1, sizeof(*edit->notes));
	edit->notes[edit->note_count++] = (struct agent_note){ xstrdup(words), left };
}

/* ---- servers ---- */

struct wish {
	const struct agent *agent;
	const struct agent_front *front;
	struct agent_server *server;
	struct agent_edit *edit;
	long limit_s; /* what its limit will be; -1: not our business */
};

static struct conf_path way_to(struct wish *w, const char *key)
{
	w->server->at[w->server->steps] = (struct conf_step){ key, 0 };
	return (struct conf_path){ w->server->at, w->server->steps + 1 };
}

static void add_word(const struct wish *w, const char *word, struct buf *out)
{
	buf_text(out, ", ");
	conf_quote(w->edit->file.conf.format, span_of(word), out);
}

/* `"run", ..., "--"` */
static void add_ours(const struct wish *w, struct buf *out)
{
	char hold[24];
	conf_quote(w->edit->file.conf.format, SPAN("run"), out);
	if (w->front->root) {
		add_word(w, "--root", out);
		add_word(w, w->front->root, out);
	}
	add_word(w, "--name", out);
	add_word(w, w->server->name, out);
	if (w->limit_s > 2 * MARGIN_S) {
		snprintf(hold, sizeof(hold), "%ld", w->limit_s - MARGIN_S);
		add_word(w, "--hold-max", out);
		add_word(w, hold, out);
	}
	add_word(w, "--", out);
}

/* Our words before those that stand in the array already, which stay as they are spelled; on a line
 * of their own where theirs are. */
static void put_before(struct buf *out, struct buf *ours, struct span array, size_t count)
{
	struct span rest = array.at ? (struct span){ array.at + 1, array.len - 1 } : SPAN("]");
	size_t blank = 0;
	while (blank < rest.len && strchr(" \t\r\n", rest.at[blank])) {
		blank++;
	}
	bool lines = count && memchr(rest.at, '\n', blank);
	buf_char(out, '[');
	buf_add(out, rest.at, lines ? blank : 0);
	buf_span(out, buf_view(ours));
	buf_text(out, !count ? "" : blank ? "," : ", ");
	buf_span(out, rest);
	buf_finish(ours);
}

static struct span value_at(const struct conf *conf, struct conf_path path, size_t *count)
{
	conf_id id = conf_find(conf, path);
	*count = id == CONF_NOWHERE ? 0 : conf_node(conf, id)->count;
	return id == CONF_NOWHERE ? (struct span){ 0 } : conf_value(conf, id);
}

static bool wrap_argv(struct wish *w, struct err *err)
{
	struct buf words = { 0 }, ours = { 0 };
	size_t count = 0;
	struct span old = value_at(&w->edit->file.conf, way_to(w, "command"), &count);
	conf_quote(w->edit->file.conf.format, span_of(w->front->program), &ours);
	buf_text(&ours, ", ");
	add_ours(w, &ours);
	put_before(&words, &ours, old, count);
	bool good = conf_noted_replace(&w->edit->file, way_to(w, "command"), buf_view(&words), err);
	buf_finish(&words);
	return good;
}

static bool wrap_command(struct wish *w, struct err *err)
{
	struct conf_noted *file = &w->edit->file;
	struct buf words = { 0 }, ours = { 0 }, program = { 0 };
	size_t count = 0, none = 0;
	struct span command = value_at(&file->conf, way_to(w, "command"), &none);
	struct span args = value_at(&file->conf, way_to(w, "args"), &count);
	add_ours(w, &ours);
	buf_text(&ours, ", ");
	buf_span(&ours, command);
	put_before(&words, &ours, args, count);
	conf_quote(file->conf.format, span_of(w->front->program), &program);
	bool good = (args.at ? conf_noted_replace(file, way_to(w, "args"), buf_view(&words), err)
			     : conf_noted_add(
				       file, way_to(w, "args"), buf_view(&words), NULL, err)) &&
		conf_noted_replace(file, way_to(w, "command"), buf_view(&program), err);
	buf_finish(&words);
	buf_finish(&program);
	return good;
}

/* Gives the client's limit an hour if it is less; sets limit_s to what it is then. */
static bool raise_limit(struct wish *w, struct err *err)
{
	const struct agent *agent = w->agent;
	char number[32];
	size_t none = 0;
	bool there = agent->limit_key &&
		value_at(&w->edit->file.conf, way_to(w, agent->limit_key), &none).at;
	w->limit_s = w->server->limit_s;
	if (!agent->limit_key || (there ? w->server->limit_s < 0 : !agent->limit_needed) ||
		w->server->limit_s >= AGENT_LIMIT_S) {
		return true;
	}
	w->limit_s = AGENT_LIMIT_S;
	snprintf(number, sizeof(number), "%ld", AGENT_LIMIT_S * 1000L / agent->limit_unit_ms);
	struct conf_path path = way_to(w, agent->limit_key);
	return there ? conf_noted_replace(&w->edit->file, path, span_of(number), err)
		     : conf_noted_add(&w->edit->file, path, span_of(number), NULL, err);
}

static void wrap_server(struct wish *w)
{
	struct conf_noted_mark mark = conf_noted_here(&w->edit->file);
	struct err err = { 0 };
	bool good = raise_limit(w, &err) &&
		(w->agent->shape == AGENT_ARGV ? wrap_argv(w, &err) : wrap_command(w, &err));
	if (!good) {
		conf_noted_back(&w->edit->file, &mark);
		say(w->edit, true, "server %.60s is left as it is: %s", w->server->name, err.text);
		return;
	}
	conf_noted_forget(&mark);
	say(w->edit, false, "server %.60s: its calls go through the gate", w->server->name);
	if (w->limit_s != w->server->limit_s) {
		say(w->edit, false, "server %.60s: a call may take %ld s (was: %s)",
			w->server->name, w->limit_s,
			w->server->limit_s < 0 ? "the agent's default" : "less");
	}
}

/* Another bascule, perhaps one that is gone: ours takes its place. */
static void repoint_server(struct wish *w)
{
	struct conf_noted *file = &w->edit->file;
	struct buf program = { 0 };
	struct err err = { 0 };
	struct conf_path path = way_to(w, "command");
	if (w->agent->shape == AGENT_ARGV) {
		w->server->at[path.count++] = (struct conf_step){ NULL, 0 };
	}
	conf_quote(file->conf.format, span_of(w->front->program), &program);
	bool good = conf_noted_replace(file, path, buf_view(&program), &err);
	say(w->edit, !good, "server %.60s starts another bascule, %.200s%s%s", w->server->name,
		w->server->program,
		good ? ": now this one" : ", and is left as it is: ", good ? "" : err.text);
	buf_finish(&program);
}

static void look_at_server(struct wish *w)
{
	const char *name = w->server->name;
	switch (w->server->state) {
	case AGENT_SERVER_PLAIN:
		wrap_server(w);
		break;
	case AGENT_SERVER_WRAPPED:
	case AGENT_SERVER_OURS:
		if (strcmp(w->server->program, w->front->program) != 0) {
			repoint_server(w);
		}
		break;
	case AGENT_SERVER_REMOTE:
		say(w->edit, true,
			"server %.60s is reached by URL: outside of the gate, its calls come by "
			"the hook alone",
			name);
		break;
	case AGENT_SERVER_ODD:
		say(w->edit, true, "server %.60s: its entry is not understood", name);
		break;
	}
}

/* ---- hooks ---- */

static void add_hook(struct agent_edit *edit, const struct agent *agent,
	const struct agent_front *front, const char *event)
{
	struct conf_noted *file = &edit->file;
	struct conf_step steps[] = { CONF_KEY("hooks"), CONF_KEY(event), CONF_INDEX(0) };
	struct buf group = { 0 };
	struct err err = { 0 };
	value_at(&file->conf, (struct conf_path){ steps, 2 }, &steps[2].index);
	agent->group(front, &group);
	if (conf_noted_add(
		    file, (struct conf_path){ steps, 3 }, buf_view(&group), front->program, &err)) {
		say(edit, false, "hook %s: every tool call asks bascule", event);
	} else {
		say(edit, true, "hook %s cannot be put in: %s", event, err.text);
	}
	buf_finish(&group);
}

/* Its program alone is replaced, in its list of words or in its line. */
static void repoint_hook(
	struct agent_edit *edit, const struct agent_front *front, const struct agent_hook *hook)
{
	struct conf_noted *file = &edit->file;
	const struct conf_step steps[] = { CONF_KEY("hooks"), CONF_KEY(hook->event),
		CONF_INDEX(hook->group), CONF_KEY("hooks"), CONF_INDEX(hook->index),
		CONF_KEY("command") };
	const struct conf_path path = { steps, COUNT_OF(steps) };
	struct buf line = { 0 }, raw = { 0 };
	struct err err = { 0 };
	conf_text(&file->conf, conf_find(&file->conf, path), &line);
	agent_line_with(buf_cstr(&line), hook->in_line, front->program, &raw);
	bool good = conf_noted_replace(file, path, buf_view(&raw), &err);
	say(edit, !good, "hook %s starts another bascule, %.200s%s%s", hook->event, hook->program,
		good ? ": now this one" : ", and is left as it is: ", good ? "" : err.text);
	buf_finish(&line);
	buf_finish(&raw);
}

static void look_at_hook(struct agent_edit *edit, const struct agent *agent,
	const struct agent_front *front, const struct agent_hook *hook)
{
	if (!hook->there) {
		add_hook(edit, agent, front, hook->event);
	} else if (strcmp(hook->program, front->program) != 0) {
		repoint_hook(edit, front, hook);
	} else if (!hook->all) {
		say(edit, true, "hook %s is not for every tool", hook->event);
	}
}

/* ---- a file ---- */

bool agent_edit(struct agent_edit *edit, const struct agent *agent, const struct agent_file *file,
	const char *name, struct span text, const struct agent_front *front, const char *project,
	struct err *err)
{
	struct agent_look look = { 0 };
	*edit = (struct agent_edit){ 0 };
	if (!conf_noted_begin(&edit->file, file->format, name, text, err)) {
		return false;
	}
	agent_look(&look, agent, file, &edit->file.conf, project);
	for (size_t i = 0; i < look.server_count; i++) {
		look_at_server(&(struct wish){ agent, front, &look.servers[i], edit, -1 });
	}
	for (size_t i = 0; i < look.hook_count; i++) {
		look_at_hook(edit, agent, front, &look.hooks[i]);
	}
	if (look.elsewhere) {
		say(edit, true,
			"%zu servers of other projects are left: run bascule init in those too",
			look.elsewhere);
	}
	if (look.hooks_off) {
		say(edit, true, "disableAllHooks switches our hook off as well: take it out");
	}
	agent_look_finish(&look);
	return true;
}

void agent_edit_finish(struct agent_edit *edit)
{
	conf_noted_finish(&edit->file);
	for (size_t i = 0; i < edit->note_count; i++) {
		free(edit->notes[i].words);
	}
	free(edit->notes);
	*edit = (struct agent_edit){ 0 };
}

bool agent_edit_any(const struct agent_edit *edit)
{
	return edit->file.count > 0;
}
