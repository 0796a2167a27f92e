#!/bin/bash
# Gives every fuzz test so long: .ci/fuzz.sh 60s. One that falls doesn't keep the others from running.
set -euo pipefail
time="${1:-60s}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# Before Go 1.27 the end of a fuzz test's time is taken for its failure now and then, where many programs run
# (go.dev/issue/75804). Then nothing else is said: an input that falls is written to a file, and so is why.
only_time_is_over() {
	grep -q '^    context deadline exceeded$' "$log" &&
		! grep -Eq '_test\.go:[0-9]+:|panic|Failing input written|failure while testing|hung or terminated|testdata/fuzz/' "$log"
}

fallen=()
for package in $(grep -rl --include='*_test.go' '^func Fuzz' . | grep -v '/\.tools/' | xargs -n 1 dirname | sort -u); do
	for target in $(grep -h '^func Fuzz' "$package"/*_test.go | sed 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/' | sort); do
		echo "$package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" 2>&1 | tee "$log" && continue
		if only_time_is_over; then
			echo "$target held: Go took the end of its time for a failure."
		else
			fallen+=("$package $target")
		fi
	done
done
if [ ${#fallen[@]} -gt 0 ]; then
	printf 'Fallen: %s\n' "${fallen[@]}" >&2
	exit 1
fi
