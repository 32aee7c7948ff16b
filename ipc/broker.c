/*
 * The broker's life: one per user, held by a lock; two listening sockets; peers that come and go;
 * an end that loses nothing. It executes nothing on behalf of a socket; the only program that it
 * ever starts is the notifier.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_body.h"
#include "ipc/broker_event.h"
#include "ipc/broker_grant.h"

#include "core/diag.h"
#include "core/rpc.h"
#include "core/refusal.h"
#include "ipc/fault.h"
#include "ipc/log.h"
#include "ipc/retention.h"
#include "ipc/sealer.h"
#include "ipc/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- peers ---- */

struct conn *broker_conn(struct broker *b, uint64_t id)
{
	struct conn *c = b->conns;
	while (c && c->id != id) {
		c = c->next;
	}
	return c;
}

void conn_send(struct conn *c, struct buf *line)
{
	if (!c->stream) {
		buf_finish(line);
		return;
	}
	stream_write_buf(c->stream, line);
	if (c->role == ROLE_GATE && stream_queued(c->stream) > BROKER_SLOW_GATE) {
		conn_close(c, "reads too slowly");
	}
}

void conn_close(struct conn *c, const char *why)
{
	struct broker *b = c->broker;
	struct conn **link = &b->conns;
	if (!c->stream) {
		return;
	}
	log_debug("peer %d: %s", (int)c->process.pid, why);
	stream_destroy(c->stream);
	c->stream = NULL;
	while (*link != c) {
		link = &(*link)->next;
	}
	*link = c->next;
	if (c->role == ROLE_GATE) {
		lost_conn(c);
	}
	bool watched = c->watching;
	if (watched) {
		event_console(c, false);
	}
	agent_release(c->agent);
	seat_finish(&c->from);
	claims_finish(&c->claims);
	free(c->stands_id);
	free(c->stands_tool);
	policy_forget_project(c);
	servers_forget(c);
	map_finish(&c->flights);
	/* callers up the stack may still hold it: freed at the end of the turn */
	c->next = b->closed;
	b->closed = c;
	b->counters_dirty = true;
	if (watched) {
		feed_watched(b);
		attention_due(b, uv_now(b->loop));
	}
	broker_idle(b);
}

static void free_closed(struct broker *b)
{
	while (b->closed) {
		struct conn *c = b->closed;
		b->closed = c->next;
		free(c);
	}
}

static bool speaks(struct conn *c, const struct message *m)
{
	struct span protocol;
	if (!m->params.at || !json_member(m->params, "protocol", &protocol) ||
		json_type(protocol) != JSON_STRING) {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "hello names no protocol");
		return false;
	}
	char *text = json_strdup(protocol);
	bool ours = strtol(text, NULL, 10) == strtol(WIRE_PROTOCOL, NULL, 10);
	if (!ours) {
		wire_error(
			c, m->id, WIRE_BAD_VERSION, "this broker speaks protocol " WIRE_PROTOCOL);
	}
	free(text);
	return ours;
}

static void on_hello(struct conn *c, const struct message *m)
{
	if (strcmp(m->method_name, "hello") != 0 || m->kind != MESSAGE_REQUEST) {
		conn_close(c, "did not say hello");
	} else if (!speaks(c, m)) {
		log_line("peer %d speaks another protocol", (int)c->process.pid);
	} else if (c->via == HOME_CALLS) {
		gate_hello(c, m);
	} else {
		console_hello(c, m);
	}
}

static void on_line(void *data, struct span line)
{
	struct conn *c = data;
	struct message m;
	message_parse_frame(&m, &c->broker->scan, line);
	if (m.kind == MESSAGE_REFUSED || m.kind == MESSAGE_BATCH) {
		log_line("peer %d: a line was not understood: %s", (int)c->process.pid, m.why);
		wire_error(c, m.id, WIRE_NOT_UNDERSTOOD, m.why);
	} else if (m.kind == MESSAGE_RESPONSE) {
		if (c->role == ROLE_GATE) {
			gate_response(c, &m);
		}
	} else if (m.kind == MESSAGE_BLANK) {
		return;
	} else if (c->role == ROLE_NONE) {
		on_hello(c, &m);
	} else if (c->role == ROLE_GATE) {
		gate_message(c, &m);
	} else {
		console_message(c, &m);
	}
}

static void on_end(void *data)
{
	conn_close(data, "left");
}

static void on_over(void *data)
{
	conn_close(data, "sent a line that is too long");
}

static void on_room(void *data)
{
	feed_room(data);
}

