/* A submission on its way to a verdict: shared by broker_judge.c, broker_again.c,
 * broker_edit.c and broker_stand.c only. */
#ifndef BASCULE_IPC_BROKER_SUBMISSION_H
#define BASCULE_IPC_BROKER_SUBMISSION_H

#include "ipc/broker.h"

struct submission {
	struct span rpc; /* raw id of the request */
	char *call, *method, *tool, *era, *toward, *branch, *client, *client_version, *doubt;
	struct span params, name, arguments, uri; /* raw */
	struct span proposed; /* the client's params, if a person changed the arguments */
	char *edited_by, *edit_trouble; /* as the gate says */
	char *target; /* what it is aimed at, for people: marked */
	struct effects effects;
	bool again, parked, listed, agreed;
	bool clean; /* the scanner has looked at all of its arguments, and found nothing */
	struct hash pin, bytes, same, facts;
	struct hash plain; /* as same, without what only the permission form of a call has */
	char same_hex[HASH_HEX + 1];
	int64_t deadline_ms;
	struct judgement judgement;
	int64_t arrived_ms; /* 0: now */
	struct denied_before before; /* of a denial */
	struct buf instead; /* of the same; the answer's once it is said */
	char said[120]; /* what a person should know first, if it is held */
};

/* broker_judge.c */
/* refusals' words */
extern const char submission_used_before[], submission_other_bytes[];
void submission_answer(struct conn *c, const struct submission *s, enum verdict verdict,
	int64_t number, const char *because);
struct item *submission_item(
	struct conn *c, struct submission *s, int64_t number); /* takes the effects */
void submission_by_policy(
	struct conn *c, struct submission *s, int64_t number); /* number: of its row, 0 for none */

/* broker_edit.c */
/* `s` is the call of `item` with other arguments, and nothing else is different. */
bool edit_fits(const struct item *item, const struct submission *s);
/* The same of params that nobody but the history knows by now. */
bool edit_is_sound(const struct submission *s);
void edit_take(struct item *item, struct conn *c, struct submission *s); /* a new revision */
void edit_attach(struct item *item, const struct submission *s); /* to an item just made */

/* broker_again.c */
void submission_take_facts(struct item *item, struct submission *s); /* effects too */
struct item *again_find_parked(struct conn *c, const struct submission *s);
void again_parked(struct item *item, struct conn *c, struct submission *s);
void again_item(struct item *item, struct conn *c, struct submission *s);
void again_lost(struct lost *lost, struct conn *c, struct submission *s);
/* Are these the bytes that the row is of, or what a person made of them? */
bool again_is_lost(const struct lost *lost, struct conn *c, const struct submission *s);
bool again_ended(struct conn *c, struct submission *s); /* false: nothing is known of it */

#endif
