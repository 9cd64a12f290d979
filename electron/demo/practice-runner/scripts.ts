/** The shell scripts of the package, laid out as the vendor's. */

const preamble = '#!/bin/sh\n';

/** Runs the Node that the archive was built for. */
export const nodeLauncher = (nodePath: string): string => `${preamble}exec ${quote(nodePath)} "$@"\n`;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Small heaps: two hundred listeners may run on one machine. */
const nodeFlags = '--max-semi-space-size=1 --max-old-space-size=128';

/** Keeps its pid: the listener is the process that was started. */
export const program = (name: string, version: string): string => `${preamble}bin=$(cd -- "$(dirname -- "$0")" && pwd)
PRACTICE_RUNNER_VERSION=${version} NODE_NO_WARNINGS=1 exec "$bin/../externals/node24/bin/node" ${nodeFlags} "$bin/${name}.mjs" "$@"
`;

export const configScript = `${preamble}if [ "$(id -u)" -eq 0 ] && [ -z "$RUNNER_ALLOW_RUNASROOT" ]; then
    echo "Must not run with sudo"
    exit 1
fi
cd -- "$(dirname -- "$0")" || exit 1
if [ "$1" = "remove" ]; then
    exec ./bin/Runner.Listener "$@"
fi
exec ./bin/Runner.Listener configure "$@"
`;

export const runHelperTemplate = `${preamble}if [ "$(id -u)" -eq 0 ] && [ -z "$RUNNER_ALLOW_RUNASROOT" ]; then
    echo "Must not run interactively with sudo"
    exit 1
fi
cd -- "$(dirname -- "$0")" || exit 1
./bin/Runner.Listener run "$@"
code=$?
case $code in
    0) echo "Runner listener exit with 0 return code, stop the service, no retry needed."; exit 0 ;;
    1) echo "Runner listener exit with terminated error, stop the service, no retry needed."; exit 0 ;;
    2) echo "Runner listener exit with retryable error, re-launch runner in 5 seconds."; ./safe_sleep.sh 5; exit 2 ;;
    3|4)
        echo "Runner listener exit because of updating, re-launch runner after successful update"
        waited=0
        while [ ! -f update.finished ] && [ $waited -lt 31 ]; do ./safe_sleep.sh 1; waited=$((waited + 1)); done
        rm -f update.finished
        exit 2 ;;
    5) echo "Runner listener exit with Session Conflict error, stop the service, no retry needed."; exit 0 ;;
    7) echo "Runner listener exit with deprecated version exit code: $code."; exit $code ;;
    *) echo "Exiting with unknown error code: $code"; exit 0 ;;
esac
`;

export const runScript = `${preamble}cd -- "$(dirname -- "$0")" || exit 1
while :; do
    cp -f run-helper.sh.template run-helper.sh
    chmod +x run-helper.sh
    ./run-helper.sh $*
    code=$?
    if [ $code -eq 2 ]; then
        echo "Restarting runner..."
    else
        echo "Exiting runner..."
        if [ $code -eq 7 ]; then exit 7; fi
        exit 0
    fi
done
`;

export const envScript = `${preamble}for name in LANG JAVA_HOME ANT_HOME M2_HOME ANDROID_HOME GRADLE_HOME NVM_BIN NVM_PATH LD_LIBRARY_PATH PERL5LIB; do
    eval "value=\\$$name"
    if [ -n "$value" ]; then echo "$name=$value" >> .env; fi
done
echo "$PATH" > .path
`;

export const safeSleepScript = `${preamble}sleep "$1"\n`;

export const installDependenciesScript = `${preamble}echo "The practice runner needs nothing installed."\n`;

export const runHelperCmdTemplate = '@echo off\r\necho The practice runner runs on Linux and macOS.\r\nexit /b 0\r\n';
