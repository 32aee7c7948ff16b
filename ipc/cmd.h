/*
 * Commands that only read files and print: they need no broker. Each takes its own name as argv[0]
 * and returns the exit status: 0, 1 (did not work), 2 (command line not understood).
 */
#ifndef BASCULE_IPC_CMD_H
#define BASCULE_IPC_CMD_H

#include "core/safe_text.h"

enum { CMD_OK = 0, CMD_FAILED = 1, CMD_USAGE = 2 };

int cmd_config(int argc, char **argv); /* [--json] */
int cmd_paths(int argc, char **argv); /* [--json] */
int cmd_log(int argc, char **argv); /* [-f] [--lines N] */
/* [FILTER...] [--json] [--limit N], or a command of its own */
int cmd_history(int argc, char **argv);
int cmd_grants(int argc, char **argv); /* [--json] [--revoke N] [--decide-fd N] */
int cmd_restore(int argc, char **argv); /* N [--file PATH] [--yes] [--print] [--json] */
int cmd_queue(int argc, char **argv); /* [--json] [--decide-fd N] */
int cmd_status(int argc, char **argv); /* [--line] [--json] [--decide-fd N] */
int cmd_trust(int argc, char **argv); /* as `run` */
int cmd_stop(const char *root, int fd); /* fd: an inherited decision socket, or -1 */

/* A flag of a command: `value` is set to its argument if it takes one, `seen` to true otherwise.
 * The name "" stands for the one word that is no flag; behind "--" every word is none. */
struct cmd_flag {
	const char *name;
	const char **value;
	bool *seen;
};

/* Reads argv[1] and what follows: "--flag", "--flag VALUE", "--flag=VALUE"; the last of several
 * wins. */
bool cmd_read_flags(
	int argc, char **argv, const struct cmd_flag *flags, size_t count, struct err *err);

struct cJSON;
/* A member of an answer of the broker: a text, made safe for one line; a number, 0 if it is none.
 */
struct safe_text cmd_text(const struct cJSON *object, const char *name);
long long cmd_number(const struct cJSON *object, const char *name);

/* Says on stderr what went wrong, cleaned, with the command's name before it. Returns `code`. */
int cmd_fail(const char *command, const struct err *err, int code);
/* Prints a line of valid JSON in ASCII: what is not stands inside a string, where \u says the same.
 */
void cmd_print_json(const char *json);
/* Flushes stdout; CMD_OK, or CMD_FAILED with a message if it could not all be written. */
int cmd_written(const char *command);

#endif
