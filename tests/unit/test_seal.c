/* The chain of seals: what is sealed when, and that every way of changing the files is named. */
#include "config.h"

#include "core/history_columns.h"
#include "core/seal_impl.h"
#include "tests/unit/chain.h"

/* ---- what is sealed when ---- */

static void test_nothing_is_whole(void **state)
{
	struct chain *c = *state;
	seal(c);
	assert_int_equal(c->pass.sealed, 0);
	expect_whole(c, 0, 0, 0);
	verify_with(c, NULL);
	assert_int_equal(c->r.break_total, 0);
}

static void test_a_call_is_sealed_once_it_has_settled(void **state)
{
	struct chain *c = *state;
	int64_t number = open_call(c, 1);
	end_call(c, number);
	seal(c);
	assert_int_equal(c->pass.sealed, 0);
	assert_true(c->pass.soon);
	expect_whole(c, 0, 0, 1);
	wait_seconds(c, 1);
	seal(c);
	assert_int_equal(c->pass.sealed, 1);
	assert_false(c->pass.soon);
	expect_whole(c, 1, 0, 0);
	seal(c);
	assert_int_equal(c->pass.sealed, 0);
}

/* What else is in the transaction is none of its business. */
static void test_a_failure_leaves_the_rest_of_the_transaction(void **state)
{
	struct chain *c = *state;
	struct err err;
	struct history *log = history_open(c->w.path, test_key, true, 0, NULL, &err);
	const struct store_body body = { .text = SPAN("kept"), .size = 4 };
	bool found;
	calls(c, 1, 2);
	change(c->w.path, "ALTER TABLE who RENAME TO whom");
	end_call(c, open_call(c, 3));
	wait_seconds(c, 2);
	assert_true(store_begin(c->s, &err));
	assert_true(store_put(c->s, 9, STORE_RESULT, &body, &err));
	assert_false(seal_catch_up(log, c->s, c->now, c->now, MOST, &c->pass, &err));
	assert_true(store_commit(c->s, &err));
	history_close(log);
	struct buf text = { 0 };
	assert_true(store_get(c->s, 9, STORE_RESULT, &text, NULL, &found, &err));
	assert_true(found);
	buf_finish(&text);
	change(c->w.path, "ALTER TABLE whom RENAME TO who");
	expect_whole(c, 2, 0, 1);
}

static void test_an_open_call_is_sealed_twice(void **state)
{
	struct chain *c = *state;
	int64_t number = open_call(c, 1);
	wait_seconds(c, 2);
	seal(c);
	assert_int_equal(c->pass.sealed, 1);
	expect_whole(c, 0, 1, 0);
	calls(c, 2, 4);
	expect_whole(c, 3, 1, 0);
	end_call(c, number);
	expect_whole(c, 3, 1, 0);
	wait_seconds(c, 1);
	seal(c);
	assert_int_equal(c->pass.sealed, 1);
	expect_whole(c, 4, 0, 0);
}

static void test_a_clock_set_back_leaves_no_call_out(void **state)
{
	struct chain *c = *state;
	end_call(c, open_call(c, 1));
	wait_seconds(c, -3600);
	seal(c);
	assert_int_equal(c->pass.sealed, 1);
	expect_whole(c, 1, 0, 0);
}

static void test_a_pass_has_a_bound(void **state)
{
	struct chain *c = *state;
	for (int n = 1; n <= 5; n++) {
		end_call(c, open_call(c, n));
	}
	event(c, "broker-start", "{}");
	wait_seconds(c, 7200);
	seal_most(c, 4);
	assert_int_equal(c->pass.sealed, 4);
	assert_true(c->pass.more);
	expect_whole(c, 4, 0, 1);
	assert_int_equal(c->r.young_events, 1);
	seal_most(c, 4);
	assert_int_equal(c->pass.sealed, 2);
	assert_false(c->pass.more);
	expect_whole(c, 5, 0, 0);
	assert_int_equal(c->r.events, 1);
	assert_int_equal(c->r.late, 5);
}

/* What comes behind the seal is sealed by itself, and nothing that was sealed is overwritten. */
static void test_a_late_part_is_sealed_by_itself(void **state)
{
	struct chain *c = *state;
	struct buf text = { 0 };
	bool found;
	calls(c, 1, 2);
	put(c, 1, STORE_DIFF, "-a\n+b\n");
	put(c, 1, STORE_RESULT, "something else");
	expect_whole(c, 2, 0, 0);
	seal(c);
	assert_int_equal(c->pass.sealed, 1);
	expect_whole(c, 2, 0, 0);
	assert_true(store_get(c->s, 1, STORE_RESULT, &text, NULL, &found, &c->w.err));
	assert_string_equal(buf_cstr(&text), "written");
	buf_finish(&text);
	change(c->detail, "UPDATE body SET text=x'2d' WHERE number=1 AND part=3");
	expect_one(c, SEAL_BREAK_CHANGED, 3, 1);
}

