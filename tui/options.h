/* What the command line of the console says, apart from reading its flags, which is main.c's. */
#ifndef BASCULE_TUI_OPTIONS_H
#define BASCULE_TUI_OPTIONS_H

#include "core/option.h"
#include "tui/dress.h"

struct options {
	const char *root, *theme; /* NULL: as config.ini says */
	enum dress_colour colour;
	int decide_fd; /* -1: none */
	bool read_only, linear, print_keys, themes, pop, pop_here, verbose, help, version;
	const char *fd_text, *colour_text; /* as they were given, or NULL */
};

/* Takes the command's word off, if the front command has left one: `themes`, `pop`, `console`. */
void options_init(struct options *options, int *argc, char ***argv);
/* After the flags were read: what is given as text becomes what it means. */
bool options_check(struct options *options, struct err *err);

/* What the flags and, where they say nothing, the settings in force want to be worn. */
struct dress_wish options_dress(const struct options *options, const int64_t number[OPTION_COUNT],
	char *const text[OPTION_COUNT]);

extern const char options_usage[];

#endif
