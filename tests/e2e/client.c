/*
 * Starts gates and servers as a client would, and speaks for the client. What is sent is written
 * out here byte for byte, in the key order of the TypeScript SDK where it does not matter.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct argv {
	const char **word;
	size_t count, cap;
};

static void add(struct argv *a, const char *word)
{
	a->word = xgrow(a->word, &a->cap, a->count + 2, sizeof *a->word);
	a->word[a->count++] = word;
	a->word[a->count] = NULL;
}

static void add_all(struct argv *a, const char *const *words)
{
	for (; words && *words; words++) {
		add(a, *words);
	}
}

static void add_option(struct argv *a, const char *option, const char *value)
{
	if (*value) {
		add(a, option);
		add(a, value);
	}
}

static void add_server(struct argv *a, struct world *w, const struct launch *launch)
{
	if (launch->command) {
		add_all(a, launch->command);
	} else {
		add(a, world_path(w, "tests/e2e/stub_server"));
		add_option(a, "--log", w->seen);
		add_all(a, launch->server);
	}
}

/* The words that start the server, behind `program subcommand` (a gate, or `trust`) if program is
 * given. */
static const char *const *server_argv(struct world *w, const struct launch *launch,
	const char *program, const char *subcommand, const char *const *options)
{
	struct argv a = { 0 };
	bool run = program && strcmp(subcommand, "run") == 0;
	if (run && launch->own_agent) {
		add(&a, world_path(w, "tests/e2e/agent"));
	}
	if (program) {
		add(&a, world_path(w, program));
		add(&a, subcommand);
		add_option(&a, "--root", w->root);
		add_option(&a, "--name", launch->name ? launch->name : "files");
		add_option(&a, "--profile", launch->profile ? launch->profile : "filesystem");
		add_option(&a, "--scope", launch->scope ? launch->scope : w->work);
		add_all(&a, options);
		add_all(&a, launch->sandbox);
		add(&a, "--");
	}
	add_server(&a, w, launch);
	return a.word;
}

const char *const *client_command(struct world *w, const struct launch *launch)
{
	const char *program = launch->front ? "bascule" : "bascule-gate";
	return server_argv(w, launch, launch->direct ? NULL : program, "run", launch->gate);
}

void client_trust(struct world *w, const struct launch *launch)
{
	int fd = world_decide_fd(w);
	const char *options[] = { "--decide-fd", xasprintf("%d", fd), NULL };
	struct proc proc = { .cwd = w->work,
		.in = -1,
		.out = -1,
		.err = world_err_file(w, "trust"),
		.keep = { fd },
		.keep_count = 1,
		.argv = server_argv(w, launch, "bascule-broker", "trust", options) };
	pid_t pid = proc_start(&proc);
	int status = -1;
	close(fd);
	close(proc.err);
	CHECK(w, proc_wait(pid, WORLD_BOUND_MS, &status));
	CHECK_INT(w, status, 0);
}

static void plumb(struct world *w, bool pipes, int ours[2], int theirs[2])
{
	int one[2], two[2];
	if (pipes) {
		CHECK(w, pipe2(one, O_CLOEXEC) == 0 && pipe2(two, O_CLOEXEC) == 0);
		ours[0] = one[0], theirs[1] = one[1];
		theirs[0] = two[0], ours[1] = two[1];
	} else {
		CHECK(w, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, one) == 0);
		ours[0] = ours[1] = one[0];
		theirs[0] = theirs[1] = one[1];
	}
}

struct client *client_start(struct world *w, const struct launch *launch)
{
	int ours[2], theirs[2];
	struct client *c = xcalloc(1, sizeof *c);
	const char *name = launch->as ? launch->as : "client";
	if (!launch->direct && !launch->untrusted && w->person) {
		client_trust(w, launch);
	}
	plumb(w, launch->pipes, ours, theirs);
	struct proc proc = { .cwd = w->work,
		.in = theirs[0],
		.out = theirs[1],
		.err = world_err_file(w, name),
		.argv = client_command(w, launch) };
	c->pid = proc_start(&proc);
	close(theirs[0]);
	if (theirs[1] != theirs[0]) {
		close(theirs[1]);
	}
	close(proc.err);
	peer_open(&c->peer, w, name, ours[0], ours[1]);
	w->clients = xgrow(w->clients, &w->client_cap, w->client_count + 1, sizeof *w->clients);
	w->clients[w->client_count++] = c;
	return c;
}

