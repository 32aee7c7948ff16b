/* What a yes may leave behind: the keys of that view, and what they must not do. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define STEPS \
	"{\"width\":\"exact\",\"words\":\"reads /x/a\"},{\"width\":\"form\",\"words\":\"read in " \
	"/x\"}"
#define OFFER(steps, rule) "{\"revision\":4,\"grants\":[" steps "]," rule "}"
#define RULE "\"rule\":\"allow read\",\"no_rule\":null"
#define NO_RULE "\"rule\":null,\"no_rule\":\"it is a one-off\""

/* The view is open, the offer there, all delays over. */
static void offered(struct play *p, const char *risk, const char *offer)
{
	play_start(p, false);
	play_show(p, risk);
	play_key(p, 's');
	play_asked("offers c-1 4\n");
	play_tell(p, FEED_OFFERS, offer, NULL);
	play_pass(p, SHOWN_HIGH);
}

static bool open_now(const struct play *p)
{
	return p->app.view == &view_grant;
}

/* ---- the keys ---- */

static void a_number_approves_and_leaves_that_grant(void **state)
{
	static const struct {
		const char *keys, *asks;
	} cases[] = {
		{ "1", "approve c-1 4 exact 0 min 0 times\n" },
		{ "2", "approve c-1 4 form 0 min 0 times\n" },
		{ "t1", "approve c-1 4 exact 30 min 0 times\n" },
		{ "tt2", "approve c-1 4 form 0 min 10 times\n" },
		{ "ttt1", "approve c-1 4 exact 0 min 0 times\n" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct play p;
		offered(&p, "medium", OFFER(STEPS, NO_RULE));
		assert_true(play_sees("reads /x/a"));
		assert_true(play_sees("read in /x"));
		for (const char *k = cases[i].keys; *k; k++) {
			play_key(&p, (uint32_t)*k);
			play_pass(&p, SHOWN);
		}
		play_asked(cases[i].asks);
		assert_false(open_now(&p));
		play_stop(&p);
	}
}

static void other_keys_give_nothing(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	const uint32_t keys[] = { '3', '4', '0', 'a', 'd', 'D', 'y', ' ', K_ENTER, 'w', 'W' };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		play_key(&p, keys[i]);
		play_pass(&p, SHOWN);
		assert_true(open_now(&p));
	}
	play_asked("");
	play_key(&p, K_ESC);
	assert_false(open_now(&p));
	play_asked("");
	play_stop(&p);
}

static void a_key_too_early_gives_nothing(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_show(&p, "medium");
	play_key(&p, 's');
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, NO_RULE), NULL);
	play_asked("offers c-1 4\n");
	play_pass(&p, 400); /* quiet enough, but the offer is new */
	play_key(&p, '1');
	assert_true(play_sees("just appeared"));
	play_pass(&p, 100);
	play_key(&p, '1'); /* too fast after the other */
	play_asked("");
	play_pass(&p, 400);
	play_key(&p, '1');
	play_asked("approve c-1 4 exact 0 min 0 times\n");
	play_stop(&p);
}

static void a_key_before_the_offer_gives_nothing(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_show(&p, "medium");
	play_key(&p, 's');
	play_pass(&p, SHOWN);
	play_key(&p, '1');
	assert_true(play_sees("the offer is not here yet"));
	play_asked("offers c-1 4\n");
	play_stop(&p);
}

static void a_paste_gives_nothing(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	struct keydec_event paste = { .kind = KEYDEC_PASTE, .text = SPAN("111") };
	app_input(&p.app, &paste, p.now);
	play_pass(&p, 100);
	play_key(&p, '1'); /* just behind it */
	play_asked("");
	play_stop(&p);
}

static void without_focus_nothing_is_given(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	struct keydec_event out = { .kind = KEYDEC_FOCUS_OUT };
	app_input(&p.app, &out, p.now);
	play_pass(&p, SHOWN);
	play_key(&p, '1');
	play_asked("");
	play_stop(&p);
}

/* The bound, the trial of the rule: each makes what is shown new. */
static void what_changed_under_the_key_is_looked_at_again(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, RULE));
	play_asked("try c-1 4 allow read\n");
	play_key(&p, 't');
	play_pass(&p, 400);
	play_key(&p, '1');
	play_asked("");
	play_pass(&p, SHOWN);
	play_tell(&p, FEED_TRIED,
		"{\"rule\":\"allow read\",\"tried\":9,\"allowed\":3,\"denied\":1}", NULL);
	play_pass(&p, 400);
	play_key(&p, '1');
	play_asked("");
	play_pass(&p, SHOWN);
	play_key(&p, '1');
	play_asked("approve c-1 4 exact 30 min 0 times\n");
	play_stop(&p);
}

