/* The scanner's rules: what a credential looks like. Data only, read by core/policy/secret.c. */
#ifndef BASCULE_CORE_POLICY_SECRET_RULES_H
#define BASCULE_CORE_POLICY_SECRET_RULES_H

#include "core/base.h"

enum secret_rule_flags {
	RULE_ANY_CASE = 1, /* its literals are found in upper and lower case */
	RULE_SMALL = 2, /* only for short outgoing fields */
	RULE_MIXED = 4, /* the value needs a letter and a digit */
	RULE_MANY = 8, /* ... and upper and lower case */
	RULE_WORDS = 16, /* a name gave it away: also placeholders in words and code are no value */
};

struct secret_rule {
	const char *id;
	/* Literals separated by spaces, at least 3 bytes each; one of them must occur. Lower case
	 * if RULE_ANY_CASE. */
	const char *literals;
	/* A match begins exactly this many bytes in front of the literal. */
	unsigned before;
	/* PCRE2, bytes. Group 1 is the credential; without one the whole match is. */
	const char *pattern;
	unsigned entropy; /* of the credential's bytes, bits x 100, at least; 0: any */
	unsigned flags;
};

extern const struct secret_rule secret_rules[]; /* ends with id NULL */
enum { SECRET_RULES_MAX = 128 }; /* so many are there at most */

#endif
