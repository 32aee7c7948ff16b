/*
 * The words of a rule: which subjects and which words of each there are, and how a line of them
 * becomes terms.
 *
 * Promises: a word that no table knows, and that cannot be a name or glob of its subject, is an
 * error with the nearest known one; so are rules that no effect can ever fit and allow rules of
 * what is never allowed. Does not look at other rules. Called by rules_read.c.
 */
#include "config.h"

#include "core/policy/rule.h"

#include "core/ini.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define K(kind) (1u << EFFECT_##kind)
#define PATHS (K(READ) | K(WRITE) | K(DELETE))
#define NO_WHAT \
	(K(PUBLISH) | K(DESTRUCTIVE) | K(SECRET) | K(HIDDEN) | K(PROCESS) | K(PIN) | K(UNKNOWN) | \
		K(SELF) | K(NOTHING))
/* what no rule allows: it is not known what it is, or it is bascule's own */
#define NEVER (K(UNKNOWN) | K(PIN) | K(SELF))

/* name, kinds it is a word of, sort, bits; `strict`: only hold and deny may say it */
static const struct word {
	const char *name;
	uint32_t kinds;
	enum term_sort sort;
	unsigned bits;
	bool strict;
} words[] = {
	{ "in-scope", PATHS, TERM_PLACE, 1, false },
	{ "out-of-scope", PATHS, TERM_PLACE, 2, false },
	{ "secret", PATHS, TERM_SET, SET_SECRET, false },
	{ "control", PATHS, TERM_SET, SET_CONTROL, false },
	{ "self", PATHS, TERM_SET, SET_SELF, false },
	{ "task", PATHS, TERM_SET, SET_TASK, false },
	{ "build", PATHS, TERM_SET, SET_BUILD, false },
	{ "tracked", PATHS, TERM_VCS, 1, false },
	{ "untracked", PATHS, TERM_VCS, 2, false },
	{ "own", PATHS, TERM_OWN, 1, false },
	{ "new", PATHS, TERM_NEW, 1, false },
	{ "ignored", PATHS, TERM_IGNORED, 1, false },
	{ "list", K(READ), TERM_HOW, 0, false },
	{ "tree", PATHS, TERM_HOW, 0, false },
	{ "file", K(DELETE), TERM_HOW, 0, false },
	{ "replace", K(WRITE), TERM_HOW, 0, false },
	{ "edit", K(WRITE), TERM_HOW, 0, false },
	{ "mkdir", K(WRITE), TERM_HOW, 0, false },
	{ "away", K(WRITE), TERM_HOW, 0, false },
	{ "mode", K(WRITE), TERM_HOW, 0, false },
	{ "link", K(WRITE), TERM_HOW, 0, false },
	{ "readonly", K(EXEC), TERM_HOW, 0, false },
	{ "local", K(EXEC) | K(NET), TERM_HOW, 0, false },
	{ "unproven", K(EXEC), TERM_HOW, 0, true },
	{ "wide", K(EXEC), TERM_HOW, 0, true },
	{ "check", K(TASK), TERM_CHECK, 1, false },
	{ "committed", K(TASK), TERM_TEXT, MARK_COMMITTED, false },
	{ "accepted", K(TASK), TERM_TEXT, MARK_ACCEPTED, false },
	{ "lockfile", K(INSTALL), TERM_LOCKFILE, 1, false },
	{ "no-scripts", K(INSTALL), TERM_NO_SCRIPTS, 1, false },
	{ "global", K(INSTALL), TERM_HOW, 0, false },
	{ "source", K(INSTALL), TERM_HOW, 0, false },
	{ "fetch-run", K(INSTALL), TERM_HOW, 0, false },
	{ "remove", K(INSTALL), TERM_HOW, 0, false },
	{ "protected", K(PUSH) | K(BRANCH), TERM_PROTECT, 1, false },
	{ "unprotected", K(PUSH) | K(BRANCH), TERM_PROTECT, 2, false },
	{ "force", K(PUSH), TERM_HOW, 0, false },
	{ "tags", K(PUSH), TERM_HOW, 0, false },
	{ "all", K(PUSH), TERM_HOW, 0, false },
	{ "delete", K(PUSH) | K(BRANCH), TERM_HOW, 0, false },
	{ "create", K(BRANCH), TERM_HOW, 0, false },
	{ "switch", K(BRANCH), TERM_HOW, 0, false },
	{ "commit", K(BRANCH), TERM_HOW, 0, false },
	{ "move", K(BRANCH), TERM_HOW, 0, false },
	{ "remote", K(NET), TERM_HOW, 0, false },
	{ "odd", K(NET) | K(SQL), TERM_HOW, 0, true },
	{ "read", K(SQL) | K(CLOUD) | K(REMOTE), TERM_HOW, 0, false },
	{ "write", K(SQL) | K(CLOUD) | K(REMOTE), TERM_HOW, 0, false },
};

