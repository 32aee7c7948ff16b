/* Replacing a file of the user's, with real files: what it keeps, what it refuses, and what a
 * crash, a full disk or another writer leave. */
#include "config.h"

#include "ipc/replace.h"

#include "core/diag.h"
#include "ipc/fault.h"
#include "tests/unit/scratch.h"

#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/xattr.h>
#include <time.h>

/* File systems that have no such rename say so. */
static bool plain_renames;
int __real_renameat2(int from, const char *a, int to, const char *b, unsigned flags);
int __wrap_renameat2(int from, const char *a, int to, const char *b, unsigned flags);
int __wrap_renameat2(int from, const char *a, int to, const char *b, unsigned flags)
{
	if (plain_renames) {
		errno = EINVAL;
		return -1;
	}
	return __real_renameat2(from, a, to, b, flags);
}

static bool write_text(const char *path, const char *text, struct err *err)
{
	struct replace r;
	bool ok = replace_read(&r, path, err) && replace_write(&r, span_of(text), err);
	if (ok) {
		assert_true(r.exists);
		assert_true(holds(r.file, buf_view(&r.bytes)));
	}
	replace_finish(&r);
	return ok;
}

static void writes(const char *path, const char *text)
{
	struct err err = { 0 };
	if (!write_text(path, text, &err)) {
		fail_msg("%s", err.text);
	}
}

static void refuses(const char *path, int code, const char *why)
{
	struct err err = { 0 };
	assert_false(write_text(path, "new", &err));
	if (!strstr(err.text, why) || err.code != code) {
		fail_msg("said %d: %s", err.code, err.text);
	}
}

static void keeps_mode_and_bytes(void **state)
{
	struct scratch *s = *state;
	static const mode_t modes[] = { 0600, 0644, 0640, 0664, 0755, 0200 | 0400 | 02000 };
	static const char *const texts[] = { "", "{}", "a\r\nb\r\n", "\xef\xbb\xbf{\n}\n", "x\ny" };
	const char *path = in(s, "settings.json");
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		for (size_t k = 0; k < COUNT_OF(texts); k++) {
			struct stat st;
			put_bytes(path, span_of("old"), modes[i]);
			writes(path, texts[k]);
			assert_holds(path, texts[k]);
			assert_int_equal(stat(path, &st), 0);
			assert_int_equal(st.st_mode & 07777, modes[i]);
		}
	}
	assert_int_equal(entries(s->dir), 1);
	put_bytes(path, (struct span){ "a\0b", 3 }, 0600);
	struct replace r;
	assert_true(replace_read(&r, path, NULL));
	assert_int_equal(r.bytes.len, 3);
	assert_true(replace_write(&r, (struct span){ "\0\xff", 2 }, NULL));
	assert_true(holds(path, (struct span){ "\0\xff", 2 }));
	/* and again with what it says now */
	assert_true(replace_write(&r, buf_view(&r.bytes), NULL));
	assert_true(holds(path, (struct span){ "\0\xff", 2 }));
	replace_finish(&r);
	replace_finish(&r);
}

static void keeps_group_and_attributes(void **state)
{
	struct scratch *s = *state;
	const char *path = in(s, "f");
	struct stat st;
	char value[8] = "";
	/* user::rw- user:12345:r-- group::r-- mask::r-- other::--- */
	static const unsigned char list[] = { 2, 0, 0, 0, /**/ 1, 0, 6, 0, 255, 255, 255, 255, 2, 0,
		4, 0, 57, 48, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255,
		32, 0, 0, 0, 255, 255, 255, 255 };
	unsigned char back[64];
	put_text(path, "old");
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 0, 12345), 0);
	}
	assert_int_equal(chmod(path, 0640), 0);
	bool notes = setxattr(path, "user.note", "mine", 4, 0) == 0;
	bool lists = setxattr(path, "system.posix_acl_access", list, sizeof(list), 0) == 0;
	writes(path, "new");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_gid, geteuid() == 0 ? 12345 : getegid());
	assert_int_equal(st.st_mode & 07777, 0640);
	if (notes) {
		assert_int_equal(getxattr(path, "user.note", value, sizeof(value)), 4);
		assert_string_equal(value, "mine");
	}
	if (lists) {
		assert_int_equal(getxattr(path, "system.posix_acl_access", back, sizeof(back)),
			sizeof(list));
		assert_memory_equal(back, list, sizeof(list));
	}
	/* a directory that hands out rights adds none to a file that has no list */
	if (lists) {
		removexattr(path, "system.posix_acl_access");
		assert_int_equal(chmod(path, 0660), 0);
		assert_int_equal(
			setxattr(s->dir, "system.posix_acl_default", list, sizeof(list), 0), 0);
		writes(path, "newer");
		assert_int_equal(getxattr(path, "system.posix_acl_access", back, sizeof(back)), -1);
	}
}

