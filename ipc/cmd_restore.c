/*
 * `bascule restore`: puts back what stood in the files that a call wrote, in this process and with
 * its rights. Shows the difference first and asks; a file that somebody else has changed since, or
 * that a link leads to now, is left. The broker records it before anything is written: without its
 * word nothing is, and it gives none to what an agent has started.
 */
#include "config.h"

#include "ipc/cmd.h"

#include "core/diag.h"
#include "core/diff.h"
#include "core/jsonw.h"
#include "core/store.h"
#include "ipc/ask.h"
#include "ipc/before.h"
#include "ipc/paths.h"
#include "ipc/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_COLUMNS = 400 };

struct file {
	struct file *next;
	char *path, *why; /* why: it was kept without its content; NULL: with it */
	bool absent; /* there was none */
	mode_t mode;
	struct buf content;
	struct hash after;
	struct replace now;
	const char *state; /* what becomes of it: "waits", "same", "refused", "restored" */
	struct err err; /* of "refused" */
};

struct restore {
	const char *root, *number_text, *only, *fd_text;
	bool yes, json, print, verbose;
	int64_t number;
	struct paths paths;
	int fd;
	bool greeted;
	struct file *first, **last;
};

/* ---- what was kept ---- */

static bool take(void *data, const struct store_before *b)
{
	struct restore *r = data;
	char *path = span_dup(b->path);
	if (r->only && strcmp(path, r->only) != 0) {
		free(path);
		return true;
	}
	struct file *file = xcalloc(1, sizeof(*file));
	file->path = path;
	file->why = b->why.len ? span_dup(b->why) : NULL;
	file->absent = span_is(b->state, "absent");
	file->mode = (mode_t)b->mode & 0777;
	file->after = b->after;
	file->now.dir = -1;
	buf_span(&file->content, b->content.at ? b->content : SPAN(""));
	*r->last = file;
	r->last = &file->next;
	return true;
}

static bool load(struct restore *r, struct err *err)
{
	struct store *s = store_open(r->paths.detail, true, 0, NULL, err);
	bool ok = s && store_befores(s, r->number, take, r, err);
	store_close(s);
	if (ok && !r->first) {
		return fail(err, DIAG_NONE,
			"nothing is kept that call %lld wrote over%s; what commands and an agent's "
			"own tools change is not kept",
			(long long)r->number, r->only ? " in that file" : "");
	}
	return ok;
}

static struct span content_of(const struct file *file)
{
	return file->content.len ? buf_view(&file->content) : SPAN("");
}

/* ---- as it is now ---- */

static struct hash hash_now(const struct file *file)
{
	return file->now.exists ? file->now.id.hash : before_absent();
}

static struct hash hash_before(const struct file *file)
{
	return file->absent ? before_absent() : hash_of(content_of(file));
}

static bool look(struct file *file)
{
	static const struct hash unknown;
	struct err *err = &file->err;
	if (file->why) {
		return fail(err, DIAG_FILE, "cannot be restored: %s", file->why);
	}
	if (hash_same(&file->after, &unknown)) {
		return fail(err, DIAG_FILE, "cannot be restored: what the call left is not known");
	}
	if (!replace_read(&file->now, file->path, err)) {
		return false;
	}
	if (strcmp(file->now.file, file->path) != 0) {
		return fail(err, DIAG_FILE, "a link leads elsewhere now; it is left");
	}
	struct hash now = hash_now(file), before = hash_before(file);
	if (hash_same(&now, &before)) {
		file->state = "same";
		return true;
	}
	if (!hash_same(&now, &file->after)) {
		return fail(err, DIAG_FILE_CHANGED,
			"changed since by somebody else; it is left (--print writes what stood "
			"there before)");
	}
	return replace_may(&file->now, err);
}

/* ---- showing ---- */

static void print_safe(const char *before, struct span text, const char *after)
{
	struct safe_text safe = safe_make(text, SAFE_ONE_LINE);
	struct safe_text clipped = safe_clip(&safe, LINE_COLUMNS);
	printf("%s%s%s", before, safe_cstr(&clipped), after);
	safe_finish(&clipped);
	safe_finish(&safe);
}

