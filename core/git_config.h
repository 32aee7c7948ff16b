/*
 * The syntax of git's configuration files (git-config(1), "Syntax"). Pure: it visits what stands
 * there; files that are included are the caller's doubt.
 */
#ifndef BASCULE_CORE_GIT_CONFIG_H
#define BASCULE_CORE_GIT_CONFIG_H

#include "core/base.h"

struct git_setting {
	const char *section, *key; /* in lower case */
	const char *sub; /* the subsection, as it is; "" if there is none */
	const char *value; /* unquoted; NULL for a key without "=", which means true */
};

typedef void git_config_visit(void *data, const struct git_setting *setting);

/* Calls `visit` for every setting, in order. False: the file is damaged, or holds what is longer
 * than git's own words are; what was visited before means nothing then. */
bool git_config_parse(struct span text, git_config_visit *visit, void *data);

/* A value as git reads a truth: true, yes, on, 1; false, no, off, 0, "". False: neither. */
bool git_config_bool(const char *value, bool *out);

#endif