static const char *const managers[] = { "npm", "npx", "pnpm", "yarn", "bun", "deno", "pip", "pipx",
	"uv", "poetry", "pipenv", "conda", "cargo", "rustup", "go", "gem", "bundle", "composer",
	"dotnet", "nuget", "maven", "mvn", "gradle", "apt", "apt-get", "dpkg", "dnf", "yum",
	"pacman", "apk", "brew", "snap", "flatpak", "nix", "helm", "code", "gh", "docker",
	"terraform", "mise", "asdf", "nvm" };

/* Run whatever their arguments say: a rule may name such a command word by word, never open. */
static const char *const wide[] = { "sh", "bash", "dash", "zsh", "ksh", "fish", "csh", "tcsh",
	"python", "python2", "python3", "perl", "ruby", "node", "nodejs", "deno", "bun", "php",
	"lua", "awk", "gawk", "osascript", "pwsh", "powershell", "env", "sudo", "doas", "su",
	"xargs", "parallel", "nice", "nohup", "timeout", "stdbuf", "setsid", "watch", "ssh", "git",
	"eval", "exec", "command", "builtin", "source", ".", "busybox", "npx", "pnpx", "bunx",
	"uvx", "docker", "podman", "kubectl", "find", "make", "tmux", "screen", "script", "expect",
	"gdb", "strace", "ionice", "chroot", "unshare", "nix-shell", "vim", "vi", "ed", "emacs" };

static const struct word *word_find(struct span text, uint32_t kinds)
{
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if ((words[i].kinds & kinds) == kinds && span_is(text, words[i].name)) {
			return &words[i];
		}
	}
	return NULL;
}

static bool kind_find(struct span text, uint32_t *kinds)
{
	enum effect_kind kind;
	bool known = effect_kind_parse(text, &kind);
	*kinds = known ? 1u << kind : 0;
	return known;
}

/* ": did you mean NAME?", of the words of these kinds; of the subjects if there are none. */
static void nearest(struct span text, uint32_t kinds, char out[80])
{
	const char *names[COUNT_OF(words) + EFFECT_KIND_COUNT + COUNT_OF(managers)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (words[i].kinds & kinds) {
			names[count++] = words[i].name;
		}
	}
	for (size_t i = 0; !kinds && i < EFFECT_KIND_COUNT; i++) {
		names[count++] = effect_kind_name((enum effect_kind)i);
	}
	const char *near = ini_nearest(text, names, count);
	snprintf(out, 80, near ? ": did you mean %s?" : "", near);
}

static int shown(struct span text)
{
	return (int)(text.len < 60 ? text.len : 60);
}

static struct term *term_add(struct rule *rule, enum term_sort sort, unsigned bits)
{
	size_t n = rule->count + rule->excepts;
	rule->terms = xrealloc(rule->terms, (n + 1) * sizeof(*rule->terms));
	rule->terms[n] = (struct term){ .sort = sort, .bits = bits };
	*(rule->excepting ? &rule->excepts : &rule->count) += 1;
	return &rule->terms[n];
}

/* ---- globs of paths ---- */

static bool is_glob(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("/*?[.", text.at[i])) {
			return true;
		}
	}
	return span_is(text, "~");
}

