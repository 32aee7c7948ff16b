/*
 * Grants: what one decision permits afterwards, bounded in form, time and number.
 *
 * A grant is a set of forms: one for every effect of the granting call that no rule allowed. It
 * covers a call if every effect of that call that no rule allows has a form in it. So a call that a
 * grant lets through has no effect outside the granting call's.
 */
#ifndef BASCULE_CORE_POLICY_GRANT_H
#define BASCULE_CORE_POLICY_GRANT_H

#include "core/policy/policy.h"

/* How much of an effect its form keeps, from narrow to wide; each is offered as a step. */
enum grant_width {
	GRANT_EXACT, /* the very effect: every operand */
	GRANT_FORM, /* program, sub-command, options; operands that are proven to be paths in the
		       scope as <in-scope>, numbers as <N>, other words as they are; the directory
		       instead of the file; the host, tool or task whatever its arguments */
	GRANT_WIDE, /* any operand of a sub-command that only shows something; what lies below the
		       directory */
};

/* Appends the form of one effect, a line of text without newline; stable between versions of the
 * same major. False: it has none of this width. What is never granted (installs, publishing,
 * protected pushes, secrets, control files, destructive, interpreters, wrappers, bare git) has no
 * form at all; a decision on it is for once. `effect` is one of the call's. */
bool grant_form(const struct policy_call *call, const struct effect *effect, enum grant_width width,
	struct buf *out);

struct grant {
	char **forms;
	size_t count;
	enum grant_width width;
	char *words; /* what was granted, for people: shown before it is given */
	int64_t number; /* the history's number of the granting call */
	int64_t expires_us; /* boot clock; 0: with the session */
	int64_t uses_left; /* -1: any number */
	int64_t used;
};

/* What this call's decision may leave behind at this width; an effect that has no form of it is
 * kept exactly. `words`, number, expiry and uses are the caller's to set (`words` is made here).
 * False: only "once", or nothing that a narrower width does not say. */
bool grant_create(const struct policy_call *call, enum grant_width width, struct grant *out);
void grant_finish(struct grant *grant);
/* `grants` may come from several decisions of one session: an effect may be covered by any. `used`,
 * with room for `count`, gets the indices of those that are needed. Those without uses left count
 * for nothing; time is the caller's. False: not covered, or nothing is left to cover. */
bool grants_cover(const struct policy_call *call, struct grant *const *grants, size_t count,
	size_t *used, size_t *used_count);

/* What a written rule covers beside the call, from narrow to wide. Where a kind of effect has
 * nothing of its own at a width, the next narrower one counts. */
enum rule_width {
	RULE_EXACT, /* each word of a command, each path; a tool, host or branch whatever else */
	RULE_BESIDE, /* the files of the same directory; any operand of a sub-command that only
			shows something; what may differ behind a task's name */
	RULE_USUAL, /* of what is read, all below the directory: what `explain` and `replay` propose
		     */
	RULE_WIDE, /* of what is written, too, except files that define tasks; branches with the
		      same beginning */
	RULE_WIDTH_COUNT
};

/* The rule lines that generalise the call, with their `ok` examples, as they would be appended to
 * policy.rules; false: never offered for this call at this width, `why` says it. */
bool rule_write(const struct policy_call *call, enum rule_width width, struct span example,
	struct buf *out, char why[160]);
/* Those that differ, narrowest first: text that the caller frees. 0: none is offered, `why`. */
size_t rule_steps(const struct policy_call *call, char *steps[RULE_WIDTH_COUNT], char why[160]);

#endif
