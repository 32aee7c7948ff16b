/*
 * What a decision covers afterwards. Judgement is stood in for: what is inside, readonly or local
 * passes, bascule's own is denied, everything else is held.
 */
#include "config.h"

#include "core/policy/grant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool holds_all;

void policy_judge_effect(
	const struct policy_call *call, const struct effect *e, struct effect_judgement *out)
{
	bool path = effect_has_path(e->kind);
	bool proven = e->kind == EFFECT_EXEC &&
		(!strcmp(e->how, "readonly") || !strcmp(e->how, "local"));
	bool allow = e->kind == EFFECT_NOTHING || proven || (path && e->fact.inside);
	(void)call;
	*out = (struct effect_judgement){ .verdict = e->kind == EFFECT_SELF ? VERDICT_DENY
			: allow && !holds_all                               ? VERDICT_ALLOW
									    : VERDICT_HOLD };
}

bool rules_protects(const struct rules *rules, struct span branch, const char *origin_head)
{
	(void)rules;
	return !branch.len || span_is(branch, "main") ||
		(origin_head && span_is(branch, origin_head));
}

/* kind, given, how, word; then facts: path (NULL: none), text, and flags */
struct row {
	enum effect_kind kind;
	const char *given, *how, *word, *base, *path, *text;
	bool inside, late;
	unsigned part;
};

enum { ROWS = 4 };

struct world {
	struct effects effects;
	struct policy_call call;
};

static const char *const self[] = { "/home/u/.local/share/bascule", NULL };

static void world_init(struct world *w, const struct row *rows, const char *tool)
{
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < ROWS && rows[i].given; i++) {
		const struct row *r = &rows[i];
		struct effect *e = effects_add(
			&w->effects, r->kind, "command", r->given, r->how, r->word);
		free(e->base);
		e->base = xstrdup(r->base ? r->base : "/ws");
		e->part = r->part ? r->part : 1;
		e->late = r->late;
		e->fact.path = xstrdup(r->path);
		e->fact.text = xstrdup(r->text);
		e->fact.inside = r->inside;
		bool whole = r->how[0] && strstr("list tree", r->how);
		e->fact.state = !r->path ? FACT_UNKNOWN : whole ? FACT_DIRECTORY : FACT_FILE;
		e->fact.links = 1;
		e->fact.mtime_us = 1000;
	}
	w->call = (struct policy_call){
		.method = SPAN("tools/call"),
		.tool = span_of(tool),
		.server = SPAN("github"),
		.profile = SPAN("github"),
		.effects = &w->effects,
		.self = self,
		.home = "/home/u",
		.agreed = true,
		.listed = true,
		.same = SPAN("aa"),
	};
}

static bool covers(const struct grant *grant, const struct row *rows)
{
	struct world w;
	size_t used[1], count;
	struct grant *grants[] = { (struct grant *)grant };
	world_init(&w, rows, "tool");
	bool covered = grants_cover(&w.call, grants, 1, used, &count);
	assert_int_equal(count, covered);
	effects_finish(&w.effects);
	return covered;
}

static bool make(struct grant *grant, const struct row *rows, enum grant_width width)
{
	struct world w;
	world_init(&w, rows, "tool");
	bool ok = grant_create(&w.call, width, grant);
	effects_finish(&w.effects);
	return ok;
}

/* The widest step at which a yes to `given` lets `later` through; NONE: no step does. */
enum { NONE = -1, ANY = GRANT_EXACT };

