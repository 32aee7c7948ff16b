/* The sub-commands of `bascule policy`; each takes its own name as argv[0], see ipc/cmd.h. */
#ifndef BASCULE_IPC_POLICY_CMD_H
#define BASCULE_IPC_POLICY_CMD_H

#include "ipc/cmd.h"
#include "ipc/policy_case.h"
#include "ipc/policy_project.h"
#include "ipc/recorded.h"

#include <stdio.h>

int policy_cmd_check(int argc, char **argv); /* [FILE] */
int policy_cmd_test(int argc, char **argv); /* [FILE] [--corpus FILE] */
int policy_cmd_explain(int argc, char **argv); /* [NUMBER] [--assume-facts] */
int policy_cmd_judge(int argc, char **argv); /* [FILE] [--assume-facts] */
int policy_cmd_sets(int argc, char **argv);
int policy_cmd_profiles(int argc, char **argv); /* [NAME] */
int policy_cmd_fmt(int argc, char **argv); /* [FILE] */
int policy_cmd_starter(int argc, char **argv); /* [DIR] */
int policy_cmd_replay(int argc, char **argv); /* [--since T | --log FILE] [--grants KIND] ... */

/* `bascule policy-server`: [--agent AGENT] [--scope DIR]... */
int policy_cmd_server(int argc, char **argv);

/* Opens FILE, or stdin for NULL and "-". NULL: says on stderr why not. */
FILE *policy_open_lines(const char *command, const char *file);
/* The next line without its end, empty ones skipped; false at the end. */
bool policy_next_line(FILE *in, char **line, size_t *cap, struct span *text);

/* `bench_init` with the places of `root`, or the words on stderr why not. */
struct policy_places {
	struct paths paths;
	struct bench bench;
};
bool policy_places_open(struct policy_places *places, const char *command, const char *root);
void policy_places_close(struct policy_places *places);
/* Fills in what a recorded call is judged by: the rules of now, those of its project included. */
void policy_recorded(struct policy_places *places, struct recorded *recorded);

#endif
