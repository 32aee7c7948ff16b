/*
 * What must always hold, where the gate is the last to see to it: the bytes approved are the bytes
 * forwarded, and what was withdrawn never runs. A broker of the test's own says what a real one
 * would not, or says it at the worst moment.
 */
#include "config.h"

#include "core/hash.h"
#include "tests/e2e/client.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct scene {
	struct world *w;
	struct peer broker; /* our side of the gate's connection */
	struct client *c;
	char *call; /* the gate's id of the call */
	struct span params; /* as submitted */
};

static int listen_at(struct world *w, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	CHECK(w, bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0);
	return fd;
}

static void accept_gate(struct scene *s, int listener)
{
	struct pollfd waiting = { .fd = listener, .events = POLLIN };
	CHECK(s->w, poll(&waiting, 1, WORLD_BOUND_MS) == 1);
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	CHECK(s->w, fd >= 0);
	peer_open(&s->broker, s->w, "broker", fd, fd);
	peer_method(&s->broker, "hello");
	peer_send(&s->broker,
		"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"result\":{\"protocol\":\"1.0\","
		"\"version\":\"1\","
		"\"broker\":\"b\",\"watched\":true,\"accepted\":\"yes\",\"root\":null}}");
}

/* The client's call has been submitted; nobody has answered. */
static void begin(struct scene *s, struct world *w)
{
	char *path = world_file(w->dir, "broker.sock");
	const char *const options[] = { "--socket", path, NULL };
	int listener = listen_at(w, path);
	*s = (struct scene){ .w = w };
	s->c = client_open(w, &(struct launch){ .gate = options });
	accept_gate(s, listener);
	close(listener);
	client_call(s->c, "1", "write_file", args_write(world_file(w->outside, "a.txt"), "x"));
	const struct line *submit = peer_method(&s->broker, "submit");
	s->call = xstrdup(pick_text(submit->json, "params.call"));
	s->params = line_raw(submit, "params.params");
}

