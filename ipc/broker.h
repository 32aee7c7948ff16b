/*
 * The broker's inside, shared by the broker_*.c files only.
 *
 *   broker_main.c     the commands of this program
 *   broker.c          life: lock, sockets, peers coming and going, idle end, hand-over
 *   broker_agent.c    the processes behind gates
 *   broker_who.c      who asks, in words for a person
 *   broker_wire.c     the shape of what is said; claims
 *   broker_gate.c     what gates say
 *   broker_item.c     held calls: every step of core/life.h, and what follows from it
 *   broker_judge.c    from a submission to a verdict
 *   broker_again.c    submissions of what was there before
 *   broker_policy.c   rules and profiles in force, what a yes is remembered as
 *   broker_master.c   by policy, hold everything, deny everything
 *   broker_grant.c    what decisions have left behind
 *   broker_denied.c   what was denied, for those who ask again
 *   broker_rule.c     rules written from a call
 *   broker_dotenv.c   values that are secret because of where they stand
 *   broker_body.c     what belongs to a call beside its row
 *   broker_record.c   the end of a turn: commit, then speak; trouble; durability off the loop
 *   broker_lost.c     gates that are gone, agents that ended, rows that a dead broker left
 *   broker_console.c  what consoles ask
 *   broker_query.c    what consoles ask of the history
 *   broker_stand.c    hooks that stand for the gate in front of a server
 *   broker_servers.c  the servers behind the gates, and their tools
 *   broker_book.c     the rules in force, and how often each has decided
 *   broker_decide.c   what a person decides, and a denial that can be taken back
 *   broker_edit.c     arguments that a person changed
 *   broker_feed.c     what consoles are told
 *   broker_attention.c  whom a waiting call rings
 *
 * Nothing leaves the broker before the row behind it is committed: broker_record.c is the only
 * door.
 */
#ifndef BASCULE_IPC_BROKER_H
#define BASCULE_IPC_BROKER_H

#include "core/caller.h"
#include "core/effects/profile.h"
#include "core/history.h"
#include "core/hook.h"
#include "core/life.h"
#include "core/map.h"
#include "core/message.h"
#include "core/policy/grant.h"
#include "core/policy/policy.h"
#include "core/policy/secret.h"
#include "core/seat.h"
#include "ipc/clock.h"
#include "ipc/config.h"
#include "ipc/home.h"
#include "ipc/notify.h"
#include "ipc/peer.h"
#include "ipc/policy_files.h"
#include "ipc/stream.h"
#include "ipc/writer.h"

enum {
	BROKER_LINE_CAP = 24 << 20,
	BROKER_SLOW_GATE = 4 << 20, /* queued for a gate: it is cut */
	/* queued for a console: it gets a snapshot later instead */
	BROKER_SLOW_CONSOLE = 256 << 10,
	BROKER_FLIGHTS_MAX = 8192, /* allowed and unanswered calls of one gate */
	BROKER_HEAD = 4096, /* bytes of params kept with an item */
	BROKER_LOST_MS = 10000, /* a gate may come back for so long */
	BROKER_LAZY_MS = 20, /* outcomes are written together, this late at most */
	BROKER_LAZY_MAX = 128, /* of both: a call has an outcome and a list of effects */
	BROKER_PREVIEW_MS = 2000,
	BROKER_ACTIVE_MS = 10000, /* a console counts as looked at after a key */
	BROKER_ABOVE_MAX = 8, /* processes above an agent that are told */
};

enum conn_role { ROLE_NONE, ROLE_GATE, ROLE_CONSOLE, ROLE_TOOL };
enum conn_trust { TRUST_ASK, TRUST_YES, TRUST_NO };

struct broker;
struct item;

/* A session: the process that it belongs to, and for a hook's calls the agent's own name of it.
 * Lives as long as a connection, an item or a grant refers to it. */
struct agent {
	struct agent *next; /* broker.agents */
	struct broker *broker;
	struct process process;
	char *narrow; /* the session as the hook says it; NULL: of a gate's calls */
	char *exe; /* its program as the kernel names it; NULL: not to be seen */
	struct process above[BROKER_ABOVE_MAX]; /* nearest first */
	size_t above_count;
	unsigned refs;
	uv_poll_t poll; /* on a pidfd: its end */
	int pidfd;
	bool gone;
};

/* What a gate claims of its server. */
struct claims {
	char *name, *profile, *program, *cwd;
	char *argv_json, *scope_json;
	char **scope; /* the same as texts; ends with NULL */
	struct hash tuple; /* over all of them but cwd */
};

