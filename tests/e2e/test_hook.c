/* An agent's own tools: its hook is a gate for one call, and answers in the agent's own form. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct asked {
	struct world *w;
	pid_t pid;
	int out;
};

static char *call_of(struct world *w, const char *tool, const char *input)
{
	return xasprintf("{\"session_id\":\"s-1\",\"transcript_path\":\"/t\",\"cwd\":\"%s\","
			 "\"permission_mode\":\"default\",\"hook_event_name\":\"PreToolUse\","
			 "\"tool_name\":\"%s\",\"tool_input\":%s,\"tool_use_id\":\"toolu_1\"}",
		w->work, tool, input);
}

static struct asked ask(struct world *w, const char *text)
{
	int in[2], out[2];
	CHECK(w, pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	const char *const argv[] = { world_path(w, "bascule-gate"), "hook", "claude", "--root",
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

/* Its end and what it said. */
static char *said(struct asked *asked, int code)
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

/* The agent's tools in this scope are one question, as any server's are. */
static void accept(struct world *w)
{
	const cJSON *item;
	do {
		item = person_item(w->person, "", "held");
	} while (cJSON_GetArraySize(pick(item, "behind")) != 1 &&
		peer_pump(&w->person->peer, WORLD_BOUND_MS));
	CHECK_TEXT(w, pick_text(item, "kind"), "server");
	CHECK_TEXT(w, pick_text(item, "argv.1"), "hook");
	CHECK_TEXT(w, pick_text(item, "scope.0"), w->work);
	person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
}

static void reading_passes_once_accepted(struct world *w)
{
	world_broker(w);
	char *path = world_file(w->work, "a.txt"),
	     *input = xasprintf("{\"file_path\":\"%s\"}", path);
	world_put(path, "readable");
	char *text = call_of(w, "Read", input);
	struct asked first = ask(w, text);
	accept(w);
	char *answer = said(&first, 0);
	CHECK_HAS(w, answer, "\"permissionDecision\":\"allow\"");
	struct asked second = ask(w, text);
	CHECK_HAS(w, said(&second, 0), "\"permissionDecision\":\"allow\"");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static struct asked ask_to_delete(struct world *w)
{
	struct asked asked = ask(w, call_of(w, "Bash", "{\n \"command\": \"rm -rf /outside\"\n}"));
	accept(w);
	person_item(w->person, "Bash", "held");
	return asked;
}

static void a_no_reaches_the_model(struct world *w)
{
	world_broker(w);
	struct asked asked = ask_to_delete(w);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "use make clean");
	char *answer = said(&asked, 2);
	CHECK_HAS(w, answer, "\"permissionDecision\":\"deny\"");
	CHECK_HAS(w, answer, "use make clean");
}

static void a_yes_lets_it_run(struct world *w)
{
	world_broker(w);
	struct asked asked = ask_to_delete(w);
	person_approve(w->person, person_item(w->person, "Bash", "held"));
	CHECK_HAS(w, said(&asked, 0), "\"permissionDecision\":\"allow\"");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static void without_a_broker_it_is_a_no(struct world *w)
{
	struct asked asked = ask(w, call_of(w, "Bash", "{\"command\":\"true\"}"));
	CHECK_HAS(w, said(&asked, 2), "\"permissionDecision\":\"deny\"");
}

static void what_cannot_be_read_is_a_no(struct world *w)
{
	static const char *const texts[] = { "", "{", "[]", "{\"hook_event_name\":\"PreToolUse\"}",
		"{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":3}" };
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct asked asked = ask(w, texts[i]);
		said(&asked, 2);
	}
}

static void who_is_killed_leaves_nothing_waiting(struct world *w)
{
	world_broker(w);
	struct asked asked = ask_to_delete(w);
	int status = 0;
	kill(asked.pid, SIGKILL);
	CHECK(w, proc_wait(asked.pid, WORLD_BOUND_MS, &status));
	CHECK_TEXT(w, person_gone(w->person, person_item(w->person, "Bash", "held")), "withdrawn");
}

static const struct e2e_case cases[] = {
	{ "reading_passes_once_accepted", reading_passes_once_accepted, 0 },
	{ "a_no_reaches_the_model", a_no_reaches_the_model, 0 },
	{ "a_yes_lets_it_run", a_yes_lets_it_run, 0 },
	{ "without_a_broker_it_is_a_no", without_a_broker_it_is_a_no, 0 },
	{ "what_cannot_be_read_is_a_no", what_cannot_be_read_is_a_no, 0 },
	{ "who_is_killed_leaves_nothing_waiting", who_is_killed_leaves_nothing_waiting, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
