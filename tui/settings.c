/* One row a number. Called by main.c, and by tests for what is built in. */
#include "config.h"

#include "tui/settings.h"

#include <stddef.h>
#include <stdlib.h>

static const struct {
	enum option_id id;
	size_t at; /* of an int */
} rows[] = {
	{ OPTION_CONSOLE_UNDO, offsetof(struct app_settings, deny_delay_ms) },
	{ OPTION_CONSOLE_HOLD, offsetof(struct app_settings, approve_delay_ms) },
	{ OPTION_GUARD_QUIET, offsetof(struct app_settings, guard.quiet_ms) },
	{ OPTION_GUARD_SHOWN, offsetof(struct app_settings, guard.shown_ms) },
	{ OPTION_GUARD_SHOWN_HIGH, offsetof(struct app_settings, guard.shown_high_ms) },
	{ OPTION_GUARD_FOCUS, offsetof(struct app_settings, guard.focus_ms) },
	{ OPTION_GUARD_PLACE, offsetof(struct app_settings, guard.place_ms) },
	{ OPTION_LAYOUT_COLUMNS, offsetof(struct app_settings, layout.columns_from) },
	{ OPTION_LAYOUT_LIST_MIN, offsetof(struct app_settings, layout.list_min) },
	{ OPTION_LAYOUT_LIST_MAX, offsetof(struct app_settings, layout.list_max) },
	{ OPTION_LAYOUT_BADGE_COLS, offsetof(struct app_settings, layout.badge_cols) },
	{ OPTION_LAYOUT_BADGE_ROWS, offsetof(struct app_settings, layout.badge_rows) },
	{ OPTION_LAYOUT_HALF, offsetof(struct app_settings, half_least) },
};

void settings_read(struct app_settings *settings, const int64_t number[OPTION_COUNT])
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		*(int *)(void *)((char *)settings + rows[i].at) = (int)number[rows[i].id];
	}
	if (settings->layout.list_max < settings->layout.list_min) {
		settings->layout.list_max = settings->layout.list_min;
	}
	/* what high risk asks for is never less than what the rest does */
	if (settings->guard.shown_high_ms < settings->guard.shown_ms) {
		settings->guard.shown_high_ms = settings->guard.shown_ms;
	}
}

void settings_built_in(struct app_settings *settings)
{
	int64_t number[OPTION_COUNT] = { 0 };
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (!option_parse(
			    (enum option_id)i, span_of(option_specs[i].value), &number[i], NULL)) {
			abort(); /* the table contradicts itself */
		}
	}
	settings_read(settings, number);
}
