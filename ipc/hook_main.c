/*
 * bascule hook AGENT: one call of an agent's own tools, between the agent's hook and the broker.
 *
 * The agent's JSON becomes a call that carry.c brings to the broker and back: facts, rules, queue
 * and history are those of any call.
 *
 * Promises: there is always an answer, in the form that blocks where it is a no, and before the
 * agent's own time limit; an allow is said once, after it was recorded, and never if anything went
 * wrong; who is killed leaves nothing waiting.
 */
#include "config.h"

#include "ipc/hook_main.h"

#include "core/hook.h"
#include "core/hook_plugin.h"
#include "core/rewrite.h"
#include "ipc/carry.h"
#include "ipc/facts.h"
#include "ipc/last_word.h"
#include "ipc/log.h"
#include "ipc/scope.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	MARGIN_S = 5, /* our own limit ends so long before the agent's */
	LATE_S = 4, /* and what is left to be said by then so long */
	LAST_MS = 500, /* for what the broker is still to be told */
};

struct hook {
	struct carry *carry;
	const struct hook_form *form;
	struct hook_call call;
	struct buf input;
	struct buf arguments; /* the call's, in one line */
	struct buf plain; /* without what only this event has; empty: it has nothing */
	char *project; /* where the session is at home; NULL: where the call is */
	uv_loop_t loop;
	uv_timer_t limit, last;
	uv_signal_t signals[4];
	uv_poll_t reader;
	struct last_word *last_word;
	uint64_t began_ms; /* as of uv_hrtime */
	bool answered;
	int code;
};

/* ---- the answer ---- */

/* What could not be written whole is no allow. Takes the content of both. */
static int put(struct hook *h, struct buf *out, struct buf *err, int code)
{
	int said = last_word_write(buf_view(out), buf_view(err), code);
	last_word_said(h->last_word, said);
	buf_finish(out);
	buf_finish(err);
	return said;
}

/* True: the agent was told just this. */
static bool answer(struct hook *h, const struct hook_answer *answer)
{
	struct buf out = { 0 }, err = { 0 };
	if (!last_word_take(h->last_word)) {
		return false;
	}
	h->answered = true;
	int code = hook_say(h->form, &h->call, answer, &out, &err);
	h->code = put(h, &out, &err, code);
	return h->code == 0 && answer->kind == HOOK_ALLOW;
}

static void deny(struct hook *h, struct span reason)
{
	answer(h, &(struct hook_answer){ .kind = HOOK_DENY, .reason = reason });
}

static int fail_with(struct hook *h, const char *reason)
{
	struct buf out = { 0 }, err = { 0 };
	if (last_word_take(h->last_word)) {
		int code = hook_failed(h->form, &h->call, reason, &out, &err);
		h->code = put(h, &out, &err, code);
	}
	return h->code;
}

/* The no that is said for us, in the words of the call as far as it is known. */
static void prepare_last_word(struct hook *h)
{
	struct buf out = { 0 }, err = { 0 };
	int code = hook_failed(h->form, &h->call,
		"NOT executed: its hook got no answer in time. Call again, or run: bascule doctor",
		&out, &err);
	last_word_change(h->last_word, &out, &err, code);
}

/* ---- the end ---- */

static void on_last(uv_timer_t *timer)
{
	struct hook *h = timer->data;
	uv_stop(&h->loop);
}

static void on_limit(uv_timer_t *timer)
{
	struct hook *h = timer->data;
	deny(h,
		SPAN("NOT executed: nobody answered before the hook's time limit. It waited in "
		     "bascule's queue; open a terminal and run: bascule. Then call again."));
	carry_withdraw_all(h->carry, "client_left");
	carry_end(h->carry);
}

static void withdraw(struct hook *h, const char *why)
{
	carry_withdraw_all(h->carry, why);
	deny(h, SPAN("NOT executed: the hook was ended"));
	carry_end(h->carry);
}

static void on_signal(uv_signal_t *handle, int number)
{
	log_line("signal %d: the call is withdrawn", number);
	withdraw(handle->data, "cancelled");
}

/* Nobody reads our answer any more. */
static void on_reader(uv_poll_t *handle, int status, int events)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	(void)status;
	(void)events;
	if (poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP))) {
		struct hook *h = handle->data;
		uv_poll_stop(handle);
		if (!h->answered) {
			log_line("the agent has closed its end: the call is withdrawn");
			withdraw(h, "client_left");
		}
	}
}

/* Where stdout can tell: a pipe or a socket. */
static void watch_reader(struct hook *h)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	if (uv_poll_init(&h->loop, &h->reader, STDOUT_FILENO) == 0) {
		fcntl(STDOUT_FILENO, F_SETFL, flags); /* an answer is written whole */
		h->reader.data = h;
		uv_poll_start(&h->reader, UV_PRIORITIZED, on_reader);
	}
}

/* ---- the call ---- */

static bool on_allowed(void *data, int64_t number, struct span arguments)
{
	struct hook *h = data;
	bool edited = !span_same(arguments, buf_view(&h->arguments)) &&
		!(h->plain.len && span_same(arguments, buf_view(&h->plain)));
	struct hook_answer allow = { .kind = HOOK_ALLOW,
		.edited = edited ? arguments : (struct span){ 0 } };
	(void)number;
	bool said = answer(h, &allow);
	uv_timer_start(&h->last, on_last, LAST_MS, 0);
	return said;
}

static void on_over(void *data, int64_t number, struct span words)
{
	struct hook *h = data;
	(void)number;
	deny(h, words); /* or it was said */
	carry_end(h->carry);
}

