/*
 * Writes what was planned: each file whole or not at all, noted in the journal before, and read
 * again behind. A file that was changed between the plan and now is left. One that fails does not
 * keep the others: each stands for itself.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/diag.h"

#include <stdlib.h>

static bool holds_what_was_meant(const struct init *init, struct init_file *file)
{
	struct replace again;
	struct agent_edit more = { 0 };
	bool good = replace_read(&again, file->path, &file->why) &&
		(span_same(buf_view(&again.bytes), buf_view(&file->after)) ||
			fail(&file->why, DIAG_FILE_CHANGED, "%.250s: was changed at once",
				file->path));
	if (good && file->file && !(file->file->holds & AGENT_PLUGIN)) {
		good = agent_edit(&more, file->agent, file->file, file->path,
			       buf_view(&again.bytes), &init->front, init->project, &file->why) &&
			(!agent_edit_any(&more) ||
				fail(&file->why, DIAG_FILE, "%.250s: not all of it took effect",
					file->path));
	}
	agent_edit_finish(&more);
	replace_finish(&again);
	return good;
}

static bool write_one(const struct init *init, struct journal *j, struct init_file *file)
{
	struct buf notes = { 0 };
	struct journal_note note = {
		.agent = file->agent ? file->agent->name : "project",
		.what = !file->agent                           ? "rules of the project"
			: file->file->holds & AGENT_PLUGIN     ? "plug-in"
			: !(file->file->holds & AGENT_SERVERS) ? "hooks"
							       : "servers and hooks",
		.without_bytes = file->file && file->file->rewritten,
	};
	if (file->file && !(file->file->holds & AGENT_PLUGIN)) {
		conf_noted_write(&file->edit.file, &notes);
		note.added = buf_cstr(&notes);
	}
	bool good = init_at_rest(init, file) &&
		journal_write(j, &file->now, buf_view(&file->after), &note, &file->why) &&
		holds_what_was_meant(init, file);
	buf_finish(&notes);
	return good;
}

bool init_write(struct init *init, struct err *err)
{
	struct journal j;
	bool good = paths_prepare(&init->paths, err) && journal_open(&j, init->paths.state, err);
	if (!good) {
		return false;
	}
	for (size_t i = 0; i < init->file_count; i++) {
		struct init_file *file = &init->files[i];
		if (file->state == INIT_CHANGE) {
			file->state = write_one(init, &j, file) ? INIT_WRITTEN : INIT_UNWRITTEN;
		}
	}
	journal_close(&j);
	return true;
}
