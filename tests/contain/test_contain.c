/*
 * `bascule contain`, proven from inside: what is forbidden fails there, and the same probe does it
 * outside; what is allowed works. With bubblewrap and with Landlock alone, as who runs the tests
 * and, if that is root, as nobody too.
 */
#include "config.h"

#include "core/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIP = 77, NO = 13, NO_SANDBOX = 125, WORDS = 24, NOBODY = 65534, BOUND_MS = 20000 };

static char *base; /* all of the following lie in it */
static char *container, *probe;
static int failures, checks;
static const char *who;

/* The scope's name has whatever a name may have. */
static const char work_name[] = "wo rk\n'--bind";

static void check(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void check(bool ok, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	printf("%s - %s: ", ok ? "ok" : "not ok", who);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	checks++;
	failures += !ok;
}

/* "~" is the base, "@" the scope. Never freed. */
static char *at(const char *form)
{
	return form[0] == '~'    ? xasprintf("%s%s", base, form + 1)
		: form[0] == '@' ? xasprintf("%s/%s%s", base, work_name, form + 1)
				 : xstrdup(form);
}

static void put(const char *form, const char *text)
{
	int fd = open(at(form), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		perror(at(form));
		exit(99);
	}
	close(fd);
}

/* ---- running ---- */

struct outcome {
	int code; /* 128 and the signal */
	struct buf text; /* stdout and stderr */
};

static pid_t start(const char *cwd, char *const *argv, int in, int out)
{
	pid_t pid = fork();
	if (pid == 0) {
		dup2(in, 0);
		dup2(out, 1);
		dup2(out, 2);
		if (chdir(at(cwd)) == 0) {
			execv(argv[0], argv);
		}
		_exit(99);
	}
	return pid;
}

static int end_of(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static struct outcome run(const char *cwd, char *const *argv)
{
	struct outcome o = { 0 };
	int out[2], null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (pipe2(out, O_CLOEXEC) != 0) {
		exit(99);
	}
	pid_t pid = start(cwd, argv, null, out[1]);
	close(out[1]);
	close(null);
	for (ssize_t n = 1; n > 0;) {
		buf_room(&o.text, 4096);
		n = read(out[0], o.text.data + o.text.len, 4096);
		o.text.len += n > 0 ? (size_t)n : 0;
	}
	close(out[0]);
	o.code = end_of(pid);
	return o;
}

/* [container contain --root ~/root OPTIONS --] WORDS, where "probe" is the probe. */
static char **command(const char *options, const char *words)
{
	char **argv = xcalloc(WORDS, sizeof(*argv)), *rest;
	size_t n = 0;
	if (options) {
		argv[n++] = container;
		argv[n++] = xstrdup("contain");
		argv[n++] = xstrdup("--root");
		argv[n++] = at("~/root");
		rest = xstrdup(options);
		for (char *w = strsep(&rest, " "); w; w = strsep(&rest, " ")) {
			if (w[0]) {
				argv[n++] = at(w);
			}
		}
		argv[n++] = xstrdup("--");
	}
	rest = xstrdup(words);
	for (char *w = strsep(&rest, " "); w && n < WORDS - 1; w = strsep(&rest, " ")) {
		argv[n++] = strcmp(w, "probe") == 0 ? probe : at(w);
	}
	return argv;
}

static struct outcome try(const char *options, const char *words)
{
	return run("@", command(options, words));
}

static void expect(const char *options, const char *words, int code, const char *text)
{
	struct outcome o = try(options, words);
	bool ok = o.code == code && (!text || strstr(buf_cstr(&o.text), text));
	check(ok, "contain %s -- %s: %d", options, words, code);
	if (!ok) {
		printf("  got %d: %s\n", o.code, buf_cstr(&o.text));
	}
	buf_finish(&o.text);
}

/* ---- what is tried ---- */

enum { BY_BWRAP = 1, BY_LANDLOCK = 2, BOTH = 3 };

struct thing {
	const char *words;
	int by; /* with which it is so */
	bool may_fail; /* outside too: it needs a right or a kernel that not everybody has */
};

static const struct thing forbidden[] = {
	{ "probe read ~/home/.ssh/id_ed25519", BOTH, false },
	{ "probe list ~/home/.ssh", BOTH, false },
	{ "probe read ~/home/.netrc", BOTH, false },
	{ "probe read ~/home/.config/gh/hosts.yml", BOTH, false },
	{ "probe read @/.env", BOTH, false },
	{ "probe read @/.envrc", BOTH, false },
	{ "probe append @/.envrc", BOTH, false },
	{ "probe read ~/root/state/log.db", BOTH, false },
	{ "probe list ~/root/config", BOTH, false },
	{ "probe connect ~/root/run/decide.sock", BOTH, false },
	{ "probe tcp PORT", BOTH, false },
	{ "probe abstract ABSTRACT", BOTH, false },
	{ "probe process PID", BOTH, false },
	{ "probe ptrace", BOTH, false },
	{ "probe peek", BOTH, false },
	{ "probe append ~/outside/file", BOTH, false },
	{ "probe empty ~/outside/file", BOTH, false },
	{ "probe create ~/outside/new", BOTH, false },
	{ "probe create ~/home/new", BOTH, false },
	{ "probe append @/.git/config", BOTH, false },
	{ "probe empty @/.git/config", BOTH, false },
	{ "probe create @/.git/hooks/pre-commit", BOTH, false },
	{ "probe create @/.vscode/tasks.json", BOTH, false },
	{ "probe append @/sub/CLAUDE.md", BOTH, false },
	{ "probe rename @/.git @/.git2", BOTH, false },
	{ "probe rename @/sub @/sub2", BOTH, false },
	{ "probe rename @/.git/hooks @/.git/hooks2", BOTH, false },
	{ "probe read SHARED", BOTH, false },
	{ "probe env BASCULE_TEST_TOKEN", BOTH, false },
	{ "probe privileges", BOTH, false },
	{ "probe namespace", BOTH, true },
	{ "probe clone-namespace", BOTH, true },
	{ "probe keys", BOTH, true },
	{ "probe io-uring", BOTH, true },
	{ "probe type", BY_BWRAP, true },
};

static const struct thing allowed[] = {
	{ "probe read ~/outside/file", BOTH, false },
	{ "probe read @/.git/config", BOTH, false },
	{ "probe list @", BOTH, false },
	{ "probe append @/file", BOTH, false },
	{ "probe create @/deep/new", BOTH, false },
	{ "probe create @/new", BY_BWRAP, false },
	{ "probe create @/.git/index.lock", BY_BWRAP, false },
	{ "probe create @/sub/new", BY_BWRAP, false },
	{ "probe rename @/deep @/deep2", BY_BWRAP, false },
	{ "probe scratch", BOTH, false },
	{ "probe loopback", BY_BWRAP, false },
	{ "probe env PATH", BOTH, false },
};

static const char *names[] = { "PORT", "ABSTRACT", "PID", "SHARED", NULL };
static const char *values[4];

static char *filled(const char *words)
{
	for (size_t i = 0; names[i]; i++) {
		const char *found = strstr(words, names[i]);
		if (found) {
			return xasprintf("%.*s%s%s", (int)(found - words), words, values[i],
				found + strlen(names[i]));
		}
	}
	return xstrdup(words);
}

static void try_forbidden(const char *options, int by)
{
	for (size_t i = 0; i < COUNT_OF(forbidden); i++) {
		const struct thing *t = &forbidden[i];
		char *words = filled(t->words);
		if (!(t->by & by)) {
			continue;
		}
		struct outcome outside = run("@", command(NULL, words));
		struct outcome inside = try(options, words);
		if (t->may_fail && outside.code != 0) {
			printf("skip - %s: %s cannot be done outside either\n", who, words);
		} else {
			check(outside.code == 0, "outside, %s: possible", words);
		}
		check(inside.code == NO, "%s, %s: refused", options, words);
		if (inside.code != NO) {
			printf("  got %d: %s\n", inside.code, buf_cstr(&inside.text));
		}
		buf_finish(&outside.text);
		buf_finish(&inside.text);
	}
}

static void try_allowed(const char *options, int by)
{
	for (size_t i = 0; i < COUNT_OF(allowed); i++) {
		if (allowed[i].by & by) {
			expect(options, allowed[i].words, 0, NULL);
		}
	}
}

/* ---- what else it promises ---- */

static void try_options(void)
{
	expect("--net", filled("probe tcp PORT"), 0, NULL);
	expect("--net", filled("probe abstract ABSTRACT"), NO, NULL);
	expect("--net", "probe connect ~/root/run/decide.sock", NO, NULL);
	expect("--env BASCULE_TEST_TOKEN", "probe env BASCULE_TEST_TOKEN", 0, NULL);
	expect("--write ~/outside", "probe append ~/outside/file", 0, NULL);
	expect("--scope ~/link", "probe append @/file", 0, NULL);
	expect("--scope ~/link", "probe append @/.git/config", NO, NULL);
	expect("--scope ~/outside", "probe append @/file", NO, NULL);
	expect(filled("--read SHARED"), filled("probe read SHARED"), 0, NULL);
#ifndef __SANITIZE_ADDRESS__
	expect("--memory 200", "probe fill 400", NO, NULL);
	expect("--memory 200", "probe fill 50", 0, NULL);
#endif
	if (geteuid() != 0) {
		expect("--processes 10", "probe fork 30", NO, NULL);
	}
	expect("--processes 40", "probe fork 5", 0, NULL);
	expect("--seconds 1", "probe hold @/lock", 124, "ended after 1 s");
}

static void try_codes(void)
{
	expect("", "/bin/sh -c exit${IFS}7", 7, NULL);
	expect("", "/bin/sh -c kill${IFS}-9${IFS}$$", 128 + SIGKILL, NULL);
	expect("", "/nowhere/at-all", 127, "/nowhere/at-all: No such file");
	expect("", "@/file", 126, "Permission denied");
	expect("--scope /", "probe read @/file", NO_SANDBOX, "neither / nor the home directory");
	expect("--write /", "probe read @/file", NO_SANDBOX, "neither / nor the home directory");
	expect("--scope ~/nowhere", "probe read @/file", NO_SANDBOX, "No such file");
	expect("--write ~/home/.ssh", "probe list ~/home/.ssh", NO, NULL);
	expect("--read ~/home/.ssh/id_ed25519", "probe read @/file", NO_SANDBOX,
		"which no sandbox shows");
	expect("--write ~/root/state/sub", "probe read @/file", NO_SANDBOX, "no sandbox shows");
	expect("--memory x", "probe read @/file", 2, "expected a number");
	expect("--by magic", "probe read @/file", 2, "expected any, bwrap or landlock");
	const struct passwd *user = getpwuid(geteuid());
	if (user && access(user->pw_dir, X_OK) == 0 && strcmp(user->pw_dir, "/") != 0) {
		char *home = xasprintf("--scope %s", user->pw_dir);
		expect(home, "probe read @/file", NO_SANDBOX, "neither / nor the home directory");
	}
	if (rename(at("@/.git/hooks"), at("@/.git/kept")) == 0 &&
		symlink("../deep", at("@/.git/hooks")) == 0) {
		expect("", "probe read @/file", NO_SANDBOX, "cannot be kept from being replaced");
		unlink(at("@/.git/hooks"));
		rename(at("@/.git/kept"), at("@/.git/hooks"));
	}
}

/* Here all is there; in a sandbox no other can be made, and it says so. */
static void try_check(void)
{
	char *words = xasprintf("%s sandbox check", container);
	struct outcome o = run("@", command(NULL, words)), inside = try("", words);
	struct outcome json = run("@", command(NULL, xasprintf("%s --json", words)));
	check(o.code == 0 && strstr(buf_cstr(&o.text), "[ok]  bubblewrap") &&
			strstr(buf_cstr(&o.text), "[ok]  seccomp"),
		"outside, sandbox check");
	check(inside.code != 0 && strstr(buf_cstr(&inside.text), "[no]  bubblewrap") &&
			strstr(buf_cstr(&inside.text), "[no]  user namespaces"),
		"inside, sandbox check");
	check(strstr(buf_cstr(&json.text), "{\"by\":\"bwrap\",\"bubblewrap\":true,") != NULL,
		"sandbox check --json");
}

/* Bytes pass as they are, both ways. */
static void try_streams(void)
{
	int in[2], out[2];
	char got[8] = { 0 };
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
		exit(99);
	}
	pid_t pid = start("@", command("", "/bin/cat"), in[0], out[1]);
	close(in[0]);
	close(out[1]);
	bool ok = write(in[1], "a\0\xff\n", 4) == 4 && read(out[0], got, sizeof(got)) == 4;
	close(in[1]);
	check(ok && memcmp(got, "a\0\xff\n", 4) == 0, "stdin and stdout pass through");
	check(end_of(pid) == 0, "the end of input is the command's");
	close(out[0]);
}

/* A held command that has said so; *out is where it speaks. */
static pid_t hold(const char *options, int *out)
{
	int pipe_ends[2], null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char got[8];
	if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
		exit(99);
	}
	pid_t pid = start("@", command(options, "probe hold @/lock"), null, pipe_ends[1]);
	close(pipe_ends[1]);
	close(null);
	*out = pipe_ends[0];
	check(read(*out, got, 5) == 5 && memcmp(got, "held\n", 5) == 0, "it runs");
	return pid;
}

