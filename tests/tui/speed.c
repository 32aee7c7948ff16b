/* The clock is read when bytes come, before the terminal is drawn. */
#include "config.h"

#include "tests/tui/speed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	STILL_MS = 40 /* no byte for so long: the frame is through */,
	BOUND_MS = 5000,
	NEWCOMERS = 1000000 /* their first number */
};

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void add_call(struct buf *out, size_t n)
{
	buf_printf(out,
		"%s{\"call\":\"c-%zu\",\"number\":%zu,\"revision\":1,\"kind\":\"call\","
		"\"state\":\"held\",\"method\":\"tools/call\",\"server\":\"filesystem\","
		"\"profile\":\"filesystem\",\"toward\":\"server\",\"client\":{\"name\":"
		"\"claude-code\",\"version\":\"2.1.0\",\"pid\":4121},\"risk\":\"%s\",\"rule\":"
		"\"built-in: writes are held\",\"reason\":\"writes a file\",\"arrived\":"
		"4700000000000,\"deadline\":null,\"cwd\":\"/w/demo\",\"branch\":\"main\","
		"\"bytes\":\"00\",\"said\":null,\"tool\":\"write_file\",\"effects\":[{\"kind\":"
		"\"write\",\"arg\":\"path\",\"given\":\"src/file-%zu.c\",\"path\":\"/w/demo/src/"
		"file-%zu.c\",\"inside\":true,\"state\":\"file\",\"links\":1}]}",
		n > 1 ? "," : "", n, n, n % 7 ? "medium" : "high", n, n);
}

char *speed_call(size_t number)
{
	struct buf out = { 0 };
	add_call(&out, number);
	char *text = xstrdup(buf_cstr(&out) + (number > 1)); /* without the comma before it */
	buf_finish(&out);
	return text;
}

char *speed_snapshot(size_t calls)
{
	struct buf out = { 0 };
	buf_text(&out, "{\"items\":[");
	for (size_t i = 1; i <= calls; i++) {
		add_call(&out, i);
	}
	buf_text(&out,
		"],\"counters\":{},\"broker\":{\"pid\":1,\"version\":\"0\",\"root\":null,"
		"\"trouble\":null}}");
	char *text = span_dup(buf_view(&out));
	buf_finish(&out);
	return text;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static struct speed speed_of(double *ms, size_t times)
{
	qsort(ms, times, sizeof(*ms), by_size);
	struct speed speed = { ms[times / 2], ms[times * 95 / 100], ms[times - 1] };
	free(ms);
	return speed;
}

struct speed speed_start(const struct speed_start *start, size_t times)
{
	double *ms = xcalloc(times, sizeof(*ms));
	for (size_t i = 0; i < times; i++) {
		if (start->before) {
			start->before(start->data);
		}
		int64_t began = now_us();
		struct vt *vt = vt_start(start->options, start->snapshot, NULL);
		bool there = vt_wait(vt, start->text, BOUND_MS);
		ms[i] = there ? (double)(vt->output_us - began) / 1000 : BOUND_MS;
		vt_stop(vt);
	}
	return speed_of(ms, times);
}

/* Until nothing came for a while. */
static void be_still(struct vt *vt)
{
	for (size_t had = vt->raw.len + 1; had != vt->raw.len;) {
		had = vt->raw.len;
		vt_pump(vt, STILL_MS);
	}
}

static double press(struct vt *vt, const char *key)
{
	size_t had = vt->raw.len;
	int64_t began = now_us();
	vt_send(vt, key);
	if (!vt_wait_count(vt, &vt->raw.len, had + 1, BOUND_MS)) {
		return BOUND_MS;
	}
	be_still(vt);
	return (double)(vt->output_us - began) / 1000;
}

struct speed speed_keys(struct vt *vt, const char *const *keys, size_t count, size_t times)
{
	double *ms = xcalloc(times, sizeof(*ms));
	be_still(vt);
	for (size_t i = 0; i < times; i++) {
		ms[i] = press(vt, keys[i % count]);
	}
	return speed_of(ms, times);
}

static int64_t switches_of(pid_t pid)
{
	static const char name[] = "voluntary_ctxt_switches:";
	char *path = xasprintf("/proc/%d/status", (int)pid), line[256];
	FILE *file = fopen(path, "r");
	int64_t count = -1;
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, sizeof(name) - 1) == 0) {
			count = strtoll(line + sizeof(name) - 1, NULL, 10);
		}
	}
	if (file) {
		fclose(file);
	}
	free(path);
	return count;
}

int64_t speed_wakes(struct vt *vt, pid_t pid, int ms)
{
	be_still(vt);
	int64_t before = switches_of(pid);
	vt_pump(vt, ms);
	return switches_of(pid) - before;
}

static size_t times_in(struct span raw, const char *text)
{
	size_t count = 0, n = strlen(text);
	for (const char *at = raw.at, *end = raw.at + raw.len;
		(at = memmem(at, (size_t)(end - at), text, n)); at += n) {
		count++;
	}
	return count;
}

/* The title says how many wait, and is written with the frame that does. */
size_t speed_frames(struct vt *vt, size_t count, int gap_ms, double *took)
{
	static const char title[] = "\033]2;bascule";
	be_still(vt);
	size_t before = times_in(buf_view(&vt->raw), title);
	int64_t began = now_us();
	for (size_t i = 0; i < count; i++) {
		char *item = speed_call(NEWCOMERS + i);
		wire_tell(&vt->wire, "item", item);
		free(item);
		vt_pump(vt, gap_ms);
	}
	*took = (double)(now_us() - began) / 1000;
	be_still(vt);
	return times_in(buf_view(&vt->raw), title) - before;
}
