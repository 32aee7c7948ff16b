/* Finds in one pass where any of a list of literals stands. */
#ifndef BASCULE_CORE_POLICY_SECRET_GATE_H
#define BASCULE_CORE_POLICY_SECRET_GATE_H

#include "core/base.h"

enum { GATE_BITS = 15, GATE_LITERALS_MAX = 512 };

struct gate_literal {
	const char *text; /* borrowed */
	uint16_t len, key; /* where in it the three bytes stand that it is found by */
	uint16_t rule, next; /* next with the same three bytes, + 1 */
	bool any_case;
};

struct secret_gate {
	uint8_t marked[1 << GATE_BITS];
	uint16_t first[1 << GATE_BITS]; /* index + 1 */
	struct gate_literal literals[GATE_LITERALS_MAX];
	size_t count;
};

/* `literal`: 3 bytes and more, in lower case if any_case; must outlive the gate. */
void gate_add(struct secret_gate *gate, struct span literal, bool any_case, unsigned rule);
/* Calls `hit` with each place, in order of their three bytes; stops when it returns false. */
typedef bool gate_hit(void *data, unsigned rule, size_t at);
void gate_scan(const struct secret_gate *gate, struct span text, gate_hit *hit, void *data);

#endif
