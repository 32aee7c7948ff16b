/* What belongs to a call beside its row: shared by the broker_*.c files only. Texts are copied;
 * what is kept of them, and how, is the writer's business (ipc/writer.h). */
#ifndef BASCULE_IPC_BROKER_BODY_H
#define BASCULE_IPC_BROKER_BODY_H

#include "ipc/broker.h"

struct submission;

struct decided {
	bool yes;
	const char *by;
	int64_t shown_ms; /* on the screen, unchanged, before the key; -1: not said */
	int64_t delay_ms;
	struct span grant; /* JSON as asked for; absent: none */
	int64_t grant_id; /* of what was given */
};
/* Puts marks in the place of the secrets in a text that is to be kept; may be another text then. */
void body_mark(struct broker *b, char **text);
char *body_target(struct broker *b, const struct effects *effects); /* owned, marked */
/* history_trust, with the command line marked. */
bool body_trust(struct broker *b, const struct claims *k, struct span by, struct err *err);
/* The arguments: kept if the turn is. */
void body_submission(struct broker *b, int64_t number, const struct submission *s);
void body_result(struct broker *b, int64_t number, struct span note); /* params of `done` */
void body_shown(const struct item *item, struct span preview); /* a result of `preview` */
void body_decision(const struct item *item, const struct decided *decided);
void body_commit(struct broker *b, bool kept); /* the turn is */
void body_end(struct broker *b);

#endif
