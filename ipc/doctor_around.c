/*
 * Doctor: what the machine around offers: desktop notifications, this terminal, what a sandbox
 * could be made of. Looks at the environment and at files; asks no desktop and starts no tmux.
 */
#include <config.h>

#include "ipc/doctor.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* The whole of a small file of the system; empty if it cannot be read. */
static void read_small(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = fd >= 0 ? read(fd, out, size - 1) : 0;
	out[n > 0 ? n : 0] = '\0';
	if (fd >= 0) {
		close(fd);
	}
}

/* ---- desktop ---- */

/* The path in a bus address of the form unix:path=PATH,...; NULL: another form. */
static char *bus_path(const char *address)
{
	static const char form[] = "unix:path=";
	if (strncmp(address, form, sizeof(form) - 1) != 0) {
		return NULL;
	}
	const char *at = address + sizeof(form) - 1;
	return span_dup((struct span){ at, strcspn(at, ",;") });
}

static bool listens(const char *path, struct err *err)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool ok = fd >= 0 && strlen(path) < sizeof(to.sun_path);
	if (ok) {
		memcpy(to.sun_path, path, strlen(path));
		ok = connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
	}
	if (!ok) {
		fail(err, DIAG_NONE, "%s", strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
	return ok;
}

static char *bus_address(const struct doctor *d)
{
	const char *set = d->config.text[OPTION_NOTIFY_BUS];
	const char *env = getenv("DBUS_SESSION_BUS_ADDRESS");
	return *set           ? xstrdup(set)
		: env && *env ? xstrdup(env)
			      : xasprintf("unix:path=/run/user/%ld/bus", (long)getuid());
}

static const char no_bubbles[] = "notify.desktop = no in config.ini, if you want none";

void doctor_desktop(struct doctor *d)
{
	/* Who asked for them by name misses them more. */
	enum diagnosis_level lack = d->config.source[OPTION_NOTIFY] == CONFIG_BUILT_IN
		? DIAGNOSIS_NOTE
		: DIAGNOSIS_WARNING;
	char *program = paths_program("bascule-notifier"), *address = bus_address(d);
	char *path = bus_path(address);
	struct err err = { 0 };
	if (!d->config.number[OPTION_NOTIFY]) {
		doctor_say(d, DIAGNOSIS_NOTE, NULL, NULL,
			"notifications are switched off (notify.desktop)");
	} else if (access(program, X_OK) != 0) {
		doctor_say(d, lack, program, no_bubbles, "no notifications: %s", strerror(errno));
	} else if (!path && strncmp(address, "unix:", 5) != 0) {
		doctor_say(d, DIAGNOSIS_WARNING, address, "set notify.bus to a local socket",
			"is not a local socket's address: no notifications");
	} else if (path && !listens(path, &err)) {
		doctor_say(d, lack, path, no_bubbles,
			"no notifications: no session bus (%s); the console's bell and title "
			"remain",
			err.text);
	} else {
		doctor_say(d, DIAGNOSIS_OK, address, NULL, "a session bus is there");
	}
	free(program);
	free(address);
	free(path);
}

/* ---- terminal ---- */

/* Of a compiled terminfo entry: its number of colours. False: it is none. term(5): six shorts, the
 * names, the booleans, padding, the numbers; 13 is max_colors. */
static bool terminfo_colours(const unsigned char *at, size_t len, long *colours)
{
	enum { HEADER = 12, COLOURS = 13, NARROW = 0x011a, WIDE = 0x021e };
	size_t magic = len >= HEADER ? at[0] | at[1] << 8 : 0;
	size_t unit = magic == WIDE ? 4 : 2;
	*colours = -1;
	if (magic != NARROW && magic != WIDE) {
		return false;
	}
	size_t names = at[2] | at[3] << 8, booleans = at[4] | at[5] << 8,
	       numbers = at[6] | at[7] << 8;
	size_t place = HEADER + names + booleans;
	place += place % 2 + COLOURS * unit;
	if (numbers > COLOURS && place + unit <= len) {
		*colours = at[place] | at[place + 1] << 8 |
			(unit == 4 ? (long)at[place + 2] << 16 : 0);
		*colours = *colours >= 0xffff && unit == 2 ? -1 : *colours;
	}
	return true;
}

/* Looks the terminal up where curses does, as far as directories go. */
static bool find_terminfo(const struct doctor *d, const char *name, long *colours)
{
	char *own = xasprintf("%s/.terminfo", d->paths.home);
	const char *const dirs[] = { getenv("TERMINFO"), own, "/etc/terminfo", "/lib/terminfo",
		"/usr/share/terminfo", "/usr/lib/terminfo", "/usr/local/share/terminfo" };
	unsigned char entry[8192];
	bool found = false;
	for (size_t i = 0; i < 2 * COUNT_OF(dirs) && !found; i++) {
		const char *dir = dirs[i / 2];
		if (!dir || dir[0] != '/') {
			continue;
		}
		char *path = i % 2 ? xasprintf("%s/%x/%s", dir, (unsigned char)name[0], name)
				   : xasprintf("%s/%c/%s", dir, name[0], name);
		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		ssize_t n = fd >= 0 ? read(fd, entry, sizeof(entry)) : -1;
		found = n > 0 && terminfo_colours(entry, (size_t)n, colours);
		if (fd >= 0) {
			close(fd);
		}
		free(path);
	}
	free(own);
	return found;
}

static void look_at_term(struct doctor *d)
{
	const char *name = getenv("TERM");
	long colours = -1;
	if (!name || !*name || strcmp(name, "dumb") == 0) {
		doctor_say(d, DIAGNOSIS_WARNING, NULL,
			"set TERM to what your terminal is; until then: bascule --linear",
			"TERM names no terminal: the console cannot move the cursor");
	} else if (strchr(name, '/') || !find_terminfo(d, name, &colours)) {
		doctor_say(d, DIAGNOSIS_WARNING, NULL,
			"install ncurses-term, or set TERM to a terminal that is known",
			"TERM is %.60s, which is not known on this machine", name);
	} else if (colours < 8) {
		doctor_say(d, DIAGNOSIS_NOTE, NULL, "for colours: TERM=xterm-256color",
			"TERM is %.60s: no colours; signs say the same", name);
	} else {
		doctor_say(
			d, DIAGNOSIS_OK, NULL, NULL, "TERM is %.60s, %ld colours", name, colours);
	}
}

static void look_at_locale(struct doctor *d)
{
	bool utf8 = setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!utf8) {
		doctor_say(d, DIAGNOSIS_NOTE, NULL, "export LANG=C.UTF-8",
			"the locale is not UTF-8: the console draws with ASCII alone");
	}
	setlocale(LC_CTYPE, "C");
}