/* It arrives between the frame and the key. */
static void a_key_decides_on_what_was_painted(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	struct keydec_event bound = { .kind = KEYDEC_KEY, .key = 't' };
	struct keydec_event one = { .kind = KEYDEC_KEY, .key = '1' };
	app_input(&p.app, &bound, p.now);
	p.now += SHOWN; /* no frame */
	app_time(&p.app, p.now, 0);
	app_input(&p.app, &one, p.now);
	play_asked("");
	play_stop(&p);
}

static void a_call_that_changes_closes_it(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	play_item(&p, "medium", 5, "null");
	assert_false(open_now(&p));
	assert_true(play_sees("the call changed"));
	play_asked("show c-1 5\n");
	play_key(&p, '1');
	play_asked("");
	play_stop(&p);
}

static void a_call_that_leaves_closes_it(void **state)
{
	static const char *const ends[] = { "done", "withdrawn" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct play p;
		char json[100];
		offered(&p, "medium", OFFER(STEPS, NO_RULE));
		snprintf(json, sizeof(json),
			"{\"call\":\"c-1\",\"number\":7,\"state\":\"%s\",\"by\":\"x\"}", ends[i]);
		play_tell(&p, FEED_GONE, json, NULL);
		assert_false(open_now(&p));
		assert_true(play_sees("does not wait any more"));
		play_key(&p, '1');
		play_asked("");
		play_stop(&p);
	}
}

static void the_connection_that_goes_closes_it(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	play_tell(&p, FEED_DOWN, NULL, "gone");
	assert_false(open_now(&p));
	play_stop(&p);
}

static void stale_answers_change_nothing(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, RULE));
	uint64_t stamp = p.app.offers.stamp;
	play_tell(&p, FEED_OFFERS, OFFER("{\"width\":\"wide\",\"words\":\"all\"}", RULE), NULL);
	assert_int_equal(p.app.offers.stamp, stamp);
	play_tell(&p, FEED_TRIED, "{\"rule\":\"allow all\",\"tried\":9}", NULL);
	assert_int_equal(p.app.offers.rules[0].trial, OFFERS_FAILED);
	play_key(&p, K_ESC);
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, RULE), NULL);
	assert_null(p.app.offers.call);
	play_stop(&p);
}

static void an_offer_for_another_revision_is_none(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", "{\"revision\":5,\"grants\":[" STEPS "]}");
	assert_true(play_sees("the call has just changed"));
	play_key(&p, '1');
	play_asked("");
	play_stop(&p);
}

static void the_highest_risk_is_offered_nothing(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_show(&p, "highest");
	play_key(&p, 's');
	assert_true(play_sees("can only be approved once"));
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, RULE), NULL);
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, '1');
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, 'W');
	play_asked("");
	play_stop(&p);
}

static void high_risk_takes_the_careful_delay(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_show(&p, "high");
	play_key(&p, 's');
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, NO_RULE), NULL);
	play_pass(&p, SHOWN);
	play_key(&p, '1');
	play_asked("offers c-1 4\n");
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, '1');
	play_asked("approve c-1 4 exact 0 min 0 times\n");
	play_stop(&p);
}

/* What is longer than the screen is scrolled to its end first, of the call and of the offer. */
static void high_risk_is_seen_to_its_end(void **state)
{
	(void)state;
	struct play p;
	resizeterm(12, 40);
	play_start(&p, false);
	play_show(&p, "high");
	play_key(&p, 's');
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, NO_RULE), NULL);
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, 'G');
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, '1'); /* of the call only the beginning was on screen */
	play_asked("offers c-1 4\n");
	play_key(&p, K_ESC);
	for (int i = 0; i < 30; i++) {
		play_key(&p, 'J');
	}
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, 's');
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, NO_RULE), NULL);
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, '1'); /* of the offer */
	play_asked("offers c-1 4\n");
	play_key(&p, 'G');
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, '1');
	play_asked("approve c-1 4 exact 0 min 0 times\n");
	play_stop(&p);
	resizeterm(24, 80);
}

