/*
 * Searching in files and for files: grep, ripgrep, fd, find.
 *
 * A search below a directory is one READ "tree"; if every file must fit a pattern (--include, -g,
 * -name) the pattern is its word, so that policy can tell `*.ts` from `.env`.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <stdlib.h>
#include <string.h>

/* A pattern that only such files are searched that fit it: one effect for each of them. */
struct patterns {
	const char *list[16];
	size_t count;
};

/* Nothing but wildcards: what every name fits. Of "src/" and two stars, the directory is said. */
static bool says_nothing(const char *pattern)
{
	return strspn(pattern, "*/") == strlen(pattern);
}

static void add_pattern(struct patterns *patterns, const char *text)
{
	if (!text || text[0] == '!') {
		return;
	}
	if (patterns->count == COUNT_OF(patterns->list)) {
		patterns->list[0] = "*";
		return;
	}
	patterns->list[patterns->count++] = says_nothing(text) ? "" : text;
}

static void set_word(struct effect *effect, const char *word)
{
	free(effect->word);
	effect->word = xstrdup(word);
}

/* Gives every tree read since `from` the patterns, the first in place and a copy for each other. */
static void narrow_trees(struct command_line *line, size_t from, const struct patterns *patterns)
{
	size_t end = line->out->count;
	for (size_t i = from; patterns->count && i < end; i++) {
		struct effect *effect = &line->out->list[i];
		if (effect->kind != EFFECT_READ || strcmp(effect->how, "tree") != 0 ||
			effect->word[0]) {
			continue;
		}
		for (size_t k = 1; k < patterns->count; k++) {
			struct effect *copy = effects_add(
				line->out, EFFECT_READ, line->arg, "", "tree", patterns->list[k]);
			const struct effect *old = &line->out->list[i];
			free(copy->given);
			free(copy->base);
			copy->given = xstrdup(old->given);
			copy->base = xstrdup(old->base);
			copy->part = old->part;
			copy->late = old->late;
		}
		set_word(&line->out->list[i], patterns->list[0]);
	}
}

/* By the spec, and then the trees by the patterns that these options give. `hidden`: what begins
 * with a dot is searched as well, unless a pattern says otherwise. */
static void search(struct command_line *line, const struct command *command, const char *spec,
	const char *options, bool hidden)
{
	char why[160];
	size_t from = line->out->count;
	struct patterns patterns = { .count = 0 };
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	while (spec_next(&walk, &item)) {
		if (spec_is(&item, options)) {
			add_pattern(&patterns, item.word.text);
		}
	}
	spec_effects(line, command, spec, 1);
	if (hidden && patterns.count == 0) {
		patterns.list[patterns.count++] = "";
	}
	for (size_t i = 0; hidden && i < patterns.count; i++) {
		patterns.list[i] = patterns.list[i][0] ? patterns.list[i] : ALL_NAMES;
	}
	narrow_trees(line, from, &patterns);
}

/* ---- grep ---- */

/* A name like "-rx.ts" that a glob finds can at most make grep read more files of such names. */

// clang-format off
#define GREP                                                                                       \
	"*-[EFGPabchHiIlLnoqrsTUvVwxyzZ] -e:w -f:r -m:n -A:n -B:n -C:n -d:w -D:w -# --regexp:w "    \
	"--file:r --extended-regexp --fixed-strings --basic-regexp --perl-regexp --ignore-case "    \
	"--no-ignore-case --word-regexp --line-regexp --no-messages --invert-match --max-count:n "  \
	"--byte-offset --line-number --line-buffered --with-filename --no-filename --label:w "      \
	"--only-matching --quiet --silent --binary-files:w --text --recursive "                     \
	"--include:w --exclude:w --exclude-dir:w --files-without-match "    \
	"--files-with-matches --count --initial-tab --null --null-data --context:n "                \
	"--after-context:n --before-context:n --color= --colour= --binary |"
// clang-format on

void read_grep(struct command_line *line, const struct command *command)
{
	static const char *const specs[2][2] = {
		{ GREP " w r*", GREP " r*" },
		{ GREP " w t*.", GREP " t*." },
	};
	bool given = spec_has(command, GREP, 1, "-e -f --regexp --file");
	bool deep = spec_has(command, GREP, 1, "-r --recursive");
	char why[160];
	struct spec_walk walk = spec_walk_of(command, GREP, 1, why);
	struct spec_item item;
	while (spec_next(&walk, &item)) {
		deep |= spec_is(&item, "-d") && strcmp(item.word.text, "recurse") == 0;
	}
	search(line, command, specs[deep][given], "--include", deep);
}

/* ---- ripgrep ---- */

