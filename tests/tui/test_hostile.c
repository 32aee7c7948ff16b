/*
 * Hostile text in everything that the broker says, in every view, and in what comes from elsewhere:
 * files of the person's own, pastes, a tool's name in a notification. Nothing reaches the terminal
 * but text and our own sequences, and nothing leaves the cells that it was given. The rows and
 * columns that are ours (the last row, the rule between list and detail) are where they are without
 * it.
 */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SETTLE_MS = 40, PASTE_MS = 250, RULE = 0x2502, LONG_LINE = 1 << 20 };

/* As bytes of a JSON string. The number is in no sequence of ours. */
/* CSI, OSC 0 and 52, DCS, APC; C1 as an escape, as UTF-8 and as a byte */
#define SEQUENCES \
	"\\u001b[31337m\\u001b]0;31337\\u0007\\u001b]52;c;MzEzMzc=\\u001b\\\\\\u009b31337m" \
	"\xc2\x9b" \
	"31337m\xc2\x9d" \
	"31337\xc2\x9c\x9b" \
	"31337m\\u001bP31337\\u001b\\\\\\u001b_31337\\u001b\\\\\\u009d31337\\u009c"
/* what reorders, hides, or is hidden */
#define HIDDEN \
	"\\u202e\\u2066drow\\u2069\\u202c\\u200b\\u200d\\ufeff\\u2060\\udb40\\udc41\\udb40\\udc42"
/* marks without end */
#define MARKS \
	"a\\u0300\\u0301\\u0302\\u0303\\u0304\\u0305\\u0306\\u0307\\u0308\\u0309\\u030a\\u0336"
/* wide, blank, or as wide as somebody says */
#define WIDE \
	"\\u4e2d\\u6587\\uff21\\uff22\\u3164\\u115f\\u2800\\u2764\\ufe0f\\ud83d\\udc68\\u200d" \
	"\\ud83d\\udc69\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587"
/* no text, and no row of its own */
#define BROKEN \
	"\\u0000\\ud800\\udfff\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82\\t\\n\\r\\b\\f" \
	"\\u000b\\u007f\\u0085\\u2028\\u2029"

static const char *const poisons[] = { SEQUENCES HIDDEN, WIDE MARKS BROKEN HIDDEN };

/* Not all of such a call is on the screen: the guard lets no word be typed for it. */
static const char guarded[] = "typed-word";

/* A sequence of somebody else's, though it may have the form of ours. */
static bool spoken(struct vt *vt)
{
	const char *at = buf_cstr(&vt->raw), *end = at + vt->raw.len;
	while ((at = memchr(at, '\033', (size_t)(end - at)))) {
		size_t n = at[1] == '[' ? strspn(at + 2, "0123456789;?")
			: at[1] == ']'  ? strcspn(at + 2, "\033\a")
					: 0;
		if (memmem(at + 2, n, "31337", 5) || memmem(at + 2, n, "MzEz", 4)) {
			return true;
		}
		at++;
	}
	return false;
}

static void check_bytes(struct vt *vt, const char *name, size_t poison)
{
	char why[128] = "";
	if (!vt_clean(vt, why) || spoken(vt)) {
		fail_msg("%s, poison %zu: %s", name, poison, why);
	}
}

static bool is_rule(struct vt *vt, int row, int col)
{
	return vt_cell(vt, row, col).chars[0] == RULE;
}

/* Foreign text stays between the list's left edge and the rule, which begins in row 1; and the last
 * row says what it said. */
static void check_place(struct vt *plain, struct vt *vt, const char *name, size_t poison)
{
	char *want = vt_row(plain, plain->rows - 1), *now = vt_row(vt, vt->rows - 1);
	for (int i = 0; i < 20 && strcmp(want, now) != 0; i++) {
		vt_pump(vt, SETTLE_MS);
		free(now);
		now = vt_row(vt, vt->rows - 1);
	}
	if (strcmp(want, now) != 0) {
		fail_msg("%s, poison %zu: last row\n%s\n%s", name, poison, want, now);
	}
	for (int row = 1; row < vt->rows; row++) {
		for (int col = 0; col < vt->cols; col++) {
			if (is_rule(plain, 1, col) && is_rule(plain, row, col) &&
				!is_rule(vt, row, col)) {
				vt_dump(vt);
				fail_msg("%s, poison %zu: the rule at %d:%d is gone", name, poison,
					row, col);
			}
		}
	}
	free(want);
	free(now);
}

