/*
 * Doctor: bascule's own places and what a person sets in them: directories, config.ini, keys.ini,
 * rules and profiles.
 */
#include <config.h>

#include "ipc/doctor.h"

#include "core/ini.h"
#include "ipc/own_file.h"
#include "ipc/policy_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEYS_MAX = 64 << 10, DAMAGED_MAX = 1000 };

/* ---- places ---- */

/* The state says who decided what: nobody else may read it. Configuration may be a link into
 * somebody's dotfiles, and readable. */
static void look_at_dir(struct doctor *d, const char *path, mode_t never, bool may_be_link)
{
	struct stat st;
	int got = may_be_link ? stat(path, &st) : lstat(path, &st);
	if (got != 0 && errno == ENOENT) {
		doctor_say(d, DIAGNOSIS_NOTE, path, NULL, "not there yet; made when it is needed");
	} else if (got != 0 || !S_ISDIR(st.st_mode)) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "move it away", "%s",
			got != 0 ? strerror(errno) : "is not a directory");
	} else if (st.st_uid != getuid()) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "chown it to yourself",
			"belongs to user %ld", (long)st.st_uid);
	} else if (st.st_mode & never) {
		doctor_say(d, DIAGNOSIS_FAILURE, path,
			never & 0044 ? "chmod 700 it" : "chmod go-w it",
			"is open to others (mode %03o)", (unsigned)(st.st_mode & 0777));
	} else {
		doctor_say(d, DIAGNOSIS_OK, path, NULL, "yours alone");
	}
}

/* Histories that were put aside because they were damaged: room, and a person's to look at. */
static void look_for_damaged(struct doctor *d)
{
	DIR *dir = opendir(d->paths.state);
	const struct dirent *entry;
	unsigned count = 0, seen = 0;
	while (dir && seen++ < DAMAGED_MAX && (entry = readdir(dir))) {
		count += strncmp(entry->d_name, "log.db.damaged-", 15) == 0;
	}
	if (dir) {
		closedir(dir);
	}
	if (count) {
		doctor_say(d, DIAGNOSIS_NOTE, d->paths.state,
			"remove log.db.damaged-* once you do not want them any more",
			"%u damaged files of the history were put aside", count);
	}
}

void doctor_places(struct doctor *d)
{
	char *sockets = paths_socket_dir(&d->paths);
	look_at_dir(d, d->paths.config, 0022, true);
	look_at_dir(d, d->paths.state, 0077, false);
	look_at_dir(d, sockets, 0077, false);
	look_for_damaged(d);
	free(sockets);
}

/* ---- settings ---- */

static void look_at_keys(struct doctor *d)
{
	char *path = xasprintf("%s/keys.ini", d->paths.config);
	struct buf text = { 0 };
	struct ini ini = { 0 };
	struct err err = { 0 };
	bool missing = false;
	if (!own_file_read(path, KEYS_MAX, &text, &missing, &err) ||
		!ini_parse(&ini, path, buf_view(&text), &err)) {
		if (!missing) {
			doctor_say(d, DIAGNOSIS_WARNING, NULL, "mend the line that is named", "%s",
				err.text);
		}
	}
	ini_finish(&ini);
	buf_finish(&text);
	free(path);
}

void doctor_settings(struct doctor *d)
{
	size_t set = 0;
	for (int i = 0; i < OPTION_COUNT; i++) {
		set += d->config.source[i] != CONFIG_BUILT_IN;
	}
	if (d->config_error.text[0]) {
		doctor_say(d, DIAGNOSIS_WARNING, NULL,
			"mend the line that is named; `bascule config` lists every option", "%s",
			d->config_error.text);
	} else {
		doctor_say(d, DIAGNOSIS_OK, d->paths.config_ini, NULL,
			"%zu of %d settings are yours", set, OPTION_COUNT);
	}
	look_at_keys(d);
}

/* ---- policy ---- */

void doctor_policy(struct doctor *d)
{
	struct policy_files files;
	policy_files_init(&files, &d->paths);
	if (files.trouble) {
		doctor_say(d, DIAGNOSIS_FAILURE, NULL, "bascule policy check names every line",
			"%.900s%s", files.trouble,
			files.held ? "; a broker that starts now holds everything" : "");
	} else {
		doctor_say(d, DIAGNOSIS_OK, files.user_path, NULL,
			"%zu rules of yours, %zu of this machine, %zu built in",
			files.user ? rules_count(files.user) : 0,
			files.system ? rules_count(files.system) : 0, rules_count(files.builtin));
	}
	policy_files_finish(&files);
}
