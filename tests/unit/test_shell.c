/*
 * The shell lexer: what becomes of words, operators and here-documents, and in which words a line
 * is refused. That the result is what shells make of it is for test_shell_oracle.c.
 */
#include "config.h"

#include "core/effects/shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const join_names[] = { "", " && ", " || ", " ; ", " | " };

static void show_word(struct buf *out, const struct shell_word *w)
{
	buf_char(out, '<');
	buf_add(out, w->text, w->len);
	buf_char(out, '>');
	assert_int_equal(w->text[w->len], 0);
	buf_text(out, w->plain ? "" : "q");
	buf_text(out, w->glob ? "g" : "");
	buf_text(out, w->home ? "h" : "");
	buf_text(out, w->status ? "s" : "");
}

static void show_redirect(struct buf *out, const struct shell_redirect *r)
{
	static const char *const signs[] = { "<", ">", ">>", "&>", "<<", ">&" };
	buf_printf(out, " %d%s", r->fd, signs[r->kind]);
	if (r->kind == REDIRECT_DUP) {
		buf_printf(out, "%d", r->to);
	} else {
		show_word(out, &r->word);
	}
}

/* <ls><-l> && <x>q 1><file>; the letters behind a word are its marks, q: not plain */
static char *show(const struct shell_line *line)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < line->count; i++) {
		const struct shell_command *c = &line->commands[i];
		buf_text(&out, join_names[c->join]);
		for (size_t k = 0; k < c->count; k++) {
			show_word(&out, &c->words[k]);
		}
		for (size_t k = 0; k < c->redirect_count; k++) {
			show_redirect(&out, &c->redirects[k]);
		}
	}
	buf_char(&out, '\0');
	return out.data;
}

