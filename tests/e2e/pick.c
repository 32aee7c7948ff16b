/* Paths into parsed lines, and a reader of raw values for what a parser would print differently. */
#include "config.h"

#include "tests/e2e/pick.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const cJSON *pick(const cJSON *json, const char *path)
{
	while (json && *path) {
		size_t len = strcspn(path, ".");
		char *name = span_dup((struct span){ path, len });
		if (cJSON_IsArray(json)) {
			json = cJSON_GetArrayItem(json, atoi(name));
		} else {
			json = cJSON_GetObjectItemCaseSensitive(json, name);
		}
		free(name);
		path += len + (path[len] == '.');
	}
	return json;
}

const char *pick_text(const cJSON *json, const char *path)
{
	const cJSON *found = pick(json, path);
	return cJSON_IsString(found) ? found->valuestring : "";
}

int64_t pick_int(const cJSON *json, const char *path)
{
	const cJSON *found = pick(json, path);
	return cJSON_IsNumber(found) ? (int64_t)found->valuedouble : -1;
}

bool pick_true(const cJSON *json, const char *path)
{
	return cJSON_IsTrue(pick(json, path));
}

char *pick_copy(const cJSON *json, const char *path)
{
	const cJSON *found = pick(json, path);
	return found ? cJSON_PrintUnformatted(found) : xstrdup("(absent)");
}

static size_t skip_space(struct span json, size_t at)
{
	while (at < json.len && isspace((unsigned char)json.at[at])) {
		at++;
	}
	return at;
}

static size_t skip_string(struct span json, size_t at)
{
	for (at++; at < json.len && json.at[at] != '"'; at++) {
		at += json.at[at] == '\\';
	}
	return at + 1;
}

/* The end of the value that begins at `at`. */
static size_t skip_value(struct span json, size_t at)
{
	int depth = 0;
	while (at < json.len) {
		char c = json.at[at];
		if (c == '"') {
			at = skip_string(json, at);
		} else if (strchr("{[", c) && c) {
			depth++;
			at++;
		} else if (strchr("}]", c) && c) {
			if (depth-- == 0) {
				return at;
			}
			at++;
		} else if (depth == 0 && (c == ',' || isspace((unsigned char)c))) {
			return at;
		} else {
			at++;
			continue;
		}
		if (depth == 0) {
			return at;
		}
	}
	return at;
}

static struct span member(struct span json, struct span name)
{
	struct span found = { 0 };
	size_t at = skip_space(json, 0) + 1;
	while (at < json.len) {
		at = skip_space(json, at);
		if (at >= json.len || json.at[at] != '"') {
			break;
		}
		struct span key = { json.at + at + 1, skip_string(json, at) - at - 2 };
		at = skip_space(json, at + key.len + 2);
		at = skip_space(json, at + 1); /* the colon */
		size_t end = skip_value(json, at);
		if (span_same(key, name)) {
			found = (struct span){ json.at + at, end - at };
		}
		at = skip_space(json, end) + 1; /* the comma */
	}
	return found;
}

struct span pick_raw(struct span json, const char *path)
{
	while (json.at && *path) {
		size_t len = strcspn(path, ".");
		json = member(json, (struct span){ path, len });
		path += len + (path[len] == '.');
	}
	return json;
}
