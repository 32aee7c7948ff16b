#!/bin/sh
# run.sh SECONDS SEEDS TARGET: one fuzz target from tests/fuzz/fuzz_NAME on, from the seeds in SEEDS/NAME. Prints what
# it did; fails, with the end of what it said, if it found something.
seconds=$1 seeds=$2 target=$3
name=${target##*/fuzz_}
mkdir -p "corpus/$name" || exit 1
set -- "corpus/$name"
test ! -d "$seeds/$name" || set -- "$@" "$seeds/$name"
if "./$target" "-seed=${FUZZ_SEED:-0}" "-max_total_time=$seconds" -timeout=10 "-artifact_prefix=corpus/crash-$name-" "$@" \
	>"corpus/$name.out" 2>&1; then
	echo "fuzz $name, $seconds s: $(tail -n 1 "corpus/$name.out")"
else
	echo "fuzz $name: FAILED"
	tail -n 40 "corpus/$name.out"
	exit 1
fi
