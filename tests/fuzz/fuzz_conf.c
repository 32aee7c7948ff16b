/*
 * Any bytes as a configuration file of each format: strict JSON is what the strict scanner takes,
 * and what was added to any container comes out again without a trace.
 */
#include "config.h"

#include "core/json.h"
#include "tests/unit/conf_law.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CONTAINERS = 16 };

/* The scanner of messages is another reader of the same grammar. */
static void agree(struct span text)
{
	struct conf conf = { 0 };
	struct json_scan scan = { 0 };
	struct err err;
	bool good = conf_parse(&conf, CONF_JSON, "f", text, &err);
	bool strict = json_validate(&scan, text, JSON_STRICT);
	if (good && !conf.blank && !strict && !span_starts(text, "\xef\xbb\xbf")) {
		abort();
	}
	if (!good && strict && !strstr(err.text, "carriage return") &&
		!strstr(err.text, "nested deeper")) {
		abort();
	}
	conf_finish(&conf);
	json_finish(&scan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		enum conf_format format;
		struct span raw;
	} tries[] = { { CONF_JSON, SPAN("{\"a\":[{}]}") }, { CONF_JSONC, SPAN("1") },
		{ CONF_JSONC, SPAN("[{\"a\":[]}]") }, { CONF_TOML, SPAN("1") },
		{ CONF_TOML, SPAN("{ a = [{}], b = '' }") } };
	char *copy = xmalloc(size + 1);
	memcpy(copy, data, size);
	struct span text = { copy, size };
	agree(text);
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		conf_law(tries[i].format, text, tries[i].raw, CONTAINERS, NULL);
	}
	free(copy);
	return 0;
}
