/*
 * The gate's inside, shared by the gate_*.c files only.
 *
 *   gate_life.c    what every gate is: output, clock, beginning and end
 *   gate_main.c    the program: options, the server's process, the end of both
 *   gate_client.c  lines from the client: route by the method table
 *   gate_server.c  lines from the server: classify, inspect, pass
 *   gate_before.c  files as they are before a call writes them
 *   gate_call.c    gated calls: the steps of core/life.h as the gate sees them
 *   gate_edit.c    arguments that a person changed
 *   gate_round.c   multi-round holds of the modern era
 *   gate_result.c  what is told of an answer, for the record
 *   gate_wire.c    the conversation with the broker
 *   gate_seat.c    where the agent sits: its tmux pane, its editor
 *   gate_tell.c    what the broker is told of the server, for people
 *   gate_tools.c   the server's tool list: pins, staleness, asking for it ourselves
 *   gate_lane.c    the order of what goes to the server
 */
#ifndef BASCULE_IPC_GATE_H
#define BASCULE_IPC_GATE_H

#include "core/deadline.h"
#include "core/effects/effect.h"
#include "core/life.h"
#include "core/map.h"
#include "core/message.h"
#include "ipc/claim.h"
#include "ipc/config.h"
#include "ipc/facts.h"
#include "ipc/link.h"
#include "ipc/stream.h"

enum {
	GATE_CLIENT_CAP = 20 << 20, /* a client's line */
	GATE_SERVER_CAP = 16 << 20, /* a server's line; longer ones are streamed */
	GATE_PENDING_MAX = 4096, /* requests without an answer, a direction */
	GATE_ROUNDS = 9, /* of a multi-round hold */
	GATE_BEHIND_MS = 2000, /* a call waits so long for one that its facts rest on */
	CALL_BETWEEN_MS = 30000, /* a client comes back for the next one within this, or is gone */
	GATE_PARKED_MAX = 64, /* parked calls whose bytes are kept for previews */
	GATE_HIGH_MARK = 4 << 20, /* queued output at which the other side is paused */
};

enum gate_side { SIDE_CLIENT, SIDE_SERVER };

/* Where a gated call stands between arriving and being in the broker's hands. */
enum call_stage {
	CALL_LISTING, /* waits for a fresh tool list */
	CALL_BEHIND, /* waits for another call that its facts rest on */
	CALL_FACTS, /* facts are being gathered */
	CALL_ASKED, /* submitted, no verdict yet */
	CALL_ANSWERED, /* the broker holds it */
};

struct gate;
struct before;

/* A gated request. Owned by gate.calls; freed by call_destroy. */
struct call {
	struct gate *gate;
	struct before *before; /* its files before it was forwarded; NULL: none */
	struct call *next, *prev; /* gate.first_call */
	char id[40]; /* INSTANCE-N */
	char *tool; /* decoded; "" if the method names none */
	enum life_state state; /* written by call_step alone */
	enum call_stage stage;
	enum gate_side from; /* who asks; the answer goes back there */
	struct buf line; /* the bytes that came, with "\n" */
	struct message message; /* its spans lie in `line` */
	/* as the client sent it, if a person changed its arguments: then `line` is what would be
	 * forwarded. Else empty */
	struct buf proposed;
	struct message proposed_message;
	char *edited_by; /* who did, as the broker says */
	const char *edit_trouble; /* why an edit was not taken, until the broker knows */
	struct effects effects;
	/* of the request that waits for an answer now; "" between rounds and once answered */
	char key[MESSAGE_KEY];
	char *reply_id; /* raw id of that request */
	char *token; /* raw progress token of it, or NULL */
	char *state_token; /* requestState of a multi-round hold, or NULL */
	char *late_words; /* a denial that came between two rounds */
	struct hash same; /* canonical form, for recognising the next round; valid if state_token */
	int64_t number; /* the broker's; 0: none yet */
	uint64_t deadline_ms, park_ms, progress_ms; /* loop time; deadline 0: none */
	uint64_t arrived_ms;
	uint64_t forwarded_us;
	struct span result; /* raw, while call_finished runs: what the answer says; or absent */
	uint64_t asked_ms; /* since when it waits for a broker */
	uint64_t between_ms; /* between rounds since then; 0: no */
	struct hash looked; /* mark of its files when the facts were last gathered for a person */
	unsigned progress, rounds;
	bool check_waits; /* `check` came between two rounds */
	bool by_person; /* approved, not allowed by a rule: `forwarded` is said at once */
	bool in_lane, overtaken; /* see gate_lane.c */
	bool submitted, resubmitted;
};

