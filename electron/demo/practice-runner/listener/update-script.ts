/** The script that exchanges a runner's programs while it does not run (update.sh.template). */
import { fileTime } from '../common/text.ts';

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * @param options `pid`: the listener whose end it waits for; afterwards `bin` and `externals` are links to the folders of
 * version `to`, what they were before lies beside them, and `update.finished` is there
 */
export function updateScript(options: { root: string; pid: number; from: string; to: string }): string {
  const { root, pid, from, to } = options;
  return `#!/bin/bash
rootfolder=${quote(root)}
logfile="$rootfolder/_diag/SelfUpdate-${fileTime(Date.now())}.log"
fail() {
    echo "$1" >> "$logfile"
    mv -f "$logfile" "$logfile.failed"
    exit 1
}
mkdir -p "$rootfolder/_diag"
while kill -0 ${pid} 2> /dev/null; do
    sleep 0.1
done
echo "Runner process ${pid} has exited, sleep is over" >> "$logfile"
cd "$rootfolder" || fail "no $rootfolder"
for name in bin externals; do
    if [ -L "$name" ]; then
        rm "$name" || fail "could not remove the link $name"
    else
        rm -rf "$name.${from}"
        mv "$name" "$name.${from}" || fail "could not move $name"
    fi
    ln -s "$name.${to}" "$name" || fail "could not link $name"
done
echo "update succeed" >> "$logfile"
mv -f "$logfile" "$logfile.succeed"
echo "update finished" > update.finished
`;
}
