/*
 * What init tells a person: the plan as a unified diff of each file, what stays outside, and what
 * became of it. All that comes from files is cleaned line by line.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/safe_text.h"

#include <stdio.h>

enum { FOLD_COLUMNS = 78 };

void init_print(const char *before, const char *foreign, const char *after)
{
	struct safe_text safe = safe_make(span_of(foreign), SAFE_ONE_LINE);
	printf("%s%s%s", before, safe_cstr(&safe), after);
	safe_finish(&safe);
}

/* Our own words, folded, behind what stands in the line already. */
static void print_folded(const char *text, unsigned column)
{
	while (*text) {
		unsigned len = (unsigned)strcspn(text, " ");
		bool fits = column + 1 + len <= FOLD_COLUMNS;
		printf("%s%.*s", fits ? " " : "\n    ", (int)len, text);
		column = (fits ? column + 1 : 4) + len;
		text += len + (text[len] == ' ');
	}
	printf("\n");
}

static void print_said(const char *indent, const char *title, const char *text)
{
	printf("%s%s:", indent, title);
	print_folded(text, (unsigned)(strlen(indent) + strlen(title)) + 1);
}

/* ---- the plan ---- */

static const char *state_words(enum init_state state)
{
	static const char *const words[] = {
		[INIT_ABSENT] = "is not there",
		[INIT_SAME] = "nothing to do",
		[INIT_CHANGE] = "will be changed",
		[INIT_LEFT] = "is left as it is",
		[INIT_WRITTEN] = "written, and read again",
		[INIT_UNWRITTEN] = "NOT in order",
	};
	return words[state];
}

static void print_file(const struct init_file *file)
{
	if (file->state == INIT_ABSENT) {
		return;
	}
	init_print("  ", file->path, "");
	printf(": %s\n",
		file->state == INIT_CHANGE && !file->now.exists ? "will be made"
								: state_words(file->state));
	if (file->now.exists && strcmp(file->now.path, file->now.file) != 0) {
		init_print("    it is a link to ", file->now.file, "\n");
	}
	for (size_t i = 0; i < file->edit.note_count; i++) {
		const struct agent_note *note = &file->edit.notes[i];
		init_print(note->left ? "    ! " : "    + ", note->words, "\n");
	}
	if (file->why.text[0]) {
		init_print("    ! ", file->why.text, "\n");
	}
	if (file->file && file->file->rewritten && file->state == INIT_CHANGE) {
		printf("    its agent rewrites it all the time: undoing takes out what is ours, "
		       "value for value\n");
	}
	if (file->agent && file->state == INIT_CHANGE && strncmp(file->file->path, "~/", 2) != 0) {
		printf("    it is the project's: whoever shares it gets this machine's path of "
		       "bascule\n");
	}
	if (file->state == INIT_CHANGE) {
		printf("\n");
		init_print_diff(file);
	}
}

static void print_files_of(const struct init *init, const struct agent *agent)
{
	for (size_t i = 0; i < init->file_count; i++) {
		if (init->files[i].agent == agent) {
			print_file(&init->files[i]);
		}
	}
}

void init_show_list(const struct init *init)
{
	for (size_t i = 0; i < init->file_count; i++) {
		const struct init_file *file = &init->files[i];
		if (file->state == INIT_CHANGE) {
			init_print(
				file->now.exists ? "  change  " : "  make    ", file->path, "\n");
		}
	}
}

void init_show_plan(const struct init *init)
{
	const char *before = "Not found here: ";
	for (size_t i = 0; i < init->agent_count; i++) {
		const struct init_agent *a = &init->agents[i];
		if (a->here) {
			printf("%s%s\n", a->agent->title,
				a->program ? "" : " (its program is not on PATH)");
			print_files_of(init, a->agent);
		}
	}
	if (init->has_project) {
		init_print("Project ", init->project, "\n");
	} else {
		printf("No project: run it in one for its servers too\n");
	}
	print_files_of(init, NULL);
	printf("Outside of the gate\n");
	for (size_t i = 0; i < init->agent_count; i++) {
		const struct init_agent *a = &init->agents[i];
		if (a->here) {
			print_said("  ", a->agent->title, a->agent->outside);
		}
	}
	for (size_t i = 0; i < init->agent_count; i++) {
		if (!init->agents[i].here) {
			printf("%s%s", before, init->agents[i].agent->title);
			before = ", ";
		}
	}
	printf("%s", strcmp(before, ", ") == 0 ? "\n" : "");
}

/* ---- what became of it ---- */

static void print_check(const struct init_agent *a)
{
	struct span rest = buf_view(&a->check_said), line;
	printf("%s looks at its servers:%s\n", a->agent->title,
		a->check_code == -1     ? " it did not end in time"
			: a->check_code ? " it says that something is wrong"
					: "");
	while (span_line(&rest, &line)) {
		struct safe_text safe = safe_make(line, SAFE_ONE_LINE);
		printf("  %s\n", safe_cstr(&safe));
		safe_finish(&safe);
	}
}

void init_show_done(const struct init *init)
{
	for (size_t i = 0; i < init->file_count; i++) {
		const struct init_file *file = &init->files[i];
		if (file->state == INIT_WRITTEN || file->state == INIT_UNWRITTEN) {
			init_print("", file->path, "");
			printf(": %s\n", state_words(file->state));
		}
		if (file->state == INIT_UNWRITTEN) {
			init_print("  ! ", file->why.text, "\n");
		}
	}
	for (size_t i = 0; i < init->agent_count; i++) {
		const struct init_agent *a = &init->agents[i];
		if (a->checked) {
			print_check(a);
		}
		if (a->here && a->agent->after) {
			print_said("", a->agent->title, a->agent->after);
		}
	}
	printf("Agents that run already go on as before: start them again. What was not\n"
	       "accepted here asks once, with its first call. bascule init --undo takes all\n"
	       "of it back.\n");
}