/* A request that waits for its answer: gated or not. */
struct pending {
	struct call *call; /* NULL: ungated */
	enum method_special special;
	bool own; /* asked by the gate itself */
	bool first_page; /* tools/list without cursor */
	bool cancelled;
	char *raw_id; /* of an ungated request: for an error when the server is gone */
};

struct lane;
struct tools;
struct wire;

struct gate {
	uv_loop_t *loop;
	struct turn turn;
	const struct paths *paths;
	const struct config *config;
	struct facts facts;
	struct hash profiles_hash; /* of the user's, as the broker sent them */
	bool some_behind; /* calls wait for an earlier one */
	int64_t project_stamp; /* of the project's rules as last sent; 0: none */
	char instance[17];
	struct profiles *profiles;
	struct claim claim;
	const char *socket;

	struct stream *client_in, *client_out, *server_in, *server_out;
	bool server_paused, client_paused;
	struct json_scan scan;
	struct map pending[2]; /* key -> struct pending, by who asked */
	struct map calls; /* id -> struct call: everything not ended */
	struct call *first_call; /* the same, oldest first */
	struct call *last_call;
	struct lane *lane;
	struct tools *tools;
	struct wire *wire;
	uv_timer_t clock; /* the next thing that is due */
	uint64_t clock_due;
	unsigned call_count;
	unsigned waiting; /* calls that nobody decided yet */

	const char *session; /* of a hook's call, as the agent names it; NULL: a gate's */
	/* of a hook's calls: which event of the agent they are, and the member of arguments that
	 * only that has; NULL: no matter, none */
	const char *event, *beside;
	/* A hook: whose tool its call is, as `for` in hello; both NULL: the agent's own, or no
	 * longer asked. `id`: the agent's of the call if it hands that to its servers. */
	struct gate_for {
		const char *server, *tool, *joint, *id;
	} is_for;
	/* By which the calls are read; NULL: as `claim` says. Owned. */
	char *as_name, *as_profile;
	char *client_name, *client_version;
	struct server_said {
		char *protocol, *name, *version; /* NULL: not said */
	} said; /* by the server, of itself */
	const struct deadline *deadline;
	bool initialized; /* notifications/initialized was forwarded */
	bool modern_seen, legacy_seen; /* eras that the client has used */
	bool spoken; /* the process has got a message */
	bool streaming; /* a server line over the cap is passing: ours wait */
	struct buf held_output; /* our lines for the client meanwhile */
	bool client_ended, server_ended, ending;
	const struct gate_host *host;
};

/* Who runs a gate: is told of the end of either side, once each; and asked why the server could not
 * be given these arguments in the place of the client's, where only the host can know. */
struct gate_host {
	void (*client_left)(struct gate *g);
	void (*server_left)(struct gate *g);
	const char *(*edit_trouble)(
		struct gate *g, const struct message *m, struct span arguments); /* or NULL */
	/* A broker has answered hello; `server`: the gate that this one may stand for, as `for` in
	 * its answer, or absent. False: not with this one now; try again later. May be NULL. */
	bool (*greeted)(struct gate *g, struct span server);
	void (*hopeless)(struct gate *g); /* no broker, and none can be started; may be NULL */
};

struct gate_ends {
	int client_in, client_out, server_in, server_out; /* seen from the gate: reads client_in */
};

struct gate_setup {
	const char *name, *profile, *socket; /* may be NULL */
	/* of a hook's call; NULL: none. Lent for as long as the gate runs */
	const char *session, *event, *beside;
	char **scope;
	size_t scope_count;
	char *const *argv; /* of the server: a claim */
	const char *const *contained; /* as of struct claim */
	struct gate_ends ends;
	const struct gate_host *host;
};