static void print_hunk(const struct diff *diff, const struct diff_hunk *hunk)
{
	printf("@@ -%u,%u +%u,%u @@\n", hunk->old_start, hunk->old_count, hunk->new_start,
		hunk->new_count);
	for (size_t i = hunk->first; i < hunk->first + hunk->count; i++) {
		const char sign[] = { (char)diff->lines[i].sign, '\0' };
		print_safe(sign, diff->lines[i].text, "\n");
		if (diff->lines[i].no_newline) {
			printf("\\ No newline at end of file\n");
		}
	}
}

static void print_diff(const struct file *file)
{
	struct diff diff;
	struct span none = { 0 };
	struct span now = file->now.bytes.len ? buf_view(&file->now.bytes) : SPAN("");
	diff_make(&diff, file->now.exists ? now : none, file->absent ? none : content_of(file),
		DIFF_CONTEXT);
	print_safe("--- ", span_of(file->now.exists ? file->path : "/dev/null"), "\n");
	print_safe("+++ ", span_of(file->absent ? "/dev/null" : file->path), "\n");
	if (diff.binary) {
		printf("bytes that are no text: %zu now, %zu before\n", file->now.bytes.len,
			file->content.len);
	}
	for (size_t i = 0; i < diff.hunk_count; i++) {
		print_hunk(&diff, &diff.hunks[i]);
	}
	if (diff.cut || diff.coarse) {
		printf("(the difference is large and not shown line by line)\n");
	}
	diff_finish(&diff);
}

static size_t look_at_all(struct restore *r)
{
	size_t waiting = 0;
	for (struct file *file = r->first; file; file = file->next) {
		file->state = "waits";
		if (!look(file)) {
			file->state = "refused";
		}
		bool waits = strcmp(file->state, "waits") == 0;
		waiting += waits;
		if (waits && !r->json) {
			print_diff(file);
		}
	}
	return waiting;
}

static bool agreed(const struct restore *r, size_t count, struct err *err)
{
	char line[16] = "";
	if (r->yes) {
		return true;
	}
	if (r->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return fail(err, DIAG_USAGE, "nothing was written: --yes says yes to it");
	}
	printf("\nRestore %zu file%s? [y/N] ", count, count == 1 ? "" : "s");
	fflush(stdout);
	bool yes = fgets(line, sizeof(line), stdin) && (line[0] == 'y' || line[0] == 'Y') &&
		(line[1] == '\n' || !line[1]);
	return yes || fail(err, DIAG_NONE, "nothing was written");
}

/* ---- doing it ---- */

static bool tell(struct restore *r, const struct file *file, const char *state, struct err *err)
{
	struct buf params = { 0 }, result = { 0 };
	char now[HASH_HEX + 1], before[HASH_HEX + 1];
	struct hash from = file->after, to = hash_before(file);
	hash_hex(&from, now);
	hash_hex(&to, before);
	struct jsonw w = jw_start(&params);
	jw_open(&w, '{');
	jw_kv_int(&w, "number", r->number);
	jw_kv_text(&w, "path", file->path);
	jw_kv_text(&w, "state", state);
	jw_kv_text(&w, "from", now);
	jw_kv_text(&w, "to", before);
	jw_kv_bool(&w, "removed", file->absent);
	jw_close(&w, '}');
	bool ok = r->greeted ? ask_again(r->fd, ASK_MS, "restored", buf_view(&params), &result, err)
			     : ask_broker(&r->paths, r->fd, true, 0, "restored", buf_view(&params),
				       &result, err);
	r->greeted = r->fd >= 0;
	buf_finish(&params);
	buf_finish(&result);
	return ok;
}

