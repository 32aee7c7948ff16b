/* The user's profiles from disk. */
#include "config.h"

#include "ipc/profile_files.h"

#include "core/jsonw.h"
#include "ipc/own_file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILE_FILES_MAX = 64, PROFILE_FILE_MAX = 256 << 10 };

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_profile_name(const char *name)
{
	size_t n = strlen(name);
	return name[0] != '.' && n > 8 && strcmp(name + n - 8, ".profile") == 0;
}

/* Names in order, so that two brokers read alike. */
static size_t list_profiles(const char *dir, char *names[PROFILE_FILES_MAX])
{
	size_t count = 0;
	DIR *d = opendir(dir);
	for (struct dirent *e; d && count < PROFILE_FILES_MAX && (e = readdir(d));) {
		if (is_profile_name(e->d_name)) {
			names[count++] = xasprintf("%s/%s", dir, e->d_name);
		}
	}
	if (d) {
		closedir(d);
	}
	qsort(names, count, sizeof(*names), by_name);
	return count;
}

static bool add_profile(
	struct profiles *profiles, const char *path, struct jsonw *w, struct err *first)
{
	struct buf text = { 0 };
	struct err err = { 0 };
	bool missing;
	bool ok = own_file_read(path, PROFILE_FILE_MAX, &text, &missing, &err) &&
		profiles_add(profiles, path, buf_view(&text), &err);
	if (ok) {
		jw_open(w, '{');
		jw_kv_text(w, "file", path);
		jw_kv_span(w, "text", buf_view(&text));
		jw_close(w, '}');
	} else {
		*first = first->text[0] ? *first : err;
	}
	buf_finish(&text);
	return ok;
}

struct profiles *profile_files_read(const char *dir, struct buf *json, struct err *err)
{
	char *names[PROFILE_FILES_MAX];
	size_t count = list_profiles(dir, names);
	struct profiles *profiles = profiles_create();
	struct jsonw w = jw_start(json);
	*err = (struct err){ 0 };
	jw_open(&w, '[');
	for (size_t i = 0; i < count; i++) {
		add_profile(profiles, names[i], &w, err);
		free(names[i]);
	}
	jw_close(&w, ']');
	if (err->text[0]) {
		profiles_destroy(profiles);
		profiles = profiles_create();
		buf_clear(json);
		buf_text(json, "[]");
	}
	return profiles;
}

struct profiles *profile_files_of(const struct paths *paths, struct buf *json)
{
	struct err err;
	char *dir = xasprintf("%s/profiles", paths->config);
	struct profiles *profiles = profile_files_read(dir, json, &err);
	free(dir);
	return profiles;
}