struct conn {
	struct conn *next; /* broker.conns */
	struct broker *broker;
	struct stream *stream; /* NULL: closing */
	enum home_socket via;
	enum conn_role role;
	struct process process;
	char seat[64]; /* who decides here, for the record: "root@pts/3" */
	uint64_t id;
	/* gates */
	char instance[20];
	int64_t session;
	bool session_new; /* its row is of the transaction under way */
	struct claims claims;
	enum conn_trust trust;
	struct agent *agent;
	struct seat from; /* where the agent sits */
	struct map flights; /* call id -> row number, as a pointer-sized number */
	unsigned waiting;
	uint64_t seq, kept; /* notes seen; notes acknowledged */
	bool client_known;
	/* of a hook: the instance of the gate whose claims these are, "" for its own; the agent's
	 * id of the call, NULL if it hands none to its servers; the tool as the server names it,
	 * NULL if the hook knows that */
	char stands[20], *stands_id, *stands_tool;
	/* of a hook: its event, and the member of arguments that only that has, or "" */
	enum hook_event event;
	char beside[32];
	struct told *told; /* of its server, for people; NULL: nothing yet */
	int64_t calls, since_ms; /* recorded of this connection; wall clock */
	struct rules *project; /* of the project's own file; NULL: it has none that is good */
	struct rules *rules; /* in force here, if they differ from the broker's */
	char *project_scope;
	char *project_trouble; /* why its file cannot be read; NULL: it can, or there is none */
	int64_t project_since_ms; /* wall clock: when the gate said so */
	/* consoles */
	bool watching, stale; /* stale: missed something, gets a snapshot */
	uint64_t active_at; /* loop time of the last key; 0: none */
	bool focused; /* its window has said so */
	bool remote; /* whoever looks at it sits elsewhere */
};

enum master_mode { MASTER_POLICY, MASTER_HOLD, MASTER_DENY, MASTER_COUNT }; /* ever stricter */

/* The switch over the policy, and who set it. */
struct master {
	enum master_mode mode;
	char by[64];
	int64_t since_ms; /* wall clock */
};

enum item_kind { ITEM_CALL, ITEM_SERVER };

/* A person's word that is delivered a little later. */
struct later {
	uint64_t due; /* loop time; 0: there is none */
	int64_t at_ms; /* wall clock */
	char *by, *reason;
	bool yes;
	int64_t revision; /* of a yes: that it was said of */
};

/* Arguments that a person has put in the place of the client's. */
struct edit {
	char *by;
	int64_t at_ms; /* wall clock */
	/* JSON, as the client sent them and as they are now; NULL: a secret was found in one of
	 * them, and neither is kept */
	char *proposed, *effective;
	struct hash proposed_bytes; /* of the client's params */
};

/* Something a person is asked, or a released call until its end. */
struct item {
	struct item *next, *prev; /* broker.first: order of arrival */
	struct broker *broker;
	enum item_kind kind;
	enum life_state state; /* written by item_step alone */
	char *call;
	int64_t number; /* 0: not recorded (yet) */
	int64_t recording; /* the number it gets if the commit under way succeeds */
	int64_t session;
	unsigned revision;
	bool visible; /* consoles were told of it */
	bool dirty; /* consoles are to be told */
	bool hidden; /* waits behind a server question */
	bool releasable; /* the rules would allow it by now; a person releases it */
	/* approved before a crash: what was approved is known by the stored hash of its facts */
	bool by_stored;
	unsigned char stored_facts[HISTORY_HASH];
	struct conn *conn; /* NULL: the gate is gone, or has no part in it */
	int64_t gate_pid, gate_start; /* of a connection that broke */
	uint64_t lost_at; /* loop time at which it did; 0: it is there */
	bool counted; /* in conn->waiting */
	bool by_answer; /* released by the answer to a submission: no `go` */
	bool added; /* its row is of the transaction under way */
	struct agent *agent; /* whose session it is; NULL for a server question */
	struct claims claims; /* a copy */
	char *method, *tool, *target, *toward, *era, *client, *client_version, *branch;
	struct caller caller; /* what the client labels the call with */
	struct seat from; /* where its agent sits */
	struct effects effects;
	struct judgement judgement;
	char *said; /* what a person should know first; NULL */
	char *decider, *decision_reason;
	char *kept_reason; /* the same as it is recorded */
	bool decided_yes;
	struct later later;
	struct edit *edit; /* NULL: the arguments are the client's */
	char *editing; /* whose edit its gate was told of and has not submitted yet; NULL: none */
	int64_t arrived_ms, deadline_ms, decided_ms; /* wall clock */
	uint64_t dies_at; /* loop time at which a parked or armed one expires; 0: never */
	struct hash bytes, same, facts;
	struct hash asked; /* `same` of the arguments that the agent sent */
	char same_hex[HASH_HEX + 1]; /* of `same` */
	char *head; /* the first BROKER_HEAD bytes of params */
	struct hash pin;
	bool listed;
};

