/*
 * The scratch directory: a small project to work on, a pretended home, and bascule's own files, all
 * under one private directory in /tmp. Made before anything starts, removed after everything has
 * ended; touches nothing else.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
	const char *path;
	const char *content; /* NULL: a directory */
};

static const struct file files[] = {
	{ "root", NULL },
	{ "root/config", NULL },
	/* A broker that ends stays ended: nothing of the demo may outlive it. The console is open
	   anyway. */
	{ "root/config/config.ini", "[broker]\nautostart = no\n\n[notify]\ndesktop = no\n" },
	{ "home", NULL },
	{ "home/.profile", "# read by login shells\numask 022\nexport EDITOR=vi\n" },
	{ "ws", NULL },
	{ "ws/README.md",
		"# turnstile\n\nA small HTTP server that lets so many requests a minute "
		"through.\n\n"
		"    npm start\n    npm test\n\nThe limit is in `src/limits.js`.\n" },
	{ "ws/package.json",
		"{\n  \"name\": \"turnstile\",\n  \"version\": \"0.3.1\",\n  \"type\": "
		"\"module\",\n  \"scripts\": {\n"
		"    \"start\": \"node src/server.js\",\n    \"test\": \"node --test\"\n  }\n}\n" },
	{ "ws/.gitignore", "node_modules/\n" },
	{ "ws/src", NULL },
	{ "ws/src/server.js",
		"import { createServer } from 'node:http';\nimport { count, refuse } from "
		"'./limits.js';\n\n"
		"const server = createServer((req, res) => {\n"
		"  const { allowed, used } = count(req.socket.remoteAddress, Date.now());\n"
		"  if (!allowed) {\n    refuse(res);\n    return;\n  }\n"
		"  res.setHeader('Content-Type', 'text/plain');\n  res.end(`request ${used + "
		"1}\\n`);\n});\n\n"
		"server.listen(process.env.PORT ?? 8080);\n" },
	{ "ws/src/limits.js",
		"// How many requests one address may send.\n\nconst MAX_PER_MINUTE = 600;\n"
		"const WINDOW_MS = 60_000;\n\nconst seen = new Map();\n\n"
		"/** Forgets what is older than the window. */\n"
		"function recent(times, now) {\n  return times.filter((t) => now - t < "
		"WINDOW_MS);\n}\n\n"
		"/** Counts a request of `address`; says whether it may pass. */\n"
		"export function count(address, now) {\n  const times = recent(seen.get(address) "
		"?? [], now);\n"
		"  const used = times.length;\n  times.push(now);\n  seen.set(address, times);\n"
		"  return { allowed: used < MAX_PER_MINUTE, used };\n}\n\n"
		"/** Forgets everything: for tests. */\nexport function reset() {\n  "
		"seen.clear();\n}\n\n"
		"/** Tells the client that it was too fast. */\nexport function refuse(res) {\n"
		"  res.writeHead(503);\n  res.end();\n}\n" },
	{ "ws/test", NULL },
	{ "ws/test/limits.test.js",
		"import test from 'node:test';\nimport assert from 'node:assert';\n"
		"import { count, reset } from '../src/limits.js';\n\n"
		"test('the first request passes', () => {\n  reset();\n"
		"  assert.equal(count('::1', 0).allowed, true);\n});\n" },
	{ "ws/docs", NULL },
	{ "ws/docs/design.md",
		"# Design\n\nA sliding window of one minute for each address, kept in memory.\n"
		"Restarting the server forgets it: the limit protects, it does not bill.\n" },
};

/* A repository without a commit, as git itself would make it. */
static const struct file repository[] = {
	{ "ws/.git", NULL },
	{ "ws/.git/objects", NULL },
	{ "ws/.git/refs", NULL },
	{ "ws/.git/refs/heads", NULL },
	{ "ws/.git/config",
		"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n" },
	{ "ws/.git/HEAD", "ref: refs/heads/feature/demo\n" },
};

static bool write_file(const char *path, const char *content)
{
	size_t n = strlen(content);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	bool ok = fd >= 0 && write(fd, content, n) == (ssize_t)n;
	if (fd >= 0) {
		ok = close(fd) == 0 && ok;
	}
	return ok;
}

static bool make(const char *dir, const struct file *list, size_t count, struct err *err)
{
	bool ok = true;
	for (size_t i = 0; ok && i < count; i++) {
		char *path = xasprintf("%s/%s", dir, list[i].path);
		ok = list[i].content ? write_file(path, list[i].content)
				     : mkdir(path, 0700) == 0 || errno == EEXIST;
		if (!ok) {
			fail(err, DIAG_PATHS, "%s: %s", path, strerror(errno));
		}
		free(path);
	}
	return ok;
}

bool demo_scratch_make(struct demo_scratch *s, struct err *err)
{
	char dir[] = "/tmp/bascule-demo-XXXXXX";
	*s = (struct demo_scratch){ 0 };
	umask(022);
	if (!mkdtemp(dir)) {
		return fail(err, DIAG_PATHS, "%s: %s", dir, strerror(errno));
	}
	s->dir = realpath(dir, NULL);
	if (!s->dir) {
		rmdir(dir);
		return fail(err, DIAG_PATHS, "%s: %s", dir, strerror(errno));
	}
	s->workspace = xasprintf("%s/ws", s->dir);
	s->root = xasprintf("%s/root", s->dir);
	return make(s->dir, files, COUNT_OF(files), err);
}

bool demo_scratch_repository(const struct demo_scratch *s, struct err *err)
{
	return make(s->dir, repository, COUNT_OF(repository), err);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path); /* what is left makes its directory stay, and that is seen at the end */
	return 0;
}

bool demo_scratch_remove(struct demo_scratch *s, struct err *err)
{
	if (s->dir) {
		nftw(s->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
		if (access(s->dir, F_OK) == 0) {
			return fail(err, DIAG_PATHS, "%s: could not be removed altogether", s->dir);
		}
	}
	return true;
}

void demo_scratch_finish(struct demo_scratch *s)
{
	free(s->dir);
	free(s->workspace);
	free(s->root);
	*s = (struct demo_scratch){ 0 };
}
