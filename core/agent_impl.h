/* What the agents' files share. Private to core/agent*.c. */
#ifndef BASCULE_CORE_AGENT_IMPL_H
#define BASCULE_CORE_AGENT_IMPL_H

#include "core/agent.h"

enum { AGENT_HOOK_S = 86400 }; /* what our hooks are given: a day */
#define AGENT_HOOK_TEXT "86400"

/* Appends `PROGRAM hook NAME --limit S` as one command line for a shell, a JSON string. */
void agent_hook_line(const struct agent_front *front, const char *name, struct buf *out);
/* Appends its words but for the program, JSON strings with commas between. */
void agent_hook_args(const struct agent_front *front, const char *name, struct buf *out);
/* Appends the word that begins here, without its quotes; returns its end. */
const char *agent_word_end(const char *line, struct buf *word);

#endif
