/*
 * The unified diff of one file. Configuration files hold keys beside the commands: what the scanner
 * takes for a secret is not shown, for a diff ends in logs and in front of others.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/diff.h"
#include "core/policy/secret.h"
#include "core/safe_text.h"

#include <stdio.h>

enum { LINE_COLUMNS = 400, SECRETS_MOST = 16 };

/* The line without the secrets in it; all of it hidden if it cannot be scanned. */
static void hide(struct secrets *secrets, struct span line, struct buf *out)
{
	struct secret_finding found[SECRETS_MOST];
	size_t count = 0, at = 0;
	enum secret_result result = SECRET_NOT_SCANNED;
	if (secrets) {
		result = secrets_scan(secrets, line, true, found, COUNT_OF(found), &count);
	}
	if (result == SECRET_NOT_SCANNED || count == COUNT_OF(found)) {
		buf_text(out, "(not shown: it may hold secrets)");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (found[i].at >= at) {
			buf_add(out, line.at + at, found[i].at - at);
			buf_text(out, "(secret)");
			at = found[i].at + found[i].len;
		}
	}
	buf_add(out, line.at + at, line.len - at);
}

static void print_line(struct secrets *secrets, const struct diff_line *line)
{
	struct buf shown = { 0 };
	hide(secrets, line->text, &shown);
	struct safe_text safe = safe_make(buf_view(&shown), SAFE_MANY_LINES);
	struct safe_text clipped = safe_clip(&safe, LINE_COLUMNS);
	printf("%c%s\n", (char)line->sign, safe_cstr(&clipped));
	if (line->no_newline) {
		printf("\\ No newline at end of file\n");
	}
	safe_finish(&clipped);
	safe_finish(&safe);
	buf_finish(&shown);
}

void init_print_diff(const struct init_file *file)
{
	static const unsigned char key[32] = { 0 }; /* no values are known here */
	struct err ignored;
	struct secrets *secrets = secrets_create(key, &ignored);
	struct diff diff;
	struct span none = { 0 };
	diff_make(&diff, file->now.exists ? buf_view(&file->now.bytes) : none,
		buf_view(&file->after), DIFF_CONTEXT);
	init_print("--- ", file->now.exists ? file->path : "/dev/null", "\n");
	init_print("+++ ", file->path, "\n");
	for (size_t h = 0; h < diff.hunk_count; h++) {
		const struct diff_hunk *hunk = &diff.hunks[h];
		printf("@@ -%u,%u +%u,%u @@\n", hunk->old_start, hunk->old_count, hunk->new_start,
			hunk->new_count);
		for (size_t i = hunk->first; i < hunk->first + hunk->count; i++) {
			print_line(secrets, &diff.lines[i]);
		}
	}
	printf("\n");
	diff_finish(&diff);
	secrets_destroy(secrets);
}