static void say(struct scene *s, const char *method, const char *more)
{
	peer_send(&s->broker,
		"{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":{\"call\":\"%s\"%s}}", method,
		s->call, more);
}

static void say_verdict(struct scene *s, const char *verdict)
{
	peer_send(&s->broker,
		"{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"result\":{\"verdict\":\"%s\",\"number\":1,"
		"\"rule\":\"r\",\"reason\":\"\","
		"\"because\":\"policy\",\"watched\":true}}",
		s->call, verdict);
}

static void say_go(struct scene *s, struct span bytes)
{
	struct hash hash = hash_of(bytes);
	char hex[HASH_HEX + 1], more[HASH_HEX + 32];
	hash_hex(&hash, hex);
	snprintf(more, sizeof more, ",\"bytes\":\"%s\"", hex);
	say(s, "go", more);
}

/* Held, approved, and ready to go. */
static void bring_to_go(struct scene *s)
{
	say_verdict(s, "hold");
	say(s, "check", "");
	peer_method(&s->broker, "ready");
}

static bool match_fate(const struct line *line, const void *data)
{
	(void)data;
	return match_method(line, "forwarded") || match_method(line, "withdrawn");
}

static const char *fate(struct scene *s)
{
	return pick_text(
		peer_wait(&s->broker, match_fate, NULL, "forwarded or withdrawn")->json, "method");
}

/* While it is stopped, what is said to it gathers; it then reads everything in the order in which
 * it came. */
static void stop_gate(struct scene *s)
{
	int status;
	kill(s->c->pid, SIGSTOP);
	CHECK(s->w, waitpid(s->c->pid, &status, WUNTRACED) == s->c->pid && WIFSTOPPED(status));
}

static void inv02_other_bytes_do_not_pass(struct world *w)
{
	struct scene s;
	begin(&s, w);
	bring_to_go(&s);
	say_go(&s, SPAN("{\"name\":\"write_file\",\"arguments\":{}}"));
	CHECK_TEXT(w, fate(&s), "withdrawn");
	client_ping(s.c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	peer_close(&s.broker);
}

static void inv02_the_same_bytes_pass(struct world *w)
{
	struct scene s;
	begin(&s, w);
	bring_to_go(&s);
	say_go(&s, s.params);
	CHECK_TEXT(w, fate(&s), "forwarded");
	client_expect_text(s.c, "1", "written");
	char *params = span_dup(s.params);
	CHECK_INT(w, (int64_t)world_seen_times(w, params), 1);
	/* Said twice, it is done once. */
	say_go(&s, s.params);
	client_ping(s.c, "2");
	CHECK_INT(w, (int64_t)world_seen_times(w, params), 1);
	free(params);
	peer_close(&s.broker);
}

/* A person changes the arguments; the gate submits the call anew, and it is held again. */
static void bring_to_edited(struct scene *s)
{
	char *params = span_dup(s->params);
	say_verdict(s, "hold");
	say(s, "edit", ",\"by\":\"x\",\"arguments\":{\"path\":\"/else\",\"content\":\"y\"}");
	const struct line *submit = peer_method(&s->broker, "submit");
	struct span proposed = line_raw(submit, "params.proposed");
	CHECK(s->w, span_is(proposed, params));
	s->params = line_raw(submit, "params.params");
	CHECK(s->w, !span_is(s->params, params));
	say_verdict(s, "hold");
	say(s, "check", "");
	peer_method(&s->broker, "ready");
	free(params);
}

static void inv02_an_edit_is_bound_to_its_own_bytes(struct world *w)
{
	struct scene s;
	begin(&s, w);
	struct span proposed = s.params;
	bring_to_edited(&s);
	say_go(&s, proposed);
	CHECK_TEXT(w, fate(&s), "withdrawn");
	client_ping(s.c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	peer_close(&s.broker);
}

static void inv02_edited_bytes_pass(struct world *w)
{
	struct scene s;
	begin(&s, w);
	char *proposed = span_dup(s.params);
	bring_to_edited(&s);
	char *params = span_dup(s.params);
	say_go(&s, s.params);
	CHECK_TEXT(w, fate(&s), "forwarded");
	client_ping(s.c, "2");
	CHECK_INT(w, (int64_t)world_seen_times(w, params), 1);
	CHECK(w, !world_seen(w, proposed));
	free(params);
	free(proposed);
	peer_close(&s.broker);
}

/* Once approved, the arguments are what they are: an edit that comes too late changes nothing. */
static void inv02_no_edit_behind_the_approval(struct world *w)
{
	struct scene s;
	begin(&s, w);
	bring_to_go(&s);
	say(&s, "edit", ",\"by\":\"x\",\"arguments\":{\"path\":\"/else\",\"content\":\"y\"}");
	say_go(&s, s.params);
	CHECK_TEXT(w, fate(&s), "forwarded");
	client_expect_text(s.c, "1", "written");
	CHECK(w, !world_seen(w, "/else"));
	peer_close(&s.broker);
}

/* "go" without an approval that the gate knows of. */
static void inv02_nothing_goes_unasked(struct world *w)
{
	struct scene s;
	begin(&s, w);
	say_go(&s, s.params);
	say_verdict(&s, "hold");
	say_go(&s, s.params);
	peer_send(&s.broker,
		"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"preview\",\"params\":{\"call\":\"%s\"}"
		"}",
		s.call);
	peer_reply(&s.broker, "7"); /* it has read all of that */
	client_ping(s.c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	peer_close(&s.broker);
}

/* The release comes first, the cancellation a moment later, and the gate sees both at once. */
static void inv04_cancelled_before_go_is_read(struct world *w)
{
	struct scene s;
	begin(&s, w);
	bring_to_go(&s);
	stop_gate(&s);
	say_go(&s, s.params);
	client_cancel(s.c, "1");
	kill(s.c->pid, SIGCONT);
	CHECK_TEXT(w, fate(&s), "withdrawn");
	client_ping(s.c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	CHECK_INT(w, (int64_t)peer_count(&s.c->peer, match_reply, "1"), 0);
	peer_close(&s.broker);
}

static void inv04_cancelled_before_allow_is_read(struct world *w)
{
	struct scene s;
	begin(&s, w);
	stop_gate(&s);
	say_verdict(&s, "allow");
	client_cancel(s.c, "1");
	kill(s.c->pid, SIGCONT);
	client_ping(s.c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	CHECK_TEXT(w, fate(&s), "withdrawn");
	peer_close(&s.broker);
}

static void inv04_who_left_runs_nothing(struct world *w)
{
	struct scene s;
	begin(&s, w);
	bring_to_go(&s);
	stop_gate(&s);
	say_go(&s, s.params);
	peer_close_out(&s.c->peer);
	kill(s.c->pid, SIGCONT);
	CHECK_TEXT(w, fate(&s), "withdrawn");
	CHECK_INT(w, client_end(s.c), 0);
	CHECK(w, !world_seen(w, "write_file"));
	peer_close(&s.broker);
}

/* Approved and allowed again and again after it was taken back. */
static void inv04_late_words_change_nothing(struct world *w)
{
	struct scene s;
	begin(&s, w);
	say_verdict(&s, "hold");
	client_cancel(s.c, "1");
	CHECK_TEXT(w, fate(&s), "withdrawn");
	say(&s, "check", "");
	say_go(&s, s.params);
	say_verdict(&s, "allow");
	say(&s, "denied", ",\"reason\":\"late\",\"by\":\"x\"");
	peer_send(&s.broker,
		"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"preview\",\"params\":{\"call\":\"%s\"}"
		"}",
		s.call);
	peer_reply(&s.broker, "7");
	client_ping(s.c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	CHECK_INT(w, (int64_t)peer_count(&s.c->peer, match_reply, "1"), 0);
	peer_close(&s.broker);
}

static const struct e2e_case cases[] = {
	{ "inv02_other_bytes_do_not_pass", inv02_other_bytes_do_not_pass, GUARDED },
	{ "inv02_the_same_bytes_pass", inv02_the_same_bytes_pass, 0 },
	{ "inv02_an_edit_is_bound_to_its_own_bytes", inv02_an_edit_is_bound_to_its_own_bytes,
		GUARDED },
	{ "inv02_edited_bytes_pass", inv02_edited_bytes_pass, 0 },
	{ "inv02_no_edit_behind_the_approval", inv02_no_edit_behind_the_approval, 0 },
	{ "inv02_nothing_goes_unasked", inv02_nothing_goes_unasked, 0 },
	{ "inv04_cancelled_before_go_is_read", inv04_cancelled_before_go_is_read, GUARDED },
	{ "inv04_cancelled_before_allow_is_read", inv04_cancelled_before_allow_is_read, GUARDED },
	{ "inv04_who_left_runs_nothing", inv04_who_left_runs_nothing, GUARDED },
	{ "inv04_late_words_change_nothing", inv04_late_words_change_nothing, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
