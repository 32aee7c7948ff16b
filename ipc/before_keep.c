/* See before_keep.h. Called by the writer's thread, and by the loop before it is handed over. */
#include "config.h"

#include "ipc/before_keep.h"

#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>

void before_keep_free(void *data)
{
	struct before_keep *keep = data;
	if (keep) {
		free(keep->path);
		free(keep);
	}
}

void before_keep_drop(struct before_keep *keep, struct buf *content, const char *why)
{
	if (content->len) {
		explicit_bzero(content->data, content->len);
	}
	buf_finish(content);
	keep->why = keep->why ? keep->why : why;
}

static bool decode(struct buf *content)
{
	struct base64_decode_ctx ctx;
	struct buf out = { 0 };
	size_t len = BASE64_DECODE_LENGTH(content->len);
	buf_room(&out, len + 1);
	base64_decode_init(&ctx);
	bool ok = base64_decode_update(
			  &ctx, &len, (uint8_t *)out.data, content->len, content->data) &&
		base64_decode_final(&ctx);
	out.len = ok ? len : 0;
	buf_finish(content);
	*content = out;
	return ok;
}

static const char *search(struct secrets *secrets, struct span text)
{
	struct secret_finding found;
	size_t count = 0;
	switch (secrets_scan(secrets, text, false, &found, 1, &count)) {
	case SECRET_NONE:
		return NULL;
	case SECRET_FOUND:
		return "a secret was found in it";
	default:
		return "it could not be searched for secrets";
	}
}

void before_keep_ready(struct before_keep *keep, struct secrets *secrets, struct buf *content)
{
	const char *why = NULL;
	if (search(secrets, span_of(keep->path))) {
		free(keep->path);
		keep->path = NULL;
		why = "its name holds a secret";
	} else if (content->len && !decode(content)) {
		why = "it could not be read";
	} else if (content->len) {
		why = search(secrets, buf_view(content));
	}
	if (why || keep->why) {
		before_keep_drop(keep, content, why);
	}
}

bool before_keep_write(
	struct store *store, const struct before_keep *keep, struct span content, struct err *err)
{
	const struct store_before before = { .number = keep->number,
		.path = span_of(keep->path ? keep->path : ""),
		.state = keep->absent ? SPAN("absent") : SPAN("file"),
		.mode = keep->mode,
		.content = content,
		.why = keep->why ? span_of(keep->why) : (struct span){ 0 },
		.after = keep->after };
	return !keep->path || store_before_put(store, &before, err);
}
