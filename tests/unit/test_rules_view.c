/* The rules' tab: grants and rules in force, the way from a call to its rule and back. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LIVE(id, more) \
	"{\"grant\":" #id ",\"number\":7,\"words\":\"reads /x/" #id \
	"\",\"server\":\"files\",\"by\":\"me\",\"used\":" more "}"
#define RULE(name, verdict, text, since) \
	"{\"rule\":\"" name "\",\"level\":\"user\",\"line\":4,\"verdict\":\"" verdict \
	"\",\"text\":\"" verdict " " text "\",\"comment\":\"for the notes\",\"examples\":" \
	"[{\"ok\":true,\"text\":\"/x/ok\"}],\"since\":" #since "}"
#define HIT(name, count, number) \
	"{\"rule\":\"" name "\",\"count\":" #count \
	",\"last\":1700000000000,\"calls\":[{\"number\":" #number \
	",\"at\":1700000000000,\"state\":\"done\",\"tool\":\"read_file\",\"target\":\"/x/" \
	"hit\",\"server\":\"files\"}]}"
#define RULES \
	RULE("/c/policy.rules:4", "allow", "read /x/**", 0) \
	"," RULE("/c/policy.rules:9", "deny", "push origin", 1700000001000)
#define BOOK(grants, rules, hits) \
	"{\"rules\":[" rules "],\"hits\":[" hits "],\"looked\":50,\"from\":1,\"no_hits\":null," \
	"\"grants\":[" grants "],\"broken\":[]}"
#define HITS \
	HIT("/c/policy.rules:4", 14, 41) \
	"," HIT("built-in:default", 3, 40) "," HIT("/c/gone.rules:1", 2, 39) "," HIT( \
		"grant:5", 8, 6)

static void open_tab(struct play *p, bool read_only, const char *book)
{
	play_start(p, read_only);
	play_key(p, '3');
	play_asked("rules\n");
	play_tell(p, FEED_RULES, book, NULL);
}

static void grants_are_listed_and_revoked(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_key(&p, '3');
	play_asked("rules\n");
	play_key(&p, 'x');
	play_asked("");
	play_tell(&p, FEED_RULES,
		BOOK(LIVE(5, "1,\"uses_left\":9,\"seconds_left\":61") "," LIVE(
			     3, "0,\"uses_left\":-1,\"seconds_left\":-1"),
			RULES, HITS),
		NULL);
	assert_true(play_sees(">grant      1 reads /x/5"));
	assert_true(play_sees("9 more, 2 min left"));
	assert_true(play_sees("this session"));
	assert_true(play_sees("allow     14 read /x/**"));
	play_pass(&p, SHOWN);
	play_key(&p, 'j');
	play_key(&p, 'x'); /* too fast */
	play_asked("");
	play_pass(&p, SHOWN);
	play_key(&p, 'x');
	play_asked("revoke 3\n");
	play_tell(&p, FEED_REVOKED, "{}", NULL);
	play_asked("rules\n");
	play_tell(&p, FEED_RULES, BOOK(LIVE(5, "1"), RULES, HITS), NULL);
	assert_string_equal(p.app.book.selected, "/c/policy.rules:4");
	play_pass(&p, SHOWN);
	play_key(&p, 'x'); /* what moved under the key is no grant */
	play_asked("");
	assert_true(play_sees("that is no grant"));
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_queue);
	play_stop(&p);
}

/* The list changes between the frame and the key. */
static void only_the_painted_grant_is_revoked(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK(LIVE(5, "0") "," LIVE(3, "0"), "", ""));
	play_pass(&p, SHOWN);
	book_read(&p.app.book, SPAN("{\"grants\":[{\"grant\":3}]}"), p.now);
	struct keydec_event x = { .kind = KEYDEC_KEY, .key = 'x' };
	app_input(&p.app, &x, p.now);
	play_asked("");
	play_stop(&p);
}

static void a_read_only_console_revokes_nothing(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, true, BOOK(LIVE(5, "0"), "", ""));
	play_pass(&p, SHOWN);
	play_key(&p, 'x');
	assert_true(play_sees("only looks"));
	play_key(&p, K_ENTER);
	play_pass(&p, SHOWN);
	play_key(&p, 'x');
	play_asked("");
	play_stop(&p);
}

static void no_answer_is_said(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_key(&p, '3');
	play_tell(&p, FEED_RULES_FAILED, NULL, "no such method");
	assert_true(play_sees("no such method"));
	play_key(&p, 'R');
	play_asked("rules\nrules\n");
	play_tell(&p, FEED_RULES, BOOK("", RULES, HITS), NULL);
	assert_true(play_sees("read /x/**"));
	play_stop(&p);
}