static void a_rule_is_saved_when_it_was_tried(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, RULE));
	play_asked("try c-1 4 allow read\n");
	play_key(&p, 'W');
	play_asked("");
	play_tell(&p, FEED_TRIED,
		"{\"rule\":\"allow read\",\"tried\":9,\"allowed\":3,\"denied\":1}", NULL);
	assert_true(play_sees("would have allowed 3 of your last 9 calls, of which you denied 1"));
	assert_true(play_sees("+ allow read"));
	play_pass(&p, 100);
	play_key(&p, 'W'); /* too early */
	play_asked("");
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	play_asked("save c-1 4 allow read\n");
	play_pass(&p, SHOWN);
	play_key(&p, 'W'); /* once */
	play_asked("");
	play_tell(&p, FEED_SAVED, "{\"rule\":\"allow read\",\"saved\":true}", NULL);
	assert_true(play_sees("saved: policy.rules"));
	assert_true(open_now(&p));
	play_item(&p, "medium", 5, "\"the rules would allow it now (policy.rules:3)\"");
	assert_false(open_now(&p));
	assert_true(play_sees("look again, then a"));
	assert_true(play_sees(">! + "));
	play_asked("show c-1 5\n");
	play_stop(&p);
}

#define WIDER "\"rule\":\"allow read a\",\"wider\":[\"allow read *\",\"allow read **\"]"
#define TRIED(rule, denied) \
	"{\"rule\":\"" rule "\",\"tried\":9,\"allowed\":3,\"denied\":" #denied "}"

/* Tried one after the other; the narrowest is selected, and what Tab selects is what W saves. */
static void rules_go_from_exact_to_wide(void **state)
{
	static const struct {
		const char *keys, *plus, *asks;
	} cases[] = {
		{ "", "+ allow read a", "save c-1 4 allow read a\n" },
		{ "\t", "+ allow read *", "save c-1 4 allow read *\n" },
		{ "\t\t", "+ allow read **", "save c-1 4 allow read **\n" },
		{ "\t\t\t", "+ allow read a", "save c-1 4 allow read a\n" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct play p;
		offered(&p, "medium", OFFER(STEPS, WIDER));
		play_asked("try c-1 4 allow read a\n");
		play_tell(&p, FEED_TRIED, TRIED("allow read a", 0), NULL);
		play_asked("try c-1 4 allow read *\n");
		play_tell(&p, FEED_TRIED, TRIED("allow read *", 1), NULL);
		play_asked("try c-1 4 allow read **\n");
		play_tell(&p, FEED_TRIED, TRIED("allow read **", 2), NULL);
		assert_true(play_sees("of which you denied 0"));
		assert_true(play_sees("of which you denied 1"));
		assert_true(play_sees("of which you denied 2"));
		for (const char *k = cases[i].keys; *k; k++) {
			play_key(&p, K_TAB);
		}
		assert_true(play_sees(cases[i].plus));
		play_pass(&p, 100);
		play_key(&p, 'W'); /* what is marked now has just appeared */
		play_asked("");
		play_pass(&p, SHOWN);
		play_key(&p, 'W');
		play_asked(cases[i].asks);
		play_key(&p, K_TAB); /* what is being saved stays marked */
		assert_true(play_sees(cases[i].plus));
		play_stop(&p);
	}
}

/* Not known of the selected one, whatever is known of the others. */
static void a_wider_rule_is_not_saved_untried(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, WIDER));
	play_tell(&p, FEED_TRIED, TRIED("allow read a", 0), NULL);
	play_tell(&p, FEED_TRY_FAILED, NULL, "the disk is full");
	play_key(&p, K_TAB);
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	assert_true(play_sees("not known yet"));
	play_key(&p, K_TAB);
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	play_asked("try c-1 4 allow read a\ntry c-1 4 allow read *\ntry c-1 4 allow read **\n");
	play_stop(&p);
}

/* The rule is shown below the grants: what is saved was on screen to its end. */
static void a_rule_is_read_to_its_end(void **state)
{
	(void)state;
	struct play p;
	resizeterm(15, 40);
	play_start(&p, false);
	play_show(&p, "medium");
	for (int i = 0; i < 30; i++) {
		play_key(&p, 'J');
	}
	play_key(&p, 's');
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, RULE), NULL);
	play_tell(&p, FEED_TRIED,
		"{\"rule\":\"allow read\",\"tried\":9,\"allowed\":3,\"denied\":0}", NULL);
	play_asked("offers c-1 4\ntry c-1 4 allow read\n");
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	assert_true(play_sees("not all of it was shown"));
	play_asked("");
	play_key(&p, 'G');
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	play_asked("save c-1 4 allow read\n");
	play_stop(&p);
	resizeterm(24, 80);
}

