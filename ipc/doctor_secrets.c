/*
 * Doctor: credentials that lie in the agents' configuration files, where every program of the user,
 * and for a project's file whoever shares it, can read them. Says file, line, key and kind; never
 * the value.
 *
 * Two looks: the scanner's patterns over the whole text, comments too, and, in the entries of
 * servers, values that their name makes secret. What an agent fills in itself (${NAME}) is none.
 */
#include <config.h>

#include "ipc/doctor.h"

#include "core/policy/secret.h"
#include "ipc/agent_files.h"
#include "ipc/agent_scan.h"

#include <stdlib.h>
#include <string.h>

enum { FINDINGS_MAX = 32, PATH_DEPTH = 8 };

struct searching {
	struct doctor *d;
	const struct agent_scan *scan;
	conf_id said[FINDINGS_MAX]; /* values that were named already */
	size_t said_count, count;
};

/* "mcpServers.github.env.TOKEN"; the caller frees it. */
static char *key_of(const struct conf *conf, conf_id id)
{
	conf_id way[PATH_DEPTH];
	size_t depth = 0;
	struct buf out = { 0 };
	for (; id != CONF_ROOT && depth < PATH_DEPTH; id = conf_node(conf, id)->parent) {
		way[depth++] = id;
	}
	while (depth--) {
		struct span key = conf_key(conf, way[depth]);
		if (key.at) {
			buf_text(&out, out.len ? "." : "");
			buf_span(&out, key);
		}
	}
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

static char *line_at(const struct agent_scan *scan, size_t at)
{
	size_t line = 1;
	for (size_t i = 0; i < at; i++) {
		line += scan->now.bytes.data[i] == '\n';
	}
	return xasprintf("%s:%zu", scan->path, line);
}

static void say(struct searching *s, size_t at, const char *key, const char *kind)
{
	const struct agent_scan *scan = s->scan;
	char *where = line_at(scan, at);
	bool shared = !agent_file_is_users(scan->file);
	s->count++;
	doctor_say(s->d, DIAGNOSIS_WARNING, where,
		"take it out of the file, and have a new one made: let the agent fill it in from "
		"its environment, or the server read a file of mode 600",
		"%s: %s in clear text%s%s", *key ? key : "a comment or key", kind,
		scan->now.mode & 0044 ? ", in a file that other users can read" : "",
		shared ? ", in the project's file" : "");
	free(where);
}

/* ---- by their looks ---- */

/* The text that stands at this place, or CONF_NOWHERE. */
static conf_id value_at(const struct conf *conf, size_t at)
{
	for (size_t i = 0; i < conf->count; i++) {
		const struct conf_node *node = conf_node(conf, (conf_id)i);
		if (node->type == CONF_STRING && node->at <= at && at < node->end) {
			return (conf_id)i;
		}
	}
	return CONF_NOWHERE;
}

static void search_text(struct searching *s)
{
	struct secret_finding found[FINDINGS_MAX];
	size_t count = 0;
	const struct conf *conf = &s->scan->conf;
	enum secret_result result = secrets_scan(
		s->d->secrets, buf_view(&s->scan->now.bytes), false, found, FINDINGS_MAX, &count);
	for (size_t i = 0; result == SECRET_FOUND && i < count && i < FINDINGS_MAX; i++) {
		conf_id id = value_at(conf, found[i].at);
		char *key = id == CONF_NOWHERE ? xstrdup("") : key_of(conf, id);
		char *kind = xasprintf("a %s", found[i].rule);
		say(s, found[i].at, key, kind);
		if (id != CONF_NOWHERE && s->said_count < FINDINGS_MAX) {
			s->said[s->said_count++] = id;
		}
		free(key);
		free(kind);
	}
	if (result == SECRET_NOT_SCANNED) {
		doctor_say(s->d, DIAGNOSIS_NOTE, s->scan->path, NULL,
			"is too large to be searched for secrets as a whole");
	}
}

/* ---- by their names ---- */

/* What is put in from elsewhere when the server starts. */
static bool is_reference(struct span value)
{
	return span_starts(value, "$") || span_starts(value, "{env:") ||
		span_starts(value, "{file:");
}

/* Text that says what the value is for: its key, or in a list the option before it. */
static void name_of(const struct conf *conf, conf_id id, struct buf *name)
{
	struct span key = conf_key(conf, id);
	const struct conf_node *node = conf_node(conf, id);
	if (key.at) {
		buf_span(name, key);
	} else if (node->prev != CONF_NOWHERE && conf_text(conf, node->prev, name) &&
		!span_starts(buf_view(name), "-")) {
		buf_clear(name);
	}
}

/* "Bearer abc" is the credential behind the blank; "--token=abc" and "TOKEN=abc" name themselves.
 */
static struct span credential(struct span value, struct buf *name)
{
	const char *equals = value.len ? memchr(value.at, '=', value.len) : NULL;
	const char *blank = value.len ? memchr(value.at, ' ', value.len) : NULL;
	if (span_is(buf_view(name), "Authorization")) {
		buf_clear(name);
		buf_text(name, "TOKEN");
		value = blank
			? (struct span){ blank + 1, value.len - (size_t)(blank + 1 - value.at) }
			: value;
	} else if (equals && !blank) {
		buf_clear(name);
		buf_add(name, value.at, (size_t)(equals - value.at));
		value = (struct span){ equals + 1, value.len - (size_t)(equals + 1 - value.at) };
	}
	return value;
}

static bool is_secret(struct searching *s, const char *name, struct span value)
{
	struct secret_finding found;
	size_t count = 0;
	secrets_know(s->d->secrets, name, value);
	enum secret_result result = secrets_scan(s->d->secrets, value, true, &found, 1, &count);
	secrets_forget(s->d->secrets);
	return result == SECRET_FOUND;
}

static void search_value(struct searching *s, conf_id id)
{
	const struct conf *conf = &s->scan->conf;
	struct buf text = { 0 }, name = { 0 };
	for (size_t i = 0; i < s->said_count; i++) {
		if (s->said[i] == id) {
			return;
		}
	}
	if (conf_text(conf, id, &text)) {
		name_of(conf, id, &name);
		struct span value = credential(buf_view(&text), &name);
		if (!is_reference(value) && is_secret(s, buf_cstr(&name), value)) {
			char *key = key_of(conf, id);
			say(s, conf_node(conf, id)->start, key, "what its name says is a secret");
			free(key);
		}
	}
	buf_finish(&text);
	buf_finish(&name);
}

/* All values in an entry; its depth is bounded by the reader. */
static void search_below(struct searching *s, conf_id id)
{
	const struct conf_node *node = conf_node(&s->scan->conf, id);
	if (node->type == CONF_STRING) {
		search_value(s, id);
	}
	if (node->type == CONF_OBJECT || node->type == CONF_ARRAY) {
		for (conf_id i = node->first; i != CONF_NOWHERE;
			i = conf_node(&s->scan->conf, i)->next) {
			search_below(s, i);
		}
	}
}

static void search_file(void *data, const struct agent_scan *scan)
{
	struct searching *s = data;
	s->scan = scan;
	s->said_count = 0;
	if (scan->file->holds & AGENT_PLUGIN || !scan->now.exists) {
		return;
	}
	search_text(s);
	for (size_t i = 0; i < scan->look.server_count; i++) {
		const struct agent_server *server = &scan->look.servers[i];
		conf_id id = conf_find(
			&scan->conf, (struct conf_path){ server->at, server->steps });
		if (id != CONF_NOWHERE) {
			search_below(s, id);
		}
	}
}

void doctor_secrets(struct doctor *d)
{
	struct searching s = { .d = d };
	char *project = agent_project(d->home);
	for (size_t i = 0; d->secrets && agent_at(i); i++) {
		agent_scan(agent_at(i), d->home, project, search_file, &s);
	}
	if (!d->secrets) {
		doctor_say(d, DIAGNOSIS_FAILURE, NULL, "install bascule again",
			"the scanner cannot be made");
	} else if (!s.count) {
		doctor_say(d, DIAGNOSIS_OK, NULL, NULL,
			"none is seen in the agents' configuration files");
	}
	free(project);
}