/* gate_life.c */
/* *g is zero but for loop, paths and config. False: *err says why, and nothing runs. */
bool gate_begin(struct gate *g, const struct gate_setup *setup, struct err *err);
void gate_finish(struct gate *g); /* the loop is run once more, and everything is freed */
/* the clock strikes at loop time `due_ms` or earlier */
void gate_tick(struct gate *g, uint64_t due_ms);
/* stderr and log, sanitised */
void gate_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* our own line, at a line boundary; *line is empty afterwards */
void gate_to_client(struct gate *g, struct buf *line);
void gate_to_server(struct gate *g, struct buf *line);
void gate_to_side(struct gate *g, enum gate_side to, struct buf *line);
void gate_random(unsigned char *out, size_t n);
void gate_pressure(struct gate *g); /* pauses and resumes the readers by what is queued */

/* gate_client.c */
void pending_destroy(struct pending *entry); /* NULL is fine */
void gate_client_line(void *data, struct span line);
void gate_client_over(void *data);
/* Sends the line that is being read, as it came, to the other side. */
void gate_pass(struct gate *g, enum gate_side from, struct span line);
/* Registers the request as pending; false: duplicate id or table full, `why` says which. */
bool gate_expect(struct gate *g, enum gate_side from, const char *key, struct pending *entry,
	const char **why);
/* in the form its method wants */
void gate_answer(struct gate *g, struct call *call, const char *words);
void gate_refuse(struct gate *g, enum gate_side to, struct span id, int code, const char *why);

/* gate_server.c */
void gate_server_line(void *data, struct span line);
void gate_server_over(void *data);
void gate_server_piece(void *data, struct span piece, bool end);
void gate_server_gone(struct gate *g, const char *why); /* answers everything that waits for it */

/* gate_call.c */
void call_arrived(struct gate *g, enum gate_side from, const struct message *m, struct span line);
void call_step(struct call *call, enum life_event event);
void call_allowed(struct call *call, int64_t number);
void call_held(struct call *call, int64_t number);
void call_check(struct call *call);
void call_go(struct call *call, const struct hash *bytes);
/* gate_denied.c */
char *call_denied_words(struct span said, bool by_person);
bool denied_by_person(struct span params); /* of the notification `denied` */
/* `said`: {reason, denied_before, instead}, or an error's {message} */
void call_denied(struct call *call, struct span said, bool by_person);
void call_back(struct call *call);
void call_forward(struct call *call); /* hands the bytes to the other side; the call is RELEASED */
bool call_undecided(const struct call *call); /* nobody has said anything about it yet */
void call_finished(struct call *call, const char *outcome, int64_t size);
void call_withdraw(struct call *call, const char *why);
/* words: answered with them; NULL: silently */
void call_withdraw_all(struct gate *g, const char *why, const char *words);
void call_park_all(struct gate *g);
/* Refuses what no broker has ever had and what waits for one for `after_ms`; true: some still wait.
 */
bool call_no_broker(struct gate *g, uint64_t now, uint64_t after_ms);
void call_due(struct gate *g, uint64_t now); /* progress, parking, rounds */
void call_resubmit_all(struct gate *g); /* a broker is there again */
void call_destroy(struct call *call);
struct call *call_find(struct gate *g, struct span id);

bool call_waits(const struct call *call); /* for an answer that only bascule can give */
void call_extract(struct call *call); /* effects without facts */
void call_gather(struct call *call); /* facts; then on to the broker */
/* the request that waits from now on */
void call_take_request(struct call *call, const struct message *m);

/* gate_preview.c: answers the broker's `preview`; looks again at the facts if a file has changed */
void call_preview(struct call *call, struct span rpc_id, struct span params);

/* gate_edit.c */
/* `arguments`: raw JSON */
void call_edit(struct call *call, struct span arguments, struct span by);
const struct message *call_proposed(const struct call *call); /* what the client sent */
/* Takes the words; tells the agent beside them what counts now. */
char *call_edited_words(const struct call *call, char *words);

/* gate_round.c */
/* The next round of a multi-round hold? True: it was one of ours and is dealt with; *why is then
 * NULL or says why it is refused. */
bool call_retry(struct gate *g, const struct message *m, const char **why);
bool call_can_round(const struct call *call);
void call_end_round(struct call *call); /* "ask again" */