static const char *on_edit(void *data, int64_t number, struct span arguments)
{
	const struct hook *h = data;
	(void)number;
	return hook_edit_trouble(h->form, &h->call, arguments);
}

/* With what the agent says of itself beside it. */
static void ask(struct hook *h)
{
	const struct hook_call *call = &h->call;
	const struct carried carried = { .tool = call->tool,
		.arguments = buf_view(&h->arguments),
		.plain = h->plain.len ? buf_view(&h->plain) : (struct span){ 0 },
		.caller = { .session = call->session,
			.turn = call->turn,
			.call_id = call->call_id,
			.agent_id = call->agent_id,
			.agent_type = call->agent_type,
			.model = call->model,
			.permission_mode = call->permission_mode } };
	carry_only(h->carry, 1, &carried, call);
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
		said = CARRY_NEVER_S; /* it waits for ever */
	}
	return said > MARGIN_S && said <= CARRY_NEVER_S ? (uint64_t)(said - MARGIN_S) * 1000 : 0;
}

static void watch(struct hook *h, const struct arguments *a)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		uv_signal_init(&h->loop, &h->signals[i]);
		h->signals[i].data = h;
		uv_signal_start(&h->signals[i], on_signal, numbers[i]);
	}
	uv_timer_init(&h->loop, &h->limit);
	uv_timer_init(&h->loop, &h->last);
	h->limit.data = h->last.data = h;
	uint64_t passed = uv_hrtime() / 1000000 - h->began_ms, limit = limit_of(a, h->form);
	uv_timer_start(&h->limit, on_limit, limit > passed ? limit - passed : 0, 0);
	watch_reader(h);
}

/* ---- the program ---- */

static int carry(struct hook *h, const struct arguments *a)
{
	static const struct carry_calls calls = {
		.allowed = on_allowed, .over = on_over, .edit_trouble = on_edit
	};
	struct paths paths = { 0 };
	struct config config = { 0 };
	const struct carry_places places = { a->root, "hook", a->debug };
	struct carry_setup setup = { .paths = &paths,
		.config = &config,
		.form = h->form,
		.socket = a->socket,
		.session = h->call.session,
		.server = h->call.server,
		.event = h->call.event,
		/* what a server's tool takes is not known here */
		.beside = h->call.of_server ? NULL : h->call.beside,
		.scope = a->scope,
		.scope_count = a->scope_count };
	struct err err = { 0 };
	uv_loop_init(&h->loop);
	bool good = carry_load(&paths, &config, &places, &err);
	char *scope = good && h->project && !a->scope_count ? scope_of(h->project, paths.home)
							    : NULL;
	if (scope) {
		setup.scope = &scope;
		setup.scope_count = 1;
	}
	if (good && (h->carry = carry_create(&h->loop, &setup, &calls, h, &err))) {
		watch(h, a);
		ask(h);
		uv_run(&h->loop, UV_RUN_DEFAULT);
	}
	/* nothing is freed on purpose: the answer is out, and the agent waits for our end */
	if (!h->answered) {
		deny(h, err.text[0] ? span_of(err.text) : SPAN("NOT executed"));
	}
	return h->code;
}

/* A command that the agent runs elsewhere does not take its scope along. */
static char *project_of(const struct hook_form *form)
{
	const char *named = form->project ? getenv(form->project) : NULL;
	if (named && named[0] == '/') {
		return xstrdup(named);
	}
	return form->starts_in_project ? getcwd(NULL, 0) : NULL;
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
	if (!limit_of(a, h->form)) {
		return fail_with(h,
			"NOT executed: its hook's --limit leaves no time to ask; expected 6 to "
			"604800 seconds, as the agent's own configuration has them");
	}
	prepare_last_word(h);
	h->project = project_of(h->form);
	if (chdir(h->call.cwd) != 0) {
		return fail_with(h, "its working directory cannot be entered");
	}
	rewrite_close(h->call.arguments, &h->arguments);
	if (h->call.beside) {
		rewrite_without(buf_view(&h->arguments), h->call.beside, &h->plain);
	}
	return carry(h, a);
}

/* The file by which opencode starts us with the options that we were given. */
static int print_plugin(struct hook *h, const struct arguments *a)
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
	return hook_opencode_plugin(argv, &text, &err) ? put(h, &text, &none, 0)
						       : fail_with(h, err.text);
}

/* When the last word is said for us: what --limit says, or 2 s where it says what cannot be. */
static uint64_t last_word_ms(const struct arguments *a, const struct hook_form *form)
{
	uint64_t limit = form ? limit_of(a, form) : 0;
	return limit ? limit + (MARGIN_S - LATE_S) * 1000 : 2000;
}

int hook_main(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct hook h = { .code = HOOK_EXIT_DENY, .began_ms = uv_hrtime() / 1000000 };
	bool understood = parse_arguments(&a, argc, argv);
	h.form = understood ? hook_find(span_of(a.agent)) : NULL;
	h.last_word = last_word_set(last_word_ms(&a, h.form));
	if (!understood) {
		return fail_with(
			&h, "usage: bascule hook AGENT [--limit SECONDS] [--scope DIR]...");
	}
	if (!h.form) {
		return fail_with(&h, "bascule knows no hooks of that agent");
	}
	if (a.plugin) {
		return strcmp(h.form->name, "opencode") == 0
			? print_plugin(&h, &a)
			: fail_with(&h, "--plugin: only opencode takes one; others run a command");
	}
	return judge(&h, &a);
}
