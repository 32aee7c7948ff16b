/*
 * Reads a package's spec as its manager would, and compares its name with those that are used most.
 *
 * Promises: pure, bounded by the length of a name and of the lists. Knows nothing of what a package
 * does. Called for the preview of an install.
 */
#include "config.h"

#include "core/policy/packages.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/packages_crates.h"
#include "core/policy/packages_npm.h"
#include "core/policy/packages_pypi.h"

struct registry {
	const char *managers; /* separated by spaces */
	const char *const *names;
	size_t count;
	bool folds; /* "_" and "." are "-" in a name */
};

// clang-format off
static const struct registry registries[] = {
	{ " npm pnpm yarn bun npx bunx pnpx ", packages_npm, COUNT_OF(packages_npm), false },
	{ " pip pipx uv poetry pipenv pdm conda ", packages_pypi, COUNT_OF(packages_pypi), true },
	{ " cargo ", packages_crates, COUNT_OF(packages_crates), false },
};
// clang-format on

/* Managers that run no code of a package unless they are told to. */
static const char quiet_managers[] = " pnpm bun go composer dotnet nuget docker helm terraform ";

static bool among(const char *managers, const char *manager)
{
	char padded[32];
	snprintf(padded, sizeof(padded), " %.28s ", manager);
	return strstr(managers, padded) != NULL;
}

static const struct registry *registry_of(const char *manager)
{
	for (size_t i = 0; i < COUNT_OF(registries); i++) {
		if (among(registries[i].managers, manager)) {
			return &registries[i];
		}
	}
	return NULL;
}

/* ---- the spec ---- */

static enum package_source source_of(const char *spec)
{
	static const char *const git[] = { "git+", "git:", "git@",
		"github:", "gitlab:", "bitbucket:", "gist:" };
	for (size_t i = 0; i < COUNT_OF(git); i++) {
		if (strncmp(spec, git[i], strlen(git[i])) == 0 ||
			(strchr(spec, '@') != NULL && strstr(spec, git[i]) != NULL)) {
			return FROM_GIT;
		}
	}
	if (strstr(spec, "@npm:") != NULL || strncmp(spec, "npm:", 4) == 0) {
		return FROM_ALIAS;
	}
	if (strstr(spec, "://") != NULL) {
		return span_ends(span_of(spec), ".git") ? FROM_GIT : FROM_URL;
	}
	if (strchr("./~", spec[0]) != NULL || strncmp(spec, "file:", 5) == 0 ||
		strncmp(spec, "link:", 5) == 0 || span_ends(span_of(spec), ".tgz") ||
		span_ends(span_of(spec), ".tar.gz") || span_ends(span_of(spec), ".whl")) {
		return FROM_PATH;
	}
	return spec[0] != '@' && strchr(spec, '/') != NULL && strchr(spec, '#') != NULL
		? FROM_GIT
		: FROM_REGISTRY;
}

static enum package_pin pin_of(const char *version)
{
	version += strspn(version, "@= ");
	version += *version == 'v' && isdigit((unsigned char)version[1]);
	if (*version == 0) {
		return PIN_NONE;
	}
	if (isalpha((unsigned char)*version)) {
		return PIN_TAG;
	}
	if (strpbrk(version, "<>^~*|, !") != NULL || !isdigit((unsigned char)*version)) {
		return PIN_RANGE;
	}
	size_t dots = 0;
	for (const char *at = version; *at != 0 && *at != '-' && *at != '+'; at++) {
		dots += *at == '.';
	}
	return dots >= 2 ? PIN_EXACT : PIN_RANGE;
}

/* Splits "name@1.2", "@scope/name@^1", "name[extra]==1.2", "name>=1". */
static void read_spec(const char *spec, const struct registry *registry, struct package_facts *out)
{
	bool folds = registry != NULL && registry->folds;
	size_t scope = spec[0] == '@';
	size_t len = scope + strcspn(spec + scope, folds ? "@[=<>~! ;" : "@[=<>~! ;^");
	const char *version = spec + len;
	if (*version == '[') {
		version += strcspn(version, "]");
		version += *version == ']';
	}
	bool equals = version[0] == '=' && version[1] == '=';
	out->pin = pin_of(version);
	if (equals && out->pin == PIN_RANGE && strpbrk(version, "*,<>") == NULL) {
		out->pin = PIN_EXACT; /* of pip, "==2" is one version */
	}
	if (len > PACKAGE_NAME_MAX) {
		len = PACKAGE_NAME_MAX;
		out->strange = true;
	}
	memcpy(out->name, spec, len);
	out->name[len] = 0;
}