static char *fold_glob(const char *text)
{
	char folded[RULE_LINE_MAX + 1024];
	return path_fold(span_of(text), folded, sizeof(folded)) ? xstrdup(folded) : NULL;
}

static bool glob_read(struct term *term, struct span text, struct err *err)
{
	bool below = text.len > 1 && text.at[text.len - 1] == '/';
	char *whole = xasprintf("%.*s%s", (int)text.len, text.at, below ? "**" : "");
	bool home = whole[0] == '~' && (whole[1] == '/' || !whole[1]);
	bool here = whole[0] == '.' && whole[1] == '/';
	term->anchor = whole[0] == '/'       ? ANCHOR_ROOT
		: home                       ? ANCHOR_HOME
		: here || strchr(whole, '/') ? ANCHOR_SCOPE
					     : ANCHOR_NONE;
	bool slash = term->anchor == ANCHOR_SCOPE && !here;
	term->text = xasprintf("%s%s", slash ? "/" : "", whole + (home || here));
	bool anywhere = term->anchor == ANCHOR_SCOPE || term->anchor == ANCHOR_HOME;
	char *loose = xasprintf("%s%s", anywhere ? "**" : "", term->text);
	term->folded = fold_glob(loose);
	bool up = strstr(whole, "../") || strstr(whole, "/..");
	free(loose);
	free(whole);
	if (up || text.at[0] == '~') {
		return (!up && home) ||
			fail(err, 0,
				"%.*s: a path with .. or another's ~, expected one that is spelled "
				"out",
				shown(text), text.at);
	}
	return term->folded || fail(err, 0, "a glob that is too long");
}

/* ---- what takes a value behind it ---- */

static bool argv_read(
	struct rule *rule, struct term *term, const struct span *at, size_t count, struct err *err)
{
	term->open = count && span_is(at[count - 1], "...");
	term->argc = count - term->open;
	if (!term->argc) {
		return fail(err, 0, "argv without words, expected a program");
	}
	term->argv = xcalloc(term->argc, sizeof(*term->argv));
	for (size_t i = 0; i < term->argc; i++) {
		term->argv[i] = span_dup(at[i]);
		if (span_is(at[i], "...")) {
			return fail(err, 0, "... stands in the middle, expected it at the end");
		}
	}
	if (rule->verdict != VERDICT_ALLOW) {
		return true;
	}
	if (strpbrk(term->argv[0], "*?[")) {
		return fail(
			err, 0, "%.60s: a pattern for a program, expected its name", term->argv[0]);
	}
	for (size_t i = 0; i < COUNT_OF(wide); i++) {
		if (strcmp(term->argv[0], wide[i]) == 0 && term->open && term->argc < 2) {
			return fail(err, 0,
				"%s ... runs anything that it is given, expected its words one by "
				"one",
				wide[i]);
		}
	}
	return true;
}

/* argv W…, to REMOTE, on dev, when lockfile-unchanged: returns how many words were used; 0: none of
 * these, or err is filled. */
static size_t phrase_read(struct rule *rule, uint32_t kinds, const struct span *at, size_t count,
	bool *bad, struct err *err)
{
	if (span_is(at[0], "argv") && !(kinds & ~(K(EXEC) | K(TASK)))) {
		size_t n = 1;
		while (n < count && !span_is(at[n], "except")) {
			n++;
		}
		*bad = !argv_read(rule, term_add(rule, TERM_ARGV, 0), at + 1, n - 1, err);
		rule->kinds |= K(TASK); /* what a runner runs is an argv too */
		return n;
	}
	if (span_is(at[0], "to") && kinds == K(PUSH) && count > 1) {
		term_add(rule, TERM_TO, 0)->text = span_dup(at[1]);
		return 2;
	}
	if (span_is(at[0], "on") && kinds == K(SQL) && count > 1) {
		*bad = !span_is(at[1], "dev") &&
			!fail(err, 0, "on %.*s, expected on dev", shown(at[1]), at[1].at);
		term_add(rule, TERM_ON, 1);
		return 2;
	}
	if (span_is(at[0], "when") && kinds == K(INSTALL) && count > 1) {
		*bad = !span_is(at[1], "lockfile-unchanged") &&
			!fail(err, 0, "when %.*s, expected when lockfile-unchanged", shown(at[1]),
				at[1].at);
		term_add(rule, TERM_UNCHANGED, 1);
		return 2;
	}
	return 0;
}