static void try_signals(const char *options)
{
	int out = -1;
	pid_t pid = hold(options, &out);
	kill(pid, SIGUSR1);
	check(end_of(pid) == 100 + SIGUSR1, "%s: a signal reaches the command", options);
	close(out);
	/* The pipe ends when the last that holds it has ended. */
	pid = hold(options, &out);
	kill(pid, SIGKILL);
	end_of(pid);
	struct pollfd poll_out = { out, POLLIN, 0 };
	char byte;
	check(poll(&poll_out, 1, BOUND_MS) == 1 && read(out, &byte, 1) == 0,
		"%s: the command ends with its container", options);
	close(out);
}

static volatile sig_atomic_t signalled;

static void on_group(int number)
{
	(void)number;
	signalled++;
}

/* A process group reaches into other namespaces, and we are in the one of what we start. */
static void try_group(void)
{
	signal(SIGUSR2, on_group);
	signalled = 0;
	struct outcome o = run("@", command(NULL, "probe group"));
	check(o.code == 0 && signalled, "outside, a signal to the group reaches the test");
	buf_finish(&o.text);
	signalled = 0;
	o = try("--by bwrap", "probe group");
	check(!signalled, "inside, it does not");
	buf_finish(&o.text);
	signal(SIGUSR2, SIG_IGN);
}

