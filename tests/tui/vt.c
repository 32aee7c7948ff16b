/*
 * One process, one loop: pty, wire and screen are pumped together by whatever waits.
 */
#include "config.h"

#include "tests/tui/vt.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CELL_BYTES = 24 };

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t now_ms(void)
{
	return now_us() / 1000;
}

/* --- pumping --- */

static void read_pty(struct vt *vt)
{
	char bytes[8192];
	ssize_t n = read(vt->master, bytes, sizeof(bytes));
	if (n <= 0) {
		vt->ended = true;
		return;
	}
	vt->output_us = now_us();
	buf_add(&vt->raw, bytes, (size_t)n);
	vterm_input_write(vt->term, bytes, (size_t)n);
}

static void step(struct vt *vt, int64_t ms)
{
	struct pollfd fds[2] = {
		{ .fd = vt->ended ? -1 : vt->master, .events = POLLIN },
		{ .fd = vt->wire.fd, .events = POLLIN },
	};
	if (poll(fds, 2, (int)ms) <= 0) {
		return;
	}
	if (fds[0].revents) {
		read_pty(vt);
	}
	if (fds[1].revents) {
		wire_read(&vt->wire);
	}
}

void vt_pump(struct vt *vt, int ms)
{
	int64_t end = now_ms() + ms;
	for (int64_t left = ms; left > 0; left = end - now_ms()) {
		step(vt, left);
	}
}

struct wish {
	int row; /* -1: any */
	const char *text;
	bool there;
	const size_t *counter;
	size_t least;
	const bool *flag;
	bool value;
};

static bool row_has(struct vt *vt, int row, const char *text)
{
	char *here = vt_row(vt, row);
	bool has = strstr(here, text) != NULL;
	free(here);
	return has;
}

static bool screen_has(struct vt *vt, int only, const char *text)
{
	for (int row = 0; row < vt->rows; row++) {
		if ((only < 0 || row == only) && row_has(vt, row, text)) {
			return true;
		}
	}
	return false;
}

static bool granted(struct vt *vt, const struct wish *w)
{
	if (w->text) {
		return screen_has(vt, w->row, w->text) == w->there;
	}
	return w->counter ? *w->counter >= w->least : *w->flag == w->value;
}

static bool wait_for(struct vt *vt, const struct wish *wish, int ms)
{
	int64_t end = now_ms() + ms;
	while (!granted(vt, wish)) {
		int64_t left = end - now_ms();
		if (left <= 0) {
			vt_dump(vt);
			return false;
		}
		step(vt, left);
	}
	return true;
}

bool vt_wait_row(struct vt *vt, int row, const char *text, int ms)
{
	return wait_for(vt, &(struct wish){ .row = row, .text = text, .there = true }, ms);
}

bool vt_wait(struct vt *vt, const char *text, int ms)
{
	return vt_wait_row(vt, -1, text, ms);
}

bool vt_press(struct vt *vt, const char *keys, const char *text, int ms)
{
	enum { AGAIN_MS = 500 };
	for (int left = ms; left > 0; left -= AGAIN_MS) {
		vt_send(vt, keys);
		if (vt_wait(vt, text, AGAIN_MS)) {
			return true;
		}
	}
	return vt_wait(vt, text, AGAIN_MS);
}

bool vt_wait_gone(struct vt *vt, const char *text, int ms)
{
	return wait_for(vt, &(struct wish){ .row = -1, .text = text, .there = false }, ms);
}

bool vt_wait_read(struct vt *vt, int ms)
{
	int64_t end = now_ms() + ms;
	int unread = 1;
	while (ioctl(vt->wire.fd, SIOCOUTQ, &unread) == 0 && unread > 0 && now_ms() < end) {
		step(vt, 1);
	}
	return unread == 0;
}

bool vt_wait_count(struct vt *vt, const size_t *counter, size_t least, int ms)
{
	return wait_for(vt, &(struct wish){ .counter = counter, .least = least }, ms);
}

