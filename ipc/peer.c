/*
 * /proc reading, agent finding and the ancestry rule of the decision socket.
 *
 * The walk ends well at a login, a terminal, a multiplexer's server, or at a process that entered a
 * container from outside with a terminal of its own; anything else (a daemon, an agent's orphan) is
 * refused.
 */
#include "config.h"

#include "ipc/peer.h"

#include "core/diag.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WALK_MAX = 64, ENVIRONMENT_MAX = 128 << 10 };

bool process_read(pid_t pid, struct process *out)
{
	char path[64], text[1024];
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "re");
	if (!file) {
		return false;
	}
	size_t n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	char *open = strchr(text, '('), *shut = strrchr(text, ')');
	if (!open || !shut || shut < open) {
		return false;
	}
	int parent = 0, tty = 0;
	long long start = 0;
	char state = 0;
	/* Fields 3.. of proc(5): state ppid pgrp session tty_nr ... starttime is the 22nd. */
	if (sscanf(shut + 1,
		    " %c %d %*d %*d %d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
		    "%lld",
		    &state, &parent, &tty, &start) != 4) {
		return false;
	}
	*out = (struct process){ .pid = pid,
		.parent = parent,
		.start = start,
		.has_tty = tty != 0,
		.ended = state == 'Z' || state == 'X' };
	snprintf(out->name, sizeof(out->name), "%.*s", (int)(shut - open - 1), open + 1);
	return true;
}

bool process_alive(pid_t pid, int64_t start)
{
	struct process p;
	return process_read(pid, &p) && p.start == start && !p.ended;
}

char *process_program(const struct process *process)
{
	char link[64], path[4096];
	snprintf(link, sizeof(link), "/proc/%d/exe", (int)process->pid);
	ssize_t n = readlink(link, path, sizeof(path));
	/* still the same process: the number was not taken over meanwhile */
	bool whole = n > 0 && (size_t)n < sizeof(path);
	return whole && process_alive(process->pid, process->start)
		? span_dup((struct span){ path, (size_t)n })
		: NULL;
}

bool process_environment(const struct process *process, struct buf *out)
{
	char path[64];
	struct stat st, of;
	snprintf(path, sizeof(path), "/proc/%d/environ", (int)process->pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	*strrchr(path, '/') = '\0';
	/* The file is root's, whoever runs, until a process that changed its user starts a program.
	 */
	bool good = fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
		stat(path, &of) == 0 && of.st_uid == geteuid();
	ssize_t n = good ? 1 : 0;
	while (n > 0 && out->len < ENVIRONMENT_MAX) {
		buf_room(out, 16384);
		n = read(fd, out->data + out->len, 16384);
		out->len += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0) {
		close(fd);
	}
	return good && process_alive(process->pid, process->start);
}

const char *process_boot_id(char out[40])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	out[0] = '\0';
	if (file) {
		if (!fgets(out, 40, file)) {
			out[0] = '\0';
		}
		fclose(file);
		out[strcspn(out, "\n")] = '\0';
	}
	return out;
}

bool peer_of(int fd, uid_t *uid, pid_t *pid)
{
	struct ucred cred;
	socklen_t size = sizeof(cred);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) != 0) {
		return false;
	}
	*uid = cred.uid;
	*pid = cred.pid;
	return true;
}

/* Programs that only start another one: the agent is above them. */
static bool is_wrapper(const char *name)
{
	static const char *const wrappers[] = { "sh", "bash", "dash", "ash", "zsh", "fish", "ksh",
		"csh", "tcsh", "nu", "elvish", "pwsh", "busybox", "env", "timeout", "nice",
		"ionice", "chrt", "nohup", "setsid", "stdbuf", "flock", "npx", "npm", "npm exec",
		"pnpm", "yarn", "bunx", "corepack", "volta-shim", "uvx", "uv", "sudo", "doas",
		"bwrap", "direnv", "mise", "bascule", NULL };
	return text_in(name, wrappers) || strncmp(name, "npm exec", 8) == 0 ||
		strncmp(name, "bascule-", 8) == 0;
}

/* Where a person sits and nothing else runs. Names are short names of the kernel (15 bytes). */
static bool is_terminal(const struct process *p)
{
	static const char *const terminals[] = { "login", "sshd", "sshd-session", "mosh-server",
		"tmux: server", "screen", "SCREEN", "zellij", "gnome-terminal-", "gnome-terminal",
		"kgx", "ptyxis", "ptyxis-agent", "konsole", "yakuake", "xterm", "uxterm", "urxvt",
		"urxvtd", "st", "foot", "footclient", "kitty", "alacritty", "wezterm-gui",
		"wezterm-mux-ser", "ghostty", "rio", "terminator", "tilix", "xfce4-terminal",
		"mate-terminal", "lxterminal", "qterminal", "terminology", "guake", "tilda",
		"cool-retro-term", "Terminal", "iTerm2", NULL };
	if (text_in(p->name, terminals)) {
		return true;
	}
	/* The first process of a container, or one that entered it (its parent is outside: 0), with
	 * a terminal. */
	return p->has_tty && (p->pid == 1 || p->parent == 0);
}

/* An editor has terminals for a person, and may have an agent too. */
static bool is_seat(const struct process *p)
{
	static const char *const editors[] = { "emacs", "code", "code-insiders", "codium", "cursor",
		"zed-editor", NULL };
	return is_terminal(p) || text_in(p->name, editors);
}

/* The parent. It is older than its child: a younger process has only taken over its number. */
static bool read_parent(const struct process *p, struct process *parent)
{
	return p->parent > 0 && process_read(p->parent, parent) && parent->start <= p->start;
}

bool peer_session(pid_t pid, struct process *agent)
{
	struct process p, parent;
	if (!process_read(pid, &p)) {
		return false;
	}
	*agent = p;
	for (int i = 0;
		i < WALK_MAX && p.parent > 1 && read_parent(&p, &parent) && !is_terminal(&parent);
		i++) {
		*agent = p = parent;
		if (!is_wrapper(p.name)) {
			break;
		}
	}
	return true;
}

size_t peer_above(const struct process *process, struct process *out, size_t cap)
{
	size_t count = 0;
	struct process p = *process, parent;
	while (count < cap && p.parent > 1 && read_parent(&p, &parent)) {
		out[count++] = p = parent;
		if (is_terminal(&p)) {
			break;
		}
	}
	return count;
}

bool peer_may_decide(pid_t pid, bool (*is_asker)(void *data, pid_t pid, int64_t start), void *data,
	struct err *err)
{
	struct process p, parent;
	bool seated = false, more = process_read(pid, &p);
	if (!more) {
		return fail(err, DIAG_REFUSED_PEER, "the process that asks is gone");
	}
	/* To the very top: an agent may start a terminal, so whoever sits above the seat must be no
	 * asker either. */
	for (int i = 0; more && i < WALK_MAX; i++) {
		if (is_asker(data, p.pid, p.start)) {
			return fail(err, DIAG_REFUSED_PEER,
				"decisions are not taken from here: %d (%s) started a gate, so "
				"this may be an "
				"agent's %s; open another terminal",
				(int)p.pid, p.name, seated ? "terminal" : "shell");
		}
		seated = seated || is_seat(&p);
		more = read_parent(&p, &parent);
		if (more) {
			p = parent;
		}
	}
	if (more) {
		return fail(err, DIAG_REFUSED_PEER,
			"decisions are not taken from here: too many processes above this one");
	}
	return seated ||
		fail(err, DIAG_REFUSED_PEER,
			"decisions are not taken from here: no login, terminal or tmux server is "
			"above this process");
}
