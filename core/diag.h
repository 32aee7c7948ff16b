/*
 * Everything that can be wrong and that a person is told: one table of code, what happened, what to
 * do. The DIAGNOSTICS section of the manual is made from it.
 */
#ifndef BASCULE_CORE_DIAG_H
#define BASCULE_CORE_DIAG_H

/* id, name, what happened, what to do */
#define DIAGNOSTICS(X) \
	X(NONE, "other", "Something else went wrong; the message says what.", \
		"See `bascule log`.") \
	X(USAGE, "usage", "The command line was not understood.", "See `bascule help COMMAND`.") \
	X(CONFIG, "config", "A line of config.ini is wrong; the values in force before it stay.", \
		"Mend the line that is named; `bascule config` lists every option.") \
	X(PATHS, "paths", "A directory or socket is not the user's own, or cannot be made.", \
		"Look at its owner and mode; `bascule paths` lists what is used.") \
	X(NO_BROKER, "no-broker", \
		"The broker cannot be reached, and could not be started from here.", \
		"Start bascule in a terminal.") \
	X(PROTOCOL, "protocol", "The broker that runs is of another version.", \
		"Open `bascule` once: it hands over to the newer one.") \
	X(REFUSED_PEER, "refused-peer", "The broker does not take decisions from this process.", \
		"Open another terminal: this one belongs to an agent, or was started by none " \
		"that is known.") \
	X(BAD_MESSAGE, "bad-message", "A message was not understood.", \
		"See `bascule log`; report it.") \
	X(TOO_MANY, "too-many", "Too many calls of this client wait already.", \
		"Decide some of them first.") \
	X(NO_PREVIEW, "no-preview", "The gate did not answer in time.", \
		"Try again; the call still waits.") \
	X(CHANGED, "changed", "The call changed since it was shown.", "Look at it again.") \
	X(NOT_WAITING, "not-waiting", "The call does not wait any more.", \
		"Nothing is to be done.") \
	X(HISTORY, "history", \
		"The history cannot be written or read; calls are held until it can.", \
		"Make room on the disk; see `bascule log`.") \
	X(SERVER, "server", "The MCP server could not be started or ended early.", \
		"Run its command by itself in a terminal.") \
	X(TERMINAL, "terminal", "There is no terminal to show the queue in.", \
		"Run `bascule` in a terminal.") \
	X(JSON, "json", "A text is not the JSON that was expected.", \
		"See the message for the place.") \
	X(FILE, "file", "A file of yours cannot be read or replaced; it is as it was.", \
		"The message says what is in the way.") \
	X(FILE_CHANGED, "file-changed", \
		"A file of yours was changed by something else meanwhile; nothing was written.", \
		"Run the command again: it looks at the file anew.") \
	X(JOURNAL, "journal", \
		"The journal of what was changed in your files cannot be read or written.", \
		"The message names the line or says what is in the way; nothing is changed " \
		"without it.") \
	X(JOURNAL_BUSY, "journal-busy", "Another process changes or undoes at this moment.", \
		"Wait for it to end.") \
	X(LEFT, "left", "Not everything could be undone; each file that is left was named.", \
		"Mend those by hand, then undo again.") \
	X(SANDBOX, "sandbox", "The sandbox could not be set up; the command was not run.", \
		"Look at what this machine can do: `bascule sandbox check`.")

enum diag {
#define X(id, name, what, todo) DIAG_##id,
	DIAGNOSTICS(X)
#undef X
};

#endif