/* How the record names who decides from there. */
static void name_seat(struct conn *c)
{
	char link[64], tty[48] = "";
	snprintf(link, sizeof(link), "/proc/%d/fd/0", (int)c->process.pid);
	ssize_t n = readlink(link, tty, sizeof(tty) - 1);
	tty[n > 0 ? n : 0] = '\0';
	const char *where = strncmp(tty, "/dev/", 5) == 0 ? tty + 5 : c->process.name;
	snprintf(c->seat, sizeof(c->seat), "%.31s@%.31s", c->broker->user, where);
}

static struct conn *add_conn(
	struct broker *b, int fd, enum home_socket via, const struct process *p)
{
	static const struct stream_options options = { BROKER_LINE_CAP, STREAM_CUT };
	static const struct stream_calls calls = {
		.on_line = on_line, .on_end = on_end, .on_over = on_over, .on_room = on_room
	};
	struct conn *c = xcalloc(1, sizeof(*c));
	struct err err;
	c->broker = b;
	c->via = via;
	c->id = ++b->conn_ids;
	c->process = *p;
	c->stream = stream_create(&b->turn, b->loop, fd, &options, &calls, c, &err);
	if (!c->stream) {
		log_line("%s", err.text);
		free(c);
		close(fd);
		return NULL;
	}
	name_seat(c);
	c->next = b->conns;
	b->conns = c;
	stream_start(c->stream);
	return c;
}

/* Says why before closing: the person reads it. */
static void turn_away(int fd, const char *why)
{
	struct buf line = { 0 };
	refusal_error(&line, SPAN("\"hello\""), WIRE_REFUSED_PEER, why);
	ssize_t unused = send(fd, line.data, line.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)unused;
	buf_finish(&line);
	close(fd);
}

static void welcome(struct broker *b, int fd, enum home_socket via)
{
	uid_t uid;
	pid_t pid;
	struct process p = { 0 };
	struct err err;
	if (!peer_of(fd, &uid, &pid) || uid != getuid()) {
		turn_away(fd, "this broker serves another user");
		return;
	}
	if (!process_read(pid, &p)) {
		/* e.g. forwarded from outside this process namespace */
		p = (struct process){ .pid = pid };
	}
	if (via == HOME_DECISIONS && guard_on(GUARD_ANCESTRY) &&
		!peer_may_decide(pid, broker_is_asker, b, &err)) {
		log_line("%s", err.text);
		event_refused(b, &p, err.text);
		turn_away(fd, err.text);
		return;
	}
	add_conn(b, fd, via, &p);
}

