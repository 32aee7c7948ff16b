/*
 * What a file will look like after a call: the arguments of the known write and edit tools applied
 * to the content that is on disk now. Pure; reads no file. What it cannot predict, it says.
 *
 * Source for the edit rules: @modelcontextprotocol/server-filesystem 2026.8.31, edit_file: edits in
 * order; each oldText is replaced once where it stands literally; else where its lines match with
 * surrounding white space trimmed, keeping the file's own indentation; else the call fails. Line
 * ends are compared as LF. The edits of coding agents (old_string, new_string) replace a text that
 * stands there exactly once, or everywhere if they ask for that; some of them may also place one
 * that is not there to the letter, and then nothing is foretold. Patches: core/patch_text.h;
 * SEARCH/REPLACE blocks: core/block_text.h; cells of notebooks: core/notebook.h.
 */
#ifndef BASCULE_CORE_PREVIEW_H
#define BASCULE_CORE_PREVIEW_H

#include "core/base.h"
#include "core/buf.h"

enum preview_kind {
	PREVIEW_ARGUMENTS, /* nothing better known than the arguments themselves */
	PREVIEW_DIFF, /* it changes from the content on disk to `after` */
	PREVIEW_FAILS, /* the edit will not apply; `note` says which part */
	PREVIEW_GOES, /* it is deleted, or moved to `other` */
};

/* A file that the call names, as it is now. */
struct preview_file {
	struct span given; /* as the call names it */
	struct span text; /* absent: there is no such file, or it is not known */
	bool known; /* `text` says what there is; else it could not be read, or not all of it */
};

struct preview_ask {
	struct span profile, tool; /* "filesystem", "write_file" */
	struct span arguments; /* validated JSON of params.arguments */
	const struct preview_file *files; /* all that the call writes or deletes */
	size_t count, which; /* the one that is asked about */
};

struct preview {
	enum preview_kind kind;
	struct buf after; /* the content afterwards, for PREVIEW_DIFF */
	bool part; /* not the file's, but that of a part of it, which `note` names */
	struct buf before; /* with `part`: the content of that part now */
	char *path; /* the argument `path`, decoded; owned; NULL: there is none */
	char *other; /* where it comes from or goes to, if it is moved; owned */
	/* top members of the arguments that the diff tells, ends with NULL; of our own tables */
	const char *told[5];
	char note[160]; /* what the person should know, plain words; "" for nothing */
};

/* PREVIEW_DIFF of a file that is not known: only what comes is. */
void preview_make(struct preview *out, const struct preview_ask *ask);
void preview_finish(struct preview *preview);

/* Adds to the note, which holds our words only: nothing of the arguments or the file. */
void preview_note(struct preview *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
