/*
 * The editor stays in the console's own process group, so that the shell stops and continues both;
 * until it ends the console leaves alone what the keyboard sends. Called by main.c; if the console
 * is killed meanwhile, term.c takes the file away.
 */
#include "config.h"

#include "tui/editor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/diag.h"
#include "tui/editor_argv.h"
#include "tui/term.h"

enum { TEXT_MAX = 1 << 20, EXEC_FAILED = 127 };

static const int from_keyboard[] = { SIGINT, SIGQUIT };

/* ---- the file ---- */

static bool make_dir(struct editor *e, const char *const *dirs, struct err *err)
{
	for (; *dirs; dirs++) {
		e->dir = xasprintf("%s/edit-XXXXXX", *dirs);
		if (mkdtemp(e->dir)) { /* 0700 */
			return true;
		}
		free(e->dir);
		e->dir = NULL;
	}
	return fail(err, DIAG_PATHS, "no folder for the file can be made: %s", strerror(errno));
}

static bool write_all(int fd, struct span text)
{
	while (text.len) {
		ssize_t n = write(fd, text.at, text.len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		if (n > 0) {
			text = (struct span){ text.at + n, text.len - (size_t)n };
		}
	}
	return true;
}

static bool make_file(struct editor *e, const struct editor_file *file, struct err *err)
{
	e->file = xasprintf("%s/%s", e->dir, file->name);
	int fd = open(e->file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		file->read_only ? 0400 : 0600);
	bool good = fd >= 0 && write_all(fd, file->text);
	int wrong = errno;
	good = (fd < 0 || close(fd) == 0) && good;
	return good || fail(err, DIAG_PATHS, "the file cannot be written: %s", strerror(wrong));
}

/* With whatever the editor has put beside it. */
static void remove_all(struct editor *e)
{
	DIR *dir = e->dir ? opendir(e->dir) : NULL;
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir) {
		closedir(dir);
	}
	if (e->dir) {
		rmdir(e->dir);
	}
	term_forget_file();
	free(e->dir);
	free(e->file);
	free(e->name);
	e->dir = e->file = e->name = NULL;
}

/* False: there is none, or something else. */
static bool read_back(const char *file, struct buf *text)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	ssize_t n = 1;
	while (good && n > 0 && text->len <= TEXT_MAX) {
		buf_room(text, 65536);
		n = read(fd, text->data + text->len, 65536);
		good = n >= 0;
		text->len += good ? (size_t)n : 0;
	}
	if (fd >= 0) {
		close(fd);
	}
	return good;
}

/* ---- the program ---- */

/* Between fork and exec: only what a signal handler might do. */
static void become(char *const *argv, const char *dir)
{
	static const int mine[] = { SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGCONT, SIGWINCH };
	sigset_t none;
	for (size_t i = 0; i < COUNT_OF(mine); i++) {
		signal(mine[i], SIG_DFL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	int tty = open("/dev/tty", O_RDWR);
	if (tty >= 0 && chdir(dir) == 0) {
		for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
			dup2(tty, fd);
		}
		close_range(STDERR_FILENO + 1, ~0U, 0); /* the broker is not its affair */
		execv(argv[0], argv);
	}
	_exit(EXEC_FAILED);
}

static char *why_not(const struct editor *e, int status)
{
	if (WIFSIGNALED(status)) {
		return xasprintf("%s was ended by signal %d", e->name, WTERMSIG(status));
	}
	if (WEXITSTATUS(status) == EXEC_FAILED) {
		return xasprintf("%s could not be started", e->name);
	}
	return WEXITSTATUS(status)
		? xasprintf("%s ended with status %d", e->name, WEXITSTATUS(status))
		: NULL;
}

static void on_child(uv_signal_t *handle, int number)
{
	struct editor *e = handle->data;
	int status = 0;
	struct buf text = { 0 };
	(void)number;
	if (!e->pid || waitpid(e->pid, &status, WNOHANG) != e->pid) {
		return;
	}
	e->pid = 0;
	uv_signal_stop(&e->child);
	for (size_t i = 0; i < COUNT_OF(from_keyboard); i++) {
		sigaction(from_keyboard[i], &e->ours[i], NULL);
	}
	char *failed = why_not(e, status);
	if (!failed && !read_back(e->file, &text)) {
		failed = xstrdup("the file is not there any more");
	}
	remove_all(e);
	term_continue();
	e->ended(e->data, &(struct editor_end){ failed, buf_view(&text) });
	free(failed);
	buf_finish(&text);
}

void editor_init(struct editor *e, uv_loop_t *loop, editor_fn *ended, void *data)
{
	*e = (struct editor){ .ended = ended, .data = data };
	uv_signal_init(loop, &e->child);
	e->child.data = e;
}

static bool launch(struct editor *e, char *const *argv, struct err *err)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	uv_signal_start(&e->child, on_child, SIGCHLD);
	for (size_t i = 0; i < COUNT_OF(from_keyboard); i++) {
		sigaction(from_keyboard[i], &ignore, &e->ours[i]);
	}
	term_leave(e->file, e->dir);
	e->pid = fork();
	if (e->pid == 0) {
		become(argv, e->dir);
	}
	if (e->pid > 0) {
		return true;
	}
	int wrong = errno;
	e->pid = 0;
	uv_signal_stop(&e->child);
	for (size_t i = 0; i < COUNT_OF(from_keyboard); i++) {
		sigaction(from_keyboard[i], &e->ours[i], NULL);
	}
	term_continue();
	return fail(err, DIAG_NONE, "no program can be started: %s", strerror(wrong));
}

bool editor_start(
	struct editor *e, const char *const *dirs, const struct editor_file *file, struct err *err)
{
	bool good = make_dir(e, dirs, err) && make_file(e, file, err);
	const struct editor_ask ask = { .visual = getenv("VISUAL"),
		.editor = getenv("EDITOR"),
		.path = getenv("PATH"),
		.file = e->file,
		.read_only = file->read_only };
	char **argv = good ? editor_argv(&ask, err) : NULL;
	if (argv) {
		e->name = xstrdup(path_name(argv[0]));
		good = launch(e, argv, err);
	}
	if (!argv || !good) {
		remove_all(e);
	}
	editor_argv_free(argv);
	return argv && good;
}
