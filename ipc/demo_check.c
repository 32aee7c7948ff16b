/*
 * `bascule demo --check`: the script without a person. Decides over the wire as a console would,
 * and compares what happened with what should have: the agent's answers, the files, what must not
 * have run, and the history's rows.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/preview.h"
#include "ipc/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void demo_differs(struct demo *d, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	printf("DIFFERS: ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
	d->differences++;
}

static void report(struct demo *d, size_t which, const char *note)
{
	const struct demo_call *call = &demo_calls[which];
	const char *target = d->deeds[which].target;
	size_t n = strlen(d->scratch.dir);
	if (strncmp(target, d->scratch.dir, n) == 0) {
		target += n + 1;
	}
	printf("%-17s %s %-20s %-*s%s\n", demo_fate_words(call->fate), call->server, call->tool,
		note[0] ? 22 : 0, target, note);
	d->deeds[which].reported = true;
}

/* ---- waiting ---- */

static bool is_answered(const struct demo *d, const void *data)
{
	size_t which = *(const size_t *)data;
	return d->deeds[which].answered || d->gates[demo_server_of(&demo_calls[which])].from.fd < 0;
}

static bool is_held(const struct demo *d, const void *data)
{
	return d->deeds[*(const size_t *)data].held || is_answered(d, data);
}

static bool is_gone(const struct demo *d, const void *data)
{
	return d->deeds[*(const size_t *)data].gone || is_answered(d, data);
}

static bool held(struct demo *d, size_t which)
{
	const struct demo_deed *deed = &d->deeds[which];
	demo_until(d, is_held, &which, DEMO_STEP_MS);
	if (deed->answered) {
		demo_differs(d, "%s: was answered before anybody decided", demo_calls[which].tool);
	} else if (!deed->held) {
		demo_differs(d, "%s: was not held", demo_calls[which].tool);
	}
	return deed->held && !deed->answered;
}

/* Waits for the agent's answer and compares it. */
static bool answered(struct demo *d, size_t which, bool error)
{
	const struct demo_call *call = &demo_calls[which];
	struct demo_deed *deed = &d->deeds[which];
	demo_until(d, is_answered, &which, DEMO_STEP_MS);
	if (!deed->answered) {
		demo_differs(d, "%s %s: the agent got no answer", call->tool, deed->target);
		return false;
	}
	if (deed->is_error != error || !strstr(buf_cstr(&deed->answer), call->says)) {
		demo_differs(d, "%s %s: the agent's answer should have been %s with \"%s\"",
			call->tool, deed->target, error ? "an error" : "a result", call->says);
		return false;
	}
	return true;
}

/* ---- files ---- */

/* False: there is none. Reads at most DEMO_LINE_CAP. */
static bool slurp(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = 1;
	while (fd >= 0 && n > 0 && out->len < DEMO_LINE_CAP) {
		buf_room(out, 16 << 10);
		n = read(fd, out->data + out->len, out->cap - out->len);
		out->len += n > 0 ? (size_t)n : 0;
	}
	demo_close(&fd);
	return fd >= 0 || n == 0;
}

static bool disk_is(const char *path, struct span wanted, bool there)
{
	struct buf now = { 0 };
	bool found = slurp(path, &now);
	bool same = found == there && now.len == wanted.len &&
		(!now.len || memcmp(now.data, wanted.at, now.len) == 0);
	buf_finish(&now);
	return same;
}

/* ---- one function a fate ---- */

static bool was_allowed(struct demo *d, size_t which, const char **note)
{
	const struct demo_deed *deed = &d->deeds[which];
	*note = "";
	demo_until(d, is_held, &which, DEMO_STEP_MS);
	if (deed->held) {
		demo_differs(d, "%s %s: was held, it should have passed", demo_calls[which].tool,
			deed->target);
		return false;
	}
	return answered(d, which, false);
}

/* What the console would show as a diff, from the gate's own preview: content now, and as it should
 * become. */
static bool preview(
	struct demo *d, size_t which, struct preview *out, struct buf *before, bool *exists)
{
	struct span params, arguments, files, file = { 0 }, value, none = { 0 };
	struct buf ask = { 0 };
	struct err err;
	buf_printf(&ask, "{\"call\":\"%s\"}", d->deeds[which].id);
	bool ok = demo_ask(d, "show", buf_view(&ask), &err);
	struct span shown = buf_view(&d->wire.result);
	buf_finish(&ask);
	if (!ok || !json_member(shown, "params", &params) || json_type(params) != JSON_OBJECT ||
		!json_member(params, "arguments", &arguments) ||
		!json_member(shown, "files", &files) || json_type(files) != JSON_ARRAY) {
		demo_differs(d, "%s: no preview: %s", demo_calls[which].tool,
			ok ? "not understood" : err.text);
		return false;
	}
	struct json_walk walk = json_walk_of(files);
	json_next(&walk, NULL, &file);
	*exists = file.at && json_member(file, "text", &value) && json_type(value) == JSON_STRING;
	if (*exists) {
		json_decode(value, before);
		buf_cstr(before);
	}
	const struct preview_file now = { none, *exists ? buf_view(before) : none, true };
	preview_make(out,
		&(struct preview_ask){ SPAN("filesystem"), span_of(demo_calls[which].tool),
			arguments, &now, 1, 0 });
	if (out->kind != PREVIEW_DIFF || !disk_is(out->path, buf_view(before), *exists)) {
		demo_differs(
			d, "%s: the preview is no diff of what is on disk", demo_calls[which].tool);
		return false;
	}
	return true;
}

