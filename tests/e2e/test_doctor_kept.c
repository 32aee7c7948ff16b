/* `bascule doctor`: what bascule keeps and what the machine offers, each with its bad case. */
#include "config.h"

#include "ipc/journal.h"
#include "tests/e2e/examine.h"
#include "tests/e2e/person.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct examined doctor(struct world *w)
{
	struct examined e = { .w = w, .fd = -1 };
	examine(&e);
	return e;
}

static char *state_file(struct world *w, const char *name)
{
	char *state = world_file(w->root, "state");
	mkdir(state, 0700);
	return world_file(state, name);
}

/* A state as a broker leaves it that ended in peace. */
static void used(struct world *w)
{
	world_broker(w);
	person_ask(w->person, "stop", "{}");
	world_broker_died(w);
}

/* ---- history, log ---- */

static void what_was_used_is_well(struct world *w)
{
	used(w);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "history", "ok", "is whole");
	examine_has(&e, "log", "ok", "bascule.log");
	examine_has(&e, "journal", "ok", "0 changes");
}

static void nothing_used_yet_is_a_note(struct world *w)
{
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "history", "note", "nothing was recorded");
}

static void looking_leaves_no_file(struct world *w)
{
	used(w);
	struct examined e = doctor(w);
	examine_has(&e, "history", "ok", "is whole");
	CHECK(w, access(state_file(w, "log.db-shm"), F_OK) != 0);
	CHECK(w, access(state_file(w, "log.db-wal"), F_OK) != 0);
}

static void a_damaged_history_is_a_failure(struct world *w)
{
	char text[8192];
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	world_put(state_file(w, "log.db"), text);
	world_put(state_file(w, "key"), "0123456789abcdef0123456789abcdef");
	chmod(state_file(w, "log.db"), 0600);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "history", "failure", "log.db");
	examine_lacks(&e, "history", "ok", "");
}

static void pages_that_were_overwritten_are_found(struct world *w)
{
	char junk[4096];
	used(w);
	memset(junk, 0x5a, sizeof(junk));
	int fd = open(state_file(w, "log.db"), O_WRONLY | O_CLOEXEC);
	CHECK(w, lseek(fd, 0, SEEK_END) > 3 * (off_t)sizeof(junk));
	CHECK_INT(w, pwrite(fd, junk, sizeof(junk), 2 * sizeof(junk)), (int64_t)sizeof(junk));
	close(fd);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "history", "failure", "is damaged");
}

static void files_open_to_others_and_a_lost_key_are_said(struct world *w)
{
	used(w);
	chmod(state_file(w, "log.db"), 0644);
	chmod(state_file(w, "bascule.log"), 0666);
	unlink(state_file(w, "key"));
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "history", "failure", "mode 644");
	examine_has(&e, "log", "failure", "mode 666");
	examine_has(&e, "history", "warning", "was accepted before is not known");
	world_put(state_file(w, "key"), "short");
	chmod(state_file(w, "key"), 0600);
	e = doctor(w);
	examine_has(&e, "history", "failure", "is not a key");
}

/* A link in the log's place is not followed, nor is what it leads to looked at. */
static void a_link_is_no_log(struct world *w)
{
	CHECK_INT(w, symlink("/etc/passwd", state_file(w, "bascule.log")), 0);
	struct examined e = doctor(w);
	examine_has(&e, "log", "failure", "not a regular file");
}

static void a_full_and_a_read_only_disk_are_failures(struct world *w)
{
	char *state = world_file(w->root, "state");
	mkdir(state, 0700);
	CHECK(w, unshare(CLONE_NEWNS) == 0);
	CHECK(w, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(w, mount("tmpfs", state, "tmpfs", 0, "size=1m,mode=0700") == 0);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "history", "failure", "MiB are free");
	CHECK(w, mount("none", state, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0);
	e = doctor(w);
	examine_has(&e, "history", "failure", "read-only");
	umount(state);
}

/* ---- the journal ---- */

static void change(struct world *w, const char *path, const char *text)
{
	struct journal j;
	struct replace r;
	struct err err = { 0 };
	const struct journal_note note = { .agent = "claude", .what = "the hook" };
	bool ok = journal_open(&j, world_file(w->root, "state"), &err) &&
		replace_read(&r, path, &err) && journal_write(&j, &r, span_of(text), &note, &err);
	if (!ok) {
		world_fail(w, "%s", err.text);
	}
	replace_finish(&r);
	journal_close(&j);
}

static void what_can_be_undone_is_counted(struct world *w)
{
	char *one = world_file(examine_home(w), "one"), *two = world_file(examine_home(w), "two");
	state_file(w, "");
	change(w, one, "1\n");
	change(w, two, "2\n");
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "journal", "ok", "2 changes");
	world_put(one, "another\n");
	unlink(two);
	e = doctor(w);
	examine_has(&e, "journal", "note", "was changed since");
	examine_has(&e, "journal", "note", "is gone since");
}

/* The first line alone: the process ended before the second. */
static void a_change_cut_short_is_a_warning(struct world *w)
{
	struct buf text = { 0 };
	char *one = world_file(examine_home(w), "one"), *path = state_file(w, "init.journal");
	change(w, one, "1\n");
	world_get(path, &text);
	char *second = strchr(buf_cstr(&text), '\n') + 1;
	CHECK(w, *second);
	*second = '\0';
	world_put(path, text.data);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 1);
	examine_has(&e, "journal", "warning", "cut short");
}

static void lines_that_are_none_are_named(struct world *w)
{
	char *one = world_file(examine_home(w), "one"), *path = state_file(w, "init.journal");
	struct buf text = { 0 };
	change(w, one, "1\n");
	world_get(path, &text);
	char *more = xasprintf("%snot JSON\n", buf_cstr(&text));
	world_put(path, more);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 1);
	examine_has(&e, "journal", "warning", "init.journal:3");
	examine_has(&e, "journal", "ok", "1 change ");
}

