/*
 * bascule-notifier: shows one desktop notification that calls wait. The only program that links
 * GLib, and a process of its own, because a desktop bus can block its clients for ever or end them
 * with a signal.
 *
 * Lines come on stdin, {"waiting":3,"tool":"write_file","server":"filesystem","risk":"high"};
 * without "tool" it tells a number and a risk, and {"waiting":1,"vague":true} not even these.
 * {"waiting":0} closes. Each is answered on stdout: "ok", or "no REASON". It ends at the end of its
 * input, after closing what it shows, and when the bus goes away. Tool and server are hostile text:
 * cleaned, clipped, escaped. There is no action on the notification and nothing is reported of it,
 * so nothing that happens to it can mean anything.
 *
 * Measured: a bus that dies raises SIGTERM in its clients unless exit-on-close is off; a daemon
 * that does not answer blocks a call for 25 s, a bus that does not answer for ever, so an alarm
 * bounds every line, should whoever feeds this be gone; notify_notification_show can fail without a
 * GError.
 *
 * Started by ipc/notify.c alone.
 */
#include "config.h"

#include "core/buf.h"
#include "core/json.h"
#include "core/safe_text.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <libnotify/notify.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINE_MAX_BYTES = 8192,
	LINE_SECONDS = 5, /* the broker kills sooner; this is for when the broker is gone */
	GOODBYE_SECONDS = 2,
	TOOL_COLUMNS = 60,
	SERVER_COLUMNS = 40,
	REASON_COLUMNS = 100,
};

static const struct risk {
	const char *name, *words;
	NotifyUrgency urgency;
} risks[] = {
	{ "low", "low risk", NOTIFY_URGENCY_LOW },
	{ "medium", "medium risk", NOTIFY_URGENCY_NORMAL },
	{ "high", "high risk", NOTIFY_URGENCY_CRITICAL }, /* last: so is the unknown */
};

struct wish {
	int64_t waiting; /* 0: nothing is to be shown */
	struct safe_text tool, server; /* zeroed if not given */
	const struct risk *risk;
	bool vague; /* only that something waits */
	bool named; /* the tool may be told */
};

struct desk {
	GMainLoop *loop;
	GDBusConnection *bus; /* NULL until a bus was found */
	NotifyNotification *bubble; /* what is shown, or NULL */
	struct json_scan scan;
	struct buf in;
};

/* --- what is wished --- */

static struct safe_text text_member(struct span object, const char *name, unsigned columns)
{
	struct safe_text clipped = { 0 };
	struct span value;
	char *text = json_member(object, name, &value) ? json_strdup(value) : NULL;
	if (text && text[0]) {
		struct safe_text whole = safe_make(span_of(text), SAFE_ONE_LINE);
		clipped = safe_clip(&whole, columns);
		safe_finish(&whole);
	}
	free(text);
	return clipped;
}

static const struct risk *risk_member(struct span object)
{
	struct span value;
	const struct risk *risk = risks;
	bool given = json_member(object, "risk", &value);
	while (risk < &risks[COUNT_OF(risks) - 1] && !(given && json_is(value, risk->name))) {
		risk++;
	}
	return risk;
}

static bool wish_parse(struct json_scan *scan, struct span line, struct wish *wish, struct err *err)
{
	struct span count, tool, vague;
	*wish = (struct wish){ 0 };
	if (!json_validate(scan, line, JSON_STRICT)) {
		return fail(err, 0, "line not understood: %s", scan->fault);
	}
	if (scan->type != JSON_OBJECT || !json_member(scan->value, "waiting", &count) ||
		!json_int(count, &wish->waiting) || wish->waiting < 0) {
		return fail(err, 0, "line not understood: \"waiting\" is no count");
	}
	wish->tool = text_member(scan->value, "tool", TOOL_COLUMNS);
	wish->server = text_member(scan->value, "server", SERVER_COLUMNS);
	wish->named = json_member(scan->value, "tool", &tool);
	if (json_member(scan->value, "vague", &vague)) {
		json_bool(vague, &wish->vague);
	}
	wish->risk = wish->vague ? &risks[1] : risk_member(scan->value);
	return true;
}

static void wish_finish(struct wish *wish)
{
	safe_finish(&wish->tool);
	safe_finish(&wish->server);
}

/* The summary is no markup, so no foreign text goes there. */
static char *wish_summary(const struct wish *wish)
{
	if (wish->vague) {
		return xstrdup("bascule: something waits");
	}
	if (wish->waiting == 1) {
		return xstrdup("bascule: a call waits");
	}
	return xasprintf("bascule: %lld calls wait", (long long)wish->waiting);
}

static char *wish_body(const struct wish *wish)
{
	const char *tool = wish->tool.bytes ? safe_cstr(&wish->tool) : "a call";
	const char *server = safe_cstr(&wish->server);
	struct buf text = { 0 };
	if (wish->vague || !wish->named) {
		return g_strdup(wish->vague ? "" : wish->risk->words);
	}
	buf_printf(&text, "%s: %s", wish->risk->words, tool);
	if (server[0]) {
		buf_printf(&text, " (%s)", server);
	}
	if (wish->waiting > 1) {
		buf_printf(&text, ", and %lld more", (long long)(wish->waiting - 1));
	}
	char *markup = g_markup_escape_text(buf_cstr(&text), -1);
	buf_finish(&text);
	return markup;
}

/* --- the bus --- */