static bool was_approved(struct demo *d, size_t which, const char **note)
{
	struct preview p = { 0 };
	struct buf before = { 0 };
	struct err err = { 0 };
	bool exists = false;
	*note = "the file is as its diff said";
	bool ok = held(d, which) && preview(d, which, &p, &before, &exists);
	if (ok && !demo_decide(d, which, true, NULL, &err)) {
		demo_differs(d, "%s: approval was refused: %s", demo_calls[which].tool, err.text);
		ok = false;
	}
	ok = ok && answered(d, which, false);
	if (ok && !disk_is(p.path, buf_view(&p.after), true)) {
		demo_differs(d, "%s: the file is not as its diff said", demo_calls[which].tool);
		ok = false;
	}
	preview_finish(&p);
	buf_finish(&before);
	return ok;
}

/* Has a tool that only leaves a line behind run? */
static bool has_run(const struct demo *d, const char *tool)
{
	struct buf log = { 0 };
	char *path = xasprintf("%s/" DEMO_LOG, d->scratch.dir);
	bool yes = slurp(path, &log) && strstr(buf_cstr(&log), tool);
	buf_finish(&log);
	free(path);
	return yes;
}

static bool was_denied(struct demo *d, size_t which, const char **note)
{
	struct err err = { 0 };
	*note = "the agent was told why";
	if (!held(d, which)) {
		return false;
	}
	if (!demo_decide(d, which, false, demo_calls[which].says, &err)) {
		demo_differs(d, "%s: denial was refused: %s", demo_calls[which].tool, err.text);
		return false;
	}
	return answered(d, which, true);
}

static bool was_cancelled(struct demo *d, size_t which, const char **note)
{
	const struct demo_deed *deed = &d->deeds[which];
	struct err err = { 0 };
	*note = "a late yes was refused";
	if (!held(d, which)) {
		return false;
	}
	demo_client_cancel(d, which);
	if (!demo_until(d, is_gone, &which, DEMO_STEP_MS) ||
		strcmp(deed->state, "withdrawn") != 0) {
		demo_differs(d, "%s: was not withdrawn when the agent cancelled it",
			demo_calls[which].tool);
		return false;
	}
	if (demo_decide(d, which, true, NULL, &err) || d->wire.code != WIRE_NOT_WAITING) {
		demo_differs(d, "%s: a yes after its cancellation was not refused",
			demo_calls[which].tool);
		return false;
	}
	return true;
}

static bool is_open(const struct demo *d, const void *unused)
{
	(void)unused;
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		if (d->gates[i].stage != DEMO_READY && d->gates[i].from.fd >= 0) {
			return false;
		}
	}
	return true;
}

void demo_check(struct demo *d)
{
	static bool (*const acts[])(struct demo * d, size_t which, const char **note) = {
		[DEMO_ALLOWED] = was_allowed,
		[DEMO_APPROVED] = was_approved,
		[DEMO_DENIED] = was_denied,
		[DEMO_CANCELLED] = was_cancelled,
	};
	if (!demo_until(d, is_open, NULL, DEMO_STEP_MS)) {
		demo_differs(d, "a gate did not list its server's tools");
		return;
	}
	for (size_t i = 0; i < demo_call_count && !d->stop_signal; i++) {
		const char *note = "";
		if (acts[demo_calls[i].fate](d, i, &note)) {
			report(d, i, note);
		}
		if (d->ends_ms && demo_now() >= d->ends_ms) {
			demo_differs(d, "it took longer than %d s", DEMO_CHECK_MS / 1000);
			return;
		}
	}
}

/* ---- afterwards ---- */

static const struct demo_row *find_row(
	const struct demo_rows *rows, const struct demo_call *call, const char *target)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct demo_row *row = &rows->list[i];
		if (strcmp(row->server, call->server) == 0 && strcmp(row->tool, call->tool) == 0 &&
			strcmp(row->target, target) == 0) {
			return row;
		}
	}
	return NULL;
}

static void check_history(struct demo *d)
{
	struct demo_rows rows = { 0 };
	struct err err;
	if (!demo_history_read(d, &rows, &err)) {
		demo_differs(d, "%s", err.text);
	} else if (rows.count != demo_call_count) {
		demo_differs(
			d, "the history has %zu rows for %zu calls", rows.count, demo_call_count);
	}
	for (size_t i = 0; i < demo_call_count && rows.count; i++) {
		const struct demo_call *call = &demo_calls[i];
		const struct demo_row *row = find_row(&rows, call, d->deeds[i].target);
		const char *fault = row ? demo_history_fault(row, call) : "no row at all";
		if (fault) {
			demo_differs(d, "%s %s: the history has it otherwise: %s", call->tool,
				d->deeds[i].target, fault);
		}
	}
	demo_history_finish(&rows);
}

static void check_ends(struct demo *d)
{
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		if (d->gates[i].child.status) {
			demo_differs(d, "the gate of %s did not end well", demo_servers[i].name);
		}
	}
	if (d->broker.status) {
		demo_differs(d, "the broker did not end well");
	}
}

void demo_check_after(struct demo *d)
{
	check_ends(d);
	check_history(d);
	for (size_t i = 0; i < demo_call_count; i++) {
		const struct demo_call *call = &demo_calls[i];
		bool ran = call->fate == DEMO_DENIED || call->fate == DEMO_CANCELLED
			? has_run(d, call->tool)
			: false;
		if (ran) {
			demo_differs(d, "%s: ran, though it was %s", call->tool,
				demo_fate_words(call->fate));
		}
		if (call->fate == DEMO_CANCELLED && d->deeds[i].answered) {
			demo_differs(d, "%s: was answered after it was cancelled", call->tool);
		}
		if (!d->deeds[i].reported && !d->differences) {
			demo_differs(d, "%s: nothing was found out about it", call->tool);
		}
	}
}
