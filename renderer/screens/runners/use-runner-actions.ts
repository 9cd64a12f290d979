/** A runner's actions as rows of a menu: those that are confirmed open the dialog, the others are done at once. */
import { Ban, CirclePlay, CircleStop, RefreshCw, RotateCcw, Trash2, Undo2 } from 'lucide-react';
import type { Runner } from '../../../shared/model.ts';
import type { MenuAction } from '../../components/menu.tsx';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';
import { actionsFor, type RunnerAction } from './actions.ts';
import type { AskedAction } from './runner-dialog.tsx';

const looks: Record<RunnerAction, Pick<MenuAction, 'label' | 'icon' | 'danger' | 'separated'>> = {
  keep: { label: 'Keep it running', icon: Undo2 },
  'cancel-deploy': { label: 'Cancel the deploy', icon: Ban },
  retry: { label: 'Try again', icon: RotateCcw },
  start: { label: 'Start', icon: CirclePlay },
  stop: { label: 'Stop…', icon: CircleStop },
  restart: { label: 'Restart…', icon: RefreshCw },
  remove: { label: 'Remove…', icon: Trash2, danger: true, separated: true },
};

/** What a runner's menu offers now. `ask` opens the confirmation. */
export function useRunnerActions(ask: (asked: AskedAction) => void): (runner: Runner) => MenuAction[] {
  const { runners } = useClient();
  return (runner) => {
    const runnerId = runner.id;
    const { name } = runner;
    const works: Record<RunnerAction, () => void> = {
      keep: () => void runAction(() => runners.keep({ runnerId }), `${name} keeps running.`),
      'cancel-deploy': () =>
        void runAction(
          () => runners.cancelDeploy({ runnerId }),
          `The deploy of ${name} is cancelled; nothing is left of it.`,
        ),
      retry: () => void runAction(() => runners.retry({ runnerId }), `${name} is deployed again.`),
      start: () => void runAction(() => runners.start({ runnerId }), `${name} starts.`),
      stop: () => ask({ action: 'stop', runnerIds: [runnerId] }),
      restart: () => ask({ action: 'restart', runnerIds: [runnerId] }),
      remove: () => ask({ action: 'remove', runnerIds: [runnerId] }),
    };
    return actionsFor(runner).map((action) => ({ ...looks[action], run: works[action] }));
  };
}
