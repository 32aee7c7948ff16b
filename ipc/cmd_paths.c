/* `bascule paths`: the files that are used, here and now. Looks at no content and makes nothing. */
#include <config.h>

#include "ipc/cmd.h"

#include "core/jsonw.h"
#include "core/safe_text.h"
#include "ipc/paths.h"
#include "ipc/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
	enum place_dir dir;
	const char *name, *meaning;
} places[] = {
#define X(id, dir, name, meaning) { PLACE_##dir, name, meaning },
	PLACES(X)
#undef X
};

static char *path_of(size_t i, const struct paths *paths, const char *sockets)
{
	const char *const dirs[] = {
		[PLACE_CONFIG] = paths->config,
		[PLACE_STATE] = paths->state,
		[PLACE_SOCKET] = sockets,
	};
	return xasprintf("%s%s%s", dirs[places[i].dir], *places[i].name ? "/" : "", places[i].name);
}

static void print_table(char *const *path)
{
	struct safe_text safe[COUNT_OF(places)];
	unsigned widest = 0;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		safe[i] = safe_make(span_of(path[i]), SAFE_ONE_LINE);
		widest = safe[i].columns > widest ? safe[i].columns : widest;
	}
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		printf("%s%*s  %s%s\n", safe_cstr(&safe[i]), (int)(widest - safe[i].columns), "",
			places[i].meaning, access(path[i], F_OK) == 0 ? "" : " (not there yet)");
		safe_finish(&safe[i]);
	}
}

static void print_json(char *const *path)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '[');
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		jw_open(&w, '{');
		jw_kv_text(&w, "path", path[i]);
		jw_kv_text(&w, "meaning", places[i].meaning);
		jw_kv_bool(&w, "exists", access(path[i], F_OK) == 0);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	printf("%s\n", buf_cstr(&out));
	buf_finish(&out);
}

int cmd_paths(int argc, char **argv)
{
	const char *root = NULL;
	bool json = false, verbose = false;
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--json", NULL, &json },
		{ "-v", NULL, &verbose },
	};
	struct paths paths;
	struct err err = { 0 };
	char *path[COUNT_OF(places)];
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail(argv[0], &err, CMD_USAGE);
	}
	if (!paths_init(&paths, root, &err)) {
		return cmd_fail(argv[0], &err, CMD_FAILED);
	}
	char *sockets = paths_socket_dir(&paths);
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		path[i] = path_of(i, &paths, sockets);
	}
	if (json) {
		print_json(path);
	} else {
		print_table(path);
	}
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		free(path[i]);
	}
	free(sockets);
	paths_finish(&paths);
	return cmd_written(argv[0]);
}
