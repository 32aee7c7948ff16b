/*
 * Owns the forms of effects: one line of text for what a grant covers, the same for two effects if
 * the yes to one is a yes to the other.
 *
 * Promises: an effect that is not accounted for has no form. Nothing has one whose facts are not
 * certain. Pure; called by grant.c.
 */
#include "config.h"

#include "core/policy/grant_impl.h"
#include "core/policy/sets.h"

#include <stdlib.h>
#include <string.h>

enum { DIRECTORY_DEPTH_MIN = 2 };

static bool is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

/* ---- directories ---- */

bool grant_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);
	while (len && dir[len - 1] == '/') {
		len--;
	}
	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

static bool is_self(const struct policy_call *call, const char *path)
{
	for (size_t i = 0; call->self && call->self[i]; i++) {
		if (grant_below(path, call->self[i]) || grant_below(call->self[i], path)) {
			return true;
		}
	}
	return false;
}

static bool in_sets(const char *path, unsigned sets)
{
	return path && path_sets(span_of(path)) & sets;
}

/* What belongs to the system as a whole: for reading, what it tells of users and processes. */
static const char *const closed[] = { "/proc", "/sys", "/dev", "/run", "/root", "/etc", "/boot",
	"/var/run", "/var/lib", "/var/log", "/var/spool" };
static const char *const not_written[] = { "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
	"/opt", "/var", "/srv", "/nix", "/snap", "/System", "/Library", "/Applications",
	"/private" };

static bool in_any(const char *dir, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (grant_below(dir, list[i])) {
			return true;
		}
	}
	return false;
}

static size_t depth_of(const char *dir)
{
	size_t depth = 0;
	for (const char *at = dir; *at; at++) {
		depth += *at == '/' && at[1] && at[1] != '/';
	}
	return depth;
}

/* Hidden directories of the home are where programs keep what they obey. Deep in one, what is read
 * beside a file that was read is no other thing. */
static bool is_hidden_at_home(const char *dir, const char *home, bool beside)
{
	if (!home || !home[0] || !grant_below(dir, home)) {
		return false;
	}
	const char *rest = dir + strlen(home);
	bool kept = !strncmp(rest, "/.config", 8) || !strncmp(rest, "/.local", 7);
	return strstr(rest, "/.") && !(beside && !kept && depth_of(rest) >= 3);
}

/* Where scratch files lie: high up, and nobody's configuration. No repository is worked in there.
 */
static bool is_scratch(const char *dir)
{
	return is(dir, "/tmp") || is(dir, "/var/tmp") || is(dir, "/private/tmp");
}

bool grant_directory(const struct policy_call *call, const struct effect *effect,
	enum grant_width width, const char *dir)
{
	bool writes = effect->kind != EFFECT_READ, beside = !writes && width != GRANT_EXACT;
	bool high = depth_of(dir) < DIRECTORY_DEPTH_MIN && !is_scratch(dir);
	if (dir[0] != '/' || high || is_self(call, dir) || in_sets(dir, SET_SECRET | SET_CONTROL) ||
		is_hidden_at_home(dir, call->home, beside) ||
		in_any(dir, closed, COUNT_OF(closed)) ||
		(writes && in_any(dir, not_written, COUNT_OF(not_written)))) {
		return false;
	}
	return !call->home || !grant_below(call->home, dir); /* not the home, nor what holds it */
}

/* ---- never ---- */

static bool is_protected(
	const struct policy_call *call, const struct effect *effect, const char *branch)
{
	static const char heads[] = "refs/heads/";
	if (!strncmp(branch, heads, sizeof(heads) - 1)) {
		branch += sizeof(heads) - 1;
	}
	return !branch[0] || strpbrk(branch, "*?[:+^~@ ") || is(branch, "HEAD") ||
		!strncmp(branch, "refs/", 5) ||
		rules_protects(call->rules, span_of(branch), effect->fact.more);
}

/* Only a name that git's configuration has, not an address or a path. */
static bool is_remote_name(const char *name)
{
	return name[0] && name[0] != '-' && !strpbrk(name, "/:@\\ ") && !is(name, ".") &&
		!is(name, "..");
}

static bool push_never(const struct policy_call *call, const struct effect *e)
{
	/* Without a name the facts say which branch it is, or that nobody knows. */
	bool named = e->given[0] || e->how[0];
	const char *branch = e->given[0] ? e->given : e->fact.text;
	return e->word[0] || e->late || (named && !is_remote_name(e->how)) || !branch ||
		is_protected(call, e, branch);
}

