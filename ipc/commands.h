/*
 * The one table of commands: the front program dispatches by it; --help, `bascule help`, the manual
 * pages and the shell completions are made from it.
 */
#ifndef BASCULE_IPC_COMMANDS_H
#define BASCULE_IPC_COMMANDS_H

/* name, program in libexec, synopsis, one line, more (paragraphs), options as "--name
 * ARG\tmeaning\n" */
#define COMMANDS(X) \
	X("console", "bascule-console", "[--read-only]", \
		"open the queue in this terminal (the default)", \
		"Opens the console, and starts a broker if there is none. Any number of consoles " \
		"may be open. Leaving " \
		"one decides nothing: what waits goes on waiting.", \
		"--read-only\tlook only: no key decides\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("run", "bascule-gate", \
		"[--name NAME] [--profile P] [--scope DIR]... -- COMMAND [ARG...]", \
		"run an MCP server behind the gate", \
		"Put this in front of a server's command in the client's configuration. Traffic " \
		"that needs no " \
		"decision passes; calls that policy cannot prove safe wait in the queue.", \
		"--name NAME\thow the server is called in queue and history (default: from the " \
		"command)\n" \
		"--profile P\twhich known server this is (default: from the command or the " \
		"name)\n" \
		"--scope DIR\twhat it may touch unasked; repeatable (default: the git work tree " \
		"around the current " \
		"directory, else that directory)\n" \
		"--hold-max SECONDS\tanswer a held call after so long (default: by client)\n" \
		"--socket PATH\tuse this calls socket, e.g. a forwarded one\n") \
	X("trust", "bascule-broker", \
		"[--name NAME] [--profile P] [--scope DIR]... -- COMMAND [ARG...]", \
		"accept a server beforehand", \
		"The same words as for `run`: a server that was never accepted is otherwise one " \
		"question.", \
		"--name NAME\tas for run\n--profile P\tas for run\n--scope DIR\tas for run\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("queue", "bascule-broker", "[--json]", "list what waits", \
		"Oldest first. Decides nothing.", \
		"--json\tone JSON document\n--decide-fd N\tspeak over this inherited " \
		"descriptor\n") \
	X("history", "bascule-broker", "[TEXT] [--json] [--limit N]", "print the latest calls", \
		"Newest last. TEXT selects rows that contain it in tool, target, server, client, " \
		"rule or reason.", \
		"--json\tone JSON object a line\n--limit N\tso many rows (default 50)\n") \
	X("broker", "bascule-broker", "[--decide-fd N]... | stop", \
		"run the broker in the foreground, or stop it", \
		"Gates and consoles start one by themselves; this is for looking at it, and for " \
		"service managers.", \
		"--decide-fd N\ttake decisions from this inherited, connected socket; " \
		"repeatable; only with --root\n" \
		"--idle SECONDS\tend after so long without peers (default: config " \
		"broker.idle_seconds)\n") \
	X("demo", "bascule-demo", "[--check] [--keep]", \
		"see it work: a scratch workspace, a scripted agent and its servers", \
		"Starts a broker of its own under a scratch directory, lets a scripted agent " \
		"make its calls, and opens the " \
		"console on them. Decisions do what they say, inside the scratch directory, " \
		"which is removed at the end.", \
		"--check\twithout a terminal: decide by script, print what happened, fail if " \
		"anything differed\n" \
		"--keep\tleave the scratch directory\n") \
	X("config", "bascule-broker", "[--json]", \
		"print every option with value, source and meaning", "", \
		"--json\tone JSON document\n") \
	X("paths", "bascule-broker", "[--json]", "print the files that are used", "", \
		"--json\tone JSON document\n") \
	X("log", "bascule-broker", "[-f] [--lines N]", "show the log", \
		"Everybody writes to it; it never holds arguments.", \
		"-f\tgo on as it grows\n--lines N\tso many (default 50)\n")

/* Options that every command takes. */
#define COMMON_OPTIONS \
	"--root DIR\tkeep configuration, state and socket under DIR (also: BASCULE_ROOT)\n" \
	"-v\tlog frames by size and id (also: BASCULE_LOG=debug)\n" \
	"--help\tthis text\n" \
	"--version\tthe version\n"

#endif
