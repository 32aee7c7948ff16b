/*
 * Secrets in what a call carries: the scanner's rules are a table of patterns (PCRE2), each behind
 * a literal that must occur first; one level of base64, percent, \u and \x is decoded. Broker only.
 */
#ifndef BASCULE_CORE_POLICY_SECRET_H
#define BASCULE_CORE_POLICY_SECRET_H

#include "core/base.h"

struct secrets; /* compiled rules and known values; used by one thread at a time */

/* `key`: 32 random bytes, under which known values are kept; copied. */
struct secrets *secrets_create(const unsigned char key[32], struct err *err);
void secrets_destroy(struct secrets *secrets);
/* A value that is secret because of where it stands: an entry of a dotenv file, a variable named
 * like a key. Values under 8 bytes, obvious placeholders, and what neither its name nor its look
 * makes a secret (PORT, NODE_ENV) are ignored. Kept hashed. */
void secrets_know(struct secrets *secrets, const char *name, struct span value);
void secrets_forget(struct secrets *secrets); /* the known values */
/* Name=value lines of a dotenv file; calls secrets_know for each. */
void secrets_know_dotenv(struct secrets *secrets, struct span text);
/* Of an environment, NAME=value each ended by a NUL: the values whose names say that they are
 * secret. Looks do not count here: half of an environment looks like a key. */
void secrets_know_environment(struct secrets *secrets, struct span text);

struct secret_finding {
	const char *rule; /* "github-token"; static, or the known value's name */
	size_t at, len; /* in the text scanned */
};

enum secret_result { SECRET_NONE, SECRET_FOUND, SECRET_NOT_SCANNED /* a limit was hit */ };

/* The first findings, at most `max`, in order; *count how many. `small`: also the generic rule for
 * short outgoing fields. Text over 1 MiB is SECRET_NOT_SCANNED unless something was found. */
enum secret_result secrets_scan(struct secrets *secrets, struct span text, bool small,
	struct secret_finding *out, size_t max, size_t *count);

/* The first character that a person would not see or a terminal would obey: C0 but tab and newline
 * (and CR before LF), C1, bidi and other format characters, tags, private use, unassigned,
 * non-ASCII spaces, line and paragraph separators. `name`: in words "U+202E RIGHT-TO-LEFT
 * OVERRIDE". False: none. `path`: a path or command, where tab and newline count too. */
bool hidden_character(struct span text, bool path, char name[80]);

#endif
