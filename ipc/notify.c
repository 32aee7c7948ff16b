/*
 * Feeds bascule-notifier. Owns: that process, its two pipes and two timers; what is to be told, and
 * whether it was.
 *
 * `settle` is the only place that decides what to do next; every event (a call, the end of a burst,
 * an answer, a dead helper, the end of a back-off) changes a member and calls it. One line is in
 * flight at most, so that the newest state is what is sent next and a slow desktop makes no queue.
 *
 * A helper that does not answer in time is killed, since whoever waits for a desktop bus may wait
 * for ever; it is started again with a growing delay and only while something is to be told. A
 * reason that it gives ("no bus") is an answer: nothing is tried again until the next call.
 *
 * Does not talk to D-Bus, does not clean text (the helper does, where it is shown). Called by the
 * broker, on its loop.
 */
#include "config.h"

#include "ipc/notify.h"

#include "core/buf.h"
#include "core/jsonw.h"
#include "ipc/log.h"

#include <assert.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	GATHER_MS = 400, /* of a burst: long enough for what one agent sends at once */
	ANSWER_MS = 3000,
	BACKOFF_MS = 1000, /* doubles */
	BACKOFF_MAX_MS = 60000,
	FAILURES_MAX = 5, /* in a row; then the longest back-off at once */
	GOODBYE_MS = 500,
	NAME_MAX_BYTES = 256, /* of a tool or server name on the line to the helper */
};

enum helper_state {
	HELPER_NONE, /* there is no such program: for good */
	HELPER_ABSENT, /* not running, all its handles closed */
	HELPER_READY,
	HELPER_BUSY, /* a line is in flight */
	HELPER_GOING, /* killed, or dead and its handles closing */
};

struct notify {
	uv_loop_t *loop;
	char *program, *bus, *home;
	enum option_detail detail;

	unsigned waiting;
	bool muted;
	bool due; /* a call came that was not told */
	bool ripe; /* its burst is over */
	bool shown; /* a notification may be on the screen */
	char *tool, *server; /* of the riskiest call not told yet; server may be NULL */
	unsigned risk; /* index in risks */

	enum helper_state helper;
	uv_process_t process;
	uv_pipe_t in, out; /* as the helper sees them */
	unsigned helper_open, timers_open; /* uv handles not closed yet */
	uv_timer_t gather; /* runs from a burst's first call to its notification */
	uv_timer_t patience; /* busy: the answer; absent: the back-off; ending: the last close */
	uv_write_t write;
	struct buf line; /* in flight */
	bool line_shows; /* rather than closes */
	char answer[1024];
	size_t answer_len;
	unsigned failures; /* in a row */
	char *trouble; /* the reason logged last */
	bool ending;
};

static const char *const risks[] = { "low", "medium", "high" };

static void settle(struct notify *n);

static void release(struct notify *n)
{
	buf_finish(&n->line);
	free(n->program);
	free(n->bus);
	free(n->home);
	free(n->tool);
	free(n->server);
	free(n->trouble);
	free(n);
}

/* --- the helper's life --- */

static void on_timer_closed(uv_handle_t *handle)
{
	struct notify *n = handle->data;
	if (--n->timers_open == 0) {
		release(n); /* the timers are the last to be closed */
	}
}

static void close_timers(struct notify *n)
{
	uv_close((uv_handle_t *)&n->gather, on_timer_closed);
	uv_close((uv_handle_t *)&n->patience, on_timer_closed);
}

static void on_helper_closed(uv_handle_t *handle)
{
	struct notify *n = handle->data;
	if (--n->helper_open > 0) {
		return;
	}
	if (n->helper == HELPER_GOING) {
		n->helper = HELPER_ABSENT;
	}
	if (n->ending) {
		close_timers(n);
	} else {
		settle(n);
	}
}

static void close_once(void *handle)
{
	if (!uv_is_closing(handle)) {
		uv_close(handle, on_helper_closed);
	}
}

static void close_helper(struct notify *n)
{
	close_once(&n->process);
	close_once(&n->in);
	close_once(&n->out);
}

/* Only a process that was not reaped yet is killed, so the number is still its own. */
static void kill_helper(struct notify *n)
{
	if (n->helper == HELPER_READY || n->helper == HELPER_BUSY) {
		uv_process_kill(&n->process, SIGKILL);
	}
}

static void on_patience_end(uv_timer_t *timer)
{
	struct notify *n = timer->data;
	if (n->ending) {
		kill_helper(n);
		close_helper(n); /* unreaped: this program ends as well */
	} else if (n->helper == HELPER_BUSY) {
		log_line("notifier: no answer in %d s, killed", ANSWER_MS / 1000);
		kill_helper(n);
	} else {
		settle(n);
	}
}

/* Counts a failure and lets the back-off run. What was in flight is to be told again. */
static void helper_failed(struct notify *n, const char *how)
{
	uint64_t delay = BACKOFF_MAX_MS;
	n->failures++;
	if (n->failures < FAILURES_MAX) {
		delay = (uint64_t)BACKOFF_MS << (n->failures - 1);
	}
	if (n->failures <= FAILURES_MAX) {
		log_line("notifier: %s; not before %u s again", how, (unsigned)(delay / 1000));
	}
	if (n->helper == HELPER_BUSY && n->line_shows && n->waiting > 0) {
		n->due = true;
		n->ripe = true;
	}
	n->shown = false;
	n->helper = HELPER_GOING;
	uv_timer_start(&n->patience, on_patience_end, delay, 0);
}

