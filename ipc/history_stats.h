/* `bascule history stats`: what is asked how often, and how it is answered. */
#ifndef BASCULE_IPC_HISTORY_STATS_H
#define BASCULE_IPC_HISTORY_STATS_H

/* Words behind "stats" are in argv[1] and on. Exit status as of the commands (ipc/cmd.h). */
int history_stats(int argc, char **argv);

#endif
