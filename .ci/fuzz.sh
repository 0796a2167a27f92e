#!/bin/bash
# Gives every fuzz test so long: .ci/fuzz.sh 60s. One that falls doesn't keep the others from running.
set -euo pipefail
time="${1:-60s}"
fallen=()
for package in $(grep -rl --include='*_test.go' '^func Fuzz' . | grep -v '/\.tools/' | xargs -n 1 dirname | sort -u); do
	for target in $(grep -h '^func Fuzz' "$package"/*_test.go | sed 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/' | sort); do
		echo "$package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" || fallen+=("$package $target")
	done
done
if [ ${#fallen[@]} -gt 0 ]; then
	printf 'Fallen: %s\n' "${fallen[@]}" >&2
	exit 1
fi
