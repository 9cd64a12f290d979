/** What the command palette offers, and which of it matches what was typed. */
import type { Board } from '../../shared/board.ts';
import type { Pool } from '../../shared/model.ts';
import { runnerLook } from '../components/runner-state.ts';
import { plainSentence } from '../components/sentence-parts.ts';
import { byName } from '../screens/overview/track-model.ts';
import { poolPath } from '../screens/pools/pool-path.ts';
import { lifeTitles } from '../screens/pools/pool-words.ts';
import { queuePath } from '../screens/queue/queue-filter.ts';
import { waitTitles } from '../screens/queue/wait-words.ts';
import type { OpenDialog } from '../store/dialogs.ts';

export interface PaletteCommand {
  id: string;
  /** Words shown and searched. */
  title: string;
  /** Quiet words after it: what kind it is, in which state. */
  hint: string;
  target:
    | { kind: 'place'; path: string }
    | { kind: 'dialog'; dialog: OpenDialog }
    | { kind: 'pool'; poolId: string; deed: 'pause' | 'resume' | 'start-one' }
    | { kind: 'theme' };
}

const goTo = (id: string, title: string, path: string): PaletteCommand => ({
  id,
  title,
  hint: 'Go to',
  target: { kind: 'place', path },
});
const places: PaletteCommand[] = [
  goTo('overview', 'Overview', '/'),
  goTo('queue', 'Queue', '/queue'),
  goTo('workflows', 'Workflows and runs', '/runs'),
  goTo('runners', 'Runners', '/runners'),
  goTo('pools', 'Pools', '/pools'),
  goTo('history', 'History', '/history'),
  goTo('settings', 'Settings', '/settings'),
];

const deed = (id: string, title: string, target: PaletteCommand['target']): PaletteCommand => ({
  id,
  title,
  hint: 'Do',
  target,
});
const dialog = (of: OpenDialog): PaletteCommand['target'] => ({ kind: 'dialog', dialog: of });
/** What needs a repository, or a pool, before it can be done. */
const needRepository: PaletteCommand[] = [
  deed('deploy', 'Deploy runners…', { kind: 'place', path: '/deploy' }),
  deed('run', 'Run a workflow…', dialog({ kind: 'run-workflow', repositoryId: null })),
  deed('import', 'Import pools…', dialog({ kind: 'import-pools' })),
];
const needPool: PaletteCommand[] = [
  deed('export', 'Export pools…', dialog({ kind: 'export-pools', poolId: null })),
];
const always: PaletteCommand[] = [
  deed('connect', 'Connect a repository…', { kind: 'place', path: '/connect' }),
  deed('theme', 'Change the theme', { kind: 'theme' }),
  deed('quit', 'Quit Trackside…', dialog({ kind: 'quit' })),
];

/** Everything that can be chosen, in the order it is offered. */
export function paletteCommands(
  board: Pick<Board, 'runners' | 'repositories' | 'pools' | 'waits'>,
): PaletteCommand[] {
  const pools = Object.values(board.pools);
  const possible = [
    ...(Object.keys(board.repositories).length > 0 ? needRepository : []),
    ...(pools.length > 0 ? needPool : []),
    ...always,
  ];
  const runners = byName(Object.values(board.runners)).map<PaletteCommand>((runner) => ({
    id: `runner-${runner.id}`,
    title: runner.name,
    hint: runnerLook(runner).word + (runner.job === null ? '' : `: ${runner.job.name}`),
    target: { kind: 'place', path: `/runners/${encodeURIComponent(runner.id)}` },
  }));
  return [
    ...places,
    ...possible,
    ...pressingWaits(board.waits),
    ...runners,
    ...pools.flatMap(commandsOfPool),
  ];
}

/** What jobs wait for that does not pass by itself. */
function pressingWaits(waits: Board['waits']): PaletteCommand[] {
  return Object.values(waits)
    .filter(({ passes }) => !passes)
    .map(({ id, title, kind }) => ({
      id: `wait-${id}`,
      title: plainSentence(title),
      hint: `Queue: ${waitTitles[kind].toLowerCase()}`,
      target: { kind: 'place', path: queuePath({ waitId: id }) },
    }));
}

function commandsOfPool({ id, name, paused, lifecycle }: Pool): PaletteCommand[] {
  const act = (what: 'pause' | 'resume' | 'start-one'): PaletteCommand['target'] => ({
    kind: 'pool',
    poolId: id,
    deed: what,
  });
  return [
    {
      id: `pool-${id}`,
      title: name,
      hint: paused ? 'Pool: paused' : `Pool: ${lifeTitles[lifecycle.mode].toLowerCase()}`,
      target: { kind: 'place', path: poolPath(id) },
    },
    paused
      ? deed(`resume-${id}`, `Resume ${name}`, act('resume'))
      : deed(`pause-${id}`, `Pause ${name}`, act('pause')),
    deed(`start-one-${id}`, `Start one more of ${name}`, act('start-one')),
  ];
}

/** Shown at most; whoever looks for more types another letter. */
const mostShown = 24;

/**
 * The commands that match, best first: a title that starts with what was typed, then one with a word that does, then
 * one that contains all of it somewhere.
 */
export function matchCommands(commands: readonly PaletteCommand[], query: string): PaletteCommand[] {
  const wanted = query.trim().toLowerCase();
  const ranked = commands.flatMap((command, index) => {
    const rank = rankOf(command, wanted);
    return rank === null ? [] : [{ command, rank, index }];
  });
  return ranked
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, mostShown)
    .map(({ command }) => command);
}

function rankOf({ title, hint }: PaletteCommand, wanted: string): number | null {
  const name = title.toLowerCase();
  if (wanted === '' || name.startsWith(wanted)) return 0;
  if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) return 1;
  const all = `${name} ${hint.toLowerCase()}`;
  return wanted.split(/\s+/).every((word) => all.includes(word)) ? 2 : null;
}
