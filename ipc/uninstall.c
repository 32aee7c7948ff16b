/*
 * The command `bascule uninstall`: shows what it would do, asks, does it, and says what it could
 * not. In this order: the agents' files first, so that no agent is left with a hook that leads to
 * nothing; then the broker; then, only if asked for, bascule's own files.
 *
 * The program itself is removed by whoever installed it (`make uninstall`, a package manager).
 */
#include "config.h"

#include "ipc/uninstall.h"

#include "core/diag.h"
#include "core/jsonw.h"
#include "core/safe_text.h"
#include "ipc/ask.h"
#include "ipc/cmd.h"
#include "ipc/home.h"
#include "ipc/init.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct uninstall {
	struct paths paths;
	const char *home, *program;
	int decide;
	bool yes, purge, json, list;
	size_t open; /* changes that can be undone */
	bool undone, stopped; /* all of it; no broker runs any more */
	struct uninstall_rows undo, stays, gone, left, named;
	char *broker; /* what became of it */
};

void uninstall_add(struct uninstall_rows *rows, const char *path, char *what, const char *todo)
{
	rows->list = xgrow(rows->list, &rows->cap, rows->count + 1, sizeof(*rows->list));
	rows->list[rows->count++] = (struct uninstall_row){ xstrdup(path), what, xstrdup(todo) };
}

void uninstall_rows_finish(struct uninstall_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->list[i].path);
		free(rows->list[i].what);
		free(rows->list[i].todo);
	}
	free(rows->list);
	*rows = (struct uninstall_rows){ 0 };
}

/* ---- telling ---- */

static void print_rows(const char *title, const struct uninstall_rows *rows)
{
	if (rows->count) {
		printf("%s\n", title);
	}
	for (size_t i = 0; i < rows->count; i++) {
		const struct uninstall_row *row = &rows->list[i];
		init_print("  ", row->path, ": ");
		init_print("", row->what, "\n");
		if (row->todo) {
			init_print("    -> ", row->todo, "\n");
		}
	}
}

static void write_rows(struct jsonw *w, const char *name, const struct uninstall_rows *rows)
{
	jw_key(w, name);
	jw_open(w, '[');
	for (size_t i = 0; i < rows->count; i++) {
		jw_open(w, '{');
		jw_kv_text(w, "path", rows->list[i].path);
		jw_kv_text(w, "what", rows->list[i].what);
		jw_kv_text(w, "todo", rows->list[i].todo);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void print_json(const struct uninstall *u, bool done, int code)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_bool(&w, "done", done);
	jw_kv_int(&w, "exit", code);
	jw_kv_text(&w, "broker", u->broker);
	write_rows(&w, done ? "undone" : "would_undo", &u->undo);
	write_rows(&w, "removed", &u->gone);
	write_rows(&w, "left", &u->left);
	write_rows(&w, "stays", &u->stays);
	write_rows(&w, "still_named", &u->named);
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
}

/* ---- what there is ---- */

static bool look(struct uninstall *u, struct err *err)
{
	struct journal j;
	bool good = journal_look(&j, u->paths.state, err);
	for (size_t i = j.count; good && i-- > 0;) {
		if (j.entries[i].state != JOURNAL_UNDONE) {
			uninstall_add(
				&u->undo, j.entries[i].path, xstrdup(j.entries[i].what), NULL);
			u->open++;
		}
	}
	journal_close(&j);
	return good;
}

static void find_data(struct uninstall *u)
{
	const char *const dirs[] = { u->paths.config, u->paths.state };
	static const char *const what[] = { "what you set: settings, rules, keys, themes",
		"what bascule keeps: history, log, key" };
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		if (access(dirs[i], F_OK) == 0) {
			uninstall_add(&u->stays, dirs[i], xstrdup(what[i]), NULL);
		}
	}
}

static void show_plan(struct uninstall *u)
{
	print_rows("Taken back, as it was before bascule init:", &u->undo);
	if (!u->open) {
		printf("Nothing in the agents' files is to be taken back.\n");
	}
	printf("The broker is stopped, if one runs.\n");
	print_rows(
		u->purge ? "Removed, with bascule's own files in them:" : "What stays:", &u->stays);
}

static bool may(const struct uninstall *u)
{
	char answer[16] = "";
	if (u->yes) {
		return true;
	}
	if (u->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		if (!u->json) {
			printf("Nothing was done: there is no terminal to ask at. --yes does "
			       "it.\n");
		}
		return false;
	}
	printf("Do it? [y/N] ");
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) &&
		(strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0);
}

/* ---- doing it ---- */

static void told(
	void *data, const struct journal_entry *entry, enum journal_fate fate, const char *todo)
{
	struct uninstall *u = data;
	bool stays = *todo;
	uninstall_add(stays ? &u->left : &u->undo, entry->path, xstrdup(journal_fate_words(fate)),
		stays ? todo : NULL);
}

