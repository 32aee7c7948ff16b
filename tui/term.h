/*
 * The terminal: opened, put into our modes, and put back on every path out, also by a signal
 * handler.
 *
 * Input is /dev/tty by an open file description of its own (non-blocking there disturbs nobody);
 * output is another. There is one terminal a process: the handler needs it where nothing can be
 * passed.
 */
#ifndef BASCULE_TUI_TERM_H
#define BASCULE_TUI_TERM_H

#include "core/safe_text.h"

/* Whether UTF-8 can be shown is decided here: the environment's locale if it is UTF-8; C.UTF-8 if
 * it names none; a locale that says otherwise means ASCII. Call before term_open. True: UTF-8. */
bool term_locale(void);

bool term_open(struct err *err); /* also installs the handlers and xfatal_hook */
void term_close(void); /* puts everything back; twice is fine */
int term_fd(void); /* for polling and reading, non-blocking */

/* Asks for the background (OSC 11), then for what it is (DA1), and to be told when that changes
 * (mode 2031); again after each stop. False: this terminal is not asked. */
bool term_ask_appearance(void);

void term_resize(void); /* after SIGWINCH */
/* Forgets what was typed and not read. The keys among it, where that can be told: 0 if the terminal
 * sent something of its own as well. */
unsigned term_drop_input(void);
/* back to the shell; returns when continued, with a screen to be painted anew */
void term_suspend(void);
/* after a SIGCONT that we did not cause: our modes again, a screen to be painted anew */
void term_continue(void);
/* The screen is another program's until term_continue. If we are killed meanwhile, the file and its
 * folder go with us; after term_forget_file they do not. */
void term_leave(const char *file, const char *dir);
void term_forget_file(void);
void term_redraw(void); /* the next frame repaints every cell */
/* Clicks and the wheel are reported, or no longer; while they are, selecting text with the mouse is
 * the terminal's own only with Shift. */
void term_mouse(bool on);
/* Rings: the bell, and where the terminal is known to show one, a notification with these words. */
void term_ring(bool audible, bool notify, const struct safe_text *words);
/* Puts it into the clipboard of whoever sits at the terminal (OSC 52), if the terminal lets us. */
void term_copy(const struct safe_text *text);
void term_title(const struct safe_text *title); /* nothing where the terminal has none */

#endif
