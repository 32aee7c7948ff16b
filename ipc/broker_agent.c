/*
 * The processes behind gates: the agent that a session belongs to, watched for its end, narrowed by
 * the session that a hook names, because one agent process may have several; and everybody who was
 * ever the parent of a gate, because such a process and its children may not decide.
 */
#include "config.h"

#include "ipc/broker.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void on_agent_end(uv_poll_t *poll, int status, int events)
{
	struct agent *a = poll->data;
	(void)status;
	(void)events;
	uv_poll_stop(poll);
	a->gone = true;
	broker_tick(a->broker, uv_now(a->broker->loop));
}

static bool is_session(const struct agent *a, const struct process *p, const char *narrow)
{
	return a->process.pid == p->pid && a->process.start == p->start &&
		(a->narrow && narrow ? strcmp(a->narrow, narrow) == 0 : a->narrow == narrow);
}

struct agent *agent_ref(struct agent *a)
{
	if (a) {
		a->refs++;
	}
	return a;
}

bool agent_same_process(const struct agent *a, const struct agent *other)
{
	return a && other && a->process.pid == other->process.pid &&
		a->process.start == other->process.start;
}

struct agent *agent_hold(struct broker *b, const struct process *p, const char *narrow)
{
	for (struct agent *a = b->agents; a; a = a->next) {
		if (is_session(a, p, narrow)) {
			return agent_ref(a);
		}
	}
	struct agent *a = xcalloc(1, sizeof(*a));
	*a = (struct agent){ .next = b->agents, .broker = b, .process = *p, .refs = 1 };
	b->agents = a;
	a->narrow = narrow ? xstrdup(narrow) : NULL;
	a->exe = process_program(p);
	who_look(a);
	a->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (a->pidfd >= 0 && uv_poll_init(b->loop, &a->poll, a->pidfd) == 0) {
		a->poll.data = a;
		uv_poll_start(&a->poll, UV_READABLE, on_agent_end);
		uv_unref((uv_handle_t *)&a->poll);
	}
	return a;
}

static void agent_free(struct agent *a)
{
	free(a->exe);
	free(a->narrow);
	free(a);
}

static void on_agent_closed(uv_handle_t *handle)
{
	struct agent *a = handle->data;
	close(a->pidfd);
	agent_free(a);
}

void agent_release(struct agent *a)
{
	if (!a || --a->refs) {
		return;
	}
	struct agent **link = &a->broker->agents;
	while (*link != a) {
		link = &(*link)->next;
	}
	*link = a->next;
	if (a->poll.data) {
		uv_close((uv_handle_t *)&a->poll, on_agent_closed);
	} else {
		agent_free(a);
	}
}

bool broker_is_asker(void *data, pid_t pid, int64_t start)
{
	const struct broker *b = data;
	for (size_t i = 0; i < b->askers.count; i++) {
		if (b->askers.list[i].pid == pid && b->askers.list[i].start == start) {
			return true;
		}
	}
	return false;
}

void broker_add_asker(struct broker *b, const struct process *p)
{
	struct err err;
	if (broker_is_asker(b, p->pid, p->start)) {
		return;
	}
	b->askers.list = xgrow(
		b->askers.list, &b->askers.cap, b->askers.count + 1, sizeof(*b->askers.list));
	b->askers.list[b->askers.count++] = *p;
	if (record_begin(b) &&
		!history_asker_add(b->history, p->pid, p->start, span_of(b->boot), &err)) {
		record_failed(b, &err);
	}
}

bool broker_load_asker(void *data, int64_t pid, int64_t start)
{
	struct broker *b = data;
	b->askers.list = xgrow(
		b->askers.list, &b->askers.cap, b->askers.count + 1, sizeof(*b->askers.list));
	b->askers.list[b->askers.count++] = (struct process){ .pid = (pid_t)pid, .start = start };
	return true;
}
