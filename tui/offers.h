/*
 * What the broker offers for one call beside a plain yes: steps of grants from narrow to wide, and
 * the rules that would be written, narrow to wide too. Pure: JSON in, records out.
 */
#ifndef BASCULE_TUI_OFFERS_H
#define BASCULE_TUI_OFFERS_H

#include "core/base.h"

enum { OFFERS_STEPS_MAX = 3, OFFERS_RULES_MAX = 4 };
enum offers_stage { OFFERS_NONE, OFFERS_ASKED, OFFERS_HERE, OFFERS_FAILED };

/* id, minutes, uses (0: no such bound), in words */
#define OFFERS_BOUNDS(X) \
	X(SESSION, 0, 0, "this session") \
	X(TIME, 30, 0, "30 minutes") \
	X(USES, 0, 10, "10 times")

enum offers_bound {
#define X(id, minutes, uses, words) BOUND_##id,
	OFFERS_BOUNDS(X)
#undef X
		BOUND_COUNT
};

struct offers_step {
	char *width, *words;
};

struct offers_rule {
	char *text;
	enum offers_stage trial; /* what it would have done */
	int64_t tried, allowed, denied;
};

struct offers {
	char *call; /* NULL: nothing is asked about */
	int64_t revision;
	uint64_t item_stamp; /* of the call as it is asked about */
	bool seen; /* all of that had been on screen */
	enum offers_stage stage, save; /* the offer itself; the selected rule */
	struct offers_step steps[OFFERS_STEPS_MAX];
	size_t count;
	struct offers_rule rules[OFFERS_RULES_MAX];
	size_t rule_count, rule; /* the selected one: of those only it is ever saved */
	char *no_rule; /* why there is none */
	char *why; /* the first thing that failed, in the broker's words */
	enum offers_bound bound;
	/* new whenever anything that is shown is: a key decides on what was painted under it */
	uint64_t stamp;
};

void offers_finish(struct offers *offers); /* zero-initialised is ready */
/* Each takes a validated JSON object: the result of the request. False: not about what is asked
 * now. */
bool offers_read(struct offers *offers, struct span json);
bool offers_tried(struct offers *offers, struct span json);
struct offers_rule *offers_rule(
	struct offers *offers, enum offers_stage trial); /* first so; or NULL */

const char *offers_bound_words(enum offers_bound bound);
int offers_bound_minutes(enum offers_bound bound);
int offers_bound_uses(enum offers_bound bound);

#endif