bool vt_wait_flag(struct vt *vt, const bool *flag, bool value, int ms)
{
	return wait_for(vt, &(struct wish){ .flag = flag, .value = value }, ms);
}

bool vt_wait_end(struct vt *vt, int ms)
{
	int64_t end = now_ms() + ms;
	while (!vt->gone && end > now_ms()) {
		step(vt, 5);
		vt->gone = waitpid(vt->pid, &vt->status, WNOHANG) == vt->pid;
	}
	while (vt->gone && !vt->ended) {
		step(vt, 100);
	}
	return vt->gone;
}

/* --- the screen --- */

static int on_property(VTermProp property, VTermValue *value, void *data)
{
	struct vt *vt = data;
	if (property == VTERM_PROP_ALTSCREEN) {
		vt->alt = value->boolean;
	} else if (property == VTERM_PROP_CURSORVISIBLE) {
		vt->cursor_visible = value->boolean;
	}
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

char *vt_row(struct vt *vt, int row)
{
	size_t room = (size_t)vt->cols * CELL_BYTES;
	char *text = xcalloc(room + 1, 1);
	VTermRect rect = {
		.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = vt->cols
	};
	vterm_screen_get_text(vt->screen, text, room, rect);
	return text;
}

bool vt_find(struct vt *vt, const char *text, int *row, int *col)
{
	for (*row = 0; *row < vt->rows; ++*row) {
		char *here = vt_row(vt, *row);
		const char *at = strstr(here, text);
		*col = at ? (int)(at - here) : 0;
		free(here);
		if (at) {
			return true;
		}
	}
	return false;
}

VTermScreenCell vt_cell(struct vt *vt, int row, int col)
{
	VTermScreenCell cell;
	vterm_screen_get_cell(vt->screen, (VTermPos){ row, col }, &cell);
	return cell;
}

void vt_send(struct vt *vt, const char *bytes)
{
	size_t left = strlen(bytes);
	while (left) {
		ssize_t n = write(vt->master, bytes, left);
		if (n <= 0) {
			return;
		}
		bytes += n;
		left -= (size_t)n;
	}
}

void vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->term, rows, cols);
	ioctl(vt->master, TIOCSWINSZ, &size);
}

void vt_dump(struct vt *vt)
{
	for (int row = 0; row < vt->rows; row++) {
		char *text = vt_row(vt, row);
		fprintf(stderr, "%2d|%s\n", row, text);
		free(text);
	}
}

/* --- beginning and end --- */

static void set_environment(const struct vt_options *options)
{
	static const char *const unset[] = { "LANG", "LC_CTYPE", "NO_COLOR", "COLUMNS", "LINES",
		"BASCULE_ROOT", "COLORFGBG", "SSH_CONNECTION", "TMUX", "VISUAL", "EDITOR",
		"TERM_PROGRAM", "LC_TERMINAL", "ITERM_SESSION_ID", "KITTY_WINDOW_ID",
		"WEZTERM_PANE", "GHOSTTY_RESOURCES_DIR" };
	for (size_t i = 0; i < COUNT_OF(unset); i++) {
		unsetenv(unset[i]);
	}
	setenv("TERM", options->term ? options->term : "xterm-256color", 1);
	setenv("LC_ALL", options->lc_all ? options->lc_all : "C.UTF-8", 1);
	if (options->no_color) {
		setenv("NO_COLOR", "1", 1);
	}
	if (options->visual) {
		setenv("VISUAL", options->visual, 1);
	}
	if (options->colorfgbg) {
		setenv("COLORFGBG", options->colorfgbg, 1);
	}
	for (const char *const *e = options->env; e && e[0]; e += 2) {
		setenv(e[0], e[1], 1);
	}
}

