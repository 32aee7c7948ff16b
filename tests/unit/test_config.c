/* Settings: every line of the table holds, and file, environment and flag win in that order. */
#include "config.h"

#include "ipc/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
	char dir[64];
	struct paths paths;
	struct config config;
	struct err err;
};

static int begin(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "/tmp/bascule-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	unsetenv("BASCULE_LOG");
	unsetenv("BASCULE_ROOT");
	assert_true(paths_init(&w->paths, w->dir, &w->err));
	assert_true(paths_prepare(&w->paths, &w->err));
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;
	unlink(w->paths.config_ini);
	rmdir(w->paths.config_ini);
	rmdir(w->paths.config);
	rmdir(w->paths.state);
	rmdir(w->dir);
	config_finish(&w->config);
	paths_finish(&w->paths);
	free(w);
	return 0;
}

static void write_ini(const struct world *w, const char *text)
{
	FILE *f = fopen(w->paths.config_ini, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(w->paths.config_ini, 0600);
}

static void reload(struct world *w, bool expected)
{
	config_finish(&w->config);
	w->err = (struct err){ 0 };
	assert_int_equal(config_load(&w->config, &w->paths, &w->err), expected);
}

static void table_is_sound(void **state)
{
	(void)state;
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *spec = &option_specs[i];
		enum option_id found;
		int64_t number;
		assert_true(option_parse((enum option_id)i, span_of(spec->value), &number, NULL));
		assert_true(option_find(span_of(spec->name), &found, NULL));
		assert_int_equal(found, i);
		assert_non_null(strchr(spec->name, '.'));
		assert_true(spec->low <= spec->high);
	}
}

static void values_are_held_to_their_type(void **state)
{
	static const struct {
		enum option_id id;
		const char *text;
		bool ok;
		int64_t number;
	} cases[] = {
		{ OPTION_NOTIFY, "yes", true, 1 },
		{ OPTION_NOTIFY, "no", true, 0 },
		{ OPTION_NOTIFY, "true", false, 0 },
		{ OPTION_NOTIFY, "", false, 0 },
		{ OPTION_LOG_LEVEL, "debug", true, 1 },
		{ OPTION_LOG_LEVEL, "yes", false, 0 },
		{ OPTION_QUEUE_PENDING, "1", true, 1 },
		{ OPTION_QUEUE_PENDING, "1024", true, 1024 },
		{ OPTION_QUEUE_PENDING, "0", false, 0 },
		{ OPTION_QUEUE_PENDING, "1025", false, 0 },
		{ OPTION_QUEUE_PENDING, "-1", false, 0 },
		{ OPTION_QUEUE_PENDING, "-", false, 0 },
		{ OPTION_QUEUE_PENDING, "", false, 0 },
		{ OPTION_QUEUE_PENDING, "5s", false, 0 },
		{ OPTION_QUEUE_PENDING, "0x10", false, 0 },
		{ OPTION_QUEUE_PENDING, "18446744073709551617", false, 0 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t number = -99;
		struct err err = { 0 };
		bool ok = option_parse(cases[i].id, span_of(cases[i].text), &number, &err);
		assert_int_equal(ok, cases[i].ok);
		assert_int_equal(number, ok ? cases[i].number : -99);
		assert_int_equal(err.text[0] == '\0', ok);
	}
}

static void built_in_without_a_file(void **state)
{
	struct world *w = *state;
	reload(w, true);
	assert_int_equal(w->config.number[OPTION_BROKER_IDLE], 600);
	assert_string_equal(w->config.text[OPTION_BROKER_IDLE], "600");
	assert_int_equal(w->config.source[OPTION_BROKER_IDLE], CONFIG_BUILT_IN);
}

static void file_then_environment_then_flag(void **state)
{
	struct world *w = *state;
	write_ini(w, "[broker]\nautostart = no\n[log]\nlevel = info\n");
	reload(w, true);
	assert_int_equal(w->config.number[OPTION_BROKER_AUTOSTART], 0);
	assert_int_equal(w->config.source[OPTION_BROKER_AUTOSTART], CONFIG_FILE);
	assert_int_equal(w->config.line[OPTION_BROKER_AUTOSTART], 2);
	assert_int_equal(w->config.source[OPTION_LOG_LEVEL], CONFIG_FILE);
	setenv("BASCULE_LOG", "debug", 1);
	reload(w, true);
	assert_int_equal(w->config.number[OPTION_LOG_LEVEL], 1);
	assert_int_equal(w->config.source[OPTION_LOG_LEVEL], CONFIG_ENV);
	assert_true(config_set(&w->config, OPTION_LOG_LEVEL, "info", &w->err));
	assert_int_equal(w->config.source[OPTION_LOG_LEVEL], CONFIG_FLAG);
	assert_false(config_set(&w->config, OPTION_LOG_LEVEL, "loud", &w->err));
	assert_string_equal(w->config.text[OPTION_LOG_LEVEL], "info");
}

static void wrong_lines_leave_the_others(void **state)
{
	struct world *w = *state;
	char expected[200];
	write_ini(w, "[broker]\nautostrat = no\nidle_seconds = 0\n[queue]\npending_max = 7\n");
	reload(w, false);
	snprintf(expected, sizeof(expected),
		"%s:2: broker.autostrat: no such setting, nearest: broker.autostart",
		w->paths.config_ini);
	assert_string_equal(w->err.text, expected);
	assert_int_equal(w->config.number[OPTION_BROKER_IDLE], 600);
	assert_int_equal(w->config.number[OPTION_QUEUE_PENDING], 7);
	setenv("BASCULE_LOG", "loud", 1);
	write_ini(w, "");
	reload(w, false);
	assert_string_equal(w->err.text,
		"environment: BASCULE_LOG: log.level: \"loud\", expected info or debug");
}

static void a_file_that_does_not_parse_sets_nothing(void **state)
{
	struct world *w = *state;
	write_ini(w, "[queue]\npending_max = 7\nrubbish\n");
	reload(w, false);
	assert_int_equal(w->config.number[OPTION_QUEUE_PENDING], 32);
}

static void files_of_others_and_no_files_are_refused(void **state)
{
	struct world *w = *state;
	write_ini(w, "[queue]\npending_max = 7\n");
	assert_int_equal(chmod(w->paths.config_ini, 0666), 0);
	reload(w, false);
	assert_int_equal(w->config.number[OPTION_QUEUE_PENDING], 32);
	unlink(w->paths.config_ini);
	assert_int_equal(mkfifo(w->paths.config_ini, 0600), 0); /* must not hang */
	reload(w, false);
	unlink(w->paths.config_ini);
	assert_int_equal(mkdir(w->paths.config_ini, 0700), 0);
	reload(w, false);
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(values_are_held_to_their_type),
		WORLD(built_in_without_a_file),
		WORLD(file_then_environment_then_flag),
		WORLD(wrong_lines_leave_the_others),
		WORLD(a_file_that_does_not_parse_sets_nothing),
		WORLD(files_of_others_and_no_files_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
