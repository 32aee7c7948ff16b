/*
 * Any bytes as a configuration file of each agent: what is changed parses again, needs no second
 * change, and is taken back to the bytes that stood there before; and any bytes as the notes by
 * which it is taken back.
 */
#include "config.h"

#include "core/agent_edit.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct agent_front front = { "/opt/b'a\"r/bascule", NULL };

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void back(const struct agent_edit *edit, struct span text)
{
	struct buf notes = { 0 }, out = { 0 };
	struct err err = { 0 };
	conf_noted_write(&edit->file, &notes);
	demand(conf_take_back("f", buf_view(&notes), buf_view(&edit->file.text), &out, &err));
	demand(out.len == text.len && (!out.len || memcmp(out.data, text.at, out.len) == 0));
	buf_finish(&notes);
	buf_finish(&out);
}

static void round_trip(const struct agent *agent, const struct agent_file *file, struct span text)
{
	struct agent_edit edit, again;
	struct err err = { 0 };
	if (agent_edit(&edit, agent, file, "f", text, &front, "/p", &err)) {
		demand(agent_edit(
			&again, agent, file, "f", buf_view(&edit.file.text), &front, "/p", &err));
		demand(!agent_edit_any(&again));
		agent_edit_finish(&again);
		back(&edit, text);
	} else {
		demand(err.text[0]);
	}
	agent_edit_finish(&edit);
}

/* The first byte says whose file it is, and which. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data + 1, size ? size - 1 : 0 };
	struct buf out = { 0 };
	struct err err = { 0 };
	size_t pick = size ? data[0] : 0;
	if (!size) {
		return 0;
	}
	for (size_t i = 0; agent_at(i); i++) {
		for (const struct agent_file *file = agent_at(i)->files; file->path; file++) {
			if (pick-- == 0 && !(file->holds & AGENT_PLUGIN)) {
				round_trip(agent_at(i), file, text);
			}
		}
	}
	if (size && data[0] == 0xff) {
		conf_take_back("f", text, SPAN("{\"a\":[1,{\"b\":2}]}"), &out, &err);
	}
	buf_finish(&out);
	return 0;
}
