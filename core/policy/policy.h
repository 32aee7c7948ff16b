/*
 * Judgement: call, facts and rules in; verdict and deciding rule out. Pure: no clock, no I/O, no
 * global.
 *
 * The strictest verdict over all effects counts (deny > hold > allow); an effect that no rule
 * allows is held. What a person decides is one question about the parts that no rule allows.
 */
#ifndef BASCULE_CORE_POLICY_POLICY_H
#define BASCULE_CORE_POLICY_POLICY_H

#include "core/effects/effect.h"
#include "core/policy/rules.h"

#define VERDICTS(X) X(ALLOW, "allow") X(HOLD, "hold") X(DENY, "deny") /* from lax to strict */

enum verdict {
#define X(id, name) VERDICT_##id,
	VERDICTS(X)
#undef X
};

/* The highest class asks for one typed word, and leaves no grant behind. */
#define RISKS(X) X(LOW, "low") X(MEDIUM, "medium") X(HIGH, "high") X(HIGHEST, "highest")

enum risk {
#define X(id, name) RISK_##id,
	RISKS(X)
#undef X
		RISK_COUNT
};

struct policy_call {
	struct span method, tool, profile, server;
	const struct effects *effects; /* with facts, as the gate sent them, and the broker's own
					  findings (SECRET, HIDDEN, PIN) */
	const struct rules *rules; /* never NULL: rules_builtin at least */
	const char *const *self; /* directories and files that are bascule's own; ends with NULL */
	const char *home; /* of the user, resolved */
	const char *const *scope; /* directories that the gate was accepted for, resolved; ends with
				     NULL; may be NULL: relative globs of allow rules fit nothing */
	bool agreed; /* gate and broker extracted the same effects */
	bool listed; /* the server lists the tool, and the list is fresh */
	struct span same; /* hash in hex of tool and canonical arguments, what makes a call the
			     same again; absent: not known, and no exact grant of a tool */
};

struct judgement {
	enum verdict verdict;
	enum risk risk;
	const char *rule; /* FILE:LINE or built-in:N; static or owned by the rules */
	size_t effect; /* which effect decided; effects->count: none did */
	char reason[240]; /* plain words; its foreign parts are not yet made safe */
};

void policy_judge(const struct policy_call *call, struct judgement *out);

/* The same for one effect, for explain and grants: verdict and rule as if it stood alone; `near`,
 * if not NULL, becomes the allow rule that came closest, and `why` which part of it failed. */
struct effect_judgement {
	enum verdict verdict;
	enum risk risk;
	const char *rule; /* as above */
	const struct rule *near; /* NULL: no allow rule is for effects like this */
	char why[160];
};
void policy_judge_effect(
	const struct policy_call *call, const struct effect *effect, struct effect_judgement *out);

enum risk effect_risk(const struct policy_call *call, const struct effect *effect);
/* "overwrites src/a.c, tracked, inside the scope"; plain words, foreign parts not yet safe. */
void effect_say(const struct effect *effect, char *out, size_t size);

const char *verdict_name(enum verdict verdict);
bool verdict_parse(struct span name, enum verdict *verdict);
const char *risk_name(enum risk risk);

#endif
