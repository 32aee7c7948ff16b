/* `bascule hook AGENT`, served by the program of the gate. */
#ifndef BASCULE_IPC_HOOK_MAIN_H
#define BASCULE_IPC_HOOK_MAIN_H

int hook_main(int argc, char **argv); /* argv[0] is "hook"; the exit code */

#endif