/* As the registry compares names. */
static void fold_name(char *name, bool folds)
{
	for (; *name != 0; name++) {
		*name = (char)tolower((unsigned char)*name);
		if (folds && (*name == '_' || *name == '.')) {
			*name = '-';
		}
	}
}

static bool is_strange(const char *name)
{
	for (; *name != 0; name++) {
		if (!isalnum((unsigned char)*name) && strchr("@/-_.~+:", *name) == NULL) {
			return true;
		}
	}
	return false;
}

/* ---- names that look like others ---- */

static int compare_names(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

static const char *find_name(const struct registry *registry, const char *name)
{
	const char *const *found = bsearch(
		name, registry->names, registry->count, sizeof(*registry->names), compare_names);
	return found == NULL ? NULL : *found;
}

enum { DISTANCE_MAX = 64 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters are changed, added, left out or swapped with their neighbour. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][DISTANCE_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];
	for (size_t j = 0; j <= b_len; j++) {
		above[j] = (unsigned)j;
	}
	for (size_t i = 1; i <= a_len; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned change = above[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = least(change, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
				row[j] = least(row[j], before[j - 2] + 1);
			}
		}
		unsigned *spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[b_len];
}

/* The name without separators and scope mark, with digits that look like letters as these. */
static void skeleton(const char *name, char *out)
{
	for (; *name != 0; name++) {
		if (strchr("-_.@/", *name) != NULL) {
			continue;
		}
		*out++ = *name == '0' ? 'o' : *name == '1' ? 'l' : *name;
	}
	*out = 0;
}

static const char *same_skeleton(const struct registry *registry, const char *name)
{
	char mine[PACKAGE_NAME_MAX + 1], other[PACKAGE_NAME_MAX + 1];
	skeleton(name, mine);
	for (size_t i = 0; i < registry->count; i++) {
		skeleton(registry->names[i], other);
		if (strcmp(mine, other) == 0) {
			return registry->names[i];
		}
	}
	return NULL;
}

/* "node-x", "x-js", "xs" of a much used x. */
static const char *without_affix(const struct registry *registry, const char *name)
{
	static const char *const prefixes[] = { "node-", "py-", "python-", "js-", "rust-",
		"python3-", "npm-", "lib", "the-", "py" };
	static const char *const suffixes[] = { "-js", ".js", "-node", "-py", "-python", "-rs",
		"js", "s", "-lib", "-core", "-cli", "-dev", "-utils", "2", "3", "py", "-sdk",
		"-client", "-api", "-official" };
	char rest[PACKAGE_NAME_MAX + 1];
	const char *found = NULL;
	size_t len = strlen(name);
	for (size_t i = 0; found == NULL && i < COUNT_OF(prefixes); i++) {
		size_t n = strlen(prefixes[i]);
		if (len > n + 3 && strncmp(name, prefixes[i], n) == 0) {
			found = find_name(registry, name + n);
		}
	}
	for (size_t i = 0; found == NULL && i < COUNT_OF(suffixes); i++) {
		size_t n = strlen(suffixes[i]);
		if (len > n + 3 && span_ends(span_of(name), suffixes[i])) {
			snprintf(rest, sizeof(rest), "%.*s", (int)(len - n), name);
			found = find_name(registry, rest);
		}
	}
	if (found == NULL && len > 3 && len < PACKAGE_NAME_MAX) {
		snprintf(rest, sizeof(rest), "%.*ss", (int)len, name);
		found = find_name(registry, rest);
	}
	return found;
}

/* "@other/react" for react. */
static const char *other_scope(const struct registry *registry, const char *name)
{
	const char *slash = name[0] == '@' ? strchr(name, '/') : NULL;
	return slash == NULL ? NULL : find_name(registry, slash + 1);
}

static const char *nearest(const struct registry *registry, const char *name, unsigned *apart)
{
	size_t len = strlen(name);
	const char *best = NULL;
	*apart = len >= 9 ? 3 : len >= 5 ? 2 : 0;
	if (len > DISTANCE_MAX) {
		return NULL;
	}
	for (size_t i = 0; i < registry->count; i++) {
		size_t other = strlen(registry->names[i]);
		size_t gap = len > other ? len - other : other - len;
		if (other < 5 || other > DISTANCE_MAX || gap >= *apart) {
			continue;
		}
		unsigned now = distance(name, len, registry->names[i], other);
		if (now < *apart) {
			*apart = now;
			best = registry->names[i];
		}
	}
	return best;
}

static void say_likeness(const struct registry *registry, struct package_facts *out)
{
	unsigned apart;
	if ((out->like = same_skeleton(registry, out->name)) != NULL) {
		out->why = "only separators or digits for letters differ";
	} else if ((out->like = other_scope(registry, out->name)) != NULL) {
		out->why = "the same name under another scope";
	} else if ((out->like = without_affix(registry, out->name)) != NULL) {
		out->why = "only an ending or a beginning was added";
	} else if ((out->like = nearest(registry, out->name, &apart)) != NULL) {
		out->why = apart == 1 ? "one letter differs" : "two letters differ";
	}
}

/* ---- the manifest ---- */

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || strchr("-_.@/", c) != NULL;
}

