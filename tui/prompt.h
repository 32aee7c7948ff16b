/* A line editor: text and a caret, moved by key events. Pure; the painter shows it, the caller acts
 * on its answer. */
#ifndef BASCULE_TUI_PROMPT_H
#define BASCULE_TUI_PROMPT_H

#include "core/buf.h"
#include "tui/keydec.h"

enum { PROMPT_MAX = 500 }; /* bytes */

enum prompt_answer {
	PROMPT_GOES_ON,
	PROMPT_DONE, /* Enter */
	PROMPT_CANCELLED, /* Esc, ^C, ^G, or backspace on nothing: never "accept what is there" */
	PROMPT_FULL, /* the key had no room */
};

struct prompt {
	struct buf text; /* UTF-8 */
	size_t caret; /* byte offset, on a character's border */
	struct buf killed; /* what was cut last, for ^Y */
	bool pasted; /* not every letter came as a key */
};

void prompt_start(struct prompt *prompt, struct span text); /* with this text to begin with */
void prompt_put(struct prompt *prompt, struct span text); /* in place of what is there */
void prompt_finish(struct prompt *prompt);
enum prompt_answer prompt_key(struct prompt *prompt, uint32_t key);
/* Only printable characters are taken; a line end becomes a space, so that a paste never submits.
 */
enum prompt_answer prompt_paste(struct prompt *prompt, struct span text);

#endif
