/*
 * The grammar of apply_patch.
 *
 * Promises: every file that the patch names becomes an effect; a line that is in no place of the
 * grammar makes the patch UNKNOWN, beside the effects of the files that it is certain to name. The
 * tool takes some texts leniently (space around markers, a here-document around the whole); those
 * are UNKNOWN. Does not look at content. Called by the extraction.
 */
#include "config.h"

#include "core/effects/patch.h"

#include "core/unicode.h"

#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096 };

static const char begin_patch[] = "*** Begin Patch", end_patch[] = "*** End Patch";
static const char add_file[] = "*** Add File: ", delete_file[] = "*** Delete File: ";
static const char update_file[] = "*** Update File: ", move_to[] = "*** Move to: ";
static const char end_of_file[] = "*** End of File";

/* Where a line stands. */
enum place { BEFORE, BETWEEN, IN_ADD, IN_UPDATE_HEAD, IN_UPDATE, BEHIND };

struct patch {
	struct effects *out;
	const char *arg, *base;
	enum place place;
	char *updated; /* the file of the last update, until it is known whether it moves */
	size_t files;
	const char *fault;
};

static void add(struct patch *p, enum effect_kind kind, const char *path, const char *how)
{
	struct effect *e = effects_add(p->out, kind, p->arg, path, how, NULL);
	if (e->kind == kind) {
		free(e->base);
		e->base = xstrdup(p->base);
	}
	p->files++;
}

/* What is behind the marker, if the line begins with it. */
static bool marked(struct span line, const char *marker, struct span *rest)
{
	size_t n = strlen(marker);
	*rest = (struct span){ line.at + n, line.len - n };
	return span_starts(line, marker);
}

/* Space and characters that cannot be seen are cut by some readers and kept by others. */
static bool is_plain(struct span path)
{
	size_t i = 0;
	while (i < path.len) {
		struct unicode_char c = unicode_read(path.at + i, path.len - i);
		if (!c.valid || unicode_class(c.c) == UNICODE_HIDDEN) {
			return false;
		}
		i += c.bytes;
	}
	return path.len && path.at[0] != ' ' && path.at[path.len - 1] != ' ';
}

static char *path_of(struct patch *p, struct span path)
{
	path.len = path.len < PATH_BYTES ? path.len : 0; /* no name of a file */
	p->fault = is_plain(path) ? p->fault : "a file whose name is not plain";
	return span_dup(path);
}

static void add_path(struct patch *p, enum effect_kind kind, struct span path, const char *how)
{
	char *text = path_of(p, path);
	add(p, kind, text, how);
	free(text);
}

static void end_update(struct patch *p)
{
	if (p->updated) {
		add(p, EFFECT_WRITE, p->updated, "edit");
		free(p->updated);
		p->updated = NULL;
	}
}

static bool read_marker(struct patch *p, struct span line)
{
	struct span rest;
	if (marked(line, add_file, &rest)) {
		end_update(p);
		add_path(p, EFFECT_WRITE, rest, "replace");
		p->place = IN_ADD;
	} else if (marked(line, delete_file, &rest)) {
		end_update(p);
		add_path(p, EFFECT_DELETE, rest, "file");
		p->place = BETWEEN;
	} else if (marked(line, update_file, &rest)) {
		end_update(p);
		p->updated = path_of(p, rest);
		p->place = IN_UPDATE_HEAD;
	} else if (span_is(line, end_patch)) {
		end_update(p);
		p->place = BEHIND;
	} else {
		return false;
	}
	return true;
}

/* "*** Move to: " directly behind the update that it belongs to. */
static bool read_move(struct patch *p, struct span line)
{
	struct span rest;
	if (p->place != IN_UPDATE_HEAD || !marked(line, move_to, &rest)) {
		return false;
	}
	add(p, EFFECT_WRITE, p->updated, "away");
	add_path(p, EFFECT_WRITE, rest, "replace");
	free(p->updated);
	p->updated = NULL;
	p->place = IN_UPDATE;
	return true;
}

/* Lines of content: with their sign, or empty for an empty line of context. */
static bool is_content(const struct patch *p, struct span line)
{
	if (p->place == IN_ADD) {
		return line.len && line.at[0] == '+';
	}
	bool sign = !line.len || strchr("+- ", line.at[0]) || span_is(line, "@@") ||
		span_starts(line, "@@ ") || span_is(line, end_of_file);
	return (p->place == IN_UPDATE_HEAD || p->place == IN_UPDATE) && sign;
}

static void read_line(struct patch *p, struct span line)
{
	if (p->place == BEFORE) {
		p->place = BETWEEN;
		p->fault = span_is(line, begin_patch) ? p->fault : "a patch without its beginning";
	} else if (p->place == BEHIND) {
		p->fault = line.len ? "something behind the end of a patch" : p->fault;
	} else if (read_marker(p, line) || read_move(p, line)) {
		return;
	} else if (is_content(p, line)) {
		p->place = p->place == IN_UPDATE_HEAD ? IN_UPDATE : p->place;
	} else {
		p->fault = "a line of a patch that is not known";
	}
}

void patch_effects(struct effects *out, const char *arg, struct span text, const char *base)
{
	struct patch p = { .out = out, .arg = arg, .base = base };

	for (struct span line; span_line(&text, &line);) {
		read_line(&p, line);
	}
	end_update(&p);
	if (p.place != BEHIND && !p.fault) {
		p.fault = "a patch without its end";
	}
	if (!p.files && !p.fault) {
		p.fault = "a patch without files";
	}
	if (p.fault) {
		effects_add(out, EFFECT_UNKNOWN, arg, p.fault, NULL, NULL);
	}
}