static void take_back(struct uninstall *u)
{
	struct err err = { 0 };
	uninstall_rows_finish(&u->undo);
	u->undone = !u->open || init_take_back(&u->paths, told, u, &err);
	if (!u->undone && err.code != DIAG_LEFT) {
		char *journal = xasprintf("%s/init.journal", u->paths.state);
		uninstall_add(&u->left, journal, xstrdup(err.text), "bascule init --undo");
		free(journal);
	}
}

static void stop(struct uninstall *u)
{
	struct buf result = { 0 };
	struct err err = { 0 };
	bool ok = ask_broker(&u->paths, u->decide, false, 0, "stop", SPAN("{}"), &result, &err);
	pid_t pid = ok ? 0 : home_holder(&u->paths);
	u->stopped = ok || (err.code == DIAG_NO_BROKER && !pid);
	u->broker = ok       ? xstrdup("stopped; agents that still run may start one again")
		: u->stopped ? xstrdup("none runs")
			     : xasprintf("not stopped (process %ld): %s", (long)pid, err.text);
	if (!u->stopped) {
		uninstall_add(&u->left, u->paths.lock, xstrdup(u->broker),
			"run bascule broker stop in another terminal");
	}
	buf_finish(&result);
}

static void show_done(const struct uninstall *u)
{
	print_rows("Taken back:", &u->undo);
	printf("Broker: %s.\n", u->broker);
	print_rows("Removed:", &u->gone);
	print_rows("Left:", &u->left);
	print_rows("What stays (bascule paths lists every file; --purge removes them):", &u->stays);
	print_rows("These still name bascule:", &u->named);
	if (!u->left.count && !u->named.count) {
		printf("The program itself is removed as it was installed: sudo make uninstall.\n");
	}
}

static int carry_out(struct uninstall *u)
{
	take_back(u);
	stop(u);
	uninstall_rows_finish(&u->stays);
	if (u->purge && u->stopped) {
		uninstall_purge(&u->paths, !u->undone, &u->gone, &u->left);
	} else {
		find_data(u);
	}
	uninstall_named(&u->named, u->home, NULL);
	int code = u->left.count || u->named.count ? UNINSTALL_LEFT : UNINSTALL_OK;
	if (u->json) {
		print_json(u, true, code);
	} else {
		show_done(u);
	}
	return code;
}

/* For `make uninstall`: only names the entries. */
static int list(struct uninstall *u)
{
	uninstall_named(&u->named, u->home, u->program);
	int code = u->named.count ? UNINSTALL_LEFT : UNINSTALL_OK;
	if (u->json) {
		print_json(u, false, code);
	} else {
		print_rows("These agents' files still name bascule:", &u->named);
	}
	return code;
}

static int run(struct uninstall *u)
{
	struct err err = { 0 };
	if (u->list) {
		return list(u);
	}
	if (!look(u, &err)) {
		return cmd_fail("uninstall", &err, UNINSTALL_LEFT);
	}
	find_data(u);
	if (!u->json) {
		show_plan(u);
	}
	if (!may(u)) {
		if (u->json) {
			print_json(u, false, UNINSTALL_UNASKED);
		}
		return UNINSTALL_UNASKED;
	}
	return carry_out(u);
}

static void finish(struct uninstall *u)
{
	uninstall_rows_finish(&u->undo);
	uninstall_rows_finish(&u->stays);
	uninstall_rows_finish(&u->gone);
	uninstall_rows_finish(&u->left);
	uninstall_rows_finish(&u->named);
	free(u->broker);
	paths_finish(&u->paths);
}

static bool absolute(const char *name, const char *value, struct err *err)
{
	return !value || value[0] == '/' ||
		fail(err, DIAG_USAGE, "%s %.200s: expected an absolute path", name, value);
}

int cmd_uninstall(int argc, char **argv)
{
	const char *root = NULL, *home = NULL, *fd = NULL;
	struct uninstall u = { 0 };
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--home", &home, NULL },
		{ "--program", &u.program, NULL },
		{ "--decide-fd", &fd, NULL },
		{ "--yes", NULL, &u.yes },
		{ "--purge", NULL, &u.purge },
		{ "--list", NULL, &u.list },
		{ "--json", NULL, &u.json },
	};
	struct err err = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err) ||
		!absolute("--home", home, &err) || !absolute("--program", u.program, &err) ||
		!paths_init(&u.paths, root, &err)) {
		return cmd_fail("uninstall", &err, UNINSTALL_USAGE);
	}
	u.home = home ? home : u.paths.home;
	u.decide = fd ? (int)strtol(fd, NULL, 10) : -1;
	int code = run(&u), written = cmd_written("uninstall");
	finish(&u);
	return code ? code : written;
}
