#!/bin/sh
# Makes DIR ready for the tests that need node: the scripts beside this file, and the packages of package-lock.json.
# DIR/state says "ready" or why not; a missing node or registry is for the tests to report, not an error here.
# usage: ensure.sh DIR
set -eu
src=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)

if [ "$src" != "$dir" ]; then
	for file in package.json package-lock.json driver.mjs client_v1.mjs client_v2.mjs fixture_server.mjs \
		plugin_host.mjs; do
		cmp -s "$src/$file" "$dir/$file" || { rm -f "$dir/$file"; cp "$src/$file" "$dir/$file"; }
	done
fi
cd "$dir"
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
	echo "node or npm is not installed" >state
	exit 0
fi
major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$major" -lt 20 ]; then
	echo "node $(node --version 2>/dev/null) is too old: the packages need 20" >state
	exit 0
fi
if [ -d node_modules ] && cmp -s package-lock.json node_modules/.from-lock; then
	echo ready >state
	exit 0
fi
if npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1; then
	cp package-lock.json node_modules/.from-lock
	echo ready >state
else
	echo "npm ci failed: see $dir/npm.log" >state
fi
