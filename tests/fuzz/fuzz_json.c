/*
 * Any bytes: what the strict rule accepts the loose one and cJSON accept as well, walking it
 * visits only bytes inside, and its strings survive being decoded and written again.
 */
#include "config.h"

#include "core/canon.h"
#include "core/json.h"
#include "core/jsonw.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void visit_string(struct span string, bool strict)
{
	struct buf text = { 0 }, written = { 0 }, again = { 0 };
	struct jsonw w = jw_start(&written);
	bool clean = json_decode(string, &text);
	demand(clean || !strict);
	jw_span(&w, buf_view(&text));
	demand(json_decode(buf_view(&written), &again));
	demand(span_same(buf_view(&text), buf_view(&again)));
	buf_finish(&text);
	buf_finish(&written);
	buf_finish(&again);
}

static void visit(struct span value, bool strict)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, inner;
	const char *last = value.at;
	demand(json_type(value) != JSON_NONE);
	if (json_type(value) == JSON_STRING) {
		visit_string(value, strict);
	}
	while (json_next(&walk, &key, &inner)) {
		demand(inner.len && inner.at > last && inner.at + inner.len < value.at + value.len);
		demand(!key.at || (key.at > last && key.at + key.len < inner.at));
		last = inner.at + inner.len - 1;
		if (key.at) {
			json_key_folds_to(key, "arguments");
			json_key_is(key, "arguments");
		}
		visit(inner, strict);
	}
}

static void look(struct json_scan *scan, struct span text, enum json_rule rule)
{
	struct hash_run run;
	const char *end = text.at + text.len;
	if (!json_validate(scan, text, rule)) {
		demand(scan->fault && scan->fault_at <= text.len);
		return;
	}
	demand(scan->value.at >= text.at && scan->value.at + scan->value.len <= end);
	for (size_t i = 0; i < scan->top_count; i++) {
		const struct json_member *m = &scan->top[i];
		demand(m->key.at > text.at && m->value.at + m->value.len < end);
	}
	visit(scan->value, rule == JSON_STRICT);
	hash_begin(&run);
	canon_hash(&run, scan->value);
	hash_end(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_scan scan = { 0 };
	char *copy = xmalloc(size); /* exactly as long as the text */
	memcpy(copy, data, size);
	struct span text = { copy, size };
	look(&scan, text, JSON_LOOSE);
	bool loose = !scan.fault;
	look(&scan, text, JSON_STRICT);
	if (!scan.fault) {
		cJSON *tree = cJSON_ParseWithLength(copy, size);
		demand(loose && tree);
		cJSON_Delete(tree);
	}
	json_finish(&scan);
	free(copy);
	return 0;
}
