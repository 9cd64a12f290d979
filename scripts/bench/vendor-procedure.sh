#!/usr/bin/env bash
# The procedure that GitHub documents for adding self-hosted runners ("Settings > Actions > Runners > New self-hosted
# runner"), done once for each runner, one after the other, as a person does it with an archive that is there already:
#
#   mkdir actions-runner && cd actions-runner
#   tar xzf ./actions-runner-linux-x64-<version>.tar.gz
#   ./config.sh --unattended --url https://github.com/<owner>/<repository> --token <registration token>
#   ./run.sh
#
# Usage: vendor-procedure.sh COUNT ARCHIVE FOLDER URL NAME_PREFIX     with the registration token in RUNNER_TOKEN
# Leaves the runners running; their process ids are in FOLDER/<name>/run.pid.
set -euo pipefail

count=$1 archive=$2 folder=$3 url=$4 prefix=$5
export RUNNER_ALLOW_RUNASROOT=1 # the documented way for a machine on which one is root, as in a container

for number in $(seq 1 "$count"); do
  name="$prefix-$number"
  mkdir -p "$folder/$name"
  cd "$folder/$name"
  tar xzf "$archive"
  ./config.sh --unattended --url "$url" --token "$RUNNER_TOKEN" --name "$name" >config.log 2>&1
  setsid ./run.sh >run.log 2>&1 &
  echo $! >run.pid
  # Ready is what the vendor's own service helper takes for ready.
  until grep -q 'Listening for Jobs' run.log; do
    kill -0 "$(cat run.pid)" || { cat config.log run.log >&2; exit 1; }
    sleep 0.02
  done
done