/* The list of what waits is no way to have a changed part sealed anew. */
static void test_a_part_cannot_be_called_late(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 2);
	change(c->detail,
		"UPDATE body SET text=x'2d' WHERE number=1 AND part=2;"
		"INSERT INTO unsealed VALUES(1,2)");
	seal(c);
	expect_one(c, SEAL_BREAK_CHANGED, 1, 1);
}

static void test_a_client_may_be_known_later(void **state)
{
	struct chain *c = *state;
	struct world *w = &c->w;
	change(w->path, "UPDATE session SET client=NULL, client_version=NULL");
	calls(c, 1, 1);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session_client(w->h, w->session, SPAN("codex"), SPAN("1"), &w->err));
	WORKS(history_session_client(w->h, w->session, SPAN("other"), SPAN("2"), &w->err));
	WORKS(history_commit(w->h, &w->err));
	calls(c, 2, 2);
	expect_whole(c, 2, 0, 0);
	change(w->path, "UPDATE session SET client='other'");
	expect_one(c, SEAL_BREAK_CHANGED, 2, 2);
}

/* Ends of sessions come after their calls. */
static void test_a_session_may_end(void **state)
{
	struct chain *c = *state;
	struct world *w = &c->w;
	calls(c, 1, 1);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session_passed(w->h, w->session, SPAN("{\"ping\":3}"), c->now, &w->err));
	WORKS(history_commit(w->h, &w->err));
	expect_whole(c, 1, 0, 0);
}

/* ---- breaks ---- */

static const char *const edits[] = {
	"UPDATE call SET verdict='deny' WHERE number=2",
	"UPDATE call SET rule=NULL WHERE number=2",
	"UPDATE call SET took_us=1 WHERE number=2",
	"UPDATE call SET target='/etc/passwd' WHERE number=2",
	"UPDATE call SET state='denied' WHERE number=2",
	"UPDATE call SET bytes=x'00' WHERE number=2",
	"UPDATE call SET n=77 WHERE number=2",
	"UPDATE effects SET json='[]' WHERE number=2",
	"DELETE FROM effects WHERE number=2",
	"INSERT INTO who VALUES(2,'{}')",
	"INSERT INTO edit VALUES(2,'me',1,'{}','{}')",
};

static void test_an_edited_row_is_named(void **state)
{
	struct chain *c = *state;
	struct world *w = &c->w;
	calls(c, 1, 3);
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		char *backup = xasprintf("%s/saved.db", w->dir);
		char *save = xasprintf("VACUUM INTO '%s'", backup);
		change(w->path, save);
		change(w->path, edits[i]);
		expect_one(c, SEAL_BREAK_CHANGED, 2, 2);
		history_close(w->h);
		assert_int_equal(rename(backup, w->path), 0);
		WORKS((w->h = history_open(w->path, test_key, false, test_now, NULL, &w->err)));
		free(backup);
		free(save);
	}
	expect_whole(c, 3, 0, 0);
}

static void test_an_edited_part_is_named(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 3);
	change(c->detail, "UPDATE body SET size=size+1 WHERE number=3 AND part=2");
	expect_one(c, SEAL_BREAK_CHANGED, 3, 3);
	change(c->detail, "UPDATE body SET size=size-1 WHERE number=3 AND part=2");
	expect_whole(c, 3, 0, 0);
	change(c->detail, "DELETE FROM body WHERE number=1 AND part=0");
	expect_one(c, SEAL_BREAK_CHANGED, 1, 1);
}

static void test_an_edited_session_is_named(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 2);
	change(c->w.path, "UPDATE session SET cwd='/elsewhere'");
	verify(c);
	assert_int_equal(c->r.break_total, 2);
	assert_int_equal(c->r.breaks[0].number, 1);
}

static void test_an_edit_of_an_open_call_is_named(void **state)
{
	struct chain *c = *state;
	int64_t number = open_call(c, 1);
	wait_seconds(c, 2);
	seal(c);
	change(c->w.path, "UPDATE call SET tool='read_file'");
	expect_one(c, SEAL_BREAK_CHANGED, 1, number);
}