/* How often a call was denied in its session before, and what was said last. */
struct denied_before {
	int64_t count, number, at_ms; /* count 0: never; number: of the latest */
	const char *reason; /* valid until the next note; NULL: not told */
};

/* What follows once the turn is committed: a verdict, or what a console is told if it is. */
struct answer {
	struct buf line; /* the console's; empty: a verdict */
	uint64_t conn; /* id */
	char call[48];
	char rpc[64]; /* raw id of the request */
	enum verdict verdict;
	int64_t number;
	const char *rule;
	char reason[240];
	const char *because;
	struct denied_before before; /* without its reason */
	struct buf instead; /* of a denial: JSON, what the rules allow; freed when it is said */
};

struct after {
	char *call; /* of the item */
	enum life_event event;
	enum life_effect effect;
	enum life_state before;
};

struct finish {
	int64_t number;
	enum life_state state;
	const char *outcome; /* static */
	int64_t size, took_us, at_us;
	/* JSON: what the call would have done, or who asked, and then nothing of the above; or NULL
	 */
	char *effects, *who;
};

struct record {
	bool open; /* a transaction is */
	bool failed; /* in this turn */
	char trouble[200]; /* "" or why the history cannot be written */
	struct answer *answers;
	struct after *afters;
	size_t answer_count, answer_cap, after_count, after_cap;
	struct finish *lazy;
	size_t lazy_count, lazy_cap;
	size_t lazy_written; /* the first so many are in the open transaction */
	bool acknowledge; /* gates may forget their notes after the commit */
	uv_timer_t lazy_timer, retry_timer, checkpoint_timer;
	uv_work_t sync, checkpoint;
	bool sync_running, checkpoint_running, work_again;
	struct sealer *sealer; /* ipc/sealer.h */
	struct retention *retention; /* ipc/retention.h */
	char **syncing; /* items whose decision is being made durable */
	size_t syncing_count, syncing_cap;
	char **sync_next;
	size_t sync_next_count, sync_next_cap;
};

struct preview {
	struct preview *next; /* broker.previews */
	uint64_t id, console;
	char *rpc; /* raw id of the console's request */
	char *call;
	uint64_t due; /* loop time */
};

struct lost;

struct broker {
	uv_loop_t *loop;
	struct turn turn;
	const struct paths *paths;
	const struct config *config;
	struct home home;
	struct history *history;
	unsigned char key[HASH_BYTES]; /* of hashes in the history, and of marks */
	struct writer *writer;
	uv_async_t writer_changed;
	char details[WRITER_TROUBLE]; /* what it said last of its trouble; "": none */
	struct bodies *bodies; /* texts of calls whose rows are not committed yet; NULL: none */
	struct broker_policy {
		struct policy_files files;
		struct secrets *secrets;
		uv_fs_event_t watch[2];
		struct map tasks, tools; /* what was accepted: key -> value */
		struct map parts; /* of accepted definitions, hashed one by one */
		struct map born; /* rule -> since when it says what it says */
		struct map names; /* of rules that judgements point to; they outlive the rules */
	} policy;
	struct master master;
	struct attention {
		uv_timer_t burst;
		enum risk riskiest; /* of those that came since the last ring */
		uint64_t muted_due; /* loop time; 0: not muted */
		int64_t muted_until_ms; /* wall clock */
	} attention;
	struct denial *denials;
	struct held_grant *grants;
	size_t grant_count;
	int64_t grant_ids;
	char instance[17], boot[40], user[32];
	int64_t started_ms;
	uv_poll_t listeners[HOME_SOCKETS];
	bool listening;
	uv_fs_event_t home_watch;
	uv_signal_t signals[3];
	uv_timer_t idle_timer, feed_timer, clock;
	struct conn *conns, *closed;
	int listeners_closed;
	uint64_t clock_due;
	uint64_t conn_ids, preview_ids;
	struct item *first, *last;
	struct map items; /* call id -> struct item */
	struct agent *agents;
	struct preview *previews;
	struct lost *lost;
	struct record record;
	struct json_scan scan;
	struct notify *notify;
	struct askers {
		struct process *list;
		size_t count, cap;
	} askers;
	struct counters {
		int64_t allowed, approved, denied, withdrawn;
	} counters;
	bool counters_dirty, items_dirty, stopping, daemon;
	char *last_passed; /* JSON of the latest allowed call, for the consoles' tail */
};

