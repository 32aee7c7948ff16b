/*
 * Members of a broker's answer, as the commands that print them want them.
 */
#include "config.h"

#include "ipc/cmd.h"

#include <cjson/cJSON.h>

struct safe_text cmd_text(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
	return safe_make(span_of(text ? text : ""), SAFE_ONE_LINE);
}

long long cmd_number(const cJSON *object, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsNumber(value) ? (long long)value->valuedouble : 0;
}
