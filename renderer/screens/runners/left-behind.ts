/** What is provably ours and no longer needed, on the forge and here, in words. */
import { formatAgo, formatCount, formatList, formatRoughly } from '../../../shared/format.ts';
import type { Ghost, Leftover } from '../../../shared/model.ts';

/** When a ghost goes without anybody's doing: "by itself in 3 d". */
export function removalWords({ removedAt }: Pick<Ghost, 'removedAt'>, nowMs: number): string {
  if (removedAt === null) return 'when you remove it';
  const leftMs = removedAt - nowMs;
  return leftMs < 60_000 ? 'by itself at the next look' : `by itself in ${formatRoughly(leftMs)}`;
}

/** What confirming the removal will do, one sentence each. */
export function ghostSentences(ghosts: readonly Ghost[], repositories: readonly string[]): string[] {
  const names = formatList(ghosts.map(({ name }) => name));
  const where = formatList([...new Set(repositories)]) || 'GitHub';
  const one = ghosts.length === 1;
  const forget = new Set(repositories).size > 1 ? 'forget' : 'forgets';
  return [
    `${where} ${forget} ${names}, for which no runner exists here any more.`,
    `${one ? 'It is' : 'Each is'} proven to be ours once more before it goes; a runner that works is never touched.`,
  ];
}

/** What became of a removal. The engine leaves alone what it could not prove once more. */
export function removedWords(asked: number, removed: number): string {
  if (removed === asked)
    return `${formatCount(removed, 'registration is', 'registrations are')} removed from GitHub.`;
  const rest = asked - removed;
  const stays = `${formatCount(rest, 'stays', 'stay')}: no longer provably a ghost`;
  if (removed === 0) return `None was removed; ${stays}.`;
  return `${removed} of ${formatCount(asked, 'registration')} ${removed === 1 ? 'is' : 'are'} removed from GitHub; ${stays}.`;
}

const kinds: Record<Leftover['kind'], [one: string, many: string]> = {
  folder: ['folder here', 'folders here'],
  process: ['process here', 'processes here'],
  registration: ['registration on GitHub', 'registrations on GitHub'],
};

/** "2 registrations on GitHub and 1 folder here are no longer needed."; null when nothing is left behind. */
export function leftBehindSentence(
  ghosts: readonly Ghost[],
  leftovers: readonly Pick<Leftover, 'kind'>[],
): string | null {
  const counts = { registration: ghosts.length, folder: 0, process: 0 };
  for (const { kind } of leftovers) counts[kind] += 1;
  const total = ghosts.length + leftovers.length;
  if (total === 0) return null;
  const parts = (['registration', 'folder', 'process'] as const).flatMap((kind) =>
    counts[kind] > 0 ? [formatCount(counts[kind], ...kinds[kind])] : [],
  );
  return `${formatList(parts)} ${total === 1 ? 'is' : 'are'} no longer needed.`;
}

/** What a leftover is and when it was found. */
export function leftoverWords({ detail, foundAt }: Leftover, nowMs: number): string {
  return `${detail} Found ${formatAgo(nowMs - foundAt)}.`;
}
