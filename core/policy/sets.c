/*
 * The built-in sets of paths.
 *
 * Promises: a name is in a set in every spelling that some file system or program takes for it; no
 * memory is taken; a path costs less than a microsecond. A path that cannot be folded is in secret
 * and control. Does not know where anything lies: that is a fact. Called by judgement, by the
 * checks of rule files, and by what reads globs of commands.
 */
#include "config.h"

#include "core/policy/sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDED_MAX = 4352 /* of a path of PATH_MAX that grows a little */ };

enum row_kind { ROW_UNDER, ROW_INNER, ROW_NAME, ROW_HEAD, ROW_DATA, ROW_TAIL, ROW_PAIR, ROW_PATH };

#define BITS_S SET_SECRET
#define BITS_C SET_CONTROL
#define BITS_SC (SET_SECRET | SET_CONTROL)
#define BITS_T SET_TASK
#define BITS_B SET_BUILD

struct row {
	unsigned char sets, len;
	const char *name, *dir; /* `dir` of INNER and PAIR */
};

/* One array a kind, all from the one table. */
#define UNDER(sets, name)
#define INNER(sets, dir, name)
#define NAME(sets, name)
#define HEAD(sets, head)
#define DATA(sets, head)
#define TAIL(sets, tail)
#define PAIR(sets, dir, head)
#define PATH(sets, glob)
#define NOT(sets, glob)
#define ROW(sets, name) { BITS_##sets, sizeof(name) - 1, name, NULL },
#define ROW_IN(sets, dir, name) { BITS_##sets, sizeof(name) - 1, name, dir },

#undef UNDER
#define UNDER(sets, name) ROW(sets, name)
static const struct row under[] = {
#include "core/policy/sets_table.h"
};
#undef UNDER
#define UNDER(sets, name)

#undef INNER
#define INNER(sets, dir, name) ROW_IN(sets, dir, name)
static const struct row inner[] = {
#include "core/policy/sets_table.h"
};
#undef INNER
#define INNER(sets, dir, name)

#undef NAME
#define NAME(sets, name) ROW(sets, name)
static const struct row names[] = {
#include "core/policy/sets_table.h"
};
#undef NAME
#define NAME(sets, name)

#undef HEAD
#define HEAD(sets, head) ROW(sets, head)
static const struct row heads[] = {
#include "core/policy/sets_table.h"
};
#undef HEAD
#define HEAD(sets, head)

#undef DATA
#define DATA(sets, head) ROW(sets, head)
static const struct row datas[] = {
#include "core/policy/sets_table.h"
};
#undef DATA
#define DATA(sets, head)

#undef TAIL
#define TAIL(sets, tail) ROW(sets, tail)
static const struct row tails[] = {
#include "core/policy/sets_table.h"
};
#undef TAIL
#define TAIL(sets, tail)

#undef PAIR
#define PAIR(sets, dir, head) ROW_IN(sets, dir, head)
static const struct row pairs[] = {
#include "core/policy/sets_table.h"
};
#undef PAIR
#define PAIR(sets, dir, head)

#undef PATH
#define PATH(sets, glob) ROW(sets, glob)
static const struct row globs[] = {
#include "core/policy/sets_table.h"
};
#undef PATH
#define PATH(sets, glob)

#undef NOT
#define NOT(sets, glob) ROW(sets, glob)
static const struct row nots[] = {
#include "core/policy/sets_table.h"
};
#undef NOT
#undef UNDER
#undef INNER
#undef NAME
#undef HEAD
#undef DATA
#undef TAIL
#undef PAIR
#undef PATH

/* And once more as lines for people. */
#define WORD_S "secret "
#define WORD_C "control "
#define WORD_SC "secret+control "
#define WORD_T "task "
#define WORD_B "build "
#define UNDER(sets, name) WORD_##sets "**/" name "/**",
#define INNER(sets, dir, name) WORD_##sets "**/" dir "/" name "/**",
#define NAME(sets, name) WORD_##sets name,
#define HEAD(sets, head) WORD_##sets head "*",
#define DATA(sets, head) WORD_##sets head "*.{json,yaml,toml,…}",
#define TAIL(sets, tail) WORD_##sets "*" tail,
#define PAIR(sets, dir, head) WORD_##sets "**/" dir "/" head "*",
#define PATH(sets, glob) WORD_##sets glob,
#define NOT(sets, glob) "not-" WORD_##sets glob,
static const char *const lines[] = {
#include "core/policy/sets_table.h"
};