/* ---- the desktop ---- */

static void with_bus(struct world *w, const char *bus)
{
	char *text = xasprintf("[notify]\ndesktop = yes\nbus = %s\n", bus);
	world_config(w, text);
	free(text);
}

static void a_bus_that_is_not_there_is_said(struct world *w)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char *path = world_file(w->dir, "bus"), *bus = xasprintf("unix:path=%s,guid=0", path);
	with_bus(w, bus);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 1);
	if (access(world_path(w, "bascule-notifier"), X_OK) != 0) {
		/* built without libnotify */
		examine_has(&e, "desktop", "warning", "bascule-notifier");
		return;
	}
	examine_has(&e, "desktop", "warning", "no session bus");
	with_bus(w, "tcp:host=example.com");
	e = doctor(w);
	examine_has(&e, "desktop", "warning", "is not a local socket's");
	with_bus(w, bus);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(w, bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	CHECK_INT(w, listen(fd, 1), 0);
	e = doctor(w);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "desktop", "ok", path);
	close(fd);
}

static void switched_off_is_a_note(struct world *w)
{
	world_config(w, "[notify]\ndesktop = no\n");
	struct examined e = doctor(w);
	examine_has(&e, "desktop", "note", "switched off");
}

/* ---- terminal, sandbox ---- */

/* What it prints in a terminal of its own. */
static char *in_terminal(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-setup"), "doctor", "--root", w->root,
		"--home", examine_home(w), NULL };
	struct buf text = { 0 };
	ssize_t n = 1;
	int status = 0, master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(w, master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(w, slave >= 0);
	pid_t pid = proc_start(
		&(struct proc){ .argv = argv, .in = slave, .out = slave, .err = slave });
	close(slave);
	while (n > 0) { /* EIO once the last one has closed the other side */
		buf_room(&text, 4096);
		n = read(master, text.data + text.len, 4096);
		text.len += n > 0 ? (size_t)n : 0;
	}
	close(master);
	CHECK(w, proc_wait(pid, WORLD_BOUND_MS, &status));
	world_note(w, "terminal", "<", text.data, text.len);
	return buf_cstr(&text);
}

static void terminals_are_told_apart(struct world *w)
{
	static const struct {
		const char *term, *says;
	} rows[] = { { "dumb", "warning  terminal  TERM names no terminal" },
		{ "no-such-terminal", "warning  terminal  TERM is no-such-terminal, which is not" },
		{ "../x", "warning  terminal  TERM is ../x, which is not" },
		{ "vt100", "note     terminal  TERM is vt100: no colours" },
		{ "xterm", "ok       terminal  TERM is xterm, 8 colours" } };
	unsetenv("TMUX");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		setenv("TERM", rows[i].term, 1);
		CHECK_HAS(w, in_terminal(w), rows[i].says);
	}
}

static void a_locale_without_unicode_is_a_note(struct world *w)
{
	setenv("TERM", "xterm", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	CHECK_LACKS(w, in_terminal(w), "is not UTF-8");
	setenv("LC_ALL", "C", 1);
	CHECK_HAS(w, in_terminal(w), "is not UTF-8");
}

static void tmux_without_focus_reports_is_a_note(struct world *w)
{
	char *conf = world_file(examine_home(w), ".tmux.conf");
	setenv("TERM", "xterm", 1);
	setenv("TMUX", "/tmp/x,1,0", 1);
	CHECK_HAS(w, in_terminal(w), "which pane has the focus");
	world_put(conf, "# set -g focus-events on\nset -g mouse on\n");
	CHECK_HAS(w, in_terminal(w), "which pane has the focus");
	world_put(conf, "set -g focus-events on\nset -g focus-events off\n");
	CHECK_HAS(w, in_terminal(w), "which pane has the focus");
	world_put(conf, "set -g mouse on\n  set-option -g focus-events on # yes\n");
	CHECK_LACKS(w, in_terminal(w), "which pane has the focus");
	unsetenv("TMUX");
}

static void without_a_terminal_it_says_so(struct world *w)
{
	struct examined e = doctor(w);
	examine_has(&e, "terminal", "note", "none here");
}

static void what_a_sandbox_lacks_is_a_note(struct world *w)
{
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "sandbox", "note", "bubblewrap is not installed");
	examine_has(&e, "sandbox", "note", "nothing needs it yet");
}

static const struct e2e_case cases[] = {
#define CASE(name) \
	{ \
#name, name, 0 \
	}
	CASE(what_was_used_is_well),
	CASE(nothing_used_yet_is_a_note),
	CASE(looking_leaves_no_file),
	CASE(a_damaged_history_is_a_failure),
	CASE(pages_that_were_overwritten_are_found),
	CASE(files_open_to_others_and_a_lost_key_are_said),
	CASE(a_link_is_no_log),
	{ "a_full_and_a_read_only_disk_are_failures", a_full_and_a_read_only_disk_are_failures,
		NEEDS_ROOT },
	CASE(what_can_be_undone_is_counted),
	CASE(a_change_cut_short_is_a_warning),
	CASE(lines_that_are_none_are_named),
	CASE(a_bus_that_is_not_there_is_said),
	CASE(switched_off_is_a_note),
	CASE(terminals_are_told_apart),
	CASE(a_locale_without_unicode_is_a_note),
	CASE(tmux_without_focus_reports_is_a_note),
	CASE(without_a_terminal_it_says_so),
	CASE(what_a_sandbox_lacks_is_a_note),
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
