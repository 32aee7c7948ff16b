/*
 * Any bytes, as a text to scan and as a dotenv file: findings lie inside the text, in order and
 * apart, and a known value is found in the text that it came from.
 */
#include "config.h"

#include "core/policy/secret.h"
#include "core/policy/secret_decode.h"

#include <stdlib.h>
#include <string.h>

enum { FINDINGS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void scan(struct secrets *secrets, struct span text, bool is_small)
{
	struct secret_finding out[FINDINGS];
	size_t count = 0, end = 0;
	enum secret_result result = secrets_scan(secrets, text, is_small, out, FINDINGS, &count);
	demand(count <= FINDINGS && (result == SECRET_FOUND) == (count > 0));
	for (size_t i = 0; i < count; i++) {
		demand(out[i].len && out[i].at >= end && out[i].at + out[i].len <= text.len);
		end = out[i].at + out[i].len;
	}
}

static void decode(struct span text, bool next(struct decode_walk *walk))
{
	struct decode_walk walk = { .text = text };
	size_t last = 0;
	while (next(&walk)) {
		demand(walk.from + walk.len <= text.len && walk.at > last);
		demand(walk.out.len <= walk.len);
		last = walk.at;
	}
	buf_finish(&walk.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char key[32] = "a key that the broker draws once";
	static struct secrets *secrets; /* made once: it is what costs */
	struct err err;
	char *copy = malloc(size + 1);
	memcpy(copy, data, size);
	struct span text = { copy, size };
	secrets = secrets ? secrets : secrets_create(key, &err);
	demand(secrets);
	scan(secrets, text, size & 1);
	decode(text, decode_base64_next);
	decode(text, decode_escapes_next);
	secrets_know_dotenv(secrets, text);
	scan(secrets, text, true);
	secrets_forget(secrets);
	if (size >= 16) {
		struct secret_finding found;
		size_t count = 0;
		struct span value = { copy, size < 64 ? size : 64 };
		secrets_know(secrets, "FUZZ_KEY", value);
		secrets_scan(secrets, text, false, &found, 1, &count);
		secrets_forget(secrets);
	}
	free(copy);
	return 0;
}
