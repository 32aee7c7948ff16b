/*
 * What is changed in an agent's configuration file so that its calls come to bascule: stdio servers
 * behind `bascule run`, hooks behind the others, time limits that leave a person some time. Pure:
 * a text in, a text and notes out. What is wrapped or hooked already is left as it is.
 */
#ifndef BASCULE_CORE_AGENT_EDIT_H
#define BASCULE_CORE_AGENT_EDIT_H

#include "core/agent.h"
#include "core/conf_noted.h"

struct agent_note {
	char *words; /* foreign bytes in it */
	bool left; /* it was not done, and this is why */
};

/* Zero-initialised is empty. */
struct agent_edit {
	struct conf_noted file; /* its text is the new one */
	struct agent_note *notes;
	size_t note_count, note_cap;
};

/* Plans all changes of one file; `text` may be empty. False: the file cannot be read, err says
 * where. agent_edit_finish in any case. `name` and `project` outlive it. */
bool agent_edit(struct agent_edit *edit, const struct agent *agent, const struct agent_file *file,
	const char *name, struct span text, const struct agent_front *front, const char *project,
	struct err *err);
void agent_edit_finish(struct agent_edit *edit);
/* Is there a change? */
bool agent_edit_any(const struct agent_edit *edit);

/* The way back for a file in which somebody has changed what was put in: those servers that `ours`
 * knows by name get what stands behind "--", our hooks for those events that it knows go; a limit
 * that was raised stays. Appends the text. False: it cannot be read, or something would stay.
 * `project` may be "". */
typedef bool agent_ours(void *data, const char *name);
bool agent_unwrap(const struct agent *agent, const struct agent_file *file, const char *name,
	struct span text, const char *project, agent_ours *ours, void *data, struct buf *out,
	struct err *err);

#endif