static const struct {
	struct row given[ROWS], later[ROWS];
	int narrowest; /* the first width that covers it */
} covered[] = {
#define EXEC(text, program) \
	{ \
		EFFECT_EXEC, text, "unproven", program, 0, 0, 0, 0, 0, 0 \
	}
	/* the same again */
	{ { EXEC("gh pr view 12", "gh") }, { EXEC("gh pr view 12", "gh") }, ANY },
	{ { EXEC("gh pr view 12", "gh") }, { EXEC("gh pr view 13", "gh") }, GRANT_FORM },
	{ { EXEC("gh pr view 12", "gh") }, { EXEC("gh pr view x --json y", "gh") }, GRANT_WIDE },
	{ { EXEC("gh pr view 12", "gh") }, { EXEC("gh pr merge 12", "gh") }, NONE },
	{ { EXEC("gh pr view 12", "gh") }, { EXEC("gh pr view-all", "gh") }, NONE },
	{ { EXEC("foo -n 1 a", "foo") }, { EXEC("foo -n 2 a", "foo") }, GRANT_FORM },
	{ { EXEC("foo -n 1 a", "foo") }, { EXEC("foo -n 1 b", "foo") }, NONE },
	{ { EXEC("foo -n 1 a", "foo") }, { EXEC("foo -n 1", "foo") }, NONE },
	{ { EXEC("foo 1", "foo") }, { EXEC("foo '<N>'", "foo") }, NONE },
	{ { EXEC("foo 'a b'", "foo") }, { EXEC("foo a b", "foo") }, NONE },
	{ { EXEC("foo *.c", "foo") }, { EXEC("foo '*.c'", "foo") }, NONE },
	{ { EXEC("foo a", "foo") },
		{ { EFFECT_EXEC, "foo a", "unproven", "foo", "/other", 0, 0, 0, 0, 0 } }, NONE },
	/* never: what runs anything */
	{ { EXEC("python3 x.py", "python3") }, { EXEC("python3 x.py", "python3") }, NONE },
	{ { EXEC("/usr/bin/env x", "/usr/bin/env") }, { EXEC("/usr/bin/env x", "/usr/bin/env") },
		NONE },
	{ { EXEC("git foo", "git") }, { EXEC("git foo", "git") }, NONE },
	{ { EXEC("git fetch origin", "git") }, { EXEC("git fetch origin", "git") }, ANY },
	{ { EXEC("git fetch . x:main", "git") }, { EXEC("git fetch . x:main", "git") }, NONE },
	{ { EXEC("git fetch --upload-pack=x o", "git") },
		{ EXEC("git fetch --upload-pack=x o", "git") }, NONE },
	{ { EXEC("rg --pre=./x a", "rg") }, { EXEC("rg --pre=./x a", "rg") }, NONE },
	{ { EXEC("curl a", "curl") }, { EXEC("curl a", "curl") }, NONE },
	{ { EXEC("curl a", "curl"), { EFFECT_NET, "a", "local", "a", 0, 0, 0, 0, 0, 0 } },
		{ EXEC("curl a", "curl"), { EFFECT_NET, "a", "local", "a", 0, 0, 0, 0, 0, 0 } },
		ANY },
	{ { EXEC("curl a", "curl"), { EFFECT_NET, "a", "remote", "a", 0, 0, 0, 0, 0, 0 } },
		{ EXEC("curl a", "curl"), { EFFECT_NET, "a", "remote", "a", 0, 0, 0, 0, 0, 0 } },
		NONE },
	{ { EXEC("docker run x", "docker") }, { EXEC("docker run x", "docker") }, NONE },
	{ { { EFFECT_EXEC, "foo x", "wide", "foo", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_EXEC, "foo x", "wide", "foo", 0, 0, 0, 0, 0, 0 } }, NONE },
	/* the reason beside a command is its command's; another one is not */
	{ { EXEC("foo x", "foo"), { EFFECT_UNKNOWN, "why", "foo", "", 0, 0, 0, 0, 0, 0 } },
		{ EXEC("foo x", "foo"), { EFFECT_UNKNOWN, "else", "foo", "", 0, 0, 0, 0, 0, 0 } },
		ANY },
	{ { EXEC("foo x", "foo") },
		{ EXEC("foo x", "foo"), { EFFECT_UNKNOWN, "fault", "", "", 0, 0, 0, 0, 0, 0 } },
		NONE },
	{ { EXEC("foo x", "foo") },
		{ EXEC("foo x", "foo"), { EFFECT_UNKNOWN, "why", "foo", "", 0, 0, 0, 0, 0, 2 } },
		NONE },
	{ { { EFFECT_UNKNOWN, "fault", "", "", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_UNKNOWN, "fault", "", "", 0, 0, 0, 0, 0, 0 } }, NONE },
	/* the risky part of a line, whatever harmless stands beside it */
	{ { EXEC("foo x", "foo") },
		{ { EFFECT_EXEC, "ls", "readonly", "ls", 0, 0, 0, 0, 0, 0 },
			{ EFFECT_EXEC, "foo x", "unproven", "foo", 0, 0, 0, 0, 0, 2 } },
		ANY },
	{ { EXEC("foo x", "foo") }, { EXEC("foo x", "foo"), EXEC("bar x", "bar") }, NONE },
	{ { EXEC("foo x", "foo") },
		{ EXEC("foo x", "foo"), { EFFECT_SECRET, "k", "r", "", 0, 0, 0, 0, 0, 0 } }, NONE },
/* tasks: any further argument, the same text */
#define TASK(argv, task, text) \
	{ \
		EFFECT_TASK, argv, "npm", task, "/ws", "/ws/package.json", text, 1, 0, 0 \
	}
	{ { TASK("npm run gen", "gen", "t1") }, { TASK("npm run gen -- -w", "gen", "t1") },
		GRANT_FORM },
	{ { TASK("npm run gen", "gen", "t1") }, { TASK("npm run gen", "gen", "t2") }, NONE },
	{ { TASK("npm run gen", "gen", "t1") }, { TASK("npm run lint", "lint", "t1") }, NONE },
	{ { TASK("npm run gen", "gen", NULL) }, { TASK("npm run gen", "gen", NULL) }, NONE },
	{ { { EFFECT_TASK, "go vet", "go", "check", "/ws", 0, 0, 0, 0, 0 } },
		{ { EFFECT_TASK, "go vet ./x", "go", "check", "/ws", 0, 0, 0, 0, 0 } },
		GRANT_FORM },
	{ { { EFFECT_TASK, "go vet", "go", "check", "/ws", 0, 0, 0, 1, 0 } },
		{ { EFFECT_TASK, "go vet", "go", "check", "/ws", 0, 0, 0, 1, 0 } }, NONE },
/* paths */
#define READ(path) \
	{ \
		EFFECT_READ, path, "", "", "/ws", path, 0, 0, 0, 0 \
	}
#define LOOK(path, how, word) \
	{ \
		EFFECT_READ, path, how, word, "/ws", path, 0, 0, 0, 0 \
	}
#define WRITE(path) \
	{ \
		EFFECT_WRITE, path, "edit", "", "/ws", path, 0, 0, 0, 0 \
	}
	{ { READ("/usr/include/a.h") }, { READ("/usr/include/a.h") }, ANY },
	{ { READ("/usr/include/a.h") }, { READ("/usr/include/b.h") }, GRANT_FORM },
	{ { READ("/usr/include/a.h") }, { READ("/usr/include/sys/c.h") }, GRANT_WIDE },
	{ { READ("/usr/include/sys/a.h") }, { READ("/usr/include/b.h") }, NONE },
	{ { READ("/usr/include/a.h") }, { READ("/usr/includes/a.h") }, NONE },
	{ { READ("/usr/include/a.h") }, { WRITE("/usr/include/a.h") }, NONE },
	{ { READ("/home/u/other/a.c") }, { READ("/home/u/other/.env") }, NONE },
	{ { READ("/home/u/other/a.c") }, { READ("/home/u/other/x/.ssh/id") }, NONE },
	{ { READ("/home/u/a.txt") }, { READ("/home/u/b.txt") }, NONE },
	{ { READ("/etc/hosts") }, { READ("/etc/hosts") }, ANY },
	{ { READ("/etc/hosts") }, { READ("/etc/passwd") }, NONE },
	{ { READ("/home/u/.config/x/a") }, { READ("/home/u/.config/x/b") }, NONE },
	{ { READ("/home/u/.ssh/id_rsa") }, { READ("/home/u/.ssh/id_rsa") }, NONE },
	{ { WRITE("/home/u/other/a.c") }, { WRITE("/home/u/other/b.c") }, GRANT_FORM },
	{ { WRITE("/home/u/other/a.c") }, { WRITE("/home/u/other/.git/config") }, NONE },
	{ { WRITE("/usr/lib/a") }, { WRITE("/usr/lib/b") }, NONE },
	{ { WRITE("/home/u/.bashrc") }, { WRITE("/home/u/.bashrc") }, NONE },
	{ { WRITE("/home/u/.local/share/bascule/x") }, { WRITE("/home/u/.local/share/bascule/x") },
		NONE },
	{ { LOOK("/opt/x", "tree", "") }, { LOOK("/opt/x/y", "tree", "") }, GRANT_WIDE },
	{ { LOOK("/opt/x", "tree", "") }, { LOOK("/opt/y/x", "tree", "") }, NONE },
	{ { LOOK("/opt/x/y", "tree", "") }, { LOOK("/opt/x", "tree", "") }, NONE },
	{ { LOOK("/opt/x/y", "tree", "*.c") }, { LOOK("/opt/x/y", "tree", "*.env") }, NONE },
	{ { LOOK("/opt/x/y", "list", "") }, { READ("/opt/x/y/z") }, GRANT_WIDE },
	{ { READ("/opt/x/y/z") }, { LOOK("/opt/x/y", "list", "") }, GRANT_FORM },
	{ { WRITE("/home/u/other/a.c") }, { WRITE("/home/u/other/package.json") }, NONE },
/* to see what is there is not to let git work there */
#define GIT \
	{ \
		EFFECT_EXEC, "git status", "readonly", "git", 0, 0, 0, 0, 0, 0 \
	}
	{ { LOOK("/opt/x/y", "list", "") }, { LOOK("/opt/x/y", "list", ""), GIT }, NONE },
	{ { READ("/opt/x/y/z") }, { LOOK("/opt/x/y", "list", ""), GIT }, NONE },
	{ { LOOK("/opt/x/y", "list", ""), GIT }, { LOOK("/opt/x/y", "list", ""), GIT }, ANY },
	{ { LOOK("/opt/x/y", "list", ""), GIT }, { LOOK("/opt/x/y/z", "list", ""), GIT },
		GRANT_WIDE },
	{ { READ("/home/u/.x/y/z/a.c") }, { READ("/home/u/.x/y/z/b.c") }, GRANT_FORM },
	{ { READ("/home/u/.x/y/z/a.c") }, { READ("/home/u/.x/y/z/w/b.c") }, GRANT_WIDE },
	{ { READ("/home/u/.config/y/z/a.c") }, { READ("/home/u/.config/y/z/b.c") }, NONE },
	{ { { EFFECT_DELETE, "/opt/x/y", "file", "", "/ws", "/opt/x/y", 0, 0, 0, 0 } },
		{ { EFFECT_DELETE, "/opt/x/z", "file", "", "/ws", "/opt/x/z", 0, 0, 0, 0 } },
		NONE },
	{ { { EFFECT_DELETE, "/opt/x", "tree", "", "/ws", "/opt/x", 0, 0, 0, 0 } },
		{ { EFFECT_DELETE, "/opt/x", "tree", "", "/ws", "/opt/x", 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_WRITE, "/opt/x/l", "link", "/etc", "/ws", "/opt/x/l", 0, 0, 0, 0 } },
		{ { EFFECT_WRITE, "/opt/x/l", "link", "/", "/ws", "/opt/x/l", 0, 0, 0, 0 } },
		NONE },
/* the network */
#define NET(url, host) \
	{ \
		EFFECT_NET, url, "remote", host, 0, 0, 0, 0, 0, 0 \
	}
	{ { NET("https://a.dev/x", "a.dev") }, { NET("https://a.dev/x", "a.dev") }, ANY },
	{ { NET("https://a.dev/x", "a.dev") }, { NET("HTTPS://a.dev/y?z", "a.dev") }, GRANT_FORM },
	{ { NET("https://a.dev/x", "a.dev") }, { NET("http://a.dev/x", "a.dev") }, NONE },
	{ { NET("https://a.dev/x", "a.dev") }, { NET("https://a.dev:8443/x", "a.dev") }, NONE },
	{ { NET("https://a.dev/x", "a.dev") }, { NET("https://b.a.dev/x", "b.a.dev") }, NONE },
	{ { { EFFECT_NET, "http://u@a/", "odd", "a", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_NET, "http://u@a/", "odd", "a", 0, 0, 0, 0, 0, 0 } }, NONE },
	/* tools of servers */
	{ { { EFFECT_REMOTE, "add_comment", "write", "github", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_REMOTE, "add_comment", "write", "github", 0, 0, 0, 0, 0, 0 } }, ANY },
	{ { { EFFECT_REMOTE, "add_comment", "write", "github", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_REMOTE, "merge", "write", "github", 0, 0, 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_REMOTE, "gh pr comment", "write", "gh", 0, 0, 0, 0, 0, 0 },
		  EXEC("gh pr comment 1", "gh") },
		{ { EFFECT_REMOTE, "gh pr comment", "write", "gh", 0, 0, 0, 0, 0, 0 },
			EXEC("gh pr comment 2", "gh") },
		NONE },
/* branches */
#define PUSH(branch, remote, how) \
	{ \
		EFFECT_PUSH, branch, remote, how, "/ws", 0, "feature/x", 0, 0, 0 \
	}
	{ { PUSH("feature/x", "origin", "") }, { PUSH("feature/x", "origin", "") }, ANY },
	{ { PUSH("feature/x", "origin", "") }, { PUSH("feature/y", "origin", "") }, NONE },
	{ { PUSH("feature/x", "origin", "") }, { PUSH("feature/x", "other", "") }, NONE },
	{ { PUSH("feature/x", "origin", "force") }, { PUSH("feature/x", "origin", "force") },
		NONE },
	{ { PUSH("main", "origin", "") }, { PUSH("main", "origin", "") }, NONE },
	{ { PUSH("refs/heads/main", "origin", "") }, { PUSH("refs/heads/main", "origin", "") },
		NONE },
	{ { PUSH("", "origin", "") }, { PUSH("", "origin", "") }, ANY },
	{ { PUSH("HEAD", "origin", "") }, { PUSH("HEAD", "origin", "") }, NONE },
	{ { PUSH("x", "https://a/b", "") }, { PUSH("x", "https://a/b", "") }, NONE },
	{ { { EFFECT_BRANCH, "", "commit", "", "/ws", 0, "main", 0, 0, 0 } },
		{ { EFFECT_BRANCH, "", "commit", "", "/ws", 0, "main", 0, 0, 0 } }, NONE },
	{ { { EFFECT_BRANCH, "x", "move", "main", "/ws", 0, "y", 0, 0, 0 } },
		{ { EFFECT_BRANCH, "x", "move", "main", "/ws", 0, "y", 0, 0, 0 } }, NONE },
	/* clouds, statements, processes */
	{ { { EFFECT_CLOUD, "kubectl get pods", "kubectl", "read", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_CLOUD, "kubectl get pods", "kubectl", "read", 0, 0, 0, 0, 0, 0 } },
		ANY },
	{ { { EFFECT_CLOUD, "docker logs web", "docker", "read", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_CLOUD, "docker logs -n 9 api", "docker", "read", 0, 0, 0, 0, 0, 0 } },
		GRANT_WIDE },
	{ { { EFFECT_CLOUD, "kubectl apply", "kubectl", "write", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_CLOUD, "kubectl apply", "kubectl", "write", 0, 0, 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_SQL, "select 1", "read", "", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_SQL, "select 1", "read", "", 0, 0, 0, 0, 0, 0 } }, ANY },
	{ { { EFFECT_SQL, "select 1", "read", "", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_SQL, "select 2", "read", "", 0, 0, 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_PROCESS, "kill 12", "kill", "", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_PROCESS, "kill 13", "kill", "", 0, 0, 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_INSTALL, "left-pad", "npm", "add", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_INSTALL, "left-pad", "npm", "add", 0, 0, 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_DESTRUCTIVE, "x", "rm", "", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_DESTRUCTIVE, "x", "rm", "", 0, 0, 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_HIDDEN, "U+202E", "", "", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_HIDDEN, "U+202E", "", "", 0, 0, 0, 0, 0, 0 } }, NONE },
	{ { { EFFECT_SELF, "x", "", "", 0, 0, 0, 0, 0, 0 } },
		{ { EFFECT_SELF, "x", "", "", 0, 0, 0, 0, 0, 0 } }, NONE },
};

