/*
 * Any bytes as a script of sed, awk and jq: the readers stay inside of the text, and say why they
 * refuse.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of its own length, so that reading past its end is seen. */
	char *text = xmalloc(size + 1), why[160] = "";
	memcpy(text, data, size);
	text[size] = 0;
	struct span script = { text, size };
	demand(sed_reads(script, why) || why[0]);
	why[0] = 0;
	demand(jq_reads(script, why) || why[0]);
	why[0] = 0;
	demand(awk_reads(script, why) || why[0]);
	free(text);
	return 0;
}
