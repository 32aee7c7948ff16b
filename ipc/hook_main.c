/*
 * bascule hook AGENT: one call of an agent's own tools, between the agent's hook and the broker.
 *
 * The agent's JSON becomes a tools/call that a gate in this process carries between two ends which
 * are both ours: what arrives at the server's end may run, and with these arguments; what comes
 * back at the client's end is why not. Facts, rules, queue and history are the gate's.
 *
 * Promises: there is always an answer, in the form that blocks where it is a no, and before the
 * agent's own time limit; an allow is said once, after it was recorded, and never if anything went
 * wrong; who is killed leaves nothing waiting.
 */
#include "config.h"

#include "ipc/hook_main.h"

#include "core/caller.h"
#include "core/diag.h"
#include "core/hook.h"
#include "core/hook_plugin.h"
#include "core/jsonw.h"
#include "core/rewrite.h"
#include "core/rpc.h"
#include "ipc/gate.h"
#include "ipc/log.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	GATE_NEVER_S = 604800, /* longer than any limit of ours */
	MARGIN_S = 5, /* our own limit ends so long before the agent's */
	LAST_MS = 500, /* for what the broker is still to be told */
};

struct hook {
	struct gate gate; /* first: what the gate hands back is this */
	const struct hook_form *form;
	struct hook_call call;
	struct buf input, arguments; /* arguments: the call's, in one line */
	struct stream *asks, *told; /* the client's end: what we write and read there */
	struct stream *serves, *answers; /* the server's: read and write */
	uv_timer_t limit, last;
	uv_signal_t signals[3];
	char *argv[4]; /* what it claims to be */
	bool answered;
	int code;
};

/* ---- the answer ---- */

