#!/usr/bin/env bash
# Packs a release of what was committed last into dist/: package.sh linux|windows
# The same commit makes the same bytes, wherever it is built with the same Go and C compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

what="$1"
commit="$(git rev-parse HEAD)"
# Every file is dated by the commit.
epoch="$(git log -1 --format=%ct)"
export SOURCE_DATE_EPOCH="$epoch" TZ=UTC LC_ALL=C
umask 022
dist="$PWD/dist"
mkdir -p "$dist"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
source="$scratch/source" stage="$scratch/stage"
mkdir "$source" "$stage"

# Built is the commit itself: what lies in the work tree beside it stays out.
[ -z "$(git status --porcelain)" ] || echo "package.sh: there are changes that are in no commit; the packages are without them." >&2
git archive "$commit" | tar -x -C "$source"
cd "$source"
version="$(sed -n 's/^Version = "\(.*\)"$/\1/p' FyneApp.toml)"

# build FILE [LINKER FLAG]: the program, stripped and without the folders of this computer.
build() {
  go build -tags "$TAGS" -trimpath -buildvcs=false \
    -ldflags "-s -w -buildid= -X github.com/maquette-studio/maquette/app/release.packed=$commit ${2:-}" -o "$1" .
}

# papers FOLDER: the licences of all that is in the program, and the list of it.
papers() {
  mkdir -p "$1"
  .ci/licences.sh "$TAGS" >"$1/licences.txt"
  env -u GOOS -u GOARCH -u CC -u CGO_ENABLED go run .ci/package/sbom.go \
    -os "$what" -tags "$TAGS" -version "$version" -date "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" >"$1/sbom.cdx.json"
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

# dated FOLDER: all in it is of the commit's time.
dated() { find "$1" -exec touch --no-dereference --date="@$epoch" {} +; }

linux() {
  local share="$stage/usr/share" program="$stage/usr/bin/maquette" arch
  arch="$(go env GOARCH)"
  build "$program"
  papers "$share/doc/maquette"
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

  dated "$stage"
  (cd "$stage" && VERSION="$version" ARCH="$arch" nfpm package --config "$source/.ci/package/nfpm.yaml" --packager deb --target "$dist/maquette_${version}_$arch.deb")
  cp .ci/package/install.txt "$stage/install.txt"
  dated "$stage"
  tar --create --xz --file "$dist/maquette-$version-linux-$arch.tar.xz" --directory "$stage" --sort=name --owner=0 --group=0 --numeric-owner \
    --transform "s,^\.,maquette-$version," .
  cp "$share/doc/maquette/licences.txt" "$share/doc/maquette/sbom.cdx.json" "$dist/"
}

windows() {
  export CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
  local folder="$stage/maquette" zip="$dist/maquette-$version-windows-amd64.zip" package
  mkdir "$folder"
  cp .ci/package/maquette.manifest "$stage/"
  convert -background none assets/icon.png -define icon:auto-resize=256,128,64,48,32,24,16 -strip "$stage/maquette.ico"
  resource >"$stage/maquette.rc"
  # The linker takes up every .syso beside main.go.
  (cd "$stage" && x86_64-w64-mingw32-windres maquette.rc -O coff -o "$source/rsrc_windows_amd64.syso")
  build "$folder/maquette.exe" -H=windowsgui
  papers "$folder"
  # What mingw-w64 links in, and the installer's own program.
  for package in mingw-w64-common gcc-mingw-w64-base nsis; do
    printf '\n==== %s\n\n' "$package"
    cat "/usr/share/doc/$package/copyright"
  done >>"$folder/licences.txt"
  cp README.md LICENSE "$folder/"
  dated "$stage"
  rm -f "$zip"
  (cd "$stage" && find maquette -type f | sort | zip -X -9 -q "$zip" -@)
  makensis -V2 -NOCD "-DVERSION=$version" "-DSTAGE=$stage" "-DOUTPUT=$dist/maquette-$version-windows-amd64-setup.exe" .ci/package/installer.nsi
}

# resource is what Windows shows of the program, for windres.
resource() {
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