static const char *const data_extensions[] = { "json", "yaml", "yml", "toml", "ini", "txt", "xml",
	"csv", "properties", "conf", "cfg", "env", "enc", "gpg", "asc", "p12", "bin", "dat", "db",
	"sqlite", "plist", "json5", "jsonc", "tfvars", "sops", "age", NULL };

/* Sorted. */
static const char *const source_extensions[] = { "adoc", "astro", "c", "cc", "cjs", "clj", "cpp",
	"cs", "css", "cts", "cxx", "dart", "el", "erl", "ex", "exs", "fs", "go", "graphql", "h",
	"hpp", "hs", "html", "java", "jl", "js", "jsx", "kt", "kts", "less", "lua", "m", "md",
	"mdx", "mjs", "ml", "mm", "mts", "nim", "php", "png", "proto", "py", "pyi", "rb", "rs",
	"rst", "sass", "scala", "scss", "snap", "svelte", "svg", "swift", "ts", "tsx", "vue",
	"zig" };

/* What stands behind the last dot; empty if nothing stands before it. */
static struct span extension_of(struct span name)
{
	for (size_t i = name.len; i > 1; i--) {
		if (name.at[i - 1] == '.') {
			return (struct span){ name.at + i, name.len - i };
		}
	}
	return (struct span){ name.at + name.len, 0 };
}

static bool is_source(struct span name)
{
	struct span extension = extension_of(name);
	size_t low = 0, high = COUNT_OF(source_extensions);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *row = source_extensions[middle];
		int order = strncmp(extension.at, row, extension.len);
		if (!order && !row[extension.len]) {
			return true;
		}
		if (order > 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return false;
}

static bool has_head(struct span name, const struct row *row)
{
	return name.len >= row->len && name.at[0] == row->name[0] &&
		memcmp(name.at, row->name, row->len) == 0;
}

static bool has_tail(struct span name, const struct row *row)
{
	return name.len >= row->len && name.at[name.len - 1] == row->name[row->len - 1] &&
		memcmp(name.at + name.len - row->len, row->name, row->len) == 0;
}

static int compare(struct span name, const struct row *row)
{
	size_t n = name.len < row->len ? name.len : row->len;
	int difference = memcmp(name.at, row->name, n);
	return difference ? difference : (name.len > row->len) - (name.len < row->len);
}

static unsigned look_up(struct span name, const struct row *rows, size_t count)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(name, &rows[middle]);
		if (!order) {
			return rows[middle].sets;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return 0;
}

/* The short names that Windows gives: up to six letters of the name without its dots, "~", a
 * number. */
static bool is_short_of(struct span name, size_t tilde, const struct row *row)
{
	size_t n = 0, i = 0;
	for (; i < row->len && n < tilde; i++) {
		if (row->name[i] != '.') {
			if (row->name[i] != name.at[n]) {
				return false;
			}
			n++;
		}
	}
	bool whole = i == row->len || row->name[i] == '.' || tilde == 6;
	return n == tilde && n > 1 && whole;
}

static unsigned short_name_sets(struct span name)
{
	const char *mark = memchr(name.at, '~', name.len < 8 ? name.len : 8);
	size_t tilde = mark ? (size_t)(mark - name.at) : 0;
	unsigned sets = 0;
	if (!tilde || tilde > 6 || tilde + 1 >= name.len || mark[1] < '0' || mark[1] > '9') {
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(under); i++) {
		bool dotted = under[i].name[0] == '.';
		sets |= dotted && is_short_of(name, tilde, &under[i]) ? under[i].sets : 0;
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		bool dotted = names[i].name[0] == '.';
		sets |= dotted && is_short_of(name, tilde, &names[i]) ? names[i].sets : 0;
	}
	return sets | (has_head(name, &(struct row){ .len = 3, .name = "env" }) ? BITS_SC : 0);
}

static unsigned inner_sets(struct span dir, struct span name)
{
	unsigned sets = 0;
	for (size_t i = 0; dir.at && i < COUNT_OF(inner); i++) {
		sets |= name.at[0] == inner[i].name[0] && span_is(name, inner[i].name) &&
				span_is(dir, inner[i].dir)
			? inner[i].sets
			: 0;
	}
	return sets;
}

/* `source`: a file of program text, which is no secret because of words in its name. */
static unsigned last_sets(struct span path, struct span dir, struct span name, bool source)
{
	unsigned sets = look_up(name, names, COUNT_OF(names));
	unsigned no = source ? SET_SECRET : 0;
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		bool dotted = heads[i].name[0] == '.';
		sets |= has_head(name, &heads[i]) ? heads[i].sets & ~(dotted ? 0 : no) : 0;
	}
	for (size_t i = 0; i < COUNT_OF(datas); i++) {
		sets |= has_head(name, &datas[i]) && span_in(extension_of(name), data_extensions)
			? datas[i].sets
			: 0;
	}
	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		const struct row *row = &tails[i];
		sets |= has_tail(name, row) ? row->sets & ~no : 0;
	}
	for (size_t i = 0; dir.at && i < COUNT_OF(pairs); i++) {
		sets |= span_is(dir, pairs[i].dir) && has_head(name, &pairs[i]) ? pairs[i].sets : 0;
	}
	for (size_t i = 0; i < COUNT_OF(globs); i++) {
		const char *glob = globs[i].name;
		bool whole = glob[0] == '/';
		bool near = whole ? path.len > 1 && path.at[1] == glob[1]
				  : glob[0] == '*' || name.at[0] == glob[0];
		sets |= near && glob_match((struct span){ glob, globs[i].len }, path)
			? globs[i].sets
			: 0;
	}
	return sets;
}

