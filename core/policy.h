/*
 * Judgement: call, facts and rules in; verdict and deciding rule out. Pure: no clock, no I/O, no
 * global.
 *
 * The strictest verdict over all effects counts (deny > hold > allow); an effect that no rule
 * allows is held.
 */
#ifndef BASCULE_CORE_POLICY_H
#define BASCULE_CORE_POLICY_H

#include "core/effect.h"

#define VERDICTS(X) X(ALLOW, "allow") X(HOLD, "hold") X(DENY, "deny") /* from lax to strict */

enum verdict {
#define X(id, name) VERDICT_##id,
	VERDICTS(X)
#undef X
};

#define RISKS(X) X(LOW, "low") X(MEDIUM, "medium") X(HIGH, "high")

enum risk {
#define X(id, name) RISK_##id,
	RISKS(X)
#undef X
};

struct policy_call {
	struct span method, tool, profile;
	const struct effects *effects; /* with facts, as the gate sent them */
	bool agreed; /* gate and broker extracted the same effects */
	bool listed; /* the server lists the tool, and the list is fresh */
};

struct judgement {
	enum verdict verdict;
	enum risk risk;
	const char *rule; /* FILE:LINE or built-in:N; static or owned by the rules */
	char reason[240]; /* plain words; its foreign parts are not yet made safe */
};

void policy_judge(const struct policy_call *call, struct judgement *out);

const char *verdict_name(enum verdict verdict);
bool verdict_parse(struct span name, enum verdict *verdict);
const char *risk_name(enum risk risk);

#endif
