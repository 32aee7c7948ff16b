/*
 * Any schema against any arguments: SCHEMA NUL ARGUMENTS. What does not fit is said in words.
 */
#include "config.h"

#include "core/effects/schema.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *cut = memchr(data, 0, size);
	struct json_scan schema = { 0 }, arguments = { 0 };
	struct span text = { (const char *)data, cut ? (size_t)(cut - (const char *)data) : size };
	struct span rest = { cut ? cut + 1 : NULL, cut ? size - text.len - 1 : 0 };
	bool understood;
	char why[160] = "";
	if (json_validate(&schema, text, JSON_STRICT) && json_type(schema.value) == JSON_OBJECT &&
		(!cut || json_validate(&arguments, rest, JSON_STRICT)) &&
		!schema_check(schema.value, arguments.value, &understood, why) && !why[0]) {
		abort();
	}
	json_finish(&schema);
	json_finish(&arguments);
	return 0;
}
