/* The broker's part of a console test: fixed answers to hello, watch and show, and a list of what
 * was decided. */
#ifndef BASCULE_TESTS_TUI_WIRE_H
#define BASCULE_TESTS_TUI_WIRE_H

#include "core/buf.h"

enum { WIRE_DECIDES = 64 };

/* What the console gets for `show`, by call ("*": any); without a row, or with result NULL, error
 * 4005. */
struct wire_show {
	const char *call, *result;
};

/* The result of any other request, by its method; without a row it is not answered. */
struct wire_answer {
	const char *method, *result;
};

struct wire {
	int fd; /* -1: hung up */
	struct buf in;
	const char *snapshot;
	const struct wire_show *shows;
	const struct wire_answer *answers; /* ends with {NULL}, or NULL */
	char *decides[WIRE_DECIDES]; /* params as they came */
	char *edit; /* of the last `edit` */
	size_t edit_count, decide_count, show_count, active_count;
	bool silent; /* answers hello and watch only */
	int refuse; /* answer all but hello, watch and show with this error */
	const char *refuse_text;
	/* put at the end of every string of somebody else's that is sent; as in a JSON string */
	const char *poison;
	int64_t denied_at; /* a denial with a delay is delivered then; 0: at once */
};

void wire_read(struct wire *wire); /* what is there; answers */
void wire_tell(struct wire *wire, const char *method, const char *params); /* a notification */
void wire_send(struct wire *wire, const char *line); /* anything, without its line end */
void wire_hang_up(struct wire *wire);
void wire_finish(struct wire *wire);

#endif
