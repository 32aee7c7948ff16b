/* The plug-in for opencode, with the command that it starts. Called by `bascule hook` and `init`.
 */
#include "config.h"

#include "core/hook_plugin.h"

#include "core/diag.h"
#include "core/jsonw.h"
#include "core/utf8.h"

#include <string.h>

static const char gap[] = "@COMMAND@"; /* once in the file */

static bool is_utf8(const char *text)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + strlen(text);
	size_t n = 1;
	while (at < end && (n = utf8_length(at, end)) > 0) {
		at += n;
	}
	return n > 0;
}

static bool can_be_said(const char *const *argv, struct err *err)
{
	if (!argv[0] || argv[0][0] != '/') {
		return fail(err, DIAG_NONE, "the plug-in needs the absolute path of bascule");
	}
	for (size_t i = 0; argv[i]; i++) {
		if (!is_utf8(argv[i])) {
			return fail(err, DIAG_NONE,
				"a path that is no UTF-8 cannot be put into a "
				"plug-in");
		}
	}
	return true;
}

/* An array of JSON is one of JavaScript. */
bool hook_opencode_plugin(const char *const *argv, struct buf *out, struct err *err)
{
	const char *text = hook_texts[0].text, *at = strstr(text, gap);
	if (!can_be_said(argv, err)) {
		return false;
	}
	buf_span(out, (struct span){ text, (size_t)(at - text) });
	struct jsonw w = jw_start(out);
	jw_open(&w, '[');
	for (size_t i = 0; argv[i]; i++) {
		jw_text(&w, argv[i]);
	}
	jw_close(&w, ']');
	buf_text(out, at + strlen(gap));
	return true;
}
