/*
 * Which tasks a repository has, by the files that define them, as lines that would run them.
 *
 * A file that cannot be read so has no tasks; targets that are files, patterns and names of other
 * than plain words are passed over. Called by core/policy/starter.c.
 */
#include "config.h"

#include "core/policy/starter.h"

#include "core/json.h"
#include "core/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 60 };

struct listing {
	starter_task *each;
	void *data;
	const char *runner; /* "npm run" */
	struct map seen;
};

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		strchr("._:/@+-", c) != NULL;
}

bool starter_is_plain(struct span word)
{
	bool plain = word.len > 0 && word.len <= NAME_MOST && !strchr("._:/@+-", word.at[0]);
	for (size_t i = 0; plain && i < word.len; i++) {
		bool up = i && word.at[i] == '.' && word.at[i - 1] == '.';
		plain = word.at[i] && is_word_char(word.at[i]) && !up;
	}
	return plain;
}

static void add(struct listing *l, struct span name)
{
	char line[NAME_MOST + 40];
	if (starter_is_plain(name)) {
		snprintf(line, sizeof(line), "%s %.*s", l->runner, SPAN_FMT(name));
		if (!map_get(&l->seen, span_of(line))) {
			map_put(&l->seen, span_of(line), l);
			l->each(l->data, line, name);
		}
	}
}

/* Lines that are always the same where a file is there. */
static void add_line(struct listing *l, const char *line, const char *name)
{
	l->each(l->data, line, span_of(name));
}

/* ---- scripts of package.json ---- */

static const char *manager_of(const struct starter_repo *repo)
{
	return repo->there[STARTER_PNPM_LOCK]                                     ? "pnpm run"
		: repo->there[STARTER_YARN_LOCK]                                  ? "yarn run"
		: repo->there[STARTER_BUN_LOCK] || repo->there[STARTER_BUN_LOCKB] ? "bun run"
										  : "npm run";
}

/* What a manager runs before and after another one. */
static bool goes_along(struct span name)
{
	return span_starts(name, "pre") || span_starts(name, "post");
}

static void scripts(struct listing *l, struct span text)
{
	struct json_scan scan = { 0 };
	struct span list, key, value;
	if (json_validate(&scan, text, JSON_STRICT) && scan.type == JSON_OBJECT &&
		json_member(scan.value, "scripts", &list) && json_type(list) == JSON_OBJECT) {
		struct json_walk walk = json_walk_of(list);
		while (json_next(&walk, &key, &value)) {
			if (json_type(value) == JSON_STRING && !goes_along(key)) {
				add(l, key);
			}
		}
	}
	json_finish(&scan);
}

/* ---- rules of make and just ---- */

static bool is_target(struct span word)
{
	return !memchr(word.at, '/', word.len) && !memchr(word.at, '.', word.len);
}

static void targets(struct listing *l, struct span names)
{
	while ((names = span_trim(names)).len) {
		size_t n = 0;
		while (n < names.len && names.at[n] != ' ' && names.at[n] != '\t') {
			n++;
		}
		struct span word = { names.at, n };
		if (is_target(word)) {
			add(l, word);
		}
		names = (struct span){ names.at + n, names.len - n };
	}
}

/* "a b: c"; neither an assignment (":=", "a = b:c") nor a recipe's line. */
static void rules_of_make(struct listing *l, struct span text)
{
	struct span line;
	while (span_line(&text, &line)) {
		const char *colon = line.len ? memchr(line.at, ':', line.len) : NULL;
		size_t at = colon ? (size_t)(colon - line.at) : 0;
		bool assigns = colon &&
			(memchr(line.at, '=', at) ||
				(at + 1 < line.len && strchr("=:", line.at[at + 1])));
		if (colon && !assigns && !strchr("\t #", line.at[0])) {
			targets(l, (struct span){ line.at, at });
		}
	}
}

/* "name arg='x': other", "@name:" */
static void recipes(struct listing *l, struct span text)
{
	struct span line;
	while (span_line(&text, &line)) {
		bool quiet = line.len && line.at[0] == '@';
		struct span rest = { line.at + quiet, line.len - quiet };
		size_t n = 0;
		while (n < rest.len && is_word_char(rest.at[n]) && rest.at[n] != ':') {
			n++;
		}
		const char *colon = rest.len ? memchr(rest.at, ':', rest.len) : NULL;
		bool assigns = colon && colon + 1 < rest.at + rest.len && colon[1] == '=';
		bool another = n < rest.len && rest.at[n] != ':' && rest.at[n] != ' ';
		struct span name = { rest.at, n };
		bool word = span_is(name, "set") || span_is(name, "alias") ||
			span_is(name, "export") || span_is(name, "import") || span_is(name, "mod");
		if (n && colon && !assigns && !another && !word) {
			add(l, name);
		}
	}
}

/* ---- runners whose tasks are their own ---- */

static bool has_table(struct span text, const char *name)
{
	struct span line;
	while (text.at && span_line(&text, &line)) {
		line = span_trim(line);
		if (line.len && line.at[0] == '[' &&
			span_starts((struct span){ line.at + 1, line.len - 1 }, name)) {
			return true;
		}
	}
	return false;
}

static void python(struct listing *l, const struct starter_repo *repo)
{
	struct span project = repo->text[STARTER_PYPROJECT];
	if (repo->there[STARTER_PYTEST_INI] || repo->there[STARTER_CONFTEST] ||
		repo->there[STARTER_TESTS_CONFTEST] || has_table(project, "tool.pytest")) {
		add_line(l, "pytest", "test");
	}
	if (has_table(project, "tool.ruff")) {
		add_line(l, "ruff check .", "lint");
	}
	if (has_table(project, "tool.mypy")) {
		add_line(l, "mypy .", "typecheck");
	}
}

void starter_tasks(const struct starter_repo *repo, starter_task *each, void *data)
{
	static const enum starter_id makefiles[] = { STARTER_GNUMAKEFILE, STARTER_MAKEFILE_LOW,
		STARTER_MAKEFILE };
	struct listing l = { .each = each, .data = data, .runner = manager_of(repo) };
	scripts(&l, repo->text[STARTER_PACKAGE_JSON]);
	l.runner = "make";
	for (size_t i = 0; i < COUNT_OF(makefiles); i++) {
		if (repo->there[makefiles[i]]) { /* make reads the first */
			rules_of_make(&l, repo->text[makefiles[i]]);
			break;
		}
	}
	l.runner = "just";
	recipes(&l,
		repo->text[repo->there[STARTER_JUSTFILE_LOW] ? STARTER_JUSTFILE_LOW
							     : STARTER_JUSTFILE]);
	if (repo->there[STARTER_CARGO]) {
		add_line(&l, "cargo test", "test");
		add_line(&l, "cargo clippy", "clippy");
		add_line(&l, "cargo build", "build");
	}
	if (repo->there[STARTER_GO_MOD]) {
		add_line(&l, "go test ./...", "test");
		add_line(&l, "go vet ./...", "vet");
		add_line(&l, "go build ./...", "build");
	}
	python(&l, repo);
	map_finish(&l.seen);
}
