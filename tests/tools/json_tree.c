/*
 * Prints how bascule reads JSON, for tests/json_edge.py: a text in base 16 a line comes in, and its
 * tree or "refused" goes out. Keys sorted, texts in base 16, numbers as the bits of a double.
 */
#include "config.h"

#include "core/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct member {
	char *key, *value;
};

static void print_hex(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		buf_printf(out, "%02x", (unsigned char)text.at[i]);
	}
}

static void print_text(struct buf *out, struct span string)
{
	struct buf text = { 0 };
	json_decode(string, &text);
	print_hex(out, buf_view(&text));
	buf_finish(&text);
}

static void print_number(struct buf *out, struct span number)
{
	char *text = span_dup(number);
	double value = strtod(text, NULL);
	unsigned long long bits;
	memcpy(&bits, &value, sizeof(bits));
	buf_printf(out, "n%016llx", bits);
	free(text);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void print_value(struct buf *out, struct span value);

static char *value_text(struct span value)
{
	struct buf out = { 0 };
	print_value(&out, value);
	return buf_cstr(&out);
}

static void print_container(struct buf *out, struct span value, bool object)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, item;
	struct member *members = NULL;
	size_t count = 0, cap = 0;
	while (json_next(&walk, &key, &item)) {
		struct buf name = { 0 };
		if (object) {
			print_text(&name, (struct span){ key.at - 1, key.len + 2 });
		}
		members = xgrow(members, &cap, count + 1, sizeof(*members));
		members[count++] = (struct member){ buf_cstr(&name), value_text(item) };
	}
	if (object && count) {
		qsort(members, count, sizeof(*members), compare);
	}
	buf_char(out, object ? '{' : '[');
	for (size_t i = 0; i < count; i++) {
		buf_printf(out, "%s%s%s,", members[i].key, object ? ":" : "", members[i].value);
		free(members[i].key);
		free(members[i].value);
	}
	buf_char(out, object ? '}' : ']');
	free(members);
}

static void print_value(struct buf *out, struct span value)
{
	enum json_type type = json_type(value);
	switch (type) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		print_container(out, value, type == JSON_OBJECT);
		break;
	case JSON_STRING:
		buf_char(out, 's');
		print_text(out, value);
		break;
	case JSON_NUMBER:
		print_number(out, value);
		break;
	default:
		buf_text(out,
			type == JSON_TRUE            ? "t"
				: type == JSON_FALSE ? "f"
				: type == JSON_NULL  ? "z"
						     : "?");
	}
}

static size_t from_hex(char *line)
{
	size_t n = 0;
	for (; line[2 * n] && line[2 * n] != '\n'; n++) {
		char two[3] = { line[2 * n], line[2 * n + 1], '\0' };
		line[n] = (char)strtoul(two, NULL, 16);
	}
	return n;
}

int main(void)
{
	struct json_scan scan = { 0 };
	char *line = NULL;
	size_t cap = 0;
	while (getline(&line, &cap, stdin) > 0) {
		struct span text = { line, from_hex(line) };
		char *tree = json_validate(&scan, text, JSON_STRICT) ? value_text(scan.value)
								     : xstrdup("refused");
		puts(tree);
		free(tree);
	}
	free(line);
	json_finish(&scan);
	return 0;
}
