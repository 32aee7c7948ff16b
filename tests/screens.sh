#!/bin/sh
# `make screens`: puts a picture of the real console into the README, between its two marks: the queue of `bascule demo`
# in a terminal of 120 columns, as tmux sees it, when all of its calls have come in.
set -eu

readme=$1
bin=$(cd "${BASCULE_BIN:-.}" && pwd)
server=bascule-screens-$$
dir=$(mktemp -d "${TMPDIR:-/tmp}/bascule-XXXXXX")
trap 'tmux -L "$server" kill-server 2>/dev/null || :; rm -rf "$dir"' EXIT

command -v tmux >/dev/null || {
	echo 'make screens needs tmux' >&2
	exit 1
}
for program in bascule bascule-broker bascule-console bascule-demo bascule-gate; do
	cp "$bin/$program" "$dir/" # the picture shows where they lie
done
tmux -L "$server" -f /dev/null new-session -d -x 120 -y 30 "cd '$dir' && exec ./bascule demo"
tries=0
until tmux -L "$server" capture-pane -p >"$dir/screen" && grep -q '5 waiting' "$dir/screen"; do
	tries=$((tries + 1))
	[ "$tries" -lt 600 ] || {
		cat "$dir/screen" >&2
		exit 1
	}
	sleep 0.1
done
sleep 1
tmux -L "$server" capture-pane -p | sed 's/ *$//' >"$dir/screen"
awk -v screen="$dir/screen" '
/^<!-- screen: end -->$/ { inside = 0 }
!inside { print }
/^<!-- screen: begin/ {
	inside = 1
	print "```"
	while ((getline line < screen) > 0) print line
	print "```"
}' "$readme" >"$dir/readme"
cat "$dir/readme" >"$readme"
