/*
 * Completions for bash, zsh and fish, made from the table of commands. An option's argument is
 * completed by what its name says (DIR, PATH); behind `--` a command of the system follows.
 */
#include "config.h"

#include "ipc/front.h"

#include "core/buf.h"

#include <stdlib.h>
#include <string.h>

static const char note[] = "made by `bascule help --completion`; changes here are lost";

/* Inside single quotes; all three shells read a quote itself so. */
static void quoted(FILE *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\'') {
			fputs("'\\''", out);
		} else {
			fputc(text.at[i], out);
		}
	}
}

static bool wraps_a_command(const struct front_command *c)
{
	return strstr(c->synopsis, "-- COMMAND") != NULL;
}

static void flags(FILE *out, const char *text)
{
	struct front_option o;
	while (front_next_option(&text, &o)) {
		fprintf(out, " %.*s", SPAN_FMT(o.flag));
	}
}

/* The sub-commands of "check|test|... ...", absent if there are none. */
static struct span verbs_of(const struct front_command *c)
{
	size_t n = strcspn(c->synopsis, " ");
	bool verbs = strchr("[-", c->synopsis[0]) == NULL && memchr(c->synopsis, '|', n) != NULL;
	return verbs ? (struct span){ c->synopsis, n } : (struct span){ 0 };
}

/* Words that stand first in one of the other ways to call it: "[TEXT] | show N | stats ..." has
 * "show" and "stats". Start with *at at the synopsis; false when there is no further one. */
static bool next_word(const char **at, struct span *word)
{
	static const char between[] = " | ";
	for (const char *bar; (bar = strstr(*at, between));) {
		*at = bar + strlen(between);
		*word = (struct span){ *at, strspn(*at, "abcdefghijklmnopqrstuvwxyz-") };
		if (word->len && word->at[0] != '-') {
			return true;
		}
	}
	return false;
}

static bool has_words(const struct front_command *c)
{
	const char *at = c->synopsis;
	struct span word;
	return next_word(&at, &word);
}

static void verbs(FILE *out, const struct front_command *c)
{
	struct span verbs = verbs_of(c), word;
	const char *at = c->synopsis, *space = "";
	for (size_t i = 0; i < verbs.len; i++) {
		fputc(verbs.at[i] == '|' ? ' ' : verbs.at[i], out);
	}
	while (next_word(&at, &word)) {
		fprintf(out, "%s%.*s", space, SPAN_FMT(word));
		space = " ";
	}
}

static bool is_file(struct span arg)
{
	return span_is(arg, "PATH") || span_is(arg, "FILE");
}

/* "--log|--inject": the options of all commands that take a file, each once. */
static void file_flags(FILE *out)
{
	struct buf said = { 0 };
	buf_char(&said, '|');
	for (size_t i = 0; i < front_command_count; i++) {
		const char *text = front_commands[i].options;
		struct front_option o;
		while (front_next_option(&text, &o)) {
			char *flag = xasprintf("|%.*s|", SPAN_FMT(o.flag));
			if (is_file(o.arg) && !strstr(buf_cstr(&said), flag)) {
				buf_text(&said, flag + 1);
			}
			free(flag);
		}
	}
	fprintf(out, "%.*s", (int)(said.len > 1 ? said.len - 2 : 0), buf_cstr(&said) + 1);
	buf_finish(&said);
}

static void names(FILE *out)
{
	for (size_t i = 0; i < front_command_count; i++) {
		fprintf(out, "%s ", front_commands[i].name);
	}
	fputs("help", out);
}

static void bash(FILE *out)
{
	fprintf(out, "# bash completion for bascule; %s\n_bascule()\n{\n", note);
	fputs("\tlocal word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]} command='' "
	      "flags='' files='' i\n"
	      "\tCOMPREPLY=()\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in\n"
	      "\t\t--) mapfile -t COMPREPLY < <(compgen -c -f -- \"$word\"); return ;;\n"
	      "\t\t--root) ((i++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) [ -n \"$command\" ] || command=${COMP_WORDS[i]} ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tcase $last in\n"
	      "\t--root|--scope) mapfile -t COMPREPLY < <(compgen -d -- \"$word\"); return ;;\n"
	      "\t",
		out);
	file_flags(out);
	fputs(") mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n"
	      "\tesac\n"
	      "\tcase $command in\n",
		out);
	for (size_t i = 0; i < front_command_count; i++) {
		const struct front_command *c = &front_commands[i];
		fprintf(out, "\t%s) flags='", c->name);
		verbs(out, c);
		flags(out, c->options);
		fprintf(out, "%s' %s;;\n", wraps_a_command(c) ? " --" : "",
			verbs_of(c).at ? "files=1 " : "");
	}
	fputs("\thelp) flags='--man --completion --commands ", out);
	names(out);
	fputs("' ;;\n\t'') flags='", out);
	names(out);
	fputs("' ;;\n\tesac\n\tmapfile -t COMPREPLY < <(compgen -W \"$flags", out);
	flags(out, front_common_options);
	fputs("\" -- \"$word\")\n"
	      "\t[ -z \"$files\" ] || [ -n \"${COMPREPLY[*]}\" ] ||\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n}\ncomplete -F _bascule "
	      "bascule\n",
		out);
}

