/* Stands in for feed.c: what the app sends becomes lines. Used by the tests of the console's views.
 */
#include "config.h"

#include "tests/unit/play.h"

#include "core/buf.h"
#include "core/json.h"
#include "tui/theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- the broker: what it was asked, a line a request ---- */

static struct buf asked; /* emptied by each look */

void feed_show(struct feed *feed, const char *call, int64_t revision, const struct feed_wish *wish)
{
	(void)feed;
	buf_printf(&asked, "show %s %lld%s%s%s\n", call, (long long)revision,
		wish->known ? " unless " : "", wish->known ? wish->known : "",
		wish->whole ? " whole" : "");
}

void feed_decide(
	struct feed *feed, const char *call, int64_t revision, const struct feed_decision *decision)
{
	const struct feed_grant *grant = decision->grant;
	(void)feed;
	buf_printf(&asked, "%s %s %lld", decision->approve ? "approve" : "deny", call,
		(long long)revision);
	if (decision->delay_ms) {
		buf_printf(&asked, " in %d ms", decision->delay_ms);
	}
	if (grant) {
		buf_printf(
			&asked, " %s %d min %d times", grant->width, grant->minutes, grant->uses);
	}
	buf_char(&asked, '\n');
}

void feed_edit(struct feed *feed, const char *call, int64_t revision, struct span arguments)
{
	(void)feed;
	buf_printf(&asked, "edit %s %lld %.*s\n", call, (long long)revision, SPAN_FMT(arguments));
}

void feed_undo(struct feed *feed, const char *call)
{
	(void)feed;
	buf_printf(&asked, "undo %s\n", call);
}

void feed_offers(struct feed *feed, const char *call, int64_t revision)
{
	(void)feed;
	buf_printf(&asked, "offers %s %lld\n", call, (long long)revision);
}

void feed_try_rule(struct feed *feed, const char *call, int64_t revision, const char *rule)
{
	(void)feed;
	buf_printf(&asked, "try %s %lld %s\n", call, (long long)revision, rule);
}

void feed_save_rule(struct feed *feed, const char *call, int64_t revision, const char *rule)
{
	(void)feed;
	buf_printf(&asked, "save %s %lld %s\n", call, (long long)revision, rule);
}

void feed_rules(struct feed *feed)
{
	(void)feed;
	buf_text(&asked, "rules\n");
}

void feed_drop_rule(struct feed *feed, const char *rule)
{
	(void)feed;
	buf_printf(&asked, "drop %s\n", rule);
}

void feed_servers(struct feed *feed)
{
	(void)feed;
	buf_text(&asked, "servers\n");
}

void feed_reload(struct feed *feed)
{
	(void)feed;
	buf_text(&asked, "reload\n");
}

void feed_revoke(struct feed *feed, int64_t grant)
{
	(void)feed;
	buf_printf(&asked, "revoke %lld\n", (long long)grant);
}

void feed_history(struct feed *feed, const struct feed_page *page)
{
	(void)feed;
	if (page->rule) {
		buf_printf(&asked, "history of %s since %lld before %lld, %d\n", page->rule,
			(long long)page->since, (long long)page->before, page->limit);
	} else {
		buf_printf(&asked, "history %s before %lld, %d\n", page->text ? page->text : "-",
			(long long)page->before, page->limit);
	}
}

void feed_event(struct feed *feed, int64_t number)
{
	(void)feed;
	buf_printf(&asked, "event %lld\n", (long long)number);
}

void feed_like(struct feed *feed, const char *call, int64_t revision)
{
	(void)feed;
	(void)call;
	(void)revision;
}

void feed_mute(struct feed *feed, int minutes)
{
	(void)feed;
	buf_printf(&asked, "mute %d\n", minutes);
}

void feed_focus(struct feed *feed, bool in)
{
	(void)feed;
	(void)in;
}

void feed_master(struct feed *feed, const char *mode)
{
	(void)feed;
	buf_printf(&asked, "master %s\n", mode);
}

void feed_active(struct feed *feed)
{
	(void)feed;
}

void play_asked(const char *lines)
{
	assert_string_equal(asked.len ? buf_cstr(&asked) : "", lines);
	buf_clear(&asked);
}

/* ---- the person ---- */

static void paint(struct play *p)
{
	app_time(&p->app, p->now, 0);
	paint_begin(&p->app.paint);
	app_paint(&p->app);
	paint_end(&p->app.paint, 0, 0);
	app_painted(&p->app);
}

void play_pass(struct play *p, int64_t ms)
{
	p->now += ms;
	paint(p);
}

void play_key(struct play *p, uint32_t key)
{
	struct keydec_event event = { .kind = KEYDEC_KEY, .key = key };
	app_time(&p->app, p->now, 0);
	app_input(&p->app, &event, p->now);
	paint(p);
}

void play_tell(struct play *p, enum feed_kind kind, const char *json, const char *text)
{
	struct json_scan scan = { 0 };
	if (json) {
		assert_true(json_validate(&scan, span_of(json), JSON_LOOSE));
		json_finish(&scan);
	}
	struct feed_note note = { .kind = kind,
		.json = json ? span_of(json) : (struct span){ NULL, 0 },
		.call = "c-1",
		.revision = 4,
		.text = text };
	app_time(&p->app, p->now, 0);
	app_note(&p->app, &note);
	paint(p);
}

void play_item(struct play *p, const char *risk, int revision, const char *said)
{
	char json[600];
	snprintf(json, sizeof(json),
		"{\"call\":\"c-1\",\"number\":7,\"revision\":%d,\"kind\":\"call\","
		"\"state\":\"held\",\"tool\":\"read_file\",\"server\":\"files\",\"risk\":\"%s\","
		"\"said\":%s,\"effects\":[{\"kind\":\"read\",\"given\":\"/x/a\",\"path\":\"/x/a\","
		"\"state\":\"file\"}]}",
		revision, risk, said);
	play_tell(p, FEED_ITEM, json, NULL);
}

void play_start(struct play *p, bool read_only)
{
	struct theme theme;
	theme_builtin(&theme);
	*p = (struct play){ .now = 100000 };
	struct app_settings settings;
	settings_built_in(&settings);
	app_init(&p->app, &settings, read_only, p->now, 0);
	paint_init(&p->app.paint, &theme, false, false);
	play_tell(p, FEED_UP, NULL, NULL);
}

/* The call is on screen with its preview, long enough. */
void play_show(struct play *p, const char *risk)
{
	play_item(p, risk, 4, "null");
	play_tell(
		p, FEED_SHOWN, "{\"revision\":4,\"params\":{\"arguments\":{}},\"files\":[]}", NULL);
	play_pass(p, SHOWN_HIGH);
	play_asked("show c-1 4\n");
}

void play_stop(struct play *p)
{
	app_finish(&p->app);
	buf_finish(&asked);
	asked = (struct buf){ 0 };
}

bool play_sees(const char *text)
{
	bool found = false;
	for (int y = 0; y < LINES && !found; y++) {
		char row[512];
		mvwinnstr(stdscr, y, 0, row, (int)sizeof(row) - 1);
		found = strstr(row, text) != NULL;
	}
	return found;
}

void play_terminal(void)
{
	FILE *nowhere;
	setlocale(LC_ALL, "C.UTF-8");
	setenv("LINES", "24", 1);
	setenv("COLUMNS", "80", 1);
	nowhere = fopen("/dev/null", "r+");
	if (!nowhere || !newterm("xterm-256color", nowhere, nowhere)) {
		exit(77);
	}
	unsetenv("LINES");
	unsetenv("COLUMNS");
	resizeterm(24, 80);
}