/* Every way to name it leads to one file, and the links stay what they were. */
static void follows_links(void **state)
{
	struct scratch *s = *state;
	static const struct {
		const char *name, *text;
	} links[] = { { "absolute", NULL }, { "relative", "dots/./file" }, { "chain", "relative" },
		{ "far", "dir/../chain" }, { "through", "dir/up/far" } };
	char text[256];
	const char *real = in(s, "dots/file");
	assert_int_equal(mkdir(in(s, "dots"), 0700), 0);
	assert_int_equal(mkdir(in(s, "dir"), 0700), 0);
	assert_int_equal(symlink("..", in(s, "dir/up")), 0);
	put_text(real, "old");
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		struct replace r;
		const char *link = in(s, links[i].name);
		const char *leads = links[i].text ? links[i].text : real;
		assert_int_equal(symlink(leads, link), 0);
		assert_true(replace_read(&r, link, NULL));
		assert_string_equal(r.path, link);
		assert_string_equal(r.file, real);
		assert_true(replace_write(&r, span_of(links[i].name), NULL));
		replace_finish(&r);
		assert_holds(real, links[i].name);
		ssize_t n = readlink(link, text, sizeof(text) - 1);
		assert_true(n > 0);
		text[n] = '\0';
		assert_string_equal(text, leads);
	}
	assert_int_equal(entries(in(s, "dots")), 1);
}

static void odd_links(void **state)
{
	struct scratch *s = *state;
	assert_int_equal(symlink("b", in(s, "a")), 0);
	assert_int_equal(symlink("a", in(s, "b")), 0);
	refuses(in(s, "a"), DIAG_FILE, "circle");
	assert_int_equal(symlink("made", in(s, "dangling")), 0);
	writes(in(s, "dangling"), "one");
	assert_holds(in(s, "made"), "one");
	assert_int_equal(symlink("disk/made", in(s, "away")), 0);
	refuses(in(s, "away"), DIAG_FILE, "whose directory is not there");
	assert_int_equal(symlink("nowhere", in(s, "gone")), 0);
	refuses(in(s, "gone/file"), DIAG_FILE, "link that leads nowhere");
	assert_false(is_there(in(s, "nowhere")));
	assert_false(is_there(in(s, "disk")));
}