/* ---- one word ---- */

static bool is_manager(struct span text)
{
	for (size_t i = 0; i < COUNT_OF(managers); i++) {
		if (span_is(text, managers[i])) {
			return true;
		}
	}
	return false;
}

static bool known_read(struct rule *rule, const struct word *word, struct err *err)
{
	if (word->strict && rule->verdict == VERDICT_ALLOW) {
		return fail(err, 0, "%s: never allowed as a whole, expected argv and its words",
			word->name);
	}
	struct term *term = term_add(rule, word->sort, word->bits);
	term->text = word->sort == TERM_HOW ? xstrdup(word->name) : NULL;
	return true;
}

/* A word that is no keyword: a glob or a name, if its subject has such. */
static bool name_read(struct rule *rule, uint32_t kinds, struct span text, struct err *err)
{
	char near[80];
	if (!(kinds & ~PATHS) && is_glob(text)) {
		return glob_read(term_add(rule, TERM_GLOB, 0), text, err);
	}
	if (kinds == K(INSTALL) && is_manager(text)) {
		term_add(rule, TERM_MANAGER, 0)->text = span_dup(text);
		return true;
	}
	if (kinds == K(CLOUD)) {
		term_add(rule, TERM_MANAGER, 0)->text = span_dup(text);
		return true;
	}
	bool named = kinds == K(TASK) || kinds == K(INSTALL) || kinds == K(PUSH) ||
		kinds == K(BRANCH) || kinds == K(NET) || kinds == K(REMOTE);
	if (named) {
		term_add(rule, TERM_NAME, 0)->text = span_dup(text);
		return true;
	}
	nearest(text, kinds, near);
	return fail(err, 0, "%.*s is no word of %s%s%s", shown(text), text.at,
		kinds & NO_WHAT ? "this subject, which has none" : "this subject",
		!(kinds & ~PATHS) ? "; a file is written ./NAME" : "", near);
}

static bool even_read(
	struct rule *rule, const struct span *at, size_t count, size_t *used, struct err *err)
{
	size_t i = 1;
	for (; i < count && !span_is(at[i], "except"); i++) {
		const struct word *word = word_find(at[i], PATHS);
		if (!word || word->sort != TERM_SET || word->bits == SET_SELF) {
			return fail(err, 0, "even %.*s, expected even secret or even control",
				shown(at[i]), at[i].at);
		}
		rule->even |= word->bits;
	}
	*used = i;
	return i > 1 || fail(err, 0, "even without a set, expected secret or control");
}

/* ---- the whole rule ---- */

static bool subject_read(struct rule *rule, struct span text)
{
	uint32_t kinds;
	if (span_is(text, "push-protected")) {
		rule->kinds |= K(PUSH);
		term_add(rule, TERM_PROTECT, 1);
		return true;
	}
	bool known = kind_find(text, &kinds);
	rule->kinds |= kinds;
	return known;
}

/* Several subjects only where a word cannot be both a subject and a name of the first one's. */
static bool subjects_read(
	struct rule *rule, const struct span *at, size_t count, size_t *used, struct err *err)
{
	char near[80];
	struct span first = count ? at[0] : SPAN("");
	if (!subject_read(rule, first)) {
		nearest(first, 0, near);
		return fail(err, 0, "%.*s: no subject of a rule, expected read, write, exec, …%s",
			shown(first), first.at, near);
	}
	bool names = rule->kinds & (K(TASK) | K(REMOTE));
	bool several = rule->verdict != VERDICT_ALLOW || rule->kinds & (PATHS | NO_WHAT);
	for (*used = 1; !names && several && *used < count; ++*used) {
		if (word_find(at[*used], rule->kinds) || !subject_read(rule, at[*used])) {
			break;
		}
	}
	return true;
}

