/* Who is at the other end: /proc read right whatever a process calls itself, and who may decide. */
#include "config.h"

#include "ipc/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { DEEP = 80 };

/* A chain of processes, each the child of the one before; all end when `alive` is closed. */
struct chain {
	pid_t pids[DEEP];
	size_t count;
	int alive;
};

static void descend(const char *const *names, size_t count, int report, int alive)
{
	size_t at = 0;
	char byte;
	do {
		pid_t pid = getpid();
		prctl(PR_SET_NAME, names[at]);
		(void)!write(report, &pid, sizeof(pid));
	} while (++at < count && fork() == 0);
	(void)!read(alive, &byte, 1);
	_exit(0);
}

static void chain_start(struct chain *chain, const char *const *names, size_t count)
{
	int report[2], alive[2];
	assert_true(pipe2(report, O_CLOEXEC) == 0 && pipe2(alive, O_CLOEXEC) == 0);
	if (fork() == 0) {
		close(alive[1]);
		descend(names, count, report[1], alive[0]);
	}
	close(report[1]);
	close(alive[0]);
	chain->alive = alive[1];
	chain->count = count;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(read(report[0], &chain->pids[i], sizeof(pid_t)), sizeof(pid_t));
	}
	close(report[0]);
}

static void chain_finish(struct chain *chain)
{
	close(chain->alive);
	waitpid(chain->pids[0], NULL, 0);
}

static void names_test(void **state)
{
	(void)state;
	static const char *const names[] = { "a) b (c", "(", ")", ") R 1 1 1 1", "((((((((((((((",
		"))))", "", " ", "a\nb c", "tmux: server", "exactly15bytes." };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct chain chain;
		struct process p;
		chain_start(&chain, &names[i], 1);
		assert_true(process_read(chain.pids[0], &p));
		assert_string_equal(p.name, names[i]);
		assert_int_equal(p.pid, chain.pids[0]);
		assert_int_equal(p.parent, getpid());
		assert_true(p.start > 0);
		assert_true(process_alive(p.pid, p.start));
		assert_false(process_alive(p.pid, p.start + 1));
		pid_t pid = p.pid;
		chain_finish(&chain);
		assert_false(process_alive(pid, p.start));
	}
}

static void self_test(void **state)
{
	(void)state;
	struct process p, parent;
	char boot[40];
	assert_true(process_read(getpid(), &p));
	assert_int_equal(p.parent, getppid());
	assert_true(process_read(p.parent, &parent));
	assert_true(parent.start <= p.start);
	assert_false(process_read(0, &p));
	assert_false(process_read(-1, &p));
	assert_false(process_read(0x7fffffff, &p));
	assert_int_equal(strlen(process_boot_id(boot)), 36);
	assert_int_equal(strspn(boot, "0123456789abcdef-"), 36);
}

static void credentials_test(void **state)
{
	(void)state;
	int fds[2], none[2];
	uid_t uid = (uid_t)-1;
	pid_t pid = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_true(peer_of(fds[0], &uid, &pid));
	assert_int_equal(uid, getuid());
	assert_int_equal(pid, getpid());
	assert_int_equal(pipe2(none, O_CLOEXEC), 0);
	assert_false(peer_of(none[0], &uid, &pid));
	for (int i = 0; i < 2; i++) {
		close(fds[i]);
		close(none[i]);
	}
}

static bool is_pid(void *data, pid_t pid, int64_t start)
{
	(void)start;
	return data && *(pid_t *)data == pid;
}

static void check_decide(const char *const *names, size_t count, int asker, const char *words)
{
	struct chain chain;
	struct err err = { 0 };
	chain_start(&chain, names, count);
	bool may = peer_may_decide(
		chain.pids[count - 1], is_pid, asker >= 0 ? &chain.pids[asker] : NULL, &err);
	if (may != !words || (words && !strstr(err.text, words))) {
		print_error("%s: may %d: %s\n", names[0], may, err.text);
		fail();
	}
	chain_finish(&chain);
}

static void decide_test(void **state)
{
	(void)state;
	static const char *const seated[] = { "tmux: server", "bash", "bascule" };
	check_decide(seated, 3, -1, NULL);
	check_decide(seated, 3, 2, "started a gate");
	check_decide(seated, 3, 1, "started a gate");
	check_decide(seated, 3, 0, "started a gate"); /* the seat itself */
	/* An agent that starts a terminal gets no other terminal by it. */
	static const char *const agents[] = { "claude", "sh", "xterm", "bash", "bascule" };
	for (int asker = 0; asker < 5; asker++) {
		check_decide(agents, 5, asker, "started a gate");
	}
	check_decide(agents, 5, -1, NULL);
	static const char *const one[] = { "login" };
	check_decide(one, 1, -1, NULL);
}

/* Nothing is hidden by standing far above. */
static void deep_test(void **state)
{
	(void)state;
	const char *names[DEEP];
	for (size_t i = 0; i < DEEP; i++) {
		names[i] = "sleep";
	}
	names[DEEP - 2] = "tmux: server";
	check_decide(names, DEEP, 0, "not taken from here");
	check_decide(names, DEEP, -1, "too many");
	check_decide(names + DEEP - 20, 20, -1, NULL);
	check_decide(names + DEEP - 20, 20, 0, "started a gate");
}

static bool ancestry_has_seat(pid_t pid)
{
	struct process p;
	bool tty = false;
	while (process_read(pid, &p) && p.parent > 0) {
		pid = p.parent;
		tty |= p.has_tty;
	}
	return tty; /* a guess that is only ever too careful */
}

