/* What the card says of a call's effects: words, order, bounds. */
#include "config.h"

#include "core/buf.h"
#include "core/json.h"
#include "tui/card.h"
#include "tui/effects_doc.h"
#include "tui/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct paint terminal = { .rows = 24, .cols = 80 };

static void put(struct model *m, const char *effects)
{
	char *text = xasprintf(
		"{\"call\":\"c-1\",\"number\":1,\"revision\":1,\"kind\":\"call\","
		"\"state\":\"held\",\"tool\":\"t\",\"cwd\":\"/w\",\"risk\":\"medium\","
		"\"effects\":[%s]}",
		effects);
	struct json_scan scan = { 0 };
	assert_true(json_validate(&scan, span_of(text), JSON_LOOSE));
	json_finish(&scan);
	model_item(m, span_of(text));
	free(text);
}

/* The rows, each behind its label, with "!" in front of what stands out. */
static char *rows_of(const struct doc *doc)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < doc->count; i++) {
		const char *text = safe_cstr(&doc->lines[i].text);
		assert_true(strlen(text) >= DOC_LABEL);
		buf_printf(&out, "%s%s\n", doc->lines[i].role == ROLE_WARNING ? "!" : "",
			text + DOC_LABEL);
	}
	char *text = xstrdup(out.len ? buf_cstr(&out) : "");
	buf_finish(&out);
	return text;
}

static char *said(const char *effects, bool *partial)
{
	struct model m = { 0 };
	struct doc doc;
	put(&m, effects);
	doc_init(&doc, &terminal);
	effects_doc(&doc, model_selected(&m));
	char *text = rows_of(&doc);
	if (partial) {
		*partial = doc.partial;
	}
	doc_finish(&doc);
	model_finish(&m);
	return text;
}

struct row {
	const char *effects, *says;
};

#define AT(path) "\"path\":\"" path "\",\"inside\":true,\"state\":\"file\""