static unsigned without_exceptions(unsigned sets, struct span path)
{
	for (size_t i = 0; sets && i < COUNT_OF(nots); i++) {
		if ((sets & nots[i].sets) &&
			glob_match((struct span){ nots[i].name, nots[i].len }, path)) {
			sets &= ~(unsigned)nots[i].sets;
		}
	}
	return sets;
}

unsigned sets_of_folded(struct span path)
{
	struct span dir = { 0 }, name = { 0 };
	const char *end = path.at + path.len;
	unsigned sets = 0;
	/* Of directories on the way; that a source lies below "secrets" makes it none. */
	unsigned named_secret = 0;
	for (const char *at = path.at; at < end;) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		struct span part = { at, (size_t)((slash ? slash : end) - at) };
		at = slash ? slash + 1 : end;
		const char *colon = memchr(part.at, ':', part.len); /* a stream of NTFS */
		part.len = colon && colon > part.at ? (size_t)(colon - part.at) : part.len;
		if (!part.len) {
			continue;
		}
		dir = name;
		name = part;
		unsigned found = look_up(part, under, COUNT_OF(under)) | inner_sets(dir, part);
		found |= memchr(part.at, '~', part.len) ? short_name_sets(part) : 0;
		*(part.at[0] == '.' ? &sets : &named_secret) |= found;
	}
	if (!name.at) {
		return 0;
	}
	bool source = is_source(name);
	sets |= named_secret & ~(source ? (unsigned)SET_SECRET : 0);
	return without_exceptions(sets | last_sets(path, dir, name, source), path);
}

unsigned sets_of_folded_tree(struct span path)
{
	while (path.len && path.at[path.len - 1] == '/') {
		path.len--;
	}
	const char *end = path.at + path.len, *start = end;
	while (start > path.at && start[-1] != '/') {
		start--;
	}
	unsigned sets = 0;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct span dir = { start, (size_t)(end - start) };
		bool config = strncmp(pairs[i].name, "config", 6) == 0;
		sets |= config && span_is(dir, pairs[i].dir) ? pairs[i].sets : 0;
	}
	return sets;
}

unsigned path_sets(struct span path)
{
	char folded[FOLDED_MAX];
	if (!path_fold(path, folded, sizeof(folded))) {
		return SET_SECRET | SET_CONTROL;
	}
	return sets_of_folded(span_of(folded));
}

/* ---- patterns of a shell ---- */

/* The literal beginning and end of a component's pattern. */
static void literal_ends(struct span part, struct span *head, struct span *tail)
{
	size_t first = 0, last = part.len;
	while (first < part.len && !strchr("*?[", part.at[first])) {
		first++;
	}
	while (last > first && !strchr("*?]", part.at[last - 1])) {
		last--;
	}
	*head = (struct span){ part.at, first };
	*tail = (struct span){ part.at + last, part.len - last };
}

static bool heads_agree(struct span head, const char *name, size_t len)
{
	size_t n = head.len < len ? head.len : len;
	return memcmp(head.at, name, n) == 0 && (head.len || name[0] != '.');
}

