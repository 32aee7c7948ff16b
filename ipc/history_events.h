/* `bascule history events`: what happened beside calls. */
#ifndef BASCULE_IPC_HISTORY_EVENTS_H
#define BASCULE_IPC_HISTORY_EVENTS_H

/* Words behind "events" are in argv[1] and on. Exit status as of the commands (ipc/cmd.h). */
int history_events(int argc, char **argv);

#endif
