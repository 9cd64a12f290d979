#!/bin/bash
# Runs the runner and starts it again when it asks for that.

script="${BASH_SOURCE[0]}"
while [ -h "$script" ]; do
    target="$(readlink "$script")"
    [[ "$target" == /* ]] || target="${script%/*}/$target"
    script="$target"
done
root="$(cd -P "$(dirname "$script")" && pwd)"

# What becomes of the helper's exit code: 2 starts again, 7 is told on request, all else ends with $1.
finish() {
    if [ "$code" -eq 2 ]; then
        echo "Restarting runner..."
        return
    fi
    echo "Exiting runner..."
    if [ "$code" -eq 7 ] && [ "$ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE" == "1" ]; then
        exit 7
    fi
    trap - INT TERM
    exit "$1"
}

prepare() {
    cp -f "$root/run-helper.sh.template" "$root/run-helper.sh"
}

if [ -z "$RUNNER_MANUALLY_TRAP_SIG" ]; then
    while :; do
        prepare
        "$root/run-helper.sh" $*
        code=$?
        finish 0
    done
fi

# Under an init process that signals this script only: hand INT and TERM on to the helper's process group, as INT.
set -m
trap 'kill -INT -- "-$helper"' INT TERM
while :; do
    prepare
    "$root/run-helper.sh" $* &
    helper=$!
    wait "$helper"
    code=$?
    # A trapped signal ends the wait, not the helper.
    while kill -0 "$helper" 2>/dev/null; do
        wait "$helper"
        code=$?
    done
    finish "$code"
done