static void a_rule_that_cannot_be_saved_may_be_tried_again(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, RULE));
	play_tell(&p, FEED_TRIED,
		"{\"rule\":\"allow read\",\"tried\":9,\"allowed\":3,\"denied\":0}", NULL);
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	play_tell(&p, FEED_SAVE_FAILED, NULL, "the disk is full");
	assert_true(play_sees("the disk is full"));
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	play_asked("try c-1 4 allow read\nsave c-1 4 allow read\nsave c-1 4 allow read\n");
	play_stop(&p);
}

static void without_a_rule_it_says_why(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	assert_true(play_sees("it is a one-off"));
	play_key(&p, 'W');
	assert_true(play_sees("no rule is offered"));
	play_asked("");
	play_stop(&p);
}

static void a_read_only_console_looks(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, true);
	play_show(&p, "medium");
	play_key(&p, 's');
	play_tell(&p, FEED_OFFERS, OFFER(STEPS, RULE), NULL);
	play_tell(&p, FEED_TRIED,
		"{\"rule\":\"allow read\",\"tried\":1,\"allowed\":1,\"denied\":0}", NULL);
	play_asked("offers c-1 4\ntry c-1 4 allow read\n");
	assert_true(play_sees("read in /x"));
	play_pass(&p, SHOWN);
	play_key(&p, '1');
	play_pass(&p, SHOWN);
	play_key(&p, 'W');
	assert_true(play_sees("only looks"));
	play_asked("");
	play_stop(&p);
}

static void it_opens_only_for_what_can_be_decided(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_key(&p, 's');
	assert_false(open_now(&p));
	play_item(&p, "medium", 4, "null");
	play_key(&p, 's'); /* no preview yet */
	assert_false(open_now(&p));
	assert_true(play_sees("the preview is not here yet"));
	play_asked("show c-1 4\n");
	play_stop(&p);
}

static void help_comes_back(void **state)
{
	(void)state;
	struct play p;
	offered(&p, "medium", OFFER(STEPS, NO_RULE));
	play_key(&p, '?');
	assert_ptr_equal(p.app.view, &view_help);
	play_key(&p, '1');
	play_key(&p, K_ESC);
	assert_true(open_now(&p));
	play_key(&p, '?');
	play_item(&p, "medium", 5, "null");
	play_key(&p, K_ESC);
	assert_ptr_equal(p.app.view, &view_queue);
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_approves_and_leaves_that_grant),
		cmocka_unit_test(other_keys_give_nothing),
		cmocka_unit_test(a_key_too_early_gives_nothing),
		cmocka_unit_test(a_key_before_the_offer_gives_nothing),
		cmocka_unit_test(a_paste_gives_nothing),
		cmocka_unit_test(without_focus_nothing_is_given),
		cmocka_unit_test(what_changed_under_the_key_is_looked_at_again),
		cmocka_unit_test(a_key_decides_on_what_was_painted),
		cmocka_unit_test(a_call_that_changes_closes_it),
		cmocka_unit_test(a_call_that_leaves_closes_it),
		cmocka_unit_test(the_connection_that_goes_closes_it),
		cmocka_unit_test(stale_answers_change_nothing),
		cmocka_unit_test(an_offer_for_another_revision_is_none),
		cmocka_unit_test(the_highest_risk_is_offered_nothing),
		cmocka_unit_test(high_risk_takes_the_careful_delay),
		cmocka_unit_test(high_risk_is_seen_to_its_end),
		cmocka_unit_test(a_rule_is_saved_when_it_was_tried),
		cmocka_unit_test(rules_go_from_exact_to_wide),
		cmocka_unit_test(a_wider_rule_is_not_saved_untried),
		cmocka_unit_test(a_rule_is_read_to_its_end),
		cmocka_unit_test(a_rule_that_cannot_be_saved_may_be_tried_again),
		cmocka_unit_test(without_a_rule_it_says_why),
		cmocka_unit_test(a_read_only_console_looks),
		cmocka_unit_test(it_opens_only_for_what_can_be_decided),
		cmocka_unit_test(help_comes_back),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
