/* The guard with a clock of the test's own. */
#include "config.h"

#include "tui/guard.h"
#include "tui/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct guard_frame medium = { .stamp = 1, .place = 7, .facts = true, .end = true };

static struct guard started(const struct guard_frame *frame)
{
	struct guard g;
	struct app_settings settings;
	settings_built_in(&settings);
	guard_init(&g, &settings.guard, 0);
	guard_painted(&g, frame, 1000);
	return g;
}

static void acts_after_it_was_shown(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	assert_int_equal(guard_may_approve(&g, 1499), GUARD_FRESH);
	assert_int_equal(guard_may_approve(&g, 1500), GUARD_OK);
}

static void repainting_the_same_restarts_nothing(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	guard_painted(&g, &medium, 1450);
	assert_int_equal(guard_may_approve(&g, 1500), GUARD_OK);
}

static void new_content_restarts(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	struct guard_frame other = medium;
	other.stamp = 2;
	guard_painted(&g, &other, 3000);
	assert_int_equal(guard_may_approve(&g, 3499), GUARD_FRESH);
	assert_int_equal(guard_may_approve(&g, 3500), GUARD_OK);
}

static void read_is_all_of_it_for_long_enough(void **state)
{
	(void)state;
	struct guard_frame part = medium;
	struct guard g = started(&medium);
	assert_false(guard_read(&g, 1, 2499));
	assert_true(guard_read(&g, 1, 2500));
	assert_false(guard_read(&g, 2, 2500));
	guard_focus(&g, false, 2500);
	assert_false(guard_read(&g, 1, 9000));
	part.end = false;
	g = started(&part);
	assert_false(guard_read(&g, 1, 9000));
	assert_false(guard_read(&g, 0, 9000));
}

static void nothing_shown_nothing_approved(void **state)
{
	(void)state;
	struct guard_frame none = { 0 };
	struct guard g = started(&none);
	assert_int_equal(guard_may_approve(&g, 9000), GUARD_NOTHING);
	assert_int_equal(guard_may_deny(&g, 9000), GUARD_OK);
}

static void other_keys_restart_the_quiet(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	guard_input(&g, 5000);
	assert_int_equal(guard_may_approve(&g, 5349), GUARD_QUIET);
	assert_int_equal(guard_may_deny(&g, 5349), GUARD_QUIET);
	guard_input(&g, 5349);
	assert_int_equal(guard_may_approve(&g, 5698), GUARD_QUIET);
	assert_int_equal(guard_may_approve(&g, 5699), GUARD_OK);
	assert_int_equal(guard_may_deny(&g, 5699), GUARD_OK);
}

/* A key that waited in the terminal while the program was busy is dated before that, and is too
 * early. */
static void an_old_key_is_too_early(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	assert_int_equal(guard_may_approve(&g, 900), GUARD_FRESH);
}

static void high_risk_wants_longer_and_the_end(void **state)
{
	(void)state;
	struct guard_frame high = medium;
	high.high = true;
	high.end = false;
	struct guard g = started(&high);
	assert_int_equal(guard_may_approve(&g, 2499), GUARD_FRESH);
	assert_int_equal(guard_may_approve(&g, 2500), GUARD_UNSEEN);
	high.end = true;
	guard_painted(&g, &high, 3000);
	assert_int_equal(guard_may_approve(&g, 3400), GUARD_OK);
	high.end = false; /* scrolled back up: it has been seen */
	guard_painted(&g, &high, 4000);
	assert_int_equal(guard_may_approve(&g, 5000), GUARD_OK);
	high.stamp = 2;
	guard_painted(&g, &high, 6000);
	assert_int_equal(guard_may_approve(&g, 9000), GUARD_UNSEEN);
}

static void the_facts_must_have_been_seen_at_any_risk(void **state)
{
	(void)state;
	struct guard_frame frame = medium;
	frame.facts = false;
	struct guard g = started(&frame);
	assert_int_equal(guard_may_approve(&g, 9000), GUARD_UNSEEN);
	frame.facts = true;
	guard_painted(&g, &frame, 9000);
	assert_int_equal(guard_may_approve(&g, 9100), GUARD_OK);
}

static void focus_arms_it_late(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	guard_focus(&g, false, 5000);
	assert_int_equal(guard_may_approve(&g, 9000), GUARD_UNFOCUSED);
	assert_int_equal(guard_may_deny(&g, 9000), GUARD_OK);
	guard_focus(&g, true, 9000);
	assert_int_equal(guard_may_approve(&g, 9349), GUARD_UNFOCUSED);
	assert_int_equal(guard_may_approve(&g, 9350), GUARD_OK);
}

static void a_moved_detail_restarts_a_little(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	struct guard_frame moved = medium;
	moved.place = 8;
	guard_painted(&g, &moved, 5000);
	assert_int_equal(guard_may_approve(&g, 5349), GUARD_MOVED);
	assert_int_equal(guard_may_approve(&g, 5350), GUARD_OK);
}

static void a_gap_restarts_everything(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	guard_gap(&g, 60000);
	assert_int_equal(guard_may_approve(&g, 60349), GUARD_QUIET);
	assert_int_equal(guard_may_approve(&g, 60499), GUARD_FRESH);
	assert_int_equal(guard_may_approve(&g, 60500), GUARD_OK);
}

/* One call a second, decided as soon as the guard lets it: nobody who works fast loses a key. */
static void twenty_in_twenty_seconds(void **state)
{
	(void)state;
	struct guard g = started(&medium);
	struct guard_frame frame = medium;
	for (int i = 0; i < 20; i++) {
		int64_t key = 2000 + i * 1000;
		assert_int_equal(guard_may_approve(&g, key), GUARD_OK);
		guard_input(&g, key);
		frame.stamp++;
		guard_painted(&g, &frame, key + 20);
	}
}

static void every_answer_has_words(void **state)
{
	(void)state;
	assert_string_equal(guard_words(GUARD_OK), "");
	assert_true(strlen(guard_words(GUARD_UNSEEN)) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acts_after_it_was_shown),
		cmocka_unit_test(repainting_the_same_restarts_nothing),
		cmocka_unit_test(new_content_restarts),
		cmocka_unit_test(read_is_all_of_it_for_long_enough),
		cmocka_unit_test(nothing_shown_nothing_approved),
		cmocka_unit_test(other_keys_restart_the_quiet),
		cmocka_unit_test(an_old_key_is_too_early),
		cmocka_unit_test(high_risk_wants_longer_and_the_end),
		cmocka_unit_test(the_facts_must_have_been_seen_at_any_risk),
		cmocka_unit_test(focus_arms_it_late),
		cmocka_unit_test(a_moved_detail_restarts_a_little),
		cmocka_unit_test(a_gap_restarts_everything),
		cmocka_unit_test(twenty_in_twenty_seconds),
		cmocka_unit_test(every_answer_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