static void a_rule_is_told_in_full(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK(LIVE(5, "0,\"uses_left\":2"), RULES, HITS));
	play_key(&p, K_ENTER);
	assert_ptr_equal(p.app.view, &view_rule);
	assert_true(play_sees("2 more, this session"));
	assert_true(play_sees("not used yet"));
	assert_false(play_sees("/x/hit")); /* an earlier grant's call: the number is older */
	play_key(&p, 'q');
	play_key(&p, 'j');
	play_key(&p, K_ENTER);
	assert_true(play_sees("/c/policy.rules:4"));
	assert_true(play_sees("for the notes"));
	assert_true(play_sees("14 of the latest 50 calls"));
	assert_true(play_sees("/x/ok"));
	assert_true(play_sees("#41"));
	assert_true(play_sees("/x/hit"));
	/* it is gone from the file */
	play_tell(&p, FEED_RULES, BOOK("", "", HITS), NULL);
	assert_ptr_equal(p.app.view, &view_rules);
	assert_true(play_sees("not in force any more"));
	/* of what is no rule only what is built in is listed */
	assert_int_equal(p.app.book.count, 1);
	assert_true(play_sees("no rule fits"));
	play_stop(&p);
}

static void the_filter_lists_some(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK(LIVE(5, "0"), RULES, HITS));
	play_key(&p, '/');
	for (const char *at = "state:deny"; *at; at++) {
		play_key(&p, (uint32_t)*at);
	}
	play_key(&p, K_ENTER);
	assert_true(play_sees("1 of 4: filter state:deny"));
	assert_true(play_sees(">deny"));
	assert_false(play_sees("reads /x/5"));
	play_key(&p, '\\');
	assert_true(play_sees("reads /x/5"));
	play_key(&p, '\\');
	/* a refresh keeps it */
	play_tell(&p, FEED_RULES, BOOK(LIVE(6, "0"), RULES, HITS), NULL);
	assert_false(play_sees("reads /x/6"));
	play_key(&p, 'q'); /* out of the filter first */
	assert_true(play_sees("reads /x/6"));
	assert_string_equal(p.app.book.selected, "/c/policy.rules:9");
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_queue);
	play_stop(&p);
}

#define PAST(number, rule, arrived) \
	"{\"number\":" #number ",\"call\":\"c-9\",\"state\":\"done\",\"tool\":\"read_file\"," \
	"\"target\":\"/x/9\",\"rule\":\"" rule "\",\"arrived\":" #arrived "}"

static void from_a_rule_to_its_calls_and_back(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK(LIVE(5, "0"), RULES, HITS));
	play_key(&p, 'G');
	play_key(&p, 'k'); /* policy.rules:9, behind it built-in:default */
	play_key(&p, 'o');
	play_asked("history of /c/policy.rules:9 since 1700000001000 before 0, 200\n");
	assert_ptr_equal(p.app.view, &view_history);
	play_tell(&p, FEED_HISTORY,
		"{\"calls\":[" PAST(12, "/c/policy.rules:9", 1700000002000) "]}", NULL);
	play_asked("event 12\n");
	assert_true(play_sees("rule: /c/policy.rules:9"));
	/* its call leads back to it, and not round in a circle */
	play_key(&p, 'o');
	play_asked("rules\n");
	assert_ptr_equal(p.app.view, &view_rules);
	play_key(&p, 'o');
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_rules);
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_queue);
	/* the tab itself is not filtered by it */
	play_asked("history of /c/policy.rules:9 since 1700000001000 before 0, 200\n");
	play_key(&p, '2');
	play_asked("history - before 0, 200\n");
	play_stop(&p);
}

static void a_grants_calls_are_its_own(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK(LIVE(5, "0"), "", ""));
	play_key(&p, 'o');
	play_asked("history of grant:5 since 0 before 0, 200\n");
	play_tell(&p, FEED_HISTORY,
		"{\"calls\":[" PAST(6, "grant:5", 1) "," PAST(9, "grant:5", 2) "]}", NULL);
	assert_int_equal(p.app.past.count, 1);
	assert_int_equal(p.app.past.list[0].number, 9);
	assert_true(p.app.past.whole);
	play_stop(&p);
}

