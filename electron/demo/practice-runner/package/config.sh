#!/bin/bash
# Registers the runner with its forge. With the word remove it takes the registration off again.

if [ "$EUID" -eq 0 ] && [ -z "$RUNNER_ALLOW_RUNASROOT" ]; then
    echo "Must not run with sudo"
    exit 1
fi

script="${BASH_SOURCE[0]}"
while [ -h "$script" ]; do
    target="$(readlink "$script")"
    [[ "$target" == /* ]] || target="${script%/*}/$target"
    script="$target"
done
case "$script" in
    */*) cd -P "${script%/*}" || exit 1 ;;
esac

. ./env.sh

shopt -s nocasematch
if [[ "$1" == "remove" ]]; then
    ./bin/Runner.Listener "$@"
else
    ./bin/Runner.Listener configure "$@"
fi
