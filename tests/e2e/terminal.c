/* A program at a terminal of its own, by a pair of pseudo-terminals. */
#include "config.h"

#include "tests/e2e/terminal.h"

#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct terminal terminal_start(struct world *w, const char *const *argv)
{
	struct terminal t = { .fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC) };
	CHECK(w, t.fd >= 0 && grantpt(t.fd) == 0 && unlockpt(t.fd) == 0);
	int theirs = open(ptsname(t.fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(w, theirs >= 0);
	struct proc proc = {
		.cwd = w->work, .in = theirs, .out = theirs, .err = theirs, .argv = argv
	};
	t.pid = proc_start(&proc);
	close(theirs);
	return t;
}

void terminal_read(struct world *w, struct terminal *t, const char *part)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (!part || !strstr(buf_cstr(&t->seen), part)) {
		struct pollfd p = { .fd = t->fd, .events = POLLIN };
		char piece[4096];
		int64_t left = end - now_ms();
		CHECK(w, left > 0 && poll(&p, 1, (int)left) == 1);
		ssize_t n = read(t->fd, piece, sizeof(piece));
		if (n <= 0) {
			break;
		}
		buf_add(&t->seen, piece, (size_t)n);
	}
	CHECK_HAS(w, buf_cstr(&t->seen), part ? part : "");
}

int terminal_end(struct world *w, struct terminal *t)
{
	int status = 0;
	terminal_read(w, t, NULL);
	CHECK(w, proc_wait(t->pid, WORLD_BOUND_MS, &status));
	close(t->fd);
	world_note(w, "terminal", ">", t->seen.data, t->seen.len);
	return WEXITSTATUS(status);
}
