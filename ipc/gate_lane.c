/*
 * The lane keeps the order of what a client sends: an ungated message does not overtake a call
 * whose verdict is a few microseconds away. It never holds anybody up for long: after LANE_MS an
 * undecided call is stepped around, and a held one leaves the lane at once.
 */
#include "config.h"

#include "ipc/gate.h"

#include <stdlib.h>

enum { LANE_MS = 50 };

struct place {
	struct place *next; /* lane.head */
	struct call *call; /* NULL: a line */
	struct buf line;
	uint64_t since;
};

struct lane {
	struct gate *gate;
	struct place *head, **tail;
};

struct lane *lane_create(struct gate *g)
{
	struct lane *l = xcalloc(1, sizeof(*l));
	l->gate = g;
	l->tail = &l->head;
	return l;
}

static void pop(struct lane *l)
{
	struct place *place = l->head;
	l->head = place->next;
	if (!l->head) {
		l->tail = &l->head;
	}
	if (place->call) {
		place->call->in_lane = false;
	}
	buf_finish(&place->line);
	free(place);
}

void lane_destroy(struct lane *l)
{
	while (l && l->head) {
		pop(l);
	}
	free(l);
}

bool lane_busy(const struct lane *l)
{
	return l->head;
}

static struct place *add(struct lane *l)
{
	struct place *place = xcalloc(1, sizeof(*place));
	place->since = uv_now(l->gate->loop);
	*l->tail = place;
	l->tail = &place->next;
	return place;
}

void lane_add_call(struct lane *l, struct call *call)
{
	add(l)->call = call;
	call->in_lane = true;
}

void lane_add_line(struct lane *l, struct buf *line)
{
	struct place *place = add(l);
	place->line = *line;
	*line = (struct buf){ 0 };
	gate_tick(l->gate, l->head->since + LANE_MS);
}

void lane_move(struct lane *l)
{
	while (l->head) {
		struct call *call = l->head->call;
		if (!call) {
			gate_to_server(l->gate, &l->head->line);
			pop(l);
			continue;
		}
		if (call_undecided(call) && !call->overtaken) {
			return;
		}
		pop(l);
		if (call->state == LIFE_RELEASED) {
			call_forward(call);
		}
	}
}

void lane_forget(struct lane *l, struct call *call)
{
	for (struct place *place = l->head; call->in_lane && place; place = place->next) {
		if (place->call == call) {
			call->in_lane = false;
			place->call = NULL; /* an empty line: sends nothing */
		}
	}
}

void lane_due(struct lane *l, uint64_t now)
{
	bool moved = false;
	for (struct place *place = l->head; place; place = place->next) {
		if (place->call && now >= place->since + LANE_MS) {
			place->call->overtaken = true;
			moved = true;
		} else if (place->next) {
			gate_tick(l->gate, place->since + LANE_MS);
		}
	}
	if (moved) {
		lane_move(l);
	}
}
