#!/usr/bin/env bash
# Makes a data directory with something of everything in it, by the program of this commit, for olddata_test.go:
# app/testdata/data-DATE-COMMIT.tar.gz, and beside it what the command line says of it.
# Usage: app/testdata/make-data.sh   (installs what it needs)
set -euo pipefail
cd "$(dirname "$0")/../.."

name="data-$(date +%F)-$(git rev-parse --short=7 HEAD)"
scratch="$(mktemp -d)"
data="$scratch/$name"
photos="$scratch/photos"
large="$scratch/large"
sandbox=

finish() {
  [ -z "$sandbox" ] || kill "$sandbox"
  wait
  rm -rf "$scratch"
}
trap finish EXIT

maquette() { "$scratch/maquette" --data "$data" "$@"; }
demo() { maquette --demo "$@"; }

# model_of prints the id of the newest model of a service.
model_of() { demo models list --json | jq -r "select(.service == \"$1\").id" | head -n 1; }

# ends_with runs a command whose exit code is the one given.
ends_with() {
  local want="$1" got=0
  shift
  "$@" || got=$?
  [ "$got" = "$want" ] || { echo "“$*” ended with $got instead of $want." >&2; exit 1; }
}

# The demo's own samples would be most of the archive; it makes none where their folder is there.
make_photos() {
  local n
  "$scratch/maquette" --data "$scratch/samples" --demo images list
  mkdir -p "$photos" "$large" "$data/demo/samples"
  for n in 01 02 03 04 05; do
    convert "$scratch/samples/demo/samples/fox-$n.jpg" -resize 320x320 -quality 60 "$photos/fox-$n.jpg"
  done
  for n in 06 07; do
    convert "$scratch/samples/demo/samples/fox-$n.jpg" -resize 1024x1024^ -quality 30 "$large/fox-$n.jpg" # as Bria wants them
  done
  echo 'sitting in the snow' >"$photos/fox-01.txt"
  echo 'ein Fuchs aus Papier, „gefaltet“' >"$photos/fox-03.txt"
}

in_the_demo() {
  demo datasets import "$photos"
  demo run dreamlook/dreambooth --dataset photos --consent --set 'instance_prompt=photo of ukj fox' --set steps=200
  demo run dreamlook/image_gen --set 'prompt=photo of ukj fox at sea' --set "checkpoint_id=$(model_of dreamlook)" \
    --set num_samples=1 --set seed=7
  demo run luma/image --set 'prompt=a paper fox on a hill' --set aspect_ratio=1:1 --set count=2
  demo run bria/train --photo "$large/fox-06.jpg" --caption "with its tail up" --photo "$large/fox-07.jpg" --consent \
    --set 'model_name=Paper fox' --set project_name=Foxes --set ip_name=Fox --set 'ip_description=a folded orange paper fox' --set 'caption_prefix=A paper fox,'
  demo run bria/text-to-vector --set "model_id=$(model_of bria)" --set 'prompt=A paper fox, jumping' --set num_results=1
  ends_with 1 demo run luma/image --set 'prompt=a forbidden dog'
}

# at_a_sandbox works without --demo: a reference in the bucket, an answer that gets lost, a job that isn't over.
at_a_sandbox() {
  local photo five=()
  "$scratch/maquette" sandbox --state "$scratch/sandbox" --fault 'lucydream POST: lost x1' >"$scratch/env" &
  sandbox=$!
  until grep -q MAQUETTE_BUCKET_SECRET_KEY "$scratch/env"; do sleep 0.1; done
  set -a
  . "$scratch/env"
  set +a
  maquette run luma/image --set 'prompt=a fox like this one' --set aspect_ratio=1:1 \
    --set "image_ref=[{\"image\":\"$photos/fox-03.jpg\",\"weight\":0.5}]"
  for photo in "$photos"/*.jpg; do five+=(--photo "$photo"); done
  ends_with 3 maquette run lucydream/train --set title=Anna --set name=woman --consent "${five[@]}"
  maquette run luma/image --set 'prompt=a paper fox at night' --no-wait
}

# in_the_window does what only the window can.
in_the_window() { MAQUETTE_OLD_DATA="$data" go test ./app -count=1 -run '^TestMakeOldData$'; }

# slim drops what may be deleted at any time, what the simulated services know, and what the models hold, which isn't
# looked at: zeros pack small.
slim() {
  local model size header
  for model in "$data"/demo/models/*.safetensors; do
    size="$(stat -c %s "$model")"
    header="$(od -An -tu8 -N8 "$model")"
    truncate -s $((8 + header)) "$model"
    truncate -s "$size" "$model"
  done
  rm -rf "$data"/{,demo/}{thumbs,backups,copied} "$data/models" "$data/demo/sandbox"
}

# says prints what a list says, without where it lies.
says() { maquette "$@" --json | jq -s . | sed "s#$data/##g"; }

expectation() {
  jq -n --argjson demo "$(lists --demo)" --argjson plain "$(lists)" '{demo: $demo, plain: $plain}'
}

lists() {
  jq -n --argjson jobs "$(says "$@" jobs list)" --argjson images "$(says "$@" images list)" \
    --argjson models "$(says "$@" models list)" --argjson datasets "$(says "$@" datasets list)" \
    '{jobs: $jobs, images: $images, models: $models, datasets: $datasets}'
}

.ci/setup.sh olddata
go build -tags migrated_fynedo -o "$scratch/maquette" .
make_photos
in_the_demo
at_a_sandbox
in_the_window
expectation >"app/testdata/$name.json"
slim
tar -C "$scratch" --sort=name --owner=0 --group=0 -czf "app/testdata/$name.tar.gz" "$name"
ls -l "app/testdata/$name".*
