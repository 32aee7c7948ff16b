/*
 * Every file that bascule keeps, one line each: `bascule paths` prints them as they are here and
 * now, the manual's FILES section as they are by default.
 */
#ifndef BASCULE_IPC_PLACES_H
#define BASCULE_IPC_PLACES_H

/* id, directory, name in it ("" for the directory itself), what it is */
#define PLACES(X) \
	X(CONFIG_DIR, CONFIG, "", "what you set") \
	X(CONFIG_INI, CONFIG, "config.ini", \
		"the settings that `bascule config` lists; may be absent") \
	X(POLICY_RULES, CONFIG, "policy.rules", \
		"your rules, see bascule-policy(5); may be absent") \
	X(PROFILES, CONFIG, "profiles", "your profiles of servers, NAME.profile each") \
	X(STATE_DIR, STATE, "", "what bascule keeps; no other user can look into it") \
	X(HISTORY, STATE, "log.db", \
		"the history: every gated call and what became of it (SQLite)") \
	X(DETAIL, STATE, "detail.db", \
		"what belongs to it: arguments, answers, diffs as they were shown (SQLite)") \
	X(SEARCH, STATE, "search.db", \
		"the index by which calls are found; made again if it is removed (SQLite)") \
	X(HEADS, STATE, "heads", \
		"where the history's chain of seals stood; `bascule history verify` reads it") \
	X(KEY, STATE, "key", "the secret with which hashes in the history are keyed") \
	X(LOG, STATE, "bascule.log", "the log; the full one before it is bascule.log.1") \
	X(JOURNAL, STATE, "init.journal", \
		"what `bascule init` changed in other programs' files, to be undone") \
	X(INIT_LOCK, STATE, "init.lock", "held while that is changed or undone") \
	X(LOCK, STATE, "lock", "held by the one broker; says where its sockets are") \
	X(SOCKET_DIR, SOCKET, "", "where a new broker puts its sockets") \
	X(CALLS, SOCKET, "calls.sock", "gates submit calls here") \
	X(DECISIONS, SOCKET, "decide.sock", "consoles decide here")

enum place_dir { PLACE_CONFIG, PLACE_STATE, PLACE_SOCKET };

/* Where the directories are by default, in words. */
#define PLACE_DEFAULT_CONFIG "~/.config/bascule"
#define PLACE_DEFAULT_STATE "~/.local/state/bascule"
#define PLACE_DEFAULT_SOCKET "/run/user/UID/bascule"

#endif