/* broker.c */
int broker_run(const struct paths *paths, const struct config *config, const int *decide_fds,
	size_t decide_count, bool daemon);
void broker_stop(struct broker *b, const char *why);
void broker_end_turn(void *data); /* turn.before */
void broker_idle(struct broker *b); /* something ended: is anybody left? */
struct conn *broker_conn(struct broker *b, uint64_t id);
void conn_close(struct conn *c, const char *why);
void conn_send(struct conn *c, struct buf *line); /* *line is empty afterwards */
void broker_tick(struct broker *b, uint64_t due_ms);

/* broker_agent.c */
/* `narrow`: NULL, or the session within that process */
struct agent *agent_hold(struct broker *b, const struct process *p, const char *narrow);
struct agent *agent_ref(struct agent *a); /* NULL is fine, in both */
void agent_release(struct agent *a);
/* Of one client process, whichever sessions of it. */
bool agent_same_process(const struct agent *a, const struct agent *other);
bool broker_is_asker(void *data, pid_t pid, int64_t start);
void broker_add_asker(struct broker *b, const struct process *p);
bool broker_load_asker(void *data, int64_t pid, int64_t start);

/* broker_who.c */
void who_look(struct agent *a); /* at what is above it */
void who_learn(struct conn *c, struct span hello); /* params of hello; the agent is known */
/* Members of `client`, into an open object; `agent` may be NULL. */
void who_write(const struct caller *caller, const struct seat *seat, const struct agent *agent,
	struct jsonw *w);
/* Beside the row of a call of these params; `asked`: a person will be, so it is said in any case */
void who_record(struct conn *c, int64_t number, struct span params, bool asked);

/* broker_wire.c */
void claims_finish(struct claims *c);
void claims_copy(struct claims *to, const struct claims *from);
/* `server` of hello and trust */
bool claims_read(struct claims *c, struct span server, struct err *err);
void wire_error(struct conn *c, struct span rpc_id, int code, const char *message);

/* broker_gate.c */
void gate_message(struct conn *c, const struct message *m);
void gate_response(struct conn *c, const struct message *m);
void gate_hello(struct conn *c, const struct message *m);
bool gate_write_session(struct conn *c, struct err *err); /* inside a transaction */
void gate_server_decided(struct broker *b, const struct hash *tuple, bool yes);

/* broker_policy.c */
bool policy_start(struct broker *b, struct err *err);
void policy_stop(struct broker *b); /* before the loop ends */
void policy_end(struct broker *b); /* after it */
void policy_refresh(struct broker *b); /* files may have changed */
void policy_project(struct conn *c, struct span params); /* the project's own rules */
void policy_forget_project(struct conn *c);
void policy_write(const struct broker *b, struct jsonw *w); /* member `policy`, for a gate */
void policy_write_files(const struct broker *b, struct jsonw *w); /* the same, for a console */
/* Adds what only the broker finds, and knows. `pin` NULL: not listed. */
void policy_complete(struct conn *c, const char *tool, struct span arguments,
	const struct hash *pin, const char *doubt, struct effects *effects);
/* The same for effects gathered again about the same bytes. */
void policy_complete_again(const struct item *item, struct effects *effects);
/* The rest of `call`: what it is judged by. `c` may be NULL. */
void policy_fill(struct broker *b, const struct conn *c, const struct claims *claims,
	struct policy_call *call);
void policy_verdict(struct broker *b, const struct policy_call *call, struct judgement *out);
/* Of a tool of this server: the accepted definition's hash (bytes), and what is kept of its parts;
 * NULL: none. */
const char *policy_pin(const struct broker *b, const struct claims *claims, const char *tool);
const char *policy_parts(const struct broker *b, const struct claims *claims, const char *tool);
void policy_keep_parts(
	struct broker *b, const struct claims *claims, const char *tool, const char *parts);