static const struct row one_effect[] = {
	{ "{\"kind\":\"read\",\"given\":\"a.c\"," AT("/w/a.c") "}", "reads      a.c\n" },
	{ "{\"kind\":\"read\",\"given\":\"src\",\"how\":\"tree\"," AT("/w/src") "}",
		"searches   src\n" },
	{ "{\"kind\":\"read\",\"given\":\".\",\"how\":\"list\",\"path\":\"/"
	  "w\",\"inside\":true,\"state\":\"directory\"}",
		"lists      /w\n" },
	{ "{\"kind\":\"read\",\"given\":\"/etc/passwd\",\"path\":\"/etc/"
	  "passwd\",\"state\":\"file\"}",
		"!reads      /etc/passwd · outside the scope\n" },
	{ "{\"kind\":\"read\",\"given\":\"a.c\"}", "!reads      a.c · outside the scope\n" },
	{ "{\"kind\":\"read\",\"given\":\"key\"," AT("/w/.env") "}", "reads      key → /w/.env\n" },
	{ "{\"kind\":\"read\",\"given\":\"./a/b.c\"," AT("/w/a/b.c") "}", "reads      a/b.c\n" },
	{ "{\"kind\":\"read\",\"given\":\"/w/a.c\"," AT("/w/a.c") "}", "reads      a.c\n" },
	{ "{\"kind\":\"read\",\"given\":\"/x/a.c\"," AT("/w/x/a.c") "}",
		"reads      /x/a.c → /w/x/a.c\n" },
	{ "{\"kind\":\"read\",\"given\":\"c\"," AT("/w/a.c") "}", "reads      c → /w/a.c\n" },
	{ "{\"kind\":\"write\",\"given\":\"a.c\",\"how\":\"replace\",\"marks\":5," AT("/w/a.c") "}",
		"overwrites a.c (tracked, changed)\n" },
	{ "{\"kind\":\"write\",\"given\":\"a.c\",\"how\":\"edit\"," AT("/w/a.c") "}",
		"edits      a.c (not tracked)\n" },
	{ "{\"kind\":\"write\",\"given\":\"n\",\"how\":\"replace\",\"path\":\"/w/"
	  "n\",\"inside\":true,\"state\":\"absent\"}",
		"creates    n\n" },
	{ "{\"kind\":\"write\",\"given\":\"a\",\"marks\":1,\"links\":3," AT("/w/a") "}",
		"!overwrites a (tracked) · the file has 3 names\n" },
	{ "{\"kind\":\"write\",\"given\":\"a\",\"how\":\"link\",\"word\":\"/etc\",\"path\":\"/w/"
	  "a\",\"inside\":true,\"state\":\"absent\"}",
		"!links      a to /etc\n" },
	{ "{\"kind\":\"write\",\"given\":\"a\",\"marks\":1,\"late\":true," AT("/w/a") "}",
		"!overwrites a (tracked) · what comes before it may change that\n" },
	{ "{\"kind\":\"write\",\"given\":\"p\",\"path\":\"/w/"
	  "p\",\"inside\":true,\"state\":\"special\"}",
		"!writes     to something that is no regular file: p (not tracked)\n" },
	{ "{\"kind\":\"delete\",\"given\":\"a\",\"how\":\"file\",\"marks\":1," AT("/w/a") "}",
		"deletes    a (tracked)\n" },
	{ "{\"kind\":\"delete\",\"given\":\"a\",\"how\":\"file\"," AT("/w/a") "}",
		"!deletes    a (not tracked)\n" },
	{ "{\"kind\":\"delete\",\"given\":\"d\",\"how\":\"tree\",\"marks\":2," AT("/w/d") "}",
		"!deletes    everything in d (ignored)\n" },
	{ "{\"kind\":\"exec\",\"given\":\"ls -l\",\"how\":\"readonly\"}", "runs       ls -l\n" },
	{ "{\"kind\":\"exec\",\"given\":\"gh pr view 12\",\"how\":\"unproven\"}",
		"!runs       gh pr view 12 · what it does is not known\n" },
	{ "{\"kind\":\"exec\",\"given\":\"sh -c x\",\"how\":\"wide\"}",
		"!runs       sh -c x · and that can do anything\n" },
	{ "{\"kind\":\"exec\",\"given\":\"x\",\"how\":\"new\"}",
		"!runs       x · and that can do anything\n" },
	{ "{\"kind\":\"task\",\"given\":\"npm test\",\"how\":\"npm\",\"marks\":8}",
		"runs       npm test (committed)\n" },
	{ "{\"kind\":\"task\",\"given\":\"npm test\",\"how\":\"npm\"}",
		"!runs       npm test (not committed)\n" },
	{ "{\"kind\":\"install\",\"given\":\"left-pad\",\"how\":\"npm\"}",
		"!installs   left-pad (npm)\n" },
	{ "{\"kind\":\"install\",\"how\":\"npm\"}", "!installs   what its files say (npm)\n" },
	{ "{\"kind\":\"push\",\"given\":\"feature/x\",\"how\":\"origin\"}",
		"!pushes     feature/x to origin\n" },
	{ "{\"kind\":\"push\",\"given\":\"main\",\"how\":\"origin\",\"word\":\"force\"}",
		"!pushes     main to origin · by force\n" },
	{ "{\"kind\":\"push\",\"how\":\"origin\"}",
		"!pushes     what git's configuration says to origin\n" },
	{ "{\"kind\":\"branch\",\"given\":\"main\",\"how\":\"commit\"}",
		"commits    to the branch main\n" },
	{ "{\"kind\":\"branch\",\"how\":\"commit\",\"text\":\"main\"}",
		"commits    to the branch that is current (now on main)\n" },
	{ "{\"kind\":\"branch\",\"given\":\"x\",\"how\":\"move\",\"word\":\"y\"}",
		"!moves      the branch x to y\n" },
	{ "{\"kind\":\"publish\",\"given\":\"npm publish\",\"how\":\"npm\"}",
		"!publishes  npm publish (npm)\n" },
	{ "{\"kind\":\"net\",\"given\":\"https://api.example.com/\",\"how\":\"remote\"}",
		"!connects   https://api.example.com/\n" },
	{ "{\"kind\":\"net\",\"given\":\"localhost:80\",\"how\":\"local\"}",
		"connects   localhost:80 · this machine\n" },
	{ "{\"kind\":\"sql\",\"given\":\"select 1\",\"how\":\"read\",\"word\":\"dev\"}",
		"queries    select 1\n" },
	{ "{\"kind\":\"tool\",\"given\":\"add\",\"how\":\"write\",\"word\":\"notes\"}",
		"!uses       add (notes) · and that changes something\n" },
	{ "{\"kind\":\"self\",\"given\":\"its socket\"}",
		"!touches    bascule itself: its socket\n" },
	{ "{\"kind\":\"secret\",\"given\":\"AKIA****\"}", "!carries    a secret: AKIA****\n" },
	{ "{\"kind\":\"nothing\"}", "touches    nothing\n" },
	{ "{\"kind\":\"unknown\",\"given\":\"a server without profile\"}",
		"!unknown    a server without profile\n" },
	{ "{\"kind\":\"quantum\",\"given\":\"x\"}", "!unknown    x\n" },
	{ "{}", "!unknown    \n" },
	{ "{\"kind\":\"unknown\"}", "!unknown    what it does\n" },
};