static const struct {
	const char *line, *shown;
} taken[] = {
	{ "ls -la src", "<ls><-la><src>" },
	{ " \tls\t -a  ", "<ls><-a>" },
	{ "a&&b||c;d|e", "<a> && <b> || <c> ; <d> | <e>" },
	{ "a ;\nb\n\n# c; d\n c # e\n", "<a> ; <b> ; <c>" },
	{ "a;", "<a>" },
	{ "a &&\n\n b | # c\n c", "<a> && <b> | <c>" },
	{ "echo --- a#b 'c' \"d\"", "<echo><---><a#b><c>q<d>q" },
	{ "echo a'b'\"c\"\\ d", "<echo><abc d>q" },
	{ "echo '' \"\"", "<echo><>q<>q" },
	{ "echo 'a\nb' \"c\nd\"", "<echo><a\nb>q<c\nd>q" },
	{ "echo \"a\\b\\\\ \\\" \\$ \\` \\n\"", "<echo><a\\b\\ \" $ ` \\n>q" },
	{ "echo \\(\\)\\;\\!\\$\\*", "<echo><();!$*>q" },
	{ "find . ! -name x -exec a {} \\;", "<find><.><!><-name><x><-exec><a><{}><;>q" },
	{ "git show stash@{0} HEAD^^ HEAD~2 v1^{}",
		"<git><show><stash@{0}><HEAD^^><HEAD~2><v1^{}>" },
	{ "gh api repos/{owner}/x", "<gh><api><repos/{owner}/x>" },
	{ "echo $? \"a $? b\" 'a $?'", "<echo><0>qs<a 0 b>qs<a $?>q" },
	{ "grep \"^a$\" \"a$|b\" c$", "<grep><^a$>q<a$|b>q<c$>" },
	{ "ls ~ ~/a '~/b' a~ \\~", "<ls><~>qh<~/a>qh<~/b>q<a~><~>q" },
	{ "ls *.c a? b[0-9] '*' \\* ]", "<ls><*.c>qg<a?>qg<b[0-9]>qg<*>q<*>q<]>" },
	{ "ls ~/src/*.c .git*", "<ls><~/src/*.c>qgh<.git*>qg" },
	{ "[ -f x ]", "<[><-f><x><]>" },
	{ "[ a = b ] || test a=b", "<[><a><=><b><]> || <test><a=b>" },
	{ ":", "<:>" },
	{ "./x.sh && . y && bin/z", "<./x.sh> && <.><y> && <bin/z>" },
	{ "g++ -c a.cc", "<g++><-c><a.cc>" },
	{ "echo ! a! \"!!\" @ % + , : = -", "<echo><!><a!><!!>q<@><%><+><,><:><=><->" },
	{ "cat \xc3\xa9 '\xe6\x97\xa5'", "<cat><\xc3\xa9><\xe6\x97\xa5>q" },
	{ "a >b 2>>c <d 2>&1", "<a> 1><b> 2>><c> 0<<d> 2>&1" },
	{ "a>b>'c d'", "<a> 1><b> 1><c d>q" },
	{ "2>/dev/null ls", "<ls> 2></dev/null>" },
	{ "a x2>b 2 >c", "<a><x2><2> 1><b> 1><c>" },
	{ "ls &>/dev/null", "<ls> 1&></dev/null>" },
	{ "which a &>/dev/null && b", "<which><a> 1&></dev/null> && <b>" },
	{ "a; ls | grep b &>/dev/null && c", "<a> ; <ls> | <grep><b> 1&></dev/null> && <c>" },
	{ "cd a && b &>/dev/null", "<cd><a> && <b> 1&></dev/null>" },
	{ "command -v a &>x; b", "<command><-v><a> 1&><x> ; <b>" },
	{ "a 2>&1|b 1>&2", "<a> 2>&1 | <b> 1>&2" },
	{ "a > ~/b", "<a> 1><~/b>qh" },
	{ "cat <<'E'\na $b `c`\n\\d\nE\nls", "<cat> 0<<<a $b `c`\n\\d\n>q ; <ls>" },
	{ "cat <<\"E\" >f\nE", "<cat> 0<<<>q 1><f>" },
	{ "cat <<\\E\nx\nE\n", "<cat> 0<<<x\n>q" },
	{ "cat <<-'E'\n\t\ta\n b\n\tE", "<cat> 0<<<a\n b\n>q" },
	{ "cat <<E\na 'b' \"c\" (d)\nE", "<cat> 0<<<a 'b' \"c\" (d)\n>q" },
	{ "a <<'A' | b <<'B' # c\n1\nA\n2\nB\nc", "<a> 0<<<1\n>q | <b> 0<<<2\n>q ; <c>" },
	{ "cat <<'E'\n E\nE \nEE\nE", "<cat> 0<<< E\nE \nEE\n>q" },
	{ "git commit -m \"$(cat <<'E'\na: b (c) 'd' \"e\" $f\n\n- g\n\n\nE\n)\" -q",
		"<git><commit><-m><a: b (c) 'd' \"e\" $f\n\n- g>q<-q>" },
	{ "a \"x $(cat <<-\"E\"\n\tb\n\tE\n  ) y\"", "<a><x b y>q" },
	{ "a \"$(cat <<E\nb\nE\n)\"", "<a><b>q" },
};

static void takes_the_subset(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		struct shell_line line;
		if (!shell_parse(&line, span_of(taken[i].line))) {
			fail_msg("%s: %s at %zu", taken[i].line, line.fault, line.fault_at);
		}
		char *shown = show(&line);
		assert_string_equal(shown, taken[i].shown);
		free(shown);
		shell_finish(&line);
	}
}