static void covered_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(covered); i++) {
		int narrowest = NONE;
		for (int w = GRANT_WIDE; w >= GRANT_EXACT; w--) {
			struct grant grant;
			if (!make(&grant, covered[i].given, (enum grant_width)w)) {
				continue;
			}
			if (covers(&grant, covered[i].later)) {
				narrowest = w;
			}
			assert_true(covers(&grant, covered[i].given));
			grant_finish(&grant);
		}
		if (narrowest != covered[i].narrowest) {
			fail_msg("%zu \"%s\", then \"%s\": %d, expected %d", i,
				covered[i].given[0].given, covered[i].later[0].given, narrowest,
				covered[i].narrowest);
		}
	}
}

static const struct row foo[ROWS] = { EXEC("foo x", "foo") };

/* What is around the effects must be as it should, whatever was granted. */
static void around_test(void **state)
{
	struct grant grant, *grants[] = { &grant };
	struct world w;
	size_t used[1], count;
	(void)state;
	assert_true(make(&grant, foo, GRANT_EXACT));
	world_init(&w, foo, "tool");
	assert_true(grants_cover(&w.call, grants, 1, used, &count));
	w.call.agreed = false;
	assert_false(grants_cover(&w.call, grants, 1, used, &count));
	w.call.agreed = true;
	w.call.listed = false;
	assert_false(grants_cover(&w.call, grants, 1, used, &count));
	w.call.listed = true;
	holds_all = true;
	assert_false(grants_cover(&w.call, grants, 1, used, &count));
	holds_all = false;
	assert_false(grants_cover(&w.call, grants, 0, used, &count));
	grant.uses_left = 0;
	assert_false(grants_cover(&w.call, grants, 1, used, &count));
	grant.uses_left = 1;
	assert_true(grants_cover(&w.call, grants, 1, used, &count));
	w.call.server = SPAN("another"); /* what is exact is of one server */
	assert_false(grants_cover(&w.call, grants, 1, used, &count));
	effects_finish(&w.effects);
	grant_finish(&grant);
	grant_finish(&grant);
}

