/*
 * Any bytes as an address: local is only what one host stands in, in plain letters, and nothing is
 * taken for local once something stands in front of it.
 */
#include "config.h"

#include "core/effects/url.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void look(const struct url *url, struct span text, bool ok)
{
	demand(ok == !url->odd);
	demand(ok || !url->local);
	demand(!ok || url->host[0]);
	demand(!ok || (!memchr(text.at, '\\', text.len) && !memchr(text.at, '\n', text.len)));
	demand(!url->local || strcmp(url->host, "localhost") == 0 ||
		strncmp(url->host, "127.", 4) == 0 || strcmp(url->host, "::1") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct url url;
	struct effects out = { 0 };
	char *copy = xmalloc(size + 1); /* exactly as long as the text */
	memcpy(copy, data, size);
	struct span text = { copy, size };
	look(&url, text, url_parse(&url, text));
	url_effect(&out, "url", text);
	demand(out.count == 1 && out.list[0].kind == EFFECT_NET);
	effects_finish(&out);
	free(copy);
	return 0;
}
