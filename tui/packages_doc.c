/*
 * Name, version asked for, manager and origin, from the broker's effects. A name is never cut: one
 * that is wider than its column pushes the others to the right. Called by kind_doc.c.
 */
#include "config.h"

#include "tui/packages_doc.h"

#include <string.h>

#include "tui/effect_words.h"

enum { ROWS_MAX = 64, STEP = 2, NAME_COLS = 32, VERSION_COLS = 16, MANAGER_COLS = 12 };

enum column { COLUMN_NAME, COLUMN_VERSION, COLUMN_MANAGER, COLUMN_COUNT };

static const unsigned most_cols[COLUMN_COUNT] = { NAME_COLS, VERSION_COLS, MANAGER_COLS };
static const char *const titles[COLUMN_COUNT] = { "packages", "version", "manager" };

struct origin {
	const char *word, *from; /* install_how's name; what is said of it */
	const char *version; /* where none is asked for */
};

static const struct origin origins[] = {
	{ "", "registry", "latest" },
	{ "global", "registry, for all projects", "latest" },
	{ "fetch-run", "registry, run at once", "latest" },
	{ "lockfile", "registry, as locked", "as locked" },
	{ "lockfile no-scripts", "registry, as locked", "as locked" },
	{ "remove", "is removed", "any" },
	{ "source", "another source", "what is there" },
};

static const struct origin unknown_origin = { "", "not known", "not known" };

static const char *text_of(const char *text)
{
	return text ? text : "";
}

static const struct origin *origin_of(const struct model_effect *effect)
{
	for (size_t i = 0; i < COUNT_OF(origins); i++) {
		if (strcmp(text_of(effect->word), origins[i].word) == 0) {
			return &origins[i];
		}
	}
	return &unknown_origin;
}

static bool is_source(const struct model_effect *effect)
{
	return strcmp(text_of(effect->word), "source") == 0;
}

static const char *const git_forms[] = { "git+", "git@", "git:", ".git",
	"github:", "gitlab:", "bitbucket:" };

static const char *from_of(const struct model_effect *effect)
{
	const char *given = text_of(effect->given);
	if (!is_source(effect)) {
		return origin_of(effect)->from;
	}
	for (size_t i = 0; i < COUNT_OF(git_forms); i++) {
		if (strstr(given, git_forms[i])) {
			return "git";
		}
	}
	return strstr(given, "://") && strncmp(given, "file:", 5) != 0 ? "URL"
		: strchr("./~", given[0]) || strstr(given, "file:")    ? "path"
								       : origin_of(effect)->from;
}

/* "left-pad@1.3", "@a/b@1", "six>=1.2": where the name ends. */
static size_t name_length(const struct model_effect *effect)
{
	const char *given = text_of(effect->given);
	const char *at = strrchr(given, '@');
	if (is_source(effect)) {
		return strlen(given);
	}
	return at && at > given ? (size_t)(at - given) : strcspn(given, "=<>~!");
}

static struct safe_text cell_of(
	const struct doc *doc, const struct model_effect *effect, enum column column)
{
	struct span given = span_of(text_of(effect->given));
	size_t length = name_length(effect);
	struct span version = { given.at + length, given.len - length };
	while (version.len && strchr("@=", *version.at)) {
		version.at++;
		version.len--;
	}
	if (column == COLUMN_NAME && !length) {
		return safe_printf("what its files say");
	}
	if (column == COLUMN_VERSION && !version.len) {
		return safe_printf("%s", length ? origin_of(effect)->version : "as they say");
	}
	return paint_foreign(doc->paint,
		column == COLUMN_NAME              ? (struct span){ given.at, length }
			: column == COLUMN_VERSION ? version
						   : span_of(text_of(effect->how)),
		SAFE_ONE_LINE);
}

static unsigned cols_of(const struct doc *doc, const struct model_item *item, enum column column)
{
	unsigned cols = (unsigned)strlen(titles[column]);
	for (size_t i = 0; i < item->effect_count; i++) {
		if (effect_is(&item->effects[i], "install")) {
			struct safe_text cell = cell_of(doc, &item->effects[i], column);
			bool fits = cell.columns <= most_cols[column];
			cols = fits && cell.columns > cols ? cell.columns : cols;
			safe_finish(&cell);
		}
	}
	return cols;
}

static int padding(unsigned cols, unsigned used)
{
	return (int)(cols > used ? cols - used : 0) + 2;
}

static void package_row(
	struct doc *doc, const struct model_effect *effect, const unsigned cols[COLUMN_COUNT])
{
	struct safe_text cell[COLUMN_COUNT];
	for (enum column c = COLUMN_NAME; c < COLUMN_COUNT; c++) {
		cell[c] = cell_of(doc, effect, c);
	}
	doc_add(doc, ROLE_TEXT, STEP, "",
		safe_printf("%s%*s%s%*s%s%*s%s", safe_cstr(&cell[COLUMN_NAME]),
			padding(cols[COLUMN_NAME], cell[COLUMN_NAME].columns), "",
			safe_cstr(&cell[COLUMN_VERSION]),
			padding(cols[COLUMN_VERSION], cell[COLUMN_VERSION].columns), "",
			safe_cstr(&cell[COLUMN_MANAGER]),
			padding(cols[COLUMN_MANAGER], cell[COLUMN_MANAGER].columns), "",
			from_of(effect)));
	for (enum column c = COLUMN_NAME; c < COLUMN_COUNT; c++) {
		safe_finish(&cell[c]);
	}
}

void packages_doc(struct doc *doc, const struct model_item *item)
{
	unsigned cols[COLUMN_COUNT];
	size_t count = 0;
	for (enum column c = COLUMN_NAME; c < COLUMN_COUNT; c++) {
		cols[c] = cols_of(doc, item, c);
	}
	for (size_t i = 0; i < item->effect_count; i++) {
		if (!effect_is(&item->effects[i], "install") || ++count > ROWS_MAX) {
			continue;
		}
		if (count == 1) {
			doc_add(doc, ROLE_LABEL, 0, "",
				safe_printf("%-*s  %-*s  %-*s  from", (int)cols[COLUMN_NAME] + STEP,
					titles[COLUMN_NAME], (int)cols[COLUMN_VERSION],
					titles[COLUMN_VERSION], (int)cols[COLUMN_MANAGER],
					titles[COLUMN_MANAGER]));
		}
		package_row(doc, &item->effects[i], cols);
	}
	if (count > ROWS_MAX) {
		doc->partial = true;
		doc_add(doc, ROLE_WARNING, STEP, "", safe_printf("and %zu more", count - ROWS_MAX));
	}
}
