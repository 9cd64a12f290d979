/** Whether the network that this host uses is paid for by volume, as NetworkManager tells. */
import type { AskProgram } from './ask-program.ts';

const service = 'org.freedesktop.NetworkManager';
const property = [service, '/org/freedesktop/NetworkManager', service, 'Metered'];

/** NMMetered: 1 = yes, 2 = no, 3 = guessed yes, 4 = guessed no, 0 = unknown. */
const meanings: Record<string, boolean> = { 1: true, 2: false, 3: true, 4: false };

/** Reads `busctl get-property … Metered`, e.g. "u 4": about the connection that is used. */
export function parseBusctl(text: string): boolean | null {
  return meanings[/^u (\d)$/.exec(text.trim())?.[1] ?? ''] ?? null;
}

/** Reads `nmcli -t -f GENERAL.METERED dev show`, a line per device: "GENERAL.METERED:yes (guessed)". */
export function parseNmcli(text: string): boolean | null {
  const answers = [...text.matchAll(/^GENERAL\.METERED:(yes|no)\b/gm)].map(([, answer]) => answer);
  if (answers.includes('yes')) return true;
  return answers.includes('no') ? false : null;
}

/** How this kind of host is asked. macOS and Windows do not tell programs on the command line. */
export function createMeteredProbe(
  platform: NodeJS.Platform,
  ask: AskProgram,
): () => Promise<boolean | null> {
  if (platform !== 'linux') return async () => null;
  return async () => {
    // A NetworkManager that does not run is not started by the question.
    const told = await ask('busctl', [
      '--system',
      '--auto-start=no',
      '--timeout=2',
      'get-property',
      ...property,
    ]);
    if (told !== null) return parseBusctl(told);
    const listed = await ask('nmcli', ['-t', '-f', 'GENERAL.METERED', 'dev', 'show']);
    return listed === null ? null : parseNmcli(listed);
  };
}
