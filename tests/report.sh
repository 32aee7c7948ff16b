#!/bin/sh
# The count with which CI closes: every runner's closing line is understood, and nothing that failed is lost.
set -u

report=$(cd "${srcdir:-.}" && pwd)/tests/ci-report
dir=$(mktemp -d "${TMPDIR:-/tmp}/bascule-report-XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

ended() { # name, automake's result; the log on stdin
	mkdir -p "$dir/logs/tests"
	cat >"$dir/logs/tests/$1.log"
	printf ':test-result: %s\n:global-test-result: %s\n' "$2" "$2" >"$dir/logs/tests/$1.trs"
}

gives() { # what, expected status, expected last line
	output=$("$report" "$dir/logs")
	status=$?
	if [ "$status" = "$2" ] && [ "$(printf '%s\n' "$output" | tail -n 1)" = "$3" ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		printf 'not ok - %s: status %s\n%s\n' "$1" "$status" "$output"
	fi
	rm -rf "$dir/logs"
}

printf '[==========] 4 test(s) run.\n[  PASSED  ] 4 test(s).\nPASS x (exit status: 0)\n' | ended a PASS
gives 'cmocka' 0 '4 passed, 0 failed, 0 skipped'
printf '[  PASSED  ] 3 test(s).\n[  FAILED  ] tests: 1 test(s), listed below:\n[  FAILED  ] two\n\n 1 FAILED TEST(S)\n' |
	ended a FAIL
gives 'cmocka with a failure' 1 '3 passed, 1 failed, 0 skipped'
printf '[  PASSED  ] 3 test(s).\n[  SKIPPED ] 2 test(s), listed below:\n[  SKIPPED ] two\n' | ended a PASS
gives 'cmocka with what it skipped' 0 '3 passed, 0 failed, 2 skipped'
printf '# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 0\n' | ended a FAIL
gives "node's runner" 1 '5 passed, 2 failed, 2 skipped'
printf 'ok - one\n2 passed, 0 failed, 1 skipped\nPASS x (exit status: 0)\n' | ended a PASS
gives 'a closing line of our own' 0 '2 passed, 0 failed, 1 skipped'
printf '[  PASSED  ] 4 test(s).\n' | ended a PASS
printf 'SKIP: no node\n' | ended b SKIP
gives 'a test without a closing line counts once' 0 '4 passed, 0 failed, 1 skipped'
printf '3 passed, 0 failed, 0 skipped\nSegmentation fault\n' | ended a FAIL
gives 'one that ends badly after its closing line' 1 '3 passed, 1 failed, 0 skipped'
printf '' | ended a FAIL
gives 'one that says nothing' 1 '0 passed, 1 failed, 0 skipped'
printf '' | ended a ERROR
printf '1 passed, 0 failed, 0 skipped\n' | ended b PASS
gives 'one that could not be run' 1 '1 passed, 1 failed, 0 skipped'
printf '2 passed, 0 failed, 0 skipped\n' | ended a PASS
printf '1 passed, 1 failed, 0 skipped\n' | ended b FAIL
first=$("$report" "$dir/logs" | head -n 1)
case $first in
FAIL*/b.log:*) gives 'what failed is told first' 1 '3 passed, 1 failed, 0 skipped' ;;
*) gives "what failed is told first, not $first" never '' ;;
esac
mkdir -p "$dir/logs"
gives 'nothing at all is no success' 1 '0 passed, 0 failed, 0 skipped'

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
