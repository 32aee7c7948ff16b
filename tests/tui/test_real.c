/* The real console at a real broker, with a real gate and a client behind it: what a hand leaves
 * behind, and takes back. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/tui/vt.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum {
	SHOWN_MS = 2000 /* the careful delay */,
	QUIET_MS = 500,
	TRIES = 5,
	PROGRAM_SEEN = 12,
	HOLD_MS = 4000,
	STALL_FRAMES = 60,
	STALL_US = 5000,
	STALL_CALLS = 300,
	WARM_CALLS = 50,
	LARGE = 1 << 15,
	GROWTH_KIB = 6 << 10,
	AT_ONCE_MS = 1000
};

struct scene {
	struct client *client;
	struct vt *vt;
	char *path; /* outside the scope */
};

static struct scene open_scene_of(struct world *w, const struct launch *launch, const char *visual)
{
	struct scene s = { .path = world_file(w->outside, "a.txt") };
	world_put(s.path, "outside");
	world_broker(w);
	s.client = client_open(w, launch);
	s.vt = vt_start(&(struct vt_options){ .rows = 40,
				.cols = 120,
				.program = world_path(w, "bascule-console"),
				.decide_fd = world_decide_fd(w),
				.visual = visual,
				.root = w->root },
		NULL, NULL);
	CHECK(w, vt_wait(s.vt, "Nothing waits", VT_MS));
	return s;
}

static struct scene open_scene_with(struct world *w, const char *visual)
{
	return open_scene_of(w, &(struct launch){ 0 }, visual);
}

static struct scene open_scene(struct world *w)
{
	return open_scene_with(w, NULL);
}

static void close_scene(struct scene *s)
{
	vt_stop(s->vt);
	free(s->path);
}

static void press(struct scene *s, const char *key, int after_ms)
{
	vt_pump(s->vt, after_ms);
	vt_send(s->vt, key);
}

/* The call waits, and the view of what a yes leaves behind is open. */
static void ask_for_offers(struct world *w, struct scene *s)
{
	client_call(s->client, "1", "read_text_file", args_path(s->path));
	CHECK(w, vt_wait(s->vt, "waits for you", VT_MS));
	CHECK(w, vt_wait(s->vt, "arguments", VT_MS));
	press(s, "s", QUIET_MS);
	CHECK(w, vt_wait(s->vt, "what a yes may leave", VT_MS));
	CHECK(w, vt_wait(s->vt, "1     reads", VT_MS));
}

