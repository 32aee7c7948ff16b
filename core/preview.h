/*
 * What a file will look like after a call: the arguments of the known write and edit tools applied
 * to the content that is on disk now. Pure; reads no file. What it cannot predict, it says.
 *
 * Source for the edit rules: @modelcontextprotocol/server-filesystem 2026.8.31, edit_file: edits in
 * order; each oldText is replaced once where it stands literally; else where its lines match with
 * surrounding white space trimmed, keeping the file's own indentation; else the call fails. Line
 * ends are compared as LF.
 */
#ifndef BASCULE_CORE_PREVIEW_H
#define BASCULE_CORE_PREVIEW_H

#include "core/base.h"
#include "core/buf.h"

enum preview_kind {
	PREVIEW_ARGUMENTS, /* nothing better known than the arguments themselves */
	PREVIEW_DIFF, /* `path` changes from the content on disk to `after` */
	PREVIEW_FAILS, /* the edit will not apply; `note` says which part */
};

struct preview {
	enum preview_kind kind;
	char *path; /* as given in the arguments, decoded; owned */
	struct buf after; /* the content afterwards, for PREVIEW_DIFF */
	char note[160]; /* what the person should know, plain words; "" for nothing */
};

/*
 * `arguments` is the validated JSON of params.arguments; `profile` and `tool` name the tool
 * ("filesystem", "write_file"); `before` is the content on disk (absent: no such file; one that
 * could not be read, or not all of it, is not absent, and there is nothing to ask here).
 */
void preview_make(struct preview *out, struct span profile, struct span tool, struct span arguments,
	struct span before);
void preview_finish(struct preview *preview);

#endif
