/*
 * bascule-setup: the commands that look at, change or take back what lies around bascule: agents'
 * configurations, the installation, its own files. The front command starts this program with the
 * command's name as argv[1].
 */
#include <config.h>

#include "ipc/cmd.h"
#include "ipc/doctor.h"
#include "ipc/init.h"
#include "ipc/uninstall.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "doctor", cmd_doctor },
	{ "init", cmd_init },
	{ "uninstall", cmd_uninstall },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < COUNT_OF(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			return commands[i].run(argc - 1, argv + 1);
		}
	}
	fprintf(stderr,
		"bascule: this program is started by the front command: see bascule help\n");
	return CMD_USAGE;
}
