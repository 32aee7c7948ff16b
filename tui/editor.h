/*
 * A text of ours in the person's own editor, which has the terminal meanwhile; the loop goes on
 * behind it. The text is a file of the person's alone in a folder that nobody else can enter, and
 * both go when the editor ends, whatever it left there.
 */
#ifndef BASCULE_TUI_EDITOR_H
#define BASCULE_TUI_EDITOR_H

#include <signal.h>
#include <uv.h>

#include "core/buf.h"

struct editor_file {
	const char *name; /* our own */
	struct span text;
	bool read_only; /* 0400, else 0600 */
};

struct editor_end {
	/* why there is nothing to be read, in words that are not all ours; NULL: it went well */
	const char *failed;
	struct span text; /* as it was left */
};

typedef void editor_fn(void *data, const struct editor_end *end);

struct editor {
	uv_signal_t child;
	pid_t pid; /* 0: none runs */
	char *dir, *file, *name; /* name: of the program */
	struct sigaction ours[2]; /* of what the keyboard sends */
	editor_fn *ended;
	void *data;
};

/* Its handle is closed with the loop's others. */
void editor_init(struct editor *editor, uv_loop_t *loop, editor_fn *ended, void *data);
/* `dirs`: where the folder is made, the first that can be; ends with NULL. Leaves the terminal to
 * the editor; once it has ended, has the terminal back and calls `ended`. False: nothing runs. */
bool editor_start(struct editor *editor, const char *const *dirs, const struct editor_file *file,
	struct err *err);

#endif
