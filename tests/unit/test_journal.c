/* The journal of what was changed in the user's files, with real files: undone byte for byte, left
 * where somebody else wrote, told apart after a crash at any step. */
#include "config.h"

#include "ipc/journal.h"

#include "core/diag.h"
#include "ipc/fault.h"
#include "tests/unit/scratch.h"

#include <signal.h>
#include <sys/resource.h>

static const struct journal_note note = { .agent = "claude", .what = "hooks in settings.json" };

struct told {
	struct buf
		fates; /* a letter each: Restored, reMoved, Taken out, Untouched, Changed, Failed */
	char todo[320];
};

static void tell(
	void *data, const struct journal_entry *entry, enum journal_fate fate, const char *todo)
{
	struct told *t = data;
	assert_non_null(entry->file);
	buf_char(&t->fates, "RMTUCF"[fate]);
	if (*todo) {
		snprintf(t->todo, sizeof(t->todo), "%s", todo);
	}
}

/* Takes the first place where `added` stands out of the text. */
static bool cut_out(void *data, const struct journal_entry *entry, struct span now, struct buf *out,
	struct err *err)
{
	(void)data;
	const char *at = memmem(now.at, now.len, entry->added, strlen(entry->added));
	if (!at) {
		snprintf(err->text, sizeof(err->text), "what was added is not there any more");
		return false;
	}
	size_t from = (size_t)(at - now.at), len = strlen(entry->added);
	buf_add(out, now.at, from);
	buf_add(out, at + len, now.len - from - len);
	return true;
}

static bool undo_told(struct journal *j, struct told *t, struct err *err)
{
	const struct journal_undoing how = { .told = tell, .take_out = cut_out, .data = t };
	return journal_undo(j, &how, err);
}

static const char *state_dir(struct scratch *s)
{
	const char *dir = in(s, "state");
	mkdir(dir, 0700);
	return dir;
}

static void change_bytes(struct scratch *s, const char *path, struct span bytes)
{
	struct journal j;
	struct replace r;
	struct err err = { 0 };
	if (!journal_open(&j, state_dir(s), &err) || !replace_read(&r, path, &err) ||
		!journal_write(&j, &r, bytes, &note, &err)) {
		fail_msg("%s", err.text);
	}
	replace_finish(&r);
	journal_close(&j);
}

static void change(struct scratch *s, const char *path, const char *text)
{
	change_bytes(s, path, span_of(text));
	assert_holds(path, text);
}

/* Undoes; compares what was told. */
static void undo(struct scratch *s, const char *fates)
{
	struct journal j;
	struct told t = { 0 };
	struct err err = { 0 };
	assert_true(journal_open(&j, state_dir(s), &err));
	bool ok = undo_told(&j, &t, &err), left = strpbrk(fates, "CF") != NULL;
	assert_string_equal(buf_cstr(&t.fates), fates);
	assert_int_equal(ok, !left);
	assert_int_equal(err.code, left ? DIAG_LEFT : 0);
	journal_close(&j);
	buf_finish(&t.fates);
}