/* what was complete before the fault, the fault, and where it is */
static const struct {
	struct span line;
	size_t at;
	const char *fault, *shown;
} refused[] = {
	// clang-format off
	{ SPAN(""), 0, "no command", "" },
	{ SPAN(" \n# a\n"), 6, "no command", "" },
	{ SPAN("a;;b"), 1, "a condition", "<a>" },
	{ SPAN("a; ;b"), 3, "an empty command", "<a>" },
	{ SPAN(";a"), 0, "an empty command", "" },
	{ SPAN("a &&"), 4, "an empty command", "<a>" },
	{ SPAN("a |\n"), 4, "an empty command", "<a>" },
	{ SPAN("a || | b"), 5, "an empty command", "<a>" },
	{ SPAN("a & b"), 2, "a command in the background", "<a>" },
	{ SPAN("a |& b"), 2, "a pipe of errors", "<a>" },
	{ SPAN("a; b $(c)"), 5, "command substitution", "<a>" },
	{ SPAN("a `b`"), 2, "command substitution", "" },
	{ SPAN("a \"`b`\""), 3, "command substitution", "" },
	{ SPAN("a \"$(b)\""), 3, "command substitution", "" },
	{ SPAN("a $(cat <<'E'\nb\nE\n)"), 2, "command substitution", "" },
	{ SPAN("a \"$(cat <<'E' | b\nb\nE\n)\""), 3, "command substitution", "" },
	{ SPAN("a \"$(cat <<'E'\nb\nE\nc)\""), 3, "command substitution", "" },
	{ SPAN("a \"$(cat <<'E'\nEx) b\nE\n)\""), 15, "a here-document with a line like its end",
		"" },
	{ SPAN("a <<'EF'\nE\xc3\xa9\nEF"), 9, "a here-document with a line like its end",
		"<a> 0<<<>q" },
	{ SPAN("a $((1))"), 2, "arithmetic", "" },
	{ SPAN("((a))"), 0, "arithmetic", "" },
	{ SPAN("(a)"), 0, "a subshell", "" },
	{ SPAN("{ a; }"), 0, "a group in braces", "" },
	{ SPAN("! a"), 0, "a negation", "" },
	{ SPAN("[[ a ]]"), 0, "a condition", "" },
	{ SPAN("if a; then b; fi"), 0, "a condition", "" },
	{ SPAN("a; for b in c; do d; done"), 3, "a loop", "<a>" },
	{ SPAN("while :; do a; done"), 0, "a loop", "" },
	{ SPAN("a() { b; }"), 0, "a function", "" },
	{ SPAN("function a { b; }"), 0, "a function", "" },
	{ SPAN("coproc a"), 0, "a process beside the shell", "" },
	{ SPAN("A=b c"), 0, "an assignment in front", "" },
	{ SPAN("A+=b c"), 0, "an assignment in front", "" },
	{ SPAN("A[0]=b c"), 0, "an assignment in front", "" },
	{ SPAN("2>a A=b c"), 4, "an assignment in front", "" },
	{ SPAN("a $b"), 2, "an expansion of a variable", "" },
	{ SPAN("a \"$b\""), 3, "an expansion of a variable", "" },
	{ SPAN("a ${b}"), 2, "an expansion of a variable", "" },
	{ SPAN("a \"$^b\""), 3, "an expansion of a variable", "" },
	{ SPAN("a $?:h"), 2, "an expansion of a variable", "" },
	{ SPAN("a $$"), 2, "an expansion of a variable", "" },
	{ SPAN("$a b"), 0, "an expansion of a variable as the command", "" },
	{ SPAN("a $'b'"), 2, "a quote that begins with $", "" },
	{ SPAN("a $\"b\""), 2, "a quote that begins with $", "" },
	{ SPAN("'a' b"), 0, "a command name with quotes", "" },
	{ SPAN("a\\b c"), 0, "a command name with quotes", "" },
	{ SPAN("~/a b"), 0, "a command that is not a plain name", "" },
	{ SPAN("a* b"), 0, "a command that is not a plain name", "" },
	{ SPAN("- a"), 0, "a command that is not a plain name", "" },
	{ SPAN("\xc3\xa9 a"), 0, "a command that is not a plain name", "" },
	{ SPAN("a 'b"), 2, "a quote that is not closed", "" },
	{ SPAN("a \"b"), 2, "a quote that is not closed", "" },
	{ SPAN("a \\\n b"), 2, "a line continued by a backslash", "" },
	{ SPAN("a \"b\\\nc\""), 4, "a line continued by a backslash", "" },
	{ SPAN("a \\b"), 2, "a backslash before a letter", "" },
	{ SPAN("a b\\"), 3, "a backslash before a letter", "" },
	{ SPAN("a (b)"), 2, "an unquoted parenthesis", "" },
	{ SPAN("a {b,c}"), 2, "a brace", "" },
	{ SPAN("a {1..3}"), 2, "a brace", "" },
	{ SPAN("a }"), 2, "a brace", "" },
	{ SPAN("a {b}>c"), 2, "a brace", "" },
	{ SPAN("a {b}&>c"), 2, "a brace", "" },
	{ SPAN("a ~b"), 2, "the home of another user", "" },
	{ SPAN("a !b"), 2, "an unquoted ! in a word", "" },
	{ SPAN("a b!$"), 3, "an unquoted ! in a word", "" },
	{ SPAN("a b=~/c"), 4, "a ~ that some shells expand", "" },
	{ SPAN("a b=c:~"), 6, "a ~ that some shells expand", "" },
	{ SPAN("a =b"), 2, "a word that begins with =", "" },
	{ SPAN("a ^b"), 2, "a word that begins with ^ or #", "" },
	{ SPAN("a -*"), 2, "a pattern that begins with -", "" },
	{ SPAN("a .*"), 3, "a pattern of hidden names", "" },
	{ SPAN("a b/..*"), 6, "a pattern of hidden names", "" },
	{ SPAN("a */../../b"), 2, "a pattern followed by ..", "" },
	{ SPAN("a */.'.'"), 2, "a pattern followed by ..", "" },
	{ SPAN("a *b~c"), 2, "a pattern with ^, ~ or #", "" },
	{ SPAN("a b#*"), 2, "a pattern with ^, ~ or #", "" },
	{ SPAN("a [b"), 2, "a [ that is not a simple pattern", "" },
	{ SPAN("a [b/c]"), 2, "a [ that is not a simple pattern", "" },
	{ SPAN("a b[]"), 3, "a [ that is not a simple pattern", "" },
	{ SPAN("a <(b)"), 2, "process substitution", "" },
	{ SPAN("a > >(b)"), 4, "a redirection without a file", "" },
	{ SPAN("a <<<b"), 2, "a here-string", "" },
	{ SPAN("a <>b"), 2, "a file opened for reading and writing", "" },
	{ SPAN("a <1-9>b"), 3, "a pattern of numbers", "" },
	{ SPAN("a >|b"), 2, "a forced redirection", "" },
	{ SPAN("a >!b"), 2, "a forced redirection", "" },
	{ SPAN("a >&b"), 4, "a redirection that shells differ about", "" },
	{ SPAN("a 2>&1b"), 5, "a redirection that shells differ about", "" },
	{ SPAN("a &>>b"), 2, "a redirection that shells differ about", "" },
	{ SPAN("a 10>b"), 2, "a number before a redirection", "" },
	{ SPAN("a 2&>b"), 2, "a number before a redirection", "" },
	{ SPAN("a 0>b"), 2, "an unusual redirection", "" },
	{ SPAN("a 3<<'E'\nE"), 2, "an unusual redirection", "" },
	{ SPAN("a >*"), 3, "a redirection to a file that is not known", "" },
	{ SPAN("a >b$?"), 3, "a redirection to a file that is not known", "" },
	{ SPAN("a >/dev/tcp/b/1"), 3, "a network connection", "" },
	{ SPAN(">a"), 2, "a redirection without a command", "" },
	{ SPAN("a >\nb"), 3, "a redirection without a file", "" },
	{ SPAN("cd a &>b && rm c"), 12, "&> before another command", "<cd><a> 1&><b>" },
	{ SPAN("cd a && ls &>/dev/null; rm b"), 24, "&> before another command",
		"<cd><a> && <ls> 1&></dev/null>" },
	{ SPAN("cd a && ls &>b"), 14, "&> to a file behind another command",
		"<cd><a> && <ls> 1&><b>" },
	{ SPAN("a <<'E'\nb\n"), 4, "a here-document without its end", "<a> 0<<<>q" },
	{ SPAN("a <<'E'"), 4, "a here-document without its end", "<a> 0<<<>q" },
	{ SPAN("a <<'E F'\nE F"), 4, "a here-document with an unusual end", "" },
	{ SPAN("a <<''\n\n"), 4, "a here-document with an unusual end", "" },
	{ SPAN("a <<E\n$b\nE"), 6, "an expansion in a here-document", "<a> 0<<<>q" },
	{ SPAN("a <<E\nb\\\nE"), 6, "an expansion in a here-document", "<a> 0<<<>q" },
	{ SPAN("a <<'E' 'b\nc'\nE"), 8, "a quoted newline before a here-document", "" },
	{ SPAN("a\rb"), 1, "a carriage return", "" },
	{ SPAN("a; b\n'c\rd'"), 7, "a carriage return", "<a> ; <b>" },
	{ SPAN("a # \x1b"), 4, "a control character", "" },
	{ SPAN("a\0b"), 1, "a control character", "" },
	{ SPAN("a \x7f"), 2, "a control character", "" },
	{ SPAN("a \xc2\x9b"), 2, "an invisible or unknown character", "" },
	{ SPAN("a '\xe2\x80\xae'"), 3, "an invisible or unknown character", "" },
	{ SPAN("a\xc2\xa0" "b"), 1, "an invisible or unknown character", "" },
	{ SPAN("a\xe2\x80\xa8" "b"), 1, "an invisible or unknown character", "" },
	{ SPAN("a \xee\x80\x80"), 2, "an invisible or unknown character", "" },
	{ SPAN("a \xff"), 2, "bytes that are not UTF-8", "" },
	{ SPAN("a \xc0\xaf"), 2, "bytes that are not UTF-8", "" },
	// clang-format on
};