void policy_accepted(const struct item *item); /* a person said yes to it */
void policy_judge_queue(struct broker *b);
const char *policy_name(struct broker *b, const char *rule); /* a copy that lasts */
bool policy_carries_secret(const struct effects *effects); /* one was found */
/* As it is kept: without texts where a secret was found; `clean`: none is. Owned by the caller. */
char *policy_effects_json(struct broker *b, const struct effects *effects, bool clean);

/* broker_master.c */
bool master_start(struct broker *b, struct err *err); /* as it was left */
void master_message(struct conn *c, const struct message *m);
/* True: the switch has made the judgement stricter. */
bool master_tightens(const struct broker *b, struct judgement *judgement);
void master_write(const struct broker *b, struct jsonw *w); /* member `master` */

/* broker_denied.c: of a form (`same`) in a session; `agent` may be NULL */
void denied_note(struct broker *b, struct agent *agent, const struct hash *same, int64_t number,
	const char *reason);
struct denied_before denied_before(
	struct broker *b, const struct agent *agent, const struct hash *same);
/* A person said yes to it, or the rules do by now. */
void denied_forget(struct broker *b, const struct agent *agent, const struct hash *same);
void denied_write(const struct denied_before *before, struct jsonw *w); /* a member, or nothing */
/* The member `instead`: an array of what the rules in force allow, as core/policy/instead.h has it;
 * nothing if there is none. */
void denied_instead(
	struct broker *b, const struct policy_call *call, bool by_person, struct buf *array);
void denied_write_instead(const struct buf *array, struct jsonw *w);
void denied_end(struct broker *b);

void dotenv_learn(const struct conn *c); /* broker_dotenv.c: a gate has said its scope */

/* broker_rule.c: `try_rule`, `save_rule`; `drop_rule` */
void rule_message(struct conn *c, const struct message *m);
void rule_drop_message(struct conn *c, const struct message *m);

/* broker_book.c */
bool book_recall(struct broker *b, struct err *err); /* when rules were seen first */
void book_see(struct broker *b); /* the files were read */
void book_message(struct conn *c, const struct message *m); /* `rules` */
void book_broken(const struct broker *b, struct jsonw *w); /* member `broken`: rule files */

/* broker_servers.c */
void servers_told(struct conn *c, struct span params); /* by its gate: `server` */
void servers_pinned(struct conn *c); /* some of its tools' definitions may be accepted now */
void servers_forget(struct conn *c);
/* The hash of a tool's definition as the gate lists it; false: it does not. */
bool servers_pin(const struct conn *gate, const char *tool, struct hash *pin);
void servers_message(struct conn *c, const struct message *m); /* `servers` */

/* broker_query.c: `history`, `event`, `like` */
void query_page(struct conn *c, const struct message *m);
void query_event(struct conn *c, const struct message *m);
void query_like(struct conn *c, const struct message *m);

/* broker_judge.c */
void judge_submit(struct conn *c, const struct message *m);
void judge_item(const struct item *item, const struct effects *effects, struct judgement *out);

/* broker_item.c */
/* 0: now */
struct item *item_create(
	struct broker *b, enum item_kind kind, const char *call, int64_t arrived_ms);
