/* What the files about tasks share: the readers of runners, and of what stands behind them. */
#ifndef BASCULE_CORE_EFFECTS_TASKS_H
#define BASCULE_CORE_EFFECTS_TASKS_H

#include "core/effects/verb.h"

command_reader read_manager; /* npm, pnpm, yarn, bun */
command_reader read_npx; /* npx, bunx, pnpx */
command_reader read_wrapped; /* `uv run`, `bundle exec`: without options before the sub-command */

/* A program of the project that a runner was read through to, from argv[from] on. */
void read_behind(struct command_line *line, const struct command *command, size_t from);
struct command command_from(const struct command *command, size_t from);
bool is_task_name(const char *text); /* can only be a name */

#endif