void client_initialize(struct client *c, const char *client_name)
{
	peer_send(&c->peer,
		"{\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
		"\"capabilities\":"
		"{\"sampling\":{},\"elicitation\":{}},\"clientInfo\":{\"name\":\"%s\",\"version\":"
		"\"1.0\"}},"
		"\"jsonrpc\":\"2.0\",\"id\":\"init\"}",
		client_name);
	const struct line *line = peer_reply(&c->peer, "\"init\"");
	CHECK_TEXT(c->peer.world, pick_text(line->json, "result.protocolVersion"), "2025-11-25");
	peer_send(&c->peer, "{\"method\":\"notifications/initialized\",\"jsonrpc\":\"2.0\"}");
}

void client_list(struct client *c)
{
	char *cursor = xstrdup("");
	for (int page = 0;; page++) {
		char *id = xasprintf("\"list-%d\"", page);
		peer_send(&c->peer,
			"{\"method\":\"tools/list\",\"params\":{%s},\"jsonrpc\":\"2.0\",\"id\":%s}",
			cursor, id);
		const struct line *line = peer_reply(&c->peer, id);
		free(cursor);
		free(id);
		const char *next = pick_text(line->json, "result.nextCursor");
		if (!*next) {
			return;
		}
		cursor = xasprintf("\"cursor\":\"%s\"", next);
	}
}

struct client *client_open(struct world *w, const struct launch *launch)
{
	struct client *c = client_start(w, launch);
	client_initialize(c, "e2e");
	client_list(c);
	return c;
}

char *args_path(const char *path)
{
	return xasprintf("{\"path\":\"%s\"}", path);
}

char *args_write(const char *path, const char *content)
{
	return xasprintf("{\"path\":\"%s\",\"content\":\"%s\"}", path, content);
}

void client_call_meta(
	struct client *c, const char *id, const char *tool, const char *arguments, const char *meta)
{
	peer_send(&c->peer,
		"{\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s%s%s},"
		"\"jsonrpc\":\"2.0\",\"id\":%s}",
		tool, arguments, meta ? ",\"_meta\":" : "", meta ? meta : "", id);
}

void client_call(struct client *c, const char *id, const char *tool, const char *arguments)
{
	client_call_meta(c, id, tool, arguments, NULL);
}

void client_cancel(struct client *c, const char *id)
{
	peer_send(&c->peer,
		"{\"method\":\"notifications/"
		"cancelled\",\"params\":{\"requestId\":%s,\"reason\":\"e2e\"},"
		"\"jsonrpc\":\"2.0\"}",
		id);
}

void client_ping(struct client *c, const char *id)
{
	peer_send(&c->peer, "{\"method\":\"ping\",\"jsonrpc\":\"2.0\",\"id\":%s}", id);
	const struct line *line = peer_reply(&c->peer, id);
	CHECK(c->peer.world, pick(line->json, "result") != NULL);
}

void client_expect_text(struct client *c, const char *id, const char *part)
{
	const struct line *line = peer_reply(&c->peer, id);
	CHECK_HAS(c->peer.world, pick_text(line->json, "result.content.0.text"), part);
	CHECK(c->peer.world, !pick_true(line->json, "result.isError"));
}

const char *client_expect_refusal(struct client *c, const char *id)
{
	const struct line *line = peer_reply(&c->peer, id);
	CHECK(c->peer.world, pick_true(line->json, "result.isError"));
	CHECK_TEXT(c->peer.world, pick_text(line->json, "result.resultType"), "complete");
	return pick_text(line->json, "result.content.0.text");
}

const struct line *client_expect_error(struct client *c, const char *id, int code)
{
	const struct line *line = peer_reply(&c->peer, id);
	CHECK_INT(c->peer.world, pick_int(line->json, "error.code"), code);
	return line;
}

int client_wait_exit(struct client *c, int ms)
{
	if (!c->reaped && !proc_wait(c->pid, ms, &c->status)) {
		world_fail(c->peer.world, "%s (pid %d) did not end within %d ms", c->peer.name,
			(int)c->pid, ms);
	}
	c->reaped = true;
	return WIFEXITED(c->status) ? WEXITSTATUS(c->status) : -WTERMSIG(c->status);
}

int client_end(struct client *c)
{
	peer_close_out(&c->peer);
	peer_expect_end(&c->peer);
	int status = client_wait_exit(c, WORLD_BOUND_MS);
	peer_close(&c->peer);
	return status;
}

void client_kill(struct client *c, int sig)
{
	kill(c->pid, sig);
	if (sig == SIGKILL) {
		client_wait_exit(c, WORLD_BOUND_MS);
		peer_close(&c->peer);
	}
}
