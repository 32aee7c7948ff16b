/* Who asks: what an agent says of itself, and the session that a hook's calls belong to. */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char pushes[] = "{\"command\":\"git push --force origin main\"}";

static void approve_with(struct world *w, const cJSON *item, const char *grant)
{
	const cJSON *shown = person_show(w->person, item);
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"decision\":\"approve\","
				 "\"grant\":%s}",
		pick_text(item, "call"), (long long)pick_int(shown, "revision"), grant);
	CHECK(w, pick(person_ask(w->person, "decide", params), "result.state"));
	free(params);
}

static struct asked reads(struct world *w, const char *session)
{
	char *path = world_file(w->outside, "a.txt"),
	     *input = xasprintf("{\"file_path\":\"%s\"}", path);
	world_put(path, "outside");
	return asked_start(w, "claude", asked_claude(w, session, "Read", input));
}

static void the_agent_says_who_it_is(struct world *w)
{
	setenv("AI_AGENT", "claude-code/2.1.330/agent", 1);
	world_broker(w);
	char *text = xasprintf("{\"session_id\":\"s-1\",\"cwd\":\"%s\",\"prompt_id\":\"p-1\","
			       "\"permission_mode\":\"acceptEdits\",\"agent_id\":\"a-3\","
			       "\"agent_type\":\"Explore\",\"hook_event_name\":\"PreToolUse\","
			       "\"tool_name\":\"Bash\",\"tool_input\":%s,"
			       "\"tool_use_id\":\"toolu_1\"}",
		w->work, pushes);
	struct asked asked = asked_start(w, "claude", text);
	asked_accept(w);
	const cJSON *item = person_item(w->person, "Bash", "held");
	static const struct {
		const char *label, *said;
	} labels[] = { { "name", "claude-code" }, { "version", "2.1.330" }, { "session", "s-1" },
		{ "turn", "p-1" }, { "call_id", "toolu_1" }, { "agent_id", "a-3" },
		{ "agent_type", "Explore" }, { "permission_mode", "acceptEdits" } };
	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		CHECK_TEXT(w, pick_text(pick(item, "client"), labels[i].label), labels[i].said);
	}
	CHECK(w, !pick(item, "client.model"));
	person_deny(w->person, item, "no");
	free(asked_said(&asked, 2));
	unsetenv("AI_AGENT");
}

static void the_model_is_named_where_it_is_told(struct world *w)
{
	world_broker(w);
	char *text = xasprintf("{\"session_id\":\"c-1\",\"turn_id\":\"t-1\",\"cwd\":\"%s\","
			       "\"hook_event_name\":\"PreToolUse\",\"model\":\"gpt-5-codex\","
			       "\"permission_mode\":\"default\",\"tool_name\":\"Bash\","
			       "\"tool_input\":%s,\"tool_use_id\":\"call_1\"}",
		w->work, pushes);
	struct asked asked = asked_start(w, "codex", text);
	asked_accept(w);
	const cJSON *item = person_item(w->person, "Bash", "held");
	CHECK_TEXT(w, pick_text(item, "client.name"), "codex");
	CHECK_TEXT(w, pick_text(item, "client.version"), "");
	CHECK_TEXT(w, pick_text(item, "client.model"), "gpt-5-codex");
	person_deny(w->person, item, "no");
	free(asked_said(&asked, 2));
}

/* Both sessions are of one process: this one. */
static void a_grant_is_of_the_session_that_a_hook_names(struct world *w)
{
	world_broker(w);
	struct asked first = reads(w, "s-1");
	asked_accept(w);
	approve_with(w, person_item(w->person, "Read", "held"), "{\"width\":\"exact\"}");
	CHECK_HAS(w, asked_said(&first, 0), "\"allow\"");
	const cJSON *grants = person_ask(w->person, "grants", "{}");
	CHECK_TEXT(w, pick_text(grants, "result.grants.0.session"), "s-1");
	struct asked again = reads(w, "s-1");
	CHECK_HAS(w, asked_said(&again, 0), "\"allow\"");
	struct asked other = reads(w, "s-2");
	person_deny(w->person, person_item(w->person, "Read", "held"), "no");
	CHECK_HAS(w, asked_said(&other, 2), "\"deny\"");
}

/* Pushes with what is in our own environment: a hook's, not its agent's. */
static struct asked pushes_as(struct world *w, const char *session)
{
	return asked_start(w, "claude", asked_claude(w, session, "Bash", pushes));
}

/* This process calls itself tmux's server: then no agent stands between it and the hook, and the
 * hook stands for one. */
static void a_pane_is_told_under_tmux_alone(struct world *w)
{
	world_broker(w);
	setenv("TMUX", "/tmp/tmux-7/default,7,0", 1);
	setenv("TMUX_PANE", "%12", 1);
	setenv("TERM_PROGRAM", "vscode", 1);
	struct asked first = pushes_as(w, "s-1");
	asked_accept(w);
	const cJSON *item = person_item(w->person, "Bash", "held");
	CHECK(w, !pick(item, "client.pane"));
	CHECK(w, !pick(item, "client.editor"));
	CHECK_INT(w, pick_int(item, "client.pid"), getpid());
	CHECK_INT(w, pick_int(item, "client.above.0.pid"), getppid());
	person_deny(w->person, item, "no");
	free(asked_said(&first, 2));
	prctl(PR_SET_NAME, "tmux: server");
	struct asked second = pushes_as(w, "s-2");
	item = person_item(w->person, "Bash", "held");
	CHECK_INT(w, pick_int(item, "client.pid"), second.pid);
	CHECK_TEXT(w, pick_text(item, "client.tmux"), "/tmp/tmux-7/default");
	CHECK_TEXT(w, pick_text(item, "client.pane"), "%12");
	CHECK_TEXT(w, pick_text(item, "client.editor"), "VS Code");
	CHECK_TEXT(w, pick_text(item, "client.above.0.name"), "tmux: server");
	CHECK(w, !pick(item, "client.above.1"));
	int64_t number = pick_int(item, "number");
	person_deny(w->person, item, "no");
	free(asked_said(&second, 2));
	char *params = xasprintf("{\"number\":%lld}", (long long)number);
	const cJSON *event = person_ask(w->person, "event", params);
	for (int i = 0; i < 500 && !pick(event, "result.who.pane"); i++) {
		usleep(10000); /* it is written a little after the verdict */
		event = person_ask(w->person, "event", params);
	}
	CHECK_TEXT(w, pick_text(event, "result.who.pane"), "%12");
	CHECK_TEXT(w, pick_text(history_row(w, "Bash", "denied"), "who.pane"), "%12");
	CHECK_TEXT(w, pick_text(event, "result.who.session"), "s-2");
	CHECK_TEXT(w, pick_text(event, "result.who.above.0.name"), "tmux: server");
}

static const struct e2e_case cases[] = {
	{ "the_agent_says_who_it_is", the_agent_says_who_it_is, 0 },
	{ "the_model_is_named_where_it_is_told", the_model_is_named_where_it_is_told, 0 },
	{ "a_grant_is_of_the_session_that_a_hook_names",
		a_grant_is_of_the_session_that_a_hook_names, 0 },
	{ "a_pane_is_told_under_tmux_alone", a_pane_is_told_under_tmux_alone, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
