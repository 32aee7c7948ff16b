/*
 * The words by which `run` and `trust` ask for a sandbox around a server. They become the words of
 * `bascule contain` in front of the server's command, and that is what a person accepts: a server
 * that was accepted free is another one than the same in a sandbox.
 */
#ifndef BASCULE_IPC_SANDBOX_WORDS_H
#define BASCULE_IPC_SANDBOX_WORDS_H

#include "core/effects/profile.h"

#include <getopt.h>

enum { SANDBOX_WORDS_MAX = 64 };

struct sandbox_words {
	bool on;
	const char *word[SANDBOX_WORDS_MAX + 2]; /* of `contain`; borrowed; ends with NULL */
	size_t count;
};

/* Rows of an option table, numbered from here on. */
enum {
	SANDBOX_OPTION = 1000,
	SANDBOX_OPTION_NET,
	SANDBOX_OPTION_ENV,
	SANDBOX_OPTION_READ,
	SANDBOX_OPTION_WRITE,
};
#define SANDBOX_OPTIONS \
	{ "sandbox", no_argument, NULL, SANDBOX_OPTION }, \
		{ "allow-net", no_argument, NULL, SANDBOX_OPTION_NET }, \
		{ "sandbox-env", required_argument, NULL, SANDBOX_OPTION_ENV }, \
		{ "sandbox-read", required_argument, NULL, SANDBOX_OPTION_READ }, \
	{ \
		"sandbox-write", required_argument, NULL, SANDBOX_OPTION_WRITE \
	}

/* Takes one of these options. False: it is none, there are too many, or a path is not a full one:
 * another directory would make another place of it. */
bool sandbox_words_take(struct sandbox_words *words, int option, const char *value);
/* Adds what the profile (NULL: none) says that its server needs; its texts are borrowed. */
void sandbox_words_of_profile(struct sandbox_words *words, const struct profile *profile);
/* Are they of use: none, or with --sandbox? */
bool sandbox_words_good(const struct sandbox_words *words);
/* The server's command in its sandbox: the list is the caller's to free, its words are borrowed but
 * for the first. `root` may be NULL. */
char **sandbox_words_command(const struct sandbox_words *words, const char *root,
	char *const *scope, size_t scope_count, char *const *argv);

#endif