static void on_accept(uv_poll_t *poll, int status, int events)
{
	struct broker *b = poll->data;
	enum home_socket via = poll == &b->listeners[HOME_CALLS] ? HOME_CALLS : HOME_DECISIONS;
	int fd;
	(void)status;
	(void)events;
	while ((fd = accept4(b->home.listener[via], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >=
		0) {
		welcome(b, fd, via);
	}
	broker_idle(b);
}

/* ---- listening ---- */

static void listen_now(struct broker *b)
{
	for (int i = 0; i < HOME_SOCKETS; i++) {
		uv_poll_init(b->loop, &b->listeners[i], b->home.listener[i]);
		b->listeners[i].data = b;
		uv_poll_start(&b->listeners[i], UV_READABLE, on_accept);
	}
	b->listening = true;
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct broker *b = handle->data;
	if (++b->listeners_closed == HOME_SOCKETS && !b->stopping) {
		struct err err;
		b->listeners_closed = 0;
		if (home_bind(&b->home, &err)) {
			listen_now(b);
			log_line("the sockets had vanished and were made again");
		} else {
			log_line("%s", err.text);
			broker_stop(b, "the sockets cannot be made");
		}
	}
}

static void on_home_event(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct broker *b = handle->data;
	(void)name;
	(void)events;
	(void)status;
	if (b->listening && !b->stopping && !home_intact(&b->home)) {
		b->listening = false;
		for (int i = 0; i < HOME_SOCKETS; i++) {
			uv_close((uv_handle_t *)&b->listeners[i], on_listener_closed);
		}
	}
}

/* ---- time ---- */

static void on_clock(uv_timer_t *timer)
{
	struct broker *b = timer->data;
	uint64_t now = uv_now(b->loop);
	b->clock_due = 0;
	lost_due(b, now);
	console_due(b, now);
	attention_due(b, now);
	decide_due(b, now);
}

void broker_tick(struct broker *b, uint64_t due_ms)
{
	uint64_t now = uv_now(b->loop);
	if (b->stopping || (b->clock_due && b->clock_due <= due_ms)) {
		return;
	}
	b->clock_due = due_ms > now ? due_ms : now + 1;
	uv_timer_start(&b->clock, on_clock, b->clock_due - now, 0);
}

static void on_idle_end(uv_timer_t *timer)
{
	struct broker *b = timer->data;
	if (!b->conns && !b->first) {
		broker_stop(b, "nobody has used it for a while");
	}
}

void broker_idle(struct broker *b)
{
	if (b->stopping) {
		return;
	}
	if (b->conns || b->first) {
		uv_timer_stop(&b->idle_timer);
	} else if (!uv_is_active((uv_handle_t *)&b->idle_timer)) {
		uv_timer_start(&b->idle_timer, on_idle_end,
			(uint64_t)b->config->number[OPTION_BROKER_IDLE] * 1000, 0);
	}
}

/* ---- the end ---- */

void broker_stop(struct broker *b, const char *why)
{
	if (b->stopping) {
		return;
	}
	log_line("the broker ends: %s", why);
	b->stopping = true;
	decide_due(b, UINT64_MAX);
	record_close(b);
	event_broker(b, false, why);
	retention_stop(b->record.retention);
	sealer_last(b->record.sealer, b->writer);
	writer_stop(b->writer); /* before anybody hears of it and starts another */
	b->writer = NULL;
	if (b->listening) {
		for (int i = 0; i < HOME_SOCKETS; i++) {
			/* who is in the queue hears goodbye too */
			on_accept(&b->listeners[i], 0, UV_READABLE);
		}
	}
	for (struct conn *c = b->conns; c; c = c->next) {
		struct buf line = { 0 };
		struct jsonw w = rpc_open(&line, (struct span){ 0 }, "goodbye");
		jw_kv_text(&w, "why", why);
		rpc_close(&w);
		conn_send(c, &line);
	}
	turn_flush(&b->turn);
	home_leave(&b->home);
	uv_stop(b->loop);
}

static void on_signal(uv_signal_t *handle, int number)
{
	char why[32];
	snprintf(why, sizeof(why), "signal %d", number);
	broker_stop(handle->data, why);
}

/* The notifier closes its own, and takes what is shown off the screen before. */
static void close_handle(uv_handle_t *handle, void *arg)
{
	struct broker *b = arg;
	bool notifiers = b->notify && handle->data == b->notify;
	if (!notifiers && !uv_is_closing(handle)) {
		uv_close(handle, NULL);
	}
}

static void finish(struct broker *b)
{
	b->stopping = true;
	notify_destroy(b->notify);
	policy_stop(b);
	console_due(b, UINT64_MAX);
	while (b->conns) {
		conn_close(b->conns, "the broker ends");
	}
	while (b->first) {
		item_destroy(b->first);
	}
	free_closed(b);
	lost_finish(b);
	grant_end(b);
	denied_end(b);
	turn_close(&b->turn);
	uv_run(b->loop, UV_RUN_NOWAIT);
	uv_walk(b->loop, close_handle, b);
	uv_run(b->loop, UV_RUN_DEFAULT);
	record_free(b);
	map_finish(&b->items);
	json_finish(&b->scan);
	body_end(b);
	history_close(b->history);
	policy_end(b);
	free(b->askers.list);
	free(b->last_passed);
}

/* ---- the beginning ---- */

static bool load_key(const struct paths *paths, unsigned char key[HASH_BYTES], struct err *err)
{
	char *path = xasprintf("%s/key", paths->state);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t n = fd >= 0 ? read(fd, key, HASH_BYTES) : -1;
	bool ok = n == HASH_BYTES;
	if (n == 0) {
		ok = getrandom(key, HASH_BYTES, 0) == HASH_BYTES &&
			write(fd, key, HASH_BYTES) == HASH_BYTES && fsync(fd) == 0;
	}
	if (!ok) {
		fail(err, DIAG_HISTORY, "%s: %s", path, n > 0 ? "is not a key" : strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
	free(path);
	return ok;
}

static void log_note(char **note)
{
	if (*note) {
		log_line("%s", *note);
	}
	free(*note);
	*note = NULL;
}

static bool open_history(struct broker *b, struct err *err)
{
	char *note = NULL;
	if (!load_key(b->paths, b->key, err)) {
		return false;
	}
	b->history = history_open(
		b->paths->history, b->key, false, clock_wall_ms() * 1000, &note, err);
	log_note(&note);
	b->writer = b->history ? writer_start(b->paths->detail, b->key, &note, err) : NULL;
	log_note(&note);
	return b->writer && history_askers(b->history, span_of(b->boot), broker_load_asker, b, err);
}

static void on_writer_changed(uv_async_t *async)
{
	feed_details(async->data);
}

static void init_handles(struct broker *b)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	signal(SIGPIPE, SIG_IGN);
	turn_init(&b->turn, b->loop, broker_end_turn, b);
	uv_timer_init(b->loop, &b->idle_timer);
	uv_timer_init(b->loop, &b->feed_timer);
	uv_timer_init(b->loop, &b->clock);
	attention_init(b);
	b->idle_timer.data = b->feed_timer.data = b->clock.data = b;
	uv_fs_event_init(b->loop, &b->home_watch);
	b->home_watch.data = b;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		uv_signal_init(b->loop, &b->signals[i]);
		b->signals[i].data = b;
		uv_signal_start(&b->signals[i], on_signal, numbers[i]);
	}
	record_init(b);
	uv_async_init(b->loop, &b->writer_changed, on_writer_changed);
	uv_unref((uv_handle_t *)&b->writer_changed);
	b->writer_changed.data = b;
	writer_tell(b->writer, &b->writer_changed);
}

void broker_end_turn(void *data)
{
	struct broker *b = data;
	record_end_turn(b);
	free_closed(b);
}

static void start_notify(struct broker *b)
{
	if (b->config->number[OPTION_NOTIFY]) {
		char *program = paths_program("bascule-notifier");
		b->notify = notify_create(b->loop, program, b->config->text[OPTION_NOTIFY_BUS],
			(enum option_detail)b->config->number[OPTION_NOTIFY_DETAIL]);
		free(program);
	}
}

static void take_inherited(struct broker *b, const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct process self = { 0 };
		process_read(getpid(), &self);
		fcntl(fds[i], F_SETFD, FD_CLOEXEC);
		struct conn *c = add_conn(b, fds[i], HOME_DECISIONS, &self);
		if (c) {
			snprintf(c->seat, sizeof(c->seat), "%s@inherited-%d", b->user, fds[i]);
		}
	}
}

/* Once, at the start: a directory service may be slow. */
static void name_user(struct broker *b)
{
	const struct passwd *user = getpwuid(getuid());
	if (user) {
		snprintf(b->user, sizeof(b->user), "%.31s", user->pw_name);
	} else {
		snprintf(b->user, sizeof(b->user), "uid %d", (int)getuid());
	}
}

int broker_run(const struct paths *paths, const struct config *config, const int *decide_fds,
	size_t decide_count, bool daemon)
{
	struct broker b = {
		.paths = paths, .config = config, .daemon = daemon, .started_ms = clock_wall_ms()
	};
	uv_loop_t loop;
	struct err err = { 0 };
	bool taken = false;
	unsigned char random[8];
	umask(077);
	if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
		return 1;
	}
	for (int i = 0; i < 8; i++) {
		snprintf(b.instance + 2 * i, 3, "%02x", random[i]);
	}
	process_boot_id(b.boot);
	name_user(&b);
	uv_loop_init(&loop);
	b.loop = &loop;
	/* The lock first: a second broker must not even open the history. */
	bool ok = home_take(&b.home, paths, &taken, &err);
	if (ok && !taken) {
		fprintf(stderr, "bascule: a broker is running already\n");
		uv_loop_close(&loop);
		return daemon ? 0 : 1;
	}
	ok = ok && open_history(&b, &err) && policy_start(&b, &err) && master_start(&b, &err);
	if (!ok) {
		fprintf(stderr, "bascule: %s\n", err.text);
		log_line("%s", err.text);
		writer_stop(b.writer);
		home_leave(&b.home);
		history_close(b.history);
		uv_loop_close(&loop);
		return 1;
	}
	init_handles(&b);
	start_notify(&b);
	lost_load(&b);
	book_see(&b);
	listen_now(&b);
	uv_fs_event_start(&b.home_watch, on_home_event, b.home.dir, 0);
	take_inherited(&b, decide_fds, decide_count);
	event_broker(&b, true, NULL);
	log_line("the broker is up: version %s, %s", PACKAGE_VERSION, b.home.dir);
	broker_idle(&b);
	uv_run(&loop, UV_RUN_DEFAULT);
	finish(&b);
	uv_loop_close(&loop);
	return 0;
}