/* One word, or several that belong together. Returns how many; 0: err. */
static size_t what_read(
	struct rule *rule, uint32_t kinds, const struct span *at, size_t count, struct err *err)
{
	const struct word *word = word_find(at[0], kinds);
	bool bad = false;
	size_t used = 1;
	if (span_is(at[0], "contained")) {
		fail(err, 0, "contained: not available yet");
		return 0;
	}
	if (span_is(at[0], "even") && !(kinds & ~PATHS) && !rule->excepting) {
		bad = rule->verdict == VERDICT_ALLOW
			? !even_read(rule, at, count, &used, err)
			: !fail(err, 0, "even: only allow rules leave sets out");
		return bad ? 0 : used;
	}
	if (word) {
		return known_read(rule, word, err);
	}
	used = phrase_read(rule, kinds, at, count, &bad, err);
	if (used) {
		return bad ? 0 : used;
	}
	return name_read(rule, kinds, at[0], err);
}

static bool whats_read(struct rule *rule, const struct span *at, size_t count, struct err *err)
{
	uint32_t kinds = rule->kinds;
	for (size_t i = 0, used; i < count; i += used) {
		if (span_is(at[i], "except") && !rule->excepting) {
			rule->excepting = true;
			used = 1;
			if (i + 1 == count) {
				return fail(err, 0, "except without what is excepted");
			}
			continue;
		}
		used = what_read(rule, kinds, at + i, count - i, err);
		if (!used) {
			return false;
		}
	}
	return true;
}

/* "tool github get_*": the first name is the server. */
static bool server_read(struct rule *rule, struct err *err)
{
	if (rule->kinds != K(REMOTE)) {
		return true;
	}
	struct term *first = rule->count ? &rule->terms[0] : NULL;
	bool named = first && first->sort == TERM_NAME;
	if (rule->verdict == VERDICT_ALLOW && rule->level != LEVEL_BUILTIN &&
		(!named || strpbrk(first->text, "*?["))) {
		return fail(err, 0, "allow tool without a server's name, expected SERVER TOOL…");
	}
	if (named) {
		first->sort = TERM_SERVER;
	}
	return rule->verdict != VERDICT_ALLOW || rule->count > 1 ||
		fail(err, 0, "allow tool without tools, expected SERVER TOOL… or SERVER read");
}

/* ---- rules that never fit or never may ---- */

static unsigned bits_of(const struct rule *rule, enum term_sort sort)
{
	unsigned bits = 0;
	for (size_t i = 0; i < rule->count; i++) {
		bits |= rule->terms[i].sort == sort ? rule->terms[i].bits : 0;
	}
	return bits;
}

static bool has_sort(const struct rule *rule, enum term_sort sort)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (rule->terms[i].sort == sort) {
			return true;
		}
	}
	return false;
}

static bool contradiction(const struct rule *rule, struct err *err)
{
	const char *both = NULL;
	if (bits_of(rule, TERM_PLACE) == 3) {
		both = "in-scope and out-of-scope";
	} else if (bits_of(rule, TERM_VCS) == 3) {
		both = "tracked and untracked";
	} else if (bits_of(rule, TERM_PROTECT) == 3) {
		both = "protected and unprotected";
	} else if (bits_of(rule, TERM_VCS) == 1 && has_sort(rule, TERM_NEW)) {
		both = "tracked and new";
	} else if (bits_of(rule, TERM_VCS) == 1 && has_sort(rule, TERM_IGNORED)) {
		both = "tracked and ignored";
	} else if (has_sort(rule, TERM_OWN) && has_sort(rule, TERM_NEW)) {
		both = "own and new";
	} else if (bits_of(rule, TERM_VCS) == 2 && has_sort(rule, TERM_NEW)) {
		both = "untracked and new";
	}
	return both && !fail(err, 0, "never fits: nothing is %s at once", both);
}

