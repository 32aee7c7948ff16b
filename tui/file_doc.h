/* What a call would make of one of its files: how it is now, what becomes of it, the diff. */
#ifndef BASCULE_TUI_FILE_DOC_H
#define BASCULE_TUI_FILE_DOC_H

#include "core/preview.h"
#include "tui/diff_doc.h"

/* As the gate has read it: a member of `files` in the answer to `show`. */
struct file {
	char *path, *given, *kind, *how, *state, *link, *hash, *bytes; /* NULL: not said */
	struct buf text;
	struct span tree; /* what is in a directory that goes, JSON; borrowed */
	int64_t size, mode; /* -1: not said */
	bool replaced; /* not all of it is UTF-8 */
};

void file_read(struct file *file, struct span json);
void file_finish(struct file *file);
struct preview_file file_now(const struct file *file);

/* True: what becomes of it is told in full, so the arguments need not repeat it. `source`: the file
 * that it is made of, if that is another one; `name`: say which file it is, because there are
 * several. */
bool file_doc(struct doc *doc, const struct file *file, const struct preview *preview,
	const struct file *source, bool name, const struct diff_form *form);

#endif