/* ---- the world ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

/* Not where a sandbox has a directory of its own: there everything would be missing anyway. */
static bool make_base(void)
{
	char here[4096];
	const char *const dirs[] = { "/var/lib", "/srv", getenv("HOME"),
		getcwd(here, sizeof(here)) };
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		bool own = dirs[i] &&
			(strncmp(dirs[i], "/tmp", 4) == 0 || strncmp(dirs[i], "/var/tmp", 8) == 0 ||
				strncmp(dirs[i], "/run", 4) == 0);
		base = xasprintf("%s/bascule-contain-XXXXXX", dirs[i] ? dirs[i] : "/nonexistent");
		if (!own && mkdtemp(base)) {
			base = realpath(base, NULL);
			return chmod(base, 0755) == 0;
		}
	}
	return false;
}

/* A copy that any user can start. */
static char *copy(const char *from, const char *to)
{
	char *source = xasprintf(
		"%s/%s", getenv("BASCULE_BIN") ? getenv("BASCULE_BIN") : ".", from);
	char *target = at(to), block[65536];
	int in = open(source, O_RDONLY | O_CLOEXEC);
	int out = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	for (ssize_t n; in >= 0 && (n = read(in, block, sizeof(block))) > 0;) {
		if (write(out, block, (size_t)n) != n) {
			exit(99);
		}
	}
	close(in);
	close(out);
	return target;
}

