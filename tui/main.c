/*
 * bascule-console: the loop. Bytes of the terminal go through keydec to the app, the broker's notes
 * come from feed, and both only set dirty bits; one painter runs before the loop sleeps.
 *
 * What this file owes to the guard: a key is dated to the earliest moment at which it may have been
 * pressed, a frame counts once it is written out, and after a pause (a slow turn, a slow terminal,
 * a stop) what was typed meanwhile is thrown away. The console decides nothing by ending, however
 * it ends.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "core/diag.h"
#include "ipc/cmd.h"
#include "ipc/config.h"
#include "ipc/log.h"
#include "ipc/paths.h"
#include "tui/app.h"
#include "tui/clock.h"
#include "tui/dress.h"
#include "tui/foreground.h"
#include "tui/jump.h"
#include "tui/notice.h"
#include "tui/linear_run.h"
#include "tui/options.h"
#include "tui/own.h"
#include "tui/pop.h"
#include "tui/term.h"
#include "tui/watch.h"

enum { FRAME_MS = 33, GAP_MS = 100, TICK_MS = 1000, READ_MAX = 4096 };

struct console {
	uv_loop_t loop;
	uv_poll_t input;
	uv_timer_t esc, tick, frame;
	struct foreground foreground;
	struct jump jump;
	uv_prepare_t prepare;
	uv_check_t check;
	struct app app;
	struct keydec dec;
	struct feed *feed;
	int64_t empty_at; /* the last moment at which the terminal was known to hold no input */
	/* it was so when the loop went to sleep: a key wakes the loop as it is pressed */
	bool slept_empty;
	int64_t key_at; /* date of the bytes that are being decoded */
	int64_t painted_at;
	struct notice notice;
	const struct options *options;
	const struct paths *paths;
	struct config *config; /* what was set by hand is in it */
	bool ascii;
	struct watch watch; /* on the person's own files */
	struct dress dress;
	bool ending, gone; /* gone: there is no terminal any more */
};

static void set_time(struct console *c)
{
	app_time(&c->app, clock_monotonic(), clock_wall());
}

static void close_handle(uv_handle_t *handle, void *data)
{
	(void)data;
	if (!uv_is_closing(handle)) {
		uv_close(handle, NULL);
	}
}

static void end(struct console *c)
{
	if (!c->ending) {
		c->ending = true;
		uv_stop(&c->loop);
	}
}

static void lose_terminal(struct console *c)
{
	c->gone = true;
	end(c);
}

/* We did not run, or could not write: what was typed meanwhile was typed blindly. */
static void gap(struct console *c)
{
	if (foreground_lent(&c->foreground)) {
		return;
	}
	unsigned dropped = term_drop_input();
	set_time(c);
	app_gap(&c->app, dropped);
	c->app.dirty |= APP_DIRTY_HAND;
}

static void open_editor(struct console *c)
{
	const struct app_file *file = &c->app.file;
	const struct editor_file wish = { file->name, buf_view(&file->text), file->read_only };
	char *sockets = paths_socket_dir(c->paths); /* in memory, where there is such a place */
	const char *const dirs[] = { sockets, c->paths->state, NULL };
	struct err err = { 0 };
	if (!foreground_lend(&c->foreground, dirs, &wish, &err)) {
		app_warn(&c->app, err.text);
	}
	free(sockets);
}

/* --- settings --- */

/* A wrong theme is said, and what is right of it counts. */
static void dress(struct console *c)
{
	struct err wrong = { 0 };
	if (!dress_on(&c->dress, &c->app.paint, c->ascii, &wrong)) {
		app_warn(&c->app, wrong.text);
	}
	term_redraw();
	app_resized(&c->app);
}

static void use_settings(struct console *c, const struct config *config)
{
	const struct dress_wish wish = options_dress(c->options, config->number, config->text);
	struct app_settings settings;
	settings_read(&settings, config->number);
	app_set(&c->app, &settings);
	notice_set(&c->notice, config->number, c->ascii);
	term_mouse(config->number[OPTION_CONSOLE_MOUSE] != 0);
	dress_choose(&c->dress, &wish);
	dress(c);
	if (dress_asks(&c->dress) && !c->dress.appearance.asked && term_ask_appearance()) {
		appearance_ask(&c->dress.appearance, c->app.now);
	}
}

/* One row has to hold it: "config.ini:3: ..." instead of the whole path. */
static void complain(struct console *c, const char *text)
{
	size_t n = strlen(c->paths->config);
	bool ours = strncmp(text, c->paths->config, n) == 0 && text[n] == '/';
	app_warn(&c->app, ours ? text + n + 1 : text);
}

