/*
 * Manual pages in roff, made from the tables that the programs themselves work by: commands,
 * options, settings, diagnostics, files. What stands here as prose is only what no table holds.
 *
 * Promises: any text may stand in the tables; what roff would obey is escaped. `words` in
 * backquotes become bold.
 */
#include "config.h"

#include "ipc/front.h"

#include "core/diag.h"
#include "core/option.h"
#include "ipc/places.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *dir, *name, *meaning;
} files[] = {
#define X(id, dir, name, meaning) { PLACE_DEFAULT_##dir, name, meaning },
	PLACES(X)
#undef X
};

static const struct {
	const char *name, *what, *todo;
} diagnostics[] = {
#define X(id, name, what, todo) { name, what, todo },
	DIAGNOSTICS(X)
#undef X
};

static const char *const security[] = {
	"bascule holds calls that reach an MCP server through its gate. It is made so that nothing "
	"gated reaches the "
	"server without a verdict in the history, that the bytes approved are the bytes forwarded, "
	"and that doubt, a "
	"dead broker or a full disk means: not executed.",
	"It is no sandbox. What the agent does with its own built-in tools does not pass a gate, "
	"and is not seen. "
	"Processes of the same user can do what the user can, to bascule as well: the check that "
	"keeps agents off the "
	"decision socket slows them down and is no boundary.",
	"A test or build that an agent wrote and that runs is code of the agent's: tests, linters "
	"and builds run unasked while the text that names them is committed, and what they do is "
	"not looked at. Results of tools may carry instructions to the agent; bascule shows and "
	"records that a call was made, and does not judge its result. The scanner finds secrets by "
	"their known forms, and no others.",
};

static const char places_words[] = "With `--root` or `BASCULE_ROOT` they lie in config, state and "
				   "run under that directory. Where "
				   "there is no /run/user/UID the sockets are in run under the "
				   "state directory. `bascule paths` "
				   "prints where they are. The home directory is that of the "
				   "password database; HOME and the XDG "
				   "variables are not read.";

static const char settings_words[] = "config.ini holds sections and `key = value` lines; # and ; "
				     "begin a comment line. A flag is "
				     "stronger than the environment, that is stronger than "
				     "config.ini. An unknown key or a wrong "
				     "value is an error that names file and line, and leaves the "
				     "other settings as they are. The name "
				     "below is section.key.";

static const char exit_words[] = "0 when it worked, 1 when it did not, 2 when the command line was "
				 "not understood, 126 or 127 "
				 "when a program of the installation could not be started. "
				 "`bascule run` ends as the server that "
				 "it ran.";

static const char about_words[] =
	"bascule stands between coding agents and the MCP servers they call. Calls that policy can "
	"prove "
	"harmless pass; all others wait in a queue in the terminal, with what they would change "
	"and why "
	"they were stopped, until a person decides. Each of them is kept in a history.";

static const char wrap_words[] = "Without a command it opens the console. To put a server behind "
				 "the gate, write `bascule run --` "
				 "in front of its command in the client's configuration.";

/* Writes text so that roff takes every character for itself. */
static void put(FILE *out, struct span text)
{
	bool bold = false;
	for (size_t i = 0; i < text.len; i++) {
		switch (text.at[i]) {
		case '\\':
			fputs("\\e", out);
			break;
		case '-':
			fputs("\\-", out);
			break;
		case '~':
			fputs("\\(ti", out);
			break;
		case '^':
			fputs("\\(ha", out);
			break;
		case '\'':
			fputs("\\(aq", out);
			break;
		case '`':
			bold = !bold;
			fputs(bold ? "\\fB" : "\\fR", out);
			break;
		default:
			fputc(text.at[i], out);
		}
	}
}

/* A line of text; a dot at its start is no request. */
static void text_line(FILE *out, struct span text)
{
	fputs("\\&", out);
	put(out, text);
	fputc('\n', out);
}

static void tag(FILE *out, struct span name, struct span arg)
{
	fputs(".TP\n\\fB", out);
	put(out, name);
	fputs("\\fR", out);
	if (arg.at) {
		fputs(" \\fI", out);
		put(out, arg);
		fputs("\\fR", out);
	}
	fputc('\n', out);
}

static void options(FILE *out, const char *text)
{
	struct front_option o;
	while (front_next_option(&text, &o)) {
		tag(out, o.flag, o.arg);
		text_line(out, o.meaning);
	}
}

static void title(FILE *out, const char *name)
{
	fputs(".TH ", out);
	for (const char *c = name; *c; c++) {
		fputc(toupper((unsigned char)*c), out);
	}
	fputs(" 1 \"\" \"bascule " PACKAGE_VERSION "\" \"bascule\"\n", out);
}