static void test_removed_rows_are_named(void **state)
{
	struct chain *c = *state;
	event(c, "rules", "{}");
	calls(c, 1, 3);
	change(c->w.path, "DELETE FROM call WHERE number=2");
	expect_one(c, SEAL_BREAK_REMOVED, 3, 2);
	change(c->detail, "DELETE FROM event");
	verify(c);
	assert_int_equal(c->r.break_total, 2);
	assert_true(c->r.breaks[0].event || c->r.breaks[1].event);
}

static void test_a_row_slipped_in_is_named(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 3);
	change(c->w.path,
		"INSERT INTO call(number,session,n,arrived_us,state) VALUES(-5,1,50,1,'done')");
	expect_one(c, SEAL_BREAK_UNSEALED, 0, -5);
	event(c, "rules", "{}");
	seal(c);
	change(c->detail, "INSERT INTO event VALUES(-1,1,'rules','{}')");
	verify(c);
	assert_int_equal(c->r.break_total, 2);
	assert_true(c->r.breaks[1].event);
}

static void test_an_edited_seal_is_named(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 4);
	change(c->detail, "UPDATE seal SET at_us=at_us-1 WHERE seq=2");
	expect_one(c, SEAL_BREAK_LINK, 2, 2);
}

static void test_missing_seals_are_named(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 4);
	change(c->detail, "DELETE FROM seal WHERE seq IN (2,3)");
	verify(c);
	assert_int_equal(c->r.breaks[0].kind, SEAL_BREAK_GAP);
	assert_int_equal(c->r.breaks[0].seq, 2);
	assert_int_equal(c->r.breaks[0].to, 3);
	assert_int_equal(c->r.breaks[1].kind, SEAL_BREAK_UNSEALED);
	assert_int_equal(c->r.breaks[1].number, 2);
}

/* Row and seal are gone together: only what is kept beside the databases knows. */
static void test_a_cut_tail_is_named(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 4);
	change(c->w.path, "DELETE FROM call WHERE number>2");
	change(c->detail,
		"DELETE FROM seal WHERE seq>2; DELETE FROM body WHERE number>2;"
		"UPDATE place SET value=2 WHERE name='sealed_calls'");
	const struct seal_break *b = expect_one(c, SEAL_BREAK_END, 4, 2);
	assert_int_equal(b->at_us, c->now);
	struct heads cut = { c->heads.list, 2, 2 };
	verify_with(c, &cut);
	assert_int_equal(c->r.break_total, 0); /* that is what the heads are for */
	/* going on makes another chain */
	calls(c, 5, 7);
	verify(c);
	assert_int_equal(c->r.breaks[0].kind, SEAL_BREAK_HEAD);
	assert_int_equal(c->r.breaks[0].seq, 3);
}

static void test_missing_heads_are_named(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 1);
	verify_with(c, NULL);
	assert_int_equal(c->r.break_total, 1);
	assert_int_equal(c->r.breaks[0].kind, SEAL_BREAK_NO_HEADS);
}

/* A log.db of before, or a new one: the sealer says so, and the chain goes on. */
static void test_a_log_set_back_is_named_for_ever(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 5);
	change(c->w.path, "DELETE FROM effects WHERE number>2; DELETE FROM call WHERE number>2");
	verify(c);
	assert_int_equal(c->r.break_total, 3);
	seal(c);
	assert_true(c->pass.cut);
	const struct seal_break *b = expect_one(c, SEAL_BREAK_CUT, 6, 3);
	assert_int_equal(b->to, 5);
	calls(c, 10, 13);
	expect_one(c, SEAL_BREAK_CUT, 6, 3);
	assert_int_equal(c->r.calls, 6);
	change(c->w.path, "UPDATE call SET tool='x' WHERE number=4");
	verify(c);
	assert_int_equal(c->r.break_total, 2);
}