static void makes_what_is_missing(void **state)
{
	struct scratch *s = *state;
	struct stat st;
	struct replace r;
	mode_t old = umask(0);
	const char *path = in(s, "x/y/z/f.json");
	assert_true(replace_read(&r, path, NULL));
	assert_false(r.exists);
	assert_string_equal(r.there, s->dir);
	assert_string_equal(r.below, "x/y/z");
	assert_false(is_there(in(s, "x")));
	assert_true(replace_write(&r, span_of("{}"), NULL));
	umask(old);
	assert_holds(path, "{}");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(in(s, "x/y"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_true(replace_remove(&r, NULL));
	assert_false(r.exists);
	assert_int_equal(entries(in(s, "x/y/z")), 0);
	put_text(in(s, "x/mine"), "");
	replace_remove_dirs(r.file, r.there);
	assert_false(is_there(in(s, "x/y")));
	assert_true(is_there(in(s, "x/mine")));
	replace_finish(&r);
}

static void refuses_what_it_must(void **state)
{
	struct scratch *s = *state;
	static const char *const odd[] = { "", "relative", "/", "/tmp/", "/tmp/.", "/tmp/.." };
	const char *path = in(s, "f");
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		struct replace r;
		assert_false(replace_read(&r, odd[i], NULL));
		replace_finish(&r);
	}
	put_bytes(path, span_of("old"), 0444);
	refuses(path, DIAG_FILE, "read-only");
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chmod(s->dir, 0500), 0);
	refuses(path, DIAG_FILE, geteuid() == 0 ? "read-only" : "nothing can be written");
	refuses(in(s, "new"), DIAG_FILE, geteuid() == 0 ? "read-only" : "nothing can be written");
	refuses(in(s, "d/new"), DIAG_FILE, geteuid() == 0 ? "read-only" : "nothing can be written");
	assert_int_equal(chmod(s->dir, 0700), 0);
	assert_int_equal(link(path, in(s, "g")), 0);
	refuses(path, DIAG_FILE, "has 2 names");
	assert_int_equal(unlink(in(s, "g")), 0);
	assert_int_equal(mkfifo(in(s, "pipe"), 0600), 0);
	refuses(in(s, "pipe"), DIAG_FILE, "not a regular file");
	refuses(s->dir, DIAG_FILE, "not a regular file");
	refuses(in(s, "f/g"), DIAG_FILE, "Not a directory");
	refuses(in(s, "none/../f"), DIAG_FILE, "is not there");
	assert_int_equal(truncate(path, REPLACE_MAX + 1), 0);
	refuses(path, DIAG_FILE, "larger than 8 MiB");
	if (geteuid() == 0) {
		put_text(path, "old");
		assert_int_equal(chown(path, 12345, 12345), 0);
		refuses(path, DIAG_FILE, "belongs to user 12345");
		assert_holds(path, "old");
		assert_int_equal(mkdir(in(s, "theirs"), 0777), 0);
		assert_int_equal(chown(in(s, "theirs"), 12345, 12345), 0);
		refuses(in(s, "theirs/new"), DIAG_FILE, "nothing new is made");
	}
}

/* Between looking and writing. Each leaves what the other wrote. */
enum meanwhile { SAME_SIZE, OTHER_FILE, REMOVED, RELINKED, MADE, MEANWHILES };

static void meanwhile(struct scratch *s, enum meanwhile what)
{
	const char *path = in(s, "f");
	switch (what) {
	case SAME_SIZE:
		put_text(path, "hit");
		break;
	case OTHER_FILE:
		put_text(in(s, "g"), "old");
		assert_int_equal(rename(in(s, "g"), path), 0);
		break;
	case REMOVED:
		assert_int_equal(unlink(path), 0);
		break;
	case RELINKED:
		put_text(in(s, "target"), "old");
		assert_int_equal(unlink(path), 0);
		assert_int_equal(symlink("target", path), 0);
		break;
	default:
		put_text(path, "made");
		break;
	}
}

static void changed_in_between(void **state)
{
	struct scratch *s = *state;
	const char *path = in(s, "f");
	for (int what = 0; what < MEANWHILES; what++) {
		for (int removes = 0; removes < 2; removes++) {
			struct replace r;
			struct err err = { 0 };
			unlink(in(s, "f"));
			if (what != MADE) {
				put_text(in(s, "f"), "old");
			} else if (removes) {
				continue;
			}
			path = in(s, "f");
			assert_true(replace_read(&r, path, &err));
			meanwhile(s, (enum meanwhile)what);
			struct buf left = file_bytes(in(s, "f"));
			assert_false(removes ? replace_remove(&r, &err)
					     : replace_write(&r, span_of("new"), &err));
			assert_int_equal(err.code, DIAG_FILE_CHANGED);
			assert_int_equal(is_there(in(s, "f")), left.data != NULL);
			assert_true(!left.data || holds(in(s, "f"), buf_view(&left)));
			assert_false(is_there(in(s, ".f.bascule")));
			buf_finish(&left);
			replace_finish(&r);
		}
	}
}