static bool refused_as_said(size_t i)
{
	struct shell_line line;
	bool accepted = shell_parse(&line, refused[i].line);
	char *shown = show(&line);
	bool right = !accepted && line.fault_at == refused[i].at &&
		!strcmp(line.fault, refused[i].fault) && !strcmp(shown, refused[i].shown);
	if (!right) {
		print_message("%s: %s at %zu, %s\n", refused[i].line.at,
			accepted ? "taken" : line.fault, line.fault_at, shown);
	}
	free(shown);
	shell_finish(&line);
	return right;
}

static void refuses_the_rest(void **state)
{
	size_t wrong = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		wrong += !refused_as_said(i);
	}
	assert_int_equal(wrong, 0);
}

static const char *fault_of(struct buf *text)
{
	struct shell_line line;
	const char *fault = shell_parse(&line, buf_view(text)) ? "" : line.fault;
	shell_finish(&line);
	buf_finish(text);
	return fault;
}

static struct buf repeated(const char *before, const char *piece, size_t times, const char *after)
{
	struct buf text = { 0 };
	buf_text(&text, before);
	for (size_t i = 0; i < times; i++) {
		buf_text(&text, piece);
	}
	buf_text(&text, after);
	return text;
}

static const struct {
	const char *before, *piece;
	size_t times;
	const char *after, *fault;
} bounds[] = {
	// clang-format off
	{ "a", ";a", 31, "", "" },
	{ "a", ";a", 32, "", "more commands than are judged" },
	{ "a ", "b", 4094, "", "" },
	{ "a ", "b", 4095, "", "a longer line than is judged" },
	{ "a", " b", 2047, "", "" },
	{ "a", " b", 2048, "", "a longer line than is judged" },
	{ "a", ">b", 2047, "", "" },
	{ "a", ">b", 2048, "", "a longer line than is judged" },
	{ "a '", "b", 5000, "'", "a longer line than is judged" },
	{ "a # ", "b", 5000, "", "a longer line than is judged" },
	{ "a <<'E'\n", "bcdefgh\n", 65536, "E\n", "" },
	{ "a <<'E'\n", "bcdefghijklmnop\n", 65536, "E\n", "more text than is judged" },
	{ "a \"$(cat <<'E'\n", "bcdefgh\n", 65536, "E\n)\"", "" },
	{ "a <<'E'\n", "bcdefgh\n", 1 << 18, "E\n", "a longer line than is judged" },
	{ "a <<'E'\nE\nb", " c", 2048, "", "a longer line than is judged" },
	{ "a", " <<'E'", 17, "\n", "more here-documents than are judged" },
	// clang-format on
};