static void each_kind_has_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(one_effect); i++) {
		char *text = said(one_effect[i].effects, NULL);
		assert_string_equal(text, one_effect[i].says);
		free(text);
	}
}

static void what_matters_comes_first(void **state)
{
	(void)state;
	char *text = said("{\"kind\":\"read\",\"given\":\"a\"," AT(
				  "/w/a") "},"
					  "{\"kind\":\"write\",\"given\":\"b\",\"marks\":1," AT(
						  "/w/b") "},"
							  "{\"kind\":\"install\",\"given\":\"p\","
							  "\"how\":\"npm\"}",
		NULL);
	assert_string_equal(text, "!installs   p (npm)\noverwrites b (tracked)\nreads      a\n");
	free(text);
}

/* cat a; rm b && ls: one simple command after the other, the one that matters first. */
static void a_shell_line_is_shown_by_its_commands(void **state)
{
	(void)state;
	char *text = said(
		"{\"kind\":\"read\",\"given\":\"a\",\"part\":1," AT(
			"/w/a") "},"
				"{\"kind\":\"exec\",\"given\":\"cat "
				"a\",\"how\":\"readonly\",\"part\":1},"
				"{\"kind\":\"delete\",\"given\":\"b\",\"how\":\"file\",\"part\":"
				"2," AT("/w/b") "},"
						"{\"kind\":\"exec\",\"given\":\"rm "
						"b\",\"how\":\"local\",\"part\":2},"
						"{\"kind\":\"exec\",\"given\":\"ls\",\"how\":"
						"\"readonly\",\"part\":3}",
		NULL);
	assert_string_equal(text,
		"runs       rm b\n!deletes    b (not tracked)\nruns       cat a\nruns       ls\n");
	free(text);
}

