/*
 * The table of settings as data, and the reading of one value. Where values come from and which
 * wins is config.c's.
 */
#include "config.h"

#include "core/option.h"

#include "core/buf.h"
#include "core/diag.h"
#include "core/ini.h"

#include <inttypes.h>
#include <stdlib.h>

const struct option_spec option_specs[OPTION_COUNT] = {
#define X(id, name, type, value, low, high, env, meaning) \
	[OPTION_##id] = { name, value, env, meaning, OPTION_##type, low, high },
	OPTIONS(X)
#undef X
};

static const char *const names[OPTION_COUNT] = {
#define X(id, name, type, value, low, high, env, meaning) [OPTION_##id] = name,
	OPTIONS(X)
#undef X
};

enum { WORDS_MAX = 4 };

/* The words of an option that takes one of a few, the first one is 0. */
static const struct {
	enum option_id id;
	const char *words[WORDS_MAX + 1];
} choices[] = {
	{ OPTION_LOG_LEVEL, { "info", "debug" } },
	{ OPTION_NOTIFY_DETAIL, { "none", "count", "tool" } },
};

static const char *const yes_no[] = { "no", "yes", NULL };

static const char *const *words_of(enum option_id id)
{
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		if (choices[i].id == id) {
			return choices[i].words;
		}
	}
	return yes_no;
}

char *option_range(enum option_id id)
{
	const struct option_spec *spec = &option_specs[id];
	const char *const *words = words_of(id);
	struct buf text = { 0 };
	switch (spec->type) {
	case OPTION_TEXT:
		return xstrdup("text");
	case OPTION_INT:
		return xasprintf("%" PRId64 " to %" PRId64, spec->low, spec->high);
	case OPTION_BOOL:
		return xstrdup("yes or no");
	case OPTION_CHOICE:
		break;
	}
	for (size_t i = 0; words[i]; i++) {
		buf_printf(&text, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
	}
	char *range = xstrdup(buf_cstr(&text));
	buf_finish(&text);
	return range;
}

enum { SHOWN_MAX = 60 }; /* bytes of a wrong value in a message */

static int shown(struct span s)
{
	return (int)(s.len < SHOWN_MAX ? s.len : SHOWN_MAX);
}

static bool parse_word(enum option_id id, struct span text, int64_t *number, struct err *err)
{
	const char *const *words = words_of(id);
	for (size_t i = 0; words[i]; i++) {
		if (span_is(text, words[i])) {
			*number = (int64_t)i;
			return true;
		}
	}
	char *range = option_range(id);
	fail(err, DIAG_CONFIG, "%s: \"%.*s\", expected %s", option_specs[id].name, shown(text),
		text.at ? text.at : "", range);
	free(range);
	return false;
}

static bool digits(struct span text, int64_t *number)
{
	bool minus = span_starts(text, "-");
	int64_t n = 0;
	if (text.len - minus < 1 || text.len - minus > 18) { /* 18 digits never overflow */
		return false;
	}
	for (size_t i = minus; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9') {
			return false;
		}
		n = n * 10 + (text.at[i] - '0');
	}
	*number = minus ? -n : n;
	return true;
}

static bool parse_int(
	const struct option_spec *spec, struct span text, int64_t *number, struct err *err)
{
	int64_t n;
	if (!digits(text, &n) || n < spec->low || n > spec->high) {
		return fail(err, DIAG_CONFIG,
			"%s: \"%.*s\", expected a whole number from %" PRId64 " to %" PRId64,
			spec->name, shown(text), text.at ? text.at : "", spec->low, spec->high);
	}
	*number = n;
	return true;
}

bool option_parse(enum option_id id, struct span text, int64_t *number, struct err *err)
{
	const struct option_spec *spec = &option_specs[id];
	switch (spec->type) {
	case OPTION_INT:
		return parse_int(spec, text, number, err);
	case OPTION_BOOL:
	case OPTION_CHOICE:
		return parse_word(id, text, number, err);
	case OPTION_TEXT:
		break;
	}
	return true;
}

bool option_find(struct span name, enum option_id *id, const char **nearest)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (span_is(name, names[i])) {
			*id = (enum option_id)i;
			return true;
		}
	}
	if (nearest) {
		*nearest = ini_nearest(name, names, COUNT_OF(names));
	}
	return false;
}
