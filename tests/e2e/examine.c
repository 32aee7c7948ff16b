/* See examine.h. */
#include "config.h"

#include "tests/e2e/examine.h"

#include "tests/e2e/procs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *examine_home(struct world *w)
{
	char *home = world_file(w->dir, "home");
	mkdir(home, 0700);
	return home;
}

void examine(struct examined *e)
{
	struct world *w = e->w;
	struct buf out = { 0 };
	char fd[16];
	snprintf(fd, sizeof(fd), "%d", e->fd);
	const char *argv[] = { e->program ? e->program : world_path(w, "bascule-setup"), "doctor",
		"--root", w->root, "--home", examine_home(w), "--json",
		e->fd >= 0 ? "--decide-fd" : NULL, fd, NULL };
	setenv("PATH", e->path ? e->path : "/nowhere", 1);
	int64_t began = now_ms();
	e->code = e->fd >= 0 ? world_run_with(w, argv, e->fd, &out)
			     : world_run(w, argv, NULL, &out);
	CHECK(w, now_ms() - began < WORLD_BOUND_MS / 2);
	e->text = buf_cstr(&out);
	world_note(w, "doctor", "->", out.data, out.len);
	e->found = cJSON_Parse(e->text);
	CHECK(w, e->found);
	CHECK_INT(w, pick_int(e->found, "exit"), e->code);
	CHECK(w, strchr(e->text, '\n') == e->text + strlen(e->text) - 1);
}

static bool is_there(struct examined *e, const char *check, const char *level, const char *part)
{
	static const char *const members[] = { "where", "what", "fix" };
	const cJSON *row = NULL;
	cJSON_ArrayForEach(row, pick(e->found, "findings"))
	{
		for (size_t i = 0; i < COUNT_OF(members); i++) {
			if (strcmp(pick_text(row, "check"), check) == 0 &&
				strcmp(pick_text(row, "level"), level) == 0 &&
				strstr(pick_text(row, members[i]), part)) {
				return true;
			}
		}
	}
	return false;
}

void examine_has(struct examined *e, const char *check, const char *level, const char *part)
{
	if (!is_there(e, check, level, part)) {
		world_fail(e->w, "%s has no %s with: %s", check, level, part);
	}
}

void examine_lacks(struct examined *e, const char *check, const char *level, const char *part)
{
	if (is_there(e, check, level, part)) {
		world_fail(e->w, "%s has a %s with: %s", check, level, part);
	}
}
