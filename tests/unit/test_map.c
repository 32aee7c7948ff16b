/* The map against a plain list, step by step. */
#include "config.h"

#include "core/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { KEYS = 600, STEPS = 200000 };

static void basics_test(void **state)
{
	(void)state;
	struct map map = { 0 };
	int one, two;
	assert_null(map_get(&map, SPAN("a")));
	assert_null(map_take(&map, SPAN("a")));
	map_put(&map, SPAN("a"), &one);
	map_put(&map, SPAN(""), &two);
	assert_ptr_equal(map_get(&map, SPAN("a")), &one);
	assert_ptr_equal(map_get(&map, SPAN("")), &two);
	map_put(&map, SPAN("a"), &two);
	assert_ptr_equal(map_get(&map, SPAN("a")), &two);
	assert_int_equal(map.count, 2);
	assert_ptr_equal(map_take(&map, SPAN("a")), &two);
	assert_null(map_take(&map, SPAN("a")));
	assert_int_equal(map.count, 1);
	map_finish(&map);
	map_finish(&map);
	assert_null(map_get(&map, SPAN("")));
}

/* Keys are bytes, and the map keeps its own. */
static void keys_test(void **state)
{
	(void)state;
	struct map map = { 0 };
	int values[4];
	char key[] = "change";
	map_put(&map, SPAN("a\0b"), &values[0]);
	map_put(&map, SPAN("a\0c"), &values[1]);
	map_put(&map, SPAN("a"), &values[2]);
	map_put(&map, span_of(key), &values[3]);
	memcpy(key, "------", 6);
	assert_ptr_equal(map_get(&map, SPAN("a\0b")), &values[0]);
	assert_ptr_equal(map_get(&map, SPAN("a\0c")), &values[1]);
	assert_ptr_equal(map_get(&map, SPAN("a")), &values[2]);
	assert_ptr_equal(map_get(&map, SPAN("change")), &values[3]);
	map_finish(&map);
}

struct seen {
	char *values;
	bool visited[KEYS];
	size_t count;
};

static void visit(void *data, struct span key, void *value)
{
	struct seen *seen = data;
	size_t index = (size_t)((char *)value - seen->values);
	char name[32];
	snprintf(name, sizeof(name), "key %zu", index);
	assert_true(span_is(key, name));
	assert_false(seen->visited[index]);
	seen->visited[index] = true;
	seen->count++;
}

static void model_test(void **state)
{
	(void)state;
	struct map map = { 0 };
	static char values[KEYS];
	bool there[KEYS] = { false };
	size_t count = 0;
	uint64_t random = 88172645463325252u;
	for (int step = 0; step < STEPS; step++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		size_t i = (random >> 8) % KEYS;
		char key[32];
		snprintf(key, sizeof(key), "key %zu", i);
		void *expected = there[i] ? &values[i] : NULL;
		switch (random % 3) {
		case 0:
			map_put(&map, span_of(key), &values[i]);
			count += !there[i];
			there[i] = true;
			break;
		case 1:
			assert_ptr_equal(map_take(&map, span_of(key)), expected);
			count -= there[i];
			there[i] = false;
			break;
		default:
			assert_ptr_equal(map_get(&map, span_of(key)), expected);
			break;
		}
		assert_int_equal(map.count, count);
	}
	struct seen seen = { .values = values };
	map_each(&map, visit, &seen);
	assert_int_equal(seen.count, count);
	assert_memory_equal(seen.visited, there, sizeof(there));
	map_finish(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(basics_test),
		cmocka_unit_test(keys_test),
		cmocka_unit_test(model_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
