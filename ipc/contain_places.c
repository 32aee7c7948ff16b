/*
 * What a sandbox on this machine shows, hides and protects. Which names are secrets and which steer
 * other programs is what policy's sets say of them.
 *
 * Promises: every path is resolved, and a link that would let a protected file be replaced is
 * refused. What it looks through is bounded; what lies beyond is said, not passed over silently. A
 * place that is exchanged between this look and the mount is mounted as it is then: bubblewrap
 * takes paths, not descriptors.
 */
#include "config.h"

#include "ipc/contain.h"

#include "core/diag.h"
#include "core/policy/sets.h"
#include "ipc/scope.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SCOPE_DEPTH = 8,
	SCOPE_ENTRIES = 40000,
	HOME_ENTRIES = 4000, /* of one directory */
};

static void add_real(struct sandbox *sandbox, const char *path, enum sandbox_access access)
{
	struct stat st;
	char *real = realpath(path, NULL);
	if (real && strcmp(real, "/") != 0 && stat(real, &st) == 0) {
		sandbox_add(sandbox, real, access, !S_ISDIR(st.st_mode));
	}
	free(real);
}

static void add_below(
	struct sandbox *sandbox, const char *dir, const char *name, enum sandbox_access access)
{
	char *path = xasprintf("%s/%s", dir, name);
	add_real(sandbox, path, access);
	free(path);
}

/* ---- the machine's ---- */

static void add_system(struct sandbox *sandbox)
{
	static const char *const empty[] = { "/tmp", "/var/tmp", "/run", "/var/run" };
	static const char *const secret[] = { "/etc/shadow", "/etc/shadow-", "/etc/gshadow",
		"/etc/gshadow-", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh", "/etc/ssl/private",
		"/etc/NetworkManager/system-connections", "/etc/wireguard", "/etc/krb5.keytab",
		"/var/lib/docker", "/var/spool/cron" };
	for (size_t i = 0; i < COUNT_OF(empty); i++) {
		add_real(sandbox, empty[i], SANDBOX_PRIVATE);
	}
	for (size_t i = 0; i < COUNT_OF(secret); i++) {
		add_real(sandbox, secret[i], SANDBOX_HIDDEN);
	}
	if (sandbox->network) { /* often a link into /run */
		add_real(sandbox, "/etc/resolv.conf", SANDBOX_READ);
	}
}

static void add_own(struct sandbox *sandbox, const struct paths *paths)
{
	char *sockets = paths_socket_dir(paths);
	add_real(sandbox, paths->config, SANDBOX_HIDDEN);
	add_real(sandbox, paths->state, SANDBOX_HIDDEN);
	add_real(sandbox, sockets, SANDBOX_HIDDEN);
	if (paths->root) {
		add_real(sandbox, paths->root, SANDBOX_HIDDEN);
	}
	free(sockets);
}

/* ---- the home directory ---- */

/* What the sets do not know by its name alone, because it holds more than secrets. */
static const char *const home_secrets[] = { ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker",
	".config/gh", ".config/glab-cli", ".config/hub", ".config/gcloud", ".config/op",
	".config/1Password", ".config/sops", ".config/age", ".config/rclone", ".config/doctl",
	".netrc", ".git-credentials", ".config/git/credentials", ".password-store",
	".local/share/keyrings", ".local/share/kwalletd", ".mozilla", ".thunderbird",
	".config/google-chrome", ".config/chromium", ".config/BraveSoftware",
	".config/microsoft-edge", ".terraform.d", ".m2/settings.xml", ".gradle/gradle.properties",
	".cargo/credentials", ".cargo/credentials.toml", ".claude.json",
	".claude/.credentials.json", ".claude/projects", ".codex/auth.json", ".codex/sessions",
	".gemini/oauth_creds.json", ".local/share/opencode", ".bash_history", ".zsh_history",
	".python_history", ".node_repl_history", ".psql_history", ".mysql_history",
	".sqlite_history", ".local/share/fish", ".local/share/atuin", ".dbus" };