/* Two decisions together, and no more of them than are needed. */
static void several_test(void **state)
{
	static const struct row bar[ROWS] = { EXEC("bar x", "bar") };
	static const struct row both[ROWS] = { EXEC("foo x", "foo"), EXEC("bar x", "bar") };
	struct grant grant[3], *grants[] = { &grant[0], &grant[1], &grant[2] };
	struct world w;
	size_t used[3], count;
	(void)state;
	assert_true(make(&grant[0], foo, GRANT_EXACT));
	assert_true(make(&grant[1], bar, GRANT_EXACT));
	assert_true(make(&grant[2], both, GRANT_EXACT));
	assert_int_equal(grant[2].count, 2);
	assert_string_equal(grant[2].words, "runs foo x; runs bar x");
	world_init(&w, both, "tool");
	assert_true(grants_cover(&w.call, grants, 3, used, &count));
	assert_int_equal(count, 2);
	assert_int_equal(used[0] + used[1], 1);
	assert_true(grants_cover(&w.call, grants + 2, 1, used, &count));
	assert_int_equal(count, 1);
	assert_false(grants_cover(&w.call, grants, 1, used, &count));
	assert_int_equal(count, 0);
	effects_finish(&w.effects);
	for (size_t i = 0; i < 3; i++) {
		grant_finish(&grant[i]);
	}
}

