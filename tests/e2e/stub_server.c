/*
 * An MCP server over stdio for the tests, of either era or both. It keeps a log of every line it
 * receives, byte for byte: the proof of what reached a server. It is quick to start, strict about
 * nothing, and misbehaves on request.
 *
 * Options: --log FILE, --era legacy|modern|both, --page N, --burst N, --changing, --silent-list,
 * --stubborn, --noise,
 * --exit-first CODE.
 */
#include "config.h"

#include "tests/e2e/pick.h"
#include "tests/e2e/stub.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t stub_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void put(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(1, bytes, len);
		if (n < 0 && errno != EINTR) {
			exit(3);
		}
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

void stub_raw(const char *line, size_t len)
{
	char *copy = xmalloc(len + 1);
	memcpy(copy, line, len);
	copy[len] = '\n';
	put(copy, len + 1);
	free(copy);
}

/* Key order as of the TypeScript servers: the id comes last. */
char *stub_result_line(const struct call *call, const char *text, bool is_error)
{
	cJSON *string = cJSON_CreateString(text);
	char *quoted = cJSON_PrintUnformatted(string);
	char *line = xasprintf("{\"result\":{%s\"content\":[{\"type\":\"text\",\"text\":%s}]%s},"
			       "\"jsonrpc\":\"2.0\","
			       "\"id\":%s}",
		call->modern ? "\"resultType\":\"complete\"," : "", quoted,
		is_error ? ",\"isError\":true" : "", call->id);
	free(quoted);
	cJSON_Delete(string);
	return line;
}

void stub_result(const struct call *call, const char *text, bool is_error)
{
	char *line = stub_result_line(call, text, is_error);
	stub_raw(line, strlen(line));
	free(line);
}

void stub_later(struct stub *s, int ms, char *line)
{
	for (size_t i = 0; i < STUB_TIMERS; i++) {
		if (!s->timer[i].line) {
			s->timer[i].due_ms = stub_now_ms() + ms;
			s->timer[i].line = line;
			return;
		}
	}
	free(line);
}

static void answer(const char *id, const char *kind, const char *body)
{
	char *line = xasprintf("{\"%s\":%s,\"jsonrpc\":\"2.0\",\"id\":%s}", kind, body, id);
	stub_raw(line, strlen(line));
	free(line);
}

void stub_ask(struct stub *s, const struct call *call, const char *method, const char *params)
{
	for (size_t i = 0; i < STUB_ASKS; i++) {
		if (!s->ask[i].call.id) {
			s->ask[i].call = *call;
			s->ask[i].call.id = xstrdup(call->id);
			s->ask[i].call.token = NULL;
			char *line = xasprintf(
				"{\"method\":\"%s\",\"params\":%s,\"jsonrpc\":\"2.0\",\"id\":%zu}",
				method, params, i);
			stub_raw(line, strlen(line));
			free(line);
			return;
		}
	}
	stub_result(call, "too many questions are open", true);
}

/* The client has answered: the call that asked is answered with that answer's own bytes. */
static void take_response(struct stub *s, const cJSON *json, struct span raw)
{
	int64_t i = pick_int(json, "id");
	if (i >= 0 && i < STUB_ASKS && s->ask[i].call.id) {
		char *text = span_dup(raw);
		stub_result(&s->ask[i].call, text, false);
		free(text);
		free(s->ask[i].call.id);
		s->ask[i].call.id = NULL;
	}
}

#define SERVER_INFO "{\"name\":\"stub\",\"version\":\"1.0\"}"

static void initialize(struct stub *s, const char *id, const cJSON *json)
{
	if (strcmp(s->option.era, "modern") == 0) {
		answer(id, "error", "{\"code\":-32601,\"message\":\"Method not found\"}");
		return;
	}
	char *body = xasprintf(
		"{\"protocolVersion\":\"%s\",\"capabilities\":{\"tools\":{\"listChanged\":true}},"
		"\"serverInfo\":" SERVER_INFO "}",
		pick_text(json, "params.protocolVersion"));
	answer(id, "result", body);
	free(body);
}

static void discover(struct stub *s, const char *id, const cJSON *json)
{
	(void)json;
	if (strcmp(s->option.era, "legacy") == 0) {
		answer(id, "error", "{\"code\":-32601,\"message\":\"Method not found\"}");
		return;
	}
	answer(id, "result",
		"{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],"
		"\"capabilities\":"
		"{\"tools\":{\"listChanged\":true}},\"serverInfo\":" SERVER_INFO
		",\"ttlMs\":0,\"cacheScope\":\"private\"}");
}

static bool is_modern(const cJSON *json)
{
	const cJSON *meta = pick(json, "params._meta");
	const cJSON *version = cJSON_GetObjectItemCaseSensitive(
		meta, "io.modelcontextprotocol/protocolVersion");
	return cJSON_IsString(version) && strcmp(version->valuestring, "2026-07-28") >= 0;
}

