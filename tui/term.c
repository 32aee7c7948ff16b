/*
 * curses paints only; modes that it does not know (bracketed paste, focus reports, the title's
 * stack) are ours.
 *
 * The way back is one constant string, composed while nothing is wrong, and the saved tty modes;
 * the signal handler needs write(2), tcsetattr and alarm only. The one mutable global of the
 * console is this terminal: a handler cannot be given anything. Called by main.c.
 */
#include "config.h"

#include "tui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/base64.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/diag.h"

static const char modes_on[] = "\033[?2004h\033[?1004h\033[22;2t";
static const char mouse_on[] = "\033[?1000h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1000l";
/* one that knows no background still says what it is, and so that no answer will come */
static const char appearance_ask[] = "\033[?2031h\033]11;?\033\\\033[c";
static const char modes_off[] = "\033[?2031l\033[?1006l\033[?1000l\033[?1004l\033[?2004l\033[23;2t";

static struct {
	volatile sig_atomic_t active; /* our modes are on */
	int in, out;
	FILE *in_file, *out_file;
	SCREEN *screen;
	bool modern; /* knows the modes above */
	bool mouse, appearance; /* are wanted */
	struct termios saved;
	char back[192]; /* what undoes curses and our modes */
	size_t back_len;
	char file[512], dir[512]; /* that go with us; "": none */
} term = { .in = -1, .out = -1 };

static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGHUP, SIGINT,
	SIGQUIT };

bool term_locale(void)
{
	bool named = false;
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	for (size_t i = 0; i < COUNT_OF(variables); i++) {
		const char *value = getenv(variables[i]);
		named = named || (value && *value);
	}
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
		return true;
	}
	return !named && setlocale(LC_CTYPE, "C.UTF-8") &&
		strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Async-signal-safe. */
static void restore(void)
{
	if (!term.active) {
		return;
	}
	term.active = 0;
	tcflow(term.out, TCOON);
	ssize_t n = write(term.out, term.back, term.back_len);
	(void)n;
	tcsetattr(term.out, TCSANOW, &term.saved);
}

static void die_restored(int number)
{
	alarm(1); /* a terminal that takes no bytes must not keep us */
	restore();
	if (term.file[0]) {
		unlink(term.file);
		rmdir(term.dir);
	}
	raise(number); /* SA_RESETHAND: now the default */
}

static void catch_deadly(void)
{
	static char stack[32768];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	sigaltstack(&alt, NULL);
	for (size_t i = 0; i < COUNT_OF(deadly); i++) {
		struct sigaction action = { .sa_handler = die_restored,
			.sa_flags = SA_ONSTACK | (int)SA_RESETHAND };
		sigaction(deadly[i], &action, NULL);
	}
}

/* Not every TERM entry says what the emulator understands; these families take our modes or ignore
 * them. */
static bool is_modern(const char *name)
{
	static const char *const families[] = { "xterm", "tmux", "screen", "rxvt", "foot",
		"alacritty", "kitty", "wezterm", "ghostty", "konsole", "vte", "st-", "contour",
		"iterm" };
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		if (strncmp(name, families[i], strlen(families[i])) == 0) {
			return true;
		}
	}
	return false;
}

static void back_add(const char *text)
{
	size_t n = text && text != (const char *)-1 ? strlen(text) : 0;
	if (n && term.back_len + n <= sizeof(term.back)) {
		memcpy(term.back + term.back_len, text, n);
		term.back_len += n;
	}
}

static void compose_way_back(void)
{
	static const char *const capabilities[] = { "sgr0", "rmkx", "cnorm", "rmcup" };
	term.back_len = 0;
	if (term.modern) {
		back_add(modes_off);
	}
	for (size_t i = 0; i < COUNT_OF(capabilities); i++) {
		back_add(tigetstr((char *)(uintptr_t)capabilities[i]));
	}
}

