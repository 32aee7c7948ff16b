/* `bascule history verify`: is the history as it was recorded? */
#ifndef BASCULE_IPC_HISTORY_VERIFY_H
#define BASCULE_IPC_HISTORY_VERIFY_H

/* Words behind "verify" are in argv[1] and on. Exit status: 0 it is whole, 1 it is not, 2 that
 * could not be found out, or the words were not understood. */
int history_verify(int argc, char **argv);

#endif
