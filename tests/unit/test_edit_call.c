/* E and e: what an editor is opened with, and what becomes of what it left. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char laid_out[] = "{\n  \"path\": \"/x/a\",\n  \"n\": 1.0\n}\n";

static void item(struct play *p, int revision, const char *more)
{
	char json[500];
	snprintf(json, sizeof(json),
		"{\"call\":\"c-1\",\"number\":7,\"revision\":%d,\"kind\":\"call\","
		"\"method\":\"tools/call\",\"tool\":\"read_file\",\"server\":\"files\","
		"\"risk\":\"medium\",%s,\"effects\":[{\"kind\":\"read\",\"given\":\"/x/a\","
		"\"path\":\"/x/a\",\"state\":\"file\"}]}",
		revision, more);
	play_tell(p, FEED_ITEM, json, NULL);
}

static void start(struct play *p, bool read_only)
{
	play_start(p, read_only);
	item(p, 4, "\"state\":\"held\"");
	play_tell(p, FEED_SHOWN,
		"{\"revision\":4,\"params\":{\"arguments\":{\"path\":\"/x/a\",\"n\":1.0}},"
		"\"files\":[]}",
		NULL);
	play_pass(p, SHOWN_HIGH);
	play_asked("show c-1 4\n");
}

/* Presses E: the file that is to be opened holds this. */
static void opens(struct play *p, const char *text)
{
	play_key(p, 'E');
	assert_int_equal(p->app.wish, APP_EDIT);
	p->app.wish = APP_GOES_ON;
	assert_string_equal(buf_cstr(&p->app.file.text), text);
	assert_string_equal(p->app.file.name, "call-7.json");
	assert_false(p->app.file.read_only);
}

static void opens_not(struct play *p, const char *why)
{
	play_key(p, 'E');
	assert_int_equal(p->app.wish, APP_GOES_ON);
	assert_true(play_sees(why));
}

static void comes_back(struct play *p, const char *text, const char *said)
{
	app_edited(&p->app, NULL, span_of(text));
	play_pass(p, 0);
	assert_true(play_sees(said));
}

static void what_was_changed_is_sent(void **state)
{
	struct play p;
	(void)state;
	start(&p, false);
	opens(&p, laid_out);
	comes_back(&p, "{ \"path\": \"/x/b\",\n\"n\": 1.0 }\n", "judged anew");
	play_asked("edit c-1 4 {\"path\":\"/x/b\",\"n\":1.0}\n");
	play_tell(&p, FEED_EDITED, "{\"state\":\"held\"}", NULL);
	assert_true(play_sees("nothing is approved yet"));
	play_stop(&p);
}

static void what_is_not_changed_is_not_sent(void **state)
{
	struct play p;
	(void)state;
	start(&p, false);
	opens(&p, laid_out);
	comes_back(&p, laid_out, "not changed: nothing was sent");
	opens(&p, laid_out);
	comes_back(&p, "{\"path\":\"/x/a\",\"n\":1.0}", "not changed: nothing was sent");
	opens(&p, laid_out);
	comes_back(&p, " \n", "nothing changed: the file was emptied");
	opens(&p, laid_out);
	app_edited(&p.app, "vim ended with status 1", (struct span){ 0 });
	play_pass(&p, 0);
	assert_true(play_sees("nothing changed: vim ended with status 1"));
	play_asked("");
	play_stop(&p);
}

/* Nobody types it twice. */
static void what_is_wrong_is_said_and_opened_again(void **state)
{
	static const char wrong[] = "{\n  \"path\": \"/x/b\",\n}\n";
	struct play p;
	(void)state;
	start(&p, false);
	opens(&p, laid_out);
	comes_back(&p, wrong, "not taken: line 3, column 1: key expected; E opens what you wrote");
	opens(&p, wrong);
	comes_back(&p, "{\"path\":\"/x/b\"}", "judged anew");
	play_asked("edit c-1 4 {\"path\":\"/x/b\"}\n");
	play_tell(&p, FEED_EDIT_FAILED, NULL, "its gate is not connected");
	assert_true(play_sees("its gate is not connected"));
	opens(&p, "{\"path\":\"/x/b\"}");
	play_stop(&p);
}

static void what_happened_meanwhile_is_said(void **state)
{
	struct play p;
	(void)state;
	start(&p, false);
	opens(&p, laid_out);
	item(&p, 5, "\"state\":\"held\",\"said\":\"changed\"");
	comes_back(&p, "{}", "not sent: the call changed meanwhile");
	play_tell(&p, FEED_GONE, "{\"call\":\"c-1\",\"number\":7,\"state\":\"withdrawn\"}", NULL);
	comes_back(&p, "{}", "not sent: the call was withdrawn, or ended, meanwhile");
	opens_not(&p, "no call that waits is shown");
	play_asked("show c-1 5\n");
	play_stop(&p);
}

static void a_draft_is_not_laid_over_other_arguments(void **state)
{
	struct play p;
	(void)state;
	start(&p, false);
	opens(&p, laid_out);
	comes_back(&p, "{", "not taken");
	item(&p, 4, "\"state\":\"held\",\"edited_by\":\"somebody\"");
	assert_true(play_sees("not the arguments that the agent sent"));
	play_tell(&p, FEED_SHOWN,
		"{\"revision\":4,\"params\":{\"arguments\":{}},\"proposed\":{\"path\":\"/x/a\"},"
		"\"files\":[]}",
		NULL);
	assert_true(play_sees("edited arguments"));
	opens(&p, "{}\n");
	play_stop(&p);
}

static void what_cannot_be_edited_says_why(void **state)
{
	struct play p;
	(void)state;
	start(&p, true);
	opens_not(&p, "only looks");
	play_key(&p, 'e'); /* reading is looking */
	assert_int_equal(p.app.wish, APP_EDIT);
	assert_true(p.app.file.read_only);
	assert_non_null(strstr(buf_cstr(&p.app.file.text), "{\"path\":\"/x/a\",\"n\":1.0}"));
	play_stop(&p);
	start(&p, false);
	item(&p, 4, "\"state\":\"parked\"");
	opens_not(&p, "a parked call cannot be edited");
	item(&p, 4, "\"state\":\"held\",\"denied_at\":1");
	opens_not(&p, "it is being decided");
	play_tell(&p, FEED_DOWN, NULL, "gone");
	opens_not(&p, "no broker is connected");
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_changed_is_sent),
		cmocka_unit_test(what_is_not_changed_is_not_sent),
		cmocka_unit_test(what_is_wrong_is_said_and_opened_again),
		cmocka_unit_test(what_happened_meanwhile_is_said),
		cmocka_unit_test(a_draft_is_not_laid_over_other_arguments),
		cmocka_unit_test(what_cannot_be_edited_says_why),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