/* What is put beside new calls does not meet what belonged to those that had their numbers. */
static void test_a_log_begun_anew_finds_no_parts(void **state)
{
	struct chain *c = *state;
	struct world *w = &c->w;
	struct buf text = { 0 };
	bool found;
	calls(c, 1, 3);
	change(c->w.path, "DELETE FROM effects; DELETE FROM call");
	WORKS(store_begin(c->s, &w->err));
	WORKS(seal_begin(c->s, c->now, 0, &c->pass, &w->err));
	WORKS(store_commit(c->s, &w->err));
	assert_true(c->pass.cut);
	assert_int_equal(c->pass.sealed, 1);
	assert_int_equal(open_call(c, 7), 1);
	WORKS(store_get(c->s, 1, STORE_RESULT, &text, NULL, &found, &w->err));
	assert_false(found);
	put(c, 1, STORE_RESULT, "the new one's");
	WORKS(store_get(c->s, 1, STORE_RESULT, &text, NULL, &found, &w->err));
	assert_string_equal(buf_cstr(&text), "the new one's");
	buf_clear(&text);
	WORKS(store_get(c->s, -1, STORE_RESULT, &text, NULL, &found, &w->err));
	assert_string_equal(buf_cstr(&text), "written");
	buf_finish(&text);
	WORKS(store_begin(c->s, &w->err));
	WORKS(seal_begin(c->s, c->now, 1, &c->pass, &w->err));
	WORKS(store_commit(c->s, &w->err));
	assert_int_equal(c->pass.sealed, 0);
}

static void test_retention_is_no_break(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 4);
	change(c->w.path, "DELETE FROM effects WHERE number<3; DELETE FROM call WHERE number<3");
	change(c->detail,
		"DELETE FROM body WHERE number<3; INSERT INTO place VALUES('retention',3)");
	verify(c);
	assert_int_equal(c->r.breaks[0].kind, SEAL_BREAK_RETENTION);
	assert_int_equal(c->r.break_total, 3);
	event(c, "retention", "{\"below\":3}");
	seal(c);
	expect_whole(c, 2, 0, 0);
	assert_int_equal(c->r.gone, 2);
	change(c->w.path, "DELETE FROM call WHERE number=3");
	expect_one(c, SEAL_BREAK_REMOVED, 3, 3);
}

static void test_an_unknown_seal_is_named(void **state)
{
	struct chain *c = *state;
	struct store_seal seal = { .seq = 1, .at_us = 1, .kind = SPAN("nonsense"), .number = 4 };
	static const struct hash none;
	seal.hash = seal_link(&none, &seal);
	assert_true(store_begin(c->s, &c->w.err));
	assert_true(store_seal_add(c->s, &seal, &c->w.err));
	assert_true(store_commit(c->s, &c->w.err));
	expect_one(c, SEAL_BREAK_KIND, 1, 4);
}

/* ---- hostile files ---- */

static void test_numbers_may_be_any(void **state)
{
	struct chain *c = *state;
	static const char add[] =
		"INSERT INTO %s VALUES(%s9223372036854775807%s),(%s-9223372036854775808%s)";
	char sql[300];
	calls(c, 1, 2);
	snprintf(sql, sizeof(sql), add, "seal(at_us,kind,digest,hash,number)",
		"1,'call',zeroblob(32),zeroblob(32),", "", "1,'opened',x'00',x'',", "");
	change(c->detail, sql);
	snprintf(sql, sizeof(sql), add, "event(at_us,kind,id)", "1,'a',", "", "1,'a',", "");
	change(c->detail, sql);
	snprintf(sql, sizeof(sql), add, "body(size,part,number)", "1,0,", "", "1,99,", "");
	change(c->detail, sql);
	snprintf(sql, sizeof(sql), add, "call(session,n,arrived_us,state,number)", "1,90,1,'done',",
		"", "-1,-91,1,'odd',", "");
	change(c->w.path, "PRAGMA foreign_keys=OFF");
	change(c->w.path, sql);
	seal(c);
	verify(c);
	assert_true(c->r.break_total > 2);
	struct heads heads = { 0 };
	heads_parse(&heads,
		SPAN("999999999999999999 "
		     "00000000000000000000000000000000000000000000000000000000000000ff "
		     "999999999999999999\n99999999999999999999 00 1\n"));
	assert_int_equal(heads.count, 1);
	verify_with(c, &heads);
	heads_finish(&heads);
}

static void damage(const char *from, const char *to, uint64_t *seed, size_t bytes)
{
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	static char all[1 << 20];
	assert_non_null(in);
	assert_non_null(out);
	size_t len = fread(all, 1, sizeof(all), in);
	for (size_t i = 0; i < bytes; i++) {
		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		all[100 + (*seed >> 33) % (len - 100)] ^= (char)(*seed >> 24 | 1);
	}
	assert_int_equal(fwrite(all, 1, len, out), len);
	fclose(in);
	fclose(out);
}

