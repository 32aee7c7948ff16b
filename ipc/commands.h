/*
 * The one table of commands: the front program dispatches by it; --help, `bascule help`, the manual
 * pages and the shell completions are made from it.
 */
#ifndef BASCULE_IPC_COMMANDS_H
#define BASCULE_IPC_COMMANDS_H

/* name, program in libexec, synopsis, one line, more (paragraphs), options as "--name
 * ARG\tmeaning\n" */
#define COMMANDS(X) \
	X("console", "bascule-console", \
		"[--read-only] [--linear] [--print-keys] [--theme NAME] [--color WHEN]", \
		"open the queue in this terminal (the default)", \
		"Opens the console, and starts a broker if there is none. Any number of consoles " \
		"may be open. Leaving " \
		"one decides nothing: what waits goes on waiting.\n" \
		"Line by line (--linear, or where TERM names no terminal that can move its " \
		"cursor): each call is printed once, and ends with a code of two letters. " \
		"'a 3 kf' approves call 3; 'd 3 not there' denies it with that reason; 'why 3', " \
		"'show 3', 'list', 'help' and 'quit' are words too. A code is good for one try, " \
		"and for what was printed: a call that changes is printed again with another. " \
		"It decides only if standard input is the terminal that it was started in.", \
		"--read-only\tlook only: no key decides\n" \
		"--linear\tthe queue line by line, for screen readers and plain terminals\n" \
		"--print-keys\tlist every command with its keys\n" \
		"--theme NAME\tstronger than console.theme\n" \
		"--color WHEN\tauto, always (though NO_COLOR is set) or never\n" \
		"--pop\tend when nothing waits any more\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("pop", "bascule-console", "", "the console in a tmux popup, until nothing waits", \
		"Outside of tmux it opens here. For a key of tmux: bind b run-shell 'bascule " \
		"pop'.", \
		"") \
	X("themes", "bascule-console", "", "list the console's themes, as they look here", \
		"console.theme in config.ini chooses one; `auto` puts on console.theme_dark or " \
		"console.theme_light, by what the terminal answers, else by COLORFGBG. A file " \
		"CONFIG/themes/NAME.ini is a theme of " \
		"your own, or is laid over the shipped one of that name.", \
		"") \
	X("run", "bascule-gate", \
		"[--name NAME] [--scope DIR]... [--sandbox] [OPTION]... -- COMMAND [ARG...]", \
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
		"--sandbox\tstart the server in a sandbox, as `bascule contain` does; to accept " \
		"it so is not to accept it free\n" \
		"--allow-net\twith --sandbox: let it reach the network\n" \
		"--sandbox-env NAME\twith --sandbox: let this variable in; repeatable\n" \
		"--sandbox-read PATH\twith --sandbox: show this full path; repeatable\n" \
		"--sandbox-write DIR\twith --sandbox: let it write there too; repeatable\n" \
		"--socket PATH\tuse this calls socket, e.g. a forwarded one\n") \
	X("hook", "bascule-gate", "AGENT [--limit SECONDS] [--scope DIR]... [--plugin]", \
		"answer a hook of a coding agent", \
		"For the agent's configuration: reads what the agent's hook says of one call of " \
		"its own tools (shell, edits), and answers in the agent's own form. What the " \
		"rules " \
		"prove safe passes, everything else waits in the queue; an error, a crash, a " \
		"broker that " \
		"cannot be reached and the time limit are a no. AGENT is claude, codex, gemini " \
		"or " \
		"opencode.", \
		"--limit SECONDS\tthe agent's own limit for its hook; the no comes 5 s before " \
		"(default: the agent's)\n" \
		"--scope DIR\tas for run\n--socket PATH\tas for run\n" \
		"--plugin\tprint the plug-in by which opencode starts this command, with the " \
		"other options (opencode only)\n") \
	X("permission-server", "bascule-gate", "[--limit SECONDS] [--scope DIR]...", \
		"answer Claude Code's --permission-prompt-tool", \
		"An MCP server with one tool, `ask`, which Claude Code calls without a screen " \
		"(claude -p) where it would ask its user: claude mcp add bascule -- bascule " \
		"permission-server, then claude -p --permission-prompt-tool mcp__bascule__ask. " \
		"What it asks goes the way of `hook claude`; any failure is a no.", \
		"--limit SECONDS\tthe client's own limit for a call; the no comes 5 s before " \
		"(default: Claude's, which waits long while it sees signs of life)\n" \
		"--scope DIR\tas for run\n--socket PATH\tas for run\n") \
	X("contain", "bascule-container", \
		"[--net] [--write DIR]... [OPTION]... -- COMMAND [ARG...]", \
		"run a command in a sandbox", \
		"Inside, the file system is read-only but for the scope, /tmp is empty and the " \
		"command's own, other processes are not seen, there is no network but the " \
		"loopback of its own, no new privileges, and no system call by which one process " \
		"looks into another. Secrets in the home directory and the scope, bascule's own " \
		"files and sockets, /run and /var/tmp are hidden. What steers other programs " \
		"cannot be written where it is there already: .git/hooks, .git/config, " \
		"configuration of agents, editors and CI. Of the environment only what programs " \
		"need to find their way goes inside, and what --env names.\n\n" \
		"The command has stdin, stdout, stderr and the terminal as they are. Where " \
		"bubblewrap cannot run, Landlock bounds the command: then other processes and " \
		"their command lines are seen, there is no loopback, and a directory that " \
		"something hidden or protected lies in gets no new entries; anything that the " \
		"command leaves behind runs on, bounded.\n\n" \
		"Exit code: the command's, 128 and the signal that ended it; 124 its time was " \
		"up, 125 there is no sandbox and the command was not run, 126 it cannot be " \
		"executed, 127 there is no such command, 2 the command line was not understood.", \
		"--net\tlet it reach the network, and all that listens on this machine's " \
		"addresses\n" \
		"--scope DIR\twhat it may write; repeatable (default: the git work tree around " \
		"the current directory, else that directory)\n" \
		"--write DIR\tlet it write there too; repeatable\n" \
		"--read PATH\tshow this though it lies in /tmp, /var/tmp or /run; repeatable\n" \
		"--env NAME\tlet this variable in; repeatable\n" \
		"--memory MB\teach process may fill so much\n" \
		"--processes N\tso many at once, threads included (the kernel does not count " \
		"root's)\n" \
		"--seconds N\tend it after so long\n" \
		"--by HOW\tbwrap or landlock, and nothing else (default: any)\n") \
	X("sandbox", "bascule-container", "check [--json]", \
		"say what this machine has to contain commands with", \
		"Tries bubblewrap, user namespaces, Landlock and seccomp, each in a process of its " \
		"own, and says by which of them `bascule contain` runs a command.\n" \
		"Exit code: 0 bubblewrap can, 1 Landlock alone can, 125 neither can, 2 the " \
		"command line was not understood.", \
		"--json\tone JSON document\n") \
	X("trust", "bascule-broker", \
		"[--name NAME] [--scope DIR]... [--sandbox] [OPTION]... -- COMMAND [ARG...]", \
		"accept a server beforehand", \
		"The same words as for `run`: a server that was never accepted is otherwise one " \
		"question.", \
		"--name NAME\tas for run\n--profile P\tas for run\n--scope DIR\tas for run\n" \
		"--sandbox\tas for run\n--allow-net\tas for run\n" \
		"--sandbox-env NAME\tas for run\n--sandbox-read PATH\tas for run\n" \
		"--sandbox-write DIR\tas for run\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("queue", "bascule-broker", "[--json]", "list what waits", \
		"Oldest first. Decides nothing.", \
		"--json\tone JSON document\n--decide-fd N\tspeak over this inherited " \
		"descriptor\n") \
	X("status", "bascule-broker", "[--line] [--json]", "say how many wait", \
		"With --line it is one short line for a prompt or tmux: it starts nothing, " \
		"answers " \
		"within 50 ms, and prints - if nothing is known.", \
		"--line\tone line\n--json\tone JSON document\n--decide-fd N\tspeak over this " \
		"inherited descriptor\n") \
	X("history", "bascule-broker", "[FILTER...] [--json] [--limit N] | changed [TEXT] [--since WHEN] | " \
		"show N | stats [FILTER...] [--since WHEN] | " \
		"export [FILTER...] [--format F] | events [--kind K] | " \
		"verify [--json]", \
		"print the latest calls or events, or see whether they are as they were recorded", \
		"Newest last. FILTER is words, all of which must stand in tool, target, server, " \
		"client, rule or reason, and FIELD:VALUE: tool, path (src/**), server, client, " \
		"branch, repo, rule, reason, state, verdict (allowed, held, denied), decision " \
		"(approved, denied, none), by (me, rule, grant, or part of a name), outcome, " \
		"since and before (2d, yesterday, 2026-11-01), took (>2s, <100ms), id, session. " \
		"* and ? stand for any text and any letter, - in front turns one round, \"two " \
		"words\" keeps spaces; behind -- each is a word. The console's history takes the " \
		"same.\n\n" \
		"changed answers what agents have changed, and who let them: a line for each " \
		"file, branch, package or remote that a call acted on which ran, with the time, " \
		"the client, who approved it or which rule let it, and the call's number. It " \
		"says what was recorded: what a command did whose effects are not known is not " \
		"told, only that it ran. Since yesterday, or --since.\n\n" \
		"show prints all that was recorded of the call of this number: the verdict, the " \
		"rule and who decided, what it would have done, its arguments, the diff that was " \
		"shown, the answer's beginning and end.\n\n" \
		"stats counts, of the calls that fit, " \
		"by tool, rule, server and client what passed, what was asked and " \
		"how it was answered, with the median and the 95th percentile of the time to " \
		"decide and to run, and the last 14 days; it says which tools are always " \
		"approved, and how many approvals came within two seconds of being shown.\n\n" \
		"export prints calls for others, oldest first: as JSON lines with all that was " \
		"recorded (--format jsonl), as a table (csv), or as a report (md), in which no " \
		"text of a call can mean anything.\n\n" \
		"events prints what happened beside calls: brokers that start and end, consoles " \
		"that attach and leave, who was refused to decide, rules that were read again, " \
		"the master switch, servers that were accepted, grants that were taken back, and " \
		"definitions of tools, first seen, changed and accepted.\n\n" \
		"verify reads everything that was recorded and compares it with its seals: a " \
		"chain of SHA-256 hashes, each over a record and the hash before it. It names " \
		"the first record that was edited, removed or put in afterwards, and seals that " \
		"are missing; that the end of the chain was cut off shows by the file heads, " \
		"which lies beside the databases. Its exit code is 0 if all is as it was " \
		"recorded, 1 if not, 2 if that could not be found out. A call is sealed a " \
		"second after it ended. The hashes have no key: a process of the same user that " \
		"rewrites every file of the state directory can hide what it did; the last hash, " \
		"which is printed, can be noted elsewhere, and asked for later with --head.", \
		"--json\tone JSON object a line; one document (verify)\n" \
		"--since WHEN\tnot before (changed, stats): 2d, 3h, 2w, today, yesterday, 2026-11-01 or " \
		"2026-11-01T10:30\n" \
		"--format F\tjsonl, csv or md (export)\n" \
		"--kind K\tevents of this kind alone\n" \
		"--limit N\tso many rows (default 50)\n" \
		"--head HASH\tthe chain must have had this hash (verify)\n") \
	X("restore", "bascule-broker", "NUMBER [--file PATH] [--yes] [--print] [--json]", \
		"put back what stood in the files that a call wrote", \
		"NUMBER is the call's in the history. Shows the difference from now to before and " \
		"asks. A file that somebody else has changed since, or that a link leads to now, " \
		"is left; one that the call made is removed. The broker records it first, and " \
		"refuses whatever an agent has started. Kept are at most 8 files of a call, each " \
		"of 1 MiB at most, on local disks, of calls that went through `bascule run`; " \
		"never files that may hold secrets, and nothing that commands change.\n" \
		"Exit code: 0 all is as it was, 1 something is left, and was named, 2 the command " \
		"line was not understood.", \
		"--file PATH\tonly this one\n" \
		"--yes\tdo not ask\n" \
		"--print\tprint what the file held, and change nothing\n" \
		"--json\tone JSON document; does not ask, so that writing needs --yes\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("grants", "bascule-broker", "[--json] [--revoke N]", \
		"list what decisions have left behind, or take one back", \
		"A yes in the console may leave a grant behind (key s there). It lets calls of " \
		"the " \
		"same form pass in the session and scope that it was given in, until the session " \
		"ends, or it is used up or runs out. Decides nothing.", \
		"--revoke N\tend this one now\n--json\tone JSON document\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("policy", "bascule-policy", \
		"check|test|explain|judge|replay|sets|profiles|fmt|starter ...", \
		"look at the rules, and judge calls by them", \
		"explain [NUMBER] says why a call of the history, or one given as JSON on stdin, " \
		"is allowed, held or denied, which rule came closest, and which would allow it. " \
		"check [FILE] parses the rules in force, or FILE, and runs their examples. test " \
		"[FILE] [--corpus CALLS] does the same and judges labelled calls. judge [CALLS] " \
		"answers JSON lines with verdicts. sets, profiles [NAME] and fmt [--write] " \
		"[FILE] " \
		"print what is built in, and a rule file in its canonical form.\n\n" \
		"replay judges the calls of the history by the rules of now: what would newly " \
		"pass (first of all what a person denied), what would newly be asked, how often, " \
		"why, and which rules would save most. With --log it takes the calls of a " \
		"file.\n\n" \
		"starter [DIR] prints a first rule file for the project around DIR, made of what " \
		"lies there: its branches, its tasks, its ignored output. It is for " \
		".bascule/policy.rules, so it only holds.\n\n" \
		"A call is an object with server, tool, arguments and context (scope, cwd, " \
		"branch, protected). Nothing is executed and, but for fmt --write, nothing " \
		"written. bascule-policy(5) describes rule files.", \
		"--since T\tonly calls since then: 2d, 12h, 30m or 2026-11-01 (replay)\n" \
		"--log FILE\tcalls of this file instead of the history's; - is stdin (replay)\n" \
		"--grants KIND\tnone, session or project: what a yes leaves behind (replay; " \
		"default none)\n" \
		"--list\tprint every change and every question (replay)\n" \
		"--json\tone JSON document (replay)\n" \
		"--inject FILE\tcalls that must not pass, tried against the grants (replay " \
		"--log)\n" \
		"--assume-facts\ttake paths and branches as a call says: for logs of other " \
		"machines (explain, judge, test, replay --log)\n" \
		"--corpus FILE\tcalls with what is expected of them (test)\n" \
		"--level LEVEL\tuser, system or project (check)\n" \
		"--write\tchange the file (fmt)\n") \
	X("policy-server", "bascule-policy", "[--agent AGENT] [--scope DIR]...", \
		"let an agent ask what the rules say, before it acts", \
		"An MCP server with one tool, `bascule_policy`: given a tool and its arguments, " \
		"it answers allow, hold or deny, with the rule, the reason and what would be " \
		"allowed instead. It runs nothing and no call is recorded; how often it was asked " \
		"stands in the log. There is none unless you put it into a client's " \
		"configuration: claude mcp add bascule-policy -- bascule policy-server.", \
		"--agent AGENT\twhose own tools are meant where no server is named: claude, " \
		"codex, gemini or opencode (default: by the client's name)\n" \
		"--scope DIR\tas for run\n") \
	X("broker", "bascule-broker", "[--decide-fd N]... | stop", \
		"run the broker in the foreground, or stop it", \
		"Gates and consoles start one by themselves; this is for looking at it, and for " \
		"service managers.", \
		"--decide-fd N\ttake decisions from this inherited, connected socket; " \
		"repeatable; only with --root\n" \
		"--idle SECONDS\tend after so long without peers (default: config " \
		"broker.idle_seconds)\n") \
	X("init", "bascule-setup", "[AGENT]... [--dry-run] [--yes] [--json] | --undo", \
		"put bascule in front of the coding agents that are here, or take it out again", \
		"Finds Claude Code, Codex, Gemini CLI and opencode (or those named: claude, codex, " \
		"gemini, opencode), and their configuration files: yours, and those of the project " \
		"around the current directory. It shows as a diff what it would change and asks. " \
		"Then servers that are started as programs are put behind `bascule run`, hooks are " \
		"put in behind those of others, time limits that are short are raised, and a " \
		"project without rules gets a first file that only holds. What is wrapped or " \
		"hooked already is left, and so is whatever is not understood: that is said. " \
		"Comments, order, spacing and all other keys stay.\n\n" \
		"Who says yes at a terminal also accepts what is put in, for this project: its " \
		"servers and the agents' own tools. Otherwise the first call of each asks once.\n\n" \
		"Everything is in a journal first. --undo puts each file back byte for byte; from " \
		"one that was changed since it takes out what was added, or leaves and names it. " \
		"~/.claude.json, which Claude Code writes all the time, is not touched while a " \
		"claude runs, and what is ours is taken out value for value.\n\n" \
		"Exit code: 0 all is as it should be, 1 something was left or failed, 2 the command " \
		"line was not understood, 3 there is something to write and nobody said yes.", \
		"--undo\ttake back all that is in the journal; asks nothing\n" \
		"--dry-run\tonly show it\n" \
		"--yes\tdo not ask\n" \
		"--json\tone JSON document; does not ask, so that writing needs --yes\n" \
		"--home DIR\tthe agents' files of this home (default: yours)\n" \
		"--program PATH\tthe bascule to write into them (default: the installed one)\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("doctor", "bascule-setup", "[--json] [--home DIR]", \
		"look at everything that bascule stands on, and say what is wrong", \
		"One line a finding: ok, note, warning or failure, what it is about, and below it " \
		"what mends it. It starts nothing, changes nothing, and waits for nobody longer " \
		"than a second.\n" \
		"Exit code: 0 all is well, notes allowed; 1 there are warnings; 2 there are " \
		"failures, or the command line was not understood.", \
		"--json\tone JSON document\n" \
		"--home DIR\tlook at the agents' files of this home (default: yours)\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
	X("uninstall", "bascule-setup", "[--yes] [--purge] [--json] [--home DIR]", \
		"take bascule out of the agents' files, and stop it", \
		"Shows what it would do and asks. Then it undoes what `bascule init` did, as " \
		"`bascule init --undo` does, stops the broker, and says what stays and where, and " \
		"which files still name bascule. Settings, rules, history and log stay unless " \
		"--purge is given. The program itself is removed as it was installed.\n" \
		"Exit code: 0 all of it was done, 1 something is left, and was named, 2 the " \
		"command line was not understood, 3 nobody said yes.", \
		"--yes\tdo not ask\n" \
		"--purge\tremove bascule's own files too; never what a link leads to, nor what is " \
		"not bascule's\n" \
		"--list\tonly name the agents' files that still start bascule\n" \
		"--program PATH\twith --list: that start this one\n" \
		"--json\tone JSON document\n" \
		"--home DIR\tthe agents' files of this home (default: yours)\n" \
		"--decide-fd N\tspeak over this inherited descriptor\n") \
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
