/** A runner's actions as rows of a menu: those that are confirmed open the dialog, the others are done at once. */
import {
  Ban,
  CirclePlay,
  CircleStop,
  Clock,
  LogOut,
  RefreshCw,
  RotateCcw,
  Trash2,
  Undo2,
} from 'lucide-react';
import { useCallback } from 'react';
import { formatRoughly } from '../../../shared/format.ts';
import type { Pool, Runner } from '../../../shared/model.ts';
import { keepForMs } from '../../../shared/pool-defaults.ts';
import type { TracksideClient } from '../../client/client.ts';
import type { MenuAction } from '../../components/menu.tsx';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useClient } from '../../store/session.ts';
import { actionsFor, type RunnerAction } from './actions.ts';
import type { AskedAction } from './runner-dialog.tsx';
import { managesItself } from './stay.ts';

export interface RunnerMenuAction extends MenuAction {
  action: RunnerAction;
  /** What exactly it does, for a button that is pressed without being asked again. */
  says?: string;
}

/** Gives a runner's actions as its menu offers them. */
export type ActionsOf = (runner: Runner) => RunnerMenuAction[];

type Look = Pick<RunnerMenuAction, 'label' | 'icon' | 'danger' | 'separated' | 'says'>;

const looks: Record<RunnerAction, Look> = {
  keep: { label: 'Keep it running', icon: Undo2 },
  'keep-for': {
    label: `Keep ${formatRoughly(keepForMs)}`,
    icon: Clock,
    says: `It stays at least ${formatRoughly(keepForMs)} from now, even if no job comes.`,
  },
  leave: {
    label: 'Stop now',
    icon: LogOut,
    says: 'It stops and is removed now. Its pool starts another when a job waits.',
  },
  'cancel-deploy': { label: 'Cancel the deploy', icon: Ban },
  retry: { label: 'Try again', icon: RotateCcw },
  start: { label: 'Start', icon: CirclePlay },
  stop: { label: 'Stop…', icon: CircleStop },
  restart: { label: 'Restart…', icon: RefreshCw },
  remove: { label: 'Remove…', icon: Trash2, danger: true, separated: true },
};

/**
 * What a runner's menu offers now. The function stays the same until a pool changes, so that rows need not be drawn anew.
 * @param ask opens the confirmation; must keep its identity
 */
export function useRunnerActions(ask: (asked: AskedAction) => void): ActionsOf {
  const client = useClient();
  const pools = useBoard((board) => board.pools);
  return useCallback(
    (runner) => {
      const pool = pools[runner.poolId];
      const works = worksOf(client, runner, pool, ask);
      return actionsFor(runner, managesItself(pool)).map((action) => ({
        ...looks[action],
        action,
        run: works[action],
      }));
    },
    [client, pools, ask],
  );
}

function worksOf(
  { runners }: TracksideClient,
  { id: runnerId, name }: Runner,
  pool: Pool | undefined,
  ask: (asked: AskedAction) => void,
): Record<RunnerAction, () => void> {
  const confirmed = (action: AskedAction['action']) => () => ask({ action, runnerIds: [runnerId] });
  const done = (work: () => Promise<unknown>, told: string) => () => void runAction(work, told);
  return {
    keep: done(() => runners.keep({ runnerId }), `${name} keeps running.`),
    'keep-for': done(
      () => runners.keepFor({ runnerId, durationMs: keepForMs }),
      `${name} stays at least ${formatRoughly(keepForMs)}.`,
    ),
    leave: done(
      () => runners.remove({ runnerId, how: 'drain' }),
      `${name} leaves now. ${pool?.name ?? 'Its pool'} starts another when a job waits.`,
    ),
    'cancel-deploy': done(
      () => runners.cancelDeploy({ runnerId }),
      `The deploy of ${name} is cancelled; nothing is left of it.`,
    ),
    retry: done(() => runners.retry({ runnerId }), `${name} is deployed again.`),
    start: done(() => runners.start({ runnerId }), `${name} starts.`),
    stop: confirmed('stop'),
    restart: confirmed('restart'),
    remove: confirmed('remove'),
  };
}
