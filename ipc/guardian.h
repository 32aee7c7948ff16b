/*
 * The process between the gate and its server. It starts the server in a process group of its own,
 * adopts whatever that leaves behind, and ends all of it when the gate is gone, however the gate
 * ended.
 *
 * It is forked before anything else happens in the gate, holds nothing but two pipes, and executes
 * nothing of ours.
 */
#ifndef BASCULE_IPC_GUARDIAN_H
#define BASCULE_IPC_GUARDIAN_H

#include "core/base.h"

#include <sys/types.h>

struct guardian {
	pid_t pid;
	/* to the guardian: one byte a signal to send; closing it means "the gate is gone" */
	int control;
	int report; /* from the guardian: struct guardian_report */
	int server_in, server_out; /* our ends of the server's stdin and stdout */
};

struct guardian_report {
	/* 's': started, value = pid; 'f': exec failed, value = errno; 'e': ended, value = wait
	 * status */
	int kind;
	int value;
};

/* The server inherits environment, directory and stderr. */
bool guardian_start(struct guardian *guardian, char *const *argv, struct err *err);
void guardian_signal(const struct guardian *guardian, int signal); /* to the server's whole group */

#endif
