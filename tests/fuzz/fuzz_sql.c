/*
 * Any bytes as a statement: what reads has no word that changes something outside its quotes, by a
 * second and simpler look; and it stays what it is with space around it.
 */
#include "config.h"

#include "core/effects/sql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static bool has(const char *text, const char *word)
{
	for (; *text; text++) {
		if (strncasecmp(text, word, strlen(word)) == 0) {
			return true;
		}
	}
	return false;
}

/* Without quotes and comments there is nothing that could hide these. */
static void look(const char *text)
{
	static const char *const never[] = { "pg_read_file(", "nextval(", "load_extension(",
		" into outfile", "dblink(" };
	if (strpbrk(text, "'\"`[-/")) {
		return;
	}
	/* WITH may give such a name to a table */
	for (size_t i = 0; i < COUNT_OF(never) && !has(text, "with"); i++) {
		demand(!has(text, never[i]));
	}
	const char *semicolon = strchr(text, ';');
	demand(!semicolon || strspn(semicolon + 1, " \t\r\n") == strlen(semicolon + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[160];
	char *exact = xmalloc(size + 1), *text = xmalloc(size + 3);
	memcpy(exact, data, size);
	text[0] = '\n';
	memcpy(text + 1, data, size);
	memcpy(text + size + 1, "\n", 2);
	for (int dialect = SQL_ANY; dialect <= SQL_MYSQL; dialect++) {
		bool reads = sql_reads(
			(struct span){ exact, size }, (enum sql_dialect)dialect, why);
		demand(reads == !why[0]);
		demand(!reads || memchr(exact, '\0', size) == NULL);
		if (reads) {
			look(text);
			demand(sql_reads(span_of(text), (enum sql_dialect)dialect, why));
		}
	}
	struct effects out = { 0 };
	sql_effect(&out, "sql", (struct span){ exact, size }, SQL_ANY, true);
	demand(out.count == 1 && out.list[0].kind == EFFECT_SQL);
	effects_finish(&out);
	free(exact);
	free(text);
	return 0;
}
