#!/usr/bin/env bash
# `make run` where there is no display: trains on the sample photos, generates with the new model,
# and leaves a picture of the window. All in demo mode, under out/.
set -euo pipefail
cd "$(dirname "$0")/.."

maquette() { ./bin/maquette --demo --data out/demo "$@"; }

# first_id reads the id of the first of the JSON lines on standard input.
first_id() { sed -n '1s/^.*"id":"\([^"]*\)".*$/\1/p'; }

echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so Maquette does without its window:"
rm -rf out/demo out/pictures

echo "1. Sample photos, made by Maquette itself"
maquette images list # a new demo begins with them
samples=out/demo/demo/samples

echo "2. Training on them at the built-in sandbox's dreamlook.ai"
maquette run dreamlook/dreambooth --photo "$samples" --consent --set 'instance_prompt=photo of ukj fox'
model="$(maquette models list --json | first_id)"
[ -n "$model" ] || { echo "The training left no model behind." >&2; exit 1; }

echo "3. Generating with the new model, $model"
maquette run dreamlook/image_gen --set 'prompt=photo of ukj fox on a windowsill, morning light' \
  --set "checkpoint_id=$model" --out out/pictures

echo "4. A picture of the window"
.ci/window.sh out/window.png 1280x800 light out/demo

echo
echo "Done. Pictures by the new model:"
find "$PWD/out/pictures" -type f | sort | sed 's/^/  /'
echo "The window, drawn on a virtual screen:"
echo "  $PWD/out/window.png"
