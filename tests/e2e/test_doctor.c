/* `bascule doctor`: each of its checks with a case that it must not find well. */
#include "config.h"

#include "tests/e2e/examine.h"
#include "tests/e2e/person.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static struct examined doctor(struct world *w, int fd)
{
	struct examined e = { .w = w, .fd = fd };
	examine(&e);
	return e;
}

static void a_sound_world_is_well(struct world *w)
{
	world_broker(w);
	struct examined e = doctor(w, world_decide_fd(w));
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "broker", "ok", "version " PACKAGE_VERSION);
	examine_has(&e, "broker", "note", w->root);
	examine_has(&e, "programs", "ok", "version " PACKAGE_VERSION);
	examine_has(&e, "places", "ok", "state");
	examine_has(&e, "settings", "ok", "config.ini");
	examine_has(&e, "policy", "ok", "built in");
}

/* ---- the broker ---- */

static void no_broker_is_a_note(struct world *w)
{
	struct examined e = doctor(w, -1);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "broker", "note", "none runs");
}

static void what_a_killed_broker_left_is_said(struct world *w)
{
	world_broker(w);
	world_broker_kill(w);
	struct examined e = doctor(w, -1);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "broker", "note", "is gone has left it");
	examine_lacks(&e, "broker", "note", "none runs");
}

static void a_broker_that_hangs_does_not_hang_it(struct world *w)
{
	world_broker(w);
	int fd = world_decide_fd(w);
	kill(w->broker, SIGSTOP);
	struct examined e = doctor(w, fd);
	kill(w->broker, SIGCONT);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "broker", "failure", "does not answer");
	examine_has(&e, "broker", "failure", "kill ");
}

/* A lock that is held, and nobody behind the socket. */
static void a_lock_without_sockets_is_a_failure(struct world *w)
{
	world_broker(w);
	kill(w->broker, SIGSTOP);
	char *run = world_file(w->root, "run");
	unlink(world_file(run, "decide.sock"));
	struct examined e = doctor(w, -1);
	kill(w->broker, SIGCONT);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "broker", "failure", "does not answer");
	world_broker_kill(w);
}

static void sockets_open_to_others_are_a_failure(struct world *w)
{
	world_broker(w);
	char *run = world_file(w->root, "run"), *calls = world_file(run, "calls.sock");
	chmod(calls, 0666);
	struct examined e = doctor(w, world_decide_fd(w));
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "broker", "failure", "may connect");
	chmod(calls, 0600);
}

static void the_switch_and_what_waits_are_said(struct world *w)
{
	world_broker(w);
	person_ask(w->person, "master", "{\"mode\":\"hold\"}");
	struct examined e = doctor(w, world_decide_fd(w));
	CHECK_INT(w, e.code, 1);
	examine_has(&e, "broker", "warning", "every call is held");
}

/* The other end of a decision socket, of another version. */
static void speak(int fd, int other, const char *version)
{
	if (fork() == 0) {
		close(other);
		char got[4096];
		char *answers = xasprintf(
			"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"result\":{\"version\":\"%s\"}}\n"
			"{\"jsonrpc\":\"2.0\",\"id\":\"ask\",\"result\":"
			"{\"waiting_all\":2,\"trouble\":\"disk full \\u001b[2J\"}}\n",
			version);
		ssize_t n = read(fd, got, sizeof(got));
		n = n > 0 ? write(fd, answers, strlen(answers)) : n;
		while (n > 0) {
			n = read(fd, got, sizeof(got));
		}
		_exit(0);
	}
	close(fd);
}

static void another_version_and_trouble_are_said(struct world *w)
{
	int pair[2];
	CHECK_INT(w, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	speak(pair[1], pair[0], "9.9.9");
	struct examined e = doctor(w, pair[0]);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "broker", "warning", "9.9.9");
	examine_has(&e, "broker", "failure", "disk full");
	examine_has(&e, "broker", "note", "2 calls wait");
	CHECK_LACKS(w, e.text, "\033");
}

/* ---- places, settings, rules ---- */

static void directories_open_to_others_are_failures(struct world *w)
{
	char *state = world_file(w->root, "state"), *config = world_file(w->root, "config");
	world_broker(w);
	world_broker_kill(w);
	chmod(state, 0755);
	chmod(config, 0777);
	struct examined e = doctor(w, -1);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "places", "failure", "mode 755");
	examine_has(&e, "places", "failure", "mode 777");
	chmod(state, 0700);
	chmod(config, 0700);
}

static void damaged_histories_are_counted(struct world *w)
{
	char *state = world_file(w->root, "state");
	mkdir(state, 0700);
	world_put(world_file(state, "log.db.damaged-1"), "x");
	struct examined e = doctor(w, -1);
	examine_has(&e, "places", "note", "1 damaged");
}

static void wrong_settings_are_named_by_line(struct world *w)
{
	char *config = world_file(w->root, "config");
	world_config(w, "[broker]\nautostart = perhaps\n");
	world_put(world_file(config, "keys.ini"), "[queue]\nno key here\n");
	struct examined e = doctor(w, -1);
	CHECK_INT(w, e.code, 1);
	examine_has(&e, "settings", "warning", "config.ini:2:");
	examine_has(&e, "settings", "warning", "keys.ini:2:");
}

static void broken_rules_are_named_by_line(struct world *w)
{
	char *config = world_file(w->root, "config");
	world_put(world_file(config, "policy.rules"), "version 1\nallow everything\n");
	struct examined e = doctor(w, -1);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "policy", "failure", "policy.rules:2");
	examine_has(&e, "policy", "failure", "holds everything");
}

/* ---- the programs ---- */