/* As a word of its own; letters' case and separators as the registry compares them. */
static bool names_package(struct span text, const char *name, bool folds)
{
	size_t len = strlen(name);
	for (size_t i = 0; len > 0 && i + len <= text.len; i++) {
		size_t n = 0;
		while (n < len) {
			char c[2] = { text.at[i + n], 0 };
			if (c[0] == 0) {
				break;
			}
			fold_name(c, folds);
			if (c[0] != name[n]) {
				break;
			}
			n++;
		}
		bool begins = i == 0 || !in_name(text.at[i - 1]);
		bool ends = i + len == text.len || text.at[i + len] == 0 ||
			!in_name(text.at[i + len]);
		if (n == len && begins && ends) {
			return true;
		}
	}
	return false;
}

void package_say(const char *manager, const char *word, const char *spec, struct span manifest,
	struct package_facts *out)
{
	const struct registry *registry = registry_of(manager);
	*out = (struct package_facts){ .global = strcmp(word, "global") == 0,
		.scripts = !among(quiet_managers, manager),
		.ranked = registry != NULL,
		.manifest = manifest.at != NULL };
	if (spec[0] == 0) {
		return;
	}
	out->source = source_of(spec);
	if (out->source != FROM_REGISTRY && out->source != FROM_ALIAS) {
		return;
	}
	read_spec(spec, registry, out);
	bool folds = registry != NULL && registry->folds;
	fold_name(out->name, folds);
	out->strange = out->strange || is_strange(out->name);
	out->known = out->manifest && names_package(manifest, out->name, folds);
	if (registry != NULL && out->name[0] != 0) {
		out->popular = find_name(registry, out->name) != NULL;
		if (!out->popular) {
			say_likeness(registry, out);
		}
	}
}

/* ---- words ---- */

static void add(char *out, size_t size, const char *words)
{
	size_t len = strlen(out);
	if (words[0] != 0 && len < size) {
		snprintf(out + len, size - len, "%s%s", len > 0 ? "; " : "", words);
	}
}

void package_words(const struct package_facts *facts, char *out, size_t size)
{
	static const char *const sources[] = {
#define X(id, words) words,
		PACKAGE_SOURCES(X)
#undef X
	};
	static const char *const pins[] = {
#define X(id, words) words,
		PACKAGE_PINS(X)
#undef X
	};
	char like[PACKAGE_NAME_MAX + 80];
	out[0] = 0;
	if (facts->strange) {
		add(out, size, "its name has characters that no package's has");
	}
	if (facts->like != NULL) {
		snprintf(like, sizeof(like), "looks like \"%s\": %s", facts->like, facts->why);
		add(out, size, like);
	} else if (facts->name[0] != 0 && facts->ranked) {
		add(out, size,
			facts->popular ? "a much used package"
				       : "not among those used most, and may not exist");
	}
	add(out, size, sources[facts->source]);
	if (facts->name[0] != 0) {
		add(out, size, pins[facts->pin]);
	}
	if (facts->manifest && facts->name[0] != 0) {
		add(out, size, facts->known ? "already in the manifest" : "new to the manifest");
	}
	add(out, size, facts->global ? "for the whole system" : "");
	add(out, size, facts->scripts ? "may run code as it installs" : "");
}
