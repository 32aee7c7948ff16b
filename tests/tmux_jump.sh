#!/bin/sh
# From the console to the tmux pane that asks, in a real tmux with somebody attached: an agent's hook in another session's
# pane, the real broker, the key. Skipped without tmux.
set -u

command -v tmux >/dev/null || {
	echo 'SKIP: tmux is not installed'
	exit 77
}
bin=$(cd "${BASCULE_BIN:-.}" && pwd) || exit 99
server=bascule-jump-$$
outer=bascule-outer-$$
root=$(mktemp -d /tmp/bascule-jump-XXXXXX) || exit 99
passed=0 failed=0

finish() {
	mux new-session -d "'$bin/bascule' broker stop --root '$root'; touch '$root/stopped'" 2>/dev/null &&
		soon test -e "$root/stopped"
	tmux -L "$outer" kill-server 2>/dev/null
	tmux -L "$server" kill-server 2>/dev/null
	soon rm -rf "$root" 2>/dev/null # who ends writes its last line
}
trap finish EXIT

mux() {
	tmux -L "$server" -f /dev/null "$@"
}

say() { # ok?, what
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
		mux capture-pane -p -t console | sed 's/^/  |/'
	fi
}

soon() { # command...: until it succeeds, at most 20 s
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || return 1
		sleep 0.1
	done
}

shows() { # pattern, on the console's screen
	mux capture-pane -p -t console | grep -q -e "$1"
}

attached_to() { # session, pane
	[ "$(mux list-clients -F '#{client_session} #{pane_id}')" = "$1 $2" ]
}

press() { # what was shown long enough, by a hand that is not in a hurry; the guard is on
	sleep 2
	mux send-keys -t console "$@"
}

mkdir -p "$root/work" || exit 99
call='{"session_id":"s-1","cwd":"'$root'/work","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"git push --force origin main"},"tool_use_id":"t-1"}'
printf '%s' "$call" >"$root/call.json"

mux new-session -d -s console -x 100 -y 30 "cd '$bin' && exec ./bascule --root '$root'"
soon shows 'bascule demo'
say $? 'the console is there'
mux new-session -d -s agent -x 100 -y 30 'exec sh'
mux new-window -d -t agent 'exec sh'
pane=$(mux list-panes -t agent:1 -F '#{pane_id}')
here=$(mux list-panes -t console -F '#{pane_id}')
tmux -L "$outer" -f /dev/null new-session -d -x 100 -y 30 "env -u TMUX tmux -L '$server' attach -t console"
soon attached_to console "$here"
say $? 'somebody looks at the console'
mux send-keys -t "$pane" "'$bin/bascule-gate' hook claude --root '$root' <'$root/call.json'" Enter
soon shows 'Accept this server'
say $? 'the hook asks'
press O
soon shows 'no tmux pane that is known'
say $? 'a server that nobody accepted has no pane'
press a
soon shows "tmux pane $pane"
say $? 'the card names the pane'
attached_to console "$here"
say $? 'nothing has moved by itself'
press O
soon attached_to agent "$pane"
say $? 'the key leads to the pane'
soon shows "shown: pane $pane"
say $? 'and the console says so'
mux kill-window -t agent:1
mux switch-client -t console
soon shows 'withdrawn'
say $? 'a pane that ends takes its call along'
press O
soon shows 'did not show the pane'
say $? 'a pane that is gone is said to be'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