/* A copy of a program in `dir`, with `from` in it replaced by `to`, of the same length. */
static void copy_program(
	struct world *w, const char *dir, const char *name, const char *from, const char *to)
{
	struct buf bytes = { 0 };
	char *path = world_file(dir, name);
	world_get(world_path(w, name), &bytes);
	char *at = from ? memmem(bytes.data, bytes.len, from, strlen(from)) : NULL;
	CHECK(w, bytes.len && (!from || at));
	if (at) {
		memcpy(at, to, strlen(to));
	}
	FILE *file = fopen(path, "wbe");
	CHECK(w, file && fwrite(bytes.data, 1, bytes.len, file) == bytes.len);
	CHECK_INT(w, fclose(file), 0);
	CHECK_INT(w, chmod(path, 0755), 0);
	buf_finish(&bytes);
}

static void a_mixed_installation_is_seen(struct world *w)
{
	static const char *const whole[] = { "bascule", "bascule-setup", "bascule-console",
		"bascule-policy", "bascule-broker" };
	static const char mark[] = "@(#)bascule " PACKAGE_VERSION;
	char *dir = world_file(w->dir, "bin"), *other = xstrdup(mark);
	memcpy(other + strlen(other) - strlen(PACKAGE_VERSION), "8", 1);
	mkdir(dir, 0700);
	for (size_t i = 0; i < COUNT_OF(whole); i++) {
		copy_program(w, dir, whole[i], NULL, NULL);
	}
	copy_program(w, dir, "bascule-gate", mark, other);
	chmod(world_file(dir, "bascule-policy"), 0777);
	chmod(world_file(dir, "bascule-broker"), 0600);
	world_put(world_file(dir, "bascule-console"), "not a program of ours");
	struct examined e = { .w = w, .fd = -1, .program = world_file(dir, "bascule-setup") };
	examine(&e);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "programs", "failure", "is of version 8");
	examine_has(&e, "programs", "failure", "another user may replace it");
	examine_has(&e, "programs", "failure", "does not say its version");
	examine_has(&e, "programs", "failure", "bascule-demo");
}

/* As `make install` lays it out, below a directory of ours. */
static char *staged(struct world *w, const char *dir)
{
	char *path = xasprintf("%s/stage%s", w->dir, dir);
	for (char *slash = strchr(path + strlen(w->dir) + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	mkdir(path, 0755);
	return path;
}

static void installed_and_built_are_told_apart(struct world *w)
{
	static const char *const rest[] = { "bascule-setup", "bascule-console", "bascule-gate",
		"bascule-policy", "bascule-broker", "bascule-demo" };
	char *bin = staged(w, BASCULE_BINDIR), *libexec = staged(w, BASCULE_LIBEXECDIR);
	struct examined e = doctor(w, -1);
	examine_has(&e, "programs", "note", "is not installed");
	copy_program(w, bin, "bascule", NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(rest); i++) {
		copy_program(w, libexec, rest[i], NULL, NULL);
	}
	e = (struct examined){
		.w = w, .fd = -1, .path = bin, .program = world_file(libexec, "bascule-setup")
	};
	examine(&e);
	CHECK_INT(w, e.code, 0);
	examine_lacks(&e, "programs", "note", "is not installed");
	examine_lacks(&e, "programs", "note", "is not in PATH");
	examine_has(&e, "programs", "ok", "7 programs");
}

static void another_bascule_in_path_is_said(struct world *w)
{
	char *dir = world_file(w->dir, "other");
	mkdir(dir, 0700);
	world_put(world_file(dir, "bascule"), "#!/bin/sh\n");
	chmod(world_file(dir, "bascule"), 0755);
	struct examined e = { .w = w, .fd = -1, .path = dir };
	examine(&e);
	CHECK_INT(w, e.code, 1);
	examine_has(&e, "programs", "warning", "comes first in PATH");
}

/* ---- how it is called ---- */

static void it_prints_lines_for_people(struct world *w)
{
	struct buf out = { 0 };
	const char *const argv[] = { world_path(w, "bascule-setup"), "doctor", "--root", w->root,
		"--home", examine_home(w), NULL };
	setenv("PATH", "/nowhere", 1);
	CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
	CHECK_HAS(w, buf_cstr(&out), "note     broker    none runs");
	CHECK_HAS(w, buf_cstr(&out), "\n                   -> bascule\n");
	CHECK_HAS(w, buf_cstr(&out), "0 warnings, 0 failures\n");
}

static void what_is_not_understood_is_refused(struct world *w)
{
	const char *const flag[] = { world_path(w, "bascule-setup"), "doctor", "--jsn", NULL };
	const char *const home[] = { world_path(w, "bascule-setup"), "doctor", "--home", "x",
		NULL };
	CHECK_INT(w, world_run(w, flag, NULL, NULL), 2);
	CHECK_INT(w, world_run(w, home, NULL, NULL), 2);
}

static const struct e2e_case cases[] = {
#define CASE(name) \
	{ \
#name, name, 0 \
	}
	CASE(a_sound_world_is_well),
	CASE(no_broker_is_a_note),
	CASE(what_a_killed_broker_left_is_said),
	CASE(a_broker_that_hangs_does_not_hang_it),
	CASE(a_lock_without_sockets_is_a_failure),
	CASE(sockets_open_to_others_are_a_failure),
	CASE(the_switch_and_what_waits_are_said),
	CASE(another_version_and_trouble_are_said),
	CASE(directories_open_to_others_are_failures),
	CASE(damaged_histories_are_counted),
	CASE(wrong_settings_are_named_by_line),
	CASE(broken_rules_are_named_by_line),
	CASE(a_mixed_installation_is_seen),
	CASE(installed_and_built_are_told_apart),
	CASE(another_bascule_in_path_is_said),
	CASE(it_prints_lines_for_people),
	CASE(what_is_not_understood_is_refused),
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