/* Directories of which each entry is looked at. */
static const char *const home_looked[] = { "", ".config", ".local/share", ".cargo", ".claude",
	".codex", ".gemini", ".cursor", ".npm" };

static bool is_socket(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static void add_entries(struct sandbox *sandbox, const char *home, const char *name)
{
	char *dir = name[0] ? xasprintf("%s/%s", home, name) : xstrdup(home);
	DIR *entries = opendir(dir);
	const struct dirent *entry;
	for (int n = 0; entries && n < HOME_ENTRIES && (entry = readdir(entries)); n++) {
		char *path = xasprintf("%s/%s", dir, entry->d_name);
		const char *below = path + strlen(home) + 1;
		bool self = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
		if (!self &&
			((path_sets(span_of(below)) & SET_SECRET) ||
				(entry->d_type != DT_DIR && is_socket(path)))) {
			add_real(sandbox, path, SANDBOX_HIDDEN);
		}
		free(path);
	}
	if (entries) {
		closedir(entries);
	}
	free(dir);
}

static void add_home(struct sandbox *sandbox, const char *home)
{
	char *real = scope_resolve(home);
	if (real && strcmp(real, "/") != 0) {
		for (size_t i = 0; i < COUNT_OF(home_secrets); i++) {
			add_below(sandbox, real, home_secrets[i], SANDBOX_HIDDEN);
		}
		for (size_t i = 0; i < COUNT_OF(home_looked); i++) {
			add_entries(sandbox, real, home_looked[i]);
		}
	}
	free(real);
}

/* ---- a scope ---- */

struct walk {
	struct sandbox *sandbox;
	size_t skip; /* of a path: what stands before the part below the scope */
	unsigned entries;
	bool cut;
	struct err *err;
};

static bool linked(struct walk *walk, const char *path)
{
	return fail(walk->err, DIAG_USAGE,
		"%s: a symbolic link, which cannot be kept from being replaced", path);
}

/* What git runs, or takes settings from, cannot be written; all the rest of it can. */
static bool add_git(struct walk *walk, const char *git)
{
	static const char *const names[] = { "hooks", "config", "config.worktree", "info",
		"modules", "worktrees", "commondir" };
	struct stat st;
	char *hooks = xasprintf("%s/hooks", git);
	mkdir(hooks, 0755); /* one that is not there could be made inside */
	free(hooks);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = xasprintf("%s/%s", git, names[i]);
		bool there = lstat(path, &st) == 0;
		if (there && S_ISLNK(st.st_mode)) {
			linked(walk, path);
			free(path);
			return false;
		}
		if (there) {
			sandbox_add(walk->sandbox, path, SANDBOX_READ, !S_ISDIR(st.st_mode));
		}
		free(path);
	}
	return true;
}

static bool walk_dir(struct walk *walk, const char *dir, int depth);

static bool walk_entry(struct walk *walk, const char *path, const char *name, int depth)
{
	struct stat st;
	unsigned sets = path_sets(span_of(path + walk->skip));
	if (lstat(path, &st) != 0) {
		return true;
	}
	bool is_git = strcmp(name, ".git") == 0, is_dir = S_ISDIR(st.st_mode);
	if (is_git && S_ISLNK(st.st_mode)) {
		return linked(walk, path);
	}
	if (is_git && is_dir) {
		return add_git(walk, path);
	}
	if (!is_dir && (sets & SET_SECRET)) {
		add_real(walk->sandbox, path, SANDBOX_HIDDEN);
	} else if ((sets & SET_CONTROL) && !S_ISLNK(st.st_mode)) {
		sandbox_add(walk->sandbox, path, SANDBOX_READ, !is_dir);
	}
	/* What a build makes is made again; and there is much of it. */
	return !is_dir || (sets & SET_BUILD) || walk_dir(walk, path, depth + 1);
}

