/* The parts of a text that stand for another text: base64, percent, \u and \x escapes. */
#ifndef BASCULE_CORE_POLICY_SECRET_DECODE_H
#define BASCULE_CORE_POLICY_SECRET_DECODE_H

#include "core/buf.h"

struct decode_walk {
	struct span text;
	size_t at; /* where to go on */
	size_t from, len; /* the encoded run that was found */
	struct buf out; /* what it stands for; buf_finish at the end */
};

/* The next run of at least 24 characters of base64, standard or URL alphabet, lines joined, that
 * decodes to text. */
bool decode_base64_next(struct decode_walk *walk);
/* The next stretch with escapes, with what surrounds it, decoded once. */
bool decode_escapes_next(struct decode_walk *walk);
/* Of a stretch with escapes: the length of the encoded text whose decoded length is `len`. */
size_t decode_escapes_length(struct span encoded, size_t len);

#endif