static bool write_all(int fd, struct span text)
{
	while (text.len) {
		ssize_t n = write(fd, text.at, text.len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		if (n > 0) {
			text = (struct span){ text.at + n, text.len - (size_t)n };
		}
	}
	return true;
}

/* Both streams, then the code. What could not be written whole is no allow. */
static int put(struct buf *out, struct buf *err, int code)
{
	bool good = write_all(STDERR_FILENO, buf_view(err)) &&
		write_all(STDOUT_FILENO, buf_view(out));
	buf_finish(out);
	buf_finish(err);
	return good ? code : HOOK_EXIT_DENY;
}

static void answer(struct hook *h, const struct hook_answer *answer)
{
	struct buf out = { 0 }, err = { 0 };
	if (!h->answered) {
		h->answered = true;
		int code = hook_say(h->form, &h->call, answer, &out, &err);
		h->code = put(&out, &err, code);
	}
}

static void deny(struct hook *h, struct span reason)
{
	answer(h, &(struct hook_answer){ .kind = HOOK_DENY, .reason = reason });
}

static int fail_with(struct hook *h, const char *reason)
{
	struct buf out = { 0 }, err = { 0 };
	int code = hook_failed(h ? h->form : NULL, h ? &h->call : NULL, reason, &out, &err);
	return put(&out, &err, code);
}

/* ---- the end ---- */

static void on_last(uv_timer_t *timer)
{
	struct hook *h = timer->data;
	uv_stop(h->gate.loop);
}

static void end(struct hook *h)
{
	struct gate *g = &h->gate;
	if (!g->ending) {
		g->ending = true;
		wire_goodbye(g->wire);
		turn_flush(&g->turn);
		uv_stop(g->loop);
	}
}

static void end_soon(struct hook *h)
{
	uv_timer_start(&h->last, on_last, LAST_MS, 0);
}

static void on_limit(uv_timer_t *timer)
{
	struct hook *h = timer->data;
	deny(h,
		SPAN("NOT executed: nobody answered before the hook's time limit. It waited in "
		     "bascule's queue; open a terminal and run: bascule. Then call again."));
	call_withdraw_all(&h->gate, "client_left", NULL);
	end(h);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct hook *h = handle->data;
	log_line("signal %d: the call is withdrawn", number);
	call_withdraw_all(&h->gate, "cancelled", NULL);
	deny(h, SPAN("NOT executed: the hook was ended"));
	end(h);
}

static void on_side_left(struct gate *g)
{
	(void)g; /* both are ours */
}

/* ---- the server's end: it may run ---- */

static void allow(struct hook *h, const struct message *m)
{
	bool edited = !span_same(m->arguments, buf_view(&h->arguments));
	answer(h,
		&(struct hook_answer){
			.kind = HOOK_ALLOW, .edited = edited ? m->arguments : (struct span){ 0 } });
}

/* The list of this server's tools: what the agent has is what it calls. Its profile knows the
 * arguments, no schema does. */
static void list(struct hook *h, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	jw_key(&w, "tools");
	jw_open(&w, '[');
	jw_open(&w, '{');
	jw_kv_text(&w, "name", h->call.tool);
	jw_close(&w, '}');
	jw_close(&w, ']');
	rpc_close(&w);
	stream_write_buf(h->answers, &line);
}

static void ran(struct hook *h, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	jw_key(&w, "content");
	jw_open(&w, '[');
	jw_close(&w, ']');
	rpc_close(&w);
	stream_write_buf(h->answers, &line);
	end_soon(h);
}

static void on_served(void *data, struct span line)
{
	struct hook *h = data;
	struct json_scan scan = { 0 };
	struct message m;
	message_parse(&m, &scan, line, METHOD_CLIENT);
	if (m.kind == MESSAGE_REQUEST && strcmp(m.method_name, "tools/list") == 0) {
		list(h, &m);
	} else if (m.kind == MESSAGE_REQUEST && strcmp(m.method_name, "tools/call") == 0) {
		allow(h, &m);
		ran(h, &m);
	}
	json_finish(&scan);
}

/* ---- the client's end: why not ---- */

static struct span words_of(struct span answer)
{
	struct span value = { 0 }, first = { 0 };
	if (json_member(answer, "error", &value)) {
		return json_member(value, "message", &first) ? first : value;
	}
	if (!json_member(answer, "result", &value) || !json_member(value, "content", &value) ||
		json_type(value) != JSON_ARRAY) {
		return (struct span){ 0 };
	}
	struct json_walk walk = json_walk_of(value);
	return json_next(&walk, NULL, &first) && json_member(first, "text", &value)
		? value
		: (struct span){ 0 };
}

static void on_told(void *data, struct span line)
{
	struct hook *h = data;
	struct json_scan scan = { 0 };
	struct span id = { 0 };
	int64_t number = 0;
	struct buf words = { 0 };
	if (json_validate(&scan, line, JSON_STRICT) && scan.type == JSON_OBJECT &&
		json_member(scan.value, "id", &id) && json_int(id, &number) && number == 1) {
		struct span text = words_of(scan.value);
		if (json_type(text) == JSON_STRING) {
			json_decode(text, &words);
		}
		deny(h, words.len ? buf_view(&words) : SPAN("NOT executed")); /* or it was said */
		end(h);
	}
	buf_finish(&words);
	json_finish(&scan);
}

/* ---- the call ---- */

/* A session of one call. */
static void greet(struct hook *h)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, SPAN("0"), "initialize");
	jw_kv_text(&w, "protocolVersion", "2025-11-25");
	jw_key(&w, "clientInfo");
	jw_open(&w, '{');
	jw_kv_text(&w, "name", h->form->profile);
	char *version = hook_version(h->form, getenv("AI_AGENT"));
	jw_kv_text(&w, "version", version);
	free(version);
	jw_close(&w, '}');
	rpc_close(&w);
	stream_write_buf(h->asks, &line);
	w = rpc_open(&line, (struct span){ 0 }, "notifications/initialized");
	rpc_close(&w);
	stream_write_buf(h->asks, &line);
}

/* What the agent says of itself beside this call. */
static void label(const struct hook *h, struct jsonw *w)
{
	const struct hook_call *call = &h->call;
	const struct caller caller = { .session = call->session,
		.turn = call->turn,
		.call_id = call->call_id,
		.agent_id = call->agent_id,
		.agent_type = call->agent_type,
		.model = call->model,
		.permission_mode = call->permission_mode };
	jw_key(w, "_meta");
	jw_open(w, '{');
	jw_key(w, CALLER_OWN);
	jw_open(w, '{');
	caller_write(&caller, w);
	jw_close(w, '}');
	jw_close(w, '}');
}

static void ask(struct hook *h)
{
	struct buf line = { 0 };
	greet(h);
	struct jsonw w = rpc_open(&line, SPAN("1"), "tools/call");
	jw_kv_text(&w, "name", h->call.tool);
	jw_kv_raw(&w, "arguments", buf_view(&h->arguments));
	label(h, &w);
	rpc_close(&w);
	stream_write_buf(h->asks, &line);
}

/* ---- the beginning ---- */

struct arguments {
	const char *root, *socket, *agent, *limit;
	char **scope;
	size_t scope_count;
	bool debug, plugin;
};