static char *many(const char *effect, int count)
{
	struct buf out = { 0 };
	for (int i = 0; i < count; i++) {
		buf_printf(&out, "%s%s", i ? "," : "", effect);
	}
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

static size_t count_rows(const char *text)
{
	size_t count = 0;
	for (; *text; text++) {
		count += *text == '\n';
	}
	return count;
}

/* What only looks may be left out; what matters is counted as not shown. */
static void more_is_said(void **state)
{
	static const struct {
		const char *effect;
		int count;
		size_t rows;
		const char *more;
		bool partial;
	} cases[] = {
		{ "{\"kind\":\"nothing\"}", 8, 8, "nothing\n", false },
		{ "{\"kind\":\"nothing\"}", 9, 9, "\nand 1 more\n", false },
		{ "{\"kind\":\"unknown\"}", 24, 24, "what it does\n", false },
		{ "{\"kind\":\"unknown\"}", 30, 25, "\n!and 6 more\n", true },
		{ "{\"kind\":\"nothing\"}", 300, 9, "\n!and 292 more\n", true },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool partial = false;
		char *effects = many(cases[i].effect, cases[i].count);
		char *text = said(effects, &partial);
		assert_int_equal(count_rows(text), cases[i].rows);
		size_t len = strlen(text), tail = strlen(cases[i].more);
		assert_string_equal(text + len - tail, cases[i].more);
		assert_int_equal(partial, cases[i].partial);
		free(text);
		free(effects);
	}
}

static void the_row_says_what_is_done_where_the_target_does_not(void **state)
{
	static const struct row cases[] = {
		{ "{\"kind\":\"install\",\"given\":\"p\"}", "installs" },
		{ "{\"kind\":\"branch\",\"given\":\"b\",\"how\":\"delete\"}", "deletes" },
		{ "{\"kind\":\"read\",\"given\":\"a\"}", "" },
		{ "{\"kind\":\"exec\",\"given\":\"a b\",\"part\":1},"
		  "{\"kind\":\"install\",\"given\":\"p\",\"part\":1}",
			"" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct model m = { 0 };
		put(&m, cases[i].effects);
		assert_string_equal(model_verb(model_selected(&m)), cases[i].says);
		model_finish(&m);
	}
}

static void the_row_names_what_matters(void **state)
{
	static const struct row cases[] = {
		{ "{\"kind\":\"read\",\"given\":\"a\"," AT(
			  "/w/a") "},"
				  "{\"kind\":\"install\",\"given\":\"p\"}",
			"p" },
		{ "{\"kind\":\"read\",\"given\":\"/etc/x\",\"part\":1},"
		  "{\"kind\":\"exec\",\"given\":\"cat /etc/x\",\"how\":\"readonly\",\"part\":1}",
			"cat /etc/x" },
		{ "{\"kind\":\"write\",\"path\":\"/w/a\"}", "/w/a" },
		{ "{\"kind\":\"unknown\",\"given\":\"why\"},"
		  "{\"kind\":\"write\",\"given\":\"a\",\"marks\":1," AT("/w/a") "}",
			"a" },
		{ "{\"kind\":\"nothing\"},{\"kind\":\"unknown\",\"given\":\"why\"}", "why" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct model m = { 0 };
		put(&m, cases[i].effects);
		assert_true(span_is(model_target(model_selected(&m)), cases[i].says));
		model_finish(&m);
	}
}

static void the_highest_risk_has_its_own_mark(void **state)
{
	(void)state;
	assert_string_equal(card_sigil(RISK_HIGHEST), "!!!");
	assert_string_equal(card_risk(RISK_HIGHEST), "highest");
}

static char *text_of(const struct doc *doc)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < doc->count; i++) {
		buf_printf(&out, "%s\n", safe_cstr(&doc->lines[i].text));
	}
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

static void wrapped_as_new(struct doc *doc)
{
	struct doc_row *had = doc->rows;
	size_t count = doc->row_count;
	int width = doc->width;
	doc->rows = NULL;
	doc->row_count = doc->row_cap = 0;
	doc->width = 0;
	doc_wrap(doc, width);
	assert_int_equal(doc->row_count, count);
	for (size_t i = 0; i < count; i++) {
		const struct doc_row *a = &had[i], *b = &doc->rows[i];
		assert_true(a->line == b->line && a->from == b->from && a->to == b->to &&
			a->further == b->further);
	}
	free(had);
}

/* What ages is said anew before a frame; the rows of the other lines stay. */
/* The call that was denied before and the latest one like it are mostly the same: said once. */
static void one_call_is_named_once(void **state)
{
	(void)state;
	for (int64_t like = 12; like <= 13; like++) {
		struct model m = { 0 };
		struct card_ages ages;
		struct doc doc;
		put(&m, "");
		struct model_item *item = model_selected(&m);
		item->denied = (struct model_denied){ .count = 1, .number = 12, .at = 1 };
		item->like = (struct model_like){
			.number = like, .at = 1, .denied = 1, .decision = xstrdup("denied")
		};
		doc_init(&doc, &terminal);
		card_doc(&doc, item, &(struct diff_form){ .width = 80 }, &ages);
		card_age(&doc, item, &ages, 2005, 22000);
		char *text = text_of(&doc);
		assert_non_null(strstr(text, "denied 1 time before, last just now (#12)"));
		assert_int_equal(strstr(text, "same as #13") != NULL, like == 13);
		assert_null(strstr(text, "same as #12"));
		free(text);
		doc_finish(&doc);
		model_finish(&m);
	}
}

static void what_ages_is_said_again(void **state)
{
	(void)state;
	struct model m = { 0 };
	struct card_ages ages;
	struct doc doc;
	put(&m, "");
	struct model_item *item = model_selected(&m);
	*item = (struct model_item){ .call = item->call,
		.raw = item->raw,
		.tool = item->tool,
		.cwd = item->cwd,
		.state = LIFE_HELD,
		.arrived = 1000,
		.deadline = 400000,
		.changed_at = 5,
		.client_pid = 7 };
	item->client_program = xstrdup("/bin/a\033gent");
	item->who.turn = xstrdup("t-1");
	item->denied = (struct model_denied){
		.count = 2, .number = 12, .at = 1, .reason = xstrdup("not\033 here")
	};
	item->like = (struct model_like){
		.number = 118, .at = 1, .approved = 4, .denied = 1, .decision = xstrdup("denied")
	};
	doc_init(&doc, &terminal);
	card_doc(&doc, item, &(struct diff_form){ .width = 30 }, &ages);
	doc_wrap(&doc, 30);
	static const struct {
		int64_t wall;
		const char *says[5];
	} rows[] = {
		{ 22000,
			{ "low risk · waits for you 0:21", "6:18: then the client gives up",
				"denied 1, last just now", "(process 7: /bin/a⟨U+001B⟩gent)",
				"denied 2 times before, last just now (#12): not⟨U+001B⟩ here" } },
		{ 3 * 86400000LL,
			{ "waits for you 2d23h", "0:00: then the client gives up, soon",
				"same as #118, which was denied · of such approved 4, denied 1, "
				"last 2 days ago",
				"· turn t-1", "before, last 2 days ago (#12)" } },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		card_age(&doc, item, &ages, 2005, rows[i].wall);
		char *text = text_of(&doc);
		for (size_t k = 0; k < COUNT_OF(rows[i].says); k++) {
			if (!strstr(text, rows[i].says[k])) {
				fail_msg("%s is not in:\n%s", rows[i].says[k], text);
			}
		}
		assert_non_null(strstr(text, "changed 2 s ago, look again"));
		free(text);
		wrapped_as_new(&doc);
	}
	doc_finish(&doc);
	model_finish(&m);
}

static const char by_hostile[] =
	"{\"call\":\"c-1\",\"number\":1,\"revision\":1,\"kind\":\"call\",\"state\":\"held\","
	"\"tool\":\"t\",\"cwd\":\"/w\",\"risk\":\"medium\",\"effects\":[],\"client\":{\"name\":"
	"\"a\\u001b]0;x\\u0007\",\"version\":\"\\u202e1\",\"pid\":7,\"agent_type\":\"\\n\","
	"\"model\":\"m\\u0000n\",\"session\":[\"s\"],\"turn\":7,\"pane\":\"%1\\u009b2J\","
	"\"editor\":\"\\u200b\",\"above\":[{\"name\":\"sh\\u001b[2J\"},7,{}]}}";

/* Who asks is told by whoever wants to be allowed. */
static void who_asks_is_foreign_text(void **state)
{
	(void)state;
	struct model m = { 0 };
	struct card_ages ages;
	struct doc doc;
	struct json_scan scan = { 0 };
	assert_true(json_validate(&scan, span_of(by_hostile), JSON_LOOSE));
	json_finish(&scan);
	model_item(&m, span_of(by_hostile));
	doc_init(&doc, &terminal);
	card_doc(&doc, model_selected(&m), &(struct diff_form){ .width = 80 }, &ages);
	char *text = text_of(&doc);
	static const char *const says[] = { "a⟨U+001B⟩]0;x⟨U+0007⟩ ⟨U+202E⟩1 (process 7)",
		"· model m",
		"tmux pane %1⟨U+009B⟩2J · in ⟨U+200B⟩ · under sh⟨U+001B⟩[2J < ? < ?\n" };
	for (size_t i = 0; i < COUNT_OF(says); i++) {
		if (!strstr(text, says[i])) {
			fail_msg("%s is not in:\n%s", says[i], text);
		}
	}
	assert_null(strstr(text, "session"));
	for (const char *at = text; *at; at++) {
		assert_true((unsigned char)*at >= ' ' || *at == '\n');
	}
	free(text);
	doc_finish(&doc);
	model_finish(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_words),
		cmocka_unit_test(what_matters_comes_first),
		cmocka_unit_test(a_shell_line_is_shown_by_its_commands),
		cmocka_unit_test(more_is_said),
		cmocka_unit_test(the_row_names_what_matters),
		cmocka_unit_test(the_row_says_what_is_done_where_the_target_does_not),
		cmocka_unit_test(the_highest_risk_has_its_own_mark),
		cmocka_unit_test(what_ages_is_said_again),
		cmocka_unit_test(one_call_is_named_once),
		cmocka_unit_test(who_asks_is_foreign_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