static void make_world(void)
{
	static const char *const dirs[] = { "~/home", "~/home/.ssh", "~/home/.config",
		"~/home/.config/gh", "~/outside", "~/root", "~/root/config", "~/root/state",
		"~/root/state/sub", "~/root/run", "@", "@/.git", "@/.git/hooks", "@/sub", "@/deep",
		"@/.vscode" };
	static const char *const files[] = { "~/home/.ssh/id_ed25519", "~/home/.netrc",
		"~/home/.config/gh/hosts.yml", "~/outside/file", "~/root/state/log.db",
		"~/root/config/config.ini", "@/.env", "@/.envrc", "@/.git/config", "@/.git/HEAD",
		"@/file", "@/lock", "@/sub/CLAUDE.md", "@/.vscode/settings.json" };
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		mkdir(at(dirs[i]), 0700);
	}
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		put(files[i], "text\n");
	}
	if (symlink(work_name, at("~/link")) != 0) {
		exit(99);
	}
}

static void listen_on(const void *address, socklen_t len, int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in got;
	socklen_t size = sizeof(got);
	if (bind(fd, address, len) != 0 || listen(fd, 100) != 0) {
		perror("listen");
		exit(99);
	}
	if (family == AF_INET && getsockname(fd, (struct sockaddr *)&got, &size) == 0) {
		values[0] = xasprintf("%d", ntohs(got.sin_port));
	}
}

