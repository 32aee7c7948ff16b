#!/bin/sh
# The real console in a real tmux, with the live queue of `bascule demo`: several sizes, terminal types and locales;
# approve, deny with a reason, resize, bell, title, quit. Skipped without tmux.
set -u

command -v tmux >/dev/null || {
	echo 'SKIP: tmux is not installed'
	exit 77
}
bin=$(cd "${BASCULE_BIN:-.}" && pwd) || exit 99
server=bascule-test-$$
trap 'tmux -L "$server" kill-server 2>/dev/null' EXIT
passed=0 failed=0

say() { # ok?, what
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
		mux capture-pane -p | sed 's/^/  |/'
	fi
}

mux() {
	tmux -L "$server" -f /dev/null "$@"
}

soon() { # command...: until it succeeds, at most 20 s
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || return 1
		sleep 0.1
	done
}

shows() { # pattern, on the screen
	mux capture-pane -p | grep -q -e "$1"
}

is() { # format, what it has to be
	[ "$(mux display-message -p "$1")" = "$2" ]
}

like() { # format, pattern
	mux display-message -p "$1" | grep -q -e "$2"
}

# What was shown long enough, by a hand that is not in a hurry; the guard is on.
press() {
	sleep 1
	mux send-keys "$@"
}

to_the_end() { # of the card
	tries=0
	while shows 'J: more below'; do
		tries=$((tries + 1))
		[ "$tries" -lt 50 ] || return 1
		press J
	done
}

open() { # columns, rows, environment...
	columns=$1 rows=$2
	shift 2
	mux new-session -d -x "$columns" -y "$rows" "cd '$bin' && env $* ./bascule demo; echo left; exec cat"
	soon shows '[1-9] waiting'
}

close() {
	mux kill-server
	sleep 0.2
}

open 80 24 && soon shows ' a approve  d deny  D deny +why  ? help'
say $? 'it starts in 80x24'
soon like '#{pane_title}' '^bascule: [0-9]* waiting$'
say $? 'the title says how many wait'
soon is '#{window_bell_flag}' 1
say $? 'the window is flagged'
press g && soon shows '^>' && press D && soon shows 'reason:' && mux send-keys -l 'not now' && mux send-keys Enter &&
	soon shows 'denied 1'
say $? 'a call is denied with a reason'
mux send-keys j && press J && to_the_end && press a && soon shows 'approved 1'
say $? 'a call is approved'
ok=0
for size in 40x20 120x40 200x50 80x24; do
	mux resize-window -x "${size%x*}" -y "${size#*x}"
	soon is '#{pane_width}x#{pane_height}' "$size" && soon shows 'a approve *d deny *D .*+why *. help *q quit' || ok=1
done
say $ok 'it follows the size'
press q && soon shows left && is '#{alternate_on}/#{cursor_flag}' 0/1 && ! like '#{pane_title}' bascule
say $? 'it leaves the screen, the cursor and the title as they were'
close

for kind in screen linux vt100; do
	open 100 30 TERM=$kind && soon shows 'a approve  d deny' && press q && soon shows left && is '#{alternate_on}' 0
	say $? "it runs with TERM=$kind"
	close
done

open 120 36 LC_ALL=C && soon shows 'a approve  d deny' && soon shows '|- #' && ! mux capture-pane -p | LC_ALL=C grep -q '[^ -~]'
say $? 'without UTF-8 it is all ASCII'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
