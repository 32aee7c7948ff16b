/* What the small commands share: flags, and the words with which they fail. */
#include <config.h>

#include "ipc/cmd.h"

#include "core/diag.h"
#include "core/ini.h"
#include "core/safe_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASCII_LAST = 0x7e };

static bool unknown_flag(
	const char *word, const struct cmd_flag *flags, size_t count, struct err *err)
{
	const char **names = xcalloc(count, sizeof(*names));
	for (size_t i = 0; i < count; i++) {
		names[i] = flags[i].name;
	}
	const char *nearest = ini_nearest((struct span){ word, strcspn(word, "=") }, names, count);
	free(names);
	return fail(err, DIAG_USAGE, "%.100s: not understood%s%s", word,
		nearest ? "; nearest: " : "", nearest ? nearest : "");
}

/* The flag that `word` is; *value is what stands behind its `=`, NULL without one. */
static const struct cmd_flag *find_flag(
	const char *word, const struct cmd_flag *flags, size_t count, const char **value)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(flags[i].name);
		if (n && strncmp(word, flags[i].name, n) == 0 &&
			(word[n] == '\0' || (word[n] == '=' && flags[i].value))) {
			*value = word[n] ? word + n + 1 : NULL;
			return &flags[i];
		}
	}
	return NULL;
}

/* The place for a word that is no flag, if there is one and nothing is in it yet. */
static const char **find_word(const struct cmd_flag *flags, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!*flags[i].name && !*flags[i].value) {
			return flags[i].value;
		}
	}
	return NULL;
}

bool cmd_read_flags(
	int argc, char **argv, const struct cmd_flag *flags, size_t count, struct err *err)
{
	const char **word = find_word(flags, count);
	bool only_words = false;
	for (int i = 1; i < argc; i++) {
		const char *value = NULL;
		if (word && !only_words && strcmp(argv[i], "--") == 0) {
			only_words = true;
			continue;
		}
		const struct cmd_flag *flag = only_words ? NULL
							 : find_flag(argv[i], flags, count, &value);
		if (!flag && word && (only_words || argv[i][0] != '-')) {
			*word = argv[i];
			word = find_word(flags, count);
			continue;
		}
		if (!flag && strcmp(argv[i], "-v") == 0) {
			continue; /* every command takes it; these have no frames to log */
		}
		if (!flag) {
			return unknown_flag(argv[i], flags, count, err);
		}
		if (!flag->value) {
			*flag->seen = true;
			continue;
		}
		if (!value && i + 1 == argc) {
			return fail(err, DIAG_USAGE, "%s: nothing behind it, expected a value",
				flag->name);
		}
		*flag->value = value ? value : argv[++i];
	}
	return true;
}

int cmd_fail(const char *command, const struct err *err, int code)
{
	struct safe_text safe = safe_make(span_of(err->text), SAFE_ONE_LINE);
	fprintf(stderr, "bascule %s: %s\n", command, safe_cstr(&safe));
	safe_finish(&safe);
	return code;
}

void cmd_print_json(const char *json)
{
	while (*json) {
		unsigned bytes = 0, columns = 0;
		uint32_t c = safe_next(json, &bytes, &columns);
		if (c <= ASCII_LAST) {
			putchar((int)c);
		} else if (c < 0x10000) {
			printf("\\u%04x", (unsigned)c);
		} else {
			printf("\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
				(unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
		}
		json += bytes;
	}
	putchar('\n');
}

int cmd_written(const char *command)
{
	struct err err;
	if (fflush(stdout) == 0 && !ferror(stdout)) {
		return CMD_OK;
	}
	fail(&err, DIAG_NONE, "cannot write: %s", strerror(errno));
	return cmd_fail(command, &err, CMD_FAILED);
}