// clang-format off
#define RG                                                                                         \
	"-[.0abcFhHiIlnNopPqsSuUvVwx] -e:w -f:r -g:w -t:w -T:w -m:n -A:n -B:n -C:n -M:n -d:n -j:n " \
	"-r:w -E:w --regexp:w --file:r --glob:w --iglob:w --type:w --type-not:w --max-count:n "     \
	"--after-context:n --before-context:n --context:n --max-columns:n --max-columns-preview "   \
	"--max-depth:n --maxdepth:n --max-filesize:w --threads:n --replace:w --encoding:w "         \
	"--engine:w --color:w --colors:w --sort:w --sortr:w --context-separator:w "                 \
	"--field-match-separator:w --field-context-separator:w --hidden --no-hidden --no-ignore "   \
	"--no-ignore-vcs --no-ignore-parent --no-ignore-dot --no-ignore-global --no-ignore-files "  \
	"--ignore-case --case-sensitive --smart-case --fixed-strings --word-regexp --line-regexp "  \
	"--invert-match --only-matching --line-number --no-line-number --column --no-column "       \
	"--with-filename --no-filename --files-with-matches --files-without-match --count "         \
	"--count-matches --include-zero --heading --no-heading --pretty --json --vimgrep --stats "  \
	"--no-stats --trim --no-trim --passthru --null --null-data --crlf --multiline "             \
	"--multiline-dotall --pcre2 --text --binary --unrestricted --one-file-system "              \
	"--glob-case-insensitive --no-messages --no-config --no-follow --byte-offset --quiet "      \
	"--auto-hybrid-regex --no-unicode --block-buffered --line-buffered --no-mmap --mmap "

#define RG_FILES RG "--files --type-list --debug |"
// clang-format on

/* --hidden, or the second of two -u. */
bool rg_hidden(const struct command *command)
{
	char why[160];
	unsigned times = 0;
	struct spec_walk walk = spec_walk_of(command, RG_FILES, 1, why);
	struct spec_item item;
	while (spec_next(&walk, &item)) {
		times += spec_is(&item, "-u --unrestricted");
	}
	return times > 1 || spec_has(command, RG_FILES, 1, "-. --hidden");
}

void read_rg(struct command_line *line, const struct command *command)
{
	const char *spec = RG_FILES " w t*.";
	if (spec_has(command, RG_FILES, 1, "--type-list")) {
		spec = RG_FILES;
	} else if (spec_has(command, RG_FILES, 1, "--files")) {
		spec = RG_FILES " d*.";
	} else if (spec_has(command, RG_FILES, 1, "-e -f --regexp --file")) {
		spec = RG_FILES " t*.";
	}
	search(line, command, spec, "-g --glob --iglob", rg_hidden(command));
}

bool rg_names(const struct command *command)
{
	return spec_has(command, RG_FILES, 1, "--files -l --files-with-matches");
}

bool grep_names(const struct command *command)
{
	return spec_has(command, GREP, 1, "-l -L --files-with-matches --files-without-match") &&
		spec_has(command, GREP, 1, "-r --recursive");
}

void read_fd(struct command_line *line, const struct command *command)
{
	spec_effects(line, command,
		"-[01aAFgHiIpqsu] -d:n -e:w -E:w -t:w -S:w -c:w -j:n --absolute-path --hidden "
		"--no-ignore --no-ignore-vcs --unrestricted --glob --fixed-strings "
		"--case-sensitive "
		"--ignore-case --full-path --max-depth:n --min-depth:n --exact-depth:n "
		"--extension:w "
		"--exclude:w --type:w --size:w --color:w --print0 --max-results:n --threads:n "
		"--changed-within:w --changed-before:w --prune --quiet --one-file-system | w? d*.",
		1);
}

/* ---- find ---- */

static const struct shell_word here = { .text = ".", .len = 1, .plain = true };

struct find_word {
	const char *name;
	char value; /* 'w', 'n' as in spec.h, 'd' a path that is looked at, 0: none */
};

// clang-format off
static const struct find_word find_words[] = {
	{ "-name", 'w' }, { "-iname", 'w' }, { "-path", 'w' }, { "-ipath", 'w' },
	{ "-wholename", 'w' }, { "-iwholename", 'w' }, { "-regex", 'w' }, { "-iregex", 'w' },
	{ "-regextype", 'w' }, { "-lname", 'w' }, { "-ilname", 'w' }, { "-type", 'w' },
	{ "-xtype", 'w' }, { "-maxdepth", 'n' }, { "-mindepth", 'n' }, { "-size", 'w' },
	{ "-mtime", 'n' }, { "-mmin", 'n' }, { "-ctime", 'n' }, { "-cmin", 'n' },
	{ "-atime", 'n' }, { "-amin", 'n' }, { "-perm", 'w' }, { "-user", 'w' },
	{ "-group", 'w' }, { "-uid", 'n' }, { "-gid", 'n' }, { "-links", 'n' }, { "-inum", 'n' },
	{ "-newer", 'd' }, { "-anewer", 'd' }, { "-cnewer", 'd' }, { "-newermt", 'w' },
	{ "-newerct", 'w' }, { "-samefile", 'd' }, { "-printf", 'w' }, { "-empty", 0 },
	{ "-readable", 0 }, { "-writable", 0 }, { "-executable", 0 }, { "-not", 0 }, { "!", 0 },
	{ "-a", 0 }, { "-and", 0 }, { "-o", 0 }, { "-or", 0 }, { "(", 0 }, { ")", 0 },
	{ "-print", 0 }, { "-print0", 0 }, { "-ls", 0 }, { "-prune", 0 }, { "-quit", 0 },
	{ "-xdev", 0 }, { "-mount", 0 }, { "-depth", 0 }, { "-d", 0 }, { "-true", 0 },
	{ "-false", 0 }, { "-daystart", 0 }, { "-noleaf", 0 }, { "-nouser", 0 },
	{ "-nogroup", 0 }, { "-E", 0 }, { ",", 0 }, { "-warn", 0 }, { "-nowarn", 0 },
};
// clang-format on