static void keeps_its_bounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bounds); i++) {
		struct buf text = repeated(
			bounds[i].before, bounds[i].piece, bounds[i].times, bounds[i].after);
		assert_string_equal(fault_of(&text), bounds[i].fault);
	}
}

static void says_where_a_command_was(void **state)
{
	static const char *const sources[] = { "a 'b' >c", "d \"e f\"", "g <<'E'", "h" };
	struct shell_line line;
	(void)state;
	assert_true(shell_parse(
		&line, SPAN(" a 'b' >c && d \"e f\" | g <<'E' # i\nx\nE\n\n h ; # k\n")));
	assert_int_equal(line.count, COUNT_OF(sources));
	for (size_t i = 0; i < line.count; i++) {
		assert_true(span_is(line.commands[i].source, sources[i]));
	}
	shell_finish(&line);
	shell_finish(&line);
}

static const struct {
	const char *word, *quoted;
} quotings[] = {
	{ "a", "a" },
	{ "src/a.c", "src/a.c" },
	{ "--x=y:z@1%,+", "--x=y:z@1%,+" },
	{ "", "''" },
	{ "a b", "'a b'" },
	{ "it's", "'it'\\''s'" },
	{ "=a", "'=a'" },
	{ "~", "'~'" },
	{ "$x", "'$x'" },
	{ "a\nb", "'a\nb'" },
	{ "*", "'*'" },
	{ "{}", "'{}'" },
	{ "[", "[" },
	{ "]", "]" },
	{ "[a]", "'[a]'" },
	{ "\xc3\xa9", "'\xc3\xa9'" },
	{ "!", "'!'" },
	{ "^a", "'^a'" },
	{ "#", "'#'" },
};