static bool tails_agree(struct span tail, const char *name, size_t len)
{
	size_t n = tail.len < len ? tail.len : len;
	return memcmp(tail.at + tail.len - n, name + len - n, n) == 0;
}

/* A pattern that begins with letters of its own is not written for "…credentials.json", but may
 * well find a.pem. */
static bool is_near(struct span head, const struct row *row)
{
	return head.len < 3 || strrchr(row->name, '.') == row->name;
}

static bool may_be_row(struct span head, struct span tail, const struct row *rows, size_t count,
	bool check_head, bool check_tail)
{
	for (size_t i = 0; i < count; i++) {
		if ((rows[i].sets & SET_SECRET) && (check_head || is_near(head, &rows[i])) &&
			(!check_head || heads_agree(head, rows[i].name, rows[i].len)) &&
			(!check_tail || tails_agree(tail, rows[i].name, rows[i].len))) {
			return true;
		}
	}
	return false;
}

static bool may_be_pair(const char *folded, struct span head)
{
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		if ((pairs[i].sets & SET_SECRET) && strstr(folded, pairs[i].dir) &&
			heads_agree(head, pairs[i].name, pairs[i].len)) {
			return true;
		}
	}
	return false;
}

/* A directory's pattern with letters of its own ("sec*") may name one that holds secrets. */
static bool may_be_under(const char *folded)
{
	const char *slash;
	for (const char *at = folded; (slash = strchr(at, '/')); at = slash + 1) {
		struct span part = { at, (size_t)(slash - at) };
		bool literal = strcspn(at, "*?[/") < part.len && strspn(at, "*?") < part.len;
		for (size_t i = 0; literal && i < COUNT_OF(under); i++) {
			if ((under[i].sets & SET_SECRET) &&
				glob_match(part, (struct span){ under[i].name, under[i].len })) {
				return true;
			}
		}
	}
	return false;
}

static bool may_be_secret(const char *folded)
{
	struct span head, tail;
	const char *slash = strrchr(folded, '/');
	struct span name = span_of(slash ? slash + 1 : folded);
	if (sets_of_folded(span_of(folded)) & SET_SECRET || may_be_under(folded)) {
		return true;
	}
	bool wild = strspn(name.at, "*") == name.len;
	if (wild && strspn(folded, "*/") < (size_t)(name.at - folded)) {
		return false; /* all of a directory that has a name */
	}
	literal_ends(name, &head, &tail);
	if (head.len == name.len) {
		return false; /* no pattern */
	}
	if (is_source(tail.len && tail.at[0] == '.' ? (struct span){ tail.at - 1, tail.len + 1 }
						    : tail)) {
		return heads_agree(head, ".env.", 5) && head.len;
	}
	struct span extension = extension_of(
		(struct span){ tail.at - (tail.at > folded), tail.len + (tail.at > folded) });
	bool data = !extension.len || span_in(extension, data_extensions);
	return may_be_row(head, tail, names, COUNT_OF(names), true, true) ||
		((data || head.len) &&
			may_be_row(head, tail, heads, COUNT_OF(heads), true, false)) ||
		(data && may_be_row(head, tail, datas, COUNT_OF(datas), true, false)) ||
		may_be_row(head, tail, tails, COUNT_OF(tails), false, true) ||
		may_be_pair(folded, head) || heads_agree(head, ".bash_history", 13);
}

/* Every alternative of "*.{key,pem}"; with braces in braces, or too many: it may. */
bool sets_pattern_may_be_secret(struct span pattern)
{
	char folded[FOLDED_MAX], one[FOLDED_MAX];
	if (!path_fold(pattern, folded, sizeof(folded))) {
		return true;
	}
	const char *open = strchr(folded, '{'), *close = open ? strchr(open, '}') : NULL;
	if (!open) {
		return may_be_secret(folded);
	}
	if (!close || strchr(open + 1, '{')) {
		return true;
	}
	for (const char *at = open + 1; at <= close;) {
		size_t n = strcspn(at, ",}");
		snprintf(one, sizeof(one), "%.*s%.*s%s", (int)(open - folded), folded, (int)n, at,
			close + 1);
		if (may_be_secret(one)) {
			return true;
		}
		at += n + 1;
	}
	return false;
}

const char *path_sets_line(size_t i)
{
	return i < COUNT_OF(lines) ? lines[i] : NULL;
}
