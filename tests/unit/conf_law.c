/*
 * Adds a value to each container of a text and removes it again: the bytes must be those of before.
 * Removes also what was there: the editor proves that itself, or refuses.
 */
#include "config.h"

#include "tests/unit/conf_law.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 140 };

static void demand(bool condition, const char *what, struct span before, struct span after)
{
	if (!condition) {
		fprintf(stderr, "%s\nbefore: [%.*s]\nafter: [%.*s]\n", what, SPAN_FMT(before),
			SPAN_FMT(after));
		abort();
	}
}

/* The steps to a value, at the end of the array; keys are the caller's to free. */
static struct conf_path path_to(const struct conf *c, conf_id id, struct conf_step steps[STEPS])
{
	size_t from = STEPS - 1; /* the last is for what is added */
	for (; id != CONF_ROOT; id = conf_node(c, id)->parent) {
		struct conf_step step = { NULL, 0 };
		struct span key = conf_key(c, id);
		if (key.at) {
			step.key = span_dup(key);
		} else {
			for (conf_id p = id; conf_node(c, p)->prev != CONF_NOWHERE;) {
				p = conf_node(c, p)->prev;
				step.index++;
			}
		}
		steps[--from] = step;
	}
	return (struct conf_path){ steps + from, STEPS - 1 - from };
}

static void forget(struct conf_path path)
{
	for (size_t i = 0; i < path.count; i++) {
		free((char *)path.at[i].key);
	}
}

static bool there_and_back(const struct conf *c, struct conf_path path, struct span raw)
{
	struct buf after = { 0 }, back = { 0 };
	struct conf changed = { 0 };
	struct err err = { 0 };
	size_t made;
	bool added = conf_add(c, path, raw, &made, &after, &err);
	if (added) {
		path.count = made;
		demand(conf_parse(&changed, c->format, "f", buf_view(&after), &err), err.text,
			c->text, buf_view(&after));
		demand(conf_remove(&changed, path, &back, &err), err.text, c->text,
			buf_view(&after));
		demand(back.len == c->text.len &&
				(!back.len || memcmp(back.data, c->text.at, back.len) == 0),
			"not the same bytes", c->text, buf_view(&after));
	}
	conf_finish(&changed);
	buf_finish(&after);
	buf_finish(&back);
	return added;
}

static void take_out(const struct conf *c, struct conf_path path)
{
	struct buf after = { 0 };
	struct err err;
	if (conf_remove(c, path, &after, &err)) {
		demand(after.len < c->text.len, "nothing went", c->text, buf_view(&after));
	}
	buf_finish(&after);
}

size_t conf_law(
	enum conf_format format, struct span text, struct span raw, size_t most, size_t *refused)
{
	struct conf c = { 0 };
	size_t added = 0, tried = 0;
	if (!conf_parse(&c, format, "f", text, NULL)) {
		conf_finish(&c);
		return 0;
	}
	for (conf_id id = 0; id < c.count && tried < most; id++) {
		const struct conf_node *n = conf_node(&c, id);
		struct conf_step steps[STEPS];
		struct conf_path path = path_to(&c, id, steps);
		if (n->type <= CONF_ARRAY) {
			struct conf_path more = { path.at, path.count + 1 };
			steps[STEPS - 1] = (struct conf_step){
				n->type == CONF_OBJECT ? "added by the test" : NULL, n->count
			};
			added += there_and_back(&c, more, raw);
			tried++;
		}
		if (path.count) {
			take_out(&c, path);
		}
		forget(path);
	}
	if (refused) {
		*refused = tried - added;
	}
	conf_finish(&c);
	return added;
}
