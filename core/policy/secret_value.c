/*
 * Owns the difference between a credential and what only looks like one: placeholders, examples,
 * code, paths. Kept to what a random value practically never holds, because what is taken for a
 * placeholder passes. Called by secret.c and secret_known.c.
 */
#include "config.h"

#include "core/policy/secret_value.h"

#include <ctype.h>
#include <string.h>

/* In lower case, anywhere in the value. */
static const char *const stand_ins[] = {
	"example",
	"xxxx",
	"placeholder",
	"changeme",
	"change-me",
	"change_me",
	"redacted",
	"your-",
	"your_",
	"yourkey",
	"yourtoken",
	"insert",
	"dummy",
	"notreal",
	"not-real",
	"not_real",
	"replaceme",
	"replace-me",
	"replace_me",
	"****",
	"....",
	"----",
	"____",
	"<",
	"${",
	"{{",
	"abcdefghijklm",
	"0123456789abcdef",
	"1234567890abcdef",
};

/* In a value that is one for its name alone. */
static const char *const words[] = {
	"password",
	"passwd",
	"passphrase",
	"secret",
	"token",
	"credential",
	"apikey",
	"api_key",
	"api-key",
	"your",
	"sample",
	"fake",
	"mock",
	"test",
	"demo",
	"foobar",
	"qwerty",
	"letmein",
	"default",
	"undefined",
	"null",
	"none",
	"process.env",
	"environ",
	"getenv",
	"config.",
	"env.",
	"this.",
	"self.",
	"string",
	"12345678",
	"abcdefgh",
	"localhost",
	"todo",
	"value",
	"sha256-",
	"sha384-",
	"sha512-",
	"sha1-",
	"sha256:",
	"http:",
	"https:",
	"$(",
	"<%",
	"%s",
	"%(",
	"==",
	"=>",
	"&&",
	"||",
};

/* Whole, as the password of an address. */
static const char *const usual[] = {
	"postgres",
	"mysql",
	"admin",
	"administrator",
	"guest",
	"root",
	"user",
	"username",
	"pass",
	"passw0rd",
	"rabbitmq",
	"minioadmin",
	"changeit",
	NULL,
};

/* log2(n) x 65536, by squaring: 16 bits behind the point. */
static uint64_t log2_fixed(uint64_t n)
{
	unsigned whole = 63 - (unsigned)__builtin_clzll(n);
	uint64_t x = n << (63 - whole) >> 32, result = whole; /* 1 <= x < 2, 31 bits */
	for (int i = 0; i < 16; i++) {
		x = x * x >> 31;
		result = result << 1 | x >> 32;
		x >>= x >> 32;
	}
	return result;
}

unsigned secret_entropy(struct span value)
{
	size_t counts[256] = { 0 };
	uint64_t sum = 0;
	if (!value.len) {
		return 0;
	}
	for (size_t i = 0; i < value.len; i++) {
		counts[(unsigned char)value.at[i]]++;
	}
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		sum += counts[i] ? counts[i] * log2_fixed(counts[i]) : 0;
	}
	return (unsigned)((log2_fixed(value.len) - sum / value.len) * 100 >> 16);
}

unsigned secret_letters(struct span value)
{
	unsigned has = 0;
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];
		has |= islower(c)    ? HAS_LOWER
			: isupper(c) ? HAS_UPPER
			: isdigit(c) ? HAS_DIGIT
				     : HAS_OTHER;
	}
	return has;
}

/* The text in lower case, cut to what is looked at. */
static struct span lower(struct span value, char out[256])
{
	size_t len = value.len < 256 ? value.len : 256;
	for (size_t i = 0; i < len; i++) {
		out[i] = (char)tolower((unsigned char)value.at[i]);
	}
	return (struct span){ out, len };
}

static bool holds_any(struct span text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (memmem(text.at, text.len, list[i], strlen(list[i]))) {
			return true;
		}
	}
	return false;
}

/* Half of it is the same character. */
static bool repeats(struct span value)
{
	size_t counts[256] = { 0 };
	for (size_t i = 0; i < value.len; i++) {
		if (++counts[(unsigned char)value.at[i]] * 2 > value.len) {
			return true;
		}
	}
	return false;
}

bool secret_placeholder(struct span value)
{
	char copy[256];
	return repeats(value) || holds_any(lower(value, copy), stand_ins, COUNT_OF(stand_ins));
}

/* src/auth/token2.ts, ./x, ~/x, $HOME: a place or a variable. */
static bool is_place(struct span value)
{
	const char *dot = memchr(value.at, '.', value.len);
	return strchr("/.~$@%", value.at[0]) ||
		(dot && memchr(value.at, '/', value.len) && !(secret_letters(value) & HAS_UPPER));
}

/* a.b.c, Foo_2.bar, f(x), x[0], snake_case_2, kebab-case-2: names that a program uses. */
static bool is_code(struct span value)
{
	size_t parts = 0, digits = 0, wordy = 0, at = 0;
	while (at < value.len) {
		size_t end = at;
		while (end < value.len && (isalnum((unsigned char)value.at[end]))) {
			digits += isdigit((unsigned char)value.at[end]) != 0;
			end++;
		}
		parts++;
		wordy += end > at && isalpha((unsigned char)value.at[at]);
		if (end < value.len && !strchr("._-", value.at[end])) {
			return strchr("()[]{}", value.at[end]) != NULL;
		}
		at = end + 1;
	}
	return parts > 1 && wordy == parts && digits * 5 <= value.len;
}

bool secret_no_value(struct span value)
{
	char copy[256];
	return secret_placeholder(value) || is_place(value) || span_in(lower(value, copy), usual);
}

bool secret_only_words(struct span value)
{
	char copy[256];
	struct span low = lower(value, copy);
	return secret_no_value(value) || holds_any(low, words, COUNT_OF(words)) || is_code(value);
}

static bool same_fold(const char *at, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (toupper((unsigned char)at[i]) != word[i]) {
			return false;
		}
	}
	return true;
}

/* The ends of the parts of a name: DB_PASSWORD, STRIPE_SECRETKEY, githubToken_2. */
bool secret_name(struct span name)
{
	static const char *const ends[] = { "KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS",
		"PWD", "CREDENTIAL", "CREDENTIALS", "PASSPHRASE", "PAT", "DSN" };
	static const char *const open[] = { "NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_",
		"NUXT_PUBLIC_", "PUBLIC_", "GATSBY_" };
	for (size_t i = 0; i < COUNT_OF(open); i++) {
		if (span_starts(name, open[i])) {
			return false;
		}
	}
	for (size_t end = 1; end <= name.len; end++) {
		if (end < name.len && name.at[end] != '_' && name.at[end] != '-') {
			continue;
		}
		for (size_t i = 0; i < COUNT_OF(ends); i++) {
			size_t len = strlen(ends[i]);
			if (len <= end && same_fold(name.at + end - len, ends[i], len)) {
				return true;
			}
		}
	}
	return false;
}
