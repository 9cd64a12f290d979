/** The small shell script between the engine and a runner's listener: it outlives the engine and keeps the exit code. */

/** The shim's own exit code when it cannot write into the control folder; the listener was not started then. */
export const controlFolderUnwritable = 125;

/**
 * Run as `/bin/sh -c SCRIPT trackside-runner CONTROL_FOLDER`, working folder = runner root. The signals it traps do
 * nothing to it, but reach the listener: a trapped signal (unlike an ignored one) is reset in children. The files are
 * one line written by the shell itself, and count only with their line end: no helper process has to survive for it.
 */
export const shimScript = `
trap : HUP INT TERM
echo "$$" > "$1/pid" || exit ${controlFolderUnwritable}
bin/Runner.Listener run >> "$1/listener.log" 2>&1
code=$?
echo "$code" > "$1/exit"
exit "$code"
`;

/**
 * Run as `/bin/sh -c SCRIPT trackside-config CONTROL_FOLDER ARGUMENTS…`, working folder = runner root: records its pid
 * and where it works, then becomes config.sh.
 */
export const configScript = `
{ echo "$$"; pwd -P; } > "$1/config.pid" || exit ${controlFolderUnwritable}
shift
exec ./config.sh "$@"
`;
