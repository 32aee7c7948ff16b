/* The shared log: clean lines, no lost or mixed lines over a rotation by many processes, and no
 * harm when it fails. */
#include "config.h"

#include "ipc/log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WRITERS = 4, LINES = 1500 };

struct world {
	char dir[64], path[96], old[96];
};

static int begin(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "/tmp/bascule-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->path, sizeof(w->path), "%s/bascule.log", w->dir);
	snprintf(w->old, sizeof(w->old), "%s/bascule.log.1", w->dir);
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;
	log_close();
	log_close();
	unlink(w->path);
	unlink(w->old);
	rmdir(w->dir);
	free(w);
	return 0;
}

static char *content(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return xstrdup("");
	}
	assert_int_equal(fstat(fd, &st), 0);
	char *text = xcalloc(1, (size_t)st.st_size + 1);
	assert_int_equal(read(fd, text, (size_t)st.st_size), st.st_size);
	close(fd);
	return text;
}

static void lines_are_clean_and_complete(void **state)
{
	struct world *w = *state;
	struct stat st;
	char expected[64];
	log_open(w->path, "gate", false);
	errno = E2BIG;
	log_line("opened %s", "a\x1b[2Jb\nforged line\xe2\x80\xae");
	log_debug("not shown");
	assert_int_equal(errno, E2BIG);
	char *text = content(w->path);
	snprintf(expected, sizeof(expected), "Z gate[%ld] opened a", (long)getpid());
	assert_non_null(strstr(text, expected));
	assert_null(strchr(text, '\x1b'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "not shown"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1); /* one line only */
	free(text);
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	log_open(w->path, "gate", true);
	log_debug("shown now");
	text = content(w->path);
	assert_non_null(strstr(text, " debug shown now\n"));
	free(text);
}

static void a_link_or_fifo_in_its_place_is_left_alone(void **state)
{
	struct world *w = *state;
	char *victim = xasprintf("%s/victim", w->dir);
	assert_int_equal(symlink(victim, w->path), 0);
	log_open(w->path, "gate", false);
	log_line("hello");
	assert_int_not_equal(access(victim, F_OK), 0);
	unlink(w->path);
	assert_int_equal(mkfifo(w->path, 0600), 0);
	log_open(w->path, "gate", false);
	log_line("hello"); /* must not hang or kill */
	free(victim);
}

static void nothing_happens_where_it_cannot_be_opened(void **state)
{
	(void)state;
	log_line("before it is open");
	log_open("/nowhere/at/all/bascule.log", "gate", true);
	log_line("into nothing");
	log_debug("into nothing");
}

/* The numbers that lines of one writer carry must go up by one, from whichever first one is still
 * kept. */
static void check_order(const char *text, int last[WRITERS])
{
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		int who = -1, number = -1;
		const char *at = strstr(line, "writer ");
		assert_non_null(at);
		assert_int_equal(sscanf(at, "writer %d line %d", &who, &number), 2);
		assert_in_range(who, 0, WRITERS - 1);
		assert_true(last[who] < 0 || number == last[who] + 1);
		last[who] = number;
		assert_non_null(strchr(line, '\n'));
	}
}

static void writers_rotate_without_losing_a_line(void **state)
{
	struct world *w = *state;
	char filler[201];
	int last[WRITERS];
	memset(filler, 'x', sizeof(filler) - 1);
	filler[sizeof(filler) - 1] = '\0';
	for (int who = 0; who < WRITERS; who++) {
		last[who] = -1;
		if (fork() == 0) { /* 4 x 1500 x 250 bytes: one rotation and a half */
			log_open(w->path, "gate", false);
			for (int i = 0; i < LINES; i++) {
				log_line("writer %d line %d %s", who, i, filler);
			}
			_exit(0);
		}
	}
	for (int who = 0; who < WRITERS; who++) {
		int status = -1;
		wait(&status);
		assert_int_equal(status, 0);
	}
	char *old = content(w->old), *now = content(w->path);
	assert_true(strlen(old) >= 1 << 20);
	assert_true(strlen(old) < (1 << 20) + 4096);
	assert_true(strlen(now) > 0);
	check_order(old, last);
	check_order(now, last);
	for (int who = 0; who < WRITERS; who++) {
		assert_int_equal(last[who], LINES - 1);
	}
	free(old);
	free(now);
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(lines_are_clean_and_complete),
		WORLD(a_link_or_fifo_in_its_place_is_left_alone),
		WORLD(nothing_happens_where_it_cannot_be_opened),
		WORLD(writers_rotate_without_losing_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