static void make_listeners(void)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	snprintf(local.sun_path, sizeof(local.sun_path), "%s", at("~/root/run/decide.sock"));
	listen_on(&local, sizeof(local), AF_UNIX);
	listen_on(&in, sizeof(in), AF_INET);
	values[1] = xasprintf("bascule-test-%d", (int)getpid());
	local = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(local.sun_path + 1, values[1], strlen(values[1]));
	listen_on(&local,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(values[1])),
		AF_UNIX);
	values[2] = xasprintf("%d", (int)getpid());
	char *shared = xasprintf("/tmp/bascule-shared-%d", (int)getpid());
	put(shared, "text\n");
	values[3] = shared;
}

static int all(void)
{
	make_world();
	make_listeners();
	setenv("HOME", at("~/home"), 1);
	setenv("BASCULE_TEST_TOKEN", "x", 1);
	unsetenv("BASCULE_ROOT");
	try_forbidden("--by bwrap", BY_BWRAP);
	try_allowed("--by bwrap", BY_BWRAP);
	try_options();
	try_codes();
	try_check();
	try_streams();
	try_group();
	try_signals("--by bwrap");
	struct outcome o = try("--by landlock", "probe env PATH");
	if (o.code == 0) {
		try_forbidden("--by landlock", BY_LANDLOCK);
		try_allowed("--by landlock", BY_LANDLOCK);
		try_signals("--by landlock");
	} else {
		printf("skip - %s: Landlock: %s\n", who, buf_cstr(&o.text));
	}
	unlink(values[3]);
	printf("%s: %d checks, %d failed\n", who, checks, failures);
	fflush(stdout);
	return failures ? 1 : 0;
}

/* In a process and a base of its own. */
static int all_as(const char *name, uid_t uid)
{
	fflush(stdout);
	if (!make_base()) {
		printf("SKIP: no place for the test outside of /tmp\n");
		return SKIP;
	}
	container = copy("bascule-container", "~/bascule-container");
	probe = copy("tests/contain/probe", "~/probe");
	pid_t pid = fork();
	if (pid == 0) {
		who = name;
		if (uid != getuid() &&
			(chown(base, uid, uid) != 0 || setgroups(0, NULL) != 0 ||
				setgid(uid) != 0 || setuid(uid) != 0)) {
			_exit(99);
		}
		prctl(PR_SET_DUMPABLE, 1); /* to be looked into, as any process of the user */
		_exit(all());
	}
	int code = end_of(pid);
	nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return code;
}

static bool bwrap_works(void)
{
	base = xstrdup("");
	struct outcome o = run("/",
		command(NULL,
			"/usr/bin/bwrap --unshare-user --unshare-pid --unshare-net "
			"--ro-bind / / --proc /proc /bin/true"));
	buf_finish(&o.text);
	return o.code == 0;
}

int main(void)
{
	const char *required = getenv("BASCULE_TEST_REQUIRE");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	setpgid(0, 0); /* signals to the group stay here */
	if (!bwrap_works() && !(required && strstr(required, "bwrap"))) {
		printf("SKIP: bubblewrap is not there or cannot make a sandbox here\n");
		return SKIP;
	}
	int code = all_as(getuid() == 0 ? "root" : "user", getuid());
	if (code == 0 && getuid() == 0) {
		code = all_as("nobody", NOBODY);
	}
	fflush(stdout);
	_exit(code); /* what is never freed here is nobody's business */
}
