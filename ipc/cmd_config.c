/*
 * `bascule config`: every option with its value, where the value came from, and what it means.
 * Something wrong in config.ini is said after the table, which shows what is in force all the same.
 */
#include <config.h>

#include "ipc/cmd.h"

#include "core/jsonw.h"
#include "core/safe_text.h"
#include "ipc/config.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const source_words[] = {
	[CONFIG_BUILT_IN] = "built-in",
	[CONFIG_FILE] = "config.ini",
	[CONFIG_ENV] = "environment",
	[CONFIG_FLAG] = "flag",
};

static char *source_of(const struct config *config, int id)
{
	switch (config->source[id]) {
	case CONFIG_FILE:
		return xasprintf("config.ini:%u", config->line[id]);
	case CONFIG_ENV:
		return xstrdup(option_specs[id].env);
	case CONFIG_BUILT_IN:
	case CONFIG_FLAG:
		break;
	}
	return xstrdup(source_words[config->source[id]]);
}

static void print_table(const struct config *config)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		struct safe_text value = safe_make(span_of(config->text[i]), SAFE_ONE_LINE);
		char *source = source_of(config, i);
		printf("%-24s %-13s %-14s %s\n", option_specs[i].name,
			value.bytes ? safe_cstr(&value) : "(empty)", source,
			option_specs[i].meaning);
		free(source);
		safe_finish(&value);
	}
}

static void print_json(const struct config *config, const char *file, const struct err *err)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_text(&w, "file", file);
	jw_kv_text(&w, "error", err->text[0] ? err->text : NULL);
	jw_key(&w, "options");
	jw_open(&w, '[');
	for (int i = 0; i < OPTION_COUNT; i++) {
		jw_open(&w, '{');
		jw_kv_text(&w, "name", option_specs[i].name);
		jw_kv_text(&w, "value", config->text[i]);
		jw_kv_text(&w, "source", source_words[config->source[i]]);
		if (config->source[i] == CONFIG_FILE) {
			jw_kv_int(&w, "line", config->line[i]);
		}
		jw_kv_text(&w, "default", option_specs[i].value);
		jw_kv_text(&w, "meaning", option_specs[i].meaning);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	jw_close(&w, '}');
	printf("%s\n", buf_cstr(&out));
	buf_finish(&out);
}

int cmd_config(int argc, char **argv)
{
	const char *root = NULL;
	bool json = false, verbose = false;
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--json", NULL, &json },
		{ "-v", NULL, &verbose },
	};
	struct paths paths;
	struct config config;
	struct err err = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail(argv[0], &err, CMD_USAGE);
	}
	if (!paths_init(&paths, root, &err)) {
		return cmd_fail(argv[0], &err, CMD_FAILED);
	}
	bool sound = config_load(&config, &paths, &err);
	if (verbose) {
		config_set(&config, OPTION_LOG_LEVEL, "debug", NULL);
	}
	if (json) {
		print_json(&config, paths.config_ini, &err);
	} else {
		print_table(&config);
	}
	int code = cmd_written(argv[0]);
	if (!sound) {
		code = cmd_fail(argv[0], &err, CMD_FAILED);
	}
	config_finish(&config);
	paths_finish(&paths);
	return code;
}
