/* Option allow-lists: what each notation accepts, and that everything else is refused. */
#include "config.h"

#include "core/effects/spec.h"
#include "tests/unit/effect_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Words are separated by one space; a word with a wildcard is a glob, "$?" a status. */
static size_t split(char *text, struct shell_word *words)
{
	size_t count = 0;
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		words[count++] = (struct shell_word){ .text = word,
			.len = strlen(word),
			.plain = true,
			.glob = strpbrk(word, "*?[") != NULL,
			.status = strstr(word, "$?") != NULL };
	}
	return count;
}

// clang-format off
static const struct {
	const char *spec, *argv, *text; /* NULL: refused */
} rows[] = {
	{ "-[ab] -n:n | r*", "x -a -b -ab f", "read f" },
	{ "-[ab] -n:n | r*", "x f -a g", "read f | read g" },
	{ "-[ab] -n:n | r*", "x -n 5 -n5 -an5 f", "read f" },
	{ "-[ab] -n:n | r*", "x -c f", NULL },
	{ "-[ab] -n:n | r*", "x -ac f", NULL },
	{ "-[ab] -n:n | r*", "x -n", NULL },
	{ "-[ab] -n:n | r*", "x -n x f", NULL },
	{ "-[ab] -n:n | r*", "x -a] f", NULL },
	{ "-[ab] -n:n | r*", "x -20 f", NULL },
	{ "-[ab] -# | r*", "x -20 f", "read f" },
	{ "-[ab] | r*", "x -- -a", "read -a" },
	{ "!-[ab] | r*", "x -- f", NULL },
	{ "<-[ab] | r r?", "x -a f -a", "read f | read -a" },
	{ "--long --color= --sort:w --out:W | r*",
		"x --long --color --color=auto --sort=size --sort size f", "read f" },
	{ "--long --color= --sort:w --out:W | r*",
		"x --out=o --out p f", "write:replace o | write:replace p | read f" },
	{ "--long --color= --sort:w --out:W | r*", "x --lon f", NULL },
	{ "--long --color= --sort:w --out:W | r*", "x --long=1 f", NULL },
	{ "--long --color= --sort:w --out:W | r*", "x --sort", NULL },
	{ "--long --color= --sort:w --out:W | r*", "x --ou=o f", NULL },
	{ "--bad:! | r*", "x --bad=1", NULL },
	{ "-i= -n | E*", "x -i f", "write:edit f" },
	{ "-i= -n | E*", "x -i.bak f", "write:edit f" },
	{ "-i= -n | E*", "x -ni f", "write:edit f" },
	{ "-i= -n | E*", "x -in f", "write:edit f" },
	{ "--arg:ww -r | w r*", "x --arg a b . f", "read f" },
	{ "--arg:ww -r | w r*", "x --arg=a b . f", NULL },
	{ "--arg:ww -r | w r*", "x . f --arg a", NULL },
	{ "-run:w -v | d*", "x -run Foo -run=Foo -v d", "read:list d" },
	{ "-run:w -v | d*", "x -runs d", NULL },
	{ "| A+ W", "x a b", "write:away a | write:replace b" },
	{ "| A+ W", "x a b c", "write:away a | write:away b | write:replace c" },
	{ "| A+ W", "x a", NULL },
	{ "| A+ W", "x a*c b", "write:tree:a*c . | write:replace b" },
	{ "| A+ W", "x a b*c", NULL },
	{ "| w r*", "x p*q f", NULL },
	{ "| r? W?", "x a b", "read a | write:replace b" },
	{ "| r? W?", "x a b c", NULL },
	{ "| r? W?", "x", "" },
	{ "| t*.", "x", "read:tree ." },
	{ "| t*.", "x d", "read:tree d" },
	{ "|", "x a", NULL },
	{ "-a | r*", "x *c", NULL },
	{ "-a | r*", "x -- *c", "read:tree:*c ." },
	{ "*-a | r*", "x *c", "read:tree:*c ." },
	{ "-a | r*", "x -a*", NULL },
	{ "-a | r*", "x -$?", NULL },
	{ "-a:w | r*", "x -a *", NULL },
	{ "-a:w | r*", "x -ab* f", NULL },
	{ "-a | X+", "x d/", "delete:file d/" },
	{ "-a | Y+", "x d", "delete:tree d" },
	{ "-a | r*", "x -", "" },
	{ "-a | W", "x -", "write:replace -" },
};
// clang-format on

static void specs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct shell_word words[16];
		char *argv = xstrdup(rows[i].argv);
		struct command command = { .argv = words, .argc = split(argv, words) };
		struct effects effects = { 0 };
		char cwd[] = "/ws", why[160];
		struct command_line line = {
			.out = &effects, .arg = "a", .cwd = cwd, .program = "x"
		};
		struct buf text = { 0 };
		bool ok = spec_read(&line, &command, rows[i].spec, 1, why);
		effect_text(&text, &effects, "/ws");
		if (ok != (rows[i].text != NULL)) {
			print_error("%s: %s: %s\n", rows[i].spec, rows[i].argv, why);
		}
		assert_int_equal(ok, rows[i].text != NULL);
		assert_true(ok || why[0]);
		if (ok) {
			assert_string_equal(buf_cstr(&text), rows[i].text);
		}
		buf_finish(&text);
		effects_finish(&effects);
		free(argv);
	}
}

static void options_are_found_in_clusters(void **state)
{
	(void)state;
	static const char spec[] = "-[abr] -e:w --recursive |";
	static const struct {
		const char *argv;
		bool found;
	} cases[] = {
		{ "x -abr", true },
		{ "x -ab", false },
		{ "x --recursive", true },
		{ "x -e -r", false },
		{ "x -er", false },
		{ "x -- -r", false },
		{ "x f -r", true },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct shell_word words[16];
		char *argv = xstrdup(cases[i].argv);
		struct command command = { .argv = words, .argc = split(argv, words) };
		assert_int_equal(spec_has(&command, spec, 1, "-r --recursive"), cases[i].found);
		free(argv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specs),
		cmocka_unit_test(options_are_found_in_clusters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
