/* What an agent waits for its hook: from its start to its end, with a call that the rules allow. */
#include "config.h"

#include "tests/bench/bench.h"
#include "tests/e2e/asked.h"
#include "tests/e2e/person.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct times {
	struct sample answer, end;
};

/* An agent hands over the text, reads the answer, and goes on when the hook has ended. */
static void run_one(struct world *w, const char *const *argv, const char *text, struct times *times)
{
	int in[2], out[2], status = 0;
	char said[4096];
	CHECK(w, pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	const struct proc proc = {
		.cwd = w->work, .in = in[0], .out = out[1], .err = -1, .argv = argv
	};
	double began = now_us();
	pid_t pid = proc_start(&proc);
	close(in[0]);
	close(out[1]);
	CHECK(w, write(in[1], text, strlen(text)) == (ssize_t)strlen(text) || !*text);
	close(in[1]);
	ssize_t n = read(out[0], said, sizeof(said));
	sample_add(&times->answer, now_us() - began);
	while (n > 0 && read(out[0], said, sizeof(said)) > 0) {
	}
	CHECK(w, waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	sample_add(&times->end, now_us() - began);
	close(out[0]);
}

static void row(const char *what, struct sample *nothing, struct sample *hook, const char *wanted)
{
	double least = sample_at(nothing, 0.5);
	printf("%-34s %9.1f us %9.1f us %9.1f us  %s\n", what, least, sample_at(hook, 0.5),
		sample_at(hook, 0.95), wanted);
}

void bench_hook(struct world *w, size_t count)
{
	const char *const hook[] = { world_path(w, "bascule"), "hook", "claude", "--root", w->root,
		NULL },
			  *const nothing[] = { "true", NULL };
	struct times h = { 0 }, n = { 0 };
	char *path = world_file(w->work, "a.txt"),
	     *input = xasprintf("{\"file_path\":\"%s\"}", path),
	     *text = asked_claude(w, "s-1", "Read", input);
	world_put(path, "readable");
	world_broker(w);
	struct asked first = asked_start(w, "claude", text);
	asked_accept(w);
	asked_said(&first, 0);
	for (size_t i = 0; i < count; i++) {
		run_one(w, nothing, "", &n);
		run_one(w, hook, text, &h);
	}
	printf("\n%-34s %12s %12s %12s  %s\n", "a hook's allowed call, from its start", "true(1)",
		"median", "p95", "wanted");
	row("to the answer", &n.answer, &h.answer, "under 8000");
	row("to its end", &n.end, &h.end, "");
}
