/* What the console shows when there is no call to be shown, or something is out of the ordinary, at
 * a real broker. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/tui/vt.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { SHOWN_MS = 2000, QUIET_MS = 500 };

static struct vt *look(struct world *w, bool read_only)
{
	return vt_start(&(struct vt_options){ .rows = 24,
				.cols = 80,
				.program = world_path(w, "bascule-console"),
				.decide_fd = world_decide_fd(w),
				.read_only = read_only,
				.root = w->root },
		NULL, NULL);
}

static void rules(struct world *w, const char *text)
{
	char *dir = world_file(w->root, "config"), *path = world_file(dir, "policy.rules");
	world_put(path, text);
	free(path);
	free(dir);
}

static void read_inside(struct world *w, struct client *c, const char *id)
{
	char *path = world_file(w->work, "in.txt");
	world_put(path, "inside");
	client_call(c, id, "read_text_file", args_path(path));
	client_expect_text(c, id, "inside");
	free(path);
}

/* Three lines: what this is, how to see it, how to use it; and an empty history. */
static void never_used(struct world *w)
{
	world_broker(w);
	struct vt *vt = look(w, false);
	CHECK(w, vt_wait(vt, "cannot prove safe wait here until you decide", VT_MS));
	CHECK(w, vt_wait(vt, "bascule demo", VT_MS));
	CHECK(w, vt_wait(vt, "bascule run -- COMMAND", VT_MS));
	CHECK(w, vt_wait_row(vt, 23, "a approve  d deny  D deny +why  ? help", VT_MS));
	vt_send(vt, "2");
	CHECK(w, vt_wait(vt, "No call was recorded yet", VT_MS));
	CHECK(w, vt_wait(vt, "bascule run", VT_MS));
	vt_stop(vt);
}

/* What passed is there at once, also what was before this console, and goes on as it comes. */
static void used_and_empty(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	read_inside(w, c, "1");
	struct vt *vt = look(w, false);
	CHECK(w, vt_wait(vt, "passed lately", VT_MS));
	CHECK(w, vt_wait(vt, "#1 read_text_file", VT_MS));
	CHECK(w, vt_wait_gone(vt, "bascule demo", VT_MS));
	read_inside(w, c, "2");
	CHECK(w, vt_wait(vt, "#2 read_text_file", VT_MS));
	for (int i = 3; i <= 5; i++) { /* of a burst, the last at least */
		char id[8];
		snprintf(id, sizeof(id), "%d", i);
		read_inside(w, c, id);
	}
	CHECK(w, vt_wait(vt, "#5 read_text_file", VT_MS));
	vt_stop(vt);
}

/* Said with file, line and the command that helps; gone once the file is right. */
static void broken_rules(struct world *w)
{
	world_config(w, "[broker]\nautostart = no\n[notify]\ndesktop = no\n");
	rules(w, "version 1\nallow raed x\n");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	struct vt *vt = look(w, false);
	CHECK(w, vt_wait_row(vt, 1, "HOLDING EVERYTHING", VT_MS));
	CHECK(w, vt_wait(vt, "bascule policy check", VT_MS));
	CHECK(w, vt_wait(vt, "policy.rules:2:", VT_MS));
	CHECK(w, vt_wait_row(vt, 0, "no rules", VT_MS));
	char *path = world_file(w->work, "in.txt");
	client_call(c, "1", "read_text_file", args_path(path));
	CHECK(w, vt_wait_row(vt, 0, "1 waiting", VT_MS));
	rules(w, "version 1\n");
	CHECK(w, vt_wait_gone(vt, "HOLDING EVERYTHING", VT_MS));
	rules(w, "version 1\nallow raed x\n");
	CHECK(w, vt_wait(vt, "The last good rules stay in force", VT_MS));
	CHECK(w, vt_wait(vt, "policy.rules:2:", VT_MS));
	free(path);
	vt_stop(vt);
}

