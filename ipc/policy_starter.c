/* `bascule policy starter [DIR]`: prints a first rule file for a project. Writes nothing. */
#include <config.h>

#include "ipc/policy_cmd.h"

#include "ipc/starter.h"

int policy_cmd_starter(int argc, char **argv)
{
	const char *root = NULL, *dir = NULL;
	const struct cmd_flag flags[] = { { "--root", &root, NULL }, { "", &dir, NULL } };
	struct err err = { 0 };
	struct buf text = { 0 };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), &err)) {
		return cmd_fail("policy starter", &err, CMD_USAGE);
	}
	if (!starter_write(dir ? dir : ".", &text, NULL, &err)) {
		return cmd_fail("policy starter", &err, CMD_FAILED);
	}
	fwrite(text.data, 1, text.len, stdout);
	buf_finish(&text);
	return cmd_written("policy starter");
}
