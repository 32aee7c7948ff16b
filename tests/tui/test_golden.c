/*
 * Every view as it looks at four sizes, text and roles, against tests/tui/golden/NAME.txt. `make
 * update-goldens` writes them anew: look at the difference before you keep it. And at every size
 * the last row names what decides, wherever something can be decided.
 */
#include "config.h"

#include "tests/tui/picture.h"
#include "tests/tui/scenes.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SETTLE_MS = 2500, QUIET_MS = 250 };

static const int sizes[][2] = { { 20, 40 }, { 24, 80 }, { 40, 120 }, { 50, 200 } };

static bool updating(void)
{
	const char *wish = getenv("UPDATE_GOLDENS");
	return wish && wish[0];
}

static char *golden_path(const char *name)
{
	const char *dir = getenv("srcdir");
	return xasprintf("%s/tests/tui/golden/%s.txt", dir ? dir : ".", name);
}

static char *read_golden(const char *name)
{
	char *path = golden_path(name);
	FILE *file = fopen(path, "r");
	struct buf text = { 0 };
	char bytes[4096];
	for (size_t n; file && (n = fread(bytes, 1, sizeof(bytes), file)) > 0;) {
		buf_add(&text, bytes, n);
	}
	if (file) {
		fclose(file);
	}
	free(path);
	char *all = span_dup(buf_view(&text));
	buf_finish(&text);
	return all;
}

static void write_golden(const char *name, struct span text)
{
	char *path = golden_path(name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text.at, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
	free(path);
}

/* The part of a golden for one size, with its heading; "" if there is none. */
static char *part_of(const char *golden, const char *heading)
{
	const char *from = strstr(golden, heading);
	const char *to = from ? strstr(from + 1, "\n== ") : NULL;
	return !from ? xstrdup("")
		: to ? span_dup((struct span){ from, (size_t)(to + 1 - from) })
		     : xstrdup(from);
}

static char *part_now(struct vt *vt, const char *heading)
{
	char *picture = picture_take(vt);
	char *part = xasprintf("%s%s", heading, picture);
	free(picture);
	return part;
}

/* Until it looks as it should; or, to write it, until nothing comes any more. */
static char *settle(struct vt *vt, const char *heading, const char *want)
{
	char *now = part_now(vt, heading);
	for (int ms = 0; ms < SETTLE_MS && strcmp(now, want) != 0; ms += 5) {
		size_t had = vt->raw.len;
		vt_pump(vt, updating() ? QUIET_MS : 5);
		free(now);
		now = part_now(vt, heading);
		if (updating() && vt->raw.len == had) {
			break;
		}
	}
	return now;
}

static void say_difference(const char *name, const char *want, const char *now)
{
	while (*want && *want == *now) {
		want++;
		now++;
	}
	for (; want[-1] && want[-1] != '\n'; want--, now--) {
	}
	print_error("%s: expected | found\n%.*s\n%.*s\n", name, (int)strcspn(want, "\n"), want,
		(int)strcspn(now, "\n"), now);
}

static void names_what_decides(struct vt *vt, const char *name)
{
	static const char *const words[] = { "a approve", "d deny", "+why", "? help", "q " };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (!vt_wait_row(vt, vt->rows - 1, words[i], VT_MS)) {
			fail_msg("%s at %dx%d: the last row does not say: %s", name, vt->cols,
				vt->rows, words[i]);
		}
	}
}

static bool look(
	struct vt *vt, const struct scene *scene, size_t size, const char *golden, struct buf *out)
{
	char heading[32];
	snprintf(heading, sizeof(heading), "== %dx%d\n", sizes[size][1], sizes[size][0]);
	vt_resize(vt, sizes[size][0], sizes[size][1]);
	char *want = part_of(golden, heading), *now = settle(vt, heading, want);
	bool same = strcmp(want, now) == 0;
	buf_text(out, now);
	if (!same && !updating()) {
		say_difference(scene->name, want, now);
		vt_dump(vt);
	}
	if (scene->decides) {
		names_what_decides(vt, scene->name);
	}
	free(want);
	free(now);
	return same;
}

static void every_view_at_every_size(void **state)
{
	size_t wrong = 0;
	for (size_t i = 0; i < scene_count; i++) {
		const struct scene *scene = &scenes[i];
		struct vt *vt = scene_play(scene, 24, 80, *state);
		char *golden = read_golden(scene->name), why[128] = "";
		struct buf out = { 0 };
		bool same = true;
		assert_non_null(vt);
		for (size_t size = 0; size < COUNT_OF(sizes); size++) {
			same = look(vt, scene, size, golden, &out) && same;
		}
		if (updating() && !same) {
			write_golden(scene->name, buf_view(&out));
		}
		wrong += !same && !updating();
		if (!vt_clean(vt, why)) {
			fail_msg("%s: %s", scene->name, why);
		}
		vt_stop(vt);
		free(golden);
		buf_finish(&out);
	}
	if (wrong) {
		fail_msg("%zu views look otherwise: make update-goldens, and look at them", wrong);
	}
}

static void every_role_has_its_letter(void **state)
{
	const char *role = picture_letterless();
	(void)state;
	if (role) {
		fail_msg("tests/tui/picture.c: the role %s needs a letter of its own", role);
	}
}

/* Where the four keys that matter most would be hidden first. */
static void the_keys_are_named_at_any_width(void **state)
{
	static const char *const names[] = { "queue", "open-edit", "batch" };
	for (size_t i = 0; i < scene_count; i++) {
		for (size_t n = 0; n < COUNT_OF(names); n++) {
			if (strcmp(scenes[i].name, names[n]) != 0) {
				continue;
			}
			struct vt *vt = scene_play(&scenes[i], 24, 80, *state);
			assert_non_null(vt);
			for (int cols = 40; cols <= 200; cols += cols < 60 ? 1 : 20) {
				vt_resize(vt, 20 + cols / 8, cols);
				names_what_decides(vt, names[n]);
			}
			vt_stop(vt);
		}
	}
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static int set_up(void **state)
{
	char *root = xstrdup("/tmp/bascule-golden-XXXXXX");
	setenv("TZ", "UTC", 1);
	*state = mkdtemp(root);
	picture_theme(root);
	return 0;
}

static int tear_down(void **state)
{
	nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_role_has_its_letter),
		cmocka_unit_test(every_view_at_every_size),
		cmocka_unit_test(the_keys_are_named_at_any_width),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