static bool walk_dir(struct walk *walk, const char *dir, int depth)
{
	DIR *entries = depth < SCOPE_DEPTH ? opendir(dir) : NULL;
	const struct dirent *entry;
	bool ok = true;
	while (ok && entries && (entry = readdir(entries))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
			continue;
		}
		if (++walk->entries > SCOPE_ENTRIES) {
			walk->cut = true;
			break;
		}
		char *path = xasprintf("%s/%s", dir, entry->d_name);
		ok = walk_entry(walk, path, entry->d_name, depth);
		free(path);
	}
	if (entries) {
		closedir(entries);
	}
	return ok;
}

/* A directory that is written, with what in it is not. Takes the path. */
static bool add_writable(struct sandbox *sandbox, char *real, const char *home, const char *option,
	const char *given, struct err *err)
{
	char *real_home = scope_resolve(home);
	bool ok = real || fail(err, DIAG_USAGE, "%s %s: %s", option, given, strerror(errno));
	if (ok && scope_too_wide(real, real_home)) {
		ok = fail(err, DIAG_USAGE,
			"%s %s: neither / nor the home directory itself can be written in a "
			"sandbox, nor what holds it",
			option, real);
	}
	if (ok) {
		struct walk walk = { .sandbox = sandbox, .skip = strlen(real) + 1, .err = err };
		sandbox_add(sandbox, real, SANDBOX_WRITE, false);
		ok = walk_dir(&walk, real, 0);
		if (walk.cut) {
			fprintf(stderr,
				"bascule: only the first %d files of the scope were looked through "
				"for secrets and control files\n",
				SCOPE_ENTRIES);
		}
	}
	free(real);
	free(real_home);
	return ok;
}

static bool add_scope(
	const struct contain *asked, const char *cwd, struct sandbox *sandbox, struct err *err)
{
	const char *home = asked->paths->home;
	bool ok = true;
	for (size_t i = 0; ok && i < asked->scope.count; i++) {
		const char *given = asked->scope.at[i];
		ok = add_writable(sandbox, scope_resolve(given), home, "--scope", given, err);
	}
	if (!asked->scope.count) {
		char *scope = scope_of(cwd, home);
		ok = scope
			? add_writable(sandbox, scope, home, "--scope", cwd, err)
			: fail(err, DIAG_USAGE,
				  "%s: neither / nor the home directory itself can be a sandbox's "
				  "scope, nor what holds it: go into a project, or name it with "
				  "--scope",
				  cwd);
	}
	for (size_t i = 0; ok && i < asked->write.count; i++) {
		const char *given = asked->write.at[i];
		ok = add_writable(sandbox, scope_resolve(given), home, "--write", given, err);
	}
	for (size_t i = 0; ok && i < asked->read.count; i++) {
		char *real = realpath(asked->read.at[i], NULL);
		ok = real ||
			fail(err, DIAG_USAGE, "--read %s: %s", asked->read.at[i], strerror(errno));
		if (ok) {
			add_real(sandbox, real, SANDBOX_READ);
		}
		free(real);
	}
	return ok;
}

bool contain_places(
	const struct contain *asked, const char *cwd, struct sandbox *sandbox, struct err *err)
{
	const char *named = getenv("HOME");
	*sandbox = (struct sandbox){ .network = asked->network };
	add_system(sandbox);
	add_own(sandbox, asked->paths);
	add_home(sandbox, asked->paths->home);
	if (named && strcmp(named, asked->paths->home) != 0) {
		add_home(sandbox, named);
	}
	if (!add_scope(asked, cwd, sandbox, err) || !sandbox_settle(sandbox, err)) {
		return false;
	}
	return !(sandbox_access_of(sandbox, cwd) & (SANDBOX_HIDDEN | SANDBOX_PRIVATE)) ||
		fail(err, DIAG_USAGE,
			"%s: the current directory is not seen inside; name it with "
			"--scope, --write or --read",
			cwd);
}
