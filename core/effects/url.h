/* What opening an address would do. */
#ifndef BASCULE_CORE_EFFECTS_URL_H
#define BASCULE_CORE_EFFECTS_URL_H

#include "core/effects/effect.h"

struct url {
	char scheme[16], host[256]; /* lower case; an IPv6 host without its brackets */
	unsigned port; /* 0: the scheme's own */
	bool local; /* localhost, 127.0.0.0/8, ::1 and nothing that only looks like one */
	const char *odd; /* why it is not what it seems, static words; NULL: nothing is */
};

/* False: no absolute http or https address without userinfo, in one plain reading; url->odd says
 * why. */
bool url_parse(struct url *url, struct span text);
/* Compared by label from the right: "*.example.com" has at least one label more, "example.com" is
 * itself alone. */
bool host_matches(const char *pattern, const char *host);

/* An address: NET with how "local" (this machine's dev server), "remote" or "odd" (userinfo, odd
 * number forms, link-local, metadata, other schemes than http and https, non-ASCII hosts). */
void url_effect(struct effects *out, const char *arg, struct span url);

#endif
