/* Called by app_prompt.c. */
#include "config.h"

#include "tui/recall.h"

#include <stdlib.h>
#include <string.h>

void recall_finish(struct recall *recall)
{
	while (recall->count) {
		free(recall->lines[--recall->count]);
	}
	buf_finish(&recall->own);
	recall->at = 0;
}

void recall_begin(struct recall *recall)
{
	recall->at = recall->count;
	buf_clear(&recall->own);
}

static void drop(struct recall *recall, size_t at)
{
	free(recall->lines[at]);
	recall->count--;
	memmove(recall->lines + at, recall->lines + at + 1,
		(recall->count - at) * sizeof(*recall->lines));
}

void recall_add(struct recall *recall, struct span line)
{
	if (!line.len) {
		return;
	}
	for (size_t i = 0; i < recall->count; i++) {
		if (span_is(line, recall->lines[i])) {
			drop(recall, i);
			break;
		}
	}
	if (recall->count == RECALL_MOST) {
		drop(recall, 0);
	}
	recall->lines[recall->count++] = span_dup(line);
}

bool recall_step(struct recall *recall, bool older, struct span line, struct span *other)
{
	if (older ? recall->at == 0 : recall->at >= recall->count) {
		return false;
	}
	if (recall->at == recall->count) {
		buf_clear(&recall->own);
		buf_span(&recall->own, line);
	}
	recall->at += older ? -(size_t)1 : 1;
	*other = recall->at == recall->count ? buf_view(&recall->own)
					     : span_of(recall->lines[recall->at]);
	return true;
}
