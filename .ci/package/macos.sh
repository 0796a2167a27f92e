#!/usr/bin/env bash
# Makes dist/Maquette.app and a .dmg of it, on a Mac: macos.sh arm64|amd64. Unproven: no Mac was at hand.
set -euo pipefail
cd "$(dirname "$0")/../.."

arch="$1"
version="$(sed -n 's/^Version = "\(.*\)"$/\1/p' FyneApp.toml)"
contents=dist/Maquette.app/Contents
rm -rf dist/Maquette.app
mkdir -p "$contents/MacOS" "$contents/Resources"
CGO_ENABLED=1 GOARCH="$arch" MACOSX_DEPLOYMENT_TARGET=11.0 \
  go build -tags migrated_fynedo -trimpath -ldflags "-s -w" -o "$contents/MacOS/maquette" .
sed "s/@VERSION@/$version/g" .ci/package/Info.plist >"$contents/Info.plist"
.ci/licences.sh migrated_fynedo >"$contents/Resources/licences.txt"
go run .ci/package/sbom.go -tags migrated_fynedo -version "$version" >"$contents/Resources/sbom.cdx.json"
iconset="$(mktemp -d)/maquette.iconset"
mkdir "$iconset"
for size in 16 32 128 256 512; do
  sips -z "$size" "$size" assets/icon.png --out "$iconset/icon_${size}x$size.png"
  sips -z "$((size * 2))" "$((size * 2))" assets/icon.png --out "$iconset/icon_${size}x$size@2x.png"
done
iconutil -c icns "$iconset" -o "$contents/Resources/maquette.icns"
codesign --force --deep --sign - dist/Maquette.app
hdiutil create -volname Maquette -srcfolder dist/Maquette.app -ov -format UDZO "dist/maquette-$version-macos-$arch.dmg"