static bool branch_never(const struct policy_call *call, const struct effect *e)
{
	const char *branch = e->given[0] ? e->given : e->fact.text;
	bool moves = is(e->how, "move");
	return e->late || !branch || is_protected(call, e, branch) || is(e->how, "delete") ||
		!e->base[0] || (moves && e->word[0] && is_protected(call, e, e->word)) ||
		!(moves || is(e->how, "create") || is(e->how, "switch") || is(e->how, "commit"));
}

static bool path_never(const struct policy_call *call, const struct effect *e)
{
	const struct fact *f = &e->fact;
	bool tree = e->kind == EFFECT_DELETE && (!is(e->how, "file") || !f->inside);
	/* What hides below an approved directory was approved with it. */
	bool pattern = e->word[0] && !is(e->word, "**/*") &&
		(e->kind != EFFECT_READ || sets_pattern_may_be_secret(span_of(e->word)));
	bool link = e->kind == EFFECT_WRITE && (is(e->how, "link") || is(e->how, "tree"));
	return tree || link || e->late || !f->path || f->path[0] != '/' ||
		f->state == FACT_UNKNOWN || f->state == FACT_SPECIAL || pattern ||
		in_sets(e->given, SET_SECRET | SET_CONTROL) ||
		in_sets(f->path, SET_SECRET | SET_CONTROL) || is_self(call, f->path) ||
		(e->kind != EFFECT_READ && f->state == FACT_FILE && f->links > 1);
}

bool grant_never(const struct policy_call *call, const struct effect *e)
{
	switch (e->kind) {
	case EFFECT_READ:
	case EFFECT_WRITE:
	case EFFECT_DELETE:
		return path_never(call, e);
	case EFFECT_EXEC:
		return !is(e->how, "unproven") || grant_argv_never(call, e) ||
			(!e->base[0] && e->part > 1); /* a cd before it led nobody knows where */
	case EFFECT_TASK:
		return e->late || !e->base[0];
	case EFFECT_PUSH:
		return push_never(call, e);
	case EFFECT_BRANCH:
		return branch_never(call, e);
	case EFFECT_CLOUD:
		return !is(e->word, "read");
	case EFFECT_NET:
		return !is(e->how, "remote") && !is(e->how, "local");
	case EFFECT_PROCESS:
		return !is(e->how, "kill");
	case EFFECT_SQL:
	case EFFECT_REMOTE:
		return false;
	case EFFECT_UNKNOWN:
		return !grant_explained(call, e);
	default:
		return true;
	}
}

/* ---- forms ---- */

/* One field: no space, no control character, nothing that could be taken for two. */
static void add_field(struct buf *out, struct span text)
{
	buf_char(out, ' ');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c <= ' ' || c == 0x7f || c == '\\') {
			buf_printf(out, "\\x%02x", c);
		} else {
			buf_char(out, (char)c);
		}
	}
}

static void add_part(struct buf *out, const char *text)
{
	add_field(out, span_of(text));
}

/* An effect as it is, however long: what is not named in a wider form stands in the hash. */
static bool form_exact(const struct policy_call *call, const struct effect *e, struct buf *out)
{
	struct hash_run run;
	char hex[HASH_HEX + 1];
	if (e->kind == EFFECT_REMOTE && !call->same.len) {
		return false;
	}
	hash_begin(&run);
	hash_part(&run, call->profile);
	hash_part(&run, call->server);
	hash_part(&run, e->kind == EFFECT_REMOTE ? call->same : SPAN(""));
	hash_part(&run, span_of(e->given));
	hash_part(&run, span_of(e->how));
	hash_part(&run, span_of(e->word));
	hash_part(&run, span_of(e->base));
	hash_part(&run, span_of(e->fact.path));
	hash_part(&run, span_of(e->fact.text));
	hash_part(&run, grant_works_in(call, e) ? SPAN("work") : SPAN(""));
	struct hash hash = hash_end(&run);
	hash_hex(&hash, hex);
	buf_printf(out, "exact %s %s", effect_kind_name(e->kind), hex);
	return true;
}

/* A program by its path is the file that it was: the agent could write another. */
static bool add_identity(const struct policy_call *call, const struct effect *of, struct buf *out)
{
	for (size_t i = 0; i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		const struct fact *f = &e->fact;
		if (e->kind == EFFECT_READ && e->part == of->part && is(e->given, of->word) &&
			is(e->arg, of->arg) && f->state == FACT_FILE && f->path && f->mtime_us &&
			!e->late) {
			buf_text(out, " file");
			add_part(out, f->path);
			buf_printf(out, " %jd %jd %jd %jd", (intmax_t)f->dev, (intmax_t)f->ino,
				(intmax_t)f->size, (intmax_t)f->mtime_us);
			return true;
		}
	}
	return false;
}

