#!/bin/sh
# The rules of the house that a machine can check: who may include whom, calls that are never made, how long things
# may be, what every file begins with. Each finding is one line: FILE:LINE: what is wrong. Runs in a build folder.
set -u

columns=100 lines=600 function_lines=60
src=${srcdir:-.}
build=$(pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/bascule-lint-XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$src" || exit 99

sources() { # folders...; what the build makes there is no source
	find "$@" \( -name node_modules -o -name '*_shipped.c' \) -prune -o -name '*.[ch]' -print 2>/dev/null | sort
}

# Prints every line of the files on stdin that matches, as a finding.
never() { # extended regular expression, what is wrong
	xargs -r grep -nE -- "$1" /dev/null | sed -E "s|^([^:]*:[0-9]+):.*|\\1: $2|"
}

includes() {
	sources core | never '#[[:space:]]*include ["<](ipc|tui)/' 'core includes neither ipc nor tui'
	sources core | never '#[[:space:]]*include <(uv|n?curses[a-z]*|glib|gio/|libnotify|sys/socket|sys/un|netinet|curl)' \
		'core knows no loop, screen, socket or desktop'
	sources core | never '\b(clock_gettime|gettimeofday|time|localtime|localtime_r)\(' 'core has no clock'
	sources ipc | never '#[[:space:]]*include ["<](tui/|n?curses)' 'ipc includes no tui and no curses'
	sources ipc | grep -v '^ipc/notif' |
		never '#[[:space:]]*include <(glib|gio/|libnotify)' 'only the notifier knows the desktop'
	sources tui | grep -vE '^tui/(main|feed)\.[ch]$' |
		never '#[[:space:]]*include ["<]ipc/' 'of tui only main and feed see ipc'
}

calls() {
	sources core ipc tui tests |
		never '\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen)[[:space:]]*\(' 'a call that is never made'
	sources core ipc tui | grep -v '^tui/paint\.c$' |
		never '\b(mv)?w?(addn?w?str|add_w?ch(n?str)?|addch(n?str)?|insn?str|printw)[[:space:]]*\(' \
			'only tui/paint.c writes to the screen'
}

words() {
	sources core ipc tui tests | never '\b(TODO|FIXME|XXX)\b' 'unfinished work'
	{
		sources core ipc tui tests
		find . -maxdepth 1 -name '*.am' -o -maxdepth 1 -name bootstrap -o -maxdepth 1 -name 'configure.ac'
		find core ipc tui tests -maxdepth 1 -name '*.am' -o -maxdepth 2 -name '*.sh' -o -maxdepth 2 -name '*.md'
	} | never '[[:space:]]+$' 'a space at the end'
}

# Columns count a tab as eight and a UTF-8 character as one; rows of a table that clang-format leaves alone may be wider.
# A function is what stands between { and } in column 1.
sizes() {
	sources core ipc tui tests | while read -r file; do
		expand -t 8 "$file" | LC_ALL=C awk -v file="$file" -v columns=$columns -v lines=$lines -v most=$function_lines '
			{ text = $0; gsub(/[\200-\277]/, "", text) }
			/\/\/ clang-format (off|on)/ { table = /off/ }
			{ most_columns = columns + (table ? 32 : /^ +X\(/ || /\\$/ ? 12 : 0) } # a row of a table
			length(text) > most_columns { printf "%s:%d: %d columns, at most %d\n", file, NR, length(text), most_columns }
			/^[{]/ { open = NR }
			/^[}]/ && open && NR - open - 1 > most {
				printf "%s:%d: a function of %d lines, at most %d\n", file, open, NR - open - 1, most
			}
			/^[}]/ { open = 0 }
			END { if (NR > lines && file !~ /_table\.h$/) printf "%s:%d: more than %d lines\n", file, NR, lines }'
	done
}

openings() {
	sources core ipc tui tests | while read -r file; do
		case $(head -c 2 "$file") in
		'/*') ;;
		*) echo "$file:1: does not begin by saying what it is" ;;
		esac
	done
}

# Tables (*_table.h) are the inside of an array and of no use alone.
headers() {
	compiler=$(cd "$build" && MAKEFLAGS='' make -s lint-compiler) || {
		echo "Makefile:1: does not say which compiler is used"
		return
	}
	sources core ipc tui | grep '\.h$' | grep -v '_table\.h$' | while read -r file; do
		printf '#include "config.h"\n#include "%s"\n' "$file" >"$dir/alone.c"
		# shellcheck disable=SC2086
		if ! (cd "$build" && $compiler -fsyntax-only "$dir/alone.c") >"$dir/said" 2>&1; then
			echo "$file:1: does not compile by itself: $(grep -m 1 error "$dir/said")"
		fi
	done
}

# What test_golden compares with is in the tarball.
goldens() {
	list=tests/tui/golden/golden.am
	for file in tests/tui/golden/*.txt; do
		grep -qxF "EXTRA_DIST += $file" $list || echo "$file:1: is not named in $list"
	done
	sed -n 's/^EXTRA_DIST += //p' $list | while read -r file; do
		[ -f "$file" ] || echo "$list:1: names $file, which is not there"
	done
}

# CI must run what the README promises.
readme() {
	command='./bootstrap --dev --yes && make check'
	grep -qxF "$command" README.md || echo "README.md:1: does not have the test command: $command"
	grep -qxF "	$command" .ci/run || echo ".ci/run:1: does not run the README's test command: $command"
}

shells() {
	command -v shellcheck >/dev/null || return 0
	{
		ls bootstrap .ci/run 2>/dev/null
		find tests -name node_modules -prune -o -name '*.sh' -print
	} | xargs -r shellcheck -f gcc
}

failed=0 passed=0
for check in includes calls words sizes openings headers goldens readme shells; do
	findings=$($check)
	if [ -n "$findings" ]; then
		failed=$((failed + 1))
		printf 'not ok - %s\n%s\n' "$check" "$findings"
	else
		passed=$((passed + 1))
		echo "ok - $check"
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
