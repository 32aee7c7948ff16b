/* Owns how a shell's words become a filter. Called by the commands that print calls. */
#include "config.h"

#include "ipc/history_filter_words.h"

#include "core/safe_text.h"
#include "ipc/clock.h"
#include "ipc/when.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_flag(const char *word)
{
	return strncmp(word, "--", 2) == 0 || strcmp(word, "-v") == 0;
}

static bool takes_value(const char *word, const char *const *valued)
{
	while (*valued && strcmp(word, *valued) != 0) {
		valued++;
	}
	return *valued;
}

static void add_word(struct filter_words *f, const char *word, const char *quote)
{
	buf_text(&f->text, f->text.len ? " " : "");
	buf_text(&f->text, quote);
	buf_text(&f->text, word);
	buf_text(&f->text, quote);
}

void filter_words_take(struct filter_words *f, int argc, char **argv, const char *const *valued)
{
	bool flags = true;
	*f = (struct filter_words){ .rest = xcalloc((size_t)argc + 1, sizeof(*f->rest)) };
	f->rest[f->count++] = argv[0];
	for (int i = 1; i < argc; i++) {
		if (flags && strcmp(argv[i], "--") == 0) {
			flags = false;
		} else if (flags && is_flag(argv[i])) {
			f->rest[f->count++] = argv[i];
			if (takes_value(argv[i], valued) && i + 1 < argc) {
				f->rest[f->count++] = argv[++i];
			}
		} else {
			add_word(f, argv[i], flags ? "" : "\"");
		}
	}
}

bool filter_words_parse(struct filter_words *f, struct err *err)
{
	const struct passwd *user = getpwuid(getuid());
	f->me = xstrdup(user ? user->pw_name : "?");
	f->filter = (struct history_filter){ .query = &f->query,
		.now_us = clock_wall_ms() * 1000,
		.me = f->me,
		.when = when_parse,
		.when_expected = WHEN_EXPECTED };
	return query_parse(&f->query, buf_view(&f->text), err) &&
		history_filter_check(&f->filter, err);
}

void filter_words_point(const struct filter_words *f, const struct err *err)
{
	size_t at = 0;
	if (f->text.len && sscanf(err->text, "at %zu:", &at) == 1 && at && at <= f->text.len + 1) {
		struct safe_text all = safe_make(buf_view(&f->text), SAFE_ONE_LINE);
		struct safe_text left = safe_make(
			(struct span){ f->text.data, at - 1 }, SAFE_ONE_LINE);
		fprintf(stderr, "  %s\n  %*s^\n", safe_cstr(&all), (int)left.columns, "");
		safe_finish(&all);
		safe_finish(&left);
	}
}

void filter_words_finish(struct filter_words *f)
{
	query_finish(&f->query);
	buf_finish(&f->text);
	free(f->me);
	free(f->rest);
}
