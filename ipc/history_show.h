/* `bascule history show ID`: all that was recorded of one call. */
#ifndef BASCULE_IPC_HISTORY_SHOW_H
#define BASCULE_IPC_HISTORY_SHOW_H

/* Words behind "show" are in argv[1] and on. Exit status as of the commands (ipc/cmd.h). */
int history_show(int argc, char **argv);

#endif