static bool parse_arguments(struct arguments *a, int argc, char **argv)
{
	enum { SCOPE = 1, SOCKET, ROOT, LIMIT, PLUGIN };
	static const struct option options[] = {
		{ "scope", required_argument, NULL, SCOPE },
		{ "socket", required_argument, NULL, SOCKET },
		{ "root", required_argument, NULL, ROOT },
		{ "limit", required_argument, NULL, LIMIT },
		{ "plugin", no_argument, NULL, PLUGIN },
		{ NULL, 0, NULL, 0 },
	};
	int c;
	while ((c = getopt_long(argc, argv, "v", options, NULL)) != -1) {
		switch (c) {
		case SCOPE:
			a->scope = xrealloc(a->scope, (a->scope_count + 1) * sizeof(*a->scope));
			a->scope[a->scope_count++] = optarg;
			break;
		case SOCKET:
			a->socket = optarg;
			break;
		case ROOT:
			a->root = optarg;
			break;
		case LIMIT:
			a->limit = optarg;
			break;
		case PLUGIN:
			a->plugin = true;
			break;
		case 'v':
			a->debug = true;
			break;
		default:
			return false;
		}
	}
	a->agent = argv[optind];
	return optind + 1 == argc;
}

static bool read_input(struct buf *input)
{
	ssize_t n = 1;
	while (n > 0 && input->len <= HOOK_INPUT_MAX) {
		buf_room(input, 65536);
		n = read(STDIN_FILENO, input->data + input->len, 65536);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		input->len += n > 0 ? (size_t)n : 0;
	}
	return n == 0;
}

/* Milliseconds until our own no; 0: cannot be. */
static uint64_t limit_of(const struct arguments *a, const struct hook_form *form)
{
	char *stop = NULL;
	long said = a->limit ? strtol(a->limit, &stop, 10) : (long)form->limit_ms / 1000;
	if (a->limit && (stop == a->limit || *stop)) {
		return 0;
	}
	if (!a->limit && !said) {
		said = GATE_NEVER_S; /* it waits for ever */
	}
	return said > MARGIN_S && said <= GATE_NEVER_S ? (uint64_t)(said - MARGIN_S) * 1000 : 0;
}

/* Both ends in this process: pipes, because the gate reads and writes different descriptors. */
static bool open_ends(int ours[4], struct gate_ends *ends, struct err *err)
{
	int pipes[4][2];
	for (int i = 0; i < 4; i++) {
		if (pipe2(pipes[i], O_CLOEXEC) != 0) {
			return fail(err, DIAG_NONE, "no pipe: %s", strerror(errno));
		}
	}
	*ends = (struct gate_ends){ .client_in = pipes[0][0],
		.client_out = pipes[1][1],
		.server_in = pipes[2][1],
		.server_out = pipes[3][0] };
	ours[0] = pipes[0][1];
	ours[1] = pipes[1][0];
	ours[2] = pipes[2][0];
	ours[3] = pipes[3][1];
	return true;
}

static bool open_ours(struct hook *h, const int ours[4], struct err *err)
{
	static const struct stream_calls told = { .on_line = on_told },
					 served = { .on_line = on_served }, sink = { 0 };
	static const struct stream_options lines = { GATE_CLIENT_CAP, STREAM_SKIP },
					   none = { 0, STREAM_SKIP };
	struct gate *g = &h->gate;
	h->asks = stream_create(&g->turn, g->loop, ours[0], &none, &sink, h, err);
	h->told = h->asks ? stream_create(&g->turn, g->loop, ours[1], &lines, &told, h, err) : NULL;
	h->serves = h->told ? stream_create(&g->turn, g->loop, ours[2], &lines, &served, h, err)
			    : NULL;
	h->answers = h->serves ? stream_create(&g->turn, g->loop, ours[3], &none, &sink, h, err)
			       : NULL;
	if (h->answers) {
		stream_start(h->told);
		stream_start(h->serves);
	}
	return h->answers != NULL;
}

static bool begin(struct hook *h, const struct arguments *a, struct err *err)
{
	static const struct gate_host host = { on_side_left, on_side_left };
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	struct gate_setup setup = { .name = h->form->name,
		.profile = h->form->profile,
		.socket = a->socket,
		.session = h->call.session,
		.scope = a->scope,
		.scope_count = a->scope_count,
		.argv = h->argv,
		.host = &host };
	int ours[4] = { -1, -1, -1, -1 };
	if (!open_ends(ours, &setup.ends, err) || !gate_begin(&h->gate, &setup, err) ||
		!open_ours(h, ours, err)) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		uv_signal_init(h->gate.loop, &h->signals[i]);
		h->signals[i].data = h;
		uv_signal_start(&h->signals[i], on_signal, numbers[i]);
	}
	uv_timer_init(h->gate.loop, &h->limit);
	uv_timer_init(h->gate.loop, &h->last);
	h->limit.data = h->last.data = h;
	uv_timer_start(&h->limit, on_limit, limit_of(a, h->form), 0);
	return true;
}