static void zsh_text(FILE *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("[]:\\", text.at[i])) {
			fputc('\\', out);
		}
		quoted(out, (struct span){ text.at + i, 1 });
	}
}

static void zsh_options(FILE *out, const char *text)
{
	struct front_option o;
	while (front_next_option(&text, &o)) {
		fprintf(out, "\t\t'*%.*s[", SPAN_FMT(o.flag));
		zsh_text(out, o.meaning);
		fputc(']', out);
		if (o.arg.at) {
			bool dir = span_is(o.arg, "DIR"), path = is_file(o.arg);
			fprintf(out, ":%.*s:%s", SPAN_FMT(o.arg),
				dir            ? "_directories"
					: path ? "_files"
					       : "");
		}
		fputs("' \\\n", out);
	}
}

static void zsh(FILE *out)
{
	fprintf(out, "#compdef bascule\n# %s\n_bascule() {\n\tlocal -a commands\n\tcommands=(\n",
		note);
	for (size_t i = 0; i < front_command_count; i++) {
		fprintf(out, "\t\t'%s:", front_commands[i].name);
		quoted(out, span_of(front_commands[i].line));
		fputs("'\n", out);
	}
	fputs("\t\t'help:more about one command'\n\t)\n"
	      "\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
	      "\tlocal command=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n",
		out);
	for (size_t i = 0; i < front_command_count; i++) {
		const struct front_command *c = &front_commands[i];
		fprintf(out, "\t%s)\n\t\t_arguments \\\n", c->name);
		zsh_options(out, c->options);
		zsh_options(out, front_common_options);
		if (verbs_of(c).at) {
			fputs("\t\t'1:what:(", out);
			verbs(out, c);
			fputs(")' '*:file:_files' ;;\n", out);
			continue;
		}
		if (has_words(c)) {
			fputs("\t\t'1:what:(", out);
			verbs(out, c);
			fputs(")' '*: :' ;;\n", out);
			continue;
		}
		fprintf(out, "\t\t%s ;;\n", wraps_a_command(c) ? "'*::command:_normal'" : "'*: :'");
	}
	fputs("\thelp) _describe command commands ;;\n\tesac\n}\n_bascule \"$@\"\n", out);
}

static void fish_options(FILE *out, const char *condition, const char *text)
{
	struct front_option o;
	while (front_next_option(&text, &o)) {
		bool is_long = span_starts(o.flag, "--");
		struct span bare = { o.flag.at + (is_long ? 2 : 1),
			o.flag.len - (is_long ? 2 : 1) };
		bool files = span_is(o.arg, "DIR") || is_file(o.arg);
		fprintf(out, "complete -c bascule%s -%c %.*s%s -d '", condition,
			is_long ? 'l' : 's', SPAN_FMT(bare),
			o.arg.at ? (files ? " -r -F" : " -x") : "");
		quoted(out, o.meaning);
		fputs("'\n", out);
	}
}

static void fish(FILE *out)
{
	fprintf(out, "# fish completion for bascule; %s\ncomplete -c bascule -f\n", note);
	for (size_t i = 0; i < front_command_count; i++) {
		const struct front_command *c = &front_commands[i];
		char *condition = xasprintf(" -n '__fish_seen_subcommand_from %s'", c->name);
		fprintf(out, "complete -c bascule -n __fish_use_subcommand -a %s -d '", c->name);
		quoted(out, span_of(c->line));
		fputs("'\n", out);
		fish_options(out, condition, c->options);
		if (verbs_of(c).at || has_words(c)) {
			fprintf(out, "complete -c bascule%s%s -a '", condition,
				verbs_of(c).at ? " -F" : "");
			verbs(out, c);
			fputs("'\n", out);
		}
		free(condition);
	}
	fputs("complete -c bascule -n __fish_use_subcommand -a help -d 'more about one command'\n"
	      "complete -c bascule -n '__fish_seen_subcommand_from help' -a '",
		out);
	names(out);
	fputs("'\n", out);
	fish_options(out, "", front_common_options);
}

bool front_print_completion(FILE *out, const char *shell)
{
	static const struct {
		const char *name;
		void (*print)(FILE *out);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };
	for (size_t i = 0; i < COUNT_OF(shells); i++) {
		if (strcmp(shells[i].name, shell) == 0) {
			shells[i].print(out);
			return true;
		}
	}
	return false;
}