/* A process that left its session and was adopted sits nowhere. */
static void orphan_test(void **state)
{
	(void)state;
	int report[2], alive[2];
	pid_t orphan = 0;
	struct err err = { 0 };
	assert_true(pipe2(report, O_CLOEXEC) == 0 && pipe2(alive, O_CLOEXEC) == 0);
	pid_t child = fork();
	if (child == 0) {
		static const char *const names[] = { "daemon" };
		close(alive[1]);
		if (fork() == 0) {
			setsid();
			descend(names, 1, report[1], alive[0]);
		}
		_exit(0);
	}
	close(alive[0]);
	waitpid(child, NULL, 0);
	assert_int_equal(read(report[0], &orphan, sizeof(orphan)), sizeof(orphan));
	struct process p;
	assert_true(process_read(orphan, &p));
	if (ancestry_has_seat(orphan)) {
		print_message("the adopter sits at a terminal: nothing to see here\n");
	} else {
		assert_false(peer_may_decide(orphan, is_pid, NULL, &err));
		assert_non_null(strstr(err.text, "no login"));
	}
	close(alive[1]);
	close(report[0]);
	close(report[1]);
	assert_false(peer_may_decide(0x7fffffff, is_pid, NULL, &err));
	assert_non_null(strstr(err.text, "is gone"));
}

/* names from the top down; the gate is last; which one is the agent? */
static void session_test(void **state)
{
	(void)state;
	static const struct {
		const char *names[6];
		size_t count, agent;
	} rows[] = {
		{ { "claude", "bascule-gate" }, 2, 0 },
		{ { "claude", "sh", "npm exec @x/y", "bascule", "bascule-gate" }, 5, 0 },
		{ { "node", "timeout", "env", "bascule-gate" }, 4, 0 },
		{ { "init", "codex", "bash", "bascule-gate" }, 4, 1 },
		{ { "claude", "fish", "nu", "flock", "corepack", "bascule" }, 6, 0 },
		/* A person who tries a server by hand: the shell asked, not the terminal with
		   everything in it. */
		{ { "tmux: server", "bash", "bascule-gate" }, 3, 1 },
		{ { "xterm", "zsh", "sh", "bascule-gate" }, 4, 1 },
		{ { "sshd", "bascule-gate" }, 2, 1 },
		{ { "cursor", "sh", "bascule-gate" }, 3, 0 }, /* has an agent inside */
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct chain chain;
		struct process agent;
		chain_start(&chain, rows[i].names, rows[i].count);
		assert_true(peer_session(chain.pids[rows[i].count - 1], &agent));
		if (agent.pid != chain.pids[rows[i].agent]) {
			print_error("row %zu: %s\n", i, agent.name);
			fail();
		}
		chain_finish(&chain);
	}
	struct process agent;
	assert_false(peer_session(0x7fffffff, &agent));
}

static void above_test(void **state)
{
	(void)state;
	static const struct {
		const char *names[12];
		size_t count, above; /* of the last one: so many are told */
	} rows[] = {
		{ { "tmux: server", "zsh", "nvim", "zsh", "claude" }, 5, 4 },
		{ { "bash", "tmux: server", "zsh", "claude" }, 4, 2 },
		{ { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "claude" }, 11, 8 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct chain chain;
		struct process p, above[8];
		chain_start(&chain, rows[i].names, rows[i].count);
		assert_true(process_read(chain.pids[rows[i].count - 1], &p));
		assert_int_equal(peer_above(&p, above, COUNT_OF(above)), rows[i].above);
		for (size_t k = 0; k < rows[i].above; k++) {
			assert_int_equal(above[k].pid, chain.pids[rows[i].count - 2 - k]);
			assert_string_equal(above[k].name, rows[i].names[rows[i].count - 2 - k]);
		}
		assert_int_equal(peer_above(&p, above, 1), 1);
		chain_finish(&chain);
	}
}

/* What it was started with, whatever it calls itself now; never another process's. */
static void environment_test(void **state)
{
	(void)state;
	struct buf text = { 0 };
	struct process self, other;
	assert_true(process_read(getpid(), &self));
	assert_true(process_environment(&self, &text));
	const char *path = memmem(text.data, text.len, "PATH=", 5);
	assert_non_null(path);
	text.len = 0;
	other = self;
	other.start++;
	assert_false(process_environment(&other, &text));
	assert_false(process_environment(&(struct process){ .pid = 0x7fffffff }, &text));
	for (int starts = 0; starts < 2 && getuid() == 0; starts++) {
		int foreign = fork();
		if (foreign == 0) {
			(void)!setuid(65534);
			if (starts) {
				execlp("sleep", "sleep", "60", NULL);
			}
			pause();
			_exit(0);
		}
		char name[64];
		struct stat st = { 0 };
		snprintf(name, sizeof(name), "/proc/%d", foreign);
		for (int i = 0; i < 5000 && stat(name, &st) == 0 && st.st_uid == 0; i++) {
			usleep(1000);
		}
		assert_int_equal(st.st_uid, 65534);
		assert_true(process_read(foreign, &other));
		text.len = 0;
		assert_false(process_environment(&other, &text));
		assert_int_equal(text.len, 0);
		kill(foreign, SIGKILL);
		waitpid(foreign, NULL, 0);
	}
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_test),
		cmocka_unit_test(above_test),
		cmocka_unit_test(environment_test),
		cmocka_unit_test(self_test),
		cmocka_unit_test(credentials_test),
		cmocka_unit_test(decide_test),
		cmocka_unit_test(deep_test),
		cmocka_unit_test(orphan_test),
		cmocka_unit_test(session_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