static bool refused(GError *error, const char *what, struct err *err)
{
	fail(err, 0, "%s: %s", what, error ? error->message : "no reason given");
	g_clear_error(&error);
	return false;
}

/* Other transports could start a program or leave the machine. */
static bool addresses_are_local(const char *list)
{
	for (const char *at = list; at; at = strchr(at, ';')) {
		at += *at == ';';
		if (strncmp(at, "unix:", 5) != 0) {
			return false;
		}
	}
	return true;
}

/* Puts the bus where GLib looks for it; without this GLib would start one by itself. */
static bool find_bus(struct err *err)
{
	const char *given = getenv("DBUS_SESSION_BUS_ADDRESS");
	struct stat st;
	if (given && given[0]) {
		return addresses_are_local(given) ||
			fail(err, 0, "bus address is not a local socket's");
	}
	char *path = xasprintf("/run/user/%u/bus", (unsigned)getuid());
	bool mine = lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_uid == getuid();
	if (mine) {
		char *address = xasprintf("unix:path=%s", path);
		g_setenv("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
		free(address);
	}
	free(path);
	return mine || fail(err, 0, "no bus");
}

static void on_bus_closed(GDBusConnection *bus, gboolean by_peer, GError *error, gpointer data)
{
	struct desk *desk = data;
	(void)bus;
	(void)by_peer;
	(void)error;
	g_main_loop_quit(desk->loop);
}

static bool connect_bus(struct desk *desk, struct err *err)
{
	GError *error = NULL;
	if (desk->bus) {
		return true;
	}
	if (!find_bus(err)) {
		return false;
	}
	desk->bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
	if (!desk->bus) {
		return refused(error, "bus", err);
	}
	g_dbus_connection_set_exit_on_close(desk->bus, FALSE);
	g_signal_connect(desk->bus, "closed", G_CALLBACK(on_bus_closed), desk);
	notify_init("bascule");
	return true;
}

/* --- the notification --- */

static void drop_bubble(struct desk *desk)
{
	g_clear_object(&desk->bubble);
}

static bool show_bubble(struct desk *desk, const struct wish *wish, struct err *err)
{
	GError *error = NULL;
	char *summary = wish_summary(wish);
	char *body = wish_body(wish);
	if (desk->bubble) {
		notify_notification_update(desk->bubble, summary, body, NULL);
	} else {
		desk->bubble = notify_notification_new(summary, body, NULL);
	}
	notify_notification_set_urgency(desk->bubble, wish->risk->urgency);
	bool shown = notify_notification_show(desk->bubble, &error);
	free(summary);
	g_free(body);
	if (!shown) {
		drop_bubble(desk);
		return refused(error, "desktop", err);
	}
	return true;
}

/* A desktop that answers with an error has closed it already. */
static bool close_bubble(struct desk *desk, struct err *err)
{
	GError *error = NULL;
	if (!desk->bubble) {
		return true;
	}
	bool closed = notify_notification_close(desk->bubble, &error);
	drop_bubble(desk);
	if (closed || (error && g_dbus_error_is_remote_error(error))) {
		g_clear_error(&error);
		return true;
	}
	return refused(error, "desktop", err);
}

/* --- lines --- */

static void answer(bool ok, const struct err *err)
{
	if (ok) {
		puts("ok");
	} else {
		struct safe_text whole = safe_make(span_of(err->text), SAFE_ONE_LINE);
		struct safe_text reason = safe_clip(&whole, REASON_COLUMNS);
		printf("no %s\n", safe_cstr(&reason));
		safe_finish(&reason);
		safe_finish(&whole);
	}
	fflush(stdout);
}

static bool obey(struct desk *desk, struct span line, struct err *err)
{
	struct wish wish;
	if (!wish_parse(&desk->scan, line, &wish, err)) {
		return false;
	}
	bool ok;
	if (wish.waiting == 0) {
		ok = close_bubble(desk, err);
	} else {
		ok = connect_bus(desk, err) && show_bubble(desk, &wish, err);
	}
	wish_finish(&wish);
	return ok;
}

static void take_lines(struct desk *desk)
{
	const char *end;
	while ((end = memchr(desk->in.data, '\n', desk->in.len))) {
		struct span line = { desk->in.data, (size_t)(end - desk->in.data) };
		struct err err = { 0 };
		alarm(LINE_SECONDS);
		answer(obey(desk, line, &err), &err);
		alarm(0);
		buf_drop(&desk->in, line.len + 1);
	}
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
	struct desk *desk = data;
	(void)condition;
	buf_room(&desk->in, LINE_MAX_BYTES);
	ssize_t got = read(fd, desk->in.data + desk->in.len, LINE_MAX_BYTES);
	if (got > 0) {
		desk->in.len += (size_t)got;
		take_lines(desk);
	}
	bool over = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
	if (over || desk->in.len > LINE_MAX_BYTES) {
		g_main_loop_quit(desk->loop);
	}
	return G_SOURCE_CONTINUE;
}

int main(void)
{
	struct desk desk = { .loop = g_main_loop_new(NULL, FALSE) };
	struct err ignored;
	signal(SIGPIPE, SIG_IGN); /* the end of stdin tells as much, in order */
	g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, &desk);
	g_main_loop_run(desk.loop);
	alarm(GOODBYE_SECONDS);
	close_bubble(&desk, &ignored);
	g_main_loop_unref(desk.loop);
	json_finish(&desk.scan);
	buf_finish(&desk.in);
	return 0;
}
