/** What `npm run demo` does by itself: connects, deploys four runners, queues workflows; and takes all away at the end. */

import { defaultNeighbour, defaultScaling } from '../shared/pool-defaults.ts';
import { presets } from '../shared/sizes.ts';
import type { BoardPublisher } from './board.ts';
import type { DemoConnection } from './demo-connection.ts';
import type { Repositories } from './forges/repositories.ts';
import type { Runners } from './runners/runners.ts';

/** Runners the demo deploys. */
const runnerCount = 4;
/** Started at once: builds whose jobs keep all runners at work for a while, and a job that waits for a label nobody has. */
const startedRuns: { workflow: string; inputs: Record<string, string> }[] = [
  { workflow: 'Build', inputs: { target: 'workshop', level: 'thorough' } },
  { workflow: 'Build', inputs: { target: 'bridge' } },
  { workflow: 'Build', inputs: { target: 'lighthouse', level: 'quick' } },
  { workflow: 'Nightly', inputs: {} },
];

export interface DemoShow {
  begin(): Promise<void>;
  /** Removes every runner of the demo, with whatever it runs. */
  end(): Promise<void>;
}

export function createDemoShow(options: {
  board: BoardPublisher;
  connection: DemoConnection;
  repositories: Repositories;
  runners: Runners;
}): DemoShow {
  const { board, connection, repositories, runners } = options;

  const deploy = (repositoryId: string) =>
    runners.deploy({
      repositoryId,
      count: runnerCount,
      name: 'practice',
      labels: [],
      size: presets.small,
      lifecycle: { mode: 'manual' },
      scaling: defaultScaling,
      neighbour: defaultNeighbour,
      rerunLost: true,
      acceptPublicRisk: false,
    });

  const queueWork = async (repositoryId: string): Promise<void> => {
    const { forge, fullName } = repositories.forgeOf(repositoryId);
    const { defaultBranch } = repositories.get(repositoryId);
    const workflows = await forge.workflows(fullName);
    for (const { workflow: name, inputs } of startedRuns) {
      const workflow = workflows.find((row) => row.name === name);
      if (workflow) await forge.dispatch(fullName, workflow.id, defaultBranch, inputs);
    }
    await repositories.refresh(repositoryId);
  };

  return {
    async begin() {
      const { repository } = await connection.connect();
      if (runners.all().length === 0) await deploy(repository.id);
      await queueWork(repository.id);
    },
    async end() {
      const removed = runners.all().map((live) => {
        runners.remove(live.entry.id, 'now');
        return live.settled();
      });
      await Promise.allSettled(removed);
      await board
        .when((current) => Object.keys(current.runners).length === 0, AbortSignal.timeout(20_000))
        .catch(() => {});
    },
  };
}
