/*
 * The log file that every program appends to: one line an event, sanitised, never arguments, 0600,
 * rotated at 1 MiB (one old file kept). The second documented global: a sink that has to be there
 * before anything can be passed.
 */
#ifndef BASCULE_IPC_LOG_H
#define BASCULE_IPC_LOG_H

#include "core/base.h"

/* `who` is a literal such as "gate". Failure to open is silent: logging never stops a program. */
void log_open(const char *path, const char *who, bool debug);
void log_close(void);
/* foreign text in arguments is cleaned */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
