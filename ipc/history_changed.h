/* `bascule history changed`: what calls that ran have changed, and who let them. */
#ifndef BASCULE_IPC_HISTORY_CHANGED_H
#define BASCULE_IPC_HISTORY_CHANGED_H

/* Words behind "changed" are in argv[1] and on. Exit status as of the commands (ipc/cmd.h). */
int history_changed(int argc, char **argv);

#endif
