/* Pure but for the look whether a program is there. Called by editor.c. */
#include "config.h"

#include "tui/editor_argv.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/diag.h"

struct words {
	char **list;
	size_t count, cap;
};

static void add(struct words *words, char *word)
{
	words->list = xgrow(words->list, &words->cap, words->count + 2, sizeof(*words->list));
	words->list[words->count++] = word;
	words->list[words->count] = NULL;
}

void editor_argv_free(char **argv)
{
	for (size_t i = 0; argv && argv[i]; i++) {
		free(argv[i]);
	}
	free(argv);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* False: a quote has no partner. */
static bool split(const char *text, struct words *words)
{
	while (*text) {
		if (is_blank(*text)) {
			text++;
			continue;
		}
		char *word = xmalloc(strlen(text) + 1), quote = 0;
		size_t len = 0;
		for (; *text && (quote || !is_blank(*text)); text++) {
			if (*text == quote) {
				quote = 0;
			} else if (!quote && (*text == '"' || *text == '\'')) {
				quote = *text;
			} else {
				word[len++] = *text;
			}
		}
		word[len] = '\0';
		add(words, word);
		if (quote) {
			return false;
		}
	}
	return true;
}

static bool is_program(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* The caller frees it; NULL: it is not there. */
static char *find(const char *name, const char *path)
{
	if (strchr(name, '/')) {
		return is_program(name) ? xstrdup(name) : NULL;
	}
	while (path && *path) {
		size_t len = strcspn(path, ":");
		char *file = len && *path == '/' ? xasprintf("%.*s/%s", (int)len, path, name)
						 : NULL;
		if (file && is_program(file)) {
			return file;
		}
		free(file);
		path += len + (path[len] == ':');
	}
	return NULL;
}

/* ---- what each editor is asked not to do ---- */

enum { QUIET_MAX = 14 };

/* Lines of the text are not obeyed; nothing of it is written elsewhere. */
#define VIM_QUIET \
	"-n", "-i", "NONE", "--cmd", "sil! aug bascule", "--cmd", \
		"sil! au BufReadPre * setl noml noudf | set nobk nowb noswf", "--cmd", \
		"sil! aug END", "--cmd", "set noml mls=0"

static const struct editor {
	const char *name; /* the program's name begins with it, links followed */
	const char *words[QUIET_MAX];
	const char *read_only;
} editors[] = {
	{ "vim", { VIM_QUIET }, "-R" },
	{ "nvim", { VIM_QUIET }, "-R" },
	{ "rvim", { VIM_QUIET }, "-R" },
	{ "emacs", { "--eval", "(setq enable-local-variables nil enable-local-eval nil)" }, NULL },
	{ "nano", { NULL }, "-v" },
};

static void add_quiet(struct words *words, const char *program, bool read_only)
{
	char *real = realpath(program, NULL);
	const char *name = path_name(real ? real : program);
	for (size_t i = 0; i < COUNT_OF(editors); i++) {
		const struct editor *e = &editors[i];
		if (strncmp(name, e->name, strlen(e->name)) != 0) {
			continue;
		}
		for (size_t k = 0; e->words[k]; k++) {
			add(words, xstrdup(e->words[k]));
		}
		if (read_only && e->read_only) {
			add(words, xstrdup(e->read_only));
		}
		break;
	}
	free(real);
}

static bool is_set(const char *text)
{
	return text && text[strspn(text, " \t")];
}

char **editor_argv(const struct editor_ask *ask, struct err *err)
{
	bool visual = is_set(ask->visual), editor = is_set(ask->editor);
	const char *said = visual ? ask->visual : editor ? ask->editor : "vi";
	const char *source = visual ? "VISUAL" : editor ? "EDITOR" : "no VISUAL or EDITOR";
	struct words words = { 0 };
	bool good = split(said, &words);
	char *program = good ? find(words.list[0], ask->path) : NULL;
	if (!good) {
		fail(err, DIAG_USAGE, "%s: a quote has no partner", source);
	} else if (!program) {
		fail(err, DIAG_USAGE, "%s: there is no program %s", source, words.list[0]);
	}
	if (!program) {
		editor_argv_free(words.list);
		return NULL;
	}
	free(words.list[0]);
	words.list[0] = program;
	add_quiet(&words, program, ask->read_only);
	add(&words, xstrdup(ask->file));
	return words.list;
}
