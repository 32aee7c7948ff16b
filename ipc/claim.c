/* One reading of a server's command line for everybody who names a server to the broker. */
#include "config.h"

#include "ipc/claim.h"

#include "core/diag.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static char *real(const char *path)
{
	char *resolved = realpath(path, NULL);
	return resolved ? resolved : xstrdup(path);
}

static char *resolve_program(const char *name)
{
	if (strchr(name, '/')) {
		return real(name);
	}
	char *path = xstrdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin"), *rest = path,
	     *found = NULL;
	for (char *dir = strsep(&rest, ":"); dir && !found; dir = strsep(&rest, ":")) {
		char *full = xasprintf("%s/%s", dir[0] ? dir : ".", name);
		found = is_program(full) ? real(full) : NULL;
		free(full);
	}
	free(path);
	return found ? found : xstrdup(name);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

bool claim_init(struct claim *claim, const struct profiles *profiles, const char *name,
	const char *profile, char *const *argv, const struct facts *facts, struct err *err)
{
	const struct profile *chosen = profiles_choose(profiles, profile, argv, name);
	if (profile && !chosen) {
		return fail(err, DIAG_USAGE, "--profile %s: no such profile", profile);
	}
	*claim = (struct claim){
		.name = xstrdup(name ? name : base_name(argv[0])),
		.profile = xstrdup(chosen ? chosen->name : ""),
		.argv = argv,
		.program = resolve_program(argv[0]),
		.facts = facts,
	};
	return true;
}

void claim_finish(struct claim *claim)
{
	free(claim->name);
	free(claim->program);
	free(claim->profile);
	*claim = (struct claim){ 0 };
}

/* A word that reads like a file below the current directory: relative, with a slash or an ending.
 * Packages (@scope/name) and URLs do not. Whether such a file exists does not count: a server may
 * make it. */
static bool reads_like_file(const char *word)
{
	const char *value = word[0] == '-' ? strchr(word, '=') : NULL;
	word = value ? value + 1 : word;
	if (!word[0] || strchr("/-@", word[0]) || strstr(word, "://")) {
		return false;
	}
	return strchr(word, '/') || strchr(word, '.');
}

/* Does the command mean another file in another directory? Then the directory is part of what is
 * accepted. */
static bool depends_on_cwd(char *const *argv)
{
	for (; *argv; argv++) {
		if (reads_like_file(*argv)) {
			return true;
		}
	}
	return false;
}

/* A contained server's command is claimed, and shown to people, as what it is: another command. */
static void write_sandbox(const struct claim *claim, struct jsonw *w)
{
	if (!claim->contained) {
		return;
	}
	jw_text(w, "bascule");
	jw_text(w, "contain");
	for (const char *const *word = claim->contained; *word; word++) {
		jw_text(w, *word);
	}
	jw_text(w, "--");
}

void claim_write(const struct claim *claim, struct jsonw *w)
{
	jw_open(w, '{');
	jw_kv_text(w, "name", claim->name);
	jw_kv_text(w, "profile", claim->profile);
	jw_key(w, "scope");
	jw_open(w, '[');
	for (size_t i = 0; i < claim->facts->count; i++) {
		jw_text(w, claim->facts->dirs[i].path);
	}
	jw_close(w, ']');
	jw_key(w, "argv");
	jw_open(w, '[');
	write_sandbox(claim, w);
	for (char *const *arg = claim->argv; *arg; arg++) {
		jw_text(w, *arg);
	}
	jw_close(w, ']');
	jw_kv_text(w, "program", claim->program);
	jw_kv_text(w, "cwd", claim->facts->cwd);
	jw_kv_text(w, "here", depends_on_cwd(claim->argv) ? claim->facts->cwd : "");
	jw_close(w, '}');
}
