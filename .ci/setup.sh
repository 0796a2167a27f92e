#!/usr/bin/env bash
# Installs what a target of the Makefile needs, and only what is missing of it.
# Usage: setup.sh build|screen|test|olddata|lint|vulncheck|windows|package|try...   (Debian packages, and pinned Go tools in .tools/bin)
set -euo pipefail
cd "$(dirname "$0")/.."

readonly ACTIONLINT=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
readonly NFPM=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2
readonly GOFUMPT=mvdan.cc/gofumpt@v0.12.0
readonly GOLANGCI_LINT=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
readonly GOVULNCHECK=golang.org/x/vuln/cmd/govulncheck@v1.9.0
readonly VERSITYGW=github.com/versity/versitygw/cmd/versitygw@v1.8.0

packages=()
tools=()

# want adds the needs of one name in the usage line.
want() {
  case "$1" in
    build) packages+=(ca-certificates gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev) ;;
    screen) packages+=(xvfb x11-utils xdotool imagemagick libgl1-mesa-dri fonts-dejavu-core) ;;
    test)
      want build
      want screen
      packages+=(curl dbus gnome-keyring libimage-exiftool-perl libsecret-1-0 zsh)
      tools+=("$VERSITYGW")
      ;;
    olddata)
      want build
      packages+=(imagemagick jq)
      ;;
    lint)
      want build
      packages+=(appstream desktop-file-utils)
      tools+=("$ACTIONLINT" "$GOFUMPT" "$GOLANGCI_LINT")
      ;;
    vulncheck)
      want build
      packages+=(curl)
      tools+=("$GOVULNCHECK")
      ;;
    windows) packages+=(gcc-mingw-w64-x86-64) ;;
    package)
      packages+=(appstream desktop-file-utils imagemagick nsis xz-utils zip)
      tools+=("$NFPM")
      ;;
    try) packages+=(debootstrap unzip) ;;
    *)
      echo "setup.sh: unknown need: $1" >&2
      exit 2
      ;;
  esac
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  if ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system. Maquette needs what these Debian packages hold: $*" >&2
    return
  fi
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "Packages are missing, and there is no sudo here. As root, run:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing Debian packages: ${missing[*]}"
  as_root apt-get -q -o Acquire::Retries=3 update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "${missing[@]}"
}

# install_tool builds a tool once for each pinned version; an empty file under .tools remembers which.
install_tool() {
  local tool="$1" name stamp
  name="$(basename "${tool%@*}")"
  stamp=".tools/$name@${tool##*@}"
  if [ -e "$stamp" ] && [ -x ".tools/bin/$name" ]; then return; fi
  echo "Building $tool"
  mkdir -p .tools/bin
  GOBIN="$PWD/.tools/bin" GOOS='' GOARCH='' go install "$tool"
  rm -f ".tools/$name@"*
  touch "$stamp"
}

if ! command -v go >/dev/null; then
  echo "Go is not installed, or not in PATH. Maquette needs Go $(sed -n 's/^go //p' go.mod) or newer: https://go.dev/dl/" >&2
  exit 1
fi
for need in "$@"; do want "$need"; done
install_packages "${packages[@]}"
for tool in "${tools[@]}"; do install_tool "$tool"; done
