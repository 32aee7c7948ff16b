/*
 * `bascule doctor`: runs the table of checks and prints what they found, as lines for a person or
 * as one JSON document. Changes nothing; the exit code says how bad it is (core/diagnosis.h).
 *
 * What the checks quote comes from files of others: it reaches the terminal through the sanitiser,
 * or as ASCII.
 */
#include <config.h>

#include "ipc/doctor.h"

#include "core/diag.h"
#include "core/hash.h"
#include "core/policy/secret_mask.h"
#include "core/safe_text.h"
#include "ipc/cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { WHAT_BYTES = 1024 /* of a finding's words; paths may be cut */ };

static const struct {
	const char *name;
	void (*run)(struct doctor *d);
} checks[] = {
#define X(function, name, looks_at) { name, doctor_##function },
	DOCTOR_CHECKS(X)
#undef X
};

void doctor_say(struct doctor *d, enum diagnosis_level level, const char *where, const char *fix,
	const char *format, ...)
{
	char what[WHAT_BYTES];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	diagnosis_add(&d->found, level, d->check, where, fix, xstrdup(what));
}

static void print_row(const struct diagnosis_row *row)
{
	struct safe_text where = safe_make(span_of(row->where ? row->where : ""), SAFE_ONE_LINE);
	struct safe_text what = safe_make(span_of(row->what), SAFE_ONE_LINE);
	struct safe_text fix = safe_make(span_of(row->fix ? row->fix : ""), SAFE_ONE_LINE);
	printf("%-8s %-9s %s%s%s\n", diagnosis_level_name(row->level), row->check,
		safe_cstr(&where), where.bytes ? ": " : "", safe_cstr(&what));
	if (fix.bytes) {
		printf("%-8s %-9s -> %s\n", "", "", safe_cstr(&fix));
	}
	safe_finish(&where);
	safe_finish(&what);
	safe_finish(&fix);
}

static void print_text(const struct diagnosis *found)
{
	char *summary = diagnosis_summary(found);
	for (size_t i = 0; i < found->count; i++) {
		print_row(&found->rows[i]);
	}
	printf("%s\n", summary);
	free(summary);
}

static void print_json(const struct doctor *d)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_text(&w, "version", PACKAGE_VERSION);
	jw_kv_text(&w, "home", d->home);
	jw_kv_text(&w, "root", d->paths.root);
	diagnosis_write(&d->found, &w);
	jw_close(&w, '}');
	cmd_print_json(buf_cstr(&out));
	buf_finish(&out);
}

static void mask(struct secrets *secrets, char **text)
{
	struct buf out = { 0 };
	if (*text) {
		secret_mask(secrets, span_of(*text), &out);
		free(*text);
		*text = xstrdup(buf_cstr(&out));
	}
	buf_finish(&out);
}

/* Findings quote names, paths and errors of other programs' files: a credential may stand anywhere.
 */
static void mask_all(struct doctor *d)
{
	for (size_t i = 0; i < d->found.count && d->secrets; i++) {
		mask(d->secrets, &d->found.rows[i].where);
		mask(d->secrets, &d->found.rows[i].what);
		mask(d->secrets, &d->found.rows[i].fix);
	}
}

static int run(struct doctor *d, bool json)
{
	/* The values known are forgotten at the end: the key only has to be there. */
	static const unsigned char key[HASH_BYTES];
	d->secrets = secrets_create(key, NULL);
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		d->check = checks[i].name;
		checks[i].run(d);
	}
	mask_all(d);
	secrets_destroy(d->secrets);
	if (json) {
		print_json(d);
	} else {
		print_text(&d->found);
	}
	int code = cmd_written("doctor");
	return code == CMD_OK ? diagnosis_exit(&d->found) : DOCTOR_BROKEN;
}

int cmd_doctor(int argc, char **argv)
{
	const char *root = NULL, *home = NULL, *fd = NULL;
	bool json = false;
	const struct cmd_flag flags[] = {
		{ "--root", &root, NULL },
		{ "--home", &home, NULL },
		{ "--decide-fd", &fd, NULL },
		{ "--json", NULL, &json },
	};
	struct doctor d = { .decide = -1 };
	struct err err = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("doctor", &err, CMD_USAGE);
	}
	if (home && home[0] != '/') {
		fail(&err, DIAG_USAGE, "--home %.100s: expected an absolute path", home);
		return cmd_fail("doctor", &err, CMD_USAGE);
	}
	if (!paths_init(&d.paths, root, &err)) {
		return cmd_fail("doctor", &err, DOCTOR_BROKEN);
	}
	d.home = home ? home : d.paths.home;
	d.decide = fd ? (int)strtol(fd, NULL, 10) : -1;
	config_load(&d.config, &d.paths, &d.config_error);
	int code = run(&d, json);
	diagnosis_finish(&d.found);
	config_finish(&d.config);
	paths_finish(&d.paths);
	return code;
}