static void from_a_call_to_its_rule(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_key(&p, '2');
	play_tell(&p, FEED_HISTORY,
		"{\"calls\":[" PAST(3, "grant:5", 1) "," PAST(8, "/c/policy.rules:9", 1) "," PAST(
			11, "/c/policy.rules:4", 1) "," PAST(12, "/c/no.rules:1", 1) "]}",
		NULL);
	play_asked("history - before 0, 200\nevent 12\n");
	play_key(&p, 'o');
	play_asked("rules\n");
	play_tell(&p, FEED_RULES, BOOK(LIVE(5, "0"), RULES, HITS), NULL);
	assert_true(play_sees("/c/no.rules:1 is not in force any more"));
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_history);
	play_key(&p, 'j');
	play_key(&p, K_ENTER);
	play_asked("event 11\n");
	play_key(&p, 'o');
	play_asked("rules\n");
	play_tell(&p, FEED_RULES, BOOK(LIVE(5, "0"), RULES, HITS), NULL);
	assert_string_equal(p.app.book.selected, "/c/policy.rules:4");
	play_key(&p, 'h');
	assert_ptr_equal(p.app.view, &view_event);
	play_key(&p, 'q');
	play_key(&p, 'j');
	play_key(&p, 'o');
	play_tell(&p, FEED_RULES, BOOK(LIVE(5, "0"), RULES, HITS), NULL);
	assert_true(play_sees("has said something else since then"));
	play_key(&p, 'q');
	play_key(&p, 'j');
	play_key(&p, 'o'); /* another grant had that number */
	play_tell(&p, FEED_RULES, BOOK(LIVE(5, "0"), RULES, HITS), NULL);
	assert_true(play_sees("grant:5 is not in force any more"));
	play_stop(&p);
}

/* From a call that waits; a filter does not hide the rule. */
static void from_the_queue_past_a_filter(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK(LIVE(5, "0"), RULES, HITS));
	play_key(&p, '/');
	play_key(&p, 'z');
	play_key(&p, 'z');
	play_key(&p, K_ENTER);
	assert_true(play_sees("None of the 4 rules"));
	play_key(&p, '1');
	play_tell(&p, FEED_ITEM,
		"{\"call\":\"c-1\",\"number\":7,\"revision\":4,\"kind\":\"call\",\"state\":"
		"\"held\",\"tool\":\"t\",\"server\":\"s\",\"risk\":\"low\",\"rule\":"
		"\"/c/policy.rules:9\",\"effects\":[]}",
		NULL);
	play_asked("show c-1 4\n");
	play_key(&p, K_ENTER);
	play_key(&p, 'o');
	play_asked("rules\n");
	play_tell(&p, FEED_RULES, BOOK(LIVE(5, "0"), RULES, HITS), NULL);
	assert_string_equal(p.app.book.selected, "/c/policy.rules:9");
	assert_true(play_sees(">deny"));
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_open);
	play_stop(&p);
}

static void it_is_asked_again_only_when_something_happened(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK("", RULES, HITS));
	play_pass(&p, 60000);
	assert_false(app_ages(&p.app)); /* nothing wakes it */
	play_asked("");
	play_tell(&p, FEED_COUNTERS, "{\"allowed\":1}", NULL);
	play_asked("rules\n");
	play_tell(&p, FEED_COUNTERS, "{\"allowed\":2}", NULL); /* it is on its way */
	play_tell(&p, FEED_RULES, BOOK("", RULES, HITS), NULL);
	play_asked("");
	assert_true(app_ages(&p.app)); /* a little later once more */
	play_pass(&p, 1000);
	play_asked("");
	play_pass(&p, 1000);
	play_asked("rules\n");
	play_tell(&p, FEED_RULES, BOOK("", RULES, HITS), NULL);
	play_pass(&p, 60000);
	play_asked("");
	assert_false(app_ages(&p.app));
	play_key(&p, '1');
	play_tell(&p, FEED_COUNTERS, "{\"allowed\":3}", NULL); /* another tab is open */
	play_asked("");
	play_stop(&p);
}

static void a_grant_that_runs_out_is_looked_after(void **state)
{
	(void)state;
	struct play p;
	open_tab(&p, false, BOOK(LIVE(5, "1,\"seconds_left\":90"), RULES, HITS));
	assert_true(play_sees("2 min left"));
	assert_true(app_ages(&p.app));
	play_pass(&p, 45000);
	assert_true(play_sees("1 min left"));
	play_asked("");
	play_pass(&p, 46000);
	play_asked("rules\n");
	play_tell(&p, FEED_RULES, BOOK("", RULES, HITS), NULL);
	assert_false(app_ages(&p.app));
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grants_are_listed_and_revoked),
		cmocka_unit_test(only_the_painted_grant_is_revoked),
		cmocka_unit_test(a_read_only_console_revokes_nothing),
		cmocka_unit_test(no_answer_is_said),
		cmocka_unit_test(a_rule_is_told_in_full),
		cmocka_unit_test(the_filter_lists_some),
		cmocka_unit_test(from_a_rule_to_its_calls_and_back),
		cmocka_unit_test(a_grants_calls_are_its_own),
		cmocka_unit_test(from_a_call_to_its_rule),
		cmocka_unit_test(from_the_queue_past_a_filter),
		cmocka_unit_test(it_is_asked_again_only_when_something_happened),
		cmocka_unit_test(a_grant_that_runs_out_is_looked_after),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
