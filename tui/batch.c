/* Called by app_batch.c; painted by view_batch.c. */
#include "config.h"

#include "tui/batch.h"

#include <stdlib.h>

static void add(struct batch *batch, const struct model_item *item)
{
	bool unseen = item->risk >= RISK_HIGH && !item->seen;
	batch->list[batch->count++] = (struct batch_entry){
		.call = xstrdup(item->call),
		.revision = item->revision,
		.left_out = model_unmarkable(item),
		.not_approved = unseen ? "its risk is high and it was not looked at to its end"
				       : NULL,
	};
}

void batch_make(struct batch *batch, struct model *model)
{
	batch_finish(batch);
	batch->list = xcalloc(model_marked(model), sizeof(*batch->list));
	for (size_t i = 0; i < model->count; i++) {
		if (model->items[i]->marked) {
			add(batch, model->items[i]);
		}
	}
	batch->stamp = ++model->last_stamp;
}

void batch_finish(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		free(batch->list[i].call);
	}
	free(batch->list);
	*batch = (struct batch){ 0 };
}

static const char *why_out(const struct batch_entry *entry, const struct model_item *item)
{
	return !item || item->ended                 ? "it does not wait any more"
		: item->revision != entry->revision ? "it has changed since"
						    : model_unmarkable(item);
}

bool batch_check(struct batch *batch, struct model *model)
{
	bool changed = false;
	for (size_t i = 0; i < batch->count; i++) {
		struct batch_entry *entry = &batch->list[i];
		const char *why = entry->left_out ? NULL
						  : why_out(entry, model_find(model, entry->call));
		if (why) {
			entry->left_out = why;
			changed = true;
		}
	}
	if (changed) {
		batch->stamp = ++model->last_stamp;
	}
	return changed;
}

size_t batch_size(const struct batch *batch, bool approve)
{
	size_t n = 0;
	for (size_t i = 0; i < batch->count; i++) {
		const struct batch_entry *entry = &batch->list[i];
		n += !entry->left_out && !(approve && entry->not_approved);
	}
	return n;
}
