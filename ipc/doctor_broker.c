/*
 * Doctor: the broker and its sockets. Asks it hello and status over the decision socket, both
 * bounded; starts none.
 */
#include <config.h>

#include "ipc/doctor.h"

#include "core/diag.h"
#include "ipc/ask.h"
#include "ipc/cmd.h"
#include "ipc/home.h"
#include "ipc/peer.h"

#include <cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char next_one[] = "nothing: the next broker replaces it";

static void look_at_socket(struct doctor *d, const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "bascule broker stop, then bascule",
			"the broker's socket is gone: %s", strerror(errno));
	} else if (!S_ISSOCK(st.st_mode) || st.st_uid != getuid()) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "remove it, then bascule broker stop",
			"is not a socket of yours");
	} else if (st.st_mode & 0077) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "chmod 600 it",
			"other users may connect (mode %03o)", (unsigned)(st.st_mode & 0777));
	}
}

static void look_at_sockets(struct doctor *d)
{
	for (int i = 0; i < HOME_SOCKETS; i++) {
		char *path = home_find(&d->paths, (enum home_socket)i);
		if (path) {
			look_at_socket(d, path);
		}
		free(path);
	}
}

/* Which program it runs: another installation's, or one that was replaced since. */
static void look_at_program(struct doctor *d, pid_t pid)
{
	struct process process = { 0 };
	char *ours = paths_program("bascule-broker");
	char *its = pid && process_read(pid, &process) ? process_program(&process) : NULL;
	char *real = realpath(ours, NULL);
	if (its && real && strcmp(its, real) != 0) {
		doctor_say(d, DIAGNOSIS_WARNING, its,
			"bascule broker stop: the next one is this installation's",
			"the broker (pid %ld) runs this program, not %s", (long)pid, ours);
	}
	free(ours);
	free(its);
	free(real);
}

static void look_at_hello(struct doctor *d, const char *text, pid_t pid)
{
	cJSON *hello = cJSON_Parse(text);
	const char *version = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(hello, "version"));
	if (!version || strcmp(version, PACKAGE_VERSION) != 0) {
		doctor_say(d, DIAGNOSIS_WARNING, NULL,
			"open `bascule` once: the broker hands over to the newer one",
			"the broker that runs (pid %ld) is of version %.60s, this is %s", (long)pid,
			version ? version : "unknown", PACKAGE_VERSION);
	} else {
		doctor_say(d, DIAGNOSIS_OK, NULL, NULL, "runs, version %.60s, pid %ld", version,
			(long)pid);
	}
	cJSON_Delete(hello);
}

static void look_at_status(struct doctor *d, const char *text)
{
	cJSON *status = cJSON_Parse(text);
	const cJSON *master = cJSON_GetObjectItemCaseSensitive(status, "master");
	const char *mode = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(master, "mode"));
	const char *trouble = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(status, "trouble"));
	long long waiting = cmd_number(status, "waiting_all");
	if (trouble) {
		doctor_say(d, DIAGNOSIS_FAILURE, NULL, "see the checks below, and `bascule log`",
			"the broker says: %.600s", trouble);
	}
	if (mode && strcmp(mode, "policy") != 0) {
		doctor_say(d, DIAGNOSIS_WARNING, NULL, "in the console, switch back to the rules",
			"the rules are switched off: every call is %s",
			strcmp(mode, "deny") == 0 ? "denied" : "held");
	}
	if (waiting) {
		doctor_say(d, DIAGNOSIS_NOTE, NULL, "bascule", "%lld %s", waiting,
			waiting == 1 ? "call waits" : "calls wait");
	}
	cJSON_Delete(status);
}

/* One question over a connection of its own, or over the inherited one. -1: none can be had. */
static int knock(struct doctor *d, struct err *err)
{
	char *path = d->decide < 0 ? home_find(&d->paths, HOME_DECISIONS) : NULL;
	int fd = path ? home_connect(path, err) : d->decide;
	free(path);
	return fd;
}

static void say_silent(struct doctor *d, const struct err *err, pid_t pid)
{
	char *fix = xasprintf("kill %ld; what waits goes on waiting", (long)pid);
	if (err->code == DIAG_REFUSED_PEER) {
		doctor_say(d, DIAGNOSIS_NOTE, NULL, "run bascule doctor in another terminal",
			"runs, and tells nothing to this process: %s", err->text);
	} else {
		doctor_say(d, DIAGNOSIS_FAILURE, NULL, pid ? fix : "bascule broker stop",
			"does not answer (pid %ld): %s", (long)pid, err->text);
	}
	free(fix);
}

static void talk(struct doctor *d, int fd)
{
	struct buf hello = { 0 }, status = { 0 };
	struct err err = { 0 };
	uid_t uid = 0;
	pid_t pid = home_holder(&d->paths);
	if (!pid && fd != d->decide) { /* who made an inherited pair is not who speaks */
		peer_of(fd, &uid, &pid);
	}
	if (ask_connected(fd, DOCTOR_MS, "status", SPAN("{}"), &hello, &status, &err)) {
		look_at_hello(d, buf_cstr(&hello), pid);
		look_at_status(d, buf_cstr(&status));
	} else {
		say_silent(d, &err, pid);
	}
	look_at_program(d, pid);
	buf_finish(&hello);
	buf_finish(&status);
}

static void none_answers(struct doctor *d, const struct err *err)
{
	pid_t holder = home_holder(&d->paths);
	if (holder) {
		struct err silent = *err;
		say_silent(d, &silent, holder);
	} else if (err->text[0]) {
		doctor_say(d, DIAGNOSIS_NOTE, d->paths.lock, next_one,
			"a broker that is gone has left it and its sockets behind");
	} else {
		doctor_say(d, DIAGNOSIS_NOTE, NULL, "bascule",
			"none runs; a gate or a console starts one");
	}
}

void doctor_broker(struct doctor *d)
{
	struct err err = { 0 };
	int fd = knock(d, &err);
	if (d->paths.root) {
		doctor_say(d, DIAGNOSIS_NOTE, d->paths.root, NULL,
			"everything lies under this root (--root or BASCULE_ROOT): a second "
			"instance, not the one that agents use by default");
	}
	if (fd < 0) {
		none_answers(d, &err);
		return;
	}
	talk(d, fd);
	look_at_sockets(d);
	if (fd != d->decide) {
		close(fd);
	}
}