static void nothing_left(struct scratch *s)
{
	struct stat st;
	assert_int_equal(stat(in(s, "state/init.journal"), &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	undo(s, "");
}

/* ---- undoing ---- */

static void back_byte_for_byte(void **state)
{
	struct scratch *s = *state;
	static const struct span olds[] = { { "", 0 }, { "{\r\n\t\"a\" : 1\r\n}", 14 },
		{ "\xef\xbb\xbf{}\n\n", 7 }, { "a\0\xff\xfe", 4 }, { "no newline", 10 } };
	for (size_t i = 0; i < COUNT_OF(olds); i++) {
		const char *path = in(s, "f");
		struct stat st;
		put_bytes(path, olds[i], 0640);
		change(s, path, "one");
		change(s, path, "two\n");
		change(s, path, "two\n"); /* no change, no entry */
		change(s, in(s, "d/e/new"), "{}");
		undo(s, "MRR");
		assert_true(holds(path, olds[i]));
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0640);
		assert_false(is_there(in(s, "d")));
		nothing_left(s);
	}
}

static void links_are_kept(void **state)
{
	struct scratch *s = *state;
	const char *link = in(s, "link");
	put_text(in(s, "real"), "old");
	assert_int_equal(symlink("real", link), 0);
	assert_int_equal(symlink("made", in(s, "dangling")), 0);
	change(s, link, "new");
	change(s, in(s, "dangling"), "new");
	undo(s, "MR");
	assert_holds(in(s, "real"), "old");
	assert_false(is_there(in(s, "made")));
	assert_true(is_there(in(s, "dangling")));
	change(s, link, "new");
	assert_int_equal(unlink(link), 0);
	put_text(in(s, "other"), "new");
	assert_int_equal(symlink("other", link), 0);
	undo(s, "C");
	assert_holds(in(s, "other"), "new");
	assert_holds(in(s, "real"), "new");
}

static void changed_since_is_left(void **state)
{
	struct scratch *s = *state;
	struct journal j;
	struct told t = { 0 };
	struct err err = { 0 };
	put_text(in(s, "f"), "old");
	put_text(in(s, "g"), "old g");
	change(s, in(s, "f"), "one");
	change(s, in(s, "g"), "new g");
	change(s, in(s, "d/new"), "new");
	put_text(in(s, "f"), "mine");
	assert_int_equal(unlink(in(s, "d/new")), 0);
	put_text(in(s, "d/new"), "mine too");
	assert_true(journal_open(&j, state_dir(s), &err));
	assert_false(undo_told(&j, &t, &err));
	assert_string_equal(buf_cstr(&t.fates), "CRC");
	assert_non_null(strstr(t.todo, "take out what bascule added"));
	assert_non_null(strstr(t.todo, "init.journal"));
	assert_non_null(strstr(err.text, "2 of 3"));
	journal_close(&j);
	buf_finish(&t.fates);
	assert_holds(in(s, "f"), "mine");
	assert_holds(in(s, "g"), "old g");
	assert_holds(in(s, "d/new"), "mine too");
	undo(s, "CC");
	/* mended by hand: then nothing is left to do */
	put_text(in(s, "f"), "old");
	assert_int_equal(unlink(in(s, "d/new")), 0);
	undo(s, "UU");
	assert_false(is_there(in(s, "d")));
	nothing_left(s);
}

static void cannot_be_put_back_now(void **state)
{
	struct scratch *s = *state;
	put_text(in(s, "f"), "old");
	change(s, in(s, "f"), "new");
	assert_int_equal(chmod(in(s, "f"), 0400), 0);
	undo(s, "F");
	assert_holds(in(s, "f"), "new");
	assert_int_equal(chmod(in(s, "f"), 0600), 0);
	undo(s, "R");
	assert_holds(in(s, "f"), "old");
}

/* A file that its agent rewrites: what was added comes out of what it is by then. */
static void added_is_taken_out(void **state)
{
	struct scratch *s = *state;
	static const struct {
		bool without_bytes;
		const char *meanwhile, *left, *fate;
	} cases[] = { { false, NULL, "{1}", "R" }, { true, NULL, "{1}", "R" },
		{ false, "{3,2,4}", "{3,4}", "T" }, { true, "{3,2,4}", "{3,4}", "T" },
		{ true, "{3}", "{3}", "C" }, { true, "{1}", "{1}", "U" } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct journal_note added = { "claude", "server", ",2", cases[i].without_bytes };
		struct journal j;
		struct replace r;
		put_text(in(s, "f"), "{1}");
		unlink(in(s, "state/init.journal"));
		assert_true(journal_open(&j, state_dir(s), NULL));
		assert_true(replace_read(&r, in(s, "f"), NULL));
		assert_true(journal_write(&j, &r, SPAN("{1,2}"), &added, NULL));
		replace_finish(&r);
		journal_close(&j);
		struct buf text = file_bytes(in(s, "state/init.journal"));
		bool bytes = strstr(buf_cstr(&text), "\"ezF9\"") != NULL;
		assert_int_equal(bytes, !cases[i].without_bytes);
		buf_finish(&text);
		if (cases[i].meanwhile) {
			put_text(in(s, "f"), cases[i].meanwhile);
		}
		undo(s, cases[i].fate);
		assert_holds(in(s, "f"), cases[i].left);
	}
}

/* What cannot be noted is not changed; what cannot be changed is not noted. */
static void refusals(void **state)
{
	struct scratch *s = *state;
	static const char *const odd[] = { "read-only", "bad\xff", NULL };
	for (size_t i = 0; odd[i]; i++) {
		struct journal j;
		struct replace r;
		struct err err = { 0 };
		const char *path = in(s, odd[i]);
		put_bytes(path, span_of("old"), i ? 0600 : 0400);
		assert_true(journal_open(&j, state_dir(s), &err));
		assert_true(replace_read(&r, path, &err));
		assert_false(journal_write(&j, &r, SPAN("new"), &note, &err));
		assert_int_equal(err.code, i ? DIAG_JOURNAL : DIAG_FILE);
		assert_int_equal(j.count, 0);
		assert_holds(path, "old");
		replace_finish(&r);
		journal_close(&j);
	}
	const char *path = in(s, "f");
	struct journal j;
	struct replace r;
	struct err err = { 0 };
	put_text(path, "old");
	assert_true(journal_open(&j, state_dir(s), &err));
	assert_true(replace_read(&r, path, &err));
	put_text(path, "hit");
	assert_false(journal_write(&j, &r, SPAN("new"), &note, &err));
	assert_int_equal(err.code, DIAG_FILE_CHANGED);
	replace_finish(&r);
	journal_close(&j);
	assert_holds(path, "hit");
	undo(s, "");
}

/* ---- two at once ---- */

static int second(void *data)
{
	struct scratch *s = data;
	struct journal j;
	struct err err = { 0 };
	char who[32];
	snprintf(who, sizeof(who), "process %ld has it", (long)getppid());
	bool opened = journal_open(&j, state_dir(s), &err);
	journal_close(&j);
	bool looked = journal_look(&j, state_dir(s), NULL) && j.count == 1;
	journal_close(&j);
	return opened                           ? 1
		: err.code != DIAG_JOURNAL_BUSY ? 2
		: !strstr(err.text, who)        ? 3
						: !looked;
}

static void two_at_once(void **state)
{
	struct scratch *s = *state;
	struct journal j;
	struct err err = { 0 };
	assert_true(journal_look(&j, state_dir(s), &err));
	assert_int_equal(j.count, 0);
	journal_close(&j);
	assert_false(is_there(in(s, "state/init.journal")));
	change(s, in(s, "f"), "new");
	assert_true(journal_open(&j, state_dir(s), &err));
	assert_int_equal(in_child(second, s), 0);
	journal_close(&j);
	journal_close(&j);
	undo(s, "M");
}

/* ---- the journal itself ---- */

static void broken_lines_are_named(void **state)
{
	struct scratch *s = *state;
	const char *path = in(s, "state/init.journal");
	struct journal j;
	struct err err = { 0 };
	put_text(in(s, "f"), "old");
	put_text(in(s, "g"), "old");
	change(s, in(s, "f"), "new");
	struct buf text = file_bytes(path);
	/* its bytes are not those of the hash: "old" is b2xk */
	char *at = strstr(buf_cstr(&text), "b2xk");
	assert_non_null(at);
	at[2] = 'y';
	buf_text(&text, "{\"id\":\"x\",\"state\":\"done\"}\nrubbish\n[]\n");
	put_bytes(path, buf_view(&text), 0600);
	buf_finish(&text);
	change(s, in(s, "g"), "new");
	assert_true(journal_look(&j, state_dir(s), &err));
	assert_int_equal(j.count, 1);
	assert_string_equal(j.entries[0].agent, "claude");
	assert_string_equal(j.entries[0].file, in(s, "g"));
	assert_int_equal(j.entries[0].state, JOURNAL_DONE);
	static const char *const why[] = { "the bytes are not those", "its entry is not there",
		"its entry is not there", "not a JSON object", "not a JSON object" };
	assert_int_equal(j.broken_count, COUNT_OF(why));
	for (size_t i = 0; i < COUNT_OF(why); i++) {
		assert_int_equal(j.broken[i].line, i + 1);
		assert_non_null(strstr(j.broken[i].why, why[i]));
	}
	journal_close(&j);
	undo(s, "R");
	assert_holds(in(s, "f"), "new");
	assert_holds(in(s, "g"), "old");
	text = file_bytes(path); /* what was not understood is kept */
	assert_non_null(strstr(buf_cstr(&text), "rubbish"));
	buf_finish(&text);
}

/* Cut anywhere, as by a power failure: nothing that counted before is lost, and undoing works. */
static void torn_anywhere(void **state)
{
	struct scratch *s = *state;
	const char *path = in(s, "state/init.journal");
	put_text(in(s, "f"), "old");
	change(s, in(s, "f"), "new");
	struct buf whole = file_bytes(path);
	size_t line = (size_t)((char *)memchr(whole.data, '\n', whole.len) - whole.data);
	for (size_t len = 0; len <= whole.len; len++) {
		bool known = len >= line;
		put_text(in(s, "f"), "new");
		put_bytes(path, (struct span){ whole.data, len }, 0600);
		change(s, in(s, "g"), "also");
		undo(s, known ? "MR" : "M");
		assert_holds(in(s, "f"), known ? "old" : "new");
		assert_false(is_there(in(s, "g")));
		nothing_left(s);
	}
	/* a long rest does not show behind a shorter line */
	struct journal j;
	put_text(in(s, "f"), "new");
	for (int i = 0; i < 4000; i++) {
		buf_char(&whole, 'x');
	}
	put_bytes(path, buf_view(&whole), 0600);
	assert_true(journal_look(&j, state_dir(s), NULL));
	assert_int_equal(j.broken_count, 1);
	assert_non_null(strstr(j.broken[0].why, "not whole"));
	journal_close(&j);
	change(s, in(s, "g"), "also");
	assert_true(journal_look(&j, state_dir(s), NULL));
	assert_int_equal(j.broken_count, 0);
	journal_close(&j);
	undo(s, "MR");
	nothing_left(s);
	buf_finish(&whole);
}

static void journal_not_ours(void **state)
{
	struct scratch *s = *state;
	const char *path = in(s, "state/init.journal");
	struct journal j;
	struct err err = { 0 };
	state_dir(s);
	put_text(in(s, "victim"), "");
	assert_int_equal(symlink(in(s, "victim"), path), 0);
	assert_false(journal_open(&j, state_dir(s), &err));
	journal_close(&j);
	assert_int_equal(unlink(path), 0);
	put_bytes(path, span_of(""), 0666);
	assert_false(journal_open(&j, state_dir(s), &err));
	assert_non_null(strstr(err.text, "written by others"));
	journal_close(&j);
	assert_int_equal(truncate(path, JOURNAL_MAX + 1), 0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_false(journal_look(&j, state_dir(s), &err));
	assert_non_null(strstr(err.text, "64 MiB"));
	journal_close(&j);
}

static int no_room_for_entry(void *data)
{
	struct scratch *s = data;
	struct rlimit limit = { 300, 300 };
	struct journal j;
	struct replace r;
	struct err err = { 0 };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	bool ok = journal_open(&j, state_dir(s), &err) && replace_read(&r, in(s, "f"), &err);
	bool wrote = ok && journal_write(&j, &r, SPAN("new"), &note, &err);
	return !ok ? 1 : wrote ? 2 : err.code != DIAG_JOURNAL ? 3 : j.count != 0 ? 4 : 0;
}

static void no_entry_no_change(void **state)
{
	struct scratch *s = *state;
	put_text(in(s, "f"), "old");
	assert_int_equal(in_child(no_room_for_entry, s), 0);
	assert_holds(in(s, "f"), "old");
	nothing_left(s);
}

/* ---- crashes ---- */

struct crash {
	struct scratch *s;
	const char *path, *step;
	bool undoes;
};

static int crash_at(void *data)
{
	const struct crash *c = data;
	struct journal j;
	struct replace r = { 0 };
	struct told t = { 0 };
	setenv("BASCULE_TEST_STEP", c->step, 1);
	bool ok = journal_open(&j, state_dir(c->s), NULL) &&
		(c->undoes ? undo_told(&j, &t, NULL)
			   : replace_read(&r, c->path, NULL) &&
					journal_write(&j, &r, SPAN("new"), &note, NULL));
	return ok ? 0 : 1;
}

/* Whenever it died: what is undone then is what was there first, and nothing lies about. */
static void crash_once(struct scratch *s, const char *name, const char *step)
{
	struct journal j;
	struct told t = { 0 };
	struct crash c = { s, in(s, name), step, false };
	bool existed = is_there(c.path);
	for (int undoes = 0; undoes < 2; undoes++) {
		c.undoes = undoes;
		if (undoes) {
			change(s, c.path, "new");
		}
		int how = in_child(crash_at, &c);
		bool goes = !strcmp(step, "moved") || !strcmp(step, "removed"),
		     swaps = !strcmp(step, "swapped");
		assert_int_equal(how,
			undoes ? how == 99 && strcmp(step, "noted") != 0 ? 99 : 0
				: goes || (swaps && !existed) ? 0
							      : 99);
		assert_true(journal_open(&j, state_dir(s), NULL));
		assert_int_equal(j.broken_count, 0);
		assert_true(undo_told(&j, &t, NULL));
		journal_close(&j);
		assert_true(existed ? holds(c.path, span_of("old")) : !is_there(c.path));
		assert_int_equal(entries(s->dir), 1 + existed); /* state */
		nothing_left(s);
	}
	buf_finish(&t.fates);
}

static void crash_everywhere(void **state)
{
	struct scratch *s = *state;
	static const char *const steps[] = {
#define X(name) name,
		FAULT_STEPS(X) FAULT_JOURNAL_STEPS(X)
#undef X
	};
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		put_text(in(s, "f"), "old");
		crash_once(s, "f", steps[i]);
		assert_int_equal(unlink(in(s, "f")), 0);
		crash_once(s, "new", steps[i]);
		crash_once(s, "d/e/new", steps[i]);
	}
}

/* ---- many rounds ---- */

enum { FILES = 4, ROUNDS = 100, EDITS = 6, BYTES = 300 };

static void random_bytes(unsigned *seed, char *bytes, size_t *len)
{
	*len = (size_t)rand_r(seed) % BYTES;
	for (size_t i = 0; i < *len; i++) {
		bytes[i] = (char)(rand_r(seed) >> 4);
	}
}

static void one_round(struct scratch *s, unsigned *seed)
{
	static const char *const names[FILES] = { "a", "b", "c/new", "d/e/new" };
	char old[FILES][BYTES], now[BYTES], fates[EDITS + 1] = "";
	size_t lens[FILES], len;
	for (int i = 0; i < FILES; i++) {
		random_bytes(seed, old[i], &lens[i]);
		if (i < 2) {
			put_bytes(in(s, names[i]), (struct span){ old[i], lens[i] }, 0644);
		}
	}
	for (int i = 0; i < EDITS; i++) {
		random_bytes(seed, now, &len);
		change_bytes(s, in(s, names[rand_r(seed) % FILES]), (struct span){ now, len });
	}
	struct journal j;
	struct told t = { 0 };
	assert_true(journal_open(&j, state_dir(s), NULL));
	assert_true(undo_told(&j, &t, NULL));
	journal_close(&j);
	snprintf(fates, sizeof(fates), "%s", buf_cstr(&t.fates));
	assert_null(strpbrk(fates, "UCF"));
	buf_finish(&t.fates);
	for (int i = 0; i < 2; i++) {
		assert_true(holds(in(s, names[i]), (struct span){ old[i], lens[i] }));
	}
	assert_int_equal(entries(s->dir), 3);
}

static void random_rounds(void **state)
{
	struct scratch *s = *state;
	unsigned seed = (unsigned)getpid();
	print_message("seed %u\n", seed);
	for (int i = 0; i < ROUNDS; i++) {
		one_round(s, &seed);
	}
	nothing_left(s);
}

#define T(name) cmocka_unit_test_setup_teardown(name, scratch_begin, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(back_byte_for_byte),
		T(links_are_kept),
		T(changed_since_is_left),
		T(cannot_be_put_back_now),
		T(added_is_taken_out),
		T(refusals),
		T(two_at_once),
		T(broken_lines_are_named),
		T(torn_anywhere),
		T(journal_not_ours),
		T(no_entry_no_change),
		T(crash_everywhere),
		T(random_rounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
