/** What the board says, for a terminal: plain lines that read well and sort well. */
import { stripVTControlCharacters } from 'node:util';
import type { Board } from '../../shared/board.ts';
import { formatCount, formatDuration } from '../../shared/format.ts';
import type { Pool, Runner, Wait } from '../../shared/model.ts';

/** Words from elsewhere without what a terminal would obey: colours, bells, moves of the cursor. */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(/\p{Cc}/gu, ' ');

/** Columns as wide as their widest cell, two spaces between; '' for no rows. */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(plain));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** How a pool lives, in a few words: "auto, balanced, leaves after 5:00". */
function life({ lifecycle, scaling }: Pool): string {
  if (lifecycle.mode === 'manual') return 'until stopped';
  const spare = scaling.minRunners > 0 ? `, ${formatCount(scaling.minRunners, 'spare')}` : '';
  if (lifecycle.mode === 'ephemeral') return `one job each, ${scaling.policy}${spare}`;
  return `${scaling.policy}, idle ${formatDuration(lifecycle.idleTimeoutMs)}${spare}`;
}

export function describePools(board: Board): string {
  const pools = Object.values(board.pools);
  if (pools.length === 0) return 'No pools. Import some with: trackside pools import FILE';
  const rows = pools.map((pool) => {
    const runners = Object.values(board.runners).filter(({ poolId }) => poolId === pool.id);
    const busy = runners.filter(({ state }) => state === 'busy').length;
    const state = board.poolStates[pool.id];
    const where = board.repositories[pool.repositoryId]?.fullName ?? '?';
    const count = `${runners.length}/${pool.scaling.maxRunners} runners, ${busy} busy`;
    const waits = formatCount(state?.demand ?? 0, 'job waits', 'jobs wait');
    return [pool.name, where, life(pool), count, waits, state?.hold?.sentence ?? state?.cause ?? ''];
  });
  return table(rows);
}

/** What a runner does, and until when. */
function doing({ state, job, stopsAt, retryAt, cause }: Runner, now: number): string {
  if (job) return `${job.name}, for ${formatDuration(now - job.startedAt)}`;
  if (stopsAt !== null) return `leaves in ${formatDuration(Math.max(0, stopsAt - now))}`;
  if (retryAt !== null) return `again in ${formatDuration(Math.max(0, retryAt - now))}: ${cause}`;
  return state === 'idle' ? 'waits for a job' : cause;
}

export function describeRunners(board: Board, now: number): string {
  const runners = Object.values(board.runners).sort((a, b) =>
    a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  if (runners.length === 0) return 'No runners.';
  return table(runners.map((runner) => [runner.name, runner.state, doing(runner, now)]));
}

/** What jobs wait for, a cause each: how many of them, and why. */
function describeWaits(waits: readonly Wait[]): string {
  return table(waits.map(({ title, sentence }) => [`${title}:`, sentence]));
}

export function describeStatus(board: Board, now: number): string {
  const waiting = Object.values(board.jobs).filter(({ status }) => status !== 'in_progress');
  const waits = Object.values(board.waits).sort((a, b) => b.jobs - a.jobs || a.since - b.since);
  const problems = [...Object.values(board.connections), ...Object.values(board.repositories)].flatMap(
    ({ problem }) => (problem ? [`${problem.message} ${problem.remedy ?? ''}`.trim()] : []),
  );
  return [
    ...problems,
    ...Object.values(board.notices).map(({ message }) => message),
    describePools(board),
    describeRunners(board, now),
    waiting.length === 0 ? 'Nothing waits.' : formatCount(waiting.length, 'job waits.', 'jobs wait.'),
    describeWaits(waits),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
