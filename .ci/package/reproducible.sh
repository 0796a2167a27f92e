#!/usr/bin/env bash
# Packs the last commit twice, from two clones in folders with other names, and fails where their bytes differ. What Go has
# compiled once it takes from its cache; with GOCACHE in an empty folder the packages must be the same as well.
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

for clone in one another/one; do git clone --quiet . "$scratch/$clone"; done
for clone in one another/one; do
  for system in linux windows; do (cd "$scratch/$clone" && .ci/package/package.sh "$system"); done
done
differ=0
for file in "$scratch/one/dist"/*; do
  name="$(basename "$file")"
  if cmp "$file" "$scratch/another/one/dist/$name"; then
    echo "the same twice: $(sha256sum "$file" | cut -c1-64) $name"
  else
    differ=1
  fi
done
exit "$differ"
