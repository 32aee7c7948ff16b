/*
 * Runs the cases of one test program: each in a process of its own under a bound, in a scratch
 * world that is removed afterwards. When a case fails, everything that was said is printed. Both
 * processes are subreapers, so that nothing a case starts can get away.
 */
#include "config.h"

#include "tests/e2e/procs.h"
#include "tests/e2e/world.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIP = 77, CASE_BOUND_MS = 40000, LONG_BOUND_MS = 600000, PRINTED_MAX = 200000 };

/* What of the user's own session must not reach a test. */
static const char *const unset[] = { "BASCULE_ROOT", "BASCULE_LOG", "BASCULE_TEST_FAULT",
	"BASCULE_TEST_GUARD_OFF", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "XDG_RUNTIME_DIR",
	"XDG_CONFIG_HOME", "XDG_STATE_HOME", "GIT_DIR", "GIT_WORK_TREE", "CLAUDE_PROJECT_DIR" };

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)kind;
	(void)walk;
	if (S_ISDIR(st->st_mode)) {
		chmod(path, 0700);
	}
	return remove(path);
}

static void print_plain(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c == '\n' || (c >= ' ' && c < 127)) {
			putchar(c);
		} else {
			printf("\\x%02x", c);
		}
	}
}

static void print_file(const char *dir, const char *name)
{
	char *path = world_file(dir, name);
	struct buf text = { 0 };
	world_get(path, &text);
	size_t from = text.len > PRINTED_MAX ? text.len - PRINTED_MAX : 0;
	if (text.len) {
		printf("---- %s\n", name);
	}
	if (text.len) {
		print_plain(text.data + from, text.len - from);
	}
	buf_finish(&text);
	free(path);
}

/* The record, what the server received, every stderr file, and the log of the programs. */
static void print_all(struct world *w)
{
	struct dirent **names;
	int count = scandir(w->dir, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (strstr(names[i]->d_name, ".err") || strcmp(names[i]->d_name, "record") == 0 ||
			strcmp(names[i]->d_name, "seen") == 0) {
			print_file(w->dir, names[i]->d_name);
		}
		free(names[i]);
	}
	if (count >= 0) {
		free(names);
	}
	print_file(w->root, "state/bascule.log");
	fflush(stdout);
}

static char *make_dir(const char *parent, const char *name)
{
	char *path = world_file(parent, name);
	if (mkdir(path, 0700) < 0) {
		perror(path);
		exit(99);
	}
	return path;
}

static void make_world(struct world *w)
{
	char template[] = "/tmp/bascule-e2e-XXXXXX";
	if (!mkdtemp(template)) {
		perror(template);
		exit(99);
	}
	*w = (struct world){
		.dir = xstrdup(template), .began_ms = now_ms(), .bin = getenv("BASCULE_BIN")
	};
	w->bin = w->bin ? w->bin : ".";
	w->root = make_dir(w->dir, "root");
	w->work = make_dir(w->dir, "work");
	w->outside = make_dir(w->dir, "outside");
	w->seen = world_file(w->dir, "seen");
	char *record = world_file(w->dir, "record");
	w->record = open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	free(record);
	for (int i = 0; i < WORLD_DECIDERS; i++) {
		w->decide[i] = -1;
	}
	world_config(w, "[broker]\nautostart = no\n[notify]\ndesktop = no\n");
}

static void free_world(struct world *w)
{
	nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	close(w->record);
	free(w->dir);
	free(w->root);
	free(w->work);
	free(w->outside);
	free(w->seen);
}

static void in_child(struct world *w, const struct e2e_case *c)
{
	const char *const git[] = { "git", "init", "-q", "-b", "main", ".", NULL };
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	w->name = c->name;
	if (getenv("BASCULE_TEST_GUARD_OFF") && !freopen("/dev/null", "w", stderr)) {
		_exit(99); /* a failure that is as it should be is told by the runner */
	}
	if (world_run(w, git, w->work, NULL) != 0) {
		world_fail(w, "git init failed");
	}
	c->run(w);
	world_finish(w);
	fflush(NULL); /* what a case prints is lost otherwise when stdout is a file */
	_exit(0);
}

static bool required(const char *what)
{
	const char *list = getenv("BASCULE_TEST_REQUIRE");
	return list && strstr(list, what);
}

