/*
 * Arguments of a tool that no profile knows. What it does stays unknown; but a person may permit
 * such a tool by a rule, and then what its arguments name is judged all the same: paths, addresses,
 * commands, statements. Whatever looks like one counts as one, wherever it stands.
 *
 * Called by extract.c for tools of servers without a profile.
 */
#include "config.h"

#include "core/effects/command.h"
#include "core/effects/extract_impl.h"
#include "core/effects/sql.h"
#include "core/effects/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 32, TEXTS_MAX = 256, PATH_TEXT_MAX = 4096 };

struct guess {
	struct effects *out;
	const struct extract *call;
	char *arg; /* the top-level argument */
	char *key; /* the name nearest to the text */
	unsigned texts;
};

static bool is_named(const struct guess *g, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(g->key, names[i]) == 0 || strcasecmp(g->arg, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool looks_like_path(const char *text)
{
	static const char *const starts[] = { "/", "~", "./", "../", "file:", ".." };
	if (strlen(text) > PATH_TEXT_MAX || strchr(text, '\n')) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		if (strncmp(text, starts[i], strlen(starts[i])) == 0) {
			return true;
		}
	}
	/* src/a.c, but not a sentence */
	return (strchr(text, '/') && !strpbrk(text, " \t")) || text[0] == '.';
}

/* Nobody knows whether it is read or changed: both must be allowed. */
static void guess_path(struct guess *g, const char *text)
{
	const char *base = g->call->cwd && g->call->cwd[0] == '/' ? g->call->cwd : "";
	struct effect *reads = effects_add(g->out, EFFECT_READ, g->arg, text, "", "");
	free(reads->base);
	reads->base = xstrdup(base);
	struct effect *writes = effects_add(
		g->out, EFFECT_WRITE, g->arg, text, write_how_name(WRITE_MODE), "");
	free(writes->base);
	writes->base = xstrdup(base);
}

static void guess_text(struct guess *g, struct span raw)
{
	static const char *const commands[] = { "command", "cmd", "shell", "shellcommand",
		"commandline", "command_line", "bash", "exec", "run" };
	static const char *const codes[] = { "script", "code", "javascript", "python", "js",
		"expression", "function", "eval", "program" };
	static const char *const statements[] = { "sql", "query", "statement" };
	struct buf text = { 0 };
	json_decode(raw, &text);
	char *value = buf_cstr(&text);
	if (++g->texts > TEXTS_MAX) {
		effects_add(
			g->out, EFFECT_UNKNOWN, g->arg, "more texts than are looked at", "", "");
	} else if (strlen(value) != text.len) {
		effects_add(g->out, EFFECT_UNKNOWN, g->arg, "a text with a NUL", "", "");
	} else if (is_named(g, commands, COUNT_OF(commands))) {
		shell_effects(g->out, g->arg, buf_view(&text), g->call->cwd);
	} else if (is_named(g, codes, COUNT_OF(codes))) {
		effects_add(g->out, EFFECT_EXEC, g->arg, "code that it is given",
			exec_how_name(EXEC_WIDE), "");
	} else if (is_named(g, statements, COUNT_OF(statements)) && strchr(value, ' ')) {
		sql_effect(g->out, g->arg, buf_view(&text), SQL_ANY, g->call->dev_db);
	} else if (strstr(value, "://") && !strpbrk(value, " \t\n")) {
		url_effect(g->out, g->arg, buf_view(&text));
	} else if (looks_like_path(value)) {
		guess_path(g, value);
	}
	buf_finish(&text);
}

static void guess_value(struct guess *g, struct span value)
{
	struct json_walk stack[DEPTH_MAX];
	size_t depth = 0;
	struct span key, item = value;
	for (;;) {
		enum json_type type = json_type(item);
		if (type == JSON_STRING) {
			guess_text(g, item);
		} else if ((type == JSON_OBJECT || type == JSON_ARRAY) && depth == DEPTH_MAX) {
			effects_add(g->out, EFFECT_UNKNOWN, g->arg, "values nested deeply", "", "");
		} else if (type == JSON_OBJECT || type == JSON_ARRAY) {
			stack[depth++] = json_walk_of(item);
		}
		while (depth && !json_next(&stack[depth - 1], &key, &item)) {
			depth--;
		}
		if (!depth) {
			return;
		}
		if (stack[depth - 1].object) {
			free(g->key);
			g->key = span_dup((struct span){ key.at, key.len < 80 ? key.len : 80 });
		}
	}
}

void guess_effects(struct effects *out, const struct extract *call)
{
	struct guess g = { .out = out, .call = call };
	struct span key, value;
	if (!call->arguments.at || json_type(call->arguments) != JSON_OBJECT) {
		return;
	}
	struct json_walk walk = json_walk_of(call->arguments);
	while (json_next(&walk, &key, &value) && out->count < EFFECTS_MAX) {
		g.arg = span_dup((struct span){ key.at, key.len < 80 ? key.len : 80 });
		g.key = xstrdup(g.arg);
		guess_value(&g, value);
		free(g.arg);
		free(g.key);
	}
}
