/* The servers' tab: what runs behind the gates, its tools, and which of them have changed. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TOOL(name, known, pin, more) \
	"{\"name\":\"" name "\",\"title\":\"Title " name "\",\"known\":" known \
	",\"says\":[\"readOnlyHint\"],\"pin\":\"" pin "\",\"seen_at\":1700000000000" more "}"
#define SERVER(gate, name, profile, accepted, tools) \
	"{\"gate\":\"" gate "\",\"pid\":4200,\"name\":\"" name "\",\"profile\":\"" profile \
	"\",\"program\":\"/usr/bin/node\",\"cwd\":\"/w/demo\",\"argv\":[\"node\",\"it's " \
	"x.js\",\"--all\"],\"scope\":[\"/w/demo\"],\"accepted\":\"" accepted \
	"\",\"since\":1700000000000,\"calls\":12,\"waiting\":1,\"broken\":null,\"client\":{" \
	"\"name\":\"claude-code\",\"version\":\"2.1\",\"pid\":4121},\"says\":{\"name\":" \
	"\"says-it\",\"version\":\"9\"},\"protocol\":\"2025-06-18\",\"listed\":true," \
	"\"tools_all\":5,\"tools\":[" tools "]}"
#define CHANGED ",\"accepted_at\":1690000000000,\"changed\":[\"description\",\"schema\"]"
#define TOOLS \
	TOOL("b_read", "true", "same", "") \
	"," TOOL("c_new", "false", "new", "") "," TOOL("z_changed", "true", "changed", CHANGED)
#define SERVERS(list) "{\"servers\":[" list "],\"servers_all\":2}"
#define BOTH \
	SERVERS(SERVER("aa", "files", "filesystem", "yes", TOOLS) "," SERVER( \
		"bb", "tickets", "", "no", ""))

static void open_tab(struct play *p, const char *servers)
{
	play_start(p, false);
	play_key(p, '4');
	play_asked("servers\n");
	play_tell(p, FEED_SERVERS, servers, NULL);
}

static void a_server_is_told_in_full(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, BOTH);
	assert_true(play_sees(">files"));
	assert_true(play_sees("tools changed"));
	assert_true(play_sees("not accepted"));
	play_key(&p, K_ENTER);
	assert_ptr_equal(p.app.view, &view_server);
	assert_true(play_sees("node 'it'\\''s x.js' --all"));
	assert_true(play_sees("claude-code 2.1 (process 4121)"));
	assert_true(play_sees("process 4200, connected since"));
	assert_true(play_sees("says-it 9 \302\267 protocol 2025-06-18"));
	assert_true(play_sees("12 since then, 1 wait"));
	assert_true(play_sees("b_read \"Title b_read\" \302\267 known \302\267 says: only reads"));
	assert_true(play_sees("c_new \"Title c_new\" \302\267 guessed \302\267 not called yet"));
	assert_true(play_sees("changed: description, schema"));
	assert_true(play_sees("and 2 more"));
	/* what has changed stands first */
	assert_string_equal(p.app.roster.list[0].tools[0].name, "z_changed");
	play_key(&p, 'q');
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_queue);
	play_stop(&p);
}

static void the_filter_and_the_selection(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, BOTH);
	play_key(&p, 'j');
	assert_true(play_sees(">tickets"));
	assert_true(play_sees("no profile"));
	play_key(&p, '/');
	for (const char *at = "changed"; *at; at++) {
		play_key(&p, (uint32_t)*at);
	}
	play_key(&p, K_ENTER);
	assert_true(play_sees("1 of 2: filter changed"));
	assert_true(play_sees(">files"));
	assert_false(play_sees("tickets"));
	play_key(&p, 'q');
	assert_true(play_sees("tickets"));
	play_stop(&p);
}

static void one_that_goes_is_said(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, BOTH);
	play_key(&p, K_ENTER);
	play_pass(&p, 5000);
	play_tell(&p, FEED_COUNTERS, "{\"gates\":1}", NULL);
	play_asked("servers\n");
	play_tell(&p, FEED_SERVERS, SERVERS(SERVER("bb", "tickets", "", "denied", "")), NULL);
	assert_ptr_equal(p.app.view, &view_servers);
	assert_true(play_sees("that server has gone"));
	assert_true(play_sees(">tickets"));
	assert_true(play_sees("1 not listed"));
	play_pass(&p, 5000);
	play_tell(&p, FEED_COUNTERS, "{\"gates\":0}", NULL);
	play_asked("servers\n");
	play_tell(&p, FEED_SERVERS, "{\"servers\":[]}", NULL);
	assert_true(play_sees("No server runs behind a gate"));
	play_pass(&p, 60000);
	assert_false(app_ages(&p.app)); /* nothing wakes it */
	play_asked("");
	play_tell(&p, FEED_SERVERS_FAILED, NULL, "no such method");
	assert_true(play_sees("no such method"));
	play_stop(&p);
}

/* New ones come last: what is looked at does not move. */
static void who_came_first_stands_first(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p,
		"{\"servers\":[{\"gate\":\"a\",\"name\":\"late\",\"since\":9},{\"gate\":\"z\","
		"\"name\":\"early\",\"since\":3}]}");
	assert_true(play_sees(">early"));
	play_key(&p, 'j');
	assert_true(play_sees(">late"));
	play_stop(&p);
}

/* Whatever the broker says, nothing is read that is not there. */
static void what_is_not_understood_is_left_out(void **state)
{
	static const char *const answers[] = { "{}", "{\"servers\":7}", "{\"servers\":[7,{},[]]}",
		"{\"servers\":[{\"gate\":7}]}",
		"{\"servers\":[{\"gate\":\"aa\"}],\"servers_all\":-5}",
		"{\"servers\":[{\"gate\":\"aa\",\"name\":[],\"client\":3,\"argv\":{},\"tools\":[7,"
		"{},{\"name\":7,\"says\":[1],\"changed\":[2],\"pin\":[]}],\"tools_all\":\"x\"}]}" };
	(void)state;
	struct play p;
	open_tab(&p, BOTH);
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		play_tell(&p, FEED_SERVERS, answers[i], NULL);
		play_key(&p, K_ENTER);
		play_key(&p, '4');
	}
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_is_told_in_full),
		cmocka_unit_test(the_filter_and_the_selection),
		cmocka_unit_test(one_that_goes_is_said),
		cmocka_unit_test(who_came_first_stands_first),
		cmocka_unit_test(what_is_not_understood_is_left_out),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