/* A tool's exact grant needs to know what is the same call. */
static void same_test(void **state)
{
	static const struct row rows[ROWS] = {
		{ EFFECT_REMOTE, "add_comment", "write", "github", 0, 0, 0, 0, 0, 0 },
	};
	struct grant grant, *grants[] = { &grant };
	struct world w;
	size_t used[1], count;
	(void)state;
	world_init(&w, rows, "add_comment");
	assert_true(grant_create(&w.call, GRANT_EXACT, &grant));
	w.call.same = SPAN("bb");
	assert_false(grants_cover(&w.call, grants, 1, used, &count));
	grant_finish(&grant);
	w.call.same = (struct span){ NULL, 0 };
	assert_false(grant_create(&w.call, GRANT_EXACT, &grant));
	assert_true(grant_create(&w.call, GRANT_FORM, &grant));
	assert_true(grants_cover(&w.call, grants, 1, used, &count));
	grant_finish(&grant);
	effects_finish(&w.effects);
}

/* A program of the project is the file that it was when it was granted. */
static void program_test(void **state)
{
	static const struct row rows[ROWS] = {
		EXEC("./gen x", "./gen"),
		{ EFFECT_READ, "./gen", "", "", "/ws", "/ws/gen", 0, true, false, 0 },
	};
	struct grant grant, *grants[] = { &grant };
	struct world w;
	size_t used[1], count;
	(void)state;
	for (int width = GRANT_EXACT; width <= GRANT_FORM; width++) {
		world_init(&w, rows, "tool");
		assert_true(grant_create(&w.call, (enum grant_width)width, &grant));
		assert_true(grants_cover(&w.call, grants, 1, used, &count));
		w.effects.list[1].fact.mtime_us++;
		assert_false(grants_cover(&w.call, grants, 1, used, &count));
		w.effects.count = 1; /* nothing is known of the file */
		assert_false(grants_cover(&w.call, grants, 1, used, &count));
		w.effects.count = 2;
		effects_finish(&w.effects);
		grant_finish(&grant);
	}
}

