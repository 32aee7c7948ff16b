/*
 * Reading what a program under test has written: members of a parsed line by path, and the raw
 * bytes of a value. Written apart from core/json on purpose: a reader of ours that errs must not
 * make its own tests pass.
 */
#ifndef BASCULE_TESTS_E2E_PICK_H
#define BASCULE_TESTS_E2E_PICK_H

#include "core/base.h"

#include <cJSON.h>

/* `path` is "result.content.0.text"; numbers index arrays; "" is the value itself. NULL if there is
 * no such member. */
const cJSON *pick(const cJSON *json, const char *path);
const char *pick_text(const cJSON *json, const char *path); /* "" if it is no string */
int64_t pick_int(const cJSON *json, const char *path); /* -1 if it is no number */
bool pick_true(const cJSON *json, const char *path);
char *pick_copy(const cJSON *json,
	const char *path); /* printed again, for display and comparison; the caller frees */

/* The raw bytes of the last member of that name in an object ("last wins", as JavaScript reads it);
 * absent if none. `path` goes down through objects only. Expects a valid text. */
struct span pick_raw(struct span json, const char *path);

#endif
