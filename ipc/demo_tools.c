/*
 * What the tools of the demo's servers do. The file tools have the names and arguments of the
 * filesystem server and really read and write, through demo_jail.c alone; install and push only
 * leave a line behind.
 *
 * Called by demo_server.c with arguments that are valid JSON and nothing else: every type is
 * checked here.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20, DEPTH_MAX = 8, FOUND_MAX = 200, EDITS_MAX = 64 };

/* NULL, with err set, if it is not a text. */
static char *text_argument(struct span object, const char *name, struct err *err)
{
	struct span value;
	if (json_type(object) != JSON_OBJECT || !json_member(object, name, &value) ||
		json_type(value) != JSON_STRING) {
		fail(err, DIAG_JSON, "%s: expected a text", name);
		return NULL;
	}
	return json_strdup(value);
}

/* ---- reading ---- */

static bool read_path(
	const struct demo_jail *jail, const char *path, struct buf *out, struct err *err)
{
	struct stat st;
	int fd = demo_jail_open(jail, path, O_RDONLY, err);
	if (fd < 0) {
		return false;
	}
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX;
	ssize_t n = ok ? 1 : 0;
	for (size_t room = ok ? (size_t)st.st_size : 0; n > 0 && room; room -= (size_t)n) {
		buf_room(out, room);
		n = read(fd, out->data + out->len, room);
		out->len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	return (ok && n >= 0) || fail(err, DIAG_PATHS, "%.200s: not a file that can be read", path);
}

static bool read_text_file(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	char *path = text_argument(arguments, "path", err);
	bool ok = path && read_path(jail, path, out, err);
	free(path);
	return ok;
}

static bool read_multiple_files(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	struct span list, key, item;
	if (!json_member(arguments, "paths", &list) || json_type(list) != JSON_ARRAY) {
		return fail(err, DIAG_JSON, "paths: expected a list");
	}
	struct json_walk walk = json_walk_of(list);
	bool ok = true;
	while (ok && json_next(&walk, &key, &item)) {
		char *path = json_strdup(item);
		buf_printf(out, "%s:\n", path ? path : "");
		ok = path && out->len < FILE_MAX
			? read_path(jail, path, out, err)
			: fail(err, DIAG_JSON, "paths: expected a few texts");
		buf_text(out, "\n---\n");
		free(path);
	}
	return ok;
}

static bool get_file_info(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	struct stat st;
	struct tm tm;
	char when[40] = "";
	char *path = text_argument(arguments, "path", err);
	int fd = path ? demo_jail_open(jail, path, O_RDONLY, err) : -1;
	bool ok = fd >= 0 && fstat(fd, &st) == 0;
	if (ok && gmtime_r(&st.st_mtime, &tm)) {
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
		buf_printf(out, "size: %lld\nmodified: %s\nisDirectory: %s\npermissions: %03o\n",
			(long long)st.st_size, when, S_ISDIR(st.st_mode) ? "true" : "false",
			(unsigned)(st.st_mode & 0777));
	}
	if (fd >= 0) {
		close(fd);
	}
	free(path);
	return ok;
}

/* ---- directories ---- */

static int open_entries(
	const struct demo_jail *jail, const char *path, struct dirent ***entries, struct err *err)
{
	int fd = demo_jail_open(jail, path, O_RDONLY | O_DIRECTORY, err);
	int count = fd >= 0 ? scandirat(fd, ".", entries, NULL, alphasort) : -1;
	if (fd >= 0 && count < 0) {
		fail(err, DIAG_PATHS, "%.200s: %s", path, strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
	return count;
}

static void free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++) {
		free(entries[i]);
	}
	if (count >= 0) {
		free(entries);
	}
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool list_directory(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	struct dirent **entries = NULL;
	char *path = text_argument(arguments, "path", err);
	int count = path ? open_entries(jail, path, &entries, err) : -1;
	for (int i = 0; i < count; i++) {
		if (!is_dots(entries[i]->d_name)) {
			buf_printf(out, "[%s] %s\n", entries[i]->d_type == DT_DIR ? "DIR" : "FILE",
				entries[i]->d_name);
		}
	}
	free_entries(entries, count);
	free(path);
	return count >= 0;
}

/* Appends the paths below `path` whose name fits; what is hidden is left out. */
static bool search(const struct demo_jail *jail, const char *path, const char *pattern,
	unsigned depth, struct buf *out, struct err *err)
{
	struct dirent **entries = NULL;
	int count = open_entries(jail, path, &entries, err);
	for (int i = 0; i < count && out->len < FOUND_MAX * 80; i++) {
		const char *name = entries[i]->d_name;
		char *full = strcmp(path, ".") == 0 ? xstrdup(name)
						    : xasprintf("%s/%s", path, name);
		struct err ignored;
		if (name[0] != '.' && fnmatch(pattern, name, 0) == 0) {
			buf_printf(out, "%s\n", full);
		}
		if (name[0] != '.' && entries[i]->d_type == DT_DIR && depth < DEPTH_MAX) {
			search(jail, full, pattern, depth + 1, out, &ignored);
		}
		free(full);
	}
	free_entries(entries, count);
	return count >= 0;
}

static bool search_files(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	char *path = text_argument(arguments, "path", err);
	char *pattern = path ? text_argument(arguments, "pattern", err) : NULL;
	bool ok = pattern && search(jail, path, pattern, 0, out, err);
	if (ok && !out->len) {
		buf_text(out, "No matches found\n");
	}
	free(path);
	free(pattern);
	return ok;
}

/* ---- writing ---- */

static bool write_path(
	const struct demo_jail *jail, const char *path, struct span content, struct err *err)
{
	struct stat st;
	int fd = demo_jail_open(jail, path, O_WRONLY | O_CREAT, err);
	if (fd < 0) {
		return false;
	}
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && ftruncate(fd, 0) == 0;
	while (ok && content.len) {
		ssize_t n = write(fd, content.at, content.len);
		ok = n > 0;
		content.at += ok ? n : 0;
		content.len -= ok ? (size_t)n : 0;
	}
	ok = close(fd) == 0 && ok;
	return ok || fail(err, DIAG_PATHS, "%.200s: could not be written", path);
}

static bool write_file(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	struct span value;
	struct buf content = { 0 };
	char *path = text_argument(arguments, "path", err);
	bool ok = path && json_member(arguments, "content", &value) &&
		json_type(value) == JSON_STRING;
	if (path && !ok) {
		fail(err, DIAG_JSON, "content: expected a text");
	}
	if (ok) {
		json_decode(value, &content);
		ok = write_path(jail, path, buf_view(&content), err);
		buf_printf(out, "Wrote %zu bytes to %s", content.len, path);
	}
	buf_finish(&content);
	free(path);
	return ok;
}

/* Replaces the first place where oldText stands, literally. */
static bool apply_edit(struct buf *text, struct span edit, struct err *err)
{
	struct buf whole = { 0 };
	char *old = text_argument(edit, "oldText", err),
	     *new = old ? text_argument(edit, "newText", err) : NULL;
	const char *at = new &&old[0] ? strstr(buf_cstr(text), old) : NULL;
	if (at) {
		buf_add(&whole, text->data, (size_t)(at - text->data));
		buf_text(&whole, new);
		buf_text(&whole, at + strlen(old));
		buf_finish(text);
		*text = whole;
	} else if (new) {
		fail(err, DIAG_JSON, "an edit does not apply: its oldText is not in the file");
	}
	free(old);
	free(new);
	return at;
}

static bool edit_file(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	struct span edits, key, edit;
	struct buf text = { 0 };
	unsigned count = 0;
	char *path = text_argument(arguments, "path", err);
	bool ok = path && read_path(jail, path, &text, err);
	if (ok && (!json_member(arguments, "edits", &edits) || json_type(edits) != JSON_ARRAY)) {
		ok = fail(err, DIAG_JSON, "edits: expected a list");
	}
	if (ok) {
		struct json_walk walk = json_walk_of(edits);
		while (ok && count < EDITS_MAX && json_next(&walk, &key, &edit)) {
			ok = apply_edit(&text, edit, err);
			count++;
		}
	}
	if (ok) {
		ok = write_path(jail, path, buf_view(&text), err);
		buf_printf(out, "Applied %u edits to %s", count, path);
	}
	buf_finish(&text);
	free(path);
	return ok;
}

/* ---- what is only pretended ---- */

static bool run_command(
	const struct demo_jail *jail, struct span arguments, struct buf *out, struct err *err)
{
	buf_text(out, "This is a demo: nothing was run; " DEMO_LOG " has a line instead.");
	return demo_jail_note(jail, "run_command", arguments, err);
}

#define SCHEMA(properties) "{\"type\":\"object\",\"properties\":{" properties "}}"
#define TEXT(name) "\"" name "\":{\"type\":\"string\"}"
#define LIST(name, of) "\"" name "\":{\"type\":\"array\",\"items\":{\"type\":\"" of "\"}}"

const struct demo_tool demo_tools[] = {
	{ "files", "read_text_file", "Reads a file", SCHEMA(TEXT("path")), read_text_file },
	{ "files", "read_multiple_files", "Reads several files", SCHEMA(LIST("paths", "string")),
		read_multiple_files },
	{ "files", "list_directory", "Lists a directory", SCHEMA(TEXT("path")), list_directory },
	{ "files", "search_files", "Finds files by name", SCHEMA(TEXT("path") "," TEXT("pattern")),
		search_files },
	{ "files", "get_file_info", "Size and time of a file", SCHEMA(TEXT("path")),
		get_file_info },
	{ "files", "write_file", "Writes a file", SCHEMA(TEXT("path") "," TEXT("content")),
		write_file },
	{ "files", "edit_file", "Edits a file", SCHEMA(TEXT("path") "," LIST("edits", "object")),
		edit_file },
	{ "shell", "run_command", "Runs a command", SCHEMA(TEXT("command")), run_command },
};
const size_t demo_tool_count = COUNT_OF(demo_tools);