/* It is said, and it comes back by itself once there is a broker again. */
static void the_broker_dies(struct world *w)
{
	/* who decides sits in a terminal, and the broker asks /proc who that is */
	prctl(PR_SET_NAME, "xterm");
	world_broker(w);
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 24,
					 .cols = 80,
					 .program = world_path(w, "bascule-console"),
					 .find = true,
					 .root = w->root },
		NULL, NULL);
	CHECK(w, vt_wait(vt, "Nothing waits", VT_MS));
	world_broker_kill(w);
	CHECK(w, vt_wait_row(vt, 0, "no broker", VT_MS));
	CHECK(w, vt_wait(vt, "Broker unreachable", VT_MS));
	CHECK(w, vt_wait(vt, "bascule broker", VT_MS));
	vt_send(vt, "q");
	CHECK(w, vt_wait_end(vt, VT_MS));
	vt_stop(vt);
	vt = vt_start(&(struct vt_options){ .rows = 24,
			      .cols = 80,
			      .program = world_path(w, "bascule-console"),
			      .find = true,
			      .root = w->root },
		NULL, NULL);
	CHECK(w, vt_wait(vt, "Broker unreachable", VT_MS));
	world_broker(w);
	CHECK(w, vt_wait(vt, "Nothing waits", 2 * VT_MS));
	CHECK(w, vt_wait_gone(vt, "no broker", VT_MS));
	vt_stop(vt);
}

/* Loud in every console, whoever set it, and said with the key that goes back. */
static void the_master_switch(struct world *w)
{
	world_broker(w);
	struct vt *vt = look(w, false), *other = look(w, true);
	CHECK(w, vt_wait(vt, "Nothing waits", VT_MS));
	vt_pump(vt, QUIET_MS);
	vt_send(vt, "P");
	CHECK(w, vt_wait_row(vt, 1, "HOLDING EVERYTHING (", VT_MS));
	CHECK(w, vt_wait_row(vt, 1, "P goes back", VT_MS));
	CHECK(w, vt_wait_row(other, 0, " HOLD  read-only", VT_MS));
	vt_pump(vt, QUIET_MS);
	vt_send(vt, "X");
	CHECK(w, vt_wait_row(vt, 1, "DENYING EVERYTHING (", VT_MS));
	CHECK(w, vt_wait_row(other, 1, "DENYING EVERYTHING (", VT_MS));
	vt_pump(vt, QUIET_MS);
	vt_send(vt, "P");
	CHECK(w, vt_wait_gone(vt, "EVERYTHING", VT_MS));
	CHECK(w, vt_wait_gone(other, "EVERYTHING", VT_MS));
	vt_stop(vt);
	vt_stop(other);
}

/* A console that only looks says so at any width, names no key that decides, and decides nothing.
 */
static void who_only_looks(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	struct vt *vt = look(w, true);
	client_call(c, "1", "create_directory", args_path("/outside/x"));
	CHECK(w, vt_wait_row(vt, 0, "read-only  1 waiting", VT_MS));
	vt_resize(vt, 20, 40);
	CHECK(w, vt_wait_row(vt, 0, "read-only  1 waiting", VT_MS));
	CHECK(w, vt_wait_row(vt, 19, " ? help", VT_MS));
	vt_resize(vt, 1, 40);
	CHECK(w, vt_wait_row(vt, 0, "read-only  1 waiting", VT_MS));
	vt_resize(vt, 24, 80);
	CHECK(w, vt_wait(vt, "arguments", VT_MS));
	vt_pump(vt, SHOWN_MS);
	static const char *const keys[] = { "a", "d", "D", "P", "X" };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		vt_send(vt, keys[i]);
		CHECK(w, vt_wait(vt, "this console only looks", VT_MS));
		vt_pump(vt, QUIET_MS);
	}
	CHECK(w, person_look(w->person, "create_directory", "held"));
	vt_stop(vt);
}

static const struct e2e_case cases[] = {
	{ "never_used", never_used, 0 },
	{ "used_and_empty", used_and_empty, 0 },
	{ "broken_rules", broken_rules, 0 },
	{ "the_broker_dies", the_broker_dies, 0 },
	{ "the_master_switch", the_master_switch, 0 },
	{ "who_only_looks", who_only_looks, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