/* gate_wire.c */
struct wire *wire_create(struct gate *g);
void wire_destroy(struct wire *w);
void wire_wake(struct wire *w); /* connect, if not yet */
void wire_submit(struct wire *w, struct call *call);
/* `ready` after a check, `facts` while it waits: what was gathered again */
void wire_facts(
	struct wire *w, const char *method, const struct call *call, const struct effects *effects);
void wire_note(struct wire *w, const char *method, const struct call *call, const char *name,
	const char *text, int64_t size, int64_t took_us); /* owed until the broker says `kept` */
/* an answer, or a notification that nobody waits for; dropped without a broker; *line is empty
 * afterwards */
void wire_tell(struct wire *w, struct buf *line);
void wire_count(struct wire *w, const char *method); /* ungated traffic */
void wire_goodbye(struct wire *w); /* last counts, flush */
void wire_due(struct wire *w, uint64_t now);
bool wire_watched(const struct wire *w);

/* gate_submit.c: the members of `submit` */
void gate_write_submission(struct jsonw *j, const struct call *call, const char *branch);

/* gate_policy.c: what the gate adds to a submission for the policy, and what it gets from it */
/* `policy` of hello's result or of a notification: the user's profiles */
void gate_take_policy(struct gate *g, struct span policy);
/* Tells the broker the project's own rules if they are new or changed. */
void gate_send_project(struct gate *g);
void gate_forget_project(struct gate *g); /* a new broker knows nothing */
/* `doubt`: how the arguments or the tool's own words disagree with the profile; absent if not */
void gate_write_doubt(struct jsonw *j, const struct call *call);
/* gate_before.c */
void gate_before_read(struct call *call); /* right before it is forwarded */
void gate_write_before(const struct call *call, const char *method, struct jsonw *w);
void gate_before_free(struct call *call);
/* gate_result.c: member `result` of `done` */
void gate_write_result(struct span result, struct jsonw *w);
/* Facts of this call rest on what another one may be changing, or will if it is allowed: one that
 * runs, or an earlier one that is being judged. It waits for that, a little. */
bool gate_waits_behind(const struct call *call);

/* gate_tools.c */
struct tools *tools_create(struct gate *g);
void tools_destroy(struct tools *t);
bool tools_fresh(const struct tools *t);
/* A definition as the server lists it. */
struct listed_tool {
	struct hash pin; /* of the whole definition */
	char *schema; /* its inputSchema, raw JSON; NULL: none, or too large */
	bool destructive; /* it says so of itself */
	/* for people to look at: the same and more, a hash of each part */
	char *title;
	unsigned says; /* bits of tool_says */
	struct hash parts[3]; /* description, inputSchema, annotations */
};
enum { TOOL_SAYS = 4 };
extern const char *const tool_says[TOOL_SAYS]; /* hints that are true */
/* the last whole list */
void tools_each(
	const struct tools *t, void (*each)(void *data, struct span name, void *tool), void *data);
/* NULL: not listed, or the list is not fresh */
const struct listed_tool *tools_listed(const struct tools *t, struct span name);
void tools_stale(struct tools *t);
void tools_page(struct tools *t, bool first, struct span result); /* a tools/list answer */
/* our own tools/list; false: not possible now */
bool tools_ask(struct tools *t, const struct message *m);
void tools_own_answer(struct tools *t, const struct message *m);
void tools_due(struct tools *t, uint64_t now);
uint64_t tools_p95_ms(const struct tools *t, struct span tool);
void tools_took(struct tools *t, const char *tool, uint64_t us);

/* gate_seat.c */
void gate_write_seat(struct jsonw *j); /* member `seat` of hello */

/* gate_tell.c */
void gate_learn_server(struct gate *g, struct span result); /* of initialize */
void gate_tell_server(struct gate *g); /* the broker, what is known of the server */
void gate_forget_server(struct gate *g);

/* gate_lane.c */
struct lane *lane_create(struct gate *g);
void lane_destroy(struct lane *l);
bool lane_busy(const struct lane *l);
void lane_add_call(struct lane *l, struct call *call); /* an undecided call takes its place */
/* ungated, behind undecided calls; *line is empty afterwards */
void lane_add_line(struct lane *l, struct buf *line);
void lane_move(struct lane *l); /* something was decided */
void lane_forget(struct lane *l, struct call *call);
void lane_due(struct lane *l, uint64_t now);

#endif