static bool form_exec(const struct policy_call *call, const struct effect *e,
	enum grant_width width, struct buf *out)
{
	bool file = strchr(e->word, '/');
	if (width == GRANT_EXACT) {
		return form_exact(call, e, out) && (!file || add_identity(call, e, out));
	}
	size_t start = out->len;
	buf_text(out, "exec ");
	if (!grant_words(call, e, width, out)) {
		return false;
	}
	if (width == GRANT_FORM && strncmp(out->data + start, "exec curl http", 14) != 0) {
		buf_text(out, " in");
		add_part(out, e->base);
	}
	return !file || add_identity(call, e, out);
}

/* The directory that stands for a path: the parent, or the directory itself if its names are listed
 * or all below it is searched. */
static char *directory_of(const struct effect *e)
{
	const char *path = e->fact.path, *slash = strrchr(path, '/');
	bool whole = e->kind == EFFECT_READ && e->how[0] && e->fact.state == FACT_DIRECTORY;
	size_t len = whole ? strlen(path) : slash ? (size_t)(slash - path) : 0;
	return span_dup((struct span){ path, len });
}

/* git obeys what it finds in a repository: its directory is more than listed. */
bool grant_works_in(const struct policy_call *call, const struct effect *effect)
{
	bool lists = effect->kind == EFFECT_READ && is(effect->how, "list");
	for (size_t i = 0; lists && i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		bool works = e->kind == EFFECT_TASK || effect_has_repo(e->kind) ||
			(e->kind == EFFECT_EXEC && is(e->word, "git"));
		if (works && e->part == effect->part && is(e->arg, effect->arg)) {
			return true;
		}
	}
	return false;
}

/* By which word the wider forms of a path are called; NULL: it has none. */
static const char *verb_of(
	const struct policy_call *call, const struct effect *e, enum grant_width width)
{
	bool writes = is(e->how, "replace") || is(e->how, "edit") || is(e->how, "mkdir");
	if (e->fact.inside || width == GRANT_EXACT) {
		return NULL;
	}
	if (e->kind == EFFECT_WRITE) {
		return writes && !in_sets(e->fact.path, SET_TASK) ? "write" : NULL;
	}
	if (e->kind != EFFECT_READ || (is(e->how, "tree") && width != GRANT_WIDE)) {
		return NULL;
	}
	bool names = is(e->how, "list") && width != GRANT_WIDE; /* the widest step is to look in */
	return grant_works_in(call, e) ? "work" : names ? "list" : "read";
}

bool grant_form_directory(const struct policy_call *call, const struct effect *e, const char *verb,
	enum grant_width width, size_t up, struct buf *out)
{
	const char *own = effect_has_path(e->kind) ? verb_of(call, e, width) : NULL;
	bool has = own && !grant_never(call, e) && (!is(own, "work") || is(verb, "work"));
	char *dir = has ? directory_of(e) : NULL;
	for (; dir && up; up--) {
		char *slash = strrchr(dir, '/');
		*(slash ? slash : dir) = 0;
	}
	bool ok = dir && grant_directory(call, e, width, dir);
	if (ok) {
		buf_printf(out, "%s %s", verb, width == GRANT_WIDE ? "below" : "in");
		add_part(out, dir);
	}
	free(dir);
	return ok;
}

/* How many directories above the path's own one still lie beside the scope and not around it: the
 * neighbouring project, not what holds both. */
static size_t beside_scope(const struct policy_call *call, const struct effect *e)
{
	const char *scope = call->scope ? call->scope[0] : NULL, *path = e->fact.path;
	size_t same = 0, depth = 0;
	if (!scope || !path || scope[0] != '/') {
		return 0;
	}
	for (size_t i = 0; path[i] && path[i] == scope[i]; i++) {
		same = path[i] == '/' ? i : same;
	}
	for (const char *at = path + same + 1; (at = strchr(at, '/')); at++) {
		depth++;
	}
	return depth ? depth - 1 : 0;
}

static bool form_path(const struct policy_call *call, const struct effect *e,
	enum grant_width width, struct buf *out)
{
	const char *verb = verb_of(call, e, width);
	if (width == GRANT_EXACT) {
		return form_exact(call, e, out);
	}
	bool ok = false;
	for (size_t up = width == GRANT_WIDE ? beside_scope(call, e) + 1 : 1; verb && up && !ok;
		up--) {
		ok = grant_form_directory(call, e, verb, width, up - 1, out);
	}
	return ok;
}

/* Runners whose tasks are texts of the project: without the text it is not known what is granted.
 */