/* Whatever is said of them, nothing reads where it must not. */
static void test_damaged_files_are_survived(void **state)
{
	struct chain *c = *state;
	char *log = xasprintf("%s/a.db", c->w.dir), *detail = xasprintf("%s/b.db", c->w.dir);
	char *bad_log = xasprintf("%s/c.db", c->w.dir),
	     *bad_detail = xasprintf("%s/d.db", c->w.dir);
	char *sql = xasprintf("VACUUM INTO '%s'", log);
	uint64_t seed = 42;
	int read = 0;
	calls(c, 1, 20);
	change(c->w.path, sql);
	free(sql);
	change(c->detail, sql = xasprintf("VACUUM INTO '%s'", detail));
	free(sql);
	for (int i = 0; i < 300; i++) {
		struct err err;
		damage(log, bad_log, &seed, i % 2 ? 4 : 0);
		damage(detail, bad_detail, &seed, i % 2 ? 0 : 4);
		struct store *s = store_open(bad_detail, true, 0, NULL, &err);
		struct history *h = s ? history_open(bad_log, test_key, true, 0, NULL, &err) : NULL;
		read += h && seal_verify(h, s, &c->heads, NULL, &c->r, &err);
		history_close(h);
		store_close(s);
	}
	assert_in_range(read, 20, 300);
	free(log);
	free(detail);
	free(bad_log);
	free(bad_detail);
}

/* ---- what must not drift ---- */

static bool names(const char *list, const char *name)
{
	char *whole = xasprintf(",%s,", list), *part = xasprintf(",%s,", name);
	bool found = strstr(whole, part) != NULL;
	free(whole);
	free(part);
	return found;
}

/* Who adds a column decides whether it is sealed: see SEAL_CALL_COLUMNS. */
static void test_every_column_is_sealed(void **state)
{
	(void)state;
#define X(name, kind) \
	if (!names(SEAL_CALL_COLUMNS, #name)) { \
		fail_msg("the column " #name " of a call has no seal"); \
	}
	CALL_COLUMNS(X)
#undef X
#define X(name, kind) \
	if (!names(SEAL_SESSION_COLUMNS ",client,client_version", #name)) { \
		fail_msg("the column " #name " of a session has no seal"); \
	}
	SESSION_COLUMNS(X)
#undef X
}

/* A chain must stay verifiable by every later version. */
static void test_the_form_is_what_it_was(void **state)
{
	struct chain *c = *state;
	char hex[HASH_HEX + 1];
	calls(c, 1, 1);
	event(c, "rules", "{}");
	seal(c);
	hash_hex(&c->pass.head.hash, hex);
	assert_string_equal(
		hex, "57367d570c5558a3eeaa78d95374863c1dbf40ce43a99c28d5baf9b7015f730c");
}

#define CHAIN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHAIN_TEST(test_nothing_is_whole),
		CHAIN_TEST(test_a_call_is_sealed_once_it_has_settled),
		CHAIN_TEST(test_a_failure_leaves_the_rest_of_the_transaction),
		CHAIN_TEST(test_an_open_call_is_sealed_twice),
		CHAIN_TEST(test_a_clock_set_back_leaves_no_call_out),
		CHAIN_TEST(test_a_pass_has_a_bound),
		CHAIN_TEST(test_a_late_part_is_sealed_by_itself),
		CHAIN_TEST(test_a_part_cannot_be_called_late),
		CHAIN_TEST(test_a_client_may_be_known_later),
		CHAIN_TEST(test_a_session_may_end),
		CHAIN_TEST(test_an_edited_row_is_named),
		CHAIN_TEST(test_an_edited_part_is_named),
		CHAIN_TEST(test_an_edited_session_is_named),
		CHAIN_TEST(test_an_edit_of_an_open_call_is_named),
		CHAIN_TEST(test_removed_rows_are_named),
		CHAIN_TEST(test_a_row_slipped_in_is_named),
		CHAIN_TEST(test_an_edited_seal_is_named),
		CHAIN_TEST(test_missing_seals_are_named),
		CHAIN_TEST(test_a_cut_tail_is_named),
		CHAIN_TEST(test_missing_heads_are_named),
		CHAIN_TEST(test_a_log_set_back_is_named_for_ever),
		CHAIN_TEST(test_a_log_begun_anew_finds_no_parts),
		CHAIN_TEST(test_retention_is_no_break),
		CHAIN_TEST(test_an_unknown_seal_is_named),
		CHAIN_TEST(test_numbers_may_be_any),
		CHAIN_TEST(test_damaged_files_are_survived),
		cmocka_unit_test(test_every_column_is_sealed),
		CHAIN_TEST(test_the_form_is_what_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
