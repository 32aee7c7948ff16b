/*
 * opencode's hook is a plug-in, a file of JavaScript: core/hook_opencode.js, with the command that
 * it starts put in. Where it lies is for those who write it (~/.config/opencode/plugin/).
 */
#ifndef BASCULE_CORE_HOOK_PLUGIN_H
#define BASCULE_CORE_HOOK_PLUGIN_H

#include "core/buf.h"

/* Appends the file to *out. `argv` is what answers a call: an absolute path and its words, such as
 * { "/usr/bin/bascule", "hook", "opencode", NULL }. False: *err says why, and nothing was appended:
 * the path is not absolute, or a word is no UTF-8, which JavaScript could not hand on as it is. */
bool hook_opencode_plugin(const char *const *argv, struct buf *out, struct err *err);

/* Made from the files at build time; ends with name NULL. */
struct hook_text {
	const char *name, *text;
};
extern const struct hook_text hook_texts[];

#endif
