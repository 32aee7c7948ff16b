/*
 * What can be said of a package without a network, for the person who is asked about an install.
 * It never turns a hold into an allow.
 */
#ifndef BASCULE_CORE_POLICY_PACKAGES_H
#define BASCULE_CORE_POLICY_PACKAGES_H

#include "core/base.h"

/* id, words for people */
#define PACKAGE_SOURCES(X) \
	X(REGISTRY, "") /* as the manager is configured */ \
	X(GIT, "from a git repository") \
	X(URL, "from an address") \
	X(PATH, "from a path") \
	X(ALIAS, "under another name than its own")

enum package_source {
#define X(id, words) FROM_##id,
	PACKAGE_SOURCES(X)
#undef X
};

#define PACKAGE_PINS(X) \
	X(NONE, "no version") \
	X(EXACT, "an exact version") \
	X(RANGE, "a range of versions") \
	X(TAG, "whatever a tag stands for today")

enum package_pin {
#define X(id, words) PIN_##id,
	PACKAGE_PINS(X)
#undef X
};

enum { PACKAGE_NAME_MAX = 214 };

struct package_facts {
	char name[PACKAGE_NAME_MAX + 1]; /* without version and extras; "" if there is none */
	enum package_source source;
	enum package_pin pin;
	bool global;
	bool scripts; /* the manager runs code of packages when it installs them */
	bool ranked; /* there is a list of much used names for this manager */
	bool popular; /* in it */
	bool manifest; /* a manifest was looked at */
	bool known; /* and names this package already */
	bool strange; /* the name has characters that no name of this manager has */
	const char *like; /* a much used name that it looks like; NULL: none */
	const char *why; /* how, in words: "one letter differs" */
};

/* `manager`, `word` and `spec` as in an INSTALL effect (how, word, given); `manifest` is the text
 * of a manifest or lockfile, absent if there is none. */
void package_say(const char *manager, const char *word, const char *spec, struct span manifest,
	struct package_facts *out);
/* One line for the prompt: "looks like "requests": one letter differs; new to the manifest; ...".
 * Its foreign parts are not yet made safe. */
void package_words(const struct package_facts *facts, char *out, size_t size);

#endif