static void send(const char *text)
{
	size_t left = strlen(text);
	while (left) {
		ssize_t n = write(term.out, text, left);
		if (n < 0 && errno != EINTR) {
			return;
		}
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
}

static void enter_modes(void)
{
	raw();
	noecho();
	nonl();
	if (term.modern) {
		send(modes_on);
		send(term.mouse ? mouse_on : "");
		send(term.appearance ? appearance_ask : "");
	}
	term.active = 1;
}

static bool open_tty(struct err *err)
{
	term.in = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	term.out = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (term.in < 0 || term.out < 0 || tcgetattr(term.out, &term.saved) != 0) {
		return fail(err, DIAG_TERMINAL, "there is no terminal to show the queue in");
	}
	term.in_file = fdopen(term.in, "r");
	term.out_file = fdopen(term.out, "w");
	if (!term.in_file || !term.out_file) {
		return fail(
			err, DIAG_TERMINAL, "the terminal cannot be opened: %s", strerror(errno));
	}
	return true;
}

/* Looked up before curses begins, which would have written to the terminal by then. */
static bool can_move_cursor(struct err *err)
{
	int known = 0;
	if (setupterm(NULL, term.out, &known) != OK) {
		return fail(
			err, DIAG_TERMINAL, "the terminal type that TERM names is not known here");
	}
	bool can = tigetstr("cup") != NULL;
	del_curterm(cur_term);
	return can || fail(err, DIAG_TERMINAL, "TERM names a terminal that cannot move its cursor");
}

bool term_open(struct err *err)
{
	const char *name = getenv("TERM");
	if (!name || !*name || strcmp(name, "dumb") == 0) {
		return fail(err, DIAG_TERMINAL,
			"TERM does not name a terminal that can move its cursor");
	}
	if (!open_tty(err) || !can_move_cursor(err)) {
		return false;
	}
	struct sigaction ours, ignore = { .sa_handler = SIG_IGN };
	/* if it is not the default, curses leaves it alone, for ever */
	sigaction(SIGTSTP, &ignore, &ours);
	term.screen = newterm(NULL, term.out_file, term.in_file);
	sigaction(SIGTSTP, &ours, NULL);
	if (!term.screen) {
		return fail(err, DIAG_TERMINAL, "curses cannot begin in this terminal");
	}
	set_term(term.screen);
	typeahead(-1);
	term.modern = is_modern(name);
	compose_way_back();
	/* what curses has to say first: its buffer is as small as the screen, and what did not fit
	 * may have left it in the middle of a sequence */
	doupdate();
	enter_modes();
	term_resize(); /* curses believes COLUMNS and LINES more than the terminal */
	catch_deadly();
	xfatal_hook = restore;
	return true;
}

/* The way back while nothing is wrong: curses undoes its own part, once. */
static void leave_modes(void)
{
	if (term.active) {
		if (term.modern) {
			send(modes_off);
		}
		endwin();
		term.active = 0;
		tcsetattr(term.out, TCSANOW, &term.saved);
	}
}

void term_close(void)
{
	leave_modes();
	if (term.screen) {
		delscreen(term.screen);
		term.screen = NULL;
	}
	xfatal_hook = NULL;
}

int term_fd(void)
{
	return term.in;
}

bool term_ask_appearance(void)
{
	if (term.active && term.modern) {
		term.appearance = true;
		send(appearance_ask);
	}
	return term.appearance;
}

void term_resize(void)
{
	struct winsize size = { 0 };
	if (ioctl(term.out, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
		resizeterm(size.ws_row, size.ws_col);
	}
}

unsigned term_drop_input(void)
{
	char bytes[256];
	ssize_t n = read(term.in, bytes, sizeof(bytes));
	tcflush(term.in, TCIFLUSH);
	return n > 0 && !memchr(bytes, '\033', (size_t)n) ? (unsigned)n : 0;
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}

void term_continue(void)
{
	reset_prog_mode();
	enter_modes();
	tcflush(term.in, TCIFLUSH);
	term_resize();
	refresh(); /* leaves what endwin left behind: smcup, keypad */
	term_redraw();
}

void term_forget_file(void)
{
	term.file[0] = '\0';
}

void term_leave(const char *file, const char *dir)
{
	if (strlen(file) < sizeof(term.file) && strlen(dir) < sizeof(term.dir)) {
		snprintf(term.dir, sizeof(term.dir), "%s", dir);
		snprintf(term.file, sizeof(term.file), "%s", file);
	}
	def_prog_mode();
	leave_modes();
}

void term_suspend(void)
{
	def_prog_mode();
	leave_modes();
	raise(SIGSTOP); /* a SIGTSTP of our own is discarded in an orphaned process group */
	term_continue();
}

void term_title(const struct safe_text *title)
{
	if (term.modern && term.active) {
		char *sequence = xasprintf("\033]2;%s\033\\", safe_cstr(title));
		send(sequence); /* in one piece: a signal must not leave half of it */
		free(sequence);
	}
}

void term_copy(const struct safe_text *text)
{
	size_t room = BASE64_ENCODE_RAW_LENGTH(text->bytes);
	char *encoded = xmalloc(room + 1);
	base64_encode_raw(encoded, text->bytes, (const uint8_t *)safe_cstr(text));
	encoded[room] = '\0';
	if (term.modern && term.active) {
		char *sequence = xasprintf("\033]52;c;%s\033\\", encoded);
		send(sequence);
		free(sequence);
	}
	free(encoded);
}

/* Which sequence the terminal shows as a notification, by the names that terminals give themselves:
 * 9 (iTerm2, WezTerm, Ghostty, kitty), 777 (foot, urxvt), 0 where none is known. Inside tmux the
 * first two name tmux, and what the terminal outside has set is still there. */
static int notification_of(void)
{
	static const struct {
		const char *variable, *begins;
		int sequence;
	} known[] = { { "TERM_PROGRAM", "iTerm", 9 }, { "TERM_PROGRAM", "WezTerm", 9 },
		{ "TERM_PROGRAM", "ghostty", 9 }, { "TERM", "xterm-ghostty", 9 },
		{ "TERM", "xterm-kitty", 9 }, { "TERM", "foot", 777 }, { "TERM", "rxvt", 777 },
		{ "LC_TERMINAL", "iTerm", 9 }, { "ITERM_SESSION_ID", "", 9 },
		{ "KITTY_WINDOW_ID", "", 9 }, { "WEZTERM_PANE", "", 9 },
		{ "GHOSTTY_RESOURCES_DIR", "", 9 } };
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		const char *value = getenv(known[i].variable);
		if (value && strncmp(value, known[i].begins, strlen(known[i].begins)) == 0) {
			return known[i].sequence;
		}
	}
	return 0;
}

/* tmux hands on what stands between these, if allow-passthrough is on, and drops it otherwise; each
 * ESC inside is doubled. */
static char *through_tmux(char *sequence)
{
	const char *tmux = getenv("TMUX");
	struct buf out = { 0 };
	if (!tmux || !*tmux) {
		return sequence;
	}
	buf_text(&out, "\033Ptmux;");
	for (const char *at = sequence; *at; at++) {
		buf_text(&out, *at == '\033' ? "\033" : "");
		buf_char(&out, *at);
	}
	buf_text(&out, "\033\\");
	free(sequence);
	sequence = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return sequence;
}

void term_ring(bool audible, bool notify, const struct safe_text *words)
{
	int sequence = notify ? notification_of() : 0;
	if (!term.active) {
		return;
	}
	if (audible) {
		send("\a");
	}
	if (sequence && term.modern) {
		char *out = sequence == 9
			? xasprintf("\033]9;%s\033\\", safe_cstr(words))
			: xasprintf("\033]777;notify;bascule;%s\033\\", safe_cstr(words));
		out = through_tmux(out);
		send(out);
		free(out);
	}
}

void term_mouse(bool on)
{
	bool news = term.mouse != on;
	term.mouse = on;
	if (news && term.active && term.modern) {
		send(on ? mouse_on : mouse_off);
	}
}