static void on_own_change(void *data)
{
	struct console *c = data;
	struct config config = { 0 };
	struct err wrong = { 0 };
	set_time(c);
	if (!config_load(&config, c->paths, &wrong)) {
		complain(c, wrong.text);
		config_finish(&config);
		return;
	}
	config_finish(c->config);
	*c->config = config;
	use_settings(c, c->config);
}

static void reload(struct console *c)
{
	struct err wrong = { 0 };
	app_say(&c->app, (struct safe_text){ 0 });
	on_own_change(c);
	if (!own_keys_again(c->paths->config, &c->app.keys, &wrong)) {
		complain(c, wrong.text);
	}
	app_reload(&c->app);
}

static void set_option(struct console *c)
{
	struct err wrong = { 0 };
	if (config_set(c->config, c->app.set_option, c->app.set_value, &wrong)) {
		use_settings(c, c->config);
	} else {
		app_warn(&c->app, wrong.text);
	}
}

static void grant_wish(struct console *c)
{
	enum app_wish wish = c->app.wish;
	c->app.wish = APP_GOES_ON;
	switch (wish) {
	case APP_GOES_ON:
		break;
	case APP_QUIT:
		end(c);
		break;
	case APP_SUSPEND:
		foreground_suspend(&c->foreground);
		break;
	case APP_EDIT:
		open_editor(c);
		break;
	case APP_JUMP:
		jump_go(&c->jump);
		break;
	case APP_RING:
		notice_ring(&c->notice, &c->app.model);
		break;
	case APP_COPY:
		term_copy(&c->app.copied);
		break;
	case APP_RELOAD:
		reload(c);
		break;
	case APP_SET:
		set_option(c);
		break;
	case APP_REDRAW:
		term_redraw();
		c->app.dirty |= APP_DIRTY_HAND;
		break;
	}
}

/* --- input --- */

static void on_key(void *data, const struct keydec_event *event)
{
	struct console *c = data;
	if (event->kind == KEYDEC_REPLY &&
		appearance_reply(&c->dress.appearance, event->text, c->app.now)) {
		dress(c);
	}
	app_input(&c->app, event, c->key_at);
	grant_wish(c);
}

static void on_esc(uv_timer_t *timer)
{
	struct console *c = timer->data;
	set_time(c);
	c->key_at = c->app.now;
	keydec_flush(&c->dec, on_key, c);
}

static void wait_for_rest(struct console *c)
{
	unsigned ms = keydec_wait_ms(&c->dec);
	if (ms) {
		uv_timer_start(&c->esc, on_esc, ms, 0);
	} else {
		uv_timer_stop(&c->esc);
	}
}