/* Does it end with that within twenty seconds? Ours may stand there for a moment, and goes back. */
static bool comes_to_end_with(const char *path, const char *text)
{
	bool found = false;
	for (time_t end = time(NULL) + 20; !found && time(NULL) < end; sched_yield()) {
		struct buf b = file_bytes(path);
		found = span_ends(buf_view(&b), text);
		buf_finish(&b);
	}
	return found;
}

/* A writer that never rests. What replaces its text says after which, so that it sees a loss. */
static int restless(void *data)
{
	const char *path = data;
	char aside[200], text[32];
	snprintf(aside, sizeof(aside), "%s.other", path);
	for (int i = 0; i < 2000; i++) {
		int n = snprintf(text, sizeof(text), "other %d.", i);
		int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, text, (size_t)n) != n || close(fd) != 0 ||
			rename(aside, path) != 0) {
			return 1;
		}
		if (!comes_to_end_with(path, text)) {
			return 2;
		}
	}
	return 0;
}

static void never_over_another_writer(void **state)
{
	struct scratch *s = *state;
	char path[128], text[64];
	int status, won = 0, lost = 0;
	snprintf(path, sizeof(path), "%s/f", s->dir);
	put_text(path, "other -1.");
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		_exit(restless(path));
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		struct replace r;
		struct err err = { 0 };
		bool ok = replace_read(&r, path, &err);
		const char *after = span_starts(buf_view(&r.bytes), "other") ? "after " : "";
		snprintf(text, sizeof(text), "%s%.*s", after, SPAN_FMT(buf_view(&r.bytes)));
		if (ok && replace_write(&r, span_of(text), &err)) {
			won++;
		} else {
			lost++;
			assert_int_equal(err.code, DIAG_FILE_CHANGED);
		}
		replace_finish(&r);
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(won + lost > 0);
	assert_int_equal(entries(s->dir), 1);
}

