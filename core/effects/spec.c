/*
 * The engine behind the option allow-lists of core/effects/spec.h.
 *
 * Every word of an argv must be accounted for by the spec: options first, by the rules of getopt
 * with exact long names, then operands by their place. It knows no program; what a program does
 * with an option stands in the tables. A word whose value is not certain (a glob, $?) is refused
 * wherever it could be taken for an option or could shift the place of another.
 */
#include "config.h"

#include "core/effects/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One piece of a spec's text. */
struct option {
	struct span name; /* "-n", "--lines", "-name" */
	struct span kinds; /* of its values; empty: a flag */
	bool optional; /* the value, which must be attached then */
};

static bool refuse(struct spec_walk *walk, const char *what, const char *text)
{
	snprintf(walk->why, 160, "%s: %.80s", what, text);
	walk->failed = true;
	return false;
}

/* ---- the text of a spec ---- */

static const char *after_modes(const char *spec)
{
	return spec + strspn(spec, "!<=@* ");
}

static bool has_mode(const char *spec, char mode)
{
	for (const char *s = spec; *s && strchr("!<=@* ", *s); s++) {
		if (*s == mode) {
			return true;
		}
	}
	return false;
}

/* The next piece before the "|"; false at its end. */
static bool next_piece(const char **at, struct span *piece)
{
	const char *s = *at + strspn(*at, " ");
	size_t len = strcspn(s, " ");
	*at = s + len;
	*piece = (struct span){ s, len };
	return len > 0 && s[0] != '|';
}

static struct option option_of(struct span piece)
{
	size_t len = 0;
	while (len < piece.len && piece.at[len] != ':' && piece.at[len] != '=') {
		len++;
	}
	struct option option = { .name = { piece.at, len }, .kinds = { piece.at + len, 0 } };
	if (len < piece.len) {
		size_t skip = len + 1;
		option.optional = piece.at[len] == '=';
		skip += option.optional && skip < piece.len && piece.at[skip] == ':';
		option.kinds = skip < piece.len ? (struct span){ piece.at + skip, piece.len - skip }
						: SPAN("w");
	}
	return option;
}

/* `name` with its dashes: "-n", "--lines". */
static bool find_option(const char *spec, struct span name, struct option *out)
{
	const char *at = after_modes(spec);
	struct span piece;
	while (next_piece(&at, &piece)) {
		if (piece.at[1] == '[' && piece.at[0] == '-') {
			if (name.len == 2 && name.at[1] != ']' &&
				memchr(piece.at + 2, name.at[1], piece.len - 3)) {
				*out = (struct option){ .name = name };
				return true;
			}
			continue;
		}
		if (piece.len >= name.len && memcmp(piece.at, name.at, name.len) == 0) {
			*out = option_of(piece);
			if (out->name.len == name.len) {
				return true;
			}
		}
	}
	return false;
}

/* ---- options ---- */

static struct shell_word rest_of(const struct shell_word *word, size_t offset)
{
	struct shell_word rest = *word;
	rest.text += offset;
	rest.len -= offset;
	rest.home = false;
	return rest;
}

/* The values that are words of their own. */
static bool take_words(struct spec_walk *walk, const struct option *option, struct spec_item *item)
{
	size_t count = option->kinds.len;
	if (walk->command->argc - walk->at < count) {
		return refuse(walk, "a value is missing", walk->command->argv[item->index].text);
	}
	item->word = walk->command->argv[walk->at];
	item->more = &walk->command->argv[walk->at] + 1;
	for (size_t i = 0; i < count; i++) {
		const struct shell_word *word = &walk->command->argv[walk->at + i];
		if (word->glob || (word->text[0] == '@' && has_mode(walk->spec, '@'))) {
			return refuse(walk, "the value of an option is not certain",
				walk->command->argv[walk->at + i].text);
		}
	}
	walk->at += count;
	return true;
}

static bool take_value(struct spec_walk *walk, const struct option *option,
	const struct shell_word *word, size_t attached, struct spec_item *item)
{
	item->kinds = option->kinds;
	if (attached) {
		if (option->kinds.len != 1 || word->glob) {
			return refuse(walk, "an option that is not proven", word->text);
		}
		item->word = rest_of(word, attached);
		return true;
	}
	return option->optional || !option->kinds.len || take_words(walk, option, item);
}

static bool next_long(struct spec_walk *walk, const struct shell_word *word, struct spec_item *item)
{
	const char *equals = strchr(word->text, '=');
	size_t len = equals ? (size_t)(equals - word->text) : word->len;
	struct option option;
	if (!find_option(walk->spec, (struct span){ word->text, len }, &option) ||
		(equals && !option.kinds.len)) {
		return refuse(walk, "an option that is not proven", word->text);
	}
	item->option = option.name;
	walk->at++;
	return take_value(walk, &option, word, equals ? len + 1 : 0, item);
}