static bool excepts_itself(const struct rule *rule, struct err *err)
{
	for (size_t i = 0; i < rule->count; i++) {
		const struct term *t = &rule->terms[i];
		for (size_t k = rule->count; k < rule->count + rule->excepts; k++) {
			const struct term *x = &rule->terms[k];
			bool same = t->sort == x->sort && t->bits == x->bits &&
				t->sort != TERM_ARGV &&
				(t->text ? x->text && strcmp(t->text, x->text) == 0 : !x->text);
			if (same) {
				return !fail(err, 0, "never fits: except takes away what it says");
			}
		}
	}
	return false;
}

static bool allowable(const struct rule *rule, struct err *err)
{
	unsigned closed = bits_of(rule, TERM_SET) & (SET_SECRET | SET_CONTROL | SET_SELF);
	if (rule->verdict != VERDICT_ALLOW) {
		return true;
	}
	if (rule->level == LEVEL_SYSTEM || rule->level == LEVEL_PROJECT) {
		return fail(err, 0, "allow: a %s file may only hold and deny",
			rule->level == LEVEL_SYSTEM ? "system" : "project");
	}
	if (rule->kinds & NEVER) {
		return fail(
			err, 0, "never allowed: what is unknown, a changed pin, bascule itself");
	}
	if (rule->kinds & PATHS && closed & ~rule->even &&
		!(rule->kinds == K(READ) && closed == SET_CONTROL)) {
		return fail(err, 0,
			"never fits: allow leaves out %s, expected \"even\" and the set's name",
			closed & SET_SECRET         ? "secret"
				: closed & SET_SELF ? "self"
						    : "control");
	}
	if ((rule->kinds & K(EXEC)) && !has_sort(rule, TERM_HOW) && !has_sort(rule, TERM_ARGV)) {
		return fail(err, 0, "allow exec anything, expected readonly, local or argv WORDS");
	}
	return true;
}

/* What every one of the alternatives needs. */
static uint64_t sort_needs(const struct rule *rule, enum term_sort sort)
{
	uint64_t needs = UINT64_MAX;
	bool any = false;
	for (size_t i = 0; i < rule->count; i++) {
		const struct term *term = &rule->terms[i];
		const char *glob = rule->verdict == VERDICT_ALLOW ? term->text : term->folded;
		uint64_t its = sort == TERM_GLOB ? glob_needs(span_of(glob)) : 0;
		for (size_t k = 0; sort == TERM_ARGV && k < term->argc; k++) {
			its |= glob_needs(span_of(term->argv[k]));
		}
		any |= term->sort == sort;
		needs &= term->sort == sort ? its : UINT64_MAX;
	}
	return any ? needs : 0;
}

bool rule_read(struct rule *rule, enum rule_level level, const struct span *at, size_t count,
	struct err *err)
{
	struct err local;
	size_t used = 1;
	*rule = (struct rule){ .level = level };
	err = err ? err : &local;
	if (!count || !verdict_parse(at[0], &rule->verdict)) {
		return fail(err, 0, "expected allow, hold or deny");
	}
	bool ok = subjects_read(rule, at + 1, count - 1, &used, err) &&
		whats_read(rule, at + 1 + used, count - 1 - used, err) && server_read(rule, err) &&
		!contradiction(rule, err) && !excepts_itself(rule, err) && allowable(rule, err);
	rule->needs = ok ? sort_needs(rule, TERM_GLOB) | sort_needs(rule, TERM_ARGV) : 0;
	return ok;
}

void rule_finish(struct rule *rule)
{
	for (size_t i = 0; i < rule->count + rule->excepts; i++) {
		struct term *term = &rule->terms[i];
		for (size_t k = 0; k < term->argc && term->argv; k++) {
			free(term->argv[k]);
		}
		free(term->argv);
		free(term->text);
		free(term->folded);
	}
	for (size_t i = 0; i < rule->example_count; i++) {
		free(rule->examples[i].text);
	}
	free(rule->examples);
	free(rule->terms);
	free(rule->id);
	free(rule->text);
	free(rule->comment);
	*rule = (struct rule){ 0 };
}
