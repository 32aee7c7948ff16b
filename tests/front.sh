#!/bin/sh
# The front command: which program it becomes with which arguments, its help, and what it generates. The programs are
# stood in for by a script that prints its arguments, beside a copy of the real `bascule`.
# shellcheck disable=SC2016
set -u

dir=$(mktemp -d "${TMPDIR:-/tmp}/bascule-front-XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0 skipped=0

say() { # ok?, what
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
	fi
}

gives() { # what, expected status, expected text in output, command...
	what=$1 status=$2 text=$3
	shift 3
	output=$("$@" 2>&1)
	got=$?
	ok=1
	case $output in *"$text"*) [ "$got" = "$status" ] && ok=0 ;; esac
	say "$ok" "$what"
	[ "$ok" = 0 ] || printf '  expected status %s with: %s\n  got status %s with: %s\n' "$status" "$text" "$got" "$output"
}

skip() {
	skipped=$((skipped + 1))
	echo "skip - $1"
}

cp ./bascule "$dir/bascule" || exit 99
printf '#!/bin/sh\nprintf "%%s" "${0##*/}"\nprintf " <%%s>" "$@"\necho\n' >"$dir/stand-in"
chmod +x "$dir/stand-in"
for program in gate broker console demo; do
	cp "$dir/stand-in" "$dir/bascule-$program"
done
b=$dir/bascule

gives 'no command is the console' 0 'bascule-console <console>' "$b"
gives 'a lone option is the console' 0 'bascule-console <console> <--root> <x y>' "$b" --root 'x y'
gives 'an unknown lone option is the console too' 0 'bascule-console <console> <--color> <no>' "$b" --color no
gives 'the gate gets run' 0 'bascule-gate <run> <--name> <n> <--> <cmd> <-x>' "$b" run --name n -- cmd -x
gives 'the broker gets the name' 0 'bascule-broker <queue> <--json>' "$b" queue --json
gives 'options may stand before the command' 0 'bascule-broker <log> <--root> <d> <-v> <-f>' "$b" --root d -v log -f
gives '--root=DIR may stand before the command' 0 'bascule-broker <log> <--root=d>' "$b" --root=d log
gives 'the demo gets its name' 0 'bascule-demo <demo> <--check>' "$b" demo --check
gives 'arguments stay as they are' 0 'bascule-gate <run> <--> <a  b> <> <$x>' "$b" run -- 'a  b' '' '$x'
gives 'help behind -- is the server'"'"'s' 0 'bascule-gate <run> <--> <cmd> <--help>' "$b" run -- cmd --help
gives 'PATH is not asked' 0 'bascule-gate <run>' env PATH=/nowhere "$b" run
mkdir "$dir/bin" && cp "$dir/stand-in" "$dir/bin/tmux"
gives 'pop becomes a popup of tmux' 0 'tmux <display-popup> <-E> <-w> <90%> <-h> <90%> <-->' \
	env TMUX=x PATH="$dir/bin" ./bascule-console pop --root "$dir/x y"
gives 'and keeps the root' 0 'bascule-console> <console> <--pop> <--root> <'"$dir"'/x y>' \
	env TMUX=x PATH="$dir/bin" ./bascule-console pop --root "$dir/x y"
gives 'the version' 0 'bascule 0.' "$b" --version
gives 'the version behind a command' 0 'bascule 0.' "$b" queue --version
gives 'an unknown command names the nearest' 2 'hsitory: no such command; nearest: history' "$b" hsitory
gives 'an unknown command far from all' 2 'zzzzzz: no such command' "$b" zzzzzz
gives 'foreign bytes are cleaned' 2 'U+001B' "$b" "$(printf 'qu\033[2J')"
gives 'help of an unknown command' 2 'queeu: no such command; nearest: queue' "$b" help queeu
gives 'an unknown shell' 2 'zhs: no such shell; nearest: zsh' "$b" help --completion zhs
gives 'help alone' 0 'Usage: bascule [COMMAND]' "$b" help
gives '--help alone' 0 'Usage: bascule [COMMAND]' "$b" --help
gives '--help behind a command' 0 'Usage: bascule queue' "$b" queue --help
gives 'a full disk is said' 1 'cannot write' sh -c '"$1" --help >/dev/full' sh "$b"
rm "$dir/bascule-gate"
gives 'a missing program is said' 127 'cannot start' "$b" run

for command in $("$b" help --commands); do
	gives "help $command" 0 "Usage: bascule $command" "$b" help "$command"
done
long=$(for command in '' $("$b" help --commands); do "$b" help ${command:+"$command"}; done | awk 'length > 79' | wc -l)
say "$((long > 0))" 'help fits 79 columns'

if command -v groff >/dev/null; then
	for command in '' $("$b" help --commands); do
		"$b" help --man ${command:+"$command"} >"$dir/page.1"
		warnings=$(groff -ww -man -Tutf8 -z "$dir/page.1" 2>&1)
		say "$(($? + ${#warnings}))" "manual page bascule${command:+-$command} is clean roff"
		[ -z "$warnings" ] || printf '  %s\n' "$warnings"
	done
	warnings=$(groff -ww -man -Tutf8 -z "${srcdir:-.}/core/policy/bascule-policy.5" 2>&1)
	say "$(($? + ${#warnings}))" 'manual page bascule-policy(5) is clean roff'
	[ -z "$warnings" ] || printf '  %s\n' "$warnings"
else
	skip 'manual pages: groff is not installed'
fi
"$b" help --man >"$dir/page.1"
for section in COMMANDS OPTIONS FILES ENVIRONMENT CONFIGURATION DIAGNOSTICS SECURITY; do
	grep -q "^\\.SH $section" "$dir/page.1"
	say $? "the manual has $section"
done

complete() { # the words of the line; prints what completion offers for the last one
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bascule; echo " ${COMPREPLY[*]} "' \
		bash "$dir/completion" "$@"
}
if command -v bash >/dev/null; then
	"$b" help --completion bash >"$dir/completion"
	gives 'bash completes commands' 0 ' history help ' complete bascule h
	gives 'bash completes options of the command' 0 ' --scope ' complete bascule run --sc
	gives 'bash completes behind common options' 0 ' queue ' complete bascule --root /tmp qu
	gives 'bash completes directories' 0 " $dir " complete bascule run --scope "${dir%?}"
	gives 'bash completes sub-commands' 0 ' explain ' complete bascule policy exp
	gives 'bash completes other ways to call it' 0 ' show stats ' complete bascule history s
	gives 'bash takes no option for such a word' 0 '  ' complete bascule init und
	gives 'bash completes files of sub-commands' 0 " $dir/completion " complete bascule policy check "$dir/comp"
	gives 'bash completes files of options' 0 " $dir/completion " complete bascule policy replay --log "$dir/comp"
	gives 'bash completes a server command' 0 ' test' complete bascule run -- test
	if command -v shellcheck >/dev/null; then
		gives 'bash completion is clean' 0 '' shellcheck -s bash "$dir/completion"
	fi
fi
for shell in zsh fish; do
	"$b" help --completion $shell >"$dir/completion"
	if command -v $shell >/dev/null; then
		gives "$shell takes its completion" 0 '' $shell -n "$dir/completion"
	else
		skip "$shell completion: $shell is not installed"
	fi
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
