/* A hook in a process of its own, with a pipe to each end. */
#include "config.h"

#include "tests/e2e/asked.h"

#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

char *asked_claude(struct world *w, const char *session, const char *tool, const char *input)
{
	return xasprintf("{\"session_id\":\"%s\",\"transcript_path\":\"/t\",\"cwd\":\"%s\","
			 "\"permission_mode\":\"default\",\"hook_event_name\":\"PreToolUse\","
			 "\"tool_name\":\"%s\",\"tool_input\":%s,\"tool_use_id\":\"toolu_1\"}",
		session, w->work, tool, input);
}

struct asked asked_start(struct world *w, const char *agent, const char *text)
{
	int in[2], out[2];
	CHECK(w, pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	const char *const argv[] = { world_path(w, "bascule-gate"), "hook", agent, "--root",
		w->root, NULL };
	struct proc proc = { .cwd = w->work,
		.in = in[0],
		.out = out[1],
		.err = world_err_file(w, "hook"),
		.argv = argv };
	struct asked asked = { w, proc_start(&proc), out[0] };
	close(in[0]);
	close(out[1]);
	close(proc.err);
	CHECK_INT(w, write(in[1], text, strlen(text)), (int)strlen(text));
	close(in[1]);
	return asked;
}

char *asked_said(struct asked *asked, int code)
{
	struct buf text = { 0 };
	int status = 0;
	ssize_t n = 1;
	CHECK(asked->w, proc_wait(asked->pid, WORLD_BOUND_MS, &status));
	while (n > 0) {
		buf_room(&text, 4096);
		n = read(asked->out, text.data + text.len, 4096);
		text.len += n > 0 ? (size_t)n : 0;
	}
	close(asked->out);
	CHECK_INT(asked->w, WEXITSTATUS(status), code);
	return xstrdup(buf_cstr(&text));
}

void asked_accept(struct world *w)
{
	const cJSON *item = person_server(w->person, 1);
	CHECK_TEXT(w, pick_text(item, "argv.1"), "hook");
	CHECK_TEXT(w, pick_text(item, "scope.0"), w->work);
	person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
}