/* Tried, not guessed: a container's or chroot's root may not. */
static bool may_mount(void)
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		_exit(unshare(CLONE_NEWNS) == 0 &&
					mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
				? 0
				: 1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
		WEXITSTATUS(status) == 0;
}

/* SKIP if what the case needs is not there (and need not be), else 0; says why. */
static int missing(const struct world *w, const struct e2e_case *c)
{
	char *path = world_file(w->bin, "tests/node/state");
	struct buf state = { 0 };
	int answer = 0;
	world_get(path, &state);
	if ((c->needs & NEEDS_NODE) && strcmp(buf_cstr(&state), "ready\n") != 0) {
		answer = required("node") ? 1 : SKIP;
		printf("%s %s: %s\n", answer == SKIP ? "SKIP" : "FAIL", c->name,
			state.len ? buf_cstr(&state) : "tests/node is not prepared\n");
	}
	if ((c->needs & NEEDS_ROOT) && !may_mount()) {
		answer = SKIP;
		printf("SKIP %s: mounting is not permitted here\n", c->name);
	}
	buf_finish(&state);
	free(path);
	return answer;
}

/* The case in a process of its own: its exit status, -1 if it was killed or took too long. */
static int run_child(struct world *w, const struct e2e_case *c, bool *ended)
{
	int status = 0;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		in_child(w, c);
	}
	*ended = proc_wait(pid, c->needs & LONG_RUN ? LONG_BOUND_MS : CASE_BOUND_MS, &status);
	proc_kill_rest();
	return *ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Which check failed, for those who read the log. */
static void print_failure(struct world *w)
{
	char *path = world_file(w->dir, "record");
	struct buf record = { 0 };
	world_get(path, &record);
	char *at = strstr(buf_cstr(&record), "FAILED: ");
	if (at) {
		printf("     ");
		print_plain(at, strcspn(at, "\n"));
		putchar('\n');
	}
	buf_finish(&record);
	free(path);
}

/* Without its guard a promise is broken, and the case must see it. */
static int run_without_guard(const struct e2e_case *c)
{
	struct world w;
	char guard[6] = "";
	bool ended;
	make_world(&w);
	w.faulty = true;
	memcpy(guard, c->name, sizeof guard - 1);
	setenv("BASCULE_TEST_GUARD_OFF", guard, 1);
	bool noticed = run_child(&w, c, &ended) == 1;
	unsetenv("BASCULE_TEST_GUARD_OFF");
	printf("%s %s without its guard %s (%lld ms)\n", noticed ? "PASS" : "FAIL", c->name,
		noticed ? "fails" : "must fail by a check of its own",
		(long long)(now_ms() - w.began_ms));
	noticed ? print_failure(&w) : print_all(&w);
	free_world(&w);
	fflush(stdout);
	return !noticed;
}

static int run_case(const struct e2e_case *c)
{
	struct world w;
	make_world(&w);
	w.faulty = c->needs & FAULTY;
	int result = missing(&w, c);
	if (result == 0) {
		bool ended;
		result = run_child(&w, c, &ended) != 0;
		if (result) {
			print_all(&w);
		}
		if (result || !(c->needs & LONG_RUN)) {
			printf("%s %s (%lld ms)%s\n", result ? "FAIL" : "PASS", c->name,
				(long long)(now_ms() - w.began_ms), ended ? "" : " took too long");
		}
	}
	free_world(&w);
	fflush(stdout);
	return result;
}

static bool wanted(const char *name, int argc, char **argv)
{
	bool any = argc < 2;
	for (int i = 1; i < argc; i++) {
		any = any || strcmp(argv[i], name) == 0;
	}
	return any;
}

int world_main(int argc, char **argv, const struct e2e_case *cases, size_t count)
{
	unsigned passed = 0, failed = 0, skipped = 0;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (size_t i = 0; i < COUNT_OF(unset); i++) {
		unsetenv(unset[i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (wanted(cases[i].name, argc, argv)) {
			int result = run_case(&cases[i]);
			if (cases[i].needs & GUARDED && result != SKIP) {
				int without = run_without_guard(&cases[i]);
				passed += without == 0;
				failed += without != 0;
			}
			passed += result == 0;
			skipped += result == SKIP;
			failed += result != 0 && result != SKIP;
		}
	}
	printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	return failed ? 1 : passed ? 0 : SKIP;
}
