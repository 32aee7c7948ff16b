/* Called by main.c. */
#include "config.h"

#include "tui/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"

const char options_usage[] = "bascule-console [--root DIR] [--theme NAME] [--color WHEN] "
			     "[--read-only] [--linear] [--print-keys] [--decide-fd N] [-v]";

void options_init(struct options *options, int *argc, char ***argv)
{
	const char *word = *argc > 1 ? (*argv)[1] : "";
	*options = (struct options){
		.decide_fd = -1,
		.themes = strcmp(word, "themes") == 0,
		.pop = strcmp(word, "pop") == 0,
	};
	if (options->themes || options->pop || strcmp(word, "console") == 0) {
		--*argc;
		++*argv;
	}
}

static bool parse_fd(const char *text, int *fd, struct err *err)
{
	char *end_of = NULL;
	errno = 0;
	long n = strtol(text, &end_of, 10);
	*fd = (int)n;
	return (!errno && end_of != text && !*end_of && n >= 0 && n <= 65535) ||
		fail(err, DIAG_USAGE, "--decide-fd: expected the number of a descriptor");
}

static bool parse_colour(const char *text, enum dress_colour *colour, struct err *err)
{
	static const char *const words[] = { "auto", "always", "never" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(text, words[i]) == 0) {
			*colour = (enum dress_colour)i;
			return true;
		}
	}
	return fail(err, DIAG_USAGE, "--color: expected auto, always or never");
}

bool options_check(struct options *options, struct err *err)
{
	return (!options->fd_text || parse_fd(options->fd_text, &options->decide_fd, err)) &&
		(!options->colour_text ||
			parse_colour(options->colour_text, &options->colour, err));
}

struct dress_wish options_dress(const struct options *options, const int64_t number[OPTION_COUNT],
	char *const text[OPTION_COUNT])
{
	bool none = options->colour == DRESS_COLOUR_AUTO && !number[OPTION_CONSOLE_COLOR];
	return (struct dress_wish){
		.theme = options->theme ? options->theme : text[OPTION_CONSOLE_THEME],
		.dark = text[OPTION_CONSOLE_THEME_DARK],
		.light = text[OPTION_CONSOLE_THEME_LIGHT],
		.colour = none ? DRESS_COLOUR_NEVER : options->colour,
	};
}