static bool runs_a_text(const char *runner)
{
	static const char *const runners[] = { "npm", "pnpm", "yarn", "bun", "deno", "make",
		"gmake", "just", "mise", "task", "gradle", "gradlew", "./gradlew", "mvn", "mvnw",
		"rake", "composer", "poe", "tox", "nox", "invoke", "hatch", "pdm", "moon", "nx",
		"turbo", "lerna", "grunt", "gulp", "ninja", "cmake", "bazel", "earthly", "dagger" };
	for (size_t i = 0; i < COUNT_OF(runners); i++) {
		if (is(runner, runners[i])) {
			return true;
		}
	}
	return strchr(runner, '/');
}

static bool form_task(const struct policy_call *call, const struct effect *e,
	enum grant_width width, struct buf *out)
{
	if (!e->fact.text && runs_a_text(e->how)) {
		return false;
	}
	if (width == GRANT_EXACT) {
		return form_exact(call, e, out);
	}
	buf_text(out, "task");
	add_part(out, e->how);
	add_part(out, e->word);
	add_part(out, e->base);
	add_part(out, e->fact.text ? e->fact.text : "-");
	return width == GRANT_FORM;
}

/* The digits behind the host's last ":"; "" if there are none. */
static struct span port_of(const char *given)
{
	const char *scheme = strstr(given, "://");
	const char *host = scheme ? scheme + 3 : given;
	size_t len = strcspn(host, "/?#");
	while (len && strchr("0123456789", host[len - 1])) {
		len--;
	}
	bool has = len && host[len - 1] == ':';
	return has ? (struct span){ host + len, strspn(host + len, "0123456789") } : SPAN("");
}

static bool form_net(const struct policy_call *call, const struct effect *e, enum grant_width width,
	struct buf *out)
{
	const char *scheme = strstr(e->given, "://");
	if (width != GRANT_EXACT && !e->part && !e->word[0] && !scheme) {
		buf_text(out, "net"); /* a tool that goes to one service of its own: a search */
		add_part(out, e->given);
		add_field(out, call->tool);
		return width == GRANT_FORM;
	}
	if (width == GRANT_EXACT) {
		return form_exact(call, e, out);
	}
	buf_printf(out, "net %s", e->how);
	add_part(out, e->word);
	add_field(out, port_of(e->given));
	buf_char(out, ' ');
	for (const char *at = e->given; scheme && at < scheme; at++) {
		buf_char(out, *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at);
	}
	add_field(out, e->part ? SPAN("") : call->tool);
	return e->word[0] && width == GRANT_FORM && !strpbrk(e->given, " \t\r\n\\");
}

/* Everything that a wider form must say of these kinds is in their texts. */
static bool form_named(const struct policy_call *call, const struct effect *e,
	enum grant_width width, struct buf *out)
{
	if (width == GRANT_EXACT) {
		return form_exact(call, e, out);
	}
	if (width != GRANT_FORM && e->kind != EFFECT_CLOUD && e->kind != EFFECT_REMOTE) {
		return false;
	}
	buf_text(out, effect_kind_name(e->kind));
	switch (e->kind) {
	case EFFECT_REMOTE:
		add_part(out, e->how);
		add_field(out, call->server);
		add_part(out, e->word);
		add_part(out, width == GRANT_WIDE ? "..." : e->given); /* any tool of its sort */
		return !e->part || width != GRANT_WIDE;
	case EFFECT_PUSH:
	case EFFECT_BRANCH:
		add_part(out, e->how);
		add_part(out, e->given[0] ? e->given : e->fact.text);
		add_part(out, e->word);
		add_part(out, e->base);
		return true;
	case EFFECT_CLOUD:
		buf_char(out, ' ');
		return grant_words(call, e, width, out);
	default:
		return false;
	}
}

static bool form_of(const struct policy_call *call, const struct effect *effect,
	enum grant_width width, struct buf *out)
{
	switch (effect->kind) {
	case EFFECT_EXEC:
		return form_exec(call, effect, width, out);
	case EFFECT_READ:
	case EFFECT_WRITE:
	case EFFECT_DELETE:
		return form_path(call, effect, width, out);
	case EFFECT_TASK:
		return form_task(call, effect, width, out);
	case EFFECT_NET:
		return form_net(call, effect, width, out);
	case EFFECT_UNKNOWN:
		return false; /* its command's is the one */
	default:
		return form_named(call, effect, width, out);
	}
}

bool grant_form(const struct policy_call *call, const struct effect *effect, enum grant_width width,
	struct buf *out)
{
	size_t start = out->len;
	bool ok = !grant_never(call, effect) && form_of(call, effect, width, out);
	out->len = ok ? out->len : start;
	return ok;
}
