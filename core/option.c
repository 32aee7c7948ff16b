/*
 * The table of settings as data, and the reading of one value. Where values come from and which
 * wins is config.c's.
 */
#include "config.h"

#include "core/option.h"

#include "core/diag.h"
#include "core/ini.h"

#include <inttypes.h>

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

static const struct {
	const char *word;
	enum option_type type;
	int64_t number;
} words[] = {
	{ "no", OPTION_BOOL, 0 },
	{ "yes", OPTION_BOOL, 1 },
	{ "info", OPTION_LEVEL, 0 },
	{ "debug", OPTION_LEVEL, 1 },
};

enum { SHOWN_MAX = 60 }; /* bytes of a wrong value in a message */

static int shown(struct span s)
{
	return (int)(s.len < SHOWN_MAX ? s.len : SHOWN_MAX);
}

static bool parse_word(
	const struct option_spec *spec, struct span text, int64_t *number, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (words[i].type == spec->type && span_is(text, words[i].word)) {
			*number = words[i].number;
			return true;
		}
	}
	return fail(err, DIAG_CONFIG, "%s: \"%.*s\", expected %s", spec->name, shown(text),
		text.at ? text.at : "", spec->type == OPTION_BOOL ? "yes or no" : "info or debug");
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
	case OPTION_LEVEL:
		return parse_word(spec, text, number, err);
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
