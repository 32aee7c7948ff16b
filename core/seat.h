/*
 * Where a process sits, as far as its environment says so: the tmux pane and the editor that it was
 * started in. Foreign bytes in, labels out; nothing is decided by them. Pure.
 */
#ifndef BASCULE_CORE_SEAT_H
#define BASCULE_CORE_SEAT_H

#include "core/jsonw.h"

struct seat {
	char *tmux, *pane; /* the server's socket, and "%N" there: both or none */
	const char *editor; /* of the table in seat.c; NULL: none is known */
};

/* `environment`: NAME=VALUE texts, each ended by a NUL; of two with one name the first counts. */
void seat_read(struct seat *seat, struct span environment);
/* The same of the object that seat_write made; what is not well-formed is left out. */
void seat_parse(struct seat *seat, struct span object);
void seat_finish(struct seat *seat);
void seat_copy(struct seat *to, const struct seat *from);
/* The members that are known, into an open object. */
void seat_write(const struct seat *seat, struct jsonw *w);

bool seat_is_pane(const char *text); /* "%" and one to nine digits; NULL is none */
/* The editor whose process has this short name of the kernel; NULL: it is none. */
const char *seat_editor(const char *process);

#endif
