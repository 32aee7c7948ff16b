/*
 * Findings in arguments. Every text at every depth is decoded once and looked at; one effect for
 * each argument and sort, so that a person reads "2 arguments carry a secret" and not forty lines.
 */
#include "config.h"

#include "core/policy/findings.h"

#include "core/policy/sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = JSON_DEPTH_STRICT, SMALL_MAX = 4096, SAID_MAX = 8 };

static const char manifest_how[] = "install script"; /* no program is called so */

struct finder {
	struct effects *out;
	const struct findings_in *in;
	char *arg; /* the argument that is looked at */
	unsigned secrets, hidden; /* said so far for it */
	struct buf text;
};

bool is_finding(const struct effect *e)
{
	return e->kind == EFFECT_SECRET || e->kind == EFFECT_HIDDEN || e->kind == EFFECT_PIN ||
		(e->kind == EFFECT_UNKNOWN && strcmp(e->how, manifest_how) == 0);
}

/* The text itself is a path: there a newline is hidden too. */
static bool names_path(const struct finder *f, struct span text)
{
	for (size_t i = 0; i < f->out->count; i++) {
		const struct effect *e = &f->out->list[i];
		if (!e->part && effect_has_path(e->kind) && span_is(text, e->given)) {
			return true;
		}
	}
	return false;
}

static void look_hidden(struct finder *f, struct span text)
{
	char name[80];
	if (!f->hidden && hidden_character(text, names_path(f, text), name)) {
		f->hidden++;
		effects_add(f->out, EFFECT_HIDDEN, f->arg, name, NULL, NULL);
	}
}

static void look_secret(struct finder *f, struct span text)
{
	struct secret_finding found[SAID_MAX];
	size_t count = 0;
	if (f->secrets || !f->in->secrets) {
		return;
	}
	enum secret_result result = secrets_scan(
		f->in->secrets, text, text.len <= SMALL_MAX, found, COUNT_OF(found), &count);
	if (result == SECRET_NOT_SCANNED) {
		effects_add(f->out, EFFECT_SECRET, f->arg, "could not be searched for secrets",
			"limit", NULL);
		f->secrets++;
	}
	for (size_t i = 0; result == SECRET_FOUND && i < count; i++) {
		char words[120];
		snprintf(
			words, sizeof(words), "%.60s, %zu characters", found[i].rule, found[i].len);
		effects_add(f->out, EFFECT_SECRET, f->arg, words, found[i].rule, NULL);
		f->secrets++;
	}
}

static void look_text(struct finder *f, struct span raw)
{
	buf_clear(&f->text);
	json_decode(raw, &f->text);
	look_hidden(f, buf_view(&f->text));
	look_secret(f, buf_view(&f->text));
}

static void look_value(struct finder *f, struct span value)
{
	struct json_walk stack[DEPTH_MAX];
	size_t depth = 0;
	struct span key, item = value;
	for (;;) {
		enum json_type type = json_type(item);
		if (type == JSON_STRING) {
			look_text(f, item);
		} else if ((type == JSON_OBJECT || type == JSON_ARRAY) && depth < DEPTH_MAX) {
			stack[depth++] = json_walk_of(item);
		}
		while (depth && !json_next(&stack[depth - 1], &key, &item)) {
			depth--;
		}
		if (!depth) {
			return;
		}
		if (stack[depth - 1].object) {
			look_hidden(f, key);
		}
	}
}

static void add_pin(struct effects *out, const char *words, const char *how)
{
	if (words) {
		effects_add(out, EFFECT_PIN, "", words, how, NULL);
	}
}

/* ---- install scripts ---- */

/* Files whose texts a package manager runs at an install, unasked and whoever wrote them. */
static bool is_manifest(const char *path)
{
	static const char *const names[] = { "package.json", "composer.json", "binding.gyp" };
	char folded[4352];
	if (!path_fold(span_of(path), folded, sizeof(folded))) {
		return true;
	}
	const char *slash = strrchr(folded, '/'), *name = slash ? slash + 1 : folded;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(name, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Words without which no such script is added. Escapes, the call's own or the file's, could hide
 * them. */
static bool may_add_script(struct span arguments)
{
	static const char *const words[] = { "install", "prepare", "prepublish", "prepack",
		"scripts", "-cmd", "\\u", "actions", "gyp" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (memmem(arguments.at, arguments.len, words[i], strlen(words[i]))) {
			return true;
		}
	}
	return false;
}

/* The content is in the arguments, not somewhere that only a command or another file knows. */
static bool shows_content(const struct effects *effects, const struct effect *write)
{
	bool shown = !write->part && strcmp(write->how, write_how_name(WRITE_AWAY)) != 0;
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		bool moves = e->kind == EFFECT_WRITE &&
			strcmp(e->how, write_how_name(WRITE_AWAY)) == 0;
		/* a page that is saved, an answer of a service */
		shown = shown && !moves && e->kind != EFFECT_REMOTE && e->kind != EFFECT_NET;
	}
	return shown;
}

static void look_at_manifests(struct effects *effects, struct span arguments)
{
	size_t count = effects->count;
	for (size_t i = 0; i < count; i++) {
		const struct effect *e = &effects->list[i];
		bool there = e->kind == EFFECT_WRITE &&
			(is_manifest(e->given) || (e->fact.path && is_manifest(e->fact.path)));
		if (there && (!shows_content(effects, e) || may_add_script(arguments))) {
			effects_add(effects, EFFECT_UNKNOWN, e->arg,
				"may add a script that the package manager runs at an install",
				manifest_how, NULL);
			return;
		}
	}
}

void findings_add(struct effects *effects, const struct findings_in *in)
{
	if (in->arguments.at) {
		look_at_manifests(effects, in->arguments);
	}
	struct finder f = { .out = effects, .in = in };
	struct json_walk walk = json_walk_of(in->arguments);
	struct span key, value;
	while (in->arguments.at && json_next(&walk, &key, &value)) {
		f.arg = span_dup((struct span){ key.at, key.len < 80 ? key.len : 80 });
		f.secrets = f.hidden = 0;
		look_hidden(&f, key);
		look_value(&f, value);
		free(f.arg);
	}
	buf_finish(&f.text);
	add_pin(effects, in->schema, "schema");
	add_pin(effects, in->tool_pin, "tool");
	add_pin(effects, in->server_pin, "server");
}

void findings_copy(struct effects *to, const struct effects *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct effect *e = &from->list[i];
		if (is_finding(e)) {
			effects_add(to, e->kind, e->arg, e->given, e->how, e->word);
		}
	}
}
