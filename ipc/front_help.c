/*
 * The table of commands as data, and the help that is made from it for a terminal. The words
 * themselves stand in commands.h; this file only sets them.
 */
#include "config.h"

#include "ipc/front.h"

#include "ipc/commands.h"

#include <stdlib.h>
#include <string.h>

const struct front_command front_commands[] = {
#define X(name, program, synopsis, line, more, options) \
	{ name, program, synopsis, line, more, options },
	COMMANDS(X)
#undef X
};
const size_t front_command_count = COUNT_OF(front_commands);
const char front_common_options[] = COMMON_OPTIONS;
const char front_summary[] = "a terminal approval console for coding agents";

enum { NAME_COLUMN = 2, MEANING_COLUMN = 20 };

const struct front_command *front_find(const char *name)
{
	for (size_t i = 0; i < front_command_count; i++) {
		if (strcmp(front_commands[i].name, name) == 0) {
			return &front_commands[i];
		}
	}
	return NULL;
}

bool front_next_option(const char **at, struct front_option *option)
{
	const char *tab = strchr(*at, '\t');
	const char *end = tab ? strchr(tab, '\n') : NULL;
	if (!end) {
		return false;
	}
	const char *space = memchr(*at, ' ', (size_t)(tab - *at));
	const char *flag_end = space ? space : tab;
	*option = (struct front_option){
		.flag = { *at, (size_t)(flag_end - *at) },
		.arg = { space ? space + 1 : NULL, space ? (size_t)(tab - space - 1) : 0 },
		.meaning = { tab + 1, (size_t)(end - tab - 1) },
	};
	*at = end + 1;
	return true;
}

static int pad(FILE *out, int column, int wanted)
{
	while (column < wanted) {
		fputc(' ', out);
		column++;
	}
	return column;
}

/* Sets words from `column` on; lines after the first begin at `indent`. A newline in the text is
 * kept. */
static void wrap(FILE *out, int column, int indent, struct span text)
{
	int at = column;
	const char *end = text.at + text.len;
	for (const char *word = text.at; word < end;) {
		size_t n = strcspn(word, " \n");
		n = n < (size_t)(end - word) ? n : (size_t)(end - word);
		if (at > indent && at + 1 + (int)n > FRONT_WIDTH) {
			fputc('\n', out);
			at = pad(out, 0, indent);
		} else if (at > indent) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", (int)n, word);
		at += (int)n;
		word += n;
		if (word < end && *word == '\n') {
			fputc('\n', out);
			at = pad(out, 0, indent);
		}
		word += word < end;
	}
	fputc('\n', out);
}

/* NAME [ARG]   meaning; the meaning goes to the next line when the name is long. */
static void item(FILE *out, struct span name, struct span arg, struct span meaning)
{
	int column = pad(out, 0, NAME_COLUMN);
	column += fprintf(out, "%.*s", SPAN_FMT(name));
	if (arg.at) {
		column += fprintf(out, " %.*s", SPAN_FMT(arg));
	}
	if (column > MEANING_COLUMN - 2) {
		fputc('\n', out);
		column = 0;
	}
	wrap(out, pad(out, column, MEANING_COLUMN), MEANING_COLUMN, meaning);
}

static void options(FILE *out, const char *text)
{
	struct front_option o;
	while (front_next_option(&text, &o)) {
		item(out, o.flag, o.arg, o.meaning);
	}
}

void front_print_help(FILE *out)
{
	fprintf(out, "bascule - %s\n\nUsage: bascule [COMMAND] [OPTION...]\n\nCommands:\n",
		front_summary);
	for (size_t i = 0; i < front_command_count; i++) {
		const struct front_command *c = &front_commands[i];
		item(out, span_of(c->name), (struct span){ 0 }, span_of(c->line));
	}
	item(out, SPAN("help"), SPAN("[COMMAND]"), SPAN("this text, or more about one command"));
	fputs("\nEvery command takes:\n", out);
	options(out, front_common_options);
	fputs("\nFirst steps: `bascule demo` shows it at work; `bascule help run` tells how to\n"
	      "put a server behind the gate.\n",
		out);
}

void front_print_command_help(FILE *out, const struct front_command *command)
{
	char *usage = xasprintf("bascule %s %s", command->name, command->synopsis);
	fputs("Usage: ", out);
	wrap(out, 7, 9, span_of(usage));
	free(usage);
	fputc('\n', out);
	wrap(out, 0, 0, span_of(command->line));
	if (*command->more) {
		fputc('\n', out);
		wrap(out, 0, 0, span_of(command->more));
	}
	fputs("\nOptions:\n", out);
	options(out, command->options);
	options(out, front_common_options);
}