static void every_view(void **state)
{
	static const int sizes[][2] = { { 20, 40 }, { 40, 120 } };
	for (size_t i = 0; i < scene_count; i++) {
		struct vt *plain = scene_play(&scenes[i], 24, 80, *state);
		assert_non_null(plain);
		vt_resize(plain, 40, 120);
		vt_pump(plain, SETTLE_MS);
		for (size_t n = 0; n < COUNT_OF(poisons); n++) {
			struct vt *vt = scene_poison(&scenes[i], 24, 80, *state, poisons[n]);
			if (!vt) {
				fail_msg("%s, poison %zu", scenes[i].name, n);
			}
			for (size_t s = 0; s < COUNT_OF(sizes); s++) {
				vt_resize(vt, sizes[s][0], sizes[s][1]);
				vt_pump(vt, SETTLE_MS);
			}
			check_bytes(vt, scenes[i].name, n);
			if (strcmp(scenes[i].name, guarded) != 0) {
				check_place(plain, vt, scenes[i].name, n);
			}
			vt_stop(vt);
		}
		vt_stop(plain);
	}
}

/* The same as bytes, for what is no JSON. */
#define BYTES \
	"\033[31337m\033]0;31337\a\033]52;c;MzEzMzc=\033\\\xc2\x9b" \
	"31337m\xc2\x9d" \
	"31337\xc2\x9c\x9b" \
	"31337m\033P31337\033\\\xe2\x80\xae\xe2\x80\x8b"

/* no slash is in it */
#define BYTES_IN_A_NAME \
	"\033[31337m\033]0;31337\a\xc2\x9b" \
	"31337m\xe2\x80\xae"

static const struct scene *scene_of(const char *name)
{
	for (size_t i = 0; i < scene_count; i++) {
		if (strcmp(scenes[i].name, name) == 0) {
			return &scenes[i];
		}
	}
	fail_msg("no scene %s", name);
	return NULL;
}

static const char queue[] = SNAPSHOT(ITEM(1, 1, "medium", WRITES("src/a.c")));

/* A console that lets foreign text past as it came is caught here: it writes it, or dies of what
 * paints. */
static void they_would_be_seen(void **state)
{
	(void)state;
	for (int off = 0; off < 2; off++) {
		const char *const env[] = { "BASCULE_TEST_GUARD_OFF", off ? "inv06" : "", NULL };
		char why[128] = "";
		struct vt *vt = vt_start(
			&(struct vt_options){
				.program = "./tests/faulty/bascule-console", .env = env },
			queue, NULL);
		vt->wire.poison = poisons[0];
		assert_true(off || vt_wait_row(vt, 0, "1 waiting", VT_MS));
		vt_pump(vt, 2 * PASTE_MS);
		assert_int_equal(vt->ended || !vt_clean(vt, why) || spoken(vt), off);
		vt_stop(vt);
	}
}

static void paste_into(const char *root, const char *name, const char *keys)
{
	struct vt *vt = scene_play(scene_of(name), 24, 80, root);
	assert_non_null(vt);
	vt_send(vt, keys);
	vt_pump(vt, SETTLE_MS);
	vt_send(vt, "\033[200~" BYTES "\r\n\033[201~");
	vt_pump(vt, PASTE_MS);
	check_bytes(vt, name, 0);
	assert_int_equal(vt->wire.decide_count, 0);
	assert_false(vt->ended);
	vt_stop(vt);
}

static void pastes(void **state)
{
	paste_into(*state, "queue", "/");
	paste_into(*state, "find", "/");
	paste_into(*state, "history-search", "");
	paste_into(*state, "reason", "");
	paste_into(*state, "palette", "");
	paste_into(*state, "typed-word", "");
	paste_into(*state, "queue", "");
}

/* Many rows, and the console still answers. */
static void one_line_of_a_mebibyte(void **state)
{
	(void)state;
	char *line = xcalloc(LONG_LINE + 1, 1);
	memset(line, 'x', LONG_LINE);
	char *result = xasprintf(SHOW_ARGS(1, "{\"text\":\"%s" SEQUENCES "%s\"}"), line, HIDDEN);
	struct wire_show shows[] = { { "c-1", result }, { NULL, NULL } };
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, queue, shows);
	assert_true(vt_wait(vt, "1 waiting", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait(vt, "xxxxxxxx", VT_MS));
	vt_send(vt, "G");
	vt_pump(vt, PASTE_MS);
	vt_send(vt, "?");
	assert_true(vt_wait(vt, "approve the call", VT_MS));
	check_bytes(vt, "a mebibyte", 0);
	vt_stop(vt);
	free(result);
	free(line);
}

