/** Writes down what happens to runners: every transition into the history, every registration into the ledger. */
import type { Repository } from '../../shared/model.ts';
import type { EventHistory } from '../history/events.ts';
import type { RunnerWitness } from './entry.ts';
import type { RegistrationLedger } from './registrations.ts';

/** @param options `startedAt`: when the engine started; runners that were there before are not news */
export function createWitness(options: {
  history: Pick<EventHistory, 'record'>;
  ledger: RegistrationLedger;
  startedAt: number;
  /** @throws when it is not connected (any more) */
  repository(repositoryId: string): Repository;
}): RunnerWitness {
  const { history, ledger, startedAt } = options;
  return {
    onTransition({ runner, from, to, cause }) {
      if (from === null && runner.createdAt < startedAt) return;
      const { id: runnerId, poolId, repositoryId, name: subject } = runner;
      history.record({ kind: 'runner', subject, from, to, cause, runnerId, poolId, repositoryId });
    },
    onRegistered: (runner) => ledger.add(runner, options.repository(runner.repositoryId)),
  };
}