static void a_grant_is_given_used_and_taken_back(struct world *w)
{
	struct scene s = open_scene(w);
	ask_for_offers(w, &s);
	press(&s, "1", SHOWN_MS);
	client_expect_text(s.client, "1", "outside");
	client_call(s.client, "2", "read_text_file", args_path(s.path));
	client_expect_text(s.client, "2", "outside");
	CHECK(w, !person_look(w->person, "read_text_file", "held"));
	CHECK(w, vt_wait(s.vt, "Nothing waits", VT_MS));
	press(&s, "3", QUIET_MS);
	CHECK(w, vt_wait(s.vt, ">grant      1 reads", VT_MS));
	CHECK(w, vt_wait(s.vt, "used once", VT_MS));
	press(&s, "x", QUIET_MS);
	CHECK(w, vt_wait_gone(s.vt, "grant      1 reads", VT_MS));
	client_call(s.client, "3", "read_text_file", args_path(s.path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	person_deny(w->person, item, "enough");
	client_expect_refusal(s.client, "3");
	close_scene(&s);
}

static void a_rule_is_saved_and_the_call_still_waits(struct world *w)
{
	struct scene s = open_scene(w);
	ask_for_offers(w, &s);
	CHECK(w, vt_wait(s.vt, "would have allowed", VT_MS));
	press(&s, "W", SHOWN_MS);
	CHECK(w, vt_wait(s.vt, "saved: policy.rules", VT_MS));
	CHECK(w, vt_wait_row(s.vt, 1, " + ", VT_MS));
	CHECK(w, vt_wait(s.vt, "the rules would allow it now", VT_MS));
	CHECK(w, person_look(w->person, "read_text_file", "held"));
	CHECK(w, vt_wait(s.vt, "arguments", VT_MS));
	press(&s, "a", SHOWN_MS);
	client_expect_text(s.client, "1", "outside");
	client_call(s.client, "2", "read_text_file", args_path(s.path));
	client_expect_text(s.client, "2", "outside");
	close_scene(&s);
}

/* The second step: a file beside the first passes, one in another directory waits. */
static void the_rule_that_tab_selects_is_saved(struct world *w)
{
	struct scene s = open_scene(w);
	char *beside = world_file(w->outside, "b.txt"), *dir = world_file(w->outside, "deep");
	char *deep = world_file(dir, "c.txt");
	CHECK(w, mkdir(dir, 0700) == 0);
	world_put(beside, "beside");
	world_put(deep, "deep");
	ask_for_offers(w, &s);
	CHECK(w, vt_wait(s.vt, "outside/**", VT_MS));
	CHECK(w, vt_wait_gone(s.vt, "trying it", VT_MS));
	press(&s, "\t", QUIET_MS);
	press(&s, "W", SHOWN_MS);
	CHECK(w, vt_wait(s.vt, "the rules would allow it now", VT_MS));
	CHECK(w, vt_wait(s.vt, "arguments", VT_MS));
	press(&s, "a", SHOWN_MS);
	client_expect_text(s.client, "1", "outside");
	client_call(s.client, "2", "read_text_file", args_path(beside));
	client_expect_text(s.client, "2", "beside");
	client_call(s.client, "3", "read_text_file", args_path(deep));
	person_item(w->person, "read_text_file", "held");
	close_scene(&s);
	free(beside);
	free(deep);
	free(dir);
}

/* Who asks: by the kernel's word and by the client's own. */
static void who_asks_is_told(struct world *w)
{
	struct scene s = open_scene(w);
	char *program = realpath("/proc/self/exe", NULL);
	client_call_meta(s.client, "1", "read_text_file", args_path(s.path),
		"{\"claudecode/toolUseId\":\"toolu_77\"}");
	CHECK(w, vt_wait(s.vt, "by    e2e 1.0 (process ", VT_MS));
	program[PROGRAM_SEEN] = '\0'; /* the rest may be in the next row */
	CHECK(w, vt_wait(s.vt, program, VT_MS));
	CHECK(w, vt_wait(s.vt, "toolu_77", VT_MS));
	CHECK(w, vt_wait(s.vt, "waits for you 0:0", VT_MS));
	free(program);
	close_scene(&s);
}

static void put_bytes(const char *path, const char *bytes, size_t len, size_t times)
{
	FILE *file = fopen(path, "w");
	for (size_t i = 0; file && i < times; i++) {
		fwrite(bytes, 1, len, file);
	}
	if (!file || fclose(file) != 0) {
		abort();
	}
}

/* What is no text, what is too large, what moves, and an edit that does not fit: read by the gate,
 * told by the console. */
static void what_becomes_of_files_is_told(struct world *w)
{
	static const char png[] = "\x89PNG\r\n\x1a\n\0\0";
	struct scene s = open_scene(w);
	char *image = world_file(w->outside, "a.png"), *large = world_file(w->outside, "large");
	char *moves = xasprintf("{\"source\":\"%s\",\"destination\":\"%s.moved\"}", s.path, s.path);
	char *edits = xasprintf("{\"path\":\"%s\",\"edits\":[{\"oldText\":\"nowhere\","
				"\"newText\":\"x\"}]}",
		s.path);
	put_bytes(image, png, sizeof(png) - 1, 1);
	put_bytes(large, "0123456\n", 8, 1 << 18);
	client_call(s.client, "1", "write_file", args_write(image, "text"));
	CHECK(w, vt_wait(s.vt, "is not text", VT_MS));
	CHECK(w, vt_wait(s.vt, "now 10 bytes, a PNG image", VT_MS));
	CHECK(w, vt_wait(s.vt, "0000 89 50 4e 47 0d 0a 1a 0a 00 00", VT_MS));
	CHECK(w, vt_wait(s.vt, "SHA-256 then 982d9e3eb996f559", VT_MS)); /* of "text" */
	client_call(s.client, "2", "move_file", moves);
	CHECK(w, vt_wait_row(s.vt, 2, "move_file", VT_MS));
	vt_send(s.vt, "j");
	CHECK(w, vt_wait(s.vt, "moved to /", VT_MS));
	CHECK(w, vt_wait(s.vt, "moved here from /", VT_MS));
	client_call(s.client, "3", "edit_file", edits);
	CHECK(w, vt_wait_row(s.vt, 3, "edit_file", VT_MS));
	vt_send(s.vt, "j");
	CHECK(w, vt_wait(s.vt, "This edit will not apply to the file as it is:", VT_MS));
	CHECK(w, vt_wait(s.vt, "the edit's text is not in the file", VT_MS));
	client_call(s.client, "4", "write_file", args_write(large, "0123456\\n"));
	CHECK(w, vt_wait_row(s.vt, 4, "large", VT_MS));
	vt_send(s.vt, "j");
	CHECK(w, vt_wait(s.vt, "now 2.0 MB", VT_MS));
	CHECK(w, vt_wait(s.vt, "V asks for all of it.", VT_MS));
	vt_send(s.vt, "V");
	CHECK(w, vt_wait(s.vt, "changes the file  +0 -262143", VT_MS));
	char *const all[] = { image, large };
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		free(all[i]);
	}
	close_scene(&s);
}

/* Its agent was told that it did not run: a yes arms it for the next such call, and says so. */
static void a_parked_call_is_armed_until_it_is_used(struct world *w)
{
	static const char *const soon[] = { "--hold-max", "2", NULL };
	struct scene s = open_scene_of(w, &(struct launch){ .gate = soon }, NULL);
	char *arguments = args_write(s.path, "late");
	client_call(s.client, "1", "write_file", arguments);
	client_expect_refusal(s.client, "1");
	CHECK(w, vt_wait_row(s.vt, 1, "parked", VT_MS));
	CHECK(w, vt_wait(s.vt, ": then it expires", VT_MS));
	CHECK(w, vt_wait(s.vt, "+ late", VT_MS));
	press(&s, "a", SHOWN_MS);
	CHECK(w, vt_wait(s.vt, "its next identical call passes, once", VT_MS));
	CHECK(w, vt_wait_row(s.vt, 1, "armed", VT_MS));
	CHECK(w, vt_wait(s.vt, ": then it expires", VT_MS));
	CHECK(w, !world_seen(w, "write_file"));
	client_call(s.client, "2", "write_file", arguments);
	client_expect_text(s.client, "2", "written");
	CHECK(w, vt_wait(s.vt, "Nothing waits", VT_MS));
	client_call(s.client, "3", "write_file", arguments);
	person_item(w->person, "write_file", "held");
	close_scene(&s);
	free(arguments);
}

/* Both are gone again by one key each, and the file of the rules is as it was. */
static void u_takes_rule_and_grant_back(struct world *w)
{
	struct scene s = open_scene(w);
	ask_for_offers(w, &s);
	CHECK(w, vt_wait(s.vt, "would have allowed", VT_MS));
	press(&s, "W", SHOWN_MS);
	CHECK(w, vt_wait(s.vt, "the rules would allow it now", VT_MS));
	press(&s, "u", QUIET_MS);
	CHECK(w, vt_wait(s.vt, "the rule is out of policy.rules again", VT_MS));
	CHECK(w, vt_wait_gone(s.vt, "the rules would allow it now", VT_MS));
	char *dir = world_file(w->root, "config"), *rules = world_file(dir, "policy.rules");
	CHECK(w, world_file_is(rules, "version 1\n"));
	CHECK(w, vt_wait(s.vt, "arguments", VT_MS));
	press(&s, "s", SHOWN_MS);
	CHECK(w, vt_wait(s.vt, "1     reads", VT_MS));
	press(&s, "1", SHOWN_MS);
	client_expect_text(s.client, "1", "outside");
	press(&s, "u", QUIET_MS);
	CHECK(w, vt_wait(s.vt, "revoked: such calls are asked about again", VT_MS));
	client_call(s.client, "2", "read_text_file", args_path(s.path));
	person_item(w->person, "read_text_file", "held");
	close_scene(&s);
	free(rules);
	free(dir);
}

/* A directory goes: how much that is, counted where the files are. */
static void what_goes_is_counted(struct world *w)
{
	struct scene s = open_scene_of(
		w, &(struct launch){ .name = "shell", .profile = "commands" }, NULL);
	char *dir = world_file(w->work, "gone"), *file = world_file(w->work, "gone/a.txt"),
	     *call = xasprintf("{\"command\":\"rm -r %s\"}", dir);
	CHECK(w, mkdir(dir, 0700) == 0);
	world_put(file, "12345");
	client_call(s.client, "1", "run_command", call);
	CHECK(w, vt_wait(s.vt, "would delete 1 file in 1 directory, 5 bytes", VT_MS));
	CHECK(w, vt_wait(s.vt, "- a.txt", VT_MS));
	free(dir);
	free(file);
	close_scene(&s);
}

/* The file changes while the call waits: the diff is the new one, a key that comes at once does
 * nothing, and one that comes after a look is enough. */
static void a_change_while_it_waits_is_looked_at(struct world *w)
{
	struct scene s = open_scene(w);
	client_call(s.client, "1", "write_file", args_write(s.path, "new line"));
	CHECK(w, vt_wait(s.vt, "- outside", VT_MS));
	vt_pump(s.vt, SHOWN_MS);
	world_put(s.path, "other content");
	CHECK(w, vt_wait(s.vt, "s ago, look again", VT_MS));
	vt_send(s.vt, "a");
	CHECK(w, vt_wait(s.vt, "- other content", VT_MS));
	CHECK(w, vt_wait(s.vt, "changed while it waited", VT_MS));
	CHECK(w, vt_wait(s.vt, "ignored", VT_MS));
	CHECK(w, person_look(w->person, "write_file", "held"));
	CHECK(w, world_file_is(s.path, "other content"));
	press(&s, "a", SHOWN_MS);
	client_expect_text(s.client, "1", "");
	CHECK(w, world_file_is(s.path, "new line"));
	close_scene(&s);
}

/* An editor that puts one word in the place of another. */
static char *editor_that(struct world *w, const char *from, const char *to)
{
	char *path = world_file(w->outside, "editor");
	char *script = xasprintf("#!/bin/sh\nexec sed -i 's/%s/%s/' \"$1\"\n", from, to);
	world_put(path, script);
	CHECK(w, chmod(path, 0700) == 0);
	free(script);
	return path;
}

static void edit(struct world *w, struct scene *s)
{
	client_call(s->client, "1", "write_file", args_write(s->path, "proposed"));
	CHECK(w, vt_wait(s->vt, "+ proposed", VT_MS));
	press(s, "E", QUIET_MS);
}

/* Both arguments are shown before the yes, and afterwards in the history. */
static void what_runs_is_what_was_edited(struct world *w)
{
	char *editor = editor_that(w, "proposed", "effective");
	struct scene s = open_scene_with(w, editor);
	edit(w, &s);
	CHECK(w, vt_wait(s.vt, "not the arguments that the agent sent", VT_MS));
	CHECK(w, vt_wait(s.vt, "\"content\": \"proposed\"", VT_MS));
	CHECK(w, vt_wait(s.vt, "\"content\": \"effective\"", VT_MS));
	CHECK(w, vt_wait(s.vt, "+ effective", VT_MS));
	vt_send(s.vt, "a"); /* it was not looked at yet */
	CHECK(w, vt_wait(s.vt, "ignored", VT_MS));
	CHECK(w, !world_seen(w, "write_file"));
	press(&s, "G", SHOWN_MS);
	press(&s, "J", QUIET_MS);
	press(&s, "a", SHOWN_MS);
	client_expect_text(s.client, "1", "written");
	CHECK(w, world_file_is(s.path, "effective"));
	CHECK(w, !world_seen(w, "proposed"));
	press(&s, "2", QUIET_MS);
	CHECK(w, vt_wait(s.vt, "edited by", VT_MS));
	CHECK(w, vt_wait(s.vt, "\"content\": \"proposed\"", VT_MS));
	CHECK(w, vt_wait(s.vt, "\"content\": \"effective\"", VT_MS));
	close_scene(&s);
	free(editor);
}

static void what_does_not_fit_the_tool_is_said(struct world *w)
{
	char *editor = editor_that(w, "\"proposed\"", "17");
	struct scene s = open_scene_with(w, editor);
	edit(w, &s);
	CHECK(w, vt_wait(s.vt, "not the arguments that the agent sent", VT_MS));
	CHECK(w, vt_wait(s.vt, "a value of another type than: \"string\"", VT_MS));
	int row, col;
	CHECK(w, !vt_find(s.vt, "look again", &row, &col)); /* no file has changed */
	CHECK(w, !world_seen(w, "write_file"));
	close_scene(&s);
	free(editor);
}

static void repaint(struct scene *s, int times)
{
	for (int i = 0; i < times; i++) {
		struct winsize size = { .ws_row = (unsigned short)(40 + i % 2), .ws_col = 120 };
		ioctl(s->vt->master, TIOCSWINSZ, &size);
		usleep(STALL_US);
	}
}

static int unread(struct scene *s)
{
	int count = 0;
	ioctl(s->vt->master, FIONREAD, &count);
	return count;
}

/* Nobody reads the terminal: repaints fill it, until not one byte more fits. */
static void stall(struct world *w, struct scene *s)
{
	repaint(s, STALL_FRAMES);
	int full = unread(s);
	repaint(s, STALL_FRAMES);
	CHECK(w, full > 0);
	CHECK_INT(w, unread(s), full);
}

static void a_terminal_that_is_not_read_stalls_nobody(struct world *w)
{
	struct scene s = open_scene(w);
	char *inside = world_file(w->work, "in.txt");
	world_put(inside, "inside");
	stall(w, &s);
	for (int i = 0; i < STALL_CALLS; i++) {
		char id[16];
		snprintf(id, sizeof(id), "%d", i);
		client_call(s.client, id, "read_text_file", args_path(inside));
		client_expect_text(s.client, id, "inside");
	}
	client_call(s.client, "\"held\"", "read_text_file", args_path(s.path));
	person_approve(w->person, person_item(w->person, "read_text_file", "held"));
	client_expect_text(s.client, "\"held\"", "outside");
	vt_resize(s.vt, 40, 120);
	CHECK(w, vt_wait_row(s.vt, 0, "passed 300", VT_MS));
	CHECK(w, vt_wait(s.vt, "Nothing waits", VT_MS));
	free(inside);
	close_scene(&s);
}

/* Decided by another console: it is gone from this one at once. */
static void consoles_agree(struct world *w)
{
	struct scene s = open_scene(w);
	client_call(s.client, "1", "read_text_file", args_path(s.path));
	CHECK(w, vt_wait(s.vt, "waits for you", VT_MS));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	person_deny(w->person, item, "no");
	client_expect_refusal(s.client, "1");
	CHECK(w, vt_wait(s.vt, "Nothing waits", AT_ONCE_MS));
	close_scene(&s);
}

/* The careful delay begins anew when the facts do: a key that is eaten is pressed again. */
static void say_yes(struct world *w, struct scene *s)
{
	bool taken = false;
	for (int i = 0; !taken && i < TRIES; i++) {
		press(s, "a", SHOWN_MS);
		taken = vt_wait(s->vt, "approved in ", QUIET_MS);
	}
	CHECK(w, taken);
}

/* With approve_hold_ms a yes is a countdown: nothing is delivered before its end, and not at all if
 * it is taken back. */
static void a_yes_can_be_taken_back(struct world *w)
{
	world_config(w,
		"[broker]\nautostart = no\n[notify]\ndesktop = no\n"
		"[console]\napprove_hold_ms = 4000\n");
	struct scene s = open_scene(w);
	client_call(s.client, "1", "write_file", args_write(s.path, "written"));
	CHECK(w, vt_wait(s.vt, "waits for you", VT_MS));
	say_yes(w, &s);
	CHECK(w, vt_wait_gone(s.vt, "approved in 4 s", VT_MS));
	CHECK(w, vt_wait(s.vt, "approved in ", VT_MS));
	CHECK(w, world_file_is(s.path, "outside"));
	press(&s, "u", 0);
	CHECK(w, vt_wait(s.vt, "taken back", VT_MS));
	vt_pump(s.vt, HOLD_MS + QUIET_MS);
	CHECK(w, vt_wait(s.vt, "waits for you", VT_MS));
	CHECK(w, world_file_is(s.path, "outside"));
	say_yes(w, &s);
	CHECK(w, world_file_is(s.path, "outside"));
	client_expect_text(s.client, "1", "");
	CHECK(w, world_file_is(s.path, "written"));
	close_scene(&s);
}

static struct termios terminal_of(const struct scene *s)
{
	struct termios t = { 0 };
	tcgetattr(s->vt->master, &t);
	return t;
}

static int64_t rss_kib(pid_t pid)
{
	char *path = xasprintf("/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "r");
	char line[256];
	long long kib = -1;
	while (file && kib < 0 && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "VmRSS: %lld", &kib) != 1) {
			kib = -1;
		}
	}
	if (file) {
		fclose(file);
	}
	free(path);
	return kib;
}

