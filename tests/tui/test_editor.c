/* An editor in front of the console: it has the terminal to itself, the file is nobody else's and
 * goes with it, and nothing that is typed there decides anything. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char queue[] = SNAPSHOT(
	ITEM(1, 4, "medium", "\"method\":\"tools/call\"," WRITES("a.c")));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(4, "a.c", "new\\n", "old\\n") },
	{ "c-2", SHOW_WRITE(1, "b.c", "two\\n", "old\\n") },
	{ NULL, NULL },
};

/* Says what it is given, waits for a line, and does what the test wants of it. */
struct stand {
	char dir[40], editor[80], seen[80];
	struct vt *vt;
};

static const char begin[] = "#!/bin/sh\n"
			    "here=${0%/*}\n"
			    "stat -c '%a %n' \"$1\" \"${1%/*}\" > \"$here/seen\"\n"
			    "echo EDITOR OF ${1##*/}\n"
			    "kill -TSTP 0\n" /* what ^Z does */
			    "read line\n";

static void start(struct stand *s, const char *then)
{
	*s = (struct stand){ .dir = "/tmp/bascule-editor-XXXXXX" };
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->editor, sizeof(s->editor), "%s/ed", s->dir);
	snprintf(s->seen, sizeof(s->seen), "%s/seen", s->dir);
	FILE *f = fopen(s->editor, "w");
	assert_non_null(f);
	fprintf(f, "%s%s\n", begin, then);
	fclose(f);
	assert_int_equal(chmod(s->editor, 0700), 0);
	s->vt = vt_start(
		&(struct vt_options){ .rows = 30, .cols = 80, .visual = s->editor }, queue, shows);
	assert_true(vt_wait(s->vt, "+1 -1", VT_MS));
}

static void stop(struct stand *s)
{
	vt_stop(s->vt);
	unlink(s->editor);
	unlink(s->seen);
	assert_int_equal(rmdir(s->dir), 0);
}

static void open_editor(struct stand *s, const char *key, const char *name)
{
	char words[80];
	vt_send(s->vt, key);
	snprintf(words, sizeof(words), "EDITOR OF %s", name);
	assert_true(vt_wait(s->vt, words, VT_MS));
	assert_false(s->vt->alt);
}

/* The modes of file and folder are as said, and neither is there any more. */
static void was_private(const struct stand *s, const char *mode)
{
	char line[2][200], *name[2];
	FILE *f = fopen(s->seen, "r");
	assert_non_null(f);
	for (int i = 0; i < 2; i++) {
		assert_non_null(fgets(line[i], sizeof(line[i]), f));
		line[i][strcspn(line[i], "\n")] = '\0';
		name[i] = line[i] + 4;
		assert_int_equal(access(name[i], F_OK), -1);
		line[i][3] = '\0';
	}
	fclose(f);
	assert_string_equal(line[0], mode);
	assert_string_equal(line[1], "700");
}

static void it_has_the_terminal_to_itself(void **state)
{
	struct stand s;
	(void)state;
	start(&s, "sed -i 's/new/other/' \"$1\"; touch \"$1~\"");
	open_editor(&s, "E", "call-1.json");
	wire_tell(&s.vt->wire, "item", ITEM(2, 1, "medium", WRITES("b.c")));
	vt_send(s.vt, "a\n");
	assert_true(vt_wait(s.vt, "nothing is approved yet", VT_MS));
	assert_true(s.vt->alt);
	assert_true(vt_wait(s.vt, "b.c", VT_MS)); /* it came meanwhile */
	assert_int_equal(s.vt->wire.edit_count, 1);
	assert_string_equal(s.vt->wire.edit,
		"{\"call\":\"c-1\",\"revision\":4,\"arguments\":"
		"{\"path\":\"a.c\",\"content\":\"other\\n\"}}");
	assert_int_equal(s.vt->wire.decide_count, 0);
	was_private(&s, "600");
	stop(&s);
}

static void one_that_fails_changes_nothing(void **state)
{
	struct stand s;
	(void)state;
	start(&s, "echo '{}' > \"$1\"; exit 3");
	open_editor(&s, "E", "call-1.json");
	vt_send(s.vt, "\n");
	assert_true(vt_wait(s.vt, "nothing changed: ed ended with status 3", VT_MS));
	assert_int_equal(s.vt->wire.edit_count, 0);
	was_private(&s, "600");
	stop(&s);
}

static void a_copy_is_only_read(void **state)
{
	struct stand s;
	(void)state;
	start(&s, "chmod u+w \"$1\"; echo '{}' > \"$1\"");
	open_editor(&s, "e", "call-1.txt");
	vt_send(s.vt, "\n");
	assert_true(vt_wait(s.vt, "read; nothing was changed", VT_MS));
	assert_int_equal(s.vt->wire.edit_count, 0);
	was_private(&s, "400");
	stop(&s);
}

static void who_ends_us_takes_the_file_along(void **state)
{
	struct stand s;
	(void)state;
	start(&s, "");
	open_editor(&s, "E", "call-1.json");
	kill(s.vt->pid, SIGTERM);
	assert_true(vt_wait_end(s.vt, VT_MS));
	was_private(&s, "600");
	stop(&s);
}

static void no_editor_is_said(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .visual = "/nowhere/ed -w" }, queue, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "E");
	assert_true(vt_wait(vt, "VISUAL: there is no program /nowhere/ed", VT_MS));
	vt_send(vt, "?");
	assert_true(vt_wait(vt, "back", VT_MS)); /* keys are read again */
	vt_stop(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_the_terminal_to_itself),
		cmocka_unit_test(one_that_fails_changes_nothing),
		cmocka_unit_test(a_copy_is_only_read),
		cmocka_unit_test(who_ends_us_takes_the_file_along),
		cmocka_unit_test(no_editor_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
