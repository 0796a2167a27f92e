#!/usr/bin/env bash
# Prints the licences of all that the program is made of, to be handed on with it: .ci/licences.sh TAGS
set -euo pipefail
cd "$(dirname "$0")/.."

# text prints one licence under the name of what it is of.
text() {
  printf '\n==== %s\n\n' "$1"
  cat "$2"
}

text Maquette LICENSE
for file in app/photo/codec/lib/{LICENSE,PATENTS}.*; do text "${file##*.}" "$file"; done
text Go "$(go env GOROOT)/LICENSE"
go list -tags "$1" -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' . | sort -u |
  while read -r module version folder; do
    files=("$folder"/[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]* "$folder"/COPYING*)
    found=false
    for file in "${files[@]}"; do
      if [ -f "$file" ]; then
        found=true
        text "$module $version" "$file"
      fi
    done
    if ! $found; then
      echo "licences.sh: $module has no licence's text" >&2
      exit 1
    fi
  done
