#!/usr/bin/env bash
# Packs a release of what was committed last into dist/: package.sh linux|windows
# The same commit makes the same bytes, wherever it is built with the same Go and C compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

what="$1"
version="$(sed -n 's/^Version = "\(.*\)"$/\1/p' FyneApp.toml)"
# Every file is dated by the commit.
epoch="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH="$epoch" TZ=UTC LC_ALL=C
umask 022
arch="$(go env GOARCH)"
dist="${DIST:-dist}"
mkdir -p "$dist"
stage="$PWD/$dist/stage-$what"
rm -rf "$stage"
mkdir -p "$stage"

# build FILE [LINKER FLAG]: the program, stripped and without the folders of this computer.
build() {
  go build -tags "$TAGS" -trimpath -buildvcs=auto -ldflags "-s -w -buildid= ${2:-}" -o "$1" .
}

# papers FOLDER SYSTEM: the licences of all that is in the program, and the list of it.
papers() {
  mkdir -p "$1"
  GOOS="$2" .ci/licences.sh "$TAGS" >"$1/licences.txt"
  env -u GOOS -u GOARCH -u CC -u CGO_ENABLED go run .ci/package/sbom.go -os "$2" -tags "$TAGS" -version "$version" -date "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" >"$1/sbom.cdx.json"
}

# icons FOLDER: the icon in the sizes that desktops ask for.
icons() {
  local size
  for size in 16 22 24 32 48 64 128 256 512; do
    mkdir -p "$1/${size}x${size}/apps"
    convert -background none assets/icon.png -resize "${size}x${size}" -strip -define png:exclude-chunks=date,time \
      "$1/${size}x${size}/apps/studio.maquette.app.png"
  done
  mkdir -p "$1/scalable/apps"
  cp assets/icon.svg "$1/scalable/apps/studio.maquette.app.svg"
}

linux() {
  local share="$stage/usr/share" program="$stage/usr/bin/maquette" shell
  build "$program"
  papers "$share/doc/maquette" linux
  cp README.md CHANGELOG.md "$share/doc/maquette/"
  cp LICENSE "$share/doc/maquette/copyright"
  icons "$share/icons/hicolor"
  install -D -m 644 .ci/package/studio.maquette.app.desktop -t "$share/applications"
  mkdir -p "$share/metainfo" "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d" "$share/man/man1"
  sed "s/@VERSION@/$version/; s/@DATE@/$(date -u -d "@$epoch" +%F)/" .ci/package/studio.maquette.app.metainfo.xml >"$share/metainfo/studio.maquette.app.metainfo.xml"
  "$program" completion bash >"$share/bash-completion/completions/maquette"
  "$program" completion zsh >"$share/zsh/vendor-completions/_maquette"
  "$program" completion fish >"$share/fish/vendor_completions.d/maquette.fish"
  "$program" man | gzip -9n >"$share/man/man1/maquette.1.gz"
  desktop-file-validate "$share/applications/studio.maquette.app.desktop"
  appstreamcli validate --no-net "$share/metainfo/studio.maquette.app.metainfo.xml"

  find "$stage" -exec touch --no-dereference --date="@$epoch" {} +
  local config="$PWD/.ci/package/nfpm.yaml" deb="$PWD/$dist/maquette_${version}_$arch.deb"
  (cd "$stage" && VERSION="$version" ARCH="$arch" nfpm package --config "$config" --packager deb --target "$deb")
  cp .ci/package/install.txt "$stage/install.txt"
  touch --date="@$epoch" "$stage/install.txt"
  tar --create --xz --file "$dist/maquette-$version-linux-$arch.tar.xz" --directory "$stage" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$epoch" --transform "s,^\.,maquette-$version," .
  cp "$share/doc/maquette/licences.txt" "$share/doc/maquette/sbom.cdx.json" "$dist/"
}

windows() {
  export CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
  local resource="rsrc_windows_amd64.syso"
  (cd "$stage" && icon_of_windows && resource_of_windows >maquette.rc && cp "$OLDPWD/.ci/package/maquette.manifest" .)
  # The linker takes up every .syso beside main.go; it is no part of the source.
  trap 'rm -f rsrc_windows_amd64.syso' EXIT
  (cd "$stage" && x86_64-w64-mingw32-windres maquette.rc -O coff -o resource.syso)
  cp "$stage/resource.syso" "$resource"
  mkdir -p "$stage/maquette"
  build "$stage/maquette/maquette.exe" -H=windowsgui
  papers "$stage/maquette" windows
  cp README.md LICENSE "$stage/maquette/"
  find "$stage" -exec touch --date="@$epoch" {} +
  rm -f "$dist/maquette-$version-windows-amd64.zip"
  (cd "$stage" && find maquette -type f | sort | zip -X -9 -q "$OLDPWD/$dist/maquette-$version-windows-amd64.zip" -@)
  makensis -V2 -NOCD "-DVERSION=$version" "-DSTAGE=$stage" "-DOUTPUT=$PWD/$dist/maquette-$version-windows-amd64-setup.exe" .ci/package/installer.nsi
}

icon_of_windows() {
  convert -background none "$OLDPWD/assets/icon.png" -define icon:auto-resize=256,128,64,48,32,24,16 -strip maquette.ico
}

resource_of_windows() {
  local numbers="${version//./,},0"
  cat <<RC
#include <winver.h>
1 ICON "maquette.ico"
1 24 "maquette.manifest"
1 VERSIONINFO
FILEVERSION $numbers
PRODUCTVERSION $numbers
FILEOS 0x40004L
FILETYPE 0x1L
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904B0"
    BEGIN
      VALUE "CompanyName", "The Maquette project"
      VALUE "FileDescription", "Maquette"
      VALUE "FileVersion", "$version"
      VALUE "InternalName", "maquette"
      VALUE "LegalCopyright", "MIT licence"
      VALUE "OriginalFilename", "maquette.exe"
      VALUE "ProductName", "Maquette"
      VALUE "ProductVersion", "$version"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
RC
}

"$what"
rm -rf "$stage"