static const struct {
	struct row row;
	enum grant_width width;
	const char *form; /* NULL: none */
} forms[] = {
	{ EXEC("gh pr view 12 'a b'", "gh"), GRANT_FORM, "exec gh pr view <N> 'a b' in /ws" },
	{ EXEC("gh pr view 12 'a b'", "gh"), GRANT_WIDE, "exec gh pr view ..." },
	{ EXEC("foo 12", "foo"), GRANT_WIDE, NULL },
	{ EXEC("foo 'a\nb'", "foo"), GRANT_FORM, NULL },
	{ EXEC("foo \"a", "foo"), GRANT_FORM, NULL },
	{ TASK("npm run gen", "gen", "abc"), GRANT_FORM, "task npm gen /ws abc" },
	{ READ("/opt/a b/c"), GRANT_FORM, "read in /opt/a\\x20b" },
	{ READ("/opt/a/c"), GRANT_WIDE, "read below /opt/a" },
	{ READ("/opt/c"), GRANT_FORM, NULL },
	{ NET("https://a.dev:8443/x:1", "a.dev"), GRANT_FORM, "net remote a.dev 8443 https " },
	{ PUSH("feature/x", "origin", ""), GRANT_FORM, "push origin feature/x  /ws" },
};

static void forms_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct row rows[ROWS] = { forms[i].row };
		struct buf form = { 0 };
		struct world w;
		world_init(&w, rows, "tool");
		bool ok = grant_form(&w.call, &w.effects.list[0], forms[i].width, &form);
		assert_int_equal(ok, forms[i].form != NULL);
		assert_string_equal(buf_cstr(&form), ok ? forms[i].form : "");
		effects_finish(&w.effects);
		buf_finish(&form);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covered_test),
		cmocka_unit_test(around_test),
		cmocka_unit_test(several_test),
		cmocka_unit_test(same_test),
		cmocka_unit_test(program_test),
		cmocka_unit_test(forms_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