static void pass_large(struct world *w, struct scene *s, const char *arguments, int from, int to)
{
	for (int i = from; i < to; i++) {
		char id[16];
		snprintf(id, sizeof(id), "%d", i);
		client_call(s->client, id, "write_file", arguments);
		person_deny(w->person, person_item(w->person, "write_file", "held"), "no");
		client_expect_refusal(s->client, id);
	}
}

/* ^S is a key as any other: the terminal does not stop for it. What stops the output all the same
 * stops nobody else, fills no memory, and leaves the screen right. */
static void stopped_output_stops_nobody(struct world *w)
{
	struct scene s = open_scene(w);
	char *large = xcalloc(LARGE + 1, 1);
	memset(large, 'x', LARGE);
	char *arguments = args_write(s.path, large);
	CHECK(w, !(terminal_of(&s).c_iflag & (IXON | IXOFF)));
	press(&s, "\x13", 0);
	press(&s, "?", 0);
	CHECK(w, vt_wait(s.vt, "approve the call", VT_MS));
	press(&s, "q", 0);
	CHECK(w, vt_wait(s.vt, "Nothing waits", VT_MS));
	int terminal = open(ptsname(s.vt->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(w, terminal >= 0);
	CHECK_INT(w, tcflow(terminal, TCOOFF), 0);
	vt_pump(s.vt, QUIET_MS); /* what was written before */
	pass_large(w, &s, arguments, 0, WARM_CALLS);
	size_t drawn = s.vt->raw.len;
	int64_t before = rss_kib(w->broker);
	pass_large(w, &s, arguments, WARM_CALLS, WARM_CALLS + STALL_CALLS);
	CHECK(w, before > 0);
#ifndef __SANITIZE_ADDRESS__ /* it keeps what is freed */
	CHECK(w, rss_kib(w->broker) - before < GROWTH_KIB);
#endif
	vt_pump(s.vt, QUIET_MS);
	CHECK_INT(w, (int64_t)s.vt->raw.len, (int64_t)drawn); /* it was stopped */
	CHECK_INT(w, tcflow(terminal, TCOON), 0);
	CHECK(w, vt_wait_row(s.vt, 0, "denied 350", VT_MS));
	CHECK(w, vt_wait(s.vt, "Nothing waits", VT_MS));
	close(terminal);
	free(arguments);
	free(large);
	close_scene(&s);
}

static const struct e2e_case cases[] = {
	{ "stopped_output_stops_nobody", stopped_output_stops_nobody, 0 },
	{ "a_yes_can_be_taken_back", a_yes_can_be_taken_back, 0 },
	{ "a_terminal_that_is_not_read_stalls_nobody", a_terminal_that_is_not_read_stalls_nobody,
		0 },
	{ "consoles_agree", consoles_agree, 0 },
	{ "what_runs_is_what_was_edited", what_runs_is_what_was_edited, 0 },
	{ "what_does_not_fit_the_tool_is_said", what_does_not_fit_the_tool_is_said, 0 },
	{ "a_parked_call_is_armed_until_it_is_used", a_parked_call_is_armed_until_it_is_used, 0 },
	{ "u_takes_rule_and_grant_back", u_takes_rule_and_grant_back, 0 },
	{ "a_change_while_it_waits_is_looked_at", a_change_while_it_waits_is_looked_at, 0 },
	{ "a_grant_is_given_used_and_taken_back", a_grant_is_given_used_and_taken_back, 0 },
	{ "what_becomes_of_files_is_told", what_becomes_of_files_is_told, 0 },
	{ "what_goes_is_counted", what_goes_is_counted, 0 },
	{ "who_asks_is_told", who_asks_is_told, 0 },
	{ "a_rule_is_saved_and_the_call_still_waits", a_rule_is_saved_and_the_call_still_waits, 0 },
	{ "the_rule_that_tab_selects_is_saved", the_rule_that_tab_selects_is_saved, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
