/* What is asked for of a server's sandbox, as words of `bascule contain`. */
#include "config.h"

#include "ipc/sandbox_words.h"

#include "ipc/paths.h"

#include <stdint.h>

static bool add(struct sandbox_words *words, const char *word, const char *value)
{
	if (words->count + 2 > SANDBOX_WORDS_MAX) {
		return false;
	}
	words->word[words->count++] = word;
	if (value) {
		words->word[words->count++] = value;
	}
	return true;
}

bool sandbox_words_take(struct sandbox_words *words, int option, const char *value)
{
	switch (option) {
	case SANDBOX_OPTION:
		words->on = true;
		return true;
	case SANDBOX_OPTION_NET:
		return add(words, "--net", NULL);
	case SANDBOX_OPTION_ENV:
		return add(words, "--env", value);
	case SANDBOX_OPTION_READ:
		return value[0] == '/' && add(words, "--read", value);
	case SANDBOX_OPTION_WRITE:
		return value[0] == '/' && add(words, "--write", value);
	default:
		return false;
	}
}

void sandbox_words_of_profile(struct sandbox_words *words, const struct profile *profile)
{
	if (!words->on || !profile) {
		return;
	}
	if (profile->sandbox_net && !text_in("--net", words->word)) {
		add(words, "--net", NULL);
	}
	for (char **name = profile->sandbox_env; name && *name; name++) {
		add(words, "--env", *name);
	}
}

bool sandbox_words_good(const struct sandbox_words *words)
{
	return words->on || !words->count;
}

char **sandbox_words_command(const struct sandbox_words *words, const char *root,
	char *const *scope, size_t scope_count, char *const *argv)
{
	size_t count = 0, n = 0;
	while (argv[count]) {
		count++;
	}
	const char **out = xcalloc(5 + 2 * scope_count + words->count + count + 1, sizeof(*out));
	out[n++] = paths_program("bascule-container");
	out[n++] = "contain";
	if (root) {
		out[n++] = "--root";
		out[n++] = root;
	}
	for (size_t i = 0; i < scope_count; i++) {
		out[n++] = "--scope";
		out[n++] = scope[i];
	}
	for (size_t i = 0; i < words->count; i++) {
		out[n++] = words->word[i];
	}
	out[n++] = "--";
	for (size_t i = 0; i < count; i++) {
		out[n++] = argv[i];
	}
	/* POSIX's own promise: exec does not change them */
	return (char **)(uintptr_t)out;
}