/* ---- the program ---- */

static bool load(
	struct paths *paths, struct config *config, const struct arguments *a, struct err *err)
{
	struct err ignored = { 0 };
	char limit[32];
	if (!paths_init(paths, a->root, err)) {
		return false;
	}
	if (!config_load(config, paths, &ignored)) {
		log_line("%s", ignored.text); /* the values in force are usable all the same */
	}
	/* the client's end has no limit of its own: ours comes first */
	snprintf(limit, sizeof(limit), "%d", GATE_NEVER_S);
	paths_prepare(paths, &ignored);
	log_open(paths->log, "hook",
		a->debug || strcmp(config->text[OPTION_LOG_LEVEL], "debug") == 0);
	return config_set(config, OPTION_GATE_HOLD_MAX, limit, err);
}

static void name_ourselves(struct hook *h)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	h->argv[0] = xstrdup(n > 0 ? path : "bascule");
	h->argv[1] = xstrdup("hook");
	h->argv[2] = xstrdup(h->form->name);
}

static int carry(struct hook *h, const struct arguments *a)
{
	struct paths paths = { 0 };
	struct config config = { 0 };
	struct err err = { 0 };
	uv_loop_t loop;
	uv_loop_init(&loop);
	h->gate.loop = &loop;
	h->gate.paths = &paths;
	h->gate.config = &config;
	name_ourselves(h);
	if (load(&paths, &config, a, &err) && begin(h, a, &err)) {
		ask(h);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	/* nothing is freed on purpose: the answer is out, and the agent waits for our end */
	if (!h->answered) {
		deny(h, err.text[0] ? span_of(err.text) : SPAN("NOT executed"));
	}
	return h->code;
}

static int judge(struct hook *h, const struct arguments *a)
{
	struct err err = { 0 };
	if (!read_input(&h->input)) {
		return fail_with(h, "the call cannot be read, or is too long");
	}
	if (!hook_read(h->form, &h->call, buf_view(&h->input), &err)) {
		return fail_with(h, err.text);
	}
	if (h->call.event == HOOK_OTHER) {
		answer(h, &(struct hook_answer){ .kind = HOOK_NO_OPINION });
		return h->code;
	}
	if (chdir(h->call.cwd) != 0) {
		return fail_with(h, "its working directory cannot be entered");
	}
	rewrite_close(h->call.arguments, &h->arguments);
	return carry(h, a);
}

/* The file by which opencode starts us with the options that we were given. */
static int print_plugin(const struct arguments *a)
{
	const char **argv = xcalloc(11 + 2 * a->scope_count, sizeof(*argv));
	const struct {
		const char *name, *value;
	} options[] = { { "--root", a->root }, { "--socket", a->socket }, { "--limit", a->limit } };
	size_t count = 0;
	argv[count++] = paths_program("bascule");
	argv[count++] = "hook";
	argv[count++] = a->agent;
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		if (options[i].value) {
			argv[count++] = options[i].name;
			argv[count++] = options[i].value;
		}
	}
	for (size_t i = 0; i < a->scope_count; i++) {
		argv[count++] = "--scope";
		argv[count++] = a->scope[i];
	}
	struct buf text = { 0 }, none = { 0 };
	struct err err = { 0 };
	return hook_opencode_plugin(argv, &text, &err) ? put(&text, &none, 0)
						       : fail_with(NULL, err.text);
}

int hook_main(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct hook h = { .code = HOOK_EXIT_DENY };
	signal(SIGPIPE, SIG_IGN);
	if (!parse_arguments(&a, argc, argv)) {
		return fail_with(
			&h, "usage: bascule hook AGENT [--limit SECONDS] [--scope DIR]...");
	}
	h.form = hook_find(span_of(a.agent));
	if (!h.form) {
		return fail_with(&h, "bascule knows no hooks of that agent");
	}
	if (a.plugin) {
		return strcmp(h.form->name, "opencode") == 0
			? print_plugin(&a)
			: fail_with(&h, "--plugin: only opencode takes one; others run a command");
	}
	return limit_of(&a, h.form) ? judge(&h, &a)
				    : fail_with(&h, "--limit: expected 6 to 604800 seconds");
}
