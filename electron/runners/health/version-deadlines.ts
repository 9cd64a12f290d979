/** Until when the forge gives jobs to the versions that run here: asked once a day for each, whoever runs it. */
import type { Clock } from '../../platform/clock.ts';
import { createSharedAnswers } from '../../platform/shared-answers.ts';

const answerGoodMs = 24 * 3_600_000;
/** A forge that could not answer is not asked again for so long. */
const failureGoodMs = 3_600_000;

export interface VersionDeadlines {
  /** Epoch milliseconds; null where the forge tells none; undefined when it could not be asked. Never rejects. */
  of(repositoryId: string, version: string): Promise<number | null | undefined>;
  dispose(): void;
}

/** @param ask asks the forge; epoch milliseconds, or null where it tells none */
export function createVersionDeadlines(options: {
  ask(repositoryId: string, version: string): Promise<number | null>;
  clock: Clock;
}): VersionDeadlines {
  const { ask, clock } = options;
  const disposed = new AbortController();
  const answers = createSharedAnswers<number | null | undefined>(
    clock,
    (answer) => clock.now() + (answer === undefined ? failureGoodMs : answerGoodMs),
  );
  return {
    async of(repositoryId, version) {
      const question = () => ask(repositoryId, version).catch(() => undefined);
      return answers.get(`${repositoryId} ${version}`, question, disposed.signal).catch(() => undefined);
    },
    dispose: () => disposed.abort(new Error('The engine stops.')),
  };
}
