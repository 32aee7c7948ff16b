/* `bascule permission-server`, served by the program of the gate. */
#ifndef BASCULE_IPC_PERMISSION_MAIN_H
#define BASCULE_IPC_PERMISSION_MAIN_H

int permission_main(int argc, char **argv); /* argv[0] is the command; the exit code */

#endif
