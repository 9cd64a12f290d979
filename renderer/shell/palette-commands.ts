/** What the command palette offers, and which of it matches what was typed. */
import type { Board } from '../../shared/board.ts';
import { runnerLook } from '../components/runner-state.ts';
import { byName } from '../screens/overview/track-model.ts';

export interface PaletteCommand {
  id: string;
  /** Words shown and searched. */
  title: string;
  /** Quiet words after it: what kind it is, in which state. */
  hint: string;
  target: { kind: 'place'; path: string } | { kind: 'run-workflow' } | { kind: 'theme' };
}

const places: PaletteCommand[] = [
  { id: 'overview', title: 'Overview', hint: 'Go to', target: { kind: 'place', path: '/' } },
  { id: 'runners', title: 'Runners', hint: 'Go to', target: { kind: 'place', path: '/runners' } },
  { id: 'settings', title: 'Settings', hint: 'Go to', target: { kind: 'place', path: '/settings' } },
];

const deeds: PaletteCommand[] = [
  { id: 'deploy', title: 'Deploy runners…', hint: 'Do', target: { kind: 'place', path: '/deploy' } },
  { id: 'run', title: 'Run a workflow…', hint: 'Do', target: { kind: 'run-workflow' } },
  { id: 'connect', title: 'Connect a repository…', hint: 'Do', target: { kind: 'place', path: '/connect' } },
  { id: 'theme', title: 'Change the theme', hint: 'Do', target: { kind: 'theme' } },
];

/** Everything that can be chosen, in the order it is offered. */
export function paletteCommands(board: Pick<Board, 'runners' | 'repositories'>): PaletteCommand[] {
  const connected = Object.keys(board.repositories).length > 0;
  const possible = deeds.filter(({ id }) => connected || (id !== 'run' && id !== 'deploy'));
  const runners = byName(Object.values(board.runners)).map<PaletteCommand>((runner) => ({
    id: `runner-${runner.id}`,
    title: runner.name,
    hint: runnerLook(runner).word + (runner.job === null ? '' : `: ${runner.job.name}`),
    target: { kind: 'place', path: `/runners/${encodeURIComponent(runner.id)}` },
  }));
  return [...places, ...possible, ...runners];
}

/** Shown at most; whoever looks for more types another letter. */
const mostShown = 12;

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
