/*
 * Any bytes as one line of either side: what is kept of it lies inside it, a refusal says why, and
 * an id that can be echoed gives a key.
 */
#include "config.h"

#include "core/message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct span part, struct span line)
{
	if (part.at && (part.at < line.at || part.at + part.len > line.at + line.len)) {
		abort();
	}
}

static void check(const struct message *m, struct span line)
{
	const struct span parts[] = { m->id, m->method, m->params, m->result, m->error, m->name,
		m->arguments, m->uri, m->meta, m->task, m->cursor, m->request_id, m->request_state,
		m->progress_token, m->client_info, m->capabilities, m->version };
	char key[MESSAGE_KEY];
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		inside(parts[i], line);
	}
	if (m->kind == MESSAGE_REFUSED && (!m->why || !m->code)) {
		abort();
	}
	if (m->id.at && !message_key(m->id, key)) {
		abort();
	}
	if (m->kind == MESSAGE_REQUEST && (!m->entry || !m->key[0])) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct json_scan scan;
	struct span line = { (const char *)data, size };
	struct message m;
	if (memchr(data, '\n', size)) {
		return 0; /* a line holds none */
	}
	message_parse(&m, &scan, line, METHOD_CLIENT);
	check(&m, line);
	message_parse(&m, &scan, line, METHOD_SERVER);
	check(&m, line);
	message_parse_frame(&m, &scan, line);
	return 0;
}
