/*
 * One end of a conversation in lines: a client's side of a server or gate, or a person's side of
 * the decision socket. Every line in both directions goes into the record that a failing test
 * prints. Waiting is bounded; what arrives while something else is awaited stays in the inbox.
 */
#ifndef BASCULE_TESTS_E2E_PEER_H
#define BASCULE_TESTS_E2E_PEER_H

#include "tests/e2e/world.h"

#include <cJSON.h>

struct line {
	char *text; /* without the newline; terminated, but may hold NUL */
	size_t len;
	cJSON *json; /* NULL: no JSON */
	int64_t at_ms;
	bool taken; /* somebody has waited for it */
};

struct peer {
	struct world *world;
	const char *name; /* in the record */
	int in, out; /* we read from `in`; both may be one socket; -1: closed */
	struct buf rest; /* of a line that has not ended yet */
	struct line **lines;
	size_t count, cap;
	bool ended; /* end of input was read */
};

void peer_open(struct peer *p, struct world *w, const char *name, int in, int out);
void peer_close(struct peer *p);
void peer_close_out(struct peer *p); /* the other side reads end of input */

void peer_write(struct peer *p, const void *bytes, size_t len); /* as they are; reads meanwhile */
bool peer_try_write(
	struct peer *p, const void *bytes, size_t len); /* false if the other side is gone */
void peer_send(struct peer *p, const char *format, ...)
	__attribute__((format(printf, 2, 3))); /* adds the newline */

typedef bool peer_match(const struct line *line, const void *data);

/* The first line not taken yet that matches; takes it. Fails the test, naming `what`, if none comes
 * in time. */
const struct line *peer_wait(struct peer *p, peer_match *match, const void *data, const char *what);
/* The same, of the lines that are there by now; NULL if none. Takes nothing. */
const struct line *peer_look(struct peer *p, peer_match *match, const void *data);
size_t peer_count(struct peer *p, peer_match *match, const void *data); /* taken ones too */

const struct line *peer_reply(
	struct peer *p, const char *raw_id); /* result or error; the id byte for byte */
const struct line *peer_method(struct peer *p, const char *method); /* request or notification */
const struct line *peer_any(struct peer *p);
bool match_reply(const struct line *line, const void *raw_id);
bool match_method(const struct line *line, const void *method);
bool match_text(const struct line *line, const void *part); /* holds it */

void peer_expect_end(struct peer *p); /* reads to the end of input */
/* Reads what has arrived, at most until `ms` have passed or something came; false at the end of
 * input. */
bool peer_pump(struct peer *p, int ms);

struct span line_raw(const struct line *line, const char *path); /* see pick_raw */

#endif
