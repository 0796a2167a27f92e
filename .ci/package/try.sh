#!/usr/bin/env bash
# Tries what lies in dist/ in a bare Debian made for it: installs the .deb and opens its window; then, under that Debian's
# Wine, the .zip's program and the installer. Needs root, for chroot. Nothing is left but pictures in out/.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Go programs need a Wine of 2023 or newer, which Debian has since this release.
suite=trixie
deb=(dist/*.deb)
zip=(dist/*-windows-amd64.zip)
setup=(dist/*-setup.exe)

fail() {
  echo "try.sh: $1" >&2
  tail -n 30 "$scratch"/*.log >&2 || true
  exit 1
}

scratch="$(mktemp -d)"
root="$scratch/root"
running=()

finish() {
  local process
  end_window || true
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  if [ -x "$root/usr/bin/wineserver" ]; then inside wineserver --kill || true; fi
  for process in "${running[@]}"; do wait "$process" 2>/dev/null || true; done
  umount "$root/tmp/.X11-unix" "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$scratch"
}
trap finish EXIT

[ "$(id -u)" = 0 ] || fail "only root can make a Debian of its own; use sudo"
for file in "${deb[0]}" "${zip[0]}" "${setup[0]}"; do [ -f "$file" ] || fail "there is no $file: run make package first"; done

# inside runs a program in the bare Debian.
inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DISPLAY="${DISPLAY:-}" DEBIAN_FRONTEND=noninteractive \
    LIBGL_ALWAYS_SOFTWARE=1 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" chroot "$root" "$@"
}

# await repeats a command until it succeeds, for at most four minutes.
await() {
  local what="$1" try
  shift
  for try in $(seq 1200); do
    if "$@"; then return; fi
    sleep 0.2
  done
  fail "$what didn't come about"
}

screen() {
  Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$scratch/display" >"$scratch/xvfb.log" 2>&1 &
  running+=($!)
  await "a screen" test -s "$scratch/display"
  DISPLAY=":$(cat "$scratch/display")"
  export DISPLAY
}

has_window() { xdotool search --onlyvisible --name 'Maquette .demo.' >/dev/null 2>&1; }
has_no_window() { ! has_window; }
end_window() { xdotool search --onlyvisible --name 'Maquette .demo.' getwindowpid 2>/dev/null | while read -r process; do kill "$process"; done; }

# is_drawn takes a picture of the screen, and tells whether it shows the studio, with the demo's pictures.
is_drawn() {
  import -window root "$1"
  [ "$(identify -format %k "$1")" -gt 1000 ]
}

# window NAME PROGRAM...: the program opens its window, is pictured and ended.
window() {
  local name="$1"
  shift
  inside "$@" --demo --data /root/"$name" >"$scratch/$name.log" 2>&1 &
  running+=($!)
  await "the window of $name" has_window
  mkdir -p out
  await "a picture in the window of $name" is_drawn "out/package-$name.png"
  end_window
  await "the end of $name" has_no_window
}

bare_debian() {
  debootstrap --variant=minbase "$suite" "$root" "$(mirror)" >"$scratch/debootstrap.log" || fail "no Debian could be made"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # The way to the network that this computer's own apt takes.
  apt-config dump | grep -E '^Acquire::(http|https|Check|ForceIP)[^ ]* "[^"]' >"$root/etc/apt/apt.conf.d/90network" || true
  mount -t proc proc "$root/proc"
  mkdir -p "$root/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
  inside apt-get -q -o Acquire::Retries=3 -o APT::Sandbox::User=root update >"$scratch/apt.log" 2>&1 || fail "apt finds no packages"
}

# mirror is where this computer has its own packages from, if it is a Debian.
mirror() {
  local found
  found="$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)"
  echo "${found:-http://deb.debian.org/debian}"
}

install_in_it() {
  inside apt-get -q -y -o Acquire::Retries=3 -o APT::Sandbox::User=root --no-install-recommends install "$@" >"$scratch/apt.log" 2>&1 || fail "could not install $*"
}

debian() {
  cp "${deb[0]}" "$root/tmp/maquette.deb"
  install_in_it /tmp/maquette.deb
  inside maquette --version
  inside maquette --version | grep -q "commit $(git rev-parse HEAD)," || echo "try.sh: dist/ is of another commit than this one" >&2
  inside maquette --demo --data /root/list images list >/dev/null
  local file
  for file in share/applications/studio.maquette.app.desktop share/metainfo/studio.maquette.app.metainfo.xml share/man/man1/maquette.1.gz \
    share/icons/hicolor/{48x48,256x256}/apps/studio.maquette.app.png share/bash-completion/completions/maquette share/zsh/vendor-completions/_maquette \
    share/fish/vendor_completions.d/maquette.fish share/doc/maquette/{copyright,licences.txt,sbom.cdx.json}; do
    [ -s "$root/usr/$file" ] || fail "the .deb is without usr/$file"
  done
  window deb maquette
  inside apt-get -q -y purge maquette >"$scratch/apt.log"
  [ -z "$(find "$root/usr" -iname '*maquette*')" ] || fail "files stay behind in /usr when the .deb is removed"
  echo "The .deb, installed in a bare Debian, opens its window: out/package-deb.png"
}

windows() {
  install_in_it wine wine64
  unzip -q -d "$root/root/zip" "${zip[0]}"
  cp "${setup[0]}" "$root/root/setup.exe"
  inside wineboot --init >"$scratch/wineboot.log" 2>&1 || fail "Wine doesn't start"
  inside wine /root/zip/maquette/maquette.exe --version >"$scratch/version.log" 2>&1 || fail "the .exe doesn't start"
  cat "$scratch/version.log"
  window exe wine /root/zip/maquette/maquette.exe
  echo "The .exe opens its window under Wine: out/package-exe.png"

  inside wine /root/setup.exe /S >"$scratch/setup.log" 2>&1 || fail "the installer failed"
  local folder
  folder="$(find "$root/root/.wine/drive_c" -path '*/Programs/Maquette' -type d)"
  [ -s "$folder/maquette.exe" ] || fail "the installer left no program"
  [ -n "$(find "$root/root/.wine/drive_c" -name Maquette.lnk)" ] || fail "the installer left no entry in the start menu"
  window installed wine "${folder#"$root"}/maquette.exe"
  inside wine "${folder#"$root"}/uninstall.exe" /S >"$scratch/uninstall.log" 2>&1 || fail "the uninstaller failed"
  await "the end of the uninstaller" test ! -e "$folder"
  echo "The installer runs under Wine; what it installed opens its window and is removed again: out/package-installed.png"
}

screen
bare_debian
debian
windows
