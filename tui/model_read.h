/* Reads the broker's JSON into the model's records; for model.c. Members that are missing or of
 * another type read as absent; only an item without id is none. */
#ifndef BASCULE_TUI_MODEL_READ_H
#define BASCULE_TUI_MODEL_READ_H

#include "core/json.h"
#include "tui/model.h"

struct span model_read_member(struct span object, const char *name); /* absent if it is not there */
int64_t model_read_int(struct span object, const char *name, int64_t otherwise);
/* A string, cut behind `most` bytes, and then it says so; NULL: it is none. The caller frees it. */
char *model_read_string(struct span string, size_t most);
char *model_read_text(struct span object, const char *name, size_t most);

struct model_item *model_item_read(struct span json); /* NULL: no `call`; without stamp */
void model_item_free(struct model_item *item);
struct model_passed model_passed_read(struct span json);
void model_passed_finish(struct model_passed *passed);

#endif
