/*
 * Every setting of config.ini: one line each. `bascule config` prints this table with values and
 * sources. Precedence: flag, environment (where named), config.ini, built-in.
 */
#ifndef BASCULE_CORE_OPTION_H
#define BASCULE_CORE_OPTION_H

#include "core/base.h"

/* id, section.key, type, built-in value, lowest, highest, environment variable or "", meaning */
#define OPTIONS(X) \
	X(BROKER_AUTOSTART, "broker.autostart", BOOL, "yes", 0, 1, "", \
		"gates and consoles start a broker when there is none") \
	X(BROKER_IDLE, "broker.idle_seconds", INT, "600", 1, 604800, "", \
		"the broker ends after so long without peers") \
	X(GATE_HOLD_MAX, "gate.hold_max_seconds", INT, "0", 0, 604800, "", \
		"answer a held call after so long; 0: by client") \
	X(GATE_ROOM, "gate.room_seconds", INT, "15", 0, 3600, "", \
		"an approved call is forwarded only with so long left") \
	X(GATE_PROGRESS, "gate.progress_ms", INT, "5000", 50, 60000, "", \
		"how often a waiting client is told so") \
	X(GATE_PARK_SECONDS, "queue.park_seconds", INT, "600", 1, 86400, "", \
		"how long a parked call can still be approved") \
	X(QUEUE_ONCE_SECONDS, "queue.once_seconds", INT, "60", 1, 3600, "", \
		"a call that was approved at the agent's hook has to reach its server, or the " \
		"agent's own question, within so long") \
	X(QUEUE_PENDING, "queue.pending_max", INT, "32", 1, 1024, "", \
		"calls of one gate that may wait at once") \
	X(CONSOLE_UNDO, "console.undo_ms", INT, "1500", 0, 10000, "", \
		"d denies after so long, and u takes it back until then; 0: at once") \
	X(CONSOLE_HOLD, "console.approve_hold_ms", INT, "0", 0, 10000, "", \
		"a approves after so long, and u takes it back until then; 0: at once") \
	X(GUARD_QUIET, "guard.quiet_ms", INT, "350", 200, 10000, "", \
		"a deciding key counts only after so long without another key") \
	X(GUARD_SHOWN, "guard.shown_ms", INT, "500", 300, 60000, "", \
		"an approving key counts only once the call has been shown unchanged for so long") \
	X(GUARD_SHOWN_HIGH, "guard.shown_high_ms", INT, "1500", 1000, 60000, "", \
		"the same where the risk is high; never less than guard.shown_ms") \
	X(GUARD_FOCUS, "guard.focus_ms", INT, "350", 200, 10000, "", \
		"and only so long after the window got the focus") \
	X(GUARD_PLACE, "guard.place_ms", INT, "350", 200, 10000, "", \
		"and only so long after the shown call moved on the screen") \
	X(LAYOUT_COLUMNS, "layout.columns_from", INT, "100", 80, 1000, "", \
		"list and call stand side by side from so many columns on") \
	X(LAYOUT_LIST_MIN, "layout.list_min", INT, "38", 20, 60, "", \
		"columns of the list beside a call, at least") \
	X(LAYOUT_LIST_MAX, "layout.list_max", INT, "44", 20, 120, "", \
		"and at most, never less than layout.list_min") \
	X(LAYOUT_BADGE_COLS, "layout.badge_cols", INT, "24", 24, 1000, "", \
		"below so many columns one line is all that is shown") \
	X(LAYOUT_BADGE_ROWS, "layout.badge_rows", INT, "6", 6, 1000, "", \
		"so it is below so many rows") \
	X(LAYOUT_HALF, "layout.half_cols", INT, "72", 40, 500, "", \
		"a diff is shown side by side where each half has so many columns") \
	X(CONSOLE_THEME, "console.theme", TEXT, "auto", 0, 0, "", \
		"a shipped theme or CONFIG/themes/NAME.ini (`bascule themes` lists them); auto: " \
		"one " \
		"of the next two, by what the terminal says of itself") \
	X(CONSOLE_THEME_DARK, "console.theme_dark", TEXT, "default", 0, 0, "", \
		"the theme for dark terminals") \
	X(CONSOLE_THEME_LIGHT, "console.theme_light", TEXT, "default-light", 0, 0, "", \
		"the theme for light terminals") \
	X(CONSOLE_COLOR, "console.color", BOOL, "yes", 0, 1, "", \
		"colours, where the terminal has them; NO_COLOR and --color are stronger") \
	X(CONSOLE_MOUSE, "console.mouse", BOOL, "no", 0, 1, "", \
		"a click selects, the wheel scrolls; it never decides") \
	X(CONSOLE_BELL, "console.bell", BOOL, "yes", 0, 1, "", \
		"the terminal's bell when a call waits and nobody looks") \
	X(CONSOLE_NOTIFY, "console.notify", BOOL, "yes", 0, 1, "", \
		"the terminal's own notification as well, where it has one") \
	X(CONSOLE_TITLE, "console.title", BOOL, "yes", 0, 1, "", \
		"how many wait stands in the terminal's title") \
	X(NOTIFY_DETAIL, "notify.detail", CHOICE, "tool", 0, 2, "", \
		"what notifications and the title say: none (that something waits), count (and " \
		"how many, how risky), tool (and of what server); never arguments") \
	X(NOTIFY, "notify.desktop", BOOL, "yes", 0, 1, "", \
		"desktop notification when a call waits and nobody looks; none over ssh") \
	X(NOTIFY_BUS, "notify.bus", TEXT, "", 0, 0, "", \
		"D-Bus address; empty: the environment's, else the user's own bus") \
	X(KEEP_ANSWERS, "history.answers", BOOL, "yes", 0, 1, "", \
		"the beginning and end of what servers answer is kept with the call") \
	X(KEEP_DAYS, "history.keep_days", INT, "0", 0, 36500, "", \
		"calls older than so many days are removed from the history; 0: none is for its " \
		"age") \
	X(KEEP_MB, "history.keep_mb", INT, "0", 0, 1048576, "", \
		"the oldest calls go where the history holds more than so many MiB; 0: no bound") \
	X(LOG_LEVEL, "log.level", CHOICE, "info", 0, 1, "BASCULE_LOG", \
		"debug adds frames by size and id")

enum option_id {
#define X(id, name, type, value, low, high, env, meaning) OPTION_##id,
	OPTIONS(X)
#undef X
		OPTION_COUNT
};

/* of notify.detail */
enum option_detail { DETAIL_NONE, DETAIL_COUNT, DETAIL_TOOL };

enum option_type { OPTION_BOOL, OPTION_INT, OPTION_TEXT, OPTION_CHOICE };

struct option_spec {
	const char *name, *value, *env, *meaning;
	enum option_type type;
	int64_t low, high;
};

extern const struct option_spec option_specs[OPTION_COUNT];

/* Parses `text` for the option; INT within its bounds, BOOL yes/no, CHOICE one of its words (0 is
 * the first). `number` is set for all but TEXT. */
bool option_parse(enum option_id id, struct span text, int64_t *number, struct err *err);
/* What may stand there, in words: "1 to 1024", "yes or no"; the caller frees it. */
char *option_range(enum option_id id);
/* nearest: for the error message */
bool option_find(struct span name, enum option_id *id, const char **nearest);

#endif
