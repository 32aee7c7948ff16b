/*
 * While an editor is in front, stop signals do to us what they do to it: the shell takes both aside
 * and brings both back. Called by main.c.
 */
#include "config.h"

#include "tui/foreground.h"

#include "tui/term.h"

static void on_signal(uv_signal_t *handle, int number)
{
	struct foreground *f = handle->data;
	if (number == SIGWINCH) {
		term_resize();
		f->ops->resized(f->data);
	} else if (number == SIGTSTP) {
		foreground_suspend(f);
	} else if (f->continued) {
		f->continued = false;
	} else {
		term_continue();
		f->ops->back(f->data);
	}
}

static void listen_to(struct foreground *f)
{
	uv_signal_start(&f->winch, on_signal, SIGWINCH);
	uv_signal_start(&f->cont, on_signal, SIGCONT);
	uv_signal_start(&f->tstp, on_signal, SIGTSTP);
}

static void take_back(struct foreground *f)
{
	listen_to(f);
	f->ops->back(f->data);
}

static void on_edited(void *data, const struct editor_end *end)
{
	struct foreground *f = data;
	take_back(f);
	f->ops->edited(f->data, end);
}

void foreground_start(
	struct foreground *f, uv_loop_t *loop, const struct foreground_ops *ops, void *data)
{
	uv_signal_t *const handles[] = { &f->winch, &f->cont, &f->tstp };
	f->loop = loop;
	f->ops = ops;
	f->data = data;
	for (size_t i = 0; i < COUNT_OF(handles); i++) {
		uv_signal_init(loop, handles[i]);
		handles[i]->data = f;
	}
	editor_init(&f->editor, loop, on_edited, f);
	listen_to(f);
}

void foreground_suspend(struct foreground *f)
{
	f->continued = true;
	term_suspend();
	f->ops->back(f->data);
}

bool foreground_lend(struct foreground *f, const char *const *dirs, const struct editor_file *file,
	struct err *err)
{
	f->ops->lend(f->data);
	uv_signal_stop(&f->winch);
	uv_signal_stop(&f->cont);
	uv_signal_stop(&f->tstp);
	if (editor_start(&f->editor, dirs, file, err)) {
		return true;
	}
	take_back(f);
	return false;
}

bool foreground_lent(const struct foreground *f)
{
	return f->editor.pid != 0;
}