static void on_ended(uv_process_t *process, int64_t status, int by_signal)
{
	struct notify *n = process->data;
	char how[64];
	if (n->ending) {
		n->helper = HELPER_GOING;
	} else {
		snprintf(how, sizeof(how), "ended with %s %d", by_signal ? "signal" : "status",
			by_signal ? by_signal : (int)status);
		helper_failed(n, how);
	}
	close_helper(n);
}

/* --- answers --- */

static void note_refusal(struct notify *n, const char *reason)
{
	if (!n->trouble || strcmp(n->trouble, reason) != 0) {
		log_line("notifier: not shown: %s", reason);
		free(n->trouble);
		n->trouble = xstrdup(reason);
	}
}

static bool take_answer(struct notify *n, const char *line)
{
	if (n->helper != HELPER_BUSY) {
		return false;
	}
	if (strncmp(line, "no ", 3) == 0) {
		note_refusal(n, line + 3);
		n->shown = false;
	} else if (strcmp(line, "ok") != 0) {
		return false;
	}
	n->helper = HELPER_READY;
	n->failures = 0;
	uv_timer_stop(&n->patience);
	return true;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct notify *n = handle->data;
	(void)suggested;
	size_t left = sizeof(n->answer) - n->answer_len;
	*room = uv_buf_init(n->answer + n->answer_len, (unsigned)left);
}

/* Whatever is no answer, or one that nobody waits for, means that the helper is not well. */
static bool collect(struct notify *n, size_t got)
{
	n->answer_len += got;
	if (n->answer[n->answer_len - 1] != '\n') {
		return n->answer_len < sizeof(n->answer);
	}
	n->answer[n->answer_len - 1] = '\0';
	n->answer_len = 0;
	return take_answer(n, n->answer);
}

static void on_answer(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
	struct notify *n = stream->data;
	(void)room;
	if (n->ending || got == 0) {
		return;
	}
	if (got > 0 && collect(n, (size_t)got)) {
		settle(n);
	} else {
		uv_read_stop(stream);
		kill_helper(n);
	}
}

/* --- start and send --- */

