#!/bin/sh
# `bascule demo --check`: passes with the real programs, alone and beside another; fails when the gate is no gate, when
# a program is missing, when it is interrupted; and leaves neither process nor file in any of these.
set -u

bin=$(cd "${BASCULE_BIN:-.}" && pwd) || exit 99
dir=$(mktemp -d "${TMPDIR:-/tmp}/bascule-test-demo-XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

say() { # ok?, what
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
		sed 's/^/  /' "$dir"/out* 2>/dev/null
	fi
}

# The scratch directory that a run names with -v; nothing of it is left, and no process that knows it.
gone() { # file with the output
	scratch=$(sed -n 's|^scratch directory: \(/tmp/bascule-demo-[A-Za-z0-9]*\)$|\1|p' "$1")
	[ -n "$scratch" ] || return 1
	[ ! -e "$scratch" ] || return 1
	! grep -qalF "$scratch" /proc/[0-9]*/cmdline 2>/dev/null
}

check() { # folder of the programs, output
	timeout -k 5 30 "$1/bascule-demo" demo --check -v >"$2" 2>&1
}

copies() { # folder: the real programs, to be spoiled
	mkdir "$1"
	cp "$bin/bascule" "$bin/bascule-demo" "$bin/bascule-gate" "$bin/bascule-broker" "$1/" || exit 99
}

check "$bin" "$dir/out" && gone "$dir/out"
say $? 'it passes, and nothing is left'
[ "$(grep -c '^held -> approved ' "$dir/out")" = 3 ] && [ "$(grep -c '^held -> denied ' "$dir/out")" = 1 ] &&
	[ "$(grep -c '^held -> cancelled ' "$dir/out")" = 1 ] && [ "$(grep -c '^allowed ' "$dir/out")" -ge 12 ]
say $? 'one line for every call'
rm -f "$dir"/out*

check "$bin" "$dir/out1" &
one=$!
check "$bin" "$dir/out2" && wait $one && gone "$dir/out1" && gone "$dir/out2"
say $? 'two at the same time'
rm -f "$dir"/out*

(cd / && HOME=/nonexistent BASCULE_ROOT=/nonexistent GIT_DIR=/nonexistent \
	timeout -k 5 30 "$bin/bascule" demo --check -v >"$dir/out" 2>&1) && gone "$dir/out"
say $? 'from another place, with an environment that means something else'
rm -f "$dir"/out*

mkdir "$dir/path"
PATH=$dir/path "$bin/bascule-demo" demo --check -v >"$dir/out" 2>&1 && gone "$dir/out"
say $? 'without git'
rm -f "$dir"/out*

"$bin/bascule-demo" demo --check --keep -v >"$dir/out" 2>&1
status=$?
scratch=$(sed -n 's/^scratch directory: //p' "$dir/out")
[ $status = 0 ] && [ "$(cat "$scratch/ws/.git/HEAD")" = 'ref: refs/heads/feature/demo' ] &&
	[ -s "$scratch/root/state/log.db" ] && grep -q 429 "$scratch/ws/src/limits.js" && rm -rf "$scratch" &&
	gone "$dir/out"
say $? '--keep keeps the files'
rm -f "$dir"/out*

# shellcheck disable=SC2016
copies "$dir/open" && printf '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n' >"$dir/open/bascule-gate"
check "$dir/open" "$dir/out"
[ $? = 1 ] && grep -q '^DIFFERS: run_command: ran' "$dir/out" && gone "$dir/out"
say $? 'a gate that lets everything through is found out'
rm -f "$dir"/out*

# shellcheck disable=SC2016
copies "$dir/deaf" && printf '#!/bin/sh\n: >"${0%%/*}/started"\ncat >/dev/null\n' >"$dir/deaf/bascule-gate"
check "$dir/deaf" "$dir/out"
[ $? = 1 ] && gone "$dir/out"
say $? 'a gate that says nothing ends it in time'
rm -f "$dir"/out*

for program in bascule-gate bascule-broker; do
	rm -rf "$dir/less" && copies "$dir/less" && printf '#!/bin/sh\nexit 3\n' >"$dir/less/$program"
	check "$dir/less" "$dir/out"
	[ $? = 1 ] && gone "$dir/out"
	say $? "$program that ends at once"
	rm -f "$dir"/out*
done

# Held up by the deaf gate, so that the signal comes in the middle.
for signal in INT TERM HUP; do
	rm -f "$dir/deaf/started"
	"$dir/deaf/bascule-demo" demo --check -v >"$dir/out" 2>&1 &
	pid=$!
	n=0
	until [ -e "$dir/deaf/started" ] || [ $n -gt 500 ]; do
		n=$((n + 1))
		sleep 0.01
	done
	kill -$signal $pid
	wait $pid
	[ $? -gt 128 ] && gone "$dir/out"
	say $? "SIG$signal in the middle"
	rm -f "$dir"/out*
done

"$bin/bascule-demo" demo --what >"$dir/out" 2>&1
[ $? = 2 ]
say $? 'an option that does not exist'
"$bin/bascule-demo" demo >"$dir/out" 2>&1 </dev/null
[ $? = 1 ] && grep -q -- --check "$dir/out"
say $? 'no terminal: it says what to do'

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