/* "-name" and "-name=value" of programs that do not combine letters. */
static bool next_whole(
	struct spec_walk *walk, const struct shell_word *word, struct spec_item *item, bool *found)
{
	const char *equals = strchr(word->text, '=');
	size_t len = equals ? (size_t)(equals - word->text) : word->len;
	struct option option;
	*found = len > 2 && find_option(walk->spec, (struct span){ word->text, len }, &option) &&
		(!equals || option.kinds.len);
	if (!*found) {
		return true;
	}
	item->option = option.name;
	walk->at++;
	return take_value(walk, &option, word, equals ? len + 1 : 0, item);
}

static bool next_letter(
	struct spec_walk *walk, const struct shell_word *word, struct spec_item *item)
{
	char name[3] = { '-', word->text[walk->letter], 0 };
	struct option option;
	if (!find_option(walk->spec, (struct span){ name, 2 }, &option)) {
		return refuse(walk, "an option that is not proven", word->text);
	}
	size_t attached = ++walk->letter;
	item->letter = name[1];
	bool last = attached >= word->len;
	if (last || option.kinds.len) {
		walk->at++;
		walk->letter = 0;
	}
	return take_value(walk, &option, word, last || !option.kinds.len ? 0 : attached, item);
}

static bool next_option(
	struct spec_walk *walk, const struct shell_word *word, struct spec_item *item)
{
	struct option number;
	bool found;
	if (word->glob || word->status) {
		return refuse(walk, "an option that is not certain", word->text);
	}
	if (word->text[1] == '-') {
		return next_long(walk, word, item);
	}
	if (!next_whole(walk, word, item, &found) || found) {
		return found && !walk->failed;
	}
	if (span_digits(span_of(word->text + 1)) && find_option(walk->spec, SPAN("-#"), &number)) {
		item->letter = '#';
		walk->at++;
		return true;
	}
	walk->letter = 1;
	if (word->len > 2 && has_mode(walk->spec, '=')) {
		struct span name = { word->text, 2 };
		if (!find_option(walk->spec, name, &number) || !number.kinds.len) {
			return refuse(walk, "letters that are not combined", word->text);
		}
	}
	return next_letter(walk, word, item);
}

struct spec_walk spec_walk_of(
	const struct command *command, const char *spec, size_t skip, char why[160])
{
	return (struct spec_walk){ .command = command, .spec = spec, .at = skip, .why = why };
}

static bool is_option(const struct spec_walk *walk, const struct shell_word *word)
{
	return !walk->ended && word->len > 1 && word->text[0] == '-';
}

bool spec_next(struct spec_walk *walk, struct spec_item *item)
{
	const struct command *command = walk->command;
	*item = (struct spec_item){ .index = walk->at };
	if (walk->failed || walk->at >= command->argc) {
		return false;
	}
	const struct shell_word *word = &command->argv[walk->at];
	if (walk->letter) {
		return next_letter(walk, word, item);
	}
	if (word->text[0] == '@' && has_mode(walk->spec, '@')) {
		return refuse(walk, "a file of further words", word->text);
	}
	if (is_option(walk, word) && strcmp(word->text, "--") == 0 && !word->glob) {
		if (has_mode(walk->spec, '!')) {
			return refuse(walk, "this ends no options here", "--");
		}
		walk->ended = true;
		walk->at++;
		return spec_next(walk, item);
	}
	if (is_option(walk, word)) {
		return next_option(walk, word, item);
	}
	if (!walk->ended && word->glob && word->text[0] && strchr("*?[", word->text[0]) &&
		!has_mode(walk->spec, '*')) {
		return refuse(walk, "a glob that may stand for an option", word->text);
	}
	walk->ended |= has_mode(walk->spec, '<');
	item->word = *word;
	walk->at++;
	return true;
}

static bool in_list(const char *names, struct span name)
{
	struct span piece;
	while (next_piece(&names, &piece)) {
		if (span_same(piece, name)) {
			return true;
		}
	}
	return false;
}

bool spec_is_operand(const struct spec_item *item)
{
	return !item->letter && !item->option.at;
}

bool spec_is(const struct spec_item *item, const char *names)
{
	char name[3] = { '-', item->letter, 0 };
	return !spec_is_operand(item) &&
		in_list(names, item->letter ? (struct span){ name, 2 } : item->option);
}

bool spec_has(const struct command *command, const char *spec, size_t skip, const char *names)
{
	char why[160];
	struct spec_walk walk = spec_walk_of(command, spec, skip, why);
	struct spec_item item;
	while (spec_next(&walk, &item)) {
		if (spec_is(&item, names)) {
			return true;
		}
	}
	return false;
}

/* ---- kinds of words ---- */

static const struct {
	char letter;
	enum effect_kind kind;
	const char *how;
} path_kinds[] = {
	{ 'r', EFFECT_READ, "" },
	{ 'd', EFFECT_READ, "list" },
	{ 't', EFFECT_READ, "tree" },
	{ 'W', EFFECT_WRITE, "replace" },
	{ 'E', EFFECT_WRITE, "edit" },
	{ 'M', EFFECT_WRITE, "mkdir" },
	{ 'P', EFFECT_WRITE, "mode" },
	{ 'A', EFFECT_WRITE, "away" },
	{ 'T', EFFECT_WRITE, "tree" },
	{ 'X', EFFECT_DELETE, "file" },
	{ 'Y', EFFECT_DELETE, "tree" },
};