/* What lies where the file beside would be: a dead writer's goes, anything else stays. */
static void name_beside_is_taken(void **state)
{
	struct scratch *s = *state;
	const char *path = in(s, "f"), *aside = in(s, ".f.bascule");
	put_text(path, "old");
	put_text(in(s, "victim"), "mine");
	assert_int_equal(symlink("victim", aside), 0);
	refuses(path, DIAG_FILE, "beside it");
	assert_holds(in(s, "victim"), "mine");
	assert_int_equal(unlink(aside), 0);
	assert_int_equal(mkdir(aside, 0700), 0);
	refuses(path, DIAG_FILE, "beside it");
	assert_int_equal(rmdir(aside), 0);
	put_text(aside, "half");
	int fd = open(aside, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	refuses(path, DIAG_FILE, "another process");
	assert_holds(path, "old");
	assert_holds(aside, "half");
	close(fd);
	writes(path, "new");
	assert_holds(path, "new");
	assert_false(is_there(aside));
}

/* ---- no room ---- */

static int against_limit(void *data)
{
	struct scratch *s = data;
	struct rlimit limit = { 4096, 4096 };
	struct err err = { 0 };
	char big[8192];
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	bool wrote = write_text(in(s, "f"), big, &err) || write_text(in(s, "d/e/new"), big, &err);
	return !wrote && strstr(err.text, "File too large") ? 0 : 1;
}

static int on_full_disk(void *data)
{
	struct scratch *s = data;
	struct err err = { 0 };
	char *big = xcalloc(1, 256 * 1024);
	const char *path = in(s, "small/f");
	memset(big, 'x', 256 * 1024 - 1);
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("none", in(s, "small"), "tmpfs", 0, "size=64k,mode=0700") != 0) {
		return 77;
	}
	put_text(path, "old");
	bool wrote = write_text(path, big, &err);
	bool said = strstr(err.text, "No space left") != NULL;
	bool kept = holds(path, span_of("old")) && entries(in(s, "small")) == 1;
	wrote = wrote || write_text(in(s, "small/d/e/new"), big, &err);
	kept = kept && entries(in(s, "small")) == 1;
	bool fits = write_text(path, "small enough", &err) && holds(path, span_of("small enough"));
	if (mount("none", in(s, "small"), NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0) {
		wrote = wrote || write_text(path, "new", &err) ||
			!strstr(err.text, "Read-only file system");
	}
	return wrote ? 1 : !said ? 2 : !kept ? 3 : !fits ? 4 : 0;
}

static void no_room(void **state)
{
	struct scratch *s = *state;
	put_text(in(s, "f"), "old");
	assert_int_equal(in_child(against_limit, s), 0);
	assert_holds(in(s, "f"), "old");
	assert_int_equal(entries(s->dir), 1);
	assert_int_equal(mkdir(in(s, "small"), 0700), 0);
	int how = in_child(on_full_disk, s);
	if (how == 77) {
		print_message("the full disk is left out: no mount here\n");
	} else {
		assert_int_equal(how, 0);
	}
}

/* ---- crashes ---- */

struct crash {
	const char *path, *step;
	bool removes;
};

static int crash_at(void *data)
{
	const struct crash *c = data;
	struct replace r;
	setenv("BASCULE_TEST_STEP", c->step, 1);
	bool ok = replace_read(&r, c->path, NULL) &&
		(c->removes ? replace_remove(&r, NULL) : replace_write(&r, span_of("new"), NULL));
	return ok ? 0 : 1;
}

static void crash_once(struct scratch *s, const char *name, const char *step, bool removes)
{
	struct crash c = { in(s, name), step, removes };
	struct replace r;
	bool existed = is_there(c.path);
	struct buf left;
	int how = in_child(crash_at, &c);
	bool reached = how == 99,
	     off = removes != (!strcmp(step, "moved") || !strcmp(step, "removed")),
	     other = !strcmp(step, "swapped") && !existed;
	assert_int_equal(reached, !off && !other);
	left = file_bytes(c.path);
	bool is_new = left.data && span_is(buf_view(&left), "new");
	bool is_old = existed ? left.data && span_is(buf_view(&left), "old") : !left.data;
	bool is_gone = removes && !left.data;
	assert_true(is_new || is_old || is_gone);
	buf_finish(&left);
	/* and whoever comes next is not in the way of what was left */
	assert_true(replace_read(&r, c.path, NULL));
	replace_sweep(&r);
	assert_true(replace_write(&r, span_of("next"), NULL));
	assert_true(replace_remove(&r, NULL));
	replace_remove_dirs(r.file, s->dir);
	replace_finish(&r);
	assert_int_equal(entries(s->dir), 0);
}

static void crash_everywhere(void **state)
{
	struct scratch *s = *state;
	static const char *const steps[] = {
#define X(name) name,
		FAULT_STEPS(X)
#undef X
	};
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		put_text(in(s, "f"), "old");
		crash_once(s, "f", steps[i], false);
		put_text(in(s, "f"), "old");
		crash_once(s, "f", steps[i], true);
		crash_once(s, "new", steps[i], false);
		crash_once(s, "d/e/new", steps[i], false);
	}
}

static void without_exchange(void **state)
{
	plain_renames = true;
	keeps_mode_and_bytes(state);
	follows_links(state);
	makes_what_is_missing(state);
	name_beside_is_taken(state);
	changed_in_between(state);
	plain_renames = false;
}

#define T(name) cmocka_unit_test_setup_teardown(name, scratch_begin, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(keeps_mode_and_bytes),
		T(keeps_group_and_attributes),
		T(follows_links),
		T(odd_links),
		T(makes_what_is_missing),
		T(refuses_what_it_must),
		T(changed_in_between),
		T(never_over_another_writer),
		T(name_beside_is_taken),
		T(no_room),
		T(crash_everywhere),
		T(without_exchange),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
