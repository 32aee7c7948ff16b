/* `bascule history export`: calls as files for others. */
#ifndef BASCULE_IPC_HISTORY_EXPORT_H
#define BASCULE_IPC_HISTORY_EXPORT_H

/* Words behind "export" are in argv[1] and on. Exit status as of the commands (ipc/cmd.h). */
int history_export(int argc, char **argv);

#endif