/* Is there a line that switches focus reports on? The last one counts. */
static bool focus_is_on(struct span text)
{
	struct span line;
	bool on = false;
	while (span_line(&text, &line)) {
		line = span_trim(line);
		const char *at = line.len ? memmem(line.at, line.len, "focus-events", 12) : NULL;
		if (at && line.at[0] != '#') {
			struct span rest = { at + 12, line.len - (size_t)(at + 12 - line.at) };
			on = span_starts(span_trim(rest), "on");
		}
	}
	return on;
}

/* tmux tells a console that it has lost the focus only if it is told to. Whether it was can be
 * seen in its files alone: nothing is started here. */
static void look_at_tmux(struct doctor *d)
{
	static const char *const files[] = { "/.tmux.conf", "/.config/tmux/tmux.conf" };
	const char *tmux = getenv("TMUX");
	bool on = false;
	for (size_t i = 0; i < COUNT_OF(files) && tmux && *tmux && !on; i++) {
		char text[8192], *path = xasprintf("%s%s", d->home, files[i]);
		read_small(path, text, sizeof(text));
		on = focus_is_on(span_of(text));
		free(path);
	}
	if (tmux && *tmux && !on) {
		doctor_say(d, DIAGNOSIS_NOTE, NULL,
			"set -g focus-events on, in ~/.tmux.conf and the running tmux",
			"tmux does not say which pane has the focus, as far as its files tell: the "
			"console rings although you look at it");
	}
}

void doctor_terminal(struct doctor *d)
{
	if (!isatty(STDIN_FILENO) && !isatty(STDOUT_FILENO) && !isatty(STDERR_FILENO)) {
		doctor_say(d, DIAGNOSIS_NOTE, NULL, "run bascule doctor in a terminal",
			"there is none here to look at");
		return;
	}
	look_at_term(d);
	look_at_locale(d);
	look_at_tmux(d);
}

/* ---- sandbox ---- */

/* The version of Landlock's interface; 0: the kernel has none. */
static long landlock_version(void)
{
	long version = 0;
#ifdef SYS_landlock_create_ruleset
	enum { ASK_VERSION = 1 };
	version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, ASK_VERSION);
#endif
	return version > 0 ? version : 0;
}

/* May a process without privileges make a user namespace? Each of these may forbid it. */
static const char *no_namespaces(void)
{
	static const struct {
		const char *file;
		char forbids;
		const char *why;
	} switches[] = {
		{ "/proc/sys/user/max_user_namespaces", '0', "user.max_user_namespaces is 0" },
		{ "/proc/sys/kernel/unprivileged_userns_clone", '0',
			"kernel.unprivileged_userns_clone is 0" },
		{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
			"AppArmor restricts them" },
	};
	for (size_t i = 0; i < COUNT_OF(switches); i++) {
		char text[16];
		read_small(switches[i].file, text, sizeof(text));
		if (text[0] == switches[i].forbids && (text[1] == '\n' || !text[1])) {
			return switches[i].why;
		}
	}
	return NULL;
}

/* Nothing of bascule needs it yet: this only informs. */
void doctor_sandbox(struct doctor *d)
{
	char *bwrap = doctor_find_in_path("bwrap");
	const char *forbidden = no_namespaces();
	long landlock = landlock_version();
	bool whole = bwrap && !forbidden && landlock;
	doctor_say(d, whole ? DIAGNOSIS_OK : DIAGNOSIS_NOTE, bwrap, NULL,
		"%s; Landlock %ld; user namespaces %s%s; nothing needs it yet",
		bwrap ? "bubblewrap is there" : "bubblewrap is not installed", landlock,
		forbidden ? "forbidden: " : "allowed", forbidden ? forbidden : "");
	free(bwrap);
}