/* A file that was away comes back with 0600: its own mode is put on what we made, nothing else. */
static bool dress(const struct file *file, struct err *err)
{
	struct stat st;
	int fd = open(file->now.file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool ok = fd >= 0 && fstat(fd, &st) == 0 && (uint64_t)st.st_ino == file->now.id.ino &&
		(uint64_t)st.st_dev == file->now.id.dev &&
		((st.st_mode & 0777) == file->mode || fchmod(fd, file->mode) == 0);
	if (!ok) {
		fail(err, DIAG_FILE, "it was restored, but its mode (%04o) could not be set",
			(unsigned)file->mode);
	}
	if (fd >= 0) {
		close(fd);
	}
	return ok;
}

static bool put(struct file *file, struct err *err)
{
	if (file->absent) {
		return replace_remove(&file->now, err);
	}
	return replace_write(&file->now, content_of(file), err) && dress(file, err);
}

/* False: the broker gave no word, or it could not be written. */
static void restore_file(struct restore *r, struct file *file)
{
	struct err later;
	if (!tell(r, file, "begins", &file->err)) {
		file->state = "refused";
		return;
	}
	bool ok = put(file, &file->err);
	file->state = ok ? "restored" : "refused";
	tell(r, file, ok ? "done" : "failed", &later); /* that it began is known already */
}

/* ---- saying ---- */

static void print_result(const struct restore *r)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_int(&w, "number", r->number);
	jw_key(&w, "files");
	jw_open(&w, '[');
	for (const struct file *file = r->first; file; file = file->next) {
		jw_open(&w, '{');
		jw_kv_text(&w, "path", file->path);
		jw_kv_text(&w, "state", file->state);
		jw_kv_text(&w, "why", file->err.text[0] ? file->err.text : NULL);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
}

static void say_result(const struct restore *r)
{
	for (const struct file *file = r->first; file; file = file->next) {
		bool refused = strcmp(file->state, "refused") == 0;
		const char *words = strcmp(file->state, "same") == 0 ? ": is as it was already\n"
			: strcmp(file->state, "waits") == 0          ? ": not restored\n"
			: !refused && file->absent                   ? ": removed, as before\n"
			: !refused                                   ? ": restored\n"
								     : ": ";
		print_safe("", span_of(file->path), words);
		if (refused) {
			print_safe("", span_of(file->err.text), "\n");
		}
	}
}

static int result_code(const struct restore *r)
{
	for (const struct file *file = r->first; file; file = file->next) {
		if (strcmp(file->state, "refused") == 0 || strcmp(file->state, "waits") == 0) {
			return CMD_FAILED;
		}
	}
	return CMD_OK;
}

/* ---- the command ---- */

static int print_content(const struct restore *r)
{
	struct err err = { 0 };
	const struct file *file = r->first;
	if (file->next) {
		fail(&err, DIAG_USAGE, "it wrote several files: --file says which to print");
		return cmd_fail("restore", &err, CMD_USAGE);
	}
	if (file->why || file->absent) {
		fail(&err, DIAG_FILE, "%s", file->why ? file->why : "there was no such file");
		return cmd_fail("restore", &err, CMD_FAILED);
	}
	fwrite(file->content.data, 1, file->content.len, stdout);
	return CMD_OK;
}

static int run(struct restore *r)
{
	struct err err = { 0 };
	if (r->print) {
		return print_content(r);
	}
	size_t count = look_at_all(r);
	bool yes = count && agreed(r, count, &err);
	for (struct file *file = r->first; yes && file; file = file->next) {
		if (strcmp(file->state, "waits") == 0) {
			restore_file(r, file);
		}
	}
	if (r->json) {
		print_result(r);
	} else {
		say_result(r);
	}
	return err.text[0] ? cmd_fail("restore", &err, CMD_FAILED) : result_code(r);
}

static bool parse(struct restore *r, int argc, char **argv, struct err *err)
{
	const struct cmd_flag flags[] = { { "--root", &r->root, NULL },
		{ "--decide-fd", &r->fd_text, NULL }, { "--file", &r->only, NULL },
		{ "--yes", NULL, &r->yes }, { "--json", NULL, &r->json },
		{ "--print", NULL, &r->print }, { "-v", NULL, &r->verbose },
		{ "", &r->number_text, NULL } };
	char *end = NULL;
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), err)) {
		return false;
	}
	r->number = r->number_text ? strtoll(r->number_text, &end, 10) : 0;
	r->fd = r->fd_text ? atoi(r->fd_text) : -1;
	return (r->number > 0 && !*end) ||
		fail(err, DIAG_USAGE, "expected the number of a call, as `bascule history` prints");
}

int cmd_restore(int argc, char **argv)
{
	struct restore r = { .fd = -1 };
	struct err err = { 0 };
	int code;
	r.last = &r.first;
	if (!parse(&r, argc, argv, &err)) {
		code = cmd_fail("restore", &err, CMD_USAGE);
	} else if (!paths_init(&r.paths, r.root, &err) || !load(&r, &err)) {
		code = cmd_fail("restore", &err, CMD_FAILED);
	} else {
		code = run(&r);
	}
	while (r.first) {
		struct file *file = r.first;
		r.first = file->next;
		replace_finish(&file->now);
		buf_finish(&file->content);
		free(file->path);
		free(file->why);
		free(file);
	}
	paths_finish(&r.paths);
	return code == CMD_OK ? cmd_written("restore") : code;
}