static void commands(FILE *out)
{
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; i < front_command_count; i++) {
		tag(out, span_of(front_commands[i].name), span_of(front_commands[i].synopsis));
		text_line(out, span_of(front_commands[i].line));
	}
	tag(out, SPAN("help"), SPAN("[COMMAND]"));
	text_line(out, SPAN("more about one command, or the list of all"));
	tag(out, SPAN("help --man"), SPAN("[COMMAND]"));
	text_line(out, SPAN("this manual page, or that of one command, in roff"));
	tag(out, SPAN("help --completion"), SPAN("bash|zsh|fish"));
	text_line(out, SPAN("the completion for a shell"));
	tag(out, SPAN("help --commands"), (struct span){ 0 });
	text_line(out, SPAN("the names of all commands, one a line"));
}

static void places(FILE *out)
{
	fputs(".SH FILES\n", out);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *path = xasprintf("%s/%s", files[i].dir, files[i].name);
		tag(out, span_of(path), (struct span){ 0 });
		text_line(out, span_of(files[i].meaning));
		free(path);
	}
	fputs(".PP\n", out);
	text_line(out, span_of(places_words));
}

static void environment(FILE *out)
{
	fputs(".SH ENVIRONMENT\n", out);
	tag(out, SPAN("BASCULE_ROOT"), (struct span){ 0 });
	text_line(out, SPAN("as `--root`, where that is not given"));
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (*option_specs[i].env) {
			char *words = xasprintf(
				"as `%s` in config.ini, and stronger", option_specs[i].name);
			tag(out, span_of(option_specs[i].env), (struct span){ 0 });
			text_line(out, span_of(words));
			free(words);
		}
	}
}

static void settings(FILE *out)
{
	fputs(".SH CONFIGURATION\n", out);
	text_line(out, span_of(settings_words));
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *spec = &option_specs[i];
		char *range = option_range((enum option_id)i);
		char *words = xasprintf("%s (%s; default: %s)", spec->meaning, range,
			*spec->value ? spec->value : "empty");
		tag(out, span_of(spec->name), (struct span){ 0 });
		text_line(out, span_of(words));
		free(words);
		free(range);
	}
}

static void troubles(FILE *out)
{
	fputs(".SH DIAGNOSTICS\n", out);
	for (size_t i = 0; i < COUNT_OF(diagnostics); i++) {
		tag(out, span_of(diagnostics[i].name), (struct span){ 0 });
		text_line(out, span_of(diagnostics[i].what));
		text_line(out, span_of(diagnostics[i].todo));
	}
	fputs(".SH EXIT STATUS\n", out);
	text_line(out, span_of(exit_words));
}

static void see_also(FILE *out, const char *but)
{
	const char *comma = "";
	bool rules = !but || strcmp(but, "policy") == 0;
	fputs(".SH SEE ALSO\n", out);
	if (but) {
		fputs("\\fBbascule\\fR(1)", out);
		comma = ", ";
	}
	for (size_t i = 0; i < front_command_count; i++) {
		if (!but || strcmp(but, front_commands[i].name) != 0) {
			fprintf(out, "%s\\fBbascule\\-%s\\fR(1)", comma, front_commands[i].name);
			comma = ", ";
		}
	}
	fputs(rules ? ", \\fBbascule\\-policy\\fR(5)\n" : "\n", out);
}

void front_print_man(FILE *out)
{
	title(out, "bascule");
	fputs(".SH NAME\nbascule \\- ", out);
	put(out, span_of(front_summary));
	fputs("\n.SH SYNOPSIS\n\\fBbascule\\fR [\\fICOMMAND\\fR] [\\fIOPTION\\fR...]\n.SH "
	      "DESCRIPTION\n",
		out);
	text_line(out, span_of(about_words));
	fputs(".PP\n", out);
	text_line(out, span_of(wrap_words));
	commands(out);
	fputs(".SH OPTIONS\n", out);
	text_line(out, SPAN("Every command takes these, before or behind its name:"));
	options(out, front_common_options);
	places(out);
	environment(out);
	settings(out);
	troubles(out);
	fputs(".SH SECURITY\n", out);
	for (size_t i = 0; i < COUNT_OF(security); i++) {
		fputs(i ? ".PP\n" : "", out);
		text_line(out, span_of(security[i]));
	}
	see_also(out, NULL);
}

void front_print_command_man(FILE *out, const struct front_command *command)
{
	char *name = xasprintf("bascule-%s", command->name);
	title(out, name);
	fputs(".SH NAME\n", out);
	put(out, span_of(name));
	fputs(" \\- ", out);
	put(out, span_of(command->line));
	fprintf(out, "\n.SH SYNOPSIS\n\\fBbascule %s\\fR ", command->name);
	put(out, span_of(command->synopsis));
	fputs("\n.SH DESCRIPTION\n", out);
	text_line(out, span_of(*command->more ? command->more : command->line));
	fputs(".SH OPTIONS\n", out);
	options(out, command->options);
	options(out, front_common_options);
	see_also(out, command->name);
	free(name);
}