/* The helper gets nothing of the broker's environment but the way to the desktop. */
static void make_environment(const struct notify *n, char *env[7])
{
	const char *bus = n->bus[0] ? n->bus : getenv("DBUS_SESSION_BUS_ADDRESS");
	char *runtime = xasprintf("/run/user/%u", (unsigned)getuid());
	struct stat st;
	size_t count = 0;
	env[count++] = xstrdup("PATH=/usr/local/bin:/usr/bin:/bin");
	env[count++] = xstrdup("LANG=C.UTF-8");
	env[count++] = xasprintf("HOME=%s", n->home);
	if (bus && bus[0]) {
		env[count++] = xasprintf("DBUS_SESSION_BUS_ADDRESS=%s", bus);
	}
	if (lstat(runtime, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid()) {
		env[count++] = xasprintf("XDG_RUNTIME_DIR=%s", runtime);
	}
	env[count] = NULL;
	free(runtime);
}

static int spawn(struct notify *n)
{
	char *args[] = { n->program, NULL };
	char *env[7];
	uv_stdio_container_t stdio[] = {
		{ UV_CREATE_PIPE | UV_READABLE_PIPE, { .stream = (uv_stream_t *)&n->in } },
		{ UV_CREATE_PIPE | UV_WRITABLE_PIPE, { .stream = (uv_stream_t *)&n->out } },
		{ UV_IGNORE, { NULL } }, /* GLib's complaints may quote what was shown */
	};
	make_environment(n, env);
	uv_process_options_t options = {
		.exit_cb = on_ended,
		.file = n->program,
		.args = args,
		.env = env,
		.cwd = "/",
		.flags = UV_PROCESS_DETACHED, /* ^C at a broker in the foreground is not for it */
		.stdio_count = COUNT_OF(stdio),
		.stdio = stdio,
	};
	int rc = uv_spawn(n->loop, &n->process, &options);
	for (size_t i = 0; env[i]; i++) {
		free(env[i]);
	}
	return rc;
}

static void start_helper(struct notify *n)
{
	uv_pipe_init(n->loop, &n->in, 0);
	uv_pipe_init(n->loop, &n->out, 0);
	n->helper_open = 3;
	n->answer_len = 0;
	int rc = spawn(n);
	n->process.data = n->in.data = n->out.data = n;
	if (rc == 0) {
		n->helper = HELPER_READY;
		rc = uv_read_start((uv_stream_t *)&n->out, on_alloc, on_answer);
		assert(rc == 0);
	} else if (rc == UV_ENOENT || rc == UV_EACCES) {
		log_line("notifier: %s: %s; no desktop notifications", n->program, uv_strerror(rc));
		n->helper = HELPER_NONE;
		close_helper(n);
	} else {
		helper_failed(n, uv_strerror(rc));
		close_helper(n);
	}
}

static void write_line(struct notify *n, bool show)
{
	buf_clear(&n->line);
	struct jsonw w = jw_start(&n->line);
	jw_open(&w, '{');
	/* of several calls that nothing is told of, none is counted either */
	jw_kv_int(&w, "waiting", !show ? 0 : n->detail == DETAIL_NONE ? 1 : n->waiting);
	if (show && n->detail == DETAIL_TOOL) {
		jw_kv_span(&w, "tool", span_of(n->tool));
		jw_kv_span(&w, "server", span_of(n->server));
	}
	if (show && n->detail != DETAIL_NONE) {
		jw_kv_text(&w, "risk", risks[n->risk]);
	} else if (show) {
		jw_kv_bool(&w, "vague", true);
	}
	jw_close(&w, '}');
	buf_char(&n->line, '\n');
}

/* A pipe that is broken shows as the helper's end, or as no answer. */
static void on_written(uv_write_t *write, int status)
{
	(void)write;
	(void)status;
}

static void tell(struct notify *n, bool show)
{
	write_line(n, show);
	n->line_shows = show;
	n->shown = show;
	if (show) {
		n->due = false;
		n->ripe = false;
	}
	n->helper = HELPER_BUSY;
	uv_timer_start(&n->patience, on_patience_end, ANSWER_MS, 0);
	uv_buf_t bytes = uv_buf_init(n->line.data, (unsigned)n->line.len);
	if (uv_write(&n->write, (uv_stream_t *)&n->in, &bytes, 1, on_written) != 0) {
		kill_helper(n);
	}
}

/* --- what is to be told --- */

static void on_gathered(uv_timer_t *timer)
{
	struct notify *n = timer->data;
	n->ripe = true;
	settle(n);
}

static void settle(struct notify *n)
{
	bool quiet = n->muted || n->waiting == 0;
	if (quiet) {
		uv_timer_stop(&n->gather);
		n->ripe = false;
	} else if (n->due && !n->ripe && !uv_is_active((uv_handle_t *)&n->gather)) {
		uv_timer_start(&n->gather, on_gathered, GATHER_MS, 0);
	}
	bool show = n->due && n->ripe;
	if (n->helper == HELPER_ABSENT && show && !uv_is_active((uv_handle_t *)&n->patience)) {
		start_helper(n);
	}
	if (n->helper == HELPER_READY && (show || (quiet && n->shown))) {
		tell(n, show);
	}
}

static unsigned risk_of(const char *name)
{
	unsigned last = COUNT_OF(risks) - 1;
	for (unsigned i = 0; name && i < last; i++) {
		if (strcmp(name, risks[i]) == 0) {
			return i;
		}
	}
	return last;
}

/* Cuts perhaps within a character: the writer of the line repairs that. */
static char *copy_name(struct span name)
{
	if (name.len > NAME_MAX_BYTES) {
		name.len = NAME_MAX_BYTES;
	}
	return name.at ? span_dup(name) : NULL;
}

static void remember(struct notify *n, struct span tool, struct span server, unsigned risk)
{
	if (n->due && risk < n->risk) {
		return;
	}
	free(n->tool);
	free(n->server);
	n->tool = copy_name(tool);
	n->server = copy_name(server);
	n->risk = risk;
}

/* --- for the broker --- */

struct notify *notify_create(
	uv_loop_t *loop, const char *program, const char *bus, enum option_detail detail)
{
	struct notify *n = xcalloc(1, sizeof(*n));
	const struct passwd *user = getpwuid(getuid());
	n->loop = loop;
	n->program = xstrdup(program ? program : "");
	n->bus = xstrdup(bus ? bus : "");
	n->detail = detail;
	n->home = xstrdup(user ? user->pw_dir : "/");
	n->helper = HELPER_ABSENT;
	uv_timer_init(loop, &n->gather);
	uv_timer_init(loop, &n->patience);
	n->gather.data = n->patience.data = n;
	n->timers_open = 2;
	return n;
}

void notify_waiting(
	struct notify *n, unsigned waiting, struct span tool, struct span server, const char *risk)
{
	if (!n || n->helper == HELPER_NONE) {
		return;
	}
	bool came = tool.at && waiting > 0 && waiting >= n->waiting;
	n->waiting = waiting;
	if (waiting == 0) {
		n->due = false;
	} else if (came) {
		remember(n, tool, server, risk_of(risk));
		n->due = true;
	}
	settle(n);
}

void notify_mute(struct notify *n, bool mute)
{
	if (n && n->muted != mute) {
		n->muted = mute;
		settle(n);
	}
}

void notify_destroy(struct notify *n)
{
	if (!n) {
		return;
	}
	n->ending = true;
	uv_timer_stop(&n->gather);
	if (n->helper_open == 0) {
		close_timers(n);
		return;
	}
	close_once(&n->in); /* at its end of input the helper closes what it shows, and ends */
	uv_timer_start(&n->patience, on_patience_end, GOODBYE_MS, 0);
}