static void list(struct stub *s, const char *id, const cJSON *json)
{
	struct buf body = { 0 };
	if (s->option.silent_list) {
		return;
	}
	buf_char(&body, '{');
	stub_list(s, atoi(pick_text(json, "params.cursor")), &body);
	if (is_modern(json)) {
		buf_text(&body,
			",\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"");
	}
	buf_char(&body, '}');
	answer(id, "result", buf_cstr(&body));
	buf_finish(&body);
}

static void ping(struct stub *s, const char *id, const cJSON *json)
{
	(void)s;
	(void)json;
	answer(id, "result", "{}");
}

static void burst(struct stub *s, const char *id, const cJSON *json)
{
	(void)id;
	(void)json;
	for (int i = 0; i < s->option.burst; i++) {
		static const char line[] =
			"{\"method\":\"notifications/tools/list_changed\",\"jsonrpc\":\"2.0\"}";
		stub_raw(line, sizeof line - 1);
	}
}

/* method, is it a request? */
static const struct method {
	const char *name;
	bool request;
	void (*run)(struct stub *s, const char *id, const cJSON *json);
} methods[] = {
	{ "initialize", true, initialize },
	{ "server/discover", true, discover },
	{ "tools/list", true, list },
	{ "ping", true, ping },
	{ "notifications/initialized", false, burst },
};

static void call_tool(struct stub *s, char *id, const cJSON *json, struct span raw)
{
	struct call call = { .id = id,
		.tool = pick_text(json, "params.name"),
		.modern = is_modern(json),
		.arguments = pick(json, "params.arguments"),
		.token = NULL };
	struct span token = pick_raw(raw, "params._meta.progressToken");
	call.token = token.at ? span_dup(token) : NULL;
	stub_call(s, &call);
	free(call.token);
}

static void dispatch(struct stub *s, const cJSON *json, struct span raw)
{
	const char *name = pick_text(json, "method");
	struct span raw_id = pick_raw(raw, "id");
	char *id = raw_id.at ? span_dup(raw_id) : NULL;
	if (!*name) {
		take_response(s, json, raw);
	} else if (strcmp(name, "tools/call") == 0 && id) {
		call_tool(s, id, json, raw);
	} else {
		size_t i = 0;
		while (i < COUNT_OF(methods) && strcmp(methods[i].name, name) != 0) {
			i++;
		}
		if (i < COUNT_OF(methods) && methods[i].request == (id != NULL)) {
			methods[i].run(s, id, json);
		} else if (id) {
			answer(id, "error", "{\"code\":-32601,\"message\":\"Method not found\"}");
		}
	}
	free(id);
}

static void take_line(struct stub *s, struct span line)
{
	if (s->log >= 0 && write(s->log, line.at, line.len + 1) < 0) {
		exit(3);
	}
	if (s->option.exit_first >= 0) {
		exit(s->option.exit_first);
	}
	cJSON *json = cJSON_ParseWithLength(line.at, line.len);
	if (json) {
		dispatch(s, json, line);
		cJSON_Delete(json);
	}
}

/* False at the end of input. */
static bool take_input(struct stub *s)
{
	buf_room(&s->in, 1 << 16);
	ssize_t n = read(0, s->in.data + s->in.len, 1 << 16);
	if (n <= 0) {
		return n < 0 && errno == EINTR;
	}
	s->in.len += (size_t)n;
	char *end;
	while ((end = memchr(s->in.data, '\n', s->in.len))) {
		take_line(s, (struct span){ s->in.data, (size_t)(end - s->in.data) });
		buf_drop(&s->in, (size_t)(end - s->in.data) + 1);
	}
	return true;
}

/* Says what is due; milliseconds to the next, -1 if nothing waits. */
static int run_timers(struct stub *s)
{
	int64_t now = stub_now_ms(), next = -1;
	for (size_t i = 0; i < STUB_TIMERS; i++) {
		if (s->timer[i].line && s->timer[i].due_ms <= now) {
			stub_raw(s->timer[i].line, strlen(s->timer[i].line));
			free(s->timer[i].line);
			s->timer[i].line = NULL;
		} else if (s->timer[i].line && (next < 0 || s->timer[i].due_ms - now < next)) {
			next = s->timer[i].due_ms - now;
		}
	}
	return (int)next;
}

static void serve(struct stub *s)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	while (in.fd >= 0 || s->option.stubborn) {
		int wait = run_timers(s);
		if (poll(&in, 1, wait) > 0 && !take_input(s)) {
			in.fd = -1;
		}
	}
}

static const struct option options[] = {
	{ "log", required_argument, NULL, 'l' },
	{ "era", required_argument, NULL, 'e' },
	{ "page", required_argument, NULL, 'p' },
	{ "burst", required_argument, NULL, 'b' },
	{ "changing", no_argument, NULL, 'c' },
	{ "silent-list", no_argument, NULL, 'q' },
	{ "stubborn", no_argument, NULL, 's' },
	{ "noise", no_argument, NULL, 'n' },
	{ "exit-first", required_argument, NULL, 'x' },
	{ NULL, 0, NULL, 0 },
};

static void parse(int argc, char **argv, struct stub_option *o)
{
	int c;
	*o = (struct stub_option){ .era = "both", .exit_first = -1 };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l':
			o->log = optarg;
			break;
		case 'e':
			o->era = optarg;
			break;
		case 'p':
			o->page = atoi(optarg);
			break;
		case 'b':
			o->burst = atoi(optarg);
			break;
		case 'c':
			o->changing = true;
			break;
		case 'q':
			o->silent_list = true;
			break;
		case 's':
			o->stubborn = true;
			break;
		case 'n':
			o->noise = true;
			break;
		case 'x':
			o->exit_first = atoi(optarg);
			break;
		default:
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	static struct stub s;
	parse(argc, argv, &s.option);
	s.log = s.option.log ? open(s.option.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
			     : -1;
	if (s.option.stubborn) {
		signal(SIGTERM, SIG_IGN);
	}
	if (s.option.noise) {
		stub_raw("welcome to the stub \xff", 21);
	}
	fprintf(stderr, "stub server ready\n");
	serve(&s);
	buf_finish(&s.in);
	return 0;
}
