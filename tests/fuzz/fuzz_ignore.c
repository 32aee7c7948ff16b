/*
 * Any lines of a gitignore file against any path, and any file against the definition of a task:
 * both end soon, and stay inside.
 */
#include "config.h"

#include "core/effects/task_files.h"
#include "core/ignore.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_tasks(struct span text)
{
	static const char *const runners[] = { "npm", "make", "just", "task", "mise", "rake" };
	for (size_t i = 0; i < COUNT_OF(runners); i++) {
		struct buf out = { 0 }, words = { 0 };
		task_text(task_files_of(runners[i]), text, "test", &out, &words);
		buf_finish(&out);
		buf_finish(&words);
	}
}

/* The path is what stands before the first newline, the file what stands behind. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	if (!end) {
		return 0;
	}
	size_t n = (size_t)(end - data);
	char *path = xmalloc(n + 1), *text = xmalloc(size - n); /* as long as they are */
	memcpy(path, data, n);
	memcpy(text, end + 1, size - n - 1);
	ignore_match((struct span){ text, size - n - 1 }, (struct span){ path, n }, size & 1);
	look_tasks((struct span){ text, size - n - 1 });
	free(path);
	free(text);
	return 0;
}
