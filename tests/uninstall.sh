#!/bin/sh
# `make uninstall` names the agents' files that start what it takes away, of the user who called it, and never fails over
# them. Runs in a build folder; the home is a scratch one, by a getent of our own.
# shellcheck disable=SC2016
set -u

dir=$(mktemp -d "${TMPDIR:-/tmp}/bascule-uninstall-XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

say() { # ok?, what
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
		sed 's/^/  /' "$dir/out"
	fi
}

mkdir -p "$dir/path" "$dir/home/.claude" "$dir/bin" "$dir/man"
printf '#!/bin/sh\nprintf "u:x:%%s:%%s::%%s:/bin/sh\\n" "$2" "$2" "%s"\n' "$dir/home" >"$dir/path/getent"
chmod +x "$dir/path/getent"

uninstall() { # more variables
	(cd "$dir/work" && PATH=$dir/path:$PATH MAKEFLAGS='' make -s -C "$build" uninstall-local bindir="$dir/bin" \
		mandir="$dir/man" "$@") >"$dir/out" 2>&1
}
build=$(pwd)
mkdir "$dir/work"

uninstall DESTDIR= && [ ! -s "$dir/out" ]
say $? 'nothing names it: nothing is said'

printf '{"hooks": {"PreToolUse": [{"hooks": [\n{"type": "command", "command": "%s hook claude"}]}]}}' \
	"$dir/bin/bascule" >"$dir/home/.claude/settings.json"
cp "$dir/home/.claude/settings.json" "$dir/before"
uninstall DESTDIR=
status=$?
grep -q "settings.json:2: hook PreToolUse is $dir/bin/bascule: without it the agent runs its tools without asking" "$dir/out" &&
	grep -q 'Take bascule out of them' "$dir/out"
say $? 'a hook that names it is said, with its line and what it means'
say $status 'and it does not fail'
cmp -s "$dir/home/.claude/settings.json" "$dir/before"
say $? 'the file is as it was'

uninstall DESTDIR="$dir/stage"
! grep -q settings.json "$dir/out"
say $? 'a staged removal says nothing of homes'

printf '{ broken' >"$dir/home/.claude/settings.json"
uninstall DESTDIR=
status=$?
grep -q 'settings.json: cannot be read' "$dir/out"
say $? 'a file that does not parse is said'
say $status 'and does not fail it either'

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