static void read_input(struct console *c)
{
	char bytes[READ_MAX];
	for (;;) {
		ssize_t n = read(term_fd(), bytes, sizeof(bytes));
		if (n > 0) {
			set_time(c);
			keydec_feed(&c->dec, (struct span){ bytes, (size_t)n }, on_key, c);
		} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
			lose_terminal(c);
			return;
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void on_input(uv_poll_t *poll, int status, int events)
{
	struct console *c = poll->data;
	if (status < 0 || (events & UV_DISCONNECT)) {
		lose_terminal(c);
		return;
	}
	c->key_at = c->slept_empty ? (int64_t)uv_now(&c->loop) : c->empty_at;
	read_input(c);
	wait_for_rest(c);
}

/* One that was opened for what waits. */
static void end_if_empty(struct console *c)
{
	if (c->options->pop_here && c->app.connected && !c->app.model.count &&
		!foreground_lent(&c->foreground)) {
		end(c);
	}
}

static void on_note(void *data, const struct feed_note *note)
{
	struct console *c = data;
	set_time(c);
	app_note(&c->app, note);
	if (note->kind != FEED_UP) {
		end_if_empty(c);
	}
	grant_wish(c);
}

/* --- output --- */

static void paint(struct console *c)
{
	int64_t began = clock_monotonic();
	set_time(c);
	c->app.dirty = 0;
	paint_begin(&c->app.paint);
	app_paint(&c->app);
	paint_end(&c->app.paint, c->app.cursor_y, c->app.cursor_x);
	notice_title(&c->notice, &c->app.model);
	set_time(c);
	app_painted(&c->app);
	c->painted_at = c->app.now;
	if (c->app.now - began > GAP_MS) {
		gap(c);
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct console *c = timer->data;
	set_time(c);
	c->app.dirty |= APP_DIRTY_NEWS;
}

static void on_frame(uv_timer_t *timer)
{
	(void)timer; /* it only wakes the loop; painting is the prepare handle's */
}

/* Only what arrives is held back to thirty frames a second; the answer to a key is painted at once.
 */
static bool paint_now(struct console *c)
{
	int64_t since = clock_monotonic() - c->painted_at;
	if (!c->app.dirty || foreground_lent(&c->foreground)) {
		return false;
	}
	if ((c->app.dirty & APP_DIRTY_HAND) || since >= FRAME_MS) {
		return true;
	}
	uv_timer_start(&c->frame, on_frame, (uint64_t)(FRAME_MS - since), 0);
	return false;
}

static void on_prepare(uv_prepare_t *prepare)
{
	struct console *c = prepare->data;
	if (paint_now(c)) {
		paint(c);
	}
	if (!app_ages(&c->app)) {
		uv_timer_stop(&c->tick);
	} else if (!uv_is_active((uv_handle_t *)&c->tick)) {
		uv_timer_start(&c->tick, on_tick, TICK_MS, TICK_MS);
	}
	struct pollfd waiting = { .fd = term_fd(), .events = POLLIN };
	c->slept_empty = poll(&waiting, 1, 0) == 0;
	if (c->slept_empty) {
		c->empty_at = clock_monotonic();
	}
}

static void on_check(uv_check_t *check)
{
	struct console *c = check->data;
	if (clock_monotonic() - (int64_t)uv_now(&c->loop) > GAP_MS) {
		gap(c);
	}
}

/* The terminal may be another one now, and was asked again. */
static void on_back(void *data)
{
	struct console *c = data;
	uv_poll_start(&c->input, UV_READABLE | UV_DISCONNECT, on_input);
	gap(c);
	if (c->dress.appearance.asked) {
		appearance_ask(&c->dress.appearance, c->app.now);
	}
}

static void on_lend(void *data)
{
	struct console *c = data;
	uv_timer_stop(&c->esc);
	uv_poll_stop(&c->input);
}

static void on_resized(void *data)
{
	app_resized(&((struct console *)data)->app);
}

static void on_edited(void *data, const struct editor_end *end)
{
	struct console *c = data;
	app_edited(&c->app, end->failed, end->text);
	end_if_empty(c);
}

static const struct foreground_ops foreground_ops = {
	.resized = on_resized,
	.lend = on_lend,
	.back = on_back,
	.edited = on_edited,
};

/* --- beginning and end --- */

static void start_handles(struct console *c)
{
	uv_loop_init(&c->loop);
	uv_poll_init(&c->loop, &c->input, term_fd());
	uv_timer_init(&c->loop, &c->esc);
	uv_timer_init(&c->loop, &c->tick);
	uv_timer_init(&c->loop, &c->frame);
	uv_prepare_init(&c->loop, &c->prepare);
	uv_check_init(&c->loop, &c->check);
	c->input.data = c->esc.data = c->tick.data = c->frame.data = c->prepare.data =
		c->check.data = c;
	uv_poll_start(&c->input, UV_READABLE | UV_DISCONNECT, on_input);
	uv_prepare_start(&c->prepare, on_prepare);
	uv_check_start(&c->check, on_check);
	foreground_start(&c->foreground, &c->loop, &foreground_ops, c);
	jump_init(&c->jump, &c->loop, &c->app);
}

static void stop_handles(struct console *c)
{
	feed_close(c->feed);
	uv_walk(&c->loop, close_handle, NULL);
	uv_run(&c->loop, UV_RUN_DEFAULT);
	feed_destroy(c->feed);
	int left = uv_loop_close(&c->loop);
	if (left != 0) {
		log_line("handles were left open: %s", uv_strerror(left));
	}
}

static void run_linear(const struct options *options, const struct paths *paths,
	const struct config *config, const char *why, bool ascii)
{
	struct app_settings settings;
	settings_read(&settings, config->number);
	linear_run(&(struct linear_run){
		.paths = paths,
		.decide_fd = options->decide_fd,
		.settings = &settings,
		.launch = config->number[OPTION_BROKER_AUTOSTART] != 0,
		.read_only = options->read_only,
		.ascii = ascii,
		.pop = options->pop_here,
		.why = options->linear ? NULL : why,
	});
}

/* `complaint`: what is wrong with config.ini; NULL: nothing */
static void run(const struct options *options, const struct paths *paths, struct config *config,
	const char *complaint)
{
	bool utf8 = term_locale();
	struct err wrong = { 0 };
	if (options->linear || !isatty(STDOUT_FILENO) || !term_open(&wrong)) {
		run_linear(options, paths, config,
			wrong.text[0] ? wrong.text : "standard output is no terminal", !utf8);
		return;
	}
	struct console *c = xcalloc(1, sizeof(*c));
	c->options = options;
	c->paths = paths;
	c->config = config;
	c->ascii = !utf8;
	struct app_settings settings;
	settings_read(&settings, config->number);
	app_init(&c->app, &settings, options->read_only, clock_monotonic(), clock_wall());
	if (!own_keys(paths->config, &c->app.keys, &wrong)) {
		app_warn(&c->app, wrong.text);
	}
	if (complaint) {
		complain(c, complaint);
	}
	dress_init(&c->dress, paths->config);
	use_settings(c, config);
	start_handles(c);
	watch_start(&c->watch, &c->loop, paths->config, on_own_change, c);
	struct feed_options feed_options = { .paths = paths,
		.decide_fd = options->decide_fd,
		.launch = config->number[OPTION_BROKER_AUTOSTART] != 0,
		.each = on_note,
		.data = c };
	c->feed = c->app.feed = feed_create(&c->loop, &feed_options);
	c->app.dirty = APP_DIRTY_HAND;
	c->empty_at = clock_monotonic();
	uv_run(&c->loop, UV_RUN_DEFAULT);
	term_close();
	stop_handles(c);
	if (!c->gone) {
		notice_goodbye(&c->app.model);
	}
	app_finish(&c->app);
	keydec_finish(&c->dec);
	dress_finish(&c->dress);
	free(c);
}

static bool parse_options(int argc, char **argv, struct options *options, struct err *err)
{
	const struct cmd_flag flags[] = {
		{ "--root", &options->root, NULL },
		{ "--theme", &options->theme, NULL },
		{ "--color", &options->colour_text, NULL },
		{ "--decide-fd", &options->fd_text, NULL },
		{ "--read-only", NULL, &options->read_only },
		{ "--linear", NULL, &options->linear },
		{ "--print-keys", NULL, &options->print_keys },
		{ "--pop", NULL, &options->pop_here },
		{ "-v", NULL, &options->verbose },
		{ "--help", NULL, &options->help },
		{ "--version", NULL, &options->version },
	};
	options_init(options, &argc, &argv);
	return cmd_read_flags(argc, argv, flags, COUNT_OF(flags), err) &&
		options_check(options, err);
}

static bool start(const struct options *options, struct err *err)
{
	struct paths paths = { 0 };
	struct config config = { 0 };
	if (!paths_init(&paths, options->root, err) || !paths_prepare(&paths, err)) {
		paths_finish(&paths);
		return false;
	}
	if (options->print_keys) {
		bool ok = own_list_keys(paths.config, err);
		paths_finish(&paths);
		return ok;
	}
	struct err wrong = { 0 };
	bool good = config_load(&config, &paths, &wrong);
	bool debug = options->verbose || strcmp(config.text[OPTION_LOG_LEVEL], "debug") == 0;
	log_open(paths.log, "console", debug);
	if (!good) {
		log_line("%s", wrong.text);
	}
	bool ok = true;
	if (options->themes) {
		const struct dress_wish wish = options_dress(options, config.number, config.text);
		ok = dress_list(paths.config, &wish, err);
	} else {
		run(options, &paths, &config, good ? NULL : wrong.text);
	}
	log_close();
	config_finish(&config);
	paths_finish(&paths);
	return ok;
}

int main(int argc, char **argv)
{
	struct options options;
	struct err err = { 0 };
	signal(SIGPIPE, SIG_IGN);
	if (parse_options(argc, argv, &options, &err)) {
		if (options.help) {
			puts(options_usage);
			return CMD_OK;
		}
		if (options.version) {
			puts("bascule " PACKAGE_VERSION);
			return CMD_OK;
		}
		if (options.pop) {
			char *program = paths_program("bascule-console");
			pop_in_tmux(program, options.root);
			free(program);
			options.pop_here = true;
		}
		if (start(&options, &err)) {
			return CMD_OK;
		}
	}
	return cmd_fail("console", &err, err.code == DIAG_USAGE ? CMD_USAGE : CMD_FAILED);
}