static void quotes_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(quotings); i++) {
		struct buf out = { 0 };
		shell_quote(&out, span_of(quotings[i].word));
		assert_string_equal(buf_cstr(&out), quotings[i].quoted);
		buf_finish(&out);
	}
}

/* The same words again, quoted and with more room between them. */
static char *spread(const struct shell_line *line)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < line->count; i++) {
		const struct shell_command *c = &line->commands[i];
		buf_text(&out, "  ");
		buf_text(&out, join_names[c->join]);
		for (size_t k = 0; k < c->count; k++) {
			buf_text(&out, " \t  ");
			shell_quote(&out, (struct span){ c->words[k].text, c->words[k].len });
		}
	}
	buf_char(&out, '\0');
	return out.data;
}

static void room_between_words_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		struct shell_line line, again;
		assert_true(shell_parse(&line, span_of(taken[i].line)));
		char *text = spread(&line);
		if (!shell_parse(&again, span_of(text))) {
			fail_msg("%s: %s", text, again.fault);
		}
		assert_int_equal(again.count, line.count);
		for (size_t k = 0; k < line.count; k++) {
			assert_int_equal(again.commands[k].count, line.commands[k].count);
			assert_int_equal(again.commands[k].join, line.commands[k].join);
			for (size_t w = 0; w < line.commands[k].count; w++) {
				assert_string_equal(again.commands[k].words[w].text,
					line.commands[k].words[w].text);
			}
		}
		shell_finish(&again);
		shell_finish(&line);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_subset),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(keeps_its_bounds),
		cmocka_unit_test(says_where_a_command_was),
		cmocka_unit_test(quotes_words),
		cmocka_unit_test(room_between_words_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
