/* Every size has a layout, rectangles stay on the screen and never overlap. */
#include "config.h"

#include "tui/layout.h"
#include "tui/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { PARTS = 8 };

static const struct layout_sizes sizes = {
	.columns_from = 100,
	.list_min = 38,
	.list_max = 44,
	.badge_cols = 24,
	.badge_rows = 6,
};

static void parts_of(const struct layout *l, struct rect out[PARTS])
{
	const struct rect parts[PARTS] = { l->header, l->trouble, l->list, l->rule, l->detail,
		l->status, l->hint, l->palette };
	memcpy(out, parts, sizeof(parts));
}

static bool overlap(struct rect a, struct rect b)
{
	return a.rows && b.rows && a.cols && b.cols && a.y < b.y + b.rows && b.y < a.y + a.rows &&
		a.x < b.x + b.cols && b.x < a.x + a.cols;
}

static void check(const struct layout_want *want)
{
	struct rect parts[PARTS];
	struct layout l = layout_make(want);
	parts_of(&l, parts);
	for (int i = 0; i < PARTS; i++) {
		assert_true(parts[i].rows >= 0 && parts[i].cols >= 0 && parts[i].y >= 0 &&
			parts[i].x >= 0);
		if (parts[i].rows) {
			assert_true(parts[i].y + parts[i].rows <= want->rows);
			assert_true(parts[i].x + parts[i].cols <= want->cols);
		}
		for (int j = 0; j < i; j++) {
			assert_false(overlap(parts[i], parts[j]));
		}
	}
}

static void every_size_works(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 60; rows++) {
		for (int cols = 1; cols <= 220; cols += 3) {
			for (int flags = 0; flags < 12; flags++) {
				check(&(struct layout_want){ &sizes, rows, cols, rows * 7 % 40,
					flags & 1, flags & 2, (enum layout_zoom)(flags / 4),
					rows % 9 });
			}
		}
	}
}

static void shapes_by_width(void **state)
{
	(void)state;
	assert_int_equal(
		layout_make(&(struct layout_want){ &sizes, 3, 20, 5, false, false, LAYOUT_BOTH, 0 })
			.shape,
		LAYOUT_BADGE);
	assert_int_equal(
		layout_make(&(struct layout_want){ &sizes, 5, 80, 5, false, false, LAYOUT_BOTH, 0 })
			.shape,
		LAYOUT_BADGE);
	assert_int_equal(
		layout_make(&(struct layout_want){ &sizes, 6, 24, 5, false, false, LAYOUT_BOTH, 0 })
			.shape,
		LAYOUT_STACKED);
	assert_int_equal(layout_make(&(struct layout_want){
					     &sizes, 24, 80, 5, false, false, LAYOUT_BOTH, 0 })
				 .shape,
		LAYOUT_STACKED);
	assert_int_equal(layout_make(&(struct layout_want){
					     &sizes, 40, 120, 5, false, false, LAYOUT_BOTH, 0 })
				 .shape,
		LAYOUT_COLUMNS);
}

static void the_list_is_capped(void **state)
{
	(void)state;
	struct layout l = layout_make(
		&(struct layout_want){ &sizes, 24, 80, 100, false, false, LAYOUT_BOTH, 0 });
	assert_true(l.list.rows <= 8);
	l = layout_make(
		&(struct layout_want){ &sizes, 50, 400, 100, false, false, LAYOUT_BOTH, 0 });
	assert_int_equal(l.list.cols, sizes.list_max);
	l = layout_make(&(struct layout_want){ &sizes, 24, 80, 1, false, false, LAYOUT_BOTH, 0 });
	assert_int_equal(l.list.rows, 2);
}

static void open_gives_the_detail_everything(void **state)
{
	(void)state;
	struct layout l = layout_make(
		&(struct layout_want){ &sizes, 24, 80, 5, false, true, LAYOUT_BOTH, 0 });
	assert_int_equal(l.list.rows, 0);
	assert_int_equal(l.detail.rows, 20);
	assert_int_equal(l.hint.y, 23);
}

/* What a file says is kept to, as far as there is room. */
static void sizes_are_settings(void **state)
{
	const struct layout_sizes narrow = { 80, 60, 60, 30, 10 };
	(void)state;
	struct layout l = layout_make(
		&(struct layout_want){ &narrow, 24, 80, 5, false, false, LAYOUT_BOTH, 0 });
	assert_int_equal(l.shape, LAYOUT_COLUMNS);
	assert_int_equal(l.list.cols, 40);
	l = layout_make(&(struct layout_want){ &narrow, 9, 80, 5, false, false, LAYOUT_BOTH, 0 });
	assert_int_equal(l.shape, LAYOUT_BADGE);
}

/* Where a setting would undo another one, the careful one holds; and floors are kept. */
static void what_is_built_in(void **state)
{
	struct app_settings settings;
	int64_t number[OPTION_COUNT] = { 0 };
	struct err err = { 0 };
	(void)state;
	settings_built_in(&settings);
	assert_memory_equal(&settings.layout, &sizes, sizeof(sizes));
	assert_int_equal(settings.guard.quiet_ms, 350);
	assert_int_equal(settings.guard.shown_high_ms, 1500);
	assert_int_equal(settings.half_least, 72);
	number[OPTION_GUARD_SHOWN] = 9000;
	number[OPTION_GUARD_SHOWN_HIGH] = 1000;
	number[OPTION_LAYOUT_LIST_MIN] = 50;
	settings_read(&settings, number);
	assert_int_equal(settings.guard.shown_high_ms, 9000);
	assert_int_equal(settings.layout.list_max, 50);
	static const enum option_id delays[] = { OPTION_GUARD_QUIET, OPTION_GUARD_SHOWN,
		OPTION_GUARD_SHOWN_HIGH, OPTION_GUARD_FOCUS, OPTION_GUARD_PLACE };
	for (size_t i = 0; i < COUNT_OF(delays); i++) {
		assert_true(option_specs[delays[i]].low >= 200);
		assert_false(option_parse(delays[i], SPAN("199"), &number[0], &err));
		assert_non_null(strstr(err.text, "expected a whole number from "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size_works),
		cmocka_unit_test(shapes_by_width),
		cmocka_unit_test(the_list_is_capped),
		cmocka_unit_test(open_gives_the_detail_everything),
		cmocka_unit_test(sizes_are_settings),
		cmocka_unit_test(what_is_built_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