static void run_console(const struct vt *vt, int wire)
{
	const struct vt_options *o = &vt->options;
	const char *program = o->program ? o->program : "./bascule-console";
	char fd[16];
	const char *argv[14] = { "bascule-console", "--root", o->root ? o->root : vt->root };
	size_t n = 3;
	snprintf(fd, sizeof(fd), "%d", wire);
	if (!o->find) {
		argv[n++] = "--decide-fd";
		argv[n++] = fd;
	}
	set_environment(o);
	if (o->input) {
		dup2(o->input, STDIN_FILENO);
	}
	if (o->read_only || o->pop || o->linear) {
		argv[n++] = o->pop ? "--pop" : o->linear ? "--linear" : "--read-only";
	}
	if (o->theme) {
		argv[n++] = "--theme";
		argv[n++] = o->theme;
	}
	if (o->color) {
		argv[n++] = "--color";
		argv[n++] = o->color;
	}
	execv(program, (char *const *)argv);
	_exit(127);
}

static void start_screen(struct vt *vt)
{
	vt->term = vterm_new(vt->rows, vt->cols);
	vterm_set_utf8(vt->term, 1);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_reset(vt->screen, 1);
}

/* pair[1] is the console's end. */
static void open_wire(struct vt *vt, int pair[2])
{
	if (vt->options.decide_fd) {
		pair[0] = -1;
		pair[1] = vt->options.decide_fd;
		fcntl(pair[1], F_SETFD, 0);
	} else if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
		abort();
	} else {
		fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	}
	vt->wire.fd = pair[0];
}

void vt_remove(const char *root)
{
	pid_t pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", root, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

/* Removes the folder when nobody holds the other end any more: vt_stop has closed it, or the test
 * has ended in the middle, killed perhaps. It holds nothing else open, and no ^C reaches it. */
static void reap_root(const char *root, int end)
{
	char byte;
	setsid();
	dup2(end, STDIN_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
	}
	execlp("rm", "rm", "-rf", "--", root, (char *)NULL);
	_exit(127);
}

static void make_root(struct vt *vt)
{
	int ends[2];
	snprintf(vt->root, sizeof(vt->root), "/tmp/bascule-vt-XXXXXX");
	if (!mkdtemp(vt->root) || pipe2(ends, O_CLOEXEC) != 0) {
		abort();
	}
	vt->reaper = fork();
	if (vt->reaper == 0) {
		close(ends[1]);
		reap_root(vt->root, ends[0]);
	}
	close(ends[0]);
	vt->reaper_end = ends[1];
}

struct vt *vt_start(
	const struct vt_options *options, const char *snapshot, const struct wire_show *shows)
{
	struct vt *vt = xcalloc(1, sizeof(*vt));
	int pair[2];
	vt->options = *options;
	vt->wire = (struct wire){ .snapshot = snapshot, .shows = shows };
	vt->rows = options->rows ? options->rows : 24;
	vt->cols = options->cols ? options->cols : 80;
	vt->reaper_end = -1;
	if (!options->root) {
		make_root(vt);
	}
	open_wire(vt, pair);
	start_screen(vt);
	struct winsize size = { .ws_row = (unsigned short)vt->rows,
		.ws_col = (unsigned short)vt->cols };
	vt->pid = forkpty(&vt->master, NULL, NULL, &size);
	if (vt->pid == 0) {
		run_console(vt, pair[1]);
	}
	fcntl(vt->master, F_SETFD, FD_CLOEXEC);
	close(pair[1]);
	return vt;
}

int vt_stop(struct vt *vt)
{
	if (!vt->gone) {
		kill(vt->pid, SIGTERM);
		if (!vt_wait_end(vt, VT_MS)) {
			kill(vt->pid, SIGKILL);
			waitpid(vt->pid, &vt->status, 0);
		}
	}
	int status = vt->status;
	wire_finish(&vt->wire);
	close(vt->master);
	vterm_free(vt->term);
	buf_finish(&vt->raw);
	if (vt->reaper_end >= 0) {
		close(vt->reaper_end);
		waitpid(vt->reaper, NULL, 0);
	}
	free(vt);
	return status;
}
