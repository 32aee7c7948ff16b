/*
 * The profiles of a process: the shipped ones, and the user's, which come before them. A shipped
 * one is parsed when it is first looked into: an agent waits for its hook, which needs one of them.
 *
 * Promises: a shipped profile that does not parse ends the program, for the tests parse them all.
 * Called by the gate, the broker and the demo, each with one set of its own.
 */
#include "config.h"

#include "core/effects/profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	struct profile profile;
	const struct profile_text *text; /* not parsed yet: only the name is known; else NULL */
	bool user;
};

struct profiles {
	struct entry *list; /* by name; a user's before the shipped one of the same name */
	size_t count, cap;
};

static const struct {
	const char *name, *meaning;
} roles[] = {
#define X(id, word, meaning) { word, meaning },
	ARG_ROLES(X)
#undef X
}, tool_effects[] = {
#define X(id, word, meaning) { word, meaning },
	TOOL_EFFECTS(X)
#undef X
};

const char *arg_role_name(enum arg_role role)
{
	return roles[role].name;
}

const char *arg_role_meaning(enum arg_role role)
{
	return roles[role].meaning;
}

const char *tool_effect_name(enum tool_effect effect)
{
	return tool_effects[effect].name;
}

const char *tool_effect_meaning(enum tool_effect effect)
{
	return tool_effects[effect].meaning;
}

static int compare(const void *a, const void *b)
{
	const struct entry *one = a, *two = b;
	int order = strcmp(one->profile.name, two->profile.name);
	return order ? order : (int)two->user - (int)one->user;
}

static void insert(struct profiles *p, const struct entry *entry)
{
	p->list = xgrow(p->list, &p->cap, p->count + 1, sizeof(*p->list));
	p->list[p->count++] = *entry;
}

static void sort(struct profiles *p)
{
	qsort(p->list, p->count, sizeof(*p->list), compare);
}

/* A shipped profile is called as its file is. */
static char *name_of(const struct profile_text *text)
{
	static const char end[] = ".profile";
	return span_dup((struct span){ text->name, strlen(text->name) - (sizeof(end) - 1) });
}

static const struct profile *look_into(struct entry *e)
{
	struct profile profile;
	if (e->text) {
		bool ok = profile_parse(&profile, e->text->name, span_of(e->text->text), NULL) &&
			strcmp(profile.name, e->profile.name) == 0;
		if (!ok) {
			abort();
		}
		profile_finish(&e->profile);
		e->profile = profile;
		e->text = NULL;
	}
	return &e->profile;
}

struct profiles *profiles_create(void)
{
	struct profiles *p = xcalloc(1, sizeof(*p));
	for (const struct profile_text *t = profile_texts; t->name; t++) {
		insert(p, &(struct entry){ .profile = { .name = name_of(t) }, .text = t });
	}
	sort(p);
	return p;
}

void profiles_destroy(struct profiles *p)
{
	for (size_t i = 0; p && i < p->count; i++) {
		profile_finish(&p->list[i].profile);
	}
	if (p) {
		free(p->list);
		free(p);
	}
}

bool profiles_add(struct profiles *p, const char *file, struct span text, struct err *err)
{
	struct profile profile;
	if (!profile_parse(&profile, file, text, err)) {
		return false;
	}
	for (size_t i = 0; i < p->count; i++) {
		struct entry *e = &p->list[i];
		if (e->user && strcmp(e->profile.name, profile.name) == 0) {
			profile_finish(&e->profile);
			e->profile = profile;
			return true;
		}
	}
	insert(p, &(struct entry){ .profile = profile, .user = true });
	sort(p);
	return true;
}

static bool has_alias(const struct profile *profile, struct span name)
{
	for (char **alias = profile->aliases; alias && *alias; alias++) {
		if (span_is(name, *alias)) {
			return true;
		}
	}
	return false;
}

static struct entry *find_name(const struct profiles *p, struct span name)
{
	for (size_t i = 0; i < p->count; i++) {
		if (span_is(name, p->list[i].profile.name)) {
			return &p->list[i];
		}
	}
	return NULL;
}

const struct profile *profiles_find(const struct profiles *p, struct span name)
{
	struct entry *found = find_name(p, name);
	for (size_t i = 0; !found && i < 2 * p->count; i++) {
		struct entry *e = &p->list[i % p->count];
		bool turn = e->user == (i < p->count); /* the user's first */
		found = turn && has_alias(look_into(e), name) ? e : NULL;
	}
	return found ? look_into(found) : NULL;
}

const struct profile *profiles_at(const struct profiles *p, size_t i, bool *user)
{
	if (i >= p->count) {
		return NULL;
	}
	*user = p->list[i].user;
	return look_into(&p->list[i]);
}

const struct profile *profiles_choose(
	const struct profiles *p, const char *asked, char *const *argv, const char *server_name)
{
	if (asked) {
		return profiles_find(p, span_of(asked));
	}
	for (int user = 1; user >= 0; user--) {
		for (size_t i = 0; i < p->count; i++) {
			if (p->list[i].user == user &&
				profile_starts(look_into(&p->list[i]), argv)) {
				return look_into(&p->list[i]);
			}
		}
	}
	return server_name ? profiles_find(p, span_of(server_name)) : NULL;
}

static bool fits(const char *name, struct span tool)
{
	size_t n = strlen(name);
	return n && name[n - 1] == '*' ? tool.len > n - 1 && memcmp(tool.at, name, n - 1) == 0
				       : span_is(tool, name);
}

const struct profile_tool *profile_tool(const struct profile *profile, struct span tool)
{
	const struct profile_tool *found = NULL;
	for (size_t i = 0; profile && i < profile->tool_count; i++) {
		const struct profile_tool *t = &profile->tools[i];
		if (span_is(tool, t->name)) {
			return t;
		}
		if (tool.at && fits(t->name, tool) &&
			(!found || strlen(t->name) > strlen(found->name))) {
			found = t;
		}
	}
	return found;
}
