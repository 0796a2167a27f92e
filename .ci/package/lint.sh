#!/usr/bin/env bash
# Checks the files that packages are made of.
set -euo pipefail
cd "$(dirname "$0")/../.."

desktop-file-validate .ci/package/studio.maquette.app.desktop
# The release's version and date are put in when it is packed.
filled="$(mktemp --suffix=.metainfo.xml)"
trap 'rm -f "$filled"' EXIT
sed 's/@VERSION@/0.0.0/; s/@DATE@/2026-01-01/' .ci/package/studio.maquette.app.metainfo.xml >"$filled"
appstreamcli validate --no-net "$filled"
actionlint -shellcheck= -pyflakes=
