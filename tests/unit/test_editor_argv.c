/* How the person's editor is called: no shell, and nothing that stands in the text is obeyed. */
#include "config.h"

#include "tui/editor_argv.h"

#include "core/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/bascule-argv-XXXXXX";

static void put_program(const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(chmod(path, 0700), 0);
	free(path);
}

static int make_programs(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	put_program("ed");
	put_program("two words");
	put_program("vim.basic");
	put_program("emacs-nox");
	char *vi = xasprintf("%s/vi", dir);
	assert_int_equal(symlink("vim.basic", vi), 0);
	free(vi);
	return 0;
}

static int remove_programs(void **state)
{
	static const char *const names[] = { "ed", "two words", "vim.basic", "emacs-nox", "vi" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = xasprintf("%s/%s", dir, names[i]);
		unlink(path);
		free(path);
	}
	return rmdir(dir);
}

/* The words with | between them, the first without its folder. */
static char *words_of(char **argv)
{
	struct buf out = { 0 };
	buf_text(&out, path_name(argv[0]));
	for (size_t i = 1; argv[i]; i++) {
		buf_printf(&out, "|%s", argv[i]);
	}
	return buf_cstr(&out);
}

static void it_is_parted_without_a_shell(void **state)
{
	static const struct {
		const char *visual, *editor, *words;
	} rows[] = {
		{ "ed", NULL, "ed|F" },
		{ "  ed\t-x  -y ", "vi", "ed|-x|-y|F" },
		{ "ed -a \"\" 'b c'\"d\"", NULL, "ed|-a||b cd|F" },
		{ "ed $HOME;rm `x` > y \\n", NULL, "ed|$HOME;rm|`x`|>|y|\\n|F" },
		{ "\"two words\" -w", NULL, "two words|-w|F" },
		{ " ", "ed", "ed|F" },
		{ NULL, "ed", "ed|F" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		char **argv = editor_argv(&(struct editor_ask){ .visual = rows[i].visual,
						  .editor = rows[i].editor,
						  .path = dir,
						  .file = "F" },
			&err);
		assert_non_null(argv);
		char *words = words_of(argv);
		assert_string_equal(words, rows[i].words);
		free(words);
		editor_argv_free(argv);
	}
}

static void what_is_not_there_is_said(void **state)
{
	static const struct {
		const char *visual, *path, *why;
	} rows[] = {
		{ "nano-x", dir, "VISUAL: there is no program nano-x" },
		{ "ed 'x", dir, "VISUAL: a quote has no partner" },
		{ "ed", "relative:", "there is no program ed" },
		{ "ed", NULL, "there is no program ed" },
		{ "/nowhere/ed", dir, "no program /nowhere/ed" },
		{ NULL, "/nowhere", "no VISUAL or EDITOR: there is no program vi" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		assert_null(editor_argv(
			&(struct editor_ask){
				.visual = rows[i].visual, .path = rows[i].path, .file = "F" },
			&err));
		assert_non_null(strstr(err.text, rows[i].why));
	}
}

/* By the program that a link leads to. */
static void modelines_are_off(void **state)
{
	static const struct {
		const char *visual;
		bool read_only;
		const char *has;
	} rows[] = {
		{ NULL, false, "|set noml mls=0|F" },
		{ "vi -R", false, "vi|-R|-n|-i|NONE|" },
		{ "vim.basic", true, "|set noml mls=0|-R|F" },
		{ "emacs-nox", false, "enable-local-variables nil" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		char **argv = editor_argv(&(struct editor_ask){ .visual = rows[i].visual,
						  .path = dir,
						  .file = "F",
						  .read_only = rows[i].read_only },
			&err);
		assert_non_null(argv);
		char *words = words_of(argv);
		assert_non_null(strstr(words, rows[i].has));
		free(words);
		editor_argv_free(argv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_parted_without_a_shell),
		cmocka_unit_test(what_is_not_there_is_said),
		cmocka_unit_test(modelines_are_off),
	};
	return cmocka_run_group_tests(tests, make_programs, remove_programs);
}
