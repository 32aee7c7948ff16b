/*
 * Edits of one configuration file, noted so that they can be taken back value for value from a text
 * that others have changed meanwhile.
 *
 * The notes are one JSON object, for the journal:
 *   {"format":"json","edits":[{"path":["mcpServers","a","command"],"was":RAW,"now":RAW},
 *    {"path":["hooks","PreToolUse",1],"made":1,"now":RAW,"mark":TEXT}, ...]}
 * in the order in which they were made; RAW are values as the file spells them, as texts.
 */
#ifndef BASCULE_CORE_CONF_NOTED_H
#define BASCULE_CORE_CONF_NOTED_H

#include "core/conf.h"

struct conf_noted {
	struct buf text; /* as it is by now */
	struct conf conf; /* of it */
	struct buf notes; /* the edits, with commas between */
	size_t count;
};

/* False: the text cannot be read; err says where. conf_noted_finish in any case. `name` is
 * borrowed. */
bool conf_noted_begin(struct conf_noted *n, enum conf_format format, const char *name,
	struct span text, struct err *err);
void conf_noted_finish(struct conf_noted *n);

/* As conf_replace and conf_add. What bears the `mark` (may be NULL) is known as ours though
 * somebody has changed it. False: all is as before. */
bool conf_noted_replace(
	struct conf_noted *n, struct conf_path path, struct span raw, struct err *err);
bool conf_noted_add(struct conf_noted *n, struct conf_path path, struct span raw, const char *mark,
	struct err *err);
/* As conf_remove. It leaves no note, and what was noted before may not fit any more. */
bool conf_noted_remove(struct conf_noted *n, struct conf_path path, struct err *err);

/* Where it is, and back to there. */
struct conf_noted_mark {
	struct buf text;
	size_t notes, count;
};
struct conf_noted_mark conf_noted_here(const struct conf_noted *n);
void conf_noted_back(struct conf_noted *n, struct conf_noted_mark *mark);
void conf_noted_forget(struct conf_noted_mark *mark);

/* Appends the notes. */
void conf_noted_write(const struct conf_noted *n, struct buf *out);

/* Appends the text without the edits. What is gone, or is again what it was, is left; what was
 * changed since is an error, and then nothing is to be written. */
bool conf_take_back(
	const char *name, struct span notes, struct span now, struct buf *out, struct err *err);

#endif
