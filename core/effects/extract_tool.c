/*
 * What a tool does as a whole, by the effects that its profile names.
 *
 * Promises: a call has at least one effect. Called by extract.c, after the arguments.
 */
#include "config.h"

#include "core/effects/extract_impl.h"

#include <stdlib.h>
#include <string.h>

/* Effects that need nothing but the tool's name: given is the tool, word the profile or nothing. */
static const struct plain {
	enum tool_effect effect;
	enum effect_kind kind;
	const char *how;
	bool profile; /* word is its name */
} plains[] = {
	// clang-format off
	{ TOOL_REMOTE_READ,  EFFECT_REMOTE,      "read",   true },
	{ TOOL_REMOTE_WRITE, EFFECT_REMOTE,      "write",  true },
	{ TOOL_INPUT,        EFFECT_PROCESS,     "input",  false },
	{ TOOL_WIDE,         EFFECT_EXEC,        "wide",   true },
	// clang-format on
};

static bool has(const struct reading *r, enum tool_effect effect)
{
	return r->tool->effects & 1U << effect;
}

static char *member_text(const struct reading *r, const char *name)
{
	struct span arguments = r->call->arguments;
	return arguments.at && json_type(arguments) == JSON_OBJECT
		? json_member_text(arguments, name)
		: NULL;
}

/* "owner/repo" of a remote service; "" if it is not said */
static char *remote_repo(const struct reading *r)
{
	enum { NAMES_MAX = 256 };
	char *owner = member_text(r, "owner"), *repo = member_text(r, "repo");
	bool both_said = owner && repo && strlen(owner) + strlen(repo) < NAMES_MAX;
	char *both = both_said ? xasprintf("%s/%s", owner, repo) : xstrdup("");
	free(owner);
	free(repo);
	return both;
}

/* One that is too long was said to be unknown when it was read. */
static char *branch(const struct reading *r)
{
	enum { BRANCH_MAX = 8192 };
	struct span value = reading_value(r, ARG_BRANCH);
	char *text = value.at && value.len <= BRANCH_MAX ? json_strdup(value) : NULL;
	return text ? text : xstrdup("");
}

static void add_branch(struct reading *r, const char *given, const char *how)
{
	struct effect *e = effects_add(r->out, EFFECT_BRANCH, "", given, how, NULL);
	if (e->kind == EFFECT_BRANCH) {
		free(e->base);
		e->base = xstrdup(r->base);
	}
}

static void add_branches(struct reading *r)
{
	char *name = branch(r), *repo = remote_repo(r);
	if (has(r, TOOL_COMMIT)) {
		add_branch(r, "", "commit");
	}
	if (has(r, TOOL_BRANCH_CREATE)) {
		add_branch(r, name, "create");
	}
	if (has(r, TOOL_BRANCH_SWITCH)) {
		/* if no branch is called so, a file or directory loses its changes */
		struct effect *e = effects_add(r->out, EFFECT_WRITE, "", name, "tree", NULL);
		if (e->kind == EFFECT_WRITE) {
			free(e->base);
			e->base = xstrdup(r->base);
		}
		add_branch(r, name, "switch");
	}
	if (has(r, TOOL_BRANCH_MOVE)) {
		add_branch(r, "", "move");
	}
	if (has(r, TOOL_PUSHES)) {
		effects_add(r->out, EFFECT_PUSH, "", name, repo, NULL);
	}
	free(name);
	free(repo);
}

void reading_tool(struct reading *r)
{
	const char *tool = r->tool->name, *profile = r->profile->name;
	char *name = span_dup(r->call->tool);
	if (tool[strlen(tool) - 1] != '*') {
		free(name);
		name = xstrdup(tool);
	}
	for (size_t i = 0; i < COUNT_OF(plains); i++) {
		if (has(r, plains[i].effect)) {
			effects_add(r->out, plains[i].kind, "", name, plains[i].how,
				plains[i].profile ? profile : NULL);
		}
	}
	if (has(r, TOOL_DESTRUCTIVE)) {
		effects_add(r->out, EFFECT_DESTRUCTIVE, "", name, profile, NULL);
	}
	if (has(r, TOOL_PUBLISH)) {
		effects_add(r->out, EFFECT_PUBLISH, "", name, profile, NULL);
	}
	if (has(r, TOOL_CLOUD) || has(r, TOOL_CLOUD_READ)) {
		effects_add(r->out, EFFECT_CLOUD, "", name, profile,
			has(r, TOOL_CLOUD) ? "write" : "read");
	}
	if (has(r, TOOL_WEB)) {
		effects_add(r->out, EFFECT_NET, "", "web search", "remote", NULL);
	}
	if (has(r, TOOL_UNKNOWN)) {
		reading_unknown(r->out, "", "what this tool does is not known");
	}
	add_branches(r);
	if (!r->out->count && has(r, TOOL_NOTHING)) {
		effects_add(r->out, EFFECT_NOTHING, "", "", NULL, NULL);
	} else if (!r->out->count) {
		reading_unknown(r->out, "", "nothing that it is given says what it does");
	}
	free(name);
}