static const struct find_word *find_word(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(find_words); i++) {
		if (strcmp(find_words[i].name, text) == 0) {
			return &find_words[i];
		}
	}
	return NULL;
}

static bool begins_expression(const struct shell_word *word)
{
	return word->text[0] == '-' || strcmp(word->text, "(") == 0 || strcmp(word->text, "!") == 0;
}

/* The only pattern that every name fits: one -name or -iname, and nothing that could go round it.
 */
static const char *find_name(const struct command *command)
{
	const char *name = "";
	for (size_t i = 1; i + 1 < command->argc; i++) {
		const char *text = command->argv[i].text;
		if (strcmp(text, "-name") == 0) {
			if (name[0]) {
				return "";
			}
			name = command->argv[i + 1].text;
		} else if (strcmp(text, "-o") == 0 || strcmp(text, "-or") == 0 ||
			strcmp(text, "!") == 0 || strcmp(text, "-not") == 0 ||
			strcmp(text, ",") == 0) {
			return "";
		}
	}
	return name;
}

const char *find_names(const struct command *command)
{
	const char *name = find_name(command);
	return name[0] ? name : ALL_NAMES;
}

/* -exec COMMAND ... {} ";" or "+", for a command that only reads. */
static bool find_exec(struct command_line *line, const struct command *command, size_t *at,
	size_t first, size_t paths)
{
	size_t begin = *at + 1, end = begin;
	while (end < command->argc && strcmp(command->argv[end].text, ";") != 0 &&
		strcmp(command->argv[end].text, "+") != 0) {
		end++;
	}
	struct command inner = *command;
	inner.argv = command->argv + begin;
	inner.argc = end - begin;
	if (end == command->argc || end <= begin + 1 || !is_placeholder(&command->argv[end - 1])) {
		return false;
	}
	*at = end;
	bool ok = true;
	for (size_t i = 0; ok && i < (paths ? paths : 1); i++) {
		ok = command_each(line, &inner, paths ? &command->argv[first + i] : &here,
			find_names(command), true);
	}
	return ok;
}

static bool find_value(struct command_line *line, char kind, const struct shell_word *word)
{
	if (kind == 'd') {
		command_path(line, EFFECT_READ, word, "list");
	}
	return !word->glob && (kind != 'n' || strspn(word->text, "+-0123456789") == word->len);
}

/* The index of the first word that is not proven; argc: all are. */
static size_t find_expression(struct command_line *line, const struct command *command, size_t at,
	size_t first, size_t paths)
{
	for (; at < command->argc; at++) {
		const struct shell_word *word = &command->argv[at];
		const struct find_word *known = word->glob ? NULL : find_word(word->text);
		if (strcmp(word->text, "-exec") == 0) {
			size_t exec = at;
			if (!find_exec(line, command, &at, first, paths)) {
				return exec;
			}
		} else if (!known ||
			(known->value &&
				(at + 1 >= command->argc ||
					!find_value(line, known->value, &command->argv[at + 1])))) {
			return at;
		} else {
			at += known->value != 0;
		}
	}
	return at;
}

void read_find(struct command_line *line, const struct command *command)
{
	size_t first = 1, at;
	while (first < command->argc &&
		(strcmp(command->argv[first].text, "-P") == 0 ||
			strcmp(command->argv[first].text, "-E") == 0)) {
		first++;
	}
	for (at = first; at < command->argc && !begins_expression(&command->argv[at]); at++) {
		const struct shell_word *path = &command->argv[at];
		if (path->glob && strchr("*?[", path->text[0])) {
			command_unproven(
				line, command, "find: a glob that may stand for an option");
			return;
		}
		command_path(line, EFFECT_READ, path, "list");
	}
	if (at == first) {
		command_path(line, EFFECT_READ, &here, "list");
	}
	size_t bad = find_expression(line, command, at, first, at - first);
	if (bad < command->argc) {
		command_unproven(
			line, command, "find: %.120s is not proven", command->argv[bad].text);
	} else {
		command_exec(line, command, EXEC_READONLY);
	}
}
