/*
 * The operands of git: pathspecs, revisions, objects, names of branches and remotes.
 *
 * Where git takes a revision or a path, the word counts as a path unless it can be nothing but a
 * revision: `git diff .env` shows a file, and `git diff A B` compares any two files if one of them
 * lies outside the repository. The path of REV:PATH counts as read, whatever the revision.
 */
#include "config.h"

#include "core/effects/commands_git.h"

#include <string.h>

static void read_path(
	struct git *git, const struct shell_word *like, const char *text, const char *how)
{
	struct shell_word word = { .text = text, .len = strlen(text) };
	if (text == like->text) {
		word = *like;
	}
	/* git itself expands patterns that the shell left alone */
	word.glob = word.glob || strpbrk(text, "*?[");
	command_path(git->line, EFFECT_READ, &word, how);
}

/* ":/x" is x from the top, ":!x" and ":(exclude)x" leave x out; other magic is not proven. NULL:
 * nothing is read. */
static bool magic_path(const char *text, const char **path)
{
	static const char exclude[] = ":(exclude)", top[] = ":(top)";
	*path = NULL;
	if (strncmp(text, exclude, sizeof exclude - 1) == 0 || text[1] == '!' || text[1] == '^') {
		return true;
	}
	if (strncmp(text, top, sizeof top - 1) == 0) {
		*path = text + sizeof top - 1;
		return true;
	}
	if (text[1] == '/') {
		*path = text + 2;
		return true;
	}
	return false;
}

bool git_pathspec(struct git *git, const struct shell_word *word, const char *how)
{
	const char *path = word->text;
	if (path[0] == ':') {
		if (!magic_path(word->text, &path)) {
			return false;
		}
		if (!path) {
			return true;
		}
	}
	read_path(git, word, *path ? path : ".", how);
	return true;
}

bool git_pathspecs(struct git *git, size_t from, const char *how)
{
	for (size_t i = from; i < git->count; i++) {
		if (!git_pathspec(git, git->operands[i], how)) {
			git_refuse(git, false, "%.60s is a form of path that is not known",
				git_operand(git, i));
			return false;
		}
	}
	return true;
}

static bool is_hash(const char *text, size_t len)
{
	return len >= 7 && len <= 64 && strspn(text, "0123456789abcdef") >= len;
}

static bool is_special(const char *text, size_t len)
{
	static const char *const names[] = { "@", "HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD",
		"CHERRY_PICK_HEAD", "REBASE_HEAD", "REVERT_HEAD" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strlen(names[i]) == len && strncmp(names[i], text, len) == 0) {
			return true;
		}
	}
	return false;
}

static bool looks_like_path(const char *text, size_t len)
{
	return len == 0 || strchr("/.~", text[0]) || memmem(text, len, "../", 3) ||
		memmem(text, len, "/..", 3);
}

/* Of a..b or a...b, which no name of a branch or tag may hold. */
static bool is_range(const char *text)
{
	const char *dots = strstr(text, "..");
	return dots && !strstr(text, "/..") && !strstr(text, "../");
}

bool git_only_revision(const char *text)
{
	text += text[0] == '^';
	if (looks_like_path(text, strlen(text))) {
		return false;
	}
	size_t base = strcspn(text, "^~@");
	if (base == 0 && text[0] == '@') {
		/* @, @{u}, @~2, @..main */
		return !text[1] || strchr("^~{", text[1]) || strncmp(text + 1, "..", 2) == 0;
	}
	if (is_special(text, base) || is_hash(text, base)) {
		/* HEAD, HEAD~, HEAD^2, 3f2a91c */
		return !text[base] || text[base] != '@' || text[base + 1] == '{';
	}
	if (is_range(text) || strchr(text, '^') || strstr(text, "@{")) {
		return true;
	}
	const char *back = strchr(text, '~');
	return back && back[1] >= '0' && back[1] <= '9';
}

/* The ":" between revision and path, not one inside of {...}; NULL: there is none. */
static const char *path_mark(const char *text)
{
	unsigned depth = 0;
	for (; *text; text++) {
		if (*text == '{') {
			depth++;
		} else if (*text == '}' && depth > 0) {
			depth--;
		} else if (*text == ':' && depth == 0) {
			return text;
		}
	}
	return NULL;
}

/* :N:path and :path are of the index, :/text is a commit by its message or a path from the top. */
static const char *index_path(const char *text)
{
	bool stage = text[1] >= '0' && text[1] <= '3' && text[2] == ':';
	return text + (stage ? 3 : text[1] == '/' ? 2 : 1);
}

bool git_revision(struct git *git, const struct shell_word *word)
{
	const char *text = word->text;
	if (text[0] == ':' && text[1] && strchr("(!^", text[1])) {
		return git_pathspec(git, word, "");
	}
	const char *mark = path_mark(text);
	if (mark && (mark == text || !looks_like_path(text, (size_t)(mark - text)))) {
		const char *path = mark == text ? index_path(text) : mark + 1;
		read_path(git, word, *path ? path : ".", *path ? "" : "list");
		if (mark == text || !memchr(text, '/', (size_t)(mark - text))) {
			return true;
		}
		/* a/b:c may be a file's name as well */
	}
	if (mark || !git_only_revision(text)) {
		read_path(git, word, *text ? text : ".", "");
	}
	return true;
}

bool git_revisions(struct git *git, size_t from)
{
	for (size_t i = from; i < git->before; i++) {
		const char *text = git_operand(git, i);
		/* in front of "--" stand only revisions, but for two files of `git diff` */
		if (git->dashed && !strchr(text, ':') && !looks_like_path(text, strlen(text)) &&
			strcmp(git->row->name, "diff") != 0) {
			continue;
		}
		if (!git_revision(git, git->operands[i])) {
			git_refuse(git, false, "%.60s is a form of path that is not known",
				git_operand(git, i));
			return false;
		}
	}
	return git_pathspecs(git, git->before > from ? git->before : from, "");
}

/* git-check-ref-format(1), and no name that could be read as something else. */
bool git_branch_name(struct span name)
{
	static const char *const never[] = { "refs/", "heads/", "tags/", "remotes/", ".", "/", "-",
		"@{" };
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		if (span_starts(name, never[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];
		bool twice = i > 0 && name.at[i - 1] == (char)c && (c == '.' || c == '/');
		bool hidden = c == '.' && i > 0 && name.at[i - 1] == '/';
		if (c <= ' ' || c == 127 || strchr("~^:?*[\\{", c) || twice || hidden) {
			return false;
		}
	}
	static const char lock[] = ".lock";
	bool locked = name.len >= 5 && memcmp(name.at + name.len - 5, lock, 5) == 0;
	return name.len > 0 && !locked && name.at[name.len - 1] != '/' &&
		name.at[name.len - 1] != '.' && !is_special(name.at, name.len);
}

bool git_remote_name(const char *text)
{
	return text[0] && text[0] != '-' && text[0] != '.' &&
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		strlen(text);
}