/* The tool's name is told with `detail = tool`, which is the default. */
static void a_tool_that_is_notified(void **state)
{
	static const char *const kitty[] = { "KITTY_WINDOW_ID", "1", NULL };
	(void)state;
	for (size_t n = 0; n < COUNT_OF(poisons); n++) {
		struct vt *vt = vt_start(&(struct vt_options){ .env = kitty }, queue, NULL);
		vt->wire.poison = poisons[n];
		assert_true(vt_wait_row(vt, 0, "1 waiting", VT_MS));
		wire_tell(&vt->wire, "attention", "{\"waiting\":1,\"risk\":\"medium\"}");
		wire_tell(&vt->wire, "trouble", "{\"text\":\"all was read\"}");
		assert_true(vt_wait(vt, "all was read", VT_MS));
		const char *told = memmem(vt->raw.data, vt->raw.len, "\033]9;", 4);
		assert_non_null(told);
		if (!memmem(told, strcspn(told + 4, "\033") + 4, "write_file", 10)) {
			fail_msg("%.200s", told);
		}
		char why[128] = "";
		if (!vt_clean(vt, why)) {
			fail_msg("notification, poison %zu: %s", n, why);
		}
		vt_stop(vt);
	}
}

/* --- files of the person's own --- */

static void put(const char *root, const char *name, const char *text)
{
	char *dir = xasprintf("%s/config", root), *themes = xasprintf("%s/themes", dir);
	char *path = xasprintf("%s/%s", dir, name);
	mkdir(dir, 0700);
	mkdir(themes, 0700);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
	free(themes);
	free(dir);
}

/* Each is a message that repeats what the file says. */
static const struct {
	const char *name, *text, *theme;
} files[] = {
	{ "keys.ini", "[keys]\n" BYTES " = x\n", NULL },
	{ "keys.ini", "[keys]\nhelp = " BYTES "\n", NULL },
	{ "keys.ini", BYTES "\n", NULL },
	{ "config.ini", "[console]\ntheme = " BYTES "\n", NULL },
	{ "config.ini", "[layout]\n" BYTES " = 1\n", NULL },
	{ "themes/mine.ini", "[style]\ndiff.added = " BYTES "\n", "mine" },
	{ "themes/mine.ini", "[style]\n" BYTES " = red\n", "mine" },
	{ "themes/mine.ini", "[" BYTES "]\n", "mine" },
};

static void files_of_ones_own(void **state)
{
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *root = xasprintf("%s/own", (const char *)*state);
		mkdir(root, 0700);
		put(root, files[i].name, files[i].text);
		struct vt *vt = vt_start(
			&(struct vt_options){ .root = root, .theme = files[i].theme, .cols = 120 },
			queue, NULL);
		vt_pump(vt, PASTE_MS);
		vt_send(vt, "R");
		vt_pump(vt, PASTE_MS);
		const char *base = strrchr(files[i].name, '/');
		base = base ? base + 1 : files[i].name;
		if (!memmem(vt->raw.data, vt->raw.len, base, strlen(base))) {
			vt_dump(vt);
			fail_msg("%zu: nothing is said about %s", i, base);
		}
		check_bytes(vt, files[i].name, i);
		vt_stop(vt);
		vt_remove(root);
		free(root);
	}
}

static size_t run_themes(const char *root, char *out, size_t room)
{
	int ends[2];
	size_t n = 0;
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("./bascule-console", "bascule-console", "themes", "--root", root,
			(char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	for (ssize_t got; n < room && (got = read(ends[0], out + n, room - n)) > 0;) {
		n += (size_t)got;
	}
	close(ends[0]);
	waitpid(pid, NULL, 0);
	return n;
}

/* The name of a file and what it says, in a list that is printed. */
static void the_list_of_themes(void **state)
{
	char out[8192];
	put(*state, "themes/hostile" BYTES_IN_A_NAME ".ini", "[style]\n" BYTES " = " BYTES "\n");
	put(*state, "themes/fine" BYTES_IN_A_NAME ".ini", "[style]\ndiff.added = red\n");
	put(*state, "config.ini", "[console]\ntheme = hostile" BYTES_IN_A_NAME "\n");
	size_t n = run_themes(*state, out, sizeof(out));
	assert_non_null(memmem(out, n, "gruvbox-dark", 12));
	struct vt said = { .raw = { .data = out, .len = n } };
	char why[128] = "";
	if (memchr(out, '\033', n) || memchr(out, '\a', n) || !vt_clean(&said, why)) {
		fail_msg("%s\n%.*s", why, (int)n, out);
	}
	assert_non_null(memmem(out, n, "fine\342\237\250U+001B", 13));
	char *config = xasprintf("%s/config", (const char *)*state);
	vt_remove(config);
	free(config);
}

static int set_up(void **state)
{
	char *root = xstrdup("/tmp/bascule-hostile-XXXXXX");
	setenv("TZ", "UTC", 1);
	*state = mkdtemp(root);
	return 0;
}

static int tear_down(void **state)
{
	vt_remove(*state);
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_would_be_seen),
		cmocka_unit_test(every_view),
		cmocka_unit_test(pastes),
		cmocka_unit_test(one_line_of_a_mebibyte),
		cmocka_unit_test(a_tool_that_is_notified),
		cmocka_unit_test(files_of_ones_own),
		cmocka_unit_test(the_list_of_themes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
