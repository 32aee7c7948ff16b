/*
 * One table of editors, one line each: their processes, and a variable that the terminals inside
 * them set. An editor that is built on another one stands before it, because it sets that one's
 * variable too. Called by the gate, which reads its agent's environment, and by the broker, which
 * believes no more of it than what is well-formed.
 */
#include "config.h"

#include "core/seat.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"

enum { SOCKET_MAX = 107 /* bytes of a Unix socket's path */ };

struct editor {
	const char *name;
	const char *processes; /* short names of the kernel, one space between them */
	const char *variable, *value; /* variable NULL: it sets none; value NULL: any */
};

static const struct editor editors[] = {
	{ "Neovim", "nvim", "NVIM", NULL },
	{ "Vim", "vim vi gvim vim.basic vim.nox vim.tiny vim.gtk3", "VIM_TERMINAL", NULL },
	{ "Emacs", "emacs emacs-gtk emacs-nox emacs-pgtk", "INSIDE_EMACS", NULL },
	{ "Helix", "hx helix", NULL, NULL },
	{ "Kakoune", "kak", NULL, NULL },
	{ "Cursor", "cursor Cursor", "CURSOR_TRACE_ID", NULL },
	{ "Windsurf", "windsurf", NULL, NULL },
	{ "VSCodium", "codium", NULL, NULL },
	{ "VS Code", "code code-insiders code-oss code-server", "TERM_PROGRAM", "vscode" },
	{ "Zed", "zed zed-editor", "ZED_TERM", NULL },
	{ "JetBrains",
		"idea pycharm clion goland webstorm phpstorm rubymine rider rustrover studio",
		"TERMINAL_EMULATOR", "JetBrains-JediTerm" },
	{ "Sublime Text", "sublime_text", NULL, NULL },
};

/* ---- the environment ---- */

/* The value of the first of that name; absent if there is none. */
static struct span variable(struct span environment, const char *name)
{
	size_t len = strlen(name);
	while (environment.len) {
		const char *end = memchr(environment.at, '\0', environment.len);
		size_t one = end ? (size_t)(end - environment.at) : environment.len;
		if (end && one > len && environment.at[len] == '=' &&
			memcmp(environment.at, name, len) == 0) {
			return (struct span){ environment.at + len + 1, one - len - 1 };
		}
		one += end != NULL;
		environment = (struct span){ environment.at + one, environment.len - one };
	}
	return (struct span){ 0 };
}

static bool is_socket(struct span path)
{
	if (!path.len || path.len > SOCKET_MAX || path.at[0] != '/') {
		return false;
	}
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.at[i];
		if (c < ' ' || c > '~') {
			return false;
		}
	}
	return true;
}

bool seat_is_pane(const char *text)
{
	size_t digits = text && text[0] == '%' ? strspn(text + 1, "0123456789") : 0;
	return digits > 0 && digits <= 9 && !text[1 + digits];
}

/* TMUX is SOCKET,PID,SESSION, and a path may hold a comma too. */
static struct span socket_of(struct span tmux)
{
	for (int commas = 0; tmux.len && commas < 2;) {
		commas += tmux.at[--tmux.len] == ',';
	}
	return tmux;
}

static void take_tmux(struct seat *seat, struct span socket, struct span pane)
{
	char *text = pane.at ? span_dup(pane) : NULL;
	if (is_socket(socket) && seat_is_pane(text)) {
		seat->tmux = span_dup(socket);
		seat->pane = text;
	} else {
		free(text);
	}
}

void seat_read(struct seat *seat, struct span environment)
{
	*seat = (struct seat){ 0 };
	take_tmux(
		seat, socket_of(variable(environment, "TMUX")), variable(environment, "TMUX_PANE"));
	for (size_t i = 0; i < COUNT_OF(editors) && !seat->editor; i++) {
		const struct editor *e = &editors[i];
		struct span value = e->variable ? variable(environment, e->variable)
						: (struct span){ 0 };
		if (value.len && (!e->value || span_is(value, e->value))) {
			seat->editor = e->name;
		}
	}
}

/* ---- as it is told ---- */

void seat_write(const struct seat *seat, struct jsonw *w)
{
	if (seat->pane) {
		jw_kv_text(w, "tmux", seat->tmux);
		jw_kv_text(w, "pane", seat->pane);
	}
	if (seat->editor) {
		jw_kv_text(w, "editor", seat->editor);
	}
}

void seat_parse(struct seat *seat, struct span object)
{
	*seat = (struct seat){ 0 };
	char *tmux = json_member_text(object, "tmux"), *pane = json_member_text(object, "pane"),
	     *editor = json_member_text(object, "editor");
	take_tmux(seat, span_of(tmux), span_of(pane));
	for (size_t i = 0; editor && i < COUNT_OF(editors); i++) {
		if (strcmp(editors[i].name, editor) == 0) {
			seat->editor = editors[i].name;
		}
	}
	free(tmux);
	free(pane);
	free(editor);
}

void seat_finish(struct seat *seat)
{
	free(seat->tmux);
	free(seat->pane);
	*seat = (struct seat){ 0 };
}

void seat_copy(struct seat *to, const struct seat *from)
{
	*to = (struct seat){ .tmux = from->tmux ? xstrdup(from->tmux) : NULL,
		.pane = from->pane ? xstrdup(from->pane) : NULL,
		.editor = from->editor };
}

/* ---- processes ---- */

const char *seat_editor(const char *process)
{
	size_t len = strlen(process);
	for (size_t i = 0; len && !strchr(process, ' ') && i < COUNT_OF(editors); i++) {
		const char *at = editors[i].processes;
		while (at && *at) {
			if (strncmp(at, process, len) == 0 && (!at[len] || at[len] == ' ')) {
				return editors[i].name;
			}
			at = strchr(at, ' ');
			at = at ? at + 1 : NULL;
		}
	}
	return NULL;
}