void item_destroy(struct item *item);
struct item *item_find(struct broker *b, struct span call);
/* state, row, and what follows after the commit */
bool item_step(struct item *item, enum life_event event);
void item_after(struct item *item, enum life_effect effect); /* the commit is done */
/* The commit of a step failed; later ones are undone before it. */
void item_undo(struct item *item, enum life_event event, enum life_state before);
void item_ready(struct item *item, struct effects *effects, struct span branch); /* takes effects */
/* The same while it waits: what changed is said, and counts from now on; that may only tighten. */
void item_looked(struct item *item, struct effects *effects, struct span branch);
void item_done(struct item *item, const char *outcome, int64_t size, int64_t took_us);
/* leads towards execution: never without its row */
bool item_needs_record(enum life_effect effect);
void item_rename(struct item *item, const char *call); /* an identical call took its place */
bool item_is_open(const struct item *item); /* waits for a person or for its gate */
void item_row(struct item *item, struct history_call *row);
bool item_write(struct item *item); /* its row as it is now, inside a transaction */
void item_check(struct item *item); /* sends `check` */
void item_changed(struct item *item); /* new revision */
void item_say(struct item *item, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct item *item_server_question(struct broker *b, const struct conn *c);
void item_release_behind(struct item *server, bool yes);
/* accepted by `trust`: nothing is released by it */
void item_answer_question(struct broker *b, const struct hash *tuple);
unsigned item_waiting(const struct broker *b);

/* broker_record.c */
void record_init(struct broker *b);
bool record_begin(struct broker *b); /* a transaction is open; false: trouble */
void record_end_turn(struct broker *b);
void record_answer(struct broker *b, const struct answer *answer);
/* Takes the line: said after the commit; if that fails, an error in its place. */
void record_reply(struct conn *c, struct span rpc_id, struct buf *line);
void record_after(struct broker *b, struct item *item, enum life_event event,
	enum life_effect effect, enum life_state before);
void record_finish(struct broker *b, int64_t number, enum life_state state, const char *outcome,
	int64_t size, int64_t took_us);
/* Takes the text; written with the outcomes. */
void record_effects(struct broker *b, int64_t number, char *json);
void record_who(struct broker *b, int64_t number, char *json); /* the same of who asked */
void record_failed(struct broker *b, const struct err *err);
void record_flush(struct broker *b); /* lazy rows, now */
void record_note(struct broker *b); /* a note came: acknowledge it soon */
void record_close(struct broker *b);
void record_free(struct broker *b); /* after the loop */

/* broker_lost.c */
/* A row whose gate is not connected: left by a broker that died, or by a connection that broke. */
struct lost {
	struct lost *next; /* broker.lost */
	char *call;
	int64_t number;
	enum life_state state;
	char *decider, *decision_reason; /* NULL: nobody decided */
	unsigned char facts[HISTORY_HASH], bytes[HISTORY_HASH]; /* as stored */
	bool stored; /* they are known */
	int64_t arrived_ms;
	int64_t pid, start; /* of the gate; 0: not known */
	uint64_t since; /* loop time */
};
void lost_load(struct broker *b); /* open rows of a broker before us */
void lost_conn(struct conn *c); /* a gate's connection ended: its items and flights */
/* NULL: not there; free with lost_free */
struct lost *lost_take(struct broker *b, struct span call);
void lost_free(struct lost *l);
void lost_due(struct broker *b, uint64_t now);
void lost_finish(struct broker *b);

/* broker_console.c */
void console_message(struct conn *c, const struct message *m);
void console_preview_answer(struct conn *gate, const struct message *m);
void console_due(struct broker *b, uint64_t now);
void console_hello(struct conn *c, const struct message *m);

/* broker_decide.c */
void decide_message(struct conn *c, const struct message *m);
void decide_undo(struct conn *c, const struct message *m);
void decide_due(
	struct broker *b, uint64_t now); /* delivers what is due; at the end of all time, each no */
void decide_forget(struct item *item);

/* broker_edit.c */
void edit_message(struct conn *c, const struct message *m); /* `edit` */
/* Writes it with the row of the call; true if there is none. */
bool edit_record(const struct item *item, struct err *err);
void edit_forget(struct item *item); /* the arguments are the client's own again */

/* broker_attention.c */
void attention_init(struct broker *b);
void attention_new(struct broker *b, const struct item *item); /* it waits now */
void attention_gone(struct broker *b); /* something waits no more */
void attention_active(struct conn *c, const struct message *m);
void attention_mute(struct conn *c, const struct message *m);
void attention_due(struct broker *b, uint64_t now);
void attention_write(const struct broker *b, struct jsonw *w); /* member `muted_until` */

/* broker_feed.c */
void feed_item(struct item *item); /* mark: consoles are told after the commit */
void feed_gone(struct item *item);
void feed_flush(struct broker *b); /* after the commit */
void feed_snapshot(struct conn *c, struct jsonw *w); /* members of a snapshot */
void feed_items(struct broker *b, struct jsonw *w);
void feed_counters(struct broker *b, struct jsonw *w);
void feed_trouble(struct broker *b);
void feed_details(struct broker *b); /* the same of the writer, if it is another now */
void feed_write_trouble(const struct broker *b, struct jsonw *w); /* member `trouble` */
void feed_master(struct broker *b);
void feed_muted(struct broker *b);
void feed_passed(struct broker *b, const struct conn *c, int64_t number, struct span tool,
	const char *target, const char *rule);
bool feed_is_watched(const struct broker *b); /* a console is attached */
void feed_watched(struct broker *b); /* gates are told whether a console is attached */
void feed_room(struct conn *c); /* a slow console caught up */

#endif
