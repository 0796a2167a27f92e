#!/usr/bin/env bash
# Opens Maquette in demo mode on a virtual screen and leaves a picture of it.
# Usage: window.sh FILE.png [WIDTHxHEIGHT [light|dark [DATA]]]
set -euo pipefail
cd "$(dirname "$0")/.."

picture="$1" size="${2:-1280x800}" variant="${3:-light}" data="${4:-}"
scratch="$(mktemp -d)"
running=()

finish() {
  local process
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  for process in "${running[@]}"; do wait "$process" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap finish EXIT

fail() {
  echo "window.sh: $1" >&2
  cat "$scratch/log" >&2
  exit 1
}

# await repeats a command until it succeeds, for at most a minute.
await() {
  local what="$1" try
  shift
  for try in $(seq 300); do
    if "$@"; then return; fi
    kill -0 "${running[-1]}" 2>/dev/null || fail "the program ended while waiting for $what"
    sleep 0.2
  done
  fail "no $what within a minute"
}

has_display() { [ -s "$scratch/display" ]; }
has_window() { window="$(xdotool search --onlyvisible --name 'Maquette .demo.' 2>/dev/null | head -n 1)" && [ -n "$window" ]; }

# is_drawn takes the picture and tells whether it shows more than a background that is still changing.
is_drawn() {
  local before="$scratch/before.png"
  [ ! -e "$scratch/now.png" ] || mv "$scratch/now.png" "$before"
  import -window root "$scratch/now.png"
  [ "$(identify -format %k "$scratch/now.png")" -gt 16 ] && [ -e "$before" ] &&
    [ "$(identify -format '%#' "$scratch/now.png")" = "$(identify -format '%#' "$before")" ]
}

touch "$scratch/log"
Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp 3>"$scratch/display" 2>>"$scratch/log" &
running+=($!)
await display has_display
DISPLAY=":$(cat "$scratch/display")"
export DISPLAY

env -u WAYLAND_DISPLAY FYNE_THEME="$variant" LIBGL_ALWAYS_SOFTWARE=1 \
  ./bin/maquette --demo --data "${data:-$scratch/data}" >>"$scratch/log" 2>&1 &
running+=($!)
await window has_window
# The window takes its own first size once its tabs are there; only then is it given another.
await picture is_drawn
xdotool windowmove "$window" 0 0 windowsize "$window" "${size%x*}" "${size#*x}"
rm -f "$scratch/now.png" "$scratch/before.png"
await picture is_drawn
mkdir -p "$(dirname "$picture")"
cp "$scratch/now.png" "$picture"