/* "+5", "-1.5", "10M" */
static bool looks_numeric(const char *text)
{
	text += *text == '+' || *text == '-';
	size_t digits = strspn(text, "0123456789");
	text += digits;
	if (*text == '.') {
		text++;
		digits += strspn(text, "0123456789");
		text += strspn(text, "0123456789");
	}
	return digits > 0 && strspn(text, "bBcdhikKmMgGsTw") == strlen(text) && strlen(text) <= 3;
}

static bool read_word(
	struct command_line *line, char kind, const struct shell_word *word, char why[160])
{
	for (size_t i = 0; i < COUNT_OF(path_kinds); i++) {
		if (path_kinds[i].letter == kind) {
			command_path(line, path_kinds[i].kind, word, path_kinds[i].how);
			return true;
		}
	}
	if (kind == 'w' || (kind == 'n' && !word->glob && looks_numeric(word->text))) {
		return true;
	}
	snprintf(why, 160, kind == 'n' ? "%.80s is no number" : "%.80s is not proven", word->text);
	return false;
}

static bool read_values(struct command_line *line, const struct spec_item *item, char why[160])
{
	for (size_t i = 0; item->word.text && i < item->kinds.len; i++) {
		const struct shell_word *word = i ? &item->more[i - 1] : &item->word;
		if (!read_word(line, item->kinds.at[i], word, why)) {
			return false;
		}
	}
	return true;
}

/* ---- operands ---- */

static const char *operands_of(const char *spec)
{
	const char *bar = strchr(spec, '|');
	return bar ? bar + 1 : "";
}

static char quantity_of(struct span piece)
{
	return piece.len > 1 && strchr("?*+", piece.at[1]) ? piece.at[1] : '1';
}

/* How many words the operands from here on need at least. */
static size_t least_of(const char *at)
{
	struct span piece;
	size_t least = 0;
	while (next_piece(&at, &piece)) {
		least += quantity_of(piece) == '1' || quantity_of(piece) == '+';
	}
	return least;
}

/* One place of the spec takes its share of the words. */
static bool read_place(struct command_line *line, struct span piece, size_t least_behind,
	const struct shell_word **words, size_t *left, char why[160])
{
	static const struct shell_word here = { .text = ".", .len = 1, .plain = true };
	char quantity = quantity_of(piece);
	size_t spare = *left > least_behind ? *left - least_behind : 0;
	size_t take = quantity == '*' || quantity == '+' || spare < 1 ? spare : 1;
	if (take == 0 && (quantity == '1' || quantity == '+')) {
		snprintf(why, 160, "an operand is missing");
		return false;
	}
	if (take == 0 && piece.at[piece.len - 1] == '.') {
		return read_word(line, piece.at[0], &here, why);
	}
	for (size_t i = 0; i < take; i++) {
		if (words[i]->glob && (quantity == '1' || quantity == '?')) {
			snprintf(why, 160, "a glob where one word belongs: %.80s", words[i]->text);
			return false;
		}
		if (!read_word(line, piece.at[0], words[i], why)) {
			return false;
		}
	}
	*left -= take;
	return true;
}

static bool read_operands(struct command_line *line, const char *at,
	const struct shell_word **words, size_t count, char why[160])
{
	size_t left = count;
	struct span piece;
	while (next_piece(&at, &piece)) {
		if (!read_place(line, piece, least_of(at), words + (count - left), &left, why)) {
			return false;
		}
	}
	if (left) {
		snprintf(why, 160, "one operand too many: %.80s", words[count - left]->text);
		return false;
	}
	return true;
}

bool spec_read(struct command_line *line, const struct command *command, const char *spec,
	size_t skip, char why[160])
{
	const struct shell_word **words = xcalloc(command->argc + 1, sizeof(*words));
	size_t count = 0;
	struct spec_walk walk = spec_walk_of(command, spec, skip, why);
	struct spec_item item;
	bool ok = true;
	why[0] = 0;
	while (ok && spec_next(&walk, &item)) {
		if (spec_is_operand(&item)) {
			words[count++] = &command->argv[item.index];
		} else {
			ok = read_values(line, &item, why);
		}
	}
	ok = ok && !walk.failed && read_operands(line, operands_of(spec), words, count, why);
	free(words);
	return ok;
}

void spec_effects(
	struct command_line *line, const struct command *command, const char *spec, size_t skip)
{
	char why[160];
	size_t before = line->out->count;
	if (!spec_read(line, command, spec, skip, why)) {
		command_unproven(line, command, "%s: %s", command->argv[0].text, why);
		return;
	}
	bool writes = false;
	for (size_t i = before; i < line->out->count; i++) {
		writes |= line->out->list[i].kind == EFFECT_WRITE ||
			line->out->list[i].kind == EFFECT_DELETE;
	}
	command_exec(line, command, writes ? EXEC_LOCAL : EXEC_READONLY);
}

bool word_in(const char *list, const char *word)
{
	size_t len = strchr(word, ' ') ? 0 : strlen(word);
	for (const char *at = list; len && (at = strstr(at, word)); at += len) {
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == 0)) {
			return true;
		}
	}
	return false;
}
