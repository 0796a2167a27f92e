#!/usr/bin/env bash
# Starts what lies in dist/: the .deb in a bare Debian of its own, with its window, and the .exe and the installer under
# Wine. Needs root, for chroot.
set -euo pipefail
cd "$(dirname "$0")/../.."

deb=(dist/*.deb)
setup=(dist/*-setup.exe)
[ -f "${deb[0]}" ] && [ -f "${setup[0]}" ] || { echo "try.sh: run make package first" >&2; exit 1; }
scratch="$(mktemp -d)"
root="$scratch/root"
running=()

finish() {
  local process
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  for process in "${running[@]}"; do wait "$process" 2>/dev/null || true; done
  umount "$root/proc" "$root/tmp/.X11-unix" 2>/dev/null || true
  rm -rf --one-file-system "$scratch"
}
trap finish EXIT

# await repeats a command until it succeeds, for at most two minutes.
await() {
  local what="$1" try
  shift
  for try in $(seq 600); do
    if "$@"; then return; fi
    sleep 0.2
  done
  echo "try.sh: $what didn't come about in $try tries" >&2
  exit 1
}

screen() {
  Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$scratch/display" >"$scratch/xvfb.log" 2>&1 &
  running+=($!)
  await "a screen" test -s "$scratch/display"
  DISPLAY=":$(cat "$scratch/display")"
  export DISPLAY
}

has_window() { xdotool search --name "$1" >/dev/null 2>&1; }

bare_debian() {
  debootstrap --variant=minbase "${SUITE:-bookworm}" "$root" "$(mirror)"
  cp "${deb[0]}" "$root/tmp/maquette.deb"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
  mount -t proc proc "$root/proc"
  chroot "$root" apt-get -q -y -o Acquire::Retries=3 install /tmp/maquette.deb
  chroot "$root" maquette --version
  chroot "$root" env HOME=/root maquette --demo --data /tmp/data images list >/dev/null
  mkdir -p "$root/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
  chroot "$root" env HOME=/root DISPLAY="$DISPLAY" maquette --demo --data /tmp/data >"$scratch/window.log" 2>&1 &
  running+=($!)
  await "the window in a bare Debian" has_window 'Maquette (demo)'
  mkdir -p out
  import -window root out/package-debian.png
  echo "The .deb, installed in a bare Debian, opens its window: out/package-debian.png"
  chroot "$root" apt-get -q -y remove maquette
}

# mirror is where this computer has its own packages from.
mirror() {
  local line
  line="$(grep -rhoE 'https?://[^ ]+' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | grep -v security | head -n 1)"
  echo "${line:-http://deb.debian.org/debian}"
}

under_wine() {
  export WINEPREFIX="$scratch/wine" WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
  timeout 300 wine wineboot --init >"$scratch/wineboot.log" 2>&1
  # NSIS makes installers for 32 bits, which a Wine of 64 bits alone can't start.
  if timeout 120 wine "${setup[0]}" /S >"$scratch/setup.log" 2>&1; then
    find "$WINEPREFIX" -name 'maquette.exe' -path '*Programs*' | grep . || { echo "try.sh: the installer left no program" >&2; exit 1; }
    echo "The installer runs under Wine."
  else
    echo "The installer was not tried: Wine can't start it here ($(head -n 1 "$scratch/setup.log"))."
  fi
  local program
  program="$(mktemp -d -p "$scratch")"
  (cd "$program" && find "$OLDPWD/dist" -name '*.zip' -exec unzip -q {} \;)
  timeout 120 wine "$program/maquette/maquette.exe" --version >"$scratch/version"
  cat "$scratch/version"
  timeout 120 wine "$program/maquette/maquette.exe" --demo --data "$program/data" >"$scratch/exe.log" 2>&1 &
  running+=($!)
  await "the window under Wine" has_window 'Maquette'
  import -window root out/package-wine.png
  echo "The .exe opens its window under Wine: out/package-wine.png"
}

screen
bare_debian
under_wine
