/*
 * The tools of the stub server. The first ones bear the names of server-filesystem's and do what
 * they say, without any check of the path: what is not to happen has to be stopped by the gate. The
 * others misbehave on request.
 */
#include "config.h"

#include "tests/e2e/pick.h"
#include "tests/e2e/stub.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void read_file(struct stub *s, const struct call *c)
{
	(void)s;
	struct buf text = { 0 };
	int fd = open(pick_text(c->arguments, "path"), O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 0;
	while (n >= 0) {
		buf_room(&text, 65536);
		n = read(fd, text.data + text.len, 65536);
		if (n <= 0) {
			break;
		}
		text.len += (size_t)n;
	}
	stub_result(c, fd < 0 ? strerror(errno) : buf_cstr(&text), fd < 0);
	if (fd >= 0) {
		close(fd);
	}
	buf_finish(&text);
}

static void write_file(struct stub *s, const struct call *c)
{
	(void)s;
	const char *content = pick_text(c->arguments, "content");
	size_t len = strlen(content);
	int fd = open(
		pick_text(c->arguments, "path"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool ok = fd >= 0 && write(fd, content, len) == (ssize_t)len;
	stub_result(c, ok ? "written" : strerror(errno), !ok);
	if (fd >= 0) {
		close(fd);
	}
}

static void done(struct stub *s, const struct call *c)
{
	(void)s;
	stub_result(c, c->tool, false);
}

static void echo(struct stub *s, const struct call *c)
{
	(void)s;
	char *text = cJSON_PrintUnformatted(c->arguments);
	stub_result(c, text, false);
	free(text);
}

static void sleep_ms(struct stub *s, const struct call *c)
{
	stub_later(s, (int)pick_int(c->arguments, "ms"), stub_result_line(c, "slept", false));
}

static void big(struct stub *s, const struct call *c)
{
	(void)s;
	size_t size = (size_t)pick_int(c->arguments, "mib") << 20;
	char *text = xmalloc(size + 1);
	memset(text, 'x', size);
	text[size] = '\0';
	stub_result(c, text, false);
	free(text);
}

static void end_now(struct stub *s, const struct call *c)
{
	(void)s;
	int sig = (int)pick_int(c->arguments, "signal");
	if (sig > 0) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	exit((int)pick_int(c->arguments, "code"));
}

/* Bytes that are no JSON and no UTF-8, many lines of them. */
static void garbage(struct stub *s, const struct call *c)
{
	(void)s;
	static const char noise[] = "\x1b]0;title\x07 {\"jsonrpc\": \xff\xfe not json ]]]] \x01";
	for (int64_t i = pick_int(c->arguments, "lines"); i > 0; i--) {
		stub_raw(noise, sizeof noise - 1);
	}
	stub_result(c, "made noise", false);
}

/* Says "line" as it is, with $ID for the id of this call: an answer to somebody else's id, odd
 * spacing, anything. */
static void say(struct stub *s, const struct call *c)
{
	(void)s;
	struct buf out = { 0 };
	for (const char *at = pick_text(c->arguments, "line"); *at;) {
		bool id = strncmp(at, "$ID", 3) == 0;
		buf_add(&out, id ? c->id : at, id ? strlen(c->id) : 1);
		at += id ? 3 : 1;
	}
	stub_raw(out.data, out.len);
	buf_finish(&out);
}

static void say_and_end(struct stub *s, const struct call *c)
{
	say(s, c);
	stub_result(c, "said", false);
}

static void twice(struct stub *s, const struct call *c)
{
	(void)s;
	stub_result(c, "first", false);
	stub_result(c, "second", false);
}

static void ask(struct stub *s, const struct call *c)
{
	char *params = pick_copy(c->arguments, "params");
	stub_ask(s, c, pick_text(c->arguments, "method"), params);
	free(params);
}

/* `steps` notifications for the call's token at once, then the result. */
static void progress(struct stub *s, const struct call *c)
{
	(void)s;
	for (int64_t i = 1; c->token && i <= pick_int(c->arguments, "steps"); i++) {
		char *line = xasprintf(
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
			"{\"progressToken\":%s,\"progress\":%lld}}",
			c->token, (long long)i);
		stub_raw(line, strlen(line));
		free(line);
	}
	stub_result(c, "progressed", false);
}

static void hang(struct stub *s, const struct call *c)
{
	(void)s;
	(void)c;
}

/* name, properties, annotations, what it does */
static const struct tool {
	const char *name, *properties, *annotations;
	void (*run)(struct stub *s, const struct call *c);
} tools[] = {
#define PATH "\"path\":{\"type\":\"string\"}"
#define READS "\"readOnlyHint\":true"
#define WRITES "\"readOnlyHint\":false,\"destructiveHint\":true"
	{ "read_text_file", PATH ",\"head\":{\"type\":\"number\"},\"tail\":{\"type\":\"number\"}",
		READS, read_file },
	{ "read_file", PATH, READS, read_file },
	{ "write_file", PATH ",\"content\":{\"type\":\"string\"}", WRITES, write_file },
	{ "edit_file", PATH ",\"edits\":{\"type\":\"array\"}", WRITES, done },
	{ "create_directory", PATH, WRITES, done },
	{ "list_directory", PATH, READS, done },
	{ "directory_tree", PATH, READS, done },
	{ "move_file", "\"source\":{\"type\":\"string\"},\"destination\":{\"type\":\"string\"}",
		WRITES, done },
	{ "search_files", PATH ",\"pattern\":{\"type\":\"string\"}", READS, done },
	{ "get_file_info", PATH, READS, done },
	{ "list_allowed_directories", "", READS, done },
	{ "echo", "", READS, echo },
	{ "sleep", "\"ms\":{\"type\":\"integer\"}", READS, sleep_ms },
	{ "big", "\"mib\":{\"type\":\"integer\"}", READS, big },
	{ "exit", "\"code\":{\"type\":\"integer\"}", "", end_now },
	{ "garbage", "\"lines\":{\"type\":\"integer\"}", "", garbage },
	{ "say", "\"line\":{\"type\":\"string\"}", "", say },
	{ "say_and_end", "\"line\":{\"type\":\"string\"}", "", say_and_end },
	{ "twice", "", "", twice },
	{ "ask", "\"method\":{\"type\":\"string\"}", "", ask },
	{ "progress", "\"steps\":{\"type\":\"integer\"}", "", progress },
	{ "hang", "", "", hang },
#undef PATH
#undef READS
#undef WRITES
};

void stub_call(struct stub *s, const struct call *call)
{
	for (size_t i = 0; i < COUNT_OF(tools); i++) {
		if (strcmp(tools[i].name, call->tool) == 0) {
			tools[i].run(s, call);
			return;
		}
	}
	stub_result(call, "no such tool", true);
}

void stub_list(struct stub *s, int from, struct buf *out)
{
	int end = (int)COUNT_OF(tools), page = s->option.page;
	if (page > 0 && from + page < end) {
		end = from + page;
	}
	buf_text(out, "\"tools\":[");
	for (int i = from; i < end; i++) {
		buf_printf(out,
			"%s{\"name\":\"%s\",\"description\":\"The tool %s, list "
			"%d\",\"inputSchema\":"
			"{\"type\":\"object\",\"properties\":{%s}},\"annotations\":{%s}}",
			i == from ? "" : ",", tools[i].name, tools[i].name,
			s->option.changing ? s->lists : 0, tools[i].properties,
			tools[i].annotations);
	}
	buf_char(out, ']');
	if (end < (int)COUNT_OF(tools)) {
		buf_printf(out, ",\"nextCursor\":\"%d\"", end);
	} else {
		s->lists++;
	}
}
