/*
 * The list behind `bascule doctor`: collects, counts and says; knows nothing of what is looked at.
 * Filled by ipc/doctor*.c, one thread.
 */
#include "config.h"

#include "core/diagnosis.h"

#include <stdlib.h>

static const char *const names[] = {
#define X(id, name) name,
	DIAGNOSIS_LEVELS(X)
#undef X
};

/* as counted in the last line: one, several */
static const char *const counted[DIAGNOSIS_LEVEL_COUNT][2] = {
	{ "well", "well" },
	{ "note", "notes" },
	{ "warning", "warnings" },
	{ "failure", "failures" },
};

const char *diagnosis_level_name(enum diagnosis_level level)
{
	return names[level];
}

void diagnosis_add(struct diagnosis *d, enum diagnosis_level level, const char *check,
	const char *where, const char *fix, char *what)
{
	d->rows = xgrow(d->rows, &d->cap, d->count + 1, sizeof(*d->rows));
	d->rows[d->count++] = (struct diagnosis_row){ level, check, xstrdup(where), what,
		xstrdup(fix) };
}

void diagnosis_finish(struct diagnosis *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->rows[i].where);
		free(d->rows[i].what);
		free(d->rows[i].fix);
	}
	free(d->rows);
	*d = (struct diagnosis){ 0 };
}

size_t diagnosis_count(const struct diagnosis *d, enum diagnosis_level level)
{
	size_t n = 0;
	for (size_t i = 0; i < d->count; i++) {
		n += d->rows[i].level == level;
	}
	return n;
}

int diagnosis_exit(const struct diagnosis *d)
{
	return diagnosis_count(d, DIAGNOSIS_FAILURE)    ? 2
		: diagnosis_count(d, DIAGNOSIS_WARNING) ? 1
							: 0;
}

char *diagnosis_summary(const struct diagnosis *d)
{
	struct buf out = { 0 };
	for (int level = 0; level < DIAGNOSIS_LEVEL_COUNT; level++) {
		size_t n = diagnosis_count(d, (enum diagnosis_level)level);
		buf_printf(&out, "%s%zu %s", level ? ", " : "", n, counted[level][n != 1]);
	}
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

void diagnosis_write(const struct diagnosis *d, struct jsonw *w)
{
	jw_kv_int(w, "exit", diagnosis_exit(d));
	jw_key(w, "counts");
	jw_open(w, '{');
	for (int level = 0; level < DIAGNOSIS_LEVEL_COUNT; level++) {
		jw_kv_int(
			w, names[level], (int64_t)diagnosis_count(d, (enum diagnosis_level)level));
	}
	jw_close(w, '}');
	jw_key(w, "findings");
	jw_open(w, '[');
	for (size_t i = 0; i < d->count; i++) {
		const struct diagnosis_row *row = &d->rows[i];
		jw_open(w, '{');
		jw_kv_text(w, "level", names[row->level]);
		jw_kv_text(w, "check", row->check);
		jw_kv_text(w, "where", row->where);
		jw_kv_text(w, "what", row->what);
		jw_kv_text(w, "fix", row->fix);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}
