/*
 * Any bytes as what git keeps: an index, a delta, a pack's entry and index, a tree, a commit, a
 * configuration. The first byte chooses; what is accepted must hold together.
 */
#include "config.h"

#include "core/git_config.h"
#include "core/git_object.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void look_index(struct span text)
{
	struct git_index index;
	if (!git_index_parse(&index, text)) {
		return;
	}
	for (size_t i = 0; i < index.count; i++) {
		struct span path = index.entries[i].path;
		const struct git_entry *found = git_index_find(&index, path);
		demand(found && span_same(found->path, path));
		demand(git_index_below(&index, path) && git_index_below(&index, SPAN("")));
		const char *slash = memchr(path.at, '/', path.len);
		demand(!slash || slash == path.at ||
			git_index_below(
				&index, (struct span){ path.at, (size_t)(slash - path.at) }));
	}
	git_index_finish(&index);
}

/* The base is the first part, as long as the second byte says. */
static void look_delta(struct span text)
{
	enum { MOST = 1 << 16 };
	size_t n = text.len ? (unsigned char)text.at[0] : 0;
	struct buf out = { 0 };
	if (text.len > n) {
		struct span base = { text.at + 1, n },
			    delta = { text.at + 1 + n, text.len - 1 - n };
		if (git_delta_apply(base, delta, MOST, &out)) {
			demand(out.len <= MOST);
		}
	}
	buf_finish(&out);
}

static void look_object(struct span text)
{
	struct git_pack_header header;
	enum git_type type;
	size_t size, used;
	unsigned char id[GIT_ID_BYTES] = { 0 };
	uint32_t mode;
	bool damaged;
	if (git_pack_header(text, &header)) {
		demand(header.used <= text.len);
	}
	if (git_loose_header(text, &type, &size, &used)) {
		demand(used <= text.len);
	}
	git_commit_tree(text, id);
	git_tree_find(text, SPAN("name"), &mode, id, &damaged);
}

static void look_pack_index(struct span text)
{
	unsigned char id[GIT_ID_BYTES] = { 0 };
	struct git_idx_range range;
	size_t i = 0;
	for (unsigned first = 0; first < 256; first++) {
		id[0] = (unsigned char)first;
		if (!git_idx_range(text, text.len, id, &range)) {
			continue;
		}
		demand(range.at <= text.len && range.size <= text.len - range.at);
		git_idx_search((struct span){ text.at + range.at, range.size }, id, &i);
		demand(git_idx_offset_at(&range, range.size / GIT_ID_BYTES) <= text.len);
	}
}

static void on_setting(void *data, const struct git_setting *s)
{
	size_t *count = data;
	bool on;
	*count += 1 + strlen(s->section) + strlen(s->key) + strlen(s->sub) +
		(s->value ? strlen(s->value) : 0);
	git_config_bool(s->value, &on);
}

static void look_config(struct span text)
{
	size_t count = 0;
	git_config_parse(text, on_setting, &count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const looks[])(struct span) = { look_index, look_delta, look_object,
		look_pack_index, look_config };
	if (!size) {
		return 0;
	}
	char *copy = xmalloc(size); /* exactly as long as the text */
	memcpy(copy, data + 1, size - 1);
	looks[data[0] % COUNT_OF(looks)]((struct span){ copy, size - 1 });
	free(copy);
	return 0;
}
